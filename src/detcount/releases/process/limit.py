"""How many may have been released at most: those held at the start, and those arrested since."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount import arguments
from detcount.errors import InputError, NotEstimableError
from detcount.published import PublishedArrests, PublishedStock
from detcount.published.days import as_date
from detcount.releases.process.notes import REASON_ABOVE, REMEDY_ABOVE
from detcount.releases.process.series import Array, Days
from detcount.words import Message

__all__ = ["Limit", "read_limit"]


@dataclass(frozen=True)
class Limit:
    """Persons held on a day, and arrested since: no more can have been released after it."""

    day: int
    persons: int

    def kept(self, totals: Array, drawn: Days, random: np.random.Generator) -> Days:
        """Positions of draws within the limit, as many as there are draws; the others are left out.

        Draws above it are not cut down to it: that would put a mass on the limit itself.
        """
        within = np.flatnonzero((totals <= self.persons) & (drawn <= self.persons))
        if not len(within):
            raise NotEstimableError(
                "ReleaseProcess",
                Message(REASON_ABOVE, persons=self.persons, day=as_date(self.day)),
                Message(REMEDY_ABOVE),
            )
        if len(within) == len(drawn):
            return within
        return np.sort(random.choice(within, len(drawn)))


def read_limit(
    stock: PublishedStock | float | None, arrests: PublishedArrests | float | None, first: int
) -> Limit | None:
    """Read the limit for releases from a first day on."""
    if stock is None:
        if arrests is not None:
            raise InputError(
                Message(
                    "arrests: expected none without a stock, got {kind}. Give the stock at the start too",
                    kind=type(arrests).__name__,
                )
            )
        return None
    day = first - 1
    if isinstance(stock, PublishedStock):
        days = stock.date.astype(np.int64)
        before = np.flatnonzero(days <= first)
        if not len(before):
            raise InputError(
                Message(
                    "stock: expected a count of {first} or before, got none. Give the number of that day",
                    first=f"{as_date(first)}",
                )
            )
        day = int(days[before].max())
        held = int(stock.count[before[days[before] == day]].max())
    else:
        held = int(arguments.number("stock", stock, least=0))
    return Limit(day, held + _arrested(arrests, day))


def _arrested(arrests: PublishedArrests | float | None, day: int) -> int:
    """Persons arrested after a day, by the source that says most."""
    if arrests is None:
        return 0
    if not isinstance(arrests, PublishedArrests):
        return int(arguments.number("arrests", arrests, least=0))
    since: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
    end = np.where(np.isnat(arrests.end), arrests.published, arrests.end).astype(np.int64)
    for row in range(len(arrests)):
        key = (arrests.source[row], arrests.event[row], str(arrests.start[row]))
        since.setdefault(key, []).append((int(end[row]), int(arrests.count[row])))
    most = 0
    for (_, _, start), figures in since.items():
        last = max(figures)[1]
        before = [count for at, count in figures if at <= day]
        begins = start != "NaT" and int(np.datetime64(start, "D").astype(np.int64)) > day
        if before or begins:
            most = max(most, last - max(before, default=0))
    return most
