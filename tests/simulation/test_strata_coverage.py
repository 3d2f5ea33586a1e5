"""How often totals over strata hold the truth, where strata err alike and where they do not."""

import dataclasses
import math
from dataclasses import replace

import numpy as np
import pytest

from detcount import Calibrated, CaptureTable, abundance, fit_strata
from detcount._numerics import calibration as numerics
from detcount._numerics import pooling as coupling
from detcount.calibration import training_cases
from detcount.calibration.result import CalibratedRule
from detcount.estimates import AbundanceEstimate
from detcount.strata import StrataResult
from scripts import loaded
from stubs import Stub

pytestmark = pytest.mark.slow

SIGMAS = 3.5  # of a share of runs: one false alarm in 2,000


def band(level, n_runs):
    return SIGMAS * math.sqrt(level * (1 - level) / n_runs)


def people(n_strata, n_persons, odds_ratio, random):
    """Strata of one size and two lists, whose odds ratio is the same in all of them."""
    first, second = 0.4, 0.35
    both = loaded("benchmarks/coverage.py").both(first, second, odds_ratio)
    cells = [first - both, second - both, both, 1 - first - second + both]
    counts = random.multinomial(n_persons, cells, size=n_strata)
    return {
        f"stratum {k:04d}": CaptureTable.from_counts(
            dict(zip(("10", "01", "11"), row[:3].tolist(), strict=True)), lists=["press", "families"]
        )
        for k, row in enumerate(counts)
    }


@pytest.fixture
def few_sums(monkeypatch):
    """Sums enough for a share of runs, at a tenth of the time."""
    sums = replace(coupling.TUNING, most_sums=4000, least_sums=4000)
    monkeypatch.setattr(coupling, "TUNING", sums)


@pytest.mark.parametrize("n_strata", [200, 1000])
def test_lists_that_depend_on_each_other_alike_everywhere(n_strata):
    """What no stratum's interval holds is not averaged away; Chapman shows how wide the two ends are."""
    tables = people(n_strata, 600, odds_ratio=1.7, random=np.random.default_rng(14))
    apart, together = fit_strata(abundance.Chapman(), tables).total().sums
    assert apart.interval.high < 0.93 * 600 * n_strata  # a per cent wide, and a tenth below the truth
    assert apart.interval.high / apart.interval.low < 1.05
    assert together.interval.high / together.interval.low > 1.2
    assert apart.interval.low < apart.point < apart.interval.high
    assert together.interval.low < together.point < together.interval.high


def test_what_errs_alike_everywhere_stays_in_a_calibrated_total():
    """The prior of one table of two lists has a mean far above its median, and sums go with means."""
    n_strata, n_persons = 150, 600
    tables = people(n_strata, n_persons, odds_ratio=1.7, random=np.random.default_rng(14))
    result = fit_strata(Calibrated(), tables)
    total, alone = result.total(), result.total(shared=0.0)
    truth = n_strata * n_persons
    assert total.interval.low < truth < total.interval.high < 5 * truth
    assert total.interval.low < total.point < total.interval.high
    assert alone.interval.low < alone.point < alone.interval.high < 3.5 * truth
    # what strata share widens the total, by much
    width = math.log(total.interval.high / total.interval.low)
    assert width > 1.5 * math.log(alone.interval.high / alone.interval.low)


@pytest.mark.parametrize(("n_strata", "n_persons"), [(1, 500), (5, 500), (200, 500), (200, 120)])
def test_strata_that_err_apart(n_strata, n_persons, few_sums):
    """Chapman with lists that are independent: many small errors cancel, and push the sum nowhere."""
    random = np.random.default_rng(n_strata + n_persons)
    n_runs, inside, held = 100, 0, 0
    for _ in range(n_runs):
        tables = people(n_strata, n_persons, 1.0, random)
        sums = fit_strata(abundance.Chapman(), tables).total(0.9).sums
        inside += sums[0].interval.low <= n_strata * n_persons <= sums[0].interval.high
        held += sums[-1].interval.low <= n_strata * n_persons <= sums[-1].interval.high
    assert inside / n_runs == pytest.approx(0.9, abs=band(0.9, n_runs) + 0.02)  # an approximation for few
    assert held / n_runs >= inside / n_runs


@dataclasses.dataclass(frozen=True)
class FittedSizes:
    """The detail of an estimate that has learned what strata share."""

    shared: float


def estimates_of(bases, mixture, chance, variances):
    """Estimates as `Calibrated` makes them, of strata whose bases say so many unlisted."""
    estimates = {}
    for k, (base, own) in enumerate(zip(bases.tolist(), chance.tolist(), strict=True)):
        rule = CalibratedRule(mixture.widened(own).shifted(math.log(base)), 100)
        estimates[f"s{k:02d}"] = AbundanceEstimate(
            point=100.0 + base,
            n_observed=100,
            estimator=Stub(),
            interval_rule=rule,
            digest="",
            detail=FittedSizes(variances[0] / (sum(variances) + own)),
        )
    return StrataResult(
        estimator=Stub(),
        strata=tuple(estimates),
        n_observed=dict.fromkeys(estimates, 100),
        estimates=estimates,
        declined={},
    )


def test_the_strata_of_a_new_source(few_sums):
    """Cases in groups teach what the strata of a new group share, and their sum is held as it says."""
    random = np.random.default_rng(1415)
    n_runs, n_groups, n_strata = 120, 6, 10
    groups = np.repeat(np.arange(n_groups), 5)
    held = dict.fromkeys([(None, 0.5), (None, 0.9), (0.0, 0.5), (1.0, 0.5)], 0)
    for _ in range(n_runs):
        mu = 0.5 * random.normal()
        tau, sigma = 0.5 * np.abs(random.normal(size=2))
        centres = mu + tau * random.normal(size=n_groups + 1)
        chance = random.uniform(0.002, 0.1, size=len(groups) + n_strata)
        labels = np.concatenate([groups, np.full(n_strata, n_groups)])
        errors = centres[labels] + np.sqrt(sigma**2 + chance) * random.normal(size=len(labels))
        seen = numerics.Discrepancies(errors[: len(groups)], groups, chance[: len(groups)])
        bases = np.exp(random.uniform(5, 7, size=n_strata))
        truth = 100 * n_strata + float((bases * np.exp(errors[len(groups) :])).sum())
        result = estimates_of(
            bases, numerics.hierarchical(seen)[0], chance[len(groups) :], numerics.variances(seen)
        )
        for shared, level in held:
            interval = result.total(level, shared=shared).interval
            held[shared, level] += interval.low <= truth <= interval.high
    for level in (0.5, 0.9):
        assert held[None, level] / n_runs == pytest.approx(level, abs=band(level, n_runs))
    assert held[0.0, 0.5] < held[None, 0.5] < held[1.0, 0.5]


@pytest.mark.long
def test_the_cases_of_a_source_left_out_as_its_strata():
    """Each group of training cases, predicted from the others, as strata: 6, 10 and 11 of 11 sums held."""
    held = np.zeros(3, dtype=int)
    training = training_cases().of_more_lists
    for group in training.groups:
        cases = [case for case in training.cases if case.group == group]
        result = fit_strata(
            Calibrated(training=training.without(group)), {case.name: case.table for case in cases}
        )
        truth = sum(case.truth for case in cases)
        sums = [result.total(level).interval for level in (0.5, 0.8, 0.95)]
        held += [interval.low <= truth <= interval.high for interval in sums]
    assert held.tolist() == [6, 10, 11]
