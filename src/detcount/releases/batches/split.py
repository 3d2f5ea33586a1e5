"""One announcement split into its parts from draws, with its notes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.batches import BatchModel
from detcount.estimates import GapEstimate, IdentifiedBySource, UncertainCount
from detcount.published.days import as_date
from detcount.releases.batches.announcement import Figure
from detcount.releases.batches.notes import (
    FIGURE,
    NOTE_ALL_VERIFIED,
    NOTE_DELAY_FROM_PRIOR,
    NOTE_EXCEEDS,
    NOTE_OTHER_MONITORS,
    NOTE_SPLIT_FROM_PRIOR,
)
from detcount.releases.batches.reading import Read
from detcount.specification import Specification
from detcount.words import Message

__all__ = ["Problem", "split_batch"]


@dataclass(frozen=True)
class Problem:
    """What an estimate is made from: the specification and its seed, what was read, and the model of it."""

    estimator: Specification
    read: Read
    model: BatchModel
    notes: tuple[str, ...]  # on all batches together
    seed: int

    @property
    def is_exact(self) -> bool:
        """Whether no sampling is needed: one batch, its last figures exact, and no delay."""
        (batch, *more), model = self.read.batches, self.model
        return (
            model.family is None
            and not more
            and not any(figure.at_least for figures in batch.figures.values() for figure in figures)
            and (model.odds_ratio == 1 or model.n_monitors != 2)
        )


def split_batch(
    problem: Problem,
    place: int,
    carried_out: NDArray[np.int64],
    eventually: dict[int, NDArray[np.int64]],
    exact: tuple[NDArray[np.int64], NDArray[np.float64]] | None,
    by: dict[str, IdentifiedBySource],
    effective_size: float = math.inf,
) -> tuple[GapEstimate, dict[str, UncertainCount]]:
    """Put the result of one batch together; `effective_size` is that of the parameters."""
    read, batch = problem.read, problem.read.batches[place]
    names = read.monitors
    size = 1 / (1 / effective_size + 1 / len(carried_out))
    latest = {name: figures[-1] for name, figures in batch.figures.items()}
    monitor = read.rules.headline or max(
        latest, key=lambda name: (latest[name].verified, not latest[name].at_least)
    )
    verified = latest[monitor].verified
    least = max(figure.verified for figure in latest.values())
    most = max(batch.announced, least)
    settled = least >= batch.announced
    open_ended = math.inf if batch.at_least else most
    # nothing is left to a prior where the verified reach the announced
    split: IdentifiedBySource = "data" if settled and not batch.at_least else "prior"
    by_monitor = {}
    for name, figure in latest.items():
        count, draws = figure.verified, eventually[names.index(name)]
        identified = "data" if count >= most and not batch.at_least else by[name]
        by_monitor[name] = UncertainCount.from_draws(
            draws, bounds=(count, open_ended), identified_by=identified, effective_size=size
        )
    final = by_monitor[monitor].draws
    happened = gone = missing = None
    if exact is not None:
        values, probabilities = happened = exact
        gone = values - verified, probabilities
        missing = None if settled else ((batch.announced - values)[::-1], probabilities[::-1])
    gap = GapEstimate(
        label=batch.label,
        start=None if batch.start is None else as_date(batch.start),
        end=None if batch.end is None else as_date(batch.end),
        as_of=read.reports.last_published,
        announced=batch.announced,
        announced_by=batch.source,
        at_least=batch.at_least,
        verified=verified,
        verified_by=monitor,
        verified_on=as_date(latest[monitor].day),
        verified_start=None if (first := latest[monitor].start) is None else as_date(first),
        verified_end=None if (last := latest[monitor].end) is None else as_date(last),
        eventually_verified=by_monitor[monitor],
        carried_out=_count(carried_out, (least, open_ended), split, happened, size),
        pending=_count(
            final - verified, (0, open_ended - verified), by_monitor[monitor].identified_by, None, size
        ),
        unverifiable=_count(
            carried_out - final,
            (0, open_ended - verified),
            "data" if verified >= most and not batch.at_least else "prior",
            gone,
            size,
        ),
        unsubstantiated=_count(
            np.maximum(batch.announced - carried_out, 0),
            (0, max(batch.announced - least, 0)),
            split,
            missing,
            size,
        ),
        estimator=problem.estimator,
        digest=read.reports.digest,
        definition=read.reports.definition,
        seed=problem.seed,
        notes=tuple(_notes(problem, place, monitor, latest, by_monitor)),
    )
    return gap, by_monitor


def _notes(
    problem: Problem,
    place: int,
    monitor: str,
    latest: dict[str, Figure],
    by_monitor: dict[str, UncertainCount],
) -> Iterable[str]:
    """Notes on one batch."""
    model, batch = problem.model, problem.read.batches[place]
    yield from batch.notes
    others = [
        Message(FIGURE, count=figure.verified, source=name, day=as_date(figure.day))
        for name, figure in latest.items()
        if name != monitor
    ]
    if others:
        yield Message(NOTE_OTHER_MONITORS, others=others)
    top = max(latest, key=lambda name: latest[name].verified)
    if latest[top].verified > batch.announced:
        yield Message(
            NOTE_EXCEEDS,
            monitor=top,
            verified=latest[top].verified,
            announced=batch.announced,
            more=latest[top].verified - batch.announced,
        )
    elif latest[top].verified == batch.announced:
        yield Message(NOTE_ALL_VERIFIED, monitor=top, announced=batch.announced)
    else:
        a, b = _prior_of(model, place, problem.read.monitors.index(monitor))
        yield Message(NOTE_SPLIT_FROM_PRIOR, a=a, b=b, mean=a / (a + b), monitor=monitor)
        if model.family is not None and by_monitor[monitor].identified_by == "prior":
            yield Message(NOTE_DELAY_FROM_PRIOR, monitor=monitor)


def _prior_of(model: BatchModel, place: int, monitor: int) -> NDArray[np.float64]:
    """Beta prior of the chance that a monitor ever verifies a release of a batch."""
    (chance,) = (series.chance for series in model.of_batch(place) if series.monitor == monitor)
    return np.asarray(model.verification[chance])


def _count(
    draws: NDArray[np.int64],
    bounds: tuple[float, float],
    identified_by: IdentifiedBySource,
    exact: tuple[NDArray[np.int64], NDArray[np.float64]] | None,
    size: float,
) -> UncertainCount:
    """A count from draws, with its exact distribution where there is one."""
    if exact is None:
        return UncertainCount.from_draws(
            draws, bounds=bounds, identified_by=identified_by, effective_size=size
        )
    return UncertainCount(
        bounds=bounds,
        identified_by=identified_by,
        draws=draws,
        values=exact[0],
        probabilities=exact[1],
    )
