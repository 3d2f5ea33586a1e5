"""Cells of tables: a number or a dash."""

from __future__ import annotations

from detcount.reports.numbers import persons

NOTHING = "–"  # a cell with nothing to say


def number_or_dash(value: float | None) -> str:
    """Write a number of persons, or a dash where there is none."""
    return NOTHING if value is None else persons(value)
