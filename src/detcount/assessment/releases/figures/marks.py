"""What figures about releases have in common: places of days, names that fit beside them."""

from __future__ import annotations

import datetime as dt

from detcount.assessment.releases.phrases import known_as

__all__ = ["fitting", "place"]

_NAME = 44


def fitting(name: str, most: int = _NAME) -> str:
    """Give a name that fits beside a figure: what it is known by, or its beginning."""
    if len(name) > most:
        name = known_as(name)
    return name if len(name) <= most else f"{name[: most - 1]}…"


def place(day: dt.date) -> float:
    """Give the place of a day on an axis."""
    import matplotlib.dates as mdates

    return float(mdates.date2num(day))  # type: ignore[no-untyped-call]
