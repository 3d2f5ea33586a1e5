"""What figures about releases have in common: colours, places of days, names that fit beside them."""

from __future__ import annotations

import datetime as dt
import re

__all__ = ["ORANGE_INK", "PENDING", "UNSUBSTANTIATED", "UNVERIFIABLE", "VERIFIED", "fitting", "place"]

# Okabe and Ito's colours, darkened where text is set in them; told apart by readers who see few colours,
# and by their lightness in print without any.
VERIFIED = "#0b5394"
PENDING = "#79b4dc"
UNVERIFIABLE = "#d4d4d4"
UNSUBSTANTIATED = "#e08214"
ORANGE_INK = "#a8480f"
_NAME = 44


def fitting(name: str) -> str:
    """Give a name that fits beside a figure: what it is known by, or its beginning."""
    found = re.fullmatch(r".*\((\S{2,12})\)", name)
    if len(name) > _NAME and found:
        return found.group(1)
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"


def place(day: dt.date) -> float:
    """Give the place of a day on an axis."""
    import matplotlib.dates as mdates

    return float(mdates.date2num(day))  # type: ignore[no-untyped-call]
