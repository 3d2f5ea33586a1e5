"""The daily process against truths drawn from its own priors: totals, parts, delay and ratio."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detcount import PublishedReleases, releases
from detcount._numerics.delay import discrete_cdf
from detcount._numerics.process import delay_cdf
from detcount._numerics.process.campaign import OPENED
from detcount._numerics.process.waves import SHAPE, kinds_of
from detcount.releases.process import lots

pytestmark = pytest.mark.slow

SEED = 20260124
N_CAMPAIGNS = 60
ANNOUNCED = 60  # persons, on the first day, without an end
LAST, LATER = 14, 18  # days: of the last counts, and of the forecast
LEVELS = (0.8, 0.95)
# three standard errors of a share of N_CAMPAIGNS, and the discreteness of counts, which only adds
ERRORS = 3.0
# randomised ranks of truths among draws are uniform: their mean is 1/2, with standard error sqrt(1/12 n)
RANK_ERRORS = 3.0

DAY_ZERO = np.datetime64("2026-01-08")


def negative_binomial(mean: Any, spread: float, random: np.random.Generator) -> NDArray[np.int64]:
    """Counts of mean and variance mean (1 + spread), the textbook way."""
    mean = np.maximum(np.asarray(mean), 1e-9)
    return random.negative_binomial(mean / spread, 1 / (1 + spread))


def log_normal(pair: tuple[float, float], random: np.random.Generator) -> float:
    """A draw of a prior that is given as median and standard deviation of the log."""
    return float(pair[0] * np.exp(pair[1] * random.standard_normal()))


def released(spec: Any, n_days: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Mean releases of each day: waves while a campaign lasts, and a background."""
    decay, median = log_normal(spec.wave_decay, random), log_normal(spec.wave_size, random)
    nu = log_normal(spec.wave_rate, random)
    eta, again = (1 / log_normal(pair, random) for pair in (spec.campaign_days, spec.lull_days))
    shape, average = spec.background
    rate = np.full(n_days, random.gamma(shape, average / shape))
    offsets, log_weights = kinds_of(spec.wave_spread)
    lasts = False
    for day in range(n_days):
        begins = 0
        if not lasts:
            opened = day == 0 and random.random() < OPENED
            if opened or random.random() < -np.expm1(-again):
                lasts, begins = True, 1
        elif random.random() < np.exp(-eta):
            begins = int(random.random() < -np.expm1(-nu))
        else:
            # a day in which it ends: a wave came if its time was before that of the end
            total = eta + nu
            quiet = eta / total * -np.expm1(-total)
            begins, lasts = int(random.random() > quiet / -np.expm1(-eta)), False
        if begins:
            middle = median * np.exp(offsets[random.choice(len(offsets), p=np.exp(log_weights))])
            size = random.gamma(SHAPE, middle / SHAPE)
            since = np.arange(n_days - day)
            rate[day:] += size * (np.exp(-since / decay) - np.exp(-(since + 1) / decay))
    return rate


def invent(random: np.random.Generator) -> tuple[dict[str, list[Any]], dict[str, float]]:
    """Draw a campaign from the priors that `ReleaseProcess()` states."""
    spec = releases.ReleaseProcess()
    median, shape = log_normal(spec.median_delay, random), log_normal(spec.delay_shape, random)
    slow = random.beta(*spec.slow_share)
    spread = log_normal(spec.clusters, random)
    n_days = LATER + 1
    rate = released(spec, n_days, random)
    share = random.beta(*spec.announced_share)
    ways = lots._PROSPECTIVE
    late, days, _ = ways[random.choice(len(ways), p=[way[-1] for way in ways])]
    lag = np.maximum(np.arange(n_days + 1) - late, 0)
    rate += ANNOUNCED * share * np.diff(-np.expm1(-lag / days))
    precision = 1 / np.expm1(spec.monitor_ratio**2)
    ratios = random.gamma(precision, 1 / precision, 2)
    published: dict[str, list[Any]] = {
        name: [] for name in ("published", "source", "role", "start", "end", "count")
    }

    def add(source: str, role: str, end: int | None, count: int, on: int) -> None:
        row = (DAY_ZERO + on, source, role, DAY_ZERO, None if end is None else DAY_ZERO + end, count)
        for name, value in zip(published, row, strict=True):
            published[name].append(value)

    truth: dict[str, float] = {}
    scale = median / np.log(2) ** (1 / shape)
    every = np.arange(n_days)
    quick = discrete_cdf("weibull", (shape, scale), every)
    month = discrete_cdf("log-normal", (np.log(30.0), 1.0), every)
    reached = np.concatenate([[0.0], (1 - slow) * quick + slow * month, [1.0]])
    for j, name in enumerate(("one", "two")):
        # cells of release day by verification day; the last is "after the forecast"
        register = np.zeros((n_days, n_days + 1), dtype=np.int64)
        for d in every:
            on_time = np.diff(reached[: n_days - d + 1])
            register[d, d:n_days] = negative_binomial(ratios[j] * rate[d] * on_time, spread, random)
            rest = 1 - reached[n_days - d]
            register[d, n_days] = negative_binomial(ratios[j] * rate[d] * rest, spread, random)
        for on in (1, 2, 3, 5, 8, 11, LAST) if j == 0 else (2, 6, 10, LAST):
            add(name, "verified", on, int(register[: on + 1, : on + 1].sum()), on)
        if j == 0:
            truth["in the end"] = int(register[: LAST + 1].sum())
            truth["running total"] = int(register[: LATER + 1, : LATER + 1].sum())
    truth["ratio"] = float(ratios[1] / ratios[0])
    truth["same day"] = float(reached[1])
    truth["share"] = float(share)
    add("ministry", "announced", None, ANNOUNCED, 0)
    return published, truth


@cache
def results() -> dict[str, NDArray[np.float64]]:
    """For each quantity and campaign: randomised rank of the truth, and whether each interval holds it."""
    found: dict[str, list[list[float]]] = {}
    streams = np.random.SeedSequence(SEED).spawn(N_CAMPAIGNS)
    for number, stream in enumerate(streams):
        random = np.random.default_rng(stream)
        published, truth = invent(random)
        estimate = releases.ReleaseProcess(n_draws=640).fit(
            PublishedReleases.from_frame(published), seed=number
        )
        # without what may be withdrawn later, which these campaigns do not have
        first = int(DAY_ZERO.astype(int))
        which = [one.source for one in estimate.series].index("one")
        draws = {}
        for name, days, on in (("in the end", LAST, None), ("running total", LATER, first + LATER)):
            known, added = estimate._forecast.totals(which, first, first + days, on, random)
            draws[name] = known + added
        posterior = estimate.posterior
        draws["ratio"] = posterior.ratio[:, 1] / posterior.ratio[:, 0]
        draws["same day"] = delay_cdf("weibull", posterior.delay, posterior.slow, np.array([0.0]))[:, 0]
        draws["share"] = posterior.lots[:, 0] / ANNOUNCED
        for name, values in draws.items():
            true = truth[name]
            rank = (values < true).mean() + random.random() * (values == true).mean()
            row = [float(rank)]
            for level in LEVELS:
                low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2], method="inverted_cdf")
                row.append(float(low <= true <= high))
            found.setdefault(name, []).append(row)
    return {name: np.array(rows) for name, rows in found.items()}


QUANTITIES = ("in the end", "running total", "ratio", "same day", "share")


@pytest.mark.long
@pytest.mark.parametrize("name", QUANTITIES)
def test_truths_rank_evenly_among_draws(name: str) -> None:
    ranks = results()[name][:, 0]
    error = np.sqrt(1 / 12 / N_CAMPAIGNS)
    assert abs(ranks.mean() - 0.5) < RANK_ERRORS * error, ranks.mean()
    # neither too wide (ranks near the middle) nor too narrow (ranks at the ends): the variance of a uniform
    # is 1/12, and that of its estimate 1/180 over n
    assert abs(ranks.var() - 1 / 12) < RANK_ERRORS * np.sqrt(1 / 180 / N_CAMPAIGNS), ranks.var()


@pytest.mark.parametrize("name", QUANTITIES)
@pytest.mark.parametrize(("column", "level"), [(1, 0.8), (2, 0.95)])
def test_intervals_hold_truths_as_often_as_they_say(name: str, column: int, level: float) -> None:
    held = results()[name][:, column].mean()
    error = ERRORS * np.sqrt(level * (1 - level) / N_CAMPAIGNS)
    assert held > level - error, held
    if name in ("ratio", "same day", "share"):  # continuous: the intervals may not hold more either
        assert held < level + error, held
