"""The linkage as an object: tables, draws, the two-line bound, errors, steps, people; numbers only."""

from dataclasses import replace

import numpy as np
import pytest

from detcount import abundance, pooling, simulate
from detcount.linkage.spells import persons_of
from detcount.linkage.steps import Audit, RemoveReferrals
from detcount.simulate import WrittenList
from detcount.words import Message
from invented_linkage import invented_linkage


@pytest.fixture(scope="module")
def linked():
    return invented_linkage(seed=3)


@pytest.fixture(scope="module")
def certain():
    return invented_linkage(seed=3, doubtful=0)


def test_with_certain_links_the_tables_are_those_of_the_truth(certain):
    truth = simulate.name_lists(300, seed=3).truth
    assert certain.table() == truth.table()
    assert all(table == truth.table() for table in certain.tables(5))
    assert certain.n_persons == truth.n_persons
    assert tuple(certain.persons_interval()) == (truth.n_persons,) * 2
    assert certain.range == certain.persons_interval()
    quality = certain.quality
    assert (quality.precision.point, quality.recall.point, quality.f1.point) == (1, 1, 1)
    bound = certain.bound()
    assert bound.n_pairs == 0
    assert bound.all_match.point == bound.none_match.point
    assert bound.n_persons == (truth.n_persons,) * 2


def test_the_picture_has_the_persons_and_their_limits_where_they_can_be_claimed(linked):
    low, high = linked.persons_interval(0.8)
    figure = linked.plot(0.8, lang="es")
    assert figure.axes[0].texts[0].get_text() == f"{linked.n_persons}  ({low} – {high})"
    assert figure.axes[0].get_title(loc="left") == "Personas en las listas"
    assert linked.verdict == "range"
    without = replace(linked, without_limits=(Message("rows of which nothing is known"),))
    assert (without.verdict, without.range) == ("refuse", None)
    assert without.plot().axes[0].texts[0].get_text() == f"{linked.n_persons}"


def test_drawn_tables_are_the_draws(linked):
    tables = linked.tables(40, seed=1)
    persons = {table.n_observed for table in tables}
    assert persons <= set(linked.n_persons_draws.tolist())
    assert len(persons) > 5
    assert [t.digest for t in tables] == [t.digest for t in linked.tables(40, seed=1)]
    assert [t.digest for t in tables] != [t.digest for t in linked.tables(40, seed=2)]


def test_the_bound_is_what_all_and_what_none_of_the_doubtful_pairs_make(linked):
    bound = linked.bound()
    low, high = linked.pair_probability >= 0.05, linked.pair_probability > 0.95
    expected = [simulate.name_lists(300, seed=3).truth.n_persons]
    doubtful = int((low & ~high).sum())
    assert bound.n_pairs == linked.n_doubtful == doubtful
    assert bound.n_persons == (expected[0] - doubtful, expected[0])  # every doubtful pair joins two persons
    assert bound.all_match.point < bound.none_match.point
    frame = bound.to_frame()
    assert frame["n_persons"].tolist() == list(bound.n_persons)
    assert f"{bound.n_persons[0]:,}" in str(linked.sentence())
    assert f"{bound.all_match.point:,.0f}" in str(linked.sentence())


def test_pooling_carries_the_links_into_abundance_and_says_their_share(linked, certain):
    estimator = abundance.LogLinear()
    pooled = pooling.pool(estimator, linked.tables(60))
    alone = estimator.fit(certain.table())
    assert 0 < pooled.detail.share_between < 0.5
    width = np.log(pooled.interval(0.95).high / pooled.interval(0.95).low)
    assert width > 0.95 * np.log(alone.interval(0.95).high / alone.interval(0.95).low)
    assert pooling.pool(estimator, certain.tables(5)).detail.share_between == 0


def test_expected_errors_are_those_of_the_draws(linked):
    doubtful = linked.pair_probability < 1
    p, together = linked.pair_probability[doubtful], linked.pair_probability[doubtful] > 0.5
    wrong = (1 - p)[together].sum()
    assert linked.quality.wrong_links == pytest.approx(wrong, rel=0.02)
    assert linked.quality.missed_links == pytest.approx(p[~together].sum(), rel=0.1)
    half = invented_linkage(seed=3, missed=0.5).quality
    assert half.recall.point == pytest.approx(linked.quality.recall.point / 2)
    assert half.precision == linked.quality.precision


def test_labels_measure_the_links(linked):
    truth = simulate.name_lists(300, seed=3).truth
    measured = linked.measure(truth.to_frame())
    joined = (linked.pair_probability > 0.5) & (linked.pair_probability < 1)
    right = (linked.pair_probability == 1).sum()
    assert measured.recall.point == 1
    assert measured.precision.point == pytest.approx(right / (right + joined.sum()))
    assert measured.precision.low < measured.precision.point < measured.precision.high
    assert measured.n_labelled == truth.n_persons


def forwarded():
    lists = (
        WrittenList(name="families", share=0.5),
        WrittenList(name="ngo", share=0.3, forwards=("families", 0.5)),
    )
    return simulate.name_lists(2000, lists=lists, seed=5).truth


def test_referrals_leave_the_list_that_received_them_and_the_rows_stay_linked():
    truth = forwarded()
    linked = invented_linkage(truth=truth, doubtful=0)
    changed = RemoveReferrals().apply(linked)
    assert changed.linkage.table() == truth.table(forwarded=False)
    assert linked.table() == truth.table()  # the linkage itself is as it was
    assert changed.linkage.notes[-1] == changed.note
    assert changed.linkage.n_persons == linked.n_persons
    naive, fair = (abundance.Chapman().fit(each.table()).point for each in (linked, changed.linkage))
    assert naive < 1700
    assert abs(fair / 2000 - 1) < 0.1


def test_an_audit_takes_away_what_its_sample_found():
    truth = simulate.name_lists(3000, seed=8).truth
    linked = invented_linkage(truth=truth, doubtful=0)
    alone = int(linked.table().exclusives["government"])
    changed = Audit(list="government", checked=100, wrong=20).apply(linked)
    share = 20.5 / 101
    assert changed.linkage.table().exclusives["government"] == round(alone * (1 - share))
    tables = changed.linkage.tables(200, seed=2)
    left = np.array([table.exclusives["government"] for table in tables])
    variance = alone**2 * share * (1 - share) / 102 + alone * share * (1 - share)
    assert abs(left.mean() - alone * (1 - share)) < 4 * np.sqrt(variance / 200)
    assert 0.6 < left.var() / variance < 1.5  # of 200 numbers, within 4 standard deviations
    assert all(table.exclusives["committee"] == linked.table().exclusives["committee"] for table in tables)


def test_people_are_spells_of_numbers():
    lists, list_of = ("a", "b"), np.array([0, 0, 0, 1, 1, 1])
    person = np.array([0, 0, 1, 0, 1, 2])
    spells = {
        "entered": ["2024-08", "2024-08-10", "2024-08-01", None, "2024-09-05", None],
        "left": [None, None, "2024-08-20", None, None, None],
        "status": [None] * 6,
        "listed_on": ["2024-09-02", "2024-09-01", "2024-09-01", "2024-10-01", "2024-10-01", None],
        "left_known_on": [None] * 6,
    }
    people = persons_of(spells, lists, list_of, person, np.ones(6, bool), definition=None)
    assert people.n_persons == 2
    assert people.list_sizes == {"a": 2, "b": 2}
    one = (people.person == 0) & (people.on == 0)
    assert one.sum() == 1  # two rows of one list
    assert people.entered_first[one] == people.entered_last[one] == 19_945  # 10 August 2024
    assert people.listed[one] == 19_967  # the first of the two days
    notes = [str(note) for note in people.notes]
    assert "1 row without any day is left out" in notes
    assert "1 row repeats a person on its list and was united with the other" in notes
    # arrested again after an exit: two spells
    again = {**spells, "entered": ["2024-08-01", "2024-08-30", *spells["entered"][2:]]}
    again["left"] = ["2024-08-15", *spells["left"][1:]]
    twice = persons_of(again, lists, list_of, person, np.ones(6, bool), definition=None)
    assert ((twice.person == 0) & (twice.on == 0)).sum() == 2


def test_rows_that_contradict_each_other_on_a_day_leave_both_days_open():
    spells = {
        "entered": ["2024-08-01", "2024-08-09"],
        "left": ["2024-10-03", "2024-10-01"],
        "listed_on": ["2024-12-01"] * 2,
        "status": [None] * 2,
        "left_known_on": [None] * 2,
    }
    none = np.zeros(2, int)
    people = persons_of(spells, ("a", "b"), none, none, np.ones(2, bool), definition=None)
    assert (int(people.entered_first[0]), int(people.entered_last[0])) == (19_936, 19_944)
    assert (int(people.left_first[0]), int(people.left_last[0])) == (19_997, 19_999)
