"""Invented campaigns, in which the truth is known and little is as the models assume."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backtest.forecasters import Case, growth, ladder, or_ladder, others, own
from backtest.scores import LEVELS, MAIN, Distribution, Score
from backtest.tables import table
from backtest.targets import Question, Target
from detcount import releases, simulate
from detcount.errors import NotEstimableError
from detcount.releases.forecasting.members import GrowthShape

N_DAYS, AS_OF, LATER = 32, 14, 21  # days of a campaign; the day it is seen on, and the day forecast
PLAIN = simulate.Monitor("committee", delay_parameters=(0.8, 3.0), report_chance=0.7, batches=False)
SLOW = simulate.Monitor(
    "families", verification=0.6, delay="log-normal", delay_parameters=(1.0, 0.8), report_every=2,
    batches=False,
)  # fmt: skip
CLEAN = simulate.Authority(inflation=(2.0, 8.0))


@dataclass(frozen=True)
class World:
    """A kind of campaign: its name, what is unlike the models, and one of its kind by seed."""

    name: str
    unlike: str
    invent: Callable[[int], simulate.Campaign]


def steady(seed: int) -> simulate.Campaign:
    """Releases that go on, two lots, and a monitor whose window moves."""
    moving = simulate.Monitor(
        "families", verification=0.6, delay="log-normal", delay_parameters=(1.0, 0.8),
        counts_house_arrest=True, report_every=2, batches=False, windows=((0, 0), (8, 5)),
    )  # fmt: skip
    return simulate.release_campaign(
        batches=(simulate.Batch(3, 90), simulate.Batch(13, 60, over_days=2)), daily=4.0, dispersion=1.5,
        volatility=0.1, n_days=N_DAYS, monitors=(PLAIN, moving), dependence=0.3, seed=seed,
    )  # fmt: skip


def ending(seed: int) -> simulate.Campaign:
    """Waves that come until the campaign ends."""
    return simulate.release_campaign(
        batches=(), daily=0.3, n_days=N_DAYS, waves=simulate.Waves(rate=0.2, ending=0.08), authority=CLEAN,
        house_arrest_share=0.0, monitors=(PLAIN, SLOW), seed=seed,
    )  # fmt: skip


def stopped(seed: int) -> simulate.Campaign:
    """One lot, half of it carried out in days, and then nothing."""
    lot = simulate.Batch(0, 400, kind="prospective", pace=(0.9, 3.0), inflation=(5.0, 5.0))
    return simulate.release_campaign(
        batches=(lot,), daily=0.0, n_days=N_DAYS, authority=CLEAN, house_arrest_share=0.0,
        monitors=(PLAIN, SLOW), seed=seed,
    )  # fmt: skip


def paused(seed: int) -> simulate.Campaign:
    """A wave, a pause of a week, and another wave in half of the campaigns, within the days forecast."""
    again = bool(np.random.default_rng([seed, 7]).integers(2))
    waves = (simulate.Wave(0, 120, 2.0), *((simulate.Wave(AS_OF + 3, 120, 2.0),) if again else ()))
    return simulate.release_campaign(
        batches=(), daily=0.5, n_days=N_DAYS, waves=waves, authority=CLEAN, house_arrest_share=0.0,
        monitors=(PLAIN, SLOW), seed=seed,
    )  # fmt: skip


def growing(seed: int) -> simulate.Campaign:
    """Ever more releases a day."""
    return simulate.release_campaign(
        batches=(), daily=1.0, dispersion=2.0, volatility=0.25, n_days=N_DAYS, authority=CLEAN,
        house_arrest_share=0.0, monitors=(PLAIN, SLOW), seed=seed,
    )  # fmt: skip


def slowly_verified(seed: int) -> simulate.Campaign:
    """Delays with a heavy tail, days on which a backlog is verified at once, and figures later lowered."""
    monitors = (
        simulate.Monitor("committee", delay_parameters=(0.8, 3.0), slow_share=0.35, batches=False,
                         batch_days=(9, 17), batch_share=0.7),
        simulate.Monitor("families", verification=0.6, slow_share=0.35, report_every=2, batches=False,
                         overcount_chance=0.3),
    )  # fmt: skip
    return simulate.release_campaign(
        batches=(), daily=0.5, n_days=N_DAYS, waves=simulate.Waves(rate=0.2, ending=0.05), authority=CLEAN,
        house_arrest_share=0.0, monitors=monitors, seed=seed,
    )  # fmt: skip


WORLDS = (
    World("steady", "releases go on; monitors depend on each other and differ in definition", steady),
    World("ending", "waves that end", ending),
    World("stopped", "half of a lot, then nothing", stopped),
    World("paused", "a pause, and in half of the campaigns a second wave", paused),
    World("growing", "a random walk of the level, without an end", growing),
    World(
        "slowly verified",
        "a slow third of verifications, backlogs cleared in a day, figures lowered",
        slowly_verified,
    ),
)


def cases(world: World, n_campaigns: int) -> list[Case]:
    """What each monitor will have published a week later, of so many campaigns."""
    found = []
    for seed in range(n_campaigns):
        campaign = world.invent(seed)
        truth = campaign.truth
        day, later = (np.datetime64(truth.first_day + dt.timedelta(n), "D") for n in (AS_OF, LATER))
        known = campaign.reports.as_of(day)
        for monitor in truth.monitors:
            own = [i for i in range(len(known)) if known.source[i] == monitor and known.role[i] == "verified"]
            if not own:
                continue
            start = known.start[own].max()
            latest = int(known.count[[i for i in own if known.start[i] == start][-1]])
            outcome = truth.register(monitor, start=start, end=later, on=later)
            target = Target(
                f"{world.name}, seed {seed}, {monitor}", Question(monitor, start, later, later), day, latest,
                False, outcome, np.arange(len(known)),
            )  # fmt: skip
            found.append(Case(target, known, others()))
    return found


_FITS: dict[str, releases.ProcessEstimate | None] = {}  # by what was known: monitors share a fit


def process(case: Case) -> NDArray[np.float64] | None:
    """The library's own answer."""
    question = case.target.question
    if case.known.digest not in _FITS:
        try:
            _FITS[case.known.digest] = releases.ReleaseProcess().fit(case.known)
        except NotEstimableError:
            _FITS[case.known.digest] = None
    fitted = _FITS[case.known.digest]
    if fitted is None:
        return None
    count = fitted.nowcast(question.source, start=question.start, end=question.end, on=question.on)
    return np.asarray(count.draws, dtype=np.float64)


FORECASTERS = {
    "chain-ladder": ladder,
    "own increments": or_ladder(own),
    "growth elsewhere": or_ladder(growth(GrowthShape())),
    "ReleaseProcess": process,
}


def cover_with_error(holds: Sequence[float], seeds: Sequence[str]) -> tuple[float, float]:
    """Mean cover and its standard error, campaigns being independent and forecasts within one not."""
    means = [
        np.mean([hold for hold, own in zip(holds, seeds, strict=True) if own == seed])
        for seed in dict.fromkeys(seeds)
    ]
    return float(np.mean(means)), float(np.std(means, ddof=1) / np.sqrt(len(means)))


def worlds_lines(n_campaigns: int, only: Sequence[str] = ()) -> list[str]:
    """The text on invented campaigns: a row for each world and forecaster."""
    rows = []
    for world in WORLDS:
        asked = cases(world, n_campaigns)
        for name, forecaster in FORECASTERS.items():
            if only and name not in only:
                continue
            scores = [
                Score(name, case.target, Distribution.of(given))
                for case in asked
                if (given := forecaster(case)) is not None
            ]
            seeds = [score.target.series.split(", ")[1] for score in scores]
            covers = [
                cover_with_error([score.figures[f"cover {level:.0%}"] for score in scores], seeds)
                for level in LEVELS
            ]
            rows.append(
                [world.name, name, str(len(scores)),
                 *(f"{cover:.2f} ± {error:.2f}" for cover, error in covers),
                 f"{np.mean([score.figures[MAIN] for score in scores]):.2f}",
                 f"{np.mean([score.figures['crps'] for score in scores]):.1f}"]
            )  # fmt: skip
    header = ["world", "forecaster", "n", *(f"cover {level:.0%}" for level in LEVELS), "log IS 95%", "CRPS"]
    return [
        "# Invented campaigns",
        "",
        f"Written by `benchmarks/releases_backtest.py --worlds {n_campaigns}`: {n_campaigns} campaigns of "
        f"each world, seen on day {AS_OF} through the running totals of two monitors; what each will have "
        f"published on day {LATER}. ± is a standard error over campaigns.",
        "",
        *(f"- {world.name}: {world.unlike}" for world in WORLDS),
        "",
        *table(header, rows),
        "",
    ]
