"""Announcements, the figures of monitors for each, and priors, as arrays; every unknown is a normal score."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST_OUTSIDE", "SCORES", "BatchModel", "Floats", "Series", "Whole"]

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

MOST_OUTSIDE = 0.5  # share of a monitor's verified that can be outside the announcement, at most

# What is not known of a monitor and a batch, and how alike two of these scores are: of one monitor in two
# batches, and of two monitors in one batch.
SCORES = {
    "chance": (0.4, 0.4),
    "median": (0.5, 0.1),
    "shape": (0.5, 0.0),
    "slow": (0.5, 0.0),
    "outside": (0.3, 0.3),
    "definition": (0.3, 0.5),
}


@dataclass(frozen=True)
class Series:
    """The figures of one monitor for one batch.

    Parameters
    ----------
    batch, monitor : int
        Which of each.
    counts : ndarray of int64, shape (n_figures,)
        Verified by each figure, persons, not decreasing.
    at_least : ndarray of bool, shape (n_figures,)
        Known only as a lower bound; never twice in succession.
    delays : ndarray of int64, shape (n_figures, n_days)
        Days from each release day of the batch, all equally likely, to each figure.
    defined : bool
        Whether the monitor counts only a part of what was announced, by definition.
    stopped : float
        Chance that the monitor has stopped following the batch after its last figure.
    """

    batch: int
    monitor: int
    counts: Whole
    at_least: NDArray[np.bool_]
    delays: Whole
    defined: bool = False
    stopped: float = 0.0


@dataclass(frozen=True, eq=False)
class BatchModel:
    """Batches, the figures for them, and priors.

    Parameters
    ----------
    announced : tuple of int
        Announced in each batch, persons.
    series : tuple of Series
        Figures, at most one series a monitor and batch, at least one a batch.
    verification : ndarray of float64, shape (n_monitors, 2)
        Beta prior of the chance that a monitor ever verifies a release of a batch that it follows.
    unfollowed : float
        Chance that a monitor does not follow a batch.
    carried_out : tuple of float
        Beta prior of the chance that an announced release is carried out.
    alike : float
        Correlation of the scores of that chance over batches.
    family : {"weibull", "log-normal"} or None
        Fast delays; None for none at all.
    median, shape : tuple of float
        Log-normal priors, median and factor of one standard deviation, of the median delay (days) and of
        the shape.
    slow : tuple of float or None
        Beta prior of the share of slow verifications; None for none.
    slow_delay : tuple of float
        Median (days) and factor of one standard deviation of a slow delay.
    outsiders : tuple of float or None
        Beta prior of the share of a monitor's verified who are outside the announcement; None for none.
    definition : tuple of float
        Beta prior of the share of an announcement that is in the definition of a monitor, where they differ.
    whole : float
        Chance that a batch is carried out to the last person or nearly so, whatever `carried_out` says.
    handed_over : float
        Chance that a batch is released whole before the eyes of a monitor, who verifies all of it at once.
    """

    announced: tuple[int, ...]
    series: tuple[Series, ...]
    verification: Floats
    unfollowed: float
    carried_out: tuple[float, float]
    alike: float
    family: str | None
    median: tuple[float, float]
    shape: tuple[float, float]
    slow: tuple[float, float] | None
    slow_delay: tuple[float, float]
    outsiders: tuple[float, float] | None
    definition: tuple[float, float]
    whole: float = 0.0
    handed_over: float = 0.0

    @property
    def n_batches(self) -> int:
        """Number of batches."""
        return len(self.announced)

    @property
    def n_scores(self) -> int:
        """Number of scores: one a batch, and one of each kind a series."""
        return self.n_batches + len(SCORES) * len(self.series)

    def of_batch(self, batch: int) -> list[int]:
        """Give the places of the series of a batch."""
        return [place for place, series in enumerate(self.series) if series.batch == batch]

    def place(self, series: int, name: str) -> int:
        """Place of a score of a series."""
        return self.n_batches + len(SCORES) * series + list(SCORES).index(name)

    def scores_of_series(self, place: int) -> list[int]:
        """Places of the scores that the figures of a series depend on."""
        names = ["chance"]
        if self.family is not None:
            names += ["median", "shape"] if self.slow is None else ["median", "shape", "slow"]
        if self.outsiders is not None and self.series[place].counts[-1] > 0:
            names.append("outside")
        if self.series[place].defined:
            names.append("definition")
        return [self.place(place, name) for name in names]

    def scores_of(self, batch: int) -> Whole:
        """Places of the scores that the figures of a batch depend on."""
        found = [batch]
        for place in self.of_batch(batch):
            found += self.scores_of_series(place)
        return np.array(found, dtype=np.int64)

    @cached_property
    def correlation(self) -> Floats:
        """Prior correlation of all scores."""
        n = self.n_batches
        found = np.eye(self.n_scores)
        found[:n, :n] += self.alike * (1 - np.eye(n))
        monitor = np.array([series.monitor for series in self.series])
        batch = np.array([series.batch for series in self.series])
        for offset, (same_monitor, same_batch) in enumerate(SCORES.values()):
            alike = same_monitor * (monitor[:, None] == monitor) + same_batch * (batch[:, None] == batch)
            np.fill_diagonal(alike, 1.0)
            places = n + offset + len(SCORES) * np.arange(len(self.series))
            found[np.ix_(places, places)] = alike
        return found

    @cached_property
    def precision(self) -> Floats:
        """Inverse of `correlation`, of those scores that figures depend on; 0 elsewhere."""
        used = np.unique(np.concatenate([self.scores_of(batch) for batch in range(self.n_batches)]))
        found = np.zeros_like(self.correlation)
        found[np.ix_(used, used)] = np.linalg.inv(self.correlation[np.ix_(used, used)])
        return found
