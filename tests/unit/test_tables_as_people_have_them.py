"""Tables as people have them: titles, marks in place of 0 and 1, patterns, days that end with the year."""

import io
from datetime import date

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detcount import CaptureTable, PublishedStock
from detcount.errors import InputError, error_text
from detcount.frames import command_options
from detcount.io import read_frame
from detcount.reading.content import Source
from detcount.reading.tables import read_with_notes
from templates import words_left

SECRET = "Zutano Ñáñez"
# asymmetric: two persons on the first list alone, one on both, one on the second alone


def written(path, *lines, encoding="utf-8", end="\r\n"):
    path.write_bytes((end.join(lines) + end).encode(encoding))
    return path


def sheet(path, *rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def refused(read, *, code=None):
    """The error, whose Spanish has no English left and which shows nobody's name."""
    with pytest.raises(InputError) as caught:
        read()
    assert SECRET not in str(caught.value)
    assert words_left(error_text(caught.value, "es"), "es") <= (code or set())
    return caught.value


# --- from the first message to the table ---------------------------------------------------------


def test_options_are_quoted_for_a_shell():
    asked = {"yes": ["sí", "*"], "no": ["no"], "lists": ["prensa", "comité de familias"], "header_row": 2}
    assert command_options(asked) == "--yes 'sí,*' --no no --lists 'prensa,comité de familias' --header-row 2"


# --- the row that names the columns --------------------------------------------------------------


# --- open streams --------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_a_stream_is_read_by_what_it_holds(tmp_path, suffix):
    path = tmp_path / f"lista{suffix}"
    frame = pd.DataFrame({"a": [1, 0, 1], "b": [1, 1, 0]})
    {".csv": frame.to_csv, ".xlsx": frame.to_excel, ".parquet": frame.to_parquet}[suffix](path, index=False)
    with path.open("rb") as stream:
        pd.testing.assert_frame_equal(read_frame(stream), frame)


def test_standard_input_is_called_so(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"{SECRET}\na;b\nq;z\n".encode())))
    import sys

    error = refused(lambda: read_frame(sys.stdin.buffer))
    assert str(error).startswith("standard input, line 1: expected the names")
    assert error_text(error, "es").startswith("entrada estándar, línea 1")
    assert str(refused(lambda: read_frame(io.BytesIO(b"")))).startswith("the stream: the file is empty")


def test_a_stream_of_text_or_nothing_of_the_kind():
    assert "Open the file in the mode 'rb'" in str(refused(lambda: read_frame(io.StringIO("a,b\n1,0\n"))))


# --- marks in place of 0 and 1 -------------------------------------------------------------------


# --- patterns and memberships --------------------------------------------------------------------


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


# --- days that end with the year -----------------------------------------------------------------


def test_days_of_a_workbook_need_no_order(tmp_path):
    path = sheet(
        tmp_path / "c.xlsx",
        ["date", "source", "role", "count"],
        [date(2025, 2, 1), "monitor", "verified", 3],
    )
    for asked in (False, True):
        stock = PublishedStock.from_frame(read_frame(path), dayfirst=asked)
        assert stock.date.astype(str).tolist() == ["2025-02-01"]
