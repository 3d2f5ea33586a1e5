"""Text files, a row a line: their separator found out, and their fields with the lines they begin on."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from detcount.errors import InputError
from detcount.frames import Lines
from detcount.reading import message
from detcount.reading.content import Source
from detcount.reading.encoding import decoded
from detcount.reading.headers import is_known
from detcount.words import Message

_SEPARATORS = (";", "\t", "|", ",")
_LOOKED_AT = 200  # rows that show the separator
_HEAD = 1 << 18  # characters that hold them
_NAMED_SEPARATOR = re.compile(r'\s*"?sep=(.)"?(?:\r\n|\r|\n)', re.IGNORECASE)  # as Excel writes it
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, repr=False)
class Text:
    """The text of a file from one of its lines on.

    Parameters
    ----------
    file : str
        What messages call the file.
    content : str
        The text, never shown.
    separator : str, optional
        What parts its columns; None where there is one, in which commas may stand in names.
    line : int
        The line of the file on which it begins.
    notes : tuple of Message
        What had to be guessed.
    """

    file: str
    content: str
    separator: str | None
    line: int
    notes: tuple[Message, ...]

    def records(self, *, head: bool = False) -> Iterator[tuple[int, list[str]]]:
        """Fields of each row, and the line on which it begins; of the first rows alone, or to the end."""
        content = self.content[:_HEAD] if head else self.content
        reader = csv.reader(StringIO(content, newline=""), delimiter=self.separator or ",")
        begins = self.line
        try:
            for record in reader:
                yield begins, record
                begins = self.line + reader.line_num
        except csv.Error:
            if head:
                return
            raise InputError(message("cell too long", file=self.file, line=begins)) from None

    def filled(self, *, head: bool = False) -> Iterator[tuple[int, list[str]]]:
        """Records that are no blank lines."""
        for line, row in self.records(head=head):
            if len(row) > 1 or (row and (not row[0] or row[0].strip())):
                yield line, row

    def starts(self, n_rows: int) -> Lines | None:
        """Lines on which the rows of a frame begin; None if the file is not read the same way twice."""
        end = "\n" if "\n" in self.content else "\r"
        if self.content.rstrip("\r\n").count(end) == n_rows:  # no blank line, no break inside quotation marks
            return Lines(((0, self.line + 1),), n_rows)
        try:
            lines = [line for line, _ in self.filled()][1:]
        except InputError:  # a field longer than that reader takes; pandas takes it
            return None
        return Lines.at(lines) if len(lines) == n_rows else None

    def rows(self) -> tuple[list[list[str]], list[int]]:
        """All fields, and the line on which each row begins; a quotation that never ends is refused."""
        if self.separator is None:
            lines = self.content.splitlines()
            return [[line.strip().strip('"')] for line in lines], [*range(self.line, self.line + len(lines))]
        found = list(self.records())
        if self.content.count('"') % 2 and found and "\n" in "".join(found[-1][1]).strip("\n"):
            raise InputError(never_ends(self.file, found[-1][0]))
        return [row for _, row in found], [line for line, _ in found]

    def from_line(self, line: int) -> Text:
        """The text from a line of the file on; nothing where it has fewer."""
        ends = [match.end() for match in islice(_LINE_END.finditer(self.content), line - self.line)]
        begin = 0 if line <= self.line else ends[-1] if len(ends) == line - self.line else len(self.content)
        return Text(self.file, self.content[begin:], self.separator, max(line, self.line), self.notes)

    def without_blank_end(self) -> Text:
        """The text without the rows of separators alone that spreadsheets write below a table."""
        filled = len(self.content.rstrip(f"{self.separator or ''} \t\r\n"))
        end = _LINE_END.search(self.content, filled)
        content = self.content if end is None else self.content[: end.end()]
        return Text(self.file, content, self.separator, self.line, self.notes)


def never_ends(file: str, line: int) -> Message:
    """Message for a quotation that never ends."""
    return message("quotation without end from a line", file=file, line=line)


def text_of(source: Source) -> Text:
    """Decode a file, and find what parts its columns: what it names, or what fits most of its rows."""
    content, notes = decoded(source.name, source.content)
    named = _NAMED_SEPARATOR.match(content)
    start = 0 if named is None else named.end()
    line = 1 + len(_LINE_END.findall(content, 0, start))
    text = Text(source.name, content[start:], None if named is None else named[1], line, tuple(notes))
    return text if named else Text(text.file, text.content, _separator(text), line, text.notes)


def _separator(text: Text) -> str | None:
    """The separator that splits most rows into the same number of fields; None where there is one column."""
    best: tuple[bool, float, int, str] | None = None
    for separator in _SEPARATORS:
        rows = _filled_rows(text, separator)
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if widths:
            ((width, n_rows),) = widths.most_common(1)
            share = n_rows / len(rows)
            found = (share > 0.5, share * min(width, 4), width, separator)
            best = found if best is None or found[:2] > best[:2] else best
    if best is None:
        return None
    _, _, width, separator = best
    rows = _filled_rows(text, separator)
    if separator == "," and width == 2 and len(rows[0]) == 1:
        # "nombre" above "PEREZ, JUAN": the comma belongs to the name, unless a row below names two columns
        second = any(len(row) == 2 and all(map(is_known, row)) for row in rows[:30])
        return separator if second else None
    return separator


def _filled_rows(text: Text, separator: str) -> list[list[str]]:
    """The first rows that hold something, split by a separator."""
    split = Text(text.file, text.content, separator, text.line, ()).records(head=True)
    return [row for _, row in islice(split, _LOOKED_AT) if any(field.strip() for field in row)]
