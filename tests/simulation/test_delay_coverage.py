"""Delays of verification and monitored releases on invented cases of known truth.

Coverage is asked for in two ways: averaged over the stated prior, where a posterior holds the truth as
often as it says, and at one truth of plausible size with the default priors. Bands are 3.5 Monte Carlo
standard errors either way, so too wide an interval fails as too narrow a one does.
"""

import math
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from detcount import abundance
from detcount._numerics import sampler
from detcount.errors import NotEstimableError
from detcount.releases import MonitoredCases, MonitoredReleases, VerificationDelay, delay, monitored

pytestmark = pytest.mark.slow

BAND = 3.5  # Monte Carlo standard errors: a right interval leaves the band once in 2,000 runs
P_VALUE = 1e-4  # of a right posterior whose ranks are uniform
LEVELS = (0.8, 0.95)
FIRST = np.datetime64("2026-01-01")
DRAWS = 1000


class Hits:
    """How often intervals hold the truth, and the rank of the truth among the draws."""

    def __init__(self):
        self.held = defaultdict(list)
        self.ranks = defaultdict(list)

    def add(self, name, count, truth, random):
        for level in LEVELS:
            interval = count.interval(level)
            self.held[name, level].append(interval.low <= truth <= interval.high)
        below, equal = (count.draws < truth).mean(), (count.draws == truth).mean()
        self.ranks[name].append(below + random.random() * equal)

    def check(self, names):
        for name in names:
            for level in LEVELS:
                held = self.held[name, level]
                error = math.sqrt(level * (1 - level) / len(held))
                # whole persons: an interval that ends on one holds a little more than it says
                assert level - BAND * error <= np.mean(held) <= level + BAND * error + 0.03, (name, level)

    def check_ranks(self, names):
        for name in names:
            assert stats.kstest(self.ranks[name], "uniform").pvalue > P_VALUE, name


def releases_by_day(random, days, mean, size):
    return np.repeat(np.arange(days), random.poisson(mean * random.gamma(size, 1 / size, days)))


def weibull_days(random, median, shape, n):
    return np.minimum(np.floor(median / math.log(2) ** (1 / shape) * random.weibull(shape, n)), 30_000)


def test_pending_over_the_prior_of_the_delay(monkeypatch):
    prior = sampler.Prior(np.log([7.0, 1.0]), np.array([1.0, 0.4]), np.empty(0), np.empty(0))
    monkeypatch.setattr(delay, "_PRIOR", prior)
    spec = VerificationDelay(n_draws=DRAWS)
    hits = Hits()
    for seed in range(150):
        random = np.random.default_rng((11, seed))
        shape, median = np.exp(0.4 * random.standard_normal()), 7 * np.exp(random.standard_normal())
        release = releases_by_day(random, 40, 5, 2.0)
        verified = release + weibull_days(random, median, shape, len(release)).astype(int)
        rows = {"release": FIRST + release, "m": FIRST + verified}
        cases = MonitoredCases.from_frame(rows, monitors=["m"], as_of=FIRST + 39)
        estimate = spec.fit(cases, seed=seed)
        hits.add("pending", estimate.pending, int((verified > 39).sum()), random)
        reached = 1 - 0.5 ** ((6 / median) ** shape)
        for level in LEVELS:
            low, _, high = estimate.share_verified_by(5, level)
            hits.held["share", level].append(low <= reached <= high)
    hits.check(["pending", "share"])
    hits.check_ranks(["pending"])


def campaign(random, *, days, mean, ever, median, shape, dependence=0.0):
    """Cases known on the last day, and the truth.

    Dependence is the standard deviation of a log odds of being found that all monitors share.
    """
    release = releases_by_day(random, days, mean, 3.0)
    n, n_monitors = len(release), len(ever)
    delay = np.stack(
        [weibull_days(random, m, k, n) for m, k in zip(median, shape, strict=True)], axis=1
    ).astype(int)
    logit = np.log(ever) - np.log1p(-np.array(ever)) + dependence * random.standard_normal(n)[:, None]
    found = random.random((n, n_monitors)) < 1 / (1 + np.exp(-logit))
    day = release[:, None] + delay
    known = found & (day < days)
    asked = release <= release[known.any(axis=1)].max()  # of later days an estimate says nothing
    found, known, release, day = found[asked], known[asked], release[asked], day[asked]
    truth = {
        "carried out": len(release),
        "pending": int((found.any(axis=1) & ~known.any(axis=1)).sum()),
        "unverifiable": int((~found.any(axis=1)).sum()),
        **{f"m{j}": int((found[:, j] & ~known[:, j]).sum()) for j in range(n_monitors)},
    }
    seen = known.any(axis=1)
    verified = np.where(known, FIRST + day, np.datetime64("NaT"))[seen]
    names = tuple(f"m{j}" for j in range(n_monitors))
    last = (FIRST + days - 1).astype(object)
    return MonitoredCases(FIRST + release[seen], verified, names, last), truth


def add_parts(hits, estimate, truth, random):
    parts = {
        "carried out": estimate.carried_out,
        "pending": estimate.pending,
        "unverifiable": estimate.unverifiable,
        **estimate.pending_by_monitor,
    }
    for name, count in parts.items():
        hits.add(name, count, truth[name], random)


def test_two_monitors_over_the_priors(monkeypatch):
    priors = replace(monitored.PRIORS, verification=(6.0, 5.0), median=(5.0, 0.7), spread=(1.0, 0.3))
    monkeypatch.setattr(monitored, "PRIORS", priors)
    spec = MonitoredReleases(n_draws=DRAWS)
    hits = Hits()
    for seed in range(120):
        random = np.random.default_rng((14, seed))
        cases, truth = campaign(
            random,
            days=40,
            mean=6,
            ever=random.beta(6, 5, 2),
            median=5 * np.exp(0.7 * random.standard_normal(2)),
            shape=np.exp(0.3 * random.standard_normal(2)),
        )
        try:
            estimate = spec.fit(cases, seed=seed)
        except NotEstimableError:
            continue
        add_parts(hits, estimate, truth, random)
    assert len(hits.ranks["carried out"]) > 110
    names = ["carried out", "pending", "unverifiable", "m0", "m1"]
    hits.check(names)
    hits.check_ranks(names)


@pytest.mark.parametrize(("age", "nearer"), [(1, True), (3, True), (7, False), (20, False)])
def test_releases_that_have_ended_beside_chapman(age, nearer):
    """600 releases in 30 days, known some days after the last: nearer than Chapman while delays matter."""
    ours, plain, held = [], [], []
    for seed in range(40):
        random = np.random.default_rng((17, seed))
        release = random.integers(0, 30, 600)
        delay = np.stack([np.floor(scale * random.weibull(1.2, 600)) for scale in (8.0, 12.0)], axis=1)
        day = release[:, None] + delay.astype(int)
        known = (random.random((600, 2)) < (0.7, 0.6)) & (day <= 29 + age)
        seen, last = known.any(axis=1), (FIRST + 29 + age).astype(object)
        verified = np.where(known, FIRST + day, np.datetime64("NaT"))[seen]
        cases = MonitoredCases(FIRST + release[seen], verified, ("a", "b"), last)
        estimate = MonitoredReleases(n_draws=DRAWS).fit(cases, seed=seed)
        interval = estimate.interval(0.95)
        ours.append(estimate.point / 600 - 1)
        plain.append(abundance.Chapman().fit(cases.table()).point / 600 - 1)
        held.append(interval.low <= 600 <= interval.high)
    error, chapman = (np.sqrt(np.mean(np.square(one))) for one in (ours, plain))
    assert abs(np.mean(ours)) < 0.03
    assert error < (0.8 if nearer else 1.1) * chapman
    assert np.mean(held) > 0.95 - BAND * math.sqrt(0.95 * 0.05 / len(held))
