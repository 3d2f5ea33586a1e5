"""Invented systems of unlike kinds, by defaults: those held each week, and the way from names to them."""

import sys
from pathlib import Path

import numpy as np
import pytest

from detcount import CaptureTable, pooling
from detcount import stock as held
from detcount.assessment.abundance.linked import _belonging
from detcount.calibration import Calibrated
from detcount.stock.late_exits import wrong_by_list

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks" / "worlds"))

import stock as worlds
import whole

pytestmark = pytest.mark.slow

SEED = 420  # of systems on which nothing was chosen


def test_limits_hold_the_weeks_of_unlike_kinds_and_floors_are_floors():
    rows = [worlds.measured(kind, SEED) for kind in worlds.KINDS.values()]
    mean = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
    assert mean["bounds"] == 0
    assert mean["cover 0.95"] >= 0.85  # 0.95 over 160 systems; errors of a system are nearly one error
    assert mean["error"] <= 0.11  # 0.070 over 160 systems, 0.02 to 0.2 in one
    assert abs(mean["bias"]) <= 0.08
    assert max(row["floor above"] for row in rows) <= 0.03
    assert max(row["no width 0.95"] for row in rows) == 0


def test_files_of_names_lead_to_those_ever_held_and_to_those_held_each_week(monkeypatch):
    monkeypatch.setattr(whole, "N_DRAWS", 3)
    found = whole.answered(whole.files_of(whole.WHOLES["few"], SEED), SEED)
    assert found["contradictions"] == 0
    assert found["ever cover 0.95"] == 1
    assert abs(found["persons error"]) <= 0.02
    assert found["stock cover 0.95"] >= 0.6
    assert found["stock floor above"] <= 0.03


def test_the_number_is_fair_where_some_entries_do_not_belong():
    """True links, so that nothing is uncertain but who belongs: with and without the law."""
    rows = []
    for seed in range(SEED, SEED + 16):
        world = worlds.invent(whole.WHOLES["few"].kind, seed)
        people = world.people
        codes, persons = np.unique(_codes(people), return_counts=True)
        counts = dict(zip(codes.tolist(), persons.tolist(), strict=True))
        shares, by_exits = wrong_by_list(people, held.WrongShare(), 8, seed)
        assert by_exits
        rng = np.random.default_rng(seed)
        drawn = [_belonging(counts, share, rng) for share in shares]
        for each in ([counts, counts], drawn):
            found = pooling.pool(Calibrated(), [_table(one, people.lists) for one in each], seed=seed)
            limits = [found.interval(level) for level in (0.95, 0.8)]
            inside = [low <= world.ever <= high for low, high in limits]
            rows.append((found.point / world.ever - 1, *inside))
    whole_bias, whole_cover, _ = np.mean(rows[::2], axis=0)
    bias, cover, cover_80 = np.mean(rows[1::2], axis=0)
    assert whole_bias > 0.05  # what the law is for: 0.10 over 24 other systems
    assert whole_cover <= cover
    assert abs(bias) <= 0.05
    assert cover >= 0.85
    assert 0.6 <= cover_80 < 1


def _codes(people):
    codes = np.zeros(people.n_persons, dtype=np.int64)
    np.bitwise_or.at(codes, people.person, 1 << people.on)
    return codes


def _table(counts, lists):
    spelled = {"".join(str(code >> k & 1) for k in range(len(lists))): n for code, n in counts.items()}
    return CaptureTable.from_counts(spelled, lists=lists)
