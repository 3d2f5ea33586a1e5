"""Any frame: its columns, its rows as a person counts them, and what their cells hold."""

from detcount.frames.asking import command_options, how_to_ask
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
from detcount.frames.engine import N_ROWS, collected
from detcount.frames.found import columns_of_marks, found_marks
from detcount.frames.frame import Frame
from detcount.frames.known import meanings, plain_name, read_as
from detcount.frames.marks import Marks, mark_of, means_yes
from detcount.frames.places import (
    DATA_ROWS,
    CountedRows,
    Lines,
    Place,
    RowNames,
    attach_lines,
    column_name,
    row_names,
)
from detcount.frames.to_come import refuse_to_come

__all__ = [
    "DATA_ROWS",
    "MOST_PERSONS",
    "N_ROWS",
    "Column",
    "CountedRows",
    "Frame",
    "Lines",
    "Marks",
    "Place",
    "RowNames",
    "array",
    "attach_lines",
    "collected",
    "column_name",
    "columns_of_marks",
    "command_options",
    "either",
    "factorized",
    "found_marks",
    "how_to_ask",
    "indicator",
    "mark_of",
    "meanings",
    "means_yes",
    "missing",
    "numbered",
    "one_a_row",
    "plain_name",
    "read_as",
    "refuse_missing",
    "refuse_to_come",
    "row_names",
    "shown",
    "whole",
]
