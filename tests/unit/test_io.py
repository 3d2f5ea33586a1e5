"""Files as people have them: bytes, pipes, separators, workbooks, titles, and what is wrong with them."""

import io
import os
import re
import sys
import threading
from contextlib import suppress
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import tables
from detcount import CaptureTable, PublishedStock
from detcount.errors import InputError, MissingExtraError, error_text
from detcount.io import read_frame
from detcount.reading.content import Source, content_of
from detcount.reading.frames import command_options, row_names
from detcount.reading.tables import read_with_notes
from templates import words_left

SECRET = "Zutano Ñáñez"
LISTS = ["prensa", "comité"]
# asymmetric: two persons on the first list alone, one on both, one on the second alone
ROWS = [(SECRET, 1, 0), ("b", 1, 0), ("c", 1, 1), ("d", 0, 1)]
EXPECTED = CaptureTable.from_counts({"10": 2, "11": 1, "01": 1}, lists=LISTS)


def text(separator=",", end="\n"):
    lines = [("nombre", *LISTS), *ROWS]
    return end.join(separator.join(map(str, line)) for line in lines) + end


def table(path, **options):
    return CaptureTable.from_frame(read_frame(path, **options), lists=LISTS)


def workbook(path, **sheets):
    with pd.ExcelWriter(path, engine="openpyxl") as writer:
        for name, frame in sheets.items():
            frame.to_excel(writer, sheet_name=name, index=False)
    return path


FRAME = pd.DataFrame(ROWS, columns=["nombre", *LISTS])


def test_workbook_of_several_sheets_wants_one_named(tmp_path):
    path = workbook(tmp_path / "lists.xlsx", notas=FRAME[["nombre"]], listas=FRAME)
    assert table(path, sheet="listas") == EXPECTED
    assert table(path, sheet=1) == EXPECTED
    with pytest.raises(InputError, match="the workbook has 2 sheets, 'notas', 'listas'"):
        read_frame(path)
    for sheet in ("otra", 2, -1):
        with pytest.raises(InputError, match=f"no sheet {sheet!r}: the workbook has 'notas', 'listas'"):
            read_frame(path, sheet=sheet)


@pytest.mark.parametrize(
    ("module", "begin", "line"),
    [
        ("pyarrow", b"PAR1", "pip install 'pyarrow>="),
        ("python_calamine", b"PK\x03\x04", "pip install 'python-calamine>="),
    ],
)
def test_missing_extra_gives_the_line_to_type(tmp_path, monkeypatch, module, begin, line):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=line):
        read_frame(BytesIO(begin))


def test_lines_are_those_of_this_very_frame(tmp_path):
    path = tmp_path / "lists.csv"
    path.write_text("a,b\n1,0\n1,1\n0,3\n", encoding="utf-8")

    def said(frame):
        with pytest.raises(InputError) as caught:
            CaptureTable.from_frame(frame, lists=["a", "b"])
        return str(caught.value)

    frame = read_frame(path)
    assert said(frame) == "list 'b', data row 3 (line 4): expected 0 or 1, got 3"
    assert said(frame[1:]) == "list 'b', data row 2: expected 0 or 1, got 3"
    assert said(frame[::-1].reset_index(drop=True)) == "list 'b', data row 1: expected 0 or 1, got 3"
    assert said(frame.copy()) == "list 'b', data row 3: expected 0 or 1, got 3"
    frame.index = frame.index[::-1]
    assert said(frame) == "list 'b', data row 3: expected 0 or 1, got 3"
    assert not frame.attrs


def sheet(path, *rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize(("rows", "message"), tables("io")["a_fault_of_a_sheet_is_named_by_its_row"])
def test_a_fault_of_a_sheet_is_named_by_its_row(tmp_path, rows, message):
    with pytest.raises(InputError, match=message) as caught:
        CaptureTable.from_frame(read_frame(sheet(tmp_path / "lists.xlsx", *rows)), lists=["a", "b"])
    assert SECRET not in str(caught.value)
    assert words_left(error_text(caught.value, "es"), "es") == set()


def test_a_formula_that_was_computed_is_read(tmp_path):
    path = sheet(tmp_path / "lists.xlsx", ["a", "b", "c"], [1, 0, "x"], [0, 1, "y"])
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    place = "xl/worksheets/sheet1.xml"
    computed = b'<c r="A3"><f>1-A2</f><v>0</v></c>'
    empty_text = b'<c r="C3" t="str"><f>""</f><v></v></c>'
    whole = parts[place].replace(b'<c r="A3" t="n"><v>0</v></c>', computed)
    for old in re.findall(rb'<c r="C3"[^>]*>.*?</c>', whole):
        whole = whole.replace(old, empty_text)
    assert computed in whole
    assert empty_text in whole
    parts[place] = whole

    def save():
        with ZipFile(path, "w") as archive:
            for name, part in parts.items():
                archive.writestr(name, part)

    save()  # as a program that computes nothing does, which asks for it to be done later
    with pytest.raises(InputError, match="cell A3: expected a value, got a formula that was never computed"):
        read_frame(path)
    book = parts["xl/workbook.xml"]
    parts["xl/workbook.xml"] = book.replace(b' fullCalcOnLoad="1"', b"")  # as a spreadsheet program does
    assert parts["xl/workbook.xml"] != book
    save()
    assert CaptureTable.from_frame(read_frame(path), lists=["a", "b"]).n_observed == 2


def test_a_field_longer_than_the_csv_reader_takes(tmp_path):
    path = tmp_path / "lists.csv"
    # where the two readers differ, no line is guessed
    path.write_text(f'a,b,nota\n1,0,x\n1,1,"{"y" * 140_000}\n"\n0,3,z\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"^list 'b', data row 3: expected 0 or 1, got 3$"):
        CaptureTable.from_frame(read_frame(path), lists=["a", "b"])
    path.write_text(f'a,b,"{"y" * 140_000}"\n1,0,x\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"^lists\.csv, line 1: a cell is longer than any cell of a list"):
        read_frame(path)


@given(
    records=st.lists(st.tuples(st.text("ab \n,;\"'", max_size=5), st.integers(0, 2)), min_size=1, max_size=6),
    end=st.sampled_from(["\n", "\r\n"]),
    separator=st.sampled_from([",", ";", "\t", "|"]),
)
def test_lines_are_counted_as_an_editor_counts_them(tmp_path_factory, records, end, separator):
    # each record follows some blank lines, and may go over several lines itself
    text, expected, line = f"nota{separator}a{end}", [], 2
    for cell, blanks in records:
        quoted = '"' + cell.replace('"', '""').replace("\n", end) + '"'
        text += end * blanks + f"{quoted}{separator}1{end}"
        expected.append(line + blanks)
        line += blanks + 1 + cell.count("\n")
    path = tmp_path_factory.getbasetemp() / "lines.csv"
    path.write_bytes(text.encode())
    names = row_names(read_frame(path))
    assert [names(row) for row in range(len(records))] == [
        f"data row {row} (line {line})" for row, line in enumerate(expected, 1)
    ]


@pytest.mark.filterwarnings("ignore::detcount.errors.DetcountWarning")
@given(content=st.text("ab01x,;|\t\"' \r\n=", max_size=40) | st.binary(max_size=40))
def test_any_file_is_read_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with suppress(InputError):
        assert isinstance(read_frame(path), pd.DataFrame)


BYTES = b"a,b\n1,0\n0,1\n"


@pytest.mark.skipif(os.name == "nt", reason="pipes of another kind")
def test_a_pipe_is_read_where_somebody_writes_to_it(tmp_path, monkeypatch):
    place = tmp_path / "p.csv"
    os.mkfifo(place)
    monkeypatch.setattr("detcount.reading.content._NOBODY", 0.05)
    with pytest.raises(InputError, match=r"^p.csv: expected a file, got a pipe that nobody writes to"):
        content_of(place)
    begun = threading.Event()

    def write():  # who has opened it may think longer than is waited for nobody
        with place.open("wb") as pipe:
            begun.wait(0.2)
            pipe.write(BYTES)

    writer = threading.Thread(target=write)
    monkeypatch.setattr("detcount.reading.content._NOBODY", 20.0)
    threading.Timer(0.1, lambda: monkeypatch.setattr("detcount.reading.content._NOBODY", 0.0)).start()
    writer.start()
    assert content_of(place) == BYTES
    writer.join()


def test_so_many_bytes_are_read_and_no_more(tmp_path, monkeypatch):
    place = tmp_path / "a.csv"
    place.write_bytes(BYTES)
    assert content_of(place, most=len(BYTES)) == BYTES
    with pytest.raises(InputError, match=r"^a.csv: expected a file of at most 0 MB, got a longer one"):
        content_of(place, most=len(BYTES) - 1)
    assert Source.of(io.BytesIO(BYTES), "it").content == BYTES
    monkeypatch.setattr("detcount.reading.content.MOST_BYTES", len(BYTES) - 1)
    with pytest.raises(InputError, match=r"^it: expected a file of at most 0 MB"):
        Source.of(io.BytesIO(BYTES), "it")


def test_a_file_without_an_end_costs_no_memory(tmp_path):
    place = tmp_path / "hole.csv"
    with place.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(InputError, match=r"^hole.csv: expected a file of at most 512 MB"):
        read_frame(place)


def written(path, *lines, encoding="utf-8", end="\r\n"):
    path.write_bytes((end.join(lines) + end).encode(encoding))
    return path


def refused(read, *, code=None):
    """The error, whose Spanish has no English left and which shows nobody's name."""
    with pytest.raises(InputError) as caught:
        read()
    assert SECRET not in str(caught.value)
    assert words_left(error_text(caught.value, "es"), "es") <= (code or set())
    return caught.value


def test_options_are_quoted_for_a_shell():
    asked = {"yes": ["sí", "*"], "no": ["no"], "lists": ["prensa", "comité de familias"], "header_row": 2}
    assert command_options(asked) == "--yes 'sí,*' --no no --lists 'prensa,comité de familias' --header-row 2"


@pytest.mark.parametrize("write", ["to_csv", "to_excel", "to_parquet"])
def test_a_stream_is_read_by_what_it_holds(write):
    frame, stream = pd.DataFrame({"a": [1, 0, 1], "b": [1, 1, 0]}), BytesIO()
    getattr(frame, write)(stream, index=False)
    pd.testing.assert_frame_equal(read_frame(BytesIO(stream.getvalue())), frame)


def test_standard_input_is_called_so(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"{SECRET}\na;b\nq;z\n".encode())))
    error = refused(lambda: read_frame(sys.stdin.buffer))
    assert str(error).startswith("standard input, line 1: expected the names")
    assert error_text(error, "es").startswith("entrada estándar, línea 1")
    assert str(refused(lambda: read_frame(io.BytesIO(b"")))).startswith("the stream: the file is empty")


def test_a_stream_of_text_or_nothing_of_the_kind():
    assert "Open the file in the mode 'rb'" in str(refused(lambda: read_frame(io.StringIO("a,b\n1,0\n"))))


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("numbers", [True, False])
def test_patterns_get_their_zeros_back(tmp_path, suffix, numbers):
    path = tmp_path / f"patrones{suffix}"
    histories = ["011", "101", "001", "110"]
    if suffix == ".csv":
        written(path, "n;historia", *(f"{n};{h}" for n, h in enumerate(histories, 1)))
    else:
        cells = [int(h) for h in histories] if numbers else histories
        sheet(path, ["n", "historia"], *([n, cell] for n, cell in enumerate(cells, 1)))
    table = CaptureTable.from_patterns(
        read_frame(path), pattern="historia", count="n", lists=["n", "b", "historia"]
    )
    assert table == CaptureTable.from_counts(
        dict(zip(histories, range(1, 5), strict=True)), lists=["n", "b", "historia"]
    )


@given(
    title=st.text("aé ,;|1", min_size=1, max_size=12).filter(lambda text: any(map(str.isalpha, text))),
    blanks=st.integers(0, 3),
    separator=st.sampled_from([",", ";", "|", "\t"]),
    rows=st.lists(st.tuples(*[st.sampled_from(["x", "", "1"])] * 3), min_size=2, max_size=8),
)
def test_a_row_of_persons_is_never_said_to_name_the_columns(tmp_path_factory, title, blanks, separator, rows):
    path = tmp_path_factory.getbasetemp() / "title.csv"
    names = ("persona", "prensa", "comité", "familias")
    table = [separator.join(names), *(separator.join((f"p{n}", *row)) for n, row in enumerate(rows))]
    written(path, title, *[""] * blanks, *table)
    asked_for = {}
    try:
        assert len(read_with_notes(Source.of(path))[0]) >= len(rows)
    except InputError as error:
        asked_for = error.ask_for
    assert asked_for in ({}, {"header_row": blanks + 2})
    right = read_frame(path, header_row=blanks + 2)
    assert tuple(right.columns) == names
    assert len(right) == len(rows)


def test_days_of_a_workbook_need_no_order(tmp_path):
    path = sheet(
        tmp_path / "c.xlsx",
        ["date", "source", "role", "count"],
        [date(2025, 2, 1), "monitor", "verified", 3],
    )
    for asked in (None, False, True):
        stock = PublishedStock.from_frame(read_frame(path), dayfirst=asked)
        assert stock.date.astype(str).tolist() == ["2025-02-01"]
