"""Exits from the register of most totals, by its own totals, and what was announced of about these days."""

from __future__ import annotations

import datetime as dt
import math
from functools import partial
from typing import Any

import numpy as np

from detcount.assessment.common.verdict import LEVEL
from detcount.assessment.stock.content import AnnouncedItem, ExitsRow
from detcount.assessment.stock.evidence import attempted
from detcount.assessment.stock.registers import exact_days, main_register, running_total
from detcount.assessment.stock.result import StockAssessment
from detcount.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.published.days import as_date
from detcount.stock import StockFlowAudit, stock_flow_audit

_MOST_ANNOUNCED = 3
_MOST_SPANS = 3  # of announced totals, beside the whole time
_LONG = 28  # days of an announced total that an audit is set beside
_SLACK = 14  # days by which a total may begin before an audit, or end after it


def audits_of(
    stock: PublishedStock, arrests: PublishedArrests, releases: PublishedReleases | None, seed: int
) -> tuple[StockFlowAudit, ...]:
    """Audit the register with the most totals, over the days of large announced totals and over all.

    Parameters
    ----------
    stock : PublishedStock
        Published totals.
    arrests : PublishedArrests
        Published arrests.
    releases : PublishedReleases or None
        Published releases.
    seed : int
        Seed of the draws.

    Returns
    -------
    tuple of StockFlowAudit
        The audits, by day; none where the register has no running total of arrests on two days with a total.
    """
    register = main_register(stock)
    event, days = running_total(arrests, register, exact_days(stock, register))
    if len(days) < 2:
        return ()
    month = [day for day in days if (days[-1] - day).days >= _LONG]
    spans = {(days[0], days[-1]), *((day, days[-1]) for day in month[-1:]), *_announced_spans(releases, days)}
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
    slack = dt.timedelta(days=_SLACK)
    spans: dict[tuple[dt.date, dt.date], None] = {}
    for row in sorted(range(len(releases)), key=lambda row: -int(releases.count[row])):
        start, end = releases.start[row], releases.end[row]
        if releases.role[row] != "announced" or np.isnat(start):
            continue
        first, last = as_date(start), as_date(releases.published[row] if np.isnat(end) else end)
        before = [day for day in days if day <= first + slack]
        after = [day for day in days if day >= last - slack]
        if (last - first).days >= _LONG and before and after and before[-1] < after[0]:
            spans[before[-1], after[0]] = None
    return tuple(spans)[:_MOST_SPANS]


def exits_rows(assessment: StockAssessment) -> tuple[ExitsRow, ...]:
    """Exits of the days of each audit, the last days first."""
    rows = (_exits_row(assessment, audit) for audit in assessment.audits)
    kept = (row for row in rows if row.implied >= row.low)  # else its total of arrests is known to lack some
    return tuple(sorted(kept, key=lambda row: (row.end, row.start), reverse=True))


def _exits_row(assessment: StockAssessment, audit: StockFlowAudit) -> ExitsRow:
    """What the register and announcements say of the days of an audit."""
    low, high = audit.exits.interval(LEVEL).printed
    announced: tuple[AnnouncedItem, ...] = ()
    if assessment.releases is not None:
        names = {name: name for name in assessment.releases.source}  # with the words of each language
        lines: Any = audit.compare(assessment.releases).itertuples(index=False)
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
        announced=announced[:_MOST_ANNOUNCED],
    )
