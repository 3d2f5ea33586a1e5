"""Calibration: what is learned against brute force, leaving out, the default's figures, the contract."""

import json
import math
import runpy
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats

from detcount import Calibrated, CaptureTable, abundance, calibration, datasets
from detcount._numerics import calibration as numerics
from detcount._numerics.stock.paths import SCORES
from detcount._numerics.unlisted import unlisted
from detcount.calibration import TrainingCases
from detcount.calibration import errors as errors
from detcount.calibration.dependence import SHIPPED, learned_anew, shipped_dependence
from detcount.calibration.errors import _stored, unobserved
from detcount.stock.inputs import quantiles_inside

BRUTE = 2e-4  # probability; the test adds up on a grid of its own, coarse where the library's is fine
SAME = 1e-9  # the same arithmetic in another order
STORED = 1e-6  # estimates stored by another platform: iterations stop at another last step
SIMULATED = 0.03  # 4 standard errors of a quantile's probability in 4,000 draws

WHOLE = calibration.training_cases()
TRAINING = WHOLE.of_more_lists
FOUR = calibration.FOUR_FAMILIES
PRESS = ("press", "court", "prison")
# asymmetric: no two lists or cells alike
TABLE = CaptureTable.from_counts(
    {"100": 41, "010": 67, "001": 23, "110": 17, "101": 9, "011": 6, "111": 4}, lists=PRESS
)
VALUES = np.array([0.9, 0.4, -0.3, 0.1, 1.7])
GROUPS = np.array([0, 0, 1, 1, 2])
CHANCE = np.array([0.02, 0.3, 0.01, 0.5, 0.1])


@cache
def evaluated():
    """The default on the training cases that ship; some seconds of work."""
    return calibration.evaluate(Calibrated())


def brute_force(values, tau, sigma):
    """P(next <= each value) and the share between groups, through the joint normal of all discrepancies."""
    total = between = 0.0
    below = np.zeros(len(values))
    same_group = (GROUPS[:, None] == GROUPS).astype(float)
    for t in tau:
        for s in sigma:
            covariance = 1.0 + t**2 * same_group + np.diag(s**2 + CHANCE)
            likelihood = stats.multivariate_normal.pdf(VALUES, np.zeros(5), covariance)
            weight = likelihood * math.exp(-0.5 * (t**2 + s**2))
            gain = np.linalg.solve(covariance, np.ones(5))
            mean, variance = gain @ VALUES, 1 + t**2 + s**2 - gain.sum()
            total += weight
            below += weight * special.ndtr((values - mean) / math.sqrt(variance))
            between += weight * t**2 / (t**2 + s**2)
    return below / total, between / total


def test_the_hierarchical_model_is_the_joint_normal_integrated():
    mixture, share = numerics.hierarchical(numerics.Discrepancies(VALUES, GROUPS, CHANCE))
    step = 4 / 70
    grid = np.arange(70) * step + step / 2  # midpoints
    values = np.array([-1.5, 0.2, 0.7, 2.5])
    expected, expected_share = brute_force(values, grid, grid)
    assert [mixture.cumulative(value) for value in values] == pytest.approx(expected, abs=BRUTE)
    assert share == pytest.approx(expected_share, abs=10 * BRUTE)
    assert mixture.weights.sum() == pytest.approx(1, abs=SAME)


def test_a_table_shares_less_of_what_it_errs_by_the_more_chance_there_is():
    detail = Calibrated(base=FOUR).fit(TABLE).detail
    answered = [case for case in TRAINING.cases if case.name in detail.discrepancies]
    shared, own = numerics.variances(
        numerics.Discrepancies(
            np.array(list(detail.discrepancies.values())),
            numerics.numbered([case.group for case in answered]),
            np.array([errors.sampling_variance(case.table) for case in answered]),
        )
    )
    assert detail.shared == pytest.approx(shared / (shared + own + detail.sampling_variance), rel=SAME)
    assert Calibrated().fit(TABLE).detail.shared == shipped_dependence().shared


@pytest.mark.parametrize("n_groups", [3, 6])
def test_intervals_hold_as_many_new_cases_as_they_say(n_groups):
    """Cases of a new group, where mu, tau and sigma come from their priors anew each time."""
    rng = np.random.default_rng(20261125)
    n_worlds, inside = 500, {0.5: 0, 0.95: 0}
    groups = np.repeat(np.arange(n_groups), 4)[:-1]
    for _ in range(n_worlds):
        mu = rng.normal()
        tau, sigma = np.abs(rng.normal(size=2))
        chance = rng.uniform(0.001, 0.3, size=len(groups) + 1)
        centres = mu + tau * rng.normal(size=n_groups + 1)
        values = centres[[*groups, n_groups]] + np.sqrt(sigma**2 + chance) * rng.normal(size=len(chance))
        learned, _ = numerics.hierarchical(numerics.Discrepancies(values[:-1], groups, chance[:-1]))
        probability = learned.widened(chance[-1]).cumulative(values[-1])
        for level in inside:
            inside[level] += abs(probability - 0.5) <= level / 2
    for level, count in inside.items():
        band = 3.5 * math.sqrt(level * (1 - level) / n_worlds)  # one false alarm in 2,000
        assert count / n_worlds == pytest.approx(level, abs=band)


def several(table):
    return sum(n for on, n in enumerate(table.capture_frequencies.tolist(), 1) if on > 1)


def test_the_estimate_by_hand():
    estimate = Calibrated(base=abundance.LogLinear()).fit(TABLE)
    detail = estimate.detail
    unobserved = abundance.LogLinear().fit(TABLE).n_unobserved
    assert detail.n_unobserved == pytest.approx(unobserved, rel=SAME)
    assert detail.sampling_variance == pytest.approx(1 / (17 + 9 + 6 + 4), rel=SAME)
    cases = [case for case in TRAINING.cases if case.name in detail.discrepancies]
    assert len(cases) > 75  # of 84: the maximum is not finite in the others
    expected = [
        math.log(case.n_unobserved / abundance.LogLinear().fit(case.table).n_unobserved) for case in cases
    ]
    assert list(detail.discrepancies) == [case.name for case in cases]
    assert list(detail.discrepancies.values()) == pytest.approx(expected, abs=STORED)
    low = estimate.interval(0.9).low
    probability = detail.distribution.cumulative(math.log(low - TABLE.n_observed))
    assert probability == pytest.approx(0.05, abs=STORED)
    learned, _ = numerics.hierarchical(
        numerics.Discrepancies(
            np.array(expected),
            numerics.numbered([case.group for case in cases]),
            np.array([1 / several(case.table) for case in cases]),
        )
    )
    widened = learned.widened(detail.sampling_variance)
    again = widened.cumulative(math.log((low - TABLE.n_observed) / unobserved))
    assert again == pytest.approx(0.05, abs=STORED)
    middle = detail.distribution.cumulative(math.log(estimate.n_unobserved))
    assert middle == pytest.approx(0.5, abs=STORED)
    assert (estimate.draws <= estimate.point).mean() == pytest.approx(0.5, abs=SIMULATED)


def test_the_default_is_the_posterior_by_the_lesson_that_ships():
    estimate = Calibrated().fit(TABLE)
    posterior = unlisted(np.array([0.0, 41, 67, 17, 23, 9, 6, 4]), shipped_dependence().learned)
    for probability in (0.025, 0.25, 0.5, 0.9):
        value = math.log(estimate.interval_rule.at(probability) - TABLE.n_observed)
        assert posterior.cumulative(value) == pytest.approx(probability, abs=SAME)
    detail = estimate.detail
    assert (detail.base_unobserved, detail.discrepancies, detail.declined) == ({}, {}, {})
    assert detail.n_unobserved is detail.share_between is None
    assert len(detail.to_frame()) == 0
    assert (detail.n_cases, detail.n_datasets, detail.n_groups) == (84, 23, 11)
    # Their lists depend on each other: an odds ratio of 1.7 in the middle, and most from 0.8 to 3.5.
    sizes = detail.interactions.sizes
    assert 0.45 < sizes.mean < 0.65
    assert 0.6 < sizes.pairs < 0.9
    assert 0.3 < detail.interactions.omega < 0.6
    assert estimate.notes == (
        "Learned from 84 cases of known size, from 23 data sets in 11 groups.",
        "In the middle source the odds ratio of two lists is 1.7 in the middle, and from 0.8 to 3.5 for two "
        "thirds of pairs; in every fourth source these spread by a factor of 1.8 more, or less.",
    )


def test_the_lesson_that_ships_is_of_the_bank_that_ships():
    stored = json.loads((resources.files("detcount.calibration") / SHIPPED).read_text(encoding="utf-8"))
    digest_of_cases = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "dependence.py"))[
        "digest_of_cases"
    ]
    assert stored["cases"] == digest_of_cases(WHOLE)
    moved = replace(WHOLE.cases[0], truth=WHOLE.cases[0].truth + 1)
    assert digest_of_cases(TrainingCases("moved", (moved, *WHOLE.cases[1:]))) != stored["cases"]
    assert digest_of_cases(TrainingCases("turned", WHOLE.cases[::-1])) == stored["cases"]


@pytest.mark.slow  # 84 cases, some seconds
def test_the_lesson_that_ships_is_what_the_cases_teach():
    again, stored = learned_anew(WHOLE), shipped_dependence()
    for name in ("mean", "pairs", "triples", "higher"):
        assert getattr(stored.learned.sizes, name) == pytest.approx(
            getattr(again.learned.sizes, name), rel=STORED
        )
    assert stored.learned.omega == pytest.approx(again.learned.omega, rel=STORED)
    assert stored.shared == pytest.approx(again.shared, rel=STORED)
    assert (stored.n_cases, stored.n_datasets, stored.n_groups, stored.most_lists) == (
        again.n_cases,
        again.n_datasets,
        again.n_groups,
        again.most_lists,
    )


def test_two_lists_take_what_more_lists_have_taught():
    estimate = Calibrated().fit(TABLE.drop("prison"))
    assert estimate.detail.interactions == Calibrated().fit(TABLE).detail.interactions
    errors = Calibrated(base=abundance.Chapman()).fit(TABLE.drop("prison"))
    assert errors.detail.n_cases == len(WHOLE.of_two_lists.cases)
    assert errors.detail.interactions is None


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4, 5, 6, 7), (7, 2, 5, 0, 6, 1, 4, 3)])
def test_beyond_six_lists_the_smallest_count_as_one(order):
    wide = datasets.load("neworl")
    estimate = Calibrated().fit(wide.keep([wide.lists[k] for k in order]))
    by_size = sorted(wide.list_sizes, key=lambda name: -wide.list_sizes[name])
    merged = wide.merge(by_size[5:], into="rest")
    assert merged.n_observed == wide.n_observed
    expected = Calibrated().fit(merged)
    assert estimate.point == pytest.approx(expected.point, rel=STORED)
    assert estimate.notes[2] == "There are 8 lists here, and at most 5 in a case learned from."
    assert estimate.notes[-1] == "The 3 smallest lists are taken as one."
    assert expected.notes[-1] != estimate.notes[-1]


def test_a_base_of_four_families_is_their_mean():
    detail = Calibrated(base=FOUR).fit(TABLE).detail
    values = [estimator.fit(TABLE).n_unobserved for estimator in FOUR]
    assert list(detail.base_unobserved) == [repr(estimator) for estimator in FOUR]
    assert list(detail.base_unobserved.values()) == pytest.approx(values, rel=STORED)
    expected = np.prod(np.array(values) + 0.5) ** 0.25 - 0.5
    assert detail.n_unobserved == pytest.approx(expected, rel=STORED)
    assert len(detail.to_frame()) == detail.n_cases == 83
    assert (detail.n_datasets, detail.n_groups) == (23, 11)


@pytest.mark.slow
def test_what_is_stored_of_the_cases_is_what_the_estimators_give():
    stored = _stored()
    assert set(stored) == {repr(estimator) for estimator in FOUR}
    for estimator in FOUR:
        assert set(stored[repr(estimator)]) == {case.table.digest for case in TRAINING.cases}
        for case in TRAINING.cases:
            again = unobserved(estimator, case.table, seed=0)
            kept = stored[repr(estimator)][case.table.digest]
            assert (kept is None) == isinstance(again, str)
            assert kept is None or kept == pytest.approx(again, rel=STORED)


def test_pairs_of_lists():
    pairs = WHOLE.of_two_lists
    kosovo = [case for case in pairs.cases if case.name.startswith("Kosovo|EXH")]
    assert [case.name for case in kosovo] == [
        "Kosovo|EXH: ABA and OSCE",
        "Kosovo|EXH: ABA and HRW",
        "Kosovo|EXH: OSCE and HRW",
    ]
    assert {case.truth for case in kosovo} == {1910}
    assert all(case.table.overlap(*case.table.lists) > 0 for case in pairs.cases)
    assert pairs.of_two_lists.cases == pairs.cases
    assert pairs.of_more_lists is None


@pytest.mark.slow  # 84 populations, each group left out
def test_the_figures_of_the_default():
    """What was aimed for and is met; groups are left out whole. docs/calibration.md says what is not met."""
    result = evaluated()
    assert result.n_answered == 84
    assert 0.42 <= result.cover(0.5, "weights") <= 0.58
    assert 0.70 <= result.cover(0.8, "groups") <= 0.88
    assert 0.90 <= result.cover(0.95, "groups") < 1
    assert result.score(0.95, "groups") < 1.7
    assert result.weighted_score("groups") < 0.19
    assert result.pit_slope().p_value > 0.05


def test_a_family_that_declines_is_left_out_of_the_cases_too():
    wide = datasets.load("neworl")
    assert wide.n_lists > 7
    estimate, alone = Calibrated(base=FOUR).fit(wide), Calibrated(base=FOUR[:3]).fit(wide)
    assert set(estimate.detail.declined) == {"DecomposableGraphs()"}
    assert (estimate.point, estimate.interval()) == (alone.point, alone.interval())
    assert any(note.startswith("No answer from decomposable graphs.") for note in estimate.notes)


def test_everybody_on_every_list_closes_on_the_number_listed():
    for press_only in (0, 1):
        counts = {"111": 50 - press_only, "110": press_only}
        table = CaptureTable.from_counts({key: n for key, n in counts.items() if n}, lists=PRESS)
        estimate = Calibrated().fit(table)
        assert estimate.interval().low == 50
        assert estimate.interval(0.5).high < 53  # and no more: lists so alike may be copies of each other
        assert estimate.point < 51
        assert set(estimate.draws[estimate.draws < 50.5]) == {50}
        of_errors = Calibrated(base=FOUR).fit(table)
        assert of_errors.detail.n_unobserved == 0.5
        assert (
            "The base finds nobody unlisted, which counts as half a person, as in the cases."
            in of_errors.notes
        )


@pytest.mark.parametrize(("inner", "only"), [(3, 17), (3, 397), (40, 17)])
def test_a_list_inside_the_other_counts_its_empty_cell_as_half_a_person(inner, only):
    table = CaptureTable.from_counts({"10": only, "11": inner}, lists=["press", "court"])
    estimate = Calibrated(base=abundance.Chapman()).fit(table)
    assert estimate.detail.base_unobserved == {"Chapman()": pytest.approx(only * 0.5 / (inner + 1), rel=SAME)}
    assert estimate.detail.sampling_variance == pytest.approx(1 / only + 1 / 0.5 + 1 / inner, rel=SAME)
    assert estimate.interval().low >= only + inner


def test_a_person_outside_the_inner_list_hardly_moves_a_nested_answer():
    """No step between one person and none, as the variance is the delta method's and half stands for none."""
    none, one, two = (
        Calibrated()
        .fit(
            CaptureTable.from_counts(
                {"10": 90, "11": 12} | ({"01": outside} if outside else {}), lists=["press", "court"]
            )
        )
        .interval()
        .high
        for outside in (0, 1, 2)
    )
    assert none < one < two
    assert one - none < two  # and nothing jumps


@pytest.mark.slow
def test_nested_lists_hold_independent_populations():
    """N persons, two independent lists, kept where the smaller lies inside the larger."""
    rng = np.random.default_rng(20261126)
    held, upper = [], []
    while len(held) < 300:
        total = int(rng.integers(100, 2000))
        large = rng.random(total) < rng.uniform(0.5, 0.95)
        small = rng.random(total) < rng.uniform(4, 12) / total
        only, both = int((large & ~small).sum()), int((large & small).sum())
        if (small & ~large).any() or both == 0:
            continue
        interval = (
            Calibrated()
            .fit(CaptureTable.from_counts({"10": only, "11": both}, lists=["press", "court"]))
            .interval()
        )
        held.append(interval.low <= total <= interval.high)
        upper.append(interval.high / total)
    # The calibration widens for dependence that is not here, so that cover may pass 0.95.
    assert np.mean(held) >= 0.95 - 3.5 * math.sqrt(0.95 * 0.05 / 300)
    assert np.median(upper) < 25


@pytest.mark.slow
def test_training_cases_of_ones_own():
    cases = calibration.cases_from(datasets.load("lcm_sim1_expected"), dataset="invented")
    training = TRAINING.with_cases(cases)
    spec = Calibrated(training=training)
    assert (
        repr(spec) == "Calibrated(training=<TrainingCases 'known truth': 89 cases, 12 groups of data sets>)"
    )
    assert spec.fit(TABLE).point != Calibrated().fit(TABLE).point
    assert Calibrated(training=training.cases).training == TrainingCases("own cases", training.cases)
    assert training.without("invented") == TRAINING
    assert set(TRAINING.groups) - set(TRAINING.without("Ned").groups) == {"Ned"}


def test_a_power_of_the_share_weighs_the_posterior():
    """By hand: the distribution without it times the share squared; the draw least wrong in shares of N."""
    plain, weighed = (Calibrated(listed=a).fit(TABLE).detail.distribution for a in (0.0, 2.0))
    n_unlisted = np.exp((plain.values[1:] + plain.values[:-1]) / 2)
    masses = np.diff(plain.cumulatives) * (1 + n_unlisted / TABLE.n_observed) ** -2.0
    cumulatives = np.cumsum(masses) / masses.sum()
    found = np.interp(plain.values[1:], weighed.values, weighed.cumulatives)
    assert np.abs(found - cumulatives).max() < BRUTE
    assert weighed.cumulative(5.0) > plain.cumulative(5.0) + 0.02
    draws = Calibrated().fit(TABLE).draws[::4]
    best = draws[np.abs(draws[:, None] / draws - 1).mean(axis=1).argmin()]
    assert best == pytest.approx(Calibrated(listed=1.0).fit(TABLE).point, rel=0.01)


def test_the_share_beforehand_is_that_of_the_stock_and_is_said():
    one, other = Calibrated(listed=2.0).fit(TABLE), Calibrated().fit(TABLE)
    near = np.abs(SCORES) < 1.5
    levels = quantiles_inside(one)[near] - TABLE.n_observed
    assert levels == pytest.approx(quantiles_inside(other)[near] - TABLE.n_observed, rel=0.1)
    assert any("Beta(2, 1)" in note for note in one.notes)
    assert not any("Beta(" in note for note in other.notes)
    assert repr(one.estimator) == "Calibrated(listed=2.0)"
