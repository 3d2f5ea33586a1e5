"""Populations of known size that ship, and the rule that makes them."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from detcount import CaptureTable, calibration, datasets
from detcount.datasets import KnownCase
from detcount.errors import InputError

TABLES = {
    "Kosovo": "kosovo",
    "UKdat": "ukdat",
    "UKdat_5": "ukdat_5",
    "Ned": "ned",
    "Ned_5": "ned_5",
    "Diabetes": "diabetes",
    "Congenital": "congenital",
}
COLOMBIA = "colombia_recruitment_2000_2004"

# persons on four lists, no two cells alike; list d names few of those on list a
FOUR = CaptureTable.from_counts(
    {
        "1000": 61, "0100": 83, "0010": 47, "0001": 29, "1100": 31, "1010": 23, "1001": 2, "0110": 19,
        "0101": 11, "0011": 13, "1110": 17, "1101": 1, "0111": 7, "1111": 1,
    },
    lists=["a", "b", "c", "d"],
)  # fmt: skip


def test_the_cases_that_ship():
    cases = datasets.known_truth()
    assert len(cases) == len({case.name for case in cases}) == 28
    assert len({case.dataset for case in cases}) == 8
    assert {case.group for case in cases} == {
        "Kosovo", "UKdat", "Ned", "Diabetes", "Congenital", "verdata",
    }  # fmt: skip
    assert all(case.truth == case.table.n_observed + case.n_unobserved for case in cases)
    assert all(case.n_unobserved > 0 for case in cases)
    assert datasets.known_truth() is cases


def test_tables_of_the_same_people_are_one_group():
    groups = {case.dataset: case.group for case in datasets.known_truth()}
    assert groups["UKdat_5"] == groups["UKdat"] == "UKdat"
    assert groups["Ned_5"] == groups["Ned"] == "Ned"


def test_every_record_of_the_file_is_read():
    file = resources.files("detcount.datasets") / "data" / "known_truth.json"
    for entry, case in zip(json.loads(file.read_text(encoding="utf-8")), datasets.known_truth(), strict=True):
        assert (entry["name"], entry["truth"]) == (case.name, case.truth)
        assert entry["n_observed"] == case.table.n_observed
        cells = {tuple(cell[:-1]): cell[-1] for cell in entry["cells"]}
        counts = case.table.counts.tolist()
        assert {tuple(row): n for row, n in zip(case.table.histories.tolist(), counts, strict=True)} == cells


@pytest.mark.parametrize("dataset", TABLES)
def test_the_rule_gives_the_cases_that_ship_and_no_others(dataset):
    derived = calibration.cases_from(datasets.load(TABLES[dataset]), dataset=dataset)
    shipped = [case for case in datasets.known_truth() if case.dataset == dataset]
    assert [(case.name, case.truth, case.table) for case in derived] == [
        (case.name, case.truth, case.table) for case in shipped
    ]


def test_the_rule_gives_the_colombian_cases_for_the_four_largest_lists():
    table = datasets.load(COLOMBIA)
    sizes = table.list_sizes
    largest = sorted(sizes, key=lambda name: -sizes[name])[:4]
    derived = calibration.cases_from(table, dataset="verdata:2000-2004", references=largest)
    shipped = {case.name: case for case in datasets.known_truth() if case.dataset == "verdata"}
    assert {case.name for case in derived} == set(shipped)
    for case in derived:
        assert (case.truth, case.table) == (shipped[case.name].truth, shipped[case.name].table)
        assert len(case.left_out) == table.n_lists - 6


@pytest.mark.parametrize("min_members", [103, 173])
def test_the_cases_do_not_tell_which_least_number_of_members_made_them(min_members):
    for dataset, name in TABLES.items():
        derived = calibration.cases_from(datasets.load(name), dataset=dataset, min_members=min_members)
        assert {case.name for case in derived} == {
            case.name for case in datasets.known_truth() if case.dataset == dataset
        }


def test_a_case_by_hand():
    first, *_ = calibration.cases_from(FOUR, dataset="four", group="some", min_members=100, min_on_list=4)
    assert (first.name, first.dataset, first.group, first.reference_list) == ("four|a", "four", "some", "a")
    assert first.truth == 61 + 31 + 23 + 2 + 17 + 1 + 1
    assert first.table == CaptureTable.from_counts(
        {"100": 31, "010": 23, "001": 2, "110": 17, "101": 1, "111": 1}, lists=["b", "c", "d"]
    )
    assert first.left_out == ()


def test_lists_that_name_few_are_left_out_and_said():
    cases = calibration.cases_from(FOUR, dataset="four", min_members=1, min_on_list=5)
    # list a shares 4 persons with list d, and two lists that remain are too few; the same from d to a
    assert [case.reference_list for case in cases] == ["b", "c"]
    five = CaptureTable(("e", *FOUR.lists), [[0, *row] for row in FOUR.histories.tolist()], FOUR.counts)
    (kept, *_) = calibration.cases_from(five, dataset="five", references=["b"], min_members=1)
    assert kept.left_out == ("e",)
    assert kept.table.lists == ("a", "c", "d")


def test_the_largest_lists_are_kept_the_most_first():
    (case,) = calibration.cases_from(FOUR, dataset="four", references=["c"], min_members=1, max_lists=3)
    assert case.table.lists == ("a", "b", "d")  # not cut, so in the order of the table
    cut = calibration.cases_from(datasets.load(COLOMBIA), dataset="x", references=["in_1"], max_lists=3)
    assert cut[0].table.lists == ("in_28", "in_6", "in_23")
    sizes = cut[0].table.list_sizes
    assert list(sizes.values()) == sorted(sizes.values(), reverse=True)


def test_three_lists_make_no_case():
    with pytest.raises(InputError, match="cases_from: expected at least 4 lists, got 3"):
        calibration.cases_from(FOUR.drop("d"), dataset="three")


def test_three_lists_make_cases_of_two_where_asked():
    three = FOUR.drop("d")
    (case, *_) = calibration.cases_from(
        three, dataset="three", min_lists=2, min_members=1, min_observed=1, min_on_list=1
    )
    assert case.reference_list == "a"
    assert case.table.lists == ("b", "c")
    assert case.truth == three.list_sizes["a"]
    assert case.table.overlap("b", "c") == three.overlap("a", "b", "c")
    # the default asks for three
    assert all(
        len(each.table.lists) == 3
        for each in calibration.cases_from(FOUR, dataset="four", min_members=1, min_observed=1, min_on_list=1)
    )


@pytest.mark.parametrize("least", [1, 2.5, 6])
def test_the_least_number_of_lists_is_from_two_to_the_most(least):
    with pytest.raises(InputError, match="min_lists: expected a whole number from 2 to 5, got"):
        calibration.cases_from(FOUR, dataset="four", min_lists=least)


def test_a_reference_is_a_list_of_the_table():
    with pytest.raises(InputError, match="references: no list 'z'; the lists are 'a', 'b', 'c', 'd'"):
        calibration.cases_from(FOUR, dataset="four", references=["z"])


def test_a_list_with_few_members_makes_no_case():
    sizes = FOUR.list_sizes
    cases = calibration.cases_from(FOUR, dataset="four", min_members=sizes["d"] + 1, min_on_list=1)
    assert [case.reference_list for case in cases] == ["a", "b", "c"]
    assert calibration.cases_from(FOUR, dataset="four", min_observed=10_000) == ()


@pytest.mark.parametrize(
    ("change", "error", "match"),
    [
        ({"name": " "}, InputError, "name: expected text, got ' '"),
        ({"group": None}, InputError, "group: expected text, got None"),
        ({"truth": 10}, InputError, "truth: expected at least the 345 persons listed, got 10"),
        ({"truth": 400.5}, InputError, "truth: expected a whole number of persons, 0 or more, got 400.5"),
        ({"table": [1]}, TypeError, "table: expected a CaptureTable, got list"),
    ],
)
def test_a_case_is_checked(change, error, match):
    fields = {"name": "n", "dataset": "d", "group": "g", "reference_list": "r", "truth": 400, "table": FOUR}
    assert KnownCase(**fields).n_unobserved == 55
    with pytest.raises(error, match=match):
        KnownCase(**{**fields, **change})
