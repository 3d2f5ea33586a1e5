"""Files as they come: encodings, separators, titles, workbooks, Parquet; every row of a person is kept."""

import datetime as dt
import io
from types import SimpleNamespace

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detcount.errors import InputError
from detcount.linkage import read_lists
from detcount.reading.text import repaired


def written(folder, content, name="list.csv"):
    path = folder / name
    path.write_bytes(content)
    return read_lists({"court": path})


@given(st.text(alphabet="abcñáéíóúüÑÁÉÍÓÚÜ ", max_size=30))
def test_repair_undoes_a_wrong_encoding_and_leaves_other_text(text):
    assert repaired(text) == text
    assert repaired(text.encode().decode("latin-1")) == text
    windows = "".join(
        bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode()
    )  # five bytes have no letter in Windows-1252, and programs keep them
    assert repaired(windows) == text


def test_a_sign_after_a_wrongly_saved_letter_is_a_sign():
    assert repaired("«peñ»".replace("ñ", "Ã±")) == "«peñ»"
    assert repaired("Ã\u0091ÃÑ") == "ÑÃÑ"


def workbook(*sheets):
    """A sheet with a title, names of columns in two rows, merged cells, and one of each type of cell."""
    book = openpyxl.Workbook()
    for number, title in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        sheet.title = title
        sheet["A1"] = "LISTA DE DETENIDOS"
        sheet["A3"], sheet["B3"], sheet["E3"], sheet["F3"] = (
            "N",
            "Identificación",
            "Fecha de detención",
            "Lugar",
        )
        sheet["B4"], sheet["C4"], sheet["D4"] = "Apellidos", "Nombres", "Cédula"
        for cells in ("A1:F1", "B3:D3", "A3:A4", "E3:E4", "F3:F4", "F5:F7"):
            sheet.merge_cells(cells)
        rows = [
            ("PEREZ", "ANA", 12345678, dt.date(2024, 8, 24), "Miranda"),
            ("ROJAS", "LUIS", "V-9.876.543", 45528, None),
            ("GIL", "EVA", None, "25/08/2024", None),
        ]
        for k, cells_of_row in enumerate(rows):
            for j, value in enumerate((k + 1, *cells_of_row)):
                if value is not None:
                    sheet.cell(5 + k, 1 + j, value)
    return book


def test_a_sheet_with_a_title_and_merged_cells(tmp_path):
    path = tmp_path / "list.xlsx"
    workbook("Lista").save(path)
    lists = read_lists({"court": path})
    records = lists.records(key="of the tests")
    assert lists.mapping[["column", "role"]].to_numpy().tolist() == [
        ["Nombres", "given"],
        ["Apellidos", "surname"],
        ["Cédula", "document"],
        ["Fecha de detención", "arrested"],
        ["Lugar", "place"],
        ["N", ""],
    ]
    assert records.document.tolist() == [12345678, 9876543, -1]
    day = (dt.date(2024, 8, 24) - dt.date(1970, 1, 1)).days
    assert records.arrested.tolist() == [[day, day], [day, day], [day + 1, day + 1]]
    assert records.place.tolist() == [0, 0, 0]  # the merged cell reaches over three rows
    with path.open("rb") as stream:
        again = read_lists({"court": stream}).records(key="of the tests")
    assert (again.key == records.key).all()


def test_merged_cells_are_found_by_readers_that_do_not_say_them(monkeypatch):
    from detcount.reading import workbooks

    book = io.BytesIO()
    workbook("Lista").save(book)
    found = workbooks._merged(SimpleNamespace(name="Lista"), book.getvalue())
    assert ((4, 5), (6, 5)) in found
    assert len(found) == 6


def test_a_sheet_is_asked_for_only_where_several_hold_something(tmp_path):
    path = tmp_path / "list.xlsx"
    book = workbook("Lista")
    book.create_sheet("Vacía")
    book.save(path)
    assert read_lists({"court": path}).n_rows == 3
    workbook("Lista", "Otra").save(path)
    with pytest.raises(InputError, match=r"has 2 sheets, 'Lista', 'Otra'\. Name one as .*'Lista'\)"):
        read_lists({"court": path})
    assert read_lists({"court": (path, "Otra")}).n_rows == 3
    assert read_lists({"court": (path, 1)}).n_rows == 3


def test_files_that_are_not_what_they_look_like_are_refused(tmp_path):
    (tmp_path / "a.csv").write_text("nombre\nAna Gil\n")
    with pytest.raises(InputError, match="expected a workbook, as a sheet is named"):
        read_lists({"court": (tmp_path / "a.csv", "Hoja1")})
    with pytest.raises(InputError, match="got another folder"):
        read_lists({"court": tmp_path})
    with pytest.raises(FileNotFoundError, match="nowhere") as caught:
        read_lists({"court": tmp_path / "nowhere.csv"})
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("state", ["visible", "hidden", "veryHidden"])
def test_a_hidden_sheet_is_said(tmp_path, state):
    book = openpyxl.Workbook()
    book.create_sheet("notes")
    sheet = book["Sheet"]
    for row in (["Nombre", "Cédula"], ["Ana Paz", 12345678], ["Luis Mora", 9876543]):
        sheet.append(row)
    sheet.sheet_state = state
    book.save(tmp_path / "a.xlsx")
    notes = read_lists({"a": tmp_path / "a.xlsx"}).notes
    assert [note for note in notes if "hidden" in note] == [*notes] == [*notes][: state != "visible"]


@pytest.mark.parametrize(
    "content",
    [
        *(b"x" * 200_000, b"a," * 20_000, b"nombre\n" + b"x" * 200_000),
        *(b"nombre:edad\nAna Paz:31\n", b"nombre        edad\nAna Paz       31\n"),
    ],
)
def test_lines_longer_than_any_table_has_and_columns_that_nothing_parts_are_refused(content):
    wanted = r"line [12]: (a cell is longer|expected (at most 16,384 columns|columns parted by))"
    with pytest.raises(InputError, match=wanted):
        read_lists({"a": io.BytesIO(content)})
