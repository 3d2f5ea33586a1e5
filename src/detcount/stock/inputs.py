"""What the methods of registers are given: published counts of the right kind, and floors of some days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from detcount import arguments
from detcount._numerics.arrays import Ints
from detcount.estimates import StockPath
from detcount.persons.dates import number_of
from detcount.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.stock.tables import Snapshots
from detcount.words import Message

_COUNTED = (PublishedStock, PublishedArrests, PublishedReleases)


def check_kind(name: str, value: Any, kind: type) -> None:
    """Refuse data of another kind; a stock and a flow are easily mixed up."""
    if isinstance(value, kind):
        return
    mixed = isinstance(value, _COUNTED) and kind in _COUNTED
    remedy = (
        Message(
            "A stock counts the people held on a day, a flow those who come or go in a window; they do not "
            "stand in for each other"
        )
        if mixed
        else Message("Make one with {kind}.from_frame(frame)", kind=kind.__name__)
    )
    raise TypeError(
        Message(
            "{name}: expected {kind}, got {got}. {remedy}",
            name=name,
            kind=kind.__name__,
            got=type(value).__name__,
            remedy=remedy,
        )
    )


def check_published(stock: Any, arrests: Any, releases: Any) -> None:
    """Refuse what is not the published counts that it should be; flows may be left out."""
    check_kind("stock", stock, PublishedStock)
    for name, value, kind in (
        ("arrests", arrests, PublishedArrests),
        ("releases", releases, PublishedReleases),
    ):
        if value is not None:
            check_kind(name, value, kind)


def floor_of(given: Any, days: Ints) -> Ints:
    """Lower bound of each of some days: of lists, of a path, of some days or of every one; 0 without any."""
    found = np.zeros(len(days), dtype=np.int64)
    if isinstance(given, Snapshots | StockPath):
        first = given.first_day if isinstance(given, Snapshots) else given.dates[0]
        values = given.floors if isinstance(given, Snapshots) else given.floor
        at = days - number_of(first)
        there = (at >= 0) & (at < len(values))
        found[there] = values[at[there]]
    elif isinstance(given, Mapping):
        for date, value in given.items():
            least = arguments.whole_number("floor", value, unit="of persons")
            found[days == number_of(arguments.day("floor", date))] = least
    elif given is not None:
        found[:] = arguments.whole_number("floor", given, unit="of persons")
    return found
