"""Rows of a table that are no persons: names of columns, headings, totals, notes, examples, tables below.

A row is left out by its words, where they make no name, or where nearly all other rows say more
than one word. Whatever is left out is said with its place; what stays in doubt is a person.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from statistics import median_low
from typing import Any

from detcount.contract.arguments import plain
from detcount.reading.cells import place_name
from detcount.reading.frames import meanings
from detcount.reading.headers import names_a_column, normal, roles_of
from detcount.reading.text import GIVEN, PATTERNS, SURNAMES
from detcount.words import Message

_WORDS = tomllib.loads((resources.files("detcount.reading") / "nobody.toml").read_text(encoding="utf-8"))
_PLACES = frozenset(_WORDS["places"])
_BARE = frozenset(_WORDS["bare"])


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """A pattern of which each part is a whole cell."""
    return re.compile("|".join(patterns).replace("<place>", "|".join(_WORDS["places"])))


_NEVER, _UNNAMED = _any_of(_WORDS["never"]), _any_of(_WORDS["unnamed"])
_EXAMPLE, _NOTES = re.compile(_WORDS["example"]), re.compile(_WORDS["notes"])
_BEGINS = re.compile(rf"[\r\n][^\w\r\n]*(?:{_WORDS['begins']})", re.IGNORECASE)
_FIGURES = re.compile(r"\d{1,4}|\d{1,3}[.,]\d{3}")  # of how many there are; documents have more
_COUNT = re.compile(r"\W*(?::|[(]?\d{1,4}[)]?)\W*$")  # behind a heading
_EDGES = " -–—•.·\"'"


@dataclass(frozen=True)
class Tuning:
    """Rows that say less than the others.

    Parameters
    ----------
    nearly_all : float, share
        Share of rows that say more, from which the others are odd. Convention: nine in ten; one row may
        always say less.
    """

    nearly_all: float = 0.9


TUNING = Tuning()

_WHO = ("name", "given", "surname", "document")
_SHOWN = 8  # rows that a note names


def has_name(row: Sequence[str]) -> bool:
    """Check whether a row holds a common given name or surname."""
    return any(word in GIVEN or word in SURNAMES for cell in row for word in re.findall(r"\w+", plain(cell)))


def names_a_total(cell: str) -> bool:
    """Check whether a cell by itself is a total, a source or a note, and no name."""
    text = plain(cell).strip(f"{_EDGES}:")
    return text in _BARE or _NEVER.fullmatch(text) is not None


def may_be_nobody(content: str, separator: str) -> bool:
    """Check whether a line of a text has one filled cell, or begins as a total, a note or an example does."""
    cell = rf'(?:"[^"\r\n]*"|[^{separator}"\r\n]+)'
    one = rf"[\r\n][{separator} ]*{cell}[{separator} ]*(?=[\r\n]|\Z)"
    return bool(re.search(one, content) or _BEGINS.search(content))


def without_nobody(
    rows: Sequence[Sequence[str]],
    header: Sequence[str] | None,
    where: str,
    lines: Sequence[int] = (),
    *,
    of: str = "frame",
    doubts: bool = False,
) -> tuple[list[int], list[Message]]:
    """Positions of rows that may be persons, and what is said of others; also of `doubts`, if asked."""
    names = [plain(cell) for cell in header or ()]
    while names and not names[-1]:
        names.pop()
    widths = [sum(map(bool, row)) for row in rows]
    again, below = _other_names(rows, names, widths)
    rest = [k for k in range(len(rows)) if k not in again and k not in below]
    nobody, doubtful = _headings(rows, widths, rest, names)
    notes = []
    if again:
        notes.append(
            Message.counted(
                "{where}: 1 row repeats the names of the columns and was left out",
                "{where}: {n} rows repeat the names of the columns and were left out",
                n=len(again),
                where=where,
            )
        )
    if below:
        notes.append(
            Message.counted(
                "{where}: 1 row stands below names of other columns and was left out: {rows}. Put that table "
                "into a file of its own",
                "{where}: {n} rows stand below names of other columns and were left out: {rows}. Put that "
                "table into a file of its own",
                n=len(below),
                where=where,
                rows=_named(below, lines, of),
            )
        )
    if nobody:
        notes.append(
            Message.counted(
                "{where}: 1 row is no person but a heading, a total, a note, an example or the like, and was "
                "left out: {rows}. If it is a person, fill in another of its cells",
                "{where}: {n} rows are no persons but headings, totals, notes, examples or the like, and "
                "were left out: {rows}. If one is a person, fill in another of its cells",
                n=len(nobody),
                where=where,
                rows=_named(nobody, lines, of),
            )
        )
    if doubts and doubtful:
        rows_named = _named(doubtful, lines, of)
        notes.append(
            Message.counted(
                "{where}: 1 row has one filled cell, and counts as a person: {rows}. Delete it if it is none",
                "{where}: {n} rows have one filled cell, and count as persons: {rows}. Delete those that are "
                "none",
                n=len(doubtful),
                where=where,
                rows=rows_named,
            )
        )
    return [k for k in rest if k not in nobody], notes


def _named(found: Iterable[int], lines: Sequence[int], of: str) -> Message:
    """Rows as a person finds them: by the line of a text, the row of a sheet, or the number in a frame."""
    numbers = [lines[k] if lines else k + 1 for k in sorted(found)]
    more = [Message("{n:,} more", n=len(numbers) - _SHOWN)] if len(numbers) > _SHOWN else []
    first = [*map(str, numbers[:_SHOWN]), *more]
    if lines and of == "text":
        return Message.counted("line {rows:and}", "lines {rows:and}", n=len(numbers), rows=first)
    return Message.counted("row {rows:and}", "rows {rows:and}", n=len(numbers), rows=first)


def _other_names(
    rows: Sequence[Sequence[str]], names: Sequence[str], widths: Sequence[int]
) -> tuple[set[int], set[int]]:
    """Rows that name the columns again; and those of tables below, which have other columns."""
    again, below = set[int](), set[int]()
    inside = False  # a table below
    signs = [_sign(name) for name in names]
    for k, row in enumerate(rows):
        same = (
            bool(names) and [plain(cell) for cell in row[: len(names)]] == names if widths[k] > 1 else False
        )
        heads = not same and len(names) > 1 and widths[k] > 1 and _are_heads(rows, k)
        if same or (heads and [_sign(cell) for cell in row if cell] == signs):
            again.add(k)
            inside = False
        elif heads or inside:
            below.add(k)
            inside = True
    return again, below


def _sign(name: str) -> str:
    """First sign in a name of a column, or the name."""
    return next((role for role, _ in roles_of(name)), normal(name))


def _are_heads(rows: Sequence[Sequence[str]], position: int) -> bool:
    """Check whether all cells of a row above another name columns, and none of them stands there again."""
    row = rows[position]
    if any(map(str.isdigit, "".join(row))) or has_name(row) or position + 1 == len(rows):
        return False
    filled = [(column, cell) for column, cell in enumerate(row) if cell]
    if not all(names_a_column(cell) for _, cell in filled):
        return False
    what = {role for _, cell in filled for role, _ in roles_of(cell)}
    if not what & {"name", "given", "surname", "document"} and not any(
        meanings("columns", c) for _, c in filled
    ):
        return False
    others = (other for k, other in enumerate(rows) if k != position)
    return not any(
        column < len(other) and other[column] == cell for other in others for column, cell in filled
    )


def _headings(
    rows: Sequence[Sequence[str]], widths: Sequence[int], rest: Sequence[int], names: Sequence[str]
) -> tuple[set[int], list[int]]:
    """Rows whose words are of nobody, and rows of which nothing but one cell shows that they are persons."""
    usual = median_low([widths[k] for k in rest if widths[k]] or [0])
    of_places = [k for k, name in enumerate(names) if "place" in dict(roles_of(name))]
    written = {row[k] for row in rows for k in of_places if k < len(row)}
    places = _PLACES | set(map(place_name, written))
    known: dict[Any, frozenset[str]] = {}
    nobody, bare, lone, n_more, in_notes = set[int](), dict[int, str](), list[int](), 0, False
    for k in rest:
        kind, word = _kind_of_row(rows[k], widths[k] < usual, places, in_notes=in_notes)
        if kind in ("nobody", "bare") and _stands_in(rows, widths, k, known):
            kind = "lone"
        if kind in ("nobody", "example"):
            nobody.add(k)
        elif kind == "bare":
            bare[k] = word
        elif kind == "lone":
            lone.append(k)
        n_more += kind == "more"
        in_notes = kind == "nobody" and (in_notes or _NOTES.match(word) is not None)
    singles = {k for k in lone if len("".join(rows[k]).split()) == 1}
    n_more += len(lone) - len(singles)
    firm = {k for k, word in bare.items() if not has_name([word])}
    if _few(len(singles), n_more) and (not singles or len({bare[k] for k in firm}) > 1):
        at = {_column_of(rows[k]) for k in firm}
        nobody |= {k for k in bare if k in firm or _column_of(rows[k]) in at}
    doubtful = sorted({*bare} - nobody | {k for k in lone if k in singles or not has_name(rows[k])})
    n_others = sum(widths[k] > 1 for k in rest) - len(nobody)
    return nobody, doubtful if _few(len(doubtful), n_others) else []


def _column_of(row: Sequence[str]) -> int:
    """The first column that a row fills."""
    return next(k for k, cell in enumerate(row) if cell)


def _few(n: int, n_others: int) -> bool:
    """Check whether so few rows say less than the others that this is odd."""
    return n_others > 0 and n <= max(1.0, (1 - TUNING.nearly_all) * (n + n_others))


def _kind_of_row(
    row: Sequence[str], thin: bool, places: Collection[str], *, in_notes: bool
) -> tuple[str, str]:
    """Sort a row as "nobody", a possible heading ("bare"), one cell ("lone") or "more"; and give its word.

    A row is `thin` if it fills fewer cells than is usual.
    """
    filled = [cell for cell in row if cell]
    text = plain(filled[0]).strip(_EDGES) if filled else ""
    if _EXAMPLE.match(text):
        return "example", text
    if not 0 < len(filled) < 3:
        return "more" if filled else "", text
    heading = _COUNT.sub("", text)
    place = place_name(heading)
    counted, marked = all(map(_FIGURES.fullmatch, filled[1:])), heading != text
    named = has_name(filled)
    nobody = (counted or marked) and (_NEVER.fullmatch(text) or (_UNNAMED.fullmatch(text) and not named))
    if counted and (PATTERNS["kind of place"].match(heading) or (marked and place in places)):
        nobody = True
    if len(filled) > 1 and text in _BARE and (counted or (thin and not named)):
        nobody = True
    if nobody or (in_notes and thin and not named):
        return "nobody", text
    if counted and (place in places or text in _BARE):
        return "bare", place or text
    return "lone" if len(filled) == 1 and not any(map(str.isdigit, text)) else "more", text


def _stands_in(
    rows: Sequence[Sequence[str]], widths: Sequence[int], position: int, known: dict[Any, frozenset[str]]
) -> bool:
    """Check whether the words of a row stand in a column of a row that says more; `known` keeps columns."""
    column, width = _column_of(rows[position]), widths[position]
    if (column, width) not in known:
        more = (row for row, filled in zip(rows, widths, strict=True) if filled > width and column < len(row))
        known[column, width] = frozenset(row[column] for row in more)
    return rows[position][column] in known[column, width]
