"""Lists that are no witnesses of their own: which pairs are found, and which are not."""

import math

import numpy as np
import pytest
from scipy.stats import nchypergeom_fisher

import detcount as dc
from cases import tables
from detcount import datasets
from detcount._numerics import diagnostics as numerics
from detcount._numerics.diagnostics import split_by_pair, tails_of_shared
from detcount.assessment import assess
from detcount.calibration import training_cases
from detcount.copies import ListCopy, copied_lists

SAME_SUM = 1e-9  # two ways to add up the same terms
LARGE_SAMPLE = 0.02  # of the normal approximation with some 10^5 persons in each cell
CLAIMING = ("calibrated", "chapman", "selected", "independence")

CASES = tables("copies")["no_witnesses"]


def table(counts):
    names = "abcdef"[: len(next(iter(counts)))]
    return dc.CaptureTable.from_counts(counts, lists=list(names))


@pytest.mark.parametrize(("what", "counts", "found", "verdict"), CASES, ids=[case[0] for case in CASES])
def test_lists_that_are_no_witnesses_are_found(what, counts, found, verdict):
    found = tuple(ListCopy(kind, tuple(smaller), larger) for kind, smaller, larger in found)
    assert copied_lists(table(counts)) == found
    assessment = assess(table(counts), families=CLAIMING if len(next(iter(counts))) > 2 else None)
    told = tuple(copy for finding in assessment.findings for copy in finding.copies)
    assert set(told) == set(found)
    assert assessment.verdict in (verdict, "refuse", "floor only")


def test_a_pair_is_looked_at_from_ten_persons_and_nine_tenths():
    assert copied_lists(table({"11": 9, "10": 1, "01": 300})) == (ListCopy("inside", ("a",), "b"),)
    assert copied_lists(table({"11": 8, "10": 2, "01": 300})) == ()
    assert copied_lists(table({"11": 9, "01": 300})) == ()


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
    assert whole == [
        "peru_STATE_1985_89|CEDAP",
        "deaths_maryland|death_certificates",
        "deaths_maryland|ntof",
    ]


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
    monkeypatch.setattr(numerics, "_MOST_EXACT", 1)
    assert tails_of_shared(cells, 10.0) == pytest.approx(exact, abs=LARGE_SAMPLE)
    huge = tails_of_shared((10**14, 10**13, 10**13, 10**14), 10.0)
    assert huge[0] < SAME_SUM
    assert math.isfinite(sum(huge))


def test_the_cells_are_of_persons_on_other_lists():
    whole = table({"1000": 5, "0100": 6, "1100": 7, "1110": 8, "1001": 9, "0111": 10, "0010": 11, "0011": 12})
    assert split_by_pair(whole.histories, whole.counts, 0, 1) == (8, 9, 10, 23)


def _kinds(marks, one, other):
    marks = marks[marks.any(axis=1)].astype(int)
    names = [f"list {k}" for k in range(marks.shape[1])]
    whole = dc.CaptureTable.from_frame(dict(zip(names, marks.T, strict=True)), lists=names)
    pair = {names[one], names[other]}
    return {copy.kind for copy in copied_lists(whole) if {*copy.smaller, copy.larger} == pair}


def _with_copy(rng, n, shares, changed):
    """Lists made apart, and last a copy of the first with some names changed into persons of its own."""
    marks = rng.random((n, len(shares))) < shares
    copy = marks[:, 0].copy()
    spoiled = copy & (rng.random(n) < changed)
    copy[spoiled] = False
    extra = np.zeros((int(spoiled.sum()), len(shares) + 1), dtype=bool)
    extra[:, -1] = True
    return np.vstack([np.column_stack([marks, copy]), extra])


@pytest.mark.parametrize("changed", [0.0, 0.05])
def test_planted_copies_are_found(changed):
    rng = np.random.default_rng(20)
    found = [bool(_kinds(_with_copy(rng, 400, (0.3, 0.2), changed), 0, 2) & {"copy"}) for _ in range(40)]
    assert sum(found) >= 38


@pytest.mark.parametrize(("share", "n_lists"), [(0.3, 3), (0.7, 3), (0.85, 4), (0.95, 3), (0.95, 4)])
def test_lists_made_apart_are_never_called_copies(share, n_lists):
    rng = np.random.default_rng(21)
    for _ in range(40):
        assert _kinds(rng.random((1000, n_lists)) < share, 0, 1) == set()


def test_lists_that_depend_as_real_ones_do_are_no_copies():
    # an odds ratio of 7.5, within classes of persons that are easy or hard to find
    rng = np.random.default_rng(22)
    for _ in range(40):
        easy = rng.random(800) < 0.4
        marks = rng.random((800, 3)) < np.where(easy, 0.8, 0.15)[:, None]
        assert _kinds(marks, 0, 1) == set()
