"""Rows of lists joined into spells: when a person was arrested and let out, as far as it is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Ints

LONG_AGO = -1_000_000  # days since 1970: a lower end that nobody knows
NEVER = 1_000_000  # no exit is known
ARRESTED_AGAIN = 60  # days between two arrests that are no slip of the pen
_APART = 4_000_000  # more than any two days lie apart


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

    A row begins another spell of its owner where it certainly entered when the spells before it were over;
    and where the arrest is more than `ARRESTED_AGAIN` days after those before it, the lists had named the
    person by then, and none knows a later day of exit: whoever is arrested again had left.
    """
    middle = np.where(entered_first == LONG_AGO, entered_last, (entered_first + entered_last) // 2)
    order = np.lexsort((left_last, middle, owner))
    owner, first = owner[order], entered_first[order]
    group = np.cumsum(np.append(True, owner[1:] != owner[:-1])) * _APART

    def so_far(values: Ints) -> Ints:
        return np.asarray(np.maximum.accumulate(group + values) - group)[:-1]

    over, latest = so_far(left_last[order]), so_far(first)
    dated = (left_last < NEVER) & (left_first > LONG_AGO)
    before = np.maximum(so_far(listed[order]), so_far(np.where(dated, left_last, LONG_AGO)[order]))
    new = np.append(True, owner[1:] != owner[:-1])
    new[1:] |= (first[1:] >= over) & (first[1:] > latest)
    new[1:] |= (first[1:] > so_far(entered_last[order]) + ARRESTED_AGAIN) & (before < first[1:])
    return order, new


def joined(
    owner: Ints,
    on: Ints,
    entered_first: Ints,
    entered_last: Ints,
    left_first: Ints,
    left_last: Ints,
    listed: Ints,
) -> Spells:
    """Join the rows of each owner into spells.

    An exit that one row knows holds for the spell. Where rows allow a common range of days it is taken, and
    else all from the first to the last. Nobody is listed before the arrest, or held twice at a time.
    """
    order, new = starts_of_spells(owner, entered_first, entered_last, left_first, left_last, listed)
    starts = np.flatnonzero(new)
    if not len(starts):
        none = np.zeros(0, dtype=np.int64)
        return Spells(none, none.astype(np.uint64), *[none] * 10)

    def least(values: Ints) -> Ints:
        return np.minimum.reduceat(values[order], starts)

    def most(values: Ints) -> Ints:
        return np.maximum.reduceat(values[order], starts)

    code = np.bitwise_or.reduceat(np.uint64(1) << on[order].astype(np.uint64), starts)
    e_low, e_high = most(entered_first), least(entered_last)
    e_apart = np.maximum(e_low - e_high, 0)
    e_low = np.where(e_apart > 0, least(entered_first), e_low)
    e_high = np.where(e_apart > 0, most(entered_last), e_high)
    e_high = np.maximum(np.minimum(e_high, least(listed)), e_low)
    entered = np.where(e_low == LONG_AGO, e_high, (e_low + e_high) // 2)

    out = left_last < NEVER
    x_low, x_high = most(np.where(out, left_first, LONG_AGO)), least(left_last)
    gone = x_high < NEVER
    x_apart = np.where(gone, np.maximum(x_low - x_high, 0), 0)
    x_low = np.where(x_apart > 0, least(np.where(out, left_first, NEVER)), x_low)
    x_high = np.where(x_apart > 0, most(np.where(out, left_last, LONG_AGO)), x_high)
    whose = owner[order][starts]
    followed = np.append(whose[1:] == whose[:-1], False)
    x_high = np.where(followed, np.minimum(x_high, np.append(e_high[1:], NEVER)), x_high)
    gone = x_high < NEVER
    x_low = np.where(gone, np.maximum(np.where(x_low < NEVER, x_low, LONG_AGO), e_low), NEVER)
    x_high = np.where(gone, np.maximum(x_high, x_low), NEVER)
    after = np.maximum(x_low, entered)
    left = np.where(gone, (after + np.maximum(x_high, after) + 1) // 2, NEVER)
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
