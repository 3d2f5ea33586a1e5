"""How many spells cover each day, by differences: every spell is touched twice, whatever its length."""

from __future__ import annotations

import numpy as np

from detcount._numerics.arrays import Ints


def per_day(start: Ints, stop: Ints, first: int, n_days: int) -> Ints:
    """Spells that cover each of the days first, first + 1, ...; a spell covers start, ..., stop - 1."""
    begin = np.clip(start - first, 0, n_days)
    end = np.maximum(np.clip(stop - first, 0, n_days), begin)
    steps = np.bincount(begin, minlength=n_days + 1) - np.bincount(end, minlength=n_days + 1)
    return np.cumsum(steps)[:n_days].astype(np.int64)


def shared_at(start: Ints, stop: Ints, days: Ints) -> Ints:
    """Spells that cover both of two days, for every two of some sorted days, shape (n_days, n_days)."""
    n = len(days)
    begin = np.searchsorted(days, start, side="left")  # first of the days that the spell covers
    end = np.searchsorted(days, stop, side="left")  # first after them
    inside = begin < end
    hits = np.bincount(begin[inside] * (n + 1) + end[inside], minlength=(n + 1) ** 2).reshape(n + 1, n + 1)
    begun = np.cumsum(hits, axis=0)
    not_over = np.cumsum(begun[:, ::-1], axis=1)[:, ::-1]
    low = np.minimum.outer(np.arange(n), np.arange(n))
    high = np.maximum.outer(np.arange(n), np.arange(n))
    both: Ints = not_over[low, high + 1].astype(np.int64)
    return both


def epochs(owner: Ints, known: tuple[Ints, ...], never: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Spans of days over which what is known of each owner does not change.

    Parameters
    ----------
    owner : ndarray of int64
        Whose row it is: every number from 0 on is in use.
    known : tuple of ndarray of int64
        Days on which something of each row became known; `never` where nothing did.
    never : int
        The day that never comes.

    Returns
    -------
    tuple of ndarray of int64
        Owner, first day, and first day after each span, sorted by owner and day; and for each pair of a span
        and a row of its owner the numbers of both, shape (2, n_pairs).
    """
    owners, days = np.tile(owner, len(known)), np.concatenate(known)
    keep = days < never
    order = np.lexsort((days[keep], owners[keep]))
    whose, begin = owners[keep][order], days[keep][order]
    new = np.append(True, (whose[1:] != whose[:-1]) | (begin[1:] != begin[:-1]))
    whose, begin = whose[new], begin[new]
    end = np.append(np.where(whose[1:] == whose[:-1], begin[1:], never), never)
    rows = np.argsort(owner, kind="stable")
    n_rows = np.bincount(owner)
    first_row = np.cumsum(n_rows) - n_rows
    times = n_rows[whose]
    span = np.repeat(np.arange(len(whose)), times)
    within = np.arange(len(span)) - np.repeat(np.cumsum(times) - times, times)
    return whose, begin, end, np.stack([span, rows[first_row[whose[span]] + within]])
