"""The daily process against truths drawn from its own priors: totals, parts, delay and ratio."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detcount import PublishedReleases, releases
from detcount._numerics.delay import discrete_cdf

pytestmark = pytest.mark.slow

SEED = 20260124
N_CAMPAIGNS = 100
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


def invent(random: np.random.Generator) -> tuple[dict[str, list[Any]], dict[str, float]]:
    """Draw a campaign from the priors that `ReleaseProcess()` states, with none of the code of the fit."""
    spec = releases.ReleaseProcess()

    def log_normal(pair: tuple[float, float]) -> float:
        return float(pair[0] * np.exp(pair[1] * random.standard_normal()))

    median, shape = log_normal(spec.median_delay), log_normal(spec.delay_shape)
    spread, day, campaign = (log_normal(p) for p in (spec.clusters, spec.day_scale, spec.campaign_scale))
    n_days = LATER + 1
    days = np.arange(n_days)
    slow = np.zeros(n_days)
    slow[0] = campaign * random.standard_normal()
    kept = np.exp(-1 / spec.memory)
    for t in days[1:]:
        slow[t] = kept * slow[t - 1] + campaign * np.sqrt(1 - kept**2) * random.standard_normal()
    jump = spec.jump * random.standard_normal() * np.exp(-days / spec.jump_memory)  # announced on day 0
    level = np.log(spec.releases_per_day[0]) + spec.releases_per_day[1] * random.standard_normal()
    rate = np.exp(level + slow + jump + day * random.standard_normal(n_days))
    ratios = np.exp(spec.monitor_ratio * random.standard_normal(2))
    published = {name: [] for name in ("published", "source", "role", "start", "end", "count")}

    def add(source: str, role: str, end: int, count: int, on: int) -> None:
        row = (DAY_ZERO + on, source, role, DAY_ZERO, DAY_ZERO + end, count)
        for name, value in zip(published, row, strict=True):
            published[name].append(value)

    truth: dict[str, float] = {}
    scale = median / np.log(2) ** (1 / shape)
    reached = np.concatenate([[0.0], discrete_cdf("weibull", (shape, scale), days), [1.0]])
    for j, name in enumerate(("one", "two")):
        # cells of release day by verification day; the last is "after the forecast"
        register = np.zeros((n_days, n_days + 1), dtype=np.int64)
        for d in days:
            late = np.diff(reached[: n_days - d + 1])
            register[d, d:n_days] = negative_binomial(ratios[j] * rate[d] * late, spread, random)
            rest = 1 - reached[n_days - d]
            register[d, n_days] = negative_binomial(ratios[j] * rate[d] * rest, spread, random)
        for on in (1, 2, 3, 5, 8, 11, LAST) if j == 0 else (2, 6, 10, LAST):
            add(name, "verified", on, int(register[: on + 1, : on + 1].sum()), on)
        if j == 0:
            truth["in the end"] = int(register[: LAST + 1].sum())
            truth["running total"] = int(register[: LATER + 1, : LATER + 1].sum())
            chance = random.beta(*spec.verification)
            mean = ratios[0] * rate[: LAST + 1].sum() * (1 - chance) / chance
            truth["carried out"] = truth["in the end"] + random.poisson(mean)
    truth["ratio"] = float(ratios[1] / ratios[0])
    truth["same day"] = float(reached[1])
    kappa = spec.announced_ratio[0] * np.exp(spec.announced_ratio[1] * random.standard_normal())
    error = np.exp(spec.announced_error * random.standard_t(4))
    add("ministry", "announced", LAST, round(float(kappa * rate.sum() * error)), LAST)
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
        start, last = DAY_ZERO, DAY_ZERO + LAST
        gap = estimate.gap(start, last, verified_by="one")
        later = estimate.nowcast("one", start=start, end=DAY_ZERO + LATER, on=DAY_ZERO + LATER)
        draws = {
            "in the end": gap.eventually_verified.draws,
            "carried out": gap.carried_out.draws,
            "running total": later.draws,
        }
        posterior = estimate.posterior
        names = [one.source for one in estimate.series]
        ratio = posterior.ratio[:, names.index("two")] - posterior.ratio[:, names.index("one")]
        draws["ratio"] = np.exp(ratio)
        draws["same day"] = discrete_cdf("weibull", posterior.delay, [0])[:, 0]
        for name, values in draws.items():
            true = truth[name]
            rank = (values < true).mean() + random.random() * (values == true).mean()
            row = [float(rank)]
            for level in LEVELS:
                low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2], method="inverted_cdf")
                row.append(float(low <= true <= high))
            found.setdefault(name, []).append(row)
    return {name: np.array(rows) for name, rows in found.items()}


QUANTITIES = ("in the end", "carried out", "running total", "ratio", "same day")


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
    if name in ("ratio", "same day"):  # continuous: the intervals may not hold more either
        assert held < level + error, held
