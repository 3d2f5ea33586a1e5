"""Overlaps, list sizes, odds ratios, coverage and residuals; small counts stay out of text."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from detcount import CaptureTable, diagnose
from detcount.estimates import AbundanceEstimate, LogNormalRule

ROUNDING = 1e-12  # closed forms, evaluated in another order


@pytest.fixture
def table():
    counts = {"100": 60, "010": 50, "110": 34, "001": 45, "101": 12, "011": 9, "111": 14}
    return CaptureTable.from_counts(counts, lists=["press", "court", "families"])


@dataclasses.dataclass(frozen=True)
class Expects:
    """A detail that holds expected persons."""

    fitted: Any


@dataclasses.dataclass(frozen=True)
class Stub:
    """An estimator in name."""

    assumes: Any = ()
    references: Any = ()


def estimate_with(detail, table):
    return AbundanceEstimate(
        point=500.0,
        n_observed=table.n_observed,
        estimator=Stub(),
        interval_rule=LogNormalRule(1.0, 1.0, table.n_observed),
        digest=table.digest,
        detail=detail,
    )


class TestListSummary:
    def test_by_hand(self, table):
        summary = diagnose.list_summary(table)
        press, court, families = summary.lists
        assert (press.size, press.exclusive, press.shared, press.shared_share) == (120, 60, 60, 0.5)
        assert (court.size, court.exclusive, court.shared) == (107, 50, 57)
        assert (families.size, families.exclusive, families.shared) == (80, 45, 35)
        assert summary.to_frame()["size"].tolist() == [120, 107, 80]
        assert repr(summary) == "<ListSummary: 3 lists, 224 persons>"


class TestPairwiseOddsRatios:
    def test_by_hand(self, table):
        ratios = diagnose.pairwise_odds_ratios(table)
        press_court, press_families, court_families = ratios.pairs
        assert (press_court.both, press_court.first_only, press_court.second_only, press_court.neither) == (
            14,
            12,
            9,
            45,
        )
        spread = 1.959963984540054 * math.sqrt(1 / 14 + 1 / 12 + 1 / 9 + 1 / 45)
        assert press_court.odds_ratio == pytest.approx(14 * 45 / (12 * 9), rel=ROUNDING)
        assert press_court.low == pytest.approx(14 * 45 / (12 * 9) / math.exp(spread), rel=ROUNDING)
        assert press_court.high == pytest.approx(14 * 45 / (12 * 9) * math.exp(spread), rel=ROUNDING)
        assert press_court.dependence == "positive"
        assert press_court.expected_both == pytest.approx(26 * 23 / 80, rel=ROUNDING)
        assert press_families.odds_ratio == pytest.approx(14 * 50 / (34 * 9), rel=ROUNDING)
        assert court_families.odds_ratio == pytest.approx(14 * 60 / (34 * 12), rel=ROUNDING)
        assert not press_court.corrected
        assert ratios.to_frame()["dependence"].tolist() == [pair.dependence for pair in ratios.pairs]
        assert "among the persons on some other list than the two" in str(ratios)
        assert repr(ratios) == "<PairwiseOddsRatios: 3 of 3 pairs of lists>"

    def test_four_lists_take_the_persons_on_either_of_the_others(self):
        counts = {"1100": 90, "1110": 5, "1101": 6, "1111": 7, "1010": 8, "0101": 9, "0001": 11, "0011": 12}
        table = CaptureTable.from_counts(counts, lists=["a", "b", "c", "d"])
        pair = diagnose.pairwise_odds_ratios(table).pairs[0]
        assert (pair.both, pair.first_only, pair.second_only, pair.neither) == (18, 8, 9, 23)

    def test_an_empty_cell_is_corrected_and_said_so(self, table):
        counts = {"100": 60, "010": 50, "110": 34, "001": 45, "101": 12, "011": 9}
        ratios = diagnose.pairwise_odds_ratios(CaptureTable.from_counts(counts, lists=list(table.lists)))
        pair = ratios.pairs[0]
        assert pair.corrected
        assert pair.odds_ratio == pytest.approx(0.5 * 45.5 / (12.5 * 9.5), rel=ROUNDING)
        assert pair.dependence == "not shown"
        assert "* a count is 0, so 0.5 was added to each of the four" in str(ratios)

    def test_pairs_without_an_answer_are_kept(self):
        counts = {"110": 8, "100": 6, "010": 5}
        ratios = diagnose.pairwise_odds_ratios(CaptureTable.from_counts(counts, lists=["a", "b", "c"]))
        assert ratios.pairs == ()
        assert ratios.declined["a", "b"].reason == "nobody is on another list than these two"
        assert ratios.declined["a", "c"].reason == "of the persons on another list nobody is on 'c'"
        assert "'b' and 'c': of the persons on another list nobody is on 'c'" in str(ratios)
        assert ratios.to_frame().empty
        same = CaptureTable.from_counts({"111": 8, "011": 6, "100": 5}, lists=["a", "b", "c"])
        declined = diagnose.pairwise_odds_ratios(same).declined
        assert declined["a", "b"].reason == "of the persons on another list everybody is on 'b'"


class TestSampleCoverage:
    def test_by_hand(self, table):
        coverage = diagnose.sample_coverage(table)
        assert coverage.good_turing == pytest.approx(1 - 155 / (155 + 2 * 55 + 3 * 14), rel=ROUNDING)
        assert coverage.chao_tsay == pytest.approx(1 - (60 / 120 + 50 / 107 + 45 / 80) / 3, rel=ROUNDING)
        assert (coverage.n_once, coverage.n_listings, coverage.n_observed) == (155, 307, 224)
        assert coverage.notes == (
            "coverage of at most 0.55: most of what an estimate adds rests on its model",
        )
        assert coverage.to_frame()["measure"].tolist() == ["Good-Turing", "Chao-Tsay"]
        assert repr(coverage) == "<SampleCoverageSummary: 0.495 Good-Turing, 0.490 Chao-Tsay>"

    def test_a_list_that_names_nobody_is_left_out_and_said_so(self):
        counts = {"100": 6, "110": 30, "010": 4}
        coverage = diagnose.sample_coverage(CaptureTable.from_counts(counts, lists=["a", "b", "c"]))
        assert coverage.chao_tsay == pytest.approx(1 - (6 / 36 + 4 / 34) / 2, rel=ROUNDING)
        assert coverage.notes == ("list 'c' names nobody and is left out",)


class TestResiduals:
    def test_by_hand(self):
        table = CaptureTable.from_counts({"10": 16, "01": 3, "11": 9}, lists=["press", "court"])
        fitted = np.array([25.0, 3.0, 4.0])  # by code: 1 is press alone, 2 court alone, 3 both
        found = diagnose.residuals(estimate_with(Expects(fitted), table), table)
        assert [cell.history for cell in found.cells] == ["11", "10", "01"]
        both, press, court = found.cells
        assert (both.on, press.on, court.on) == (("press", "court"), ("press",), ("court",))
        assert (both.observed, both.fitted, both.pearson) == (9, 4.0, 2.5)
        assert press.pearson == -1.8
        assert both.deviance == pytest.approx(math.sqrt(2 * (9 * math.log(9 / 4) - 5)), rel=ROUNDING)
        assert press.deviance == pytest.approx(-math.sqrt(2 * (16 * math.log(16 / 25) + 9)), rel=ROUNDING)
        assert both.freeman_tukey == pytest.approx(3 + math.sqrt(10) - math.sqrt(17), rel=ROUNDING)
        assert (court.pearson, court.deviance) == (0.0, 0.0)
        assert found.chi_squared == pytest.approx(2.5**2 + 1.8**2, rel=ROUNDING)
        assert found.deviance == pytest.approx(both.deviance**2 + press.deviance**2, rel=ROUNDING)
        assert (both.sparse, press.sparse) == (True, False)
        frame = found.to_frame()
        assert frame["observed"].tolist() == [9, 16, 3]
        text = str(found)
        assert text.splitlines()[3].split() == ["court", "3", "3.0", "+0.0", "+0.0", "+0.1", "sparse"]
        assert "read the Freeman-Tukey residual" in text
        assert (
            repr(found) == "<Residuals of Stub(assumes=(), references=()): deviance 8.316 over 3 histories>"
        )

    def test_a_history_that_the_model_excludes(self):
        table = CaptureTable.from_counts({"10": 16, "01": 3}, lists=["press", "court"])
        found = diagnose.residuals(estimate_with(Expects([16.0, 3.0, 0.0]), table), table)
        assert [cell.deviance for cell in found.cells] == [0.0, 0.0, 0.0]
        assert {cell.history: cell.pearson for cell in found.cells}["11"] == 0.0

    def test_a_history_that_should_not_be(self):
        table = CaptureTable.from_counts({"10": 16, "01": 3}, lists=["press", "court"])
        found = diagnose.residuals(estimate_with(Expects([16.0, 0.0, 3.0]), table), table)
        assert found.cells[0].history == "01"
        assert found.cells[0].pearson == found.cells[0].deviance == math.inf

    def test_expected_persons_may_begin_with_those_on_no_list(self):
        table = CaptureTable.from_counts({"10": 16, "01": 3, "11": 9}, lists=["press", "court"])
        short = diagnose.residuals(estimate_with(Expects([25.0, 3.0, 4.0]), table), table)
        long = diagnose.residuals(estimate_with(Expects([70.0, 25.0, 3.0, 4.0]), table), table)
        assert short.cells == long.cells
