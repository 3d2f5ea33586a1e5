"""What one source says of persons held and of arrests, and whether its figures hold together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.stock_flow import backlog_draws, exits_at_least, least_backlog
from detcount.errors import InputError, NotEstimableError
from detcount.published import PublishedArrests, PublishedStock
from detcount.published.days import as_date, days_between
from detcount.published.reading import no_such
from detcount.words import Message

METHOD = "stock_flow_audit"

REASON_NO_REGISTER = (
    "no source gives both persons held and a running total of arrests that begins before the window and "
    "reaches its end"
)

_LONGEST_WEEK = 10  # days between two bulletins whose printed flows can stand for the whole span
_WEEK = np.timedelta64(7, "D")


@dataclass(frozen=True)
class BulletinBalance:
    """Whether the flows that a bulletin prints explain the change of the stock.

    Parameters
    ----------
    previous, date : datetime.date
        Days of two bulletins in a row.
    change : int
        Persons held at the second, less those at the first.
    entered, released : int
        Persons newly held and let out, as the second prints them.

    Examples
    --------
    >>> import detcount as dc
    >>> days = ["2025-01-06", "2025-01-13"]
    >>> stock = dc.PublishedStock.from_frame(
    ...     {"date": days, "source": ["monitor"] * 2, "role": ["verified"] * 2, "count": [900, 870]}
    ... )
    >>> arrests = dc.PublishedArrests.from_frame(
    ...     {"published": days, "start": ["2024-07-29"] * 2, "end": days, "event": ["since"] * 2}
    ...     | {"source": ["monitor"] * 2, "role": ["verified"] * 2, "count": [2000, 2011]}
    ... )
    >>> audit = dc.stock.stock_flow_audit(stock, arrests, *days)
    >>> len(audit.balances)
    0
    """

    previous: dt.date
    date: dt.date
    change: int
    entered: int
    released: int

    @property
    def unexplained(self) -> int:
        """Persons added to the stock that the flows do not explain; below 0 if taken from it."""
        return self.change - (self.entered - self.released)


@dataclass(frozen=True)
class TotalCheck:
    """Whether a running total of arrests grew by what was entered between two of its figures.

    Parameters
    ----------
    previous, date : datetime.date
        Days of two figures in a row.
    added : int
        Growth of the running total, persons.
    entered_at_least : int
        Persons who must have entered the register in between, from the printed flows and the stock.
    backlog_at_least : int
        Entries that the total cannot hold yet at the second day, persons.
    checked : bool
        Whether a bulletin prints a flow within the span; otherwise the backlog says nothing.
    complete : bool
        Whether bulletins print the entries of the whole span.

    Examples
    --------
    >>> import detcount as dc
    >>> days = ["2025-01-06", "2025-01-13"]
    >>> stock = dc.PublishedStock.from_frame(
    ...     {"date": days, "source": ["monitor"] * 2, "role": ["verified"] * 2, "count": [900, 870]}
    ... )
    >>> arrests = dc.PublishedArrests.from_frame(
    ...     {"published": days, "start": ["2024-07-29"] * 2, "end": days, "event": ["since"] * 2}
    ...     | {"source": ["monitor"] * 2, "role": ["verified"] * 2, "count": [2000, 2011]}
    ... )
    >>> audit = dc.stock.stock_flow_audit(stock, arrests, *days)
    >>> len(audit.checks)
    1
    """

    previous: dt.date
    date: dt.date
    added: int
    entered_at_least: int
    backlog_at_least: int
    checked: bool
    complete: bool


@dataclass(frozen=True)
class Register:
    """What one source says of persons held and arrests, by day; several figures a day are all kept."""

    source: str
    event: str
    held: dict[np.datetime64, list[int]]
    totals: dict[np.datetime64, list[int]]
    entered: dict[np.datetime64, int]
    released: dict[np.datetime64, int]
    balances: tuple[BulletinBalance, ...] = ()
    checks: tuple[TotalCheck, ...] = ()

    @property
    def days(self) -> list[np.datetime64]:
        """Days with both figures."""
        return [day for day in self.held if day in self.totals]

    def held_at(self, day: np.datetime64) -> int:
        """Persons held: the figure published last."""
        return self.held[day][-1]

    def total_at(self, day: np.datetime64) -> int:
        """Running total of arrests: the figure published last."""
        return self.totals[day][-1]

    def held_draws(self, day: np.datetime64, n_draws: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """Draw between the figures of a day."""
        return rng.choice(np.array(self.held[day], dtype=np.int64), size=n_draws)

    def held_range(self, first: np.datetime64, last: np.datetime64) -> tuple[int, int]:
        """Smallest and largest fall of the stock between two days."""
        return min(self.held[first]) - max(self.held[last]), max(self.held[first]) - min(self.held[last])

    def spans(self, first: np.datetime64, last: np.datetime64) -> list[tuple[np.datetime64, np.datetime64]]:
        """Bulletins of a window, each with the one before it."""
        inside = [day for day in self.held if first <= day <= last]
        return list(pairwise(inside))

    def flow(
        self,
        flows: dict[np.datetime64, int],
        previous: np.datetime64,
        day: np.datetime64,
        first: np.datetime64,
    ) -> int | None:
        """Flow that a bulletin prints, if all of it falls after a day."""
        if day not in flows:
            return None
        since = previous if days_between(previous, day) <= _LONGEST_WEEK else day - _WEEK
        return flows[day] if since >= first else None

    def printed(self, first: np.datetime64, last: np.datetime64) -> bool:
        """Whether bulletins print the entries of every day of a window."""
        spans = self.spans(first, last)
        return (
            bool(spans)
            and spans[0][0] == first
            and spans[-1][1] == last
            and all(
                day in self.entered and days_between(before, day) <= _LONGEST_WEEK for before, day in spans
            )
        )

    def printed_entries(self, first: np.datetime64, last: np.datetime64) -> int:
        """Entries that bulletins print for days after one and up to another."""
        flows = [self.flow(self.entered, before, day, first) for before, day in self.spans(first, last)]
        return sum(flow for flow in flows if flow is not None)

    def exits_forced(self, first: np.datetime64, last: np.datetime64) -> int:
        """Exits that the counts of persons held force."""
        spans = self.spans(first, last)
        flows = [
            [self.flow(kind, before, day, before) or 0 for before, day in spans]
            for kind in (self.entered, self.released)
        ]
        return exits_at_least(
            np.array([min(self.held[before]) for before, _ in spans], dtype=np.int64),
            np.array([max(self.held[day]) for _, day in spans], dtype=np.int64),
            *(np.array(flow, dtype=np.int64) for flow in flows),
        )

    def backlogs(
        self, days: Sequence[np.datetime64], n_draws: int, rng: np.random.Generator
    ) -> list[NDArray[np.int64]]:
        """Draw what the running total lacks on some days, from the spans in which it is seen to lack."""
        observed = np.array([each.backlog_at_least for each in self.checks if each.checked], dtype=np.int64)
        smallest = [self.least_backlog(day) for day in days]
        drawn = backlog_draws(observed, tuple(least for least, _ in smallest), n_draws, rng)
        for draws, (least, known) in zip(drawn, smallest, strict=True):
            if known:
                draws[:] = least
        return drawn

    def least_backlog(self, day: np.datetime64) -> tuple[int, bool]:
        """Backlog that the total must have on a day, and whether printed entries leave no other."""
        for check in self.checks:
            if np.datetime64(check.date, "D") == day:
                return check.backlog_at_least, check.complete
        return 0, False


def chosen_register(
    stock: PublishedStock,
    arrests: PublishedArrests,
    first: np.datetime64,
    last: np.datetime64,
    source: str | None,
    event: str | None,
    within: int,
) -> Register:
    """Choose the source and its running total."""
    for what, name, known in (
        ("source", source, stock.sources),
        ("source", source, arrests.sources),
        ("event", event, arrests.event),
    ):
        if name is not None and name not in known:
            raise no_such(what, name, known)
    found = []
    for who in stock.sources if source is None else (source,):
        plain = register_of(stock, who)
        if len(plain.held) >= 2:
            for of, totals in _running_totals(arrests, who, first, last, within).items():
                if event in (None, of):
                    found.append(replace(plain, event=of, totals=totals))
    if not found:
        raise NotEstimableError(
            METHOD,
            Message(REASON_NO_REGISTER),
            Message("Add the bulletins that lack, or choose other days."),
        )
    if len(found) > 1:
        which = "source" if len({register.source for register in found}) > 1 else "event"
        raise InputError(
            Message(
                "{which}: {n} running totals fit, and only one register can be audited at a time. "
                "Name one {which}",
                which=which,
                n=len(found),
            )
        )
    (register,) = found
    return replace(register, balances=_balances(register), checks=_checks(register))


def register_of(stock: PublishedStock, source: str) -> Register:
    """What one source says of persons held, without a running total; counts of "at least" take no part."""
    held: dict[np.datetime64, list[int]] = {}
    entered: dict[np.datetime64, int] = {}
    released: dict[np.datetime64, int] = {}
    for row in range(len(stock)):
        if stock.source[row] != source or stock.at_least[row]:
            continue
        day = stock.date[row]
        held.setdefault(day, []).append(int(stock.count[row]))
        for flows, cells in ((entered, stock.entered_in_week), (released, stock.released_in_week)):
            if not np.isnan(cells[row]):
                flows[day] = int(cells[row])
    register = Register(source, "", held, {}, entered, released)
    return replace(register, balances=_balances(register))


def _running_totals(
    arrests: PublishedArrests, source: str, first: np.datetime64, last: np.datetime64, within: int
) -> dict[str, dict[np.datetime64, list[int]]]:
    """Totals of a source by event and day, of the events that can be running totals over the window."""
    events: dict[str, dict[np.datetime64, list[int]]] = {}
    starts: dict[str, set[str]] = {}
    for row in range(len(arrests)):
        if arrests.source[row] != source or arrests.at_least[row]:
            continue
        name = arrests.event[row]
        day = arrests.published[row] if np.isnat(arrests.end[row]) else arrests.end[row]
        events.setdefault(name, {}).setdefault(day, []).append(int(arrests.count[row]))
        starts.setdefault(name, set()).add(str(arrests.start[row]))
    running = {}
    near = np.timedelta64(within, "D")
    for name, totals in events.items():
        begins = starts[name]
        if len(begins) != 1 or "NaT" in begins or np.datetime64(min(begins), "D") > first:
            continue
        days = sorted(totals)
        if len(days) >= 2 and days[0] <= first + near and days[-1] >= last - near:
            running[name] = {day: totals[day] for day in days}
    return running


def _balances(register: Register) -> tuple[BulletinBalance, ...]:
    """Bulletins whose flows can be held against the stock; of several figures a day, those that fit best."""
    found = []
    for before, day in pairwise(register.held):
        if days_between(before, day) > _LONGEST_WEEK or not (
            day in register.entered and day in register.released
        ):
            continue
        options = [
            BulletinBalance(
                as_date(before), as_date(day), now - then, register.entered[day], register.released[day]
            )
            for then in register.held[before]
            for now in register.held[day]
        ]
        found.append(min(options, key=lambda option: abs(option.unexplained)))
    return tuple(found)


def _checks(register: Register) -> tuple[TotalCheck, ...]:
    """Spans between two figures of the running total, held against the entries."""
    pairs = list(pairwise(register.totals))
    least, added, checked, complete = [], [], [], []
    for before, day in pairs:
        spans = register.spans(before, day)
        released = [register.flow(register.released, *span, before) for span in spans]
        entered = [register.flow(register.entered, *span, before) for span in spans]
        must = register.printed_entries(before, day)
        if before in register.held and day in register.held:
            left = sum(flow for flow in released if flow is not None)
            must = max(must, register.held_at(day) - register.held_at(before) + left)
        least.append(must)
        added.append(register.total_at(day) - register.total_at(before))
        checked.append(any(flow is not None for flow in (*released, *entered)))
        complete.append(register.printed(before, day))
    backlog = least_backlog(np.array(least, dtype=np.int64), np.array(added, dtype=np.int64))
    return tuple(
        TotalCheck(
            as_date(before), as_date(day), added[k], least[k], int(backlog[k]), checked[k], complete[k]
        )
        for k, (before, day) in enumerate(pairs)
    )
