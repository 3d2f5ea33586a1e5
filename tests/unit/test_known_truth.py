"""Populations of known size that ship, and the rule that makes them."""

import csv
import json
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest

from detcount import CaptureTable, calibration, datasets
from detcount.datasets import KnownCase

FILE = Path(__file__).parents[1] / "reference" / "data" / "known_truth_28.json"
COLOMBIA = "colombia_recruitment_2000_2004"
CASES = datasets.known_truth()

# persons on four lists, no two cells alike; list d names few of those on list a
FOUR = CaptureTable.from_counts(
    {
        "1000": 61, "0100": 83, "0010": 47, "0001": 29, "1100": 31, "1010": 23, "1001": 2, "0110": 19,
        "0101": 11, "0011": 13, "1110": 17, "1101": 1, "0111": 7, "1111": 1,
    },
    lists=["a", "b", "c", "d"],
)  # fmt: skip


def test_the_cases_that_ship():
    more = [case for case in CASES if case.table.n_lists > 2]
    assert (len(CASES), len({case.name for case in CASES}), len(more)) == (106, 106, 84)
    assert Counter(case.group for case in more) == {
        "Kosovo": 4, "UKdat": 6, "Ned": 6, "Diabetes": 4, "Congenital": 4, "verdata": 4, "peru": 17,
        "oud_massachusetts": 31, "hiv_rome": 4, "pwid_brighton": 2, "deaths_maryland": 2,
    }  # fmt: skip
    assert Counter(case.group for case in CASES if case not in more) == {
        "census_rehearsal_1988": 2, "gaza": 3, "hiv_lorestan": 3, "homeless_budapest": 3,
        "homeless_st_petersburg": 3, "pwid_brussels": 2, "spina": 3, "sudan_deaths": 3,
    }  # fmt: skip
    assert all(case.truth == case.table.n_observed + case.n_unobserved for case in CASES)
    assert all(case.n_unobserved > 0 for case in CASES)
    assert datasets.known_truth() is CASES


def test_no_person_is_in_two_groups():
    """Tables of the same people are of one group, and every one that gives cases says who its people are."""
    labels = {"Kosovo": "kosovo", "UKdat": "ukdat", "UKdat_5": "ukdat_5", "Ned": "ned", "Ned_5": "ned_5",
              "Diabetes": "diabetes", "Congenital": "congenital", "verdata": COLOMBIA}  # fmt: skip
    for case in CASES:
        assert case.group == datasets.describe(labels.get(case.dataset, case.dataset)).people
    # whatever else of Peru a reader adds is of the same group, under any name
    (*own,) = calibration.cases_from(datasets.load("peru_killed"), dataset="mine")
    assert {case.group for case in own} == {"peru"}
    assert len(own) == 5
    merged = datasets.load("ukdat").merge(["LA", "GP"], into="LAGP")
    assert {case.group for case in calibration.cases_from(merged, dataset="mine")} == {"UKdat"}
    (other, *_) = calibration.cases_from(FOUR, dataset="four", min_members=1, min_on_list=1)
    assert other.group == "four"


@pytest.mark.reference
def test_the_first_28_are_those_that_the_packages_were_held_to():
    """A file made elsewhere has the cells of 28 cases; its Colombian names have years."""
    shipped = {case.name: case for case in CASES}
    entries = json.loads(FILE.read_text(encoding="utf-8"))
    assert len(entries) == 28
    for entry in entries:
        case = shipped[entry["name"].replace("verdata:2000-2004", "verdata")]
        assert (entry["truth"], entry["n_observed"]) == (case.truth, case.table.n_observed)
        assert tuple(entry["lists"]) == case.table.lists
        cells = {tuple(cell[:-1]): cell[-1] for cell in entry["cells"]}
        counts = case.table.counts.tolist()
        assert {tuple(row): n for row, n in zip(case.table.histories.tolist(), counts, strict=True)} == cells


def test_a_case_of_peru_by_the_rows_of_its_file():
    """Members of DP among victims of the state, 1980-84, read another way."""
    file = resources.files("detcount.datasets") / "data" / "peru_STATE_1980_84.csv"
    with file.open(encoding="utf-8") as stream:
        rows = [{key: int(value) for key, value in row.items()} for row in csv.DictReader(stream)]
    members = [row for row in rows if row["DP"]]
    case = next(case for case in CASES if case.name == "peru_STATE_1980_84|DP")
    assert case.truth == sum(row["count"] for row in members) == 1_078
    others = ("CVR", "COMISEDH", "CNDDHH")
    assert case.table.lists == others
    assert case.left_out == ("CEDAP", "CICR")
    assert case.table.n_observed == sum(row["count"] for row in members if any(row[each] for each in others))
    assert case.table.list_sizes["CVR"] == sum(row["count"] for row in members if row["CVR"])


def test_a_list_whose_printed_total_is_in_doubt_is_no_population():
    names = {case.name for case in CASES if case.dataset == "oud_massachusetts_2013"}
    assert len(names) == 6
    assert "oud_massachusetts_2013|BSAS" not in names


def test_lists_that_hardly_cover_are_marked():
    marked = {case.name: case.hardly_covering for case in CASES if case.hardly_covering}
    assert marked["peru_SHINING_PATH_1980_84|CVR"] == ("DP", "COMISEDH", "CNDDHH")
    assert {name for name in marked if name.startswith("peru_")} == {
        "peru_STATE_1990_2002|DP", "peru_SHINING_PATH_1980_84|CVR", "peru_SHINING_PATH_1985_89|CVR",
        "peru_SHINING_PATH_1990_2002|CVR", "peru_OTHER_1990_2002|CVR",
    }  # fmt: skip
    edge = CaptureTable.from_counts({"10": 2, "01": 1}, lists=["a", "b"])
    assert KnownCase("n", "d", "g", "r", 200, edge).hardly_covering == ("b",)


def test_a_case_by_hand():
    first, *_ = calibration.cases_from(FOUR, dataset="four", group="some", min_members=100, min_on_list=4)
    assert (first.name, first.dataset, first.group, first.reference_list) == ("four|a", "four", "some", "a")
    assert first.truth == 61 + 31 + 23 + 2 + 17 + 1 + 1
    assert first.table == CaptureTable.from_counts(
        {"100": 31, "010": 23, "001": 2, "110": 17, "101": 1, "111": 1}, lists=["b", "c", "d"]
    )
    assert first.left_out == ()


def test_the_largest_lists_are_kept_the_most_first():
    (case,) = calibration.cases_from(FOUR, dataset="four", references=["c"], min_members=1, max_lists=3)
    assert case.table.lists == ("a", "b", "d")  # not cut, so in the order of the table
    cut = calibration.cases_from(datasets.load(COLOMBIA), dataset="x", references=["in_1"], max_lists=3)
    assert cut[0].table.lists == ("in_28", "in_6", "in_23")
    sizes = cut[0].table.list_sizes
    assert list(sizes.values()) == sorted(sizes.values(), reverse=True)


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
