"""PDFs in which somebody published a list: layouts, scripts and programs; scans, and files that do harm."""

import io
import random
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from unicodedata import normalize

import matplotlib
import pypdf
from fpdf import FPDF, FontFace
from pypdf.generic import NameObject, StreamObject
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    LongTable,
    PageTemplate,
    Paragraph,
    Spacer,
)

FONT = Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")
pdfmetrics.registerFont(TTFont("DejaVu", str(FONT)))

WORDS = {
    "Latin": (
        "Ana Luis Rosa Eva Inés Max María José Carmen Pedro Íñigo Yusbely",
        "Gil Paz Mora Ruiz Núñez Rey Rodríguez Fernández Zerpa Güell D'Elía Araujo-Díaz",
        "Zulia Lara|Distrito Capital|Táchira|Nueva Esparta|La Guaira",
        "Nº|Nombre|Cédula|Detenido el|Estado",
    ),
    "Arabic": (
        "لؤي علاء رؤى محمد أحمد فاطمة عبدالله نور هدى يوسف إسراء دانا",
        "الخطيب الأسعد داود درويش المصري الحلبي لاذقاني عواد رزوق آغا",
        "حلب|دمشق|ريف دمشق|دير الزور|درعا",
        "الرقم|الاسم|الوثيقة|تاريخ الاعتقال|المحافظة",
    ),
    "Persian": (
        "پرویز ژاله گلناز کیان مهسا چنگیز سارا رضا آرزو دلارام",
        "کریمی پورداود رزاقی گودرزی ژیانی چمنی آذری یزدانی",
        "تهران|سیستان و بلوچستان|کردستان|گیلان",
        "ردیف|نام|شماره|تاریخ بازداشت|استان",
    ),
    "Hebrew": (
        "דוד רות אברהם יוסף מרים חיים שלום נועם",
        "כהן לוי פרץ ביטון מזרחי פרידמן אברהם",
        "ירושלים|תל אביב|באר שבע|חיפה",
        "מספר|שם|תעודה|תאריך מעצר|מחוז",
    ),
    "Cyrillic": (
        "Иван Ольга Пётр Анна Юрий Екатерина",
        "Иванов Щербаков Ковальчук Ёлкин Мельник",
        "Минск|Гомель|Брестская область",
        "№|Имя|Документ|Дата ареста|Область",
    ),
}


@dataclass
class Made:
    """A document, and the rows that it shows; `rows` begins with the names of the columns."""

    content: bytes
    rows: list[list[str]]
    second: list[list[str]] | None = None  # of a second table


def people(n, script="Latin", seed=0, *, words=2):
    """Invented rows: number, name, document, day and place."""
    draw = random.Random(f"{script} {seed}")
    given, surnames, places, head = WORDS[script]
    rows = [head.split("|")]
    for k in range(1, n + 1):
        name = " ".join(
            [draw.choice(given.split()) for _ in range(draw.randint(1, words))]
            + [draw.choice(surnames.split()) for _ in range(draw.randint(1, words))]
        )
        document = f"V-{draw.randint(5, 30)}.{draw.randint(100, 999)}.{draw.randint(100, 999)}"
        day = f"{draw.randint(1, 28):02}/{draw.randint(1, 12):02}/202{draw.randint(3, 5)}"
        rows.append([str(k), name, document, day, draw.choice(places.split("|"))])
    return rows


# Letters as programs draw them: those written from right to left in their forms, and from left to right.


@cache
def forms():
    found = {}
    for code in (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFD)):
        kind, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        if kind in ("<isolated>", "<initial>", "<medial>", "<final>"):
            found[kind[1:-1], "".join(chr(int(each, 16)) for each in letters)] = chr(code)
    return found


def shaped(word):
    made, at, joins = "", 0, False
    while at < len(word):
        unit = word[at : at + 2] if word[at : at + 2] in ("لا", "لأ", "لإ", "لآ") else word[at]
        after = word[at + len(unit) : at + len(unit) + 1]
        before = joins and ("final", unit) in forms()
        joins = ("initial", unit) in forms() and ("final", after) in forms()
        kind = {(0, 0): "isolated", (0, 1): "initial", (1, 0): "final", (1, 1): "medial"}[before, joins]
        made += forms().get((kind, unit), unit)
        at += len(unit)
    return made


def seen(text):
    """A text as it is drawn, from left to right."""
    if not any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text):
        return text
    words = [shaped(word) for word in text.split(" ")]
    rtl = [any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in word) for word in words]
    words = [
        word[::-1] if r else re.sub(r"(.*\w)(\W+)", r"\2\1", word) for word, r in zip(words, rtl, strict=True)
    ]
    return " ".join(words[::-1])


def drawn(rows, *, mirrored):
    rows = [[seen(cell) for cell in row] for row in rows]
    return [row[::-1] for row in rows] if mirrored else rows


RIGHT_TO_LEFT = ("Arabic", "Persian", "Hebrew")


# Programs.


class Pages(BaseDocTemplate):
    """A document of reportlab, with a line at the head and a number at the foot of every page."""

    def __init__(self, stream, *, size=A4, edges=True, columns=1):
        super().__init__(stream, pagesize=size, title="lista", invariant=1)
        width, height = size[0] - 3 * cm, size[1] - 4 * cm
        wide = width / columns
        frames = [Frame(1.5 * cm + k * wide, 2 * cm, wide, height, id=str(k)) for k in range(columns)]
        self.addPageTemplates(PageTemplate(frames=frames, onPage=self.edges if edges else lambda *_: None))

    def edges(self, canvas, document):
        canvas.setFont("DejaVu", 7)
        canvas.drawString(1.5 * cm, document.pagesize[1] - 1 * cm, "Observatorio de personas detenidas")
        canvas.drawRightString(document.pagesize[0] - 2 * cm, 1 * cm, f"Página {document.page} de 9")


STYLE = ParagraphStyle("cell", fontName="DejaVu", fontSize=8, leading=9.5, splitLongWords=0)
TITLE = ParagraphStyle("title", fontName="DejaVu", fontSize=12, leading=15)
GRID = [("GRID", (0, 0), (-1, -1), 0.5, colors.black)]
ROWS = [("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.black)]
BOOK = [
    ("LINEABOVE", (0, 0), (-1, 0), 1, colors.black),
    ("LINEBELOW", (0, 0), (-1, 0), 0.5, colors.black),
    ("LINEBELOW", (0, -1), (-1, -1), 1, colors.black),
]
ZEBRA = [("ROWBACKGROUNDS", (0, 0), (-1, -1), [colors.white, colors.lightgrey])]
UPRIGHT = [
    ("INNERGRID", (0, 0), (-1, 0), 0.5, colors.black),
    ("LINEBEFORE", (0, 0), (-1, -1), 0.5, colors.black),
    ("BOX", (0, 0), (-1, -1), 0.5, colors.black),
]
WIDTHS = [1.4 * cm, 4.6 * cm, 3.2 * cm, 3 * cm, 4.2 * cm]


def reportlab(
    rows,
    lines=(),
    *,
    script="Latin",
    title="",
    wrapped=False,
    widths=None,
    heads=1,
    size=A4,
    edges=True,
    valign="TOP",
    columns=1,
    extra=(),
    after="",
    font=8,
    merged=(),
):
    """A table of reportlab; `extra` are further tables."""
    stream = io.BytesIO()
    mirrored = script in RIGHT_TO_LEFT
    story = [Paragraph(seen(title), TITLE), Spacer(1, 8)] if title else []
    for each in (rows, *extra):
        cells = drawn(each, mirrored=mirrored)
        if wrapped:
            cells = [[Paragraph(cell, STYLE) for cell in row] for row in cells]
        style = [("FONT", (0, 0), (-1, -1), "DejaVu", font), ("VALIGN", (0, 0), (-1, -1), valign), *lines]
        style += [("SPAN", a, b) for a, b in merged]
        wide = widths if widths and len(widths) == len(each[0]) else None
        story += [
            LongTable(cells, wide and (wide[::-1] if mirrored else wide), style=style, repeatRows=heads),
            Spacer(1, 24),
        ]
    if after:
        story.append(Paragraph(after, STYLE))
    Pages(stream, size=size, edges=edges, columns=columns).build(story)
    return stream.getvalue()


def fpdf(rows, *, script="Latin", lines="ALL", title="", widths=None, size=9, align="LEFT", padding=1):
    """A table of fpdf2, which wraps the words of cells and repeats the names of the columns."""
    made = FPDF()
    made.set_creation_date(datetime(2026, 1, 1, tzinfo=UTC))
    made.add_font("DejaVu", "", str(FONT))
    made.add_page()
    made.set_font("DejaVu", size=size)
    if title:
        made.multi_cell(0, text=title, new_x="LMARGIN", new_y="NEXT")
        made.ln(4)
    mirrored = script in RIGHT_TO_LEFT
    widths = (8, 42, 24, 22, 26) if mirrored else widths
    wide = widths and (widths[::-1] if mirrored else widths)
    with made.table(
        borders_layout=lines,
        col_widths=wide,
        headings_style=FontFace(),
        text_align=align,
        line_height=size * 0.55,
        padding=padding,
    ) as table:
        for row in drawn(rows, mirrored=mirrored):
            line = table.row()
            for cell in row:
                line.cell(cell)
    return bytes(made.output())


def typed(rows, widths, *, blanks=True, per_page=45, size=9):
    """Lines as a typewriter sets them, with blanks between the columns, or each word in its place."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, invariant=1)
    for begin in range(1, len(rows), per_page):
        y = 800
        for row in (rows[0], *rows[begin : begin + per_page]):
            if blanks:
                canvas.setFont("Courier", size)
                canvas.drawString(
                    40, y, "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
                )
            else:
                canvas.setFont("DejaVu", size)
                x = 40.0
                for cell, width in zip(row, widths, strict=True):
                    at = x
                    for word in cell.split():
                        canvas.drawString(at, y, word)
                        at += canvas.stringWidth(word + " ", "DejaVu", size)
                    x += width
            y -= 1.6 * size
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def plotted(rows, *, per_page=30):
    """Pages of matplotlib, each a table of its own."""
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure

    stream = io.BytesIO()
    with PdfPages(stream) as pages, matplotlib.rc_context({"pdf.fonttype": 42, "font.family": "DejaVu Sans"}):
        for begin in range(1, len(rows), per_page):
            figure = Figure(figsize=(8.3, 11.7))
            axes = figure.add_subplot()
            axes.axis("off")
            table = axes.table(
                [rows[0], *rows[begin : begin + per_page]],
                loc="center",
                colWidths=[0.1, 0.38, 0.18, 0.16, 0.24],
                cellLoc="left",
            )
            table.auto_set_font_size(False)
            table.set_fontsize(8)
            pages.savefig(figure)
    return stream.getvalue()


def numbered(names, *, title="", two=False, sign=".", script="Latin", wrap=0):
    """A numbered list of names, in one column or in two."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, invariant=1)
    half = -(-len(names) // 2) if two else len(names)
    canvas.setFont("DejaVu", 10)
    y = 780
    for line in title.split("\n") if title else ():
        canvas.drawString(60, y, seen(line))
        y -= 16
    y = top = y - 12
    for k, name in enumerate(names, 1):
        if k == half + 1 and two:
            y = top
        x = 320 if k > half else 60
        if script in RIGHT_TO_LEFT:
            canvas.drawRightString(540, y, seen(f"{k}{sign} {name}"))
        else:
            first, _, rest = (
                f"{k}{sign} {name}".rpartition(" ")
                if wrap and len(name) > wrap
                else (f"{k}{sign} {name}", "", "")
            )
            canvas.drawString(x, y, first)
            if rest:
                y -= 13
                canvas.drawString(x + 15, y, rest)
        y -= 15
        if y < 60 and not two:
            canvas.showPage()
            canvas.setFont("DejaVu", 10)
            y = 780
    canvas.save()
    return stream.getvalue()


def placed(
    rows, *, script="Latin", how="words", per_page=40, size=9, widths=(40, 180, 90, 80, 120), marks=()
):
    """Cells drawn one by one: each word or each letter in its place, borders as thin fills, in a drawing."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, invariant=1)
    mirrored = script in RIGHT_TO_LEFT
    for begin in range(1, len(rows), per_page):
        if how == "drawing":
            canvas.beginForm(f"page{begin}")
        y = 790.0
        for number, row in enumerate((rows[0], *rows[begin : begin + per_page])):
            canvas.setFont("DejaVu", size)
            x = 40.0
            for cell, width in zip(row, widths, strict=True):
                text = seen(cell)
                long = canvas.stringWidth(text, "DejaVu", size)
                at = (550 - x - long) if mirrored else x
                if how == "letters":  # as they are read, which is from right to left
                    ends, edge = [], at + long
                    for sign in reversed(text):
                        edge -= canvas.stringWidth(sign, "DejaVu", size)
                        ends.append((edge, sign))
                    for edge, sign in ends:
                        canvas.drawString(edge, y, sign)
                elif how == "words":
                    for word in text.split():
                        canvas.drawString(at, y, word)
                        at += canvas.stringWidth(word + " ", "DejaVu", size)
                else:
                    canvas.drawString(at, y, text, charSpace=1.5 if how == "set wide" else None)
                if how == "twice":
                    canvas.drawString(at + 0.2, y, text)
                if how in ("fills", "drawing"):
                    canvas.rect(x - 3, y - 5, width, 0.5, stroke=0, fill=1)
                    canvas.rect(x - 3, y - 5, 0.5, 1.7 * size, stroke=0, fill=1)
                    canvas.rect(x - 3 + width, y - 5, 0.5, 1.7 * size, stroke=0, fill=1)
                if how == "every fifth" and number % 5 == 0:
                    canvas.line(x - 3, y - 5, x - 3 + width, y - 5)
                x += width
            y -= 1.7 * size
        if "letterhead" in marks:
            canvas.drawString(40, 825, "Observatorio")
            canvas.drawRightString(555, 825, "Caracas, 3 de marzo de 2026")
        if how == "frame":
            canvas.rect(36, y, 516, 800 - y)
            canvas.line(36, 785, 552, 785)
        if "watermark" in marks:
            canvas.saveState()
            canvas.translate(150, 200)
            canvas.rotate(45)
            canvas.setFont("DejaVu", 60)
            canvas.drawString(0, 0, "BORRADOR")
            canvas.restoreState()
        if "hidden" in marks:
            text = canvas.beginText(40, 60)
            text.setFont("DejaVu", size)
            text.setTextRenderMode(3)
            text.textLine("99    Nadie Visible    V-1.234.567    01/01/2024    Lara")
            canvas.drawText(text)
        if "field" in marks:
            canvas.acroForm.textfield(name="nombre", value="Otra Persona", x=40, y=30, width=200, height=20)
        if how == "drawing":
            canvas.endForm()
            canvas.doForm(f"page{begin}")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


# Files made into others.


def changed(content, each=lambda page: None, **options):
    """A document whose pages are changed one by one."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    for page in writer.pages:
        each(page)
    if options:
        writer.encrypt(**options)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def sealed(content):
    return changed(content, user_password="", owner_password="x", algorithm="RC4-128")


def on_its_side(content):
    """Pages that lie on their side in the file, and are turned to be read."""

    def turn(page):
        width, height = page.mediabox.width, page.mediabox.height
        page.add_transformation(pypdf.Transformation().rotate(90).translate(height, 0))
        page.mediabox = pypdf.generic.RectangleObject((0, 0, height, width))
        page.rotate(90)

    return changed(content, turn)


def fonts_of(page):
    return [font.get_object() for font in page["/Resources"]["/Font"].values()]


def plain_map(content):
    """A document whose drawn forms stand for their letters, as office programs write them."""

    def rewrite(page):
        for font in fonts_of(page):
            if "/ToUnicode" in font:
                text = font["/ToUnicode"].get_object().get_data().decode("latin-1")
                for code in range(0xFB50, 0xFEFD):
                    letters = unicodedata.normalize("NFKC", chr(code))
                    if letters != chr(code) and " " not in letters:
                        found = "".join(f"{ord(letter):04X}" for letter in letters)
                        text = text.replace(f"<{code:04X}>", f"<{found}>")
                        text = text.replace(f"<{code:04x}>", f"<{found}>")
                stream = StreamObject()
                stream.set_data(text.encode("latin-1"))
                font[NameObject("/ToUnicode")] = page.indirect_reference.pdf._add_object(stream)

    return changed(content, rewrite)


def without_map(content):
    """A document whose letters do not say which they are."""

    def drop(page):
        for font in fonts_of(page):
            font.pop("/ToUnicode", None)

    return changed(content, drop)


def scan(rows, *, letters=""):
    """A picture of a page; with `letters` the words that a program saw on it, which are not drawn."""
    from PIL import Image, ImageDraw

    picture = Image.new("L", (800, 1100), 255)
    pen = ImageDraw.Draw(picture)
    for k, row in enumerate(rows):
        pen.text((40, 40 + 20 * k), "  ".join(row).encode("ascii", "replace").decode())
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, invariant=1)
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(ImageReader(picture), 0, 0, *A4)
    if letters:
        text = canvas.beginText(40, 800)
        text.setFont("DejaVu", 8)
        text.setTextRenderMode(3 if letters == "hidden" else 0)
        for row in rows:
            text.textLine("   ".join(row))
        canvas.drawText(text)
    canvas.save()
    return stream.getvalue()


def outlined(rows):
    """Letters drawn as lines."""
    from matplotlib.figure import Figure
    from matplotlib.patches import PathPatch
    from matplotlib.textpath import TextPath

    figure = Figure()
    axes = figure.add_subplot()
    axes.axis("off")
    for k, row in enumerate(rows[:12]):
        axes.add_patch(PathPatch(TextPath((0, -12 * k), " ".join(row), size=9)))
    axes.autoscale_view()
    stream = io.BytesIO()
    figure.savefig(stream, format="pdf")
    return stream.getvalue()


# The documents, each with the rows that it shows.


def _wide(rows):
    """Rows with long places and a column that is mostly blank."""
    draw = random.Random(len(rows))
    places = (
        "Centro Penitenciario de Aragua en Tocorón",
        "Sede de la Dirección General en El Helicoide, Caracas",
    )
    notes = ["", "", "", "", "Trasladado al hospital", "Sin noticias desde julio de 2024"]
    head = [*rows[0][:4], "Centro", "Observaciones"]
    return [head, *([*row[:4], draw.choice((*places, "Yare III")), draw.choice(notes)] for row in rows[1:])]


def _grouped(rows):
    """Names of columns in two rows: the first reaches over two columns."""
    return [["", "Persona", "", "Detención", ""], ["Nº", "Nombre", "Cédula", "Fecha", "Estado"], *rows[1:]]


def _together(rows):
    return [["Nº", "Nombre", "Cédula", "Fecha", "Estado"], *rows[1:]]


def _sides(rows):
    """A list in two columns of a page: its rows beside each other."""
    body = [row[:3] for row in rows[1:]]
    half = -(-len(body) // 2)
    right = [*body[half:], *[[""] * 3] * (2 * half - len(body))]
    return [rows[0][:3] * 2, *(a + b for a, b in zip(body[:half], right, strict=True))]


def _of_places(rows):
    """Rows in the order of their places, each place written once beside its rows."""
    body = sorted(rows[1:], key=lambda row: row[4])
    drawn_rows, spans, before = [rows[0]], [], None
    for k, row in enumerate(body, 1):
        if row[4] == before:
            drawn_rows.append([*row[:4], ""])
            spans[-1][1] = (4, k)
        else:
            drawn_rows.append(row)
            spans.append([(4, k), (4, k)])
        before = row[4]
    return drawn_rows, [(a, b) for a, b in spans if a != b], [rows[0], *body]


def _sparse(rows):
    """Rows in which cells are blank, also all but the name."""
    made = [rows[0]]
    for k, row in enumerate(rows[1:], 1):
        blank = [j != 1 and (k % 9 == 0 or (k * 7 + 3 * j) % 5 == 0) for j in range(len(row))]
        made.append(["" if empty else cell for cell, empty in zip(row, blank, strict=True)])
    return made


def _long(rows):
    head = "Nº|Nombre y apellidos|Documento de identidad|Fecha de la detención|Estado donde fue detenido"
    return [head.split("|"), *rows[1:]]


def _headed(rows):
    """Rows below headings that name their place."""
    body = sorted(rows[1:], key=lambda row: row[4])
    made, spans = [rows[0]], []
    for k, row in enumerate(body):
        if not k or body[k - 1][4] != row[4]:
            spans.append(((0, len(made)), (-1, len(made))))
            made.append([f"Estado {row[4]}", "", "", "", ""])
        made.append(row)
    return made, spans, [rows[0], *body]


def _counts():
    draw = random.Random(7)
    body = []
    for day in range(1, 21):
        for source, role in (("Foro", "verificado"), ("Gobierno", "anunciado")):
            count = f"{draw.randint(1, 2500):,}".replace(",", ".")
            body.append([f"{day:02}/03/2025", source, role, count])
    return [["Fecha", "Fuente", "Rol", "Cantidad"], *body]


PROSE = (
    "El observatorio publica cada semana esta lista, que hace con los familiares, los abogados y las "
    "organizaciones de cada estado. Los datos son preliminares, y se corrigen cuando llegan noticias. "
) * 2


LATIN, WIDE, FEW = people(90, seed=1), _wide(people(40, seed=2)), people(24, seed=3, words=1)
FIRST, NAMED = [row[:3] for row in LATIN], [row[1] for row in LATIN[1:]]
SHORT, NAMES_ALONE = [row[:2] + row[4:] for row in FEW[:9]], [row[1:3] for row in FEW[:9]]
NARROW = [width * cm for width in (1.2, 3, 3, 2.4, 4, 3.4)]
NARROW_NAMES = [width * cm for width in (1.4, 4.6, 2.6, 2.2, 4.2)]
DRAWN, DRAWN_WIDE = (8, 42, 24, 22, 26), (6, 30, 20, 18, 40, 30)
NOTED = [
    [cell if k % 7 or j != 1 else f'{cell}<super size="5">{k // 7 + 1}</super>' for j, cell in enumerate(row)]
    for k, row in enumerate(LATIN)
]
SOURCE = "Fuente: familiares y abogados de las personas detenidas; datos preliminares que pueden cambiar."
RELEASED = "Lista de excarcelados del 12 de enero de 2026"

# What a document is called, the rows that it shows, the program, and what it is given.
_MADE = [
    ("ruled over pages", LATIN, reportlab, LATIN, {"lines": GRID, "title": "Lista al 12 de enero de 2026"}),
    ("lines below rows", LATIN, reportlab, LATIN, {"lines": ROWS}),
    ("three lines", LATIN, reportlab, LATIN, {"lines": BOOK}),
    ("no lines", LATIN, reportlab, LATIN, {"widths": WIDTHS}),
    ("no lines, close columns", LATIN, reportlab, LATIN, {}),
    ("stripes", LATIN, reportlab, LATIN, {"lines": ZEBRA}),
    ("upright lines", LATIN, reportlab, LATIN, {"lines": UPRIGHT}),
    ("two columns, ruled", FIRST, reportlab, _sides(LATIN), {"lines": GRID, "font": 7}),
    ("two columns, no lines", FIRST, reportlab, _sides(LATIN), {"font": 7}),
    ("frames beside each other", FIRST, reportlab, FIRST, {"lines": GRID, "columns": 2, "font": 7}),
    (
        *("names in two rows, ruled", _together(LATIN), reportlab, _grouped(LATIN)),
        {"lines": GRID, "heads": 2, "merged": [((1, 0), (2, 0)), ((3, 0), (4, 0))]},
    ),
    (
        "names in two rows, no lines",
        _together(LATIN),
        reportlab,
        _grouped(LATIN),
        {"heads": 2, "widths": WIDTHS},
    ),
    (
        *("merged downwards", _of_places(FEW)[2], reportlab, _of_places(FEW)[0]),
        {"lines": GRID, "merged": _of_places(FEW)[1], "valign": "MIDDLE"},
    ),
    ("a note below", LATIN, reportlab, LATIN, {"lines": BOOK, "after": SOURCE}),
    ("references to notes", LATIN, reportlab, NOTED, {"lines": GRID, "wrapped": True, "widths": WIDTHS}),
    ("lying pages", WIDE, reportlab, WIDE, {"lines": GRID, "size": landscape(A4)}),
    ("typed with blanks", LATIN, typed, LATIN, {"widths": [6, 46, 14, 14, 20], "size": 8}),
    ("typed with blanks, tight", LATIN, typed, LATIN, {"widths": [4, 43, 14, 14, 16], "size": 8}),
    ("words without blanks", LATIN, typed, LATIN, {"widths": [30, 230, 80, 80, 110], "blanks": False}),
    ("tables of matplotlib", LATIN, plotted, LATIN, {}),
    ("fpdf2, ruled", LATIN, fpdf, LATIN, {}),
    ("fpdf2, level lines", LATIN, fpdf, LATIN, {"lines": "HORIZONTAL_LINES"}),
    ("fpdf2, no lines", LATIN, fpdf, LATIN, {"lines": "NONE", "widths": DRAWN}),
    ("fpdf2, a line below the names", LATIN, fpdf, LATIN, {"lines": "SINGLE_TOP_LINE", "widths": DRAWN}),
    ("fpdf2, wrapped", WIDE, fpdf, WIDE, {"widths": DRAWN_WIDE, "size": 8}),
    ("fpdf2, wrapped without lines", WIDE, fpdf, WIDE, {"widths": DRAWN_WIDE, "lines": "NONE", "size": 8}),
    ("fpdf2, centred", LATIN, fpdf, LATIN, {"align": "CENTER", "widths": DRAWN}),
    (
        "fpdf2, centred without lines",
        LATIN,
        fpdf,
        LATIN,
        {"align": "CENTER", "lines": "NONE", "widths": DRAWN},
    ),
    ("numbered", [["nombre"], *([name] for name in NAMED)], numbered, NAMED, {"title": RELEASED}),
    ("numbered in two columns", [[name] for name in NAMED], numbered, NAMED, {"two": True}),
    ("numbered with hyphens", [[name] for name in NAMED[:40]], numbered, NAMED[:40], {"sign": ".-"}),
    ("numbered and wrapped", [[name] for name in NAMED[:40]], numbered, NAMED[:40], {"wrap": 28}),
    (
        "a watermark, a field and hidden words",
        LATIN,
        placed,
        LATIN,
        {"marks": ("watermark", "hidden", "field")},
    ),
    ("blank cells", _sparse(LATIN), placed, _sparse(LATIN), {"how": "cells"}),
    ("blank cells, ruled", _sparse(LATIN), reportlab, _sparse(LATIN), {"lines": GRID}),
    (
        *("long names of columns, no lines", _long(LATIN), reportlab, _long(LATIN)),
        {"wrapped": True, "widths": NARROW_NAMES},
    ),
    (
        *("long names of columns, ruled", _long(LATIN), reportlab, _long(LATIN)),
        {"lines": GRID, "wrapped": True, "widths": NARROW_NAMES},
    ),
    (
        *("headings of states, ruled", _headed(FEW)[0], reportlab, _headed(FEW)[0]),
        {"lines": GRID, "merged": _headed(FEW)[1]},
    ),
    ("headings of states, no lines", _headed(FEW)[2], reportlab, _headed(FEW)[0], {"widths": WIDTHS}),
    ("prose above and below", FEW, reportlab, FEW, {"lines": GRID, "title": PROSE, "after": PROSE}),
    ("prose above, no lines", FEW, reportlab, FEW, {"title": PROSE, "after": PROSE, "widths": WIDTHS}),
    ("counts", _counts(), reportlab, _counts(), {"lines": [*BOOK, ("ALIGN", (2, 0), (-1, -1), "RIGHT")]}),
]
_JOINED = [[cell.replace("رضا", "علی\u200cرضا") for cell in row] for row in people(30, "Persian", seed=84)]
_MADE += [
    (
        "accents apart",
        LATIN,
        reportlab,
        [[normalize("NFD", c) for c in row] for row in LATIN],
        {"lines": GRID},
    ),
    ("a letterhead", LATIN, placed, LATIN, {"how": "cells", "marks": ("letterhead",)}),
    (
        "numbers alone count the rows",
        WIDE,
        fpdf,
        WIDE,
        {"widths": DRAWN_WIDE, "lines": "NONE", "padding": 0, "size": 8},
    ),
    ("set wide", LATIN, placed, LATIN, {"how": "set wide", "size": 6, "widths": (30, 230, 100, 90, 60)}),
    (
        *(
            "a name of two parts",
            [[c.replace("\u200c", "") for c in row] for row in _JOINED],
            reportlab,
            _JOINED,
        ),
        {"lines": GRID, "script": "Persian"},
    ),
]
_MADE += [
    (f"wrapped, {name}", WIDE, reportlab, WIDE, {"wrapped": True, "widths": NARROW, **options})
    for name, options in {
        "ruled": {"lines": GRID},
        "in the middle": {"lines": GRID, "valign": "MIDDLE"},
        "lines below rows": {"lines": ROWS},
        "no lines": {},
        "no lines, in the middle": {"valign": "MIDDLE"},
    }.items()
]
_MADE += [
    (f"placed, {how}", LATIN, placed, LATIN, {"how": how})
    for how in ("every fifth", "fills", "drawing", "frame", "letters", "twice")
]
for _script in ("Arabic", "Persian", "Hebrew", "Cyrillic"):
    _rows = people(45, _script, seed=4)
    _MADE += [
        (f"{_script}, {name}", _rows, program, _rows, {"script": _script, **options})
        for name, program, options in (
            ("ruled", reportlab, {"lines": GRID}),
            ("no lines", reportlab, {"widths": WIDTHS}),
            ("fpdf2", fpdf, {}),
            ("fpdf2 without lines", fpdf, {"lines": "NONE", "widths": DRAWN}),
            ("word by word", placed, {}),
            ("letter by letter", placed, {"how": "letters"}),
        )
    ]
    _names = [row[1] for row in _rows[1:]]
    _MADE.append((f"{_script}, numbered", [[name] for name in _names], numbered, _names, {"script": _script}))

DOCUMENTS = {
    name: partial(lambda rows, make, given, options: Made(make(given, **options), rows), *what)
    for name, *what in _MADE
}
DOCUMENTS |= {
    name: partial(lambda again, of: Made(again(DOCUMENTS[of]().content), DOCUMENTS[of]().rows), *what)
    for name, *what in (
        ("turned pages", on_its_side, "ruled over pages"),
        ("turned pages without lines", on_its_side, "no lines"),
        ("Arabic, plain letters", plain_map, "Arabic, fpdf2"),
        ("Arabic, plain letters of reportlab", plain_map, "Arabic, ruled"),
        ("Persian, plain letters", plain_map, "Persian, fpdf2"),
        ("Persian, plain letters of reportlab", plain_map, "Persian, no lines"),
        ("sealed by its owner", sealed, "ruled over pages"),
    )
}
DOCUMENTS |= {
    "two tables on a page": lambda: Made(reportlab(FEW, GRID, extra=(SHORT,)), FEW, SHORT),
    "two tables without lines": lambda: Made(
        reportlab(FEW, widths=WIDTHS, extra=(NAMES_ALONE,)), FEW, NAMES_ALONE
    ),
}

ROWS_OF_SCANS = people(30, seed=9)
SCANS = {
    "a scan": lambda: scan(ROWS_OF_SCANS),
    "a scan with letters behind it": lambda: scan(ROWS_OF_SCANS, letters="hidden"),
    "a scan with letters over it": lambda: scan(ROWS_OF_SCANS, letters="seen"),
    "letters drawn as lines": lambda: outlined(ROWS_OF_SCANS),
    "letters without a map": lambda: without_map(fpdf(ROWS_OF_SCANS)),
    "a password": lambda: changed(fpdf(ROWS_OF_SCANS), user_password="x", algorithm="RC4-128"),
    "half a file": lambda: fpdf(ROWS_OF_SCANS)[:900],
}
"""What is refused: pictures, letters without a meaning, locked and damaged files."""
