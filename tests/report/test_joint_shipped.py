"""The report on the three files of Venezuela that ship, through the command: what its front page says."""

import json
import re
import shutil
from importlib.resources import files

import pytest

from detcount.cli import main

NAMES = ("arrests", "releases", "stock")
DASH = "–"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shipped")
    (folder / "data").mkdir()
    for name in NAMES:
        source = files("detcount.datasets") / "data" / f"venezuela_{name}.csv"
        shutil.copy(str(source), folder / "data" / f"venezuela_{name}.csv")
    words = ["report", str(folder / "data"), "--as-of", "2026-01-31", "--quiet"]
    for name in ("page.md", "page.html", "numbers.json", "page.docx", "page.xlsx"):
        words += ["--out", str(folder / name)]
    assert main(words) == 0
    return folder


@pytest.fixture(scope="module")
def short(written):
    text = (written / "page.md").read_text(encoding="utf-8")
    return re.sub(r"\\(.)", r"\1", text.split("## Further numbers")[1].split("\n## ")[0])


def rows_of(short):
    lines = [line for line in short.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


@pytest.mark.slow
def test_no_floor_of_another_day_is_printed(written):
    page = (written / "page.md").read_text(encoding="utf-8")
    (line,) = [line for line in page.splitlines() if line.startswith("How many were held at the end of")]
    assert line.startswith("How many were held at the end of 28 January 2026: 711; on the register of")
    record = json.loads((written / "numbers.json").read_text(encoding="utf-8"))
    floors = {answer["day"]: answer["floor"] for answer in record["jobs"]["stock"]["answers"]}
    assert max(floors.values()) > 0, "no floor of another day, so that nothing is tested"
    assert not floors.get("2026-01-28")


def test_nothing_by_a_prior_stands_in_the_further_numbers(short):
    for question, _, low, high, verdict in rows_of(short):
        if low != DASH or high != DASH:
            assert "prior" not in verdict, question
    assert "more are expected to be verified" not in short


def test_no_label_of_a_file_is_printed(written):
    page = re.sub(r"\\(.)", r"\1", (written / "page.md").read_text(encoding="utf-8"))
    assert not re.search(r"\b(event|round|since) 20\d\d-", page)


def test_the_same_people_stand_once_in_the_further_numbers(short):
    """99 of 25 December and 88 of 1 January are among the 643 and the 626; 116 of 12 January have an answer.

    Below them stands the largest number ever announced.
    """
    announced = [row[0] for row in rows_of(short) if "announced" in row[0]]
    assert [re.findall(r"of ([\d,]+) releases", row)[0] for row in announced] == ["88", "99", "2,006"]


def test_no_raw_label_of_an_event_stands_in_the_further_numbers(short):
    assert not re.search(r"\d{4}-\d{2}-\d{2}|\bevent\b|since-|cumulative", short)


def test_no_name_of_a_file_stands_in_any_format(written):
    from docx import Document
    from openpyxl import load_workbook

    texts = [(written / f"page.{kind}").read_text(encoding="utf-8") for kind in ("md", "html")]
    texts.append((written / "numbers.json").read_text(encoding="utf-8"))
    word = Document(str(written / "page.docx"))
    texts.append("\n".join(cell.text for table in word.tables for row in table.rows for cell in row.cells))
    book = load_workbook(written / "page.xlsx")
    texts.append("\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row))
    assert not any(".csv" in text or "venezuela_" in text for text in texts)


def test_a_terminal_has_the_answers_in_25_lines_and_where_the_rest_is(written, capsys, monkeypatch):
    words = ["report", str(written / "data"), "--as-of", "2026-01-31", "--lang"]
    assert main([*words, "es"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 100
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    for lang, rest in (("en", "The rest is written by --html report.html."), ("es", "El resto lo escribe")):
        assert main([*words, lang]) == 0
        lines = capsys.readouterr().out.strip().splitlines()
        assert len(lines) <= 25
        assert lines[-1].startswith(rest)
        assert "Foro Penal" in lines[0]
        assert "711" in lines[0]


def test_an_announcement_that_nobody_verified_has_a_dash_and_says_why(written):
    page = re.sub(r"\\(.)", r"\1", (written / "page.md").read_text(encoding="utf-8"))
    (line,) = [line for line in page.splitlines() if "none verified, of 116 announced" in line]
    assert f": {DASH}; " in line
    assert "; the verified counts are of other people or days." in page
