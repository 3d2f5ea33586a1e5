"""Whether two windows of days are the same, as far as their sources said."""

from __future__ import annotations

import datetime as dt

from detcount.published.relations import MATCH_DAYS

__all__ = ["days_differ"]


def days_differ(
    start: dt.date | None, end: dt.date | None, other_start: dt.date | None, other_end: dt.date | None
) -> bool:
    """Whether two windows are known to cover other days, by more than a day or two at either end."""
    pairs = ((start, other_start), (end, other_end))
    return any(a is not None and b is not None and abs((a - b).days) > MATCH_DAYS for a, b in pairs)
