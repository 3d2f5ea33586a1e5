"""The stock by balance: what one register's totals, and what came and went, bound it by."""

from __future__ import annotations

import hashlib
import json
import math
from functools import partial
from itertools import pairwise
from typing import Annotated, Any, ClassVar

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.stock.balance import lower_bound, most_between
from detcount.assumptions import Assumption
from detcount.contract import arguments
from detcount.contract.citation import Reference
from detcount.contract.definition import common, require_comparable
from detcount.contract.specification import specification
from detcount.data.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.data.published.reading import as_date, no_such
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import StockPath
from detcount.reading.days import as_day
from detcount.stock.inputs import floor_of
from detcount.stock.register import (
    TUNING,
    Flows,
    Register,
    late_cases,
    register_of,
    with_totals,
)
from detcount.words import Message

METHOD = "StockBalance"
BOUNDS_ALONE = Message(
    "Totals of one register do not hold the number that it does not know, and nothing is stated of it: the "
    "path has bounds alone. Take lists of people."
)


@specification
class StockBalance:
    """Bounds of those held, day by day, by balance with what one register prints.

    The estimand is the stock S_t, the people held at the end of day t. Totals of one register do not hold the
    number it does not know, so that the path has bounds alone, and no upper one.

    Parameters
    ----------
    register : str, optional
        Source whose totals are taken; needed where several publish, and running totals do not decide.
    event : str, optional
        The running total of arrests; needed where the register has several.
    removed_within : int, optional
        Days within which whoever left is removed; None sets no limit.
    backlog : int, optional
        The most entries that the running total of arrests lacks on any day, persons; None sets no limit.

    Raises
    ------
    InputError
        If a number is out of its range.

    See Also
    --------
    stock_flow_audit : How many left the register between two days.
    series : The stock from lists of people.

    Notes
    -----
    Whoever is on the register on a day and still is `removed_within` days later was held on the day:
    S_t >= K_v - (entries after t, up to v), with v the first bulletin from then on. S_t >= the floor of named
    people, and >= 0. Whoever the register counted as let out was held before, or has been entered since.
    People entered late were inside on the day before, by the register's own account. Entries are bounded by
    what bulletins print, and by the running total and `backlog`.

    References
    ----------
    .. [1] Preston, S. H., Heuveline, P. & Guillot, M. (2001). Demography: Measuring and Modeling Population
       Processes. Blackwell. Chapter 1, the balancing equation.

    Examples
    --------
    >>> from detcount import datasets, stock
    >>> held, arrests = datasets.load("venezuela_stock"), datasets.load("venezuela_arrests")
    >>> path = stock.StockBalance(removed_within=30, backlog=60).fit(held, arrests=arrests)
    >>> path.identified_by, path.at("2025-03-31").bounds
    ('bounds', (775.0, inf))
    """

    register: str | None = None
    event: str | None = None
    removed_within: Annotated[int | None, partial(arguments.whole_number, unit="of days")] = None
    backlog: Annotated[int | None, partial(arguments.whole_number, unit="of persons")] = None
    _where: ClassVar[str] = "StockBalance: "

    assumes: ClassVar[tuple[Assumption, ...]] = (Assumption.REGISTER_BALANCE,)
    references: ClassVar[tuple[Reference, ...]] = ()

    def fit(
        self,
        stock: PublishedStock,
        *,
        arrests: PublishedArrests | None = None,
        releases: PublishedReleases | None = None,
        floor: Any = None,
        seed: int = 0,
    ) -> StockPath:
        """Bound the stock of every day from the first bulletin of the register to the last.

        Parameters
        ----------
        stock : PublishedStock
            Persons on registers, with what came and went.
        arrests : PublishedArrests, optional
            Arrests: the running total of the register, and what it counts as entered late.
        releases : PublishedReleases, optional
            Releases: whom the register counted as let out was held before.
        floor : Snapshots, StockPath, int, or mapping of days to int, optional
            Named people who certainly were held, persons.
        seed : int, optional
            Unused: nothing is drawn.

        Returns
        -------
        StockPath
            Bounds of the stock, persons: ``identified_by`` "bounds".

        Raises
        ------
        InputError
            If several registers fit and none is named, or counts are of different people.
        NotEstimableError
            If no source gives exact totals of two days.
        """
        definitions = [getattr(each, "definition", None) for each in (stock, arrests, releases, floor)]
        require_comparable(METHOD, definitions, fields=("who", "where", "excludes"))
        register, notes = self._register(stock, arrests)
        bulletins = _numbers(register)
        days = np.arange(bulletins[0], bulletins[-1] + 1)
        late = [
            (start, end, count)
            for start, end, count in late_cases(arrests, register.source)
            if bulletins[0] < start.astype(int) <= end.astype(int) <= bulletins[-1]
        ]
        let_out = [] if releases is None else _verified(releases, register.source, bulletins)
        low = self._least(register, bulletins, let_out)
        for start, _, count in late:
            low[start.astype(int) - 1 - bulletins[0]] += count
        low = np.maximum(low, floor_of(floor, days))
        held = list(register.held)
        more = (*notes, *_late_notes(register, late), *register.notes(held), *_gap_note(bulletins))
        parts = [None if each is None else each.digest for each in (stock, arrests, releases)]
        return StockPath(
            dates=tuple(map(as_day, days.tolist())),
            draws=low[None],
            floor=low,
            ceiling=np.full(len(days), math.inf),
            anchors=(),
            method=repr(self),
            assumptions=self.assumes,
            digest=hashlib.sha256(json.dumps([parts, low.tolist()]).encode()).hexdigest(),
            seed=seed,
            identified_by="bounds",
            notes=(BOUNDS_ALONE, *more),
            definition=common(definitions),
            estimator=self,
        )

    def _register(
        self, stock: PublishedStock, arrests: PublishedArrests | None
    ) -> tuple[Register, list[Message]]:
        """The register that is bounded, with its running total of arrests where it has one."""
        if self.register is not None and self.register not in stock.sources:
            raise no_such("register", self.register, stock.sources)
        sources = stock.sources if self.register is None else (self.register,)
        found = [each for each in (register_of(stock, who) for who in sources) if len(each.held) >= 2]
        whole = {each.source: [] if arrests is None else self._totals(each, arrests) for each in found}
        if len(found) > 1:
            found = [each for each in found if len(whole[each.source]) == 1] or found
        if not found:
            raise NotEstimableError(
                METHOD,
                Message("no source gives exact totals of two days"),
                Message("Add the bulletins that lack."),
            )
        if len(found) > 1 or len(whole[found[0].source]) > 1:
            several = [each.source for each in found] if len(found) > 1 else []
            which = "register" if several else "event"
            names = several or [each.event for each in whole[found[0].source]]
            raise InputError(
                Message(
                    "{which}: {n} fit, and the balance is of one register and one running total of arrests. "
                    "Name one of {names!r:or}",
                    which=which,
                    n=len(names),
                    names=names,
                )
            )
        (plain,) = found
        if arrests is None or whole[plain.source]:
            return next(iter(whole[plain.source]), plain), []
        return plain, [
            Message(
                "{source} has no running total of arrests over the whole of its bulletins: no bounds rest on "
                "its arrests.",
                source=plain.source,
            )
        ]

    def _totals(self, register: Register, arrests: PublishedArrests) -> list[Register]:
        """The register with each running total of arrests that spans its bulletins."""
        days = list(register.held)
        found = with_totals(register, arrests, days[0], days[-1], TUNING.begins_within)
        return [each for each in found if self.event in (None, each.event)]

    def _least(self, register: Register, bulletins: Ints, let_out: list[tuple[int, int, int]]) -> Ints:
        """The fewest held on each day, by the balance alone."""
        least = np.array([min(each) for each in register.held.values()], dtype=np.int64)
        most = np.array([max(each) for each in register.held.values()], dtype=np.int64)
        came, went = (_whole_flows(register, flows) for flows in (register.entered, register.released))
        by_balance = np.maximum(most[1:] - least[:-1] + went, 0)
        alone = np.where(~np.isnan(came), came, np.where(np.isnan(by_balance), math.inf, by_balance))
        growth = () if self.backlog is None else _growth(register)
        entered = most_between(alone, growth, self.backlog or 0)
        low = lower_bound(least, entered, bulletins, self.removed_within)
        for first, last, count in let_out:
            at = int(bulletins[first] - bulletins[0])
            low[at] = max(float(low[at]), count - entered[first, last])
        return low


def _numbers(register: Register) -> Ints:
    """Days of the bulletins, since 1970."""
    return np.array(list(register.held), dtype="datetime64[D]").astype(np.int64)


def _whole_flows(register: Register, flows: Flows) -> Floats:
    """Flows printed for the whole of each span between bulletins; NaN where none is."""
    return np.array(
        [
            flows[day] if day in flows and (day - before).astype(int) <= TUNING.longest_week else math.nan
            for before, day in pairwise(register.held)
        ],
        dtype=np.float64,
    )


def _growth(register: Register) -> tuple[tuple[int, int, int], ...]:
    """First span, span after the last, and growth of the running total between bulletins that give it."""
    days = list(register.held)
    both = [k for k, day in enumerate(days) if day in register.totals]
    found = ((k, j, register.total_at(days[j]) - register.total_at(days[k])) for k, j in pairwise(both))
    return tuple(each for each in found if each[2] >= 0)


def _verified(releases: PublishedReleases, source: str, days: Ints) -> list[tuple[int, int, int]]:
    """Releases that the register counted: the bulletins that enclose them, and persons."""
    found: dict[tuple[int, int], int] = {}
    for row in range(len(releases)):
        begins = releases.start[row]
        if releases.source[row] != source or releases.role[row] != "verified" or np.isnat(begins):
            continue
        ends = releases.published[row] if np.isnat(releases.end[row]) else releases.end[row]
        start, end = (int(day.astype("datetime64[D]").astype(np.int64)) for day in (begins, ends))
        first = int(np.searchsorted(days, start - 1, side="right")) - 1
        until = int(np.searchsorted(days, end))
        if (
            first < 0
            or until >= len(days)
            or (days[until] - days[first]) - (end - start) > TUNING.reaches_beyond
        ):
            continue
        found[first, until] = max(found.get((first, until), 0), int(releases.count[row]))
    return [(first, until, count) for (first, until), count in sorted(found.items())]


def _late_notes(register: Register, late: list[tuple[np.datetime64, np.datetime64, int]]) -> list[Message]:
    """Lower bounds of the day before by entries that the register itself counts as late."""
    found = []
    for start, end, count in late:
        bulletin = max(day for day in register.held if day < start)
        total = register.held_at(bulletin)
        found.append(
            Message(
                "{count:,} people entered between {start} and {end} had been arrested earlier, by the "
                "register's own account. With the {total:,} on the register on {bulletin} they put "
                "{together:,} inside just before, if all of them were held then.",
                count=count,
                start=as_date(start),
                end=as_date(end),
                total=total,
                bulletin=as_date(bulletin),
                together=total + count,
            )
        )
    return found


def _gap_note(bulletins: Ints) -> list[Message]:
    """Long times without a total."""
    gaps = [int(days) for days in np.diff(bulletins) if days > TUNING.gap]
    if not gaps:
        return []
    return [
        Message.counted(
            "Once the register prints no total for more than a month, for {most:,} days.",
            "{n:,} times the register prints no total for more than a month, for {most:,} days at most.",
            n=len(gaps),
            most=max(gaps),
        )
    ]
