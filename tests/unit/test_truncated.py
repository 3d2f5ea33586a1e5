"""Counts that are at least so many: the same draws as from every probability written out, at any size."""

from __future__ import annotations

import time

import numpy as np
import pytest
from scipy import special

from detcount._numerics.truncated import negative_binomial_of_at_least

SAME = 0  # persons: the levels fall on the same count
QUICK = 5.0  # seconds for 4,000 draws on a busy machine; a tenth of one is usual


def written_out(log_probability: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Smallest place whose summed probability is above the level, row by row."""
    shares = np.cumsum(np.exp(log_probability - log_probability.max(axis=1, keepdims=True)), axis=1)
    place = (shares <= (level * shares[:, -1])[:, None]).sum(axis=1)
    return np.minimum(place, log_probability.shape[1] - 1)


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


@pytest.mark.parametrize("size", [10**6, 10**8])
def test_the_time_does_not_grow_with_the_count(size: int) -> None:
    level = (np.arange(4000) + 0.5) / 4000
    begun = time.process_time()
    above = negative_binomial_of_at_least(np.full(4000, size / 3), np.full(4000, 0.75), size, 2 * size, level)
    assert time.process_time() - begun < QUICK
    # the mean of a half of a normal
    sd = np.sqrt(size / 3 * 0.75) / 0.25
    assert above.mean() - size == pytest.approx(sd * np.sqrt(2 / np.pi), rel=0.01)
