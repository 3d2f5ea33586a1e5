"""Best models against Rcapture 1.4.4 (closedpMS.t), where its best model has a maximum.

Rcapture has no extended maximum likelihood: `infoFit` other than 0 marks fits in which glm went to its
boundary. Those rows are no reference; each is listed with what it is instead.
"""

import re

import pytest

from cases import of_package
from detcount import datasets
from detcount.abundance.intervals import PercentileBootstrap
from detcount.abundance.selection import SelectedLogLinear

pytestmark = pytest.mark.reference

PRINTED_8 = 1e-7  # relative: figures printed to eight digits
POINT_TOLERANCE = 1e-6  # relative: both stop at their own rounding of one maximum

ROWS = [
    row
    for row in of_package("rcapture_ms")
    if row["method"].startswith("closedpMS.t best") and row["estimate"]
]
NOT_A_MAXIMUM = 1e9  # an estimate beyond is glm walking to infinity


def setting(row, name):
    match = re.search(rf"(?:^|;){name}=([^;]+)", row["extra"])
    return match.group(1)


def fit(row):
    criterion = "bic" if row["method"].endswith("BIC") else "aic"
    table = datasets.load(row["dataset"])
    max_order = int(re.search(r"maxorder=(?:L-\d=)?(\d+)", row["settings"]).group(1))
    few = PercentileBootstrap(n_resamples=100)
    estimate = SelectedLogLinear(criterion, n_top=2, max_order=max_order, interval=few).fit(table)
    return estimate.detail


CLEAN = [row for row in ROWS if setting(row, "infoFit") == "0"]
MARKED = [row for row in ROWS if setting(row, "infoFit") != "0"]


def name(row):
    return f"{row['dataset']} {row['method'][-3:]}"


def same_model(ours, theirs):
    """Formulas list the same generators, in whatever order."""
    return sorted(ours.strip("[]").split(",")) == sorted(theirs.strip("[]").split(","))


@pytest.mark.parametrize("row", CLEAN, ids=name)
def test_best_model_where_its_fit_is_clean(row):
    best = fit(row).models[0]
    assert same_model(best.formula, setting(row, "model"))
    assert best.point == pytest.approx(float(row["estimate"]), rel=POINT_TOLERANCE)
    criterion = setting(row, row["method"][-3:])
    assert best.criterion == pytest.approx(float(criterion), rel=PRINTED_8)


@pytest.mark.parametrize("row", MARKED, ids=name)
def test_best_model_where_its_fit_is_marked(row):
    """Ours is finite; it is the same model unless theirs has no maximum, or a cheaper boundary."""
    best = fit(row).models[0]
    assert best.point < NOT_A_MAXIMUM
    if float(row["estimate"]) > NOT_A_MAXIMUM:
        assert not same_model(best.formula, setting(row, "model"))
    else:
        assert best.criterion <= float(setting(row, row["method"][-3:])) * (1 + PRINTED_8)
