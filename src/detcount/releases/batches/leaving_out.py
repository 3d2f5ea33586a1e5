"""Leave out each published row in turn: how the fits without a row are found from the whole one."""

from __future__ import annotations

from typing import Literal, NamedTuple

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
from detcount.published import PublishedReleases
from detcount.published.releases import require_releases
from detcount.releases.batches.left_out import Influence, LeftOut, Span
from detcount.releases.batches.reading import Read, read_batches
from detcount.releases.batches.readings import is_used, read_alike, read_otherwise, score_places
from detcount.releases.batches.result import BatchesEstimate
from detcount.releases.batches.specification import AnnouncedBatches
from detcount.words import Message

__all__ = ["influence"]

_CHAINS = 500  # draws of the whole, and of each model that weights do not reach
_LEAST_SIZE = 200.0  # effective draws that weights must leave
_ENDS = (0.025, 0.5, 0.975)
_PARTS = 5  # draws of the parts for each of the scores
_LEAST_ERROR = 0.3  # persons: of a quantile that does not move at all between whole numbers
Scores = NDArray[np.float64]


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
    TypeError
        If `reports` is no `PublishedReleases`.

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
    require_releases("influence", reports)
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
