"""The log-linear model that an information criterion prefers, chosen anew in every resample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from detcount._numerics.arrays import bincount
from detcount._numerics.monte_carlo import jackknife_acceleration
from detcount._numerics.selection.bounded import choose
from detcount._numerics.selection.stepwise import Criterion
from detcount.abundance.guards import (
    Interval,
    answer_to,
    interval_rule,
    repeated_tables,
    resample_notes,
    spread,
)
from detcount.abundance.intervals import BCaBootstrap
from detcount.abundance.selection.ranking import (
    CRITERIA,
    SELECTION_ASSUMES,
    CandidateModel,
    MostOf,
    Ranking,
    models_frame,
    most_at_once,
    number_repeated,
    rank,
    rank_many,
)
from detcount.assumptions import Assumption
from detcount.contract import references
from detcount.contract.citation import Reference
from detcount.contract.specification import AS_TYPED, specification
from detcount.data.captures import CaptureTable
from detcount.errors import NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd


_CLOSE = 2.0  # criterion units within which two models are about as good (Burnham and Anderson 2002)


@dataclass(frozen=True, eq=False)
class SelectedLogLinearDetail:
    """Details of an estimate by `SelectedLogLinear`.

    Parameters
    ----------
    models : tuple of CandidateModel
        The models that took part in the resamples, best first.
    n_candidates : int
        Models compared.
    n_eligible : int
        Models among them whose likelihood has a maximum and determines N.
    acceleration : float
        From the jackknife over persons; not used by the percentile bootstrap.
    """

    models: tuple[CandidateModel, ...]
    n_candidates: int
    n_eligible: int
    acceleration: float

    def to_frame(self) -> pd.DataFrame:
        """Give the models as a pandas frame, a row each, best first."""
        return models_frame(self.models)


@specification
class SelectedLogLinear:
    """Abundance by the log-linear model that an information criterion prefers, the choice in the interval.

    The estimand is N, the persons in a closed population of whom each list names some. All hierarchical
    models of how the lists depend on each other are fitted, the best by the criterion gives the point,
    and the choice is made anew in every resample, so that the interval includes the uncertainty of the
    choice. Prefer `DecomposableGraphs` or `AveragedLogLinear` when several models fit about as well and
    disagree; `StepwiseLogLinear` where lists share few persons.

    Parameters
    ----------
    criterion : {"bic", "aic", "aicc"}, optional
        What is minimised; the sample size is the number of persons listed.
    n_top : int, optional
        Number of best models that take part in the resamples; None takes all with 3 or 4 lists, 100 with 5
        to 8, and 20 beyond.
    max_order : int, optional
        Most lists in one interaction; None allows all but the interaction of all lists up to 5 lists, and
        pairs beyond.
    interval : BCaBootstrap or PercentileBootstrap, optional
        How limits are found.

    See Also
    --------
    AveragedLogLinear : Weighs the same models instead of choosing one.
    StepwiseLogLinear : Adds pairs one by one.
    DecomposableGraphs : Bayesian averaging over graphs.

    Notes
    -----
    Candidates are all hierarchical models with every main effect up to 5 lists, all sets of pairs with 6,
    and beyond those that a steepest descent over single changes visits from several starts. A model is
    eligible if its extended likelihood has a maximum that determines N; a pair of lists that share nobody is
    at minus infinity, and counts as a parameter. Model selection prefers what fits, not what is true of the
    unlisted: the candidates that fit about as well, with their estimates, stand in the detail.

    Resamples redraw how many of the N persons are listed, then their histories (Buckland and Garthwaite
    1991). Silverman, Chan and Vincent redraw the listed alone and so hold their number fixed: of 1,000
    persons, 860 of them on three lists, such 95% intervals covered the truth 92 times in 100, and these 97. A
    resample in which no candidate can be fitted counts as infinite.

    References
    ----------
    .. [1] Silverman, B. W., Chan, L. and Vincent, K. (2024). Bootstrapping multiple systems estimates to
       account for model selection. Statistics and Computing, 34, 44.
       https://doi.org/10.1007/s11222-023-10346-9
    .. [2] Chan, L., Silverman, B. W. and Vincent, K. (2021). Multiple systems estimation for sparse capture
       data: inferential challenges when there are nonoverlapping lists. Journal of the American
       Statistical Association, 116(535), 1297-1306. https://doi.org/10.1080/01621459.2019.1708748
    .. [3] Efron, B. (1987). Better bootstrap confidence intervals. Journal of the American Statistical
       Association, 82(397), 171-185. https://doi.org/10.2307/2289144
    .. [4] Buckland, S. T. and Garthwaite, P. H. (1991). Quantifying precision of mark-recapture estimates
       using the bootstrap and related methods. Biometrics, 47(1), 255-268.
       https://doi.org/10.2307/2532510

    Examples
    --------
    >>> from detcount import abundance, datasets
    >>> estimate = abundance.SelectedLogLinear().fit(datasets.load("korea"))
    >>> estimate.detail.models[0].formula, round(estimate.point, 1)
    ('[12,23]', 157.2)
    """

    criterion: Annotated[Criterion, AS_TYPED] = "bic"
    n_top: MostOf = None
    max_order: MostOf = None
    interval: Annotated[Interval, AS_TYPED] = BCaBootstrap()

    assumes: ClassVar[tuple[Assumption, ...]] = SELECTION_ASSUMES
    references: ClassVar[tuple[Reference, ...]] = (
        references.SILVERMAN_2024,
        references.CHAN_2021,
        references.EFRON_1987,
        references.BUCKLAND_GARTHWAITE_1991,
    )

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a table of 3 to 16 lists."""
        return self._answer(table, rank("SelectedLogLinear", table, self.criterion, self.max_order), seed)

    def _fit_many(
        self, tables: Sequence[CaptureTable], *, seed: int = 0
    ) -> list[AbundanceEstimate | NotEstimableError]:
        """Estimates of tables of as many lists, or why they have none; candidates are fitted at once."""
        rankings = rank_many("SelectedLogLinear", tables, self.criterion, self.max_order)
        return [
            ranking if isinstance(ranking, NotEstimableError) else self._answer(table, ranking, seed)
            for table, ranking in zip(tables, rankings, strict=True)
        ]

    @staticmethod
    def _most_at_once(n_lists: int) -> int:
        """Tables that are worth fitting at once."""
        return most_at_once(n_lists)

    def _answer(self, table: CaptureTable, ranking: Ranking, seed: int) -> AbundanceEstimate:
        """Estimate from the ranking of one table."""
        n_top = number_repeated(self.n_top, table.n_lists, len(ranking.order))
        top = ranking.order[:n_top]
        point = float(table.n_observed + ranking.fits.n_unobserved[top[0]])
        counts = repeated_tables(table, point, self.interval, seed)
        made = choose(
            ranking.models[top],
            table.codes.astype(np.int64),
            counts,
            criterion=self.criterion,
            start=ranking.fits.coefficients[top],
        )
        n_resamples = self.interval.n_resamples
        persons = counts.sum(axis=1) + made.n_unobserved
        draws, chosen = np.maximum(persons[:n_resamples], table.n_observed), made.chosen[:n_resamples]
        acceleration = 0.0
        if isinstance(self.interval, BCaBootstrap):
            acceleration = jackknife_acceleration(persons[n_resamples:], table.counts.astype(np.float64))
        shares = bincount(chosen[chosen >= 0], minlength=n_top) / n_resamples
        models = ranking.describe(table, top, shares)
        return answer_to(self, table)(
            point=point,
            interval_rule=interval_rule(self.interval, draws, point, acceleration),
            seed=seed,
            standard_error=spread(draws),
            notes=(
                ranking.note(table, self.criterion, self.max_order),
                *_repeat_note(n_top, len(ranking.order), n_resamples),
                *_choice_notes(models, self.criterion),
                *resample_notes(self.interval, draws, point, acceleration, made.n_unconverged),
            ),
            detail=SelectedLogLinearDetail(
                models=models,
                n_candidates=len(ranking.models),
                n_eligible=len(ranking.order),
                acceleration=acceleration,
            ),
            draws=draws,
        )

    def _point(self, table: CaptureTable, *, seed: int = 0) -> float:
        """N alone, for verbs that refit many tables."""
        ranking = rank("SelectedLogLinear", table, self.criterion, self.max_order)
        return float(table.n_observed + ranking.fits.n_unobserved[ranking.order[0]])


def _repeat_note(n_top: int, n_eligible: int, n_resamples: int) -> tuple[str, ...]:
    """Say among how many models the choice was repeated."""
    if n_top == 1:
        return (Message("The interval takes the model as given: no choice was repeated in the resamples."),)
    return (
        (
            Message("The choice was repeated in {n:,} resamples, among all of them.", n=n_resamples)
            if n_top == n_eligible
            else Message(
                "The choice was repeated in {n:,} resamples, among the {best:,} best.",
                n=n_resamples,
                best=n_top,
            )
        ),
    )


def _choice_notes(models: tuple[CandidateModel, ...], criterion: Criterion) -> tuple[str, ...]:
    """Say how firm the choice is."""
    best = models[0]
    notes = []
    if best.degrees_of_freedom == 0:
        notes.append(
            Message(
                "The model chosen, {model}, has as many terms as there are capture histories: it fits "
                "whatever was observed, and nothing is left to test it.",
                model=best.formula,
            )
        )
    close = [model.point for model in models if model.difference <= _CLOSE]
    if len(close) > 1:
        notes.append(
            Message(
                "{n} models lie within {close:g} {criterion} units of the best; their estimates go from "
                "{low:,.0f} to {high:,.0f} persons.",
                n=len(close),
                close=_CLOSE,
                criterion=CRITERIA[criterion],
                low=min(close),
                high=max(close),
            )
        )
    return tuple(notes)
