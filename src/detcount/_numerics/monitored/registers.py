"""What several monitors had verified by the last day, in the sums that a likelihood needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detcount._numerics.arrays import Ints


@dataclass(frozen=True)
class Registers:
    """What the monitors had verified by the last day.

    Parameters
    ----------
    ages : ndarray of int64, shape (n_days,)
        Days from each release day to the last day.
    patterns : ndarray of int64, shape (n_patterns, n_monitors)
        The histories that some release has: 1 where the monitor has it on its register.
    by_pattern : ndarray of int64, shape (n_days, n_patterns)
        Releases of each history, persons.
    by_delay : tuple of ndarray of int64
        Releases of each monitor by delay, whatever the day.
    """

    ages: Ints
    patterns: Ints
    by_pattern: Ints
    by_delay: tuple[Ints, ...]

    @property
    def n_monitors(self) -> int:
        """Number of monitors."""
        return int(self.patterns.shape[1])

    @cached_property
    def seen(self) -> Ints:
        """Releases verified by some monitor, by day, persons."""
        return np.asarray(self.by_pattern.sum(axis=1))

    @cached_property
    def listed(self) -> Ints:
        """Releases on the register of each monitor, shape (n_days, n_monitors)."""
        return np.asarray(self.by_pattern @ self.patterns)

    def together(self, first: int, second: int) -> int:
        """Releases on the registers of both of two monitors, persons."""
        both = self.patterns[:, [first, second]].all(axis=1)
        return int(self.by_pattern[:, both].sum())


def registers(release: Ints, delay: Ints, n_days: int) -> Registers:
    """Count cases; `delay` has a column for each monitor, -1 where it has not verified.

    Days after the last release are left out: nothing was seen of them, and where releases have ended a rate
    that all days share would invent some.
    """
    found, place = np.unique(delay >= 0, axis=0, return_inverse=True)
    ages = np.arange(n_days, dtype=np.int64)[::-1][: release.max() + 1].copy()
    by_pattern = np.zeros((len(ages), len(found)), dtype=np.int64)
    np.add.at(by_pattern, (release, place.reshape(-1)), 1)
    return Registers(
        ages,
        found.astype(np.int64),
        by_pattern,
        tuple(np.bincount(column[column >= 0]) for column in delay.T),
    )


def pair_tables(data: Registers, first: int, second: int) -> Ints:
    """Releases that a third monitor has, by day and by whether two others have them, shape (n_days, 2, 2).

    Index 0 is for yes, 1 for no. Releases of one day have been followed for the same time, so that within a
    day monitors that work independently leave an odds ratio of 1, whatever their delays.
    """
    others = np.delete(data.patterns, [first, second], axis=1).any(axis=1)
    tables = np.zeros((len(data.ages), 2, 2), dtype=np.int64)
    for i in (0, 1):
        for j in (0, 1):
            own = others & (data.patterns[:, first] == 1 - i) & (data.patterns[:, second] == 1 - j)
            tables[:, i, j] = data.by_pattern[:, own].sum(axis=1)
    return tables
