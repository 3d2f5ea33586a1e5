"""The evidence: what each model answers from the published counts, and what it declines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from detcount.assessment.releases.counts import latest_counts, total_name
from detcount.errors import ConvergenceError, NotEstimableError
from detcount.estimates import GapEstimate
from detcount.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.releases import (
    AnnouncedBatches,
    BatchesEstimate,
    ProcessEstimate,
    ReleaseProcess,
    StockFlowAudit,
    stock_flow_audit,
)
from detcount.releases.batches.notes import REASON_NOTHING, REMEDY_NOTHING
from detcount.releases.process.notes import NOTE_NOTHING_VERIFIED
from detcount.words import Message

__all__ = ["Declined", "audited", "batched", "processed", "totals"]

REASON_NO_FIRST_DAY = "the first day that it counts from was not said, so that it can be set against nothing"
REASON_NO_COUNT = "no verified count of {monitor} lies within its days"
REMEDY_NO_COUNT = "Ask for the days of the verified; ReleaseProcess.gap says what counts of other days imply."
ADVICE_NO_COUNT = "Ask the monitor of which days the releases are that it verified."
REMEDY_NO_FIRST_DAY = "Ask {source} from which day on it counts."

Declined = dict[tuple[str, str], NotEstimableError]
"""What has no answer and why, by part of the report and announcement."""


def _not_converged(estimator: str) -> NotEstimableError:
    """What stands in the report where an iteration stopped early."""
    return NotEstimableError(
        estimator,
        Message("an iteration did not converge"),
        Message("State tighter priors, or give fewer counts at a time."),
        advice=Message("Check the counts, or look at fewer of them at a time."),
    )


def batched(
    reports: PublishedReleases,
    spec: AnnouncedBatches,
    seed: int,
    declined: Declined,
) -> BatchesEstimate | None:
    """Announcements of one day or round."""
    try:
        found = spec.fit(reports, seed=seed)
    except NotEstimableError as error:
        declined["batches", ""] = error
        return None
    except ConvergenceError:
        declined["batches", ""] = _not_converged("AnnouncedBatches")
        return None
    return found


def processed(
    reports: PublishedReleases,
    spec: ReleaseProcess,
    seed: int,
    declined: Declined,
) -> ProcessEstimate | None:
    """Releases day by day."""
    try:
        return spec.fit(reports, seed=seed)
    except NotEstimableError as error:
        declined["process", ""] = error
    except ConvergenceError:
        declined["process", ""] = _not_converged("ReleaseProcess")
    return None


def totals(
    reports: PublishedReleases,
    batched: BatchesEstimate | None,
    processed: ProcessEstimate | None,
    declined: Declined,
) -> tuple[GapEstimate, ...]:
    """The last announced total of each source and event that is no batch, against the same days."""
    single = () if batched is None else batched.batches
    labels = {gap.label for gap in single}
    told = {(gap.announced_by, gap.announced, gap.end) for gap in single}
    found = []
    for row in latest_counts(reports):
        if row.role != "announced" or row.event in labels or (row.source, row.count, row.end) in told:
            continue
        label = row.event or total_name(row)
        if row.start is None:
            declined["total", label] = NotEstimableError(
                "ReleaseProcess",
                Message(REASON_NO_FIRST_DAY),
                Message(REMEDY_NO_FIRST_DAY, source=row.source),
            )
            continue
        if row.count == 0:
            declined["total", label] = NotEstimableError(
                "ReleaseProcess", Message(REASON_NOTHING), Message(REMEDY_NOTHING)
            )
            continue
        if processed is None:
            continue
        try:
            gap = processed.gap(row.start, row.end or row.published, announced_by=row.source)
        except NotEstimableError as error:
            declined["total", label] = error
            continue
        if any(isinstance(note, Message) and note.template == NOTE_NOTHING_VERIFIED for note in gap.notes):
            declined["total", label] = NotEstimableError(
                "ReleaseProcess",
                Message(REASON_NO_COUNT, monitor=gap.verified_by),
                Message(REMEDY_NO_COUNT),
                advice=Message(ADVICE_NO_COUNT),
            )
            continue
        if gap.announced == row.count:  # else the window holds other announcements than this
            found.append(replace(gap, label=label))
    return tuple(found)


def audited(
    stock: PublishedStock,
    arrests: PublishedArrests,
    days: tuple[Any, Any],
    as_of: Any,
    seed: int,
    declined: Declined,
) -> StockFlowAudit | None:
    """Exits that a register implies, from what was known of it."""
    try:
        if as_of is not None:
            stock, arrests = stock.as_of(as_of), arrests.as_of(as_of)
        return stock_flow_audit(stock, arrests, *days, seed=seed)
    except NotEstimableError as error:
        declined["audit", ""] = error
    return None
