"""What became of announcements: the estimate of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detcount.errors import InputError, NotEstimableError
from detcount.estimates import (
    GapEstimate,
    Specification,
    UncertainCount,
)
from detcount.estimates.result import Estimate
from detcount.printing import Columns
from detcount.words import Message, Number

if TYPE_CHECKING:
    pass

_HEAD = (
    *(Message("Announcement"), Message("Announced by"), Message("Announced")),
    *(Message("Verified"), Message("Carried out"), Message("Unsubstantiated")),
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class BatchesEstimate(Estimate):
    """What became of the announced batches, batch by batch.

    Parameters
    ----------
    batches : tuple of GapEstimate
        One for each batch, in the order of their days.
    by_monitor : tuple of dict
        For each batch, by monitor: what that monitor will have verified in the end.
    declined : dict of str to NotEstimableError
        Announcements that are no batch, or have no answer, and why.
    estimator : AnnouncedBatches
        The specification that made the estimate.
    digest : str
        SHA-256 of the data.
    seed : int
        Seed of the fit.
    notes : tuple of str
        What a reader must know of all batches together; each batch has its own besides.

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
    >>> fitted = dc.releases.AnnouncedBatches(n_draws=200).fit(reports)
    >>> print(fitted.headline())
    1 announcement with an answer
    """

    batches: tuple[GapEstimate, ...]
    by_monitor: tuple[dict[str, UncertainCount], ...]
    declined: dict[str, NotEstimableError]
    estimator: Specification
    digest: str
    seed: int = 0
    notes: tuple[str, ...] = ()

    def batch(self, label: str) -> GapEstimate:
        """Give the estimate of one batch by its label."""
        for found in self.batches:
            if found.label == label:
                return found
        if label in self.declined:
            raise self.declined[label]
        raise InputError(
            Message(
                "label: expected one of {known}, got {got}",
                known=repr([found.label for found in self.batches]),
                got=repr(label),
            )
        )

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give the estimates as rows of a table, one dictionary a batch and quantity."""
        return [row for found in self.batches for row in found.rows(level)]

    def headline(self) -> Message:
        """Say how many announcements have an answer, and how many have none."""
        answered = Message.counted(
            "{n} announcement with an answer", "{n} announcements with an answer", n=len(self.batches)
        )
        if not self.declined:
            return answered
        return Message("{answered}, {n} without", answered=answered, n=len(self.declined))

    def sentence(self) -> Message:
        """Say what was announced, verified and carried out, announcement by announcement."""
        told = [Message("{gap}.", gap=found.headline()) for found in self.batches]
        told += [
            Message("{label}: no answer ({reason}).", label=label, reason=error.reason)
            for label, error in self.declined.items()
        ]
        return Message.together(told)

    @property
    def _table(self) -> Columns:
        """Every announcement in a row."""
        rows = tuple(
            (
                found.label,
                found.announced_by,
                Number(found.announced),
                Number(found.verified),
                found.carried_out.headline(),
                found.unsubstantiated.headline(),
            )
            for found in self.batches
        )
        return Columns(_HEAD, rows, left=(0, 1, 4, 5))

    def _recorded(self, level: float) -> dict[str, Any]:
        return {
            "batches": [found.record(level) for found in self.batches],
            "declined": {
                label: {"reason": error.reason, "remedy": error.remedy}
                for label, error in self.declined.items()
            },
        }

    def say(self, lang: str) -> str:
        """Give the estimates in words, a line each, in one language."""
        return "\n".join(found.say(lang) for found in self.batches)

    def __str__(self) -> str:
        return "\n".join(map(str, self.batches))

    def __repr__(self) -> str:
        return f"<BatchesEstimate by {self.estimator!r}: {len(self.batches)} batches>"
