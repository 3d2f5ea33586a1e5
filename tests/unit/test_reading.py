"""What one door reads all doors read: bad files through assess, link, releases, stock, report and page."""

import io
import json
import re
from dataclasses import asdict

import openpyxl
import pandas as pd
import pytest

import documents
from detcount import cli, linkage
from detcount.page.protocol import Question
from detcount.page.protocol import Reading as PageReading
from detcount.page.worker import Held
from workbooks import ods

NAMES = ("José Ñáñez Güell", "María Peña", "Inés Núñez Ríos", "Raúl Zoë")
MARKS = ("10", "11", "01", "10")
# persons with marks, which are lists of names too, and published counts; no two rows are alike
PERSONS = [
    ["nombre", "cédula", "prensa", "comité"],
    *([NAMES[k], str(12_345_678 + 7_654_321 * k), *marks] for k, marks in enumerate(MARKS)),
]
COUNTS = [
    ["published", "date", "source", "role", "start", "end", "count"],
    ["2024-08-05", "2024-08-05", "Comité Ñandú", "verified", "2024-08-01", "2024-08-05", "120"],
    ["2024-08-15", "2024-08-15", "Comité Ñandú", "verified", "2024-08-06", "2024-08-15", "131"],
]
RELEASES = [[cell for k, cell in enumerate(row) if k != 1] for row in COUNTS]
QUICK = ("--families", "chao", "--disclosure", "full")
DOORS = {
    "assess": (PERSONS, ("assess", "a.csv", "--lists", "prensa,comité", *QUICK, "--json", "-")),
    "releases": (RELEASES, ("releases", "a.csv", "--json", "-")),
    "stock": (COUNTS, ("stock", "a.csv", "--json", "-")),
    "report": (PERSONS, ("report", ".", *QUICK, "--json", "-")),
    "report, of counts": (COUNTS, ("report", ".", "--json", "-")),
    "page": (PERSONS, Question(lists=(2, 3), families=("chao",))),
    "page, of counts": (COUNTS, Question(kind="stock")),
    "page, of releases": (RELEASES, Question(kind="releases")),
    "link": (PERSONS, ("link", "a.csv", "--out", "h.csv")),
}


def asked(words, content):
    """The exit code of a command on a file, the numbers that it prints, and what it says besides."""
    if isinstance(words, Question):
        return asked_on_page(words, content)
    with open("a.csv", "wb") as file:
        file.write(content)
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        patch.setattr("sys.stderr", err)
        code = cli.main([*words])
    return code, numbers(out.getvalue()), err.getvalue()


def asked_on_page(question, content):
    head = {"name": "a.csv", "reading": asdict(PageReading()), "lang": "es", "question": asdict(question)}
    page, heard = Held(), []
    for do, sent in (("look", content), ("answer", b"")):
        page.do(head | {"do": do}, sent, lambda *told: heard.append(told))
    if fault := next((told for told, _ in heard if told["is"] == "fault"), None):
        return 2, {}, json.dumps(fault, ensure_ascii=False)
    record = next(body.decode() for told, body in heard if told.get("name") == "json")
    looked = next(told["looked"] for told, _ in heard if told["is"] == "looked")
    return 0, {"looked": looked, **numbers(record)}, ""


def numbers(text):
    """A record without the versions of the libraries that were used."""
    record = json.loads(text) if text.startswith("{") else {}
    return {name: value for name, value in record.items() if name not in ("versions", "origin")}


def text(rows, separator=";", encoding="utf-8", end="\r\n"):
    return "".join(separator.join(row) + end for row in rows).encode(encoding)


def mixed(rows):
    return text(rows[:2]) + text(rows[2:], encoding="cp1252")


def sheet(rows, *, merged=False, titled=False):
    book = openpyxl.Workbook()
    book.create_sheet("empty")
    if titled:
        book.active.append(["Corte de agosto"])
        book.active.append([])
    alike = [j for j, cell in enumerate(rows[1]) if cell == rows[2][j] and not cell.isdigit()]
    for k, row in enumerate(rows):
        cells = [int(cell) if cell.isdigit() else cell for cell in row]
        if merged and k == 2:  # the source, or nothing where cells differ
            cells = [
                None if cell == rows[1][j] and not cell.isdigit() else cells[j] for j, cell in enumerate(row)
            ]
        book.active.append(cells)
    for j in alike if merged else ():
        book.active.merge_cells(start_row=2, end_row=3, start_column=j + 1, end_column=j + 1)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def parquet(rows):
    held = io.BytesIO()
    frame = pd.read_csv(io.BytesIO(text(rows)), sep=";")
    frame.to_parquet(held)
    return held.getvalue()


def in_json(rows, **form):
    frame = pd.read_csv(io.BytesIO(text(rows)), sep=";")
    return frame.to_json(orient="records", force_ascii=False, **form).encode()


READ = {
    "Windows-1252": lambda rows: text(rows, encoding="cp1252"),
    "DOS 850, commas": lambda rows: text(rows, ",", encoding="cp850"),
    "Mac Roman, old line ends": lambda rows: text(rows, encoding="mac-roman", end="\r"),
    "UTF-8 with its mark, tabulators": lambda rows: text(rows, "\t", encoding="utf-8-sig"),
    "UTF-16": lambda rows: text(rows, encoding="utf-16"),
    "UTF-16 without its mark, bars": lambda rows: text(rows, "|", encoding="utf-16-le"),
    "UTF-16 the other way round": lambda rows: text(rows, encoding="utf-16-be"),
    "carets": lambda rows: text(rows, "^"),
    "UTF-32": lambda rows: text(rows, encoding="utf-32"),
    "two encodings": mixed,
    "saved wrongly": lambda rows: text(rows).decode("latin-1").encode(),
    "saved wrongly twice": lambda rows: text(rows).decode("latin-1").encode().decode("latin-1").encode(),
    "a separator that is named": lambda rows: b"sep=|\n" + text(rows, "|"),
    "titles": lambda rows: b"Corte de agosto;;\n\nsin revisar;;;\n" + text(rows),
    "a title as wide as the table": lambda rows: text([["Comité", *"bcdefg"][: len(rows[0])], *rows]),
    "names in two rows": lambda rows: text(
        [["", *rows[0][1:]], [rows[0][0], *[""] * len(rows[0][1:])], *rows[1:]]
    ),
    "names again": lambda rows: text([*rows[:2], rows[0], *rows[2:]]),
    "a total and a source": lambda rows: text([*rows, ["Total", "", "12"], ["Fuente: prensa", ""]]),
    "rows that are nobody": lambda rows: text(
        [
            *rows[:1],
            ["ZULIA", *[""] * (len(rows[0]) - 1)],
            *rows[1:],
            ["3 personas más"],
            ["Ej.: a", "Ej.: b"],
        ]
    ),
    "blank lines": lambda rows: b"\n\n" + text(rows, end="\n\n") + b";;;\n;;;\n",
    "a sheet": sheet,
    "a sheet below a title": lambda rows: sheet(rows, titled=True),
    "merged cells": lambda rows: sheet(rows, merged=True),
    "an OpenDocument sheet": ods,
    "Parquet": parquet,
    "lines of JSON": lambda rows: in_json(rows, lines=True),
    "an array of JSON": in_json,
    **documents.MAKERS,
}
REFUSED = {
    "no text": (lambda rows: text(rows) + b"a\0b;1\n", r"line \d: expected text, got bytes that are none"),
    "a page": (lambda rows: b"<html>" + text(rows), "got a document without one"),
    "a picture": (lambda rows: b"\x89PNG" + text(rows), "got a picture, of which no letter"),
    "nothing": (lambda rows: b"", "empty"),
    "a quotation without end": (lambda rows: text(rows) + b'"a;b\nc;1\n', "quotation"),
    "fields beyond the names": (
        lambda rows: text([*rows, ["1"] * (len(rows[0]) + 1)]),
        r"line \d: .* fields",
    ),
    "a broken workbook": (lambda rows: b"PK\x03\x04" + text(rows), "cannot be read as a workbook"),
    "broken JSON": (lambda rows: b'{"a": "b"}\n\n{"a"', "line 3: expected a record of JSON on every line"),
    "records in records": (lambda rows: b'[{"a": [{"b": 1}]}]', "got records within records"),
    "broken Parquet": (lambda rows: b"PAR1" + text(rows), "cannot be read as Parquet"),
}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("door", [*DOORS][:-1])
def test_what_one_door_reads_all_doors_read(door):
    pytest.importorskip("python_calamine")  # records have its version once it is loaded
    rows, words = DOORS[door]
    code, expected, _ = asked(words, text(rows))
    assert code == 0
    assert len(str(expected)) > 500
    # one reader is behind all doors: the first is asked in every way, each of the others in a few
    place = [*DOORS].index(door)
    start, step = (place, 7) if place else (0, 1)
    for way, write in [*READ.items()][start::step]:
        assert asked(words, write(rows))[:2] == (0, expected), way


def test_files_of_every_kind_name_the_same_people():
    for k, write in enumerate(READ.values()):
        with open(f"{k}.csv", "wb") as file:
            file.write(write(PERSONS))
    records = linkage.read_lists({way: f"{k}.csv" for k, way in enumerate(READ)}).records(key="of the tests")
    words = {way: [] for way in records.lists}
    for record, word in zip(records.word_record, records.word, strict=True):
        words[records.lists[records.list_of[record]]].append(records.words[word])
    assert len(words) == len(READ)
    assert {way: found for way, found in words.items() if found != words[records.lists[0]]} == {}
    assert len(words[records.lists[0]]) >= 2 * len(NAMES)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("fault", REFUSED)
def test_what_one_door_refuses_all_doors_refuse(door, fault):
    rows, words = DOORS[door]
    make, message = REFUSED[fault]
    code, record, said = asked(words, make(rows))
    assert (code, record) == (2, {})
    assert re.search(message, " ".join(said.split()))
    assert not [name for name in (*NAMES, "Ñandú") if name in said]


def test_the_file_may_have_any_name(capsys):
    records = []
    for name in ("a.csv", "lists.xlsx", "lists.dat", "lists"):
        with open(name, "wb") as file:
            file.write(text(PERSONS))
        assert cli.main(["assess", name, "--lists", "prensa,comité", *QUICK, "--json", "-"]) == 0
        records.append(capsys.readouterr().out)
    assert len({*records}) == 1
