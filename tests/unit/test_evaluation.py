"""Estimators held to cases: every figure by hand, what counts alike, groups left out, who declined."""

import math

import numpy as np
import pytest
from scipy import stats

from detcount import abundance, calibration, datasets
from detcount.calibration import Evaluation, TrainingCases
from detcount.calibration.scored import CaseResult
from detcount.errors import InputError

SAME = 1e-9  # the same arithmetic in another order
PIT = 1e-5  # the width at which the search for a probability ends
CHAO = abundance.ChaoLowerBound()
# Two groups, one of them of eight cases in two tables; tables and groups of unlike size.
TRAINING = TrainingCases(
    "some", tuple(case for case in datasets.known_truth() if case.group in ("Kosovo", "Ned", "hiv_rome"))
)


def cases(*rows):
    """An evaluation of invented results: data set, group, loss, pit; with limits at 95%."""
    found = tuple(
        CaseResult(
            name=f"case {k}", dataset=dataset, group=group, truth=100, n_observed=60, point=90.0,
            limits=((80.0, 120.0 if loss < 1 else 95.0),), weight=1 / (k + 1), loss=loss, pit=pit,
        )
        for k, (dataset, group, loss, pit) in enumerate(rows)
    )  # fmt: skip
    return Evaluation("invented", (0.95,), found)


FOUR = cases(("a", "x", 0.3, 0.2), ("a", "x", 0.5, 0.4), ("b", "x", 1.7, 0.9), ("c", "y", 2.9, 0.97))


def test_an_evaluation_by_hand():
    result = calibration.evaluate(CHAO, TRAINING, levels=(0.5, 0.9))
    fitted = [CHAO.fit(case.table) for case in TRAINING.cases]
    inside = {}
    errors = []
    for case, estimate in zip(TRAINING.cases, fitted, strict=True):
        interval = estimate.interval(0.9)
        inside.setdefault(case.dataset, []).append(float(interval.low <= case.truth <= interval.high))
        errors.append(math.log(estimate.point / case.truth))
    assert result.cover(0.9) == pytest.approx(np.mean([np.mean(part) for part in inside.values()]), rel=SAME)
    assert result.bias == pytest.approx(np.median(errors), rel=SAME)
    assert result.absolute_error == pytest.approx(np.median(np.abs(errors)), rel=SAME)
    assert {name: part.cover(0.9) for name, part in result.by_dataset().items()} == {
        name: pytest.approx(np.mean(part)) for name, part in inside.items()
    }
    assert result.width(0.5) < result.width(0.9)
    assert set(result.row()) == {
        "estimator", "cases", "cover 0.5", "cover 0.9", "score", "width", "bias",
        "absolute error",
    }  # fmt: skip
    frame = result.to_frame()
    assert len(frame) == len(TRAINING.cases)
    assert {"low 0.9", "high 0.9", "point", "truth", "weight", "loss", "pit"} <= set(frame.columns)
    assert repr(result) == "<Evaluation of ChaoLowerBound(): 14 of 14 cases answered>"


def test_the_weighted_score_is_twice_the_mean_loss_of_99_quantiles():
    """The 49 intervals of 2% to 98% and the point, whatever levels are asked for."""
    result = calibration.evaluate(CHAO, TRAINING, levels=(0.9,))
    for case, found in zip(TRAINING.cases, result.cases, strict=True):
        estimate, truth = CHAO.fit(case.table), math.log(case.truth)
        losses = []
        for percent in range(1, 100):
            level = abs(2 * percent - 100) / 100
            interval = None if percent == 50 else estimate.interval(level)
            value = estimate.point if interval is None else interval.low if percent < 50 else interval.high
            above = truth - math.log(value)
            losses.append(max(percent / 100 * above, (percent / 100 - 1) * above))
        assert found.loss == pytest.approx(2 * np.mean(losses), rel=1e-6)
    assert calibration.evaluate(CHAO, TRAINING, levels=(0.5, 0.8)).weighted_score() == result.weighted_score()


def test_what_counts_alike():
    """Four cases of three tables and two groups, each average by hand."""
    assert FOUR.weighted_score() == pytest.approx(((0.3 + 0.5) / 2 + 1.7 + 2.9) / 3, rel=SAME)
    assert FOUR.weighted_score("groups") == pytest.approx(((0.3 + 0.5 + 1.7) / 3 + 2.9) / 2, rel=SAME)
    weighted = (0.3 + 0.5 / 2 + 1.7 / 3 + 2.9 / 4) / (1 + 1 / 2 + 1 / 3 + 1 / 4)
    assert FOUR.weighted_score("weights") == pytest.approx(weighted, rel=SAME)
    assert FOUR.cover() == pytest.approx(1 / 3, rel=SAME)
    assert FOUR.cover(by="groups") == pytest.approx((2 / 3) / 2, rel=SAME)
    miss = math.log(120 / 80), math.log(95 / 80) + 40 * math.log(100 / 95)
    assert FOUR.score(by="groups") == pytest.approx(((2 * miss[0] + miss[1]) / 3 + miss[1]) / 2, rel=SAME)
    assert {group: part.n_answered for group, part in FOUR.by_group().items()} == {"x": 3, "y": 1}
    with pytest.raises(
        InputError, match=r"by: expected one of \('tables', 'groups', 'weights'\), got 'cases'"
    ):
        FOUR.cover(by="cases")


def test_the_probability_of_at_most_the_truth():
    """Chapman's unlisted are log-normal, so that the probability is a normal one in closed form."""
    pairs = TRAINING.of_two_lists
    result = calibration.evaluate(abundance.Chapman(), pairs)
    for case, found in zip(pairs.cases, result.cases, strict=True):
        listed = case.table.n_observed
        interval = abundance.Chapman().fit(case.table).interval(0.95)
        unlisted = found.point - listed
        scale = math.log((interval.high - listed) / unlisted) / stats.norm.ppf(0.975)
        expected = stats.norm.cdf(math.log(case.n_unobserved / unlisted) / scale)
        assert found.pit == pytest.approx(expected, abs=2 * PIT)


def test_the_slope_takes_a_group_for_one_observation():
    slope = FOUR.pit_slope()
    means = [(0.2 + 0.4 + 0.9) / 3, 0.97]
    assert slope.slope == pytest.approx(12 * (np.mean(means) - 0.5), rel=SAME)
    assert slope.standard_error == pytest.approx(12 * np.std(means, ddof=1) / math.sqrt(2), rel=SAME)
    alone = cases(("a", "x", 0.3, 0.2)).pit_slope()
    assert math.isnan(alone.p_value)


def test_an_evaluation_keeps_who_declined():
    result = calibration.evaluate(abundance.Chapman(), TRAINING)
    assert result.n_answered == 0
    assert result.cases[0].reason.startswith("Chapman: needs exactly 2 lists")
    assert result.cases[0].loss is result.cases[0].pit is None
    some = calibration.evaluate(abundance.SampleCoverage(), TRAINING)
    assert 0 < some.n_answered < len(TRAINING.cases)


def test_without_ranks_the_rest_is_the_same():
    full, brief = (calibration.evaluate(CHAO, TRAINING, ranked=ranked) for ranked in (True, False))
    assert brief.row() == full.row()
    with pytest.raises(InputError, match="evaluated without ranks"):
        brief.weighted_score()
    with pytest.raises(InputError, match="evaluated without ranks"):
        brief.pit_slope()


def test_by_default_cases_of_three_lists_and_more_are_asked_for():
    result = calibration.evaluate(CHAO)
    assert len(result.cases) == 84
    assert "Calibrated" not in result.estimator
