"""Phrases that sentences, tables and the figure share: days counted, numbers, names of sources."""

from __future__ import annotations

import datetime as dt
import re

from detcount.published.counts import PublishedCount
from detcount.reports.numbers import persons
from detcount.words import Message
from detcount.words.by_key import Messages

message = Messages("detcount.assessment.releases")

_THINGS = {
    "release": ("{number} release", "{number} releases"),
    "review": ("{number} custody review", "{number} custody reviews"),
    "house arrest": ("{number} move to house arrest", "{number} moves to house arrest"),
}


def for_window(start: dt.date | None, end: dt.date | None) -> Message:
    """Say which days a count covers, so that it can follow a number."""
    if start is None:
        return message("for unknown") if end is None else message("for to", day=end)
    if end is None:
        return message("for from", first=start)
    if start == end:
        return message("for day", day=start)
    if (start.year, start.month) == (end.year, end.month):
        return message("for span", first=start.day, last=end)
    return message("for span of one year" if start.year == end.year else "for span", first=start, last=end)


def days_words(start: dt.date | None, end: dt.date | None) -> Message:
    """Say which days a count covers, short, so that it can stand alone."""
    if start is None:
        return message("days unknown") if end is None else message("days to", day=end)
    if end is None:
        return message("days from", first=start)
    if start == end:
        return Message("{day:short year}", day=start)
    return message("days span", first=start, last=end)


def known_as(name: str) -> str:
    """Give what a source is known as: the word in brackets after its name, where there is one."""
    found = re.fullmatch(r".*\((\S{2,12})\)", name)
    return found.group(1) if found else name


def number_words(each: PublishedCount) -> Message:
    """Write a number of persons, in words where the source said "at least"."""
    number = persons(each.count)
    return message("at least", number=number) if each.at_least else Message("{number}", number=number)


def count_words(count: int, *, at_least: bool) -> Message:
    """Write a number of persons with a sign where the source said "at least"."""
    return Message("≥{number}" if at_least else "{number}", number=persons(count))


def things(each: PublishedCount) -> Message:
    """Say how many of what was announced: releases, reviews, moves to house arrest."""
    what = each.measure.what
    return Message.counted(_THINGS[what][0], _THINGS[what][1], n=each.count, number=number_words(each))
