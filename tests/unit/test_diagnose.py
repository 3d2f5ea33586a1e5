"""Overlaps, odds ratios and residuals; lists that are no witnesses of their own, and those that are."""

import dataclasses
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import nchypergeom_fisher

import detcount as dc
from cases import tables
from detcount import CaptureTable, datasets, diagnose
from detcount._numerics import diagnostics as numerics
from detcount._numerics.diagnostics import split_by_pair, tails_of_shared
from detcount.assessment import assess
from detcount.calibration import training_cases
from detcount.copies import ListCopy, copied_lists
from stubs import Stub

ROUNDING = 1e-12  # closed forms, evaluated in another order


@pytest.fixture
def table():
    counts = {"100": 60, "010": 50, "110": 34, "001": 45, "101": 12, "011": 9, "111": 14}
    return CaptureTable.from_counts(counts, lists=["press", "court", "families"])


@dataclasses.dataclass(frozen=True)
class Expects:
    fitted: Any


def estimate_with(detail, table):
    return Stub(lambda data, seed: {"point": 500.0, "detail": detail}).fit(table)


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
        assert (press_court.both, press_court.neither) == (14, 45)
        assert (press_court.first_only, press_court.second_only) == (12, 9)
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
        assert repr(found) == "<Residuals of Stub(): deviance 8.316 over 3 histories>"

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


SAME_SUM = 1e-9  # two ways to add up the same terms
LARGE_SAMPLE = 0.02  # of the normal approximation with some 10^5 persons in each cell
CLAIMING = ("calibrated", "chapman", "selected", "independence")
CASES = tables("copies")["no_witnesses"]


def listed(counts):
    names = "abcdef"[: len(next(iter(counts)))]
    return dc.CaptureTable.from_counts(counts, lists=list(names))


@pytest.mark.parametrize(("what", "counts", "found", "verdict"), CASES, ids=[case[0] for case in CASES])
def test_lists_that_are_no_witnesses_are_found(what, counts, found, verdict):
    found = tuple(ListCopy(kind, tuple(smaller), larger) for kind, smaller, larger in found)
    assert copied_lists(listed(counts)) == found
    assessment = assess(listed(counts), families=CLAIMING if len(next(iter(counts))) > 2 else None)
    told = tuple(copy for finding in assessment.findings for copy in finding.copies)
    assert set(told) == set(found)
    assert assessment.verdict in (verdict, "refuse", "floor only")


def test_a_pair_is_looked_at_from_ten_persons_and_nine_tenths():
    assert copied_lists(listed({"11": 9, "10": 1, "01": 300})) == (ListCopy("inside", ("a",), "b"),)
    assert copied_lists(listed({"11": 8, "10": 2, "01": 300})) == ()
    assert copied_lists(listed({"11": 9, "01": 300})) == ()


def test_of_the_tables_that_ship_two_have_an_extract():
    # Korea: 66 of the 71 women on c are on b, but 6 of the 47 whom only other lists name.
    # Colombia: 115 of the 119 children of in_24 are on in_1, but three tenths of the others.
    found = {
        name: copied_lists(datasets.load(name))
        for name in datasets.names()
        if datasets.describe(name).kind == "captures"
    }
    assert {name: copies for name, copies in found.items() if copies} == {
        "colombia_recruitment_2000_2004": (ListCopy("extract", ("in_24",), "in_1"),),
        "korea": (ListCopy("extract", ("c",), "b"),),
    }


def test_pairs_of_known_size_that_are_nearly_nested_miss_a_hundredth_or_nearly_all():
    """What docs/choosing.md says of them."""
    training = training_cases()
    pairs = training.of_two_lists
    nested = [case for case in pairs.cases if copied_lists(case.table)]
    missed = np.array([case.n_unobserved / case.truth for case in nested])
    assert (len(nested), len(pairs.cases), len({case.group for case in nested})) == (45, 523, 5)
    assert (missed.min(), np.median(missed), missed.max()) == pytest.approx((0.006, 0.285, 0.988), abs=0.001)
    whole = [case.name for case in training.cases if case.table.n_lists > 2 and copied_lists(case.table)]
    deaths = ["deaths_maryland|death_certificates", "deaths_maryland|ntof"]
    assert whole == ["peru_STATE_1985_89|CEDAP", *deaths]


@pytest.mark.parametrize("cells", [(12, 0, 6, 41), (96, 8, 41, 68), (171, 9, 9, 0), (104, 3, 1997, 4749)])
@pytest.mark.parametrize("odds_ratio", [1.0, 10.0, 100.0])
def test_the_tails_are_those_of_fishers_distribution(cells, odds_ratio):
    both, first, second, _ = cells
    law = nchypergeom_fisher(sum(cells), both + second, both + first, odds_ratio)
    at_least, at_most = tails_of_shared(cells, odds_ratio)
    assert at_least == pytest.approx(law.sf(both - 1), rel=1e-6, abs=SAME_SUM)
    assert at_most == pytest.approx(law.cdf(both), rel=1e-6, abs=SAME_SUM)


def test_margins_that_leave_no_choice_say_nothing():
    assert tails_of_shared((199, 0, 0, 0), 10.0) == (1.0, 1.0)
    assert tails_of_shared((0, 0, 0, 0), 10.0) == (1.0, 1.0)


def test_millions_take_the_normal_approximation(monkeypatch):
    cells = (30_100, 9_900, 10_000, 33_000)
    exact = tails_of_shared(cells, 10.0)
    monkeypatch.setattr(numerics, "TUNING", replace(numerics.TUNING, most_exact=1))
    assert tails_of_shared(cells, 10.0) == pytest.approx(exact, abs=LARGE_SAMPLE)
    huge = tails_of_shared((10**14, 10**13, 10**13, 10**14), 10.0)
    assert huge[0] < SAME_SUM
    assert math.isfinite(sum(huge))


def test_the_cells_are_of_persons_on_other_lists():
    whole = listed(
        {"1000": 5, "0100": 6, "1100": 7, "1110": 8, "1001": 9, "0111": 10, "0010": 11, "0011": 12}
    )
    assert split_by_pair(whole.histories, whole.counts, 0, 1) == (8, 9, 10, 23)
