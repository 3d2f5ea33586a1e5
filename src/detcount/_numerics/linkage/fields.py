"""Likelihood of a field of rows of one person, summed over every value that could be true.

A row writes the true value (a hit), something near it (a slip), or any value (a miss). A day is an interval.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from detcount._numerics.arrays import Floats, Ints, bincount, distinct
from detcount._numerics.linkage.settings import PRIORS, TUNING

MISSING_DAY = np.iinfo(np.int64).min
"""Both ends of an interval where no day is known."""


@dataclass(frozen=True, eq=False)
class Cells:
    """A field of many clusters of equal size, against every value that could be true of them.

    A cell is one value, or several in which each row errs alike. Each probability of what is written is
    divided by its background f(written), so that 1 is no evidence.

    Parameters
    ----------
    hit : ndarray of float64, shape (n_clusters, n_cells, size)
        1 / f(written) where the true value would be written so, else 0.
    near : ndarray of float64, shape (n_clusters, n_cells, size)
        Probability of what is written given a slip, over f(written).
    mass : ndarray of float64, shape (n_clusters, n_cells)
        Probability of the true values of a cell; 0 for a value that has another cell.
    absent : ndarray of bool, shape (n_clusters, size)
        Where nothing is written.
    far : ndarray of float64, shape (n_clusters, size), optional
        Probability of what is written given a miss, over f(written); 1 without it.
    unwritten : tuple of ndarray, optional
        Values that no row writes, and from which rows can slip: the cell of each, counted over all clusters;
        its probability; and `near` of each row, of which the first axis are the rows. They have it in place
        of that of their cell.
    """

    hit: Floats
    near: Floats
    mass: Floats
    absent: np.ndarray
    far: Floats | None = None
    unwritten: tuple[Ints, Floats, Floats] | None = None

    def masses(self, rows: slice, slips: Floats) -> Floats:
        """Masses of cells for some rows, at each number of slips to one miss, which is the first axis."""
        if self.unwritten is None:
            return np.broadcast_to(self.mass, (len(slips), *self.mass.shape))
        place, mass, near = self.unwritten
        # a row misses with m, or slips with m slips near: the product over rows of 1 + slips near, less 1
        if len(near[rows]) == 1:
            more = slips[:, None] * bincount(place, mass * near[rows][0], self.mass.size)
        else:
            with np.errstate(over="ignore"):
                product = [(1.0 + ratio * near[rows]).prod(axis=0) - 1.0 for ratio in slips.tolist()]
            grown = (mass * np.minimum(one, TUNING.largest_factor) for one in product)
            more = np.array([bincount(place, one, self.mass.size) for one in grown])
        return np.asarray(self.mass + more.reshape(-1, *self.mass.shape))


def log_ratio(
    cells: Cells, miss: Floats | float, slip: Floats | float, again: Floats | float = 0.0
) -> Floats:
    """Log of what rows of one person write, over the product of backgrounds, by cluster.

    Given its true value t, a row writes x with probability (1 - miss - slip) 1[x = t] + slip near(x, t) +
    miss f(x). With probability `again` there are two true values, as of somebody who was arrested twice, and
    a row writes either: rows that stand in order, absent ones last, are then divided at one place. Of arrays
    of rates the answer has one row each.
    """
    slips, which = np.unique(np.round(np.asarray(slip, dtype=np.float64) / miss, 12), return_inverse=True)
    miss, slip = (np.asarray(rate, dtype=np.float64)[..., None, None, None] for rate in (miss, slip))
    far = 1.0 if cells.far is None else cells.far[:, None, :]
    ratio = (1.0 - miss - slip) * cells.hit + slip * cells.near + miss * far
    ratio = np.where(cells.absent[:, None, :], 1.0, ratio)

    def summed(rows: slice) -> Floats:
        return _summed(cells.masses(rows, slips)[which], ratio[..., rows])

    whole = summed(slice(None))
    again = np.asarray(again, dtype=np.float64)[..., None]
    if ratio.shape[-1] == 1 or not again.any():
        return whole
    written = (~cells.absent).sum(axis=1)
    share = again * 2.0 ** (1.0 - np.maximum(written, 1))
    value = whole + np.log1p(share - again)
    for k in range(1, ratio.shape[-1]):
        both = summed(slice(k)) + summed(slice(k, None))
        value = np.where(k < written, np.logaddexp(value, both + np.log(share)), value)
    return np.asarray(value)


def _summed(mass: Floats, ratio: Floats) -> Floats:
    """Log of the sum over true values, given the ratios of rows."""
    if ratio.shape[-1] <= TUNING.product_rows:
        return np.asarray(np.log((mass * ratio.prod(axis=-1)).sum(axis=-1)))
    with np.errstate(divide="ignore"):
        log_mass = np.log(mass)
    terms = log_mass + np.log(np.maximum(ratio, 1e-300)).sum(axis=-1)
    return np.asarray(np.logaddexp.reduce(terms, axis=-1))


def categorical_cells(codes: Ints, background: Floats, near: Floats | None = None) -> Cells:
    """Cells of a field of codes, -1 where nothing is written: the true values are the written ones.

    Parameters
    ----------
    codes : ndarray of int64, shape (n_clusters, size)
        Code of each row.
    background : ndarray of float64, shape (n_clusters, size)
        Frequency of the code.
    near : ndarray of float64, shape (n_clusters, size, size), optional
        Probability of what the row of the last axis writes, given a slip from what the row of the middle axis
        writes.
    """
    absent = codes < 0
    base = np.where(absent, 1.0, background)
    same = codes[:, :, None] == codes[:, None, :]  # true value, row
    before = np.tril(np.ones((codes.shape[1], codes.shape[1]), dtype=bool), -1)
    again = (same & before[None]).any(axis=2) | absent
    mass = np.where(again, 0.0, background)
    hit = np.where(same & ~absent[:, None, :], 1.0 / base[:, None, :], 0.0)
    small = np.zeros(hit.shape) if near is None else np.where(same, 0.0, near / base[:, None, :])
    # and the values that nobody writes, from which any can slip
    hit = np.append(hit, np.zeros_like(base)[:, None], axis=1)
    small = np.append(small, np.ones_like(base)[:, None], axis=1)
    mass = np.append(mass, np.maximum(1.0 - mass.sum(axis=1, keepdims=True), 1e-300), axis=1)
    return Cells(hit, small, mass, absent)


def conditional_cells(codes: Ints, probability: Floats, missed: Floats) -> Cells:
    """Cells of a field that another field predicts, as the given name predicts the sex.

    Every code can be true. Its prior probability is the mean, over the rows, of what the other field
    predicts. Two rows that agree add little where that was predicted.

    Parameters
    ----------
    codes : ndarray of int64, shape (n_clusters, size)
        Code of each row; -1 where nothing is written.
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
    return Cells(hit, np.zeros(hit.shape), probability.mean(axis=1), absent, far)


def near_number(written: Ints, true: Ints) -> Floats:
    """Probability of a written number given a slip: a digit replaced, two swapped, one lost or added.

    Parameters
    ----------
    written, true : ndarray of int64
        Numbers of equal or broadcastable shape; negative where there is none.
    """
    written, true = np.broadcast_arrays(written, true)
    replaced, exchanged, length_share = PRIORS.number_slips
    answer = np.zeros(written.shape)
    where = np.nonzero((written >= 0) & (true >= 0) & (written != true))
    if not len(where[0]):
        return answer
    one, two = written[where], true[where]
    powers = 10 ** np.arange(TUNING.document_digits, dtype=np.int64)
    digits_one, digits_two = (one[:, None] // powers) % 10, (two[:, None] // powers) % 10
    differ = digits_one != digits_two
    n_differ = differ.sum(axis=1)
    length = (two[:, None] >= powers).sum(axis=1)
    place = np.argmax(differ, axis=1)
    after = np.minimum(place + 1, TUNING.document_digits - 1)
    row = np.arange(len(one))
    swapped = (
        (n_differ == 2)
        & differ[row, after]
        & (digits_one[row, place] == digits_two[row, after])
        & (digits_one[row, after] == digits_two[row, place])
    )
    value = np.where(n_differ == 1, replaced / (9.0 * np.maximum(length, 1)), 0.0)
    value += np.where(swapped, exchanged / np.maximum(length - 1, 1), 0.0)
    value += np.where(_one_left_out(one, two, powers), length_share / 2 / (10.0 * np.maximum(length, 1)), 0.0)
    value += np.where(_one_left_out(two, one, powers), length_share / 2 / np.maximum(length, 1), 0.0)
    answer[where] = value
    return answer


def _one_left_out(longer: Ints, shorter: Ints, powers: Ints) -> np.ndarray:
    """Tell if the longer number without one of its digits is the shorter."""
    found = np.zeros(len(longer), dtype=bool)
    for power in powers.tolist():
        left = longer // (power * 10) * power + longer % power
        found |= (left == shorter) & (longer >= power) & (longer > shorter)
    return found


@cache
def _by_lag() -> Floats:
    """Probability of a written day given some days off, some weeks or a year, by how many days it is off."""
    years = (365, 366)
    lags = np.arange(years[-1] + 2)
    off = [np.where(lags > 0, 0.5 * (1.0 - stay) * stay ** (lags - 1.0), 0.0) for stay in PRIORS.lag_stays]
    return np.stack([*off, np.isin(lags, years) / (2.0 * len(years))], axis=1)


class Background:
    """The distribution of the days that are written in a field: smoothed, and above 0 on every day.

    Parameters
    ----------
    intervals : ndarray of int64, shape (n, 2)
        First and last day of what is written, without missing ones.
    spread : int
        Days to each side over which an observation is smoothed.
    share : float
        Probability kept for days spread evenly between the first and the last.
    """

    def __init__(self, intervals: Ints, spread: int, share: float = PRIORS.even_days) -> None:
        if len(intervals) == 0:
            intervals = np.zeros((1, 2), dtype=np.int64)
        low, high = intervals[:, 0] - spread, intervals[:, 1] + spread + 1
        self.first, self.last = int(low.min()) - 366, int(high.max()) + 366
        length = self.last - self.first
        ends = np.concatenate([low, high]) - self.first
        weight = 1.0 / (high - low)
        change = bincount(ends, np.concatenate([weight, -weight]), minlength=length + 1)[: length + 1]
        density = np.maximum(np.cumsum(change), 0.0)[:length] / len(intervals)
        density = (1.0 - share) * density / density.sum() + share / length
        self.total = np.concatenate([[0.0], np.cumsum(density)])

    def between(self, low: Ints, end: Ints) -> Floats:
        """Probability of the days from `low` up to and without `end`."""
        top = len(self.total) - 1
        one = self.total[np.clip(low - self.first, 0, top)]
        return np.asarray(self.total[np.clip(end - self.first, 0, top)] - one)


def parts_of_days(days: Ints) -> Ints:
    """Years since 1970, months and days of dates between 1805 and 2134; the first axis has the parts.

    Dates are days since 1 January 1970; those before and after have the parts of the first and the last.
    """
    return np.asarray(
        _calendar()[:, np.clip(days, -TUNING.calendar_days, TUNING.calendar_days) + TUNING.calendar_days]
    )


@cache
def _calendar() -> Ints:
    """Parts of all these dates, as conversions of dates are slow."""
    dates = np.arange(-TUNING.calendar_days, TUNING.calendar_days + 1).astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    year = months.astype("datetime64[Y]")
    return np.stack([part.astype(np.int32) for part in (year, months - year + 1, dates - months + 1)])


def swapped_days(days: Ints) -> Ints:
    """The day with its day and month swapped, or the day itself where there is none."""
    year, month, day = parts_of_days(days)
    start = (year * 12 + day - 1).astype("datetime64[M]").astype("datetime64[D]")
    swapped = (start + (month - 1)).astype(np.int64)
    return np.asarray(np.where(day <= 12, swapped, days))


def slip_errors(shares: Floats, written: Ints, true: Ints) -> Floats:
    """Probability of a written day given a slip, by the shares of its kinds.

    One part of the date is wrong; day and month are swapped; some days off, or some weeks, to either side; a
    year off. Days off cross the end of a month, and a year off may miss by the day of a leap year, so that
    more than one part of the date differs.
    """
    (year, month, day), (true_year, true_month, true_day) = parts_of_days(written), parts_of_days(true)
    other_year, other_month, other_day = year != true_year, month != true_month, day != true_day
    swapped = ~other_year & other_month & (month == true_day) & (day == true_month)
    one_part = other_year ^ other_month ^ other_day ^ (other_year & other_month & other_day)
    by_lag = _by_lag() @ shares[2:]
    lag = by_lag[np.minimum(np.abs(written - true), len(by_lag) - 1)]
    return np.asarray(lag + shares[0] / PRIORS.day_forms * one_part + shares[1] * swapped)


def slip_kinds(written: Ints, true: Ints) -> Floats:
    """Probability of a written day given each kind of slip; its last axis has the kinds."""
    kinds = np.eye(2 + _by_lag().shape[1])
    return np.stack([slip_errors(kind, written, true) for kind in kinds], axis=-1)


def slip_shares(written: Ints, true: Ints, prior: Floats) -> Floats:
    """Shares of the kinds of slips, from pairs of days that are written of the same people and differ.

    Parameters
    ----------
    written, true : ndarray of int64, shape (n,)
        The two days of each pair. Some pairs may have nothing in common: one day is wrong, or they are of two
        persons.
    prior : ndarray of float64, shape (n_kinds,)
        Prior shares, worth 20 slips.

    Returns
    -------
    ndarray of float64, shape (n_kinds,)
        Posterior mean of what the EM algorithm finds; a kind without a prior share has none.
    """
    kinds = np.concatenate(
        [slip_kinds(written, true), np.full((len(written), 1), PRIORS.unrelated_day)], axis=1
    )
    counts = np.append(PRIORS.slip_strength * prior, 1.0)
    shares = counts / counts.sum()
    for _ in range(TUNING.slip_rounds):
        of = kinds * shares
        shares = counts + (of / of.sum(axis=1, keepdims=True)).sum(axis=0)
        shares *= counts > 0
        shares /= shares.sum()
    return np.asarray(shares[:-1] / shares[:-1].sum())


_FAR = np.iinfo(np.int64).max // 2  # a day after all others


def _slips_from(written: Ints) -> Ints:
    """Days from which written days can slip, some of them twice; the last axis has the days."""
    year, month, day = parts_of_days(written[..., None])
    near, years = TUNING.slip_days, TUNING.slip_years
    other_days = np.concatenate([np.arange(-near, near + 1), [-365, -366, 365, 366]])
    other_months = np.append(np.arange(-11, 12), 12 * np.arange(-years, years + 1))
    months = (12 * year + month - 1 + other_months).astype("datetime64[M]")
    same_day = months.astype("datetime64[D]").astype(np.int64) + day - 1
    off = written[..., None] + other_days
    return np.concatenate([off, swapped_days(written)[..., None], same_day], axis=-1)


def day_cells(
    intervals: Ints,
    absent: np.ndarray,
    background: Background,
    errors: Callable[[Ints, Ints], Floats],
    rough: bool = False,
) -> Cells:
    """Cells of a field of days, each known as an interval.

    The true day is one that a row writes out, or another: those between two ends of intervals are one cell,
    and those outside all intervals the last. A written day can slip from any of them. An interval slips
    when the true day lies in the interval of its own width before or after it.

    Parameters
    ----------
    intervals : ndarray of int64, shape (n_clusters, size, 2)
        First and last possible day of each row.
    absent : ndarray of bool, shape (n_clusters, size)
        Where nothing is written.
    background : Background
        Distribution of days.
    errors : callable
        Probability of written days given a slip from true ones.
    rough : bool, optional
        True if slips from days that no row writes out follow the background.
    """
    n, size, _ = intervals.shape
    low = np.where(absent, 0, intervals[:, :, 0])
    high = np.where(absent, 0, intervals[:, :, 1])
    exact = (low == high) & ~absent
    wide = ~exact & ~absent
    width = np.minimum(high - low + 1, TUNING.widest_interval)
    base = np.where(absent, 1.0, np.maximum(background.between(low, high + 1), 1e-12))

    # the days that rows write out
    days = np.where(exact, low, _FAR)
    same = days[:, :, None] == days[:, None, :]
    again = np.tril(same, -1).any(axis=2)
    written = np.where(again, 0.0, background.between(days, days + 1))
    # and what lies between the ends of intervals, without those days
    ends = np.full((n, 1), _FAR)
    if wide.any():
        ends = np.stack([low - width, low, high + 1, high + 1 + width], axis=2)
        ends = np.sort(np.where(wide[:, :, None], ends, _FAR).reshape(n, 4 * size), axis=1)
    stop = np.append(ends[:, 1:], np.full((n, 1), _FAR), axis=1)
    between = stop < _FAR  # the last cell is outside all intervals
    start = np.where(between, ends, _FAR)
    inside = (days[:, None, :] >= start[:, :, None]) & (days[:, None, :] < stop[:, :, None])
    rest = background.between(start, stop) - (inside * written[:, None, :]).sum(axis=2)
    rest[:, -1] = 1.0 - written.sum(axis=1) - rest[:, :-1].sum(axis=1)
    mass = np.concatenate([written, np.maximum(rest, 0.0)], axis=1)

    at = np.concatenate([days, start], axis=1)[:, :, None]
    first, last, one, wide = low[:, None, :], high[:, None, :], exact[:, None, :], wide[:, None, :]
    contains = (at >= first) & (at <= last)
    beside = (at >= first - width[:, None, :]) & (at <= last + width[:, None, :]) & ~contains
    near = np.where(wide & beside, 0.5, 0.0)
    near[:, :size] = np.where(exact[:, :, None] & one & ~same, errors(first, low[:, :, None]), near[:, :size])
    if rough:
        near[:, size:] = np.where(one, base[:, None, :], near[:, size:])
    written_out = np.arange(at.shape[1])[:, None] < size
    hit = np.where(wide, contains, one & contains & written_out) / base[:, None, :]
    cells = Cells(hit, near / base[:, None, :], mass, absent)
    if rough or not exact.any():
        return cells
    # the other days from which written days can slip
    span = background.last - background.first
    points = _slips_from(low) - background.first
    usable = (exact & ~again)[:, :, None] & (points >= 0) & (points < span)
    cluster, day = np.divmod(distinct((points + span * np.arange(n)[:, None, None])[usable]), span)
    day += background.first
    new = (day != days.T[:, cluster]).all(axis=0)
    cluster, day = cluster[new], day[new]
    place = (ends.T[:, cluster] <= day).sum(axis=0) - 1
    place = np.where(between[cluster, place], place, -1) % ends.shape[1]
    slips = np.where(exact.T[:, cluster], errors(low.T[:, cluster], day) / base.T[:, cluster], 0.0)
    place += cluster * mass.shape[1] + size
    return replace(cells, unwritten=(place, background.between(day, day + 1), slips))


@dataclass(frozen=True, eq=False)
class CodeField:
    """A field of codes.

    Parameters
    ----------
    codes : ndarray of int64, shape (n,)
        Code of each row; -1 for nothing.
    frequency : ndarray of float64, shape (n,)
        Frequency of that code.
    numbers : bool, optional
        True if codes are numbers, of which digits can slip.
    """

    codes: Ints
    frequency: Floats
    numbers: bool = False

    def written(self, rows: Ints) -> np.ndarray:
        """Mark rows in which the field is written."""
        return np.asarray(self.codes[rows] >= 0)

    def contents(self) -> Ints:
        """Number the contents of rows; -1 where they change no cluster."""
        return np.where(self.codes >= 0, _numbered(np.stack([self.codes, self.frequency])), -1)

    def cells(self, members: Ints, rough: bool = False) -> Cells:
        """Cells of clusters of equal size."""
        codes = self.codes[members]
        near = near_number(codes[:, None, :], codes[:, :, None]) if self.numbers else None
        return categorical_cells(codes, self.frequency[members], near)


@dataclass(frozen=True, eq=False)
class ConditionalField:
    """A field of codes that another field predicts.

    Parameters
    ----------
    codes : ndarray of int64, shape (n,)
        Code of each row; -1 for nothing.
    probability : ndarray of float64, shape (n, n_codes)
        Of each code by the other field of the row.
    missed : ndarray of float64, shape (n_codes,)
        Of each code given an error.
    """

    codes: Ints
    probability: Floats
    missed: Floats

    def written(self, rows: Ints) -> np.ndarray:
        """Mark rows in which the field is written."""
        return np.asarray(self.codes[rows] >= 0)

    def contents(self) -> Ints:
        """Number the contents of rows."""
        return _numbered(np.vstack([self.codes, self.probability.T]))

    def cells(self, members: Ints, rough: bool = False) -> Cells:
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
        Distribution of days.
    slips : callable
        Probability of written days given a slip from true ones.
    """

    days: Ints
    spread: Background
    slips: Callable[[Ints, Ints], Floats]

    def written(self, rows: Ints) -> np.ndarray:
        """Mark rows in which the field is written."""
        return np.asarray(self.days[rows][..., 0] != MISSING_DAY)

    def contents(self) -> Ints:
        """Number the contents of rows; -1 where they change no cluster."""
        return np.where(self.days[:, 0] != MISSING_DAY, _numbered(self.days.T), -1)

    def cells(self, members: Ints, rough: bool = False) -> Cells:
        """Cells of clusters of equal size, their rows in order; roughly, if only the likely ones matter."""
        days, absent = self.days[members], ~self.written(members)
        middle = np.where(absent, np.iinfo(np.int64).max, days[..., 0] // 2 + days[..., 1] // 2)
        order = np.argsort(middle, axis=1)
        days, absent = np.take_along_axis(days, order[..., None], 1), np.take_along_axis(absent, order, 1)
        return day_cells(days, absent, self.spread, self.slips, rough)


Field = CodeField | ConditionalField | DayField


def _numbered(columns: np.ndarray) -> Ints:
    """Number of each row by what stands in its columns."""
    return np.asarray(np.unique(columns, axis=1, return_inverse=True)[1].reshape(-1))
