"""The audit of a register: how many people left it, from its own totals of people held and of arrests."""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from detcount import arguments
from detcount._numerics.arrays import Ints
from detcount._numerics.stock_flow import uniform_draws
from detcount.definition import require_comparable
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import IdentifiedBySource, UncertainCount
from detcount.published import PublishedArrests, PublishedStock
from detcount.published.days import as_date, days_between, read_day
from detcount.stock.balance.audit_notes import NOTE_SHORT, audit_notes
from detcount.stock.balance.audit_result import StockFlowAudit
from detcount.stock.balance.register import METHOD, Register, chosen_register
from detcount.words import Message

REASON_FORCED = (
    "the stock of {source} forces at least {low:,} exits, and its arrests as they stand allow {implied:,}"
)
REMEDY_FORCED = "The running total lacks entries: give late_entries, or choose other days."
ADVICE_FORCED = "The running total lacks entries: choose other days, or ask how many were entered late."

REASON_NO_BULLETIN = (
    "no bulletin of {source} within {within} days of {day} gives both persons held and the running total of "
    "arrests"
)

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
    StockBalance : The register day by day, and what bounds those held.

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
    >>> from detcount import datasets, stock
    >>> audit = stock.stock_flow_audit(
    ...     datasets.load("venezuela_stock"),
    ...     datasets.load("venezuela_arrests"),
    ...     "2024-10-07",
    ...     "2025-03-31",
    ... )
    >>> audit.implied
    1440
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
    opening, closing = (_bulletin(register, day, within) for day in (first, last))
    _window_or_decline(register, opening, closing, first, last)
    if late_range is not None:
        late_by = "given"
    elif register.printed(opening, closing):
        late_by = "printed"
    else:
        late_by = "judged" if sum(check.checked for check in register.checks) >= _FEWEST_CHECKS else "unknown"
    rng = np.random.default_rng(seed)
    added = register.total_at(closing) - register.total_at(opening)
    implied = register.held_at(opening) + added - register.held_at(closing)
    low = register.exits_forced(opening, closing) - death_range[1]

    late, late_bounds = _late_draws(register, opening, closing, late_by, late_range, n_draws, rng)
    exits = late + added
    exits += register.held_draws(opening, n_draws, rng) - register.held_draws(closing, n_draws, rng)
    exits -= uniform_draws(*death_range, n_draws, rng)
    low = max(low, 0)
    high = math.inf
    if late_by in {"given", "printed"}:
        held = register.held_range(opening, closing)
        high = held[1] + added + late_bounds[1] - death_range[0]
        low = max(low, int(held[0] + added + late_bounds[0]) - death_range[1])
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
    stated = late_by == "judged" or (late_range is not None and late_range[0] < late_range[1])
    basis: IdentifiedBySource = "prior" if stated else "data"
    if late_by == "unknown":
        counted = UncertainCount.only_bounded(low, high)
        lateness = UncertainCount.only_bounded(*late_bounds)
    else:
        counted, lateness = (
            UncertainCount.from_draws(draws, bounds=bounds, identified_by=basis, effective_size=effective)
            for draws, bounds in ((exits, (low, high)), (late, late_bounds))
        )
    if late_by == "judged" and implied < low:
        notes.append(Message(NOTE_SHORT, implied=implied, low=low))
    asked = ((first, opening), (last, closing))
    notes += audit_notes(register, asked, late_by, late_range, implied, death_range, high, arrests)
    return StockFlowAudit(
        source=register.source,
        event=register.event,
        start=as_date(opening),
        end=as_date(closing),
        held_at_start=register.held_at(opening),
        held_at_end=register.held_at(closing),
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


def _bulletin(register: Register, asked: np.datetime64, within: int) -> np.datetime64:
    """The bulletin that stands for a day: that of the day, or the nearest."""
    near = [day for day in register.days if abs(days_between(asked, day)) <= within]
    if near:
        return min(near, key=lambda day: abs(days_between(asked, day)))
    earlier = [day for day in register.days if day < asked]
    later = [day for day in register.days if day > asked]
    around = [as_date(each) for each in (*earlier[-1:], *later[:1])]
    raise NotEstimableError(
        METHOD,
        Message(REASON_NO_BULLETIN, source=register.source, within=within, day=as_date(asked)),
        Message("The nearest that does is of {days:or}.", days=around)
        if around
        else Message("No bulletin gives both."),
    )


def _window_or_decline(
    register: Register,
    opening: np.datetime64,
    closing: np.datetime64,
    first: np.datetime64,
    last: np.datetime64,
) -> None:
    """Refuse a window without a span between two bulletins, or over which the running total fell."""
    if opening >= closing:
        raise NotEstimableError(
            METHOD,
            Message(
                "the bulletins of {source} leave no span between {start} and {end}",
                source=register.source,
                start=as_date(first),
                end=as_date(last),
            ),
            Message("Choose days that are farther apart."),
        )
    if register.total_at(closing) < register.total_at(opening):
        raise NotEstimableError(
            METHOD,
            Message(
                "the running total of arrests of {source} is lower on {after} than on {before}",
                source=register.source,
                after=as_date(closing),
                before=as_date(opening),
            ),
            Message("It was corrected in between: choose other days."),
        )


def _late_draws(
    register: Register,
    opening: np.datetime64,
    closing: np.datetime64,
    late_by: str,
    late_range: tuple[int, int] | None,
    n_draws: int,
    rng: np.random.Generator,
) -> tuple[Ints, tuple[float, float]]:
    """Draw the entries that the running total does not hold, and bound them."""
    if late_range is not None:
        return uniform_draws(*late_range, n_draws, rng), (float(late_range[0]), float(late_range[1]))
    least = register.printed_entries(opening, closing)
    least -= register.total_at(closing) - register.total_at(opening)
    if late_by == "printed":
        return np.full(n_draws, least, dtype=np.int64), (float(least), float(least))
    drawn = register.backlogs((opening, closing), n_draws, rng)
    return np.maximum(drawn[1] - drawn[0], least), (float(least), math.inf)


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
