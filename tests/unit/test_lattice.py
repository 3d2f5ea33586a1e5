"""Sums over whole numbers, against distributions with a closed form."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammaln
from scipy.stats import nbinom

from detcount._numerics.lattice import lattice_density

SUM_TOLERANCE = 1e-8  # what the halving of panels aims at


def _negative_binomial(shape, share):
    def log_density(x):
        return (
            gammaln(x + shape)
            - gammaln(x + 1)
            - gammaln(shape)
            + shape * np.log(share)
            + x * np.log1p(-share)
        )

    return log_density


@given(
    shape=st.floats(0.8, 5_000).filter(lambda value: value > 0.8),
    mean=st.floats(2, 2e6),
)
def test_total_mean_and_quantiles_of_a_negative_binomial(shape, mean):
    share = shape / (shape + mean)
    density = lattice_density(_negative_binomial(shape, share), first=0, ratio=1.5)
    assert density.log_total == pytest.approx(0.0, abs=50 * SUM_TOLERANCE)
    assert density.expectation(density.nodes) == pytest.approx(mean, rel=1e-5)
    probabilities = np.array([0.025, 0.5, 0.9])
    exact = nbinom.ppf(probabilities, shape, share)
    assert np.all(np.abs(density.quantiles(probabilities) - exact) <= np.maximum(1, 1e-4 * exact))


def test_a_bounded_line_is_added_up_exactly():
    log_density = _negative_binomial(3.0, 0.02)
    density = lattice_density(log_density, first=5, last=90)
    whole = np.arange(5, 91)
    terms = np.exp(log_density(whole))
    assert density.log_total == pytest.approx(np.log(terms.sum()), abs=SUM_TOLERANCE)
    assert density.expectation(density.nodes) == pytest.approx(np.sum(whole * terms) / terms.sum(), rel=1e-7)
    below = np.cumsum(terms) / terms.sum()
    for probability in (0.1, 0.5, 0.93):
        assert density.quantiles(np.array([probability]))[0] == whole[np.searchsorted(below, probability)]


def test_two_narrow_modes_are_both_found():
    def log_density(x):
        return np.logaddexp(-0.5 * ((x - 3_000) / 60) ** 2, np.log(0.5) - 0.5 * ((x - 19_000) / 300) ** 2)

    density = lattice_density(log_density, first=0, ratio=1.3, reach=50_000)
    root = np.sqrt(2 * np.pi)
    assert density.log_total == pytest.approx(np.log(60 * root + 150 * root), abs=1e-7)


def test_a_tail_without_end_is_reported():
    density = lattice_density(lambda x: -np.log(x + 5.0), first=0)
    assert density.tail == 1.0


def test_a_heavy_tail_is_followed_until_little_is_left():
    density = lattice_density(lambda x: -2.0 * np.log(x + 1.0), first=0)
    assert density.tail < 1e-6
    assert np.exp(density.log_total) == pytest.approx(np.pi**2 / 6, rel=2e-6)
