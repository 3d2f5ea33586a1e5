"""What became of announcements: the estimate of all of them, the delay of verification, and the sampler."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detcount import arguments
from detcount._numerics.arrays import frozen
from detcount._numerics.batches import BatchModel, share_of_days
from detcount.assumptions import Assumption
from detcount.citation import CitationStyle, cite
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import (
    GapEstimate,
    IdentifiedBySource,
    Specification,
    UncertainCount,
    provenance,
)
from detcount.printing import Columns, Summary, frame_of
from detcount.shown import Shown
from detcount.specification import written_out
from detcount.words import Message, Number

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BatchDelay", "BatchesEstimate", "DelayFamily", "SamplerDiagnostics"]

DelayFamily: TypeAlias = Literal["weibull", "log-normal"]


@dataclass(frozen=True)
class SamplerDiagnostics:
    """How the posterior was found, and what its draws are worth.

    Parameters
    ----------
    method : {"exact", "many chains"}
        Exact where there is no delay and one batch.
    effective_size : float
        Independent draws of what is not known: the chains.
    n_rounds : int
        Rounds of moves that each chain took; 0 when exact.

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
    >>> fitted.diagnostics.method
    'many chains'
    """

    method: Literal["exact", "many chains"]
    effective_size: float
    n_rounds: int


@dataclass(frozen=True, eq=False, repr=False)
class BatchDelay:
    """How long verification takes, by announcement and monitor, in whole days since the release.

    Parameters
    ----------
    family : {"weibull", "log-normal"}
        Family of the fast part; the slow part is log-normal.
    series : tuple of (str, str)
        Announcement and monitor of each.
    identified_by : tuple of {"data", "prior"}
        Whether successive figures showed what each will come to.
    model : BatchModel
        Figures and priors.
    scores : ndarray of float64, shape (n_draws, n_scores)
        Draws of all that is not known, as normal scores of the priors.

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
    >>> fitted.delay.family
    'weibull'
    """

    family: DelayFamily
    series: tuple[tuple[str, str], ...]
    identified_by: tuple[IdentifiedBySource, ...]
    model: BatchModel
    scores: NDArray[np.float64]

    def __post_init__(self) -> None:
        object.__setattr__(self, "scores", frozen(self.scores, np.float64))

    def draws(self, days: ArrayLike, label: str, monitor: str) -> NDArray[np.float64]:
        """Give draws of the share of eventual verifications made within so many days, (n_draws, n)."""
        if (label, monitor) not in self.series:
            raise InputError(
                Message(
                    "label and monitor: expected one of {known}, got {got}",
                    known=repr(list(self.series)),
                    got=repr((label, monitor)),
                )
            )
        place = self.series.index((label, monitor))
        within = np.atleast_1d(np.asarray(days, dtype=np.float64))
        return share_of_days(self.model, place, self.scores, within)

    def cdf(self, days: ArrayLike, label: str, monitor: str) -> NDArray[np.float64]:
        """Give the mean share of eventual verifications made within so many days."""
        return np.asarray(self.draws(days, label, monitor).mean(axis=0))

    def interval(self, days: ArrayLike, label: str, monitor: str, level: float = 0.95) -> NDArray[np.float64]:
        """Give equal-tailed limits of that share, shape (n, 2)."""
        tail = (1 - arguments.level(level)) / 2
        return np.quantile(self.draws(days, label, monitor), [tail, 1 - tail], axis=0).T

    def __repr__(self) -> str:
        return f"<BatchDelay: {self.family}, {len(self.series)} series>"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class BatchesEstimate(Shown):
    """What became of the announced batches, batch by batch.

    Parameters
    ----------
    batches : tuple of GapEstimate
        One for each batch, in the order of their days. The draws of all batches belong together.
    by_monitor : tuple of dict
        For each batch, by monitor: what that monitor will have verified in the end.
    delay : BatchDelay or None
        How long verification takes; None when no delay was modelled.
    declined : dict of str to NotEstimableError
        Announcements that are no batch, or have no answer, and why.
    diagnostics : SamplerDiagnostics
        How the posterior was found.
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
    delay: BatchDelay | None
    declined: dict[str, NotEstimableError]
    diagnostics: SamplerDiagnostics
    estimator: Specification
    digest: str
    seed: int = 0
    notes: tuple[str, ...] = ()

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What has to hold for the numbers to mean what they say."""
        return self.estimator.assumes

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

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """Give the estimates as a frame, one row a batch and quantity."""
        return frame_of(self.rows(level))

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

    def summary(self) -> Summary:
        """Give the whole: every announcement in a row, the method, what has to hold, and the notes."""
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
        head = (
            Message("Announcement"),
            Message("Announced by"),
            Message("Announced"),
            Message("Verified"),
            Message("Carried out"),
            Message("Unsubstantiated"),
        )
        return Summary(
            self.headline(),
            columns=Columns(head, rows, left=(0, 1, 4, 5)),
            method=repr(self.estimator),
            assumptions=self.assumptions,
            notes=self.notes,
        )

    def record(self, level: float = 0.95) -> dict[str, Any]:
        """Give everything needed to make the numbers again, as plain values that JSON can hold."""
        return {
            "estimator": repr(self.estimator),
            "specification": written_out(self.estimator),
            "batches": [found.record(level) for found in self.batches],
            "declined": {
                label: {"reason": error.reason, "remedy": error.remedy}
                for label, error in self.declined.items()
            },
            "diagnostics": {
                "method": self.diagnostics.method,
                "effective_size": self.diagnostics.effective_size,
                "n_rounds": self.diagnostics.n_rounds,
            },
            "seed": self.seed,
            "data_sha256": self.digest,
            "assumptions": [str(assumption) for assumption in self.assumptions],
            "notes": list(self.notes),
            **provenance(),
        }

    def cite(self, style: CitationStyle = "text") -> str:
        """Say how to cite the library and the papers of the method used."""
        return cite(style, references=self.estimator.references)

    def say(self, lang: str) -> str:
        """Give the estimates in words, a line each, in one language."""
        return "\n".join(found.say(lang) for found in self.batches)

    def __str__(self) -> str:
        return "\n".join(map(str, self.batches))

    def __repr__(self) -> str:
        return f"<BatchesEstimate by {self.estimator!r}: {len(self.batches)} batches>"
