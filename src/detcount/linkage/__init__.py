"""From lists of names to capture histories: reading, names, links across lists and their uncertainty."""

from __future__ import annotations

from detcount.linkage import names
from detcount.linkage.bounds import LinkageBound, default_estimator
from detcount.linkage.decisions import Decisions, read_decisions
from detcount.linkage.histories import histories_text, write_histories
from detcount.linkage.linking import link
from detcount.linkage.name_lists import NameLists
from detcount.linkage.names import PersonName
from detcount.linkage.quality import LinkageQuality, Share
from detcount.linkage.reading import read_lists
from detcount.linkage.records import Records
from detcount.linkage.result import Linkage
from detcount.linkage.steps import Audit, Changed, RemoveReferrals

__all__ = [
    "Audit",
    "Changed",
    "Decisions",
    "Linkage",
    "LinkageBound",
    "LinkageQuality",
    "NameLists",
    "PersonName",
    "Records",
    "RemoveReferrals",
    "Share",
    "default_estimator",
    "histories_text",
    "link",
    "names",
    "read_decisions",
    "read_lists",
    "write_histories",
]
