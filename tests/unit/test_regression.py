"""Poisson regression by Newton, with coefficients kept from falling below zero."""

import itertools
import warnings

import numpy as np
import pytest
from scipy.special import gammaln

from detcount._numerics.regression import fit_nonnegative, fit_poisson

EXACT = 1e-9  # relative: Newton stops when the next step is at rounding
STATSMODELS = 1e-8  # relative: its iteration stops on the deviance
KKT = 1e-6  # persons of gradient left at the maximum, of some hundreds

# five cells, no two alike
DESIGN = np.array([[1, 0, 2.0], [1, 1, 0.5], [1, 2, 1.5], [1, 3, -1.0], [1, 5, 0.25]])
COUNTS = np.array([31.0, 17, 5, 9, 2])
OFFSET = np.array([0.1, 0.0, -0.4, 0.7, 0.2])


def gradient(design, counts, fit):
    return design.T @ (counts - fit.fitted)


def test_scores_are_zero_and_the_pieces_agree():
    fit = fit_poisson(DESIGN, COUNTS, offset=OFFSET)
    assert fit.finite
    assert fit.free.all()
    eta = DESIGN @ fit.coefficients + OFFSET
    assert fit.fitted == pytest.approx(np.exp(eta), rel=EXACT)
    assert np.abs(gradient(DESIGN, COUNTS, fit)).max() < KKT
    information = DESIGN.T @ np.diag(fit.fitted) @ DESIGN
    assert fit.covariance @ information == pytest.approx(np.eye(3), abs=1e-9)  # a 3 by 3 inverse
    by_hand = (COUNTS * eta - np.exp(eta) - gammaln(COUNTS + 1)).sum()
    assert fit.log_likelihood == pytest.approx(by_hand, rel=EXACT)
    saturated = (COUNTS * np.log(COUNTS) - COUNTS - gammaln(COUNTS + 1)).sum()
    assert fit.deviance == pytest.approx(2 * (saturated - by_hand), rel=EXACT)


def test_against_statsmodels():
    import statsmodels.api as sm

    theirs = sm.GLM(COUNTS, DESIGN, family=sm.families.Poisson(), offset=OFFSET).fit(tol=1e-14)
    ours = fit_poisson(DESIGN, COUNTS, offset=OFFSET)
    assert ours.coefficients == pytest.approx(theirs.params, rel=STATSMODELS)
    assert ours.covariance == pytest.approx(theirs.cov_params(), rel=1e-6)  # theirs is an iterate behind
    assert ours.log_likelihood == pytest.approx(theirs.llf, rel=STATSMODELS)
    assert ours.deviance == pytest.approx(theirs.deviance, rel=STATSMODELS)


@pytest.mark.parametrize(
    ("design", "counts"),
    [
        # the second column is alone in a cell with nobody: its coefficient runs to minus infinity
        ([[1, 0], [1, 0], [1, 1.0]], [4.0, 7, 0]),
        # and both ways at once
        ([[1, -1.0, 0], [1, 0, 1], [1, 2, 0], [1, 3, 1]], [5.0, 0, 0, 0]),
        # a column twice
        ([[1, 2.0, 2.0], [1, 3, 3], [1, 5, 5], [1, 6, 6]], [3.0, 1, 4, 1]),
        # a column of zeros
        ([[1, 0.0], [1, 0], [1, 0]], [3.0, 1, 4]),
    ],
)
def test_no_finite_maximum_is_said_without_a_warning(design, counts):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit = fit_poisson(np.array(design), np.array(counts))
    assert not fit.finite


def by_every_subset(design, counts, bounded):
    """The constrained maximum, by trying all sets of held columns."""
    best = None
    for size in range(len(bounded) + 1):
        for held in itertools.combinations(bounded, size):
            free = [k for k in range(design.shape[1]) if k not in held]
            fit = fit_poisson(design[:, free], counts)
            full = np.zeros(design.shape[1])
            full[free] = fit.coefficients
            allowed = fit.finite and (full[list(bounded)] >= 0).all()
            if allowed and (best is None or fit.log_likelihood > best[0]):
                best = (fit.log_likelihood, full)
    return best


@pytest.mark.parametrize("seed", range(12))
def test_the_constrained_maximum_is_the_best_of_all_subsets(seed):
    rng = np.random.default_rng(seed)
    times = np.arange(1.0, 9)
    design = np.column_stack([np.ones(8), times, *(np.maximum(times - j, 0) for j in range(2, 8))])
    counts = rng.poisson(400 * np.exp(-0.9 * times + 0.02 * times**2)).astype(float)
    bounded = tuple(range(2, 8))
    fit = fit_nonnegative(design, counts, bounded)
    value, coefficients = by_every_subset(design, counts, bounded)
    assert fit.finite
    assert fit.log_likelihood == pytest.approx(value, rel=1e-9)  # two ways of adding up
    assert fit.coefficients == pytest.approx(coefficients, abs=1e-5)  # flat where counts are 0
    held = ~fit.free
    assert (fit.coefficients[list(bounded)] >= 0).all()
    assert (fit.coefficients[held] == 0).all()
    assert (gradient(design, counts, fit)[held] < KKT).all()
    assert np.abs(gradient(design, counts, fit)[fit.free]).max() < KKT
    assert (fit.covariance[held] == 0).all()


def test_a_model_without_a_maximum_stays_without_one():
    design = np.array([[1, 0, 0], [1, 0, 1.0], [1, 1, 0], [1, 1, 1]])
    fit = fit_nonnegative(design, np.array([4.0, 7, 0, 0]), (2,))
    assert not fit.finite
