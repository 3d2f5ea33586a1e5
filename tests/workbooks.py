"""Workbooks of OpenDocument, which no library here writes."""

import io
import zipfile

_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
    for short in ("office", "table", "text")
)


def ods(rows: list[list[str | None]], spanned: str = "") -> bytes:
    """A sheet of texts; None is a cell that another covers, and `spanned` one that reaches over two rows."""
    cells = ""
    for row in rows:
        cells += "<table:table-row>"
        for cell in row:
            over = ' table:number-rows-spanned="2"' if cell == spanned else ""
            text = f"<text:p>{cell}</text:p>"
            cells += (
                "<table:covered-table-cell/>"
                if cell is None
                else f'<table:table-cell office:value-type="string"{over}>{text}</table:table-cell>'
            )
        cells += "</table:table-row>"
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": f"<office:document-content {_NAMES}><office:body><office:spreadsheet>"
        f'<table:table table:name="Hoja">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>",
        "META-INF/manifest.xml": "<manifest:manifest "
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()
