"""Files as analysts have them: separators, encodings, workbooks, and what is wrong with them."""

import re
import sys
from contextlib import suppress
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import tables
from detcount import CaptureTable
from detcount.errors import InputError, MissingExtraError, error_text
from detcount.frames import row_names
from detcount.io import read_frame
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
        ("pyarrow", b"PAR1", r'pip install "detcount\[parquet\]"'),
        ("python_calamine", b"PK\x03\x04", r'pip install "detcount\[excel\]"'),
    ],
)
def test_missing_extra_gives_the_line_to_type(tmp_path, monkeypatch, module, begin, line):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=line):
        read_frame(BytesIO(begin))


# --- what is wrong with a file, and where ---------------------------------------------------------


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


def cells(path, *rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize(("rows", "message"), tables("io")["a_fault_of_a_sheet_is_named_by_its_row"])
def test_a_fault_of_a_sheet_is_named_by_its_row(tmp_path, rows, message):
    with pytest.raises(InputError, match=message) as caught:
        CaptureTable.from_frame(read_frame(cells(tmp_path / "lists.xlsx", *rows)), lists=["a", "b"])
    assert SECRET not in str(caught.value)
    assert words_left(error_text(caught.value, "es"), "es") == set()


def test_a_formula_that_was_computed_is_read(tmp_path):
    path = cells(tmp_path / "lists.xlsx", ["a", "b", "c"], [1, 0, "x"], [0, 1, "y"])
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    computed = b'<c r="A3"><f>1-A2</f><v>0</v></c>'
    empty_text = b'<c r="C3" t="str"><f>""</f><v></v></c>'
    whole = parts[sheet].replace(b'<c r="A3" t="n"><v>0</v></c>', computed)
    for old in re.findall(rb'<c r="C3"[^>]*>.*?</c>', whole):
        whole = whole.replace(old, empty_text)
    assert computed in whole
    assert empty_text in whole
    parts[sheet] = whole

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
    with pytest.raises(
        InputError, match=r"^list 'b', data row 3: expected 0 or 1, got 3$"
    ):  # no line is guessed
        CaptureTable.from_frame(read_frame(path), lists=["a", "b"])
    path.write_text(f'a,b,"{"y" * 140_000}"\n1,0,x\n', encoding="utf-8")
    assert CaptureTable.from_frame(read_frame(path), lists=["a", "b"]).n_observed == 1


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
