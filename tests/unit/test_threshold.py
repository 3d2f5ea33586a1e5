"""Thresholded log-linear models: against quadrature, against a chain, and their refusals."""

import numpy as np
import pytest

from detcount._numerics.laplace import evidence, posterior_modes, propose
from detcount._numerics.log_linear_posterior import keep_large, term_posterior, with_triples
from detcount._numerics.monte_carlo import effective_size
from detcount._numerics.patterns import from_generators, sizes
from detcount.abundance.threshold import ThresholdedLogLinear
from detcount.captures import CaptureTable

COVERAGE_ERRORS = 3.5  # Monte Carlo standard errors, two-sided one in 2,000
FEW_REPLICATES = 200

THREE = {"100": 61, "010": 40, "001": 23, "110": 14, "101": 5, "011": 9, "111": 3}


def _table(cells):
    return CaptureTable.from_counts(cells, lists=["press", "court", "families"])


def _cells(table):
    return np.concatenate([[0.0], table.dense().astype(float)])


def test_evidence_and_weights_against_quadrature():
    """One cell, one flat intercept and a normal coefficient: the integral by a fine grid."""
    design = np.array([[1.0, 1.0], [1.0, 0.0], [1.0, -1.0]])
    counts, precision = np.array([3.0, 1.0, 6.0]), np.array([0.0, 0.7])
    grid = np.linspace(-6, 6, 1201)
    t0, t1 = np.meshgrid(grid, grid, indexing="ij")
    value = -0.5 * precision[1] * t1**2 + 0.5 * np.log(precision[1] / (2 * np.pi))
    for row, n in zip(design, counts, strict=True):
        eta = row[0] * t0 + row[1] * t1
        value += n * eta - np.exp(eta) - np.log(float(np.prod(np.arange(1, n + 1))))
    exact = np.log(np.exp(value).sum() * (grid[1] - grid[0]) ** 2)
    modes = posterior_modes(design[None], counts, precision)
    assert evidence(modes, counts, precision)[0] == pytest.approx(exact, abs=0.1)  # Laplace, ten persons
    drawn = propose(modes, 0, design, counts, precision, 40_000, np.random.default_rng(2))
    weighed = np.log(np.exp(drawn.log_weights).mean())
    assert weighed == pytest.approx(exact, abs=0.01)  # 40,000 draws worth about 36,000
    assert effective_size(drawn.log_weights) > 30_000


def test_terms_that_are_near_zero_go():
    table = _table(THREE)
    model = sizes(3) <= 2
    posterior = term_posterior(model, _cells(table), 1.0, np.random.default_rng(0))
    of_pair = dict(zip(posterior.codes.tolist(), posterior.ratios.tolist(), strict=True))
    kept = keep_large(model, posterior, 2, 1.0)
    for code in (3, 5, 6):
        assert kept[code] == (of_pair[code] >= 1.0)
    assert kept[[0, 1, 2, 4]].all()
    assert keep_large(model, posterior, 2, 0.0).tolist() == model.tolist()


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
