"""Any model of the observed cells, one stated assumption on the unseen one, and a prior of N."""

from __future__ import annotations

import math
from typing import Any, ClassVar, cast

import numpy as np
from numpy.typing import NDArray

from detcount import arguments, references
from detcount._numerics.importance import effective_size, rows_by_weight
from detcount.abundance.bayes_averaging import BayesAveragedLogLinear
from detcount.abundance.decomposable import DecomposableGraphs
from detcount.abundance.guards import (
    ASSUMED_BY_ALL,
    BEYOND_MEMORY,
    MOST_DRAWS,
    posterior_estimate,
    require_names_on_every_list,
    require_number_of_lists,
)
from detcount.abundance.identification.choices import (
    NAME,
    OBSERVED,
    Dirichlet,
    NoHighestOrder,
    PairIndependence,
)
from detcount.abundance.identification.posterior import (
    LEAST_KEPT,
    IdentifiedByDetail,
    IdentifiedDraws,
    finite_moments,
    notes_of,
    proposals,
    require_end,
    require_enough,
    weighted,
)
from detcount.abundance.latent_class import LatentClass
from detcount.abundance.priors import InverseN, PopulationPrior
from detcount.abundance.threshold import ThresholdedLogLinear
from detcount.assumptions import Assumption
from detcount.captures import CaptureTable
from detcount.citation import Reference
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate, PercentileRule
from detcount.specification import specification
from detcount.words import Message

_MOST_LISTS = 10


class _AssumptionsOfChoice:
    """The assumptions of the specification at hand; of the default where there is none."""

    def __get__(self, instance: IdentifiedBy | None, owner: type) -> tuple[Assumption, ...]:
        if instance is None:
            return (*ASSUMED_BY_ALL, Assumption.NO_HIGHEST_ORDER_INTERACTION)
        observed = () if isinstance(instance.observed, Dirichlet) else instance.observed.assumes
        every = (*ASSUMED_BY_ALL, *observed, instance.assumption.assumption)
        return tuple(dict.fromkeys(every))


@specification
class IdentifiedBy:
    """Abundance from any model of the listed, one stated assumption on the unlisted, and a prior of N.

    The estimand is N, the persons in a closed population of whom each of 2 to 10 lists names some. What
    the data can show, the probabilities of the observed histories, is kept apart from what they cannot,
    how the unlisted relate to them, so that the second can be stated, argued and changed. Prefer it to
    `NoHighestOrderInteraction` where an overlap is empty or a prior of N is known, and to show what an
    assumption does. The posterior is wide, and its upper limit can be very large: that is the answer.

    Parameters
    ----------
    observed : Dirichlet, LatentClass, DecomposableGraphs or a Bayesian log-linear model, optional
        Model of the observed histories: also `BayesAveragedLogLinear`, or `ThresholdedLogLinear` with
        its proper prior. Where a model has a prior of N it must be `InverseN()`: then its posterior of
        the observed histories is that of the listed alone.
    assumption : NoHighestOrder or PairIndependence, optional
        What ties the unlisted to the observed histories.
    prior : PopulationPrior, optional
        Prior of N: `InverseN`, `UniformN`, `NegativeBinomial` or `ElicitedLogNormal`.
    n_draws : int, optional
        Draws of N, 1000 to 10 million.

    Raises
    ------
    NotEstimableError
        From `fit`, if the overlaps that the assumption needs are empty, nearly all draws contradict it,
        the prior of N contradicts the data, or the posterior of N has no end.

    See Also
    --------
    NoHighestOrderInteraction : The same assumption without priors, in closed form.
    PairwiseNoInteraction : The same for two lists.

    Notes
    -----
    The cells given that a person is listed are drawn from their posterior, and mapped to psi, the odds of
    being on no list. No highest-order interaction: psi = OR times the product of the cells on an odd
    number of lists over the product of those on an even number. A pair: psi = OR m10 m01/m11 - m00, and
    draws with a negative psi are discarded. With p(N) proportional to 1/N, n_0 is negative binomial with n
    successes of probability 1/(1 + psi). With N negative binomial of mean M and shape a, n is negative
    binomial of mean M/(1 + psi) and shape a, which weighs the draws, and n_0 is negative binomial with
    n + a successes of probability 1 - M pi_0/(M + a), pi_0 = psi/(1 + psi). Under other priors the draws
    with 1/N are weighted by N p(N).

    References
    ----------
    .. [1] Aleshin-Guendel, S., Sadinle, M. and Wakefield, J. (2024). The central role of the identifying
       assumption in population size estimation. Biometrics, 80(1), ujad028.
       https://doi.org/10.1093/biomtc/ujad028

    Examples
    --------
    >>> from detcount import abundance, datasets
    >>> estimate = abundance.IdentifiedBy().fit(datasets.load("kosovo"))
    >>> 16_500 < estimate.point < 17_600
    True
    """

    observed: Dirichlet | LatentClass | DecomposableGraphs | BayesAveragedLogLinear | ThresholdedLogLinear = (
        Dirichlet()
    )
    assumption: NoHighestOrder | PairIndependence = NoHighestOrder()
    prior: PopulationPrior = InverseN()
    n_draws: int = 10_000

    assumes: ClassVar[tuple[Assumption, ...]] = cast(Any, _AssumptionsOfChoice())
    references: ClassVar[tuple[Reference, ...]] = (references.ALESHIN_GUENDEL_2024,)

    def __post_init__(self) -> None:
        if not isinstance(self.observed, OBSERVED):
            raise TypeError(
                Message(
                    "observed: expected {known:or}, got {kind}",
                    known=[kind.__name__ for kind in OBSERVED],
                    kind=type(self.observed).__name__,
                )
            )
        if isinstance(self.observed, ThresholdedLogLinear) and self.observed.prior != "proper":
            raise InputError(
                Message(
                    "observed: expected ThresholdedLogLinear with its proper prior, got prior='improper', "
                    "under which histories that nobody has are impossible. Leave prior out"
                )
            )
        if isinstance(self.observed, DecomposableGraphs) and self.observed.prior != InverseN():
            raise InputError(
                Message(
                    "observed: expected DecomposableGraphs with the prior InverseN(), got {got}. State the "
                    "prior of N as prior=...",
                    got=repr(self.observed.prior),
                )
            )
        if not isinstance(self.assumption, (NoHighestOrder, PairIndependence)):
            raise TypeError(
                Message(
                    "assumption: expected NoHighestOrder() or PairIndependence(lists=...), got {kind}",
                    kind=type(self.assumption).__name__,
                )
            )
        n_draws = arguments.whole_number(
            "n_draws", self.n_draws, least=1000, most=MOST_DRAWS, remedy=BEYOND_MEMORY
        )
        object.__setattr__(self, "n_draws", n_draws)

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a table of 2 to 10 lists."""
        posterior = self.posterior(table, seed=seed)
        draws = table.n_observed + posterior.unlisted
        point = float(np.median(draws))
        if not math.isfinite(point):
            raise NotEstimableError(
                NAME,
                Message("the median of the posterior is greater than any number a computer holds"),
                Message(
                    "State what is known of N with NegativeBinomial or ElicitedLogNormal, or merge lists."
                ),
                advice=Message("State what is known of the total beforehand, or merge lists."),
            )
        detail = IdentifiedByDetail(
            log_odds=posterior.log_odds,
            discarded_share=posterior.discarded_share,
            effective_sample_size=posterior.effective_size,
            n_proposed=posterior.n_proposed,
            mean=float(draws.mean()) if np.isfinite(draws).all() else math.inf,
        )
        order = self._order(table)
        return posterior_estimate(
            self,
            table,
            draws,
            PercentileRule.of_weighted(draws, posterior.effective_size),
            standard_error=float(draws.std(ddof=1)) if order > 2 and math.isfinite(detail.mean) else None,
            seed=seed,
            notes=notes_of(detail, self.observed, self.n_draws, table, order),
            detail=detail,
        )

    def posterior(self, table: CaptureTable, *, seed: int = 0, keep_cells: bool = False) -> IdentifiedDraws:
        """Draw cells of the listed, odds and unlisted persons; `fit` sums them up."""
        require_number_of_lists(NAME, table, most=_MOST_LISTS)
        require_names_on_every_list(NAME, table)
        self.assumption.check(table)
        self.prior.check(table.n_observed)
        require_end(self._order(table))
        seed = arguments.seed(seed)
        random = np.random.default_rng(seed)
        parts: list[tuple[NDArray[np.float64], ...]] = []
        cells: list[NDArray[np.float64]] = []
        n_proposed = n_valid = 0
        effective = 0.0
        for log_cells, repeats in proposals(self.observed, table, self.n_draws, random, seed):
            log_odds = self.assumption.log_odds(table, log_cells)
            valid = ~np.isnan(log_odds)
            n_proposed += len(valid)
            n_valid += int(valid.sum())
            parts.append(weighted(self.prior, table.n_observed, log_odds[valid], random))
            if keep_cells:
                cells.append(log_cells[valid])
            effective = effective_size(np.concatenate([part[2] for part in parts])) / repeats
            if effective >= self.n_draws or n_valid < LEAST_KEPT * n_proposed:
                break
        kept_share = n_valid / n_proposed
        require_enough(kept_share, effective)
        log_odds, unlisted, weights = (np.concatenate(part) for part in zip(*parts, strict=True))
        chosen = rows_by_weight(weights, self.n_draws, random)
        return IdentifiedDraws(
            np.concatenate(cells)[chosen] if keep_cells else None,
            log_odds[chosen],
            unlisted[chosen],
            1 - kept_share,
            effective,
            n_proposed,
        )

    def _order(self, table: CaptureTable) -> float:
        """Moments of N below this order are finite."""
        return finite_moments(self.observed, self.assumption, self.prior, table)
