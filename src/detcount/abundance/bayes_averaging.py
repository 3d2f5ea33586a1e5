"""Bayesian averaging over every hierarchical log-linear model of three to five lists."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np

from detcount._numerics.arrays import Bools, Floats
from detcount._numerics.listed_cells import normalized
from detcount._numerics.log_linear_posterior import AveragedPosterior, averaged_posterior
from detcount._numerics.monte_carlo import resample, rows_by_weight
from detcount._numerics.patterns import all_hierarchical, formula
from detcount.abundance.guards import (
    ASSUMED_BY_ALL,
    counts_by_code,
    notes_on_few,
    notes_on_weights,
    posterior_estimate,
    require_anybody_shared,
    require_names_on_every_list,
    require_number_of_lists,
)
from detcount.assumptions import Assumption
from detcount.contract import arguments, references
from detcount.contract.citation import Reference
from detcount.contract.specification import AS_TYPED, specification
from detcount.data.captures import CaptureTable
from detcount.errors import NotEstimableError
from detcount.estimates import AbundanceEstimate, PercentileRule
from detcount.reports.printing import frame_of
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd


_MOST_LISTS = 5  # six have some 7.8 million models


@dataclass(frozen=True)
class Tuning:
    """Numbers of Bayesian model averaging.

    Parameters
    ----------
    weighted : int, draws
        Weighted draws of the log means. Convention: limits within a few per cent of a standard deviation.
    draws : int, draws
        Draws of N. Convention: limits within 2% of a standard deviation.
    leading : float, probability
        Probability from which a model is named. Convention: 5%.
    apart : float, ratio
        Ratio of medians from which models disagree. Convention: a quarter.
    countable : float, persons
        Number beyond which a Poisson draw is its mean to every digit. Computational (`test_numbers`).
    """

    weighted: int = 20_000
    draws: int = 8000
    leading: float = 0.05
    apart: float = 1.25
    countable: float = 1e15


TUNING = Tuning()


_SHOWN = 100


@dataclass(frozen=True)
class ModelPosterior:
    """One log-linear model, after seeing the data.

    Parameters
    ----------
    formula : str
        The model by its largest terms, lists numbered from 1 in the order of the table: "[12,3]".
    probability : float
        Posterior probability of the model.
    median : float
        Posterior median of N under the model, persons.
    """

    formula: str
    probability: float
    median: float


@dataclass(frozen=True, eq=False)
class BayesAveragedLogLinearDetail:
    """Details of an estimate by `BayesAveragedLogLinear`.

    Parameters
    ----------
    models : tuple of ModelPosterior
        The most probable models, at most 100, in order.
    n_models : int
        Models averaged over.
    pair_probabilities : dict of tuple of str to float
        Posterior probability that two lists depend on each other.
    mean, standard_deviation : float
        Moments of the posterior of N, persons.
    scale : float
        Posterior mean of the prior standard deviation of the coefficients; 1 with the
        unit-information prior.
    effective_sample_size : float
        Independent draws that would say as much as the weighted ones.
    pareto_shape : float
        Tail of the importance weights; above 0.7 they cannot be trusted.
    """

    models: tuple[ModelPosterior, ...]
    n_models: int
    pair_probabilities: dict[tuple[str, str], float]
    mean: float
    standard_deviation: float
    scale: float
    effective_sample_size: float
    pareto_shape: float

    def to_frame(self) -> pd.DataFrame:
        """Give the models as a pandas frame, a row each."""
        return frame_of(
            {"formula": each.formula, "probability": each.probability, "median": each.median}
            for each in self.models
        )


@specification
class BayesAveragedLogLinear:
    """Abundance averaged over every hierarchical log-linear model of 3 to 5 lists, by probability.

    The estimand is N, the persons in a closed population. Each model says which groups of lists depend
    on each other; all are equally likely before the data, and each counts by how well it predicted the
    data. Prefer it to one selected model when several fit about as well; `DecomposableGraphs` averages
    over fewer models, without simulation and up to seven lists.

    Parameters
    ----------
    max_order : int, optional
        Most lists in one interaction, at least 1; None allows all but that of all the lists together,
        on which the listed say nothing.
    prior : str, optional
        "unit-information": the prior of each coefficient says as much as one cell of the table, or about one
        person; a coefficient above 2 is unlikely, and it multiplies counts by up to exp(4).
        "estimated-scale": the width of that prior is estimated from the data.

    See Also
    --------
    DecomposableGraphs : Only graphs whose posterior is exact; up to seven lists.
    AveragedLogLinear : Weighs models by an information criterion, with a bootstrap.

    Notes
    -----
    The persons n_w with history w are Poisson with log mean the sum of the coefficients of a model's terms
    in sum-to-zero coding. Coefficients are independent normal around 0 with standard deviation s: s = 1,
    or 1/s^2 gamma with shape and rate 0.0005 (Sabanés Bové and Held 2011, as the R package conting has it),
    summed over s from 0.08 to 20.
    The intercept has a flat prior, so that p(N) is proportional to 1/N. Models are drawn by their
    marginal likelihood in Laplace's approximation. Importance weights then correct the draws of models,
    coefficients and N, so that only Monte Carlo noise is left, which `effective_sample_size` measures. The
    point is the posterior median, the interval equal-tailed.

    References
    ----------
    .. [1] Ntzoufras, I., Dellaportas, P. and Forster, J. J. (2003). Bayesian variable and link
       determination for generalised linear models. Journal of Statistical Planning and Inference,
       111(1-2), 165-180. https://doi.org/10.1016/S0378-3758(02)00298-7
    .. [2] Sabanés Bové, D. and Held, L. (2011). Hyper-g priors for generalized linear models. Bayesian
       Analysis, 6(3), 387-410. https://doi.org/10.1214/11-BA615
    .. [3] Overstall, A. M. and King, R. (2014). conting: an R package for Bayesian analysis of complete and
       incomplete contingency tables. Journal of Statistical Software, 58(7), 1-27.
       https://doi.org/10.18637/jss.v058.i07
    .. [4] Vehtari, A., Simpson, D., Gelman, A., Yao, Y. and Gabry, J. (2024). Pareto smoothed importance
       sampling. Journal of Machine Learning Research, 25(72), 1-58.

    Examples
    --------
    >>> from detcount import abundance, datasets
    >>> estimate = abundance.BayesAveragedLogLinear().fit(datasets.load("spina"))
    >>> estimate.detail.models[0].formula
    '[23,1]'
    >>> 722 < estimate.point < 728
    True
    """

    max_order: Annotated[
        int | None, partial(arguments.whole_number, least=1, remedy=Message("None is all but the highest"))
    ] = None
    prior: Annotated[Literal["unit-information", "estimated-scale"], AS_TYPED] = "unit-information"

    assumes: ClassVar[tuple[Assumption, ...]] = (
        *ASSUMED_BY_ALL,
        Assumption.SELECTED_DEPENDENCE,
        Assumption.HOMOGENEOUS_PERSONS,
    )
    references: ClassVar[tuple[Reference, ...]] = (
        references.NTZOUFRAS_2003,
        references.SABANES_BOVE_HELD_2011,
        references.OVERSTALL_KING_2014,
        references.VEHTARI_2024,
    )

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a table of 3 to 5 lists.

        Parameters
        ----------
        table : CaptureTable
            Persons by capture history.
        seed : int, optional
            Seed of the draws.

        Returns
        -------
        AbundanceEstimate
            Abundance in persons; its detail is a `BayesAveragedLogLinearDetail`.

        Raises
        ------
        NotEstimableError
            If there are fewer than 3 or more than 5 lists, if a list names nobody, or if nobody is on
            two lists.
        """
        random = np.random.default_rng(seed)
        models, posterior = self._posterior(table, random)
        expected = resample(posterior.unobserved_means, posterior.log_weights, TUNING.draws, random)
        unobserved = np.where(
            expected < TUNING.countable, random.poisson(np.minimum(expected, TUNING.countable)), expected
        )
        draws = table.n_observed + unobserved
        detail = _detail(table, models, posterior, draws)
        return posterior_estimate(
            self,
            table,
            draws,
            PercentileRule.of_weighted(draws, posterior.effective_size),
            standard_error=detail.standard_deviation,
            seed=seed,
            notes=_notes(detail, int(table.capture_frequencies[1:].sum())),
            detail=detail,
        )

    def listed_cells(self, table: CaptureTable, n_draws: int, *, seed: int = 0) -> Floats:
        """Draw the log probabilities of the histories given that a person is listed.

        Parameters
        ----------
        table : CaptureTable
            Persons by capture history.
        n_draws : int
            Draws, at least 1.
        seed : int, optional
            Seed of the draws; that of a fit gives the draws behind it.

        Returns
        -------
        ndarray of float64, shape (n_draws, 2**K - 1)
            In the order of `CaptureTable.dense`.
        """
        random = np.random.default_rng(seed)
        _, posterior = self._posterior(table, random)
        return normalized(posterior.log_means[rows_by_weight(posterior.log_weights, n_draws, random)])

    def _posterior(self, table: CaptureTable, random: np.random.Generator) -> tuple[Bools, AveragedPosterior]:
        """Weighted draws over all the models, after declining what has no answer."""
        require_number_of_lists("BayesAveragedLogLinear", table, least=3)
        if table.n_lists > _MOST_LISTS:
            raise NotEstimableError(
                "BayesAveragedLogLinear",
                Message(
                    "takes at most {most} lists, got {found}: six have millions of models",
                    most=_MOST_LISTS,
                    found=table.n_lists,
                ),
                Message(
                    "Use DecomposableGraphs, up to 7 lists, or merge lists that share a source (table.merge)."
                ),
                advice=Message("Use decomposable graphs, up to 7 lists, or merge lists that share a source."),
            )
        require_names_on_every_list("BayesAveragedLogLinear", table)
        require_anybody_shared("BayesAveragedLogLinear", table)
        highest = table.n_lists - 1
        models = all_hierarchical(table.n_lists, min(self.max_order or highest, highest))
        cells = counts_by_code(table)
        posterior = averaged_posterior(
            models,
            cells,
            estimated_scale=self.prior == "estimated-scale",
            n_draws=TUNING.weighted,
            random=random,
        )
        return models, posterior


def _detail(
    table: CaptureTable, models: Bools, posterior: AveragedPosterior, draws: Floats
) -> BayesAveragedLogLinearDetail:
    """Models by probability, probabilities of pairs, moments."""
    weights = np.exp(posterior.log_weights - posterior.log_weights.max())
    order = np.argsort(-posterior.probabilities, kind="stable")[:_SHOWN]
    pairs = [(i, j) for i in range(table.n_lists) for j in range(i + 1, table.n_lists)]
    return BayesAveragedLogLinearDetail(
        models=tuple(
            ModelPosterior(
                formula(models[row]),
                float(posterior.probabilities[row]),
                table.n_observed + _weighted_median(posterior, weights, row),
            )
            for row in order.tolist()
            if posterior.probabilities[row] > 0
        ),
        n_models=len(models),
        pair_probabilities={
            (table.lists[i], table.lists[j]): float(posterior.probabilities[models[:, 1 << i | 1 << j]].sum())
            for i, j in pairs
        },
        mean=float(draws.mean()),
        standard_deviation=float(draws.std()),
        scale=float(weights @ posterior.scales / weights.sum()),
        effective_sample_size=posterior.effective_size,
        pareto_shape=posterior.pareto_shape,
    )


def _weighted_median(posterior: AveragedPosterior, weights: Floats, row: int) -> float:
    """Median of the expected persons on no list under one model."""
    members = np.flatnonzero(posterior.models == row)
    members = members[np.argsort(posterior.unobserved_means[members], kind="stable")]
    shares = np.cumsum(weights[members])
    return float(posterior.unobserved_means[members[np.searchsorted(shares, 0.5 * shares[-1])]])


def _spread(models: tuple[ModelPosterior, ...]) -> tuple[float, float]:
    """Tenth and ninetieth percentile of the medians of the models, weighed by probability."""
    ordered = sorted(models, key=lambda model: model.median)
    shares = np.cumsum([model.probability for model in ordered])
    low, high = np.searchsorted(shares, np.array([0.1, 0.9]) * shares[-1])
    return ordered[low].median, ordered[high].median


def _notes(detail: BayesAveragedLogLinearDetail, n_repeated: int) -> tuple[str, ...]:
    """Write the notes for a reader."""
    notes: list[str] = []
    leading = [model for model in detail.models if model.probability >= TUNING.leading] or [detail.models[0]]
    named = [
        Message(
            "{model} {share:.0%}, {median:,.0f} persons",
            model=model.formula,
            share=model.probability,
            median=model.median,
        )
        for model in leading
    ]
    notes.append(Message("Most probable of {n:,} models: {named:;}.", n=detail.n_models, named=named))
    low, high = _spread(detail.models)
    if high > TUNING.apart * low:
        notes.append(
            Message(
                "Models disagree: weighed by probability, four fifths of their medians lie between "
                "{low:,.0f} and {high:,.0f} persons, and one number hides it.",
                low=low,
                high=high,
            )
        )
    notes += notes_on_few(n_repeated)
    return (*notes, *notes_on_weights(detail.effective_sample_size, detail.pareto_shape))
