"""Letters of a PDF with the boxes they fill, and the lines that are drawn, read by a process of its own.

The process has limits of memory and time, and resolves no address, runs no script and opens no attachment.
It reads with PDFium. Then pypdf reads the same pages, and the pages on which the two differ are named.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from detcount._numerics.arrays import Floats, Ints, ReadOnly, bincount
from detcount.errors import InputError, MissingExtraError
from detcount.reading.content import Source
from detcount.reading.documents import BROKEN
from detcount.words import N_, Message


@dataclass(frozen=True)
class Tuning:
    """Limits of the process that reads a PDF.

    Parameters
    ----------
    memory : int, bytes
        Memory of the process, of which 20,000 rows need 200 MB. Convention: less than one GB.
    processor : int, seconds
        Time of the processor, of which 20,000 rows need 30. Convention: two minutes.
    waiting : int, seconds
        Time on the clock. Convention: five times that of the processor.
    pages : int
        Pages of a file. Convention: more than a list of a country has.
    letters : int
        Letters of a file. Convention: some 60,000 rows, which fit into the memory.
    objects : int
        Drawn objects of a page. Convention: a page of 100 rows and 20 columns draws 10,000.
    nested : int
        Drawings within drawings. Convention: programs make two or three.
    """

    memory: int = 900 << 20
    processor: int = 120
    waiting: int = 600
    pages: int = 5_000
    letters: int = 6_000_000
    objects: int = 50_000
    nested: int = 6


TUNING = Tuning()

_LONG = N_(
    "{file}: expected a PDF of at most {pages:,} pages and {letters:,} letters, got more. Print the pages "
    "that are needed into a file of their own"
)
_LIMITS = N_(
    "{file}: expected a PDF that can be read within {memory} MB and {seconds} seconds, got one that needs "
    "more. Print its pages again into a PDF, and read that"
)
_FAULTS = {"damaged": BROKEN, "long": _LONG, "limits": _LIMITS}
_OF_LETTER = len(("code", "left", "right", "bottom", "top", "x", "y", "angle"))
_UNMAPPED, _SOFT_HYPHEN = ord("\ufffd"), 2


@dataclass(frozen=True, repr=False)
class Page(ReadOnly):
    """Letters of a page, with all coordinates turned so that the lines of text run from left to right.

    Parameters
    ----------
    number : int
        Its number, from 1.
    codes : array of int
        The letters, as numbers of Unicode; blanks are letters.
    letters : array of float
        A row for each letter: left, right, the line on which it stands counted downwards, and its height.
    rules : array of float
        A row for each drawn line: left, right, top and bottom.
    found : dict
        What else stands there: letters that are `hidden`, `slanted` or `unmapped`, blanks whose place is
        lost (`moved`), `fields` of a form, and the share that a `picture` covers.
    """

    number: int
    codes: Ints
    letters: Floats
    rules: Floats
    found: dict[str, Any]

    @property
    def blanks(self) -> bool:
        """Tell whether the blanks between words are written as letters."""
        return 40 * int((self.codes == ord(" ")).sum()) > len(self.codes)

    @property
    def spacing(self) -> float:
        """Usual gap between letters of a word: none, where they are not set wide."""
        left, right, base, height = self.letters.T
        gaps, seen = left[1:] - right[:-1], self.codes != ord(" ")
        near = (base[1:] == base[:-1]) & (np.abs(gaps) < height[1:] / 2) & seen[1:] & seen[:-1]
        return max(float(np.median(gaps[near])), 0.0) if near.any() else 0.0


@dataclass(frozen=True, repr=False)
class Pages:
    """The pages of a PDF.

    Parameters
    ----------
    pages : list of Page
        Each with its letters.
    differ : list of int, optional
        Pages on which the second reading found other letters; None where it did not end.
    """

    pages: list[Page]
    differ: list[int] | None


def pages_of(source: Source) -> Pages:
    """Read the letters of a PDF.

    Parameters
    ----------
    source : Source
        The file.

    Returns
    -------
    Pages
        Its pages.

    Raises
    ------
    InputError
        If it is damaged, has a password, or needs more than the limits.
    MissingExtraError
        If the extra ``pdf`` is absent.
    """
    if find_spec("pypdfium2") is None or find_spec("pypdf") is None:
        raise MissingExtraError(Message("reading PDF"), "pdf")
    asked = [sys.executable, "-P", "-m", "detcount.reading.letters"]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # each thread would take of its memory
    answer = b""
    with suppress(subprocess.TimeoutExpired):
        answer = subprocess.run(
            asked, input=source.content, timeout=TUNING.waiting, check=False, env=alone, **pipes
        ).stdout
    pages: list[Page] = []
    at, fault, differ = 0, "limits", None
    while (end := answer.find(b"\n", at)) >= 0:
        head, at = json.loads(answer[at:end]), end + 1
        fault, differ = head.get("fault", fault), head.get("differ", differ)
        if len(answer) < at + 4 * sum(head.get("sizes", ())):
            break  # the process was ended
        if "number" in head:
            numbers = np.frombuffer(answer, np.float32, sum(head["sizes"]), at).astype(float)
            at += 4 * len(numbers)
            letters, rules = np.split(numbers, head["sizes"][:1])
            pages.append(_turned(head, letters.reshape(-1, _OF_LETTER), rules.reshape(-1, 4)))
    if fault:
        limits = {"pages": TUNING.pages, "letters": TUNING.letters, "seconds": TUNING.processor}
        raise InputError(Message(_FAULTS[fault], file=source.name, memory=TUNING.memory >> 20, **limits))
    return Pages(pages, differ)


def _turned(head: dict[str, Any], letters: Any, rules: Any) -> Page:
    """A page whose text runs from left to right, without letters that are slanted."""
    quarters = np.rint(letters[:, 7] / (np.pi / 2))
    level = np.abs(letters[:, 7] - quarters * (np.pi / 2)) < np.pi / 90
    turn = int(bincount(quarters[level].astype(int) % 4, minlength=4).argmax())
    keep = level & (quarters % 4 == turn)

    def boxes(left: Any, right: Any, bottom: Any, top: Any) -> Any:
        """Left, right, top and bottom, counted downwards."""
        ends = np.stack([left + 1j * bottom, right + 1j * top]) * 1j**turn
        return np.sort(ends.real, axis=0), np.sort(-ends.imag, axis=0)

    (left, right), (top, bottom) = boxes(*letters[keep, 1:5].T)
    base = -((letters[keep, 5] + 1j * letters[keep, 6]) * 1j**turn).imag
    drawn = np.concatenate(boxes(*rules.T[[0, 1, 2, 3]])).T
    found = {**head, "slanted": int((~keep).sum())}
    codes = letters[keep, 0].astype(int)
    return Page(head["number"], codes, np.stack([left, right, base, bottom - top], axis=1), drawn, found)


# The process. What is above runs in the program, what is below in the process alone.


def _run() -> None:
    """Read a PDF from standard input, and write its pages to standard output."""
    _hold()
    content, out = sys.stdin.buffer.read(), sys.stdout.buffer
    bags: list[Counter[str]] = []
    with suppress(MemoryError, RecursionError):
        for head, *arrays in _read(content, bags):
            out.write(json.dumps(head).encode() + b"\n" + b"".join(each.tobytes() for each in arrays))
            if head.get("fault"):
                return
    out.flush()
    with suppress(Exception):  # of a second reading that does not end nothing is known
        out.write(json.dumps({"differ": _read_again(content, bags)}).encode() + b"\n")


def _hold() -> None:
    """Limit the memory and the time of this process, where the system can."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        for what, most in (
            (resource.RLIMIT_AS, TUNING.memory),
            (resource.RLIMIT_CPU, TUNING.processor),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ):
            hard = resource.getrlimit(what)[1]
            most = most if hard < 0 else min(most, hard)
            resource.setrlimit(what, (most, most))


def _read(content: bytes, bags: list[Counter[str]]) -> Iterator[tuple[Any, ...]]:
    """Read each page with PDFium, and keep its letters without their order."""
    import pypdfium2
    from pypdfium2 import raw

    n_letters, number = 0, 0
    try:
        document = pypdfium2.PdfDocument(content)
        for number in range(1, len(document) + 1):
            if number > TUNING.pages or n_letters > TUNING.letters:
                yield ({"fault": "long"},)
                return
            page = document[number - 1]
            text = page.get_textpage()
            drawn = _Drawn(raw)
            drawn.page(page.raw)
            letters, found = _letters(raw, page, text.raw, drawn)
            n_letters += len(letters) // _OF_LETTER
            bags.append(_bag("".join(chr(int(code)) for code in letters[::_OF_LETTER])))
            yield found | {"number": number, "sizes": [len(letters), len(drawn.rules)]}, letters, drawn.rules
            text.close()
            page.close()
    except pypdfium2.PdfiumError:
        yield ({"fault": "damaged"},)
        return
    yield ({"fault": ""},)


def _letters(raw: Any, page: Any, text: Any, drawn: _Drawn) -> tuple[array[float], dict[str, Any]]:
    """Letters of a page that can be seen, in the order of the file."""
    letters = array("f")
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    of_box, of_x, of_y = ctypes.byref(box), ctypes.byref(x), ctypes.byref(y)
    west, south, east, north = page.get_bbox()
    matrix = raw.FS_MATRIX()
    of_matrix = ctypes.byref(matrix)
    hidden = unmapped = moved = n_turned = 0
    for k in range(min(raw.FPDFText_CountChars(text), TUNING.letters)):
        code = raw.FPDFText_GetUnicode(text, k)
        raw.FPDFText_GetLooseCharBox(text, k, of_box)
        left, right, bottom, top = box.left, box.right, box.bottom, box.top
        # what PDFium adds between words, and half of a letter of two bytes
        if raw.FPDFText_IsGenerated(text, k) == 1 or (code in (0, 32) and right - left < 0.01):
            moved += code == 32
            continue
        raw.FPDFText_GetCharOrigin(text, k, of_x, of_y)
        turned = 0x590 <= code < 0x900
        n_turned += turned
        if turned and raw.FPDFText_GetMatrix(text, k, of_matrix) and matrix.a > 0:
            # of letters that a browser draws from right to left the box may be that of their ink
            left = x.value if 0 < left - x.value < (right - left) / 2 else left
            top = max(top, bottom + raw.FPDFText_GetFontSize(text, k) * matrix.a)
        inside = west <= (left + right) / 2 <= east and south <= (bottom + top) / 2 <= north
        if not inside or (drawn.hides and _hides(raw, raw.FPDFText_GetTextObject(text, k))):
            hidden += code > 32
            continue
        if code in (9, 10, 13):
            code = 32
        elif code == _SOFT_HYPHEN:
            code = ord("-")
        elif code < 32 or 0xD800 <= code < 0xF900 or code >= 0xF0000 or code in (0xFFFE, 0xFFFF):
            unmapped += 1
            code = _UNMAPPED
        angle = raw.FPDFText_GetCharAngle(text, k)
        letters.extend((code, left, right, bottom, top, x.value, y.value, angle))
    share = min(drawn.picture / max((east - west) * (north - south), 1.0), 1.0)
    found = {"hidden": hidden, "unmapped": unmapped, "fields": drawn.fields, "picture": share}
    return letters, found | {"moved": moved if n_turned else 0}


def _hides(raw: Any, text: Any) -> bool:
    """Tell whether text is not drawn."""
    return raw.FPDFTextObj_GetTextRenderMode(text) in (3, 7)


class _Drawn:
    """Lines, pictures and hidden text that a page draws, those of drawings within it as well."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self.rules = array("f")
        self.hides, self.picture, self.fields, self._n = False, 0.0, 0, 0

    def page(self, page: Any) -> None:
        """Go through the objects of a page, and count the fields of forms and the notes on it."""
        raw = self.raw
        n = min(raw.FPDFPage_CountObjects(page), TUNING.objects)
        self._all([raw.FPDFPage_GetObject(page, k) for k in range(n)], np.eye(3), 0)
        for k in range(min(raw.FPDFPage_GetAnnotCount(page), TUNING.objects)):
            if note := raw.FPDFPage_GetAnnot(page, k):
                kinds = (raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP)
                self.fields += raw.FPDFAnnot_GetSubtype(note) in kinds
                raw.FPDFPage_CloseAnnot(note)

    def _all(self, objects: list[Any], matrix: Any, depth: int) -> None:
        """Look at each object."""
        raw = self.raw
        for each in objects:
            kind, self._n = raw.FPDFPageObj_GetType(each), self._n + 1
            if kind == raw.FPDF_PAGEOBJ_TEXT:
                self.hides |= _hides(raw, each)
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                self.picture += float(np.abs(np.prod(np.diff(self._corners(each, matrix), axis=0))))
            elif kind == raw.FPDF_PAGEOBJ_PATH and self._n < TUNING.objects:
                self._path(each, matrix)
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < TUNING.nested:
                n = min(raw.FPDFFormObj_CountObjects(each), max(TUNING.objects - self._n, 0))
                inner = [raw.FPDFFormObj_GetObject(each, k) for k in range(n)]
                self._all(inner, self._matrix(each) @ matrix, depth + 1)

    def _matrix(self, each: Any) -> Any:
        """The matrix of an object."""
        m = self.raw.FS_MATRIX()
        self.raw.FPDFPageObj_GetMatrix(each, m)
        return np.array([[m.a, m.b, 0], [m.c, m.d, 0], [m.e, m.f, 1]])

    def _corners(self, each: Any, matrix: Any) -> Any:
        """Two corners of an object on the page."""
        sides = [ctypes.c_float() for _ in range(4)]
        self.raw.FPDFPageObj_GetBounds(each, *sides)
        west, south, east, north = (side.value for side in sides)
        return (np.array([[west, south, 1], [east, north, 1]]) @ matrix)[:, :2]

    def _path(self, each: Any, matrix: Any) -> None:
        """Add the lines of a path: its strokes, or what is filled and thin."""
        raw = self.raw
        fill, stroke, x, y = ctypes.c_int(), ctypes.c_int(), ctypes.c_float(), ctypes.c_float()
        raw.FPDFPath_GetDrawMode(each, fill, stroke)
        if not stroke.value:
            if fill.value:
                self._rule(*self._corners(each, matrix))
            return
        matrix = self._matrix(each) @ matrix
        n = min(raw.FPDFPath_CountSegments(each), TUNING.objects - self._n)
        self._n += n
        begin = last = np.zeros(2)
        for k in range(n):
            segment = raw.FPDFPath_GetPathSegment(each, k)
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            kind, before = raw.FPDFPathSegment_GetType(segment), last
            last = (np.array([x.value, y.value, 1]) @ matrix)[:2]
            if kind == raw.FPDF_SEGMENT_MOVETO:
                begin = last
            elif kind == raw.FPDF_SEGMENT_LINETO:
                self._rule(before, last)
            if raw.FPDFPathSegment_GetClose(segment):
                self._rule(last, begin)

    def _rule(self, begin: Any, end: Any) -> None:
        """Add a line that runs along the page or across it."""
        low, high = np.minimum(begin, end), np.maximum(begin, end)
        if min(high - low) < 3 <= max(high - low):
            self.rules.extend((low[0], high[0], low[1], high[1]))


def _bag(text: str) -> Counter[str]:
    """Letters and digits of a text without their order; ligatures count as their letters."""
    return Counter(filter(str.isalnum, unicodedata.normalize("NFKC", text)))


def _read_again(content: bytes, bags: list[Counter[str]]) -> list[int]:
    """Read with pypdf, and give the pages whose letters differ."""
    from io import BytesIO

    from pypdf import PdfReader

    pages = PdfReader(BytesIO(content)).pages
    return [
        number
        for number, (page, bag) in enumerate(zip(pages, bags, strict=True), 1)
        if _bag(page.extract_text()) != bag
    ]


if __name__ == "__main__":
    _run()
