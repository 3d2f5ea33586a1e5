"""What each published row does to each announcement: the row left out, and the numbers beside it.

One thing: the rows left out, how their fits are found from the whole one, and what is said of them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from detcount import arguments
from detcount._numerics.batches import (
    BatchModel,
    draw_parts,
    log_likelihood,
    resume_posterior,
    sample_posterior,
)
from detcount._numerics.importance import TRUSTED_SHAPE, effective_size, pareto_shape, rows_by_weight
from detcount.errors import InputError, NotEstimableError
from detcount.estimates.interval import persons
from detcount.printing import Columns, Summary, frame_of
from detcount.published import PublishedReleases
from detcount.published.days import as_date
from detcount.releases.batches.reading import Read, read_batches
from detcount.releases.batches.readings import is_used, read_alike, read_otherwise, score_places
from detcount.releases.batches.result import BatchesEstimate
from detcount.releases.batches.specification import AnnouncedBatches
from detcount.shown import Shown
from detcount.words import Message, Number

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Influence", "LeftOut", "Span", "influence"]

_CHAINS = 500  # draws of the whole, and of each model that weights do not reach
_LEAST_SIZE = 200.0  # effective draws that weights must leave
_ENDS = (0.025, 0.5, 0.975)
_PARTS = 5  # draws of the parts for each of the scores
_LEAST_ERROR = 0.3  # persons: of a quantile that does not move at all between whole numbers
_MOVED = 0.1  # of the width of an interval: what moves less is no influence
Scores = NDArray[np.float64]


class Span(NamedTuple):
    """Lower 95% limit, median and upper limit, persons."""

    low: float
    median: float
    high: float


@dataclass(frozen=True)
class LeftOut:
    """One announcement with one row left out.

    Parameters
    ----------
    row : int
        Number of the row left out.
    label : str
        The announcement.
    carried_out, unsubstantiated : Span or None
        Both without the row; None where the announcement then has no answer.
    moved : float
        The farthest that a limit or median of the unsubstantiated moved, beyond three Monte Carlo standard
        errors, over the width of its interval with all rows (at least one person); infinite for no answer.
    found_by : {"weights", "refit", "none"}
        Whether the draws of the whole were weighted, or the model fitted again; "none" where it has no
        answer.
    error : float
        Monte Carlo standard error, persons: the largest of the limits and the median of the number carried
        out without the row; infinite for no answer.

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
    >>> few = dc.releases.AnnouncedBatches(n_draws=200)
    >>> found = dc.releases.influence(reports, few)
    >>> print(found.left_out[0].label)
    January
    """

    row: int
    label: str
    carried_out: Span | None
    unsubstantiated: Span | None
    moved: float
    found_by: Literal["weights", "refit", "none"]
    error: float = np.inf


@dataclass(frozen=True, eq=False, repr=False)
class Influence(Shown):
    """What each published row does to each announcement.

    Parameters
    ----------
    reports : PublishedReleases
        The rows.
    whole : dict of str to tuple of Span
        Carried out and unsubstantiated of each announcement, with all rows.
    left_out : tuple of LeftOut
        Of each row that is used and each announcement, what it is without the row.
    estimator : AnnouncedBatches
        The specification.
    seed : int
        Seed of the fits.

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
    >>> few = dc.releases.AnnouncedBatches(n_draws=200)
    >>> found = dc.releases.influence(reports, few)
    >>> len(found.left_out)
    3
    """

    reports: PublishedReleases
    whole: dict[str, tuple[Span, Span]]
    left_out: tuple[LeftOut, ...]
    estimator: AnnouncedBatches
    seed: int = 0

    def of(self, label: str) -> tuple[LeftOut, ...]:
        """Give what moves one announcement by more than a tenth of its width, the most first."""
        if label not in self.whole:
            raise InputError(
                Message(
                    "label: expected one of {known}, got {got}",
                    known=repr(list(self.whole)),
                    got=repr(label),
                )
            )
        found = [each for each in self.left_out if each.label == label and each.moved > _MOVED]
        return tuple(sorted(found, key=lambda each: (-each.moved, each.row)))

    def rows(self) -> list[dict[str, Any]]:
        """Give a row for each announcement and row left out, and one with nothing left out."""
        lines = [self._line(label, None, spans, 0.0, "whole") for label, spans in self.whole.items()]
        for each in self.left_out:
            spans = each.carried_out, each.unsubstantiated
            lines.append(self._line(each.label, each.row, spans, each.moved, each.found_by))
        return lines

    def _line(
        self, label: str, row: int | None, spans: tuple[Span | None, Span | None], moved: float, by: str
    ) -> dict[str, Any]:
        """One line of the table."""
        named = {
            "label": label,
            "row": row,
            "source": None if row is None else self.reports.source[row],
            "published": None if row is None else self._published(row),
            "count": None if row is None else int(self.reports.count[row]),
        }
        for name, span in zip(("carried_out", "unsubstantiated"), spans, strict=True):
            for end in Span._fields:
                named[f"{name}_{end}"] = None if span is None else getattr(span, end)
        return {**named, "moved": moved, "found_by": by}

    def _published(self, row: int) -> dt.date:
        """Day on which a row was published."""
        return as_date(self.reports.published[row])

    def to_frame(self) -> pd.DataFrame:
        """Give the rows as a pandas frame."""
        return frame_of(self.rows())

    def headline(self) -> Message:
        """Say how many rows move an announcement."""
        n = len({each.row for each in self.left_out if each.moved > _MOVED})
        return Message.counted(
            "{n} count moves an announcement by more than a tenth of its width",
            "{n} counts move an announcement by more than a tenth of its width",
            n=n,
        )

    def sentence(self) -> Message:
        """Say, of each announcement, which row moves it most, and to what."""
        told = []
        for label, (_, span) in self.whole.items():
            found = [each for each in self.of(label) if each.unsubstantiated is not None]
            if found:
                told.append(
                    Message(
                        "{label}: unsubstantiated {whole}, and {without} without the {count:,} of {source} "
                        "({day}).",
                        label=label,
                        whole=_words(span),
                        without=_words(found[0].unsubstantiated or span),
                        count=int(self.reports.count[found[0].row]),
                        source=self.reports.source[found[0].row],
                        day=self._published(found[0].row),
                    )
                )
            else:
                told.append(
                    Message(
                        "{label}: unsubstantiated {whole}, whichever count is left out.",
                        label=label,
                        whole=_words(span),
                    )
                )
        return Message.together(told)

    def summary(self) -> Summary:
        """Give the whole: of each announcement the rows that move it, and what it is without them."""
        rows = []
        for label, (_, span) in self.whole.items():
            rows.append((label, Message("nothing"), "", "", *map(persons, span)))
            for each in self.of(label):
                cells = (
                    ("–",) * 3 if each.unsubstantiated is None else tuple(map(persons, each.unsubstantiated))
                )
                source, count = self.reports.source[each.row], Number(int(self.reports.count[each.row]))
                rows.append((label, source, Message("{day}", day=self._published(each.row)), count, *cells))
        head = (
            *(Message("Announcement"), Message("Left out"), Message("Published"), Message("Count")),
            *(Message("Low"), Message("Median"), Message("High")),
        )
        return Summary(
            self.headline(),
            self.sentence(),
            Columns(head, tuple(rows), left=(0, 1)),
            method=repr(self.estimator),
            assumptions=self.estimator.assumes,
        )

    def __repr__(self) -> str:
        return f"<Influence on {len(self.whole)} announcements: {len(self.left_out)} left out>"


def influence(
    reports: PublishedReleases,
    estimator: AnnouncedBatches | None = None,
    *,
    fitted: BatchesEstimate | None = None,
    seed: int = 0,
) -> Influence:
    """Leave out each published row in turn, and set what becomes of each announcement beside it.

    The estimands are those of `AnnouncedBatches`: of each announcement the releases carried out and the
    unsubstantiated. One row of another announcement can move them, for a monitor is one in all of them.

    Parameters
    ----------
    reports : PublishedReleases
        Published counts.
    estimator : AnnouncedBatches, optional
        The specification; by default ``AnnouncedBatches()``.
    fitted : BatchesEstimate, optional
        What that specification made of these counts, if it is there already: its draws are taken then.
    seed : int, optional
        Seed of every fit, 0 or more.

    Returns
    -------
    Influence
        Medians and 95% limits in persons, with all rows and without each row that is used.

    Raises
    ------
    NotEstimableError
        If there is no answer with all rows.
    InputError
        If `fitted` is of other counts or of another specification.

    See Also
    --------
    AnnouncedBatches : The estimator.

    Notes
    -----
    The draws with all rows are weighted by the ratio of the likelihoods where the row left out
    leaves the announcements as they are, the Pareto shape of the weights is at most 0.7 and they are worth
    200 draws. Elsewhere the announcements that read otherwise without the row are fitted again, given the
    draws of the others, and then all are moved together for some rounds. The model is fitted from its
    beginning where it has an announcement or a monitor that it had not with all rows.
    Rows that no announcement uses change nothing, and are not listed.

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
    >>> few = dc.releases.AnnouncedBatches(n_draws=200)
    >>> found = dc.releases.influence(reports, few)
    >>> print(found.left_out[0].found_by)
    none
    """
    spec = AnnouncedBatches() if estimator is None else estimator
    seed = arguments.seed(seed)
    read = read_batches(spec.rules, reports)
    model = spec.model(read)
    random = np.random.default_rng([seed, 3])
    scores = _drawn(reports, spec, fitted)
    if scores is None or scores.shape[1] != model.n_scores:
        scores = sample_posterior(model, _CHAINS, random).scores
    whole = {
        batch.label: _spans(model, place, scores, np.random.default_rng([seed, 4]))
        for place, batch in enumerate(read.batches)
    }
    found: list[LeftOut] = []
    for row in range(len(reports)):
        keep = np.delete(np.arange(len(reports)), row)
        try:
            without = read_batches(spec.rules, reports.where(keep)) if len(keep) else None
        except NotEstimableError:
            without = None
        if without is None:
            if is_used(read, row):
                found += [LeftOut(row, label, None, None, np.inf, "none") for label in whole]
            continue
        other = spec.model(without)
        if read_alike(read, model, without, other):
            continue
        draws, by = _scores_of(read, model, scores, without, other, np.random.default_rng([seed, 5, row]))
        places = {batch.label: place for place, batch in enumerate(without.batches)}
        for label, before in whole.items():
            if label not in places:
                found.append(LeftOut(row, label, None, None, np.inf, "none"))
                continue
            after = _spans(other, places[label], draws, np.random.default_rng([seed, 4]))
            spans, errors = (after.carried_out, after.unsubstantiated), max(after.errors)
            found.append(LeftOut(row, label, *spans, _moved(before, after), by, errors))
    kept = {label: (spans.carried_out, spans.unsubstantiated) for label, spans in whole.items()}
    return Influence(reports, kept, tuple(found), spec, seed)


def _scores_of(
    read: Read,
    model: BatchModel,
    scores: Scores,
    without: Read,
    other: BatchModel,
    random: np.random.Generator,
) -> tuple[Scores, Literal["weights", "refit"]]:
    """Draws of the scores without a row: those of the whole by weight, or new ones."""
    places = score_places(read, model, without, other)
    if places is None:
        return sample_posterior(other, len(scores), random).scores, "refit"
    mapped = scores[:, places]
    log_weights = log_likelihood(other, mapped) - log_likelihood(model, scores)
    if effective_size(log_weights) >= _LEAST_SIZE and pareto_shape(log_weights) <= TRUSTED_SHAPE:
        return mapped[rows_by_weight(log_weights, len(mapped), random)], "weights"
    anew = read_otherwise(read, model, without, other)
    return resume_posterior(other, mapped, anew, random).scores, "refit"


def _drawn(
    reports: PublishedReleases, spec: AnnouncedBatches, fitted: BatchesEstimate | None
) -> Scores | None:
    """Draws of the scores that are there already; None where there are none."""
    if fitted is None:
        return None
    if fitted.digest != reports.digest or fitted.estimator != spec:
        raise InputError(
            Message(
                "fitted: expected what {estimator} made of these counts, got another estimate. "
                "Leave it out, and the counts are fitted here",
                estimator=repr(spec),
            )
        )
    return None if fitted.delay is None else fitted.delay.scores[:_CHAINS]


class _Spans(NamedTuple):
    """Carried out and unsubstantiated, and the standard errors of the limits and the median of both."""

    carried_out: Span
    unsubstantiated: Span
    errors: Span


def _spans(model: BatchModel, batch: int, scores: Scores, random: np.random.Generator) -> _Spans:
    """Carried out and unsubstantiated."""
    carried_out, _ = draw_parts(model, batch, np.tile(scores, (_PARTS, 1)), random)
    missing = np.maximum(model.announced[batch] - carried_out, 0)
    one, two = (Span(*_quantiles(draws, np.array(_ENDS)).tolist()) for draws in (carried_out, missing))
    # half of the distance between the quantiles that are one standard error of a share away, for either
    step = np.sqrt(np.array(_ENDS) * (1 - np.array(_ENDS)) / len(scores))
    low, high = (_quantiles(carried_out, np.array(_ENDS) + side * step) for side in (-1, 1))
    return _Spans(one, two, Span(*np.maximum((high - low) / 2, _LEAST_ERROR).tolist()))


def _quantiles(draws: NDArray[np.int64], levels: Scores) -> Scores:
    """Quantiles of whole persons."""
    return np.quantile(draws, np.clip(levels, 0, 1), method="inverted_cdf").astype(np.float64)


def _moved(before: _Spans, after: _Spans) -> float:
    """How far the unsubstantiated moved beyond what draws explain, over the width of its interval before."""
    # what is low of the one is high of the other
    errors = np.hypot(before.errors, after.errors)[::-1]
    change = np.abs(np.subtract(before.unsubstantiated, after.unsubstantiated))
    width = max(before.unsubstantiated.high - before.unsubstantiated.low, 1.0)
    return float(max((change - 3 * errors).max(), 0.0)) / width


def _words(span: Span) -> Message:
    """A median with its limits."""
    return Message(
        "{median} ({low} to {high})",
        median=persons(span.median),
        low=persons(span.low),
        high=persons(span.high),
    )
