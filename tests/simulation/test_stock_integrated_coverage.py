"""The integrated path on invented systems: how far it errs, and how often its limits hold the truth.

Systems of another form than the model's, made by the benchmark: arrests that bring arrests, log-normal stays,
waves among those held for long, a coverage that drifts, entries and exits worked off in batches.
"""

import numpy as np
import pytest

from scripts import loaded

pytestmark = pytest.mark.slow

N_SYSTEMS = 5


@pytest.fixture(scope="module")
def judged():
    made = loaded("benchmarks/stock_integrated.py")
    rows = [made.judged(made.other_world(seed), seed) for seed in range(300, 300 + N_SYSTEMS)]
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}


def test_the_path_is_nearer_than_totals_scaled_and_than_straight_lines(judged):
    assert judged["error"] < judged["scaled totals error"]
    assert judged["error"] < judged["straight lines error"]


def test_limits_with_anchors_hold_the_truth_and_are_not_wide(judged):
    assert 0.55 <= judged["cover 0.8"] <= 0.98
    assert judged["cover 0.95"] >= 0.80
    assert judged["width 0.95"] <= 0.34


def test_a_register_alone_has_wide_limits_that_hold_the_truth(judged):
    assert judged["alone cover 0.95"] >= 0.92
    assert 2.0 < judged["alone ratio"] < 4.0


def test_another_prior_moves_an_anchored_path_little(judged):
    assert judged["two priors apart"] < 0.02
