"""How running totals grew in other campaigns: pairs of figures of the series that ship."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from detcount import datasets
from detcount._numerics.arrays import frozen
from detcount.published import PublishedReleases
from detcount.published.counts import MATCH_DAYS
from detcount.releases.process.figures import Figures, every_series


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
        """Whether a window with this first day belongs to the campaign."""
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
