"""What was announced for a window of days and not verified, split into its parts."""

from __future__ import annotations

import math

import numpy as np

from detcount._numerics.process import draw_carried_out
from detcount.errors import InputError
from detcount.estimates import GapEstimate
from detcount.published.days import as_date
from detcount.releases.process.draws import Draws
from detcount.releases.process.forecast import never_verified
from detcount.releases.process.gap import announced_inside, name_of_window, other_people, window_notes
from detcount.releases.process.notes import NOTE_FUTURE
from detcount.releases.process.questions import monitor_of, refuse_far
from detcount.words import Message

__all__ = ["gap_of"]


def gap_of(
    draws: Draws,
    first: int,
    last: int,
    announced_by: str | None,
    verified_by: str | None,
    more_notes: tuple[str, ...],
) -> GapEstimate:
    """Split the gap of a window from `first` to `last`, by the draws."""
    series, today = draws.series, draws.layout.today
    as_of = as_date(today)
    notes = []
    if last > today:
        last = today
        notes.append(Message(NOTE_FUTURE, as_of=as_of))
        if last < first:
            raise InputError(
                Message(
                    "start: expected a day up to {as_of}, got {first}. Use nowcast",
                    as_of=f"{as_of}",
                    first=f"{as_date(first)}",
                )
            )
    refuse_far(draws.layout, first, last)
    announcer, cover = announced_inside(series, first, last, today, announced_by)
    announced = int(announcer.count[list(cover)].sum())
    which = draws.main if verified_by is None else monitor_of(series, verified_by, "verified_by")
    monitor = series[which]
    inside = monitor.cover(first, last, today)
    verified = int(monitor.count[list(inside)].sum()) if inside else 0
    notes += window_notes(announcer, cover, monitor, inside, last - first + 1)
    random = np.random.default_rng([draws.seed, 2, which, abs(first), abs(last)])
    _, pending = draws.forecast.totals(which, first, last, None, random)
    _, again = draws.other.totals(which, first, last, None, random)
    mean = draws.forecast.counted(which, np.arange(first, last + 1)).sum(axis=1)
    never = never_verified(mean, draws.chance, random)
    eventually = verified + pending
    options = draws.options
    carried_out = draw_carried_out(
        announced, eventually, options.verification, options.carried_out, never, random
    )
    if draws.limit is not None:
        kept = draws.within(which, first, last, carried_out, random)
        pending, again, eventually, carried_out = (
            part[kept] for part in (pending, again, eventually, carried_out)
        )
    basis = draws.basis(pending, again)
    low, left = (verified, math.inf), (0, max(announced - verified, 0))
    never = carried_out - eventually
    missing = np.maximum(announced - carried_out, 0)
    why_not = other_people(draws.reports, announcer, monitor)
    if why_not is not None:
        notes.append(why_not)
        carried_out = never = missing = np.zeros(0, dtype=np.int64)
    return GapEstimate(
        label=name_of_window(announcer.source, as_date(first), as_date(last)),
        start=as_date(first),
        end=as_date(last),
        as_of=as_of,
        announced=announced,
        announced_by=announcer.source,
        at_least=bool(announcer.at_least[list(cover)].any()),
        verified=verified,
        verified_by=monitor.source,
        verified_on=as_date(int(monitor.published[list(inside)].max())) if inside else None,
        verified_start=as_date(int(monitor.start[list(inside)].min())) if inside else None,
        verified_end=as_date(int(monitor.end[list(inside)].max())) if inside else None,
        estimator=options,
        digest=draws.reports.digest,
        definition=draws.reports.definition,
        seed=draws.seed,
        notes=(*notes, *more_notes),
        eventually_verified=draws.count(eventually, basis, low),
        pending=draws.count(pending, basis),
        carried_out=draws.part(carried_out, low),
        unverifiable=draws.part(never, (0, math.inf)),
        unsubstantiated=draws.part(missing, left),
    )
