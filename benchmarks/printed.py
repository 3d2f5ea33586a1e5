"""Sixty lists as a browser, an office suite and a library of PDF print them.

`SEEN` are the layouts that the reader of PDF was mended on. `UNSEEN` were written at the same time, and read for the
first time when all of those were right: then 1,342 of 1,792 rows were right and 224 wrong in silence. What failed of
them was mended afterwards. A program that is not on the machine is left out.
"""

import html
import io
import os
import random
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

import pdfs

pdfs.WORDS |= {
    "English": (
        "John Mary Khin Aung Peter Grace Owen Ruth",
        "Smith O'Brien Okello Hla-Htay Fraser van der Berg Wang",
        "Yangon|Lower Juba|Mandalay Region|Karen State",
        "No.|Name|ID number|Date of arrest|State",
    ),
    "Portuguese": (
        "João Antônia Conceição Luís Inês Débora Caíque",
        "Gonçalves Araújo Brandão Sá Cunha Vidigal Simões",
        "Maputo|Cabo Delgado|São Paulo|Rio Grande do Norte",
        "N.º|Nome|Documento|Data da detenção|Província",
    ),
    "French": (
        "Hervé Aïssatou Noël Mariama Jean-Luc Zoé Ibrahima",
        "N'Diaye Lefèvre Traoré Sow Béchu Kaboré",
        "Kindia|Haute-Guinée|Conakry|Bobo-Dioulasso",
        "N°|Nom|Pièce d'identité|Date d'arrestation|Région",
    ),
}
MONTHS = {
    "Latin": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "French": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "Cyrillic": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "Arabic": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}
TITLES = {
    "Latin": "Lista de personas excarceladas al 12 de enero de 2026",
    "English": "Persons detained as of 12 January 2026",
    "Portuguese": "Pessoas detidas até 12 de janeiro de 2026",
    "French": "Liste des personnes libérées au 12 janvier 2026",
    "Cyrillic": "Список задержанных на 12 января 2026 г.",
    "Arabic": "قائمة المعتقلين حتى 12 يناير 2026",
}
LANGUAGES = {
    "Latin": "es", "English": "en", "Portuguese": "pt", "French": "fr", "Cyrillic": "ru", "Arabic": "ar",
}  # fmt: skip


def people(language, n=60, *, words=2, long=0, in_words=False, seed=0):
    """Rows with their names; the days in words, or a last column of `long` words."""
    rows = pdfs.people(n, language, seed=f"printed {seed}", words=words)
    draw = random.Random(f"{language} {n} {seed}")
    if in_words:
        of = " de " if language == "Latin" else " "
        for row in rows[1:]:
            day, month, year = map(int, row[3].split("/"))
            row[3] = of.join([str(day), MONTHS[language].split()[month - 1], str(year)])
    if long:
        places = pdfs.WORDS[language][2].replace("|", " ").split()
        for row in rows[1:]:
            row[4] = " ".join(draw.choice(places) for _ in range(draw.randint(1, long)))
    return rows


def by_place(rows):
    return [rows[0], *sorted(rows[1:], key=lambda row: row[4])]


# Pages.


def page(language, css, *body):
    """A page whose letters are those that every machine of ours has."""
    way = "rtl" if language == "Arabic" else "ltr"
    return (
        f"<!DOCTYPE html><html lang={LANGUAGES[language]} dir={way}><head><meta charset=utf-8><style>"
        "body{font-family:'DejaVu Sans';font-size:9pt}table{width:100%}td,th{text-align:start;padding:2px 5px}"
        f"{css}</style></head><body>{''.join(body)}</body></html>"
    )


def row_of(cells, tag="td"):
    return f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>"


def table(rows, head="", marks=""):
    named = head or row_of(map(html.escape, rows[0]), "th")
    body = "".join(
        row_of(cell if cell.startswith("<") else html.escape(cell) for cell in row) for row in rows[1:]
    )
    return f"<table {marks}><thead>{named}</thead><tbody>{body}</tbody></table>"


def merged(rows):
    """A table in which each place stands once, beside its rows."""
    places = [row[4] for row in rows[1:]]
    made = ""
    for k, row in enumerate(rows[1:]):
        cells = "".join(f"<td>{html.escape(cell)}</td>" for cell in row[:4])
        if not k or places[k - 1] != row[4]:
            cells += f"<td rowspan={places.count(row[4])}>{html.escape(row[4])}</td>"
        made += f"<tr>{cells}</tr>"
    return f"<table><thead>{row_of(rows[0], 'th')}</thead><tbody>{made}</tbody></table>"


def grouped(rows):
    """A table in which each place is a heading of its rows; the place is no column."""
    made, before = "", None
    for row in by_place(rows)[1:]:
        if row[4] != before:
            made += f"<tr><td colspan=4><b>{html.escape(row[4])}</b></td></tr>"
        made, before = made + row_of(map(html.escape, row[:4])), row[4]
    return f"<table><thead>{row_of(rows[0][:4], 'th')}</thead><tbody>{made}</tbody></table>"


def headings(rows):
    """Rows and headings, which are rows with one filled cell, as it is said of them."""
    places = [f"{row[4]}" for row in by_place(rows)[1:]]
    made = [[place, "", "", ""] for place in dict.fromkeys(places)]
    return [rows[0][:4], *made, *(row[:4] for row in rows[1:])]


def blocks(rows):
    """Rows of blocks, as pages without tables set them."""
    widths = (6, 34, 20, 18, 22)
    lines = (
        "<div class=row>"
        + "".join(f"<div style='width:{w}%'>{html.escape(c)}</div>" for w, c in zip(widths, row, strict=True))
        + "</div>"
        for row in rows
    )
    return "".join(lines)


RULED = "table{border-collapse:collapse}td,th{border:1px solid #000}"
BELOW = "table{border-collapse:collapse}td,th{border-bottom:1px solid #999}th{background:#234;color:#fff}"
ZEBRA = "table{border-collapse:collapse}tr:nth-child(even){background:#ddd}"
SPACED = "table{border-spacing:3px}td,th{border:1px solid #555}"
DOTTED = "table{border-collapse:collapse}td,th{border:1px dotted #000}"
DOUBLE = "table{border-collapse:collapse}td,th{border:3px double #000;vertical-align:middle}"
NARROW = "table{table-layout:fixed}td,th{overflow-wrap:break-word}th:nth-child(1){width:8%}th:nth-child(5){width:20%}"
EDGES = "@page{@top-left{content:'Observatorio'}@bottom-right{content:counter(page) ' / ' counter(pages)}}"
FLOWING = (
    "td,th{white-space:nowrap}table{table-layout:fixed}th:nth-child(2){width:22%}th:nth-child(1){width:6%}"
)
NOTE = "<p><sup>1</sup> Sources: families, lawyers and the press; preliminary data that may change.</p>"
PROSE = f"<p style='text-align:justify'>{html.escape(pdfs.PROSE)}</p>"
TWO_HEADS = "<tr><th></th><th colspan=2>Pessoa</th><th colspan=2>Detenção</th></tr>"
PICTURE = (
    "<img width=30 height=36 src=data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAA"
    "DUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==>"
)


@dataclass
class Layout:
    """What is printed: a page as text or a file of the office suite, and the rows of its tables."""

    kind: str
    content: bytes
    rows: list[list[str]]
    second: list[list[str]] | None = None


def web(language, css, body, rows, second=None):
    return Layout("html", page(language, css, *body).encode(), rows, second)


def titled(language, css="", *, body=table, truth=None, second=None, **options):
    rows = people(language, **options)
    head = f"<h2>{TITLES[language]}</h2>"
    return web(language, css, [head, body(rows)], rows if truth is None else truth(rows), second)


def ordered(rows):
    return "<ol>" + "".join(f"<li>{html.escape(row[1])}</li>" for row in rows[1:]) + "</ol>"


def names(rows):
    return [["nombre"], *([row[1]] for row in rows[1:])]


def noted(rows):
    return table([[c + "<sup>1</sup>" if k % 7 == 3 and j == 1 else c for j, c in enumerate(row)]
                  for k, row in enumerate(rows)]) .replace("&lt;sup&gt;1&lt;/sup&gt;", "<sup>1</sup>") + NOTE  # fmt: skip


def linked(rows):
    return table([[f"<a href='#'>{html.escape(c)}</a>" if k and j == 1 else c for j, c in enumerate(row)]
                  for k, row in enumerate(rows)])  # fmt: skip


def pictured(rows):
    return table([[PICTURE if k and not j else c for j, c in enumerate(row)] for k, row in enumerate(rows)])


def beside(rows):
    """Prose at one side of a page, the table at the other, in a table of the layout."""
    return f"<table><tr><td width=25% valign=top>{PROSE}</td><td valign=top>{table(rows)}</td></tr></table>"


def sided(first, second):
    """Two tables under the same names beside each other, which are one list in two columns of a page."""
    css = "div{display:flex;gap:3em}table{font-size:7pt;border-collapse:collapse}td,th{border:1px solid #000}"
    return web("Latin", css, ["<div>", table(first), table(second), "</div>"], [*first, *second[1:]])


def head_of_two(rows):
    return table(rows, TWO_HEADS + row_of(rows[0], "th"))


def two(language, css):
    first, second = people(language, 30, seed=1), [row[:4] for row in people(language, 12, seed=2)]
    body = [f"<h2>{TITLES[language]}</h2>", table(first), "<h2>2</h2>", table(second)]
    return web(language, css, body, first, second)


def upper(rows):
    return [[cell.upper() for cell in row] for row in rows]


def three(rows):
    return [row[:3] for row in rows]


# Documents and workbooks.


def set_right_to_left(made, grid):
    grid._tbl.tblPr.append(OxmlElement("w:bidiVisual"))
    for paragraph in (p for row in grid.rows for cell in row.cells for p in cell.paragraphs):
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        for run in paragraph.runs:
            run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))


def word(
    language,
    *,
    style="Table Grid",
    widths=None,
    down=False,
    size=8,
    columns=1,
    how="table",
    tables=1,
    **options,
):
    """A document of Word: tables, a numbered list, or lines with tabs."""
    rows = people(language, **options)
    made, second = docx.Document(), None
    made.styles["Normal"].font.name, made.styles["Normal"].font.size = "DejaVu Sans", Pt(size)
    made.add_heading(TITLES[language], 1)
    section = made.add_section(0) if columns > 1 else None
    if section is not None:
        section._sectPr.xpath("./w:cols")[0].set(qn("w:num"), str(columns))
    if how == "list":
        for row in rows[1:]:
            made.add_paragraph(row[1], style="List Number")
        return saved("docx", made, names(rows))
    if how == "tabs":
        for row in rows:
            line = made.add_paragraph("\t".join(row))
            line.paragraph_format.space_after = Pt(0)
            for at in (1.2, 7.5, 11, 14):
                line.paragraph_format.tab_stops.add_tab_stop(Cm(at))
        return saved("docx", made, rows)
    shown = [by_place(rows) if down else rows]
    if tables > 1:
        second = [row[:4] for row in people(language, 12, seed=2)]
        shown.append(second)
    for each in shown:
        grid = made.add_table(len(each), len(each[0]), style=style)
        grid.autofit = widths is None
        for j, width in enumerate(widths or ()):
            grid.columns[j].width = Cm(width)
        cells = grid._cells
        for k, row in enumerate(each):
            for j, value in enumerate(row):
                cell = cells[k * len(row) + j]
                same = down and k > 1 and j == 4 and each[k - 1][j] == value
                cell.paragraphs[0].text = "" if same else value
                if widths:
                    cell.width = Cm(widths[j])
        if down:
            for k in range(2, len(each)):
                if each[k][4] == each[k - 1][4]:
                    cells[k * 5 - 1].merge(cells[k * 5 + 4])
        mark = OxmlElement("w:tblHeader")
        grid.rows[0]._tr.get_or_add_trPr().append(mark)
        if language == "Arabic":
            set_right_to_left(made, grid)
        note = made.add_paragraph(pdfs.SOURCE)
        note.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    if style == "Normal Table" and down:  # then nothing shows how far a place reaches
        places = [row[4] for row in shown[0]]
        new = [k < 2 or place != places[k - 1] for k, place in enumerate(places)]
        shown[0] = [[*row[:4], row[4] * first] for row, first in zip(shown[0], new, strict=True)]
    return saved("docx", made, shown[0], second)


def saved(kind, made, rows, second=None):
    stream = io.BytesIO()
    made.save(stream)
    return Layout(kind, stream.getvalue(), rows, second)


def opened(language, **options):
    """A text that the office suite saves in its own kind."""
    made = word(language, **options)
    return Layout("odt", converted("office", [made], "odt")[0], made.rows)


def library(language, css="", **options):
    """A page that fpdf2 sets."""
    from fpdf import FPDF

    made = titled(language, css, **options)
    paper = FPDF()
    for style in ("", "B"):
        paper.add_font("DejaVu", style, str(pdfs.FONT))
    paper.add_page()
    paper.set_font("DejaVu", size=6 if language == "Arabic" else 8)  # it breaks lines as they are drawn
    rows = pdfs.drawn(made.rows, mirrored=language == "Arabic")
    body = table(rows, marks="width=100% " + ("border=1" if "solid" in css else ""))
    paper.write_html(f"<h2>{pdfs.seen(TITLES[language])}</h2>{body}", font_family="DejaVu")
    return Layout("pdf", bytes(paper.output()), made.rows)


WIDE = {"long": 9, "n": 45}
SEEN = {
    "browser": {
        "ruled": lambda: titled("Latin", RULED),
        "no lines, days in words": lambda: titled("French", in_words=True),
        "stripes": lambda: titled("Portuguese", ZEBRA),
        "lines below rows": lambda: titled("English", BELOW),
        "two tables": lambda: two("Latin", RULED),
        "merged downwards": lambda: titled(
            "Latin", RULED, body=lambda r: merged(by_place(r)), truth=by_place
        ),
        "numbered in two columns": lambda: titled("Latin", "ol{column-count:2}", body=ordered, truth=names),
        "references to notes": lambda: titled("English", BELOW, body=noted),
        "wrapped, no lines": lambda: titled("Latin", NARROW, **WIDE),
        "names in two rows": lambda: titled("Portuguese", RULED, body=head_of_two),
        "Arabic, ruled": lambda: titled("Arabic", RULED),
        "Arabic, no lines": lambda: titled("Arabic", in_words=True),
        "Cyrillic, ruled": lambda: titled("Cyrillic", RULED, in_words=True),
        "Cyrillic, wrapped": lambda: titled("Cyrillic", BELOW + NARROW, **WIDE),
        "a head on every page": lambda: titled("Latin", EDGES, n=120),
    },
    "office": {
        "a page, ruled": lambda: titled("Latin", RULED),
        "a page, no lines": lambda: titled("French"),
        "Word, ruled": lambda: word("English"),
        "Word, no lines": lambda: word("Latin", style="Normal Table"),
        "Word, merged downwards": lambda: word("Latin", down=True),
        "Word, numbered": lambda: word("Portuguese", how="list"),
        "Word, Arabic": lambda: word("Arabic"),
        "Word, wrapped": lambda: word("Cyrillic", widths=(1, 4, 3, 3, 4), **WIDE),
        "text, no lines": lambda: opened("French"),
        "Word, Cyrillic, shaded": lambda: word("Cyrillic", style="Light Shading", in_words=True),
        "Word, lying columns": lambda: word(
            "Latin", columns=2, widths=(0.6, 2.6, 1.5, 1.3, 1.3), size=4, n=90
        ),
    },
    "library": {
        "fpdf2, a page, ruled": lambda: library("Latin", RULED),
        "fpdf2, a page": lambda: library("French"),
        "fpdf2, Cyrillic": lambda: library("Cyrillic", RULED, in_words=True),
        "fpdf2, Arabic": lambda: library("Arabic", RULED),
    },
}
UNSEEN = {
    "browser": {
        "cells apart": lambda: titled("French", SPACED),
        "dotted lines": lambda: titled("English", DOTTED, **WIDE),
        "names underlined": lambda: titled("Latin", body=linked, in_words=True),
        "blocks": lambda: titled("Latin", ".row{display:flex}", body=blocks),
        "headings of places": lambda: titled("Portuguese", RULED, body=grouped, truth=headings),
        "centred, capitals, set wide": lambda: titled(
            "Cyrillic",
            "td,th{text-align:center;text-transform:uppercase;letter-spacing:1px;font-size:7pt}",
            truth=upper,
        ),
        "a table in two columns": lambda: titled(
            "Latin",
            "body{column-count:2;font-size:7pt}" + RULED,
            body=lambda r: table(three(r)),
            truth=three,
            n=150,
        ),
        "Arabic, numbered": lambda: titled("Arabic", body=ordered, truth=names),
        "Arabic, stripes, wrapped": lambda: titled("Arabic", ZEBRA + NARROW, **WIDE),
        "texts over the next column": lambda: titled("Latin", FLOWING, words=2),
        "pictures": lambda: titled(
            "English", BELOW, body=pictured, truth=lambda r: [r[0], *(["", *row[1:]] for row in r[1:])], n=40
        ),
        "prose beside it": lambda: titled("French", BELOW + "table table{font-size:7pt}", body=beside, n=30),
        "two tables beside each other": lambda: sided(
            three(people("Latin", 30)), three(people("Latin", 20, seed=2))
        ),
        "Arabic, double lines": lambda: titled("Arabic", DOUBLE, **WIDE),
        "justified, between prose": lambda: titled(
            "Portuguese", "td{text-align:justify}", body=lambda r: PROSE + table(r) + PROSE, n=80
        ),
    },
    "office": {
        "Word, two tables": lambda: word("French", tables=2, n=30),
        "Word, tabs": lambda: word("Latin", how="tabs"),
        "Word, a style of its own": lambda: word("English", style="Light List Accent 1"),
        "Word, grid of colours": lambda: word("Cyrillic", style="Medium Grid 1 Accent 1", in_words=True),
        "a page, lines below rows": lambda: titled("English", BELOW, n=80),
        "Word, Arabic, no lines": lambda: word("Arabic", style="Normal Table", widths=(1.4, 4, 3, 3, 4)),
        "text, Cyrillic": lambda: opened("Cyrillic"),
        "Word, numbered in two columns": lambda: word("Latin", how="list", columns=2),
        "a page, Arabic": lambda: titled("Arabic", RULED),
        "Word, merged, no lines": lambda: word("Portuguese", style="Normal Table", down=True),
        "Word, wrapped, no lines": lambda: word(
            "Latin", style="Normal Table", widths=(1, 4, 3, 3, 4), **WIDE
        ),
    },
    "library": {
        "fpdf2, a page, wrapped": lambda: library("English", RULED, **WIDE),
        "fpdf2, a page, wrapped, no lines": lambda: library("Portuguese", **WIDE),
        "fpdf2, Arabic, no lines": lambda: library("Arabic"),
        "fpdf2, days in words": lambda: library("Cyrillic", in_words=True, n=90),
    },
}

STORED = {
    "browser_arabic": lambda: titled("Arabic", in_words=True, n=9),
    "browser_boxes": lambda: titled("French", SPACED, n=9),
    "browser_wrapped": lambda: titled("Cyrillic", BELOW + NARROW, long=9, n=8),
    "office_wrapped": lambda: word("English", widths=(1, 4, 3, 3, 4), long=9, n=8),
}
"""Small ones, which stand in tests/reference/data/printed as the programs printed them."""


# Programs.


@cache
def program(name):
    return shutil.which({"browser": "chromium", "office": "soffice"}.get(name, ""))


def is_there(name):
    return name == "library" or program(name) is not None


def converted(name, layouts, to="pdf"):
    """Layouts as a program writes them."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, f"{k}.{each.kind}") for k, each in enumerate(layouts)]
        for file, each in zip(files, layouts, strict=True):
            file.write_bytes(each.content)
        run = {"cwd": folder, "check": True, "capture_output": True, "env": {**os.environ, "HOME": folder}}
        if name == "office":
            own = f"-env:UserInstallation=file://{folder}/own"
            subprocess.run([program(name), "--headless", own, "--convert-to", to, *files], **run)
        for file in files if name == "browser" else ():
            asked = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
            subprocess.run([program(name), *asked, f"--print-to-pdf={file.stem}.pdf", str(file)], **run)
        return [file.with_suffix(f".{to}").read_bytes() for file in files]


def printed(name, layouts):
    """Each layout as the program prints it: a PDF by name."""
    made = [*layouts.values()]
    contents = [each.content for each in made] if name == "library" else converted(name, made)
    return dict(zip(layouts, contents, strict=True))
