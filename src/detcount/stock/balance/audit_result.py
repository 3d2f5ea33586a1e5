"""Exits from a register between two days, implied by its own counts: the result."""

from __future__ import annotations

import datetime as dt
import math
import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from detcount.assumptions import Assumption
from detcount.estimates import UncertainCount, provenance
from detcount.estimates.count import quantity_columns
from detcount.estimates.interval import persons
from detcount.estimates.origin import finite
from detcount.printing import Summary
from detcount.published import PublishedReleases
from detcount.published.days import days_between
from detcount.published.measures import measure_of
from detcount.shown import Shown
from detcount.stock.balance.register import BulletinBalance, TotalCheck
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
_COMPARED = (
    *("source", "role", "event", "measure", "start", "end", "published", "count", "at_least", "share"),
    *("days_outside", "excess", "excess_low", "excess_high"),
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class StockFlowAudit(Shown):
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
        kept = [cells for _, _, cells in found if cells["share"] >= _SHARE]
        return pd.DataFrame(kept, columns=list(_COMPARED))

    def to_frame(self) -> pd.DataFrame:
        """Give the checks of the running total as a pandas frame, a row for each span."""
        import pandas as pd

        frame = pd.DataFrame([vars(check) for check in self.checks], columns=list(TotalCheck.__annotations__))
        return frame.astype({"previous": "datetime64[s]", "date": "datetime64[s]"})

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give exits and late entries as rows of a table, one dictionary a quantity."""
        found = []
        for name, count in (("exits", self.exits), ("late entries", self.late_entries)):
            interval = count.interval(level)
            found.append(
                {
                    "source": self.source,
                    "quantity": name,
                    "start": self.start,
                    "end": self.end,
                    "implied": self.implied if name == "exits" else None,
                    "low": interval.low,
                    "mean": count.mean,
                    "high": interval.high,
                    "level": interval.level,
                    "interval": interval.method,
                    "identified_by": count.identified_by,
                    "least": count.bounds[0],
                    "most": count.bounds[1],
                }
            )
        return found

    def record(self, level: float = 0.95) -> dict[str, Any]:
        """Give everything needed to make the numbers again, as plain values that JSON can hold."""
        return {
            "estimator": METHOD,
            "source": self.source,
            "event": self.event,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "held_at_start": self.held_at_start,
            "held_at_end": self.held_at_end,
            "arrests": self.arrests,
            "implied": self.implied,
            "quantities": [
                {key: finite(value) for key, value in row.items() if key not in {"start", "end"}}
                for row in self.rows(level)
            ],
            "seed": self.seed,
            "stock_sha256": self.stock_digest,
            "arrests_sha256": self.arrests_digest,
            "assumptions": [str(assumption) for assumption in self.assumptions],
            "notes": list(self.notes),
            **provenance(),
        }

    def headline(self) -> Message:
        """Give the exits and what they are computed from, in one line."""
        interval = self.exits.interval()
        return Message(
            "{implied:,} exits from the register of {source}, {start} to {end} ({low} to {high}, {what}): "
            "{held_at_start:,} held, {arrests:,} more entered, {held_at_end:,} held",
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
        counted = Message(
            "The register of {source} held {held_at_start:,} persons on {start} and {held_at_end:,} on "
            "{end}, and {arrests:,} more were entered between the two, so that {implied:,} left it.",
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
        doubt = Message(
            "If its running total lacked entries at times, {low} to {high} did ({what}).",
            low=low,
            high=high,
            what=_BASIS[self.exits.identified_by],
        )
        return Message.together((counted, doubt))

    def summary(self) -> Summary:
        """Give the whole: the quantities with their limits, what has to hold, and the notes."""
        quantities = [(Message("exits"), self.exits), (Message("late entries"), self.late_entries)]
        return Summary(
            self.headline(),
            self.sentence(),
            quantity_columns(quantities),
            assumptions=self.assumptions,
            notes=self.notes,
        )

    def __repr__(self) -> str:
        return f"<StockFlowAudit: {self}>"
