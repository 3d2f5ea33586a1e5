"""The front door for releases: what was announced, verified and reported, and what that leaves open."""

from __future__ import annotations

import datetime as dt
from typing import Any

from detcount import arguments
from detcount.assessment.releases.register import days_of_register, register_row
from detcount.assessment.releases.result import ReleasesAssessment
from detcount.assessment.releases.supposing import SUPPOSED, supposed_rows
from detcount.definition import require_comparable
from detcount.errors import InputError, NotEstimableError
from detcount.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.published.events import Event, events_of
from detcount.published.releases import require_releases
from detcount.stock import StockFlowAudit, stock_flow_audit
from detcount.words import Message


def assess_releases(
    reports: PublishedReleases,
    *,
    as_of: Any = None,
    stock: PublishedStock | None = None,
    arrests: PublishedArrests | None = None,
    audit: tuple[Any, Any] | None = None,
    seed: int = 0,
) -> ReleasesAssessment:
    """Set announced releases against verified and reported ones, event by event.

    The estimand, for each announced number of releases, is how many of them a monitor verified, and the
    least and the most that this leaves. What became of the others no count says, and neither does this: how
    many were completed stands only beside the share of what happens that a monitor is supposed to find.

    Parameters
    ----------
    reports : PublishedReleases
        Published counts.
    as_of : str or datetime.date, optional
        The last day that may be known; by default that of the last count.
    stock, arrests : PublishedStock, PublishedArrests, optional
        A register's own totals, both or none: who left it by them stands beside what was announced.
    audit : tuple of two days, optional
        First and last day between which the register is looked at; by default the days of its bulletins
        around the latest announcement.
    seed : int, optional
        Seed of every fit, 0 or more.

    Returns
    -------
    ReleasesAssessment
        Counts in persons by event, and the reports.

    Raises
    ------
    InputError
        If nothing had been published by `as_of`, the seed is no whole number of 0 or more, stock and
        arrests are not given together, days of an audit are given without them, or their definitions are of
        different people.

    See Also
    --------
    assess : The front door for lists of people.

    Examples
    --------
    >>> import detcount as dc
    >>> rows = {
    ...     "published": ["2026-01-03", "2026-01-04", "2026-01-12"],
    ...     "start": ["2026-01-02"] * 3,
    ...     "end": ["2026-01-03"] * 3,
    ...     "event": ["January"] * 3,
    ...     "source": ["ministry", "monitor", "monitor"],
    ...     "role": ["announced", "verified", "verified"],
    ...     "measure": ["people"] * 3,
    ...     "count": [90, 31, 44],
    ... }
    >>> assessment = dc.assess_releases(dc.PublishedReleases.from_frame(rows))
    >>> print(assessment.sentence().partition(",")[0])
    Of 90 releases for 2 to 3 January 2026 announced by ministry on 3 January
    """
    require_releases("assess_releases", reports)
    seed = arguments.seed(seed)
    if (stock is None) != (arrests is None) or (audit is not None and stock is None):
        raise InputError(
            Message("audit: expected stock and arrests together, and days of an audit beside them alone")
        )
    published = [each for each in (reports, stock, arrests) if each is not None]
    require_comparable(
        "assess_releases", [each.definition for each in published], fields=("who", "where", "excludes")
    )
    known = reports if as_of is None else reports.as_of(as_of)
    day = known.last_published if as_of is None else arguments.day("as_of", as_of)
    events = events_of(known)
    left, declined = None, []
    if stock is not None and arrests is not None:
        answer = _audited(stock, arrests, audit, day, events, seed)
        if isinstance(answer, NotEstimableError):
            declined.append(answer)
        elif answer is not None:
            left = register_row(answer, events)
    supposed = supposed_rows(known, events, day, seed=seed)
    return ReleasesAssessment(
        reports=known,
        as_of=day,
        seed=seed,
        events=events,
        supposed=supposed,
        models=SUPPOSED if supposed else (),
        register=left,
        declined=tuple(declined),
    )


def _audited(
    stock: PublishedStock,
    arrests: PublishedArrests,
    days: tuple[Any, Any] | None,
    day: dt.date,
    events: tuple[Event, ...],
    seed: int,
) -> StockFlowAudit | NotEstimableError | None:
    """Who left a register, from what was known of it; None where no days of it are those announced."""
    try:
        stock, arrests = stock.as_of(day), arrests.as_of(day)
    except InputError:
        return None
    chosen = days_of_register(stock, arrests, events, day) if days is None else days
    if chosen is None:
        return None
    try:
        return stock_flow_audit(stock, arrests, *chosen, seed=seed)
    except NotEstimableError as error:
        return error
