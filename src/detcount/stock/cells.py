"""The capture table of a date, over the lists that operate on it and name somebody."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.patterns import unpack
from detcount.captures import CaptureTable
from detcount.persons import PersonLists
from detcount.words import Message


def table_of(
    codes: NDArray[np.uint64], counts: Ints | Floats, there: NDArray[np.bool_], people: PersonLists
) -> tuple[CaptureTable | Message, int]:
    """Table of a date over the lists that operate and name somebody, and persons on none of those."""
    histories = unpack(codes, people.n_lists).astype(bool)
    named = there & (histories & (counts[:, None] > 0)).any(axis=0)
    if named.sum() < 2:
        reason = Message("only one list names anybody") if named.any() else Message("no list names anybody")
        return reason, int(counts.sum()) if not named.any() else 0
    kept = np.flatnonzero(named)
    bits = histories[:, kept]
    listed = bits.any(axis=1) & (counts > 0)
    patterns, inverse = np.unique(bits[listed], axis=0, return_inverse=True)
    totals = np.rint(np.bincount(inverse.ravel(), weights=counts[listed])).astype(np.int64)
    patterns, totals = patterns[totals > 0], totals[totals > 0]
    if (patterns.any(axis=0).sum() if len(patterns) else 0) < 2:
        return Message("only one list names anybody"), 0
    if not patterns.any(axis=0).all():
        kept, patterns = kept[patterns.any(axis=0)], patterns[:, patterns.any(axis=0)]
    table = CaptureTable(
        tuple(people.lists[k] for k in kept),
        patterns.astype(np.uint8),
        totals,
        notes=people.notes,
        definition=people.definition,
    )
    return table, int(counts[~bits.any(axis=1)].sum())
