"""Counts that are at least so many: the same draws as from every probability written out, at any size."""

from __future__ import annotations

import time

import numpy as np
import pytest
from scipy import special

from detcount._numerics.truncated import binomial_of_at_least, negative_binomial_of_at_least

SAME = 0  # persons: the levels fall on the same count
QUICK = 5.0  # seconds for 4,000 draws on a busy machine; a tenth of one is usual
DEEP = 0.02  # of the mean above the least: far out in a tail it is geometric to a part in a thousand


def written_out(log_probability: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Smallest place whose summed probability is above the level, row by row."""
    shares = np.cumsum(np.exp(log_probability - log_probability.max(axis=1, keepdims=True)), axis=1)
    place = (shares <= (level * shares[:, -1])[:, None]).sum(axis=1)
    return np.minimum(place, log_probability.shape[1] - 1)


def log_binomial(n: np.ndarray, k: np.ndarray, q: np.ndarray) -> np.ndarray:
    within = np.minimum(k, n)
    log = -special.betaln(n - within + 1, within + 1) - np.log(n + 1)
    log = log + special.xlogy(within, q) + special.xlog1py(n - within, -q)
    return np.where(k <= n, log, -np.inf)


@pytest.mark.parametrize(("least", "chance"), [(0, 0.3), (7, 0.05), (31, 0.5), (60, 0.99)])
def test_binomial_draws_are_those_of_the_probabilities_written_out(least: int, chance: float) -> None:
    random = np.random.default_rng(1)
    size, level = random.integers(least, 90, 500), random.random(500)
    q = np.clip(chance * random.uniform(0.5, 1.01, 500), 0, 0.999)
    found = binomial_of_at_least(size, q, least, level)
    values = np.arange(least, 90.0)
    expected = least + written_out(log_binomial(size[:, None], values, q[:, None]), level)
    assert np.abs(found - expected).max() <= SAME


@pytest.mark.parametrize(("least", "most", "mean"), [(0, 40, 3.0), (12, 90, 14.0), (80, 400, 30.0)])
def test_batch_draws_are_those_of_the_probabilities_written_out(least: int, most: int, mean: float) -> None:
    random = np.random.default_rng(2)
    level = random.random(500)
    size, ratio = mean * random.uniform(0.3, 2, 500), random.uniform(0.2, 0.8, 500)
    found = negative_binomial_of_at_least(size, ratio, least, most, level)
    values = np.arange(least, most + 1.0)
    log = special.gammaln(values + size[:, None]) - special.gammaln(values + 1)
    expected = least + written_out(log + values * np.log(ratio[:, None]), level)
    assert np.abs(found - expected).max() <= SAME


def test_far_out_in_the_tail_the_draws_fall_off_as_the_probabilities_do() -> None:
    """At 10,000 of a million with a chance of a thousandth no double holds the tail itself."""
    least, q, n = 10_000, 1e-3, 1_000_000
    level = (np.arange(20_000) + 0.5) / 20_000
    found = binomial_of_at_least(np.full(20_000, n), np.full(20_000, q), least, level) - least
    values = np.arange(least, least + 200.0)
    probability = np.exp(log_binomial(np.array(float(n)), values, np.array(q)))
    log = log_binomial(np.array(float(n)), values, np.array(q))
    probability = np.exp(log - log.max())
    expected = probability @ (values - least) / probability.sum()
    assert found.mean() == pytest.approx(expected, rel=DEEP)


@pytest.mark.parametrize("size", [10**6, 10**8])
def test_the_time_does_not_grow_with_the_count(size: int) -> None:
    level = (np.arange(4000) + 0.5) / 4000
    begun = time.process_time()
    found = binomial_of_at_least(np.full(4000, size), np.full(4000, 0.3), int(0.3 * size), level)
    above = negative_binomial_of_at_least(np.full(4000, size / 3), np.full(4000, 0.75), size, 2 * size, level)
    assert time.process_time() - begun < QUICK
    sd = np.sqrt(size * 0.21)
    # the mean of a half of a normal
    assert found.mean() - 0.3 * size == pytest.approx(sd * np.sqrt(2 / np.pi), rel=0.01)
    sd = np.sqrt(size / 3 * 0.75) / 0.25
    assert above.mean() - size == pytest.approx(sd * np.sqrt(2 / np.pi), rel=0.01)
