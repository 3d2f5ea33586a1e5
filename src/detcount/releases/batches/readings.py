"""Two readings of published rows held against each other: what one says otherwise than the other."""

from __future__ import annotations

import numpy as np

from detcount._numerics.batches import BatchModel, Series
from detcount._numerics.batches.model import SCORES
from detcount.releases.batches.reading import Read

__all__ = ["is_used", "read_alike", "read_otherwise", "score_places"]


def read_otherwise(read: Read, model: BatchModel, without: Read, other: BatchModel) -> list[int]:
    """Announcements that read otherwise without a row."""
    before = {batch.label: place for place, batch in enumerate(read.batches)}
    found = []
    for place, batch in enumerate(without.batches):
        old = before[batch.label]
        one = {_name(read, model, at): model.series[at] for at in model.of_batch(old)}
        two = {_name(without, other, at): other.series[at] for at in other.of_batch(place)}
        same = model.announced[old] == other.announced[place] and one.keys() == two.keys()
        if not (same and all(_alike(one[name], two[name]) for name in one)):
            found.append(place)
    return found


def score_places(read: Read, model: BatchModel, without: Read, other: BatchModel) -> list[int] | None:
    """Where the scores of a model stand in those of the whole; None where it has others."""
    batches = {batch.label: place for place, batch in enumerate(read.batches)}
    series = {_name(read, model, place): place for place in range(len(model.series))}
    if not all(batch.label in batches for batch in without.batches):
        return None
    found = [batches[batch.label] for batch in without.batches]
    for place in range(len(other.series)):
        name = _name(without, other, place)
        if name not in series:
            return None
        found += [model.place(series[name], kind) for kind in SCORES]
    return found


def is_used(read: Read, row: int) -> bool:
    """Whether an announcement or a figure is read from a row."""
    return any(
        row == batch.row or any(row == figure.row for each in batch.figures.values() for figure in each)
        for batch in read.batches
    )


def read_alike(read: Read, model: BatchModel, without: Read, other: BatchModel) -> bool:
    """Whether two readings say the same."""
    if (model.announced, read.monitors) != (other.announced, without.monitors):
        return False
    if len(model.series) != len(other.series):
        return False
    return all(
        one.batch == two.batch and one.monitor == two.monitor and _alike(one, two)
        for one, two in zip(model.series, other.series, strict=True)
    )


def _alike(one: Series, two: Series) -> bool:
    """Whether a monitor says the same of an announcement."""
    return (
        one.defined == two.defined
        and np.array_equal(one.counts, two.counts)
        and np.array_equal(one.at_least, two.at_least)
        and np.array_equal(one.delays, two.delays)
    )


def _name(read: Read, model: BatchModel, place: int) -> tuple[str, str]:
    """Announcement and monitor of a series."""
    series = model.series[place]
    return read.batches[series.batch].label, read.monitors[series.monitor]
