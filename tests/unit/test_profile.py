"""Multinomial profile likelihood of N, against closed forms and brute force."""

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import gammaln
from scipy.stats import chi2

from detcount import datasets
from detcount._numerics.profile import LogLinearProfile, maximum_of, profile_limits, psi_difference

CLOSED = 1e-8  # relative: roots of the same equation found in two ways
SURE = 1 - 1e-6  # a level with limits far out


def independent_lists(name):
    """Design of Mt, counts, and the profile in closed form: p_k = n_k/N."""
    table = datasets.load(name)
    codes = np.arange(1, 1 << table.n_lists)
    histories = ((codes[:, None] >> np.arange(table.n_lists)) & 1).astype(float)
    counts = table.dense().astype(float)
    sizes, n = histories.T @ counts, counts.sum()

    def closed(total):
        rest = total - sizes
        return (
            gammaln(total + 1)
            - gammaln(total - n + 1)
            - gammaln(counts + 1).sum()
            + (sizes * np.log(sizes)).sum()
            + (rest * np.log(rest)).sum()
            - table.n_lists * total * np.log(total)
        )

    return np.column_stack([np.ones(len(counts)), histories]), counts, closed


@pytest.mark.parametrize("name", ["kosovo", "hare", "western", "korea"])
def test_independent_lists_have_a_closed_form(name):
    design, counts, closed = independent_lists(name)
    n = counts.sum()
    profile = LogLinearProfile(design, counts)
    for unlisted in (0.3, 4.0, 77.0, 6e3):
        assert profile(unlisted)[0] == pytest.approx(closed(n + unlisted), rel=CLOSED)
    sizes = design[:, 1:].T @ counts
    # d/dN = 0: psi(N + 1) - psi(N - n + 1) + sum log(1 - n_k/N) = 0
    point = brentq(
        lambda total: psi_difference(n, total - n) + np.log1p(-sizes / total).sum(), n + 1e-6, 100 * n
    )
    assert LogLinearProfile(design, counts).maximum() == pytest.approx(point, rel=CLOSED)
    for level in (0.5, 0.95, 0.999):
        low, high = LogLinearProfile(design, counts).limits(level)
        cut = closed(point) - chi2.ppf(level, 1) / 2
        assert closed(high) == pytest.approx(cut, abs=1e-6)  # log-likelihood of some thousands, rounded
        assert n <= low < point < high
        if low > n:
            assert closed(low) == pytest.approx(cut, abs=1e-6)
        else:
            assert closed(n) > cut


def test_a_flat_profile_has_its_upper_limit_far_out():
    # Rcapture stops at three times N here; a log-linear likelihood with a maximum falls at last
    table = datasets.load("hav")
    j = np.arange(1.0, 4)
    design = np.column_stack([np.ones(3), j, -np.log1p(j / 3.5)])
    counts, choose = table.capture_frequencies.astype(float), np.log([3.0, 3, 1])
    profile = LogLinearProfile(design, counts, offset=choose)
    best = maximum_of(profile, profile.n_observed, start=profile.start)
    for level in (0.95, SURE):
        _, high = LogLinearProfile(design, counts, offset=choose).limits(level)
        assert high > 3 * (profile.n_observed + profile.start)
        fall = best.log_likelihood - profile(high - profile.n_observed)[0]
        assert fall == pytest.approx(chi2.ppf(level, 1) / 2, rel=1e-6)


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
