"""Published totals by source: the last of each, the register of most totals, several totals of one day."""

from __future__ import annotations

from detcount.assessment.stock.content import TotalRow, TwiceRow
from detcount.published import PublishedStock
from detcount.published.days import as_date

__all__ = ["last_totals", "main_register", "several_of_one_day"]


def main_register(stock: PublishedStock) -> str:
    """Give the source of the most totals that say how many, and not "at least"; of several the first."""
    counted: dict[str, int] = {}
    for source, at_least in zip(stock.source, stock.at_least.tolist(), strict=True):
        counted[source] = counted.get(source, 0) + (not at_least)
    return max(counted, key=lambda source: counted[source])


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
