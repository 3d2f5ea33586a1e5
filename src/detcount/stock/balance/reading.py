"""What one register prints: its totals, what came and went between them, and which of it holds together."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Floats, Ints
from detcount.errors import InputError, NotEstimableError
from detcount.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.published.reading import no_such
from detcount.stock.balance.register import BulletinBalance, Register, chosen_register, register_of
from detcount.words import Message

METHOD = "StockBalance"
LATE_CASES = "late-reported cases"  # the event of entries of people arrested before the window of the count
_WEEK = 10  # days between two bulletins whose printed flows are those of all the days
_LONGEST = 21  # days by which the bulletins around a count of releases may reach beyond it


@dataclass(frozen=True)
class Declared:
    """Entries of which the register says that the people had been arrested earlier.

    Parameters
    ----------
    start, end : int
        First and last day of the entries, days since 1970.
    count : int
        Persons.
    """

    start: int
    end: int
    count: int


@dataclass(frozen=True, eq=False)
class Sheet:
    """What one register prints, bulletin by bulletin.

    Parameters
    ----------
    register : Register
        Its figures by day.
    days : ndarray of int64, shape (n_bulletins,)
        Days of the bulletins with a total, since 1970.
    figures : tuple of tuple of int
        Totals of each day: several where they differ, and nothing decides between them.
    entered, struck : ndarray of float64, shape (n_bulletins - 1,)
        Entries and people struck off as printed for the whole of each span; NaN where they are not.
    part_entered, part_struck : ndarray of float64, shape (n_bulletins - 1,)
        The same where they are printed for the last week of a longer span alone; 0 where nothing is.
    growth : tuple of (int, int, int)
        First span, span after the last, and by how much the running total of arrests grew over them.
    verified : tuple of (int, int, int)
        First span, span after the last, and releases that the register counted in them at least.
    declared : tuple of Declared
        Entries of people arrested earlier.
    fell : bool
        Whether the running total fell between two bulletins.
    balances : tuple of BulletinBalance
        Bulletins whose flows can be held against the change of the total.
    """

    register: Register
    days: Ints
    figures: tuple[tuple[int, ...], ...]
    entered: Floats
    struck: Floats
    part_entered: Floats
    part_struck: Floats
    growth: tuple[tuple[int, int, int], ...]
    verified: tuple[tuple[int, int, int], ...]
    declared: tuple[Declared, ...]
    fell: bool
    balances: tuple[BulletinBalance, ...]

    @property
    def least(self) -> Ints:
        """Smallest total of each bulletin."""
        return np.array([min(each) for each in self.figures], dtype=np.int64)

    @property
    def most(self) -> Ints:
        """Largest total of each bulletin."""
        return np.array([max(each) for each in self.figures], dtype=np.int64)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whether the entries of each span are printed."""
        return ~np.isnan(self.entered)


def read_sheet(
    stock: Any, arrests: Any, releases: Any, source: str | None, event: str | None
) -> tuple[Sheet, tuple[Message, ...]]:
    """Read the figures of one source; what is a flow and not a stock, or the other way round, is refused."""
    _check("stock", stock, PublishedStock)
    _check("arrests", arrests, PublishedArrests, optional=True)
    _check("releases", releases, PublishedReleases, optional=True)
    who = _source(stock, arrests, source)
    plain = register_of(stock, who)
    register, notes = plain, []
    if arrests is not None:
        held = list(plain.held)
        try:
            register = chosen_register(stock, arrests, held[0], held[-1], who, event, 7)
        except NotEstimableError:
            notes.append(
                Message(
                    "{source} has no running total of arrests over the whole of its bulletins: its "
                    "arrests are not used.",
                    source=who,
                )
            )
    held_days = list(register.held)
    days = np.array(held_days, dtype="datetime64[D]").astype(np.int64)
    printed = [
        np.array(
            [
                np.nan if (flow := register.flow(flows, before, day, before)) is None else flow
                for before, day in pairwise(held_days)
            ],
            dtype=np.float64,
        )
        for flows in (register.entered, register.released)
    ]
    whole = np.diff(days) <= _WEEK
    entered, struck = (np.where(whole, flow, np.nan) for flow in printed)
    part_entered, part_struck = (np.where(whole, 0, np.nan_to_num(flow)) for flow in printed)
    figures = tuple(_figures(register, k, entered, struck) for k in range(len(days)))
    growth, fell = _growth(register, held_days)
    return (
        Sheet(
            register=register,
            days=days,
            figures=figures,
            entered=entered,
            struck=struck,
            part_entered=part_entered,
            part_struck=part_struck,
            growth=growth,
            verified=_verified(releases, who, days),
            declared=_declared(arrests, who, days),
            fell=fell,
            balances=register.balances,
        ),
        tuple(notes),
    )


def _check(name: str, value: Any, kind: type, *, optional: bool = False) -> None:
    """Refuse what is not the published counts that it should be."""
    if isinstance(value, kind) or (optional and value is None):
        return
    mixed = isinstance(value, PublishedStock | PublishedArrests | PublishedReleases)
    why = (
        Message(
            ". A stock counts the people held on a day, a flow those who come or go in a window; they do not "
            "stand in for each other"
        )
        if mixed
        else Message("")
    )
    raise TypeError(
        Message(
            "{name}: expected {wanted}, got {kind}{why}",
            name=name,
            wanted=kind.__name__,
            kind=type(value).__name__,
            why=why,
        )
    )


def _source(stock: PublishedStock, arrests: PublishedArrests | None, source: str | None) -> str:
    """The source whose register is taken."""
    if source is not None:
        if source not in stock.sources:
            raise no_such("register", source, stock.sources)
        found = [source]
    else:
        found = list(stock.sources)
    many = [who for who in found if len(register_of(stock, who).held) >= 2]
    if len(many) > 1 and arrests is not None:
        several = many
        many = [
            who for who in several if who in arrests.sources and _can_audit(stock, arrests, who)
        ] or several
    if not many:
        raise NotEstimableError(
            METHOD,
            Message("no source gives exact totals of two days"),
            Message("Add the bulletins that lack."),
        )
    if len(many) > 1:
        raise InputError(
            Message(
                "register: {n} sources publish totals, and the balance is of one register. Name one of "
                "{names!r:or}",
                n=len(many),
                names=many,
            )
        )
    return many[0]


def _can_audit(stock: PublishedStock, arrests: PublishedArrests, who: str) -> bool:
    """Whether a source has a running total of arrests over its bulletins."""
    held = list(register_of(stock, who).held)
    try:
        chosen_register(stock, arrests, held[0], held[-1], who, None, 7)
    except (NotEstimableError, InputError):
        return False
    return True


def _figures(register: Register, k: int, entered: Floats, struck: Floats) -> tuple[int, ...]:
    """Totals of a bulletin: the one that its printed flows explain, where there is one, or all of them."""
    days = list(register.held)
    options = tuple(dict.fromkeys(register.held[days[k]]))
    if len(options) == 1 or k == 0 or np.isnan(entered[k - 1]) or np.isnan(struck[k - 1]):
        return options
    befores = register.held[days[k - 1]]
    fits = tuple(
        option
        for option in options
        if any(option - then == entered[k - 1] - struck[k - 1] for then in befores)
    )
    return fits or options


def _growth(
    register: Register, held_days: list[np.datetime64]
) -> tuple[tuple[tuple[int, int, int], ...], bool]:
    """Growth of the running total between bulletins that give it, and whether it fell."""
    both = [k for k, day in enumerate(held_days) if day in register.totals]
    found, fell = [], False
    for first, last in pairwise(both):
        grown = register.total_at(held_days[last]) - register.total_at(held_days[first])
        if grown < 0:
            fell = True
        else:
            found.append((first, last, grown))
    return tuple(found), fell


def _verified(releases: PublishedReleases | None, who: str, days: Ints) -> tuple[tuple[int, int, int], ...]:
    """Releases that the register counted, between the bulletins that enclose them."""
    if releases is None:
        return ()
    found: dict[tuple[int, int], int] = {}
    for row in range(len(releases)):
        if releases.source[row] != who or releases.role[row] != "verified" or np.isnat(releases.start[row]):
            continue
        start = int(releases.start[row].astype("datetime64[D]").astype(np.int64))
        last = releases.published[row] if np.isnat(releases.end[row]) else releases.end[row]
        end = int(last.astype("datetime64[D]").astype(np.int64))
        first = int(np.searchsorted(days, start - 1, side="right")) - 1
        until = int(np.searchsorted(days, end))
        if first < 0 or until >= len(days) or (days[until] - days[first]) - (end - start) > _LONGEST:
            continue
        found[first, until] = max(found.get((first, until), 0), int(releases.count[row]))
    return tuple((first, until, count) for (first, until), count in sorted(found.items()))


def _declared(arrests: PublishedArrests | None, who: str, days: Ints) -> tuple[Declared, ...]:
    """Entries of which the register says that the people had been arrested before the window."""
    if arrests is None:
        return ()
    found = []
    for row in range(len(arrests)):
        if arrests.source[row] != who or arrests.event[row] != LATE_CASES or np.isnat(arrests.start[row]):
            continue
        start = int(arrests.start[row].astype("datetime64[D]").astype(np.int64))
        last = arrests.published[row] if np.isnat(arrests.end[row]) else arrests.end[row]
        end = int(last.astype("datetime64[D]").astype(np.int64))
        if days[0] < start <= end <= days[-1]:
            found.append(Declared(start, end, int(arrests.count[row])))
    return tuple(found)
