"""Sample coverage: the formulas for any number of lists, the bootstrap, the refusals."""

import math

import numpy as np
import pytest

from detcount import datasets
from detcount._numerics.closed_forms import coverage_estimates, coverage_sums, resampled_estimates
from detcount.abundance import SampleCoverage

ANYTHING_GOES = {"minimum_coverage": 0, "maximum_relative_error": float("inf")}


def delta_variance(table, estimate):
    """Multinomial variance of N from derivatives by differences; N is homogeneous in the counts."""
    counts = table.counts.astype(float)

    def n_hat(values):
        return float(coverage_estimates(coverage_sums(table.histories, values), estimate))

    slopes = []
    for k in range(len(counts)):
        step = np.zeros(len(counts))
        step[k] = 1e-4 * counts[k]
        slopes.append((n_hat(counts + step) - n_hat(counts - step)) / (2 * step[k]))
    return float(np.sum(np.square(slopes) * counts)) - n_hat(counts)


# 4,000 draws leave an error of 1.1% on a standard deviation; the rest is curvature, of order 1/overlap
BOOTSTRAP = 0.06


@pytest.mark.parametrize(
    ("name", "estimate"),
    [
        ("diabetes", "independent"),
        ("diabetes", "high-coverage"),
        ("congenital", "low-coverage"),
        ("congenital", "high-coverage"),
        ("kosovo", "independent"),
        ("kosovo", "low-coverage"),  # the high-coverage equation is too curved at its coverage of 0.47
    ],
)
def test_bootstrap_agrees_with_the_delta_method_where_overlaps_are_large(name, estimate):
    table = datasets.load(name)
    fitted = SampleCoverage(estimate=estimate, n_resamples=4000, **ANYTHING_GOES).fit(table, seed=3)
    assert fitted.standard_error == pytest.approx(math.sqrt(delta_variance(table, estimate)), rel=BOOTSTRAP)


def test_bootstrap_redraws_the_unlisted():
    """The persons listed vary between resampled tables as a binomial of N-hat does."""
    table = datasets.load("korea")
    draws = resampled_estimates(
        table.histories, table.counts, "independent", point=147.0, n_resamples=50, seed=1
    )
    assert len(np.unique(draws)) == 50
    sure = resampled_estimates(
        table.histories[:1], table.counts[:1], "independent", point=123.0, n_resamples=5, seed=1
    )
    assert np.isinf(sure).all()  # a table of one history has empty lists, and no estimate


def test_a_resampled_table_that_leaves_nobody_out_has_the_number_listed():
    histories = np.array([[1, 1, 1], [1, 1, 0]], dtype=np.uint8)
    draws = resampled_estimates(histories, np.array([31, 9]), "independent", point=40, n_resamples=50, seed=2)
    assert (draws == 40).any()
    assert (draws >= 40).all()
