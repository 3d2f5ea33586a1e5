"""What holds for every calibrated estimate: nested, above the listed, narrower with overlap."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detcount import Calibrated, CaptureTable, abundance, calibration
from detcount._numerics.calibration import Discrepancies, hierarchical, quantile
from strategies import capture_tables, estimated

LEVELS = (0.1, 0.5, 0.8, 0.95, 0.999)
ROUNDED = 1e-9


@given(table=capture_tables(3, 5))
def test_an_estimate_needs_somebody_on_two_lists(table):
    repeated = table.counts[table.histories.sum(axis=1) > 1].sum()
    if repeated == 0:
        assert estimated(Calibrated(), table) is None


@settings(max_examples=12)
@given(
    only=st.tuples(st.integers(10, 300), st.integers(10, 300)),
    both=st.integers(5, 200),
    more=st.integers(5, 200),
)
def test_more_overlap_makes_it_narrower(only, both, more):
    # Of a few persons, and of lists that nearly coincide, more overlap argues for stronger dependence: the
    # upper limit may rise.
    assume(only[0] * only[1] >= both + more)
    few, many = (
        Calibrated().fit(
            CaptureTable.from_counts({"10": only[0], "01": only[1], "11": m}, lists=["press", "court"])
        )
        for m in (both, both + more)
    )
    # Less than half a person counts as half, or as nobody: below it nothing narrows, and a limit may jump.
    settled = few.detail.n_unobserved == many.detail.n_unobserved == 0.5
    for level in (0.5, 0.8, 0.95):  # farther out a few scales of dependence have all the weight
        wide, narrow = few.interval(level), many.interval(level)
        above_wide, above_narrow = wide.high - few.n_observed, narrow.high - many.n_observed
        nobody = above_narrow == above_wide == 0
        assert above_narrow < above_wide or nobody or (settled and above_narrow <= above_wide + ROUNDED)
        jump = 0.5 if narrow.low == many.n_observed else 0.0
        assert narrow.high - narrow.low < wide.high - wide.low + jump or nobody


@given(table=capture_tables(3, 4, full=True), times=st.integers(2, 50))
def test_the_same_table_with_more_persons_is_no_wider(table, times):
    more = CaptureTable(table.lists, table.histories, table.counts * times)
    spec = Calibrated(base=abundance.LogLinear())
    one, other = (spec.fit(each) for each in (table, more))
    for level in LEVELS:
        few, many = (
            quantile(each.detail.distribution, 0.5 + level / 2)
            - quantile(each.detail.distribution, 0.5 - level / 2)
            for each in (one, other)
        )
        assert many <= few + ROUNDED


@given(
    values=st.lists(st.floats(-2, 3), min_size=3, max_size=9),
    shift=st.integers(0, 3),
    factor=st.floats(0.05, 0.95),
)
def test_cases_that_agree_more_teach_a_narrower_spread(values, shift, factor):
    e = np.array(values)
    groups = (np.arange(len(e)) + shift) % 3
    chance = np.full(len(e), 0.01)
    assume(e.std() > 0.1)
    near = e.mean() + factor * (e - e.mean())
    wide, narrow = (hierarchical(Discrepancies(each, groups, chance))[0] for each in (e, near))
    spans = [quantile(each, 0.9) - quantile(each, 0.1) for each in (narrow, wide)]
    assert spans[0] < spans[1] + ROUNDED


@given(order=st.permutations(range(7)))
def test_the_order_of_cases_makes_no_difference(order):
    e = np.array([0.9, 0.4, -0.3, 0.1, 1.7, 0.6, 0.2])
    groups, chance = np.array([0, 0, 1, 1, 2, 3, 3]), np.linspace(0.01, 0.2, 7)
    order = list(order)
    one, _ = hierarchical(Discrepancies(e, groups, chance))
    other, _ = hierarchical(Discrepancies(e[order], groups[order], chance[order]))
    assert quantile(other, 0.95) == pytest.approx(quantile(one, 0.95), abs=ROUNDED)


@settings(max_examples=4)  # every example learns anew twice, a second each
@given(group=st.sampled_from(calibration.training_cases().groups), factor=st.integers(2, 500))
def test_a_group_never_teaches_its_own_interval(group, factor):
    training = calibration.training_cases()
    planted = calibration.TrainingCases(
        "planted",
        tuple(
            replace(case, truth=case.table.n_observed + factor * case.n_unobserved)
            if case.group == group
            else case
            for case in training.cases
        ),
    )
    case = next(case for case in training.cases if case.group == group)
    spec = Calibrated(base=abundance.LogLinear())
    one, other = (
        Calibrated(base=spec.base, training=each.without(group)).fit(case.table)
        for each in (training, planted)
    )
    assert (one.point, one.interval()) == (other.point, other.interval())
