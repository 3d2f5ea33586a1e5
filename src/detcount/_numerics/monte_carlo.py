"""How far numbers that were computed from random draws would differ with other draws."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from detcount._numerics.convergence import effective_sample_size
from detcount._numerics.intervals import (
    bca_bias,
    bca_probabilities,
    bca_share,
    corrected_probabilities,
    normal_quantile,
    quantiles,
)

Floats = NDArray[np.float64]

_ONE_SD = 0.15865525393145707  # probability of a normal value more than a standard deviation below its mean
_STEP_IN_ERRORS = 2.0  # two runs then differ by one step at most in 95 of 100: see `printed_step`


def quantile_error(draws: Floats, probability: float, size: float) -> float:
    """Monte Carlo standard error of a quantile of draws worth `size` independent ones.

    Half the distance between the draws a standard deviation to either side of the order statistic, whose
    rank is Beta (Vehtari et al. 2021). Twice the lower distance where the upper draw is infinite.
    """
    rank = np.array([size * probability + 1, size * (1 - probability) + 1])
    ends = betaincinv(rank[0], rank[1], np.array([_ONE_SD, probability, 1 - _ONE_SD]))
    ends[1] = probability
    low, middle, high = map(float, quantiles(draws, ends))
    if math.isfinite(high):
        return 0.5 * (high - low)
    return middle - low if math.isfinite(middle) else math.inf


def quantile_size(chains: Floats, probability: float) -> float:
    """Independent draws that give a quantile as well as chains of draws, shape (n_chains, n_draws).

    The effective size of being at most the quantile.
    """
    value = quantiles(chains.ravel(), np.array([probability]))[0]
    return effective_sample_size((chains <= value).astype(np.float64))


def mean_error(draws: Floats, size: float) -> float:
    """Monte Carlo standard error of a mean of draws worth `size` independent ones."""
    return float(np.std(draws, ddof=1)) / math.sqrt(size) if len(draws) > 1 else 0.0


def bca_errors(draws: Floats, point: float, acceleration: float, level: float) -> tuple[float, float]:
    """Monte Carlo standard errors of bias-corrected accelerated limits.

    With the share b of draws below the point and a limit at probability p(b), the limit errs by
    (p'(b) d - d_p) / density, d and d_p being the errors of b and of the distribution function there.
    """
    n_draws = len(draws)
    share = bca_share(draws, point)
    step = math.sqrt(share * (1 - share) / n_draws)
    z = normal_quantile(level) * np.array([-1.0, 1.0])
    below, above = (
        corrected_probabilities(z, bca_bias(share + sign * step, n_draws), acceleration) for sign in (-1, 1)
    )
    found = []
    for position, probability in enumerate(bca_probabilities(draws, point, acceleration, level)):
        slope = float(above[position] - below[position]) / (2 * step) if step else 0.0
        own = probability * (1 - probability)
        joint = min(share, probability) - share * probability
        variance = slope**2 * share * (1 - share) + own - 2 * slope * joint
        size = n_draws * own / variance if variance > 0 < own else n_draws
        found.append(quantile_error(draws, probability, size))
    return found[0], found[1]


def printed_step(error: float | None) -> float:
    """Step in which a number with a Monte Carlo error is printed: 1, 2, 5, 10, 20, 50 and so on.

    The least of them that is at least twice the Monte Carlo standard error m. Two runs differ by a normal
    value with standard deviation m sqrt(2); rounded to a step u they differ by more than one step with
    probability 2 (phi(t) / t - 1 + Phi(t)), t = u / (m sqrt(2)), which is 0.05 for u = 2 m and less beyond.
    """
    if error is None or not math.isfinite(error) or _STEP_IN_ERRORS * error <= 1:
        return 1.0
    least = _STEP_IN_ERRORS * error
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in (1.0, 2.0, 5.0, 10.0) if step * power >= least)


def rounded(
    value: float, error: float | None, *, towards: Literal["nearest", "down", "up"] = "nearest"
) -> float:
    """A number in the steps that its Monte Carlo error supports; infinite where it is.

    In steps of 1 it is rounded to the nearest whatever is asked for.
    """
    if not math.isfinite(value):
        return value
    step = printed_step(error)
    steps = value / step
    if step == 1 or towards == "nearest":
        return step * round(steps)
    return step * (math.floor(steps) if towards == "down" else math.ceil(steps))
