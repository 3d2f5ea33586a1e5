"""Published counts of one monitor from short rows, for tests of forecasts."""

import numpy as np

from detcount.data.published import PublishedReleases
from detcount.releases.totals import every_series


def random(seed=0):
    return np.random.default_rng(seed)


def rows(table):
    """Published counts from short rows: published, source, role, start, end, count, event."""
    names = ("published", "source", "role", "start", "end", "count", "event")
    return PublishedReleases.from_frame(dict(zip(names, map(list, zip(*table, strict=True)), strict=True)))


def series(counts, first="2026-03-01", source="m"):
    """One figure a day."""
    days = np.datetime64(first, "D") + np.arange(len(counts))
    return rows(
        [
            (str(day), source, "verified", first, str(day), int(n), "since")
            for day, n in zip(days, counts, strict=True)
        ]
    )


def figures(counts, **options):
    return every_series(series(counts, **options))[0]
