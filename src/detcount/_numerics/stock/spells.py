"""Rows of lists joined into spells: when a person was arrested and let out, as far as it is known."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Ints, bincount, reduceat, repeat
from detcount._numerics.stock.held import PRIORS

LONG_AGO = -1_000_000  # days since 1970: a lower end that nobody knows
NEVER = 1_000_000  # no exit is known


@dataclass(frozen=True)
class Rows:
    """Rows of lists; days since 1970, an entry for each row.

    Parameters
    ----------
    person, on : ndarray of int64
        Number of the person, and of the list.
    entered_first, entered_last, left_first, left_last : ndarray of int64
        Ends of what is possible; `LONG_AGO` where a lower end is open, `NEVER` where no exit is known.
    listed, confirmed, left_known : ndarray of int64
        First and last day on which the list named the person as held, and that on which it knew the exit.
    """

    person: Ints
    on: Ints
    entered_first: Ints
    entered_last: Ints
    left_first: Ints
    left_last: Ints
    listed: Ints
    confirmed: Ints
    left_known: Ints

    def take(self, which: Ints) -> Rows:
        """Give some rows, in their order."""
        return Rows(*(getattr(self, each.name)[which] for each in fields(self)))


@dataclass(frozen=True)
class Spells:
    """Spells in detention, sorted by owner and time; days since 1970.

    Whoever enters on day e and leaves on day x is held at the end of the days e, ..., x - 1.

    Parameters
    ----------
    owner : ndarray of int64
        Whose spell it is.
    code : ndarray of uint64
        On which lists it stands: list k is bit k.
    entered, left : ndarray of int64
        The day that stands for the entry, and for the exit: the middle of what is possible.
    entered_first, entered_last, left_first, left_last : ndarray of int64
        Ends of what is possible; `LONG_AGO` where a lower end is open, `NEVER` where no exit is known.
    entered_apart, left_apart : ndarray of int64
        Days by which lists contradict each other; 0 where they agree.
    n_rows : ndarray of int64
        Rows that were joined.
    rows : ndarray of int64
        The rows by number, those of one spell beside each other.
    """

    owner: Ints
    code: NDArray[np.uint64]
    entered: Ints
    left: Ints
    entered_first: Ints
    entered_last: Ints
    left_first: Ints
    left_last: Ints
    entered_apart: Ints
    left_apart: Ints
    n_rows: Ints
    rows: Ints


def starts_of_spells(
    owner: Ints, entered_first: Ints, entered_last: Ints, left_first: Ints, left_last: Ints, listed: Ints
) -> tuple[Ints, NDArray[np.bool_]]:
    """Order of the rows by owner and time, and which of them, in that order, begin a spell.

    A row begins another spell of its owner where it certainly entered when the spells before it were over.
    It also does where the arrest is more than `Priors.arrested_again` days after those before it, the lists
    had named the person by then, and none knows a later day of exit: whoever is arrested again had left.
    """
    middle = np.where(entered_first == LONG_AGO, entered_last, (entered_first + entered_last) // 2)
    order = np.lexsort((left_last, middle, owner))
    owner, first = owner[order], entered_first[order]
    group = np.cumsum(np.append(True, owner[1:] != owner[:-1])) * 2 * (NEVER - LONG_AGO)

    def so_far(values: Ints) -> Ints:
        return np.asarray(np.maximum.accumulate(group + values) - group)[:-1]

    over, latest = so_far(left_last[order]), so_far(first)
    dated = (left_last < NEVER) & (left_first > LONG_AGO)
    before = np.maximum(so_far(listed[order]), so_far(np.where(dated, left_last, LONG_AGO)[order]))
    new = np.append(True, owner[1:] != owner[:-1])
    new[1:] |= (first[1:] >= over) & (first[1:] > latest)
    new[1:] |= (first[1:] > so_far(entered_last[order]) + PRIORS.arrested_again) & (before < first[1:])
    return order, new


def joined(rows: Rows) -> Spells:
    """Join the rows of each person into spells.

    An exit that one row knows holds for the spell. Where rows allow a common range of days it is taken, and
    else all from the first to the last. Nobody is listed before the arrest, or held twice at a time.
    """
    owner, listed = rows.person, rows.listed
    entered_first, entered_last = rows.entered_first, rows.entered_last
    left_first, left_last = rows.left_first, rows.left_last
    order, new = starts_of_spells(owner, entered_first, entered_last, left_first, left_last, listed)
    starts = np.flatnonzero(new)
    if not len(starts):
        none = np.zeros(0, dtype=np.int64)
        return Spells(none, none.astype(np.uint64), *[none] * 10)

    def least(values: Ints) -> Ints:
        return reduceat(np.minimum, values[order], starts)

    def most(values: Ints) -> Ints:
        return reduceat(np.maximum, values[order], starts)

    def agreed(low: Ints, high: Ints, there: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
        """Ends of what rows that say something allow together, or all of it where they contradict."""
        both = most(np.where(there, low, LONG_AGO)), least(high)
        apart = np.where(both[1] < NEVER, np.maximum(both[0] - both[1], 0), 0)
        lowest, highest = least(np.where(there, low, NEVER)), most(np.where(there, high, LONG_AGO))
        return np.where(apart > 0, lowest, both[0]), np.where(apart > 0, highest, both[1]), apart

    code = reduceat(np.bitwise_or, np.uint64(1) << rows.on[order].astype(np.uint64), starts)
    everywhere = np.ones_like(owner, dtype=bool)
    e_low, e_high, e_apart = agreed(entered_first, entered_last, everywhere)
    e_high = np.maximum(np.minimum(e_high, least(listed)), e_low)
    entered = np.where(e_low == LONG_AGO, e_high, (e_low + e_high) // 2)

    out = left_last < NEVER
    x_low, x_high, x_apart = agreed(left_first, left_last, out)
    whose = owner[order][starts]
    followed = np.append(whose[1:] == whose[:-1], False)
    x_high = np.where(followed, np.minimum(x_high, np.append(e_high[1:], NEVER)), x_high)
    departed = x_high < NEVER
    x_low = np.where(departed, np.maximum(np.where(x_low < NEVER, x_low, LONG_AGO), e_low), NEVER)
    x_high = np.where(departed, np.maximum(x_high, x_low), NEVER)
    after = np.maximum(x_low, entered)
    left = np.where(departed, (after + np.maximum(x_high, after) + 1) // 2, NEVER)
    again = np.append(False, (whose[1:] == whose[:-1]) & (left[:-1] < NEVER))
    entered = np.where(again, np.maximum(entered, np.append(LONG_AGO, left[:-1])), entered)
    left = np.maximum(left, entered)
    return Spells(
        owner=whose,
        code=code,
        entered=entered,
        left=left,
        entered_first=e_low,
        entered_last=e_high,
        left_first=x_low,
        left_last=x_high,
        entered_apart=e_apart,
        left_apart=x_apart,
        n_rows=np.diff(np.append(starts, len(order))),
        rows=order,
    )


def copying(spells: Spells, rows: Rows, n_lists: int) -> list[tuple[int, int]]:
    """Pairs of lists of which the second has names soon after the first more often than before it.

    Waits of persons arrested at about the same time tell how often names would come so soon by chance. What
    makes two lists name somebody on the same days does so in both orders.
    """
    near = PRIORS.neighbours
    spell = repeat(np.arange(len(spells.owner)), spells.n_rows)
    wait = np.full((len(spells.owner), n_lists), NEVER)
    wait[spell, rows.on[spells.rows]] = rows.listed[spells.rows] - spells.entered[spell]
    begun = [rows.listed[rows.on == k].min(initial=NEVER) for k in range(n_lists)]
    order = np.argsort(spells.entered, kind="stable")
    entered, wait = spells.entered[order], wait[order]
    found = []
    for first in range(n_lists):
        for second in range(n_lists):
            pair = wait[entered >= max(begun[first], begun[second])][:, [first, second]]
            one, other = pair[(pair < PRIORS.arrested_again).all(axis=1)].T
            if first == second or len(one) <= 2 * near:
                continue
            lags = [np.roll(other, k) - one for k in range(-near, near + 1)]
            after = np.array([((lag > 0) & (lag <= PRIORS.copied_within)).sum() for lag in lags])
            before = np.array([((lag < 0) & (lag >= -PRIORS.copied_within)).sum() for lag in lags])
            excess = (after - after.mean() - before + before.mean())[near]
            spread = np.sqrt(after[near] + before[near] + 1)
            if excess > max(PRIORS.copied_excess * spread, PRIORS.copied_share * len(one)):
                found.append((first, second))
    return found


def covering(start: Ints, stop: Ints, days: Ints, group: Ints, n_groups: int) -> Ints:
    """Spells of each group that cover each of some sorted days, shape (n_groups, n_days)."""
    begin = np.searchsorted(days, start, side="left")
    end = np.maximum(np.searchsorted(days, stop, side="left"), begin)
    width = len(days) + 1
    steps = bincount(group * width + begin, minlength=n_groups * width)
    steps -= bincount(group * width + end, minlength=n_groups * width)
    return np.cumsum(steps.reshape(-1, width), axis=1)[:, :-1].astype(np.int64)


def per_day(start: Ints, stop: Ints, first: int, n_days: int) -> Ints:
    """Spells that cover each of the days first, first + 1, ...; a spell covers start, ..., stop - 1."""
    days = np.arange(first, first + n_days)
    return np.asarray(covering(start, stop, days, np.zeros_like(start), 1)[0])


def shared_at(start: Ints, stop: Ints, days: Ints) -> Ints:
    """Spells that cover both of two days, for every two of some sorted days, shape (n_days, n_days)."""
    n = len(days)
    begin = np.searchsorted(days, start, side="left")  # first of the days that the spell covers
    end = np.searchsorted(days, stop, side="left")  # first after them
    inside = begin < end
    hits = bincount(begin[inside] * (n + 1) + end[inside], minlength=(n + 1) ** 2).reshape(n + 1, n + 1)
    begun = np.cumsum(hits, axis=0)
    not_over = np.cumsum(begun[:, ::-1], axis=1)[:, ::-1]
    low = np.minimum.outer(np.arange(n), np.arange(n))
    high = np.maximum.outer(np.arange(n), np.arange(n))
    both: Ints = not_over[low, high + 1].astype(np.int64)
    return both


def epochs(owner: Ints, known: tuple[Ints, ...]) -> tuple[Ints, Ints, Ints, Ints]:
    """Spans of days over which what is known of each owner does not change.

    Parameters
    ----------
    owner : ndarray of int64
        Whose row it is: every number from 0 on is in use.
    known : tuple of ndarray of int64
        Days on which something of each row became known; `NEVER` where nothing did.

    Returns
    -------
    tuple of ndarray of int64
        Owner, first day, and first day after each span, sorted by owner and day; and for each pair of a span
        and a row of its owner the numbers of both, shape (2, n_pairs).
    """
    owners, days = np.tile(owner, len(known)), np.concatenate(known)
    keep = days < NEVER
    order = np.lexsort((days[keep], owners[keep]))
    whose, begin = owners[keep][order], days[keep][order]
    new = np.append(True, (whose[1:] != whose[:-1]) | (begin[1:] != begin[:-1]))
    whose, begin = whose[new], begin[new]
    end = np.append(np.where(whose[1:] == whose[:-1], begin[1:], NEVER), NEVER)
    rows = np.argsort(owner, kind="stable")
    n_rows = bincount(owner)
    first_row = np.cumsum(n_rows) - n_rows
    times = n_rows[whose]
    span = repeat(np.arange(len(whose)), times)
    within = np.arange(len(span)) - repeat(np.cumsum(times) - times, times)
    return whose, begin, end, np.stack([span, rows[first_row[whose[span]] + within]])


@dataclass(frozen=True)
class Covered:
    """Stretches of days over which somebody is taken to be held; days since 1970.

    Parameters
    ----------
    code : ndarray of uint64
        On which lists the person stands: list k is bit k.
    start, stop : ndarray of int64
        The stretch covers the days start, ..., stop - 1.
    """

    code: NDArray[np.uint64]
    start: Ints
    stop: Ints


def covered(spells: Spells) -> Covered:
    """Stretches of spells that are all known."""
    return Covered(spells.code, spells.entered, spells.left)


def as_known_daily(rows: Rows) -> Covered:
    """Stretches over which somebody is taken to be held on what was known on each day itself."""
    _, owner = np.unique(rows.person, return_inverse=True)
    _, begin, end, (span, row) = epochs(owner, (rows.listed, rows.left_known))
    there = rows.listed[row] <= begin[span]
    span, row = span[there], row[there]
    found = rows.take(row)
    reported = found.left_known <= begin[span]
    spells = joined(
        replace(
            found,
            person=span,
            left_first=np.where(reported, found.left_first, NEVER),
            left_last=np.where(reported, found.left_last, NEVER),
        )
    )
    return Covered(
        spells.code,
        np.maximum(spells.entered, begin[spells.owner]),
        np.minimum(spells.left, end[spells.owner]),
    )


def codes_at(stretches: Covered, days: Ints) -> tuple[NDArray[np.uint64], Ints]:
    """Codes, and persons with each on each of some sorted days, shape (n_codes, n_days)."""
    codes, position = np.unique(stretches.code, return_inverse=True)
    return codes, covering(stretches.start, stretches.stop, days, position, len(codes))
