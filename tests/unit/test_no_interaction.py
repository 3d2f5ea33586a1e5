"""No highest-order interaction, for all lists and for a pair."""

import warnings
from itertools import product
from math import sqrt

import numpy as np
import pytest

from detcount import CaptureTable
from detcount.abundance import NoHighestOrderInteraction, OddsRatioAdjusted, PairwiseNoInteraction
from detcount.errors import InputError, NotEstimableError

EXACT = 1e-12  # sums of logarithms against products of counts
GLM = 1e-6  # statsmodels stops its iterations at a change of the deviance of about this size

THREE = CaptureTable.from_counts(
    {"100": 90, "010": 70, "001": 50, "110": 30, "101": 20, "011": 10, "111": 6}, lists=["a", "b", "c"]
)


def filled(n_lists, seed):
    """A table with somebody in every history."""
    rng = np.random.default_rng(seed)
    cells = [cell for cell in product((0, 1), repeat=n_lists) if any(cell)]
    return CaptureTable(tuple("abcdefghijklmnop"[:n_lists]), np.array(cells), rng.integers(2, 90, len(cells)))


def test_three_lists_by_hand():
    fitted = NoHighestOrderInteraction().fit(THREE)
    unlisted = 6 * 90 * 70 * 50 / (30 * 20 * 10)
    inverse = 1 / 90 + 1 / 70 + 1 / 50 + 1 / 30 + 1 / 20 + 1 / 10 + 1 / 6
    assert fitted.n_unobserved == pytest.approx(unlisted, rel=EXACT)
    assert fitted.standard_error == pytest.approx(sqrt(unlisted + unlisted**2 * inverse), rel=EXACT)
    twice = NoHighestOrderInteraction(odds_ratio=2).fit(THREE)
    assert twice.n_unobserved == pytest.approx(2 * unlisted, rel=EXACT)


@pytest.mark.parametrize("n_lists", [2, 3, 4, 5])
def test_equals_the_log_linear_model_with_every_other_interaction(n_lists):
    """Poisson regression on every interaction but the highest, by statsmodels, and its standard error."""
    import statsmodels.api as sm

    table = filled(n_lists, seed=n_lists)
    columns = [np.ones(len(table.counts))]
    terms = [t for t in product((0, 1), repeat=n_lists) if 0 < sum(t) < n_lists]
    columns += [table.histories[:, np.array(t, dtype=bool)].all(axis=1) for t in terms]
    design = np.column_stack(columns).astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no residual degrees of freedom: statsmodels divides by zero
        model = sm.GLM(table.counts, design, family=sm.families.Poisson()).fit(tol=1e-14, maxiter=200)
    unlisted = np.exp(model.params[0])
    variance = unlisted + unlisted**2 * model.cov_params()[0, 0]
    fitted = NoHighestOrderInteraction().fit(table)
    assert fitted.n_unobserved == pytest.approx(unlisted, rel=GLM)
    assert fitted.standard_error == pytest.approx(sqrt(variance), rel=GLM)


def test_two_lists_are_the_odds_ratio_adjusted_ones():
    table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    for odds_ratio in (0.4, 1.0, 3.0):
        one = NoHighestOrderInteraction(odds_ratio).fit(table)
        pair = PairwiseNoInteraction(("families", "press"), odds_ratio).fit(table)
        other = OddsRatioAdjusted(odds_ratio).fit(table)
        for fitted in (one, pair):
            assert fitted.point == pytest.approx(other.point, rel=EXACT)
            assert fitted.standard_error == pytest.approx(other.standard_error, rel=EXACT)


def test_sixteen_lists():
    """Every history has one person: the odd ones are one more than the even ones, so n_0 is 1."""
    cells = np.array([[(code >> k) & 1 for k in range(16)] for code in range(1, 1 << 16)], dtype=np.uint8)
    table = CaptureTable(tuple(f"list {k}" for k in range(16)), cells, np.ones(len(cells), dtype=np.int64))
    assert NoHighestOrderInteraction().fit(table).n_unobserved == pytest.approx(1, rel=EXACT)
    seventeen = CaptureTable(
        tuple(f"list {k}" for k in range(17)), np.eye(17, dtype=np.uint8), np.ones(17, int)
    )
    with pytest.raises(NotEstimableError, match="takes at most 16 lists, got 17"):
        NoHighestOrderInteraction().fit(seventeen)


def test_an_empty_history_declines_by_name():
    one = CaptureTable.from_counts(
        {"100": 90, "010": 70, "001": 50, "110": 30, "011": 10, "111": 6}, lists=["press", "b", "court"]
    )
    with pytest.raises(
        NotEstimableError, match=r"nobody is on 'press' and 'court' and on no other list\. Use"
    ):
        NoHighestOrderInteraction().fit(one)
    two = CaptureTable.from_counts(
        {"100": 90, "001": 50, "110": 30, "011": 10, "111": 6}, lists=["press", "b", "court"]
    )
    with pytest.raises(NotEstimableError, match=r"nobody is on 'b' .* and 1 more of the 7 capture histories"):
        NoHighestOrderInteraction().fit(two)
    six = CaptureTable(tuple("abcdef"), np.eye(6, dtype=np.uint8), np.arange(1, 7))
    with pytest.raises(NotEstimableError, match="57 of the 63 capture histories have nobody"):
        NoHighestOrderInteraction().fit(six)


@pytest.mark.parametrize(("odd", "even"), [(2000, 1), (1, 2000)])
def test_products_that_no_population_has_decline(odd, even):
    cells = np.array([cell for cell in product((0, 1), repeat=4) if any(cell)], dtype=np.uint8)
    counts = np.where(cells.sum(axis=1) % 2 == 1, odd, even)
    with pytest.raises(NotEstimableError, match=r"puts the persons on no list at 10\^-?2\d"):
        NoHighestOrderInteraction().fit(CaptureTable(tuple("abcd"), cells, counts))


def test_pair_takes_away_those_known_from_other_lists():
    fitted = PairwiseNoInteraction(("a", "b"), odds_ratio=1.5).fit(THREE)
    both, first, second = 30 + 6, 90 + 20, 70 + 10
    on_neither = 1.5 * first * second / both
    assert fitted.point == pytest.approx(both + first + second + on_neither, rel=EXACT)
    assert fitted.n_unobserved == pytest.approx(on_neither - 50, rel=EXACT)
    spread = on_neither + on_neither**2 * (1 / both + 1 / first + 1 / second)
    assert fitted.standard_error == pytest.approx(sqrt(spread), rel=EXACT)


def test_pair_that_implies_too_few_declines():
    with pytest.raises(
        NotEstimableError, match="imply 49 persons on neither, and the other lists already name 50"
    ):
        PairwiseNoInteraction(("a", "b"), odds_ratio=0.2).fit(THREE)


@pytest.mark.parametrize(
    ("counts", "match"),
    [
        ({"100": 5, "010": 6, "001": 7}, "nobody is on both 'a' and 'b'"),
        ({"110": 5, "010": 6, "001": 7}, "nobody is on 'a' but not on 'b'"),
        ({"110": 5, "100": 6, "001": 7}, "nobody is on 'b' but not on 'a'"),
    ],
)
def test_pair_with_an_empty_cell_declines(counts, match):
    table = CaptureTable.from_counts(counts, lists=["a", "b", "c"])
    with pytest.raises(NotEstimableError, match=match):
        PairwiseNoInteraction(("a", "b")).fit(table)


def test_pair_of_lists_that_are_not_there():
    with pytest.raises(InputError, match="no list 'z'"):
        PairwiseNoInteraction(("a", "z")).fit(THREE)
    with pytest.raises(InputError, match="'a' is named twice"):
        PairwiseNoInteraction(("a", "a"))
    with pytest.raises(InputError, match="names of two lists as text, got 3"):
        PairwiseNoInteraction(("a", "b", "c"))
    with pytest.raises(TypeError, match="names of two lists, got str"):
        PairwiseNoInteraction("ab")
    with pytest.raises(InputError, match="odds_ratio: expected a finite number above 0"):
        PairwiseNoInteraction(("a", "b"), odds_ratio=0)
