"""The text of a file: its encoding, letters that were saved wrongly, its separator, rows and their lines.

It is one way from bytes to rows, whose steps need what the step before found out.
"""

from __future__ import annotations

import codecs
import csv
import html
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from io import StringIO
from itertools import islice

import numpy as np

from detcount._numerics.arrays import bincount
from detcount.errors import InputError
from detcount.reading.content import Source
from detcount.reading.frames import Lines
from detcount.reading.headers import is_known
from detcount.words import N_, Message

_CELL_TOO_LONG = N_(
    "{file}, line {line}: a cell is longer than any cell of a list of names. Look for a quotation that never "
    "ends"
)

UNREADABLE = "\ufffd"
"""What stands where a letter was lost."""
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_SPACES = re.compile(r"\s+")
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,5}|#x[0-9a-fA-F]{2,4});")
# UTF-8 that was read as Windows-1252: a leading byte, and bytes of 128 to 191 as that alphabet shows them
_FOLLOWING = "".join(
    {bytes([byte]).decode("latin-1") for byte in range(0x80, 0xC0)}
    | {bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xC0)}
)
_MOJIBAKE = re.compile(f"[\u00c2-\u00f4][{re.escape(_FOLLOWING)}]+")
_ROUNDS = 3  # as often as a file may have been saved wrongly


def clean(text: str) -> str:
    """Text in one line, with composed letters, and without what cannot be seen."""
    if text.isascii() and "&" not in text:
        return " ".join(text.split())
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return _SPACES.sub(" ", text).strip()


def repaired(text: str) -> str:
    """Text in which UTF-8 that was read as Windows-1252 is read as UTF-8, if there is any."""
    for _ in range(_ROUNDS):
        if text.isascii():
            return text
        again = _MOJIBAKE.sub(_read_again, text)
        if again == text:
            return text
        text = again
    return text


def _read_again(found: re.Match[str]) -> str:
    """A run of letters as the UTF-8 that it was."""
    run = found[0]
    for end in range(len(run), 1, -1):  # what follows may be a sign of its own
        try:
            return b"".join(map(_byte, run[:end])).decode("utf-8") + run[end:]
        except UnicodeError:
            continue
    return run


def _byte(letter: str) -> bytes:
    """The byte that was read as this letter."""
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:  # five bytes have no letter there, and were kept as they were
        return letter.encode("latin-1")


def words_of(text: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(text.split())


NAMES = tomllib.loads((resources.files("detcount.reading") / "names.toml").read_text(encoding="utf-8"))
PATTERNS = {name: re.compile(text.replace("\n", "")) for name, text in NAMES["patterns"].items()}
"""What cells say besides names, in words of small letters without accents."""
FEMALE = words_of(NAMES["female"])
GIVEN = FEMALE | words_of(NAMES["male"])
SURNAMES = words_of(NAMES["surnames"])
DEVOTIONS = words_of(NAMES["devotions"])
GLUED: dict[str, str] = NAMES["glued"]


_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# the alphabets of Windows, of DOS (as old programs save CSV) and of old Macs; the first wins a tie
# Libraries were tried on 40 files of Spanish names of each kind: charset-normalizer 3.5 read 3 in
# Windows-1252, 36 in DOS 850, 20 in Mac Roman and none in two encodings, and ftfy 6.3 repaired 27 that were
# saved wrongly once; this reads 40, 39, 40, 40 and 40.
_ALPHABETS = {"cp1252": "Windows-1252", "cp850": "DOS 850", "mac-roman": "Mac Roman"}
_SPANISH = "áéíóúüñÁÉÍÓÚÜÑãõçâêôàèùîûëïÃÕÇÂÊÔÀÈ"  # and of Portuguese and French
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?")
# bytes of UTF-8 of which one at least stands wherever UTF-8 was read as Windows-1252
_WRONGLY_SAVED = (b"\xc2", b"\xc5", b"\xc6", b"\xcb", b"\xe2")
_HEAD_OF_BYTES = 4096


def decoded(file: str, content: bytes) -> tuple[str, list[Message]]:
    """The text of a file, never shown, and what had to be guessed or repaired; other bytes are refused."""
    if content.startswith(codecs.BOM_UTF8):
        content = content[len(codecs.BOM_UTF8) :]
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None) or _by_zeros(content)
    notes: list[Message] = []
    maybe = True  # whether letters can have been saved wrongly
    if encoding is not None:
        text = content.decode(encoding, "replace")
    else:
        text, notes, maybe = _without_mark(file, content)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError(
            Message(
                '{file}, line {line}: expected text, got bytes that are none. Save it as "CSV UTF-8"',
                file=file,
                line=line,
            )
        )
    whole = repaired(text) if maybe else text
    if whole != text:
        mended = sum(one != two for one, two in zip(text.split("\n"), whole.split("\n"), strict=False))
        notes.append(
            Message.counted(
                "{file}: 1 line held letters with accents saved in a wrong encoding, and was repaired",
                "{file}: {n:,} lines held letters with accents saved in a wrong encoding, and were repaired",
                n=mended,
                file=file,
            )
        )
    n_unreadable = whole.count(UNREADABLE)
    if n_unreadable:
        notes.append(
            Message.counted(
                "{file}: 1 letter with an accent was lost before the file was saved. In names that are "
                "linked it is filled in from other rows, where a word fits",
                "{file}: {n:,} letters with accents were lost before the file was saved. In names that are "
                "linked they are filled in from other rows, where a word fits",
                n=n_unreadable,
                file=file,
            )
        )
    return whole, notes


def _by_zeros(content: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of Latin text is zero."""
    head = content[:_HEAD_OF_BYTES]
    pairs = len(head) // 2
    if pairs < 2 or b"\0" not in head:
        return None
    even, odd = head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if odd > 0.6 * pairs and even < 0.1 * pairs:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 * pairs and odd < 0.1 * pairs else None


def _as_utf8(content: bytes) -> str | None:
    """Text in UTF-8; None where it is none."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _without_mark(file: str, content: bytes) -> tuple[str, list[Message], bool]:
    """Text in UTF-8, or in the alphabet that gives letters of Spanish; line by line where both occur.

    Also given: what was guessed, and whether letters can have been saved wrongly.
    """
    whole = _as_utf8(content)
    if whole is not None:
        return whole, [], any(byte in content for byte in _WRONGLY_SAVED)
    if content.decode("utf-8", "ignore").isascii():  # nothing in it is UTF-8, also not if saved wrongly
        alphabet = _alphabet(content)
        guess = Message(
            "{file}: read as {encoding}, which is a guess, as the file is no valid UTF-8. If letters with "
            'accents come out wrong, save it as "CSV UTF-8"',
            file=file,
            encoding=_ALPHABETS[alphabet],
        )
        return _read(content, alphabet), [guess], alphabet != "cp1252"
    pieces = _LINE.findall(content)
    good = list(map(_as_utf8, pieces))
    others = [number for number, read in enumerate(good) if read is None]
    alphabet = _alphabet(b"".join(pieces[number] for number in others))
    text = "".join(
        _read(piece, alphabet) if read is None else read for piece, read in zip(pieces, good, strict=True)
    )
    guess = Message(
        "{file}: two encodings in one file: {n_utf8:,} lines with accents are UTF-8, and {n:,} were read as "
        "{encoding}, which is a guess; the first of these is line {first}",
        file=file,
        n_utf8=sum(read is not None and not read.isascii() for read in good),
        n=len(others),
        encoding=_ALPHABETS[alphabet],
        first=others[0] + 1,
    )
    return text, [guess], True


def _alphabet(content: bytes) -> str:
    """The alphabet in which most bytes above 127 are letters of Spanish."""
    counted = bincount(np.frombuffer(content, dtype=np.uint8), minlength=256).tolist()

    def n_spanish(alphabet: str) -> int:
        return sum(
            counted[byte] for byte in range(128, 256) if bytes([byte]).decode(alphabet, "replace") in _SPANISH
        )

    return max(_ALPHABETS, key=n_spanish)


def _read(content: bytes, alphabet: str) -> str:
    """Bytes in an alphabet; those that have no letter there are kept as Latin-1."""
    try:
        return content.decode(alphabet)
    except UnicodeDecodeError:
        kept = {0xDC00 + byte: byte for byte in range(128, 256)}
        return content.decode(alphabet, "surrogateescape").translate(kept)


_SEPARATORS = (";", "\t", "|", "~", "^", ",")
_NO_SEPARATORS = re.compile(r" {2,}| *:")  # which stand in names and times too
_MOST_COLUMNS = 16_384  # as many as a sheet of Excel has
_LOOKED_AT = 200  # rows that show the separator
_HEAD = 1 << 18  # characters that hold them
_NAMED_SEPARATOR = re.compile(r'\s*"?sep=(.)"?(?:\r\n|\r|\n)', re.IGNORECASE)  # as Excel writes it
_LINE_END = re.compile(r"\r\n|\r|\n")
_NUMBERED = re.compile(r"^(?:\d{1,6}[.)-]|[-*•])\s+")  # of a line of a list that has one column


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
            raise InputError(Message(_CELL_TOO_LONG, file=self.file, line=begins)) from None

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
            long = next((k for k, line in enumerate(lines) if len(line) > csv.field_size_limit()), None)
            if long is not None:
                raise InputError(Message(_CELL_TOO_LONG, file=self.file, line=self.line + long))
            cells = [[_NUMBERED.sub("", line.strip().strip('"'))] for line in lines]
            return cells, [*range(self.line, self.line + len(lines))]
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
        """The text without the rows of separators that spreadsheets write below a table."""
        filled = len(self.content.rstrip(f"{self.separator or ''} \t\r\n"))
        end = _LINE_END.search(self.content, filled)
        content = self.content if end is None else self.content[: end.end()]
        return Text(self.file, content, self.separator, self.line, self.notes)


def never_ends(file: str, line: int) -> Message:
    """Message for a quotation that never ends."""
    return Message(
        "{file}, line {line}: a quotation begins in this row and never ends. Put quotes around text that "
        "holds the separator",
        file=file,
        line=line,
    )


def text_of(source: Source) -> Text:
    """Decode a file, and find what parts its columns: what it names, or what fits most of its rows."""
    content, notes = decoded(source.name, source.content)
    named = _NAMED_SEPARATOR.match(content)
    start = 0 if named is None else named.end()
    line = 1 + len(_LINE_END.findall(content, 0, start))
    text = Text(source.name, content[start:], None if named is None else named[1], line, tuple(notes))
    text = text if named else Text(text.file, text.content, _separator(text), line, text.notes)
    end = _LINE_END.search(text.content)
    width = len(text.content) if end is None else end.start()
    n = 1 + text.content.count(text.separator or "\n", 0, width)
    if text.separator is None and sum(map(is_known, _NO_SEPARATORS.split(text.content[:width].strip()))) > 1:
        raise InputError(
            Message(
                "{file}, line {line}: expected columns parted by a comma, a semicolon, a tabulator or a bar, "
                "got colons or blanks between them. Open it in a spreadsheet, say there where columns begin, "
                "and save it as CSV",
                file=text.file,
                line=line,
            )
        )
    if n == 1 and width > csv.field_size_limit():
        raise InputError(Message(_CELL_TOO_LONG, file=text.file, line=line))
    if n > _MOST_COLUMNS:
        raise InputError(
            Message(
                "{file}, line {line}: expected at most {most:,} columns, as many as a spreadsheet has, got "
                "{n:,}. End every row with a line break",
                file=text.file,
                line=line,
                most=_MOST_COLUMNS,
                n=n,
            )
        )
    return text


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
