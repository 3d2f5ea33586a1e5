"""Workbooks of OpenDocument, which no library here writes."""

import io
import zipfile

_SPACES = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = " ".join(f'xmlns:{name}="{_SPACES}:{name}:1.0"' for name in ("office", "table", "text"))
_KIND = "application/vnd.oasis.opendocument.spreadsheet"
CELL = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'


def document(rows: str) -> bytes:
    parts = {
        "mimetype": _KIND,
        "content.xml": f"<office:document-content {_NAMES}><office:body><office:spreadsheet>"
        f'<table:table table:name="Hoja">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>",
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_SPACES}:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_KIND}"/></manifest:manifest>',
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def ods(rows: list[list[str | None]], spanned: str = "") -> bytes:
    """A sheet of texts; None is a cell that another covers, and `spanned` one that reaches over two rows."""
    over, covered = ' table:number-rows-spanned="2"', "<table:covered-table-cell/>"
    cells = [
        "".join(covered if cell is None else CELL.format(over * (cell == spanned), cell) for cell in row)
        for row in rows
    ]
    return document("".join(f"<table:table-row>{row}</table:table-row>" for row in cells))
