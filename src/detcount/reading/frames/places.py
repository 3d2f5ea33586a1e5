"""Rows, columns and days as messages name them, what words of a file mean, and how to ask for more."""

from __future__ import annotations

import datetime as dt
import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount.contract.arguments import plain
from detcount.errors import InputError
from detcount.words import Message, quoted

_LINES = "_detcount_lines"


@dataclass(frozen=True)
class Lines:
    """Where the rows of a frame stand in the file it was read from.

    Parameters
    ----------
    starts : tuple of tuple of int
        (row from 0, line of the file): from each such row on, every row is one line further.
    n_rows : int
        Rows of the frame.
    in_sheet : bool, optional
        Whether they are rows of a sheet, and not lines of a text.
    """

    starts: tuple[tuple[int, int], ...]
    n_rows: int
    in_sheet: bool = False

    @classmethod
    def at(cls, lines: Sequence[int], *, in_sheet: bool = False) -> Lines:
        """Rows that begin on these lines."""
        starts = [(k, line) for k, line in enumerate(lines) if k == 0 or line != lines[k - 1] + 1]
        return cls(tuple(starts) or ((0, 1),), len(lines), in_sheet)

    def of(self, row: int) -> int:
        """Line on which a row begins."""
        start, line = self.starts[bisect_right(self.starts, (row, math.inf)) - 1]
        return line + row - start

    def name(self, row: int) -> Message:
        """Name of that line for a person."""
        if self.in_sheet:
            return Message("row {line} of the sheet", line=self.of(row))
        return Message("line {line}", line=self.of(row))


@dataclass(frozen=True)
class RowNames:
    """Names of rows in messages: "data row 1" is the first, with its line where a file was read.

    Parameters
    ----------
    lines : Lines, optional
        The lines of the file.
    """

    lines: Lines | None = None

    def __call__(self, row: int) -> Message:
        """One row, as a person finds it."""
        return Message("data row {row}", row=self._number(row))

    def two(self, first: int, second: int) -> Message:
        """Two rows, in the order of the frame."""
        first, second = sorted((int(first), int(second)))
        return Message(
            "data rows {first} and {second}", first=self._number(first), second=self._number(second)
        )

    def _number(self, row: int) -> int | Message:
        """Number from 1, and the line."""
        number = int(row) + 1
        if self.lines is None or not 0 <= row < self.lines.n_rows:
            return number
        return Message("{row} ({line})", row=number, line=self.lines.name(int(row)))


DATA_ROWS = RowNames()


@dataclass(frozen=True)
class KeptRows(RowNames):
    """Names in messages of rows of which some were left out: by their place among all.

    Parameters
    ----------
    kept : tuple of int
        Places from 0 of those that stayed.
    """

    kept: tuple[int, ...] = ()

    def _number(self, row: int) -> int | Message:
        return super()._number(self.kept[int(row)])


@dataclass(frozen=True)
class CountedRows(RowNames):
    """Names in messages of rows that have no number, as those of an engine: how many they are.

    Parameters
    ----------
    counts : tuple of int
        Rows that each group stands for.
    """

    counts: tuple[int, ...] = ()

    def __call__(self, row: int) -> Message:
        """Rows of one group."""
        return self._together(self.counts[int(row)])

    def two(self, first: int, second: int) -> Message:
        """Rows of two groups."""
        return self._together(self.counts[int(first)] + self.counts[int(second)])

    @staticmethod
    def _together(n_rows: int) -> Message:
        return Message.counted("1 row", "{n:,} rows", n=n_rows)


def attach_lines(frame: Any, lines: Lines) -> None:
    """Attach its lines of the file to a pandas frame; a frame made from it, with other rows, has none."""
    object.__setattr__(frame, _LINES, lines)


def row_names(frame: Any) -> RowNames:
    """Names of the rows, with their lines if this very frame was read from a file and has its rows still."""
    lines = getattr(frame, "__dict__", {}).get(_LINES)
    if not isinstance(lines, Lines) or lines.n_rows != len(frame):
        return DATA_ROWS
    index = frame.index
    in_order = lines.n_rows == 0 or (getattr(index, "start", None) == 0 and getattr(index, "step", None) == 1)
    return RowNames(lines) if in_order else DATA_ROWS


@dataclass(frozen=True)
class Place:
    """Where a value stands, for messages.

    Parameters
    ----------
    where : str
        What a message calls the column, a `Message` where that is said in words.
    remedy : Message
        What to do where a value is missing, a sentence without a full stop.
    rows : RowNames
        What it calls the rows.
    """

    where: str
    remedy: Message
    rows: RowNames = DATA_ROWS

    def at(self, row: int) -> Message:
        """Column and row."""
        return Message("{where}, {row}", where=self.where, row=self.rows(row))


def column_name(column: Any) -> str:
    """A column as messages name it: text in quotation marks, anything else as Python writes it."""
    return quoted(column) if isinstance(column, str) else repr(column)


_PLAIN = re.compile(r"[\w,.:/@%+=-]+")


def how_to_ask(arguments: Mapping[str, Any]) -> Message:
    """Advice on what to write, the end of a sentence."""
    return Message(
        "write {code}, or {options} in the command",
        code=", ".join(f"{name}={value!r}" for name, value in arguments.items()),
        options=command_options(arguments),
    )


def command_options(arguments: Mapping[str, Any]) -> str:
    """Arguments as options of the command, quoted for a shell."""
    words: list[str] = []
    for name, value in arguments.items():
        option = "--" + name.replace("_", "-")
        if isinstance(value, Mapping):  # columns of lists of names
            for place, roles in value.items():
                words += [word for what in roles.items() for word in (option, f"{place}:{'='.join(what)}")]
            continue
        words.append(option)
        if value is not True:
            words.append(str(value) if not isinstance(value, (list, tuple)) else ",".join(map(str, value)))
    return " ".join(word if _PLAIN.fullmatch(word) else _quoted(word) for word in words)


def _quoted(word: str) -> str:
    """A word between quotation marks, as a shell takes it for one."""
    return "'" + word.replace("'", "'\"'\"'") + "'"


def refuse_to_come(
    days: Sequence[dt.date] | NDArray[np.datetime64],
    where: str,
    *,
    rows: Callable[[int], Message] | None,
    remedy: str = "",
    shown: bool = True,
) -> None:
    """Refuse days that have begun nowhere on Earth yet: such a day is a slip of the pen.

    It is the one place that reads the clock, and it can only refuse: no number depends on it. `shown` says
    whether the day may be shown, which of a person it may not.
    """
    latest = np.datetime64(dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1), "D")
    days = np.asarray(days, dtype="datetime64[D]")
    later = np.flatnonzero(days > latest)
    if len(later):
        row = int(later[0])
        raise InputError(
            Message(
                "{where}: expected a day that has come, got {got}, and the clock of this computer says "
                "{today}. {remedy}",
                where=where if rows is None else Message("{where}, {row}", where=where, row=rows(row)),
                got=str(days[row]) if shown else Message("a later one"),
                today=str(latest - 1),
                remedy=remedy
                or Message(
                    "Mend the day, or say allow_future=True, --allow-future on the command line, if it is "
                    "meant"
                ),
            )
        )


def plain_name(name: object) -> str:
    """Write a name in small letters without accents, with a space for what parts words."""
    return " ".join(re.findall(r"[^\W_]+", plain(str(name))))


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    """Words for each thing, by kind: columns by kind of table, roles, answers, and those in doubt."""
    import tomllib

    return tomllib.loads(
        (resources.files("detcount.reading.frames") / "words.toml").read_text(encoding="utf-8")
    )


def words_for(kind: str, name: str = "") -> tuple[str, ...]:
    """Words that people write for one thing of a kind; without its name, the names of all."""
    known = _words().get(kind, {})
    return tuple(known.get(name, ()) if name else known)


@cache
def _dictionary() -> dict[str, dict[str, list[str]]]:
    """Meanings of each word, by kind."""
    found: dict[str, dict[str, list[str]]] = {}
    for kind, names in _words().items():
        for name, words in names.items():
            own = [] if kind.startswith("perhaps") else [plain_name(name)]
            for word in (*own, *words):
                found.setdefault(kind, {}).setdefault(word, []).append(name)
    return found


def meanings(kind: str, word: Any) -> tuple[str, ...]:
    """Meanings of a word among the things of a kind; none where it is not known, several for some columns."""
    return tuple(_dictionary()[kind].get(plain_name(word), ())) if isinstance(word, str) else ()


def read_as(pairs: Iterable[tuple[str, Any]]) -> list[Message]:
    """Messages on words that were read as a name; `pairs` are a name and the word that means it."""
    found = {word.strip(): name for name, word in pairs if isinstance(word, str)}
    return [
        Message("{word!r} as {name!r}", word=word, name=name) for word, name in found.items() if word != name
    ]
