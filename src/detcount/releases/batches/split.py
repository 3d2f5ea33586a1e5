"""One announcement split into its parts from draws, with its notes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.batches import MOST_OUTSIDE, BatchModel, InTheEnd, handed_over
from detcount.estimates import GapEstimate, IdentifiedBySource, UncertainCount
from detcount.published.days import as_date
from detcount.releases.batches.headline import headline_monitor
from detcount.releases.batches.notes import (
    BOUNDS_HALF,
    BOUNDS_NONE,
    FIGURE,
    NOTE_DEFINITION,
    NOTE_DELAY_FROM_PRIOR,
    NOTE_EXCEEDS,
    NOTE_HANDED_OVER,
    NOTE_OTHER_MONITORS,
    NOTE_SILENT,
    NOTE_SPLIT_FROM_PRIOR,
)
from detcount.releases.batches.reading import Read
from detcount.specification import Specification
from detcount.words import Message

__all__ = ["Drawn", "Problem", "split_batch"]

Whole = NDArray[np.int64]

_STOPPED = 0.25  # chance that a monitor stopped above which a note says so


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
        """Whether no sampling is needed: one batch, its figures exact, and no delay."""
        (batch, *more), model = self.read.batches, self.model
        return (
            model.family is None
            and not more
            and not any(figure.at_least for figures in batch.figures.values() for figure in figures)
        )


@dataclass(frozen=True)
class Drawn:
    """What was drawn of one batch: by monitor its figure in the end, and what data show of it."""

    carried_out: Whole
    eventually: dict[int, InTheEnd]
    by: dict[str, IdentifiedBySource]
    effective_size: float | None = None
    exact: tuple[Whole, NDArray[np.float64]] | None = None


def split_batch(problem: Problem, place: int, drawn: Drawn) -> tuple[GapEstimate, dict[str, UncertainCount]]:
    """Put the result of one batch together."""
    read, model, batch = problem.read, problem.model, problem.read.batches[place]
    names = read.monitors
    latest = {name: figures[-1] for name, figures in batch.figures.items()}
    monitor = read.rules.headline or headline_monitor(read.reports, batch)
    verified, carried_out = latest[monitor].verified, drawn.carried_out
    largest = max(figure.verified for figure in latest.values())
    least = largest if model.outsiders is None else math.ceil(largest * (1 - MOST_OUTSIDE))
    least = min(least, batch.announced) if model.outsiders is not None else least
    most = max(batch.announced, least)
    open_ended = math.inf if batch.at_least else most
    final_most = math.inf if batch.at_least else most if model.outsiders is None else 2 * batch.announced
    # nothing is left to a prior where the verified reach the announced, and all of them are of it
    settled = least >= batch.announced and not batch.at_least
    split: IdentifiedBySource = "data" if settled else "prior"

    def count(
        draws: Whole, bounds: tuple[float, float], by: IdentifiedBySource, shift: int = 1, zero: int = 0
    ) -> UncertainCount:
        return _count(draws, bounds, by, drawn, None if zero is None else (shift, zero))

    by_monitor = {}
    for name, figure in latest.items():
        bounds = figure.verified, max(figure.verified, final_most)
        by: IdentifiedBySource = "data" if bounds[0] == bounds[1] else drawn.by[name]
        draws = drawn.eventually[names.index(name)].verified
        by_monitor[name] = _count(draws, bounds, by, drawn, None)
    final = drawn.eventually[names.index(monitor)]
    headline = by_monitor[monitor]
    inside_least = verified if model.outsiders is None else math.ceil(verified * (1 - MOST_OUTSIDE))
    never_most = max(open_ended - min(inside_least, most), 0)
    partial = monitor in batch.partial
    rest = (
        count(carried_out, (least, open_ended), split),
        count(carried_out - final.inside, (0, never_most), "data" if settled else "prior", 1, -verified),
        count(
            np.maximum(batch.announced - carried_out, 0),
            (0, max(batch.announced - least, 0)),
            split,
            -1,
            batch.announced,
        ),
    )
    if partial:  # the rest is of another definition: counts say nothing of it
        rest = (
            UncertainCount.only_bounded(least, open_ended),
            UncertainCount.only_bounded(0, never_most),
            UncertainCount.only_bounded(0, max(batch.announced - least, 0)),
        )
    happened, never, missing = rest
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
        eventually_verified=headline,
        carried_out=happened,
        pending=_count(
            final.verified - verified,
            (0, headline.bounds[1] - verified),
            headline.identified_by,
            drawn,
            None,
        ),
        unverifiable=never,
        unsubstantiated=missing,
        outside=None
        if model.outsiders is None
        else _count(final.verified - final.inside, (0, max(headline.bounds[1], 0)), "prior", drawn, None),
        bounds_assume=Message(
            BOUNDS_NONE if model.outsiders is None else BOUNDS_HALF, monitors=sorted(latest)
        ),
        estimator=problem.estimator,
        digest=read.reports.digest,
        definition=read.reports.definition,
        seed=problem.seed,
        notes=tuple(_notes(problem, place, monitor, by_monitor)),
    )
    return gap, by_monitor


def _notes(
    problem: Problem, place: int, monitor: str, by_monitor: dict[str, UncertainCount]
) -> Iterable[str]:
    """Notes on one batch."""
    model, batch = problem.model, problem.read.batches[place]
    latest = {name: figures[-1] for name, figures in batch.figures.items()}
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
    if monitor in batch.partial:
        yield Message(NOTE_DEFINITION, monitor=monitor, source=batch.source)
    elif latest[top].verified < batch.announced or model.outsiders is not None:
        a, b = model.verification[problem.read.monitors.index(monitor)]
        yield Message(NOTE_SPLIT_FROM_PRIOR, a=a, b=b, mean=a / (a + b), monitor=monitor)
    if model.family is not None and by_monitor[monitor].identified_by == "prior":
        yield Message(NOTE_DELAY_FROM_PRIOR, monitor=monitor)
    names = problem.read.monitors
    which = next(k for k in model.of_batch(place) if names[model.series[k].monitor] == monitor)
    silent = (problem.read.reports.last_published - as_date(latest[monitor].day)).days
    if silent and model.series[which].stopped > _STOPPED:
        chance = model.series[which].stopped
        yield Message(
            NOTE_SILENT, monitor=monitor, day=as_date(latest[monitor].day), days=silent, chance=chance
        )
    if chance := handed_over(model, which):
        yield Message(NOTE_HANDED_OVER, monitor=monitor, chance=chance)


def _count(
    draws: Whole,
    bounds: tuple[float, float],
    identified_by: IdentifiedBySource,
    drawn: Drawn,
    shifted: tuple[int, int] | None,
) -> UncertainCount:
    """A count from draws; or, where R is known exactly, its distribution times a sign and shifted."""
    if drawn.exact is None or shifted is None:
        return UncertainCount.from_draws(
            draws, bounds=bounds, identified_by=identified_by, effective_size=drawn.effective_size
        )
    sign, zero = shifted
    values = zero + sign * drawn.exact[0]
    if sign < 0:
        values = np.maximum(values, 0)
    values, where = np.unique(values, return_inverse=True)
    probabilities = np.bincount(where, weights=drawn.exact[1]).astype(np.float64)
    return UncertainCount(
        bounds=bounds, identified_by=identified_by, draws=draws, values=values, probabilities=probabilities
    )
