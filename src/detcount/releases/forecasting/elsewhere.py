"""How running totals grew in other campaigns: pairs of figures of the series that ship."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from detcount import datasets
from detcount._numerics.arrays import frozen
from detcount.published import PublishedReleases
from detcount.releases.forecasting.figures import every_series

__all__ = ["CAMPAIGNS", "Campaign", "Growth", "growth_in", "other_campaigns"]


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
    Campaign("Venezuela, November and December 2024", "venezuela_releases", "2024-11-01", "2025-01-31"),
    Campaign("Venezuela, December 2025", "venezuela_releases", "2025-12-02", "2025-12-31"),
    Campaign("Venezuela, January 2026", "venezuela_releases", "2026-01-01", "2026-12-31"),
    Campaign("Cuba, January 2025", "cuba_releases_2025", "2025-01-01", "2025-12-31"),
    Campaign("Myanmar, October 2011", "myanmar_releases_2011", "2011-10-01", "2011-12-31"),
    Campaign("Myanmar, January 2012", "myanmar_releases_2011", "2012-01-01", "2012-12-31"),
    Campaign("Myanmar, November 2022", "myanmar_releases_2022", "2022-01-01", "2022-12-31"),
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
    rows: list[tuple[float, ...]] = []
    for campaign in CAMPAIGNS:
        if campaign.name not in names:
            continue
        found = []
        reports = datasets.load(campaign.dataset)
        assert isinstance(reports, PublishedReleases)
        for one in every_series(reports):
            if not campaign.holds(one.start):
                continue
            for i in range(len(one.days)):
                for j in range(i + 1, len(one.days)):
                    ahead = one.days_ahead(one.ends[j], one.days[j], i)
                    grown = np.log1p(one.counts[j]) - np.log1p(one.counts[i])
                    found.append((float(one.ages[i]), float(ahead), float(one.counts[i]), float(grown)))
        rows += [(*pair, 1 / len(found)) for pair in found]
    columns = np.array(rows, dtype=np.float64).reshape(-1, 5).T
    return Growth(*(frozen(column) for column in columns))


def other_campaigns(reports: PublishedReleases) -> tuple[str, ...]:
    """Names of the campaigns that none of the published counts may belong to: those of other days."""
    first, last = reports.published[0], reports.published[-1]
    return tuple(
        campaign.name
        for campaign in CAMPAIGNS
        if last < np.datetime64(campaign.first) or first > np.datetime64(campaign.last)
    )
