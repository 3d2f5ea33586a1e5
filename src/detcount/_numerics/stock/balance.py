"""Arithmetic of a register day by day: entries, those struck off, who waits, and what bounds the stock."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Floats, Ints


def on_days(counts: Ints, days: Ints, rng: np.random.Generator) -> Ints:
    """Put what happens in each span between bulletins on its days, each as likely.

    Parameters
    ----------
    counts : ndarray of int64, shape (n_draws, n_spans)
        Persons in each span.
    days : ndarray of int64, shape (n_spans + 1,)
        Days of the bulletins; a span is of the days after one, up to the next.
    rng : numpy.random.Generator
        Source of random numbers.

    Returns
    -------
    ndarray of int64, shape (n_draws, n_days)
        Persons on each day from that of the first bulletin to that of the last; none on the first.
    """
    found = np.zeros((len(counts), int(days[-1] - days[0]) + 1), dtype=np.int64)
    for k in range(len(days) - 1):
        first, last = int(days[k] - days[0]) + 1, int(days[k + 1] - days[0]) + 1
        length = last - first
        found[:, first:last] = rng.multinomial(counts[:, k], np.full(length, 1 / length))
    return found


def waiting(events: Ints, last: Ints, mean: Floats, rng: np.random.Generator) -> Ints:
    """Draw how many wait for an event at the end of each day, where the wait is geometric from 0.

    Somebody waits for an entry from the arrest, or for being struck off from the exit.

    Parameters
    ----------
    events : ndarray of int64, shape (n_draws, n_days)
        Persons whose event is on each day.
    last : ndarray of int64, shape (n_draws,)
        Persons who wait at the end of the last day.
    mean : ndarray of float64, shape (n_draws,)
        Mean days of the wait.
    rng : numpy.random.Generator
        Source of random numbers.
    """
    lasts = mean / (1 + mean)
    found = np.empty_like(events)
    found[:, -1] = last
    for day in range(events.shape[1] - 2, -1, -1):
        found[:, day] = rng.binomial(found[:, day + 1] + events[:, day + 1], lasts)
    return found


def share_out(total: Ints, weights: Floats, rng: np.random.Generator) -> Ints:
    """Share a number out over parts, each person by the weights, shape (n_draws, n_parts)."""
    return np.asarray(rng.multinomial(total, weights / weights.sum()), dtype=np.int64)


def entries_of_spans(
    least: Ints,
    known: NDArray[np.bool_],
    lengths: Ints,
    blocks: Sequence[tuple[int, int, Ints]],
    rates: Floats,
    forced: Sequence[tuple[int, int, int]],
    rng: np.random.Generator,
) -> Ints:
    """Draw the entries of each span between bulletins.

    Parameters
    ----------
    least : ndarray of int64, shape (n_draws, n_spans)
        What they are at least: what the change of the total and those struck off force, or what is printed.
    known : ndarray of bool, shape (n_spans,)
        Whether they are printed, so that they are no more.
    lengths : ndarray of int64, shape (n_spans,)
        Days of each span.
    blocks : sequence of (int, int, ndarray of int64)
        First span, span after the last, and draws of the entries of these spans together.
    rates : ndarray of float64, shape (n_draws,)
        Entries a day, for spans in no block.
    forced : sequence of (int, int, int)
        First span, span after the last, and the number of entries that these spans have together at least.
    rng : numpy.random.Generator
        Source of random numbers.
    """
    found = least.copy()
    covered = known.copy()
    for first, last, together in blocks:
        part = slice(first, last)
        open_ = ~known[part]
        if open_.any():
            rest = np.maximum(together - least[:, part].sum(axis=1), 0)
            found[:, part] += share_out(rest, (open_ * lengths[part]).astype(np.float64), rng)
        covered[part] = True
    for k in np.flatnonzero(~covered):
        found[:, k] = np.maximum(least[:, k], rng.poisson(rates * lengths[k]))
    for first, last, number in forced:
        part = slice(first, last)
        open_ = ~known[part]
        if open_.any():
            rest = np.maximum(number - found[:, part].sum(axis=1), 0)
            found[:, part] += share_out(rest, (open_ * lengths[part]).astype(np.float64), rng)
    return found


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


def lower_bound(least_total: Ints, most_entered: Floats, days: Ints, struck_within: int | None) -> Ints:
    """Give the fewest of those on the register who can be held at the end of each day.

    Whoever stands on the register on a day and still does `struck_within` days later was held on the day. Of
    those on it at the first bulletin from then on, all have been since but for the entries in between.

    Parameters
    ----------
    least_total : ndarray of int64, shape (n_bulletins,)
        The smallest total of each bulletin.
    most_entered : ndarray of float64, shape (n_bulletins, n_bulletins)
        The most entries from one bulletin to a later one; may be infinite.
    days : ndarray of int64, shape (n_bulletins,)
        Days of the bulletins.
    struck_within : int or None
        Days within which whoever left is struck off; None where that may take for ever.
    """
    found = np.zeros(int(days[-1] - days[0]) + 1, dtype=np.int64)
    if struck_within is None:
        return found
    for position in range(len(found)):
        day = int(days[0]) + position
        bulletin = int(np.searchsorted(days, day + struck_within))
        if bulletin == len(days):
            continue
        span = int(np.searchsorted(days, day, side="right")) - 1  # the one after the bulletin on or before
        entered = float(most_entered[span, bulletin]) if span < bulletin else 0.0
        found[position] = max(0.0, float(least_total[bulletin]) - entered)
    return found


def upper_bound(most_total: Ints, most_entered: Floats, days: Ints, entered_within: int | None) -> Floats:
    """Give the most who can be held at the end of each day, if all are entered within some days.

    They are on the register, or are entered within these days of the arrest.

    Parameters
    ----------
    most_total : ndarray of int64, shape (n_bulletins,)
        The largest total of each bulletin.
    most_entered : ndarray of float64, shape (n_bulletins, n_bulletins)
        The most entries from one bulletin to a later one; may be infinite.
    days : ndarray of int64, shape (n_bulletins,)
        Days of the bulletins.
    entered_within : int or None
        Days; None where it may take for ever, so that nothing bounds the number.
    """
    found = np.full(int(days[-1] - days[0]) + 1, math.inf)
    if entered_within is None:
        return found
    for position in range(len(found)):
        day = int(days[0]) + position
        if day + entered_within > days[-1]:
            continue
        before = int(np.searchsorted(days, day, side="right")) - 1
        until = int(np.searchsorted(days, day + entered_within))
        entered = float(most_entered[before, until]) if before < until else 0.0
        found[position] = float(most_total[before]) + entered
    return found
