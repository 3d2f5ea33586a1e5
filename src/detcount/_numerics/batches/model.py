"""Announcements, the figures of monitors for each, and priors, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["EVERY", "BatchModel", "Floats", "Series"]

EVERY = 1500  # numbers of releases up to which each is summed
_COARSE = 0.25
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Series:
    """The figures of one monitor for one batch.

    Parameters
    ----------
    batch, monitor, chance : int
        Which of each; `chance` numbers the chances of ever being verified, one for each monitor, or one for
        each monitor and batch.
    counts : ndarray of int64, shape (n_figures,)
        Verified by each figure, persons, not decreasing.
    at_least : ndarray of bool, shape (n_figures,)
        Known only as a lower bound; never twice in succession.
    delays : ndarray of int64, shape (n_figures, n_days)
        Days from each release day of the batch, all equally likely, to each figure.
    """

    batch: int
    monitor: int
    chance: int
    counts: NDArray[np.int64]
    at_least: NDArray[np.bool_]
    delays: NDArray[np.int64]


@dataclass(frozen=True)
class BatchModel:
    """Batches, the figures for them, and priors.

    Parameters
    ----------
    announced : tuple of int
        Announced in each batch, persons.
    series : tuple of Series
        Figures, at most one series a monitor and batch, at least one a batch.
    n_monitors : int
        Number of monitors.
    verification : ndarray of float64, shape (n_chances, 2)
        Beta prior of each chance that a monitor ever verifies a release.
    carried_out : tuple of float
        Beta prior of the chance that an announced release is carried out: of a batch alone, or of
        the mean over batches.
    concentration : float or None
        Prior median of the concentration of that chance over batches; None for batches not pooled.
    family : {"weibull", "log-normal"} or None
        Delays; None for none.
    median, shape : tuple of float
        Log-normal priors, median and factor of one standard deviation, of the median delay (days) and of
        the shape.
    shared : bool
        One delay distribution for all monitors, or one for each.
    odds_ratio : float
        Between the monitors of a batch with two.
    """

    announced: tuple[int, ...]
    series: tuple[Series, ...]
    n_monitors: int
    verification: Floats
    carried_out: tuple[float, float]
    concentration: float | None
    family: str | None
    median: tuple[float, float]
    shape: tuple[float, float]
    shared: bool
    odds_ratio: float

    @property
    def n_chances(self) -> int:
        """Number of chances of ever being verified."""
        return len(self.verification)

    @property
    def n_delays(self) -> int:
        """Number of delay distributions."""
        if self.family is None:
            return 0
        return 1 if self.shared else self.n_monitors

    @property
    def n_parameters(self) -> int:
        """Chances, median and shape of each delay, mean and concentration: normal scores."""
        return self.n_chances + 2 * self.n_delays + (0 if self.concentration is None else 2)

    def of_batch(self, batch: int) -> list[Series]:
        """Give the figures for one batch."""
        return [series for series in self.series if series.batch == batch]

    def support(self, batch: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Numbers of releases that can have been carried out, verified to announced, in cells: first, last.

        Each cell is one number, but for batches of thousands, where cells grow with the square root of
        the distance from either end: no faster than the narrowest that the posterior can be there.
        """
        least = max(int(series.counts.max()) for series in self.of_batch(batch))
        most = max(least, self.announced[batch])
        if most - least < EVERY:
            every = np.arange(least, most + 1)
            return every, every
        half = (most - least) // 2
        starts = [0]
        while starts[-1] <= half:
            starts.append(starts[-1] + max(1, int(_COARSE * np.sqrt(starts[-1]))))
        low = np.array(starts[:-1])
        mirrored = most - least - low[1:] + 1
        high = np.sort(mirrored[mirrored > low[-1]])
        first = least + np.concatenate([low, high])
        return first, np.append(first[1:] - 1, most)
