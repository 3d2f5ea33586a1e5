"""Any frame: its columns, its rows as a person counts them, and what their cells hold."""

from detcount.frames.cells import (
    MOST_PERSONS,
    array,
    either,
    indicator,
    missing,
    one_a_row,
    refuse_missing,
    shown,
    whole,
)
from detcount.frames.columns import Column, factorized, numbered
from detcount.frames.frame import Frame
from detcount.frames.places import DATA_ROWS, Lines, Place, RowNames, attach_lines, column_name, row_names

__all__ = [
    "DATA_ROWS",
    "MOST_PERSONS",
    "Column",
    "Frame",
    "Lines",
    "Place",
    "RowNames",
    "array",
    "attach_lines",
    "column_name",
    "either",
    "factorized",
    "indicator",
    "missing",
    "numbered",
    "one_a_row",
    "refuse_missing",
    "row_names",
    "shown",
    "whole",
]
