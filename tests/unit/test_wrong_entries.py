"""Entries that do not belong: what is taken away, and that the table says what planted ones do."""

import json
import re

import numpy as np
import pytest

import detcount as dc
from detcount import abundance
from detcount.assessment import assess
from detcount.wrong_entries import without_wrong_entries, wrong_entries

COUNTS = {"100": 300, "010": 220, "110": 60, "001": 90, "011": 25, "101": 31, "111": 9}
LISTS = ["press", "court", "ngo"]
TABLE = dc.CaptureTable.from_counts(COUNTS, lists=LISTS)
TWO = dc.CaptureTable.from_counts({"10": 400, "01": 600, "11": 200}, lists=["press", "families"])
QUICK = ("calibrated", "chapman", "selected", "independence")
SAME = 1e-12  # the same arithmetic
LIKE_REFIT = 0.02  # of the total: the calibrated number fitted anew, where its base does not jump
MONTE_CARLO = 0.006  # three standard errors of the mean of 200 simulated ratios


def test_only_persons_of_that_list_alone_are_taken_away():
    rest = without_wrong_entries(TABLE, "press", 0.05)
    assert rest.list_sizes == {**TABLE.list_sizes, "press": 400 - 20}
    assert rest.exclusives == {**TABLE.exclusives, "press": 300 - 20}
    assert all(rest.overlap(*pair) == TABLE.overlap(*pair) for pair in (["press", "court"], ["court", "ngo"]))


def test_no_more_are_taken_than_are_on_the_list_alone_and_no_fewer_than_one():
    table = dc.CaptureTable.from_counts({"10": 3, "01": 5, "11": 40}, lists=["a", "b"])
    assert without_wrong_entries(table, "a", 0.5).exclusives == {"a": 0, "b": 5}
    assert without_wrong_entries(table, "a", 0.001).exclusives == {"a": 2, "b": 5}
    assert without_wrong_entries(table, "a", 0.0) == table


def test_of_two_independent_lists_the_total_falls_by_the_share():
    rows = wrong_entries(abundance.LincolnPetersen().fit(TWO), TWO, share=0.1)
    assert [row.total_change for row in rows] == pytest.approx([-0.1, -0.1], abs=SAME)
    assert [row.n_observed for row in rows] == [1140, 1120]
    assert [row.floor_change for row in rows] == pytest.approx([-60 / 1200, -80 / 1200], abs=SAME)


def test_another_base_scales_the_unlisted():
    estimate, base = abundance.ChaoLowerBound().fit(TABLE), abundance.LogLinear()
    row = wrong_entries(estimate, TABLE, share=0.05, base=base)[1]
    rest = without_wrong_entries(TABLE, "court", 0.05)
    factor = base.fit(rest).n_unobserved / base.fit(TABLE).n_unobserved
    assert row.point == pytest.approx(rest.n_observed + factor * estimate.n_unobserved, rel=SAME)


@pytest.mark.parametrize("table", [TWO, TABLE], ids=["two", "three"])
def test_the_calibrated_number_moves_as_if_it_were_fitted_anew(table):
    estimate = dc.Calibrated().fit(table)
    base = abundance.Chapman() if table.n_lists == 2 else abundance.LogLinear()
    scaled = [row.total_change for row in wrong_entries(estimate, table, base=base)]
    anew = [row.total_change for row in wrong_entries(estimate, table)]
    assert scaled == pytest.approx(anew, abs=LIKE_REFIT)


@pytest.mark.parametrize("share", [0.05, 0.15])
@pytest.mark.parametrize("shares", [(0.3, 0.25), pytest.param((0.3, 0.25, 0.2), marks=pytest.mark.slow)])
def test_planted_wrong_entries_raise_the_total_by_what_the_table_says(share, shares):
    rng = np.random.default_rng(31)
    names = [f"list {k}" for k in range(len(shares))]
    estimator = abundance.LincolnPetersen() if len(shares) == 2 else abundance.LogLinear()
    truth, said = [], []
    for _ in range(200):
        marks = rng.random((1500, len(shares))) < shares
        n_wrong = round(marks[:, 0].sum() * share / (1 - share))
        wrong = np.zeros((n_wrong, len(shares)), dtype=bool)
        wrong[:, 0] = True
        clean, spoiled = (
            dc.CaptureTable.from_frame(
                dict(zip(names, each[each.any(axis=1)].T.astype(int), strict=True)), lists=names
            )
            for each in (marks, np.vstack([marks, wrong]))
        )
        estimate = estimator.fit(spoiled)
        truth.append(estimator.fit(clean).point / estimate.point - 1)
        said.append(wrong_entries(estimate, spoiled, share=share)[0].total_change)
    assert np.mean(said) == pytest.approx(np.mean(truth), abs=MONTE_CARLO)
    assert np.mean(truth) < -0.6 * share


def test_the_report_has_the_table_in_whole_per_cent_and_no_count():
    assessment = assess(TABLE, families=QUICK)
    for lang, heading in (("en", "## If some entries"), ("es", "## Si algunos registros")):
        text = assessment.to_markdown(lang=lang)
        section = text[text.index(heading) :].split("\n\n")[2]
        cells = [cell.strip() for line in section.splitlines()[2:] for cell in line.strip("|").split("|")[1:]]
        assert len(cells) == 6
        assert all(re.fullmatch(r"−\d{1,2}\s?%", cell) for cell in cells)
    recorded = json.loads(json.dumps(assessment.record()))["wrong_entries"]
    assert [row["name"] for row in recorded] == LISTS
    assert assessment.wrong_entries_base == "Log-linear, chosen by BIC"


@pytest.mark.parametrize("nothing", [None, 0, 0.0])
def test_the_table_can_be_left_out(nothing):
    assessment = assess(TWO, wrong_entries=nothing)
    assert assessment.wrong_entries == ()
    assert "If some entries" not in assessment.to_markdown()


def test_lists_that_share_nobody_have_no_such_table():
    assessment = assess(dc.CaptureTable.from_counts({"10": 40, "01": 30}, lists=["a", "b"]))
    assert assessment.wrong_entries == ()
