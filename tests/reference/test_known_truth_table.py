"""The evaluation on populations of known size against figures that R packages gave on the same cases.

The figures were computed with Rcapture, dga and MultipleSystemsEstimation and a program of its own for
cover, score, width, bias and error; the last digit printed is the tolerance.
"""

from __future__ import annotations

import math

import pytest

from detcount import Calibrated, CaptureTable, abundance, calibration

pytestmark = pytest.mark.reference

TWO_DIGITS = 0.005  # the figures are printed with two digits
THREE_DIGITS = 0.0005  # and these with three
POINT = 0.005  # Rcapture's point is the multinomial maximum, ours that of the Poisson fit
SAME = 1e-9  # a formula against itself


def test_independence_is_the_row_of_rcapture():
    ours = calibration.evaluate(abundance.LogLinear(interval=abundance.ProfileLikelihood()))
    assert ours.n_answered == 28
    assert ours.cover(0.95) == pytest.approx(0.53, abs=TWO_DIGITS)
    assert ours.score(0.95) == pytest.approx(5.04, abs=TWO_DIGITS)
    assert ours.width(0.95) == pytest.approx(0.20, abs=TWO_DIGITS)
    assert ours.bias == pytest.approx(-0.234, abs=POINT)
    assert ours.absolute_error == pytest.approx(0.265, abs=POINT)


def test_the_lower_bound_is_the_row_of_rcapture():
    ours = calibration.evaluate(abundance.Heterogeneity(model="Mth", form="Chao"))
    assert ours.bias == pytest.approx(-0.137, abs=THREE_DIGITS)
    assert ours.absolute_error == pytest.approx(0.241, abs=THREE_DIGITS)


def test_decomposable_graphs_are_the_row_of_dga():
    ours = calibration.evaluate(abundance.DecomposableGraphs(saturated=True))
    assert ours.cover(0.95) == pytest.approx(0.66, abs=TWO_DIGITS)
    assert ours.width(0.95) == pytest.approx(0.57, abs=TWO_DIGITS)
    assert ours.bias == pytest.approx(-0.150, abs=THREE_DIGITS)


def test_the_best_published_score_is_beaten():
    assert calibration.evaluate(Calibrated()).score(0.95) < 2.56  # BIC and BCa, MultipleSystemsEstimation


def test_two_lists_rest_on_chapman():
    table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    estimate = Calibrated().fit(table)
    unobserved = 61 * 81 / 21 - 1 - 120
    assert estimate.detail.n_unobserved == pytest.approx(unobserved, rel=SAME)
    factor = math.exp(estimate.detail.distribution.quantile(0.5))
    assert estimate.point == pytest.approx(120 + unobserved * factor, rel=SAME)
