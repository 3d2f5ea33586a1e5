"""Closed forms against published and recomputed values, and counts against regressions by statsmodels."""

import math

import numpy as np
import pytest

from detcount import CaptureTable, RepeatedCounts, abundance, datasets, odds_ratio_curve

pytestmark = pytest.mark.reference

EXACT = 1e-12  # the same closed form, printed in full
DIGITS = 0.006  # printed to two decimals
TENTH = 0.06  # printed to one decimal
# Aleshin-Guendel et al. take a Dirichlet prior on the cells and a prior 1/N, and report a median: the
# prior adds at most one person to each of 15 cells, and the median lies below the mean
BAYESIAN = 0.04


def test_chapman_to_the_last_digit():
    table = CaptureTable.from_counts({"10": 400, "01": 200, "11": 600}, lists=["a", "b"])
    assert abundance.Chapman().fit(table).point == pytest.approx(1333.1114808652246, rel=EXACT)


def test_kosovo_without_the_highest_interaction():
    fitted = abundance.NoHighestOrderInteraction().fit(datasets.load("kosovo"))
    assert fitted.point == pytest.approx(16_941.88, abs=DIGITS)
    assert fitted.standard_error == pytest.approx(5_937.6, abs=TENTH)


def test_kosovo_from_one_pair():
    """Lincoln-Petersen of the pair: whom other lists name is one of the persons on neither."""
    table, pair = datasets.load("kosovo"), ("ABA", "HRW")
    fitted = abundance.PairwiseNoInteraction(pair).fit(table)
    assert fitted.point == pytest.approx(9_691.5, abs=TENTH)
    assert fitted.point == pytest.approx(abundance.LincolnPetersen().fit(table.keep(pair)).point, rel=EXACT)
    assert fitted.standard_error == pytest.approx(
        abundance.LincolnPetersen().fit(table.keep(pair)).standard_error, rel=EXACT
    )


@pytest.mark.parametrize(("xi", "median"), [(0.5, 16_859), (1.0, 9_482), (2.0, 5_796)])
def test_kosovo_odds_ratio_is_the_reciprocal_of_xi(xi, median):
    fitted = abundance.PairwiseNoInteraction(("ABA", "HRW"), odds_ratio=1 / xi).fit(datasets.load("kosovo"))
    assert fitted.point == pytest.approx(median, rel=BAYESIAN)


def test_irregular_migrants_in_four_dutch_cities():
    """Van der Heijden et al. (2003), model without covariates: 7,080 persons (6,363 to 7,797)."""
    counts = RepeatedCounts.from_frequencies({1: 1645, 2: 183, 3: 37, 4: 13, 5: 1, 6: 1})
    fitted = abundance.ZeroTruncatedPoisson().fit(counts)
    reach = 1.959963984540054 * fitted.standard_error
    printed = [round(value) for value in (fitted.point - reach, fitted.point, fitted.point + reach)]
    assert printed == [6363, 7080, 7797]


def test_curve_and_stated_odds_ratio_give_one_number():
    table = datasets.load("kosovo").keep(("ABA", "HRW"))
    curve = odds_ratio_curve(abundance.LincolnPetersen().fit(table), [0.5, 2])
    assert curve.points[1] == pytest.approx(abundance.OddsRatioAdjusted(2).fit(table).point, rel=EXACT)


# persons named 1 to 10 times; counts vary more than a Poisson's
FREQUENCIES = np.array([276, 152, 82, 40, 29, 12, 8, 3, 2, 1])
COUNTS = RepeatedCounts.from_frequencies(FREQUENCIES)
PERSONS = np.repeat(np.arange(1, 11), FREQUENCIES)
N = len(PERSONS)
NEWTON = 1e-6  # iterations on one parameter that end when the deviance stands still
QUASI_NEWTON = 1e-4  # two parameters, ended where the slope is below 1e-8 of the log likelihood a person
DIFFERENCED = 1e-3  # statsmodels takes this Hessian by differences


def horvitz_thompson_error(never, slope, variance):
    """Standard error of n/(1 - p0): n p0/(1 - p0)^2 for n, and the parameters through the slope of N."""
    return math.sqrt(N * never / (1 - never) ** 2 + float(np.dot(slope, np.dot(variance, slope))))


def test_truncated_poisson_by_statsmodels():
    from statsmodels.discrete.truncated_model import TruncatedLFPoisson

    result = TruncatedLFPoisson(PERSONS, np.ones((N, 1)), truncation=0).fit(method="newton", disp=0)
    rate = math.exp(result.params[0])
    never = math.exp(-rate)
    fitted = abundance.ZeroTruncatedPoisson().fit(COUNTS)
    assert fitted.point == pytest.approx(N / (1 - never), rel=NEWTON)
    slope = [N * never / (1 - never) ** 2 * rate]
    error = horvitz_thompson_error(never, slope, result.cov_params())
    assert fitted.standard_error == pytest.approx(error, rel=NEWTON)


def test_truncated_negative_binomial_by_statsmodels():
    from statsmodels.discrete.truncated_model import TruncatedLFNegativeBinomialP

    model = TruncatedLFNegativeBinomialP(PERSONS, np.ones((N, 1)), truncation=0)
    result = model.fit(start_params=[0.2, 0.8], method="bfgs", maxiter=500, gtol=1e-8, disp=0)

    def size(parameters):
        mean, dispersion = math.exp(parameters[0]), parameters[1]
        return N / (1 - (1 + dispersion * mean) ** (-1 / dispersion))

    fitted = abundance.ZeroTruncatedNegativeBinomial().fit(COUNTS)
    assert fitted.detail.mean == pytest.approx(math.exp(result.params[0]), rel=QUASI_NEWTON)
    assert fitted.detail.dispersion == pytest.approx(result.params[1], rel=QUASI_NEWTON)
    assert fitted.point == pytest.approx(size(result.params), rel=QUASI_NEWTON)
    steps = np.eye(2) * 1e-5
    slope = [(size(result.params + step) - size(result.params - step)) / 2e-5 for step in steps]
    error = horvitz_thompson_error(1 - N / size(result.params), slope, result.cov_params())
    assert fitted.standard_error == pytest.approx(error, rel=DIFFERENCED)
