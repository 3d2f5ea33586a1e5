"""Days of published rows as whole numbers since 1970, and names of announcements that have none."""

from __future__ import annotations

from typing import Any

import numpy as np

from detcount.published import PublishedReleases
from detcount.published.days import as_date
from detcount.words import Message, Name


def day_number(value: Any) -> int | None:
    """Day number, or None where the source did not say."""
    return None if np.isnat(value) else int(value.astype("datetime64[D]").astype(np.int64))


def last_day(reports: PublishedReleases, row: int) -> int:
    """Last day of a row's window; the day of publication where the source did not say."""
    end = day_number(reports.end[row])
    return int(reports.published[row].astype(np.int64)) if end is None else end


def name_of_days(first: int, last: int) -> Name:
    """Name of an announcement that its source gave none: its days."""
    start, end = as_date(first), as_date(last)
    if first == last:
        return Name(f"{end}", Message("{day}", day=end))
    return Name(f"{start} to {end}", Message("{first} to {second}", first=start, second=end))
