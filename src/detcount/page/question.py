"""What is asked of a file: how it is read, what its columns are, which answer is wanted; as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, Self, get_args

Kind = Literal["columns", "rows", "histories", "releases", "stock", "waves"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Reading:
    """How a file is read.

    Parameters
    ----------
    sheet : str, optional
        Sheet of a workbook.
    header_row : int, optional
        Row that names the columns, from 1.
    dayfirst : bool, optional
        Whether 31/01/2026 is a day.
    """

    sheet: str | None = None
    header_row: int | None = None
    dayfirst: bool = False

    def plain(self) -> dict[str, Any]:
        """Give the fields as values that JSON can hold."""
        return asdict(self)

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Self:
        """Take the fields that `plain` gave."""
        return cls(**plain)


@dataclass(frozen=True)
class Question:
    """What is asked of a file. Columns are positions from 0; texts are as they were typed.

    Parameters
    ----------
    kind : {"columns", "rows", "histories", "releases", "stock", "waves"}
        What a row is: a person or history with a column for each list, a person on one list, a history
        written as 101, a published count of releases, a published count of people held, a wave of releases.
    lists : tuple of int, optional
        Columns that are lists.
    count, person, list, pattern : int, optional
        Columns with the persons of a row, an identifier, the name of a list, a history.
    names : str, optional
        Names of the lists in the order of a history, between commas.
    yes, no : str, optional
        Marks that mean 1 and 0, between commas.
    blank_is_0 : bool, optional
        Whether a blank means 0.
    who, where, first, last, day : str, optional
        Who is counted.
    families : tuple of str, optional
        The methods to compare; all of them where there is none.
    claim : str, optional
        A number that somebody claims.
    as_of : str, optional
        Last day that may be known.
    full : bool, optional
        Whether small counts are shown.
    """

    kind: Kind = "columns"
    lists: tuple[int, ...] = ()
    count: int | None = None
    person: int | None = None
    list: int | None = None
    pattern: int | None = None
    names: str = ""
    yes: str = ""
    no: str = ""
    blank_is_0: bool = False
    who: str = ""
    where: str = ""
    first: str = ""
    last: str = ""
    day: str = ""
    families: tuple[str, ...] = ()
    claim: str = ""
    as_of: str = ""
    full: bool = False

    def plain(self) -> dict[str, Any]:
        """Give the fields as values that JSON can hold."""
        return asdict(self)

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Self:
        """Take the fields that `plain` gave."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in plain.items() if name in known}
        return cls(**{name: tuple(v) if isinstance(v, type([])) else v for name, v in values.items()})
