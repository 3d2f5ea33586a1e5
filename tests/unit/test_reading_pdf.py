"""Lists in PDF: rows as they stand on the pages, what is refused or said, and files that do harm."""

import io
import time
import zlib
from collections import Counter

import pypdf
import pytest

import pdfs
import scripts
from detcount import linkage
from detcount.errors import InputError, MissingExtraError
from detcount.reading.pdf import Source, tables_of_pdf

PRINTED = scripts.ROOT / "tests" / "reference" / "data" / "printed"
LEAST_RIGHT = 0.995
MOST_SECONDS = 5  # of this process; 9 million pairs of lines would take longer
QUICK = (
    *("ruled over pages", "fpdf2, wrapped without lines", "two columns, no lines", "merged downwards"),
    *("Arabic, plain letters", "Hebrew, no lines", "numbered"),
)


def read(content, table=0):
    """Rows of a table with its notes."""
    grid = [*tables_of_pdf(Source("lista.pdf", content)).values()][table]
    return grid.rows, " | ".join(map(str, grid.notes))


def right(made):
    """Rows that are as they should be, rows that there should be, and whether wrong ones are named."""
    n_right = n_rows = 0
    named = True
    for table, rows in enumerate([made.rows, *([made.second] if made.second else [])]):
        found, notes = read(made.content, table)
        found = found[found.index(rows[0]) :]
        same = sum((Counter(map(tuple, found)) & Counter(map(tuple, rows))).values())
        n_right, n_rows = n_right + same - 1, n_rows + len(rows) - 1
        named &= (same == len(rows) == len(found)) or "Compare" in notes
    return n_right, n_rows, named


@pytest.mark.parametrize("name", QUICK)
def test_rows_are_those_of_the_pages(name):
    n_right, n_rows, _ = right(pdfs.DOCUMENTS[name]())
    assert n_right == n_rows > 20


@pytest.mark.parametrize("file", sorted(PRINTED.glob("*.pdf")), ids=lambda file: file.stem)
def test_rows_of_what_a_browser_and_an_office_suite_printed(file):
    rows = scripts.loaded("benchmarks/printed.py").STORED[file.stem]().rows
    found, _ = read(file.read_bytes())
    assert found[found.index(rows[0]) :] == rows


@pytest.mark.slow
def test_nearly_all_rows_of_many_documents_are_right_and_none_is_wrong_in_silence():
    assert len(pdfs.DOCUMENTS) > 60
    found = {name: right(make()) for name, make in pdfs.DOCUMENTS.items()}
    assert [name for name, (_, _, named) in found.items() if not named] == []
    n_right, n_rows = (sum(each[k] for each in found.values()) for k in (0, 1))
    assert n_right >= LEAST_RIGHT * n_rows


def test_what_is_left_out_or_in_doubt_is_said_with_its_page():
    _, notes = read(pdfs.DOCUMENTS["a watermark, a field and hidden words"]().content)
    assert "letters that cannot be seen were left out, on pages 1, 2 and 3" in notes
    assert "letters that are turned against the others were left out, on pages 1, 2 and 3" in notes
    assert "fields of forms, notes or stamps were not read, on pages 1, 2 and 3" in notes
    assert "two programs read different letters on pages 1, 2 and 3" in notes
    _, notes = read(pdfs.DOCUMENTS["references to notes"]().content)
    assert "small raised signs are taken for references to notes and were left out, on pages 1, 2" in notes
    rows = pdfs.people(8, "Arabic")
    assert "right to left" not in read(pdfs.placed(rows, script="Arabic", how="cells"))[1]
    _, notes = read(pdfs.placed(rows, script="Arabic"))
    assert "words written from right to left cannot be told apart for certain on page 1" in notes


def test_the_day_of_a_title_is_that_of_the_released(tmp_path):
    file = tmp_path / "lista.pdf"
    file.write_bytes(pdfs.DOCUMENTS["numbered"]().content)
    held = {"Nombre": ["Ana Gil", "Luis Paz"], "Detenido el": ["2024-08-01", "2024-08-02"]}
    lists = linkage.read_lists({"foro": held, "anuncio": str(file)}, released={"anuncio": "announced"})
    assert "12 January 2026 as the first day" in " ".join(map(str, lists.notes))


@pytest.mark.parametrize("name", pdfs.SCANS)
def test_what_has_no_letters_for_certain_is_refused(name):
    with pytest.raises(InputError, match=r"^lista\.pdf: (expected a PDF with text|the file is damaged)"):
        read(pdfs.SCANS[name]())


def test_without_its_libraries_the_extra_is_named(monkeypatch):
    monkeypatch.setattr("detcount.reading.letters.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match="reading PDF needs libraries that are not installed"):
        read(b"%PDF-1.4 another file")


# Files that do harm.


def bomb(page):
    """Three gigabytes of nothing in a stream of three megabytes."""
    pressed = zlib.compressobj(9)
    data = b"".join(pressed.compress(b" " * (1 << 20)) for _ in range(3000)) + pressed.flush()
    stream = pypdf.generic.EncodedStreamObject()
    stream._data = data
    stream[pypdf.generic.NameObject("/Filter")] = pypdf.generic.NameObject("/FlateDecode")
    page[pypdf.generic.NameObject("/Contents")] = page.indirect_reference.pdf._add_object(stream)


def endless(page):
    """A drawing that draws itself."""
    form = pypdf.generic.StreamObject()
    form.set_data(b"/X Do")
    for key, value in (("/Type", "/XObject"), ("/Subtype", "/Form")):
        form[pypdf.generic.NameObject(key)] = pypdf.generic.NameObject(value)
    form[pypdf.generic.NameObject("/BBox")] = pypdf.generic.RectangleObject((0, 0, 9, 9))
    own = page.indirect_reference.pdf._add_object(form)
    drawings = pypdf.generic.DictionaryObject({pypdf.generic.NameObject("/X"): own})
    resources = pypdf.generic.DictionaryObject({pypdf.generic.NameObject("/XObject"): drawings})
    form[pypdf.generic.NameObject("/Resources")] = resources
    page["/Resources"][pypdf.generic.NameObject("/XObject")] = drawings
    stream = pypdf.generic.StreamObject()
    stream.set_data(page["/Contents"].get_object().get_data() + b" /X Do")
    page[pypdf.generic.NameObject("/Contents")] = page.indirect_reference.pdf._add_object(stream)


def crowd(page):
    """Lines in both directions, and letters of a tenth of the others' height."""
    lines = " ".join(f"{at} 0 m {at} 9000 l 0 {at} m 9000 {at} l S" for at in range(0, 9000, 3))
    small = " ".join(f"1 0 0 1 {k / 10:.1f} 40 Tm (a) Tj" for k in range(3000))
    stream = pypdf.generic.StreamObject()
    text = f" q {lines} Q BT /F1 .8 Tf {small} ET".encode()
    stream.set_data(page["/Contents"].get_object().get_data() + text)
    page[pypdf.generic.NameObject("/Contents")] = page.indirect_reference.pdf._add_object(stream)


def test_a_drawing_that_draws_itself_does_no_harm():
    rows = pdfs.people(12)
    assert read(pdfs.changed(pdfs.reportlab(rows, pdfs.GRID, edges=False), endless))[0] == rows


def test_thousands_of_drawn_lines_and_small_letters_take_no_time():
    rows = pdfs.people(12)
    content = pdfs.changed(pdfs.reportlab(rows, edges=False), crowd)
    begun = time.process_time()
    assert read(content)[0][: len(rows)] == rows
    assert time.process_time() - begun < MOST_SECONDS


@pytest.mark.slow
def test_a_stream_that_fills_the_memory_is_refused():
    with pytest.raises(InputError, match=r"can be read within 900 MB|expected a PDF with text|is damaged"):
        read(pdfs.changed(pdfs.fpdf(pdfs.people(3)), bomb))


def test_scripts_and_addresses_of_a_file_are_not_followed(tmp_path):
    rows = pdfs.people(12)
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdfs.reportlab(rows, pdfs.GRID, edges=False)))
    mark = tmp_path / "written"
    name, text = pypdf.generic.NameObject, pypdf.generic.TextStringObject
    script = f"app.launchURL('http://127.0.0.1:9/'); this.saveAs('{mark}');"
    action = {name("/S"): name("/JavaScript"), name("/JS"): text(script)}
    writer.root_object[name("/OpenAction")] = pypdf.generic.DictionaryObject(action)
    writer.add_uri(0, "http://127.0.0.1:9/", pypdf.generic.RectangleObject((0, 0, 500, 500)))
    writer.add_attachment("otra.csv", b"Nombre\nAna Gil\n")
    stream = io.BytesIO()
    writer.write(stream)
    assert read(stream.getvalue())[0] == rows
    assert not mark.exists()


@pytest.mark.parametrize("cut", [10, 700, 5000])
def test_no_error_of_a_damaged_file_holds_what_it_holds(cut):
    content = pdfs.fpdf(pdfs.people(5))
    with pytest.raises(InputError) as caught:
        read(content[:cut] + b" Ana Gil V-12.345.678 " + content[cut + 400 : -900])
    assert "Gil" not in str(caught.value)
    assert caught.value.__cause__ is None
