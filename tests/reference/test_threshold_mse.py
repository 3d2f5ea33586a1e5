"""ThresholdedLogLinear against MultipleSystemsEstimation 1.2.0, whose posteriors MCMCpack draws.

Its chains of 10,000 random-walk steps carry Monte Carlo error of some per cent; ours are the posterior.
"""

import re
import warnings

import pytest

from cases import of_package
from detcount import datasets
from detcount.abundance.threshold import ThresholdedLogLinear
from detcount.errors import DetcountWarning

pytestmark = pytest.mark.reference

MEDIAN_TOLERANCE = 0.03  # relative: Monte Carlo error of a median of their chain
LIMIT_TOLERANCE = 0.05  # relative: of its 2.5% and 97.5% points

ROWS = [
    row
    for row in of_package("sparsemse_boot")
    if "bayesthresh" in row["method"] and not row["extra"].startswith("ERROR")
]


def test_every_row_is_here():
    assert len(ROWS) == 11


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["dataset"])
def test_row(row):
    table = datasets.load(row["dataset"])
    estimate = ThresholdedLogLinear().fit(table)
    detail = estimate.detail
    kept = re.search(r"kept=([^;]*);", row["extra"])
    assert {":".join(pair) for pair in detail.kept} == set(kept.group(1).split())
    quantiles = dict(re.findall(r"([\d.]+)% (\d+)", row["extra"]))
    assert estimate.point == pytest.approx(float(quantiles["50"]), rel=MEDIAN_TOLERANCE)
    for level, (low, high) in ((0.95, ("2.5", "97.5")), (0.8, ("10", "90"))):
        interval = estimate.interval(level)
        assert interval.low == pytest.approx(float(quantiles[low]), rel=LIMIT_TOLERANCE)
        assert interval.high == pytest.approx(float(quantiles[high]), rel=LIMIT_TOLERANCE)


def test_kosovo_of_the_vignette():
    """14,003 [12.4k, 16.2k] with five pairs."""
    estimate = ThresholdedLogLinear().fit(datasets.load("kosovo"))
    assert len(estimate.detail.kept) == 5
    assert estimate.point == pytest.approx(14_003, rel=MEDIAN_TOLERANCE)
    assert estimate.interval().low == pytest.approx(12_400, rel=LIMIT_TOLERANCE)
    assert estimate.interval().high == pytest.approx(16_200, rel=LIMIT_TOLERANCE)


def test_flat_priors_on_ukdat_5():
    """12,163 [10,609, 13,694], one overlap empty.

    The pair LA with PFNCA lies at 1.99 standard deviations, 2.0 within the noise of a chain, which kept it.
    """
    spec = ThresholdedLogLinear(max_order=3, prior="improper", threshold=1.95)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DetcountWarning)
        estimate = spec.fit(datasets.load("ukdat_5"))
    detail = estimate.detail
    assert detail.empty_overlaps == (("LA", "GP"),)
    assert 1.95 < detail.ratios["LA:PFNCA"] < 2.02
    assert estimate.point == pytest.approx(12_163, rel=MEDIAN_TOLERANCE)
    assert estimate.interval().low == pytest.approx(10_609, rel=LIMIT_TOLERANCE)
    assert estimate.interval().high == pytest.approx(13_694, rel=LIMIT_TOLERANCE)
