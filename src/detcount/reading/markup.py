"""Saved web pages, and documents of Word and of OpenDocument, as tables; nothing in them is run or fetched.

Each is read by a parser of the standard library, which resolves no address and no entity of a file.
"""

from __future__ import annotations

import codecs
import email
import re
import zlib
from collections.abc import Callable
from contextlib import suppress
from email import policy
from functools import lru_cache
from html.parser import HTMLParser
from io import BytesIO
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from detcount.errors import InputError
from detcount.reading.content import Source
from detcount.reading.documents import BROKEN, Builder, Cell
from detcount.reading.grids import Grid
from detcount.reading.text import decoded
from detcount.reading.workbooks import check_workbook
from detcount.words import Message

_ARCHIVE = b"PK\x03\x04"
_SKIPPED = frozenset(
    ("script", "style", "template", "select", "button", "textarea", "svg", "noscript", "title")
)
_ASIDE = frozenset(("nav", "header", "footer", "aside", "menu"))  # lists there are links
_SPACES = frozenset(("br", "p", "div", "hr", "li", "ul", "ol", "h1", "h2", "h3", "h4", "tr", "td"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_REFERENCE = re.compile(r"\[\w{1,3}\]\s*")  # to a note below the table
_MOST_DECLARED = 4096  # bytes in which a page says its encoding, as browsers read


class _Page(HTMLParser):
    """A page as it opens and closes its tables and lists."""

    def __init__(self, builder: Builder) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = builder
        self._skipped = ""  # the name of an element that is left out, and how many of them are open
        self._depth = self._asides = self._feet = 0
        self._lists: list[bool] = []  # of which some stand in cells or menus

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row, a cell, or what is left out."""
        at = dict(attrs)
        hidden = "hidden" in at or bool(_HIDDEN.search(at.get("style") or ""))
        is_part = tag in ("table", "tbody", "thead", "tfoot", "tr", "td", "th")
        if self._skipped and not is_part:
            self._depth += tag == self._skipped
            return
        if is_part:
            self._skipped = ""  # what was never closed
        elif tag in _SKIPPED or (hidden and self.builder.cell is not None and tag not in ("br", "img")):
            self._skipped, self._depth = tag, 1
        elif tag in ("ul", "ol"):
            self._lists.append(not self.builder.is_open and not self._asides)
            if self._lists[-1]:
                self.builder.open("list")
        elif tag == "li" and self.builder.in_list:
            self.builder.row()
            self.builder.begin(Cell())
        elif tag == "img" and self.builder.cell is not None:
            self.builder.cell.pictures += 1
        self._asides += tag in _ASIDE
        if tag == "table":
            self.builder.open()
        elif tag == "tfoot":
            self._feet += 1
        elif tag == "tr":
            self.builder.row(foot=self._feet > 0, hidden=hidden)
        elif tag in ("td", "th"):
            self.builder.begin(
                Cell(_whole(at.get("colspan")), _whole(at.get("rowspan"))), foot=self._feet > 0
            )
        if tag in _SPACES and not is_part:
            self.builder.text(" ")

    def handle_endtag(self, tag: str) -> None:
        """Close a table, a list, or what is left out."""
        if self._skipped:
            self._depth -= tag == self._skipped
            if self._depth <= 0 or tag in ("td", "th", "tr", "table"):
                self._skipped = ""
            if tag != "table":
                return
        if tag == "table" or (tag in ("ul", "ol") and self._lists and self._lists.pop()):
            self.builder.close()
        elif tag == "tfoot":
            self._feet = max(self._feet - 1, 0)
        self._asides = max(self._asides - (tag in _ASIDE), 0)
        if tag in _SPACES:
            self.builder.text(" ")

    def handle_data(self, data: str) -> None:
        """Add text to a cell."""
        if not self._skipped and not _REFERENCE.fullmatch(data):
            self.builder.text(data)


def _whole(written: str | None) -> int:
    """Number of columns or rows that a cell reaches over."""
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 6 else 1


@lru_cache(maxsize=2)
def tables_of_page(source: Source) -> dict[str, Grid]:
    """The tables of a saved page, or its lists where it has no table."""
    builder = Builder(source.name)
    text, notes = _text_of(source)
    page = _Page(builder)
    page.feed(text)
    page.close()
    return builder.grids(notes)


def _text_of(source: Source) -> tuple[str, list[Message]]:
    """The text of a page, by the encoding that it declares; of a page saved with its parts, the page."""
    content, declared = source.content, _CHARSET.search(source.content[:_MOST_DECLARED])
    if is_saved_whole(content):
        parts = email.message_from_bytes(content, policy=policy.default).walk()
        body = next((part for part in parts if part.get_content_type() == "text/html"), None)
        payload = None if body is None else body.get_payload(decode=True)
        if body is None or not isinstance(payload, bytes):
            raise InputError(Message(BROKEN, file=source.name))
        content = payload
        declared = _CHARSET.search(b"charset=" + (body.get_content_charset() or "utf-8").encode())
    with suppress(UnicodeError, LookupError):
        if declared and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return content.decode(declared[1].decode()), []
    return decoded(source.name, content)


def is_page(content: bytes) -> bool:
    """Check whether a file is a web page, by how it begins."""
    begin = content[:_MOST_DECLARED].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"").lower()
    begin = re.sub(rb"^(?:\s|<\?xml[^>]*>|<!--.*?-->)+", b"", begin, flags=re.DOTALL)
    return is_saved_whole(content) or bool(
        re.match(rb"<(?:!doctype html|html|head|body|table|meta|title|style|div|ul|ol)\b", begin)
    )


def is_saved_whole(content: bytes) -> bool:
    """Check whether a file is a page with its parts, as browsers save it in one file."""
    head = content[:_MOST_DECLARED]
    return head.startswith((b"From: <Saved", b"MIME-Version:")) and b"multipart/related" in head


# Documents of text programs.

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_O = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE, _WRITTEN, _OFFICE, _DRAWN = (_O % name for name in ("table", "text", "office", "drawing"))
_NOT_READ = frozenset(
    (
        f"{_W}del",
        f"{_W}moveFrom",
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
        f"{_WRITTEN}tracked-changes",
        f"{_WRITTEN}note",
        f"{_OFFICE}annotation",
        f"{_TABLE}covered-table-cell",
    )
)
_CHANGES = frozenset((f"{_W}del", f"{_W}ins", f"{_W}moveFrom", f"{_W}moveTo", f"{_WRITTEN}changed-region"))
_PICTURES = frozenset((f"{_W}drawing", f"{_W}pict", f"{_DRAWN}image"))
_KINDS = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.text-template": "odt",
}


def kind_of_document(content: bytes) -> str:
    """Of an archive: "docx", "odt", or nothing where it is no document of a text program."""
    if content.startswith(_ARCHIVE):
        faults = (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error)
        with suppress(*faults), ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
            if "word/document.xml" in names and "xl/workbook.xml" not in names:
                return "docx"
            if "mimetype" in names and archive.getinfo("mimetype").file_size < _MOST_DECLARED:
                return _KINDS.get(archive.read("mimetype").strip(), "")
    return ""


@lru_cache(maxsize=2)
def tables_of_document(source: Source) -> dict[str, Grid]:
    """The tables of a document of a text program, or its lists; marked changes are accepted."""
    check_workbook(source.name, source.content)
    is_word = kind_of_document(source.content) == "docx"
    try:
        with ZipFile(BytesIO(source.content)) as archive:
            content = archive.read("word/document.xml" if is_word else "content.xml")
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:  # no text program writes one
            raise ValueError
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, LookupError, RuntimeError, ValueError):
        raise InputError(Message(BROKEN, file=source.name)) from None
    builder = Builder(source.name)
    n_changes = _walked(root, builder, _word if is_word else _open_document)
    notes = [
        Message.counted(
            "{file}: 1 marked change is read as if it were accepted",
            "{file}: {n:,} marked changes are read as if they were accepted",
            n=n_changes,
            file=source.name,
        )
    ]
    return builder.grids(notes if n_changes else [])


def _walked(root: ElementTree.Element, builder: Builder, begins: Callable[..., bool]) -> int:
    """Go through a document in its order, however deep it is; how many changes are marked in it."""
    n_changes = 0
    way = [(root, iter(root), begins(root, builder))]
    while way:
        element, children, is_table = way[-1]
        child = next(children, None)
        if child is None:
            way.pop()
            if is_table:
                builder.close()
            if element.tag in (f"{_W}p", f"{_WRITTEN}p", f"{_WRITTEN}h"):
                builder.text(" ")
        else:
            deleted = _is_deleted(child)
            n_changes += deleted or child.tag in _CHANGES
            if child.tag not in _NOT_READ and not deleted:
                way.append((child, iter(child), begins(child, builder)))
        # what stands behind an element belongs to its parent, in OpenDocument
        past = element if child is None else child if child.tag in _NOT_READ else None
        if past is not None and past.tail and past.tag.startswith((_WRITTEN, _OFFICE, _DRAWN)):
            builder.text(past.tail)
    return n_changes


def _is_deleted(element: ElementTree.Element) -> bool:
    """Check whether a row or a cell of Word is marked as deleted."""
    return (element.tag == f"{_W}tr" and element.find(f"{_W}trPr/{_W}del") is not None) or (
        element.tag == f"{_W}tc" and element.find(f"{_W}tcPr/{_W}cellDel") is not None
    )


def _word(element: ElementTree.Element, builder: Builder) -> bool:
    """Begin an element of Word; whether it is a table or a list."""
    tag = element.tag.removeprefix(_W)
    if tag == "tbl":
        builder.open()
        return True
    if tag == "tr":
        builder.row()
        before = element.find(f"{_W}trPr/{_W}gridBefore")
        if before is not None:
            builder.begin(Cell(_whole(before.get(f"{_W}val"))))
    elif tag == "tc":
        wide, merged = element.find(f"{_W}tcPr/{_W}gridSpan"), element.find(f"{_W}tcPr/{_W}vMerge")
        continued = merged is not None and merged.get(f"{_W}val", "continue") != "restart"
        builder.begin(Cell(1 if wide is None else _whole(wide.get(f"{_W}val")), continued=continued))
    elif tag == "p" and not builder.is_open and _is_item(element):
        builder.open("items")
        builder.row()
        builder.begin(Cell())
        return True
    elif tag == "t":
        builder.text(element.text or "")
    elif tag in ("tab", "br", "cr"):
        builder.text(" ")
    elif element.tag in _PICTURES and builder.cell is not None:
        builder.cell.pictures += 1
    return False


def _is_item(paragraph: ElementTree.Element) -> bool:
    """Check whether a paragraph of Word is an item of a list."""
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    named = "" if style is None else style.get(f"{_W}val", "")
    return paragraph.find(f"{_W}pPr/{_W}numPr") is not None or named.startswith("List")


def _open_document(element: ElementTree.Element, builder: Builder) -> bool:
    """Begin an element of an OpenDocument text; whether it is a table or a list."""
    tag = element.tag
    is_list = tag == f"{_WRITTEN}list" and not builder.is_open
    if tag == f"{_TABLE}table" or is_list:
        builder.open("list" if is_list else "table")
        return True
    if tag == f"{_TABLE}table-row":
        builder.row()
    elif tag == f"{_TABLE}table-cell":
        wide, high = (element.get(f"{_TABLE}number-{what}-spanned") for what in ("columns", "rows"))
        builder.begin(Cell(_whole(wide), _whole(high)))
    elif tag == f"{_WRITTEN}list-item" and builder.is_open:
        if builder.cell is None or builder.in_list:
            builder.row()
            builder.begin(Cell())
    elif tag in (f"{_WRITTEN}s", f"{_WRITTEN}tab", f"{_WRITTEN}line-break"):
        builder.text(" ")
    elif tag in _PICTURES and builder.cell is not None:
        builder.cell.pictures += 1
    if tag.startswith(_WRITTEN) and element.text:
        builder.text(element.text)
    return False
