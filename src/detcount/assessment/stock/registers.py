"""Published totals by source: the last of each, the register of most totals, several totals of one day."""

from __future__ import annotations

import datetime as dt

import numpy as np

from detcount.assessment.stock.content import DifferenceRow, TotalRow, TwiceRow
from detcount.published import PublishedArrests, PublishedStock
from detcount.published.days import as_date

_MONTH = 28  # days, at least, between the two totals of a change
_NEAR = 7  # days, at most, between totals of two registers that are set beside each other


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
    return max(both, key=lambda pair: _length(pair[1]), default=("", []))


def _length(days: list[dt.date]) -> tuple[int, int]:
    """Days from the first to the last, and how many there are."""
    return ((days[-1] - days[0]).days, len(days)) if days else (-1, 0)


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
        if not stock.at_least[row] and stock.date[last] - stock.date[row] >= np.timedelta64(_MONTH, "D")
    ]
    if not found or stock.at_least[last]:
        return None
    return int(stock.count[found[-1]]), as_date(stock.date[found[-1]])


def differences_of(stock: PublishedStock) -> tuple[DifferenceRow, ...]:
    """Set the last total of each source beside that of the register of most totals of about the same day."""
    main = main_register(stock)
    mine = own_totals(stock, main)
    counts = {as_date(day): int(count) for day, count in zip(mine.date, mine.count, strict=True)}
    rows = []
    for row in last_totals(stock):
        near = min(counts, key=lambda day: (abs((day - row.day).days), -day.toordinal()), default=None)
        if row.source == main or row.at_least or near is None or abs((near - row.day).days) > _NEAR:
            continue
        beside = counts[near]
        rows.append(DifferenceRow(row.source, row.count, row.day, row.count - beside, beside, near))
    return tuple(rows)


def several_of_one_day(stock: PublishedStock) -> tuple[TwiceRow, ...]:
    """Give the days for which one source published totals that differ."""
    counts: dict[tuple[str, str], list[int]] = {}
    for row, source in enumerate(stock.source):
        counts.setdefault((source, str(stock.date[row])), []).append(int(stock.count[row]))
    days = {str(day): as_date(day) for day in stock.date}
    return tuple(
        TwiceRow(source, days[day], tuple(dict.fromkeys(found)))
        for (source, day), found in counts.items()
        if len(set(found)) > 1
    )
