"""The histories listed, one stated assumption on the unlisted, and a prior of N.

The assumptions and the draws are used by `IdentifiedBy` alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, ClassVar, cast

import numpy as np

from detcount._numerics import listed_cells as numerics
from detcount._numerics.arrays import Floats
from detcount._numerics.monte_carlo import effective_size, rows_by_weight
from detcount.abundance.guards import (
    ASSUMED_BY_ALL,
    BEYOND_MEMORY,
    MOST_DRAWS,
    OddsRatio,
    posterior_estimate,
    require_anybody_shared,
    require_names_on_every_list,
    require_number_of_lists,
)
from detcount.abundance.no_interaction import TwoLists
from detcount.abundance.priors import InverseN, NegativeBinomial, PopulationPrior, UniformN
from detcount.assumptions import Assumption
from detcount.contract import arguments, references
from detcount.contract.arguments import Positive
from detcount.contract.citation import Reference
from detcount.contract.specification import AS_TYPED, specification
from detcount.data.captures import CaptureTable
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate, PercentileRule
from detcount.words import Message

NAME = "IdentifiedBy"
_MOST_LISTS = 10


@dataclass(frozen=True)
class Tuning:
    """Sampling under a stated assumption of identification.

    Parameters
    ----------
    least_kept : float, share
        Share of draws within the limits below which sampling gives up. Convention: 1%.
    least_effective : int, effective draws
        Effective size below which no answer is given. Convention: one hundred.
    least_share : float, share
        Share dropped that a note reports: below, it would be printed as none. Convention: half of a printed
        digit.
    rough : int, effective draws
        Effective size below which a warning is given. Convention: one thousand.
    batch : int, cells
        Cells drawn at a time. Convention: what the cache of a processor holds.
    most_cells : int, cells
        Cells drawn before sampling gives up. Convention: some seconds of work.
    most_rounds : int, times
        Draws, over those asked for, before sampling gives up. Convention: a share of 1/400.
    """

    least_kept: float = 0.01
    least_effective: int = 100
    least_share: float = 0.0005
    rough: int = 1000
    batch: int = 1 << 21
    most_cells: int = 1 << 26
    most_rounds: int = 400


TUNING = Tuning()


_LARGEST = 1e300  # a number of persons at which a prior is still evaluated


@specification
class NoHighestOrder:
    """The dependence among all the lists together is stated; with 1 there is none.

    Parameters
    ----------
    odds_ratio : float, optional
        The factor that the stated dependence puts on the persons on no list, above 0; the reciprocal of
        the xi of Aleshin-Guendel et al.

    Examples
    --------
    >>> import detcount as dc
    >>> dc.abundance.IdentifiedBy(assumption=dc.abundance.NoHighestOrder(odds_ratio=1.5))
    IdentifiedBy(assumption=NoHighestOrder(odds_ratio=1.5))
    """

    odds_ratio: OddsRatio = 1.0

    @property
    def assumption(self) -> Assumption:
        """The assumption as a sentence."""
        return Assumption.NO_HIGHEST_ORDER_INTERACTION

    def check(self, table: CaptureTable) -> None:
        """Refuse a table in which no two lists share anybody."""
        require_anybody_shared(NAME, table)

    def log_odds(self, table: CaptureTable, log_cells: Floats) -> Floats:
        """Log odds of being on no list for each draw of the cells."""
        return numerics.log_odds_without_interaction(_cells_of(table, log_cells), self.odds_ratio)

    def tail_index(self, table: CaptureTable, mass: float) -> float:
        """Least shape among the histories that the odds are divided by."""
        even = [code.bit_count() % 2 == 0 for code in range(1, 1 << table.n_lists)]
        return float(table.dense()[even].min() + mass)


@specification
class PairIndependence:
    """The dependence of two of the lists in the whole population is stated; with 1 they are independent.

    Parameters
    ----------
    lists : tuple of str
        Names of the two lists.
    odds_ratio : float, optional
        Odds ratio between the two, above 0; the reciprocal of the xi of Aleshin-Guendel et al.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> stated = dc.abundance.PairIndependence(lists=("press", "court"))
    >>> estimate = dc.abundance.IdentifiedBy(assumption=stated).fit(table)
    >>> 200 < estimate.point < 400
    True
    """

    lists: TwoLists
    odds_ratio: OddsRatio = 1.0

    @property
    def assumption(self) -> Assumption:
        """The assumption as a sentence."""
        return Assumption.KNOWN_ODDS_RATIO

    def check(self, table: CaptureTable) -> None:
        """Refuse a table without the two lists, or whose two lists share nobody."""
        if table.overlap(*self.lists) == 0:
            one, other = self.lists
            raise NotEstimableError(
                NAME,
                Message(
                    "lists {lists!r} share nobody, so the prior of the cells alone would set N",
                    lists=(one, other),
                ),
                Message("Choose another pair of lists, or report the persons listed as a floor."),
            )

    def log_odds(self, table: CaptureTable, log_cells: Floats) -> Floats:
        """Log odds of being on no list for each draw of the cells; nan where they would be negative."""
        self.check(table)
        first, second = map(table.lists.index, self.lists)
        return numerics.log_odds_of_pair(_cells_of(table, log_cells), first, second, self.odds_ratio)

    def tail_index(self, table: CaptureTable, mass: float) -> float:
        """Shape of the overlap, which the odds are divided by."""
        return float(table.overlap(*self.lists) + mass * 2 ** (table.n_lists - 2))


def _cells_of(table: CaptureTable, log_cells: Floats) -> Floats:
    """Draws of the cells of a table, a column for each history; others are refused."""
    wanted = f"(n_draws, {(1 << table.n_lists) - 1})"
    if log_cells.shape[1:] != ((1 << table.n_lists) - 1,):
        raise InputError(
            Message(
                "log_cells: expected the shape {wanted}, got {got}", wanted=wanted, got=repr(log_cells.shape)
            )
        )
    return log_cells


def _require_end(order: float) -> None:
    """Decline where the posterior of N has no sum."""
    if order <= 0:
        raise NotEstimableError(
            NAME,
            Message("the posterior of N has no upper bound: under a flat prior no overlap sets one"),
            Message("Take prior=InverseN(), or state what is known of N with NegativeBinomial."),
            advice=Message(
                "Take a prior that falls with the total, or state what is known of it beforehand."
            ),
        )


def _require_enough(kept_share: float, effective: float) -> None:
    """Decline where hardly a draw is left, or hardly one that counts."""
    if kept_share < TUNING.least_kept:
        raise NotEstimableError(
            NAME,
            Message(
                "{share:.1%} of the draws leave a negative number of persons on no list: the other lists "
                "name more persons than the pair allows",
                share=1 - kept_share,
            ),
            Message("State a greater odds ratio with its reason, or choose another pair."),
        )
    if effective < TUNING.least_effective:
        raise NotEstimableError(
            NAME,
            Message(
                "the prior of N contradicts the data under this assumption: all the draws together are worth "
                "{effective:.0f}",
                effective=effective,
            ),
            Message("Widen the prior, or change the assumption that ties the unlisted to the listed."),
        )


def _notes(
    detail: IdentifiedByDetail, mass: float, n_draws: int, table: CaptureTable, order: float
) -> tuple[str, ...]:
    """Write the notes for a reader."""
    notes = []
    if detail.discarded_share > 0:
        notes.append(
            Message(
                "{share:.1%} of the draws of the observed histories left a negative number of persons on no "
                "list and were discarded: so far the pair and the other lists disagree.",
                share=detail.discarded_share,
            )
            if detail.discarded_share >= TUNING.least_share
            else Message(
                "Less than {least:.1%} of the draws of the observed histories left a negative number of "
                "persons on no list and were discarded: so far the pair and the other lists disagree.",
                least=2 * TUNING.least_share,
            )
        )
    if detail.effective_sample_size < min(n_draws, TUNING.rough):
        notes.append(
            Message(
                "The draws are worth {effective:,.0f} independent ones: the limits are rough.",
                effective=detail.effective_sample_size,
            )
        )
    if order <= 2:
        notes.append(
            Message(
                "An overlap that the number is divided by is so small that the posterior of N has no finite "
                "mean: the upper limit rests on the prior."
            )
            if order <= 1
            else Message(
                "An overlap that the number is divided by is so small that the posterior of N has no finite "
                "variance: the upper limit rests on the prior."
            )
        )
    mass *= (1 << table.n_lists) - 1
    if mass > table.n_observed:
        notes.append(
            Message(
                "The prior of the observed histories weighs as much as {mass:,.0f} persons, more than are "
                "listed: state a smaller mass.",
                mass=mass,
            )
        )
    return tuple(notes)


@dataclass(frozen=True, eq=False)
class IdentifiedByDetail:
    """Details of an estimate by `IdentifiedBy`.

    Parameters
    ----------
    log_odds : ndarray of float64, shape (n_draws,)
        Log odds of being on no list behind each draw of N.
    discarded_share : float
        Share of the draws of the observed cells that left a negative number of persons on no list.
    effective_sample_size : float
        Independent draws that would say as much as the weighted ones, before N is drawn.
    n_proposed : int
        Draws of the observed cells in all.
    mean : float
        Mean of the draws of N, persons; infinite when a draw is.
    """

    log_odds: Floats
    discarded_share: float
    effective_sample_size: float
    n_proposed: int
    mean: float


@dataclass(frozen=True)
class IdentifiedDraws:
    """Draws after weighting and resampling: cells, their odds, and persons on no list."""

    log_cells: Floats | None
    log_odds: Floats
    unlisted: Floats
    discarded_share: float
    effective_size: float
    n_proposed: int


def _proposals(
    table: CaptureTable, mass: float, n_draws: int, random: np.random.Generator
) -> Iterator[Floats]:
    """Batches of log cells of the listed."""
    shapes = table.dense().astype(np.float64) + mass
    most = max(TUNING.batch // len(shapes), 1)
    size = min(n_draws, most)
    n_left = min(max(TUNING.most_cells // len(shapes), n_draws), TUNING.most_rounds * n_draws)
    while n_left > 0:
        yield numerics.dirichlet_log_cells(shapes, min(size, n_left), random)
        n_left -= size
        size = min(2 * size, most)


def _weighted(
    prior: PopulationPrior, n_observed: int, log_odds: Floats, random: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """Log odds, persons on no list, and log weights under the prior of N."""
    n = float(n_observed)
    if isinstance(prior, NegativeBinomial):
        mean, shape = float(prior.mean), float(prior.shape)
        unlisted = numerics.draw_unlisted_under_negative_binomial(n, log_odds, mean, shape, random)
        return log_odds, unlisted, numerics.negative_binomial_log_weights(n, log_odds, mean, shape)
    unlisted = numerics.draw_unlisted(n, log_odds, random)
    if prior == InverseN():
        return log_odds, unlisted, np.zeros(len(log_odds))
    total = np.minimum(n + unlisted, _LARGEST)
    weights = prior.log_density(total) + np.log(total)
    most = math.inf if prior.most_unobserved is None else prior.most_unobserved
    allowed = (unlisted >= prior.least_unobserved) & (unlisted <= most)
    return log_odds, unlisted, np.where(allowed, weights, -np.inf)


class _AssumptionsOfChoice:
    """The assumptions of the specification at hand; of the default where there is none."""

    def __get__(self, instance: IdentifiedBy | None, owner: type) -> tuple[Assumption, ...]:
        if instance is None:
            return (*ASSUMED_BY_ALL, Assumption.NO_HIGHEST_ORDER_INTERACTION)
        return (*ASSUMED_BY_ALL, instance.assumption.assumption)


@specification
class IdentifiedBy:
    """Abundance from the histories listed, one stated assumption on the unlisted, and a prior of N.

    The estimand is N, the persons in a closed population of whom each of 2 to 10 lists names some. What
    the data can show, the probabilities of the observed histories, is kept apart from what they cannot,
    how the unlisted relate to them, so that the second can be stated, argued and changed. Prefer it to
    `NoHighestOrderInteraction` where an overlap is empty or a prior of N is known, and to show what an
    assumption does. The posterior is wide, and its upper limit can be very large: that is the answer.

    Parameters
    ----------
    assumption : NoHighestOrder or PairIndependence, optional
        What ties the unlisted to the observed histories.
    prior : PopulationPrior, optional
        Prior of N: `InverseN`, `UniformN`, `NegativeBinomial` or `ElicitedLogNormal`.
    mass : float, optional
        Prior persons in each of the 2**K - 1 histories, above zero; 1 takes every set of their probabilities
        as likely as any other.
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
    The probabilities of the 2**K - 1 histories are Dirichlet, each with the same mass, and no structure
    between them. They are drawn from their posterior, and mapped to psi, the odds of
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

    assumption: Annotated[NoHighestOrder | PairIndependence, AS_TYPED] = NoHighestOrder()
    prior: PopulationPrior = InverseN()
    mass: Positive = 1.0
    n_draws: Annotated[
        int, partial(arguments.whole_number, least=1000, most=MOST_DRAWS, remedy=BEYOND_MEMORY)
    ] = 10_000

    assumes: ClassVar[tuple[Assumption, ...]] = cast(Any, _AssumptionsOfChoice())
    references: ClassVar[tuple[Reference, ...]] = (references.ALESHIN_GUENDEL_2024,)

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
            notes=_notes(detail, self.mass, self.n_draws, table, order),
            detail=detail,
        )

    def posterior(self, table: CaptureTable, *, seed: int = 0, keep_cells: bool = False) -> IdentifiedDraws:
        """Draw cells of the listed, odds and unlisted persons; `fit` sums them up."""
        require_number_of_lists(NAME, table, most=_MOST_LISTS)
        require_names_on_every_list(NAME, table)
        self.assumption.check(table)
        self.prior.check(table.n_observed)
        _require_end(self._order(table))
        random = np.random.default_rng(seed)
        parts: list[tuple[Floats, ...]] = []
        cells: list[Floats] = []
        n_proposed = n_valid = 0
        effective = 0.0
        for log_cells in _proposals(table, self.mass, self.n_draws, random):
            log_odds = self.assumption.log_odds(table, log_cells)
            valid = ~np.isnan(log_odds)
            n_proposed += len(valid)
            n_valid += int(valid.sum())
            parts.append(_weighted(self.prior, table.n_observed, log_odds[valid], random))
            if keep_cells:
                cells.append(log_cells[valid])
            effective = effective_size(np.concatenate([part[2] for part in parts]))
            if effective >= self.n_draws or n_valid < TUNING.least_kept * n_proposed:
                break
        kept_share = n_valid / n_proposed
        _require_enough(kept_share, effective)
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
        """Moments of N below this order are finite; at 0 and below the posterior itself has no sum."""
        if not isinstance(self.prior, (InverseN, UniformN)) or self.prior.most_unobserved is not None:
            return math.inf
        index = self.assumption.tail_index(table, self.mass)
        return index - 1 if isinstance(self.prior, UniformN) else index
