"""Days that rows of one person write, each an interval, against every day that could be true."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.linkage.clusters import Cells

_FORMS = 60.0  # days that one wrong part of a date can give: about 30 days, 11 months and as many years
_LARGEST_WIDTH = 4000
_STAYS = (0.5, 0.9)  # of two geometric lags: some days, and some weeks
_YEAR = (365, 366)
_PRIOR_SLIPS = 20.0  # that the prior shares of kinds are worth
_ANY_DAY = 1.0 / 20_000.0  # probability of a day that has nothing to do with the true one
_ROUNDS = 50


class Background:
    """How days are spread in a field: what is written, smoothed, with a little everywhere.

    Parameters
    ----------
    intervals : ndarray of int64, shape (n, 2)
        First and last day of what is written, without missing ones.
    spread : int
        Days to each side over which an observation is smoothed.
    share : float
        Probability kept for days spread evenly between the first and the last.
    """

    def __init__(self, intervals: Ints, spread: int, share: float = 0.05) -> None:
        if len(intervals) == 0:
            intervals = np.zeros((1, 2), dtype=np.int64)
        low, high = intervals[:, 0] - spread, intervals[:, 1] + spread + 1
        self.first, self.last = int(low.min()) - 366, int(high.max()) + 366
        length = self.last - self.first
        ends = np.concatenate([low, high]) - self.first
        weight = 1.0 / (high - low)
        change = np.bincount(ends, np.concatenate([weight, -weight]), minlength=length + 1)[: length + 1]
        density = np.maximum(np.cumsum(change), 0.0)[:length] / len(intervals)
        density = (1.0 - share) * density / density.sum() + share / length
        self.total = np.concatenate([[0.0], np.cumsum(density)])

    def between(self, low: Ints, end: Ints) -> Floats:
        """Probability of the days from `low` up to and without `end`."""
        top = len(self.total) - 1
        one = self.total[np.clip(low - self.first, 0, top)]
        return np.asarray(self.total[np.clip(end - self.first, 0, top)] - one)


def _parts(days: Ints) -> tuple[Ints, Ints, Ints]:
    """Year, month and day of days since 1 January 1970."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    year = months.astype("datetime64[Y]")
    return (
        year.astype(np.int64),
        (months - year).astype(np.int64) + 1,
        (dates - months).astype(np.int64) + 1,
    )


def swapped_days(days: Ints) -> Ints:
    """The day with its day and month swapped, or the day itself where there is none."""
    year, month, day = _parts(days)
    start = (year * 12 + day - 1).astype("datetime64[M]").astype("datetime64[D]")
    swapped = (start + (month - 1)).astype(np.int64)
    return np.asarray(np.where(day <= 12, swapped, days))


def _wrong_parts(written: Ints, true: Ints) -> tuple[Ints, np.ndarray]:
    """Parts of a date that differ, and whether the reason is that day and month are swapped."""
    one, two = _parts(written), _parts(true)
    differ = sum((a != b).astype(np.int64) for a, b in zip(one, two, strict=True))
    swapped = (one[0] == two[0]) & (one[1] == two[2]) & (one[2] == two[1]) & (differ == 2)
    return np.asarray(differ), swapped


def slip_kinds(written: Ints, true: Ints) -> Floats:
    """Probability of a written day given each kind of slip; shape (n, n_kinds).

    One part of the date is wrong; day and month are swapped; some days off, or some weeks, to either side; a
    year off. Days off cross the end of a month, and a year off may miss by the day of a leap year, so that
    more than one part of the date differs.
    """
    differ, swapped = _wrong_parts(written, true)
    apart = np.abs(written - true)
    lags = [
        np.where(apart > 0, 0.5 * (1.0 - stay) * stay ** np.maximum(apart - 1.0, 0.0), 0.0) for stay in _STAYS
    ]
    year = np.isin(apart, _YEAR) / (2.0 * len(_YEAR))
    return np.stack([(differ == 1) / _FORMS, swapped.astype(np.float64), *lags, year], axis=-1)


BIRTH_SLIPS = np.array([0.35, 0.15, 0.15, 0.15, 0.2])
ARREST_SLIPS = np.array([0.14, 0.06, 0.4, 0.4, 0.0])
"""Prior shares of the kinds of slips."""


def slip_errors(shares: Floats, written: Ints, true: Ints) -> Floats:
    """Probability of a written day given a slip, by the shares of its kinds."""
    return np.asarray(slip_kinds(written, true) @ shares)


def slip_shares(written: Ints, true: Ints, prior: Floats) -> Floats:
    """Shares of the kinds of slips, from pairs of days that are written of the same people and differ.

    Parameters
    ----------
    written, true : ndarray of int64, shape (n,)
        The pairs; some may be any two days, as a wrong day is, or another person.
    prior : ndarray of float64, shape (n_kinds,)
        Prior shares, worth 20 slips.

    Returns
    -------
    ndarray of float64, shape (n_kinds,)
        Posterior mean of what the EM algorithm finds; a kind without a prior share has none.
    """
    kinds = np.concatenate([slip_kinds(written, true), np.full((len(written), 1), _ANY_DAY)], axis=1)
    counts = np.append(_PRIOR_SLIPS * prior, 1.0)
    shares = counts / counts.sum()
    for _ in range(_ROUNDS):
        of = kinds * shares
        shares = counts + (of / of.sum(axis=1, keepdims=True)).sum(axis=0)
        shares *= counts > 0
        shares /= shares.sum()
    return np.asarray(shares[:-1] / shares[:-1].sum())


def day_cells(
    intervals: Ints, absent: np.ndarray, background: Background, errors: Callable[[Ints, Ints], Floats]
) -> Cells:
    """Cells of a field of days, each known as an interval.

    The true day is one that a row writes out, or lies between two ends of intervals. An interval misses by
    a slip when the true day lies in the interval of its own width before or after it.

    Parameters
    ----------
    intervals : ndarray of int64, shape (n_clusters, size, 2)
        First and last possible day of each row.
    absent : ndarray of bool, shape (n_clusters, size)
        Where nothing is written.
    background : Background
        How days are spread.
    errors : callable
        Probability of written days given a slip from true ones.
    """
    n, size, _ = intervals.shape
    low = np.where(absent, 0, intervals[:, :, 0])
    high = np.where(absent, 0, intervals[:, :, 1])
    exact = (low == high) & ~absent
    wide = ~exact & ~absent
    width = np.minimum(high - low + 1, _LARGEST_WIDTH)
    base = np.where(absent, 1.0, np.maximum(background.between(low, high + 1), 1e-12))

    # the days that rows write out
    same = (low[:, :, None] == low[:, None, :]) & exact[:, :, None] & exact[:, None, :]
    before = np.tril(np.ones((size, size), dtype=bool), -1)
    again = (same & before[None]).any(axis=2) | ~exact
    days = np.where(exact, low, 0)
    points = days
    masses = np.where(again, 0.0, background.between(days, days + 1))
    if wide.any():
        # and what lies between the ends of intervals, without those days
        far = np.iinfo(np.int64).max // 4
        ends = np.stack([low - width, low, high + 1, high + 1 + width], axis=2)
        ends = np.where(wide[:, :, None], ends, far).reshape(n, 4 * size)
        ends.sort(axis=1)
        start, stop = ends[:, :-1], ends[:, 1:]
        real = (stop < far) & (stop > start)
        start, stop = np.where(real, start, 0), np.where(real, stop, 0)
        mass = background.between(start, stop)
        inside = (days[:, None, :] >= start[:, :, None]) & (days[:, None, :] < stop[:, :, None])
        mass = mass - (inside * masses[:, None, :]).sum(axis=2)
        points = np.concatenate([days, start], axis=1)
        masses = np.concatenate([masses, np.maximum(np.where(real, mass, 0.0), 0.0)], axis=1)

    at = points[:, :, None]
    written_out = np.zeros((n, points.shape[1], 1), dtype=bool)
    written_out[:, :size] = exact[:, :, None]
    first, last, wide_row = low[:, None, :], high[:, None, :], wide[:, None, :]
    exact_row = exact[:, None, :]
    contains = (at >= first) & (at <= last)
    beside = ((at >= first - width[:, None, :]) & (at < first)) | (
        (at > last) & (at <= last + width[:, None, :])
    )
    hit = np.where(wide_row, contains, exact_row & written_out & contains).astype(np.float64)
    near = np.where(wide_row & beside, 0.5, 0.0)
    near = np.where(exact_row & ~written_out, base[:, None, :], near)  # any other day: all errors together
    both = exact_row & written_out & ~contains
    if both.any():
        where = np.nonzero(both)
        written, true = low[where[0], where[2]], points[where[0], where[1]]
        near[where] = errors(written, true)
    return Cells(hit / base[:, None, :], near / base[:, None, :], masses, absent, exact)
