"""From lists of names to capture histories: reading, links across lists and their uncertainty."""

from __future__ import annotations

from detcount.linkage.files import Decisions as Decisions
from detcount.linkage.files import histories_text as histories_text
from detcount.linkage.files import read_decisions as read_decisions
from detcount.linkage.files import write_histories as write_histories
from detcount.linkage.linking import link
from detcount.linkage.name_lists import NameLists as NameLists
from detcount.linkage.quality import LinkageBound as LinkageBound
from detcount.linkage.quality import LinkageQuality as LinkageQuality
from detcount.linkage.quality import Share as Share
from detcount.linkage.quality import default_estimator as default_estimator
from detcount.linkage.reading import read_lists
from detcount.linkage.records import Records as Records
from detcount.linkage.result import Linkage
from detcount.linkage.steps import Audit, RemoveReferrals

__all__ = ["Audit", "Linkage", "RemoveReferrals", "link", "read_lists"]


def __dir__() -> list[str]:
    """Public names, and no modules within."""
    return [*__all__]
