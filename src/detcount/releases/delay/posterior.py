"""Posterior of a delay, and of the releases of a day or window, as draws."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.delay import (
    ReverseHazard,
    Triangle,
    daily_rates,
    draw_reverse_cdf,
    from_median,
    negative_binomial,
    prediction_variance,
)
from detcount._numerics.sampler import Prior, sample_posterior
from detcount.errors import NotEstimableError
from detcount.releases.delay.notes import METHOD
from detcount.words import Message


def delay_prior(median: tuple[float, float], spread: tuple[float, float]) -> Prior:
    """Prior of (log median, log spread) of a parametric delay."""
    none = np.empty(0)
    return Prior(np.log([median[0], spread[0]]), np.array([median[1], spread[1]]), none, none)


def draw_parameters(
    family: str,
    likelihood: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    median: tuple[float, float],
    spread: tuple[float, float],
    *,
    n_draws: int,
    random: np.random.Generator,
) -> NDArray[np.float64]:
    """Draws of the parameters of a parametric family, under the priors of its median and spread."""
    posterior = sample_posterior(
        lambda points: likelihood(from_median(family, points)),
        delay_prior(median, spread),
        np.array([math.log(median[0]), math.log(spread[0])]),
        n_draws=n_draws,
        random=random,
    )
    return from_median(family, posterior.draws)


def fit_reverse_hazard(
    counts: ReverseHazard, data: Triangle, n_draws: int, random: np.random.Generator
) -> dict[str, Any]:
    """Fields of the estimate by reverse hazards themselves."""
    place = np.minimum(data.ages, data.longest)
    cdf = counts.cdf
    lost = (cdf[place] <= 0) & (data.verified > 0)
    if lost.any():
        raise NotEstimableError(
            METHOD,
            Message(
                "no release old enough to tell was verified within {days} days, so the reverse hazards "
                "set "
                "no upper limit for recent ones",
                days=int(data.ages[lost].max()),
            ),
            Message("Use family='generalised-dirichlet', or a parametric family."),
            advice=Message("Use a parametric form of the delay."),
        )
    point = np.maximum(cdf, 1e-12)
    table = np.maximum(draw_reverse_cdf(counts, n_draws, random), 1e-12)
    variance = prediction_variance(
        data.verified.astype(np.float64), point[place], counts.log_cdf_variance[place]
    )
    return {
        "table": table,
        "shares": table[:, place],
        "point_cdf": point,
        "standard_errors": np.sqrt(np.where(data.verified > 0, variance, 0.0)),
    }


def row_rates(
    daily: tuple[float, float] | None,
    verified: NDArray[np.int64],
    shares: NDArray[np.float64],
    random: np.random.Generator,
) -> NDArray[np.float64]:
    """Size and mean of the releases of a row, a draw each; from a stated mean and variance, or learned."""
    if daily is not None:
        return np.tile(negative_binomial(*daily), (len(shares), 1))
    return daily_rates(verified, np.maximum(shares, 1e-12), random)
