"""Documents in which somebody published a table: saved pages, Word, OpenDocument text, JSON, and PDF."""

import html
import io
import json
import zipfile

import docx

import pdfs
from workbooks import _NAMES


def cells(row, tag="td", **marks):
    made = "".join(f" {name}={value!r}" for name, value in marks.items())
    return "<tr>" + "".join(f"<{tag}{made}>{html.escape(cell)}</{tag}>" for cell in row) + "</tr>"


def page(rows, *, encoding="utf-8"):
    """A page with a menu, and a table within a table of its layout; its last row stands in a foot above."""
    head, *body, last = rows
    table = f"<table><thead>{cells(head, 'th')}</thead><tfoot>{cells(last)}</tfoot><tbody>"
    table += "\n".join(map(cells, body)) + "</tbody></table>"
    menu = "<nav><ul><li><a href='http://a.invalid/'>Inicio</a></li></ul></nav>"
    script = "<script>document.write('<table><tr><td>x</td></tr></table>')</script>"
    return (
        f"<!DOCTYPE html>\n<html><head><meta charset={encoding}><title>Lista</title></head><body>{menu}"
        f"{script}<table><tr><td>Lista del mes</td></tr><tr><td>{table}</td></tr></table></body></html>"
    ).encode(encoding)


def saved_whole(rows):
    body = page(rows).replace(b"=", b"=3D")
    return (
        b"From: <Saved by a browser>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n--b\r\n'
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + body
        + b"\r\n--b--\r\n"
    )


def items(rows):
    """A page of a list without a table: the first column alone."""
    listed = "".join(f"<li>{row[0]}" for row in rows)
    return f"<html><header><ul><li>Inicio</ul></header><ol>{listed}</ol>".encode()


def word(rows, *, changed=False):
    """A document of Word; with changes that are marked, of a cell and of a row that is deleted."""
    made = docx.Document()
    made.add_paragraph("Lista del mes")
    table = made.add_table(0, len(rows[0]))
    for row in [*rows, *([["borrado"] * len(rows[0])] if changed else [])]:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = value
    stream = io.BytesIO()
    made.save(stream)
    if not changed:
        return stream.getvalue()
    mark = b'<w:%s w:id="1" w:author="a"/>'
    content = part_of(stream.getvalue(), "word/document.xml")
    before, row, last = content.rpartition(b"<w:tr>")
    content = before + row + b"<w:trPr>" + mark % b"del" + b"</w:trPr>" + last
    whole = f"<w:r><w:t>{rows[1][0]}</w:t></w:r>".encode()
    new = mark.replace(b"/>", b">") % b"ins" + whole + b"</w:ins>"
    old = mark.replace(b"/>", b">") % b"del" + b"<w:r><w:delText>antes</w:delText></w:r></w:del>"
    return with_part(stream.getvalue(), "word/document.xml", content.replace(whole, old + new))


def odt(rows):
    """An OpenDocument text with a table whose deleted text stands apart, as that program keeps it."""
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    body = "".join(
        "<table:table-row>"
        + "".join(cell.format(html.escape(c).replace(" ", "<text:s/>")) for c in row)
        + "</table:table-row>\n"
        for row in rows
    )
    gone = "<text:tracked-changes><text:changed-region><text:p>borrado</text:p></text:changed-region>"
    return with_part(
        with_part(None, "mimetype", b"application/vnd.oasis.opendocument.text"),
        "content.xml",
        f"<office:document-content {_NAMES}><office:body><office:text>{gone}</text:tracked-changes>"
        f"<text:p>Lista</text:p><table:table>{body}</table:table>"
        "</office:text></office:body></office:document-content>".encode(),
    )


def part_of(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def with_part(content, name, part):
    """An archive with one part in the place of another, or beside the others."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        if content is not None:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for each in archive.namelist():
                    if each != name:
                        made.writestr(each, archive.read(each))
        made.writestr(name, part)
    return stream.getvalue()


def records(rows):
    head, *body = rows
    return [
        {name: int(cell) if cell.isdigit() else cell for name, cell in zip(head, row, strict=True)}
        for row in body
    ]


def under_keys(rows):
    return json.dumps({"status": "ok", "data": {"n": len(rows), "items": records(rows)}}).encode()


def arrays(rows):
    head, *body = rows
    return json.dumps([head, *([int(c) if c.isdigit() else c for c in row] for row in body)]).encode()


def places(rows):
    found = [{"type": "Feature", "geometry": {"type": "Point"}, "properties": each} for each in records(rows)]
    return json.dumps({"type": "FeatureCollection", "features": found}).encode()


MAKERS = {
    "a saved page": page,
    "a page in Windows-1252": lambda rows: page(rows, encoding="windows-1252"),
    "a page saved whole": saved_whole,
    "a document of Word": word,
    "marked changes": lambda rows: word(rows, changed=True),
    "an OpenDocument text": odt,
    "an array under keys": under_keys,
    "arrays in an array": arrays,
    "places": places,
    "a PDF": lambda rows: pdfs.reportlab(rows, pdfs.GRID),
    "a PDF without lines": pdfs.reportlab,
}
