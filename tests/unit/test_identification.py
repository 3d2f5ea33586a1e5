"""IdentifiedBy: closed-form moments, quadrature, weights, heavy tails, refusals."""

import math

import numpy as np
import pytest
from scipy import stats
from scipy.special import gammaln

from detcount import CaptureTable, abundance
from detcount._numerics import listed_cells as numerics

N_DRAWS = 100_000
# a mean of 100,000 draws with a spread of 20 to 40% of it: four standard errors
MEAN = 0.006
# quantiles in the tails of 100,000 draws vary about five times as much as the mean
QUANTILE = 0.015
TWO = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
THREE = CaptureTable.from_counts(
    {"100": 60, "010": 51, "110": 34, "001": 45, "101": 12, "011": 9, "111": 14},
    lists=["press", "court", "families"],
)


def moment_of_odds(table, mass, odds_ratio):
    """Mean of psi: for gammas g of the shapes, psi times their sum is a ratio of products of g."""
    shapes = table.dense() + mass
    odd = np.array([code.bit_count() % 2 == 1 for code in range(1, len(shapes) + 1)])
    return float(odds_ratio * shapes[odd].prod() / (shapes[~odd] - 1).prod() / shapes.sum())


@pytest.mark.parametrize(
    ("table", "mass", "odds_ratio"), [(TWO, 1.0, 1.0), (TWO, 0.5, 2.0), (THREE, 2.0, 0.5)]
)
def test_mean_under_inverse_n_is_the_closed_form(table, mass, odds_ratio):
    spec = abundance.IdentifiedBy(abundance.NoHighestOrder(odds_ratio), mass=mass, n_draws=N_DRAWS)
    expected = table.n_observed * (1 + moment_of_odds(table, mass, odds_ratio))
    assert spec.fit(table).detail.mean == pytest.approx(expected, rel=MEAN)


def brute_force(log_prior, *, top=6000, n_nodes=400):
    """Posterior of N for TWO by summing over N and integrating over the two list shares.

    Uniform probabilities of the cells of the listed are a density in the shares p and q of independent
    lists: the Jacobian of the map between them, taken by differences.
    """
    nodes, weights = np.polynomial.legendre.leggauss(n_nodes)
    p = (nodes[:, None] + 1) / 2
    q = (nodes[None, :] + 1) / 2
    area = weights[:, None] * weights[None, :]

    def first(p, q):
        return p * (1 - q) / (p + q - p * q)

    def second(p, q):
        return q * (1 - p) / (p + q - p * q)

    h = 1e-6
    jacobian = np.abs(
        (first(p + h, q) - first(p - h, q)) * (second(p, q + h) - second(p, q - h))
        - (first(p, q + h) - first(p, q - h)) * (second(p + h, q) - second(p - h, q))
    ) / (4 * h * h)
    n10, n01, n11 = 40, 60, 20
    n = n10 + n01 + n11
    fixed = (
        n10 * np.log(p * (1 - q)) + n01 * np.log(q * (1 - p)) + n11 * np.log(p * q) + np.log(area * jacobian)
    )
    total = np.arange(n, top, dtype=float)
    missed = np.log((1 - p) * (1 - q))
    values = np.array([np.logaddexp.reduce((fixed + (t - n) * missed).ravel()) for t in total])
    values += gammaln(total + 1) - gammaln(total - n + 1) + log_prior(total)
    masses = np.exp(values - values.max())
    return total, masses / masses.sum()


@pytest.mark.parametrize(
    ("prior", "log_prior"),
    [
        (abundance.InverseN(), lambda t: -np.log(t)),
        (abundance.NegativeBinomial(300, 6), lambda t: stats.nbinom.logpmf(t, 6, 6 / 306)),
        (
            abundance.ElicitedLogNormal(300, 420),
            lambda t: stats.lognorm.logpdf(t, math.log(1.4) / stats.norm.ppf(0.9), scale=300),
        ),
        pytest.param(
            abundance.UniformN(0, 400), lambda t: np.where(t <= 520, 0.0, -np.inf), marks=pytest.mark.slow
        ),
    ],
    ids=["1/N", "negative binomial", "log-normal", "bounded uniform"],
)
def test_two_lists_by_quadrature(prior, log_prior):
    total, masses = brute_force(log_prior, top=1500, n_nodes=120)
    estimate = abundance.IdentifiedBy(prior=prior, n_draws=N_DRAWS).fit(TWO)
    assert estimate.detail.mean == pytest.approx(float(total @ masses), rel=MEAN)
    below = np.cumsum(masses)
    interval = estimate.interval(0.9)
    assert interval.low == pytest.approx(total[np.searchsorted(below, 0.05)], rel=QUANTILE)
    assert interval.high == pytest.approx(total[np.searchsorted(below, 0.95)], rel=QUANTILE)


def test_numbers_beyond_floats_are_infinite_and_never_undefined():
    random = np.random.default_rng(2)
    log_odds = np.array([-800.0, -3.0, 40.0, 300.0, 800.0])
    draws = numerics.draw_unlisted(50.0, log_odds, random)
    assert draws[0] == 0
    assert np.isfinite(draws[:4]).all()
    assert draws[4] == math.inf
    weights = numerics.negative_binomial_log_weights(50.0, log_odds, 200.0, 3.0)
    assert not np.isnan(weights).any()
    assert weights[4] == -math.inf
    narrow = numerics.draw_unlisted_under_negative_binomial(50.0, log_odds, 200.0, 3.0, random)
    assert np.isfinite(narrow).all()
