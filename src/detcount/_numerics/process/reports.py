"""Published totals as sums over a register: which report adds what to which.

A monitor's register holds, for each release day d, the releases it has verified by day t. A total over the
window [s, e] published on p sums the cells (d, t) with s <= d <= e and t <= p. Two totals of one monitor
overlap in the cells of the days both cover, by the earlier of the two publications. Each report is written
as a sum of earlier ones that lie inside it, of disjoint windows, and an increment: the increments of nested
reports share no cell, and so are independent given the intensity (independent thinning of a Poisson process;
it stays true when people are verified in clusters, which makes the counts negative binomial).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Plan", "Superseded", "best_cover", "cover_weight", "plan_reports"]


@dataclass(frozen=True)
class Superseded:
    """A report that a later one takes the place of.

    Parameters
    ----------
    old, new : int
        Rows of the report that no longer counts, and of the one that contradicts it.
    why : {"same day", "correction", "no news"}
        A later figure of the same day and window; a later total below what it must contain; a lower
        bound below what was known.
    """

    old: int
    new: int
    why: str


@dataclass(frozen=True)
class Plan:
    """The reports of one monitor in order, each with the earlier ones that it contains.

    Parameters
    ----------
    rows : tuple of int
        Reports that count, in order of publication.
    bases : dict of int to tuple of int
        For each of them, the reports inside it: disjoint windows, published no later.
    superseded : tuple of Superseded
        Reports that no longer count.
    n_overlapping : int
        Pairs of reports that share cells although neither is a part of the other.
    """

    rows: tuple[int, ...]
    bases: dict[int, tuple[int, ...]]
    superseded: tuple[Superseded, ...]
    n_overlapping: int


def best_cover(
    start: NDArray[np.int64], end: NDArray[np.int64], weight: NDArray[np.float64]
) -> tuple[int, ...]:
    """Disjoint windows of the greatest total weight, by increasing day; positions in the arrays."""
    if not len(start):
        return ()
    order = np.argsort(end, kind="stable")
    ends = end[order]
    best = np.zeros(len(order) + 1)
    before = np.searchsorted(ends, start[order], side="left")  # windows that end before this one starts
    for k, row in enumerate(order):
        best[k + 1] = max(best[k], weight[row] + best[before[k]])
    chosen, k = [], len(order)
    while k > 0:
        if best[k] == best[k - 1]:
            k -= 1
        else:
            chosen.append(int(order[k - 1]))
            k = int(before[k - 1])
    return tuple(reversed(chosen))


def cover_weight(
    start: NDArray[np.int64], end: NDArray[np.int64], published: NDArray[np.int64], count: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Which reports to build a later one on first: by count, then by days, then the more recent."""
    days, recent = end - start + 1, published - published.min(initial=0) + 1
    return np.asarray(count + 1e-4 * days + 1e-9 * recent, dtype=np.float64)


def plan_reports(
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    published: NDArray[np.int64],
    count: NDArray[np.int64],
    at_least: NDArray[np.bool_],
) -> Plan:
    """Write each report of one monitor as earlier ones and an increment; the later of two that clash wins.

    Days are whole numbers. Of two figures of one day for one window the later row wins. A total below the
    sum of the reports inside it is a correction: those above it go first, then the earliest.
    """
    order = sorted(range(len(count)), key=lambda k: (published[k], end[k] - start[k], k))
    weight = cover_weight(start, end, published, count)
    kept: list[int] = []
    bases: dict[int, tuple[int, ...]] = {}
    gone: list[Superseded] = []
    for row in order:
        again = [
            old
            for old in kept
            if published[old] == published[row] and start[old] == start[row] and end[old] == end[row]
        ]
        for old in again:
            kept.remove(old)
            gone.append(Superseded(old, row, "same day"))
        inside = [old for old in kept if start[old] >= start[row] and end[old] <= end[row]]
        informative = True
        while True:
            chosen = _cover(inside, start, end, weight)
            known = int(count[list(chosen)].sum()) if chosen else 0
            if known <= count[row]:
                break
            if at_least[row]:
                informative = False
                break
            above = [old for old in chosen if count[old] > count[row]] or [
                min(chosen, key=lambda old: (published[old], old))
            ]
            for old in above:
                inside.remove(old)
                kept.remove(old)
                gone.append(Superseded(old, row, "correction"))
        if informative:
            kept.append(row)
            bases[row] = chosen
        else:
            gone.append(Superseded(row, chosen[-1], "no news"))
    # a report may stand on one that was withdrawn later: it stands on what is left of that one
    alive = set(kept)
    for row in kept:
        if any(base not in alive for base in bases[row]):
            earlier = kept[: kept.index(row)]
            inside = [old for old in earlier if start[old] >= start[row] and end[old] <= end[row]]
            chosen = _cover(inside, start, end, weight)
            while chosen and count[list(chosen)].sum() > count[row]:
                inside.remove(min(chosen, key=lambda old: (published[old], old)))
                chosen = _cover(inside, start, end, weight)
            bases[row] = chosen
    return Plan(
        tuple(kept), {row: bases[row] for row in kept}, tuple(gone), _overlaps(kept, bases, start, end)
    )


def _cover(
    rows: list[int], start: NDArray[np.int64], end: NDArray[np.int64], weight: NDArray[np.float64]
) -> tuple[int, ...]:
    """Rows of the best disjoint cover among some."""
    at = np.array(rows, dtype=np.int64)
    return tuple(rows[k] for k in best_cover(start[at], end[at], weight[at]))


def _overlaps(
    kept: list[int], bases: dict[int, tuple[int, ...]], start: NDArray[np.int64], end: NDArray[np.int64]
) -> int:
    """Pairs that share days although the earlier is not a part of the later, directly or through others."""
    parts: dict[int, set[int]] = {}
    for row in kept:
        parts[row] = set(bases[row]).union(*(parts.get(base, set()) for base in bases[row]))
    found = 0
    for k, row in enumerate(kept):
        for old in kept[:k]:
            shares = start[old] <= end[row] and start[row] <= end[old]
            if not shares or old in parts[row]:
                continue
            # its cells may still be told apart: all it shares lies in a common part
            if not any(
                start[base] <= max(start[old], start[row]) and end[base] >= min(end[old], end[row])
                for base in parts[row] & parts[old]
            ):
                found += 1
    return found
