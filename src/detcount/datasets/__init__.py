"""Public aggregate tables that ship with the library: no person is in them.

>>> from detcount import datasets
>>> datasets.load("kosovo")
<CaptureTable: 4,400 persons on 4 lists (EXH, ABA, OSCE, HRW), 15 capture histories>
"""

from __future__ import annotations

from detcount.datasets.known_truth import KnownCase as KnownCase
from detcount.datasets.known_truth import known_truth
from detcount.datasets.tables import Dataset as Dataset
from detcount.datasets.tables import describe, load, names

__all__ = ["describe", "known_truth", "load", "names"]


def __dir__() -> list[str]:
    """Public names, and no modules within."""
    return [*__all__]
