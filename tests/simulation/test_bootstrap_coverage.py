"""How often bootstrap limits, and the total over strata, hold a population that is known.

Two hundred resamples leave a 2.5% quantile uncertain by a tenth of its tail, which costs no more than a
quarter of a percentage point of coverage.
"""

import math
from dataclasses import replace

import numpy as np
import pytest

from detcount import abundance, bootstrap_estimate, fit_strata
from detcount.estimates import BCaRule, PercentileRule
from detcount.verbs.resample.bootstrapping import draws_of
from detcount.verbs.resample.jackknifing import acceleration_of
from invented_tables import of_marks

pytestmark = pytest.mark.slow

SEED = 20261124
LEVEL = 0.95
N_RESAMPLES = 200
N_TABLES = 400
N_STRATIFIED = 200  # each is three tables
ERRORS = 3.5  # Monte Carlo standard errors: one such band in two thousand is left by chance
OF_DRAWS = abundance.PercentileBootstrap(100)
SMALL_SAMPLE = 0.01  # bootstrap limits of a few hundred persons miss their level by about that


def simulated(n_persons, shares, n_tables):
    rng = np.random.default_rng(SEED)
    for _ in range(n_tables):
        yield of_marks(rng.random((n_persons, len(shares))) < np.array(shares))


def interval_coverage(estimator, n_persons, shares, over, n_tables=N_TABLES):
    """Shares of tables whose limits lie above and below the truth, by kind of limit."""
    missed = {"BCa": np.zeros(2), "percentile": np.zeros(2)}
    for seed, table in enumerate(simulated(n_persons, shares, n_tables)):
        draws, _ = draws_of(estimator, table, n_resamples=N_RESAMPLES, seed=seed, over=over)
        acceleration = acceleration_of(estimator, table, seed=seed, n_jobs=1, over=over)
        for name, rule in (
            ("BCa", BCaRule(draws, estimator.fit(table).point, acceleration)),
            ("percentile", PercentileRule(draws)),
        ):
            low, high = rule.bounds(LEVEL)
            missed[name] += (low > n_persons, high < n_persons)
    return {name: counts / n_tables for name, counts in missed.items()}


def band(share, n_tables=N_TABLES):
    return ERRORS * math.sqrt(share * (1 - share) / n_tables) + SMALL_SAMPLE


DESIGNS = [
    pytest.param(abundance.Chapman(), 400, (0.7, 0.6), id="Chapman, most are listed"),
    pytest.param(abundance.Chapman(), 1500, (0.2, 0.1), id="Chapman, few are listed"),
    # with equal shares Chao's bound is the population itself
    pytest.param(abundance.ChaoLowerBound(), 400, (0.3, 0.3, 0.3), id="Chao, 3 lists"),
    pytest.param(abundance.ChaoLowerBound(), 900, (0.12, 0.12, 0.12, 0.12), id="Chao, 4 lists"),
]


@pytest.mark.parametrize(("estimator", "n_persons", "shares"), DESIGNS)
def test_limits_over_the_population_hold_it_as_often_as_they_say(estimator, n_persons, shares):
    for missed in interval_coverage(estimator, n_persons, shares, "population").values():
        assert 1 - missed.sum() == pytest.approx(LEVEL, abs=band(LEVEL))
        assert missed.max() < (1 - LEVEL) / 2 + band((1 - LEVEL) / 2)


def test_limits_over_the_listed_are_too_narrow_when_most_are_listed():
    """The number listed varies by itself, which is half of the variance here: 84% are expected, not 95%."""
    n_persons, (first, second) = 400, (0.7, 0.6)
    nobody = (1 - first) * (1 - second)
    variance = nobody / (first * second)  # of the Lincoln-Petersen estimate, a person
    of_listed = nobody / (1 - nobody)  # what the number listed adds to it
    reached = math.erf(1.959964 * math.sqrt(1 - of_listed / variance) / math.sqrt(2))
    assert reached == pytest.approx(0.84, abs=0.005)
    for missed in interval_coverage(abundance.Chapman(), n_persons, (first, second), "listed").values():
        assert 1 - missed.sum() == pytest.approx(reached, abs=band(reached))


def test_standard_errors_over_the_population_are_those_of_repeated_sampling():
    points, listed, population = [], [], []
    for seed, table in enumerate(simulated(400, (0.7, 0.6), 800)):
        points.append(abundance.Chapman().fit(table).point)
        for errors, over in ((listed, "listed"), (population, "population")):
            made = bootstrap_estimate(abundance.Chapman(), table, interval=OF_DRAWS, over=over, seed=seed)
            errors.append(made.standard_error)
    spread = np.std(points, ddof=1)
    error = ERRORS / math.sqrt(2 * len(points))  # of a standard deviation, relative
    assert np.mean(population) / spread == pytest.approx(1, abs=error + SMALL_SAMPLE)
    assert np.mean(listed) / spread < 0.85


def test_totals_over_strata_hold_the_whole_population():
    """Three strata that are listed unequally; as one table they would be estimated too low."""
    sizes, shares = (500, 300, 900), ((0.4, 0.3), (0.2, 0.5), (0.25, 0.15))
    strata = zip(
        *(simulated(size, share, N_STRATIFIED) for size, share in zip(sizes, shares, strict=True)),
        strict=True,
    )
    truth, missed, drawn_missed = sum(sizes), np.zeros(2), np.zeros(2)
    for seed, tables in enumerate(strata):
        result = fit_strata(abundance.Chapman(), dict(zip("abc", tables, strict=True)))
        interval = result.total(LEVEL, shared=0).interval
        missed += (interval.low > truth, interval.high < truth)
        assert interval.method == "sum of 3 strata, 0 of their errors shared"
        drawn = [
            draws_of(abundance.Chapman(), table, n_resamples=N_RESAMPLES, seed=seed, over="population")[0]
            for table in tables
        ]
        low, high = _total_of_draws(result, drawn)
        drawn_missed += (low > truth, high < truth)
    for counts in (missed, drawn_missed):
        assert 1 - counts.sum() / N_STRATIFIED == pytest.approx(LEVEL, abs=band(LEVEL, N_STRATIFIED))
        assert counts.max() / N_STRATIFIED < (1 - LEVEL) / 2 + band((1 - LEVEL) / 2, N_STRATIFIED)


def _total_of_draws(result, drawn):
    """Limits of the total when every stratum has draws."""
    estimates = {
        name: replace(estimate, draws=np.maximum(draws, estimate.n_observed))
        for (name, estimate), draws in zip(result.estimates.items(), drawn, strict=True)
    }
    interval = replace(result, estimates=estimates).total(LEVEL, shared=0).interval
    return interval.low, interval.high
