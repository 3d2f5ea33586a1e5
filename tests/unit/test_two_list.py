"""Two lists: closed forms, exact limits and refusals."""

from math import sqrt

import numpy as np
import pytest

from detcount import CaptureTable
from detcount._numerics.closed_forms import hypergeometric_bounds
from detcount.abundance import Chapman, Hypergeometric, LincolnPetersen, OddsRatioAdjusted

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
