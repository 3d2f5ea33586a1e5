"""One column of groups from several columns of a frame that was read from a file; blank cells are a group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from detcount.errors import InputError
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd


class Group(str):
    """Name of a group that remembers the values that it is made of, one a column."""

    values: tuple[str, ...]


def named_groups(rows: Iterable[Sequence[str]]) -> list[Group]:
    """Name the group of each row by its values with a comma between; no two groups have one name."""
    known: dict[Sequence[str], Group] = {}
    found = []
    for values in rows:
        if values not in known:
            known[values] = Group(", ".join(values))
            known[values].values = tuple(values)
        found.append(known[values])
    if len({*known.values()}) < len(known):
        raise InputError(
            Message(
                "by: two groups of different values have one name, as a comma stands in a value. Write such "
                "values without it"
            )
        )
    return found


def values_of(name: str) -> tuple[str, ...]:
    """Give the values that a group is named by: its whole name where it was not made of columns."""
    return name.values if isinstance(name, Group) else (name,)


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
        raise InputError(
            Message(
                "by: expected columns of a pandas frame, got {columns!r}. Name columns that it has, or make "
                "one of them first",
                columns=list(map(str, by)),
            )
        )
    import pandas as pd

    cells = zip(*(_written(frame[column]).replace("", blank) for column in by), strict=True)
    name = "groups"
    while name in frame:
        name += "_"
    return frame.assign(**{name: pd.Series(named_groups(cells), index=frame.index, dtype=object)}), name


def _written(column: pd.Series) -> pd.Series:
    """The values of a column as people write them; nothing for a blank cell."""
    text = column.map(lambda value: str(value).strip().removesuffix(".0"))
    return text.where(column.notna(), "")
