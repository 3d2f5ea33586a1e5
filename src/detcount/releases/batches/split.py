"""Announcements split into their parts: the posterior of each, its notes, and what bounds say without it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.announcement import (
    Drawn,
    InTheEnd,
    Looks,
    Sampled,
    draw_announcement,
    grid_of,
    handed_over,
    happened_probabilities,
    identified,
    sample_looks,
    share_scores,
    stopped_chance,
)
from detcount.estimates import GapEstimate, IdentifiedBySource, UncertainCount
from detcount.published.days import as_date
from detcount.published.relations import MATCH_DAYS
from detcount.releases.batches.announcement import Batch, Figure
from detcount.releases.batches.headline import headline_monitor
from detcount.releases.batches.notes import (
    BOUNDS_NONE,
    FIGURE,
    NOTE_DEFINITION,
    NOTE_DELAY_FROM_PRIOR,
    NOTE_EXCEEDS,
    NOTE_HANDED_OVER,
    NOTE_OTHER_MONITORS,
    NOTE_SILENT,
    NOTE_SPLIT_FROM_PRIOR,
    NOTE_UNCOUNTED,
    NOTE_YEAR,
)
from detcount.releases.batches.reading import Read
from detcount.releases.batches.verification import Beta, Verification, prior_of
from detcount.specification import Specification
from detcount.words import Message

Whole = NDArray[np.int64]

_STOPPED = 0.25  # chance that a monitor stopped above which a note says so
_NO_DELAY = 10**7  # days after which everybody is verified who ever is


@dataclass(frozen=True)
class Problem:
    """What an estimate is made from: the specification, its options as they are used, and what was read."""

    estimator: Specification
    read: Read
    families: tuple[str, ...]
    delayed: bool
    verification: Verification
    carried_out: Beta
    outsiders: Beta | None
    found: float | None
    n_draws: int
    seed: int


@dataclass(frozen=True)
class _Posed:
    """One announcement as it is computed: its monitors in order, and the one that the split starts from."""

    batch: Batch
    headline: str
    looks: dict[str, Looks]

    @property
    def grid(self) -> Whole:
        """Numbers of releases that are looked at."""
        return grid_of(self.batch.announced, max(int(each.counts[-1]) for each in self.looks.values()))


def split_batches(problem: Problem) -> list[tuple[GapEstimate, dict[str, UncertainCount]]]:
    """Split every announcement; give what each monitor of it will have verified in the end besides."""
    random = np.random.default_rng(problem.seed)
    posed = [_posed(problem, batch) for batch in problem.read.batches]
    sampled: list[list[Sampled]] = [[] for _ in posed]
    for one, own in zip(posed, sampled, strict=True):
        if not _is_exact(problem, one):
            own += [
                sample_looks(each, one.batch.announced, one.grid, problem.carried_out, random)
                for each in one.looks.values()
            ]
    names = [name for one, own in zip(posed, sampled, strict=True) if own for name in one.looks]
    order = {name: place for place, name in enumerate(dict.fromkeys(names))}
    added = iter(share_scores([each for own in sampled for each in own], [order[name] for name in names]))
    found = []
    for one, own in zip(posed, sampled, strict=True):
        if not own:
            found.append(_exact(problem, one, random))
            continue
        drawn = draw_announcement(
            one.batch.announced,
            one.grid,
            list(one.looks.values()),
            own,
            [next(added) for _ in own],
            problem.carried_out,
            problem.n_draws,
            random,
        )
        shown = {
            name: look.stopped <= _STOPPED and len(look.counts) > 1 and identified(each, end)
            for (name, look), each, end in zip(one.looks.items(), own, drawn.monitors, strict=True)
        }
        eyes = handed_over(
            one.looks[one.headline], own[list(one.looks).index(one.headline)], one.batch.announced
        )
        found.append(_put_together(problem, one, drawn, shown, eyes))
    return found


def _posed(problem: Problem, batch: Batch) -> _Posed:
    """The figures of an announcement as arrays, with their priors."""
    reports = problem.read.reports
    headline = problem.read.rules.headline or headline_monitor(reports, batch)
    today = int(reports.published[-1].astype(np.int64))
    days = np.arange(batch.first, batch.window[1] + 1)
    looks = {}
    for name, figures in batch.figures.items():
        when = np.array([figure.day for figure in figures], dtype=np.int64)
        spanned, silent = max(int(when[-1]) - batch.first, 0), today - int(when[-1])
        looks[name] = Looks(
            counts=np.array([figure.verified for figure in figures], dtype=np.int64),
            at_least=np.array([figure.at_least for figure in figures], dtype=bool),
            delays=when[:, None] - days if problem.delayed else np.full((len(when), 1), _NO_DELAY),
            verification=prior_of(problem.verification, name),
            outsiders=problem.outsiders,
            found=problem.found if name == headline else None,
            defined=problem.delayed and name in batch.otherwise,
            stopped=stopped_chance(len(when), spanned, silent) if problem.delayed else 1.0,
            families=problem.families,
        )
    return _Posed(batch, headline, looks)


def _is_exact(problem: Problem, one: _Posed) -> bool:
    """Whether the posterior has a closed form: no delay, and last figures that are exact."""
    return not problem.delayed and not any(look.at_least[-1] for look in one.looks.values())


def _exact(
    problem: Problem, one: _Posed, random: np.random.Generator
) -> tuple[GapEstimate, dict[str, UncertainCount]]:
    """One announcement without delay: its distribution, and draws of it at even steps."""
    announced, n_draws = one.batch.announced, problem.n_draws
    last = [int(look.counts[-1]) for look in one.looks.values()]
    priors = [look.verification if look.found is None else look.found for look in one.looks.values()]
    values, probabilities = happened_probabilities(announced, last, priors, problem.carried_out)
    level = np.cumsum(probabilities)
    where = (np.arange(n_draws) + random.random()) / n_draws * level[-1]
    draws = random.permutation(values[np.minimum(np.searchsorted(level, where), len(values) - 1)])
    none = np.zeros(n_draws, dtype=np.int64)
    ends = (InTheEnd(none + min(v, announced), none + max(v - announced, 0), none, none, none) for v in last)
    drawn = Drawn(draws, tuple(ends), float(n_draws))
    return _put_together(problem, one, drawn, dict.fromkeys(one.looks, False), 0.0, (values, probabilities))


def _put_together(
    problem: Problem,
    one: _Posed,
    drawn: Drawn,
    shown: dict[str, bool],
    before_eyes: float,
    exact: tuple[Whole, NDArray[np.float64]] | None = None,
) -> tuple[GapEstimate, dict[str, UncertainCount]]:
    """The result of one announcement, its counts within the bounds that hold without the priors."""
    batch, reports, announced = one.batch, problem.read.reports, one.batch.announced
    latest = {name: figures[-1] for name, figures in batch.figures.items()}
    ends = dict(zip(one.looks, drawn.monitors, strict=True))
    figure, end = latest[one.headline], ends[one.headline]
    verified = figure.verified
    of_it = problem.outsiders is None  # those verified are all of the announcement
    least = min(max(each.verified for each in latest.values()), announced) if of_it else 0
    open_ended = math.inf if batch.at_least else announced
    settled = least >= announced and not batch.at_least
    split: IdentifiedBySource = "data" if settled else "prior"
    partly_counted = _is_partly_counted(batch, one.headline)
    alone = partly_counted or one.headline in batch.partial  # bounds alone are given

    def count(
        draws: Whole, low: float, high: float, by: IdentifiedBySource, support: tuple[int, int] | None = None
    ) -> UncertainCount:
        if support is None or exact is None:
            return UncertainCount.from_draws(
                draws, bounds=(low, high), identified_by=by, effective_size=drawn.effective_size
            )
        sign, zero = support
        values, probabilities = zero + sign * exact[0][::sign], exact[1][::sign]
        return UncertainCount((low, high), by, draws, values, probabilities)

    by_monitor = {}
    for name, other in ends.items():
        now = latest[name].verified
        most = now + max(announced - now, 0) if of_it else math.inf
        most = most if problem.delayed else now
        by: IdentifiedBySource = "data" if now == most or shown[name] else "prior"
        total = other.inside + other.outside + other.pending + other.others
        by_monitor[name] = count(
            total, now, math.inf if batch.at_least or latest[name].at_least else most, by
        )
    eventually = by_monitor[one.headline]
    inside = min(verified, announced)
    to_come = end.pending + np.maximum(end.inside - verified, 0)
    most_pending = eventually.bounds[1] - verified if of_it else open_ended
    pending = count(to_come, 0, most_pending, eventually.identified_by)
    unverifiable_most = open_ended - inside if of_it else open_ended
    parts = {
        "carried_out": count(drawn.happened, least, open_ended, split, (1, 0)),
        "unverifiable": count(
            drawn.happened - end.inside - end.pending, 0, unverifiable_most, split, (1, -inside)
        ),
        "unsubstantiated": count(announced - drawn.happened, 0, announced - least, split, (-1, announced)),
    }
    if alone:
        parts = {name: UncertainCount.only_bounded(*each.bounds) for name, each in parts.items()}
    if partly_counted:
        pending, eventually = (UncertainCount.only_bounded(*each.bounds) for each in (pending, eventually))
    gap = GapEstimate(
        label=batch.label,
        start=None if batch.start is None else as_date(batch.start),
        end=None if batch.end is None else as_date(batch.end),
        as_of=reports.last_published,
        announced=announced,
        announced_by=batch.source,
        at_least=batch.at_least,
        verified=verified,
        verified_by=one.headline,
        verified_on=as_date(figure.day),
        verified_start=None if figure.start is None else as_date(figure.start),
        verified_end=None if figure.end is None else as_date(figure.end),
        eventually_verified=eventually,
        pending=pending,
        outside=None if of_it else count(end.outside, 0, math.inf if figure.at_least else verified, "prior"),
        bounds_assume=Message(BOUNDS_NONE, monitors=sorted(latest)) if of_it else None,
        estimator=problem.estimator,
        digest=reports.digest,
        definition=reports.definition,
        seed=problem.seed,
        notes=tuple(_notes(problem, one, by_monitor, before_eyes, partly_counted)),
        **parts,
    )
    return gap, by_monitor


def _is_partly_counted(batch: Batch, monitor: str) -> bool:
    """Whether the figures of a monitor hold less than half of the days announced, give or take two."""
    first, last = batch.window
    counted: set[int] = set()
    for figure in batch.figures[monitor]:
        start, end = _days_of(figure, first)
        counted |= set(range(max(start - MATCH_DAYS, first), min(end + MATCH_DAYS, last) + 1))
    return 2 * len(counted) < last - first + 1


def _days_of(figure: Figure, first: int) -> tuple[int, int]:
    """First and last day that a figure counts; where nobody said, those of the announcement until then."""
    return first if figure.start is None else figure.start, figure.day if figure.end is None else figure.end


def _notes(
    problem: Problem,
    one: _Posed,
    by_monitor: dict[str, UncertainCount],
    before_eyes: float,
    partly_counted: bool,
) -> Iterable[str]:
    """Notes on one batch."""
    batch, monitor, look = one.batch, one.headline, one.looks[one.headline]
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
    elif partly_counted:
        yield Message(NOTE_UNCOUNTED, monitor=monitor)
        return
    elif look.found is None and (latest[top].verified < batch.announced or problem.outsiders is not None):
        a, b = look.verification
        yield Message(NOTE_SPLIT_FROM_PRIOR, a=a, b=b, mean=a / (a + b), monitor=monitor)
    if not problem.delayed:
        return
    silent = (problem.read.reports.last_published - as_date(latest[monitor].day)).days
    last = as_date(latest[monitor].day)
    if look.stopped == 1:
        yield Message(NOTE_YEAR, monitor=monitor, day=last, days=silent)
        return
    if by_monitor[monitor].identified_by == "prior":
        yield Message(NOTE_DELAY_FROM_PRIOR, monitor=monitor)
    if silent and look.stopped > _STOPPED:
        yield Message(NOTE_SILENT, monitor=monitor, day=last, days=silent, chance=look.stopped)
    if before_eyes:
        yield Message(NOTE_HANDED_OVER, monitor=monitor, chance=before_eyes)
