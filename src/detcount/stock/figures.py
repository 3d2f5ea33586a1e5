"""One register's published figures on a grid of steps: its totals, the flows it prints, and waves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.stock.course import PRIORS, TUNING, Course, PriorValues, course, first_state, forces
from detcount._numerics.stock.paths import AnchorTarget, straight
from detcount._numerics.stock.readings import Observations, residuals_of, shares_of_steps
from detcount.data.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.data.published.reading import no_such
from detcount.errors import InputError, NotEstimableError
from detcount.stock import register as bulletins
from detcount.stock.register import register_of, with_totals
from detcount.words import Message

METHOD = "IntegratedStock"


@dataclass(frozen=True)
class Spans:
    """Figures that each cover a span: after the end of one day, up to the end of another.

    Parameters
    ----------
    first, last : ndarray of int64, shape (n_spans,)
        Days since 1970.
    count : ndarray of float64, shape (n_spans,)
        Persons.
    """

    first: Ints
    last: Ints
    count: Floats

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, float]]) -> Spans:
        """Rows as arrays."""
        table = np.array(list(rows), dtype=np.float64).reshape(-1, 3)
        return cls(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2])


@dataclass(frozen=True)
class Figures:
    """Figures that one register prints.

    Parameters
    ----------
    source : str
        Whose register.
    days, totals : ndarray of int64, shape (n_days,)
        Days since 1970, increasing, and persons on the register.
    entered, removed, change : Spans
        Entries and exits as printed, and the change of the total over spans that do not print both.
    grown : Spans
        Growth of its running total of arrests, between the days on which it grew.
    notes : tuple of str
        What was chosen or left out.
    """

    source: str
    days: Ints
    totals: Ints
    entered: Spans
    removed: Spans
    change: Spans
    grown: Spans
    notes: tuple[str, ...]

    @property
    def exits_a_day(self) -> float:
        """Share of the register that leaves in a day, as printed; a usual one where nothing is."""
        days = float((self.removed.last - self.removed.first).sum())
        if days < PRIORS.exit_days:
            return PRIORS.usual_exits
        return float(self.removed.count.sum()) / days / max(float(self.totals.mean()), 1.0)


def read_figures(stock: PublishedStock, arrests: PublishedArrests | None, source: str | None) -> Figures:
    """Read the figures of one source; None where only one publishes."""
    if source is None and len(stock.sources) > 1:
        raise InputError(
            Message(
                "register: {n} sources publish how many are held, and the model is of one register. Name one "
                "of {names!r:or}",
                n=len(stock.sources),
                names=list(stock.sources),
            )
        )
    if source is not None and source not in stock.sources:
        raise no_such("source", source, stock.sources)
    source = stock.sources[0] if source is None else source
    mine = stock.select(source=source)
    exact = ~mine.at_least
    verified = exact & np.array([role == "verified" for role in mine.role])
    retained = verified if verified.sum() >= 2 else exact
    notes: list[str] = []
    if retained.sum() < len(mine):
        notes.append(
            Message.counted(
                "1 total of the register says no more than a lower limit, or is not its own: it is left out.",
                "{n:,} totals of the register say no more than a lower limit, or are not its own: they are "
                "left out.",
                n=int(len(mine) - retained.sum()),
            )
        )
    days = [] if not retained.any() else sorted(set(mine.date[retained].tolist()))
    doubled = sum(len(set(mine.count[retained & (mine.date == day)].tolist())) > 1 for day in days)
    if doubled:
        notes.append(
            Message.counted(
                "1 day has two totals that differ: the one that the printed flows lead to is taken, or else "
                "the later one.",
                "{n:,} days have two totals that differ: the one that the printed flows lead to is taken, or "
                "else the later one.",
                n=doubled,
            )
        )
    if len(days) < 2:
        raise NotEstimableError(
            METHOD,
            Message("the register has fewer than two totals of different days"),
            Message("Add bulletins of the same source."),
        )
    register = register_of(mine.where(retained), source)
    dates = list(register.held)
    totals = np.array([register.held_at(day) for day in dates], dtype=np.int64)
    if not totals.any():
        raise NotEstimableError(
            METHOD, Message("all totals of the register are 0"), Message("Take another register.")
        )
    numbers = np.array(dates, dtype="datetime64[D]").astype(np.int64)
    flows = [
        np.array([printed.get(day, np.nan) for day in dates], dtype=np.float64)
        for printed in (register.entered, register.released)
    ]
    running = [] if arrests is None else with_totals(register, arrests, dates[0], dates[-1])
    grown = [] if not running else _grown(max((each.totals for each in running), key=len), numbers)
    return Figures(source, numbers, totals, *_flows(numbers, totals, *flows), Spans.of(grown), tuple(notes))


def _flows(days: Ints, totals: Ints, came: Floats, went: Floats) -> tuple[Spans, Spans, Spans]:
    """Printed entries and exits by span, and changes of the total where not both are printed.

    Flows that lead from one total to the next are of all the days between; others are of one week.
    """
    entered: list[tuple[int, int, float]] = []
    removed: list[tuple[int, int, float]] = []
    change: list[tuple[int, int, float]] = []
    for k, (before, day) in enumerate(pairwise(days.tolist()), start=1):
        moved = float(totals[k] - totals[k - 1])
        both = moved == came[k] - went[k]
        since = before if both or day - before <= bulletins.TUNING.longest_week else day - 7
        if not np.isnan(came[k]):
            entered.append((since, day, float(came[k])))
        if not np.isnan(went[k]):
            removed.append((since, day, float(went[k])))
        if not both:
            change.append((before, day, moved))
    return Spans.of(entered), Spans.of(removed), Spans.of(change)


def _grown(totals: dict[np.datetime64, list[int]], days: Ints) -> list[tuple[int, int, float]]:
    """Growth between the days on which a running total grew.

    One that stands still is stale: the span is joined to the next. What falls is left out.
    """
    found: list[tuple[int, int, float]] = []
    (at, value), *later = [(int(day.astype(np.int64)), each[-1]) for day, each in totals.items()]
    for day, total in later:
        if total > value:
            if at >= days[0] and day <= days[-1]:
                found.append((at, day, float(total - value)))
            at, value = day, total
    return found


def wave_spans(releases: PublishedReleases | None) -> Spans:
    """Windows of some days in which releases are said to have happened, whoever says it."""
    found: set[tuple[int, int, float]] = set()
    if releases is None:
        return Spans.of(found)
    for row in range(len(releases)):
        start, end = releases.start[row], releases.end[row]
        if np.isnat(start):
            continue
        last = releases.published[row] if np.isnat(end) else end
        first, to = (int(day.astype("datetime64[D]").astype(np.int64)) for day in (start, last))
        if 0 <= to - first < TUNING.longest_wave and releases.count[row] > 0:
            found.add((first - 1, to, float(releases.count[row])))
    return Spans.of(sorted(found))


@dataclass(frozen=True)
class Grid:
    """Ends of the steps.

    Parameters
    ----------
    edges : ndarray of int64, shape (n_steps + 1,)
        Days since 1970; the first is that of the first bulletin.
    register : ndarray of float64, shape (n_steps + 1,)
        What the register holds: as published, on the logarithm straight between; NaN after the last bulletin.
    step : int
        Days of a step.
    """

    edges: Ints
    register: Floats
    step: int

    @classmethod
    def of(cls, figures: Figures, last: int) -> Grid:
        """Steps from the first bulletin, up to a day at least."""
        first = int(figures.days[0])
        step = max(TUNING.step, -(-(last - first) // TUNING.most_steps))
        n_steps = max(2, -(-(last - first) // step))
        edges = first + step * np.arange(n_steps + 1)
        known = np.exp(np.interp(edges, figures.days, np.log(np.maximum(figures.totals, 1.0))))
        return cls(edges, np.where(edges <= figures.days[-1], known, np.nan), step)

    def observed(self, figures: Figures) -> Observations:
        """Figures by the steps that their spans cover."""
        on = [
            (shares_of_steps(spans.first, spans.last, self.edges), spans.count)
            for spans in (figures.entered, figures.removed, figures.change, figures.grown)
        ]
        change = figures.change
        usual = PRIORS.usual_flow * float(figures.totals.mean()) * (change.last - change.first)
        flow = np.maximum(np.abs(change.count), usual)
        return Observations(
            entered=on[0],
            removed=on[1],
            change=on[2],
            change_error=np.asarray(np.sqrt(PRIORS.change_variance * flow + 1), dtype=np.float64),
            totals=on[3],
            more=PRIORS.flow_error,
            total_more=PRIORS.total_error,
        )

    def paths(self, z: Floats, prior: PriorValues) -> Course:
        """Follow the paths of some numbers."""
        driven = forces(z, self.step, prior)
        return course(driven, first_state(float(self.register[0]), driven), self.register, self.step)

    def residuals(
        self, observed: Observations, prior: PriorValues, days: Ints, target: AnchorTarget
    ) -> Callable[[Floats], Floats]:
        """Residuals of numbers: of the figures, and of the normal that stands for the anchors."""

        def residuals(z: Floats) -> Floats:
            followed = self.paths(z, prior)
            values = straight(np.log(np.maximum(followed.stock, 1.0)), self.edges, days).T
            return np.concatenate([residuals_of(followed, observed), target.residuals(values)], axis=1)

        return residuals
