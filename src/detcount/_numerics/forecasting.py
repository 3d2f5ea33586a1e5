"""Forecasts of a running total: from the growth of others, from its own steps, and pools of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detcount._numerics.arrays import repeat


@dataclass(frozen=True)
class Tuning:
    """Numerical limits of forecasts.

    Parameters
    ----------
    least_time : float, log time
        Shortest step from which a power of time is computed. Scored in
        benchmarks/results/releases_backtest.md.
    most_growth : float, log
        Largest log growth. Computational (`test_numbers`).
    most : float, persons
        Largest number drawn. Computational (`test_numbers`).
    """

    least_time: float = 0.02
    most_growth: float = 8.0
    most: float = 1e8


TUNING = Tuning()


@dataclass(frozen=True)
class Priors:
    """Prior of running totals, before any of their figures.

    Parameters
    ----------
    standstill : float, persons
        Mean added where nothing was added elsewhere. Scored in benchmarks/results/releases_backtest.md.
    dispersion : float, variance over mean, less 1
        Overdispersion of growth elsewhere: people are verified in groups. Scored in
        benchmarks/results/releases_backtest.md.
    look_back : float, days
        Scale of the weights of past steps, beside the days ahead. Scored in
        benchmarks/results/releases_backtest.md.
    group : float, persons
        Prior size of the groups in which people are verified. Published counts
        (`datasets/venezuela_releases.csv`).
    group_steps : float, steps
        Steps that the prior of this size is worth. Scored in benchmarks/results/releases_backtest.md.
    largest_group : float, persons
        Largest squared deviation of a step over its mean that counts. Scored in
        benchmarks/results/releases_backtest.md.
    rate_weight : float, groups
        Weight of the mean rate since the first day. Scored in benchmarks/results/releases_backtest.md.
    drift : float, log rate
        Standard deviation of the log rate ahead. Scored in benchmarks/results/releases_backtest.md.
    drift_by_day : float, log rate per root day
        Growth of that standard deviation with the root of the days ahead. Scored in
        benchmarks/results/releases_backtest.md.
    lasts : float, days
        Mean time until releases end. Published counts (`datasets/cuba_releases_2010.csv`,
        `datasets/venezuela_releases.csv`).
    least_rate : float, persons a day
        Least rate that is believed. Scored in benchmarks/results/releases_backtest.md.
    """

    standstill: float = 0.3
    dispersion: float = 4.0
    look_back: float = 7.0
    group: float = 12.0
    group_steps: float = 3.0
    largest_group: float = 60.0
    rate_weight: float = 0.5
    drift: float = 0.25
    drift_by_day: float = 0.05
    lasts: float = 80.0
    least_rate: float = 0.05


PRIORS = Priors()


def log_time(ages: ArrayLike, ahead: ArrayLike, lasting: float, offset: float) -> NDArray[np.float64]:
    """Log of the time of a window at a later figure over that at an earlier one.

    Time ahead is discounted: `ahead` days count as lasting (1 - exp(-ahead / lasting)). Time so far is the
    age plus `offset` days, so that it is not near 0 on the first day.
    """
    reached = -lasting * np.expm1(-np.asarray(ahead, dtype=np.float64) / lasting)
    return np.asarray(np.log1p(reached / (np.asarray(ages, dtype=np.float64) + offset)))


def near_powers(
    growth: NDArray[np.float64],
    time: NDArray[np.float64],
    features: NDArray[np.float64],
    here: ArrayLike,
    bandwidths: ArrayLike,
    weights: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Powers of time with which totals grew elsewhere, and the probability of each.

    Pairs of figures similar to `here` get more probability: Gaussian in their features, shape (n_pairs,
    n_features), each with its bandwidth. A power is 0 where nothing was added.
    """
    far = (((features - np.asarray(here)) / np.asarray(bandwidths)) ** 2).sum(axis=1)
    probabilities = weights * np.exp((far.min() - far) / 2)
    return np.asarray(growth / np.maximum(time, TUNING.least_time)), np.asarray(
        probabilities / probabilities.sum()
    )


def added_draws(
    powers: NDArray[np.float64],
    probabilities: NDArray[np.float64],
    latest: int,
    time: float,
    smoothing: float,
    n_draws: int,
    random: np.random.Generator,
) -> NDArray[np.float64]:
    """Draws of what is added to the latest total, by powers of time drawn from those seen elsewhere.

    Each power drawn is multiplied by a log-normal factor of mean 1 and scale `smoothing`, and what is
    added is negative binomial about its mean. A power below 0 is a correction.
    """
    drawn = random.choice(powers, size=n_draws, p=probabilities)
    drawn = drawn * np.exp(smoothing * random.standard_normal(n_draws) - smoothing**2 / 2)
    mean = (1.0 + latest) * np.expm1(np.minimum(drawn * time, TUNING.most_growth))
    counted = random.negative_binomial(
        np.maximum(mean, PRIORS.standstill) / PRIORS.dispersion, 1 / (1 + PRIORS.dispersion)
    )
    return np.where(mean >= 0, counted, mean)


def pooled_draws(members: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quantiles of the mixture of the members, in increasing order, at n_draws levels.

    `members` are draws, shape (n_members, n_draws), and `weights` has one for each member.
    """
    n_draws = members.shape[1]
    order = np.argsort(members, axis=None, kind="stable")
    reached = np.cumsum(repeat(weights / weights.sum() / n_draws, n_draws)[order])
    levels = (np.arange(n_draws) + 0.5) / n_draws
    return np.asarray(members.ravel()[order[np.minimum(np.searchsorted(reached, levels), len(order) - 1)]])


Floats = NDArray[np.float64]


def cluster_scale(steps: Floats, days: Floats) -> float:
    """Variance of what a step adds over its mean, from successive steps and a prior of 12.

    Of two steps of a and b days with n in all, the second has (x - n b/(a + b))^2 about scale n ab/(a + b)^2.
    """
    total, length = steps[1:] + steps[:-1], days[1:] + days[:-1]
    expected = total * days[1:] * days[:-1] / length**2
    ratio = (steps[1:] - total * days[1:] / length) ** 2 / np.maximum(expected, 0.3)
    added = np.minimum(ratio, PRIORS.largest_group).sum()
    return float(max((PRIORS.group_steps * PRIORS.group + added) / (PRIORS.group_steps + len(ratio)), 1.1))


def stepped_draws(
    ages: NDArray[np.int64], counts: NDArray[np.int64], ahead: int, n_draws: int, random: np.random.Generator
) -> Floats:
    """Draw what is added in so many days, from what each step of a total added.

    The first figure is a step from the first day of the window. A step that fell counts as none. The rate is
    gamma, of steps weighed by exp(-days ago / (7 + ahead)); it drifts by a log-normal factor, and releases
    end at a random day. What is added is negative binomial with the scale of the steps.

    Parameters
    ----------
    ages, counts : ndarray of int64, shape (n_figures,)
        Days of the window at each figure, 1 on its first day, and the total, persons.
    ahead : int
        Days.
    n_draws : int
        Draws.
    random : numpy.random.Generator
        Source of randomness.
    """
    days = np.diff(ages.astype(np.float64), prepend=0.0)
    steps = np.maximum(np.diff(counts.astype(np.float64), prepend=0.0), 0.0)
    scale = cluster_scale(steps, days)
    back = PRIORS.look_back + ahead
    weights = np.exp((ages - ages[-1]) / back) * -np.expm1(-days / back) * back / days
    overall = max(steps.sum() / days.sum(), PRIORS.least_rate)
    shape = PRIORS.rate_weight + (weights * steps).sum() / scale
    rate = random.standard_gamma(shape, n_draws) / (
        PRIORS.rate_weight / overall + (weights * days).sum() / scale
    )
    rate *= np.exp((PRIORS.drift + PRIORS.drift_by_day * np.sqrt(ahead)) * random.standard_normal(n_draws))
    lasts = np.minimum(PRIORS.lasts * random.standard_exponential(n_draws), ahead)
    mean = np.minimum(rate * lasts, TUNING.most)
    gathered = random.standard_gamma(np.maximum(mean, 1e-3) / (scale - 1)) * (scale - 1)
    return np.asarray(random.poisson(np.minimum(gathered, TUNING.most)), dtype=np.float64)
