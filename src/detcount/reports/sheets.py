"""Workbooks of Excel, written in memory: text that stays text, numbers, and nothing else.

No other file is made on the way: sheets may hold what must not lie about in a folder for such files.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from detcount.words import visible

_DAY = (1980, 1, 1, 0, 0, 0)  # the first that an archive can hold
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_LONGEST = 32_767  # characters of a cell
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
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
    looks = _Looks()
    written = [_sheet(sheet, looks) for sheet in sheets]
    numbers = range(1, len(sheets) + 1)
    parts = {
        "docProps/core.xml": (
            '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
            'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{_text(title)}</dc:title><dc:language>{_text(spoken)}</dc:language>"
            "<cp:category>detcount</cp:category></cp:coreProperties>"
        ),
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Override PartName="/docProps/core.xml" '
            'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_CONTENT}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_CONTENT}.styles+xml"/>'
            + "".join(
                f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_CONTENT}.worksheet+xml"/>'
                for n in numbers
            )
            + "</Types>"
        ),
        "_rels/.rels": _relations(
            (f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
            (f"{_RELATIONS}/metadata/core-properties", "docProps/core.xml"),
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            + "".join(
                f'<sheet name={quoteattr(visible(sheet.name))} sheetId="{n}" r:id="r{n}"/>'
                for n, sheet in zip(numbers, sheets, strict=True)
            )
            + "</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": _relations(
            *((f"{_OFFICE}/worksheet", f"worksheets/sheet{n}.xml") for n in numbers),
            (f"{_OFFICE}/styles", "styles.xml"),
        ),
        "xl/styles.xml": looks.part(),
        **{f"xl/worksheets/sheet{n}.xml": text for n, text in zip(numbers, written, strict=True)},
    }
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

    def part(self) -> str:
        """The part of the workbook that says what each number means."""
        formats = "".join(
            f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>'
            for code, number in self._formats.items()
        )
        fonts = "".join(
            f'<font>{"<b/>" if bold else ""}<sz val="{size}"/><name val="Calibri"/></font>'
            for bold, size in self._fonts
        )
        return (
            f'<styleSheet xmlns="{_MAIN}">'
            + (f'<numFmts count="{len(self._formats)}">{formats}</numFmts>' if formats else "")
            + f'<fonts count="{len(self._fonts)}">{fonts}</fonts>'
            '<fills count="2"><fill><patternFill patternType="none"/></fill>'
            '<fill><patternFill patternType="gray125"/></fill></fills>'
            '<borders count="2"><border><left/><right/><top/><bottom/></border>'
            '<border><left/><right/><top/><bottom style="thin"/></border></borders>'
            '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
            f'<cellXfs count="{len(self._found)}">{"".join(map(_look, self._found))}</cellXfs>'
            '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
            "</styleSheet>"
        )


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
    return escape(visible(words)[:_LONGEST])


def _letters(column: int) -> str:
    """What Excel calls a column, counted from 1."""
    found = ""
    while column:
        column, letter = divmod(column - 1, 26)
        found = chr(65 + letter) + found
    return found


def _relations(*targets: tuple[str, str]) -> str:
    """A part that says where other parts are."""
    links = "".join(
        f'<Relationship Id="r{n}" Type="{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{links}</Relationships>'
