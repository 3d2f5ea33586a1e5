"""The dates at which lists are made into tables: from when lists name many, to the last day known."""

from __future__ import annotations

import datetime as dt

import numpy as np

from detcount.persons import PersonLists
from detcount.persons.dates import as_day
from detcount.stock import snapshots

MOST_DATES = 11
_APART = 28  # days between two dates, at least
_SHARE = 0.25  # of the most ever named: days on which fewer are named tell little
_SETTLED = 7  # days that two dates need at the least


def snapshot_dates(people: PersonLists) -> tuple[dt.date, ...]:
    """Give the dates of the tables: evenly spread, at most 11.

    Parameters
    ----------
    people : PersonLists
        Who is on which list.

    Returns
    -------
    tuple of datetime.date
        The dates, the last of which is the last day on which any list said anything.
    """
    latest = people.latest_day
    taken = snapshots(people, [latest])
    named = taken.names
    many = np.flatnonzero(named >= _SHARE * max(int(named.max(initial=0)), 1))
    first = taken.first_day + dt.timedelta(days=int(many[0])) if len(many) else latest
    first = min(max(first, as_day(int(people.listed.min()))), latest)
    n_days = (latest - first).days
    if n_days < _SETTLED:
        return (latest,)
    n = min(MOST_DATES, max(2, 1 + n_days // _APART))
    return tuple(first + dt.timedelta(days=int(k)) for k in np.linspace(0, n_days, n).round())
