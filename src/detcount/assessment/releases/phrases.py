"""Phrases that sentences, tables and figures share: days counted, shares, spans, names of events."""

from __future__ import annotations

import datetime as dt
import math
import re

from detcount.assessment.level import LEVEL
from detcount.assessment.releases.messages import tell
from detcount.estimates import UncertainCount
from detcount.reports.numbers import level_words, percent, persons
from detcount.words import Capitalised, Message, Said

__all__ = [
    "count_words",
    "day_words",
    "days_words",
    "event_words",
    "known_as",
    "share",
    "signed",
    "signed_span",
    "span",
    "span_words",
    "window_words",
]


def window_words(start: dt.date | None, end: dt.date | None, *, year: bool = True) -> Message:
    """Say which days a count covers, so that it can follow the noun: of 12 January 2026, up to, since."""
    tail = "" if year else " no year"
    if start is None:
        return tell("window unknown") if end is None else tell(f"window to{tail}", day=end)
    if end is None:
        return tell(f"window from{tail}", first=start)
    if start == end:
        return tell(f"window day{tail}", day=start)
    if (start.year, start.month) == (end.year, end.month):
        return tell(f"window span{tail}", first=start.day, last=end)
    if start.year == end.year:
        return tell(f"window span of one year{tail}", first=start, last=end)
    return tell("window span", first=start, last=end)


def days_words(start: dt.date | None, end: dt.date | None) -> Message:
    """Say which days a count covers, so that it can stand alone as a heading."""
    if start is None:
        return tell("days unknown") if end is None else tell("days to", day=end)
    if end is None:
        return tell("days from", first=start)
    if start == end:
        return Message("{day}", day=start)
    if (start.year, start.month) == (end.year, end.month):
        return tell("days span", first=start.day, last=end)
    return tell("days span of one year" if start.year == end.year else "days span", first=start, last=end)


def day_words(day: dt.date, near: dt.date | None) -> Message:
    """Say a day; without its year where a day of the same year stands beside it."""
    same = near is not None and near.year == day.year
    return Message("{day:no year}", day=day) if same else Message("{day}", day=day)


def known_as(name: str) -> str:
    """Give what a source is known as: the word in brackets after its name, where there is one."""
    found = re.fullmatch(r".*\((\S{2,12})\)", name)
    return found.group(1) if found else name


def event_words(event: str) -> str:
    """Say the name of an event; one that the library or its data gave begins with a capital."""
    return Capitalised(event) if isinstance(event, Said) else event


def count_words(count: float, *, at_least: bool) -> str:
    """Write a number of releases with a sign where the source said "at least"."""
    number = persons(count)
    return Message("≥{number}", number=number) if at_least else number


def share(part: float, whole: float) -> str:
    """Write a share in whole percent; what is neither none nor all is never rounded to it."""
    value = part / whole
    if 0 < value < 0.01:
        return tell("less than", share=percent(0.01))
    if 0.99 < value < 1:
        return tell("more than", share=percent(0.99))
    return percent(value)


def span_words(count: UncertainCount, level: float = LEVEL) -> Message:
    """Say from what to what a number goes, and at which level unless bounds are all there is."""
    low, median, high = count.printed(level)
    if median is None:
        return span(low, high)
    key = "span" if math.isfinite(high) else "span open"
    return tell(key, level=level_words(level), low=persons(low), high=persons(high))


def span(low: float, high: float) -> Message:
    """Say two limits, as far as there are two."""
    return _span(low, high, persons(low), persons(high))


def signed_span(low: float, high: float) -> Message:
    """Say two limits of a difference, as far as there are two."""
    return _span(low, high, signed(low), signed(high))


def _span(low: float, high: float, low_words: str, high_words: str) -> Message:
    """Two limits in the words that they have."""
    if not math.isfinite(high):
        return tell("span bounds open", low=low_words)
    if not math.isfinite(low):
        return tell("span up to", high=high_words)
    return tell("span bounds", low=low_words, high=high_words)


def signed(value: float) -> str:
    """Write a number of persons that may be below nothing, with a proper minus sign."""
    return persons(value) if value >= 0 else Message("−{number}", number=persons(-value))
