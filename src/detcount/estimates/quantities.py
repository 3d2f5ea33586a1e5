"""A small table of quantities side by side, and what readers know them by."""

from __future__ import annotations

from collections.abc import Iterable

from detcount.estimates.count import BASES, UncertainCount
from detcount.estimates.interval import persons
from detcount.printing import Columns
from detcount.words import Message

# What readers know the parts of an announcement by.
QUANTITIES = {
    "eventually verified": Message("verified in the end"),
    "carried out": Message("carried out"),
    "pending": Message("pending"),
    "unverifiable": Message("carried out, never to be verified"),
    "unsubstantiated": Message("unsubstantiated"),
}


def quantity_columns(counts: Iterable[tuple[str, UncertainCount]]) -> Columns:
    """Quantities with their limits, a row each.

    Parameters
    ----------
    counts : iterable of (str, UncertainCount)
        What readers know each quantity by, and the quantity, persons.

    Returns
    -------
    Columns
        The table, in the steps that Monte Carlo errors support.
    """
    rows = []
    for name, count in counts:
        low, median, high = count.printed()
        middle = "–" if median is None else persons(median)
        rows.append((name, persons(low), middle, persons(high), BASES[count.identified_by]))
    head = (Message("Quantity"), Message("Low"), Message("Median"), Message("High"), Message("Rests on"))
    return Columns(head, tuple(rows), left=(0, 4))
