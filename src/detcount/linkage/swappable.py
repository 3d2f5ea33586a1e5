"""Rows that say the same: clusters that differ only in which of them they hold weigh the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from detcount._numerics.arrays import Ints


def swappable(
    content: Ints,
    units: Sequence[Ints],
    apart: Collection[int],
    alike: Mapping[int, set[int]],
) -> Ints:
    """First of the units that each unit could change places with, without any weight being changed.

    These are single rows with equal content that may be one person with each other and with the same
    others, and of which nothing is decided. Nothing is assumed of them: whether they are one person is
    drawn as for any rows. A person who stands 25 times in a list has 25 clusters to weigh, not 2**25.

    Parameters
    ----------
    content : ndarray of int64
        Number of all that each row says, its list included.
    units : sequence of ndarray of int64
        Rows of each unit.
    apart : collection of int
        Units that are known not to be one person with some other.
    alike : mapping of int to set of int
        Units that may be one person with each unit whose rows are not the only ones to say what they say.
    """
    first = np.arange(len(units))
    same: dict[int, list[int]] = {}
    for unit in alike:
        if len(units[unit]) == 1 and unit not in apart:
            same.setdefault(int(content[units[unit][0]]), []).append(unit)
    for mine in same.values():
        if len(mine) > 1:
            reached: dict[frozenset[int], int] = {}
            for unit in mine:
                first[unit] = reached.setdefault(frozenset((*alike[unit], unit)), unit)
    return first
