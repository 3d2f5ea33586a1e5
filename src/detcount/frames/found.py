"""What a column holds in place of 0 and 1, and what a message says of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from detcount import arguments
from detcount.frames.asking import how_to_ask
from detcount.frames.cells import (
    MARK,
    RECODE,
    TO_NUMBERS,
    either,
    kind_of_cell,
    missing,
    missing_value,
    or_between,
    other,
    remedy_of_cell,
    shown,
)
from detcount.frames.marks import NO, YES, mark_of, number_of
from detcount.frames.places import Place
from detcount.words import Message, quoted

_FIRST = 1000  # cells of a column that mostly show whether it holds marks


@dataclass(frozen=True)
class FoundMarks:
    """What a column holds, where it holds nothing but marks, blank cells, 0 and 1.

    Parameters
    ----------
    yes, no : tuple of str
        The marks, each in one spelling.
    blank : bool
        Whether there are blank cells.
    figures : frozenset of int
        Which of 0 and 1 there are.
    """

    yes: tuple[str, ...]
    no: tuple[str, ...]
    blank: bool
    figures: frozenset[int]

    @property
    def ask_for(self) -> dict[str, Any]:
        """Arguments under which the column would be read; nothing where what is meant is not plain.

        Beside a 0, or a word for it, a blank cell seems to be a value that is missing.
        """
        if (1 in self.figures and self.yes) or (0 in self.figures and self.no):
            return {}
        found: dict[str, Any] = {}
        if self.yes:
            found["yes"] = _one_spelling(self.yes)
        if self.no:
            found["no"] = _one_spelling(self.no)
        if self.blank and not self.no and 0 not in self.figures:
            found["blank_is_0"] = True
        return found


def found_marks(cells: Iterable[Any]) -> FoundMarks | None:
    """Marks of a column; None where it holds anything else, of which nothing may be shown."""
    found: set[str] = set()
    figures: set[int] = set()
    blank = False
    for value in cells:
        if missing(value):
            blank = True
        elif (mark := mark_of(value)) is not None:
            found.add(mark)
        elif (number := number_of(value)) in (0, 1):
            figures.add(int(number))
        else:
            return None
    return FoundMarks(
        tuple(mark for mark in YES if mark in found),
        tuple(mark for mark in NO if mark in found),
        blank,
        frozenset(figures),
    )


def columns_of_marks(frame: Any) -> list[str]:
    """Names of the columns of a pandas frame that hold marks of lists and nothing else."""
    return [str(name) for name in frame.columns if frame[name].notna().any() and marks_in(frame[name])]


def marks_in(cells: Any) -> FoundMarks | None:
    """Marks of a pandas series, as `found_marks` finds them; each value is looked at once."""
    if found_marks(cells.iloc[:_FIRST].tolist()) is None:  # as of names, which may all differ
        return None
    return found_marks(cells.unique().tolist())


def together(columns: Iterable[FoundMarks | None]) -> dict[str, Any]:
    """Arguments under which several columns would be read.

    A blank cell that seems to be a value that is missing, in any of them, is left to be decided.
    """
    known = [column for column in columns if column is not None]
    asked: dict[str, Any] = {}
    for column in known:
        for name, value in column.ask_for.items():
            asked[name] = _one_spelling([*asked.get(name, ()), *value]) if name != "blank_is_0" else True
    if any(column.blank and "blank_is_0" not in column.ask_for for column in known):
        asked.pop("blank_is_0", None)
    return {name: asked[name] for name in ("yes", "no", "blank_is_0") if name in asked}


def _one_spelling(marks: Sequence[str]) -> list[str]:
    """Marks without those that differ from another in accents alone."""
    return list({arguments.plain(mark): mark for mark in reversed(marks)}.values())[::-1]


def told_of_marks(cells: Iterable[Any], place: Place) -> Message | None:
    """Say what a column holds in place of 0 and 1, where no arguments would read it: the first such row."""
    first: dict[str, int] = {}  # rows of the first blank cell, mark, figure as text, and cell of another kind
    found: set[str] = set()
    strange: Any = None
    more_marks = 0  # than cells of another kind
    for row, value in enumerate(cells):
        mark = mark_of(value)
        if missing(value):
            first.setdefault("blank", row)
        elif mark is not None:
            found.add(mark)
            first.setdefault("mark", row)
            more_marks += 1
        elif number_of(value) in (0, 1):
            if isinstance(value, str):
                first.setdefault("figure", row)
        else:
            more_marks -= 1
            if first.setdefault("other", row) == row:
                strange = value
    if "other" in first:
        return _told_of_another_kind(first, strange, place, sorted(found) if more_marks > 0 else [])
    if "blank" in first and first["blank"] < first.get("mark", first["blank"] + 1):
        return missing_value(place, first["blank"])
    if found:
        remedy = Message("Write 1 where the person is on the list, and 0 where not")
        return other(place.at(first["mark"]), MARK, either(sorted(found)), remedy)
    if "figure" in first:
        numbers, got = Message("0 or 1 as numbers"), Message("0 and 1 written as text")
        return other(place.where, numbers, got, TO_NUMBERS)
    return None


def _told_of_another_kind(first: dict[str, int], cell: Any, place: Place, marks: list[str]) -> Message:
    """Say which cell is neither a mark nor 0 or 1; it can be anything, so that it is not shown."""
    row, number = first["other"], number_of(cell)
    got = shown(number) if number is not None else kind_of_cell(cell)
    if marks:
        return Message(
            "{where}: expected 0 or 1, got {got} in a column of text such as {marks!r:,}. Mend the cell, or "
            "leave the row out if it is no person but a total",
            where=place.at(row),
            got=got,
            marks=marks,
        )
    blank, mark = first.get("blank", row), first.get("mark", row)
    if blank < row and blank <= mark:
        return missing_value(place, blank)
    if mark < row:
        return other(place.at(mark), MARK, Message("text"), RECODE)
    return other(place.at(row), MARK, got, None if number is not None else remedy_of_cell(cell))


def told_of_asking(found: FoundMarks, place: Place, ask_for: dict[str, Any]) -> Message:
    """Say what a column holds in place of 0 and 1, and how to have it read."""
    marks = [*found.yes, *found.no]
    if not marks:
        got = Message("1 and blank cells")
    elif found.blank:
        got = Message("text such as {marks!r:,} and blank cells", marks=marks)
    else:
        got = Message("text such as {marks!r:,}", marks=marks)
    blank = [Message("a blank cell")] if "blank_is_0" in ask_for else []
    ones, zeros = list(map(quoted, ask_for.get("yes", ()))), [*map(quoted, ask_for.get("no", ())), *blank]
    ask = how_to_ask(ask_for)
    if not zeros:
        remedy = Message("If {ones} means 1 in the columns of lists, {ask}", ones=or_between(ones), ask=ask)
    elif not ones:
        remedy = Message(
            "If {zeros} means 0 in the columns of lists, {ask}", zeros=or_between(zeros), ask=ask
        )
    else:
        remedy = Message(
            "If {ones} means 1 and {zeros} means 0 in the columns of lists, {ask}",
            ones=or_between(ones),
            zeros=or_between(zeros),
            ask=ask,
        )
    return other(place.where, MARK, got, remedy)
