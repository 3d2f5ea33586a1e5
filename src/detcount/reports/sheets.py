"""Workbooks of Excel, written in memory: text that stays text, numbers, and nothing else.

No temporary file is made: sheets may hold names, which must not lie in a folder for such files.
"""

from __future__ import annotations

import io
import re
import string
import tomllib
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape

from detcount.reports import resource
from detcount.words import visible

_DAY = (1980, 1, 1, 0, 0, 0)  # the first that an archive can hold
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_LONGEST = 32_767  # characters of a cell
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
# in the order of the file: what says that detcount made it stands in its first bytes
_PARTS = (
    *("docProps/core.xml", "[Content_Types].xml", "_rels/.rels"),
    *("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"),
)
_LEAVES_PREFIX = re.compile(r"^[=+\-@]")


def safe_text(text: str) -> str:
    """Text of CSV that no spreadsheet program takes for a formula: an apostrophe stands before one."""
    return f"'{text}" if text.lstrip(" ").startswith(_STARTS_A_FORMULA) else text


@dataclass(frozen=True)
class Cell:
    """A cell of a sheet, and its looks.

    Parameters
    ----------
    value : str or number
        What it holds; None for nothing.
    digits : str, optional
        How Excel is to write a number, as ``"#,##0"``.
    bold, wrapped, ruled : bool, optional
        Whether its letters are bold, its words go on in the next line, and a rule stands below it.
    right : bool, optional
        Whether it stands at the right; None as Excel has it.
    size : int, optional
        Size of its letters, points.
    """

    value: str | float | None
    digits: str = ""
    bold: bool = False
    wrapped: bool = False
    ruled: bool = False
    right: bool | None = None
    size: int = 11


@dataclass
class Sheet:
    """A sheet: rows of cells, breadths of columns in letters, and whether the first row stays in sight."""

    name: str
    rows: list[Sequence[Cell]] = field(default_factory=list)
    widths: Sequence[float] = ()
    head_stays: bool = False


def workbook_of(sheets: Sequence[Sheet], *, title: str = "", spoken: str = "en") -> bytes:
    """Write sheets as a workbook.

    Parameters
    ----------
    sheets : sequence of Sheet
        The sheets, whose names differ.
    title : str, optional
        Title of the workbook.
    spoken : str, optional
        Code of its language.

    Returns
    -------
    bytes
        The file; the same bytes each time. What says that detcount made it stands in its first bytes.
    """
    looks, xml = _Looks(), _templates()
    written = [_sheet(sheet, looks) for sheet in sheets]
    names = [visible(sheet.name) for sheet in sheets]
    each = [{"n": n, "name": escape(name)} for n, name in enumerate(names, 1)]
    values = {"title": _text(title), "spoken": _text(spoken), **looks.meanings()}
    for item in ("types", "sheets", "links"):
        values[item] = "".join(xml[item].substitute(one) for one in each)
    parts = {name: xml[name].substitute(values) for name in _PARTS}
    parts |= {f"xl/worksheets/sheet{n}.xml": text for n, text in enumerate(written, 1)}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in parts.items():
            part = zipfile.ZipInfo(name, _DAY)
            part.compress_type = zipfile.ZIP_STORED if name.startswith("docProps") else zipfile.ZIP_DEFLATED
            archive.writestr(part, f"{_HEAD}{text}".encode())
    return stream.getvalue()


class _Looks:
    """The looks of cells, each once: a cell names its own by a number."""

    def __init__(self) -> None:
        self._fonts: dict[tuple[bool, int], int] = {(False, 11): 0}
        self._formats: dict[str, int] = {}
        self._found: dict[tuple[object, ...], int] = {(0, 0, False, False, None, False): 0}

    def of(self, cell: Cell) -> int:
        """Number of the looks of a cell."""
        font = self._fonts.setdefault((cell.bold, cell.size), len(self._fonts))
        digits = self._formats.setdefault(cell.digits, 164 + len(self._formats)) if cell.digits else 0
        quoted = isinstance(cell.value, str) and bool(_LEAVES_PREFIX.match(cell.value))
        key = (font, digits, cell.ruled, cell.wrapped, cell.right, quoted)
        return self._found.setdefault(key, len(self._found))

    def meanings(self) -> dict[str, str]:
        """Meaning of each number, for the part of the workbook that has it."""
        formats = "".join(
            f'<numFmt numFmtId="{number}" formatCode="{escape(code)}"/>'
            for code, number in self._formats.items()
        )
        fonts = "".join(
            f'<font>{"<b/>" if bold else ""}<sz val="{size}"/><name val="Calibri"/></font>'
            for bold, size in self._fonts
        )
        numbers = f'<numFmts count="{len(self._formats)}">{formats}</numFmts>' if formats else ""
        looks = "".join(map(_look, self._found))
        return {
            "fonts": f'{numbers}<fonts count="{len(self._fonts)}">{fonts}</fonts>',
            "looks": f'<cellXfs count="{len(self._found)}">{looks}</cellXfs>',
        }


def _look(key: tuple[object, ...]) -> str:
    """The looks of some cells."""
    font, digits, ruled, wrapped, right, quoted = key
    horizontal = "" if right is None else f' horizontal="{"right" if right else "left"}"'
    wrap = ' wrapText="1"' if wrapped else ""
    prefix = ' quotePrefix="1"' if quoted else ""
    return (
        f'<xf numFmtId="{digits}" fontId="{font}" fillId="0" borderId="{int(bool(ruled))}" xfId="0"'
        f' applyNumberFormat="1" applyFont="1" applyBorder="1" applyAlignment="1"{prefix}>'
        f'<alignment vertical="{"bottom" if ruled else "top"}"{horizontal}{wrap}/></xf>'
    )


def _sheet(sheet: Sheet, looks: _Looks) -> str:
    """A sheet as a part."""
    view = (
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
        'state="frozen"/></sheetView></sheetViews>'
        if sheet.head_stays
        else ""
    )
    widths = "".join(
        f'<col min="{k}" max="{k}" width="{width:g}" customWidth="1"/>'
        for k, width in enumerate(sheet.widths, 1)
    )
    rows = "".join(
        f'<row r="{number}">{"".join(_cells(row, number, looks))}</row>'
        for number, row in enumerate(sheet.rows, 1)
    )
    columns = f"<cols>{widths}</cols>" if widths else ""
    return f'<worksheet xmlns="{_MAIN}">{view}{columns}<sheetData>{rows}</sheetData></worksheet>'


def _cells(row: Sequence[Cell], number: int, looks: _Looks) -> Iterable[str]:
    """The cells of a row that hold something."""
    for position, cell in enumerate(row, 1):
        if cell.value is None:
            continue
        place = f'<c r="{_letters(position)}{number}" s="{looks.of(cell)}"'
        if isinstance(cell.value, str):
            yield f'{place} t="inlineStr"><is><t xml:space="preserve">{_text(cell.value)}</t></is></c>'
        else:
            yield f"{place}><v>{cell.value!r}</v></c>"


def _text(words: str) -> str:
    """Words as XML, as many as a cell holds."""
    return escape(visible(words)[:_LONGEST], quote=False)


def _letters(column: int) -> str:
    """Name a column as Excel does, counted from 1."""
    found = ""
    while column:
        column, letter = divmod(column - 1, 26)
        found = chr(65 + letter) + found
    return found


@cache
def _templates() -> dict[str, string.Template]:
    """The parts of a workbook, and what stands in them for each sheet."""
    text = resource("workbook.toml")
    return {name: string.Template("".join(part.split("\n"))) for name, part in tomllib.loads(text).items()}
