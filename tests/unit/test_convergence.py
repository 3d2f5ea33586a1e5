"""R-hat and effective sample size against processes whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import lfilter

from detcount._numerics.convergence import effective_sample_size, split_r_hat

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
