"""How often pooled limits hold the truth where part of the links between two lists is unknown."""

import math

import numpy as np
import pytest

from detcount import CaptureTable
from detcount.abundance import Chapman
from detcount.estimates import PercentileRule
from detcount.pooling import pool
from stubs import Stub

pytestmark = pytest.mark.slow

TRUTH, N_RUNS, N_TABLES, SIGMAS = 800, 300, 20, 3.5
UNKNOWN = 0.6  # of the records of the first list whose identifier is lost


def log_normal_posterior(table, seed):
    """Draws around Chapman's estimate as its log-normal limits have them: a posterior that costs nothing."""
    estimate = Chapman().fit(table)
    n0 = estimate.n_unobserved
    scores = np.random.default_rng([seed, table.n_observed]).standard_normal(200)
    draws = estimate.n_observed + n0 * np.exp(
        math.sqrt(math.log1p((estimate.standard_error / n0) ** 2)) * scores
    )
    rule = PercentileRule(draws, "posterior")
    return {"point": float(np.median(draws)), "interval_rule": rule, "draws": draws}


def drawn(n_tables, random):
    """Two independent lists; how many of the records without an identifier are on both is drawn."""
    first, second = random.random(TRUTH) < 0.45, random.random(TRUTH) < 0.5
    known = random.random(TRUTH) >= UNKNOWN
    n_first, n_second = int(first.sum()), int(second.sum())
    seen, of_seen = int((first & second & known).sum()), int((first & known).sum())
    shares = random.beta(seen + 0.5, of_seen - seen + 0.5, size=n_tables)
    both = seen + random.binomial(n_first - of_seen, shares)
    return [
        CaptureTable.from_counts(
            {"10": n_first - m, "01": n_second - m, "11": m}, lists=["press", "families"]
        )
        for m in both.tolist()
    ]


def shares(estimate_of):
    """Shares of runs whose 90% limits lie below the truth, and above it."""
    random = np.random.default_rng(8)
    below = above = 0
    for _ in range(N_RUNS):
        interval = estimate_of(drawn(N_TABLES, random)).interval(0.9)
        below += interval.high < TRUTH
        above += interval.low > TRUTH
    return below / N_RUNS, above / N_RUNS


BAND = SIGMAS * math.sqrt(0.05 * 0.95 / N_RUNS)


def test_rubins_rules_hold_the_truth_on_either_side():
    below, above = shares(lambda tables: pool(Chapman(), tables))
    assert (below, above) == pytest.approx((0.05, 0.05), abs=BAND)


@pytest.mark.parametrize("combine", ["rubin-n", "verdata"])
def test_the_other_rules_lie_below_more_often_than_above(combine):
    below, above = shares(lambda tables: pool(Chapman(), tables, combine=combine))
    assert below > above
    assert below + above == pytest.approx(0.1, abs=SIGMAS * math.sqrt(0.1 * 0.9 / N_RUNS))


def test_a_mixture_holds_the_truth_on_either_side():
    below, above = shares(lambda tables: pool(Stub(log_normal_posterior), tables))
    assert (below, above) == pytest.approx((0.05, 0.05), abs=BAND)


def test_one_of_the_tables_alone_misses_it_more_often():
    below, above = shares(lambda tables: Chapman().fit(tables[0]))
    assert below + above > 0.1 + SIGMAS * math.sqrt(0.1 * 0.9 / N_RUNS)
