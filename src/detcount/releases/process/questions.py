"""What a result is asked for: a window of days and a source, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from detcount.errors import InputError
from detcount.published.days import as_date, read_day
from detcount.releases.process.layout import Layout
from detcount.releases.process.series import Series
from detcount.words import Message

__all__ = ["day_number", "monitor_of", "refuse_far", "sources_of", "window"]

_HORIZON = 366 * 3  # days a forecast may reach beyond the last count


def window(start: Any, end: Any) -> tuple[int, int]:
    """Days of a window."""
    first, last = day_number("start", start), day_number("end", end)
    if last < first:
        raise InputError(
            Message(
                "end: expected a day from {first} on, got {last}. Swap them, or mend the dates",
                first=f"{as_date(first)}",
                last=f"{as_date(last)}",
            )
        )
    return first, last


def day_number(name: str, value: Any) -> int:
    """Days since 1970."""
    return int(read_day(value, name).astype(np.int64))


def refuse_far(layout: Layout, first: int, last: int) -> None:
    """Refuse a window too far from the counts."""
    if first < layout.first - _HORIZON or last > layout.today + _HORIZON:
        raise InputError(
            Message(
                "window: expected days within {most} of the counts, got {first} to {last}. "
                "Nothing published says anything of days so far away",
                most=_HORIZON,
                first=f"{as_date(first)}",
                last=f"{as_date(last)}",
            )
        )


def sources_of(series: Sequence[Series]) -> tuple[str, ...]:
    """Sources whose totals can be forecast."""
    return tuple(dict.fromkeys(one.source for one in series if one.role != "announced"))


def monitor_of(series: Sequence[Series], source: str, name: str) -> int:
    """Position of the series of a monitor, given as an argument; verified counts before those passed on."""
    found = [k for k, one in enumerate(series) if one.source == source and one.role != "announced"]
    if not found:
        raise InputError(
            Message(
                "{name}: expected one of {known}, got {got}. "
                "Only sources with counts of releases in a known window can be forecast",
                name=name,
                known=", ".join(map(repr, sources_of(series))),
                got=repr(source),
            )
        )
    return max(found, key=lambda k: series[k].role == "verified")
