"""The two days between which exits are counted: those of bulletins, or between two of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount.errors import NotEstimableError
from detcount.published.days import as_date, days_between
from detcount.releases.audit.reading import METHOD, Register
from detcount.words import Message

__all__ = [
    "REASON_NOT_BETWEEN",
    "REASON_NO_BULLETIN",
    "REMEDY_SPLIT",
    "Endpoint",
    "endpoint",
    "printed_throughout",
    "window_or_decline",
]

REASON_NOT_BETWEEN = "{day} does not lie between two bulletins of {source} that give both figures"
REASON_NO_BULLETIN = (
    "no bulletin of {source} within {within} days of {day} gives both persons held and the running total of "
    "arrests"
)
REMEDY_SPLIT = (
    "The nearest that does is of {days:or}; take one of them, or interpolate=True to split the span between "
    "them."
)


@dataclass(frozen=True)
class Endpoint:
    """A day of the window: that of a bulletin, or one between two of them."""

    asked: np.datetime64
    day: np.datetime64
    before: np.datetime64
    after: np.datetime64
    share: float | None = None  # of the span between the two bulletins that lies before the day

    @property
    def moved(self) -> bool:
        """Whether another day takes the place of the one asked for."""
        return bool(self.day != self.asked)


def endpoint(register: Register, asked: np.datetime64, within: int, interpolate: bool) -> Endpoint:
    """Bulletin that stands for a day, or the two around it."""
    days = register.days
    if asked in days:
        return Endpoint(asked, asked, asked, asked)
    earlier = [day for day in days if day < asked]
    later = [day for day in days if day > asked]
    if interpolate and earlier and later:
        before, after = earlier[-1], later[0]
        return Endpoint(
            asked, asked, before, after, days_between(before, asked) / days_between(before, after)
        )
    near = [day for day in days if abs(days_between(asked, day)) <= within]
    if near and not interpolate:
        nearest = min(near, key=lambda day: abs(days_between(asked, day)))
        return Endpoint(asked, nearest, nearest, nearest)
    day, around = as_date(asked), [as_date(each) for each in (*earlier[-1:], *later[:1])]
    if interpolate:
        reason = Message(REASON_NOT_BETWEEN, day=day, source=register.source)
    else:
        reason = Message(REASON_NO_BULLETIN, source=register.source, within=within, day=day)
    if not around:
        raise NotEstimableError(METHOD, reason, Message("No bulletin gives both."))
    nearest_days = Message("The nearest that does is of {days:or}.", days=around)
    split = Message(REMEDY_SPLIT, days=around) if len(around) == 2 else nearest_days
    raise NotEstimableError(METHOD, reason, split, advice=nearest_days)


def printed_throughout(register: Register, opening: Endpoint, closing: Endpoint) -> bool:
    """Whether bulletins print all entries from the first day to the last."""
    between = opening.share is not None or closing.share is not None
    return not between and register.printed(opening.day, closing.day)


def window_or_decline(register: Register, opening: Endpoint, closing: Endpoint) -> None:
    """Refuse a window without a span between two bulletins, or over which the running total fell."""
    if opening.after >= closing.before and not (
        opening.after == closing.before and opening.day < closing.day
    ):
        raise NotEstimableError(
            METHOD,
            Message(
                "the bulletins of {source} leave no span between {start} and {end}",
                source=register.source,
                start=as_date(opening.asked),
                end=as_date(closing.asked),
            ),
            Message("Choose days that are farther apart."),
        )
    if register.total_at(closing.after) < register.total_at(opening.before):
        raise NotEstimableError(
            METHOD,
            Message(
                "the running total of arrests of {source} is lower on {after} than on {before}",
                source=register.source,
                after=as_date(closing.after),
                before=as_date(opening.before),
            ),
            Message("It was corrected in between: choose other days."),
        )
