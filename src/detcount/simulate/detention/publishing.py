"""What is written down and published of an invented system of detention."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from detcount._numerics.arrays import Ints
from detcount.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.simulate.detention.happening import NOT, Known
from detcount.simulate.detention.parts import DetaineeList, ReleaseWave

_EVERY = 7  # days between two bulletins


def rows_of_lists(
    entered: Ints,
    left: Ints,
    status: Ints,
    known: Known,
    lists: tuple[DetaineeList, ...],
    n_days: int,
    first_day: dt.date,
    rng: np.random.Generator,
) -> dict[str, list[Any]]:
    """A row for each person on each list, as written on the last day; persons have invented codes."""
    names = ("released", "dead", "house arrest")
    rows: dict[str, list[Any]] = {
        name: [] for name in ("person", "list", "entered", "left", "status", "listed_on", "left_known_on")
    }
    for k, each in enumerate(lists):
        who = np.flatnonzero(known.listed[:, k] < n_days)
        told = known.exit_known[who, k] < n_days
        by_month = rng.random((len(who), 2)) < each.partial
        for position, person in enumerate(who.tolist()):
            out = bool(told[position])
            rows["person"].append(f"person {person}")
            rows["list"].append(each.name)
            rows["entered"].append(written(first_day, entered[person], by_month[position, 0]))
            rows["left"].append(written(first_day, left[person], by_month[position, 1]) if out else None)
            rows["status"].append(names[status[person]] if out else "inside")
            rows["listed_on"].append(written(first_day, known.listed[person, k], False))
            heard = known.exit_known[person, k]
            rows["left_known_on"].append(written(first_day, heard, False) if out else None)
    return rows


def written(first_day: dt.date, number: int, by_month: bool) -> str:
    """A day as text, or its month."""
    day = first_day + dt.timedelta(days=int(number))
    return day.isoformat()[:7] if by_month else day.isoformat()


def bulletins(
    name: str, listed: Ints, exit_known: Ints, n_days: int, first_day: dt.date, missing: float, rng: Any
) -> PublishedStock:
    """Weekly totals of one register: those on it less those struck off, with what came and went since."""
    days = range(_EVERY - 1, n_days, _EVERY)
    kept = [day for day in days if rng.random() >= missing] or [days[-1]]
    rows: dict[str, list[Any]] = {
        each: [] for each in ("date", "source", "role", "count", "entered_in_week", "released_in_week")
    }
    before: int | None = None
    for day in kept:
        rows["date"].append(written(first_day, day, False))
        rows["source"].append(name)
        rows["role"].append("verified")
        rows["count"].append(int(((listed <= day) & (exit_known > day)).sum()))
        since = -NOT if before is None else before
        came = int(((listed > since) & (listed <= day)).sum())
        went = int(((exit_known > since) & (exit_known <= day)).sum())
        rows["entered_in_week"].append(np.nan if before is None else came)
        rows["released_in_week"].append(np.nan if before is None else went)
        before = day
    return PublishedStock.from_frame(rows, allow_future=True)


def running_totals(
    stock: PublishedStock, listed: Ints, first_day: dt.date, stale: float, rng: Any
) -> PublishedArrests:
    """Running total of those entered on the register, which sometimes stands still for a bulletin."""
    rows: dict[str, list[Any]] = {
        each: [] for each in ("published", "source", "role", "event", "start", "end", "count")
    }
    total = 0
    for position, date in enumerate(stock.date.astype(object).tolist()):
        if position == 0 or rng.random() >= stale:
            total = int((listed <= (date - first_day).days).sum())
        rows["published"].append(date)
        rows["source"].append(stock.source[position])
        rows["role"].append("verified")
        rows["event"].append("arrests")
        rows["start"].append(first_day)
        rows["end"].append(date)
        rows["count"].append(total)
    return PublishedArrests.from_frame(rows, allow_future=True)


def announced(
    left: Ints, waves: tuple[ReleaseWave, ...], n_days: int, first_day: dt.date, inflation: float
) -> PublishedReleases | None:
    """What the authority says of each wave: more than happened, where it inflates."""
    rows: dict[str, list[Any]] = {
        each: [] for each in ("published", "source", "role", "event", "start", "end", "count")
    }
    for wave in sorted(waves, key=lambda wave: wave.day):
        last = wave.day + wave.days - 1
        if not 0 <= wave.day <= last < n_days:
            continue
        truly = int(((left >= wave.day) & (left <= last)).sum())
        rows["published"].append(written(first_day, last, False))
        rows["source"].append("ministry")
        rows["role"].append("announced")
        rows["event"].append(f"wave of day {wave.day}")
        rows["start"].append(written(first_day, wave.day, False))
        rows["end"].append(written(first_day, last, False))
        rows["count"].append(round(truly * (1 + inflation)))
    return PublishedReleases.from_frame(rows, allow_future=True) if rows["count"] else None
