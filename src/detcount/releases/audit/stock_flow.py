"""The stock-flow audit: how many people left a monitor's register, from its own stock and arrests."""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from detcount import arguments
from detcount._numerics.stock_flow import uniform_draws
from detcount.definition import require_comparable
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import UncertainCount
from detcount.published import PublishedArrests, PublishedStock
from detcount.published.days import as_date, read_day
from detcount.releases.audit.notes import NOTE_SHORT, audit_notes
from detcount.releases.audit.posterior import late_draws, split_exits
from detcount.releases.audit.reading import METHOD, chosen_register
from detcount.releases.audit.result import StockFlowAudit
from detcount.releases.audit.window import endpoint, printed_throughout, window_or_decline
from detcount.words import Message

__all__ = ["ADVICE_FORCED", "REASON_FORCED", "REMEDY_FORCED", "stock_flow_audit"]

REASON_FORCED = (
    "the stock of {source} forces at least {low:,} exits, and its arrests as they stand allow {implied:,}"
)
REMEDY_FORCED = "The running total lacks entries: give late_entries, or choose other days."
ADVICE_FORCED = "The running total lacks entries: choose other days, or ask how many were entered late."

_FEWEST_CHECKS = 3  # spans from which the backlog of a running total is judged


def stock_flow_audit(
    stock: PublishedStock,
    arrests: PublishedArrests,
    start: Any,
    end: Any,
    *,
    source: str | None = None,
    event: str | None = None,
    late_entries: int | tuple[int, int] | None = None,
    deaths: int | tuple[int, int] = 0,
    within: int = 3,
    interpolate: bool = False,
    n_draws: int = 4000,
    seed: int = 0,
) -> StockFlowAudit:
    """Count the exits that a monitor's stock and running total of arrests imply.

    The estimand is the number of people who left the register of one monitor after the first day and
    up to the last, other than by death. It needs no list of releases, and audits announced totals from
    outside.

    Parameters
    ----------
    stock : PublishedStock
        Persons held.
    arrests : PublishedArrests
        Arrests, with a running total: an event whose window always starts on the same day.
    start, end : str, datetime.date or numpy.datetime64
        The two days.
    source : str, optional
        Whose register; needed where several publish both.
    event : str, optional
        The running total; needed where the source has several.
    late_entries : int or tuple of int, optional
        Entries of the window that the running total does not hold, persons: a number, or the smallest
        and the largest, between which all are taken as equally likely. Left out, they are judged from
        the entries and releases that bulletins print.
    deaths : int or tuple of int, optional
        Deaths in custody among the registered, persons: a number, or the smallest and the largest.
    within : int, optional
        How many days away a bulletin may be from `start` or `end`; the window is then moved to it.
    interpolate : bool, optional
        Split the span between two bulletins in proportion to its days where none gives both figures.
        The prior on the split is stated, and the bounds allow every split.
    n_draws : int, optional
        Draws.
    seed : int, optional
        Seed of the draws.

    Returns
    -------
    StockFlowAudit
        Exits in persons, with interval, bounds, and the checks the interval rests on.

    Raises
    ------
    InputError
        If the last day is not after the first, an argument is no such number, a name is not there, or
        several sources or totals fit and none is named, or stock and arrests are of different people by their
        definitions (`who`, `where` and `excludes`; a stock and a flow differ in the rest).
    NotEstimableError
        If no source gives both figures near both days, the running total fell, or the stock rose by
        more than the entries allow.

    See Also
    --------
    ReleaseProcess : Puts the published totals of releases themselves on one scale.

    Notes
    -----
    Exits = held(start) + [total(end) - total(start)] + late - held(end) - deaths. Late entries are the
    backlog of the running total on the last day less that on the first. A span between two figures of
    the total has at least the entries that its bulletins print, and at least the change of the stock
    plus the releases they print; where the total grew by less, the rest is its backlog. On the two days
    it is drawn: whether there is one with the chance learned from the spans that can be checked, and its
    size as a Poisson count like one of those seen, no smaller than it must be there. The lower bound
    of the exits adds up what every fall of the stock forces; there is no upper one without a bound on
    `late_entries`. Counts that say "at least" take no part.

    On invented registers whose total is stale one time in four, the 95% interval held the exits of a
    window without printed flows in 94 of 100 where all bulletins outside it print theirs, and in 88 of
    100 where half do: shortfalls that no printed flow shows are missed.

    Assumes that the stock and the arrest total of the monitor belong to one register: who enters is in
    both, and who leaves is out of the stock by the next bulletin.

    Examples
    --------
    >>> from detcount import datasets, releases
    >>> audit = releases.stock_flow_audit(
    ...     datasets.load("venezuela_stock"),
    ...     datasets.load("venezuela_arrests"),
    ...     "2024-10-07",
    ...     "2025-03-31",
    ... )
    >>> audit.implied
    1440
    >>> announced = audit.compare(datasets.load("venezuela_releases")).iloc[0]
    >>> int(announced["count"]), int(announced["excess"])
    (2006, 566)
    """
    require_comparable(METHOD, (stock.definition, arrests.definition), fields=("who", "where", "excludes"))
    first, last = read_day(start, "start"), read_day(end, "end")
    if first >= last:
        raise InputError(
            Message(
                "end: expected a day after {first}, got {last}. Exits are counted from one to the other",
                first=str(first),
                last=str(last),
            )
        )
    death_range = _whole_range(deaths, "deaths", least=0)
    late_range = None if late_entries is None else _whole_range(late_entries, "late_entries")
    within = arguments.whole_number("within", within, unit="of days")
    n_draws = arguments.whole_number("n_draws", n_draws, least=1)
    seed = arguments.seed(seed)
    register = chosen_register(stock, arrests, first, last, source, event, within)
    opening = endpoint(register, first, within, interpolate)
    closing = endpoint(register, last, within, interpolate)
    window_or_decline(register, opening, closing)
    if late_range is not None:
        late_by = "given"
    elif printed_throughout(register, opening, closing):
        late_by = "printed"
    else:
        late_by = "judged" if sum(check.checked for check in register.checks) >= _FEWEST_CHECKS else "unknown"
    rng = np.random.default_rng(seed)
    added = register.total_at(closing.before) - register.total_at(opening.after)
    implied = register.held_at(opening.after) + added - register.held_at(closing.before)
    low = register.exits_forced(opening.after, closing.before) - death_range[1]

    late, late_bounds = late_draws(register, opening, closing, late_by, late_range, n_draws, rng)
    exits = late + added
    exits += register.held_draws(opening.after, n_draws, rng) - register.held_draws(
        closing.before, n_draws, rng
    )
    exits -= uniform_draws(*death_range, n_draws, rng)
    low = max(low, 0)
    high = math.inf
    if late_by in {"given", "printed"}:
        held = register.held_range(opening.after, closing.before)
        high = held[1] + added + late_bounds[1] - death_range[0]
        low = max(low, int(held[0] + added + late_bounds[0]) - death_range[1])
    for point, is_opening in ((opening, True), (closing, False)):
        if point.share is not None:
            part, most = split_exits(register, point, is_opening, n_draws, rng)
            exits, high = exits + part, high + most
            implied += round(float(part.mean()))
    allowed = np.flatnonzero((exits >= low) & (exits <= high))
    if high < low or not len(allowed) or (late_by == "judged" and implied < 0):
        raise NotEstimableError(
            METHOD,
            Message(REASON_FORCED, source=register.source, low=low, implied=implied),
            Message(REMEDY_FORCED),
            advice=Message(ADVICE_FORCED),
        )
    chosen = allowed if len(allowed) == n_draws else rng.choice(allowed, size=n_draws)
    exits, late = exits[chosen], late[chosen]
    effective = 1 / (1 / len(allowed) + 1 / n_draws) if len(allowed) < n_draws else None
    notes: list[str] = []
    split = opening.share is not None or closing.share is not None
    by_prior = split or (late_range is not None and late_range[0] < late_range[1])
    if late_by == "unknown":
        counted = UncertainCount.only_bounded(low, high)
        lateness = UncertainCount.only_bounded(*late_bounds)
    else:
        counted = UncertainCount.from_draws(
            exits,
            bounds=(low, high),
            identified_by="prior" if by_prior else "data",
            effective_size=effective,
        )
        lateness = UncertainCount.from_draws(
            late,
            bounds=late_bounds,
            identified_by="prior" if late_range is not None and late_range[0] < late_range[1] else "data",
            effective_size=effective,
        )
    if late_by == "judged" and implied < low:
        notes.append(Message(NOTE_SHORT, implied=implied, low=low))
    notes += audit_notes(register, opening, closing, late_by, late_range, implied, death_range, high, arrests)
    return StockFlowAudit(
        source=register.source,
        event=register.event,
        start=as_date(opening.day),
        end=as_date(closing.day),
        held_at_start=register.held_at(opening.after if opening.share is not None else opening.day),
        held_at_end=register.held_at(closing.before if closing.share is not None else closing.day),
        arrests=added,
        deaths=death_range,
        implied=implied,
        exits=counted,
        late_entries=lateness,
        balances=register.balances,
        checks=register.checks,
        stock_digest=stock.digest,
        arrests_digest=arrests.digest,
        seed=seed,
        notes=tuple(notes),
    )


def _whole_range(value: int | tuple[int, int], where: str, *, least: int | None = None) -> tuple[int, int]:
    """A number of persons, or the smallest and the largest."""
    pair = value if isinstance(value, tuple) else (value, value)
    if len(pair) != 2:
        raise InputError(
            Message(
                "{where}: expected a number or two, the smallest and the largest, got {n}",
                where=where,
                n=len(pair),
            )
        )
    low, high = (operator.index(end) for end in pair)
    if low > high or (least is not None and low < least):
        what = Message("the smallest first") if low > high else Message("{least} or more", least=least)
        raise InputError(
            Message(
                "{where}: expected whole numbers of persons, {what}, got {got}",
                where=where,
                what=what,
                got=repr(value),
            )
        )
    return low, high
