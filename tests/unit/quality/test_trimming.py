"""Doubtful entries left out step by step."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detcount import CaptureTable, abundance, assess, quality
from detcount.assessment.joint.assessing import audited_of

LISTS = ["press", "families"]
SOUND = CaptureTable.from_counts({"10": 120, "01": 280, "11": 180}, lists=LISTS)
DOUBTFUL = CaptureTable.from_counts({"10": 90, "11": 10}, lists=LISTS)


def trimmed_by_hand(n_1, n_2, m, k, k_1):
    """The trimmed dual-system estimate."""
    return (n_1 - k + 1) * (n_2 + 1) / (m - k_1 + 1) - 1


def test_kinds_are_left_out_as_the_formula_says():
    found = quality.Trimmed(on="press").fit({"sound": SOUND, "a year old": DOUBTFUL})
    everybody, without = found.steps
    assert everybody.point == pytest.approx(trimmed_by_hand(400, 470, 190, 0, 0))
    assert without.point == pytest.approx(trimmed_by_hand(400, 470, 190, 100, 10))
    assert (without.left_out, without.matched, without.n_observed) == (100, 10, 590)
    assert found.stop == 1
    assert "The number falls with every kind that is left out, to 782" in found.sentence()
    assert found.sentence().translated("es") != found.sentence()


def test_number_stops_falling_where_the_rest_is_sound():
    rng = np.random.default_rng(3)
    n = 4000
    on = rng.random((n, 2)) < (0.5, 0.4)
    kind = rng.integers(0, 3, n)
    kinds = {}
    for name, k, wrong in (("sound", 0, 0), ("old", 1, 0), ("rumour", 2, 300)):
        mine = on[kind == k]
        counts = {
            "10": (mine[:, 0] & ~mine[:, 1]).sum() + wrong,
            "01": (~mine[:, 0] & mine[:, 1]).sum(),
            "11": mine.all(axis=1).sum(),
        }
        kinds[name] = CaptureTable.from_counts({h: int(c) for h, c in counts.items()}, lists=LISTS)
    found = quality.Trimmed(on="press").fit(kinds)
    points = [step.point for step in found.steps]
    assert points[0] > 1.1 * n
    assert found.steps[1].what == "'rumour'"
    assert points[1] == pytest.approx(n, rel=0.04)
    assert points[2] == pytest.approx(points[1], rel=0.04)


@given(st.integers(50, 500), st.integers(50, 500), st.integers(20, 300), st.floats(0, 0.5))
def test_bounds_hold_every_step_and_the_number_without_stated_wrong_entries(a, b, m, most):
    table = CaptureTable.from_counts({"10": a, "01": b, "11": m}, lists=LISTS)
    found = quality.Trimmed(most=most).fit(table)
    low, high = found.bounds
    assert low <= abundance.Chapman().fit(table).point <= high
    for step in found.steps:
        assert low <= (step.n_observed if step.low is None else step.low)
        assert step.high is None or step.high <= high
    assert quality.Trimmed(most=0.5).fit(table).bounds[0] <= low


def test_shares_left_out_are_of_each_list_and_of_persons_on_no_other():
    table = CaptureTable.from_counts({"10": 300, "01": 200, "11": 100}, lists=LISTS)
    steps = quality.Trimmed(on="press", most=0.1).fit(table).steps
    assert [step.left_out for step in steps[:-1]] == [0, 4, 12, 20, 40]
    assert steps[-1].matched == steps[-1].left_out == 40


def test_a_result_is_a_table_a_record_and_a_sentence():
    found = quality.Trimmed(most=0.05).fit(SOUND)
    assert list(found.to_frame()["left_out"]) == [step.left_out for step in found.steps]
    assert found.record()["bounds"] == list(found.bounds)
    assert "If at most 5% of the entries of a list do not belong" in found.sentence()
    assert "Zhang" in found.cite()


def test_of_samples_of_several_whole_lists_the_greatest_share_is_taken_away():
    table = CaptureTable.from_counts({"10": 81, "01": 73, "11": 44}, lists=["prensa", "ong"])
    found = assess(table, families=["chapman"])
    samples = [("prensa", 125, 1), ("ong", 117, 6)]  # of lists, and not of who is on one alone
    rows = [
        {"belongs": "no" if k < wrong else "yes", "list": name, "drawn_from": size}
        for name, size, wrong in samples
        for k in range(40)
    ]
    audit = quality.AuditAnswers.from_frame(pd.DataFrame(rows))
    low, high = (each.shares()[1] for each in audit.drawn)
    assert low < high < 0.5
    worst = quality.Trimmed(on=None, most=high, estimator=found.recommended.estimator).fit(table)
    assert audited_of(found, audit, 0).bounds == worst.bounds
