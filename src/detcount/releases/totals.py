"""The successive totals of a monitor, how totals grew in other campaigns, and forecasts from both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from detcount import datasets
from detcount._numerics.arrays import frozen
from detcount._numerics.forecasting import added_draws, log_time, near_powers, pooled_draws, stepped_draws
from detcount.data.published import PublishedReleases
from detcount.data.published.counts import MATCH_DAYS

_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, eq=False)
class Figures:
    """Running totals of one monitor from one first day, one a day: the last that it published.

    Parameters
    ----------
    source, measure : str
        Who counts, and what a release is.
    start : numpy.datetime64
        First day counted.
    days : ndarray of datetime64[D], shape (n_figures,)
        Days of publication, distinct and increasing.
    ends : ndarray of datetime64[D], shape (n_figures,)
        Last day counted; never earlier than in a figure before.
    counts : ndarray of int64, shape (n_figures,)
        Persons. A total may be lower than the one before it.
    """

    source: str
    measure: str
    start: np.datetime64
    days: NDArray[np.datetime64]
    ends: NDArray[np.datetime64]
    counts: NDArray[np.int64]

    @property
    def latest(self) -> int:
        """The last total, persons."""
        return int(self.counts[-1])

    @property
    def numbers(self) -> NDArray[np.int64]:
        """Days of publication as whole numbers."""
        return np.asarray(self.days.astype(np.int64))

    @property
    def ages(self) -> NDArray[np.int64]:
        """Days of the window so far, at each figure; 1 on its first day."""
        return np.asarray((self.days - self.start) // _DAY + 1)

    def days_ahead(self, end: np.datetime64, on: np.datetime64, row: int = -1) -> int:
        """Days from a figure to a later one: up to the end of its window, where that comes first.

        Of a window that had ended by the earlier figure all days count, as people are still verified.
        """
        until = min(end, on)
        until = on if until <= self.days[row] else until
        return max(int((until - self.days[row]) // _DAY), 0)


def every_series(reports: PublishedReleases) -> list[Figures]:
    """Every series of verified counts, in the order of their first figures.

    Rows are of one series if they have source, measure and first day in common. A total of a narrower window
    that is published later is no figure of the series.
    """
    ends = np.where(np.isnat(reports.end), reports.published, reports.end)
    rows: dict[tuple[str, str, np.datetime64], list[int]] = {}
    for row in range(len(reports)):
        if reports.role[row] == "verified" and not np.isnat(reports.start[row]):
            kept = rows.setdefault((reports.source[row], reports.measure[row], reports.start[row]), [])
            if kept and ends[row] < ends[kept[-1]]:
                continue
            if kept and reports.published[kept[-1]] == reports.published[row]:
                kept.pop()
            kept.append(row)
    return [
        Figures(
            str(source),
            str(measure),
            start,
            frozen(reports.published[kept]),
            frozen(ends[kept]),
            frozen(reports.count[kept]),
        )
        for (source, measure, start), kept in rows.items()
    ]


def figures_of(reports: PublishedReleases, source: str, start: np.datetime64) -> Figures | None:
    """The series of a monitor from a first day: of several measures that of the latest figure."""
    found = [one for one in every_series(reports) if one.source == source and one.start == start]
    return max(found, key=lambda one: (one.days[-1], len(one.days)), default=None)


def announced_for(reports: PublishedReleases, figures: Figures) -> int | None:
    """The largest number announced for windows that begin with the monitor's, and above what it has counted.

    Announcements count more people than monitors do: of all offences, or to house arrest. So the largest is
    taken, whatever a release is in it. None where no announcement begins within two days of the window.
    """
    near = np.abs(reports.start - figures.start) <= MATCH_DAYS * _DAY  # False where nobody said
    announced = np.array([role == "announced" for role in reports.role])
    most = int(reports.count[near & announced].max(initial=0))
    return most if most > figures.latest else None


@dataclass(frozen=True)
class Campaign:
    """A campaign of releases: a table that ships, and the first days of the windows that belong to it.

    Parameters
    ----------
    name : str
        What a reader knows it by.
    dataset : str
        The table.
    first, last : str
        First and last of the first days.
    """

    name: str
    dataset: str
    first: str
    last: str

    def holds(self, start: np.datetime64) -> bool:
        """Check whether a window with this first day belongs to the campaign."""
        return bool(np.datetime64(self.first) <= start <= np.datetime64(self.last))


CAMPAIGNS = (
    Campaign("Venezuela, November and December 2024", "venezuela_releases", "2024-11-01", "2025-01-03"),
    Campaign("Venezuela, December 2025", "venezuela_releases", "2025-12-02", "2025-12-31"),
    Campaign("Venezuela, January 2026", "venezuela_releases", "2026-01-01", "2026-06-30"),
    Campaign("Cuba, July 2010", "cuba_releases_2010", "2010-07-01", "2011-06-30"),
    Campaign("Cuba, January 2025", "cuba_releases_2025", "2025-01-14", "2025-06-30"),
    Campaign("Myanmar, October 2011", "myanmar_releases_2011", "2011-10-01", "2011-12-31"),
    Campaign("Myanmar, January 2012", "myanmar_releases_2011", "2012-01-01", "2012-06-30"),
    Campaign("Myanmar, November 2022", "myanmar_releases_2022", "2022-11-01", "2022-12-31"),
    Campaign("Venezuela, December 2017", "venezuela_releases_2017", "2017-12-01", "2017-12-31"),
)


@dataclass(frozen=True, eq=False)
class Growth:
    """Pairs of figures of one series: an earlier and a later one.

    Parameters
    ----------
    ages, ahead : ndarray of float64, shape (n_pairs,)
        Days of the window at the earlier figure, and days from it to the later one.
    totals : ndarray of float64, shape (n_pairs,)
        The earlier figure, persons.
    growth : ndarray of float64, shape (n_pairs,)
        Growth of log(1 + total).
    weights : ndarray of float64, shape (n_pairs,)
        Each campaign adds up to 1.
    """

    ages: NDArray[np.float64]
    ahead: NDArray[np.float64]
    totals: NDArray[np.float64]
    growth: NDArray[np.float64]
    weights: NDArray[np.float64]


@cache
def growth_in(names: tuple[str, ...]) -> Growth:
    """The growth of running totals in some campaigns, each campaign counting as much as any other."""
    parts = []
    for campaign in CAMPAIGNS:
        if campaign.name in names:
            reports = datasets.load(campaign.dataset)
            assert isinstance(reports, PublishedReleases)
            parts.append(growth_of([one for one in every_series(reports) if campaign.holds(one.start)]))
    return joined(parts)


def growth_of(series: Sequence[Figures]) -> Growth:
    """Every pair of figures of some series; all pairs together weigh as much as one campaign."""
    rows = [
        (
            float(one.ages[i]),
            float(one.days_ahead(one.ends[j], one.days[j], i)),
            float(one.counts[i]),
            float(np.log1p(one.counts[j]) - np.log1p(one.counts[i])),
        )
        for one in series
        for i, j in combinations(range(len(one.days)), 2)
    ]
    ages, ahead, totals, growth = np.array(rows, dtype=np.float64).reshape(-1, 4).T
    weights = np.full(len(rows), 1 / max(len(rows), 1))
    return Growth(*(frozen(column) for column in (ages, ahead, totals, growth, weights)))


def joined(parts: Sequence[Growth]) -> Growth:
    """Pairs of several campaigns."""
    names = ("ages", "ahead", "totals", "growth", "weights")
    empty = np.empty(0)
    return Growth(
        *(frozen(np.concatenate([empty, *(getattr(part, name) for part in parts)])) for name in names)
    )


def growth_known(reports: PublishedReleases, figures: Figures, names: tuple[str, ...]) -> Growth:
    """The growth in some campaigns, and so far in the one asked about, which counts as one more.

    Series of the same campaign are those whose windows begin within two days.
    """
    near = MATCH_DAYS * np.timedelta64(1, "D")
    same = [one for one in every_series(reports) if abs(one.start - figures.start) <= near]
    own = growth_of(sorted(same, key=lambda one: (one.source, one.measure, one.start)))
    return joined([growth_in(names), own])


def other_campaigns(start: np.datetime64) -> tuple[str, ...]:
    """Names of the campaigns that a window with this first day does not belong to."""
    return tuple(campaign.name for campaign in CAMPAIGNS if not campaign.holds(start))


@dataclass(frozen=True)
class Priors:
    """Prior of growth, from other campaigns.

    Parameters
    ----------
    bandwidths : tuple of float, log days, log persons
        Distance at which a figure of another campaign loses a factor of exp(-1/2). Scored in
        benchmarks/results/releases_backtest.md.
    lasting : float, days
        Scale on which time ahead is discounted. Scored in benchmarks/results/releases_backtest.md.
    offset : float, days
        Added to the age of a window. Scored in benchmarks/results/releases_backtest.md.
    smoothing : float, log
        Scale of the log-normal factor of each power drawn. Scored in
        benchmarks/results/releases_backtest.md.
    steps : float, steps
        Steps after which own steps weigh as much as growth elsewhere. Scored in
        benchmarks/results/releases_backtest.md.
    step_days : float, days
        Days ahead that count as much as another step. Scored in benchmarks/results/releases_backtest.md.
    besides : float, share
        Mean excess of a verified total over the announcement. Published counts
        (`datasets/venezuela_releases.csv`, `datasets/myanmar_releases_2011.csv`).
    every_day : int, days
        Horizon up to which each day is computed; beyond it, every so many days. Convention: a month.
    """

    bandwidths: tuple[float, float] = (0.7, 1.4)
    lasting: float = 2.0
    offset: float = 4.0
    smoothing: float = 0.2
    steps: float = 6.0
    step_days: float = 7.0
    besides: float = 0.1
    every_day: int = 30


PRIORS = Priors()


def growth_elsewhere(
    figures: Figures,
    ahead: int,
    elsewhere: Growth,
    announced: int | None,
    n_draws: int,
    random: np.random.Generator,
) -> NDArray[np.float64] | None:
    """Draw the total from the growth in other campaigns, of like totals over like numbers of days above all.

    A total grows by a power of the days of its window: 0 where nothing more comes, 1 where releases go on
    at their rate so far. Where a number was announced the total runs out there, or above it by the people
    whom the monitor counts besides: exponential, a tenth on average. No quantile of a running total is below
    that of a day before. None if nothing is known of other campaigns.
    """
    if not len(elsewhere.growth):
        return None
    times = log_time(elsewhere.ages, elsewhere.ahead, PRIORS.lasting, PRIORS.offset)
    features = np.log1p(np.column_stack([elsewhere.ahead, elsewhere.totals]))
    seed = int(random.integers(2**63))
    highest = np.full(n_draws, -np.inf)
    for days in (
        *range(1, min(ahead, PRIORS.every_day)),
        *range(PRIORS.every_day, ahead, PRIORS.every_day),
        ahead,
    ):
        here = np.log1p([days, figures.latest])
        powers, shares = near_powers(
            elsewhere.growth, times, features, here, PRIORS.bandwidths, elsewhere.weights
        )
        time = float(log_time(figures.ages[-1], days, PRIORS.lasting, PRIORS.offset))
        same = np.random.default_rng(seed)  # for every day, so that days do not differ by their draws
        besides = same.exponential(PRIORS.besides, size=n_draws)
        added = added_draws(powers, shares, figures.latest, time, PRIORS.smoothing, n_draws, same)
        if announced is not None:
            added = np.minimum(added, announced * (1 + besides) - figures.latest)
        highest = np.maximum(highest, np.sort(_whole(figures.latest + added)))
    return random.permutation(highest)


def own_steps(figures: Figures, ahead: int, n_draws: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Draw the total from the monitor's own steps, the first from the first day of the window."""
    return figures.latest + stepped_draws(figures.ages, figures.counts, ahead, n_draws, random)


def own_share(figures: Figures, ahead: int) -> float:
    """Weight of own steps beside growth elsewhere; it rises with the steps and with the days ahead."""
    weight = (len(figures.days) - 1) * (1 + ahead / PRIORS.step_days)
    return weight / (weight + PRIORS.steps)


def pooled(
    figures: Figures,
    ahead: int,
    elsewhere: Growth,
    announced: int | None,
    n_draws: int,
    random: np.random.Generator,
) -> NDArray[np.float64]:
    """Draw the total from the linear pool of own steps and growth elsewhere."""
    steps = own_steps(figures, ahead, n_draws, random)
    grown = growth_elsewhere(figures, ahead, elsewhere, announced, n_draws, random)
    if grown is None:
        return steps
    share = own_share(figures, ahead)
    return pooled_draws(np.array([steps, grown]), np.array([share, 1 - share]))


def _whole(total: NDArray[np.float64]) -> NDArray[np.float64]:
    """Whole persons, 0 or more."""
    return np.maximum(np.rint(total), 0)
