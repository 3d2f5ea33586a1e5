"""The successive figures of a monitor for one window, and what is asked of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import frozen
from detcount.published import PublishedReleases
from detcount.published.counts import MATCH_DAYS

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


def every_series(reports: PublishedReleases, role: str = "verified") -> list[Figures]:
    """Every series of a role, in the order of their first figures.

    Rows are of one series if they have source, measure and first day in common. A total of a narrower window
    that is published later is no figure of the series.
    """
    ends = np.where(np.isnat(reports.end), reports.published, reports.end)
    rows: dict[tuple[str, str, np.datetime64], list[int]] = {}
    for row in range(len(reports)):
        if reports.role[row] == role and not np.isnat(reports.start[row]):
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
