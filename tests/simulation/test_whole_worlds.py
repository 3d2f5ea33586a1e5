"""Invented systems of unlike kinds, by defaults: those held each week, and the way from names to them."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks" / "worlds"))

import stock as worlds
import whole

SEED = 420  # of systems on which nothing was chosen


@pytest.mark.slow
def test_limits_hold_the_weeks_of_unlike_kinds_and_floors_are_floors():
    rows = [worlds.measured(kind, SEED) for kind in worlds.KINDS.values()]
    mean = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
    assert mean["bounds"] == 0
    assert mean["cover 0.95"] >= 0.85  # 0.95 over 160 systems; errors of a system are nearly one error
    assert mean["error"] <= 0.11  # 0.070 over 160 systems, 0.02 to 0.2 in one
    assert abs(mean["bias"]) <= 0.08
    assert max(row["floor above"] for row in rows) <= 0.03
    assert max(row["no width 0.95"] for row in rows) == 0


@pytest.mark.slow
def test_files_of_names_lead_to_those_ever_held_and_to_those_held_each_week(monkeypatch):
    monkeypatch.setattr(whole, "N_DRAWS", 3)
    found = whole.answered(whole.files_of(whole.WHOLES["few"], SEED), SEED)
    assert found["contradictions"] == 0
    assert found["ever cover 0.95"] == 1
    assert abs(found["persons error"]) <= 0.02
    assert found["stock cover 0.95"] >= 0.6
    assert found["stock floor above"] <= 0.03
