"""An attack on what is printed of lists in PDF: no name, no document and no word of a page comes out."""

import zipfile

import pytest

import pdfs
from detcount.cli import main
from planted import DOCUMENT, NAME, TEXT, clean


def lists_of(folder):
    """Three lists that share persons; one of them has a name, a document and a note that nobody may see."""
    people = [row[1:4] for row in pdfs.people(60, seed=11)[1:]]
    planted = [f"{NAME} Paz", DOCUMENT, "01/08/2024"]
    for k, name in enumerate(("prensa", "familias", "tribunal")):
        rows = [["Nombre", "Cédula", "Detenido el"], *people[10 * k : 10 * k + 40], planted]
        content = pdfs.reportlab(rows, pdfs.GRID, title=f"Lista de detenidos {TEXT}", after=f"Nota: {TEXT}")
        (folder / f"{name}.pdf").write_bytes(content)
    return [str(folder / f"{name}.pdf") for name in ("prensa", "familias", "tribunal")]


def test_nothing_that_is_printed_of_linked_lists_holds_a_name(tmp_path, monkeypatch, capsys):
    files = lists_of(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["link", *files, "--out", "histories.csv"]) == 0
    captured = capsys.readouterr()
    written = (tmp_path / "histories.csv").read_text(encoding="utf-8")
    assert "prensa" in captured.out + written
    clean(captured.out, captured.err, written)


@pytest.mark.slow
def test_no_form_of_a_public_report_holds_a_name(tmp_path, monkeypatch, capsys):
    lists_of(tmp_path)
    monkeypatch.chdir(tmp_path)
    names = [f"page.{ending}" for ending in ("html", "docx", "xlsx", "json", "tex", "md")]
    assert main(["report", str(tmp_path), *(word for name in names for word in ("--out", name))]) == 0
    captured = capsys.readouterr()
    texts = [(tmp_path / name).read_bytes().decode("utf-8", "replace") for name in names]
    for name in ("page.docx", "page.xlsx"):
        with zipfile.ZipFile(tmp_path / name) as archive:
            texts += [archive.read(part).decode("utf-8", "replace") for part in archive.namelist()]
    assert "prensa.pdf" in captured.out + captured.err + "".join(texts)
    clean(captured.out, captured.err, *texts)


def test_no_error_of_a_list_in_pdf_holds_a_name(tmp_path, monkeypatch, capsys):
    file, *_ = lists_of(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["assess", file]) != 0
    (tmp_path / "half.pdf").write_bytes((tmp_path / "prensa.pdf").read_bytes()[:2000])
    assert main(["link", "half.pdf", file]) != 0
    captured = capsys.readouterr()
    assert "half.pdf" in captured.err
    clean(captured.out, captured.err)
