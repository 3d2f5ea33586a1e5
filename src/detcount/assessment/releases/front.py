"""The front door for releases: what was announced, what was verified, and what of the gap can be said."""

from __future__ import annotations

import datetime as dt
import warnings
from typing import Any

import numpy as np

from detcount import arguments
from detcount._numerics.parallel import progress
from detcount.assessment.releases.evidence import Declined, audited, batched, processed, totals
from detcount.assessment.releases.filling import content_of
from detcount.assessment.releases.result import ReleasesAssessment
from detcount.definition import require_comparable
from detcount.errors import DetcountWarning, InputError
from detcount.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.releases import AnnouncedBatches, ReleaseProcess

__all__ = ["assess_releases"]


def assess_releases(
    reports: PublishedReleases,
    *,
    as_of: Any = None,
    batches: AnnouncedBatches | None = None,
    process: ReleaseProcess | None = None,
    stock: PublishedStock | None = None,
    arrests: PublishedArrests | None = None,
    audit: tuple[Any, Any] | None = None,
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
    >>> reports = dc.datasets.load("venezuela_releases")
    >>> dc.assess_releases(reports, as_of="2025-12-31").batches.batch("event 2025-12-25").announced
    99
    """
    if not isinstance(reports, PublishedReleases):
        raise TypeError(
            f"assess_releases: expected PublishedReleases, got {type(reports).__name__}. "
            "Use PublishedReleases.from_frame(frame)"
        )
    seed = arguments.seed(seed)
    given = (stock is not None, arrests is not None, audit is not None)
    if any(given) and not all(given):
        raise InputError(
            "audit: expected stock, arrests and the two days of the audit together. Give all three"
        )
    published = [each for each in (reports, stock, arrests) if each is not None]
    require_comparable(
        "assess_releases", [each.definition for each in published], fields=("who", "where", "excludes")
    )
    known = reports if as_of is None else reports.as_of(as_of)
    day = known.last_published if as_of is None else _day(as_of)
    declined: Declined = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DetcountWarning)  # their text stands in the notes
        implied = None
        with progress(4, "announced releases", at_once=True) as done:
            single = batched(known, batches or AnnouncedBatches(), seed, declined)
            done(1)
            daily = processed(known, process or ReleaseProcess(), seed, declined)
            done(1)
            longer = totals(known, single, daily, declined)
            done(1)
            if stock is not None and arrests is not None and audit is not None:
                implied = audited(stock, arrests, audit, as_of, seed, declined)
            done(1)
    return ReleasesAssessment(
        reports=known,
        as_of=day,
        seed=seed,
        batches=single,
        process=daily,
        totals=longer,
        audit=implied,
        declined=declined,
        fill=content_of,
    )


def _day(value: Any) -> dt.date:
    """A day that `as_of` has read already."""
    day: dt.date = np.datetime64(value, "D").astype(object)
    return day
