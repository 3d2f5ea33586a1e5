"""Published and recomputed values of log-linear models, tolerance as printed."""

import pytest

from cases import tables
from detcount import datasets
from detcount.abundance import LogLinear
from detcount.errors import NotEstimableError

TABLES = tables("loglinear_published")

pytestmark = pytest.mark.reference

# (table, model, N, half a unit of the last digit printed)
POINTS = TABLES["points"]
CRITERIA = [("korea", "[12,23]", 57.1408), ("korea", "[12,3]", 58.9686), ("kosovo", "[123,14,34]", 203.0296)]
BIC_PRINTED = 5e-5  # half a unit of the last digit


@pytest.mark.parametrize(("name", "formula", "expected", "tolerance"), POINTS)
def test_point(name, formula, expected, tolerance):
    estimate = LogLinear.from_formula(formula).fit(datasets.load(name))
    assert estimate.point == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize(("name", "formula", "expected"), CRITERIA)
def test_bic(name, formula, expected):
    estimate = LogLinear.from_formula(formula).fit(datasets.load(name))
    assert estimate.detail.bic == pytest.approx(expected, abs=BIC_PRINTED)


@pytest.mark.parametrize(
    ("formula", "code"), [("[1,2,3]", 0), ("[12,3]", 1), ("[13,23]", 0), ("[12,13,23]", 2)]
)
def test_existence_codes_of_artificial_3(formula, code):
    """Table 3 of Chan, Silverman and Vincent (2021)."""
    table = datasets.load("artificial_3")
    assert LogLinear.from_formula(formula).existence_code(table) == code
    if code:
        with pytest.raises(NotEstimableError, match=f"existence code {code}"):
            LogLinear.from_formula(formula).fit(table)


def test_saturated_but_one_is_the_product_of_counts():
    """All pairs of three lists: n_0 = n_111 n_100 n_010 n_001 / (n_110 n_101 n_011) (Fienberg 1972)."""
    estimate = LogLinear.from_formula("[12,13,23]").fit(datasets.load("gaza"))
    expected = 197 * 19048 * 5104 * 1469 / (1929 * 1173 * 351)
    assert estimate.n_unobserved == pytest.approx(expected, rel=1e-9)  # score converges to 1e-10
