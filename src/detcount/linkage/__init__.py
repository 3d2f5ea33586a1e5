"""From lists of names to capture histories: reading, names, links across lists and their uncertainty."""

from __future__ import annotations

from detcount.linkage import names
from detcount.linkage.name_lists import NameLists
from detcount.linkage.names import PersonName
from detcount.linkage.reading import read_lists
from detcount.linkage.records import Records

__all__ = ["NameLists", "PersonName", "Records", "names", "read_lists"]
