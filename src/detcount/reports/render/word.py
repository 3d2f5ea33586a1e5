"""Documents as Word files: real headings, tables whose heads repeat, figures described in words."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from detcount.reports.blocks import (
    Block,
    Bullets,
    Details,
    Document,
    FigureSlot,
    Heading,
    Paragraph,
    Quote,
    Table,
)
from detcount.reports.canvas import drawn, saved
from detcount.reports.widths import column_widths
from detcount.words import translated

if TYPE_CHECKING:
    from docx.document import Document as WordDocument


_MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DAY = (1980, 1, 1, 0, 0, 0)  # the first that an archive can hold


def packed(content: bytes, first: str) -> bytes:
    """Pack an archive anew.

    Parameters
    ----------
    content : bytes
        The archive.
    first : str
        Name of the part to stand first, not compressed: what it says of its maker is read from the first
        bytes of the file.

    Returns
    -------
    bytes
        The archive; every part has one fixed day, and so has every time that the first part states.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        names = [name for name in old.namelist() if name != first]
        for name in (first, *names):
            part = zipfile.ZipInfo(name, _DAY)
            part.compress_type = zipfile.ZIP_STORED if name == first else zipfile.ZIP_DEFLATED
            inside = old.read(name)
            new.writestr(part, _MOMENT.sub(b"2000-01-01T00:00:00Z", inside) if name == first else inside)
    return stream.getvalue()


_PAGE = 21.0, 29.7  # cm, A4
_MARGIN = 2.0  # cm
_TEXT = 10.0  # points
_SANS, _MONO = "Arial", "Courier New"
_INK, _BLUE = "1B1B1B", "1F5A8A"
_DOTS_PER_INCH = 220
_NAMES = {"en": "en-GB", "es": "es-ES"}  # languages as Word names them


def word(document: Document, lang: str) -> bytes:
    """Set a document as a Word file.

    Parameters
    ----------
    document : Document
        The document; what pages fold away is written out.
    lang : str
        Code of the language.

    Returns
    -------
    bytes
        The file; the same bytes each time.
    """
    made = _blank(translated(document.title, lang), _NAMES.get(lang, lang))
    for block in document.plain:
        _write(made, block, lang)
    stream = io.BytesIO()
    made.save(stream)
    return packed(stream.getvalue(), "docProps/core.xml")


def _blank(title: str, language: str) -> WordDocument:
    """A file without words: page, styles and language."""
    import docx
    from docx.shared import Cm, Pt, RGBColor

    made = docx.Document()
    section = made.sections[0]
    section.page_width, section.page_height = (Cm(side) for side in _PAGE)
    section.left_margin = section.right_margin = Cm(_MARGIN)
    section.top_margin = section.bottom_margin = Cm(_MARGIN)
    for name, size, above in (
        ("Normal", _TEXT, 0),
        ("Title", 19, 0),
        ("Heading 1", 14, 16),
        ("Heading 2", 11, 10),
        ("Heading 3", _TEXT, 8),
        ("List Bullet", _TEXT, 0),
        ("Intense Quote", _TEXT + 1, 4),
    ):
        style: Any = made.styles[name]
        style.font.name, style.font.size = _SANS, Pt(size)
        style.font.color.rgb = RGBColor.from_string(_BLUE if name == "Heading 1" else _INK)
        style.font.italic = False
        style.font.bold = False if name == "Intense Quote" else style.font.bold
        style.element.rPr.rFonts.attrib.clear()
        style.font.name = _SANS
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(above), Pt(4)
    _page_numbers(section)
    defaults = made.styles.element.find(_tag("w:docDefaults")).find(_tag("w:rPrDefault")).find(_tag("w:rPr"))
    language_of = defaults.find(_tag("w:lang"))
    for part in ("val", "eastAsia"):
        language_of.set(_tag(f"w:{part}"), language)
    about = made.core_properties
    about.title, about.language, about.category = title, language, "detcount"
    about.author = about.comments = about.last_modified_by = ""
    return made


def _page_numbers(section: Any) -> None:
    """Number the pages at the foot."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    line = section.footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = line.add_run()
    for kind, words in (("begin", None), (None, "PAGE"), ("end", None)):
        if kind:
            run._r.append(_element("w:fldChar", {"w:fldCharType": kind}))
        else:
            code = _element("w:instrText", {"xml:space": "preserve"})
            code.text = words
            run._r.append(code)


def _write(made: WordDocument, block: Block, lang: str) -> None:
    """Add one block."""
    match block:
        case Heading():
            made.add_paragraph(
                translated(block.text, lang), "Title" if block.level == 1 else _heading(block.level)
            )
        case Paragraph():
            made.add_paragraph(translated(block.text, lang))
        case Quote():
            made.add_paragraph(translated(block.text, lang), "Intense Quote")
        case Bullets():
            for item in block.items:
                made.add_paragraph(translated(item, lang), "List Bullet")
        case FigureSlot():
            _figure(made, block, lang)
        case Table():
            _table(made, block, lang)
        case Details():
            made.add_paragraph(translated(block.summary, lang), _heading(3))
            for each in block.blocks:
                _write(made, each, lang)


def _heading(level: int) -> str:
    """Style of a heading: the title stands above all, so that sections begin with the first level."""
    return "Title" if level == 1 else f"Heading {level - 1}"


def _figure(made: WordDocument, slot: FigureSlot, lang: str) -> None:
    """Add a figure, as wide as the page, with the words that say what it shows."""
    from docx.shared import Cm

    figure = drawn(slot.draw, lang)
    stream = io.BytesIO(saved(figure, "png", dpi=_DOTS_PER_INCH, creator="detcount"))
    width = min(_PAGE[0] - 2 * _MARGIN, figure.get_figwidth() * 2.54)
    shape = made.add_picture(stream, width=Cm(width))
    about = shape._inline.docPr
    about.set("descr", translated(slot.alt, lang))
    about.set("title", translated(slot.title, lang))
    about.set("name", slot.key)


def _table(made: WordDocument, table: Table, lang: str) -> None:
    """Add a table whose head repeats on each page, and whose rows stay whole."""
    from docx.shared import Cm, Pt

    columns = [translated(name, lang) for name in table.columns]
    rows = [[translated(cell, lang) for cell in row] for row in table.rows]
    widths, size = column_widths(columns, rows, table.code, _PAGE[0] - 2 * _MARGIN)
    grid = made.add_table(rows=1 + len(rows), cols=len(columns))
    grid.autofit = False
    properties = grid._tbl.tblPr
    properties.append(_borders())
    if table.caption:
        properties.append(_element("w:tblCaption", {"w:val": translated(table.caption, lang)}))
    for place, (line, texts) in enumerate(zip(grid.rows, [columns, *rows], strict=True)):
        row = line._tr.get_or_add_trPr()
        row.append(_element("w:cantSplit", {}))
        if place == 0:
            row.append(_element("w:tblHeader", {}))
        for k, text in enumerate(texts):
            cell = line.cells[k]
            cell.width = Cm(widths[k])
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(1)
            paragraph.paragraph_format.keep_with_next = place == 0
            paragraph.alignment = 2 if table.align[k] == "r" else 0
            run = paragraph.add_run(text)
            run.font.size = Pt(size)
            run.bold = place == 0 or place - 1 in table.strong
            if place and k in table.code:
                run.font.name = _MONO
    for k, width in enumerate(widths):
        grid.columns[k].width = Cm(width)
    made.add_paragraph().paragraph_format.space_after = Pt(2)


def _borders() -> Any:
    """Rules between rows, a stronger one below the head, and none between columns."""
    borders = _element("w:tblBorders", {})
    for side, width in (("top", "0"), ("bottom", "4"), ("insideH", "4")):
        kind = "single" if width != "0" else "nil"
        borders.append(_element(f"w:{side}", {"w:val": kind, "w:sz": width, "w:color": "BFBFBF"}))
    return borders


def _element(name: str, attributes: dict[str, str]) -> Any:
    """An element of the file."""
    from docx.oxml import OxmlElement

    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(_tag(key), value)
    return made


def _tag(name: str) -> str:
    """The whole name of an element or attribute."""
    from docx.oxml.ns import qn

    return str(qn(name))
