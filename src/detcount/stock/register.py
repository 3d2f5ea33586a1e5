"""Figures of one source on persons held and arrests, and checks that they hold together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from detcount._numerics.stock.balance import exits_at_least, least_backlog
from detcount.data.published import PublishedArrests, PublishedStock
from detcount.data.published.reading import as_date, days_between
from detcount.words import Message

_WEEK = np.timedelta64(1, "W")
Days: TypeAlias = dict[np.datetime64, list[int]]
Flows: TypeAlias = dict[np.datetime64, int]


@dataclass(frozen=True)
class Tuning:
    """Thresholds of what counts as the same days, for bulletins that come about once a week.

    None is estimated, and none widens a bound: figures beyond them are left out, or are named.

    Parameters
    ----------
    longest_week : int, days
        Longest span between two bulletins whose printed flows stand for all of it. Convention: a week
        and a half.
    begins_within : int, days
        Days by which a running total may begin after the first bulletin, or end before the last.
        Convention: a week.
    reaches_beyond : int, days
        Days by which the bulletins around a count of releases may reach beyond it. Convention: three
        weeks.
    gap : int, days
        Days without a total beyond which a gap is named. Convention: a month.
    bulletin_within : int, days
        Days between a day asked for and the bulletin that stands for it. Convention: three.
    window_beyond : int, days
        Days by which a window of releases may begin before the audited one, or end after it.
        Convention: two weeks.
    window_share : float, share
        Share of the audited days that a window must cover. Convention: half.
    window_same : int, days
        Days by which two windows of the same days may differ at either end. Convention: two.
    fewest_spans : int, spans
        Spans from which the entries that a running total lacks are described. Convention: three.
    """

    longest_week: int = 10
    begins_within: int = 7
    reaches_beyond: int = 21
    gap: int = 31
    bulletin_within: int = 3
    window_beyond: int = 14
    window_share: float = 0.5
    window_same: int = 2
    fewest_spans: int = 3


TUNING = Tuning()


@dataclass(frozen=True)
class BulletinBalance:
    """Check of the flows that a bulletin prints against the change of the stock.

    Parameters
    ----------
    previous, date : datetime.date
        Days of two bulletins in a row.
    change : int
        Persons held at the second, less those at the first.
    entered, released : int
        Persons newly held and let out, as the second prints them.
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
    """Check of the growth of a running total of arrests against the entries between two figures.

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
        True where a bulletin prints a flow within the span; otherwise the backlog is unknown.
    """

    previous: dt.date
    date: dt.date
    added: int
    entered_at_least: int
    backlog_at_least: int
    checked: bool


@dataclass(frozen=True)
class Register:
    """Figures of one source on persons held and arrests, by day.

    Of several figures a day the one that the printed flows explain is taken, or all where they explain none.
    """

    source: str
    event: str
    held: Days
    totals: Days
    entered: Flows
    released: Flows

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

    def spans(self, first: np.datetime64, last: np.datetime64) -> list[tuple[np.datetime64, np.datetime64]]:
        """Bulletins of a window, each with the one before it."""
        return list(pairwise(day for day in self.held if first <= day <= last))

    def flow(
        self, flows: Flows, previous: np.datetime64, day: np.datetime64, first: np.datetime64
    ) -> int | None:
        """Flow that a bulletin prints, if all of it falls after a day."""
        if day not in flows:
            return None
        since = previous if days_between(previous, day) <= TUNING.longest_week else day - _WEEK
        return flows[day] if since >= first else None

    def printed(self, first: np.datetime64, last: np.datetime64) -> bool:
        """Check that bulletins print the entries of every day of a window."""
        spans = self.spans(first, last)
        return bool(spans) and (
            (spans[0][0], spans[-1][1]) == (first, last)
            and all(
                day in self.entered and days_between(before, day) <= TUNING.longest_week
                for before, day in spans
            )
        )

    def printed_entries(self, first: np.datetime64, last: np.datetime64) -> int:
        """Entries that bulletins print for days after one and up to another."""
        return sum(
            self.flow(self.entered, before, day, first) or 0 for before, day in self.spans(first, last)
        )

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

    def late_entries(self, first: np.datetime64, last: np.datetime64, most: int) -> tuple[int, int]:
        """Bounds of entries that it lacks on one day less those on another, if so many at most on each."""
        seen = {check.date: check.backlog_at_least for check in self.checks}
        before, after = (seen.get(as_date(day), 0) for day in (first, last))
        return after - max(most, before), max(most, after) - before

    @cached_property
    def balances(self) -> tuple[BulletinBalance, ...]:
        """Bulletins whose flows can be held against the stock; of several figures those that fit best."""
        found = []
        for before, day in pairwise(self.held):
            if days_between(before, day) > TUNING.longest_week or not (
                day in self.entered and day in self.released
            ):
                continue
            options = [
                BulletinBalance(
                    as_date(before), as_date(day), now - then, self.entered[day], self.released[day]
                )
                for then in self.held[before]
                for now in self.held[day]
            ]
            found.append(min(options, key=lambda option: abs(option.unexplained)))
        return tuple(found)

    @cached_property
    def checks(self) -> tuple[TotalCheck, ...]:
        """Spans between two figures of the running total, held against the entries."""
        pairs = list(pairwise(self.totals))
        least, added, checked = [], [], []
        for before, day in pairs:
            spans = self.spans(before, day)
            released = [self.flow(self.released, *span, before) for span in spans]
            entered = [self.flow(self.entered, *span, before) for span in spans]
            must = self.printed_entries(before, day)
            if before in self.held and day in self.held:
                left = sum(flow or 0 for flow in released)
                must = max(must, self.held_at(day) - self.held_at(before) + left)
            least.append(must)
            added.append(self.total_at(day) - self.total_at(before))
            checked.append(any(flow is not None for flow in (*released, *entered)))
        backlog = least_backlog(np.array(least, dtype=np.int64), np.array(added, dtype=np.int64))
        return tuple(
            TotalCheck(
                as_date(pair[0]),
                as_date(pair[1]),
                added[k],
                least[k],
                int(backlog[k]),
                checked[k],
            )
            for k, pair in enumerate(pairs)
        )

    def notes(self, days: Sequence[np.datetime64]) -> list[str]:
        """Contradictions among its figures of some days."""
        notes: list[str] = [
            Message(
                "Several figures are published for {day}, {figures:and|,}; any of them may hold.",
                day=as_date(day),
                figures=self.held[day],
            )
            for day in days
            if len(set(self.held.get(day, ()))) > 1
        ]
        notes += [
            Message(
                "The running total of arrests fell from {first:,} to {second:,} between {before} and "
                "{after}, so it was corrected within the window.",
                first=self.total_at(before),
                second=self.total_at(day),
                before=as_date(before),
                after=as_date(day),
            )
            for before, day in pairwise(day for day in self.totals if days[0] <= day <= days[-1])
            if self.total_at(day) < self.total_at(before)
        ]
        open_ = [abs(balance.unexplained) for balance in self.balances if balance.unexplained]
        if open_:
            n = len(self.balances)
            notes.append(
                Message(
                    "In {n_open:,} of the {n_checked:,} bulletins that print both entries and releases and "
                    "can be held against the one before, the two do not explain the change of the total; the "
                    "largest gap is {most:,} persons.",
                    n_open=len(open_),
                    n_checked=n,
                    most=max(open_),
                )
            )
        return notes


def register_of(stock: PublishedStock, source: str) -> Register:
    """Read what one source prints of persons held, without a running total; "at least" takes no part."""
    held: Days = {}
    entered: Flows = {}
    released: Flows = {}
    for row in range(len(stock)):
        if stock.source[row] != source or stock.at_least[row]:
            continue
        day = stock.date[row]
        held.setdefault(day, []).append(int(stock.count[row]))
        for flows, cells in ((entered, stock.entered_in_week), (released, stock.released_in_week)):
            if not np.isnan(cells[row]):
                flows[day] = int(cells[row])
    for before, day in pairwise(tuple(held)):
        if days_between(before, day) <= TUNING.longest_week and day in entered and day in released:
            moved = {then + entered[day] - released[day] for then in held[before]}
            held[day] = [figure for figure in held[day] if figure in moved] or held[day]
    return Register(source, "", held, {}, entered, released)


def with_totals(
    register: Register,
    arrests: PublishedArrests,
    first: np.datetime64,
    last: np.datetime64,
    within: int | None = None,
) -> list[Register]:
    """Give the register with each running total of its source that begins by a day.

    Where days are given, it begins and ends within so many days of two others.
    """
    events: dict[str, Days] = {}
    starts: dict[str, set[str]] = {}
    for row in range(len(arrests)):
        if arrests.source[row] != register.source or arrests.at_least[row]:
            continue
        name = arrests.event[row]
        day = arrests.published[row] if np.isnat(arrests.end[row]) else arrests.end[row]
        events.setdefault(name, {}).setdefault(day, []).append(int(arrests.count[row]))
        starts.setdefault(name, set()).add(str(arrests.start[row]))
    near = None if within is None else np.timedelta64(within, "D")
    return [
        replace(register, event=name, totals={day: totals[day] for day in sorted(totals)})
        for name, totals in events.items()
        if len(starts[name]) == 1
        and "NaT" not in starts[name]
        and np.datetime64(min(starts[name]), "D") <= first
        and len(totals) >= 2
        and (near is None or (min(totals) <= first + near and max(totals) >= last - near))
    ]


def late_cases(
    arrests: PublishedArrests | None, source: str
) -> list[tuple[np.datetime64, np.datetime64, int]]:
    """Entries of which a register says that the people had been arrested before: first day, last, persons."""
    if arrests is None:
        return []
    return [
        (
            arrests.start[row],
            arrests.published[row] if np.isnat(arrests.end[row]) else arrests.end[row],
            int(arrests.count[row]),
        )
        for row in range(len(arrests))
        if arrests.source[row] == source
        and arrests.event[row] == "late-reported cases"
        and not np.isnat(arrests.start[row])
    ]
