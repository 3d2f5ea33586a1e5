"""One column of groups from several columns of a frame that was read from a file; blank cells are a group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from detcount.arguments import Sentences

if TYPE_CHECKING:
    import pandas as pd

message = Sentences("detcount.strata")


def with_groups(frame: pd.DataFrame, by: Sequence[str], blank: str) -> tuple[pd.DataFrame, str]:
    """Add a column of groups to a frame.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows of persons, or of capture histories.
    by : sequence of str
        Columns of groups; a group is named by their values with a comma between.
    blank : str
        What a blank cell is called: it is a group of its own, so that nobody is left out.

    Returns
    -------
    tuple of (pandas.DataFrame, str)
        The frame with the column, and the name of it.
    """
    absent = [column for column in by if column not in getattr(frame, "columns", ())]
    if absent or not by or not hasattr(frame, "assign"):
        raise message.refused("columns of groups", columns=list(map(str, by)))
    labels = _written(frame[by[0]]).replace("", blank)
    for column in by[1:]:
        labels = labels + ", " + _written(frame[column]).replace("", blank)
    name = "groups"
    while name in frame:
        name += "_"
    return frame.assign(**{name: labels}), name


def _written(column: pd.Series) -> pd.Series:
    """The values of a column as people write them; nothing for a blank cell."""
    text = column.map(lambda value: str(value).strip().removesuffix(".0"))
    return text.where(column.notna(), "")
