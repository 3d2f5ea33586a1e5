"""Exits that are implied, by the path and by the audit of a register, and what was announced beside them."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import numpy as np

from detcount.assessment.level import LEVEL
from detcount.assessment.stock.content import ExitsRow
from detcount.assessment.stock.disclosing import Rounding
from detcount.assessment.stock.evidence import attempted
from detcount.assessment.stock.registers import exact_days, main_register, running_total
from detcount.assessment.stock.result import StockAssessment
from detcount.estimates import UncertainCount
from detcount.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.published.days import as_date
from detcount.stock import StockFlowAudit, stock_flow_audit

__all__ = ["audits_of", "exits_rows"]

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
    spans = {(days[0], days[-1]), *_announced_spans(releases, days)}
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


def exits_rows(assessment: StockAssessment, rounding: Rounding) -> tuple[ExitsRow, ...]:
    """Exits of the days of each audit."""
    return tuple(_exits_row(assessment, audit, rounding) for audit in assessment.audits)


def _implied(assessment: StockAssessment, audit: StockFlowAudit) -> UncertainCount | None:
    """Exits that the first path implies that knows of flows and has the days of an audit."""
    paths = [path for path in (assessment.path, *assessment.answers.values()) if path is not None]
    for path in paths:
        if path.flows is not None and path.dates[0] <= audit.start and audit.end <= path.dates[-1]:
            return path.exits(audit.start, audit.end)
    return None


def _exits_row(assessment: StockAssessment, audit: StockFlowAudit, rounding: Rounding) -> ExitsRow:
    """What the path, the register and announcements say of the days of an audit."""
    found = audit.exits.interval(LEVEL).printed
    implied = _implied(assessment, audit)
    low, median, high = (0.0, None, 0.0) if implied is None else implied.printed(LEVEL)
    announced: tuple[tuple[str, int], ...] = ()
    if assessment.releases is not None:
        names = {name: name for name in assessment.releases.source}  # with the words of each language
        lines: Any = audit.compare(assessment.releases).itertuples(index=False)
        announced = tuple((names[line.source], int(line.count)) for line in lines if line.role == "announced")
    return ExitsRow(
        start=audit.start,
        end=audit.end,
        path=None if median is None else (rounding.down(low), rounding.near(median), rounding.up(high)),
        identified_by="" if implied is None else implied.identified_by,
        audit=(found[0], float(audit.implied), found[1]),
        announced=announced[:_MOST_ANNOUNCED],
    )
