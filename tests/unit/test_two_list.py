"""Closed forms of two lists and more: exact limits, odds ratios, what takes other lists into account."""

import math
import warnings
from itertools import product
from math import sqrt

import numpy as np
import pytest

from detcount import CaptureTable, datasets, odds_ratio_curve
from detcount._numerics.closed_forms import hypergeometric_bounds
from detcount.abundance import (
    Chapman,
    Hypergeometric,
    LincolnPetersen,
    NoHighestOrderInteraction,
    OddsRatioAdjusted,
    PairwiseNoInteraction,
)
from detcount.errors import DetcountWarning

EXACT = 1e-12  # the same closed form in another order of operations
TABLE = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
INSIDE = CaptureTable.from_counts({"10": 30, "11": 12}, lists=["press", "court"])


def test_closed_forms_by_hand():
    """60 and 80 persons, 20 on both."""
    petersen = LincolnPetersen().fit(TABLE)
    assert petersen.point == 240
    assert petersen.standard_error == pytest.approx(sqrt(60 * 80 * 40 * 60 / 20**3), rel=EXACT)
    chapman = Chapman().fit(TABLE)
    assert chapman.point == pytest.approx(61 * 81 / 21 - 1, rel=EXACT)
    assert chapman.standard_error == pytest.approx(sqrt(61 * 81 * 40 * 60 / (21**2 * 22)), rel=EXACT)
    tripled = OddsRatioAdjusted(odds_ratio=3).fit(TABLE)
    assert tripled.point == 120 + 3 * 40 * 60 / 20


def test_variance_is_the_delta_method_on_the_multinomial():
    """Derivatives by differences of N(n10, n01, n11), all N persons multinomial over four cells."""
    cells, theta, step = np.array([40.0, 60.0, 20.0]), 1.7, 1e-5
    tolerance = 1e-8  # central differences of a smooth function

    def n_hat(c):
        return c.sum() + theta * c[0] * c[1] / c[2]

    shifts = np.eye(3) * step
    slopes = np.array([(n_hat(cells + s) - n_hat(cells - s)) / (2 * step) for s in shifts])
    variance = (slopes**2 * cells).sum() - (slopes @ cells) ** 2 / n_hat(cells)
    fitted = OddsRatioAdjusted(odds_ratio=theta).fit(TABLE)
    assert fitted.standard_error == pytest.approx(sqrt(variance), rel=tolerance)


@pytest.mark.parametrize(("n1", "n2", "m"), [(1000, 800, 600), (20_000, 15_000, 9_000), (300, 4_000, 7)])
def test_exact_limits_against_scipy(n1, n2, m):
    from scipy.stats import hypergeom

    low, high = hypergeometric_bounds(n1, n2, m, 0.95)
    assert hypergeom.cdf(m, int(low), n1, n2) > 0.025 >= hypergeom.cdf(m, int(low) - 1, n1, n2)
    assert hypergeom.sf(m - 1, int(high), n1, n2) > 0.025 >= hypergeom.sf(m - 1, int(high) + 1, n1, n2)


def test_exact_limits_of_millions_with_one_person_shared():
    """The overlap of two millions in trillions is Poisson; binomial coefficients would cancel there."""
    poisson = 5e-5  # the Poisson limit is off by a few times n1/N, here 6e-6
    low, high = hypergeometric_bounds(10**6, 10**6, 1, 0.95)
    assert high == pytest.approx(1e12 / -np.log1p(-0.025), rel=poisson)
    mean = 1e12 / low
    assert (1 + mean) * np.exp(-mean) == pytest.approx(0.025, rel=poisson)


@pytest.mark.parametrize(
    "estimator", [LincolnPetersen(interval=Hypergeometric()), Chapman(interval=Hypergeometric())]
)
def test_a_list_inside_another_has_exact_limits(estimator):
    fitted = estimator.fit(INSIDE)
    assert fitted.point == pytest.approx(42, rel=EXACT)
    assert fitted.standard_error == 0
    assert fitted.interval().low == 42
    assert 42 < fitted.interval().high < np.inf


GLM = 1e-6  # statsmodels stops its iterations at a change of the deviance of about this size
THREE = CaptureTable.from_counts(
    {"100": 90, "010": 70, "001": 50, "110": 30, "101": 20, "011": 10, "111": 6}, lists=["a", "b", "c"]
)


def filled(n_lists, seed):
    rng = np.random.default_rng(seed)
    cells = [cell for cell in product((0, 1), repeat=n_lists) if any(cell)]
    return CaptureTable(tuple("abcdefghijklmnop"[:n_lists]), np.array(cells), rng.integers(2, 90, len(cells)))


@pytest.mark.parametrize("n_lists", [2, 3, 4, 5])
def test_equals_the_log_linear_model_with_every_other_interaction(n_lists):
    """Poisson regression on every interaction but the highest, by statsmodels, and its standard error."""
    import statsmodels.api as sm

    table = filled(n_lists, seed=n_lists)
    columns = [np.ones(len(table.counts))]
    terms = [t for t in product((0, 1), repeat=n_lists) if 0 < sum(t) < n_lists]
    columns += [table.histories[:, np.array(t, dtype=bool)].all(axis=1) for t in terms]
    design = np.column_stack(columns).astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no residual degrees of freedom: statsmodels divides by zero
        model = sm.GLM(table.counts, design, family=sm.families.Poisson()).fit(tol=1e-14, maxiter=200)
    unlisted = np.exp(model.params[0])
    variance = unlisted + unlisted**2 * model.cov_params()[0, 0]
    fitted = NoHighestOrderInteraction().fit(table)
    assert fitted.n_unobserved == pytest.approx(unlisted, rel=GLM)
    assert fitted.standard_error == pytest.approx(sqrt(variance), rel=GLM)


def test_two_lists_are_the_odds_ratio_adjusted_ones():
    table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    for odds_ratio in (0.4, 1.0, 3.0):
        one = NoHighestOrderInteraction(odds_ratio).fit(table)
        pair = PairwiseNoInteraction(("families", "press"), odds_ratio).fit(table)
        other = OddsRatioAdjusted(odds_ratio).fit(table)
        for fitted in (one, pair):
            assert fitted.point == pytest.approx(other.point, rel=EXACT)
            assert fitted.standard_error == pytest.approx(other.standard_error, rel=EXACT)


@pytest.mark.slow
def test_sixteen_lists():
    """Every history has one person: the odd ones are one more than the even ones, so n_0 is 1."""
    cells = np.array([[(code >> k) & 1 for k in range(16)] for code in range(1, 1 << 16)], dtype=np.uint8)
    table = CaptureTable(tuple(f"list {k}" for k in range(16)), cells, np.ones(len(cells), dtype=np.int64))
    assert NoHighestOrderInteraction().fit(table).n_unobserved == pytest.approx(1, rel=EXACT)


def test_pair_takes_away_those_known_from_other_lists():
    fitted = PairwiseNoInteraction(("a", "b"), odds_ratio=1.5).fit(THREE)
    both, first, second = 30 + 6, 90 + 20, 70 + 10
    on_neither = 1.5 * first * second / both
    assert fitted.point == pytest.approx(both + first + second + on_neither, rel=EXACT)
    assert fitted.n_unobserved == pytest.approx(on_neither - 50, rel=EXACT)
    spread = on_neither + on_neither**2 * (1 / both + 1 / first + 1 / second)
    assert fitted.standard_error == pytest.approx(sqrt(spread), rel=EXACT)


def test_odds_ratios_multiply():
    """Relative to an estimate that states 2, another 1.5 is a 3."""
    curve = odds_ratio_curve(OddsRatioAdjusted(2).fit(TABLE), 1.5)
    fitted = OddsRatioAdjusted(3).fit(TABLE)
    assert curve.points[0] == pytest.approx(fitted.point, rel=EXACT)
    assert curve.highs[0] == pytest.approx(fitted.interval().high, rel=EXACT)


def test_other_intervals_move_with_the_point():
    fitted = LincolnPetersen(interval=Hypergeometric()).fit(TABLE)
    interval = fitted.interval()
    curve = odds_ratio_curve(fitted, [1, 3])
    assert curve.lows.tolist() == [interval.low, 120 + 3 * (interval.low - 120)]
    assert curve.highs.tolist() == [interval.high, 120 + 3 * (interval.high - 120)]


def test_curve_at_one_is_the_estimate():
    """Also where the variance is below that of the unlisted persons themselves."""
    for fitted in (Chapman().fit(TABLE), PairwiseNoInteraction(("ABA", "HRW")).fit(datasets.load("kosovo"))):
        curve = odds_ratio_curve(fitted, 1, level=0.9)
        interval = fitted.interval(0.9)
        assert (curve.lows[0], curve.points[0], curve.highs[0]) == (interval.low, fitted.point, interval.high)


def test_no_upper_limit_stays_none():
    apart = CaptureTable.from_counts({"10": 9, "01": 14}, lists=["press", "court"])
    with pytest.warns(DetcountWarning, match="share nobody"):
        fitted = Chapman(interval=Hypergeometric()).fit(apart)
    assert np.isinf(odds_ratio_curve(fitted, [0.5, 2]).highs).all()
    assert odds_ratio_curve(fitted, claim=60).tipping.at_high == 0


def test_tipping_value_is_said():
    text = str(odds_ratio_curve(LincolnPetersen().fit(TABLE), claim=360).tipping)
    assert text.startswith("360 persons need an odds ratio of 2 (95% limits reach it from 1.")


def test_a_lower_limit_on_the_listed_is_never_enough():
    inside = CaptureTable.from_counts({"10": 30, "11": 12, "01": 1}, lists=["press", "court"])
    fitted = LincolnPetersen(interval=Hypergeometric()).fit(inside)
    assert fitted.interval().low == 43
    assert odds_ratio_curve(fitted, claim=60).tipping.at_low == math.inf
