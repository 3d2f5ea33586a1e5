"""Tables as people have them: titles, marks in place of 0 and 1, patterns, days that end with the year."""

import io
import warnings
from datetime import date

import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detcount import CaptureTable, PublishedArrests, PublishedReleases, PublishedStock
from detcount.errors import DetcountWarning, InputError, error_text
from detcount.frames import command_options
from detcount.io import read_frame
from detcount.reading.content import Source
from detcount.reading.tables import read_with_notes
from detcount.releases import MonitoredCases
from detcount.strata import stratify
from templates import words_left

SECRET = "Zutano Ñáñez"
LISTS = ["prensa", "comité"]
# asymmetric: two persons on the first list alone, one on both, one on the second alone
EXPECTED = CaptureTable.from_counts({"10": 2, "11": 1, "01": 1}, lists=LISTS)
MARKED = [("x", None), (" X", ""), ("x", "x"), (None, "x")]


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


def marked_file(path):
    """What Excel writes in Spain: Windows-1252, semicolons, a title, marks and blanks."""
    title = f"Detenciones, según {SECRET}"
    return written(
        path, title, "", "nombre;prensa;comité", f"{SECRET};x;", "b;X ;", "c;x;x", "d;;x", encoding="cp1252"
    )


def test_each_message_says_what_to_ask_for_until_the_table_is_read(tmp_path):
    path = marked_file(tmp_path / "lista.csv")
    marks = {}
    said = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DetcountWarning)
        for _ in range(5):
            try:
                table = CaptureTable.from_frame(read_frame(path), lists=LISTS, **marks)
            except InputError as error:
                said.append(error)
                marks.update(error.ask_for)
            else:
                break
    assert table == EXPECTED
    assert marks == {"yes": ["x"], "blank_is_0": True}
    assert [str(error) for error in said] == [
        "list 'prensa': expected 0 or 1, got text such as 'x' and blank cells. If 'x' means 1 and a blank "
        "cell means 0 in the columns of lists, write yes=['x'], blank_is_0=True, or --yes x --blank-is-0 in "
        "the command",
    ]
    assert error_text(said[0], "es") == (
        "lista 'prensa': se esperaba 0 o 1 y se recibió texto como 'x' y celdas en blanco. Si en las "
        "columnas de las listas 'x' significa 1 y una celda en blanco significa 0, escriba yes=['x'], "
        "blank_is_0=True, o --yes x --blank-is-0 en la línea de comandos"
    )
    assert table.notes[0] == "in the columns of lists 'x' was read as 1 and a blank cell as 0, as was asked"


def test_options_are_quoted_for_a_shell():
    asked = {"yes": ["sí", "*"], "no": ["no"], "lists": ["prensa", "comité de familias"], "header_row": 2}
    assert command_options(asked) == "--yes 'sí,*' --no no --lists 'prensa,comité de familias' --header-row 2"


def test_an_encoding_that_is_guessed_is_said_to_be(tmp_path):
    path = marked_file(tmp_path / "lista.csv")
    with pytest.warns(DetcountWarning, match=r"^lista.csv: read as Windows-1252, which is a guess") as caught:
        read_frame(path, header_row=3)
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_frame(written(path, "comité", "1"))


# --- the row that names the columns --------------------------------------------------------------

TITLES = {
    "with a separator": (["De {s}, 2024", "a;b", "1;0", "1;1"], 2),
    "and lines under it": (["{s}", "", "Estado;Zulia;;", "a;b;c;d", "1;0;1;1", "1;1;0;1"], 4),
    "in the middle": ([";{s};", "", "a;b;c", "1;0;1"], 3),
    "pipes": (["{s}", "a|b|c", "1|0|1", "1|1|1"], 2),
    "above marks": (["{s}", "a;b;c", "x;;x", "x;x;x"], 2),
}


@pytest.mark.parametrize(("lines", "row"), TITLES.values(), ids=TITLES.keys())
def test_a_title_is_left_out_and_said(tmp_path, lines, row):
    path = written(tmp_path / "lista.csv", *(line.format(s=SECRET) for line in lines))
    with pytest.warns(DetcountWarning, match=r"^lista.csv: \d rows? above the names of the columns"):
        frame = read_frame(path)
    pd.testing.assert_frame_equal(frame, read_frame(path, header_row=row))
    assert list(frame.columns) == list("abcd")[: frame.shape[1]]
    assert len(frame) == len(lines) - row


def test_a_title_as_wide_as_the_table_is_refused(tmp_path):
    path = written(tmp_path / "lista.csv", f"{SECRET};2024", "a;b", "1;0", "1;1")
    error = refused(lambda: CaptureTable.from_frame(read_frame(path), lists=["a", "b"]))
    assert error.ask_for == {"header_row": 2}
    assert "header_row=2, or --header-row 2 in the command" in str(error)


def test_a_row_of_the_data_is_not_taken_for_the_names(tmp_path):
    path = written(tmp_path / "lista.csv", f"{SECRET};;", f"{SECRET};x;x", "b;x;", "c;1;0")
    error = refused(lambda: read_frame(path))
    assert error.ask_for == {}
    assert "say which row names the columns: for the third, write header_row=3" in str(error)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_rows_are_named_as_the_file_counts_them_below_a_title(tmp_path, suffix):
    path = tmp_path / f"lista{suffix}"
    if suffix == ".csv":
        written(path, SECRET, "", "a;b", "1;0", "7;1")
    else:
        sheet(path, [SECRET], [], ["a", "b"], [1, 0], [7, 1])
    with pytest.warns(DetcountWarning, match="1 row above the names of the columns is taken for a title"):
        frame = read_frame(path)
    error = refused(lambda: CaptureTable.from_frame(frame, lists=["a", "b"]))
    assert str(error).startswith("list 'a', data row 2 (")
    assert ("line 5" if suffix == ".csv" else "row 5 of the sheet") in str(error)


def test_a_header_row_counts_what_excel_writes_above_it(tmp_path):
    path = written(tmp_path / "lista.csv", "sep=|", "título", "a|b", "1|0", "1|1")
    assert read_frame(path, header_row=3).to_dict("list") == {"a": [1, 1], "b": [0, 1]}


@pytest.mark.parametrize(("row", "said"), [(2, "got nothing there"), (9, "got nothing there")])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_header_row_that_is_not_there(tmp_path, suffix, row, said):
    path = tmp_path / f"lista{suffix}"
    if suffix == ".csv":
        written(path, SECRET, "", "a;b", "1;0")
    else:
        sheet(path, [SECRET], [], ["a", "b"], [1, 0])
    assert f"in row {row}, as header_row says, {said}" in str(
        refused(lambda: read_frame(path, header_row=row))
    )


def test_a_header_row_of_another_kind_or_file(tmp_path):
    path = tmp_path / "lista.parquet"
    pd.DataFrame({"a": [1]}).to_parquet(path)
    assert "got Parquet" in str(refused(lambda: read_frame(path, header_row=1)))
    with pytest.raises(
        InputError, match="header_row: expected a whole number from 1 to 1,000,000,000, got 0"
    ):
        read_frame(path, header_row=0)
    with pytest.raises(InputError, match="header_row: expected a whole number from 1 to"):
        read_frame(written(tmp_path / "lista.csv", "a,b"), header_row=10**30)


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
    with pytest.raises(TypeError, match="source: expected a path or an open binary stream, got int"):
        read_frame(3)


# --- marks in place of 0 and 1 -------------------------------------------------------------------


def frames(rows, names):
    columns = {name: list(cells) for name, cells in zip(names, zip(*rows, strict=True), strict=True)}
    as_text = {
        name: [None if cell is None else str(cell) for cell in cells] for name, cells in columns.items()
    }
    return {
        "mapping": columns,
        "pandas": pd.DataFrame(columns),
        "polars": pl.DataFrame(as_text),
        "pyarrow": pa.table(as_text),
        "masked": {
            name: np.ma.array(cells, mask=[cell is None for cell in cells], dtype=object)
            for name, cells in columns.items()
        },
    }


@pytest.mark.parametrize("kind", ["mapping", "pandas", "polars", "pyarrow", "masked"])
def test_marks_are_read_when_they_are_asked_for(kind):
    frame = frames(MARKED, LISTS)[kind]
    assert CaptureTable.from_frame(frame, lists=LISTS, yes=("x",), blank_is_0=True) == EXPECTED
    assert refused(lambda: CaptureTable.from_frame(frame, lists=LISTS)).ask_for == {
        "yes": ["x"],
        "blank_is_0": True,
    }
    error = refused(lambda: CaptureTable.from_frame(frame, lists=LISTS, yes=["x"]))
    assert "data row 4: the cell is blank. If that means 0, write blank_is_0=True, or --blank-is-0" in str(
        error
    )
    words = frames([("Sí", "NO"), ("si", "no"), ("SÍ ", "sí"), ("no", "Si")], LISTS)[kind]
    assert CaptureTable.from_frame(words, lists=LISTS, yes=("si",), no=("no",)) == EXPECTED
    assert refused(lambda: CaptureTable.from_frame(words, lists=LISTS, yes=("si",))).ask_for == {"no": ["no"]}


@pytest.mark.parametrize("separator", [";", "|", "\t"])
def test_words_of_a_file(tmp_path, separator):
    rows = [LISTS, ["VERDADERO", "FALSO"], ["VERDADERO", "FALSO"], ["verdadero", "1"], ["0", "VERDADERO"]]
    path = written(tmp_path / "lista.csv", *map(separator.join, rows))
    words = {"yes": ["verdadero"], "no": ["falso"]}
    error = refused(lambda: CaptureTable.from_frame(read_frame(path), lists=LISTS, **words))
    assert str(error).startswith(
        "list 'comité', data row 3 (line 4): expected a word that yes or no names, got the figure 1 in"
    )
    assert "write yes=['verdadero', '1'], or --yes verdadero,1" in str(error)
    assert error.ask_for == {}  # it may be a total, and is proposed to nobody
    words["yes"].append("1")
    assert CaptureTable.from_frame(read_frame(path), lists=LISTS, **words) == EXPECTED
    words["yes"] = ["verdadero"]
    rows[3:] = [["VERDADERO", "VERDADERO"], ["FALSO", "VERDADERO"]]
    written(path, *map(separator.join, rows))
    assert refused(lambda: CaptureTable.from_frame(read_frame(path), lists=LISTS)).ask_for == words


def test_one_and_blank_cells(tmp_path):
    path = sheet(tmp_path / "lista.xlsx", LISTS, [1, None], [1, None], [1, 1], [None, 1])
    error = refused(lambda: CaptureTable.from_frame(read_frame(path), lists=LISTS))
    assert "list 'prensa': expected 0 or 1, got 1 and blank cells. If a blank cell means 0" in str(error)
    assert error.ask_for == {"blank_is_0": True}
    assert CaptureTable.from_frame(read_frame(path), lists=LISTS, **error.ask_for) == EXPECTED


def test_the_other_columns_are_looked_at_too(tmp_path):
    path = written(tmp_path / "lista.csv", "a;b;c;d", "sí;x;1;0", "no;;0;1", "sí;;1;1")
    error = refused(lambda: CaptureTable.from_frame(read_frame(path), lists=list("abcd")))
    assert error.ask_for == {"yes": ["sí", "x"], "no": ["no"], "blank_is_0": True}
    table = CaptureTable.from_frame(read_frame(path), lists=list("abcd"), **error.ask_for)
    assert table.list_sizes == {"a": 2, "b": 1, "c": 2, "d": 2}


def test_a_blank_that_seems_to_be_missing_is_not_proposed_as_a_zero(tmp_path):
    # beside its 0 and 1 the blank cell of column c says that something is not known
    path = written(tmp_path / "lista.csv", "a;b;c", "x;1;0", ";1;", "x;0;1")
    error = refused(lambda: CaptureTable.from_frame(read_frame(path), lists=list("abc")))
    assert error.ask_for == {"yes": ["x"]}
    assert "blank_is_0" not in str(error)


def test_figures_mean_what_they_mean_unless_they_are_named():
    frame = {"a": [1, 2, 1], "b": ["2", "1", "1"]}
    assert CaptureTable.from_frame(frame, lists=["a", "b"], no=["2"]) == CaptureTable.from_counts(
        {"10": 1, "01": 1, "11": 1}, lists=["a", "b"]
    )
    error = refused(lambda: CaptureTable.from_frame(frame, lists=["a", "b"], yes=["x"]))
    assert str(error) == "list 'a', data row 2: expected 0, 1 or a word that yes or no names, got 2"
    people = {"a": ["x", SECRET], "b": ["x", "x"]}
    error = refused(lambda: CaptureTable.from_frame(people, lists=["a", "b"], yes=["x"]))
    assert str(error).endswith("list 'a', data row 2: expected 0, 1 or a word that yes or no names, got text")
    assert SECRET not in str(refused(lambda: CaptureTable.from_frame(people, lists=["a", "b"])))


WORDS = {
    "a text": ({"yes": "x"}, InputError, r"yes: expected several words, got the text 'x'. Write \['x'\]"),
    "a number": ({"no": [0]}, TypeError, "no: expected words as text, got int"),
    "one": ({"yes": 1}, TypeError, "yes: expected a sequence of words, got int"),
    "blank": ({"no": [" "]}, InputError, "no: expected words, got a blank one. If blank cells mean 0, write"),
    "zero": ({"yes": ["0"]}, InputError, "yes: '0' means 0 already"),
    "both": ({"yes": ["Sí"], "no": ["si"]}, InputError, "no: 'si' means 1 already"),
    "a word": ({"blank_is_0": "yes"}, TypeError, "blank_is_0: expected True or False, got str"),
}


@pytest.mark.parametrize(("asked", "error", "message"), WORDS.values(), ids=WORDS.keys())
def test_what_cannot_be_asked_for(asked, error, message):
    with pytest.raises(error, match=message) as caught:
        CaptureTable.from_frame({"a": [1], "b": [1]}, lists=["a", "b"], **asked)
    assert words_left(error_text(caught.value, "es"), "es") <= {"str", "int", "blank", "is"}


def test_strata_and_counts_are_read_as_asked(tmp_path):
    path = written(tmp_path / "lista.csv", "zona;a;b;n", "norte;x;;4", "norte;x;x;2", "sur;;x;3")
    asked = {"yes": ["x"], "blank_is_0": True}
    whole = CaptureTable.from_frame(read_frame(path), lists=["a", "b"], count="n", **asked)
    assert whole == CaptureTable.from_counts({"10": 4, "11": 2, "01": 3}, lists=["a", "b"])
    parts = stratify(read_frame(path), by="zona", lists=["a", "b"], count="n", **asked)
    assert {name: part.n_observed for name, part in parts.items()} == {"norte": 6, "sur": 3}
    assert whole.notes == parts["sur"].notes
    assert len(whole.notes) == 1
    error = refused(lambda: stratify(read_frame(path), by="zona", lists=["a", "b"], count="n"))
    assert error.ask_for == asked


ODD = {
    "a total": (["x;x", "x;", ";x", "2;2"], "data row 4 (line 5): expected 0 or 1, got 2 in"),
    "a slip": (["x;x", "xx;", "x;x"], "data row 2 (line 3): expected 0 or 1, got text in"),
    "a name": (["x;x", "x;x", f"{SECRET};x"], "data row 3 (line 4): expected 0 or 1, got text in"),
}


@pytest.mark.parametrize(("rows", "message"), ODD.values(), ids=ODD.keys())
def test_one_cell_of_another_kind_among_marks_is_named(tmp_path, rows, message):
    path = written(tmp_path / "lista.csv", "a;b", *rows)
    error = refused(lambda: CaptureTable.from_frame(read_frame(path), lists=["a", "b"]))
    assert str(error) == (
        f"list 'a', {message} a column of text such as 'x'. Mend the cell, or leave the row out if it is "
        "no person but a total"
    )
    assert error.ask_for == {}


@pytest.mark.parametrize(
    ("cell", "got"),
    [("=B2", "a formula without its value"), ("#¡REF!", "an error of a formula"), ("#VALUE!", "an error")],
)
def test_formulas_in_place_of_a_mark(tmp_path, cell, got):
    path = written(tmp_path / "lista.csv", "a;b", "1;0", f"1;{cell}", "0;1")
    error = refused(lambda: CaptureTable.from_frame(read_frame(path), lists=["a", "b"]))
    assert f"list 'b', data row 2 (line 3): expected 0 or 1, got {got}" in str(error)
    assert "Mend it in a spreadsheet program" in str(error)


def test_rows_of_separators_below_the_table_are_no_persons(tmp_path):
    path = written(tmp_path / "lista.csv", "a;b;nota", "x;;", "x;x;", ";x;", ";;", " ; ;", ";;")
    table = CaptureTable.from_frame(read_frame(path), lists=["a", "b"], yes=["x"], blank_is_0=True)
    assert table == CaptureTable.from_counts({"10": 1, "11": 1, "01": 1}, lists=["a", "b"])
    written(path, "a;b", "x;", ";", "x;x")  # in the middle it may be a person
    error = refused(
        lambda: CaptureTable.from_frame(read_frame(path), lists=["a", "b"], yes=["x"], blank_is_0=True)
    )
    assert "data row 2 (line 3): on none of the lists" in str(error)
    assert list(read_frame(written(path, "a;b;")).columns)[:2] == ["a", "b"]


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


def test_patterns_with_a_row_a_person(tmp_path):
    path = written(tmp_path / "p.csv", "id,h", "V-1,10", "V-2,01", "V-3,11", "V-4,10")
    table = CaptureTable.from_patterns(read_frame(path), pattern="h", person="id", lists=LISTS)
    assert table == CaptureTable.from_counts({"10": 2, "01": 1, "11": 1}, lists=LISTS)
    assert table.notes == ()
    written(path, "id,h", "V-1,10", "V-1,01")
    error = refused(
        lambda: CaptureTable.from_patterns(read_frame(path), pattern="h", person="id", lists=LISTS)
    )
    assert "data rows 1 (line 2) and 2 (line 3)" in str(error)


BAD_PATTERNS = {
    "short text": (
        ["10x"],
        "data row 1 (line 2): expected 3 characters 0 or 1, one for each list, got something",
    ),
    "long": (
        ["011", "1011"],
        "data row 2 (line 3): expected 3 characters 0 or 1, one for each list, got 4 ch",
    ),
    "other figures": (["011", "120"], "data row 2 (line 3): expected 3 characters 0 or 1"),
    "missing": (
        ["011", '""', "101"],
        "data row 2 (line 3): a value is missing. Write a 0 or a 1 for each list",
    ),
    "nobody": (["011", "000"], "data row 2 (line 3): on none of the lists"),
    "a name": (["011", SECRET], "data row 2 (line 3): expected 3 characters 0 or 1"),
}


@pytest.mark.parametrize(("cells", "message"), BAD_PATTERNS.values(), ids=BAD_PATTERNS.keys())
def test_patterns_that_are_none(tmp_path, cells, message):
    path = written(tmp_path / "p.csv", "h", *cells)
    error = refused(lambda: CaptureTable.from_patterns(read_frame(path), pattern="h", lists=["a", "b", "c"]))
    assert message in str(error)


def test_long_patterns_that_a_program_has_rounded_are_refused():
    lists = [f"list {number}" for number in range(18)]
    exact = {"h": [int("1" * 18), int("1" + "0" * 17)]}
    assert CaptureTable.from_patterns(exact, pattern="h", lists=lists).n_observed == 2
    error = refused(lambda: CaptureTable.from_patterns({"h": [1e17]}, pattern="h", lists=lists))
    assert "If the numbers lost figures, write the column as text" in str(error)
    twice = refused(
        lambda: CaptureTable.from_patterns({"h": ["1" * 18]}, pattern="h", count="h", lists=lists)
    )
    assert "pattern: column 'h' is named twice" in str(twice)


CELLS_OF_SEVERAL = {
    "semicolon": ("1,prensa;comité", None),
    "slash, and the lists named": ("1,Prensa / comité", ["prensa", "comité"]),
    "plus": ("1,comité+prensa", None),
}


@pytest.mark.parametrize(("cell", "lists"), CELLS_OF_SEVERAL.values(), ids=CELLS_OF_SEVERAL.keys())
def test_memberships_with_several_lists_in_one_cell(tmp_path, cell, lists):
    path = written(tmp_path / "m.csv", "id,fuente", "2,prensa", cell, "3,comité", "3,prensa")
    error = refused(
        lambda: CaptureTable.from_memberships(read_frame(path), person="id", list="fuente", lists=lists)
    )
    assert str(error) == (
        "list 'fuente', data row 2 (line 3): expected the name of one list, got the names of several. Write "
        "a row for each of them"
    )
    named = ["prensa", "prensa/tv"]  # a list may be called so
    written(path, "id,fuente", "1,prensa", "1,prensa/tv", "2,prensa/tv")
    frame = read_frame(path)
    assert CaptureTable.from_memberships(frame, person="id", list="fuente", lists=named).n_observed == 2


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

COLUMNS = {
    PublishedReleases: "published;source;role;start;end;count",
    PublishedArrests: "published;source;role;start;end;count",
    PublishedStock: "date;source;role;count",
}


def days(path, kind, *of):
    blank = ";;" if "start" in COLUMNS[kind] else ""
    return written(path, COLUMNS[kind], *(f"{day};monitor;verified;{blank}{n}" for n, day in enumerate(of)))


@pytest.mark.parametrize("kind", COLUMNS)
def test_days_first_are_read_when_asked_for(tmp_path, kind):
    path = days(tmp_path / "c.csv", kind, "31/01/2025", "1-2-2025", "03.02.2025 14:30", "2025-02-04")
    error = refused(lambda: kind.from_frame(read_frame(path)), code={"published"})
    assert "data row 1 (line 2): expected a day as in 2026-01-31, got the day first, then the month" in str(
        error
    )
    assert "write dayfirst=True, or --dayfirst in the command" in str(error)
    assert error.ask_for == {"dayfirst": True}
    counts = kind.from_frame(read_frame(path), dayfirst=True)
    read = counts.date if kind is PublishedStock else counts.published
    assert read.astype(str).tolist() == ["2025-01-31", "2025-02-01", "2025-02-03", "2025-02-04"]


ORDERS = {
    "none shows": (("01/02/2025", "3/4/2025"), "no row shows whether the day or the month comes first", True),
    "month first": (
        ("1/31/2025", "2/3/2025"),
        "got the month first, then the day and the year. Write",
        False,
    ),
    "both": (("1/31/2025", "31/1/2025"), "got the day first in some rows and the month in others", False),
}


@pytest.mark.parametrize(("of", "message", "offered"), ORDERS.values(), ids=ORDERS.keys())
def test_an_order_is_offered_only_where_it_can_be(tmp_path, of, message, offered):
    path = days(tmp_path / "c.csv", PublishedStock, *of)
    error = refused(lambda: PublishedStock.from_frame(read_frame(path)))
    assert message in str(error)
    assert ("--dayfirst" in str(error)) is offered
    assert error.ask_for == {}
    if not offered:
        impossible = refused(lambda: PublishedStock.from_frame(read_frame(path), dayfirst=True))
        assert "a month or day that does not exist" in str(impossible)


def test_days_of_a_workbook_need_no_order(tmp_path):
    path = sheet(
        tmp_path / "c.xlsx",
        ["date", "source", "role", "count"],
        [date(2025, 2, 1), "monitor", "verified", 3],
    )
    for asked in (False, True):
        stock = PublishedStock.from_frame(read_frame(path), dayfirst=asked)
        assert stock.date.astype(str).tolist() == ["2025-02-01"]
    with pytest.raises(TypeError, match="dayfirst: expected True or False, got str"):
        PublishedStock.from_frame(read_frame(path), dayfirst="yes")


def test_cases_by_monitor_are_read_with_the_day_first_when_asked(tmp_path):
    path = written(
        tmp_path / "m.csv", "release,comité,abogados", "31/1/2026,1/2/2026,", "2/1/2026,,3/2/2026", end="\n"
    )
    asked = {"monitors": ["comité", "abogados"], "as_of": "2026-03-01"}
    error = refused(lambda: MonitoredCases.from_frame(read_frame(path), **asked), code={"release"})
    assert error.ask_for == {"dayfirst": True}
    cases = MonitoredCases.from_frame(read_frame(path), **asked, dayfirst=True)
    assert cases.release.astype(str).tolist() == ["2026-01-31", "2026-01-02"]
    assert cases.verified.astype(str).tolist() == [["2026-02-01", "NaT"], ["NaT", "2026-02-03"]]
