"""Word, Excel and LaTeX say what the other formats say, in real headings, tables and numbers, and no more."""

import io
import re
import shutil
import subprocess
import zipfile
from functools import cache
from itertools import chain

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

from assessed import assessed, assessed_quickly
from cases import tables
from detcount.errors import InputError, MissingExtraError
from detcount.reports.blocks import (
    Answers,
    Bullets,
    Details,
    Document,
    FigureSlot,
    Heading,
    Paragraph,
    Quote,
    Table,
    unfolded,
)
from detcount.reports.formats import FORMATS, format_of
from detcount.reports.printed import file_of
from detcount.reports.render.latex import latex
from detcount.reports.render.markdown import markdown
from detcount.reports.render.word import word
from detcount.reports.render.workbook import workbook
from detcount.reports.widths import column_widths
from detcount.words import Number, translated

TABLES = tables("formats")

LANGUAGES = ("en", "es")
HOSTILE = (*TABLES["hostile"],)


def hostile_document():
    """Every kind of block, with words that mean something in some format."""
    rows = tuple((name, name, Number(1234.5678, ",.1f"), Number(0.256, ".0%")) for name in HOSTILE)
    return Document(
        HOSTILE[5],
        (
            Heading(HOSTILE[6], 1),
            *(Paragraph(name) for name in HOSTILE),
            Heading("[a]:*?/b", 2),
            Quote(HOSTILE[0]),
            Bullets(HOSTILE),
            Table(("name", "code", "n", "share"), rows, "llrr", caption=HOSTILE[8], code=(1,), strong=(0,)),
            Details(HOSTILE[1], (Paragraph(HOSTILE[2]), Table(("one",), ((HOSTILE[3],),), "l"))),
        ),
    )


def texts(document, lang):
    found = []
    for block in document.blocks:
        blocks = (Heading(block.summary, 3), *block.blocks) if isinstance(block, Details) else (block,)
        parts = [one.plain() if isinstance(one, Answers) else (one,) for one in blocks]
        for each in chain(*parts):
            match each:
                case Heading() | Paragraph() | Quote():
                    found.append(translated(each.text, lang))
                case Bullets():
                    found += [translated(item, lang) for item in each.items]
                case Table():
                    found += [translated(cell, lang) for row in (each.columns, *each.rows) for cell in row]
    return found


def opened(content):
    return docx.Document(io.BytesIO(content))


def words_of(made):
    found = []
    for child in made.element.body:
        if child.tag == qn("w:p"):
            text = "".join(part.text or "" for part in child.iter(qn("w:t")))
            found += [text] if text else []
        elif child.tag == qn("w:tbl"):
            for cell in child.iter(qn("w:tc")):
                found.append("".join(part.text or "" for part in cell.iter(qn("w:t"))))
    return found


def numbers_in(text):
    return set(re.findall(r"\d+", re.sub(r"(?<=\d)[.,\u00a0\u202f](?=\d)", "", text)))


@cache
def word_file(lang):
    return word(assessed("kosovo").document(), lang)


@pytest.fixture(scope="module")
def kosovo():
    return assessed("kosovo").document()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_word_file_has_all_words_in_their_order(kosovo, lang):
    found = words_of(opened(word_file(lang)))
    assert [text for text in found if text] == [text for text in texts(kosovo, lang) if text]


def test_a_word_file_has_headings_heads_that_repeat_and_words_for_figures(kosovo):
    made = opened(word_file("es"))
    headings = [block for block in unfolded(kosovo.blocks) if isinstance(block, Heading)]
    styled = [p for p in made.paragraphs if p.style.name == "Title" or p.style.name.startswith("Heading")]
    assert [(p.style.name, p.text) for p in styled] == [
        ("Title" if h.level == 1 else f"Heading {h.level - 1}", translated(h.text, "es")) for h in headings
    ]
    tables = [block for block in unfolded(kosovo.blocks) if isinstance(block, Table)]
    assert len(made.tables) == len(tables) > 5
    for grid, table in zip(made.tables, tables, strict=True):
        assert grid.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in grid.rows)
        right = [cell.paragraphs[0].alignment == 2 for cell in grid.rows[1].cells]
        assert right == [side == "r" for side in table.align]
        assert sum(column.width.cm for column in grid.columns) <= 17.01
    slots = [block for block in unfolded(kosovo.blocks) if isinstance(block, FigureSlot)]
    described = [shape._inline.docPr.get("descr") for shape in made.inline_shapes]
    assert described == [translated(slot.alt, "es") for slot in slots]
    assert all(described)
    language = made.styles.element.find(f".//{qn('w:lang')}")
    assert language.get(qn("w:val")) == "es-ES"
    assert made.core_properties.title == translated(kosovo.title, "es")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_word_is_broken_in_a_column(kosovo, lang):
    from matplotlib.textpath import TextPath

    for table in (block for block in unfolded(kosovo.blocks) if isinstance(block, Table)):
        columns = [translated(name, lang) for name in table.columns]
        rows = [[translated(cell, lang) for cell in row] for row in table.rows]
        widths, size = column_widths(columns, rows, table.code, 17.0)
        assert sum(widths) <= 17.0 + 1e-9
        for k, width in enumerate(widths):
            if k in table.code:
                continue
            parts = {part for text in (columns[k], *(row[k] for row in rows)) for part in text.split(" ")}
            for part in filter(None, parts):
                box = TextPath((0, 0), part, size=size, prop={"family": "DejaVu Sans"}).get_extents()
                # DejaVu is an eighth broader than Arial; the cell keeps .38 cm
                assert box.width / 1.12 * 2.54 / 72 <= width - 0.38 + 0.02, (part, width)


def test_columns_share_the_page_and_letters_shrink_for_long_words():
    short, size = column_widths(["a", "b"], [["x", "y"]], (), 17.0)
    assert size == 8.5
    assert sum(short) < 3
    long, small = column_widths(["a"] * 4, [["antiestablishmentarianism" * 2] * 4], (), 17.0)
    assert small < 8.5
    assert sum(long) == pytest.approx(17.0)
    wide, _ = column_widths(["a", "b"], [["short", "words " * 80]], (), 17.0)
    assert wide[1] > 10 * wide[0]
    assert sum(wide) == pytest.approx(17.0)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_excel_file_has_the_printed_numbers_as_numbers(kosovo, lang):
    book = openpyxl.load_workbook(io.BytesIO(workbook(kosovo, lang)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    tables = [block for block in unfolded(kosovo.blocks) if isinstance(block, Table)]
    printed = [cell for table in tables for row in table.rows for cell in row if isinstance(cell, Number)]
    numbers = [cell for cell in cells if cell.data_type == "n"]
    assert len(numbers) > 50
    for cell, number in zip(numbers, printed, strict=True):
        shown = str(number).replace(",", "").replace("−", "-")
        expected = float(shown.rstrip("%")) / (100 if shown.endswith("%") else 1)
        assert cell.value == pytest.approx(expected, rel=1e-12)
        assert cell.number_format.endswith("%") == shown.endswith("%")
    strings = {str(cell.value) for cell in cells if cell.data_type == "s"}
    wanted = {
        translated(cell, lang) for t in tables for cell in sum(t.rows, ()) if not isinstance(cell, Number)
    }
    assert wanted - {""} <= strings
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert len(set(book.sheetnames)) == len(book.sheetnames) > 5


def test_more_digits_than_are_printed_are_in_no_file():
    content = workbook(Document("t", (Table(("n",), ((Number(1234.5678, ",.1f"),),), "r"),)), "es")
    book = openpyxl.load_workbook(io.BytesIO(content))
    cell = book.worksheets[1]["A2"]
    assert (cell.value, cell.number_format) == (1234.6, "#,##0.0")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if b"1234.56" in archive.read(name)]


def test_hostile_words_open_nothing():
    document = hostile_document()
    made = words_of(opened(word(document, "en")))
    clean = [text.replace("\x07", " ").replace("\t", "") for text in texts(document, "en")]
    assert made == clean
    book = openpyxl.load_workbook(io.BytesIO(workbook(document, "en")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type not in ("s", "n")]
    risky = [cell for cell in cells if cell.data_type == "s" and str(cell.value)[0] in "=+-@\t"]
    assert len(risky) >= 15
    assert all(cell.quotePrefix for cell in risky)
    source = latex(document, "en")
    assert r"\input" not in source
    assert "\x07" not in source


@pytest.mark.parametrize("name", ["docx", "xlsx", "tex"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_number_but_those_of_the_whole_report(name, lang):
    """What is hidden in Markdown cannot be read from another format."""
    document = assessed_quickly("korea").public().document()
    known = numbers_in(markdown(document, lang, detail=True))
    if name == "docx":
        found = " ".join(words_of(opened(word(document, lang))))
    elif name == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(workbook(document, lang)))
        values = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
        found = " ".join(v for v in values if isinstance(v, str))
    else:
        found = latex(document, lang).partition(r"\begin{document}")[2].replace("~", "").replace("{}", "")
        found = re.sub(r"\\fontsize\{[\d.]+\}\{[\d.]+\}|p\{[\d.]+cm\}|\[scaled=[\d.]+\]", "", found)
    numbers = numbers_in(found)
    slots = [block for block in unfolded(document.blocks) if isinstance(block, FigureSlot)]
    for slot in slots:  # pages have these words too
        known |= numbers_in(translated(slot.alt, lang))
    assert numbers
    assert numbers <= known


@pytest.mark.parametrize("name", ["docx", "xlsx", "tex", "md", "html"])
def test_files_are_the_same_bytes_each_time_and_only_ours_are_written_over(name, tmp_path):
    document = hostile_document()
    path = tmp_path / f"r.{name}"
    kind = format_of(path)
    first = file_of(lambda: document, kind, path, "es", force=False)
    before = path.read_bytes()
    assert before == (first if isinstance(first, bytes) else first.encode())
    assert file_of(lambda: document, kind, path, "es", force=False) == first
    path.write_bytes(b"years of work" * 9)
    with pytest.raises(InputError, match="no report of detcount"):
        file_of(lambda: document, kind, path, "es", force=False)
    file_of(lambda: document, kind, path, "es", force=True)
    assert path.read_bytes() == before


def test_a_missing_library_is_named_with_the_way_to_install_it(monkeypatch):
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"pip install .*'python-docx>="):
        file_of(hostile_document, "docx", None, "en", force=False)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_latex_runs(kosovo, lang, tmp_path):
    file_of(lambda: kosovo, "tex", tmp_path / "r.tex", lang, force=False)
    (tmp_path / "hostile.tex").write_text(latex(hostile_document(), lang), encoding="utf-8")
    for name in ("r.tex", "hostile.tex"):
        run = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", name],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout[-1500:].decode("latin-1")


def test_latex_writes_its_figures_beside_the_file(kosovo, tmp_path):
    source = file_of(lambda: kosovo, "tex", tmp_path / "informe.tex", "es", force=False)
    shown = re.findall(r"\\includegraphics\[[^]]*\]\{([^}]+)\}", str(source))
    slots = [block for block in unfolded(kosovo.blocks) if isinstance(block, FigureSlot)]
    assert len(shown) == len(slots) > 2
    assert all((tmp_path / name).read_bytes().startswith(b"\x89PNG") for name in shown)
    assert "includegraphics" not in str(FORMATS["tex"].render(kosovo, "es"))


def test_every_result_with_a_document_has_the_formats():
    assessment = assessed("kosovo")
    assert assessment.to_docx(lang="es").startswith(b"PK")
    assert assessment.full().to_excel(lang="es").startswith(b"PK")
    assert assessment.to_latex().startswith("% Made by detcount")
