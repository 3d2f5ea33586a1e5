"""Text files, a row a line: encoding, separator and column names found out, faults named by their line."""

from __future__ import annotations

import codecs
import csv
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING

from detcount.errors import DetcountWarning, InputError
from detcount.frames import Lines, attach_lines
from detcount.io.content import Source
from detcount.io.header import (
    LOOKED_AT,
    likely_names,
    n_filled,
    not_the_names,
    refuse_data,
    refuse_names_again,
    refuse_repeated_columns,
    refuse_title,
)
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

_SEPARATORS = (",", ";", "\t", "|")
_HEAD = 1 << 18  # characters that hold them
_NAMED_SEPARATOR = re.compile(r'"?sep=(.)"?(?:\r\n|\r|\n)', re.IGNORECASE)  # as Excel writes it
_LINE_END = re.compile(r"\r\n|\r|\n")
_GUESSED = {"cp1252": "Windows-1252", "latin-1": "ISO 8859-1"}
_BLANK_LINES = re.compile(r"(?: *(?:\r\n|\r|\n))*")


@dataclass(frozen=True)
class _Text:
    """Text of a file from the line that names the columns on, with its separator and that line's number."""

    content: str
    separator: str
    line: int

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Fields of each record that is not blank, and the line of the file on which it begins."""
        reader = csv.reader(StringIO(self.content, newline=""), delimiter=self.separator)
        begins = self.line
        try:
            for record in reader:
                if len(record) > 1 or (record and (not record[0] or record[0].strip())):
                    yield begins, record
                begins = self.line + reader.line_num
        except csv.Error:  # a field longer than that reader takes; pandas takes it
            return

    def lines(self, n_rows: int) -> Lines | None:
        """Lines on which the rows of the frame begin; None if the file is not read the same way twice."""
        end = "\n" if "\n" in self.content else "\r"
        if self.content.rstrip("\r\n").count(end) == n_rows:  # no blank line, no break within quotation marks
            return Lines(((0, self.line + 1),), n_rows)
        starts: list[tuple[int, int]] = []
        row = -1
        for row, (line, _) in enumerate(self.records(), -1):
            if row >= 0 and (not starts or line - row != starts[-1][1] - starts[-1][0]):
                starts.append((row, line))
        return Lines(tuple(starts), n_rows) if row + 1 == n_rows and starts else None


def read_text(source: Source, header_row: int | None) -> pd.DataFrame:
    """Read a CSV or TSV file from its header on, its encoding and separator found out."""
    import pandas as pd

    file = source.name
    text = _started(_decoded(file, source.read()), header_row)
    if header_row is not None and not re.split(r"[\r\n]", text.content, maxsplit=1)[0].strip():
        raise InputError(
            Message(
                "{where}: expected the names of the columns in row {row}, as header_row says, got "
                "nothing there",
                where=file,
                row=header_row,
            )
        )
    if not text.content.strip():
        raise InputError(Message("{file}: the file is empty. Its first row must name the columns", file=file))
    try:
        header = _checked_header(file, text, asked=header_row is not None)
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame = pd.read_csv(
                StringIO(text.content),
                sep=text.separator,
                decimal="," if text.separator == ";" else ".",
                index_col=False,
                low_memory=False,
            )
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise InputError(_broken(file, text, str(error))) from None
    lines = text.lines(len(frame))
    if lines is not None and len(frame.columns) == len(header):
        attach_lines(frame, lines)
    refuse_names_again(file, frame)
    return frame


def _decoded(file: str, content: bytes) -> str:
    """Text of a file: UTF-16 by its mark, UTF-8, or else Windows-1252, which is said to be a guess."""
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1")):
        raise InputError(
            Message(
                "{file}: expected text, got a workbook or Parquet under the name of a text. Give the file "
                "its right ending",
                file=file,
            )
        )
    encodings: tuple[str, ...] = ("utf-8-sig", "cp1252", "latin-1")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ("utf-16",)
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        if encoding in _GUESSED:
            guess = Message(
                "{file}: read as {encoding}, which is a guess, as the file is no valid UTF-8. If letters "
                'with accents come out wrong, save it as "CSV UTF-8"',
                file=file,
                encoding=_GUESSED[encoding],
            )
            warnings.warn(guess, DetcountWarning, stacklevel=4)
        return text
    raise InputError(
        Message(
            "{file}: expected text, got bytes that are none in UTF-8, Windows-1252 or marked UTF-16. Save it "
            'as "CSV UTF-8"',
            file=file,
        )
    )


def _started(text: str, header_row: int | None) -> _Text:
    """Pass over what is above the header, and find the separator: the one named, or that of most columns."""
    blank = _BLANK_LINES.match(text)
    start = 0 if blank is None else blank.end()
    named = _NAMED_SEPARATOR.match(text, start)
    start = start if named is None else named.end()
    if header_row is not None:
        ends = [match.end() for match in islice(_LINE_END.finditer(text), header_row - 1)]
        start = max(ends[-1] if ends else 0, 0 if named is None else start)
        start = len(text) if len(ends) < header_row - 1 else start
    line = 1 + len(_LINE_END.findall(text, 0, start))
    rest = text[start:]

    def n_columns(separator: str) -> int:
        try:
            return len(next(csv.reader(StringIO(rest[:_HEAD], newline=""), delimiter=separator), []))
        except csv.Error:
            return 0

    separator = max(_SEPARATORS, key=n_columns) if named is None else named[1]
    return _Text(_without_blank_end(rest, separator), separator, line)


def _without_blank_end(text: str, separator: str) -> str:
    """Text without the rows of separators alone that spreadsheets write below a table."""
    filled = len(text.rstrip(f"{separator} \t\r\n"))
    end = _LINE_END.search(text, filled)
    return text if end is None else text[: end.end()]


def _checked_header(file: str, text: _Text, *, asked: bool) -> list[str]:
    """Names of the columns; a title in their place and a name that stands twice are refused."""
    head = _Text(text.content[:_HEAD], text.separator, text.line)
    first = [record for _, record in islice(head.records(), LOOKED_AT)]
    if not first:
        return []
    header = first[0]
    where = Message("{file}, line {line}", file=file, line=text.line)
    lines = [line for line, _ in islice(head.records(), LOOKED_AT)]
    refuse_title(where, first, lambda row: _called(lines[row]))
    if len(header) == 1 or max(map(len, first[1:]), default=2) == 1:  # the rows below may be split otherwise
        for separator in _SEPARATORS:
            split = islice(_Text(head.content, separator, 1).records(), 1, LOOKED_AT)
            widths = {len(record) for _, record in split} or {0}
            if separator != text.separator and min(widths) > 1:
                raise not_the_names(where, None, max(widths), _likely_line(head))
    if len(header) == 1 and max(map(len, first), default=1) > 1:
        raise not_the_names(where, 1, max(map(len, first)), _likely_line(head))
    refuse_repeated_columns(where, header)
    if not asked:
        refuse_data(where, first)
    return header


def _likely_line(head: _Text) -> tuple[int, Message] | None:
    """Line that seems to name the columns, by the separator that splits it into most of them."""
    found: tuple[int, int] = (1, 0)
    for separator in _SEPARATORS:
        records = list(islice(_Text(head.content, separator, head.line).records(), LOOKED_AT))
        position = likely_names([record for _, record in records])
        if position is not None:
            found = max(found, (n_filled(records[position][1]), -records[position][0]))
    return _called(-found[1]) if found[1] else None


def _called(line: int) -> tuple[int, Message]:
    """Number of a line, and what messages call it."""
    return line, Message("line {line}", line=line)


def _broken(file: str, text: _Text, error: str) -> Message:
    """Where a file has more fields than names, or a quotation that never ends."""
    if "EOF inside string" in error:
        return Message(
            "{file}, a quotation never ends. Put quotes around text that holds the separator", file=file
        )
    records = text.records()
    _, header = next(records, (0, []))
    for line, record in records:
        if len(record) > len(header):
            return Message(
                "{file}, line {line}: expected {wanted} fields, as many as line {first} names, got {found}. "
                "Put quotes around text that holds the separator, and name every column",
                file=file,
                line=line,
                wanted=len(header),
                first=text.line,
                found=len(record),
            )
    return Message("{file}: the file cannot be read as a table. Save it again as CSV", file=file)
