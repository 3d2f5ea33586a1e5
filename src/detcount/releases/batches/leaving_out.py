"""Leave out each published row in turn: the model fitted again without each."""

from __future__ import annotations

import numpy as np

from detcount import arguments
from detcount.errors import NotEstimableError
from detcount.estimates import GapEstimate, UncertainCount
from detcount.published import PublishedReleases
from detcount.published.releases import require_releases
from detcount.releases.batches.left_out import Influence, LeftOut, Span
from detcount.releases.batches.reading import read_batches
from detcount.releases.batches.result import BatchesEstimate
from detcount.releases.batches.specification import AnnouncedBatches

__all__ = ["influence"]


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
    The model is fitted again without each row that the estimate uses, with the same seed.
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
    before = spec.fit(reports, seed=seed) if fitted is None else fitted
    whole = {gap.label: gap for gap in before.batches}
    batches = read_batches(spec.rules, reports).batches
    used = {figure.row for batch in batches for each in batch.figures.values() for figure in each}
    used |= {batch.row for batch in batches}
    found: list[LeftOut] = []
    for row in sorted(used):
        keep = np.delete(np.arange(len(reports)), row)
        try:
            gaps = {gap.label: gap for gap in spec.fit(reports.where(keep), seed=seed).batches}
        except NotEstimableError:
            gaps = {}
        for label, gap in whole.items():
            if label not in gaps:
                found.append(LeftOut(row, label, None, None, np.inf, "none"))
                continue
            after = gaps[label]
            spans = _span(after.carried_out), _span(after.unsubstantiated)
            found.append(LeftOut(row, label, *spans, _moved(gap, after), "refit", 0.0))
    kept = {label: (_span(gap.carried_out), _span(gap.unsubstantiated)) for label, gap in whole.items()}
    return Influence(reports, kept, tuple(found), spec, seed)


def _span(count: UncertainCount) -> Span:
    """Limits and median."""
    low, median, high = count.printed()
    return Span(low, low if median is None else median, high)


def _moved(before: GapEstimate, after: GapEstimate) -> float:
    """How far the unsubstantiated moved, over the width of its interval before."""
    one, two = _span(before.unsubstantiated), _span(after.unsubstantiated)
    return float(np.abs(np.subtract(one, two)).max()) / max(one.high - one.low, 1.0)
