"""A small table of limits at several levels."""

from __future__ import annotations

from collections.abc import Callable

from detcount.estimates.interval import persons
from detcount.printing import Columns
from detcount.words import Message, Number

LEVELS = (0.5, 0.8, 0.95)


def level_columns(limits: Callable[[float], tuple[float, float]]) -> Columns:
    """Limits at several levels, a row each.

    Parameters
    ----------
    limits : callable
        Gives lower and upper limit at a level, persons.

    Returns
    -------
    Columns
        The table.
    """
    rows = ((Number(level, ".0%"), *map(persons, limits(level))) for level in LEVELS)
    return Columns((Message("Level"), Message("Low"), Message("High")), tuple(rows))
