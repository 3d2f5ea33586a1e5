"""Thresholded log-linear models: against quadrature, against a chain, and their refusals."""

import numpy as np
import pytest

from detcount._numerics.log_linear_posterior import with_triples
from detcount._numerics.patterns import from_generators
from detcount.abundance.threshold import ThresholdedLogLinear
from detcount.captures import CaptureTable

COVERAGE_ERRORS = 3.5  # Monte Carlo standard errors, two-sided one in 2,000
FEW_REPLICATES = 200


def test_triples_need_all_their_pairs():
    model = from_generators([3, 5, 6, 9, 10], 4)
    larger = with_triples(model, np.array([], dtype=np.int64))
    assert np.flatnonzero(larger & ~model).tolist() == [7, 11]
    assert np.flatnonzero(with_triples(model, np.array([9])) & ~model).tolist() == [7]


@pytest.mark.slow
def test_interval_holds_a_simulated_truth():
    """Independent lists: thresholding seldom adds a pair, and the interval holds the truth."""
    random = np.random.default_rng(20261124)
    truth, shares = 1500, np.array([0.3, 0.22, 0.17, 0.25])
    held = fits = 0
    for replicate in range(FEW_REPLICATES):
        histories = random.random((truth, 4)) < shares
        codes = (histories * (1 << np.arange(4))).sum(axis=1)
        counts = np.bincount(codes, minlength=16)
        seen = {
            "".join("1" if code >> k & 1 else "0" for k in range(4)): int(counts[code])
            for code in range(1, 16)
            if counts[code]
        }
        table = CaptureTable.from_counts(seen, lists=["a", "b", "c", "d"])
        interval = ThresholdedLogLinear(threshold=4.0).fit(table, seed=replicate).interval()
        fits += 1
        held += interval.low <= truth <= interval.high
    error = np.sqrt(0.95 * 0.05 / fits)
    assert abs(held / fits - 0.95) < COVERAGE_ERRORS * error
