"""No highest-order interaction, for all lists and for a pair."""

import warnings
from itertools import product
from math import sqrt

import numpy as np
import pytest

from detcount import CaptureTable
from detcount.abundance import NoHighestOrderInteraction, OddsRatioAdjusted, PairwiseNoInteraction

EXACT = 1e-12  # sums of logarithms against products of counts
GLM = 1e-6  # statsmodels stops its iterations at a change of the deviance of about this size

THREE = CaptureTable.from_counts(
    {"100": 90, "010": 70, "001": 50, "110": 30, "101": 20, "011": 10, "111": 6}, lists=["a", "b", "c"]
)


def filled(n_lists, seed):
    rng = np.random.default_rng(seed)
    cells = [cell for cell in product((0, 1), repeat=n_lists) if any(cell)]
    return CaptureTable(tuple("abcdefghijklmnop"[:n_lists]), np.array(cells), rng.integers(2, 90, len(cells)))


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


def test_pair_takes_away_those_known_from_other_lists():
    fitted = PairwiseNoInteraction(("a", "b"), odds_ratio=1.5).fit(THREE)
    both, first, second = 30 + 6, 90 + 20, 70 + 10
    on_neither = 1.5 * first * second / both
    assert fitted.point == pytest.approx(both + first + second + on_neither, rel=EXACT)
    assert fitted.n_unobserved == pytest.approx(on_neither - 50, rel=EXACT)
    spread = on_neither + on_neither**2 * (1 / both + 1 / first + 1 / second)
    assert fitted.standard_error == pytest.approx(sqrt(spread), rel=EXACT)
