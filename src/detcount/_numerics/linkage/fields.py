"""What rows of one person write in a field: hit, slip or miss, summed over what is true.

Days are intervals, held against every day that could be true.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints

MISSING_DAY = np.iinfo(np.int64).min
"""Both ends of an interval of days of which nothing is known."""
_LARGE = 16  # rows of a cluster above which products are taken as logarithms


@dataclass(frozen=True, eq=False)
class Cells:
    """A field of many clusters of equal size, against every value that could be true of them.

    Each probability is divided by the background of what was written, so that 1 says nothing.

    Parameters
    ----------
    hit : ndarray of float64, shape (n_clusters, n_values, size)
        1 / f(written) where the true value would be written so, else 0.
    near : ndarray of float64, shape (n_clusters, n_values, size)
        Probability of what is written given a small error, over f(written).
    mass : ndarray of float64, shape (n_clusters, n_values)
        Probability of each true value; 0 for one that stands there twice.
    absent : ndarray of bool, shape (n_clusters, size)
        Where nothing is written.
    loose : ndarray of bool, shape (n_clusters, size)
        Where true values that stand in no cell can slip to what is written.
    far : ndarray of float64, shape (n_clusters, size), optional
        Probability of what is written given a miss, over f(written); 1 without it.
    """

    hit: Floats
    near: Floats
    mass: Floats
    absent: np.ndarray
    loose: np.ndarray
    far: Floats | None = None


def log_ratio(
    cells: Cells, miss: Floats | float, slip: Floats | float, again: Floats | float = 0.0
) -> Floats:
    """Log of what rows of one person write, over the product of backgrounds, by cluster.

    Given its true value t, a row writes x with probability (1 - miss - slip) 1[x = t] + slip near(x, t) +
    miss f(x). True values that stand in no cell leave every row to its errors. With probability `again` there
    are two true values, as of somebody who was arrested twice, and a row writes either: rows that stand in
    order, absent ones last, are then divided at one place. Of arrays of rates the answer has one row each.
    """
    miss, slip = (np.asarray(rate, dtype=np.float64)[..., None, None, None] for rate in (miss, slip))
    far = 1.0 if cells.far is None else cells.far[:, None, :]
    ratio = (1.0 - miss - slip) * cells.hit + slip * cells.near + miss * far
    ratio = np.where(cells.absent[:, None, :], 1.0, ratio)
    # of a value that stands in no cell
    errors = np.where(cells.loose, np.log(miss + slip)[..., 0], np.log(miss)[..., 0])
    alone: Floats = np.asarray(np.where(cells.absent, 0.0, errors))
    other = np.log(np.maximum(1.0 - cells.mass.sum(axis=1), 1e-300))
    whole = _summed(cells.mass, ratio, other, alone.sum(axis=-1))
    again = np.asarray(again, dtype=np.float64)[..., None]
    if ratio.shape[-1] == 1 or not again.any():
        return whole
    written = (~cells.absent).sum(axis=1)
    share = again * 2.0 ** (1.0 - np.maximum(written, 1))
    value = whole + np.log1p(share - again)
    for k in range(1, ratio.shape[-1]):
        both = _summed(cells.mass, ratio[..., :k], other, alone[..., :k].sum(axis=-1))
        both = both + _summed(cells.mass, ratio[..., k:], other, alone[..., k:].sum(axis=-1))
        value = np.where(k < written, np.logaddexp(value, both + np.log(share)), value)
    return np.asarray(value)


def _summed(mass: Floats, ratio: Floats, other: Floats, alone: Floats) -> Floats:
    """Log of the sum over true values, given the ratios of rows and what is left to their errors."""
    if ratio.shape[-1] <= _LARGE:
        return np.asarray(np.log((mass * ratio.prod(axis=-1)).sum(axis=-1) + np.exp(other + alone)))
    with np.errstate(divide="ignore"):
        log_mass = np.log(mass)
    terms = log_mass + np.log(np.maximum(ratio, 1e-300)).sum(axis=-1)
    return np.asarray(np.logaddexp(np.logaddexp.reduce(terms, axis=-1), other + alone))


def categorical_cells(codes: Ints, background: Floats, near: Floats | None = None) -> Cells:
    """Cells of a field of codes, -1 where nothing is written: the true values are the written ones.

    Parameters
    ----------
    codes : ndarray of int64, shape (n_clusters, size)
        What each row writes.
    background : ndarray of float64, shape (n_clusters, size)
        Frequency of the code.
    near : ndarray of float64, shape (n_clusters, size, size), optional
        Probability of what the last writes given a small error in what the one before it writes.
    """
    absent = codes < 0
    base = np.where(absent, 1.0, background)
    same = codes[:, :, None] == codes[:, None, :]  # true value, row
    before = np.tril(np.ones((codes.shape[1], codes.shape[1]), dtype=bool), -1)
    again = (same & before[None]).any(axis=2) | absent
    mass = np.where(again, 0.0, background)
    hit = np.where(same & ~absent[:, None, :], 1.0 / base[:, None, :], 0.0)
    small = np.zeros(hit.shape) if near is None else np.where(same, 0.0, near / base[:, None, :])
    return Cells(hit, small, mass, absent, ~absent)


def conditional_cells(codes: Ints, probability: Floats, missed: Floats) -> Cells:
    """Cells of a field of which another says much, such as the sex by the given name.

    True values are all codes, as likely as the other field makes them in the mean of the rows. Two rows that
    agree say little where the other field said it.

    Parameters
    ----------
    codes : ndarray of int64, shape (n_clusters, size)
        What each row writes; -1 where nothing is written.
    probability : ndarray of float64, shape (n_clusters, size, n_codes)
        Probability of each code by the other field of the row.
    missed : ndarray of float64, shape (n_codes,)
        Probability of each code given a miss.
    """
    absent = codes < 0
    written = np.where(absent, 0, codes)
    base = np.take_along_axis(probability, written[:, :, None], axis=2)[:, :, 0]
    same = (written[:, None, :] == np.arange(len(missed))[:, None]) & ~absent[:, None, :]
    hit = np.where(same, 1.0 / base[:, None, :], 0.0)
    far = np.where(absent, 1.0, missed[written] / base)
    return Cells(hit, np.zeros(hit.shape), probability.mean(axis=1), absent, ~absent, far)


_DIGITS = 12
_OTHERS = 9.0
_REPLACED, _SWAPPED, _LENGTH = 0.6, 0.2, 0.2  # shares of the slips


def near_number(written: Ints, true: Ints) -> Floats:
    """Probability of a written number given a slip: a digit replaced, two swapped, one lost or added.

    Parameters
    ----------
    written, true : ndarray of int64
        Numbers of equal or broadcastable shape; negative where there is none.
    """
    written, true = np.broadcast_arrays(written, true)
    answer = np.zeros(written.shape)
    where = np.nonzero((written >= 0) & (true >= 0) & (written != true))
    if not len(where[0]):
        return answer
    one, two = written[where], true[where]
    powers = 10 ** np.arange(_DIGITS, dtype=np.int64)
    digits_one, digits_two = (one[:, None] // powers) % 10, (two[:, None] // powers) % 10
    differ = digits_one != digits_two
    n_differ = differ.sum(axis=1)
    length = (two[:, None] >= powers).sum(axis=1)
    place = np.argmax(differ, axis=1)
    after = np.minimum(place + 1, _DIGITS - 1)
    row = np.arange(len(one))
    swapped = (
        (n_differ == 2)
        & differ[row, after]
        & (digits_one[row, place] == digits_two[row, after])
        & (digits_one[row, after] == digits_two[row, place])
    )
    value = np.where(n_differ == 1, _REPLACED / (_OTHERS * np.maximum(length, 1)), 0.0)
    value += np.where(swapped, _SWAPPED / np.maximum(length - 1, 1), 0.0)
    value += np.where(_one_left_out(one, two, powers), _LENGTH / 2 / (10.0 * np.maximum(length, 1)), 0.0)
    value += np.where(_one_left_out(two, one, powers), _LENGTH / 2 / np.maximum(length, 1), 0.0)
    answer[where] = value
    return answer


def _one_left_out(longer: Ints, shorter: Ints, powers: Ints) -> np.ndarray:
    """Whether striking out one digit of the longer number leaves the shorter."""
    found = np.zeros(len(longer), dtype=bool)
    for power in powers.tolist():
        left = longer // (power * 10) * power + longer % power
        found |= (left == shorter) & (longer >= power) & (longer > shorter)
    return found


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


@dataclass(frozen=True, eq=False)
class CodeField:
    """A field of codes.

    Parameters
    ----------
    codes : ndarray of int64, shape (n,)
        What each row writes; -1 for nothing.
    frequency : ndarray of float64, shape (n,)
        How frequent that is.
    numbers : bool, optional
        Whether codes are numbers, of which digits can slip.
    """

    codes: Ints
    frequency: Floats
    numbers: bool = False

    def written(self, rows: Ints) -> np.ndarray:
        """Whether rows say something."""
        return np.asarray(self.codes[rows] >= 0)

    def contents(self) -> Ints:
        """Number what rows say; -1 where that changes no cluster."""
        return np.where(self.codes >= 0, _numbered(np.stack([self.codes, self.frequency])), -1)

    def cells(self, members: Ints) -> Cells:
        """Cells of clusters of equal size."""
        codes = self.codes[members]
        near = near_number(codes[:, None, :], codes[:, :, None]) if self.numbers else None
        return categorical_cells(codes, self.frequency[members], near)


@dataclass(frozen=True, eq=False)
class ConditionalField:
    """A field of codes of which another field says much.

    Parameters
    ----------
    codes : ndarray of int64, shape (n,)
        What each row writes; -1 for nothing.
    probability : ndarray of float64, shape (n, n_codes)
        Of each code by the other field of the row.
    missed : ndarray of float64, shape (n_codes,)
        Of each code given an error.
    """

    codes: Ints
    probability: Floats
    missed: Floats

    def written(self, rows: Ints) -> np.ndarray:
        """Whether rows say something."""
        return np.asarray(self.codes[rows] >= 0)

    def contents(self) -> Ints:
        """Number what rows say."""
        return _numbered(np.vstack([self.codes, self.probability.T]))

    def cells(self, members: Ints) -> Cells:
        """Cells of clusters of equal size."""
        return conditional_cells(self.codes[members], self.probability[members], self.missed)


@dataclass(frozen=True, eq=False)
class DayField:
    """A field of days.

    Parameters
    ----------
    days : ndarray of int64, shape (n, 2)
        First and last possible day of each row.
    spread : Background
        How days are spread.
    slips : callable
        Probability of written days given a slip from true ones.
    """

    days: Ints
    spread: Background
    slips: Callable[[Ints, Ints], Floats]

    def written(self, rows: Ints) -> np.ndarray:
        """Whether rows say something."""
        return np.asarray(self.days[rows][..., 0] != MISSING_DAY)

    def contents(self) -> Ints:
        """Number what rows say; -1 where that changes no cluster."""
        return np.where(self.days[:, 0] != MISSING_DAY, _numbered(self.days.T), -1)

    def cells(self, members: Ints) -> Cells:
        """Cells of clusters of equal size, their rows in order."""
        days, absent = self.days[members], ~self.written(members)
        middle = np.where(absent, np.iinfo(np.int64).max, days[..., 0] // 2 + days[..., 1] // 2)
        order = np.argsort(middle, axis=1)
        days, absent = np.take_along_axis(days, order[..., None], 1), np.take_along_axis(absent, order, 1)
        return day_cells(days, absent, self.spread, self.slips)


Field = CodeField | ConditionalField | DayField


def _numbered(columns: np.ndarray) -> Ints:
    """Number of each row by what stands in its columns."""
    return np.asarray(np.unique(columns, axis=1, return_inverse=True)[1].reshape(-1))
