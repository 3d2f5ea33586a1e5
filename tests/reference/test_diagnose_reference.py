"""Odds ratios against statsmodels and scipy, coverage against CARE1, residuals against a GLM."""

import math
from itertools import combinations

import numpy as np
import pytest
from scipy.stats.contingency import odds_ratio
from statsmodels.stats.contingency_tables import Table2x2

from cases import of_package
from detcount import abundance, datasets, diagnose
from detcount._numerics.diagnostics import conditional_odds_ratio, log_odds_ratio

pytestmark = pytest.mark.reference

CLOSED_FORM = 1e-12  # the same formula, evaluated by another library
ROOT = 1e-9  # scipy finds its limits with brentq at a relative tolerance near 1e-12, its point coarser
FITTED = 1e-6  # two iterations that both stop below 1e-8 of the deviance
PRINTED = 5e-4  # three decimals

TABLES = [(12, 5, 7, 30), (120, 300, 80, 999), (3, 8, 9, 2), (1, 1, 1, 1), (226, 376, 280, 1365)]
SPARSE = [(3, 0, 9, 21), (0, 4, 5, 6), (7, 2, 0, 3), (5, 6, 7, 0)]


@pytest.mark.parametrize("cells", TABLES)
@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_log_limits_are_those_of_statsmodels(cells, level):
    point, low, high = log_odds_ratio(cells, level)
    reference = Table2x2(np.array(cells).reshape(2, 2), shift_zeros=False)
    assert point == pytest.approx(reference.oddsratio, rel=CLOSED_FORM)
    assert (low, high) == pytest.approx(reference.oddsratio_confint(1 - level), rel=CLOSED_FORM)


@pytest.mark.parametrize("cells", SPARSE)
def test_empty_cells_are_shifted_as_haldane_and_anscombe_do(cells):
    """Statsmodels' own ``shift_zeros`` adds 0.5 to the empty cell alone, so it gets the shifted table."""
    point, low, high = log_odds_ratio(cells, 0.95)
    reference = Table2x2(np.array(cells).reshape(2, 2) + 0.5, shift_zeros=False)
    assert point == pytest.approx(reference.oddsratio, rel=CLOSED_FORM)
    assert (low, high) == pytest.approx(reference.oddsratio_confint(0.05), rel=CLOSED_FORM)


@pytest.mark.parametrize("cells", TABLES + SPARSE)
@pytest.mark.parametrize("level", [0.5, 0.95])
def test_exact_limits_are_those_of_scipy(cells, level):
    point, low, high = conditional_odds_ratio(cells, level)
    reference = odds_ratio(np.array(cells).reshape(2, 2), kind="conditional")
    limits = reference.confidence_interval(level)
    assert point == pytest.approx(reference.statistic, rel=ROOT)
    assert (low, high) == pytest.approx((limits.low, limits.high), rel=ROOT)


def test_gaza_by_hand():
    """Persons on the third list: 197 on both others, 1173 and 351 on one, 1469 on neither."""
    ratios = diagnose.pairwise_odds_ratios(datasets.load("gaza"))
    assert [(pair.both, pair.first_only, pair.second_only, pair.neither) for pair in ratios.pairs] == [
        (197, 1173, 351, 1469),
        (197, 1929, 351, 5104),
        (197, 1929, 1173, 19048),
    ]
    assert [pair.odds_ratio for pair in ratios.pairs] == pytest.approx(
        [197 * 1469 / (1173 * 351), 197 * 5104 / (1929 * 351), 197 * 19048 / (1929 * 1173)], rel=CLOSED_FORM
    )
    assert [pair.dependence for pair in ratios.pairs] == ["negative", "positive", "positive"]


def test_kosovo_by_hand():
    """EXH with ABA among the persons on OSCE or HRW, added up from the fifteen published counts."""
    pair = diagnose.pairwise_odds_ratios(datasets.load("kosovo")).pairs[0]
    both = 27 + 181 + 18
    first_only = 42 + 228 + 106
    second_only = 32 + 217 + 31
    neither = 123 + 936 + 306
    assert (pair.first, pair.second) == ("EXH", "ABA")
    assert (pair.both, pair.first_only, pair.second_only, pair.neither) == (
        both, first_only, second_only, neither,
    )  # fmt: skip
    spread = 1.959963984540054 * math.sqrt(1 / both + 1 / first_only + 1 / second_only + 1 / neither)
    ratio = both * neither / (first_only * second_only)
    assert (pair.odds_ratio, pair.low, pair.high) == pytest.approx(
        (ratio, ratio * math.exp(-spread), ratio * math.exp(spread)), rel=CLOSED_FORM
    )


def test_coverage_of_the_hepatitis_lists_is_the_one_that_care1_prints():
    coverage = diagnose.sample_coverage(datasets.load("hav"))
    assert coverage.chao_tsay == pytest.approx(0.513, abs=PRINTED)  # as CARE1 prints it
    assert coverage.n_observed == 271


@pytest.mark.parametrize("name", ["hav", "diabetes"])
def test_coverage_gives_the_estimate_of_care1(name):
    """CARE1's estimate under independence is (n - mean of the exclusives) / coverage."""
    rows = [row for row in of_package("care1") if row["dataset"] == name]
    printed = next(float(row["estimate"]) for row in rows if row["method"] == "estN Indep")
    table = datasets.load(name)
    exclusives = [entry.exclusive for entry in diagnose.list_summary(table).lists]
    coverage = diagnose.sample_coverage(table).chao_tsay
    assert (table.n_observed - np.mean(exclusives)) / coverage == pytest.approx(printed, rel=CLOSED_FORM)


@pytest.mark.parametrize("interactions", [(), ((1, 2), (1, 3)), ((1, 2, 3), (1, 4), (3, 4))])
def test_residuals_are_those_of_a_poisson_glm(interactions):
    import statsmodels.api as sm

    table = datasets.load("kosovo")
    frame = table.to_frame()
    columns = [np.ones(len(frame))] + [frame[name].to_numpy(float) for name in table.lists]
    terms = {
        tuple(sorted(pair))
        for group in interactions
        for size in range(2, len(group) + 1)
        for pair in combinations(group, size)
    }
    for term in sorted(terms):
        columns.append(np.prod([columns[position] for position in term], axis=0))
    model = sm.GLM(frame["count"].to_numpy(), np.column_stack(columns), family=sm.families.Poisson())
    reference = model.fit(tol=1e-12)
    found = diagnose.residuals(abundance.LogLinear(interactions=interactions).fit(table), table)
    cells = {cell.history: cell for cell in found.cells}
    histories = ["".join(map(str, row)) for row in table.histories.tolist()]
    for position, history in enumerate(histories):
        assert cells[history].fitted == pytest.approx(reference.fittedvalues[position], rel=FITTED)
        assert cells[history].pearson == pytest.approx(
            reference.resid_pearson[position], rel=FITTED, abs=FITTED
        )
        assert cells[history].deviance == pytest.approx(
            reference.resid_deviance[position], rel=FITTED, abs=FITTED
        )
    assert found.deviance == pytest.approx(reference.deviance, rel=FITTED)
    assert found.chi_squared == pytest.approx(reference.pearson_chi2, rel=FITTED)
