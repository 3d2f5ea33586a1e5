"""Invented lists of names: people who do not exist, lists that write them with errors, and who is who."""

from __future__ import annotations

from detcount.simulate.names.lists import InventedLists, NamesTruth, name_lists
from detcount.simulate.names.writing import Mistakes, WrittenList

__all__ = ["InventedLists", "Mistakes", "NamesTruth", "WrittenList", "name_lists"]
