"""The stock by balance: one register's totals, what came and went, and what bounds those held."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from detcount import arguments
from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.stock.balance import lower_bound, most_between, upper_bound
from detcount.assumptions import Assumption
from detcount.citation import Reference
from detcount.definition import common, require_comparable
from detcount.errors import InputError
from detcount.estimates import IdentifiedBySource, StockPath
from detcount.estimates.path_flows import PathFlows, RegisterDraws
from detcount.persons.dates import as_day, number_of
from detcount.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.specification import specification
from detcount.stock.balance.detail import BalanceDetail, LateEntries
from detcount.stock.balance.drawing import draw_register, log_normal
from detcount.stock.balance.notes import balance_notes, more_counted
from detcount.stock.balance.reading import METHOD, Sheet, read_sheet
from detcount.stock.tables import Snapshots
from detcount.words import Message


@specification
class StockBalance:
    """How many are held, day by day, by balance with what one register prints.

    The estimand is the stock S_t, the people held at the end of day t: those on the register, K_t, less those
    among them who have left, and with those who are entered later and those who never are. The register has a
    balance of its own, K_t = K_{t-1} + entered + entered late - struck off + corrections, and what bulletins
    print is of it. Totals of one register do not hold the number it does not know: without a prior of those
    the path has bounds alone.

    Parameters
    ----------
    register : str, optional
        Source whose totals are taken; needed where several publish, and running totals do not decide.
    event : str, optional
        The running total of arrests; needed where the register has several.
    never_entered : tuple of float, optional
        Limits, which hold 95% of a log-normal prior, of those held whom the register never enters, over those
        whom it enters sooner or later; (0, 0) is the path of the latter alone. None states nothing, and the
        path has bounds alone.
    entry_delay, exit_delay : tuple of float, optional
        Limits, which hold 95% of a log-normal prior, of the mean days from an arrest to the entry, and from
        an exit to being struck off; (0, 0) is at once.
    late_delay : tuple of float, optional
        The same of those whom the register itself counts as entered late, up to the day before the window of
        the entries: on that day all of them are inside.
    entered_within, struck_within : int, optional
        Days within which everybody who is ever entered is, and within which whoever left is struck off. They
        are for the bounds; None sets no limit.
    backlog : int, optional
        The most entries that the running total of arrests lacks on any day, persons, for the bounds; None
        sets no limit.
    n_draws : int, optional
        Draws of the path.

    Raises
    ------
    InputError
        If a number is out of its range.

    See Also
    --------
    stock_flow_audit : The exits of a window alone.
    series : The stock from lists of people.

    Notes
    -----
    *Bounds.* Whoever is on the register on a day and still is `struck_within` days later was held on the day:
    S_t >= K_v - (entries after t, up to v), with v the first bulletin from then on. S_t >= the floor of named
    people, and >= 0. Whoever the register counted as let out was held before, or has been entered since.
    People entered late were inside on the day before, by the register's own account. With
    `never_entered` (0, 0), S_t <= K_a + (entries after a, up to t + `entered_within`), with a the last
    bulletin up to t. Entries are bounded by what bulletins print, and by the running total and `backlog`.

    *Draws.* Between two bulletins entries and people struck off are as printed. Where one of them is printed
    the change of the total gives the other; where none is, entries are the growth of the running total of
    arrests and what its backlog grew by, as in `stock_flow_audit`, or else a Poisson number with the rate of
    the printed ones. They are no fewer than the change of the total forces, and, where no running
    total tells them, the releases that the register counted. Who is entered had waited for a geometric number
    of days, and so had who is struck off. Where two totals are printed for a day the one that the printed
    flows explain is taken, or else each is as likely. Draws outside the bounds are put on them.

    References
    ----------
    .. [1] Preston, S. H., Heuveline, P. & Guillot, M. (2001). Demography: Measuring and Modeling Population
       Processes. Blackwell. Chapter 1, the balancing equation.

    Examples
    --------
    >>> from detcount import datasets, stock
    >>> held, arrests = datasets.load("venezuela_stock"), datasets.load("venezuela_arrests")
    >>> path = stock.StockBalance(never_entered=(0.1, 0.5)).fit(held, arrests=arrests)
    >>> path.identified_by, path.detail.source
    ('prior', 'Foro Penal')
    >>> path.detail.late[0].together  # 806 on the register, and 122 entered late by its own account
    928
    """

    register: str | None = None
    event: str | None = None
    never_entered: tuple[float, float] | None = None
    entry_delay: tuple[float, float] = (0.5, 10.0)
    exit_delay: tuple[float, float] = (0.5, 10.0)
    late_delay: tuple[float, float] = (60.0, 400.0)
    entered_within: int | None = None
    struck_within: int | None = None
    backlog: int | None = None
    n_draws: int = 4000

    assumes: ClassVar[tuple[Assumption, ...]] = (Assumption.REGISTER_BALANCE,)
    references: ClassVar[tuple[Reference, ...]] = ()

    def __post_init__(self) -> None:
        for name in ("never_entered", "entry_delay", "exit_delay", "late_delay"):
            if getattr(self, name) is not None:
                _checked_limits(f"StockBalance: {name}", getattr(self, name))
        for name in ("entered_within", "struck_within"):
            if getattr(self, name) is not None:
                arguments.whole_number(f"StockBalance: {name}", getattr(self, name), unit="of days")
        if self.backlog is not None:
            arguments.whole_number("StockBalance: backlog", self.backlog, unit="of persons")
        arguments.whole_number("StockBalance: n_draws", self.n_draws, least=1)

    def fit(
        self,
        stock: PublishedStock,
        *,
        arrests: PublishedArrests | None = None,
        releases: PublishedReleases | None = None,
        floor: Any = None,
        seed: int = 0,
    ) -> StockPath:
        """Give the stock of every day from the first bulletin of the register to the last.

        Parameters
        ----------
        stock : PublishedStock
            Persons on registers, with what came and went.
        arrests : PublishedArrests, optional
            Arrests: the running total of the register, and what it counts as entered late.
        releases : PublishedReleases, optional
            Releases: those that the register counted force exits.
        floor : Snapshots, StockPath, int, or mapping of days to int, optional
            Named people who certainly were held, persons.
        seed : int, optional
            Seed of the draws.

        Returns
        -------
        StockPath
            The stock, persons: ``identified_by`` "prior", or "bounds" where nothing is stated of those never
            entered. Its ``detail`` is of the register.

        Raises
        ------
        InputError
            If several registers fit and none is named, a floor is above the upper bound, or counts are of
            different people.
        NotEstimableError
            If no source gives exact totals of two days.
        """
        seed = arguments.seed(seed)
        sheet, notes = read_sheet(stock, arrests, releases, self.register, self.event)
        definitions = [
            stock.definition,
            *(each.definition for each in (arrests, releases) if each is not None),
            getattr(floor, "definition", None),
        ]
        require_comparable(METHOD, definitions, fields=("who", "where", "excludes"))
        rng = np.random.default_rng(seed)
        days = np.arange(sheet.days[0], sheet.days[-1] + 1)
        low, high = self._bounds(sheet)
        named = _floor_on(floor, days)
        low = np.maximum(low, named)
        above = np.flatnonzero(low > high)
        if len(above):
            k = int(above[0])
            raise InputError(
                Message(
                    "floor, {day}: {floor:,} persons are more than the {most:,.0f} who can be held. Look at "
                    "whether both are of one definition, or set no limit to entered_within",
                    day=as_day(int(days[k])),
                    floor=int(low[k]),
                    most=float(high[k]),
                )
            )
        drawn = draw_register(sheet, (self.entry_delay, self.late_delay, self.exit_delay), self.n_draws, rng)
        known = drawn.register - drawn.free + drawn.waiting
        basis: IdentifiedBySource = "bounds" if self.never_entered is None else "prior"
        more = np.zeros(self.n_draws)
        if self.never_entered is not None:
            more = log_normal(self.never_entered, self.n_draws, rng)
        held = np.rint(known * (1 + more)[:, None])
        arrived = np.diff(drawn.waiting, axis=1, prepend=drawn.waiting[:, :1]) + drawn.entered
        flows = PathFlows(
            np.rint(np.cumsum(arrived, axis=1) * (1 + more)[:, None]).astype(np.int64),
            "prior",
            {
                sheet.register.source: RegisterDraws(
                    as_day(int(days[0])), drawn.register, as_day(int(days[-1]))
                )
            },
        )
        late = tuple(
            LateEntries(
                as_day(each.start),
                as_day(each.end),
                each.count,
                as_day(int(sheet.days[before])),
                sheet.register.held_at(np.datetime64(int(sheet.days[before]), "D")),
            )
            for each in sheet.declared
            for before in [int(np.searchsorted(sheet.days, each.start)) - 1]
        )
        return StockPath(
            dates=tuple(map(as_day, days.tolist())),
            draws=np.clip(held, low, high).astype(np.int64),
            floor=low,
            ceiling=high,
            anchors=(),
            method=repr(self),
            assumptions=self.assumes,
            digest=_digest(stock, arrests, releases, named),
            seed=seed,
            identified_by=basis,
            notes=(
                *notes,
                *balance_notes(sheet, late, self.never_entered),
                *more_counted(sheet, drawn.struck),
            ),
            detail=BalanceDetail(
                source=sheet.register.source,
                first=as_day(int(days[0])),
                register=drawn.register,
                entered=drawn.entered,
                struck=drawn.struck,
                waiting=drawn.waiting,
                free=drawn.free,
                balances=sheet.balances,
                late=late,
            ),
            definition=common(definitions),
            flows=None if basis == "bounds" else flows,
            estimator=self,
        )

    def _bounds(self, sheet: Sheet) -> tuple[Ints, Floats]:
        """Bounds of each day that what is printed, and the limits stated, set."""
        entered = _most_entered(sheet, self.backlog)
        low = lower_bound(sheet.least, entered, sheet.days, self.struck_within)
        alone = self.never_entered is not None and self.never_entered[1] == 0
        high = upper_bound(sheet.most, entered, sheet.days, self.entered_within if alone else None)
        for first, last, count in sheet.verified:  # whoever was let out was held, or has been entered since
            at = int(sheet.days[first] - sheet.days[0])
            low[at] = max(float(low[at]), count - entered[first, last])
        for each in sheet.declared:
            before = each.start - 1 - int(sheet.days[0])
            low[before] += each.count
            high[: each.end - int(sheet.days[0])] += each.count  # they may have waited for longer
        return low, high


def _most_entered(sheet: Sheet, backlog: int | None) -> Floats:
    """The most entries from each bulletin to each other."""
    by_balance = np.maximum(sheet.most[1:] - sheet.least[:-1] + sheet.struck, 0)
    alone = np.where(sheet.known, sheet.entered, np.where(np.isnan(by_balance), math.inf, by_balance))
    return most_between(alone, () if backlog is None else sheet.growth, backlog or 0)


def _floor_on(given: Any, days: Ints) -> Ints:
    """The floor of each day, 0 where nothing is known."""
    found = np.zeros(len(days), dtype=np.int64)
    if given is None:
        return found
    if isinstance(given, Snapshots | StockPath):
        first = given.first_day if isinstance(given, Snapshots) else given.dates[0]
        values = given.floors if isinstance(given, Snapshots) else given.floor
        at = days - number_of(first)
        there = (at >= 0) & (at < len(values))
        found[there] = values[at[there]]
        return found
    if isinstance(given, Mapping):
        for date, value in given.items():
            position = number_of(arguments.day("floor", date)) - int(days[0])
            least = arguments.whole_number("floor", value, unit="of persons")
            if 0 <= position < len(days):
                found[position] = max(int(found[position]), least)
        return found
    found[:] = arguments.whole_number("floor", given, unit="of persons")
    return found


def _checked_limits(name: str, value: Any) -> None:
    """Refuse what are no two limits of a log-normal distribution, or two times 0."""
    pair = value if isinstance(value, tuple) else None
    if pair is not None and len(pair) == 2:
        low, high = (arguments.number(name, each, least=0) for each in pair)
        if low <= high and (low > 0 or high == 0):
            return
    raise InputError(
        Message("{name}: expected two limits, the smaller first and above 0, or (0, 0)", name=name)
    )


def _digest(
    stock: PublishedStock,
    arrests: PublishedArrests | None,
    releases: PublishedReleases | None,
    floor: Ints,
) -> str:
    """SHA-256 of all that went in."""
    parts = [None if each is None else each.digest for each in (stock, arrests, releases)]
    return hashlib.sha256(json.dumps([parts, floor.tolist()]).encode()).hexdigest()
