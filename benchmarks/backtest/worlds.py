"""Invented campaigns of months, in which the truth is known and little is as the forecasters assume."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from backtest.forecasters import Case, others
from backtest.scores import MAIN, Score, averages
from backtest.tables import table
from backtest.targets import Question, Target
from detcount import simulate

N_DAYS = 150
AGES, LOOKS = (20, 40, 70), (7, 30, 80)  # days on which a campaign is seen, and days ahead
MONITORS = (
    simulate.Monitor("committee", delay_parameters=(0.8, 3.0), report_chance=0.5, batches=False),
    simulate.Monitor(
        "families", verification=0.6, delay="log-normal", delay_parameters=(1.5, 1.0), report_every=7,
        batches=False,
    ),
)  # fmt: skip


def waves(seed: int, *, rate: float, ending: float) -> np.ndarray:
    """Mean of the releases of each day in waves that come at a rate until the campaign ends.

    The first begins on day 0. A wave has a median of 80 releases, give or take a factor of 2.2, and it fades
    in two days.
    """
    random = np.random.default_rng([seed, 0, 4])
    lasts = min(random.exponential(1 / ending), float(N_DAYS))
    others = np.sort(random.uniform(0, lasts, random.poisson(rate * lasts)))
    days = [0, *others.astype(np.int64).tolist()]
    sizes = 80.0 * np.exp(0.8 * random.standard_normal(len(days)))
    mean = np.zeros(N_DAYS)
    for day, size in zip(days, sizes, strict=True):
        mean[day:] += size * np.exp(-np.arange(N_DAYS - day) / 2.0) * -np.expm1(-0.5)
    return mean


@dataclass(frozen=True)
class World:
    """A kind of campaign: its name, what happens in it, and how one is invented by its seed."""

    name: str
    what: str
    options: Callable[[int], dict[str, Any]]


WORLDS = (
    World(
        "even",
        "half a person to four a day, to the end",
        lambda seed: {
            "daily": float(np.random.default_rng(seed).uniform(0.5, 4)),
            "dispersion": 1.5,
            "volatility": 0.05,
        },
    ),
    World(
        "waves",
        "a wave in eight days, and hardly an end",
        lambda seed: {"daily": 0.3, "further": waves(seed, rate=0.12, ending=0.005)},
    ),
    World(
        "drift",
        "a random walk of the level",
        lambda seed: {"daily": 1.5, "dispersion": 2.0, "volatility": 0.1},
    ),
    World(
        "ending",
        "a wave in five days until the campaign ends, after forty days on average",
        lambda seed: {"daily": 0.2, "further": waves(seed, rate=0.2, ending=0.025)},
    ),
)


def cases(world: World, n_campaigns: int) -> dict[int, list[Case]]:
    """What each monitor will have published so many days later, of so many campaigns."""
    found: dict[int, list[Case]] = {ahead: [] for ahead in LOOKS}
    for seed in range(n_campaigns):
        campaign = simulate.release_campaign(
            batches=(), n_days=N_DAYS, authority=simulate.Authority(inflation=(2.0, 8.0)),
            house_arrest_share=0.0, monitors=MONITORS, seed=seed, **world.options(seed),
        )  # fmt: skip
        truth = campaign.truth
        for age in AGES:
            day = np.datetime64(truth.first_day + dt.timedelta(age), "D")
            known = campaign.reports.as_of(day)
            for monitor in truth.monitors:
                own = [
                    i for i in range(len(known)) if (known.source[i], known.role[i]) == (monitor, "verified")
                ]
                if len(own) < 2:
                    continue
                start, latest = known.start[own].max(), int(known.count[own[-1]])
                for ahead in LOOKS:
                    later = day + np.timedelta64(ahead, "D")
                    if age + ahead >= N_DAYS:
                        continue
                    target = Target(
                        f"{world.name}, seed {seed}, {monitor}", Question(monitor, start, later, later), day,
                        latest, False, truth.register(monitor, start=start, end=later, on=later),
                        np.arange(len(known)), world.name,
                    )  # fmt: skip
                    found[ahead].append(Case(target, known, others()))
    return found


def worlds_table(scores: dict[tuple[str, str], list[Score]]) -> list[str]:
    """Main score and cover at 95% of each forecaster, by world and days ahead."""
    names = list(dict.fromkeys(score.forecaster for own in scores.values() for score in own))
    rows = []
    for (world, ahead), own in scores.items():
        figures = averages(own)
        cells = [f"{figures[name][MAIN]:.2f}, {figures[name]['cover 95%']:.2f}" for name in names]
        rows.append([world, ahead, str(len(own) // len(names)), *cells])
    return table(["world", "ahead", "forecasts", *(f"{name}: log IS 95%, cover 95%" for name in names)], rows)
