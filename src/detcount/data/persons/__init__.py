"""Who is on which list, since when and until when, as far as it is known: the data of the stock."""

from __future__ import annotations

from detcount.data.persons.lists import PersonLists

__all__ = ["PersonLists"]
