"""The evaluation on populations of known size against figures that R packages gave on the same cases.

The figures were computed with Rcapture, dga and MultipleSystemsEstimation and a program of its own for
cover, score, width, bias and error; the last digit printed is the tolerance.
"""

import math

import numpy as np
import pytest

from detcount import Calibrated, CaptureTable, abundance, calibration, datasets
from detcount._numerics import calibration as numerics

pytestmark = pytest.mark.reference

TWO_DIGITS = 0.005  # the figures are printed with two digits
THREE_DIGITS = 0.0005  # and these with three
POINT = 0.005  # Rcapture's point is the multinomial maximum, ours that of the Poisson fit
SAME = 1e-9  # a formula against itself
# The cases that the packages were held to: those of six groups, before there were more training cases.
TRAINING = calibration.TrainingCases(
    "28",
    tuple(
        case
        for case in datasets.known_truth()
        if case.group in ("Kosovo", "UKdat", "Ned", "Diabetes", "Congenital", "verdata")
    ),
)


def test_independence_is_the_row_of_rcapture():
    ours = calibration.evaluate(
        abundance.LogLinear(interval=abundance.ProfileLikelihood()), TRAINING, ranked=False
    )
    assert ours.n_answered == 28
    assert ours.cover(0.95) == pytest.approx(0.53, abs=TWO_DIGITS)
    assert ours.score(0.95) == pytest.approx(5.04, abs=TWO_DIGITS)
    assert ours.width(0.95) == pytest.approx(0.20, abs=TWO_DIGITS)
    assert ours.bias == pytest.approx(-0.234, abs=POINT)
    assert ours.absolute_error == pytest.approx(0.265, abs=POINT)


def test_the_lower_bound_is_the_row_of_rcapture():
    ours = calibration.evaluate(abundance.Heterogeneity(model="Mth", form="Chao"), TRAINING, ranked=False)
    assert ours.bias == pytest.approx(-0.137, abs=THREE_DIGITS)
    assert ours.absolute_error == pytest.approx(0.241, abs=THREE_DIGITS)


def test_decomposable_graphs_are_the_row_of_dga():
    ours = calibration.evaluate(abundance.DecomposableGraphs(saturated=True), TRAINING, ranked=False)
    assert ours.cover(0.95) == pytest.approx(0.66, abs=TWO_DIGITS)
    assert ours.width(0.95) == pytest.approx(0.57, abs=TWO_DIGITS)
    assert ours.bias == pytest.approx(-0.150, abs=THREE_DIGITS)


@pytest.mark.slow  # 28 populations, each estimated anew without its own lesson
def test_the_best_published_score_is_beaten():
    assert (
        calibration.evaluate(Calibrated(), TRAINING, ranked=False).score(0.95) < 2.56
    )  # BIC and BCa, MultipleSystemsEstimation


def test_errors_of_chapman_on_two_lists():
    table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    estimate = Calibrated(base=abundance.Chapman()).fit(table)
    unobserved = 61 * 81 / 21 - 1 - 120
    assert estimate.detail.n_unobserved == pytest.approx(unobserved, rel=SAME)
    # The median of a log odds ratio that is learned: one with which Chapman's number is multiplied.
    seen = numerics.Discrepancies(
        np.array(list(estimate.detail.discrepancies.values())),
        numerics.numbered([case.group for case in calibration.training_cases().of_two_lists.cases]),
        np.array([chance(case.table) for case in calibration.training_cases().of_two_lists.cases]),
    )
    learned = numerics.hierarchical(seen)[0].widened(1 / 40 + 1 / 60 + 1 / 20)
    factor = math.exp(numerics.quantile(learned, 0.5))
    assert estimate.point == pytest.approx(120 + unobserved * factor, rel=SAME)


def chance(table):
    """Variance of the log odds ratio of two lists, an empty cell counted as half a person."""
    first, second, both = (max(n, 0.5) for n in cells_of_two(table))
    return 1 / first + 1 / second + 1 / both


def cells_of_two(table):
    """Persons on the first list only, on the second only, and on both."""
    both = table.overlap(*table.lists)
    first, second = (size - both for size in table.list_sizes.values())
    return first, second, both
