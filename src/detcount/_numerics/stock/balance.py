"""Arithmetic of a register: what its totals force, what its running total lacks, what bounds the stock."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detcount._numerics.arrays import Floats, Ints


def least_backlog(entered_at_least: Ints, added: Ints) -> Ints:
    """Give the smallest backlog of a running total at the end of each span.

    Entries that a running total does not hold yet are its backlog. Over a span it grows by what was
    entered and shrinks by what the total grew; it is never below 0, nor was it before the first span.
    """
    backlog = np.empty(len(added), dtype=np.int64)
    waiting = 0
    for span, (entered, grown) in enumerate(zip(entered_at_least.tolist(), added.tolist(), strict=True)):
        waiting = max(0, waiting + entered - grown)
        backlog[span] = waiting
    return backlog


def exits_at_least(
    held_before: Ints,
    held_after: Ints,
    entered: Ints,
    released: Ints,
) -> int:
    """Give the exits that counts of persons held force, span by span.

    Whoever is missing at the end of a span has left in it, and so have those who entered and are not
    held besides; releases printed for the span are exits too.
    """
    return int(np.maximum(np.maximum(held_before + entered - held_after, released), 0).sum())


def most_between(alone: Floats, blocks: Sequence[tuple[int, int, int]], backlog: int) -> Floats:
    """Give the most entries from each bulletin to each later one, shape (n_bulletins, n_bulletins).

    Parameters
    ----------
    alone : ndarray of float64, shape (n_bulletins - 1,)
        The most entries of each span by itself; may be infinite.
    blocks : sequence of (int, int, int)
        First span, span after the last, and the growth of a running total over them.
    backlog : int
        The most entries that the running total lacks on any day, so that over blocks that follow each other
        it grew by no fewer than the entries less this.
    """
    n = len(alone) + 1
    found = np.zeros((n, n))
    runs: list[tuple[int, list[tuple[int, int]]]] = []  # where blocks follow each other: each end, and growth
    for k, (first, _, _) in enumerate(blocks):
        ends, total, at = [], 0, first
        for begin, until, grown in blocks[k:]:
            if begin != at:
                break
            total, at = total + grown, until
            ends.append((until, total))
        runs.append((first, ends))
    for last in range(1, n):
        for first in range(last - 1, -1, -1):
            best = float(alone[first] + found[first + 1, last])
            for begin, ends in runs:
                if begin > first:
                    continue
                for until, grown in ends:
                    if until > first:
                        best = min(best, grown + backlog + float(found[min(until, last), last]))
            found[first, last] = best
    return found


def lower_bound(least_total: Ints, most_entered: Floats, days: Ints, removed_within: int | None) -> Ints:
    """Give the fewest of those on the register who can be held at the end of each day.

    Whoever stands on the register on a day and still does `removed_within` days later was held on the day. Of
    those on it at the first bulletin from then on, all have been since but for the entries in between.

    Parameters
    ----------
    least_total : ndarray of int64, shape (n_bulletins,)
        The smallest total of each bulletin.
    most_entered : ndarray of float64, shape (n_bulletins, n_bulletins)
        The most entries from one bulletin to a later one; may be infinite.
    days : ndarray of int64, shape (n_bulletins,)
        Days of the bulletins.
    removed_within : int or None
        Days within which whoever left is removed; None where that may take for ever.
    """
    found = np.zeros(int(days[-1] - days[0]) + 1, dtype=np.int64)
    if removed_within is None:
        return found
    for position in range(len(found)):
        day = int(days[0]) + position
        bulletin = int(np.searchsorted(days, day + removed_within))
        if bulletin == len(days):
            continue
        span = int(np.searchsorted(days, day, side="right")) - 1  # the one after the bulletin on or before
        entered = float(most_entered[span, bulletin]) if span < bulletin else 0.0
        found[position] = max(0.0, float(least_total[bulletin]) - entered)
    return found
