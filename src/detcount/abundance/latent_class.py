"""Bayesian latent classes of persons, with chains that are shown to agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from detcount import arguments, references
from detcount._numerics import latent_class as numerics
from detcount._numerics.convergence import effective_sample_size, split_r_hat
from detcount.abundance.answers import posterior_estimate
from detcount.abundance.guards import (
    ASSUMED_BY_ALL,
    BEYOND_MEMORY,
    MOST_DRAWS,
    require_names_on_every_list,
    require_number_of_lists,
)
from detcount.assumptions import Assumption
from detcount.captures import CaptureTable
from detcount.citation import Reference
from detcount.errors import ConvergenceError
from detcount.estimates import AbundanceEstimate, PercentileRule
from detcount.specification import specification
from detcount.words import Message

__all__ = ["LatentClass", "LatentClassDetail"]

_MOST_CLASSES = 1000
_N_CHAINS = 32
_N_LADDERS = 8
_HEATS = np.geomspace(1.0, 0.05, 14)
_BLOCK = 250
_KEPT_EVERY = 10  # draws between class parameters that are kept: divides _BLOCK, and is even for the exchange
_MOST_KEPT = 2000
_N_SWEEPS = 300
_N_TRAJECTORIES = 300
_N_TEMPERED_WARM = 200
_R_HAT = 1.01
_FAR = 5  # times the persons listed


@dataclass(frozen=True, eq=False)
class LatentClassDetail:
    """What stands behind an estimate by `LatentClass`.

    Parameters
    ----------
    chains : ndarray of float64, shape (n_chains, n_draws)
        Draws of N, persons, chain by chain.
    r_hat : float
        Potential scale reduction of log N over half chains; 1 when they agree.
    effective_sample_size : float
        Independent draws of log N that would say as much as these.
    n_classes : int
        Classes of the truncated mixture.
    replica_exchange : bool
        Whether chains had to be coupled to flatter ones to cross between modes.
    far_share : float
        Posterior probability of more than five unlisted persons for each listed one.
    list_shares : ndarray of float64, shape (n_kept, n_classes, n_lists)
        Probability that a list names a person of a class, in some of the draws, all chains evenly.
    class_weights : ndarray of float64, shape (n_kept, n_classes)
        Shares of the classes in the population, in the same draws.
    """

    chains: NDArray[np.float64]
    r_hat: float
    effective_sample_size: float
    n_classes: int
    replica_exchange: bool
    far_share: float
    list_shares: NDArray[np.float64]
    class_weights: NDArray[np.float64]


@specification
class LatentClass:
    """Abundance when persons fall into classes that differ in how each list finds them.

    The estimand is N, the persons in a closed population of whom each of 3 to 60 lists names some.
    Within a class the lists are independent; the classes, how many matter and how large they are, are
    learned. Prefer it with many lists, or where groups of persons are known to differ. There is no cap
    on N, and chains that do not agree give no estimate.

    Parameters
    ----------
    n_classes : int, optional
        Classes of the truncated stick-breaking mixture, 2 to 1000; never more than 2**K - 1 are used.
    shape, rate : float, optional
        Gamma prior of the concentration: small values favour few classes.
    min_effective_size : int, optional
        Independent draws of log N to reach.
    max_draws : int, optional
        Draws of each chain at which sampling gives up.

    Raises
    ------
    ConvergenceError
        From `fit`, if the chains still disagree after `max_draws`; ``last`` holds the estimate.

    See Also
    --------
    DecomposableGraphs : Dependence by graphs, exact, for 3 to 7 lists.

    Notes
    -----
    Person i in class k is on list j with probability lambda_kj ~ Beta(1, 1); class weights are
    V_k prod_(h < k) (1 - V_h), V_k ~ Beta(1, alpha), alpha ~ Gamma(shape, rate); p(N) is proportional to
    1/N. The unseen persons are integrated out, the parameters moved by Hamiltonian trajectories and
    Gibbs sweeps in 32 chains, and N drawn exactly. If R-hat of log N stays above 1.01, eight ladders of
    fourteen copies, each with a flatter likelihood than the last, exchange their states (replica exchange,
    spaced so that all neighbours exchange equally often).

    References
    ----------
    .. [1] Manrique-Vallier, D. (2016). Bayesian population size estimation using Dirichlet process
       mixtures. Biometrics, 72(4), 1246-1254. https://doi.org/10.1111/biom.12502
    .. [2] Neal, R. M. (2011). MCMC using Hamiltonian dynamics. Handbook of Markov Chain Monte Carlo,
       113-162.
    .. [3] Syed, S., Bouchard-Cote, A., Deligiannidis, G. and Doucet, A. (2022). Non-reversible parallel
       tempering: a scalable highly parallel MCMC scheme. Journal of the Royal Statistical Society
       Series B, 84(2), 321-350. https://doi.org/10.1111/rssb.12464
    .. [4] Geyer, C. J. (1991). Markov chain Monte Carlo maximum likelihood. Computing Science and
       Statistics, 23, 156-163.

    Examples
    --------
    >>> from detcount import abundance, datasets
    >>> spec = abundance.LatentClass(min_effective_size=400)
    >>> estimate = spec.fit(datasets.load("hare"))
    >>> 74 < estimate.point < 79
    True
    """

    n_classes: int = 10
    shape: float = 0.25
    rate: float = 0.25
    min_effective_size: int = 1000
    max_draws: int = 8000

    assumes: ClassVar[tuple[Assumption, ...]] = (
        *ASSUMED_BY_ALL,
        Assumption.LATENT_CLASSES,
    )
    references: ClassVar[tuple[Reference, ...]] = (
        references.MANRIQUE_VALLIER_2016,
        references.NEAL_2011,
        references.SYED_2022,
        references.GEYER_1991,
    )

    def __post_init__(self) -> None:
        for name, value, least, most in (
            ("n_classes", self.n_classes, 2, _MOST_CLASSES),
            ("min_effective_size", self.min_effective_size, 100, MOST_DRAWS),
            ("max_draws", self.max_draws, _BLOCK, MOST_DRAWS),
        ):
            whole = arguments.whole_number(name, value, least=least, most=most, remedy=BEYOND_MEMORY)
            object.__setattr__(self, name, whole)
        arguments.positive("shape", self.shape)
        arguments.positive("rate", self.rate)

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a table of 3 or more lists."""
        require_number_of_lists("LatentClass", table, least=3)
        require_names_on_every_list("LatentClass", table)
        data = numerics.ClassData.of(
            table.histories,
            table.counts,
            n_classes=min(self.n_classes, 2**table.n_lists - 1),
            shape=self.shape,
            rate=self.rate,
        )
        seed = arguments.seed(seed)
        random = np.random.default_rng(seed)
        kept: list[numerics.ClassState] = []
        chains, agreed = self._trajectories(table.n_observed, data, random, kept)
        exchange = not agreed
        if exchange:
            kept.clear()
            chains, agreed = self._exchange(table.n_observed, data, random, kept)
        parameters = numerics.class_parameters(kept, most=_MOST_KEPT)
        estimate = self._estimate(table, data, chains, parameters, seed=seed, exchange=exchange)
        if not agreed:
            reason = Message(
                "after {draws:,} draws of {chains} chains R-hat of log N is {r_hat:.3f} and the effective "
                "sample size {effective:.0f}, of {asked} asked for",
                draws=chains.shape[1],
                chains=len(chains),
                r_hat=split_r_hat(np.log(chains)),
                effective=effective_sample_size(np.log(chains)),
                asked=self.min_effective_size,
            )
            remedy = Message(
                "Raise max_draws, or report a range: the posterior has modes that no chain joins."
            )
            raise ConvergenceError(
                Message(
                    "{estimator}: {reason}. {remedy}", estimator="LatentClass", reason=reason, remedy=remedy
                ),
                last=estimate,
                reason=reason,
                remedy=remedy,
                advice=Message("Draw more, or report a range: the posterior has modes that no chain joins."),
            )
        return estimate

    def _trajectories(
        self,
        n_observed: int,
        data: numerics.ClassData,
        random: np.random.Generator,
        kept: list[numerics.ClassState],
    ) -> tuple[NDArray[np.float64], bool]:
        """Draws of N by Hamiltonian trajectories, until they are enough or the limit is met."""
        state = numerics.initial_state(data, _N_CHAINS, random)
        state, step = numerics.warm_up(
            data, state, random, n_sweeps=_N_SWEEPS, n_trajectories=_N_TRAJECTORIES
        )
        chains = np.empty((_N_CHAINS, 0))
        limit = min(self.max_draws, 4 * _BLOCK)
        while chains.shape[1] < limit:
            for _ in range(_BLOCK // _KEPT_EVERY):
                state, unseen = numerics.sample(data, state, step, _KEPT_EVERY, random)
                chains = np.concatenate([chains, n_observed + unseen], axis=1)
                kept.append(state)
            if self._enough(chains):
                return chains, True
            # R-hat - 1 falls about as fast as the draws grow: what that will not bring down in time is left
            if (split_r_hat(np.log(chains)) - 1) * chains.shape[1] > (_R_HAT - 1) * limit:
                break
        return chains, False

    def _exchange(
        self,
        n_observed: int,
        data: numerics.ClassData,
        random: np.random.Generator,
        kept: list[numerics.ClassState],
    ) -> tuple[NDArray[np.float64], bool]:
        """Draws of N by replica exchange, until they are enough or the limit is met."""
        ladder = numerics.warm_up_tempered(data, _N_LADDERS, _HEATS, _N_TEMPERED_WARM, random)
        chains = np.empty((_N_LADDERS, 0))
        while chains.shape[1] < self.max_draws:
            for _ in range(2 * _BLOCK // _KEPT_EVERY):
                ladder, unseen, _ = numerics.sample_tempered(data, ladder, _KEPT_EVERY, random)
                chains = np.concatenate([chains, n_observed + unseen], axis=1)
                kept.append(ladder.cold)
            if self._enough(chains):
                return chains, True
        return chains, False

    def _enough(self, chains: NDArray[np.float64]) -> bool:
        """Whether the chains agree on log N, and their effective size is what was asked for."""
        values = np.log(chains)
        return split_r_hat(values) <= _R_HAT and effective_sample_size(values) >= self.min_effective_size

    def _estimate(
        self,
        table: CaptureTable,
        data: numerics.ClassData,
        chains: NDArray[np.float64],
        parameters: tuple[NDArray[np.float64], NDArray[np.float64]],
        *,
        seed: int,
        exchange: bool,
    ) -> AbundanceEstimate:
        draws = chains.ravel()
        detail = LatentClassDetail(
            chains=chains,
            r_hat=split_r_hat(np.log(chains)),
            effective_sample_size=effective_sample_size(np.log(chains)),
            n_classes=data.n_classes,
            replica_exchange=exchange,
            far_share=float(np.mean(draws > (1 + _FAR) * table.n_observed)),
            list_shares=parameters[0],
            class_weights=parameters[1],
        )
        return posterior_estimate(
            self,
            table,
            draws,
            PercentileRule(draws, "posterior", n_chains=len(chains)),
            standard_error=float(draws.std(ddof=1)),
            seed=seed,
            notes=_notes(detail, self.n_classes),
            detail=detail,
        )


def _notes(detail: LatentClassDetail, asked: int) -> tuple[str, ...]:
    """What a reader must know."""
    notes = [
        Message(
            "{chains} chains, R-hat of log N {r_hat:.3f}, effective sample size {effective:,.0f}.",
            chains=len(detail.chains),
            r_hat=detail.r_hat,
            effective=detail.effective_sample_size,
        )
    ]
    if detail.n_classes != asked:
        notes.append(
            Message(
                "{classes} classes were used: with so few lists more cannot be told apart.",
                classes=detail.n_classes,
            )
        )
    if detail.replica_exchange:
        notes.append(
            Message(
                "Chains settled on different numbers, so they were coupled to flatter copies (replica "
                "exchange): the posterior has several modes."
            )
        )
    if detail.far_share > 0.01:
        notes.append(
            Message(
                "With probability {share:.2f} there are more than {far} unlisted persons for each listed "
                "one: the upper limit rests on the prior.",
                share=detail.far_share,
                far=_FAR,
            )
        )
    return tuple(notes)
