"""The audit of a register: how many people left it, from its own totals of people held and of arrests.

It is one function, with what it refuses and what it notes.
"""

from __future__ import annotations

import datetime as dt
import math
import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from detcount import arguments
from detcount._numerics.arrays import Ints
from detcount.assumptions import Assumption
from detcount.definition import require_comparable
from detcount.estimates import IdentifiedBySource, UncertainCount
from detcount.estimates.count import quantity_columns
from detcount.estimates.interval import persons
from detcount.estimates.result import finite, made_of
from detcount.printing import Columns
from detcount.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.published.counts import measure_of
from detcount.published.reading import as_date, days_between, no_such, read_day
from detcount.shown import Result
from detcount.stock.messages import message
from detcount.stock.register import (
    BulletinBalance,
    Register,
    TotalCheck,
    late_cases,
    register_of,
    with_totals,
)
from detcount.words import Message, Number

if TYPE_CHECKING:
    import pandas as pd


METHOD = "stock_flow_audit"
_SLACK = 14  # days by which a window may begin before the audited one, or end after it
_SHARE = 0.5  # of the days audited, that a window has to cover
_SAME_DAYS = 2  # by which two windows of the same days may differ at either end
_BASIS = {
    "data": Message("{level}", level=Number(0.95, ".0%")),
    "prior": Message("{level}, by a stated prior", level=Number(0.95, ".0%")),
    "bounds": Message("bounds"),
}
_PLAIN = ("source", "event", "held_at_start", "held_at_end", "arrests", "implied")
_OF_COUNT = ("low", "mean", "high", "level", "interval", "identified_by", "least", "most")
_COMPARED = (
    *("source", "role", "event", "measure", "start", "end", "published", "count", "at_least", "share"),
    *("days_outside", "excess", "excess_low", "excess_high"),
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class StockFlowAudit(Result):
    """Exits from a register between two days, implied by its own counts.

    Exits = held on the first day + arrests after it + late entries - held on the last day. No
    list of releases takes part, so that announced totals are audited from outside.

    Parameters
    ----------
    source : str
        Whose register it is.
    event : str
        The running total of arrests.
    start, end : datetime.date
        Days of the bulletins between which exits are counted: after the first, up to the second.
    held_at_start, held_at_end : int
        Persons held on the two days.
    arrests : int
        Growth of the running total of arrests, persons.
    implied : int
        Exits if the running total was complete on both days, persons.
    exits : UncertainCount
        People who left the register.
    late_entries : UncertainCount
        Entries of the window that the running total does not hold, less those of before that it took in.
    balances : tuple of BulletinBalance
        Bulletins whose printed flows can be held against the stock.
    checks : tuple of TotalCheck
        Spans in which the running total can be held against the entries.
    stock_digest, arrests_digest : str
        SHA-256 of the data.
    seed : int
        Seed of the draws.
    notes : tuple of str
        What a reader must know besides the assumptions.

    See Also
    --------
    stock_flow_audit : Makes it.

    Examples
    --------
    >>> import detcount as dc
    >>> days = ["2025-01-06", "2025-01-13"]
    >>> stock = dc.PublishedStock.from_frame(
    ...     {"date": days, "source": ["monitor"] * 2, "role": ["verified"] * 2, "count": [900, 870]}
    ... )
    >>> arrests = dc.PublishedArrests.from_frame(
    ...     {"published": days, "start": ["2024-07-29"] * 2, "end": days, "event": ["since"] * 2}
    ...     | {"source": ["monitor"] * 2, "role": ["verified"] * 2, "count": [2000, 2011]}
    ... )
    >>> audit = dc.stock.stock_flow_audit(stock, arrests, *days)
    >>> print(audit.headline().partition(":")[0])
    41 exits from the register of monitor, 2025-01-06 to 2025-01-13 (30 to no upper limit, bounds)
    """

    source: str
    event: str
    start: dt.date
    end: dt.date
    held_at_start: int
    held_at_end: int
    arrests: int
    implied: int
    exits: UncertainCount
    late_entries: UncertainCount
    balances: tuple[BulletinBalance, ...]
    checks: tuple[TotalCheck, ...]
    stock_digest: str
    arrests_digest: str
    seed: int
    notes: tuple[str, ...] = ()
    assumptions: ClassVar[tuple[Assumption, ...]] = (Assumption.CONSISTENT_REGISTER,)

    def compare(self, releases: PublishedReleases) -> pd.DataFrame:
        """Hold the exits against published totals of releases.

        Parameters
        ----------
        releases : PublishedReleases
            Announced, verified or reported counts.

        Returns
        -------
        pandas.DataFrame
            Of each ``source``, ``role``, ``event`` and ``measure`` the total whose window is nearest to the
            days audited, the nearest first: with ``start``, ``end`` (the day of publication where nobody
            said), ``published``, ``count``, ``at_least``, ``share`` (of the days audited), ``days_outside``,
            and persons above the exits: ``excess`` (over `implied`), ``excess_low``, ``excess_high``.
            These are missing where the window begins or ends more than two days from the days audited, as
            counts of other days are not subtracted. Reviews of custody measures are no releases, and left
            out. A total of another definition need not reach the exits.
        """
        import pandas as pd

        interval = self.exits.interval()
        first, last = np.datetime64(self.start, "D"), np.datetime64(self.end, "D")
        ends = np.where(np.isnat(releases.end), releases.published, releases.end)
        nearest: dict[tuple[str, ...], tuple[int, int, dict[str, Any]]] = {}
        for row in np.flatnonzero(~np.isnat(releases.start) & (releases.start <= last)).tolist():
            start, end, count = releases.start[row], ends[row], int(releases.count[row])
            late, after = days_between(first, start) - 1, days_between(last, end)
            if max(-late, after) > _SLACK or not measure_of(releases.measure[row]).release:
                continue
            key = (
                releases.source[row], releases.role[row], releases.event[row], releases.measure[row]
            )  # fmt: skip
            if key in nearest and abs(late) + abs(after) > nearest[key][0]:
                continue
            covered = (days_between(max(start, first), min(end, last)) + 1) / max(
                1, (self.end - self.start).days
            )
            same = max(abs(late), abs(after)) <= _SAME_DAYS
            line = (
                *key,
                *(day.astype("datetime64[s]") for day in (start, end, releases.published[row])),
                *(count, bool(releases.at_least[row]), min(1.0, covered), max(-late, 0) + max(after, 0)),
                *(count - each if same else math.nan for each in (self.implied, interval.high, interval.low)),
            )
            cells = dict(zip(_COMPARED, line, strict=True))
            nearest[key] = (abs(late) + abs(after), -count, cells)
        found = sorted(nearest.values(), key=operator.itemgetter(0, 1))
        retained = [cells for _, _, cells in found if cells["share"] >= _SHARE]
        return pd.DataFrame(retained, columns=list(_COMPARED))

    def to_frame(self) -> pd.DataFrame:
        """Give the checks of the running total as a pandas frame, a row for each span."""
        import pandas as pd

        frame = pd.DataFrame([vars(check) for check in self.checks], columns=list(TotalCheck.__annotations__))
        return frame.astype({"previous": "datetime64[s]", "date": "datetime64[s]"})

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give exits and late entries as rows of a table, one dictionary a quantity."""
        first = {"source": self.source, "start": self.start, "end": self.end}
        return [
            {**first, "quantity": name, "implied": implied, **{key: row[key] for key in _OF_COUNT}}
            for name, implied, count in (
                ("exits", self.implied, self.exits),
                ("late entries", None, self.late_entries),
            )
            for row in count.rows(level)
        ]

    def record(self, level: float = 0.95) -> dict[str, Any]:
        """Give everything needed to make the numbers again, as plain values that JSON can hold."""
        return {
            "estimator": METHOD,
            **{name: getattr(self, name) for name in _PLAIN},
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "quantities": [
                {key: finite(value) for key, value in row.items() if key not in {"start", "end"}}
                for row in self.rows(level)
            ],
            **made_of(self, {"stock_sha256": self.stock_digest, "arrests_sha256": self.arrests_digest}),
        }

    def headline(self) -> Message:
        """Give the exits and what they are computed from, in one line."""
        interval = self.exits.interval()
        return message(
            "audit headline",
            implied=self.implied,
            source=self.source,
            start=str(self.start),
            end=str(self.end),
            low=persons(interval.low),
            high=persons(interval.high),
            what=_BASIS[self.exits.identified_by],
            held_at_start=self.held_at_start,
            arrests=self.arrests,
            held_at_end=self.held_at_end,
        )

    def sentence(self) -> Message:
        """Say how the exits follow from what the register printed, and how far they can be off."""
        counted = message(
            "audit sentence",
            source=self.source,
            held_at_start=self.held_at_start,
            start=self.start,
            held_at_end=self.held_at_end,
            end=self.end,
            arrests=self.arrests,
            implied=self.implied,
        )
        low, high = map(persons, self.exits.interval().printed)
        if low == high:
            return counted
        doubt = message("audit doubt", low=low, high=high, what=_BASIS[self.exits.identified_by])
        return Message.together((counted, doubt))

    @property
    def _table(self) -> Columns:
        """The quantities with their limits."""
        return quantity_columns(
            [(Message("exits"), self.exits), (Message("late entries"), self.late_entries)]
        )

    def __repr__(self) -> str:
        return f"<StockFlowAudit: {self}>"


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
    it is drawn: whether there is one with the probability learned from the spans that can be checked, and its
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
        raise message.refused("end before start", first=str(first), last=str(last))
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
        source = register.source
        raise message.declined(METHOD, "exits forced and implied", source=source, low=low, implied=implied)
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
        notes.append(message("exits without upper bound"))
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
        raise message.declined(METHOD, "no source with both")
    if len(found) > 1:
        which = "source" if len({register.source for register in found}) > 1 else "event"
        raise message.refused("several running totals", which=which, n=len(found))
    return found[0]


def _bulletin(register: Register, asked: np.datetime64) -> np.datetime64:
    """The bulletin that stands for a day: that of the day, or the nearest."""
    near = [day for day in register.days if abs(days_between(asked, day)) <= _WITHIN]
    if near:
        return min(near, key=lambda day: abs(days_between(asked, day)))
    earlier = [day for day in register.days if day < asked]
    later = [day for day in register.days if day > asked]
    around = [as_date(each) for each in (*earlier[-1:], *later[:1])]
    source, day = register.source, as_date(asked)
    if around:
        raise message.declined(
            METHOD, "no bulletin near", source=source, within=_WITHIN, day=day, days=around
        )
    raise message.declined(METHOD, "no bulletin at all", source=source, within=_WITHIN, day=day)


def _window_or_decline(
    register: Register,
    opening: np.datetime64,
    closing: np.datetime64,
    first: np.datetime64,
    last: np.datetime64,
) -> None:
    """Refuse a window without a span between two bulletins, or over which the running total fell."""
    source = register.source
    if opening >= closing:
        start, end = as_date(first), as_date(last)
        raise message.declined(METHOD, "no span between bulletins", source=source, start=start, end=end)
    if register.total_at(closing) < register.total_at(opening):
        before, after = as_date(opening), as_date(closing)
        raise message.declined(METHOD, "running total fell", source=source, before=before, after=after)


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
        notes.append(message("implied below forced", implied=implied, low=low))
    notes.append(message("who left a register", source=register.source))
    notes += [
        message(
            "window moved to a bulletin",
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
        notes.append(message("all bulletins explained", n_checked=len(register.balances)))
    notes += [
        message(
            "late cases in the audit",
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
        return message("entries printed")
    if late_by == "unknown":
        return message("backlog unknown", implied=implied)
    if behind:
        return message("backlog seen", n_behind=len(behind), n_checked=len(checked), most=max(behind))
    return message("backlog never seen", n_checked=len(checked))
