"""Log-linear models averaged by weights of an information criterion, in every resample anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from detcount._numerics.arrays import Floats
from detcount._numerics.monte_carlo import jackknife_acceleration
from detcount._numerics.selection.bounded import average
from detcount._numerics.selection.stepwise import Criterion, weigh
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
    number_repeated,
    rank,
)
from detcount.assumptions import Assumption
from detcount.contract import arguments, references
from detcount.contract.citation import Reference
from detcount.contract.specification import AS_TYPED, specification
from detcount.data.captures import CaptureTable
from detcount.errors import NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class AveragedLogLinearDetail:
    """Details of an estimate by `AveragedLogLinear`.

    Parameters
    ----------
    models : tuple of CandidateModel
        The models that took part in the resamples, best first; `share` is the weight in the point.
    n_candidates : int
        Models compared.
    n_eligible : int
        Models among them whose likelihood has a maximum and determines N.
    n_capped : int
        Eligible models left out because they put more unlisted persons to each listed one than the cap.
    weight_capped : float
        Weight that these models would have had.
    weight_resampled : float
        Weight in the point of the models that took part in the resamples.
    acceleration : float
        From the jackknife over persons; not used by the percentile bootstrap.
    """

    models: tuple[CandidateModel, ...]
    n_candidates: int
    n_eligible: int
    n_capped: int
    weight_capped: float
    weight_resampled: float
    acceleration: float

    def to_frame(self) -> pd.DataFrame:
        """Give the models as a pandas frame, a row each, best first."""
        return models_frame(self.models)


@specification
class AveragedLogLinear:
    """Abundance averaged over log-linear models, weighted by how well each fits for its size.

    The estimand is N, the persons in a closed population of whom each list names some. The models are
    those of `SelectedLogLinear`; each counts with weight exp(-difference/2) of its criterion, in every
    resample anew. Prefer it to one selected model when several fit about as well.

    Parameters
    ----------
    criterion : {"aic", "aicc", "bic"}, optional
        What the weights are made of; the sample size is the number of persons listed.
    cap : float, optional
        Leave out models that put more unlisted persons than this to each listed one; None leaves out none.
        What it removes is noted.
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
    SelectedLogLinear : One model, chosen.
    DecomposableGraphs : Bayesian averaging over graphs.

    Notes
    -----
    The point is the weighted mean of N over every eligible model: those whose extended likelihood has a
    maximum that determines N. Where only the best take part in the resamples, n_0 of a resample is their
    average times the ratio of the two averages in the table. The cap is applied anew in every resample.
    Resamples redraw how many of the N persons are listed, then their histories (Buckland and Garthwaite
    1991). A resample in which no model remains counts as infinite.

    References
    ----------
    .. [1] Burnham, K. P. and Anderson, D. R. (2002). Model selection and multimodel inference: a practical
       information-theoretic approach. Springer, second edition.
    .. [2] Silverman, B. W., Chan, L. and Vincent, K. (2024). Bootstrapping multiple systems estimates to
       account for model selection. Statistics and Computing, 34, 44.
       https://doi.org/10.1007/s11222-023-10346-9
    .. [3] Chan, L., Silverman, B. W. and Vincent, K. (2021). Multiple systems estimation for sparse capture
       data: inferential challenges when there are nonoverlapping lists. Journal of the American
       Statistical Association, 116(535), 1297-1306. https://doi.org/10.1080/01621459.2019.1708748
    .. [4] Efron, B. (1987). Better bootstrap confidence intervals. Journal of the American Statistical
       Association, 82(397), 171-185. https://doi.org/10.2307/2289144
    .. [5] Buckland, S. T. and Garthwaite, P. H. (1991). Quantifying precision of mark-recapture estimates
       using the bootstrap and related methods. Biometrics, 47(1), 255-268.
       https://doi.org/10.2307/2532510

    Examples
    --------
    >>> from detcount import abundance, datasets
    >>> estimate = abundance.AveragedLogLinear(cap=5.0).fit(datasets.load("gaza"))
    >>> round(estimate.point, 1)
    64740.8
    """

    criterion: Annotated[Criterion, AS_TYPED] = "aic"
    cap: Annotated[float | None, arguments.positive] = None
    n_top: MostOf = None
    max_order: MostOf = None
    interval: Annotated[Interval, AS_TYPED] = BCaBootstrap()

    assumes: ClassVar[tuple[Assumption, ...]] = SELECTION_ASSUMES
    references: ClassVar[tuple[Reference, ...]] = (
        references.BURNHAM_ANDERSON_2002,
        references.SILVERMAN_2024,
        references.CHAN_2021,
        references.EFRON_1987,
        references.BUCKLAND_GARTHWAITE_1991,
    )

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a table of 3 to 16 lists."""
        ranking = rank("AveragedLogLinear", table, self.criterion, self.max_order)
        n_observed = table.n_observed
        order, persons = ranking.order, np.array([float(n_observed)])
        unobserved = ranking.fits.n_unobserved[order, None]
        every = self._weigh_every(ranking, n_observed)
        plausible = np.flatnonzero(
            unobserved[:, 0] <= (np.inf if self.cap is None else self.cap * n_observed)
        )
        used = plausible[: number_repeated(self.n_top, table.n_lists, len(plausible))]
        top = order[used]
        among = weigh(ranking.values[top, None], unobserved[used], persons, None)
        point = float(n_observed + every[0][0])
        scale = 1.0 if len(used) == len(plausible) else float(every[0][0] / among[0][0])

        counts = repeated_tables(table, point, self.interval, seed)
        unseen = average(
            ranking.models[top],
            table.codes.astype(np.int64),
            counts,
            criterion=self.criterion,
            cap=self.cap,
            start=ranking.fits.coefficients[top],
        )
        repeated = counts.sum(axis=1) + scale * unseen
        draws = np.maximum(repeated[: self.interval.n_resamples], n_observed)
        acceleration = 0.0
        if isinstance(self.interval, BCaBootstrap):
            left_out = repeated[self.interval.n_resamples :]
            acceleration = jackknife_acceleration(left_out, table.counts.astype(np.float64))
        detail = AveragedLogLinearDetail(
            models=ranking.describe(table, top, every[2][used, 0]),
            n_candidates=len(ranking.models),
            n_eligible=len(order),
            n_capped=len(order) - len(plausible),
            weight_capped=float(every[1][0]),
            weight_resampled=float(every[2][used, 0].sum()),
            acceleration=acceleration,
        )
        return answer_to(self, table)(
            point=point,
            interval_rule=interval_rule(self.interval, draws, point, acceleration),
            seed=seed,
            standard_error=spread(draws),
            notes=(
                ranking.note(table, self.criterion, self.max_order),
                *_average_notes(detail, self.criterion, self.cap),
                *resample_notes(self.interval, draws, point, acceleration, 0),
            ),
            detail=detail,
            draws=draws,
        )

    def _point(self, table: CaptureTable, *, seed: int = 0) -> float:
        """N alone, for verbs that refit many tables."""
        ranking = rank("AveragedLogLinear", table, self.criterion, self.max_order)
        return float(table.n_observed + self._weigh_every(ranking, table.n_observed)[0][0])

    def _weigh_every(self, ranking: Ranking, n_observed: int) -> tuple[Floats, Floats, Floats]:
        """Average over every eligible model below the cap, the weight above it, and all weights."""
        unobserved = ranking.fits.n_unobserved[ranking.order, None]
        every = weigh(
            ranking.values[ranking.order, None], unobserved, np.array([float(n_observed)]), self.cap
        )
        if not np.isfinite(every[0][0]):
            raise NotEstimableError(
                "AveragedLogLinear",
                Message(
                    "every candidate model puts more than {cap:g} unlisted persons to each listed one",
                    cap=self.cap,
                ),
                Message("Report the persons listed as a floor, or state a higher cap and defend it."),
            )
        return every


def _average_notes(
    detail: AveragedLogLinearDetail, criterion: Criterion, cap: float | None
) -> tuple[str, ...]:
    """Say what was averaged, and what the cap and the number of models left out."""
    notes = []
    if cap is not None:
        notes.append(
            Message(
                "{n:,} model that puts more than {cap:g} unlisted persons to each listed one was left out; "
                "it held {weight:.2%} of the {criterion} weight.",
                n=detail.n_capped,
                cap=cap,
                weight=detail.weight_capped,
                criterion=CRITERIA[criterion],
            )
            if detail.n_capped == 1
            else Message(
                "{n:,} models that put more than {cap:g} unlisted persons to each listed one were left out; "
                "they held {weight:.2%} of the {criterion} weight.",
                n=detail.n_capped,
                cap=cap,
                weight=detail.weight_capped,
                criterion=CRITERIA[criterion],
            )
        )
    if len(detail.models) < detail.n_eligible - detail.n_capped:
        notes.append(
            Message(
                "The resamples average the {n:,} best models, which hold {weight:.1%} of the weight; the "
                "others are taken to move in proportion.",
                n=len(detail.models),
                weight=detail.weight_resampled,
            )
        )
    best = max(detail.models, key=lambda model: model.share)
    notes.append(
        Message("The greatest weight, {share:.1%}, is that of {model}.", share=best.share, model=best.formula)
    )
    return tuple(notes)
