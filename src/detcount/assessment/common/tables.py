"""Tables of reports: cells with a number or a dash, and columns that are left out where nothing is known."""

from __future__ import annotations

from collections.abc import Sequence

from detcount.reports.blocks import Table
from detcount.reports.numbers import persons

NOTHING = "–"  # a cell with nothing to say


def number_or_dash(value: float | None) -> str:
    """Write a number of persons, or a dash where there is none."""
    return NOTHING if value is None else persons(value)


def table_of_known(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    align: str,
    *,
    caption: str,
    first: int = 1,
    strong: tuple[int, ...] = (),
) -> Table:
    """A table without the columns that say nothing in any row; the `first` of them stay."""
    kept = [k for k in range(len(head)) if k < first or any(row[k] not in ("", NOTHING) for row in rows)]
    return Table(
        tuple(head[k] for k in kept),
        tuple(tuple(row[k] for k in kept) for row in rows),
        "".join(align[k] for k in kept),
        caption=caption,
        strong=strong,
    )
