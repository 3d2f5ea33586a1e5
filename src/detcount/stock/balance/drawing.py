"""Draws of a register day by day, and of those who wait to be entered or to be struck off."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.stock.balance import entries_of_spans, on_days, waiting
from detcount.stock.balance.reading import Declared, Sheet

_TWO_SIDED = 1.959963984540054
_RECENT = 56  # days whose flows go on after the last bulletin
_RATE, _SPREAD = 0.002, 1.0  # entries a day for each person on the register, where nothing is printed


@dataclass(frozen=True)
class Drawn:
    """A register day by day; arrays of shape (n_draws, n_days).

    Parameters
    ----------
    register, entered, struck : ndarray of int64
        Persons on the register, entered, and struck off.
    waiting : ndarray of int64
        Persons held who are entered later.
    free : ndarray of int64
        Persons on the register who have left.
    """

    register: Ints
    entered: Ints
    struck: Ints
    waiting: Ints
    free: Ints


def log_normal(limits: tuple[float, float], n_draws: int, rng: np.random.Generator) -> Floats:
    """Draw from the log-normal distribution that has 95% between two limits; 0 and 0 is 0."""
    low, high = limits
    if high == 0 or low == high:
        return np.full(n_draws, float(high))
    middle, spread = (math.log(low) + math.log(high)) / 2, math.log(high / low) / (2 * _TWO_SIDED)
    return np.asarray(np.exp(middle + spread * rng.standard_normal(n_draws)), dtype=np.float64)


def draw_register(
    sheet: Sheet,
    delays: tuple[tuple[float, float], tuple[float, float], tuple[float, float]],
    n_draws: int,
    rng: np.random.Generator,
) -> Drawn:
    """Draw the register of a sheet; `delays` are limits of the mean days to entry, to late entry, to exit."""
    to_entry, to_late, to_strike = (log_normal(limits, n_draws, rng) for limits in delays)
    days = sheet.days
    totals = np.stack([rng.choice(np.array(each), size=n_draws) for each in sheet.figures], axis=1)
    change = np.diff(totals, axis=1)
    late = [_on_window(each, days, n_draws, rng) for each in sheet.declared]
    of_spans = _per_span(sum(late, np.zeros((n_draws, int(days[-1] - days[0]) + 1), dtype=np.int64)), days)
    struck = np.where(np.isnan(sheet.struck), sheet.part_struck, sheet.struck).astype(np.int64)
    forced = np.maximum(change + struck, sheet.part_entered).astype(np.int64)
    least = np.where(sheet.known, np.nan_to_num(sheet.entered), forced).astype(np.int64)
    least = np.maximum(least, of_spans)
    closed = sheet.known | ~np.isnan(sheet.struck)  # the total and one flow give the other
    entered = entries_of_spans(
        least, closed, np.diff(days), _blocks(sheet, n_draws, rng), _rates(sheet, n_draws, rng),
        _forced(sheet), rng,
    )  # fmt: skip
    both = sheet.known & ~np.isnan(sheet.struck)
    gone = np.where(both, struck, np.maximum(entered - change, 0))
    came = on_days(entered - of_spans, days, rng) + sum(late, 0)
    went = on_days(gone, days, rng)
    corrected = np.zeros_like(came)
    corrected[:, days[1:] - days[0]] = change - entered + gone
    register = np.maximum(totals[:, :1] + np.cumsum(came - went + corrected, axis=1), 0)
    recent = slice(max(0, came.shape[1] - _RECENT), None)
    plain = came - sum(late, 0)
    still = rng.poisson(plain[:, recent].mean(axis=1) * to_entry)
    wait = waiting(plain, still, to_entry, rng)
    for declared, each in zip(sheet.declared, late, strict=True):
        wait += _waiting_late(declared, each, days, to_late, rng)
    free = waiting(went, rng.poisson(went[:, recent].mean(axis=1) * to_strike), to_strike, rng)
    return Drawn(register, came, went, wait, np.minimum(free, register))


def _on_window(declared: Declared, days: Ints, n_draws: int, rng: np.random.Generator) -> Ints:
    """Late entries on the days of their window, each as likely."""
    found = np.zeros((n_draws, int(days[-1] - days[0]) + 1), dtype=np.int64)
    length = declared.end - declared.start + 1
    first = declared.start - int(days[0])
    found[:, first : first + length] = rng.multinomial(
        np.full(n_draws, declared.count), np.full(length, 1 / length)
    )
    return found


def _per_span(daily: Ints, days: Ints) -> Ints:
    """Sums over the spans between bulletins."""
    whole = np.cumsum(daily, axis=1)[:, days - days[0]]
    return np.asarray(np.diff(whole, axis=1), dtype=np.int64)


def _waiting_late(
    declared: Declared, daily: Ints, days: Ints, mean: Floats, rng: np.random.Generator
) -> Ints:
    """Those of a window of late entries who are held and not entered yet: all of them on the day before."""
    found = np.zeros_like(daily)
    first, last = declared.start - int(days[0]), declared.end - int(days[0])
    found[:, first : last + 1] = declared.count - np.cumsum(daily[:, first : last + 1], axis=1)
    until = first  # those before are arrested one by one
    earlier = waiting(
        np.zeros((len(daily), until), dtype=np.int64), np.full(len(daily), declared.count), mean, rng
    )
    found[:, :until] = earlier
    return found


def _blocks(sheet: Sheet, n_draws: int, rng: np.random.Generator) -> list[tuple[int, int, Ints]]:
    """Entries between bulletins that give the running total: its growth, and what its backlog grew by."""
    if not sheet.growth:
        return []
    held = list(sheet.register.held)
    places = sorted({place for first, last, _ in sheet.growth for place in (first, last)})
    drawn = sheet.register.backlogs([held[place] for place in places], n_draws, rng)
    behind = dict(zip(places, drawn, strict=True))
    return [(first, last, grown + behind[last] - behind[first]) for first, last, grown in sheet.growth]


def _rates(sheet: Sheet, n_draws: int, rng: np.random.Generator) -> Floats:
    """Entries a day, from what is printed of entries or of the running total, or else by the prior."""
    lengths = np.diff(sheet.days)
    count, days = float(np.nansum(sheet.entered)), float(lengths[sheet.known].sum())
    for first, last, grown in sheet.growth:
        count += grown
        days += float(lengths[first:last].sum())
    if days:
        return np.asarray(rng.gamma(count + 0.5, 1 / days, size=n_draws), dtype=np.float64)
    usual = _RATE * float(np.median(sheet.least))
    return np.asarray(usual * np.exp(_SPREAD * rng.standard_normal(n_draws)), dtype=np.float64)


def _forced(sheet: Sheet) -> list[tuple[int, int, int]]:
    """Entries that releases which the register counted force: it lost fewer than were let out.

    Where the running total tells the entries it is not overruled: some may never have been on the
    register.
    """
    return [
        (first, last, int(sheet.least[last] - sheet.most[first]) + count)
        for first, last, count in sheet.verified
        if not any(first < until and begin < last for begin, until, _ in sheet.growth)
    ]
