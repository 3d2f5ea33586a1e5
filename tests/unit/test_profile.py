"""Multinomial profile likelihood of N, against closed forms and brute force."""

import numpy as np
import pytest
from scipy.stats import chi2

from detcount._numerics.profile import LogLinearProfile, maximum_of, profile_limits


def test_the_lower_limit_is_n_where_the_profile_is_flat_there():
    # everybody is on both lists but three
    design = np.array([[1.0, 1, 0], [1, 0, 1], [1, 1, 1]])
    counts = np.array([2.0, 1, 50])
    low, high = LogLinearProfile(design, counts).limits(0.95)
    assert low == counts.sum()
    assert counts.sum() < high < 60


def rising(limit):
    """A profile that rises for ever to a limit, or falls from the first."""
    return lambda x: (limit * x / (x + 1000.0), limit * 1000.0 / (x + 1000.0) ** 2, -limit / 1e3)


def test_a_profile_that_rises_for_ever():
    best = maximum_of(rising(5.0), 100.0, start=10.0)
    assert best.n_unobserved == np.inf
    low, high = profile_limits(rising(5.0), 100.0, level=0.95, start=10.0)
    assert high == np.inf
    # 5 x/(x + 1000) = 5 - chi2/2
    cut = chi2.ppf(0.95, 1) / 2
    assert low - 100 == pytest.approx(1000 * (5 - cut) / cut, rel=1e-6)  # the limit is read at 1e10 n
