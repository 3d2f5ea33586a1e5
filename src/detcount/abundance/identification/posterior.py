"""Draws of the listed cells and of N behind `IdentifiedBy`, why it declines and what it tells the reader."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics import identification as numerics
from detcount.abundance.bayes_averaging import BayesAveragedLogLinear
from detcount.abundance.cells import graph_cells, latent_class_cells
from detcount.abundance.identification.choices import NAME, Dirichlet, IdentifyingAssumption, ObservedModel
from detcount.abundance.latent_class import LatentClassDetail
from detcount.abundance.priors import InverseN, NegativeBinomial, PopulationPrior, UniformN
from detcount.abundance.threshold import ThresholdedLogLinear
from detcount.captures import CaptureTable
from detcount.errors import NotEstimableError
from detcount.words import Message

LEAST_KEPT = 0.01
_LEAST_EFFECTIVE = 100
_LEAST_SHARE = 0.0005  # a share below it would be printed as none
_ROUGH = 1000


def require_end(order: float) -> None:
    """Decline where the posterior of N has no sum."""
    if order <= 0:
        raise NotEstimableError(
            NAME,
            Message("the posterior of N has no end: with every N alike beforehand, no overlap bounds it"),
            Message("Take prior=InverseN(), or state what is known of N with NegativeBinomial."),
            advice=Message(
                "Take a prior that falls with the total, or state what is known of it beforehand."
            ),
        )


def require_enough(kept_share: float, effective: float) -> None:
    """Decline where hardly a draw is left, or hardly one that counts."""
    if kept_share < LEAST_KEPT:
        raise NotEstimableError(
            NAME,
            Message(
                "{share:.1%} of the draws leave a negative number of persons on no list: the other "
                "lists name more persons than the pair allows",
                share=1 - kept_share,
            ),
            Message("State a greater odds ratio with its reason, or choose another pair."),
        )
    if effective < _LEAST_EFFECTIVE:
        raise NotEstimableError(
            NAME,
            Message(
                "the prior of N contradicts the data under this assumption: all the draws together are "
                "worth {effective:.0f}",
                effective=effective,
            ),
            Message("Widen the prior, or change the assumption that ties the unlisted to the listed."),
        )


def notes_of(
    detail: IdentifiedByDetail, observed: ObservedModel, n_draws: int, table: CaptureTable, order: float
) -> tuple[str, ...]:
    """What a reader must know."""
    notes = []
    if detail.discarded_share > 0:
        notes.append(
            Message(
                "{share:.1%} of the draws of the observed histories left a negative number of persons "
                "on no list and were discarded: so far the pair and the other lists disagree."
                if detail.discarded_share >= _LEAST_SHARE
                else "Less than {least:.1%} of the draws of the observed histories left a negative "
                "number of persons on no list and were discarded: so far the pair and the other lists "
                "disagree.",
                share=detail.discarded_share,
                least=2 * _LEAST_SHARE,
            )
        )
    if detail.effective_sample_size < min(n_draws, _ROUGH):
        notes.append(
            Message(
                "The draws are worth {effective:,.0f} independent ones: the limits are rough.",
                effective=detail.effective_sample_size,
            )
        )
    if order <= 2:
        notes.append(
            Message(
                "An overlap that the number is divided by is so small that the posterior of N has no "
                "finite mean: the upper limit rests on the prior."
                if order <= 1
                else "An overlap that the number is divided by is so small that the posterior of N has "
                "no finite variance: the upper limit rests on the prior."
            )
        )
    if isinstance(observed, Dirichlet):
        mass = observed.mass * ((1 << table.n_lists) - 1)
        if mass > table.n_observed:
            notes.append(
                Message(
                    "The prior of the observed histories weighs as much as {mass:,.0f} persons, more "
                    "than are listed: state a smaller mass.",
                    mass=mass,
                )
            )
    return tuple(notes)


_BATCH = 1 << 21  # cells drawn at a time
_MOST_CELLS = 1 << 26  # drawn in all, before sampling gives up
_MOST_ROUNDS = 400  # times the draws asked for
_N_GRAPH_CELLS = 2000
_LARGEST = 1e300  # a number of persons at which a prior is still evaluated


@dataclass(frozen=True, eq=False)
class IdentifiedByDetail:
    """What stands behind an estimate by `IdentifiedBy`.

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

    log_odds: NDArray[np.float64]
    discarded_share: float
    effective_sample_size: float
    n_proposed: int
    mean: float


@dataclass(frozen=True)
class IdentifiedDraws:
    """Draws after weighting and resampling: cells, their odds, and persons on no list."""

    log_cells: NDArray[np.float64] | None
    log_odds: NDArray[np.float64]
    unlisted: NDArray[np.float64]
    discarded_share: float
    effective_size: float
    n_proposed: int


def proposals(
    observed: ObservedModel, table: CaptureTable, n_draws: int, random: np.random.Generator, seed: int
) -> Iterator[tuple[NDArray[np.float64], float]]:
    """Batches of log cells of the listed, and how often each distinct draw stands in its batch."""
    if isinstance(observed, Dirichlet):
        shapes = table.dense().astype(np.float64) + observed.mass
        most = max(_BATCH // len(shapes), 1)
        size = min(n_draws, most)
        n_left = min(max(_MOST_CELLS // len(shapes), n_draws), _MOST_ROUNDS * n_draws)
        while n_left > 0:
            yield numerics.dirichlet_log_cells(shapes, min(size, n_left), random), 1.0
            n_left -= size
            size = min(2 * size, most)
        return
    if isinstance(observed, (BayesAveragedLogLinear, ThresholdedLogLinear)):
        drawn = observed.listed_cells(table, n_draws, seed=seed)
        yield drawn, len(drawn) / len(np.unique(drawn[:, 0]))
        return
    estimate = observed.fit(table, seed=seed)
    if isinstance(estimate.detail, LatentClassDetail):
        distinct = latent_class_cells(estimate.detail)
    else:
        distinct = graph_cells(estimate, table, _N_GRAPH_CELLS, random)
    repeats = -(-n_draws // len(distinct))
    yield np.repeat(distinct, repeats, axis=0), float(repeats)


def weighted(
    prior: PopulationPrior, n_observed: int, log_odds: NDArray[np.float64], random: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
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


def finite_moments(
    observed: ObservedModel, assumption: IdentifyingAssumption, prior: PopulationPrior, table: CaptureTable
) -> float:
    """Moments of N below this order are finite; at 0 and below the posterior itself has no sum."""
    if not isinstance(prior, (InverseN, UniformN)) or prior.most_unobserved is not None:
        return math.inf
    if not isinstance(observed, Dirichlet):  # structure bounds the odds where overlaps are empty
        return math.inf
    index = assumption.tail_index(table, observed.mass)
    return index - 1 if isinstance(prior, UniformN) else index
