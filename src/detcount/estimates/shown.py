"""Small tables of estimates: limits at several levels, and quantities side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from detcount.estimates.interval import persons
from detcount.printing import Columns
from detcount.words import Message, Number

__all__ = ["BASES", "LEVELS", "QUANTITIES", "level_columns", "quantity_columns"]

LEVELS = (0.5, 0.8, 0.95)

BASES = {"data": Message("the counts"), "prior": Message("the prior"), "bounds": Message("bounds alone")}

# What readers know the parts of an announcement by.
QUANTITIES = {
    "eventually verified": Message("verified in the end"),
    "carried out": Message("carried out"),
    "pending": Message("pending"),
    "unverifiable": Message("carried out, never to be verified"),
    "unsubstantiated": Message("unsubstantiated"),
}


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


def quantity_columns(rows: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> Columns:
    """Quantities with their limits, a row each.

    Parameters
    ----------
    rows : iterable of dict
        What `rows` of a result gives: ``quantity``, ``low``, ``mean``, ``high`` and ``identified_by``.
    names : dict of str to str
        What readers know each quantity by; one that is not among them by its own name.

    Returns
    -------
    Columns
        The table.
    """
    cells = []
    for row in rows:
        name, mean = row["quantity"], row["mean"]
        cells.append(
            (
                names.get(name, name),
                persons(row["low"]),
                "–" if mean is None else persons(mean),
                persons(row["high"]),
                BASES[row["identified_by"]],
            )
        )
    head = (Message("Quantity"), Message("Low"), Message("Mean"), Message("High"), Message("Rests on"))
    return Columns(head, tuple(cells), left=(0, 4))
