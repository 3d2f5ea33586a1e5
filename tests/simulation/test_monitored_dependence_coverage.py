"""Three monitors that depend on each other: cover over the stated prior, and where one copies another.

What is measured with more campaigns stands in docs/coverage.md.
"""

import math
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from scipy import stats

from detcount._numerics.delay import discrete_cdf, from_median
from detcount.releases import MonitoredCases, MonitoredReleases, monitored
from scripts import loaded

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::detcount.errors.DetcountWarning"),
]

BAND = 3.5  # Monte Carlo standard errors: a right interval leaves the band once in 2,000 runs
P_VALUE = 1e-4  # of a right posterior whose ranks are uniform
DRAWS = 500
NAMES = ("a", "b", "c")
FIRST = np.datetime64("2026-01-01")


PRIORS = {"verification": (5.0, 5.0), "median": (5.0, 0.5), "spread": (1.0, 0.3)}


def drawn_from_the_prior(spec, random, days=40, mean=8):
    """Cases from the model itself: shares, delays and odds ratios from the priors."""
    medians, spreads = (
        PRIORS[name][0] * np.exp(PRIORS[name][1] * random.standard_normal(3)) for name in ("median", "spread")
    )
    shares = random.beta(*PRIORS["verification"], 3)
    ratio = {pair: spec.dependence * random.standard_normal() for pair in combinations(range(3), 2)}
    ages = np.arange(days)[::-1]
    logs = np.log(np.stack([medians, spreads], axis=1))
    cdf = np.stack([discrete_cdf("weibull", from_median("weibull", own), np.arange(days)) for own in logs])
    histories = np.array(list(product((0, 1), repeat=3)))
    joint = sum((value * histories[:, i] * histories[:, j] for (i, j), value in ratio.items()), np.zeros(8))
    releases, verified = [], []
    for day, number in enumerate(random.poisson(mean * random.gamma(3.0, 1 / 3.0, days))):
        p = np.minimum(shares * cdf[:, ages[day]], 1 - 1e-12)
        weights = np.exp(histories @ (np.log(p) - np.log1p(-p)) + joint)
        found = histories[random.choice(8, number, p=weights / weights.sum())]
        for person in found:
            late = [
                int(np.searchsorted(cdf[j, : ages[day] + 1], random.random() * cdf[j, ages[day]]))
                if person[j]
                else -1
                for j in range(3)
            ]
            releases.append(day)
            verified.append(late)
    release, delay = np.array(releases), np.array(verified)
    seen = (delay >= 0).any(axis=1)
    when = np.where(delay >= 0, FIRST + release[:, None] + delay, np.datetime64("NaT"))[seen]
    last = (FIRST + days - 1).astype(object)
    released = int((release <= release[seen].max()).sum())  # of later days an estimate says nothing
    return MonitoredCases(FIRST + release[seen], when, NAMES, last), released


def test_cover_over_the_prior_of_dependence(monkeypatch):
    monkeypatch.setattr(monitored, "PRIORS", replace(monitored.PRIORS, **PRIORS))
    spec = MonitoredReleases(n_draws=DRAWS)
    ranks, held = [], []
    for seed in range(28):
        random = np.random.default_rng((21, seed))
        cases, released = drawn_from_the_prior(spec, random)
        estimate = spec.fit(cases, seed=seed)
        below, equal = (estimate.draws < released).mean(), (estimate.draws == released).mean()
        ranks.append(below + random.random() * equal)
        interval = estimate.interval(0.95)
        held.append(interval.low <= released <= interval.high)
    assert stats.kstest(ranks, "uniform").pvalue > P_VALUE
    for level in (0.5, 0.8):
        inside = np.mean(np.abs(np.array(ranks) - 0.5) < level / 2)
        assert abs(inside - level) < BAND * math.sqrt(level * (1 - level) / len(ranks)), level
    assert np.mean(held) > 0.95 - BAND * math.sqrt(0.95 * 0.05 / len(held))


def test_one_that_copies_half_of_another_is_allowed_for():
    spec, alone = MonitoredReleases(n_draws=DRAWS), MonitoredReleases(dependence=0, n_draws=DRAWS)
    worlds = loaded("benchmarks/monitored_coverage.py")
    errors, held, widths, naive = [], [], [], []
    for seed in range(18):
        cases, released = worlds.campaign(worlds.WORLDS["b copies half of a"], 100 + seed)
        estimate = spec.fit(cases, seed=seed)
        interval = estimate.interval(0.95)
        errors.append(estimate.point / released - 1)
        held.append(interval.low <= released <= interval.high)
        widths.append((interval.high - interval.low) / released)
        if seed < 5:
            naive.append(alone.fit(cases, seed=seed).interval(0.95).high < released)
    assert np.mean(held) >= 0.85
    assert abs(np.mean(errors)) < 0.05
    assert np.median(widths) < 0.3
    assert np.mean(naive) > 0.5  # what it would be without
