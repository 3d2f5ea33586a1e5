"""One register's published figures: its totals by day, the flows it prints, and when waves were announced."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Floats, Ints
from detcount.errors import InputError, NotEstimableError
from detcount.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.published.reading import no_such
from detcount.words import Message

METHOD = "IntegratedStock"

_LONGEST_WEEK = 10  # days between two bulletins whose printed flows can stand for the whole span
_WEEK = 7
_LONGEST_WAVE = 21  # days of a window of announced releases that tells when a wave was


@dataclass(frozen=True)
class Spans:
    """Figures that each cover a span: after the end of one day, up to the end of another.

    Parameters
    ----------
    first, last : ndarray of int64, shape (n_spans,)
        Days since 1970.
    count : ndarray of float64, shape (n_spans,)
        Persons.
    """

    first: Ints
    last: Ints
    count: Floats


NO_SPANS = Spans(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0))
"""No figures."""


@dataclass(frozen=True)
class Figures:
    """What one register prints.

    Parameters
    ----------
    source : str
        Whose register.
    days, totals : ndarray of int64, shape (n_days,)
        Days since 1970, increasing, and persons on the register.
    entered, struck_off, change : Spans
        Entries and exits as printed, and the change of the total over spans that do not print both.
    notes : tuple of str
        What was chosen or left out.
    """

    source: str
    days: Ints
    totals: Ints
    entered: Spans
    struck_off: Spans
    change: Spans
    notes: tuple[str, ...]


def read_register(stock: PublishedStock, source: str | None) -> Figures:
    """Read the figures of one source; None where only one publishes."""
    if source is None:
        if len(stock.sources) > 1:
            raise InputError(
                Message(
                    "register: {n} sources publish how many are held, and the model is of one register. "
                    "Name one of {names!r:or}",
                    n=len(stock.sources),
                    names=list(stock.sources),
                )
            )
        (source,) = stock.sources
    elif source not in stock.sources:
        raise no_such("source", source, stock.sources)
    mine = np.array([name == source for name in stock.source])
    exact = mine & ~stock.at_least
    verified = exact & np.array([role == "verified" for role in stock.role])
    kept = np.flatnonzero(verified if verified.sum() >= 2 else exact)
    notes: list[str] = []
    if len(kept) < mine.sum():
        notes.append(
            Message.counted(
                "1 total of the register says no more than a lower limit, or is not its own: it is left out.",
                "{n:,} totals of the register say no more than a lower limit, or are not its own: they are "
                "left out.",
                n=int(mine.sum() - len(kept)),
            )
        )
    rows, doubled = _one_a_day(stock, kept)
    if doubled:
        notes.append(
            Message.counted(
                "1 day has two totals that differ: the one that the printed flows lead to is taken, or else "
                "the later one.",
                "{n:,} days have two totals that differ: the one that the printed flows lead to is taken, or "
                "else the later one.",
                n=doubled,
            )
        )
    if len(rows) < 2:
        raise NotEstimableError(
            METHOD,
            Message("the register has fewer than two totals of different days"),
            Message("Add bulletins of the same source."),
        )
    days = stock.date[rows].astype("datetime64[D]").astype(np.int64)
    totals = stock.count[rows].astype(np.int64)
    if not totals.any():
        raise NotEstimableError(
            METHOD, Message("all totals of the register are 0"), Message("Take another register.")
        )
    came, went = stock.entered_in_week[rows], stock.released_in_week[rows]
    return Figures(source, days, totals, *_flows(days, totals, came, went), tuple(notes))


def _one_a_day(stock: PublishedStock, kept: NDArray[np.intp]) -> tuple[NDArray[np.int64], int]:
    """A row for each day, and on how many days there were others."""
    chosen: list[int] = []
    doubled = 0
    days = stock.date[kept]
    for day in np.unique(days):
        rows = kept[days == day].tolist()
        if len({int(stock.count[row]) for row in rows}) > 1:
            doubled += 1
        fits = [row for row in rows if chosen and _balances(stock, chosen[-1], row)]
        chosen.append(fits[-1] if fits else rows[-1])
    return np.array(chosen, dtype=np.int64), doubled


def _balances(stock: PublishedStock, before: int, row: int) -> bool:
    """Whether the flows of a bulletin lead from the total before to its own."""
    flow = stock.entered_in_week[row] - stock.released_in_week[row]
    return bool(stock.count[before] + flow == stock.count[row])


def _flows(days: Ints, totals: Ints, came: Floats, went: Floats) -> tuple[Spans, Spans, Spans]:
    """Printed entries and exits by span, and changes of the total where not both are printed.

    Flows that lead from one total to the next are of all the days between; others are of one week.
    """
    entered: list[tuple[int, int, float]] = []
    struck: list[tuple[int, int, float]] = []
    change: list[tuple[int, int, float]] = []
    for k, (before, day) in enumerate(pairwise(days.tolist()), start=1):
        moved = float(totals[k] - totals[k - 1])
        both = moved == came[k] - went[k]
        since = before if both or day - before <= _LONGEST_WEEK else day - _WEEK
        if came[k] == came[k]:
            entered.append((since, day, float(came[k])))
        if went[k] == went[k]:
            struck.append((since, day, float(went[k])))
        if not both:
            change.append((before, day, moved))
    return _spans(entered), _spans(struck), _spans(change)


def totals_of(arrests: PublishedArrests, figures: Figures) -> Spans:
    """Growth of the running total of the register's source, between the days on which it grew.

    A running total that stands still is stale: the span is joined to the next. What falls is left out.
    """
    events: dict[str, dict[int, int]] = {}
    starts: dict[str, set[str]] = {}
    for row in range(len(arrests)):
        if arrests.source[row] != figures.source or arrests.at_least[row]:
            continue
        day = arrests.published[row] if np.isnat(arrests.end[row]) else arrests.end[row]
        number = int(day.astype("datetime64[D]").astype(np.int64))
        events.setdefault(arrests.event[row], {})[number] = int(arrests.count[row])
        starts.setdefault(arrests.event[row], set()).add(str(arrests.start[row]))
    running = {
        name: totals
        for name, totals in events.items()
        if len(totals) > 1 and len(starts[name]) == 1 and "NaT" not in starts[name]
    }
    if not running:
        return _spans([])
    totals = max(running.values(), key=len)
    grown: list[tuple[int, int, float]] = []
    at, value = min(totals), totals[min(totals)]
    for day in sorted(totals)[1:]:
        if totals[day] > value and at >= figures.days[0] and day <= figures.days[-1]:
            grown.append((at, day, float(totals[day] - value)))
        if totals[day] > value:
            at, value = day, totals[day]
    return _spans(grown)


def wave_spans(releases: PublishedReleases) -> Spans:
    """Windows of some days in which releases are said to have happened, whoever says it."""
    found = set()
    for row in range(len(releases)):
        start, end = releases.start[row], releases.end[row]
        if np.isnat(start):
            continue
        last = releases.published[row] if np.isnat(end) else end
        first, to = (int(day.astype("datetime64[D]").astype(np.int64)) for day in (start, last))
        if 0 <= to - first < _LONGEST_WAVE and releases.count[row] > 0:
            found.add((first - 1, to, float(releases.count[row])))
    return _spans(sorted(found))


def _spans(rows: list[tuple[int, int, float]]) -> Spans:
    """Rows as arrays."""
    return Spans(
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([row[1] for row in rows], dtype=np.int64),
        np.array([row[2] for row in rows], dtype=np.float64),
    )
