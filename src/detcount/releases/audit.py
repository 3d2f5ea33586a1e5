"""The stock-flow audit: how many people left a monitor's register, from its own stock and arrests."""

from __future__ import annotations

import datetime as dt
import math
import operator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from detcount import arguments
from detcount._numerics.stock_flow import (
    backlog_draws,
    exits_at_least,
    least_backlog,
    split_draws,
    uniform_draws,
)
from detcount.assumptions import Assumption
from detcount.definition import require_comparable
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import UncertainCount, provenance
from detcount.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.published.days import read_day
from detcount.published.reading import no_such
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BulletinBalance", "StockFlowAudit", "TotalCheck", "stock_flow_audit"]

NOTE_EXITS = (
    "Exits are people who left the register of {source}: most were released, some may have gone to house "
    "arrest, died or been struck off. People it never listed are not among them."
)
NOTE_MOVED = (
    "No bulletin gives both figures for {day}; that of {used} is used, and the window is from {start} "
    "to {end}."
)
NOTE_BEHIND = (
    "The running total of arrests was behind the entries that bulletins print in {n_behind:,} of the "
    "{n_checked:,} spans that can be checked, by up to {most:,} persons. The interval supposes that it was "
    "like "
    "that on the first and on the last day."
)
NOTE_NEVER_BEHIND = (
    "The running total of arrests was never seen behind the entries that bulletins print, in {n_checked:,} "
    "spans that can be checked, so the interval has no width from it; so few spans exclude no shortfall."
)
NOTE_UNCHECKED = (
    "Nothing in the series says how complete the running total of arrests was, so only bounds are given "
    "beside the {implied:,} exits that it implies as it stands."
)
NOTE_ALL_PRINTED = (
    "Every bulletin of the window prints the entries, so that those are used in place of the running total."
)
NOTE_SHORT = (
    "The running total as it stands implies {implied:,} exits, fewer than the {low:,} that the stock "
    "forces: it "
    "lacks entries, and the interval rests on the shortfalls seen elsewhere."
)
NOTE_GIVEN = (
    "The entries that the running total does not hold are taken as stated, {low:,} to {high:,} persons, "
    "and not "
    "judged from the series."
)
NOTE_BALANCE = (
    "In all {n_checked:,} bulletins that print both entries and releases and can be held against the one "
    "before, the two explain the change of the stock to the person."
)
NOTE_NOT_BALANCED = (
    "In {n_open:,} of the {n_checked:,} bulletins that print both entries and releases and can be held "
    "against "
    "the one before, the two do not explain the change of the stock; the largest gap is {most:,} persons."
)
NOTE_NO_DEATHS = "Deaths in custody are not taken out of the exits."
NOTE_LATE_CASES = (
    "{source} itself counts {count:,} people detained earlier who were entered between {start} and {end}; "
    "the "
    "running total of arrests is taken to hold them."
)
NOTE_TWO_FIGURES = "Several figures are published for {day}, {figures:and|,}; each is given the same weight."
NOTE_INTERPOLATED = (
    "No bulletin gives both figures for {day}: what happened between {before} and {after} is split there in "
    "proportion to the days on average, with a stated prior, and the bounds allow every split."
)
NOTE_FELL = (
    "The running total of arrests fell from {first:,} to {second:,} between {before} and {after}, so it was "
    "corrected within the window; entries are then less certain than the interval says."
)
NOTE_NO_CEILING = "The exits have no upper bound: cases may have been entered that no total holds."

REASON_FORCED = (
    "the stock of {source} forces at least {low:,} exits, and its arrests as they stand allow {implied:,}"
)
REMEDY_FORCED = "The running total lacks entries: give late_entries, or choose other days."
ADVICE_FORCED = "The running total lacks entries: choose other days, or ask how many were entered late."
REASON_NO_REGISTER = (
    "no source gives both persons held and a running total of arrests that begins before the window and "
    "reaches its end"
)
REASON_NOT_BETWEEN = "{day} does not lie between two bulletins of {source} that give both figures"
REASON_NO_BULLETIN = (
    "no bulletin of {source} within {within} days of {day} gives both persons held and the running total of "
    "arrests"
)
REMEDY_SPLIT = (
    "The nearest that does is of {days:or}; take one of them, or interpolate=True to split the span between "
    "them."
)

_NAME = "stock_flow_audit"
_LATE_CASES = "late-reported cases"
_LONGEST_WEEK = 10  # days between two bulletins whose printed flows can stand for the whole span
_WEEK = np.timedelta64(7, "D")
_FEWEST_CHECKS = 3  # spans from which the backlog of a running total is judged


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
    """

    previous: dt.date
    date: dt.date
    added: int
    entered_at_least: int
    backlog_at_least: int
    checked: bool
    complete: bool


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class StockFlowAudit:
    """Exits from a register between two days, implied by its own counts.

    Exits = held on the first day + arrests after it + late entries - held on the last day - deaths. No
    list of releases takes part, so that announced totals are audited from outside.

    Parameters
    ----------
    source : str
        Whose register it is.
    event : str
        The running total of arrests.
    start, end : datetime.date
        Days of the bulletins between which exits are counted: after the first, up to the second.
    held_at_start, held_at_end : int
        Persons held on the two days.
    arrests : int
        Growth of the running total of arrests, persons.
    deaths : tuple of int
        Smallest and largest number of deaths in custody, persons.
    implied : int
        Exits if the running total was complete on both days and nobody died, persons.
    exits : UncertainCount
        People who left the register otherwise than by death.
    late_entries : UncertainCount
        Entries of the window that the running total does not hold, less those of before that it took in.
    balances : tuple of BulletinBalance
        Bulletins whose printed flows can be held against the stock.
    checks : tuple of TotalCheck
        Spans in which the running total can be held against the entries.
    stock_digest, arrests_digest : str
        SHA-256 of the data.
    seed : int
        Seed of the draws.
    notes : tuple of str
        What a reader must know besides the assumptions.

    See Also
    --------
    stock_flow_audit : Makes it.
    """

    source: str
    event: str
    start: dt.date
    end: dt.date
    held_at_start: int
    held_at_end: int
    arrests: int
    deaths: tuple[int, int]
    implied: int
    exits: UncertainCount
    late_entries: UncertainCount
    balances: tuple[BulletinBalance, ...]
    checks: tuple[TotalCheck, ...]
    stock_digest: str
    arrests_digest: str
    seed: int
    notes: tuple[str, ...] = field(default=())
    assumptions: ClassVar[tuple[Assumption, ...]] = (Assumption.CONSISTENT_REGISTER,)

    def compare(
        self, releases: PublishedReleases, *, slack: int = 14, share: float = 0.5, level: float = 0.95
    ) -> pd.DataFrame:
        """Hold the exits against published totals of releases.

        Parameters
        ----------
        releases : PublishedReleases
            Announced, verified or reported counts.
        slack : int, optional
            Days by which a window may begin before or end after the audited one.
        share : float, optional
            Least part of the days audited that a window has to cover, in [0, 1].
        level : float, optional
            Level of the limits of the exits, in (0, 1).

        Returns
        -------
        pandas.DataFrame
            The last total of each ``source``, ``role`` and ``event`` whose window lies in the audited
            one, the largest first: with ``start``, ``end`` (the day of publication where nobody said),
            ``published``, ``count``, ``at_least``, ``share`` (of the days audited), ``days_outside``,
            and what is above the exits: ``excess`` (over `implied`), ``excess_low``, ``excess_high``,
            in persons. A total of a shorter window, or of another definition, need not reach the exits.

        Raises
        ------
        InputError
            If the slack is negative, or the share or the level is not between 0 and 1.
        """
        import pandas as pd

        slack = arguments.whole_number("slack", slack, unit="of days")
        share = arguments.share("share", share, remedy="0.5 is half of the days")
        interval = self.exits.interval(level)
        first, last = np.datetime64(self.start, "D"), np.datetime64(self.end, "D")
        ends = np.where(np.isnat(releases.end), releases.published, releases.end)
        before = (first - releases.start).astype(np.int64)
        after = (ends - last).astype(np.int64)
        inside = ~np.isnat(releases.start) & (before <= slack) & (after <= slack) & (releases.start <= last)
        latest: dict[tuple[str, str, str], int] = {}
        for row in np.flatnonzero(inside).tolist():
            latest[releases.source[row], releases.role[row], releases.event[row]] = row
        audited = max(1, (self.end - self.start).days)
        lines = []
        for row in sorted(latest.values(), key=lambda row: (-int(releases.count[row]), row)):
            overlap = _days(max(releases.start[row], first), min(ends[row], last)) + 1
            if overlap < share * audited:
                continue
            count = int(releases.count[row])
            lines.append(
                {
                    "source": releases.source[row],
                    "role": releases.role[row],
                    "event": releases.event[row],
                    "measure": releases.measure[row],
                    "start": releases.start[row].astype("datetime64[s]"),
                    "end": ends[row].astype("datetime64[s]"),
                    "published": releases.published[row].astype("datetime64[s]"),
                    "count": count,
                    "at_least": bool(releases.at_least[row]),
                    "share": min(1.0, overlap / audited),
                    "days_outside": int(max(before[row], 0) + max(after[row], 0)),
                    "excess": count - self.implied,
                    "excess_low": count - interval.high,
                    "excess_high": count - interval.low,
                }
            )
        return pd.DataFrame(lines, columns=list(_COMPARED))

    def to_frame(self) -> pd.DataFrame:
        """Give the checks of the running total as a pandas frame, a row for each span."""
        import pandas as pd

        names = [
            "previous",
            "date",
            "added",
            "entered_at_least",
            "backlog_at_least",
            "checked",
            "complete",
        ]
        lines = [{name: getattr(check, name) for name in names} for check in self.checks]
        frame = pd.DataFrame(lines, columns=names)
        return frame.astype({"previous": "datetime64[s]", "date": "datetime64[s]"})

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give exits and late entries as rows of a table, one dictionary a quantity."""
        found = []
        for name, count in (("exits", self.exits), ("late entries", self.late_entries)):
            interval = count.interval(level)
            found.append(
                {
                    "source": self.source,
                    "quantity": name,
                    "start": self.start,
                    "end": self.end,
                    "implied": self.implied if name == "exits" else None,
                    "low": interval.low,
                    "mean": count.mean,
                    "high": interval.high,
                    "level": interval.level,
                    "interval": interval.method,
                    "identified_by": count.identified_by,
                    "least": count.bounds[0],
                    "most": count.bounds[1],
                }
            )
        return found

    def record(self, level: float = 0.95) -> dict[str, Any]:
        """Give everything needed to make the numbers again, as plain values that JSON can hold."""
        return {
            "estimator": _NAME,
            "source": self.source,
            "event": self.event,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "held_at_start": self.held_at_start,
            "held_at_end": self.held_at_end,
            "arrests": self.arrests,
            "deaths": list(self.deaths),
            "implied": self.implied,
            "quantities": [
                {key: _plain(value) for key, value in row.items() if key not in {"start", "end"}}
                for row in self.rows(level)
            ],
            "seed": self.seed,
            "stock_sha256": self.stock_digest,
            "arrests_sha256": self.arrests_digest,
            "assumptions": [str(assumption) for assumption in self.assumptions],
            "notes": list(self.notes),
            **provenance(),
        }

    def __str__(self) -> str:
        interval = self.exits.interval()
        high = "no upper limit" if interval.high == math.inf else f"{interval.high:,.0f}"
        what = "bounds" if self.exits.mean is None else "95%"
        return (
            f"{self.implied:,} exits from the register of {self.source}, {self.start} to {self.end} "
            f"({interval.low:,.0f} to {high}, {what}): {self.held_at_start:,} held, {self.arrests:,} more "
            f"arrested, {self.held_at_end:,} held"
        )

    def __repr__(self) -> str:
        return f"<StockFlowAudit: {self}>"


_COMPARED = (
    "source",
    "role",
    "event",
    "measure",
    "start",
    "end",
    "published",
    "count",
    "at_least",
    "share",
    "days_outside",
    "excess",
    "excess_low",
    "excess_high",
)


def stock_flow_audit(
    stock: PublishedStock,
    arrests: PublishedArrests,
    start: Any,
    end: Any,
    *,
    source: str | None = None,
    event: str | None = None,
    late_entries: int | tuple[int, int] | None = None,
    deaths: int | tuple[int, int] = 0,
    within: int = 3,
    interpolate: bool = False,
    n_draws: int = 4000,
    seed: int = 0,
) -> StockFlowAudit:
    """Count the exits that a monitor's stock and running total of arrests imply.

    The estimand is the number of people who left the register of one monitor after the first day and
    up to the last, other than by death. It needs no list of releases, and audits announced totals from
    outside.

    Parameters
    ----------
    stock : PublishedStock
        Persons held.
    arrests : PublishedArrests
        Arrests, with a running total: an event whose window always starts on the same day.
    start, end : str, datetime.date or numpy.datetime64
        The two days.
    source : str, optional
        Whose register; needed where several publish both.
    event : str, optional
        The running total; needed where the source has several.
    late_entries : int or tuple of int, optional
        Entries of the window that the running total does not hold, persons: a number, or the smallest
        and the largest, between which all are taken as equally likely. Left out, they are judged from
        the entries and releases that bulletins print.
    deaths : int or tuple of int, optional
        Deaths in custody among the registered, persons: a number, or the smallest and the largest.
    within : int, optional
        How many days away a bulletin may be from `start` or `end`; the window is then moved to it.
    interpolate : bool, optional
        Split the span between two bulletins in proportion to its days where none gives both figures.
        The prior on the split is stated, and the bounds allow every split.
    n_draws : int, optional
        Draws.
    seed : int, optional
        Seed of the draws.

    Returns
    -------
    StockFlowAudit
        Exits in persons, with interval, bounds, and the checks the interval rests on.

    Raises
    ------
    InputError
        If the last day is not after the first, an argument is no such number, a name is not there, or
        several sources or totals fit and none is named, or stock and arrests are of different people by their
        definitions (`who`, `where` and `excludes`; a stock and a flow differ in the rest).
    NotEstimableError
        If no source gives both figures near both days, the running total fell, or the stock rose by
        more than the entries allow.

    See Also
    --------
    ReleaseProcess : Puts the published totals of releases themselves on one scale.

    Notes
    -----
    Exits = held(start) + [total(end) - total(start)] + late - held(end) - deaths. Late entries are the
    backlog of the running total on the last day less that on the first. A span between two figures of
    the total has at least the entries that its bulletins print, and at least the change of the stock
    plus the releases they print; where the total grew by less, the rest is its backlog. On the two days
    it is drawn: whether there is one with the chance learned from the spans that can be checked, and its
    size as a Poisson count like one of those seen, no smaller than it must be there. The lower bound
    of the exits adds up what every fall of the stock forces; there is no upper one without a bound on
    `late_entries`. Counts that say "at least" take no part.

    On invented registers whose total is stale one time in four, the 95% interval held the exits of a
    window without printed flows in 94 of 100 where all bulletins outside it print theirs, and in 88 of
    100 where half do: shortfalls that no printed flow shows are missed.

    Assumes that the stock and the arrest total of the monitor belong to one register: who enters is in
    both, and who leaves is out of the stock by the next bulletin.

    Examples
    --------
    >>> from detcount import datasets, releases
    >>> audit = releases.stock_flow_audit(
    ...     datasets.load("venezuela_stock"),
    ...     datasets.load("venezuela_arrests"),
    ...     "2024-10-07",
    ...     "2025-03-31",
    ... )
    >>> audit.implied
    1440
    >>> announced = audit.compare(datasets.load("venezuela_releases")).iloc[0]
    >>> int(announced["count"]), int(announced["excess"])
    (2006, 566)
    """
    require_comparable(_NAME, (stock.definition, arrests.definition), fields=("who", "where", "excludes"))
    first, last = read_day(start, "start"), read_day(end, "end")
    if first >= last:
        raise InputError(
            f"end: expected a day after {first}, got {last}. Exits are counted from one to the other"
        )
    death_range = _whole_range(deaths, "deaths", least=0)
    late_range = None if late_entries is None else _whole_range(late_entries, "late_entries")
    within = arguments.whole_number("within", within, unit="of days")
    n_draws = arguments.whole_number("n_draws", n_draws, least=1)
    seed = arguments.seed(seed)
    register = _register(stock, arrests, first, last, source, event, within)
    opening = _endpoint(register, first, within, interpolate)
    closing = _endpoint(register, last, within, interpolate)
    _window_or_decline(register, opening, closing)
    if late_range is not None:
        late_by = "given"
    elif register.printed_throughout(opening, closing):
        late_by = "printed"
    else:
        late_by = "judged" if sum(check.checked for check in register.checks) >= _FEWEST_CHECKS else "unknown"
    rng = np.random.default_rng(seed)
    added = register.total_at(closing.before) - register.total_at(opening.after)
    implied = register.held_at(opening.after) + added - register.held_at(closing.before)
    low = register.exits_forced(opening.after, closing.before) - death_range[1]

    late, late_bounds = _late_draws(register, opening, closing, late_by, late_range, n_draws, rng)
    exits = late + added
    exits += register.held_draws(opening.after, n_draws, rng) - register.held_draws(
        closing.before, n_draws, rng
    )
    exits -= uniform_draws(*death_range, n_draws, rng)
    low = max(low, 0)
    high = math.inf
    if late_by in {"given", "printed"}:
        held = register.held_range(opening.after, closing.before)
        high = held[1] + added + late_bounds[1] - death_range[0]
        low = max(low, int(held[0] + added + late_bounds[0]) - death_range[1])
    for point, is_opening in ((opening, True), (closing, False)):
        if point.share is not None:
            part, most = _split(register, point, is_opening, n_draws, rng)
            exits, high = exits + part, high + most
            implied += round(float(part.mean()))
    allowed = np.flatnonzero((exits >= low) & (exits <= high))
    if high < low or not len(allowed) or (late_by == "judged" and implied < 0):
        raise NotEstimableError(
            _NAME,
            Message(REASON_FORCED, source=register.source, low=low, implied=implied),
            Message(REMEDY_FORCED),
            advice=Message(ADVICE_FORCED),
        )
    chosen = allowed if len(allowed) == n_draws else rng.choice(allowed, size=n_draws)
    exits, late = exits[chosen], late[chosen]
    worth = 1 / (1 / len(allowed) + 1 / n_draws) if len(allowed) < n_draws else None
    notes: list[str] = []
    split = opening.share is not None or closing.share is not None
    by_prior = split or (late_range is not None and late_range[0] < late_range[1])
    if late_by == "unknown":
        counted = UncertainCount.only_bounded(low, high)
        lateness = UncertainCount.only_bounded(*late_bounds)
    else:
        counted = UncertainCount.from_draws(
            exits,
            bounds=(low, high),
            identified_by="prior" if by_prior else "data",
            effective_size=worth,
        )
        lateness = UncertainCount.from_draws(
            late,
            bounds=late_bounds,
            identified_by="prior" if late_range is not None and late_range[0] < late_range[1] else "data",
            effective_size=worth,
        )
    if late_by == "judged" and implied < low:
        notes.append(Message(NOTE_SHORT, implied=implied, low=low))
    notes += _notes(register, opening, closing, late_by, late_range, implied, death_range, high, arrests)
    return StockFlowAudit(
        source=register.source,
        event=register.event,
        start=_date(opening.day),
        end=_date(closing.day),
        held_at_start=register.held_at(opening.after if opening.share is not None else opening.day),
        held_at_end=register.held_at(closing.before if closing.share is not None else closing.day),
        arrests=added,
        deaths=death_range,
        implied=implied,
        exits=counted,
        late_entries=lateness,
        balances=register.balances,
        checks=register.checks,
        stock_digest=stock.digest,
        arrests_digest=arrests.digest,
        seed=seed,
        notes=tuple(notes),
    )


@dataclass(frozen=True)
class _Endpoint:
    """A day of the window: that of a bulletin, or one between two of them."""

    asked: np.datetime64
    day: np.datetime64
    before: np.datetime64
    after: np.datetime64
    share: float | None = None  # of the span between the two bulletins that lies before the day

    @property
    def moved(self) -> bool:
        """Whether another day takes the place of the one asked for."""
        return bool(self.day != self.asked)


@dataclass(frozen=True)
class _Register:
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
        since = previous if _days(previous, day) <= _LONGEST_WEEK else day - _WEEK
        return flows[day] if since >= first else None

    def printed(self, first: np.datetime64, last: np.datetime64) -> bool:
        """Whether bulletins print the entries of every day of a window."""
        spans = self.spans(first, last)
        return (
            bool(spans)
            and spans[0][0] == first
            and spans[-1][1] == last
            and all(day in self.entered and _days(before, day) <= _LONGEST_WEEK for before, day in spans)
        )

    def printed_throughout(self, opening: _Endpoint, closing: _Endpoint) -> bool:
        """Whether bulletins print all entries from the first day to the last."""
        between = opening.share is not None or closing.share is not None
        return not between and self.printed(opening.day, closing.day)

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

    def least_backlog(self, day: np.datetime64) -> tuple[int, bool]:
        """Backlog that the total must have on a day, and whether printed entries leave no other."""
        for check in self.checks:
            if np.datetime64(check.date, "D") == day:
                return check.backlog_at_least, check.complete
        return 0, False


def _late_draws(
    register: _Register,
    opening: _Endpoint,
    closing: _Endpoint,
    late_by: str,
    late_range: tuple[int, int] | None,
    n_draws: int,
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], tuple[float, float]]:
    """Draw the entries that the running total does not hold, and bound them."""
    if late_range is not None:
        return uniform_draws(*late_range, n_draws, rng), (float(late_range[0]), float(late_range[1]))
    if late_by == "printed":
        printed = register.printed_entries(opening.day, closing.day)
        late = printed - (register.total_at(closing.day) - register.total_at(opening.day))
        return np.full(n_draws, late, dtype=np.int64), (float(late), float(late))
    backlogs = np.array(
        [check.backlog_at_least for check in register.checks if check.checked], dtype=np.int64
    )
    smallest = [register.least_backlog(day) for day in (opening.before, closing.after)]
    drawn = backlog_draws(backlogs, tuple(least for least, _ in smallest), n_draws, rng)
    for draws, (least_backlog_there, known) in zip(drawn, smallest, strict=True):
        if known:
            draws[:] = least_backlog_there
    printed = register.printed_entries(opening.after, closing.before)
    least = printed - (register.total_at(closing.before) - register.total_at(opening.after))
    return np.maximum(drawn[1] - drawn[0], least), (float(least), math.inf)


def _split(
    register: _Register, point: _Endpoint, is_opening: bool, n_draws: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], int]:
    """Draw the exits between a day and the bulletin on its inner side, and say how many there can be."""
    before, after = point.before, point.after
    added = register.total_at(after) - register.total_at(before)
    exits = max(0, register.held_at(before) + added - register.held_at(after))
    share = 0.0 if point.share is None else point.share
    if point.asked in register.held:
        early = (
            register.held_at(before) - register.held_at(point.asked) + split_draws(added, share, n_draws, rng)
        )
        early = np.clip(early, 0, exits)
    else:
        early = split_draws(exits, share, n_draws, rng)
    return (exits - early if is_opening else early), exits


def _register(
    stock: PublishedStock,
    arrests: PublishedArrests,
    first: np.datetime64,
    last: np.datetime64,
    source: str | None,
    event: str | None,
    within: int,
) -> _Register:
    """Choose the source and its running total."""
    for what, name, known in (
        ("source", source, stock.sources),
        ("source", source, arrests.sources),
        ("event", event, arrests.event),
    ):
        if name is not None and name not in known:
            raise InputError(no_such(what, name, known))
    found = []
    for who in stock.sources if source is None else (source,):
        held: dict[np.datetime64, list[int]] = {}
        entered: dict[np.datetime64, int] = {}
        released: dict[np.datetime64, int] = {}
        for row in range(len(stock)):
            if stock.source[row] != who or stock.at_least[row]:
                continue
            day = stock.date[row]
            held.setdefault(day, []).append(int(stock.count[row]))
            for flows, cells in ((entered, stock.entered_in_week), (released, stock.released_in_week)):
                if not np.isnan(cells[row]):
                    flows[day] = int(cells[row])
        if len(held) >= 2:
            for of, totals in _running_totals(arrests, who, first, last, within).items():
                if event in (None, of):
                    found.append(_Register(who, of, held, totals, entered, released))
    if not found:
        raise NotEstimableError(
            _NAME,
            Message(REASON_NO_REGISTER),
            Message("Add the bulletins that lack, or choose other days."),
        )
    if len(found) > 1:
        which = "source" if len({register.source for register in found}) > 1 else "event"
        raise InputError(
            f"{which}: {len(found)} running totals fit, and only one register can be audited at a time. "
            f"Name one {which}"
        )
    (register,) = found
    return replace(register, balances=_balances(register), checks=_checks(register))


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


def _balances(register: _Register) -> tuple[BulletinBalance, ...]:
    """Bulletins whose flows can be held against the stock; of several figures a day, those that fit best."""
    found = []
    for before, day in pairwise(register.held):
        if _days(before, day) > _LONGEST_WEEK or not (day in register.entered and day in register.released):
            continue
        options = [
            BulletinBalance(
                _date(before), _date(day), now - then, register.entered[day], register.released[day]
            )
            for then in register.held[before]
            for now in register.held[day]
        ]
        found.append(min(options, key=lambda option: abs(option.unexplained)))
    return tuple(found)


def _checks(register: _Register) -> tuple[TotalCheck, ...]:
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
        TotalCheck(_date(before), _date(day), added[k], least[k], int(backlog[k]), checked[k], complete[k])
        for k, (before, day) in enumerate(pairs)
    )


def _endpoint(register: _Register, asked: np.datetime64, within: int, interpolate: bool) -> _Endpoint:
    """Bulletin that stands for a day, or the two around it."""
    days = register.days
    if asked in days:
        return _Endpoint(asked, asked, asked, asked)
    earlier = [day for day in days if day < asked]
    later = [day for day in days if day > asked]
    if interpolate and earlier and later:
        before, after = earlier[-1], later[0]
        return _Endpoint(asked, asked, before, after, _days(before, asked) / _days(before, after))
    near = [day for day in days if abs(_days(asked, day)) <= within]
    if near and not interpolate:
        nearest = min(near, key=lambda day: abs(_days(asked, day)))
        return _Endpoint(asked, nearest, nearest, nearest)
    day, around = _date(asked), [_date(each) for each in (*earlier[-1:], *later[:1])]
    if interpolate:
        reason = Message(REASON_NOT_BETWEEN, day=day, source=register.source)
    else:
        reason = Message(REASON_NO_BULLETIN, source=register.source, within=within, day=day)
    if not around:
        raise NotEstimableError(_NAME, reason, Message("No bulletin gives both."))
    nearest_days = Message("The nearest that does is of {days:or}.", days=around)
    split = Message(REMEDY_SPLIT, days=around) if len(around) == 2 else nearest_days
    raise NotEstimableError(_NAME, reason, split, advice=nearest_days)


def _window_or_decline(register: _Register, opening: _Endpoint, closing: _Endpoint) -> None:
    """Refuse a window without a span between two bulletins, or over which the running total fell."""
    if opening.after >= closing.before and not (
        opening.after == closing.before and opening.day < closing.day
    ):
        raise NotEstimableError(
            _NAME,
            Message(
                "the bulletins of {source} leave no span between {start} and {end}",
                source=register.source,
                start=_date(opening.asked),
                end=_date(closing.asked),
            ),
            Message("Choose days that are farther apart."),
        )
    if register.total_at(closing.after) < register.total_at(opening.before):
        raise NotEstimableError(
            _NAME,
            Message(
                "the running total of arrests of {source} is lower on {after} than on {before}",
                source=register.source,
                after=_date(closing.after),
                before=_date(opening.before),
            ),
            Message("It was corrected in between: choose other days."),
        )


def _notes(
    register: _Register,
    opening: _Endpoint,
    closing: _Endpoint,
    late_by: str,
    late_range: tuple[int, int] | None,
    implied: int,
    deaths: tuple[int, int],
    high: float,
    arrests: PublishedArrests,
) -> list[str]:
    """What a reader must know of an audit."""
    notes: list[str] = [Message(NOTE_EXITS, source=register.source)]
    for point in (opening, closing):
        if point.share is not None:
            notes.append(
                Message(
                    NOTE_INTERPOLATED,
                    day=_date(point.asked),
                    before=_date(point.before),
                    after=_date(point.after),
                )
            )
        elif point.moved:
            notes.append(
                Message(
                    NOTE_MOVED,
                    day=_date(point.asked),
                    used=_date(point.day),
                    start=_date(opening.day),
                    end=_date(closing.day),
                )
            )
    notes += [
        Message(NOTE_TWO_FIGURES, day=_date(day), figures=register.held[day])
        for day in dict.fromkeys((opening.after, closing.before))
        if len(set(register.held[day])) > 1
    ]
    inside = [day for day in register.totals if opening.before <= day <= closing.after]
    for before, day in pairwise(inside):
        if register.total_at(day) < register.total_at(before):
            first, second = register.total_at(before), register.total_at(day)
            notes.append(
                Message(NOTE_FELL, first=first, second=second, before=_date(before), after=_date(day))
            )
    checked = [check for check in register.checks if check.checked]
    behind = [check.backlog_at_least for check in checked if check.backlog_at_least > 0]
    if late_range is not None:
        notes.append(Message(NOTE_GIVEN, low=late_range[0], high=late_range[1]))
    elif late_by == "printed":
        notes.append(Message(NOTE_ALL_PRINTED))
    elif late_by == "unknown":
        notes.append(Message(NOTE_UNCHECKED, implied=implied))
    elif late_by == "judged" and behind:
        notes.append(Message(NOTE_BEHIND, n_behind=len(behind), n_checked=len(checked), most=max(behind)))
    elif late_by == "judged":
        notes.append(Message(NOTE_NEVER_BEHIND, n_checked=len(checked)))
    open_weeks = [abs(balance.unexplained) for balance in register.balances if balance.unexplained]
    if open_weeks:
        notes.append(
            Message(
                NOTE_NOT_BALANCED,
                n_open=len(open_weeks),
                n_checked=len(register.balances),
                most=max(open_weeks),
            )
        )
    elif register.balances:
        notes.append(Message(NOTE_BALANCE, n_checked=len(register.balances)))
    for row in range(len(arrests)):
        begins, ends = arrests.start[row], arrests.end[row]
        if (
            arrests.event[row] == _LATE_CASES
            and arrests.source[row] == register.source
            and begins <= closing.day
            and ends > opening.day
        ):
            count = int(arrests.count[row])
            notes.append(
                Message(
                    NOTE_LATE_CASES, source=register.source, count=count, start=_date(begins), end=_date(ends)
                )
            )
    if deaths == (0, 0):
        notes.append(Message(NOTE_NO_DEATHS))
    if high == math.inf:
        notes.append(Message(NOTE_NO_CEILING))
    return notes


def _whole_range(value: int | tuple[int, int], where: str, *, least: int | None = None) -> tuple[int, int]:
    """A number of persons, or the smallest and the largest."""
    pair = value if isinstance(value, tuple) else (value, value)
    if len(pair) != 2:
        raise InputError(f"{where}: expected a number or two, the smallest and the largest, got {len(pair)}")
    low, high = (operator.index(end) for end in pair)
    if low > high or (least is not None and low < least):
        what = "the smallest first" if low > high else f"{least} or more"
        raise InputError(f"{where}: expected whole numbers of persons, {what}, got {value!r}")
    return low, high


def _days(first: np.datetime64, last: np.datetime64) -> int:
    """Days from one day to another."""
    return int((last - first).astype("timedelta64[D]").astype(np.int64))


def _date(day: np.datetime64) -> dt.date:
    """A numpy day as a date of the standard library."""
    date: dt.date = day.astype("datetime64[D]").astype(object)
    return date


def _plain(value: Any) -> Any:
    """A value that JSON can hold."""
    return None if isinstance(value, float) and math.isinf(value) else value
