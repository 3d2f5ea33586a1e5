"""How often the limits of an odds ratio between two lists hold one that is known."""

import math

import numpy as np
import pytest

from detcount import CaptureTable, diagnose
from detcount._numerics.diagnostics import conditional_odds_ratio
from invented_tables import of_marks
from scripts import loaded

pytestmark = pytest.mark.slow

SEED = 20261124
N_TABLES = 1500
LEVEL = 0.9
ERRORS = 3.5  # Monte Carlo standard errors: one such band in two thousand is left by chance
LOG_SCALE = 0.015  # Woolf's limits are known to hold the truth a little too often in small tables


def joint(first, second, odds_ratio):
    """Shares on both, first only, second only and neither with given margins and odds ratio."""
    both = loaded("benchmarks/coverage.py").both(first, second, odds_ratio)
    return np.array([both, first - both, second - both, 1 - first - second + both])


def simulate(n_persons, odds_ratio, rng):
    """Two lists that depend on each other, and a third that depends on neither."""
    cells = rng.multinomial(n_persons, joint(0.35, 0.2, odds_ratio))
    counts = {}
    for marks, persons in zip(("11", "10", "01", "00"), cells.tolist(), strict=True):
        third = int(rng.binomial(persons, 0.3))
        counts[marks + "1"] = third
        if marks != "00":
            counts[marks + "0"] = persons - third
    return CaptureTable.from_counts(counts, lists=["press", "court", "families"])


@pytest.mark.parametrize(("n_persons", "odds_ratio"), [(2000, 1.0), (2000, 4.0), (600, 0.4), (250, 2.0)])
def test_limits_hold_the_odds_ratio(n_persons, odds_ratio):
    rng = np.random.default_rng(SEED)
    missed = {"log": np.zeros(2), "exact": np.zeros(2)}
    for _ in range(N_TABLES):
        pair = diagnose.pairwise_odds_ratios(simulate(n_persons, odds_ratio, rng), LEVEL).pairs[0]
        missed["log"] += (pair.low > odds_ratio, pair.high < odds_ratio)
        # the function behind method="exact", for the one pair whose odds ratio is known
        cells = (pair.both, pair.first_only, pair.second_only, pair.neither)
        _, low, high = conditional_odds_ratio(cells, LEVEL)
        missed["exact"] += (low > odds_ratio, high < odds_ratio)
    error = ERRORS * math.sqrt(LEVEL * (1 - LEVEL) / N_TABLES)
    tail = (1 - LEVEL) / 2
    tail_error = ERRORS * math.sqrt(tail * (1 - tail) / N_TABLES)
    log_coverage = 1 - missed["log"].sum() / N_TABLES
    assert LEVEL - error < log_coverage < LEVEL + error + LOG_SCALE
    exact_coverage = 1 - missed["exact"].sum() / N_TABLES
    assert exact_coverage > LEVEL - error  # conservative by construction, in each tail
    assert missed["exact"].max() / N_TABLES < tail + tail_error
    assert exact_coverage < 0.99  # and not useless


def test_independent_lists_show_no_dependence_too_often():
    """All three pairs of independent lists, of unequal reach: an odds ratio of 1 is held at the level."""
    rng = np.random.default_rng(SEED)
    held = np.zeros(3)
    for _ in range(N_TABLES):
        table = of_marks(rng.random((1500, 3)) < np.array([0.35, 0.2, 0.3]))
        held += [pair.dependence == "not shown" for pair in diagnose.pairwise_odds_ratios(table, LEVEL).pairs]
    error = ERRORS * math.sqrt(LEVEL * (1 - LEVEL) / N_TABLES)
    assert ((held / N_TABLES > LEVEL - error) & (held / N_TABLES < LEVEL + error + LOG_SCALE)).all()
