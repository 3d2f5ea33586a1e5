"""Announcements as they are computed, what became of them, and what a reader must know of it."""

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
    exchange_probability,
    grid_of,
    happened_probabilities,
    identified,
    sample_looks,
    share_scores,
    stopped_probability,
)
from detcount.data.published.counts import MATCH_DAYS, PublishedCount
from detcount.estimates import GapEstimate, IdentifiedBySource, Specification, UncertainCount
from detcount.releases.announced import Batch, Read, headline_monitor
from detcount.words import Message

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Priors:
    """Prior of the split of verified counts.

    Parameters
    ----------
    outsiders : tuple of float, Beta
        Share of those verified who are not of the announcement. Published counts
        (`datasets/venezuela_releases.csv`).
    stopped : float, probability
        Probability that a monitor stopped, from which a note says so. Convention: one in four.
    """

    outsiders: tuple[float, float] = (1.2, 7.5)
    stopped: float = 0.25


PRIORS = Priors()


Beta = tuple[float, float]


@dataclass(frozen=True)
class Problem:
    """Inputs of an estimate: the specification, its options as they are used, and what was read."""

    estimator: Specification
    read: Read
    delayed: bool
    verification: Beta
    carried_out: Beta
    found: float | None
    n_draws: int
    seed: int

    @property
    def outsiders(self) -> Beta | None:
        """Prior of the share of those verified who are not of the announcement; None where all are of it."""
        return PRIORS.outsiders if self.delayed and self.found is None else None


@dataclass(frozen=True)
class _Posed:
    """One announcement as it is computed: its monitors in order, and the one that the split starts from."""

    batch: Batch
    headline: str
    looks: dict[str, Looks]

    @property
    def grid(self) -> Whole:
        """Numbers of releases that are looked at."""
        return grid_of(self.batch.stated.count, max(int(each.counts[-1]) for each in self.looks.values()))


def split_batches(problem: Problem) -> list[tuple[GapEstimate, dict[str, UncertainCount]]]:
    """Split every announcement; give what each monitor of it will have verified in the end besides."""
    random = np.random.default_rng(problem.seed)
    posed = [_posed(problem, batch) for batch in problem.read.batches]
    sampled: list[list[Sampled]] = [[] for _ in posed]
    for one, own in zip(posed, sampled, strict=True):
        if not _is_exact(problem, one):
            own += [
                sample_looks(each, one.batch.stated.count, one.grid, problem.carried_out, random)
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
            one.batch.stated.count,
            one.grid,
            list(one.looks.values()),
            own,
            [next(added) for _ in own],
            problem.carried_out,
            problem.n_draws,
            random,
        )
        shown = {
            name: look.stopped <= PRIORS.stopped and len(look.counts) > 1 and identified(each, end)
            for (name, look), each, end in zip(one.looks.items(), own, drawn.monitors, strict=True)
        }
        exchanged = exchange_probability(
            one.looks[one.headline], own[list(one.looks).index(one.headline)], one.batch.stated.count
        )
        found.append(_put_together(problem, one, drawn, shown, exchanged))
    return found


def _posed(problem: Problem, batch: Batch) -> _Posed:
    """The figures of an announcement as arrays, with their priors."""
    reports = problem.read.reports
    headline = headline_monitor(reports, batch)
    days = np.arange(batch.first.toordinal(), batch.window[1].toordinal() + 1)
    looks = {}
    for name, figures in batch.figures.items():
        used = figures if problem.delayed else figures[-1:]
        when = np.array([figure.published.toordinal() for figure in used], dtype=np.int64)
        spanned = max(int(when[-1] - days[0]), 0)
        since = (reports.last_published - used[-1].published).days
        looks[name] = Looks(
            counts=np.array([figure.count for figure in used], dtype=np.int64),
            at_least=np.array([figure.at_least for figure in used], dtype=bool),
            delays=when[:, None] - days if problem.delayed else np.full((len(when), 1), 10**7),
            verification=problem.verification,
            outsiders=problem.outsiders,
            found=problem.found if name == headline else None,
            defined=problem.delayed and name in batch.otherwise,
            stopped=stopped_probability(len(when), spanned, since) if problem.delayed else 1.0,
        )
    return _Posed(batch, headline, looks)


def _is_exact(problem: Problem, one: _Posed) -> bool:
    """Check whether the posterior has a closed form: no delay, and last figures that are exact."""
    return not problem.delayed and not any(look.at_least[-1] for look in one.looks.values())


def _exact(
    problem: Problem, one: _Posed, random: np.random.Generator
) -> tuple[GapEstimate, dict[str, UncertainCount]]:
    """One announcement without delay: its distribution, and draws of it at even steps."""
    announced, n_draws = one.batch.stated.count, problem.n_draws
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
    exchanged: float,
    exact: tuple[Whole, NDArray[np.float64]] | None = None,
) -> tuple[GapEstimate, dict[str, UncertainCount]]:
    """The result of one announcement, its counts within the bounds that hold without the priors."""
    batch, stated = one.batch, one.batch.stated
    head, reports, announced = batch.head, problem.read.reports, stated.count
    latest = {name: figures[-1] for name, figures in batch.figures.items()}
    ends = dict(zip(one.looks, drawn.monitors, strict=True))
    figure, end = latest[one.headline], ends[one.headline]
    verified = figure.count
    of_it = problem.outsiders is None  # those verified are all of the announcement
    least = min(max(each.count for each in latest.values()), announced) if of_it else 0
    open_ended = math.inf if stated.at_least else announced
    settled = least >= announced and not stated.at_least
    split: IdentifiedBySource = "data" if settled else "prior"
    partly_counted = _is_partly_counted(batch, one.headline)
    alone = partly_counted or one.headline in batch.part  # bounds alone are given

    def count(
        draws: Whole,
        low: float,
        high: float,
        by: IdentifiedBySource,
        support: tuple[int, int] | None = None,
        *,
        shortest: bool = False,
    ) -> UncertainCount:
        if support is None or exact is None:
            size = drawn.effective_size
            return UncertainCount.from_draws(
                draws, bounds=(low, high), identified_by=by, effective_size=size, shortest=shortest
            )
        sign, zero = support
        values, probabilities = zero + sign * exact[0][::sign], exact[1][::sign]
        return UncertainCount((low, high), by, draws, values, probabilities, shortest=shortest)

    by_monitor = {}
    for name, other in ends.items():
        now = latest[name].count
        most = now + max(announced - now, 0) if of_it else math.inf
        most = most if problem.delayed else now
        by: IdentifiedBySource = "data" if now == most or shown[name] else "prior"
        total = other.inside + other.outside + other.pending + other.others
        by_monitor[name] = count(
            total, now, math.inf if stated.at_least or latest[name].at_least else most, by
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
            drawn.happened - end.inside - end.pending,
            0,
            unverifiable_most,
            split,
            (1, -inside),
            shortest=True,
        ),
        "unsubstantiated": count(announced - drawn.happened, 0, announced - least, split, (-1, announced)),
    }
    if alone:
        parts = {name: UncertainCount.only_bounded(*each.bounds) for name, each in parts.items()}
    if partly_counted:
        pending, eventually = (UncertainCount.only_bounded(*each.bounds) for each in (pending, eventually))
    gap = GapEstimate(
        label=batch.label,
        start=head.start,
        end=head.end,
        as_of=reports.last_published,
        announced=announced,
        announced_by=stated.source,
        at_least=stated.at_least,
        verified=verified,
        verified_by=one.headline,
        verified_on=figure.published,
        verified_start=figure.start,
        verified_end=figure.end,
        eventually_verified=eventually,
        pending=pending,
        outside=None if of_it else count(end.outside, 0, math.inf if figure.at_least else verified, "prior"),
        bounds_assume=Message(
            "nobody whom {monitors} verified is outside the announcement", monitors=sorted(latest)
        )
        if of_it
        else None,
        estimator=problem.estimator,
        digest=reports.digest,
        definition=reports.definition,
        seed=problem.seed,
        notes=tuple(_notes(problem, one, by_monitor, exchanged, partly_counted)),
        **parts,
    )
    return gap, by_monitor


def _is_partly_counted(batch: Batch, monitor: str) -> bool:
    """Check whether the figures of a monitor hold less than half of the days announced, give or take two."""
    first, last = (day.toordinal() for day in batch.window)
    counted: set[int] = set()
    for figure in batch.figures[monitor]:
        start = first if figure.start is None else figure.start.toordinal()
        end = figure.last.toordinal()
        counted |= set(range(max(start - MATCH_DAYS, first), min(end + MATCH_DAYS, last) + 1))
    return 2 * len(counted) < last - first + 1


def _notes(
    problem: Problem,
    one: _Posed,
    by_monitor: dict[str, UncertainCount],
    exchanged: float,
    partly_counted: bool,
) -> Iterable[Message]:
    """Notes on one announcement."""
    batch, monitor, look = one.batch, one.headline, one.looks[one.headline]
    announced = batch.stated.count
    latest = {name: figures[-1] for name, figures in batch.figures.items()}
    yield from batch.notes
    others = [
        Message("{count:,} ({source}, {day})", count=each.count, source=name, day=each.published)
        for name, each in latest.items()
        if name != monitor
    ]
    if others:
        yield Message("Other monitors verified {others:;}.", others=others)
    top = max(latest.values(), key=lambda each: each.count)
    if top.count > announced:
        yield Message(
            "{monitor} verified {verified:,}, more than the {announced:,} announced: at least {more:,} "
            "verified releases are outside the announcement, by definition, window or error.",
            monitor=top.source,
            verified=top.count,
            announced=announced,
            more=top.count - announced,
        )
    if monitor in batch.part:
        yield Message(
            "{monitor} counts a part of what {source} announced, by its definition: nothing of the rest can "
            "be called unsubstantiated, and bounds alone are given for it.",
            monitor=monitor,
            source=batch.stated.source,
        )
    elif partly_counted:
        yield Message(
            "The counts of {monitor} hold less than half of the days announced: of the rest bounds alone are "
            "given.",
            monitor=monitor,
        )
        return
    elif look.found is None and (top.count < announced or problem.outsiders is not None):
        a, b = look.verification
        yield Message(
            "Published totals cannot separate the unverifiable from the unsubstantiated: that split rests on "
            "the prior probability, Beta({a:g}, {b:g}) with mean {mean:.0%}, that {monitor} ever verifies a "
            "true release. The bounds hold without it.",
            a=a,
            b=b,
            mean=a / (a + b),
            monitor=monitor,
        )
    if problem.delayed:
        yield from _notes_on_end(problem, latest[monitor], look, by_monitor[monitor], exchanged)


def _notes_on_end(
    problem: Problem, last: PublishedCount, look: Looks, count: UncertainCount, exchanged: float
) -> Iterable[Message]:
    """Notes on what is pending, and whether the monitor still counts."""
    monitor, day = last.source, last.published
    since = (problem.read.reports.last_published - day).days
    if look.stopped == 1:
        yield Message(
            "{monitor} has no later figure in these rows since {day}, {days} days: after a year nothing "
            "counts as pending.",
            monitor=monitor,
            day=day,
            days=since,
        )
        return
    if count.identified_by == "prior":
        yield Message(
            "The successive figures of {monitor} do not show how long its verification takes: what is "
            "pending here rests on the stated prior of the delay.",
            monitor=monitor,
        )
    if since and look.stopped > PRIORS.stopped:
        yield Message(
            "{monitor} has no later figure of these releases in these rows since {day}, {days} days: with a "
            "probability of {probability:.0%}, from a stated prior, its last figure is its final one.",
            monitor=monitor,
            day=day,
            days=since,
            probability=look.stopped,
        )
    if exchanged:
        yield Message(
            "Every figure of {monitor} is the number announced: with a probability of {probability:.0%}, "
            "from a stated prior, all were released before its eyes, and nothing is pending. If it passed "
            "the announced number on, it has verified nobody: then give its figures the role 'reported'.",
            monitor=monitor,
            probability=exchanged,
        )
