"""The audit of a register: how many people left it, from its own totals of people held and of arrests.

It is one function, with what it refuses and what it notes.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from detcount import arguments
from detcount._numerics.arrays import Ints
from detcount.definition import require_comparable
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import IdentifiedBySource, UncertainCount
from detcount.published import PublishedArrests, PublishedStock
from detcount.published.days import as_date, days_between, read_day
from detcount.published.reading import no_such
from detcount.stock.balance.audit_result import METHOD, StockFlowAudit
from detcount.stock.balance.register import (
    Register,
    late_cases,
    register_of,
    with_totals,
)
from detcount.words import Message

_N_DRAWS = 4000
_WITHIN = 3  # days away from the day asked for, at most, of the bulletin that stands for it
_FEWEST_CHECKS = 3  # spans from which the backlog of a running total is judged


def stock_flow_audit(
    stock: PublishedStock,
    arrests: PublishedArrests,
    start: Any,
    end: Any,
    *,
    source: str | None = None,
    event: str | None = None,
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
    seed : int, optional
        Seed of the draws.

    Returns
    -------
    StockFlowAudit
        Exits in persons, with interval, bounds, and the checks the interval rests on.

    Raises
    ------
    InputError
        If the last day is not after the first, a name is not there, several sources or totals fit and none
        is named, or stock and arrests are of different people by their definitions
        (`who`, `where` and `excludes`; a stock and a flow differ in the rest).
    NotEstimableError
        If no source gives both figures near both days, the running total fell, or the stock rose by
        more than the entries allow.

    See Also
    --------
    StockBalance : What bounds those held, day by day.

    Notes
    -----
    Exits = held(start) + [total(end) - total(start)] + late - held(end). Late entries are the
    backlog of the running total on the last day less that on the first. A span between two figures of
    the total has at least the entries that its bulletins print, and at least the change of the stock
    plus the releases they print; where the total grew by less, the rest is its backlog. On the two days
    it is drawn: whether there is one with the chance learned from the spans that can be checked, and its
    size as a Poisson count like one of those seen, no smaller than it must be there. The lower bound
    of the exits adds up what every fall of the stock forces; there is no upper one unless bulletins print
    the entries of the whole window. Counts that say "at least" take no part. Of two figures for one day the
    one that the printed flows explain is taken.

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
    seed = arguments.seed(seed)
    rng = np.random.default_rng(seed)
    register = _chosen(stock, arrests, (first, last), source, event)
    opening, closing = (_bulletin(register, day) for day in (first, last))
    _window_or_decline(register, opening, closing, first, last)
    if register.printed(opening, closing):
        late_by = "printed"
    else:
        late_by = "judged" if sum(check.checked for check in register.checks) >= _FEWEST_CHECKS else "unknown"
    added = register.total_at(closing) - register.total_at(opening)
    implied = register.exits_implied(opening, closing)

    late, late_bounds = _late_draws(register, opening, closing, late_by, rng)
    held = [np.array(register.held[day], dtype=np.int64) for day in (opening, closing)]
    exits = late + added + rng.choice(held[0], size=_N_DRAWS) - rng.choice(held[1], size=_N_DRAWS)
    low, high = max(register.exits_forced(opening, closing), 0), math.inf
    if late_by == "printed":
        high = float(held[0].max() - held[1].min()) + added + late_bounds[1]
        low = max(low, int(held[0].min() - held[1].max() + added + late_bounds[0]))
    allowed = np.flatnonzero((exits >= low) & (exits <= high))
    if high < low or not len(allowed) or (late_by == "judged" and implied < 0):
        raise NotEstimableError(
            METHOD,
            Message(
                "the stock of {source} forces at least {low:,} exits, and its arrests as they stand allow "
                "{implied:,}",
                source=register.source,
                low=low,
                implied=implied,
            ),
            Message("The running total lacks entries: choose other days, or ask how many were entered late."),
        )
    short = len(allowed) < _N_DRAWS
    chosen = rng.choice(allowed, size=_N_DRAWS) if short else allowed
    basis: IdentifiedBySource = "prior" if late_by == "judged" else "data"
    if late_by == "unknown":
        counted, lateness = (UncertainCount.only_bounded(*each) for each in ((low, high), late_bounds))
    else:
        counted, lateness = (
            UncertainCount.from_draws(
                draws[chosen],
                bounds=bounds,
                identified_by=basis,
                effective_size=1 / (1 / len(allowed) + 1 / _N_DRAWS) if short else None,
            )
            for draws, bounds in ((exits, (low, high)), (late, late_bounds))
        )
    notes = _notes(register, ((first, opening), (last, closing)), late_by, implied, low, arrests)
    notes.append(Message("Deaths in custody are not taken out of the exits."))
    if high == math.inf:
        notes.append(
            Message("The exits have no upper bound: cases may have been entered that no total holds.")
        )
    return StockFlowAudit(
        source=register.source,
        event=register.event,
        start=as_date(opening),
        end=as_date(closing),
        held_at_start=register.held_at(opening),
        held_at_end=register.held_at(closing),
        arrests=added,
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


def _chosen(
    stock: PublishedStock,
    arrests: PublishedArrests,
    days: tuple[np.datetime64, np.datetime64],
    source: str | None,
    event: str | None,
) -> Register:
    """Choose the source and its running total."""
    for what, name, known in (
        ("source", source, stock.sources),
        ("source", source, arrests.sources),
        ("event", event, arrests.event),
    ):
        if name is not None and name not in known:
            raise no_such(what, name, known)
    plain = [register_of(stock, who) for who in (stock.sources if source is None else (source,))]
    found = [
        register
        for each in plain
        if len(each.held) >= 2
        for register in with_totals(each, arrests, *days, _WITHIN)
        if event in (None, register.event)
    ]
    if not found:
        raise NotEstimableError(
            METHOD,
            Message(
                "no source gives both persons held and a running total of arrests that begins before the "
                "window and reaches its end"
            ),
            Message("Add the bulletins that lack, or choose other days."),
        )
    if len(found) > 1:
        raise InputError(
            Message(
                "{which}: {n} running totals fit, and only one register can be audited at a time. "
                "Name one {which}",
                which="source" if len({register.source for register in found}) > 1 else "event",
                n=len(found),
            )
        )
    return found[0]


def _bulletin(register: Register, asked: np.datetime64) -> np.datetime64:
    """The bulletin that stands for a day: that of the day, or the nearest."""
    near = [day for day in register.days if abs(days_between(asked, day)) <= _WITHIN]
    if near:
        return min(near, key=lambda day: abs(days_between(asked, day)))
    earlier = [day for day in register.days if day < asked]
    later = [day for day in register.days if day > asked]
    around = [as_date(each) for each in (*earlier[-1:], *later[:1])]
    raise NotEstimableError(
        METHOD,
        Message(
            "no bulletin of {source} within {within} days of {day} gives both persons held and the running "
            "total of arrests",
            source=register.source,
            within=_WITHIN,
            day=as_date(asked),
        ),
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
    rng: np.random.Generator,
) -> tuple[Ints, tuple[float, float]]:
    """Draw the entries that the running total does not hold, and bound them."""
    least = register.printed_entries(opening, closing)
    least -= register.total_at(closing) - register.total_at(opening)
    if late_by == "printed":
        return np.full(_N_DRAWS, least, dtype=np.int64), (float(least), float(least))
    before, after = register.backlogs((opening, closing), _N_DRAWS, rng)
    return np.maximum(after - before, least), (float(least), math.inf)


def _notes(
    register: Register,
    asked: tuple[tuple[np.datetime64, np.datetime64], tuple[np.datetime64, np.datetime64]],
    late_by: str,
    implied: int,
    low: int,
    arrests: PublishedArrests,
) -> list[str]:
    """What a reader must know of an audit; `asked` has both days, with the bulletin that stands for each."""
    opening, closing = (day for _, day in asked)
    notes: list[str] = []
    if late_by == "judged" and implied < low:
        notes.append(
            Message(
                "The running total as it stands implies {implied:,} exits, fewer than the {low:,} that the "
                "stock forces: it lacks entries, and the interval rests on the shortfalls seen elsewhere.",
                implied=implied,
                low=low,
            )
        )
    notes.append(
        Message(
            "Exits are people who left the register of {source}: most were released, some may have gone to "
            "house arrest, died or been struck off. People it never listed are not among them.",
            source=register.source,
        )
    )
    notes += [
        Message(
            "No bulletin gives both figures for {day}; that of {used} is used, and the window is from "
            "{start} to {end}.",
            day=as_date(day),
            used=as_date(used),
            start=as_date(opening),
            end=as_date(closing),
        )
        for day, used in asked
        if day != used
    ]
    notes += [_of_late_entries(register, late_by, implied)]
    notes += register.notes((opening, closing))
    if register.balances and not any(balance.unexplained for balance in register.balances):
        notes.append(
            Message(
                "In all {n_checked:,} bulletins that print both entries and releases and can be held "
                "against the one before, the two explain the change of the total to the person.",
                n_checked=len(register.balances),
            )
        )
    notes += [
        Message(
            "{source} itself counts {count:,} people detained earlier who were entered between {start} and "
            "{end}; the running total of arrests is taken to hold them.",
            source=register.source,
            count=count,
            start=as_date(begins),
            end=as_date(ends),
        )
        for begins, ends, count in late_cases(arrests, register.source)
        if begins <= closing and ends > opening
    ]
    return notes


def _of_late_entries(register: Register, late_by: str, implied: int) -> Message:
    """How the entries that the running total does not hold are known."""
    checked = [check for check in register.checks if check.checked]
    behind = [check.backlog_at_least for check in checked if check.backlog_at_least > 0]
    if late_by == "printed":
        return Message(
            "Every bulletin of the window prints the entries, so that those are used in place of the "
            "running total."
        )
    if late_by == "unknown":
        return Message(
            "Nothing in the series says how complete the running total of arrests was, so only bounds are "
            "given beside the {implied:,} exits that it implies as it stands.",
            implied=implied,
        )
    if behind:
        return Message(
            "The running total of arrests was behind the entries that bulletins print in {n_behind:,} of the "
            "{n_checked:,} spans that can be checked, by up to {most:,} persons. The interval supposes that "
            "it was like that on the first and on the last day.",
            n_behind=len(behind),
            n_checked=len(checked),
            most=max(behind),
        )
    return Message(
        "The running total of arrests was never seen behind the entries that bulletins print, in "
        "{n_checked:,} spans that can be checked, so the interval has no width from it; so few spans "
        "exclude no shortfall.",
        n_checked=len(checked),
    )
