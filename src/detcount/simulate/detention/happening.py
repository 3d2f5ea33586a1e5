"""Events of an invented system of detention, and what lists come to know of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from detcount._numerics.arrays import Ints
from detcount.data.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.simulate.detention.parts import Burst, DetaineeList, ReleaseWave, Surge


@dataclass(frozen=True)
class Tuning:
    """Times of invented detention.

    Parameters
    ----------
    never : int, day
        A day that does not come. Convention: beyond every calendar.
    before : int, days
        Days before day 0 over which those held on it were arrested. Convention: two years.
    brief : float, days
        Mean stay of those who leave soon. Convention: invented.
    every : int, days
        Days between two bulletins. Convention: a week.
    """

    never: int = 1_000_000
    before: int = 720
    brief: float = 12.0
    every: int = 7


TUNING = Tuning()
NOT = TUNING.never


@dataclass(frozen=True)
class Known:
    """Day on which each list named each person, and knew of the exit; shape (n_persons, n_lists)."""

    listed: Ints
    exit_known: Ints


def happen(
    daily: float,
    bursts: tuple[Burst, ...],
    brief: float,
    stay: float,
    waves: tuple[ReleaseWave, ...],
    n_days: int,
    rng: np.random.Generator,
) -> tuple[Ints, Ints]:
    """Days of arrest and exit of all who were held on some day."""
    usual = rng.poisson(daily * (n_days + TUNING.before))
    entered = [rng.integers(-TUNING.before, n_days, size=usual)]
    for burst in bursts:
        size = rng.poisson(burst.arrests)
        entered.append(rng.integers(burst.day, burst.day + burst.days, size=size))
    days = np.sort(np.concatenate(entered))
    length = np.where(
        rng.random(len(days)) < brief,
        rng.exponential(TUNING.brief, len(days)),
        rng.exponential(stay, len(days)),
    )
    left = days + length.astype(np.int64)
    for wave in sorted(waves, key=lambda wave: wave.day):
        caught = (days < wave.day) & (left > wave.day) & (rng.random(len(days)) < wave.share)
        out = wave.day + rng.integers(0, wave.days, size=len(days))
        left = np.where(caught, np.minimum(left, out), left)
    held = (left > np.maximum(days, 0)) & (days < n_days)
    return days[held], left[held]


def listing(
    entered: Ints,
    left: Ints,
    findable: NDArray[np.bool_],
    lists: tuple[DetaineeList, ...],
    dependence: float,
    surge: Surge | None,
    rng: np.random.Generator,
) -> Ints:
    """Day on which each list named each person, shape (n_persons, n_lists); `NOT` for never.

    Lists look for people who are held: whoever left before a list came to the name is not entered.
    """
    n, names = len(entered), [each.name for each in lists]
    common = rng.standard_normal(n)
    listed = np.full((n, len(lists)), NOT, dtype=np.int64)
    for k, each in enumerate(lists):
        own = rng.standard_normal(n)
        score = np.sqrt(dependence) * common + np.sqrt(1 - dependence) * own
        day = np.maximum(entered + _waits(each.delay, n, rng), each.first_day)
        found = findable & (score < ndtri(each.share)) & (day < left)
        listed[:, k] = np.where(found, day, NOT)
    if surge is not None:
        k = names.index(surge.name)
        day = surge.day + rng.integers(0, surge.days, size=n)
        found = findable & (rng.random(n) < surge.share) & (entered <= surge.day) & (day < left)
        listed[:, k] = np.minimum(listed[:, k], np.where(found, day, NOT))
    before = listed.copy()
    for k, each in enumerate(lists):
        if each.forwards is not None:
            other = names.index(each.forwards[0])
            day = before[:, k] + rng.integers(0, 8, size=n)
            passed = (rng.random(n) < each.forwards[1]) & (day < left) & (day >= lists[other].first_day)
            listed[:, other] = np.minimum(listed[:, other], np.where(passed, day, NOT))
    return listed


def listing_exits(
    left: Ints, listed: Ints, lists: tuple[DetaineeList, ...], rng: np.random.Generator
) -> Ints:
    """Day on which each list knew of each exit, shape (n_persons, n_lists); `NOT` for never."""
    known = np.full(listed.shape, NOT, dtype=np.int64)
    for k, each in enumerate(lists):
        day = left + _waits(each.exit_delay, len(left), rng)
        reported = (rng.random(len(left)) >= each.exit_never) & (listed[:, k] < NOT)
        known[:, k] = np.where(reported, np.maximum(day, listed[:, k]), NOT)
    return known


def _waits(mean: float, n: int, rng: np.random.Generator) -> Ints:
    """Geometric numbers of days from 0."""
    return rng.geometric(1 / (1 + mean), size=n).astype(np.int64) - 1


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
    names = ("person", "list", "entered", "left", "status", "listed_on", "left_known_on")
    states = ("released", "dead", "house arrest")
    rows: list[tuple[Any, ...]] = []
    for k, each in enumerate(lists):
        who = np.flatnonzero(known.listed[:, k] < n_days)
        reported = known.exit_known[who, k] < n_days
        by_month = rng.random((len(who), 2)) < each.partial
        for person, out, months in zip(who.tolist(), reported.tolist(), by_month, strict=True):
            came = written(first_day, entered[person], months[0])
            went: tuple[str | None, str] = (None, "inside")
            if out:
                went = (written(first_day, left[person], months[1]), states[status[person]])
            heard = written(first_day, known.exit_known[person, k], False) if out else None
            seen = written(first_day, known.listed[person, k], False)
            rows.append(
                (f"person {person}", each.name, came, *(went if out else (None, "inside")), seen, heard)
            )
    return {name: [row[k] for row in rows] for k, name in enumerate(names)}


def written(first_day: dt.date, number: int, by_month: bool) -> str:
    """A day as text, or its month."""
    day = first_day + dt.timedelta(days=int(number))
    return day.isoformat()[:7] if by_month else day.isoformat()


def bulletins(
    name: str, listed: Ints, exit_known: Ints, n_days: int, first_day: dt.date, missing: float, rng: Any
) -> PublishedStock:
    """Weekly totals of one register: those on it less those removed, with what came and went since."""
    days = range(TUNING.every - 1, n_days, TUNING.every)
    retained = [day for day in days if rng.random() >= missing] or [days[-1]]
    names = ("date", "source", "role", "count", "entered_in_week", "released_in_week")
    rows: list[tuple[Any, ...]] = []
    before = -1
    for day in retained:
        flows = [int(((each > before) & (each <= day)).sum()) for each in (listed, exit_known)]
        came, went = flows if rows else (np.nan, np.nan)
        held = int(((listed <= day) & (exit_known > day)).sum())
        rows.append((written(first_day, day, False), name, "verified", held, came, went))
        before = day
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    return PublishedStock.from_frame(columns, allow_future=True)


def _counted(rows: list[tuple[Any, ...]]) -> dict[str, list[Any]]:
    """Columns of published counts."""
    names = ("published", "source", "role", "event", "start", "end", "count")
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def running_totals(
    stock: PublishedStock, listed: Ints, first_day: dt.date, stale: float, rng: Any
) -> PublishedArrests:
    """Running total of those entered on the register, which sometimes stands still for a bulletin."""
    rows: list[tuple[Any, ...]] = []
    total = 0
    for position, date in enumerate(stock.date.astype(object).tolist()):
        if position == 0 or rng.random() >= stale:
            total = int((listed <= (date - first_day).days).sum())
        rows.append((date, stock.source[position], "verified", "arrests", first_day, date, total))
    return PublishedArrests.from_frame(_counted(rows), allow_future=True)


def announced(
    left: Ints, waves: tuple[ReleaseWave, ...], n_days: int, first_day: dt.date, inflation: float
) -> PublishedReleases | None:
    """Publish the figures of the authority for each wave: more than happened, where it inflates."""
    rows: list[tuple[Any, ...]] = []
    for wave in sorted(waves, key=lambda wave: wave.day):
        last = wave.day + wave.days - 1
        if not 0 <= wave.day <= last < n_days:
            continue
        count = round(int(((left >= wave.day) & (left <= last)).sum()) * (1 + inflation))
        start, end = (written(first_day, day, False) for day in (wave.day, last))
        rows.append((end, "ministry", "announced", f"wave of day {wave.day}", start, end, count))
    return PublishedReleases.from_frame(_counted(rows), allow_future=True) if rows else None
