"""Totals of registers side by side, and the bounds, exits and forecasts that follow from one of them.

Each row stands beside the function that makes it from what a source published.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np

from detcount.data.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.data.published.reading import as_date
from detcount.errors import ConvergenceError, NotEstimableError
from detcount.estimates import StockPath
from detcount.reports.numbers import persons
from detcount.stock import LastValue, Snapshots, StockBalance, backtest_register, stock_flow_audit
from detcount.stock.audit import StockFlowAudit
from detcount.stock.forecasts import RegisterBacktest, RegisterForecast
from detcount.words import N_, Message

_MORE = N_("{source} had {more} more than {register}: {count} of {day}, beside {beside} of {beside_day}.")
_FEWER = N_("{source} had {more} fewer than {register}: {count} of {day}, beside {beside} of {beside_day}.")


@dataclass(frozen=True)
class Tuning:
    """Thresholds and sizes of tables of registers.

    Parameters
    ----------
    removed_within : int, days
        Days over which an audit lets removals be entered late. Convention: a month.
    lacking : float, share
        Share of its largest total that a register may lack. Convention: a tenth; the shipped register lacks a
        hundredth.
    month : int, days
        Least days between the two totals of a change. Convention: four weeks.
    near : int, days
        Most days between totals of two registers that stand side by side. Convention: a week.
    announced : int, rows
        Announced totals that a table shows. Convention: three.
    spans : int, rows
        Spans of announced totals beside the whole time. Convention: three.
    long : int, days
        Days of an announced total from which an audit is compared with it. Convention: four weeks.
    slack : int, days
        Days by which a total may begin before an audit, or end after it. Convention: two weeks.
    ahead : tuple, days
        Days after the last total that are forecast. Convention: one, two and four weeks.
    level : float, probability
        Level of the limits of forecasts. Convention: 80%.
    """

    removed_within: int = 30
    lacking: float = 0.1
    month: int = 28
    near: int = 7
    announced: int = 3
    spans: int = 3
    long: int = 28
    slack: int = 14
    ahead: tuple[int, ...] = (7, 14, 28)
    level: float = 0.8


TUNING = Tuning()
REMOVED_WITHIN = TUNING.removed_within
FORECAST_LEVEL = TUNING.level


VERDICTS = {
    "estimate": Message("an estimate can be printed"),
    "range": Message("print a range, not one number"),
    "register only": Message(
        "print what registers hold, each by name and day, and no number of all who are held"
    ),
    "floor only": Message("print the floor only"),
    "refuse": Message("do not print a number of all who are held"),
}
ANSWERS = {
    "lists": Message("lists of names at many dates"),
    "integrated": Message("one register, its flows and estimates at some dates"),
    "balance": Message("balance of published totals and flows"),
}
T = TypeVar("T")


@dataclass(frozen=True)
class TotalRow:
    """The last published total of one source.

    Parameters
    ----------
    source : str
        Who published it.
    role : str
        ``"announced"``, ``"verified"`` or ``"reported"``.
    day : datetime.date
        Day that it is of.
    count : int
        Persons, as published.
    at_least : bool
        Whether the source said "at least".
    n_totals : int
        Totals that this source published.
    first : datetime.date
        Day of its first total.
    note : str
        What was noted of this total, as who it includes.
    before : tuple of (int, datetime.date), optional
        The last total of the source at least four weeks earlier, and its day, where both say how many.
    """

    source: str
    role: str
    day: dt.date
    count: int
    at_least: bool
    n_totals: int
    first: dt.date
    note: str = ""
    before: tuple[int, dt.date] | None = None


@dataclass(frozen=True)
class AnnouncedItem:
    """An announced total of releases of about the days of some exits.

    Parameters
    ----------
    source : str
        Who announced it.
    count : int
        Persons.
    at_least : bool
        Whether "at least" was said.
    start, end : datetime.date
        Its own days.
    same_days : bool
        Whether they begin and end within two days of those of the exits.
    """

    source: str
    count: int
    at_least: bool
    start: dt.date
    end: dt.date
    same_days: bool


@dataclass(frozen=True)
class ExitsRow:
    """Exits from the register of most totals that its own totals imply, and what was announced.

    Parameters
    ----------
    start, end : datetime.date
        After the end of the first day, up to the end of the second.
    held_at_start, entered, held_at_end : int
        Persons on the register on both days, and entered between them by its running total of arrests.
    implied : int
        Exits, if nobody was entered whom the running total lacks, and nobody died.
    low, high : float
        Bounds: if it lacked no more entries on either day than it was seen to, else whatever it lacked.
    lacked : int
        The most entries that it was seen to lack; 0 where nothing is supposed of it.
    announced : tuple of AnnouncedItem
        Releases announced of about the same days; of other days they are not subtracted.
    """

    start: dt.date
    end: dt.date
    held_at_start: int
    entered: int
    held_at_end: int
    implied: int
    low: float
    high: float
    lacked: int = 0
    announced: tuple[AnnouncedItem, ...] = ()


def exits_words(row: ExitsRow, source: str) -> Message:
    """Say how many left a register by its own totals."""
    return Message(
        "By its own totals {implied} people left the register of {source} after {start} and up to {end}: "
        "{before} were on it, {entered} more were entered, {after} were on it in the end.",
        start=row.start,
        end=row.end,
        implied=persons(row.implied),
        source=source,
        before=persons(row.held_at_start),
        entered=persons(row.entered),
        after=persons(row.held_at_end),
    )


def total_words(row: TotalRow) -> Message:
    """Write a published total, with a sign where the source said "at least"."""
    return count_words(row.count, at_least=row.at_least)


def count_words(count: int, *, at_least: bool) -> Message:
    """Write a published number, with a sign where "at least" was said."""
    return Message("≥{number}", number=persons(count)) if at_least else Message("{n}", n=persons(count))


def attempted(estimator: str, fit: Callable[[], T]) -> T | NotEstimableError:
    """Fit an estimator; where it has no answer, say why."""
    try:
        return fit()
    except NotEstimableError as error:
        return error
    except ConvergenceError:
        return NotEstimableError(
            estimator,
            Message("an iteration did not converge"),
            Message("State tighter priors, or give fewer counts at a time."),
            advice=Message("Check the counts, or look at fewer of them at a time."),
        )


def main_register(stock: PublishedStock) -> str:
    """Give the source of the most totals that say how many, and not "at least"; of several the first."""
    counted: dict[str, int] = {}
    for source, at_least in zip(stock.source, stock.at_least.tolist(), strict=True):
        counted[source] = counted.get(source, 0) + (not at_least)
    return max(counted, key=lambda source: counted[source])


def own_totals(stock: PublishedStock, source: str) -> PublishedStock:
    """Give the totals that a source counted itself, where these are two or more; or else all of them."""
    mine = stock.select(source=source)
    counted = np.array([role == "verified" for role in mine.role]) & ~mine.at_least
    return mine.where(counted) if counted.sum() > 1 else mine


def exact_days(stock: PublishedStock, source: str) -> set[dt.date]:
    """Give the days for which a source printed a total that says how many, and not "at least"."""
    return {
        as_date(stock.date[row])
        for row in range(len(stock))
        if stock.source[row] == source and not stock.at_least[row]
    }


def running_total(
    arrests: PublishedArrests | None, source: str, held: set[dt.date]
) -> tuple[str, list[dt.date]]:
    """Give the running total of arrests of a source that goes over the longest time, and its days.

    Of two over the same time it is the one of more days.

    Parameters
    ----------
    arrests : PublishedArrests or None
        Published arrests.
    source : str
        The register.
    held : set of datetime.date
        Days for which it printed how many it holds.

    Returns
    -------
    tuple of (str, list of datetime.date)
        The event, and those of these days for which the total is printed; nothing where there is none.
    """
    if arrests is None:
        return "", []
    days: dict[tuple[str, str], set[dt.date]] = {}
    for row in range(len(arrests)):
        if arrests.source[row] == source and arrests.event[row] and not arrests.at_least[row]:
            end = arrests.published[row] if np.isnat(arrests.end[row]) else arrests.end[row]
            days.setdefault((arrests.event[row], str(arrests.start[row])), set()).add(as_date(end))
    both = [(event, sorted(found & held)) for (event, _), found in days.items()]
    longest = (pair for pair in both if pair[1])
    return max(longest, key=lambda pair: (pair[1][-1] - pair[1][0], len(pair[1])), default=("", []))


def last_totals(stock: PublishedStock) -> tuple[TotalRow, ...]:
    """Give the last total of each source, those of the last days first."""
    rows: dict[str, list[int]] = {}
    for row, source in enumerate(stock.source):
        rows.setdefault(source, []).append(row)
    found = [
        TotalRow(
            source=source,
            role=stock.role[those[-1]],
            day=as_date(stock.date[those[-1]]),
            count=int(stock.count[those[-1]]),
            at_least=bool(stock.at_least[those[-1]]),
            n_totals=len(those),
            first=as_date(stock.date[those[0]]),
            note=stock.note[those[-1]],
            before=_month_before(stock, those),
        )
        for source, those in rows.items()
    ]
    return tuple(sorted(found, key=lambda row: (-row.day.toordinal(), -row.n_totals, row.source)))


def _month_before(stock: PublishedStock, rows: list[int]) -> tuple[int, dt.date] | None:
    """The last total of some rows that is at least four weeks before the last of them."""
    last = rows[-1]
    found = [
        row
        for row in rows
        if not stock.at_least[row] and stock.date[last] - stock.date[row] >= np.timedelta64(TUNING.month, "D")
    ]
    if not found or stock.at_least[last]:
        return None
    return int(stock.count[found[-1]]), as_date(stock.date[found[-1]])


def differences_of(stock: PublishedStock) -> tuple[Message, ...]:
    """Set the last total of each source beside that of the register of most totals of about the same day."""
    main = main_register(stock)
    mine = own_totals(stock, main)
    counts = {as_date(day): int(count) for day, count in zip(mine.date, mine.count, strict=True)}
    found = []
    for row in last_totals(stock):
        near = min(counts, key=lambda day: (abs((day - row.day).days), -day.toordinal()), default=None)
        if row.source == main or row.at_least or near is None or abs((near - row.day).days) > TUNING.near:
            continue
        found.append(
            Message(
                _MORE if row.count >= counts[near] else _FEWER,
                source=row.source,
                register=main,
                more=persons(abs(row.count - counts[near])),
                count=persons(row.count),
                day=row.day,
                beside=persons(counts[near]),
                beside_day=near,
            )
        )
    return tuple(found)


def several_of_one_day(stock: PublishedStock) -> tuple[Message, ...]:
    """Give the days for which one source published totals that differ."""
    counts: dict[tuple[str, dt.date], dict[int, None]] = {}
    for row, source in enumerate(stock.source):
        counts.setdefault((source, as_date(stock.date[row])), {})[int(stock.count[row])] = None
    return tuple(
        Message("{source}, {day}: {counts}.", source=source, day=day, counts=tuple(map(persons, found)))
        for (source, day), found in counts.items()
        if len(found) > 1
    )


def balance_of(
    stock: PublishedStock,
    arrests: PublishedArrests | None,
    releases: PublishedReleases | None,
    floor: Snapshots | None,
    seed: int,
) -> StockPath:
    """Bound the stock by balance with the register of most totals.

    It takes for granted that whoever left is removed within 30 days, and that its running total of arrests
    lacks no more than a tenth of its largest total. Arrests of other sources take no part.
    """
    register = main_register(stock)
    event, days = running_total(arrests, register, exact_days(stock, register))
    counts = [] if len(days) < 2 else stock.where(~stock.at_least).select(source=register).count.tolist()
    balance = StockBalance(
        register=register,
        event=event if len(days) > 1 else None,
        removed_within=TUNING.removed_within,
        backlog=math.ceil(TUNING.lacking * max(counts)) if counts else None,
    )
    own = arrests if arrests is not None and register in arrests.sources else None
    return balance.fit(stock, arrests=own, releases=releases, floor=floor, seed=seed)


def audits_of(
    stock: PublishedStock, arrests: PublishedArrests, releases: PublishedReleases | None, seed: int
) -> tuple[StockFlowAudit, ...]:
    """Audit the register with the most totals, over the days of large announced totals and over all.

    There are none where it has no running total of arrests on two days with a total.
    """
    register = main_register(stock)
    event, days = running_total(arrests, register, exact_days(stock, register))
    if len(days) < 2:
        return ()
    month = [day for day in days if (days[-1] - day).days >= TUNING.long]
    spans = {(days[0], days[-1]), *((day, days[-1]) for day in month[-1:]), *_announced_spans(releases, days)}
    return _audited(stock, arrests, register, event, spans, seed)


def exits_about(
    stock: PublishedStock, arrests: PublishedArrests, releases: PublishedReleases, seed: int
) -> tuple[ExitsRow, ...]:
    """Exits of the register of most totals about the days of each count of releases that it verified itself.

    They end two weeks or more after the last of these days, as who left is removed later.

    Parameters
    ----------
    stock : PublishedStock
        The totals.
    arrests : PublishedArrests
        The running total of arrests.
    releases : PublishedReleases
        What was verified.
    seed : int
        Passed on; nothing is drawn.

    Returns
    -------
    tuple of ExitsRow
        The exits of each span of days between two of its totals, as short as they allow.
    """
    register, slack, spans = main_register(stock), dt.timedelta(days=TUNING.slack), set()
    event, days = running_total(arrests, register, exact_days(stock, register))
    for row in range(len(releases)):
        start, end = releases.start[row], releases.end[row]
        if (releases.role[row], releases.source[row]) == ("verified", register) and not np.isnat(start):
            last = as_date(releases.published[row] if np.isnat(end) else end)
            before = [day for day in days if day < as_date(start)]
            after = [day for day in days if day >= last + slack]
            spans |= {(before[-1], after[0])} if before and after else set()
    return exits_rows(_audited(stock, arrests, register, event, spans, seed), None)


def _audited(
    stock: PublishedStock,
    arrests: PublishedArrests,
    register: str,
    event: str,
    spans: set[tuple[dt.date, dt.date]],
    seed: int,
) -> tuple[StockFlowAudit, ...]:
    """Audits of a register over spans of days, where there are any."""
    tried = [
        attempted(
            "stock_flow_audit",
            partial(stock_flow_audit, stock, arrests, *span, source=register, event=event, seed=seed),
        )
        for span in sorted(spans)
    ]
    return tuple(audit for audit in tried if isinstance(audit, StockFlowAudit))


def _announced_spans(
    releases: PublishedReleases | None, days: list[dt.date]
) -> tuple[tuple[dt.date, dt.date], ...]:
    """Spans between days of the audit that hold the largest announced totals over weeks."""
    if releases is None:
        return ()
    slack = dt.timedelta(days=TUNING.slack)
    spans: dict[tuple[dt.date, dt.date], None] = {}
    for row in sorted(range(len(releases)), key=lambda row: -int(releases.count[row])):
        start, end = releases.start[row], releases.end[row]
        if releases.role[row] != "announced" or np.isnat(start):
            continue
        first, last = as_date(start), as_date(releases.published[row] if np.isnat(end) else end)
        before = [day for day in days if day <= first + slack]
        after = [day for day in days if day >= last - slack]
        if (last - first).days >= TUNING.long and before and after and before[-1] < after[0]:
            spans[before[-1], after[0]] = None
    return tuple(spans)[: TUNING.spans]


def exits_rows(audits: Iterable[StockFlowAudit], releases: PublishedReleases | None) -> tuple[ExitsRow, ...]:
    """Exits of the days of each audit, the last days first."""
    rows = (_exits_row(audit, releases) for audit in audits)
    retained = (
        row for row in rows if row.implied >= row.low
    )  # else its total of arrests is known to lack some
    return tuple(sorted(retained, key=lambda row: (row.end, row.start), reverse=True))


def _exits_row(audit: StockFlowAudit, releases: PublishedReleases | None) -> ExitsRow:
    """Compare register and announcements over the days of an audit."""
    low, high = (audit.as_seen or audit.exits).bounds
    announced: tuple[AnnouncedItem, ...] = ()
    if releases is not None:
        names = {name: name for name in releases.source}  # with the words of each language
        lines: Any = audit.compare(releases).itertuples(index=False)
        announced = tuple(
            AnnouncedItem(
                names[line.source],
                int(line.count),
                bool(line.at_least),
                line.start.date(),
                line.end.date(),
                same_days=not math.isnan(line.excess),
            )
            for line in lines
            if line.role == "announced"
        )
    return ExitsRow(
        start=audit.start,
        end=audit.end,
        held_at_start=audit.held_at_start,
        entered=audit.arrests,
        held_at_end=audit.held_at_end,
        implied=audit.implied,
        low=low,
        high=high,
        lacked=audit.lacked,
        announced=announced[: TUNING.announced],
    )


def forecasts_of(
    stock: PublishedStock | None, seed: int
) -> tuple[RegisterForecast | None, RegisterBacktest | None]:
    """Forecast the register of most totals by its last one, and score such forecasts; None with too few."""
    if stock is None:
        return None, None
    totals = own_totals(stock, main_register(stock))
    made = attempted("LastValue", partial(LastValue().fit, totals, seed=seed))
    done = attempted("backtest_register", partial(backtest_register, totals, seed=seed))
    return (
        made if isinstance(made, RegisterForecast) else None,
        done if isinstance(done, RegisterBacktest) else None,
    )


def forecast_rows(made: RegisterForecast | None) -> tuple[tuple[dt.date, float, float], ...]:
    """Give the limits of some days to come."""
    if made is None:
        return ()
    days = [made.last_date + dt.timedelta(days=days) for days in TUNING.ahead]
    limits = [made.register(day).printed(TUNING.level) for day in days]
    return tuple((day, low, high) for day, (low, _, high) in zip(days, limits, strict=True))
