"""Groups by several columns of a frame that was read from a file, with a group for blank cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detcount.captures import CaptureTable
from detcount.strata.split import stratify

if TYPE_CHECKING:
    import pandas as pd


def stratify_columns(
    frame: pd.DataFrame, *, by: Sequence[str], blank: str, lists: Sequence[str], **layout: Any
) -> dict[str, CaptureTable]:
    """Split a frame by columns together, and count each part by capture history.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `stratify` takes it.
    by : sequence of str
        Columns of groups; a group is named by their values with a comma between.
    blank : str
        What a blank cell is called: it is a group of its own.
    lists : sequence of str
        Columns that are lists.
    **layout
        What `stratify` takes besides.

    Returns
    -------
    dict of str to CaptureTable
        Persons by capture history in each group.
    """
    labels = _written(frame[by[0]]).replace("", blank)
    for column in by[1:]:
        labels = labels + ", " + _written(frame[column]).replace("", blank)
    name = "groups"
    while name in frame:
        name += "_"
    return stratify(frame.assign(**{name: labels}), by=name, lists=lists, **layout)


def _written(column: pd.Series) -> pd.Series:
    """The values of a column as people write them; nothing for a blank cell."""
    text = column.map(lambda value: str(value).strip().removesuffix(".0"))
    return text.where(column.notna(), "")
