"""BayesAveragedLogLinear against the R package conting 1.7, which walks over models by reversible jump.

Its rows on kosovo and ukdat are worth 5 to 20 independent draws and are no targets.
"""

import re

import numpy as np
import pytest

from cases import of_package
from detcount import datasets
from detcount.abundance.bayes_averaging import BayesAveragedLogLinear

pytestmark = pytest.mark.reference

MEAN_TOLERANCE = 0.01  # relative: Monte Carlo error of means of some 250 effective draws
LIMIT_TOLERANCE = 0.02  # relative: of their limits
PROBABILITY_TOLERANCE = 0.1  # models change about 250 times in 10,000 steps

ROWS = {row["dataset"]: row for row in of_package("conting") if row["dataset"] in ("spina", "congenital")}


def _shortest(draws, level):
    """Shortest interval that holds a share of the draws, which is what conting prints."""
    ordered = np.sort(draws)
    held = int(level * len(ordered))
    widths = ordered[held:] - ordered[:-held]
    first = int(widths.argmin())
    return float(ordered[first]), float(ordered[first + held])


@pytest.mark.parametrize("dataset", ["spina", "congenital"])
def test_row(dataset):
    row = ROWS[dataset]
    estimate = BayesAveragedLogLinear(max_order=2, prior="estimated-scale").fit(datasets.load(dataset))
    detail = estimate.detail
    extra = dict(re.findall(r"(median|q025|q975)=([\d.]+)", row["extra"]))
    assert detail.mean == pytest.approx(float(row["estimate"]), rel=MEAN_TOLERANCE)
    assert estimate.point == pytest.approx(float(extra["median"]), rel=MEAN_TOLERANCE)
    low, high = _shortest(estimate.draws, 0.95)
    assert low == pytest.approx(float(row["lower"]), rel=LIMIT_TOLERANCE)
    assert high == pytest.approx(float(row["upper"]), rel=LIMIT_TOLERANCE)
    interval = estimate.interval(0.95)
    assert interval.low == pytest.approx(float(extra["q025"]), rel=LIMIT_TOLERANCE)
    assert interval.high == pytest.approx(float(extra["q975"]), rel=LIMIT_TOLERANCE)
    ours = {model.formula: model.probability for model in detail.models}
    for formula, probability in _printed_models(row["extra"]).items():
        assert ours[formula] == pytest.approx(probability, abs=PROBABILITY_TOLERANCE)


@pytest.mark.parametrize(
    ("prior", "mean", "limits"),
    [("unit-information", 726.4, (675, 778)), ("estimated-scale", 728.2, (678, 783))],
)
def test_both_priors_on_spina(prior, mean, limits):
    """The table that conting brings, of 621 cases."""
    estimate = BayesAveragedLogLinear(prior=prior).fit(datasets.load("spina"))
    assert estimate.detail.mean == pytest.approx(mean, rel=MEAN_TOLERANCE)
    assert _shortest(estimate.draws, 0.95) == pytest.approx(limits, rel=LIMIT_TOLERANCE)


def _printed_models(extra):
    """Models as conting prints them, in our notation."""
    found = {}
    for terms, probability in re.findall(r"~(\S+):([\d.]+)(?:\s|$)", extra):
        groups = [tuple(int(d) for d in re.findall(r"S(\d)", term)) for term in terms.split("+")]
        largest = [g for g in groups if not any(set(g) < set(other) for other in groups)]
        largest.sort(key=lambda g: (-len(g), g))
        found["[" + ",".join("".join(map(str, g)) for g in largest) + "]"] = float(probability)
    assert found
    return found
