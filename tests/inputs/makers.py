"""Files that no text can hold: bombs, pipes, workbooks, bytes that are no text."""

import copy
import datetime as dt
import io
import json
import os
import socket
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

import detcount as dc
from workbooks import CELL, document, ods

Maker = Callable[[Path], None]
_SHEET = "xl/worksheets/sheet1.xml"
_ROWS = "a,b,c,count\n1,0,0,41\n0,1,0,33\n0,0,1,28\n1,1,0,19\n1,0,1,12\n0,1,1,9\n1,1,1,7\n"


def three_lists(path: Path) -> None:
    """Persons by capture history, no two cells alike."""
    path.write_text(_ROWS, encoding="utf-8")


def namibia(path: Path) -> None:
    """Answers of 1989: of 1,100 names 110 twice, 71 never held, 115 dead, 484 free, 320 not accounted for."""
    answers = ["no"] * (110 + 71 + 115 + 484) + [""] * 320
    path.write_text("belongs,drawn_from\n" + "".join(f"{each},1100\n" for each in answers), encoding="utf-8")


def link_to_c(path: Path) -> None:
    path.symlink_to("c.csv")


def _workbook(path: Path, rows: list[list[object]]) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


def _with_part(path: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Change what stands in a part of an archive."""
    old = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            inside = old.read(each)
            new.writestr(each, change(inside) if each == name else inside)


def _with_last_row(path: Path, cells: bytes) -> None:
    last = b'<row r="1048576">' + cells + b"</row></sheetData>"
    _with_part(path, _SHEET, lambda part: part.replace(b"</sheetData>", last))


def far_cell(path: Path) -> None:
    """A sheet of two rows, and one cell at the last row and column that a sheet can have."""
    _workbook(path, [["a", "b"], [1, 0], [0, 1], [1, 1]])
    _with_last_row(path, b'<c r="XFD1048576"><v>1</v></c>')


def pipe(path: Path) -> None:
    os.mkfifo(path)


def zeros(path: Path) -> None:
    path.symlink_to("/dev/zero")


@cache
def _record() -> dict[str, Any]:
    """The record of a full report on these lists, by two quick methods."""
    return _assessed().full().record()


def _assessed() -> Any:
    return dc.assess(_table(), families=["chao", "chapman"])


def _table() -> dc.CaptureTable:
    frame = pd.read_csv(io.StringIO(_ROWS))
    return dc.CaptureTable.from_frame(frame, lists=["a", "b", "c"], count="count")


def _of_estimator(code: str) -> Maker:
    def make(path: Path) -> None:
        made = dc.abundance.ChaoLowerBound().fit(_table()).record()
        path.write_text(json.dumps({**made, "estimator": code}), encoding="utf-8")

    return make


def _changed(*way: str, to: object) -> Maker:
    def make(path: Path) -> None:
        made = copy.deepcopy(_record())
        inside = made
        for key in way[:-1]:
            inside = inside[key]
        inside[way[-1]] = to
        path.write_text(json.dumps(made), encoding="utf-8")

    return make


record = _changed("seed", to=0)
record_with_function = _of_estimator("training_cases()")
record_with_call = _of_estimator("cases_from(1, 2)")
record_with_prior = _of_estimator("UniformN()")
record_with_number = _of_estimator("float('inf')")
record_with_pair = _of_estimator("(1, 2)")
record_with_signs = _of_estimator("-" * 50_000 + "1")
record_with_fewer_signs = _of_estimator("-" * 9_000 + "1")
record_with_estimator_as_prior = _of_estimator("DecomposableGraphs(prior=Chapman())")
record_of_long_version = _changed("versions", "detcount", to="1" * 5000)
record_of_coloured_version = _changed("versions", "detcount", to="\x1b[31m<b>")
record_with_coloured_digest = _changed("data_sha256", to="x\x1b[31m")
record_with_name = _changed("estimates", "chao", "point", to="Zorbaxena")
record_with_named_key = _changed("estimates", "chao", "Zorbaxena", to=1)


def record_with_digits(path: Path) -> None:
    """A record whose seed has more digits than Python reads."""
    path.write_text(json.dumps({**_record(), "seed": 0}).replace('"seed": 0', '"seed": ' + "1" * 5000))


def record_of_brackets(path: Path) -> None:
    path.write_text("[" * 100_000 + "]" * 100_000, encoding="utf-8")


def workbook_without_names(path: Path) -> None:
    """A sheet whose first row is a person."""
    _workbook(
        path, [["Zorbaxena", 87654321, 1, 0], ["Velquiroz", 17654322, 0, 1], ["Wextrubal", 17654323, 1, 1]]
    )


def totals_of_many_digits(path: Path) -> None:
    """Published totals, one of which has more digits than Python reads."""
    rows = ["date,source,role,count", "2024-06-30,ong,reported,500", f"2024-07-31,ong,reported,{'9' * 5000}"]
    path.write_text("\n".join([*rows, ""]), encoding="utf-8")


def arrests_of_a_century(path: Path) -> None:
    """Persons on two lists, one of whom was arrested a century before the others, by a slip of the pen."""
    rows = ["id,source,arrest,exit"]
    for k in range(120):
        day = f"{1924 if k == 7 else 2024}-{1 + k % 9:02}-{1 + k % 27:02}"
        left = f"2024-{10 + k % 3}-11" if k % 4 else ""
        rows += [f"{k},{name},{day},{left}" for name in ("a", "b") if k % 3 or name == "a"]
    path.write_text("\n".join([*rows, ""]), encoding="utf-8")


def folder_of_odd_things(path: Path) -> None:
    """A folder with lists, and things that are no files, or whose names are odd."""
    path.mkdir()
    three_lists(path / "c.csv")
    pipe(path / "p.csv")
    zeros(path / "z.csv")
    (path / "gone.csv").symlink_to("nowhere")
    for name in (b"red\x1b[31m\nline.csv", b"caf\xe9.csv", "b\u202eidi.csv".encode()):
        with open(os.path.join(os.fsencode(path), name), "wb") as file:
            file.write(b"nothing\nhere\n")


def folder_of_bombs(path: Path) -> None:
    """A folder whose only file is a workbook with a cell far away."""
    path.mkdir()
    far_cell(path / "far.xlsx")


def folder_of_nothing(path: Path) -> None:
    path.mkdir()


def long_cell(path: Path) -> None:
    """A workbook of some kilobytes, one cell of which is 1.5 GB long."""
    _workbook(path, [["a", "b"], [1, 0], [0, 1]])
    _with_long_part(path, _SHEET, b"</sheetData>", b'<row r="9"><c r="A9" t="str"><v>')


def long_document(path: Path) -> None:
    """A document of LibreOffice, one cell of which is 1.5 GB long."""
    path.write_bytes(ods([["a"]]))
    _with_long_part(path, "content.xml", b"</table:table>", b"<table:table-row><table:table-cell><text:p>")


def repeated_cells(path: Path) -> None:
    """A document of LibreOffice with one cell that stands for seventeen thousand million."""
    cell = CELL.format(' table:number-columns-repeated="16384"', "1")
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    path.write_bytes(document(row))


def far_row_without_places(path: Path) -> None:
    """A sheet whose last row is far away, and whose cells do not say where they are."""
    far_cell(path)
    many = b"<c>" + b"<v>1</v></c><c>" * 40
    _with_part(path, _SHEET, lambda part: part.replace(b'<c r="XFD1048576">', many))


def many_sheets(path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for number in range(1000):
        book.create_sheet(f"<b>{number}")
    book.save(path)


def many_columns(path: Path) -> None:
    names = ",".join(f"c{k}" for k in range(300_000))
    path.write_text(f"{names}\n{','.join('1' for _ in range(300_000))}\n", encoding="utf-8")


def socket_of_a_program(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # a path to a socket is short
    try:
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        made.bind(path.name)
        made.close()
    finally:
        os.chdir(here)


def formatted_sheet(path: Path) -> None:
    """A small table in a sheet whose columns are formatted to the last row, as people leave them."""
    head, *rows = (row.split(",") for row in _ROWS.split())
    _workbook(path, [[*head], *([int(cell) for cell in row] for row in rows)])
    _with_last_row(path, b'<c r="A1048576" s="0"/><c r="XFD1048576" s="0"/>')


_LIST = "Nombre,Cédula,Fecha de nacimiento,Fecha de detención\n"
_OTHERS = (
    "Velquiroz Wextrubal,17654322,1991-03-04,2024-02-01\nXaraguat Lomb,17654323,1980-07-09,2024-03-03\n"
    "Pedro Mora,17654324,1975-11-30,2024-04-01\n"
)


def _of_one_person(n: int) -> Maker:
    """A maker of a list in which one person stands many times, alike to the last cell, beside three."""

    def make(path: Path) -> None:
        rows = "Zorbaxena Quintilipo,87654321,1990-01-02,2024-01-05\n" * n
        path.write_text(f"{_LIST}{rows}{_OTHERS}", encoding="utf-8")

    return make


person_150_times = _of_one_person(150)
person_199_times = _of_one_person(199)
person_201_times = _of_one_person(201)
person_600_times = _of_one_person(600)
person_1000_times = _of_one_person(1000)


def one_name_on_300_days(path: Path) -> None:
    """One name without a document, arrested on three hundred days, beside three others."""
    days = (dt.date(2023, 1, 1) + dt.timedelta(days=k) for k in range(300))
    rows = "".join(f"Zorbaxena Quintilipo,,,{day}\n" for day in days)
    path.write_text(f"{_LIST}{rows}{_OTHERS}", encoding="utf-8")


def _names_of_list(path: Path, name: object) -> None:
    _workbook(path, [["Nombre", "Cédula"], [name, 87654321], ["Velquiroz Wextrubal", 17654322]])


def formulas_never_computed(path: Path) -> None:
    """A list whose first name is a formula that no program has computed."""
    _names_of_list(path, '=CONCATENATE("Zorbaxena"," ","Quintilipo")')


def list_with_far_cell(path: Path) -> None:
    _names_of_list(path, "Zorbaxena Quintilipo")
    _with_last_row(path, b'<c r="XFD1048576"><v>1</v></c>')


def secret_of_bytes(path: Path) -> None:
    path.write_bytes(bytes(range(256)))
    path.chmod(0o600)


def secret_in_utf16(path: Path) -> None:
    path.write_bytes(("0123456789abcdef" * 2).encode("utf-16"))
    path.chmod(0o600)


_HEAD = ["decision", "digest_a", "digest_b", "key"]
_DECIDED = ["same", "0" * 32, "1" * 32, "2" * 16]


def review(path: Path) -> None:
    """A review in which one pair is decided."""
    _workbook(path, [_HEAD, _DECIDED])


def review_of_a_chart(path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.create_chartsheet("figure")
    book.remove(book.worksheets[0])
    book.save(path)


def _damaged(name: str, change: Callable[[bytes], bytes]) -> Maker:
    def make(path: Path) -> None:
        review(path)
        _with_part(path, name, change)

    return make


def _with_entities(entities: str) -> Callable[[bytes], bytes]:
    return lambda part: f"<!DOCTYPE worksheet [{entities}]>".encode() + part.replace(b"<t>same", b"<t>&x;")


_LAUGHS = '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {one} "' + f"&{other};" * 20 + '">' for other, one in zip("abcdefgh", "bcdefghx", strict=True)
)
review_cut_off = _damaged(_SHEET, lambda part: part[: len(part) // 2])
review_of_cut_styles = _damaged("xl/styles.xml", lambda part: part[: len(part) // 2])
review_of_an_entity = _damaged(_SHEET, _with_entities('<!ENTITY x SYSTEM "file:///etc/passwd">'))
review_of_laughs = _damaged(_SHEET, _with_entities(_LAUGHS))


def review_of_flipped_bits(path: Path) -> None:
    """A review in whose packed sheet bits are flipped."""
    review(path)
    content = bytearray(path.read_bytes())
    at = zipfile.ZipFile(path).getinfo(_SHEET).header_offset + 30 + len(_SHEET)
    for k in range(at + 8, at + 60, 3):
        content[k] ^= 0xFF
    path.write_bytes(content)


def _review_of_text(encoding: str) -> Maker:
    def make(path: Path) -> None:
        head, decided = ",".join(_HEAD), ",".join(["sí", *_DECIDED[1:]])
        path.write_bytes(f"{head}\n{decided}\n".encode(encoding))

    return make


review_in_cp1252 = _review_of_text("cp1252")
review_in_utf16 = _review_of_text("utf-16")


def review_of_a_long_cell(path: Path) -> None:
    """A review in CSV, one cell of which is longer than the limit of fields."""
    path.write_text(f"{','.join(_HEAD)}\n{'x' * 200_000},a,b,c\n", encoding="utf-8")


def list_of_a_long_name(path: Path) -> None:
    path.write_text(f"{_LIST}{'Zorbaxena ' * 20_000},87654321,,\n", encoding="utf-8")


def nested_column(path: Path) -> None:
    """Parquet in which a name is a record of two texts."""
    pd.DataFrame(
        {
            "Nombre": [
                {"given": "Zorbaxena", "surname": "Quintilipo"},
                {"given": "Velquiroz", "surname": "Lomb"},
            ],
            "Cédula": ["87654321", "17654322"],
        }
    ).to_parquet(path)


def days_out_of_range(path: Path) -> None:
    """Parquet with an instant that no calendar of Python has."""
    import pyarrow
    from pyarrow import parquet

    days = pyarrow.array([0, 10**18], pyarrow.timestamp("us"))
    names = pyarrow.array(["Zorbaxena Quintilipo", "Velquiroz Lomb"])
    parquet.write_table(pyarrow.table({"Nombre": names, "Fecha de detención": days}), path)


def _with_long_part(path: Path, name: str, before: bytes, begin: bytes) -> None:
    """Write text of 1.5 GB into a part of an archive; it packs to little more than a megabyte."""
    old = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
                continue
            head = old.read(each).partition(before)[0]
            with new.open(each, "w", force_zip64=True) as part:
                part.write(head + begin)
                for _ in range(1500):
                    part.write(b"x" * (1 << 20))
