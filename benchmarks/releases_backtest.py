"""Backtest of what monitors will report later, on the shipped Venezuelan counts and on invented campaigns.

    OMP_NUM_THREADS=1 python benchmarks/releases_backtest.py    # writes results/releases_backtest.*
    OMP_NUM_THREADS=1 python benchmarks/releases_backtest.py --quick --out -

From each report of a monitor, with what was known then and nothing later, a forecaster gives the
distribution of what the same monitor will have published for the same window on a later day. The pairs are
found by the rules of `targets`, not by hand; none is left out for its score. The main score, chosen before
any was seen, is the 95% interval score on log(1 + count): lower is better, every target counts once.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import platform
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detcount import datasets, releases, simulate
from detcount.errors import NotEstimableError
from detcount.estimates import UncertainCount
from detcount.published import PublishedReleases

RESULTS = Path(__file__).parent / "results" / "releases_backtest.md"

LEVELS = (0.5, 0.8, 0.95)
NEAR = 7  # days ahead: every later figure within these is a target
CLOSED = 7  # days: a window that ended this long before the figure about it is closed
LOTS = ("event ", "round ")  # names of rows about one announced lot, whatever else happened in those days
N_DRAWS = 4000
FEWEST = 3  # intervals between reports; with fewer the chain-ladder falls back
RECENT = 7  # days of age; beyond the oldest age reached, growth is that of the last of them


# Targets


@dataclass(frozen=True)
class Question:
    """What will `source` publish on day `on` for the window from `start` to `end`?

    `lot` is the name of the announced lot where the count is about one, and None for a window of days.
    """

    source: str
    start: np.datetime64
    end: np.datetime64
    on: np.datetime64 | None
    lot: str | None = None


@dataclass(frozen=True)
class Target:
    """A report, a later one about the same, and what was known at the first."""

    series: str
    question: Question
    as_of: np.datetime64
    latest: int
    at_least: bool
    outcome: int
    known: NDArray[np.int64] = field(compare=False)  # rows

    @property
    def days_ahead(self) -> int:
        """Days from the report to the later one."""
        assert self.question.on is not None
        return int((self.question.on - self.as_of) // np.timedelta64(1, "D"))

    @property
    def window(self) -> tuple[object, ...]:
        """What the target is about, whichever report it is forecast from."""
        return (self.series, self.question.end, self.question.on)


def series_of(reports: PublishedReleases, row: int) -> tuple[str, str, str, str]:
    """What makes two rows looks at the same thing: source, measure, start, and the lot if there is one."""
    event = reports.event[row]
    lot = event if event.startswith(LOTS) else ""
    return (reports.source[row], reports.measure[row], str(reports.start[row]), lot)


def targets(reports: PublishedReleases, *, same_day: bool = False) -> list[Target]:
    """Pairs of reports by these rules.

    1. Both rows are verified counts (one by one), by one source, of one measure, with the same first day,
       which is stated.
    2. Both are about one announced lot (an event whose name begins with "event" or "round": the same
       name), or neither is (running totals, months, weeks, days: the first day alone tells them apart).
    3. The later row covers at least the window of the earlier. Where an end is not stated it is the day of
       publication.
    4. The later row is of a later day, the last figure that the source gave for the series on that day, and
       no "at least".
    5. It is the next report of the series, or at most 7 days ahead, or it is the last of the series and its
       window had been closed for 7 days or more when it was published.
    6. Known at the earlier row is everything published by the end of its day, less what the same source
       published later on that day.

    With `same_day` the pairs of one day are given instead, each row with the last of its day (rule 4
    otherwise): they are told apart by the order of rows alone, and models of whole days know nothing of it.
    """
    end = np.where(np.isnat(reports.end), reports.published, reports.end)
    members: dict[tuple[str, str, str, str], list[int]] = {}
    for row in range(len(reports)):
        if reports.role[row] == "verified" and not np.isnat(reports.start[row]):
            members.setdefault(series_of(reports, row), []).append(row)
    found = []
    for (source, _, start, lot), rows in members.items():
        last_of_day = {reports.published[row]: row for row in rows}
        for row in rows:
            as_of = reports.published[row]
            later_days = sorted(day for day in last_of_day if (day == as_of if same_day else day > as_of))
            for position, day in enumerate(later_days):
                then = last_of_day[day]
                closed = day - end[then] >= np.timedelta64(CLOSED, "D") and then == rows[-1]
                near = position == 0 or day - as_of <= np.timedelta64(NEAR, "D") or closed
                if then == row or reports.at_least[then] or end[then] < end[row] or not near:
                    continue
                later_that_day = np.array(
                    [
                        reports.published[k] == as_of and k > row and reports.source[k] == source
                        for k in range(len(reports))
                    ]
                )
                found.append(
                    Target(
                        series=f"{source}, {lot or 'from ' + start}",
                        question=Question(source, np.datetime64(start, "D"), end[then], day, lot or None),
                        as_of=as_of,
                        latest=int(reports.count[row]),
                        at_least=bool(reports.at_least[row]),
                        outcome=int(reports.count[then]),
                        known=np.flatnonzero((reports.published <= as_of) & ~later_that_day),
                    )
                )
    return found


# Forecasters


@dataclass(frozen=True)
class Distribution:
    """A discrete distribution of a count."""

    values: NDArray[np.float64]
    probabilities: NDArray[np.float64]

    @classmethod
    def of(cls, forecast: UncertainCount | ArrayLike) -> Distribution:
        """Make one of draws, or of an uncertain count."""
        if isinstance(forecast, UncertainCount):
            if forecast.values is None or forecast.probabilities is None:
                raise NotEstimableError("backtest", "only bounds are given", "ask for a distribution")
            return cls(forecast.values.astype(float), forecast.probabilities)
        values, times = np.unique(np.asarray(forecast, dtype=float), return_counts=True)
        return cls(values, times / times.sum())

    def interval(self, level: float) -> tuple[float, float]:
        """Equal-tailed limits: the smallest values whose cumulative probability reaches the levels."""
        cumulative = np.cumsum(self.probabilities)
        ends = [(1 - level) / 2, (1 + level) / 2]
        places = np.minimum(np.searchsorted(cumulative, np.array(ends) - 1e-12), len(cumulative) - 1)
        return float(self.values[places[0]]), float(self.values[places[1]])

    def crps(self, outcome: float, scale: Callable[[ArrayLike], NDArray[np.float64]]) -> float:
        """Continuous ranked probability score: the integral of (F(x) - 1{x >= outcome}) squared."""
        values, y = scale(self.values), float(scale(outcome))
        points = np.unique(np.append(values, y))
        below = np.append(0.0, np.cumsum(self.probabilities))
        height = below[np.searchsorted(values, points[:-1], side="right")] - (points[:-1] >= y)
        return float((height**2 * np.diff(points)).sum())


class Forecaster(Protocol):
    """Answers a question from what was known; raises NotEstimableError where it cannot."""

    name: str

    def forecast(self, known: PublishedReleases, question: Question) -> UncertainCount | ArrayLike: ...


class NoMoreVerified:
    """The latest figure is the last: all the probability on it."""

    name = "no more will be verified"

    def forecast(self, known: PublishedReleases, question: Question) -> ArrayLike:
        return [latest_figure(known, question)[1]]


class ChainLadder:
    """Development factors by age, with Mack's weights and variance, and a bootstrap.

    The development of a series is its growth from one report to the next. Growth of log(1 + total) over an
    interval is spread evenly over its days of age (days since the series' first report); the daily factor of
    an age is the mean over all intervals that cover it, by any monitor and in any series known by then, each
    weighted by the total it starts from. Ages that nobody has reached take the weighted mean of the intervals
    that end in the last 7 days of age reached. The variance is Mack's (1993): proportional to the total, so
    that of the log factor is inversely so, and to the days. Residuals are of an interval against factors
    estimated without it, times the root of its first total over its days. Draws redo the factors from
    intervals drawn with replacement, and add a residual drawn at random, scaled back to the total and the
    days ahead. With fewer than 3 intervals known the log factor is half-normal with standard deviation log 2,
    whatever the days ahead.
    """

    name = "chain-ladder"

    def forecast(self, known: PublishedReleases, question: Question) -> ArrayLike:
        rng = np.random.default_rng(0)
        intervals = development(known)
        age, latest = latest_figure(known, question)
        assert question.on is not None
        ahead = int((question.on - known.published[-1]) // np.timedelta64(1, "D"))
        if len(intervals) < FEWEST:
            growth = np.abs(rng.normal(0.0, np.log(2), N_DRAWS))
        elif ahead == 0:
            growth = np.zeros(1)
        else:
            starts, ends, logs, weights = (
                np.array(column, dtype=float) for column in zip(*intervals, strict=True)
            )
            n = len(logs)
            days = ends - starts
            residuals = np.array(
                [
                    (
                        logs[i]
                        - self.growth(
                            starts, ends, logs, np.where(np.arange(n) == i, 0, weights), starts[i], ends[i]
                        )
                    )
                    * np.sqrt(weights[i] / days[i])
                    for i in range(n)
                ]
            )
            resampled = rng.multinomial(n, np.full(n, 1 / n), size=N_DRAWS // 10)
            means = np.array(
                [self.growth(starts, ends, logs, times * weights, age, age + ahead) for times in resampled]
            )
            noise = np.sqrt(ahead / (1.0 + latest)) * rng.choice(residuals, N_DRAWS)
            growth = np.repeat(means, 10) + noise
        total = np.exp(np.minimum(np.log1p(latest) + growth, 20.0)) - 1
        return np.maximum(np.rint(total), 0)

    @staticmethod
    def growth(
        starts: NDArray[np.float64],
        ends: NDArray[np.float64],
        logs: NDArray[np.float64],
        weights: NDArray[np.float64],
        age: float,
        until: float,
    ) -> float:
        """Growth of log(1 + total) from one age to another."""
        daily = logs / (ends - starts)
        used = weights > 0
        oldest = ends[used].max()
        recent = used & (ends > oldest - RECENT)
        beyond = np.average(daily[recent], weights=weights[recent])
        total = 0.0
        for day in np.arange(age, until):
            covers = used & (starts <= day) & (day < ends)
            total += np.average(daily[covers], weights=weights[covers]) if covers.any() else beyond
        return float(total)


def development(known: PublishedReleases) -> list[tuple[int, int, float, float]]:
    """Intervals between reports of each series: ages at both, growth of log(1 + total), weight."""
    seen: dict[tuple[str, str, str, str], dict[np.datetime64, int]] = {}
    for row in range(len(known)):
        if known.role[row] == "verified" and not np.isnat(known.start[row]):
            seen.setdefault(series_of(known, row), {})[known.published[row]] = int(known.count[row])
    intervals = []
    for figures in seen.values():
        first = min(figures)
        for (day, count), (then, later) in pairwise(sorted(figures.items())):
            ages = [int((when - first) // np.timedelta64(1, "D")) for when in (day, then)]
            intervals.append((ages[0], ages[1], float(np.log1p(later) - np.log1p(count)), 1.0 + count))
    return intervals


def latest_figure(known: PublishedReleases, question: Question) -> tuple[int, int]:
    """Age of the series and its latest figure."""
    rows = [
        row
        for row in range(len(known))
        if known.role[row] == "verified"
        and known.source[row] == question.source
        and known.start[row] == question.start
        and (known.event[row] if known.event[row].startswith(LOTS) else None) == question.lot
    ]
    age = int((known.published[rows[-1]] - known.published[rows[0]]) // np.timedelta64(1, "D"))
    return age, int(known.count[rows[-1]])


@dataclass
class Process:
    """The continuing process, fitted to everything known."""

    name: str = "ReleaseProcess"
    seconds: list[float] = field(default_factory=list)
    _fits: dict[str, object] = field(default_factory=dict)

    def forecast(self, known: PublishedReleases, question: Question) -> UncertainCount:
        key = known.digest
        if key not in self._fits:
            started = time.process_time()
            try:
                self._fits[key] = releases.ReleaseProcess().fit(known)
            except NotEstimableError as error:
                self._fits[key] = error
            self.seconds.append(time.process_time() - started)
        fitted = self._fits[key]
        if isinstance(fitted, NotEstimableError):
            raise fitted
        return fitted.nowcast(question.source, start=question.start, end=question.end, on=question.on)


@dataclass
class Batches:
    """What the monitor will have verified in the end, of an announced batch.

    Answers for a lot, and for the last figure of a closed window, when the latest figure of the monitor is
    of an event that was announced as a batch.
    """

    name: str = "AnnouncedBatches"
    seconds: list[float] = field(default_factory=list)

    def forecast(self, known: PublishedReleases, question: Question) -> UncertainCount:
        if question.lot is None and question.on - question.end < np.timedelta64(CLOSED, "D"):
            raise NotEstimableError("backtest", "the window grows", "ReleaseProcess answers for it")
        row = max(
            row
            for row in range(len(known))
            if known.source[row] == question.source and known.start[row] == question.start
        )
        started = time.process_time()
        fitted = releases.AnnouncedBatches().fit(known)
        self.seconds.append(time.process_time() - started)
        for found, by_monitor in zip(fitted.batches, fitted.by_monitor, strict=True):
            if found.label == known.event[row] and question.source in by_monitor:
                return by_monitor[question.source]
        raise NotEstimableError(
            "backtest", "the event is no announced batch", "ReleaseProcess answers for it"
        )


def forecasters() -> list[Forecaster]:
    """Both baselines, and the library's model."""
    return [NoMoreVerified(), ChainLadder(), Process()]


# Scores


@dataclass(frozen=True)
class Score:
    """One forecast, scored."""

    forecaster: str
    target: Target
    distribution: Distribution | None
    declined: str = ""

    @cached_property
    def figures(self) -> dict[str, float]:
        """Cover, interval scores and CRPS, on counts and on log(1 + count)."""
        assert self.distribution is not None
        y = float(self.target.outcome)
        found: dict[str, float] = {}
        for level in LEVELS:
            low, high = self.distribution.interval(level)
            name = f"{level:.0%}"
            found[f"low {name}"], found[f"high {name}"] = low, high
            found[f"cover {name}"] = float(low <= y <= high)
            found[f"interval score {name}"] = interval_score(low, high, y, level)
            found[f"log interval score {name}"] = interval_score(*np.log1p([low, high, y]), level)
        found["crps"] = self.distribution.crps(y, np.asarray)
        found["log crps"] = self.distribution.crps(y, np.log1p)
        return found


def interval_score(low: float, high: float, outcome: float, level: float) -> float:
    """Width, plus 2/(1 - level) times the distance by which the outcome is missed."""
    missed = max(low - outcome, 0.0) + max(outcome - high, 0.0)
    return float(high - low + 2 / (1 - level) * missed)


def score_all(
    reports: PublishedReleases, wanted: Sequence[Target], used: Sequence[Forecaster]
) -> list[Score]:
    """Every forecaster on every target; declines are kept."""
    scores = []
    for target in wanted:
        known = reports.where(target.known)
        for forecaster in used:
            try:
                forecast = Distribution.of(forecaster.forecast(known, target.question))
            except NotEstimableError as error:
                scores.append(Score(forecaster.name, target, None, str(error)))
            else:
                scores.append(Score(forecaster.name, target, forecast))
    return scores


def answered_by_all(scores: Iterable[Score]) -> list[Score]:
    """The scores of the targets that no forecaster declined."""
    scores = list(scores)
    declined = {score.target for score in scores if score.distribution is None}
    return [score for score in scores if score.target not in declined]


def averages(scores: Iterable[Score]) -> dict[str, dict[str, float]]:
    """Mean figures of each forecaster, each target window counted once."""
    found: dict[str, dict[tuple[object, ...], list[dict[str, float]]]] = {}
    for score in scores:
        by_window = found.setdefault(score.forecaster, {})
        by_window.setdefault(score.target.window, []).append(score.figures)
    return {
        name: {
            figure: float(
                np.mean([np.mean([one[figure] for one in several]) for several in by_window.values()])
            )
            for figure in next(iter(by_window.values()))[0]
        }
        for name, by_window in found.items()
    }


CSV_NAMES = (
    "forecaster",
    "series",
    "as_of",
    "start",
    "end",
    "on",
    "latest",
    "at_least",
    "outcome",
    "declined",
)
MAIN = "log interval score 95%"
COLUMNS = {
    "cover 50%": "cover 50%",
    "cover 80%": "cover 80%",
    "cover 95%": "cover 95%",
    "log interval score 80%": "log IS 80%",
    MAIN: "log IS 95%",
    "log crps": "log CRPS",
    "interval score 80%": "IS 80%",
    "interval score 95%": "IS 95%",
    "crps": "CRPS",
}


def summary_table(scores: Sequence[Score]) -> list[str]:
    """Markdown rows of the averages."""
    lines = ["| forecaster | " + " | ".join(COLUMNS.values()) + " |", "|---" * (1 + len(COLUMNS)) + "|"]
    for name, figures in averages(scores).items():
        cells = [
            f"{figures[key]:.1f}" if "log" not in key and "cover" not in key else f"{figures[key]:.2f}"
            for key in COLUMNS
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def series_table(scores: Sequence[Score]) -> list[str]:
    """Markdown rows of the main score, series by series."""
    names = list(dict.fromkeys(score.forecaster for score in scores))
    lines = [
        "| series | targets | forecasts | "
        + " | ".join(f"{name}: log IS 95%, cover 95%" for name in names)
        + " |",
        "|---" * (3 + len(names)) + "|",
    ]
    for series in dict.fromkeys(score.target.series for score in scores):
        own = [score for score in scores if score.target.series == series]
        figures = averages(own)
        cells = [f"{figures[name][MAIN]:.2f}, {figures[name]['cover 95%']:.2f}" for name in names]
        n_windows = len({score.target.window for score in own})
        lines.append(f"| {series} | {n_windows} | {len(own) // len(names)} | " + " | ".join(cells) + " |")
    return lines


def ahead_table(scores: Sequence[Score]) -> list[str]:
    """Markdown rows of the main score by days ahead."""
    names = list(dict.fromkeys(score.forecaster for score in scores))
    lines = [
        "| days ahead | forecasts | " + " | ".join(f"{name}: log IS 95%, cover 95%" for name in names) + " |",
        "|---" * (2 + len(names)) + "|",
    ]
    for label, low, high in (
        ("0", 0, 0),
        ("1", 1, 1),
        ("2-3", 2, 3),
        ("4-7", 4, 7),
        ("8 and more", 8, 10_000),
    ):
        own = [score for score in scores if low <= score.target.days_ahead <= high]
        if own:
            figures = averages(own)
            cells = [f"{figures[name][MAIN]:.2f}, {figures[name]['cover 95%']:.2f}" for name in names]
            lines.append(f"| {label} | {len(own) // len(names)} | " + " | ".join(cells) + " |")
    return lines


def target_table(scores: Sequence[Score]) -> list[str]:
    """Markdown rows of every forecast: what was known, what came, and the 95% intervals."""
    names = list(dict.fromkeys(score.forecaster for score in scores))
    lines = [
        "| series | as of | latest | on | came | " + " | ".join(f"{name}, 95%" for name in names) + " |",
        "|---" * (5 + len(names)) + "|",
    ]
    by_target: dict[Target, list[Score]] = {}
    for score in scores:
        by_target.setdefault(score.target, []).append(score)
    for target, own in by_target.items():
        cells = []
        for score in own:
            if score.distribution is None:
                cells.append("no answer")
                continue
            low, high = score.distribution.interval(0.95)
            cells.append(f"{low:.0f} to {high:.0f}{'' if low <= target.outcome <= high else ' **missed**'}")
        latest = f"{target.latest}{'+' if target.at_least else ''}"
        lines.append(
            f"| {target.series} | {target.as_of} | {latest} | {target.question.on} | {target.outcome} | "
            + " | ".join(cells)
            + " |"
        )
    return lines


def write_csv(path: Path, scores: Iterable[Score]) -> None:
    """Every forecast with its figures."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        header: list[str] | None = None
        for score in scores:
            target = score.target
            figures = {} if score.distribution is None else score.figures
            if header is None:
                header = list(figures)
                writer.writerow([*CSV_NAMES, *header])
            writer.writerow(
                [
                    score.forecaster, target.series, target.as_of, target.question.start, target.question.end,
                    target.question.on, target.latest, target.at_least, target.outcome, score.declined,
                    *(f"{figures[name]:.6g}" if figures else "" for name in header),
                ]
            )  # fmt: skip


def quick(wanted: Sequence[Target]) -> list[Target]:
    """A part of the targets for a test: the last target of one report in four."""
    by_report: dict[tuple[str, np.datetime64, int], list[Target]] = {}
    for target in wanted:
        by_report.setdefault((target.series, target.as_of, target.latest), []).append(target)
    return [several[-1] for several in list(by_report.values())[::4]]


def shipped() -> PublishedReleases:
    """The Venezuelan counts that ship, up to the end of January 2026."""
    return datasets.load("venezuela_releases")


# Invented campaigns


N_CAMPAIGNS = 40  # of the continuing process
N_BATCHES = 200  # of one announced batch
N_DAYS, AS_OF, LATER = 32, 20, 27  # days of a campaign; the day it is seen on, and the day forecast


def process_campaign(seed: int) -> simulate.Campaign:
    """Continuing releases and two batches, seen through the running totals of two monitors."""
    return simulate.release_campaign(
        batches=(simulate.Batch(3, 90), simulate.Batch(13, 60, over_days=2)),
        daily=4.0,
        dispersion=1.5,
        volatility=0.1,
        n_days=N_DAYS,
        monitors=(
            simulate.Monitor("committee", delay_parameters=(0.8, 3.0), report_chance=0.7, batches=False),
            simulate.Monitor(
                "families", verification=0.6, delay="log-normal", delay_parameters=(1.0, 0.8),
                counts_house_arrest=True, report_every=2, batches=False, windows=((0, 0), (8, 5)),
            ),
        ),
        dependence=0.3,
        seed=seed,
    )  # fmt: skip


def prior_campaign(seed: int) -> simulate.Campaign:
    """Two monitors' running totals: level and spread of days, and delays, from `ReleaseProcess()`'s priors.

    The mean of a day is a random walk where the model has one that returns, its spread is gamma and not
    log-normal, and people are verified one by one, so that the campaigns are near the priors, not of them.
    """
    priors = releases.ReleaseProcess()
    rng = np.random.default_rng([seed, 98])

    def draw(pair: tuple[float, float]) -> float:
        return float(pair[0] * np.exp(pair[1] * rng.standard_normal()))

    level, spread, slow = draw(priors.releases_per_day), draw(priors.day_scale), draw(priors.campaign_scale)
    monitors = []
    for name, every in (("committee", 1), ("families", 2)):
        median, shape = draw(priors.median_delay), draw(priors.delay_shape)
        monitors.append(
            simulate.Monitor(
                name,
                verification=priors.verification,
                delay=priors.delay,
                delay_parameters=(shape, median / np.log(2) ** (1 / shape)),
                report_every=every,
                batches=False,
            )
        )
    return simulate.release_campaign(
        batches=(),
        daily=level * np.exp(spread**2 / 2),
        dispersion=1 / np.expm1(spread**2),
        volatility=slow * np.sqrt(2 / priors.memory) / 2,
        n_days=N_DAYS,
        house_arrest_share=0.0,
        authority=simulate.Authority(inflation=(2.0, 8.0)),
        monitors=tuple(monitors),
        seed=seed,
    )


def batch_campaign(seed: int) -> simulate.Campaign:
    """One batch whose every unknown is drawn from the priors that `AnnouncedBatches()` states."""
    priors = releases.AnnouncedBatches()
    rng = np.random.default_rng([seed, 99])
    monitors = []
    for name, every in (("committee", 2), ("families", 3)):
        median, shape = (
            middle * factor ** rng.standard_normal()
            for middle, factor in (priors.delay_median, priors.delay_shape)
        )
        monitors.append(
            simulate.Monitor(
                name,
                verification=priors.verification,
                delay_parameters=(shape, median / np.log(2) ** (1 / shape)),
                report_every=every,
                totals=False,
            )
        )
    carried_out, never = priors.carried_out
    return simulate.release_campaign(
        batches=(simulate.Batch(0, 120, inflation=(never, carried_out)),),
        daily=0.0,
        n_days=13,
        house_arrest_share=0.0,
        authority=simulate.Authority(report_every=0),
        monitors=tuple(monitors),
        seed=seed,
    )


def simulated_process(
    n_campaigns: int,
    used: Sequence[Forecaster],
    invent: Callable[[int], simulate.Campaign] = process_campaign,
) -> list[Score]:
    """Forecasts of running totals, seven days ahead and of the releases so far in the end."""
    scores = []
    for seed in range(n_campaigns):
        campaign = invent(seed)
        truth = campaign.truth
        day = [np.datetime64(truth.first_day + dt.timedelta(offset), "D") for offset in (AS_OF, LATER)]
        known = campaign.reports.as_of(day[0])
        for monitor in truth.monitors:
            start = max(known.select(source=monitor).start)
            for label, end, on in (
                ("in seven days", day[1], day[1]),
                ("of those released, in the end", day[0], None),
            ):
                outcome = truth.register(monitor, start=start, end=end, on=on)
                question = Question(monitor, start, end, on)
                target = Target(
                    f"{label}, seed {seed}, {monitor}", question, day[0], latest_figure(known, question)[1],
                    False, outcome, np.arange(len(known)),
                )  # fmt: skip
                for forecaster in used:
                    if on is None and isinstance(forecaster, ChainLadder):
                        continue
                    given = Distribution.of(forecaster.forecast(known, question))
                    scores.append(Score(f"{forecaster.name}, {label}", target, given))
    return scores


def simulated_batches(n_campaigns: int) -> list[Score]:
    """Every part of one announced batch, over the priors."""
    scores = []
    for seed in range(n_campaigns):
        campaign = batch_campaign(seed)
        what = campaign.truth.batches[0]
        committee = dict(what.eventually_verified)["committee"]
        try:
            found = releases.AnnouncedBatches(headline="committee").fit(campaign.reports).batches[0]
        except NotEstimableError as error:
            found = error
        outcomes = {
            "eventually verified": committee,
            "pending": None if isinstance(found, NotEstimableError) else committee - found.verified,
            "carried out": what.carried_out,
            "unverifiable": what.carried_out - committee,
            "unsubstantiated": what.unsubstantiated,
        }
        for part, outcome in outcomes.items():
            question = Question(
                "committee", np.datetime64(what.start), np.datetime64(what.end), None, "batch 1"
            )
            target = Target(
                f"seed {seed}", question, np.datetime64(what.start), 0, False, outcome or 0, np.arange(1)
            )
            given = None
            if not isinstance(found, NotEstimableError):
                count = getattr(found, part.replace(" ", "_"))
                given = Distribution.of(count)
            scores.append(Score(f"{part}", target, given, "" if given else str(found)))
    return scores


def cover_table(scores: Sequence[Score]) -> list[str]:
    """Markdown rows of cover with its Monte Carlo error, and of scores, by quantity."""
    lines = [
        "| quantity | n | cover 50% | cover 80% | cover 95% | log IS 95% | median width 95% |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in dict.fromkeys(score.forecaster for score in scores):
        own = [score.figures for score in scores if score.forecaster == name and score.distribution]
        clusters = [
            score.target.series.split(", ")
            for score in scores
            if score.forecaster == name and score.distribution
        ]
        seeds = [next(part for part in parts if part.startswith("seed")) for parts in clusters]
        cells = []
        for level in LEVELS:
            holds = [figures[f"cover {level:.0%}"] for figures in own]
            cover, error = cover_with_error(holds, seeds)
            cells.append(f"{cover:.2f} ± {error:.2f}")
        width = np.median([figures["high 95%"] - figures["low 95%"] for figures in own])
        lines.append(
            f"| {name} | {len(own)} | " + " | ".join(cells)
            + f" | {np.mean([figures[MAIN] for figures in own]):.2f} | {width:.0f} |"
        )  # fmt: skip
    return lines


def cover_with_error(holds: Sequence[float], seeds: Sequence[str]) -> tuple[float, float]:
    """Mean cover and its standard error, campaigns being independent and forecasts within one not."""
    means = [
        np.mean([hold for hold, own in zip(holds, seeds, strict=True) if own == seed])
        for seed in dict.fromkeys(seeds)
    ]
    return float(np.mean(means)), float(np.std(means, ddof=1) / np.sqrt(len(means)))


def simulated_report(n_process: int, n_batches: int) -> list[str]:
    """The text on invented campaigns."""
    batches = simulated_batches(n_batches)
    declined = sum(score.distribution is None for score in batches) // 5
    return [
        "# Invented campaigns",
        "",
        f"{n_process} campaigns of {N_DAYS} days with continuing releases and two announced batches, seen on "
        f"day {AS_OF} through the running totals of two monitors that depend on each other, differ in "
        "definition, delay and days of report, and one of which moves its window. ± is a standard error over "
        "campaigns.",
        "",
        *cover_table(simulated_process(n_process, forecasters())),
        "",
        f"{n_process} campaigns near the priors of `ReleaseProcess()`: level and spread of the days, and the "
        "delays of two monitors, are drawn from them.",
        "",
        *cover_table(simulated_process(n_process, forecasters(), prior_campaign)),
        "",
        f"{n_batches} campaigns of one announced batch of 120 seen after 12 days, every unknown drawn from "
        f"the priors that `AnnouncedBatches()` states; {declined} declined.",
        "",
        *cover_table(batches),
        "",
    ]


def report(used: Sequence[Forecaster], *, is_quick: bool) -> tuple[list[str], list[Score]]:
    """The text of the results, and the scores."""
    reports = shipped()
    wanted = targets(reports)
    within_day = targets(reports, same_day=True)
    if is_quick:
        wanted, within_day = quick(wanted), []
    scores = score_all(reports, wanted, used)
    common = answered_by_all(scores)
    lines = [
        "# What monitors reported later, forecast from what was known",
        "",
        f"Written by `benchmarks/releases_backtest.py`{' --quick' if is_quick else ''}. Python "
        f"{platform.python_version()}, numpy {np.__version__}, {platform.machine()}.",
        "",
        f"{len(wanted)} forecasts of {len({t.window for t in wanted})} targets in "
        f"{len({t.series for t in wanted})} series; {len(common) // max(len(used), 1)} answered by all. "
        "Scores are means over targets, each counted once however many reports it is forecast from. IS is "
        "the interval score, log IS that on log(1 + count); lower is better. The main one is the 95% "
        "interval score on log(1 + count).",
        "",
        *summary_table(common),
        "",
        "By series:",
        "",
        *series_table(common),
        "",
        "By days ahead:",
        "",
        *ahead_table(common),
        "",
    ]
    if within_day:
        day_scores = score_all(reports, within_day, used)
        lines += [
            "Figures of one day, not part of the scores above (models of whole days do not know the hour):",
            "",
            *target_table(day_scores),
            "",
        ]
    if not is_quick:
        batch_scores = score_all(reports, wanted, [Batches()])
        answered = {score.target for score in batch_scores if score.distribution is not None}
        beside = [score for score in [*scores, *batch_scores] if score.target in answered]
        lines += [
            f"`AnnouncedBatches` answers for {len(answered)} of the forecasts: those of a figure in the end "
            "about an announced batch.",
            "",
            *summary_table(beside),
            "",
            *target_table(beside),
            "",
        ]
    for forecaster in used:
        seconds = getattr(forecaster, "seconds", [])
        if seconds:
            lines += [
                f"{forecaster.name}: {len(seconds)} fits, CPU seconds {np.median(seconds):.2f} (median), "
                f"{max(seconds):.2f} (most).",
                "",
            ]
    lines += ["Every forecast:", "", *target_table(scores), ""]
    return lines, scores


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", default=str(RESULTS), help="file to write, or - for the screen alone")
    parser.add_argument("--quick", action="store_true", help="a part of the targets")
    options = parser.parse_args(arguments)
    lines, scores = report(forecasters(), is_quick=options.quick)
    if not options.quick:
        lines += simulated_report(N_CAMPAIGNS, N_BATCHES)
    text = "\n".join(lines)
    print(text)
    if options.out != "-":
        path = Path(options.out)
        path.write_text(text, encoding="utf-8")
        write_csv(path.with_suffix(".csv"), scores)
    return 0


if __name__ == "__main__":
    sys.exit(main())
