"""Populations of known size that ship, and estimators held to them: every figure by hand."""

import csv
import json
import math
from collections import Counter
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from detcount import CaptureTable, abundance, calibration, datasets
from detcount.calibration import Evaluation, TrainingCases
from detcount.calibration.scored import CaseResult
from detcount.datasets import KnownCase
from detcount.errors import InputError

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
    assert datasets.known_truth() is datasets.known_truth()


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


SCORED = cases(("a", "x", 0.3, 0.2), ("a", "x", 0.5, 0.4), ("b", "x", 1.7, 0.9), ("c", "y", 2.9, 0.97))


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
    assert SCORED.weighted_score() == pytest.approx(((0.3 + 0.5) / 2 + 1.7 + 2.9) / 3, rel=SAME)
    assert SCORED.weighted_score("groups") == pytest.approx(((0.3 + 0.5 + 1.7) / 3 + 2.9) / 2, rel=SAME)
    weighted = (0.3 + 0.5 / 2 + 1.7 / 3 + 2.9 / 4) / (1 + 1 / 2 + 1 / 3 + 1 / 4)
    assert SCORED.weighted_score("weights") == pytest.approx(weighted, rel=SAME)
    assert SCORED.cover() == pytest.approx(1 / 3, rel=SAME)
    assert SCORED.cover(by="groups") == pytest.approx((2 / 3) / 2, rel=SAME)
    miss = math.log(120 / 80), math.log(95 / 80) + 40 * math.log(100 / 95)
    assert SCORED.score(by="groups") == pytest.approx(((2 * miss[0] + miss[1]) / 3 + miss[1]) / 2, rel=SAME)
    assert {group: part.n_answered for group, part in SCORED.by_group().items()} == {"x": 3, "y": 1}
    with pytest.raises(
        InputError, match=r"by: expected one of \('tables', 'groups', 'weights'\), got 'cases'"
    ):
        SCORED.cover(by="cases")


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
    slope = SCORED.pit_slope()
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
