"""What one door reads all doors read: bad files through assess, link, releases, stock, report and page."""

import io

import openpyxl
import pandas as pd
import pytest

from detcount import CaptureTable, PublishedReleases, PublishedStock
from detcount.assessment.joint.sources import Reading, gathered
from detcount.errors import InputError
from detcount.linkage import read_lists
from detcount.page.protocol import Reading as PageReading
from detcount.page.worker import looked_at
from detcount.page.worker import read as read_for_page
from detcount.reading.content import Source
from detcount.reading.tables import read_with_notes
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


def frame_of(source):
    return read_with_notes(source)[0]


def of_report(kind, source):
    name = {"stock": "a.csv", "releases": "liberaciones.csv", "lists": "a.csv"}[kind]
    frame = frame_of(source)
    if kind == "releases":
        frame = frame.drop(columns="date")
    return gathered({name: frame}, Reading(take={})).data[kind]


def of_link(source):
    read = read_lists({"a": io.BytesIO(source.content)})
    records = read.records(key="of the tests")
    return [records.key.tolist(), sorted(records.words), records.document.tolist(), read.n_rows]


def of_page(source):
    return looked_at(read_for_page(source, PageReading())[0])


DOORS = {
    "assess": (PERSONS, lambda s: CaptureTable.from_frame(frame_of(s), lists=["prensa", "comité"])),
    "link": (PERSONS, of_link),
    "page": (PERSONS, of_page),
    "report, of lists": (PERSONS, lambda s: of_report("lists", s)),
    "releases": (COUNTS, lambda s: PublishedReleases.from_frame(frame_of(s).drop(columns="date")).to_frame()),
    "stock": (COUNTS, lambda s: PublishedStock.from_frame(frame_of(s)).to_frame()),
    "report, of counts": (COUNTS, lambda s: of_report("stock", s).to_frame()),
}


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


READ = {
    "Windows-1252": lambda rows: text(rows, encoding="cp1252"),
    "DOS 850, commas": lambda rows: text(rows, ",", encoding="cp850"),
    "Mac Roman, old line ends": lambda rows: text(rows, encoding="mac-roman", end="\r"),
    "UTF-8 with its mark, tabulators": lambda rows: text(rows, "\t", encoding="utf-8-sig"),
    "UTF-16": lambda rows: text(rows, encoding="utf-16"),
    "UTF-16 without its mark, bars": lambda rows: text(rows, "|", encoding="utf-16-le"),
    "UTF-16 the other way round": lambda rows: text(rows, encoding="utf-16-be"),
    "UTF-32": lambda rows: text(rows, encoding="utf-32"),
    "two encodings": mixed,
    "saved wrongly": lambda rows: text(rows).decode("latin-1").encode(),
    "saved wrongly twice": lambda rows: text(rows).decode("latin-1").encode().decode("latin-1").encode(),
    "a separator that is named": lambda rows: b"sep=|\n" + text(rows, "|"),
    "titles": lambda rows: b"Corte de agosto;;\n\nsin revisar;;;\n" + text(rows),
    "names again": lambda rows: text([*rows[:2], rows[0], *rows[2:]]),
    "a total and a source": lambda rows: text([*rows, ["Total", "", "12"], ["Fuente: prensa", ""]]),
    "blank lines": lambda rows: b"\n\n" + text(rows, end="\n\n") + b";;;\n;;;\n",
    "a sheet": sheet,
    "a sheet below a title": lambda rows: sheet(rows, titled=True),
    "merged cells": lambda rows: sheet(rows, merged=True),
    "an OpenDocument sheet": ods,
    "Parquet": parquet,
}
REFUSED = {
    "no text": (lambda rows: text(rows) + b"a\0b;1\n", r"line \d: expected text, got bytes that are none"),
    "a page": (lambda rows: b"<html>" + text(rows), "a page or a picture"),
    "nothing": (lambda rows: b"", "empty"),
    "a quotation without end": (lambda rows: text(rows) + b'"a;b\nc;1\n', "quotation"),
    "fields beyond the names": (
        lambda rows: text([*rows, ["1"] * (len(rows[0]) + 1)]),
        r"line \d: .* fields",
    ),
    "a broken workbook": (lambda rows: b"PK\x03\x04" + text(rows), "cannot be read as a workbook"),
    "broken Parquet": (lambda rows: b"PAR1" + text(rows), "cannot be read as Parquet"),
}


@pytest.fixture(scope="module")
def plain_answers():
    return {door: read(Source("a.csv", text(rows))) for door, (rows, read) in DOORS.items()}


@pytest.mark.filterwarnings("ignore::detcount.errors.DetcountWarning")
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("way", READ)
def test_what_one_door_reads_all_doors_read(door, way, plain_answers):
    rows, read = DOORS[door]
    answer, expected = read(Source("a.csv", READ[way](rows))), plain_answers[door]
    if isinstance(expected, pd.DataFrame):
        pd.testing.assert_frame_equal(answer, expected)
    else:
        assert answer == expected


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("fault", REFUSED)
def test_what_one_door_refuses_all_doors_refuse(door, fault):
    rows, read = DOORS[door]
    make, message = REFUSED[fault]
    with pytest.raises(InputError, match=message) as caught:
        read(Source("a.csv", make(rows)))
    assert not [name for name in (*NAMES, "Ñandú") if name in str(caught.value)]
    assert caught.value.__cause__ is None


def test_the_file_may_have_any_name(tmp_path):
    for name in ("lists.xlsx", "lists.dat", "lists"):
        (tmp_path / name).write_bytes(text(PERSONS))
        assert read_lists({"a": tmp_path / name}).n_rows == len(frame_of(Source.of(tmp_path / name))) == 4
