"""Published totals by source: the last of each, the register of most totals, several totals of one day."""

from __future__ import annotations

import datetime as dt

import numpy as np

from detcount.assessment.stock.content import TotalRow, TwiceRow
from detcount.published import PublishedArrests, PublishedStock
from detcount.published.days import as_date

__all__ = ["exact_days", "last_totals", "main_register", "own_totals", "running_total", "several_of_one_day"]


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
        )
        for source, those in rows.items()
    ]
    return tuple(sorted(found, key=lambda row: (-row.day.toordinal(), -row.n_totals, row.source)))


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
