"""The evidence: what each model answers from the published counts, or why it has no answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from detcount.assessment.releases.counts import CountRow, latest_counts, total_name
from detcount.errors import ConvergenceError, NotEstimableError
from detcount.estimates import GapEstimate
from detcount.published import PublishedReleases
from detcount.releases import BatchesEstimate, ProcessEstimate
from detcount.releases.batches.notes import REASON_NOTHING, REMEDY_NOTHING
from detcount.releases.process.notes import NOTE_NOTHING_VERIFIED
from detcount.words import Message

__all__ = ["attempted", "given", "totals"]

REASON_NO_FIRST_DAY = "the first day that it counts from was not said, so that it can be set against nothing"
REMEDY_NO_FIRST_DAY = "Ask {source} from which day on it counts."
REASON_TO_COME = "it was announced for days that had not begun, and no count of a monitor is of these days"
REMEDY_TO_COME = "Ask again when a monitor has counted them."
REASON_NO_COUNT = "no verified count of {monitor} lies within its days"
REMEDY_NO_COUNT = "Ask for the days of the verified; ReleaseProcess.gap says what counts of other days imply."
ADVICE_NO_COUNT = "Ask the monitor of which days the releases are that it verified."

T = TypeVar("T")


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


def given(answer: T | NotEstimableError | None) -> T | None:
    """Give an answer, or None where there is only a reason."""
    return None if isinstance(answer, NotEstimableError) else answer


def totals(
    reports: PublishedReleases, batches: BatchesEstimate | None, process: ProcessEstimate | None
) -> tuple[tuple[str, GapEstimate | NotEstimableError], ...]:
    """Set the last announced total of each source and event that is no batch against the same days.

    Parameters
    ----------
    reports : PublishedReleases
        The published counts.
    batches : BatchesEstimate or None
        The announcements of one day or round, which are no totals.
    process : ProcessEstimate or None
        The model of daily releases.

    Returns
    -------
    tuple of (str, GapEstimate or NotEstimableError)
        The name of each total, with what became of it or the reason why that cannot be said.
    """
    single = () if batches is None else batches.batches
    labels = {gap.label for gap in single}
    told = {(gap.announced_by, gap.announced, gap.end) for gap in single}
    found = []
    for row in latest_counts(reports):
        if row.role != "announced" or row.event in labels or (row.source, row.count, row.end) in told:
            continue
        answer = _total(row, process)
        if answer is not None:
            found.append((row.event or total_name(row), answer))
    return tuple(found)


def _total(row: CountRow, process: ProcessEstimate | None) -> GapEstimate | NotEstimableError | None:
    """What became of an announced total; None where it cannot be asked."""
    if row.start is None:
        return NotEstimableError(
            "ReleaseProcess", Message(REASON_NO_FIRST_DAY), Message(REMEDY_NO_FIRST_DAY, source=row.source)
        )
    if row.count == 0:
        return NotEstimableError("ReleaseProcess", Message(REASON_NOTHING), Message(REMEDY_NOTHING))
    if row.start > row.published:
        return NotEstimableError("ReleaseProcess", Message(REASON_TO_COME), Message(REMEDY_TO_COME))
    if process is None:
        return None
    try:
        gap = process.gap(row.start, row.end or row.published, announced_by=row.source)
    except NotEstimableError as error:
        return error
    if any(isinstance(note, Message) and note.template == NOTE_NOTHING_VERIFIED for note in gap.notes):
        return NotEstimableError(
            "ReleaseProcess",
            Message(REASON_NO_COUNT, monitor=gap.verified_by),
            Message(REMEDY_NO_COUNT),
            advice=Message(ADVICE_NO_COUNT),
        )
    if gap.announced != row.count:  # the window holds other announcements than this
        return None
    return replace(gap, label=row.event or total_name(row))
