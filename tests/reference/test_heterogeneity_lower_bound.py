"""ChaoLowerBound against Rcapture 1.4.4 on every shipped table it was run on."""

import pytest

from cases import extra, of_package
from detcount import datasets
from detcount.abundance import ChaoLowerBound, Heterogeneity

pytestmark = pytest.mark.reference

SAME = 1e-6  # relative: closed forms; standard errors are printed to eight digits
GLM = 1e-5  # relative: their plain standard error is glm's, from the iterate before the last

ROWS = of_package("rcapture_closed")
CORRECTED = {row["dataset"]: row for row in ROWS if row["method"] == "closedp.bc Mh"}
PLAIN = {row["dataset"]: row for row in ROWS if row["method"] == "closedp.t Mh Chao (LB)"}
# On the other 14 their log-linear form holds etas at zero, and f1 and f2 are then not fitted exactly: another
# figure, which `Heterogeneity(model="Mh")` reproduces
EXACTLY_FITTED = ("hare", "hav", "congenital")


def standard_error(row):
    return float(extra(row)["se"])


def test_every_row_is_compared_or_excepted():
    assert len(CORRECTED) == len(PLAIN) == 17
    assert set(PLAIN) > set(EXACTLY_FITTED)


@pytest.mark.parametrize("name", CORRECTED)
def test_bias_corrected(name):
    estimate = ChaoLowerBound().fit(datasets.load(name))
    assert estimate.point == pytest.approx(float(CORRECTED[name]["estimate"]), rel=SAME)
    assert estimate.standard_error == pytest.approx(standard_error(CORRECTED[name]), rel=SAME)


@pytest.mark.parametrize("name", EXACTLY_FITTED)
def test_plain(name):
    estimate = ChaoLowerBound(bias_corrected=False).fit(datasets.load(name))
    assert estimate.point == pytest.approx(float(PLAIN[name]["estimate"]), rel=SAME)
    assert estimate.standard_error == pytest.approx(standard_error(PLAIN[name]), rel=GLM)


@pytest.mark.parametrize("name", [name for name in PLAIN if name not in EXACTLY_FITTED])
def test_excepted_tables_hold_etas_at_zero(name):
    table = datasets.load(name)
    estimate = Heterogeneity(model="Mh").fit(table)
    assert estimate.detail.held_at_zero
    assert estimate.detail.fitted_frequencies[1] != pytest.approx(table.capture_frequencies[1], rel=1e-4)
    assert estimate.point == pytest.approx(float(PLAIN[name]["estimate"]), rel=SAME)
    assert ChaoLowerBound(bias_corrected=False).fit(table).point != pytest.approx(estimate.point, rel=1e-4)
