"""The integrated path on invented systems: how far it errs, and how often its limits hold the truth.

Systems of another form than the model's, made by the benchmark: arrests that bring arrests, log-normal stays,
waves among those held for long, a coverage that drifts, entries and exits worked off in batches.
"""

import numpy as np
import pytest

from scripts import loaded

pytestmark = pytest.mark.slow

N_SYSTEMS = 5


def test_the_path_is_near_its_limits_hold_and_a_register_alone_says_little():
    made = loaded("benchmarks/stock_integrated.py")
    rows = [made.judged(made.other_world(seed), seed) for seed in range(300, 300 + N_SYSTEMS)]
    judged = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
    assert judged["error"] < min(judged["scaled totals error"], judged["straight lines error"])
    assert 0.55 <= judged["cover 0.8"] <= 0.98
    assert judged["cover 0.95"] >= 0.80
    assert judged["width 0.95"] <= 0.34
    assert judged["alone cover 0.95"] >= 0.92
    assert 2.0 < judged["alone ratio"] < 4.0
    assert judged["two priors apart"] < 0.02  # another prior moves an anchored path little
