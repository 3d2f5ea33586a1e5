"""Files as analysts have them: separators, encodings, workbooks, and what is wrong with them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from detcount import CaptureTable
from detcount.errors import InputError, MissingExtraError
from detcount.io import read_frame

SECRET = "Zutano Ñáñez"
LISTS = ["prensa", "comité"]
# asymmetric: two persons on the first list alone, one on both, one on the second alone
ROWS = [(SECRET, 1, 0), ("b", 1, 0), ("c", 1, 1), ("d", 0, 1)]
EXPECTED = CaptureTable.from_counts({"10": 2, "11": 1, "01": 1}, lists=LISTS)


def text(separator: str = ",", end: str = "\n") -> str:
    lines = [("nombre", *LISTS), *ROWS]
    return end.join(separator.join(map(str, line)) for line in lines) + end


def table(path: Path, **options: Any) -> CaptureTable:
    return CaptureTable.from_frame(read_frame(path, **options), lists=LISTS)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_text_files_of_every_kind(tmp_path: Path, separator: str, encoding: str, end: str) -> None:
    path = tmp_path / "lists.csv"
    path.write_bytes(text(separator, end).encode(encoding))
    frame = read_frame(path)
    assert list(frame.columns) == ["nombre", *LISTS]
    assert frame["nombre"][0] == SECRET
    assert table(path) == EXPECTED


def test_byte_that_windows_does_not_know_is_read_as_latin_1(tmp_path: Path) -> None:
    path = tmp_path / "lists.csv"
    path.write_bytes(b"a,b,n\n1,0,\x81\xf1\n")  # 0x81 has no meaning in Windows-1252
    assert read_frame(path)["n"][0] == "\x81ñ"


def test_path_may_be_text_and_the_suffix_in_capitals(tmp_path: Path) -> None:
    path = tmp_path / "LISTS.CSV"
    path.write_text(text(), encoding="utf-8")
    assert table(str(path)) == EXPECTED  # type: ignore[arg-type]


def test_tsv(tmp_path: Path) -> None:
    path = tmp_path / "lists.tsv"
    path.write_text(text("\t"), encoding="utf-8")
    assert table(path) == EXPECTED


def test_quoted_separator_does_not_split(tmp_path: Path) -> None:
    path = tmp_path / "lists.csv"
    path.write_text('"Pérez; Juan; y otros",a,b\nx,1,0\n', encoding="utf-8")
    assert list(read_frame(path).columns) == ["Pérez; Juan; y otros", "a", "b"]


def test_thousands_of_a_spanish_file_are_not_taken_for_ones(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text("a;b;n\n1;0;1.000\n0;1;2,0\n", encoding="utf-8")
    with pytest.raises(InputError, match="count 'n', row 0: expected a whole number of persons, got text"):
        CaptureTable.from_frame(read_frame(path), lists=["a", "b"], count="n")
    path.write_text("a;b;n\n1;0;1000\n0;1;2,0\n", encoding="utf-8")
    counts = CaptureTable.from_frame(read_frame(path), lists=["a", "b"], count="n")
    assert counts == CaptureTable.from_counts({"10": 1000, "01": 2}, lists=["a", "b"])


@pytest.mark.parametrize("suffix", [".parquet", ".pq"])
def test_parquet(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"lists{suffix}"
    pd.DataFrame(ROWS, columns=["nombre", *LISTS]).to_parquet(path)
    assert table(path) == EXPECTED


def workbook(path: Path, **sheets: pd.DataFrame) -> Path:
    with pd.ExcelWriter(path, engine="openpyxl") as writer:
        for name, frame in sheets.items():
            frame.to_excel(writer, sheet_name=name, index=False)
    return path


FRAME = pd.DataFrame(ROWS, columns=["nombre", *LISTS])


def test_workbook_of_one_sheet(tmp_path: Path) -> None:
    assert table(workbook(tmp_path / "lists.xlsx", Hoja1=FRAME)) == EXPECTED


def test_workbook_of_several_sheets_wants_one_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "lists.xlsx", notas=FRAME[["nombre"]], listas=FRAME)
    assert table(path, sheet="listas") == EXPECTED
    assert table(path, sheet=1) == EXPECTED
    with pytest.raises(InputError, match="the workbook has 2 sheets, 'notas', 'listas'"):
        read_frame(path)
    for sheet in ("otra", 2, -1):
        with pytest.raises(InputError, match=f"no sheet {sheet!r}: the workbook has 'notas', 'listas'"):
            read_frame(path, sheet=sheet)


def test_empty_sheet(tmp_path: Path) -> None:
    path = workbook(tmp_path / "lists.xlsx", vacía=pd.DataFrame())
    with pytest.raises(InputError, match="sheet 'vacía': the sheet is empty"):
        read_frame(path)


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods", ".xlsb"])
def test_file_that_is_no_workbook(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"lists{suffix}"
    path.write_text(text(), encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read as a workbook") as caught:
        read_frame(path)
    assert SECRET not in str(caught.value)


def test_file_that_is_no_parquet(tmp_path: Path) -> None:
    path = tmp_path / "lists.parquet"
    path.write_text(text(), encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        read_frame(path)


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_empty_text_file(tmp_path: Path, content: str) -> None:
    path = tmp_path / "lists.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"lists\.csv: the file is empty"):
        read_frame(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (f"a,b\n1,0\n1,0,{SECRET}\n0,1\n", "line 3: expected 2 fields, got 3"),
        (f"a,b\n1,0,{SECRET}\n0,1,{SECRET}\n", "more fields than the header names, 2"),
        (f'a,b\n1,0\n"{SECRET},1\n', "a quotation never ends"),
        (f"a,{SECRET},a\n1,0,1\n", "columns 0 and 2 have the same name"),
    ],
)
def test_broken_rows_are_refused_without_their_contents(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "lists.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message) as caught:
        read_frame(path)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_two_columns_of_one_name_in_a_workbook(tmp_path: Path) -> None:
    frame = FRAME.set_axis(["nombre", "prensa", "prensa"], axis=1)
    with pytest.raises(InputError, match="columns 1 and 2 have the same name"):
        read_frame(workbook(tmp_path / "lists.xlsx", Hoja1=frame))


@pytest.mark.parametrize(("name", "found"), [("lists.docx", "got .docx"), ("lists", "got no suffix")])
def test_unknown_suffix(tmp_path: Path, name: str, found: str) -> None:
    with pytest.raises(InputError, match=found):
        read_frame(tmp_path / name)


@pytest.mark.parametrize("name", ["lists.csv", "lists.parquet", "lists"])
def test_sheet_of_something_without_sheets(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="sheet: expected an Excel or ODS workbook"):
        read_frame(tmp_path / name, sheet="Hoja1")


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".xlsx"])
def test_absent_file(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(FileNotFoundError, match="lists"):
        read_frame(tmp_path / f"lists{suffix}")


@pytest.mark.parametrize(
    ("module", "suffix", "line"),
    [
        ("pyarrow", ".parquet", r'pip install "detcount\[parquet\]"'),
        ("python_calamine", ".xlsx", r'pip install "detcount\[excel\]"'),
    ],
)
def test_missing_extra_gives_the_line_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, suffix: str, line: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=line):
        read_frame(tmp_path / f"lists{suffix}")
