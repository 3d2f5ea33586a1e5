"""Totals and running totals of a register, from days or numbers since a first; lists of invented monitors."""

import numpy as np

from detcount import PublishedArrests, PublishedStock
from detcount.simulate import DetaineeList


def days_of(days, first):
    return [day if isinstance(day, str | np.datetime64) else np.datetime64(first, "D") + day for day in days]


def totals(days, counts, entered=None, struck=None, *, source="monitor", role="verified", first=0):
    """How many it held on some days, and who came and went in the week before each."""
    n = len(days)
    columns = {"date": days_of(days, first), "source": [source] * n, "count": counts}
    columns["role"] = [role] * n if isinstance(role, str) else role
    columns["entered_in_week"] = [None] * n if entered is None else entered
    columns["released_in_week"] = [None] * n if struck is None else struck
    return PublishedStock.from_frame(columns, allow_future=True)


def running(
    days, counts, *, start="2014-01-01", event="since", source="monitor", cls=PublishedArrests, first=0
):
    """How many were arrested, or released, from one day to each of some days."""
    n, dated = len(days), days_of(days, first)
    columns = {"published": dated, "end": dated, "start": [start] * n, "count": counts}
    columns |= {"source": [source] * n, "role": ["verified"] * n, "event": [event] * n}
    return cls.from_frame(columns, allow_future=True)


def monitors(*shares, **options):
    """Lists of an invented system that name such shares of the detained."""
    names = ("monitor", "families", "press")
    return tuple(
        DetaineeList(name=name, share=share, **options) for name, share in zip(names, shares, strict=False)
    )
