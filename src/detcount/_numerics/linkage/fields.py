"""How alike two written values are: days and intervals of days, numbers of documents, codes.

Days are compared as what they are, intervals in which the true day lies. If both rows mean the same day and
write it rightly, what is written is as much likelier than by chance as the mass of the days both allow over
the product of the masses of what each allows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import TINY, Floats, Ints

_SPIKE = 3  # rows of one day beyond which it is a day of many, not of one person written often
_YEARS_OFF = 60  # years among which a wrong year of birth is chosen
_NEAR = 10  # days by which a day of birth is mistaken
_LATER = 0.75  # each further day that an arrest is recorded later is so much less likely
_LATEST = 30
_YEAR = 365


@dataclass(frozen=True, eq=False)
class DayMass:
    """How the days of all rows are distributed: cumulative mass from one day on.

    Parameters
    ----------
    start : int
        The first day.
    cumulative : ndarray of float64, shape (n_days + 1,)
        Mass before each day.
    """

    start: int
    cumulative: Floats

    def __call__(self, low: Ints, high: Ints) -> Floats:
        """Mass of the days from `low` to `high`, 0 where `high` is before `low`."""
        last = len(self.cumulative) - 1
        below = np.clip(low - self.start, 0, last)
        above = np.clip(high + 1 - self.start, 0, last)
        return np.asarray(np.maximum(self.cumulative[above] - self.cumulative[below], 0.0))


def day_mass(low: Ints, high: Ints, width: int) -> DayMass:
    """Estimate how days are distributed, from intervals; smooth but for days that many rows name.

    Parameters
    ----------
    low, high : ndarray of int64, shape (n,)
        First and last day of each interval.
    width : int
        Days over which is smoothed.

    Returns
    -------
    DayMass
        The distribution; every day of the range has some mass.
    """
    if not len(low):
        return DayMass(0, np.array([0.0, 1.0]))
    start = int(low.min()) - 3 * width
    n_days = int(high.max()) + 3 * width - start + 1
    exact = high == low
    middle = (low + high) // 2 - start
    counts = np.bincount(middle[exact], minlength=n_days).astype(np.float64)
    spikes = np.maximum(counts - _SPIKE, 0.0)
    plain = counts - spikes + np.bincount(middle[~exact], minlength=n_days)
    total = np.concatenate([[0.0], np.cumsum(plain)])
    at = np.arange(n_days)
    left, right = np.maximum(at - width, 0), np.minimum(at + width + 1, n_days)
    smooth = (total[right] - total[left]) / (right - left) + 1.0 / n_days
    density = spikes + smooth / smooth.sum() * max(plain.sum(), 1.0)
    return DayMass(start, np.concatenate([[0.0], np.cumsum(density / density.sum())]))


def _hit(one: Ints, other: Ints, mass: DayMass) -> Floats:
    """Mass of the days that both intervals allow, over the product of their masses."""
    both = mass(np.maximum(one[:, 0], other[:, 0]), np.minimum(one[:, 1], other[:, 1]))
    return both / np.maximum(mass(*one.T) * mass(*other.T), TINY)


def birth_ratios(one: Ints, other: Ints, mass: DayMass) -> Floats:
    """Likelihood ratios of two dates of birth, by what happened if both mean one person.

    Parameters
    ----------
    one, other : ndarray of int64, shape (p, 2)
        First and last possible day.
    mass : DayMass
        How days of birth are distributed.

    Returns
    -------
    ndarray of float64, shape (p, 5)
        Both right; an age off by one year; day and month swapped, or the day wrong by up to ten; the year
        wrong; something else (1).
    """
    ratios = np.ones((len(one), 5))
    ratios[:, 0] = _hit(one, other, mass)
    # An age off by one: the interval a year earlier or later.
    sloppy = (one[:, 1] > one[:, 0]) | (other[:, 1] > other[:, 0])
    moved = [_hit(a, b + s, mass) for a, b in ((one, other), (other, one)) for s in (_YEAR, -_YEAR)]
    ratios[:, 1] = np.where(sloppy, sum(moved) / 4, 0.0)
    exact = ~sloppy
    year, month, day = _calendar(one[:, 0])
    other_year, other_month, other_day = _calendar(other[:, 0])
    alone = 1.0 / np.sqrt(np.maximum(mass(*one.T) * mass(*other.T), TINY))
    apart = np.abs(one[:, 0] - other[:, 0])
    swapped = (month == other_day) & (day == other_month) & (year == other_year) & (apart > 0)
    near = (apart > 0) & (apart <= _NEAR)
    ratios[:, 2] = np.where(exact, 0.5 * swapped * alone + 0.5 * near * alone / (2 * _NEAR), 0.0)
    # The year wrong; whoever counts in days is one off where a leap year lies between.
    years = np.rint(apart / 365.25)
    odd = np.abs(apart - 365.25 * years)
    same_day = (month == other_month) & (day == other_day)
    likely = np.where(years == 1, 0.25, 0.5 / _YEARS_OFF) * np.where(same_day, 0.8, 0.1)
    ratios[:, 3] = np.where(exact & (years >= 1) & (odd <= 1.0), likely * alone, 0.0)
    return ratios


def arrest_ratios(one: Ints, other: Ints, mass: DayMass) -> Floats:
    """Likelihood ratios of two days of arrest, by what happened if both mean one arrest.

    Parameters
    ----------
    one, other : ndarray of int64, shape (p, 2)
        First and last possible day.
    mass : DayMass
        How days of arrest are distributed.

    Returns
    -------
    ndarray of float64, shape (p, 3)
        Both right; one recorded up to thirty days later than the other; something else (1).
    """
    ratios = np.ones((len(one), 3))
    ratios[:, 0] = _hit(one, other, mass)
    gap = np.maximum(one[:, 0] - other[:, 1], other[:, 0] - one[:, 1])
    kernel = np.where((gap > 0) & (gap <= _LATEST), _LATER ** (gap - 1.0) * (1 - _LATER) / 2, 0.0)
    narrow = np.maximum(one[:, 1] - one[:, 0], other[:, 1] - other[:, 0]) + 1
    largest = np.maximum(mass(*one.T), mass(*other.T))
    ratios[:, 1] = kernel / np.minimum(narrow, _LATEST) / np.maximum(largest, TINY)
    return ratios


def _calendar(days: Ints) -> tuple[Ints, Ints, Ints]:
    """Year, month and day of the month of days since 1 January 1970."""
    date = np.clip(days, -200_000, 200_000).astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    year = date.astype("datetime64[Y]").astype(np.int64) + 1970
    return year, month.astype(np.int64) % 12 + 1, (date - month).astype(np.int64) + 1


def document_levels(one: Ints, other: Ints, kind: Ints, other_kind: Ints) -> Ints:
    """Compare numbers of documents.

    Parameters
    ----------
    one, other : ndarray of int64, shape (p,)
        The numbers; -1 where there is none.
    kind, other_kind : ndarray of int64, shape (p,)
        Kinds of document; 0 where it is unknown.

    Returns
    -------
    ndarray of int64, shape (p,)
        0 equal; 1 one digit replaced, lost or too many, two neighbours swapped, or the kind alone differs;
        2 different; -1 where one or both are missing.
    """
    level = np.full(len(one), 2, np.int64)
    near = np.zeros(len(one), bool)
    apart = np.abs(one - other)
    lost = np.zeros(len(one), bool)
    low, high = np.minimum(one, other), np.maximum(one, other)
    differing = np.zeros(len(one), np.int64)
    swapped = np.zeros(len(one), bool)
    for k in range(19):
        power = 10**k
        if power > max(int(high.max(initial=0)), 1):
            break
        a, b = one // power % 10, other // power % 10
        differing += a != b
        c, d = one // power // 10 % 10, other // power // 10 % 10
        swapped |= (a == d) & (b == c) & (a != b) & (apart == np.abs(a - b) * 9 * power)
        lost |= high // power // 10 * power + high % power == low
    near = (differing == 1) | ((differing == 2) & swapped) | lost
    level[near] = 1
    same = one == other
    clash = (kind > 0) & (other_kind > 0) & (kind != other_kind)
    level[same & ~clash] = 0
    level[same & clash] = 1
    level[(one < 0) | (other < 0)] = -1
    return level


def frequencies(codes: Ints) -> Floats:
    """Share of each code among the rows that have one, none of them 0; shape (n_codes,)."""
    known = codes[codes >= 0]
    counts = np.bincount(known, minlength=1) + 0.5
    return np.asarray(counts / counts.sum())
