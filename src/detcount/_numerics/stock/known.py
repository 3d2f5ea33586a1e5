"""Spells as they were known on each day, or on one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Ints
from detcount._numerics.stock.days import epochs
from detcount._numerics.stock.spells import NEVER, Spells, joined


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


def as_known_daily(
    person: Ints,
    on: Ints,
    entered_first: Ints,
    entered_last: Ints,
    left_first: Ints,
    left_last: Ints,
    listed: Ints,
    left_known: Ints,
) -> Covered:
    """Stretches over which somebody is taken to be held on what was known on each day itself."""
    _, owner = np.unique(person, return_inverse=True)
    _, begin, end, (span, row) = epochs(owner, (listed, left_known), NEVER)
    there = listed[row] <= begin[span]
    span, row = span[there], row[there]
    told = left_known[row] <= begin[span]
    spells = joined(
        span,
        on[row],
        entered_first[row],
        entered_last[row],
        np.where(told, left_first[row], NEVER),
        np.where(told, left_last[row], NEVER),
        listed[row],
    )
    return Covered(
        spells.code,
        np.maximum(spells.entered, begin[spells.owner]),
        np.minimum(spells.left, end[spells.owner]),
    )


def codes_at(stretches: Covered, days: Ints) -> tuple[NDArray[np.uint64], Ints]:
    """Codes, and persons with each on each of some sorted days, shape (n_codes, n_days)."""
    codes, position = np.unique(stretches.code, return_inverse=True)
    begin = np.searchsorted(days, stretches.start, side="left")
    end = np.maximum(np.searchsorted(days, stretches.stop, side="left"), begin)
    width = len(days) + 1
    size = len(codes) * width
    steps = np.bincount(position * width + begin, minlength=size)
    steps -= np.bincount(position * width + end, minlength=size)
    return codes, np.cumsum(steps.reshape(-1, width), axis=1)[:, :-1].astype(np.int64)
