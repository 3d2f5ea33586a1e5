"""R-hat and effective sample size against processes whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import lfilter

from detcount._numerics.monte_carlo import effective_sample_size, split_r_hat

MONTE_CARLO = 0.12  # relative: spread of the estimated autocorrelation time of 8 x 4,000 draws


def _autoregression(correlation: float, n_chains: int, n_draws: int, seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).standard_normal((n_chains, n_draws + 500))
    return lfilter([1.0], [1.0, -correlation], noise, axis=1)[:, 500:]


@pytest.mark.parametrize("correlation", [-0.4, 0.0, 0.5, 0.9])
def test_effective_size_of_an_autoregression(correlation: float) -> None:
    draws = _autoregression(correlation, 8, 4_000, seed=11)
    exact = draws.size * (1 - correlation) / (1 + correlation)
    assert effective_sample_size(draws) == pytest.approx(exact, rel=MONTE_CARLO)


def test_r_hat_of_chains_that_agree_and_that_do_not() -> None:
    draws = _autoregression(0.3, 6, 2_000, seed=3)
    assert 0.999 < split_r_hat(draws) < 1.005
    shifted = draws + np.arange(6)[:, None]
    within = draws.var(axis=1).mean()
    assert split_r_hat(shifted) == pytest.approx(
        np.sqrt(1 + np.repeat(np.arange(6), 2).var(ddof=1) / within), rel=0.02
    )
    assert effective_sample_size(shifted) < 60


def test_r_hat_sees_a_drift_within_one_chain() -> None:
    drift = np.linspace(0, 3, 1_000) + np.random.default_rng(1).standard_normal((4, 1_000))
    assert split_r_hat(drift) > 1.2


def test_constant_chains() -> None:
    assert split_r_hat(np.ones((3, 50))) == 1.0
    assert split_r_hat(np.repeat([[1.0], [2.0]], 50, axis=1)) == np.inf
    assert effective_sample_size(np.ones((3, 50))) == 150


def _geyer(draws: np.ndarray) -> float:
    """The estimator with loops over lags, autocovariances as plain sums."""
    half = draws.shape[1] // 2
    halves = [part for chain in draws for part in (chain[:half], chain[-half:])]
    size, n = len(halves) * half, half
    covariance = np.mean(
        [[((h - h.mean())[: n - lag] * (h - h.mean())[lag:]).sum() / n for lag in range(n)] for h in halves],
        axis=0,
    )
    total = covariance[0] + np.var([h.mean() for h in halves], ddof=1)
    correlation = [1.0] + [1 - (covariance[0] * n / (n - 1) - c) / total for c in covariance[1:]]
    time, least, lag = -1.0, np.inf, 0
    while lag + 1 < n and (pair := correlation[lag] + correlation[lag + 1]) >= 0:
        least = min(least, pair)
        time, lag = time + 2 * least, lag + 2
    return min(size / max(time, 1e-12), size * np.log10(size))


@pytest.mark.parametrize("correlation", [-0.7, -0.2, 0.0, 0.6])
@pytest.mark.parametrize("n_draws", [40, 41, 43])
def test_effective_size_is_that_of_plain_sums(correlation: float, n_draws: int) -> None:
    for seed in range(12):
        draws = _autoregression(correlation, 3, n_draws, seed)
        assert effective_sample_size(draws) == pytest.approx(_geyer(draws), rel=1e-9)
