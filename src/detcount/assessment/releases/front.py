"""The front door for releases: what was announced, what was verified, and what of the gap can be said."""

from __future__ import annotations

import warnings
from functools import partial
from typing import Any

from detcount import arguments
from detcount._numerics.parallel import progress
from detcount.assessment.releases.evidence import attempted, given, totals
from detcount.assessment.releases.filling import content_of
from detcount.assessment.releases.result import ReleasesAssessment
from detcount.definition import require_comparable
from detcount.errors import DetcountWarning, InputError, NotEstimableError
from detcount.estimates import GapEstimate
from detcount.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.published.releases import require_releases
from detcount.releases import AnnouncedBatches, BatchesEstimate, ReleaseProcess
from detcount.releases import influence as left_out_in_turn
from detcount.stock import StockFlowAudit, stock_flow_audit
from detcount.words import Message

__all__ = ["assess_releases"]

_Register = tuple[PublishedStock, PublishedArrests, tuple[Any, Any]]


def assess_releases(
    reports: PublishedReleases,
    *,
    as_of: Any = None,
    batches: AnnouncedBatches | None = None,
    process: ReleaseProcess | None = None,
    stock: PublishedStock | None = None,
    arrests: PublishedArrests | None = None,
    audit: tuple[Any, Any] | None = None,
    influence: bool = False,
    seed: int = 0,
) -> ReleasesAssessment:
    """Set announced releases against verified ones, with all that the published counts can carry.

    The estimand, for each announced number of releases, is how many were carried out, and how the rest
    splits into pending, unverifiable and unsubstantiated. Announcements of one day or round are taken as
    batches; totals over longer windows are compared with what was verified in the same days by a model
    of the daily releases. Where a stock and arrests are given, the exits that they imply stand beside.

    Parameters
    ----------
    reports : PublishedReleases
        Published counts.
    as_of : str or datetime.date, optional
        The last day that may be known; by default that of the last count.
    batches : AnnouncedBatches, optional
        The model of single announcements; by default ``AnnouncedBatches()``.
    process : ReleaseProcess, optional
        The model of daily releases; by default ``ReleaseProcess()``.
    stock, arrests : PublishedStock, PublishedArrests, optional
        A register's own counts, for the audit; both or none.
    audit : tuple of two days, optional
        First and last day of the audit.
    influence : bool, optional
        Whether each published count is left out in turn, so that the report says which of them move the
        number carried out, and to what. That takes about as long again as the model of announcements.
    seed : int, optional
        Seed of every fit, 0 or more.

    Returns
    -------
    ReleasesAssessment
        Counts in persons, what was declined with its reason, and the reports.

    Raises
    ------
    InputError
        If nothing had been published by `as_of`, the seed is no whole number of 0 or more, or stock,
        arrests and days of the audit are not given together, or their definitions are of different people.

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
    >>> reports = dc.PublishedReleases.from_frame(rows)
    >>> few = dc.releases.AnnouncedBatches(n_draws=200), dc.releases.ReleaseProcess(n_draws=200)
    >>> assessment = dc.assess_releases(reports, batches=few[0], process=few[1])
    >>> assessment.batches.batch("January").announced
    90
    """
    require_releases("assess_releases", reports)
    seed = arguments.seed(seed)
    register = _register(stock, arrests, audit)
    published = [each for each in (reports, stock, arrests) if each is not None]
    require_comparable(
        "assess_releases", [each.definition for each in published], fields=("who", "where", "excludes")
    )
    known = reports if as_of is None else reports.as_of(as_of)
    day = known.last_published if as_of is None else arguments.day("as_of", as_of)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DetcountWarning)  # their text stands in the notes
        with progress(4, "announced releases", at_once=True) as done:
            single = attempted(
                "AnnouncedBatches", partial((batches or AnnouncedBatches()).fit, known, seed=seed)
            )
            done(1)
            daily = attempted("ReleaseProcess", partial((process or ReleaseProcess()).fit, known, seed=seed))
            done(1)
            moved = None
            if influence and isinstance(single, BatchesEstimate):
                moved = attempted(
                    "influence", partial(left_out_in_turn, known, batches, fitted=single, seed=seed)
                )
            longer = totals(known, given(single), given(daily))
            done(1)
            implied = None
            if register is not None:
                implied = attempted("stock_flow_audit", partial(_audited, register, as_of, seed))
            done(1)
    answers = (
        ("batches", "", single),
        ("process", "", daily),
        *(("total", label, total) for label, total in longer),
        ("audit", "", implied),
    )
    return ReleasesAssessment(
        reports=known,
        as_of=day,
        seed=seed,
        batches=given(single),
        process=given(daily),
        totals=tuple(total for _, total in longer if isinstance(total, GapEstimate)),
        audit=given(implied),
        influence=given(moved),
        declined={
            (part, label): answer for part, label, answer in answers if isinstance(answer, NotEstimableError)
        },
        fill=content_of,
    )


def _register(
    stock: PublishedStock | None, arrests: PublishedArrests | None, days: tuple[Any, Any] | None
) -> _Register | None:
    """The counts of a register and the days to audit: all of them, or none."""
    if stock is None and arrests is None and days is None:
        return None
    if stock is None or arrests is None or days is None:
        raise InputError(
            Message("audit: expected stock, arrests and the two days of the audit together. Give all three")
        )
    return stock, arrests, days


def _audited(register: _Register, as_of: Any, seed: int) -> StockFlowAudit:
    """Exits that a register implies, from what was known of it."""
    stock, arrests, days = register
    if as_of is not None:
        stock, arrests = stock.as_of(as_of), arrests.as_of(as_of)
    return stock_flow_audit(stock, arrests, *days, seed=seed)
