"""The audit of a register: how many people left it, from its own totals of people held and of arrests.

It is one function, with what it refuses and what it notes.
"""

from __future__ import annotations

import datetime as dt
import math
import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from detcount.assumptions import Assumption
from detcount.contract.definition import require_comparable
from detcount.contract.specification import door
from detcount.data.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.data.published.counts import measure_of
from detcount.data.published.reading import as_date, days_between, no_such, read_day
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import UncertainCount
from detcount.estimates.count import QUANTITIES, OfCounts
from detcount.estimates.interval import persons
from detcount.estimates.result import made_of, plain
from detcount.stock.register import (
    TUNING,
    BulletinBalance,
    Register,
    TotalCheck,
    late_cases,
    register_of,
    with_totals,
)
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd


METHOD = "stock_flow_audit"
_PLAIN = ("source", "event", "held_at_start", "held_at_end", "arrests", "implied")
_COMPARED = (
    *("source", "role", "event", "measure", "start", "end", "published", "count", "at_least", "share"),
    *("days_outside", "excess", "excess_low", "excess_high"),
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class StockFlowAudit(OfCounts):
    """Exits from a register between two days, implied by its own counts.

    Exits = held on the first day + arrests after it + late entries - held on the last day. No
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
        Growth of the running total of arrests, or, where bulletins print all entries, these; persons.
    implied : int
        Exits if the running total was complete on both days, persons.
    exits, late_entries : UncertainCount
        Bounds of the people who left the register; and of the entries of the window that the running total
        does not hold, less those of before that it took in.
    lacked : int
        The most entries that the running total was seen to lack, persons; 0 where fewer than three spans can
        be checked, none lacked any, or bulletins print all entries of the window.
    as_seen : UncertainCount or None
        Bounds of the exits if the running total lacked no more than that on either day; None if that is 0.
    balances : tuple of BulletinBalance
        Bulletins whose printed flows can be held against the stock.
    checks : tuple of TotalCheck
        Spans in which the running total can be held against the entries.
    stock_digest, arrests_digest : str
        SHA-256 of the data.
    seed : int
        Unused: nothing is drawn.
    notes : tuple of str
        What a reader must know besides the assumptions.

    See Also
    --------
    stock_flow_audit : Makes it.

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
    >>> print(audit.headline().partition(":")[0])
    41 exits from the register of monitor, 2025-01-06 to 2025-01-13 (30 to no upper limit, bounds)
    """

    source: str
    event: str
    start: dt.date
    end: dt.date
    held_at_start: int
    held_at_end: int
    arrests: int
    implied: int
    exits: UncertainCount
    late_entries: UncertainCount
    lacked: int
    as_seen: UncertainCount | None
    balances: tuple[BulletinBalance, ...]
    checks: tuple[TotalCheck, ...]
    stock_digest: str
    arrests_digest: str
    seed: int
    notes: tuple[str, ...] = ()
    assumptions: ClassVar[tuple[Assumption, ...]] = (Assumption.CONSISTENT_REGISTER,)
    _of_count = ("low", "mean", "high", "level", "interval", "identified_by", "least", "most")

    def compare(self, releases: PublishedReleases) -> pd.DataFrame:
        """Hold the exits against published totals of releases.

        Parameters
        ----------
        releases : PublishedReleases
            Announced, verified or reported counts.

        Returns
        -------
        pandas.DataFrame
            Of each ``source``, ``role``, ``event`` and ``measure`` the total whose window is nearest to the
            days audited, the nearest first: with ``start``, ``end`` (the day of publication where nobody
            said), ``published``, ``count``, ``at_least``, ``share`` (of the days audited), ``days_outside``,
            and persons above the exits: ``excess`` (over `implied`), ``excess_low``, ``excess_high``.
            These are missing where the window begins or ends more than two days from the days audited, as
            counts of other days are not subtracted, and where the exits have no such bound. Reviews of
            custody measures are no releases, and left out. A total of another definition need not agree with
            the exits.
        """
        import pandas as pd

        least, most = self.exits.bounds
        first, last = np.datetime64(self.start, "D"), np.datetime64(self.end, "D")
        ends = np.where(np.isnat(releases.end), releases.published, releases.end)
        nearest: dict[tuple[str, ...], tuple[int, int, dict[str, Any]]] = {}
        for row in np.flatnonzero(~np.isnat(releases.start) & (releases.start <= last)).tolist():
            start, end, count = releases.start[row], ends[row], int(releases.count[row])
            late, after = days_between(first, start) - 1, days_between(last, end)
            if max(-late, after) > TUNING.window_beyond or not measure_of(releases.measure[row]).release:
                continue
            key = (
                releases.source[row], releases.role[row], releases.event[row], releases.measure[row]
            )  # fmt: skip
            if key in nearest and abs(late) + abs(after) > nearest[key][0]:
                continue
            covered = (days_between(max(start, first), min(end, last)) + 1) / max(
                1, (self.end - self.start).days
            )
            same = max(abs(late), abs(after)) <= TUNING.window_same
            line = (
                *key,
                *(day.astype("datetime64[s]") for day in (start, end, releases.published[row])),
                *(count, bool(releases.at_least[row]), min(1.0, covered), max(-late, 0) + max(after, 0)),
                *(
                    count - each if same and each < math.inf else math.nan
                    for each in (self.implied, most, least)
                ),
            )
            cells = dict(zip(_COMPARED, line, strict=True))
            nearest[key] = (abs(late) + abs(after), -count, cells)
        found = sorted(nearest.values(), key=operator.itemgetter(0, 1))
        retained = [cells for _, _, cells in found if cells["share"] >= TUNING.window_share]
        return pd.DataFrame(retained, columns=list(_COMPARED))

    def to_frame(self) -> pd.DataFrame:  # type: ignore[override]  # of spans, which have no level
        """Give the checks of the running total as a pandas frame, a row for each span."""
        import pandas as pd

        frame = pd.DataFrame([vars(check) for check in self.checks], columns=list(TotalCheck.__annotations__))
        return frame.astype({"previous": "datetime64[s]", "date": "datetime64[s]"})

    @property
    def _quantities(self) -> dict[str, UncertainCount]:
        found = {"exits": self.exits, "late entries": self.late_entries}
        return found if self.as_seen is None else {**found, "exits as seen": self.as_seen}

    @property
    def _titles(self) -> dict[str, Message]:
        seen = Message("exits, if the running total lacked at most {lacked:,} entries", lacked=self.lacked)
        return QUANTITIES | {"late entries": Message("late entries"), "exits as seen": seen}

    def _beside(self, name: str) -> dict[str, Any]:
        implied = None if name == "late entries" else self.implied
        where = {"source": self.source, "start": self.start, "end": self.end}
        return {**where, "quantity": name, "implied": implied}

    def record(self, level: float = 0.95) -> dict[str, Any]:
        """Give everything needed to make the numbers again, as plain values that JSON can hold."""
        rows = self.rows(level)
        known = {
            "estimator": METHOD,
            **{name: getattr(self, name) for name in _PLAIN},
            "start": self.start,
            "end": self.end,
            "quantities": [{key: row[key] for key in row if key not in {"start", "end"}} for row in rows],
        }
        digests = {"stock_sha256": self.stock_digest, "arrests_sha256": self.arrests_digest}
        return plain(known) | made_of(self, digests)

    def headline(self) -> Message:
        """Give the exits and what they are computed from, in one line."""
        low, high = map(persons, self.exits.bounds)
        return Message(
            "{implied:,} exits from the register of {source}, {start} to {end} ({low} to {high}, bounds): "
            "{held_at_start:,} held, {arrests:,} more entered, {held_at_end:,} held",
            implied=self.implied,
            source=self.source,
            start=str(self.start),
            end=str(self.end),
            low=low,
            high=high,
            held_at_start=self.held_at_start,
            arrests=self.arrests,
            held_at_end=self.held_at_end,
        )

    def sentence(self) -> Message:
        """State how the exits follow from what the register printed, and how far they can be off."""
        counted = Message(
            "The register of {source} held {held_at_start:,} persons on {start} and {held_at_end:,} on "
            "{end}, and {arrests:,} more were entered between the two, so that {implied:,} left it.",
            source=self.source,
            held_at_start=self.held_at_start,
            start=self.start,
            held_at_end=self.held_at_end,
            end=self.end,
            arrests=self.arrests,
            implied=self.implied,
        )
        parts = [counted]
        if self.as_seen is not None:
            low, high = map(persons, self.as_seen.bounds)
            parts.append(
                Message(
                    "Its running total was seen to lack up to {lacked:,} entries: if it lacked no more on "
                    "either day, {low} to {high} left.",
                    lacked=self.lacked,
                    low=low,
                    high=high,
                )
            )
        least, most = self.exits.bounds
        if most == math.inf:
            parts.append(Message("Whatever it lacked, at least {low} left.", low=persons(least)))
        elif least < most:
            parts.append(
                Message(
                    "By all figures of these days {low} to {high} left.",
                    low=persons(least),
                    high=persons(most),
                )
            )
        return Message.together(parts)


@door
def stock_flow_audit(
    stock: PublishedStock,
    arrests: PublishedArrests,
    start: Any,
    end: Any,
    *,
    source: str | None = None,
    event: str | None = None,
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
    seed : int, optional
        Unused: nothing is drawn.

    Returns
    -------
    StockFlowAudit
        Exits in persons, with bounds, and the checks of the running total.

    Raises
    ------
    InputError
        If the last day is not after the first, a name is not there, several sources or totals fit and none
        is named, or stock and arrests are of different people by their definitions
        (`who`, `where` and `excludes`; a stock and a flow differ in the rest).
    NotEstimableError
        If no source gives both figures near both days, the running total fell, or the stock rose by
        more than the entries allow.

    See Also
    --------
    StockBalance : What bounds those held, day by day.

    Notes
    -----
    Exits = held(start) + [total(end) - total(start)] + late - held(end). Late entries are the
    backlog of the running total on the last day less that on the first. A span between two figures of
    the total has at least the entries that its bulletins print, and at least the change of the stock
    plus the releases they print; where the total grew by less, the rest is its backlog. The lower bound
    of the exits adds up what every fall of the stock forces; there is no upper one unless bulletins print
    the entries of the whole window. `as_seen` supposes that the backlog of each of the two days was at most
    the largest one seen, and at least what the spans show of that day. Counts that say "at least" take no
    part. Of two figures for one day the one that the printed flows explain is taken, else all are possible.

    On invented registers whose total is stale one time in four, `as_seen` held the exits of a window without
    printed flows in 87 of 100 where all bulletins outside it print theirs, and in 77 of 100 where
    half do: shortfalls that no printed flow shows are missed. The bounds always held them.

    Assumes that the stock and the arrest total of the monitor belong to one register: who enters is in
    both, and who leaves is out of the stock by the next bulletin.

    Examples
    --------
    >>> from detcount import datasets, stock
    >>> audit = stock.stock_flow_audit(
    ...     datasets.load("venezuela_stock"),
    ...     datasets.load("venezuela_arrests"),
    ...     "2024-10-07",
    ...     "2025-03-31",
    ... )
    >>> audit.implied
    1440
    """
    require_comparable(METHOD, (stock.definition, arrests.definition), fields=("who", "where", "excludes"))
    first, last = read_day(start, "start"), read_day(end, "end")
    if first >= last:
        raise InputError(
            Message(
                "end: expected a day after {first}, got {last}. Exits are counted from one to the other",
                first=str(first),
                last=str(last),
            )
        )
    register = _chosen(stock, arrests, (first, last), source, event)
    opening, closing = (_bulletin(register, day) for day in (first, last))
    _window_or_decline(register, opening, closing, first, last)
    growth = register.total_at(closing) - register.total_at(opening)
    printed = register.printed_entries(opening, closing)
    whole = register.printed(opening, closing)
    entered = printed if whole else growth
    implied = register.held_at(opening) + entered - register.held_at(closing)
    most = max(register.held[opening]) - min(register.held[closing])  # by which the stock fell
    least = min(register.held[opening]) - max(register.held[closing])
    low, high = max(register.exits_forced(opening, closing), 0), math.inf
    if whole:
        low, high = max(low, least + entered), most + entered
    seen = [check.backlog_at_least for check in register.checks if check.checked]
    lacked = max(seen) if len(seen) >= TUNING.fewest_spans and not whole else 0
    as_seen = None
    if lacked:
        late = register.late_entries(opening, closing, lacked)
        ends = max(least + entered + late[0], low), most + entered + late[1]
        as_seen = UncertainCount.only_bounded(*ends) if ends[0] <= ends[1] else None
    if high < low or (not whole and (implied < 0 or (lacked and as_seen is None))):
        source = register.source
        raise NotEstimableError(
            METHOD,
            Message(
                "the stock of {source} forces at least {low:,} exits, and its arrests as they stand allow "
                "{implied:,}",
                source=source,
                low=low,
                implied=implied,
            ),
            Message("The running total lacks entries: choose other days, or ask how many were entered late."),
        )
    notes = _notes(register, ((first, opening), (last, closing)), arrests)
    if implied < low:
        notes.insert(
            0,
            Message(
                "The running total as it stands implies {implied:,} exits, fewer than the {low:,} that the "
                "stock forces: it lacks entries.",
                implied=implied,
                low=low,
            ),
        )
    if whole:
        notes.append(
            Message(
                "Every bulletin of the window prints the entries, so that those are used in place of the "
                "running total."
            )
        )
    else:
        notes.append(_of_late_entries(seen, implied))
    notes.append(Message("Deaths in custody are not taken out of the exits."))
    if high == math.inf:
        notes.append(
            Message("The exits have no upper bound: cases may have been entered that no total holds.")
        )
    return StockFlowAudit(
        source=register.source,
        event=register.event,
        start=as_date(opening),
        end=as_date(closing),
        held_at_start=register.held_at(opening),
        held_at_end=register.held_at(closing),
        arrests=entered,
        implied=implied,
        exits=UncertainCount.only_bounded(low, high),
        late_entries=UncertainCount.only_bounded(printed - growth, printed - growth if whole else math.inf),
        lacked=lacked,
        as_seen=as_seen,
        balances=register.balances,
        checks=register.checks,
        stock_digest=stock.digest,
        arrests_digest=arrests.digest,
        seed=seed,
        notes=tuple(notes),
    )


def _chosen(
    stock: PublishedStock,
    arrests: PublishedArrests,
    days: tuple[np.datetime64, np.datetime64],
    source: str | None,
    event: str | None,
) -> Register:
    """Choose the source and its running total."""
    for what, name, known in (
        ("source", source, stock.sources),
        ("source", source, arrests.sources),
        ("event", event, arrests.event),
    ):
        if name is not None and name not in known:
            raise no_such(what, name, known)
    plain = [register_of(stock, who) for who in (stock.sources if source is None else (source,))]
    found = [
        register
        for each in plain
        if len(each.held) >= 2
        for register in with_totals(each, arrests, *days, TUNING.bulletin_within)
        if event in (None, register.event)
    ]
    if not found:
        raise NotEstimableError(
            METHOD,
            Message(
                "no source gives both persons held and a running total of arrests that begins before the "
                "window and reaches its end"
            ),
            Message("Add the bulletins that lack, or choose other days."),
        )
    if len(found) > 1:
        which = "source" if len({register.source for register in found}) > 1 else "event"
        raise InputError(
            Message(
                "{which}: {n} running totals fit, and only one register can be audited at a time. Name one "
                "{which}",
                which=which,
                n=len(found),
            )
        )
    return found[0]


def _bulletin(register: Register, asked: np.datetime64) -> np.datetime64:
    """The bulletin that stands for a day: that of the day, or the nearest."""
    near = [day for day in register.days if abs(days_between(asked, day)) <= TUNING.bulletin_within]
    if near:
        return min(near, key=lambda day: abs(days_between(asked, day)))
    earlier = [day for day in register.days if day < asked]
    later = [day for day in register.days if day > asked]
    around = [as_date(each) for each in (*earlier[-1:], *later[:1])]
    source, day = register.source, as_date(asked)
    raise NotEstimableError(
        METHOD,
        Message(
            "no bulletin of {source} within {within} days of {day} gives both persons held and the running "
            "total of arrests",
            source=source,
            within=TUNING.bulletin_within,
            day=day,
        ),
        Message("The nearest that does is of {days:or}.", days=around)
        if around
        else Message("No bulletin gives both."),
    )


def _window_or_decline(
    register: Register,
    opening: np.datetime64,
    closing: np.datetime64,
    first: np.datetime64,
    last: np.datetime64,
) -> None:
    """Refuse a window without a span between two bulletins, or over which the running total fell."""
    source = register.source
    if opening >= closing:
        start, end = as_date(first), as_date(last)
        raise NotEstimableError(
            METHOD,
            Message(
                "the bulletins of {source} leave no span between {start} and {end}",
                source=source,
                start=start,
                end=end,
            ),
            Message("Choose days that are farther apart."),
        )
    if register.total_at(closing) < register.total_at(opening):
        before, after = as_date(opening), as_date(closing)
        raise NotEstimableError(
            METHOD,
            Message(
                "the running total of arrests of {source} is lower on {after} than on {before}",
                source=source,
                before=before,
                after=after,
            ),
            Message("It was corrected in between: choose other days."),
        )


def _notes(
    register: Register,
    asked: tuple[tuple[np.datetime64, np.datetime64], tuple[np.datetime64, np.datetime64]],
    arrests: PublishedArrests,
) -> list[str]:
    """Notes for a reader of an audit; `asked` has both days, with the bulletin that stands for each."""
    opening, closing = (day for _, day in asked)
    notes: list[str] = [
        Message(
            "Exits are people who left the register of {source}: most were released, some may have gone to "
            "house arrest, died or been removed. People it never listed are not among them.",
            source=register.source,
        )
    ]
    notes += [
        Message(
            "No bulletin gives both figures for {day}; that of {used} is used, and the window is from "
            "{start} to {end}.",
            day=as_date(day),
            used=as_date(used),
            start=as_date(opening),
            end=as_date(closing),
        )
        for day, used in asked
        if day != used
    ]
    notes += register.notes((opening, closing))
    if register.balances and not any(balance.unexplained for balance in register.balances):
        notes.append(
            Message(
                "In all {n_checked:,} bulletins that print both entries and releases and can be held against "
                "the one before, the two explain the change of the total to the person.",
                n_checked=len(register.balances),
            )
        )
    notes += [
        Message(
            "{source} itself counts {count:,} people detained earlier who were entered between {start} and "
            "{end}; the running total of arrests is taken to hold them.",
            source=register.source,
            count=count,
            start=as_date(begins),
            end=as_date(ends),
        )
        for begins, ends, count in late_cases(arrests, register.source)
        if begins <= closing and ends > opening
    ]
    return notes


def _of_late_entries(seen: list[int], implied: int) -> Message:
    """Describe the entries that the running total lacks, from those that it was seen to lack."""
    if len(seen) < TUNING.fewest_spans:
        return Message(
            "Nothing in the series says how complete the running total of arrests was, so only bounds are "
            "given beside the {implied:,} exits that it implies as it stands.",
            implied=implied,
        )
    if any(seen):
        n_behind = sum(each > 0 for each in seen)
        return Message(
            "The running total of arrests was behind the entries that bulletins print in {n_behind:,} of the "
            "{n_checked:,} spans that can be checked, by up to {most:,} persons. Whether it was on the first "
            "and on the last day is not known.",
            n_behind=n_behind,
            n_checked=len(seen),
            most=max(seen),
        )
    return Message(
        "The running total of arrests was never seen behind the entries that bulletins print, in "
        "{n_checked:,} spans that can be checked; so few spans exclude no shortfall.",
        n_checked=len(seen),
    )
