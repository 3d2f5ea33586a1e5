"""Every bad list has its answer: where, what was expected, what to do, and never what is in it."""

import datetime as dt
import io
import logging
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cases import tables
from detcount import linkage
from detcount.reading.content import Source
from detcount.reading.workbooks import read_sheet
from planted import DOCUMENT, NAME, clean
from workbooks import ods

KEY = "a key of the tests"
TABLES = tables("bad_lists")


def linked(caplog, **lists):
    """Lists that were read and linked, in silence, of which nothing is shown."""
    with warnings.catch_warnings(), caplog.at_level(logging.DEBUG):
        warnings.simplefilter("error")
        read = linkage.read_lists(lists)
        found = linkage.link(read, n_draws=20)
    for each in (read, found):
        clean(repr(each), each, each.summary().translated("es"), each.summary().html("en"), *each.notes)
    clean(read.problems.to_csv(), read.mapping.to_csv(), found.clusters.to_csv(), found.pairs.to_csv())
    clean(caplog.text)
    assert len(found.clusters) == read.n_rows  # nobody is lost
    return read, found


def text(content, encoding="utf-8"):
    return io.BytesIO(content.encode(encoding))


@pytest.mark.slow
def test_a_document_of_strangers_links_nobody(caplog):
    given = ["Ana", "Luis", "Eva", "Juan", "Rosa", "Pedro", "Marta", "Iván", "Sara", "Hugo"]
    names = [f"{one} {other}" for one in given for other in ("Pérez", "Mora", "Gil", "Paz", "Zerpa")]
    read, found = linked(caplog, a={"Nombre": names, "CI": [DOCUMENT] * 50}, b={"Nombre": ["Li Wei"]})
    said = "list 'a': 50 rows bear one and the same document, the first of them row 1; as no names confirm"
    assert any(said in str(note) for note in found.notes)
    settled = linkage.link(read, n_draws=400)  # twenty draws may hold one chance pair
    assert len(set(settled.person[settled.list_of == 0])) == 50
    assert (read.records(KEY).document[:50] == -1).all()
    # a document that names confirm is believed, also where some are written otherwise
    names = ["Ana Pérez Rojas", "ANA PEREZ", "Perez Rojas, Ana", "Ana Peres", "Ana Pérez R.", ""]
    read = linkage.read_lists({"a": {"Nombre": names, "CI": [DOCUMENT] * 6}})
    assert (read.records(KEY).document == int(DOCUMENT)).all()
    # on 20 rows without any name it stands for nobody
    read = linkage.read_lists(
        {"a": {"Nombre": [""] * 20, "CI": [DOCUMENT] * 20}, "b": {"CI": [DOCUMENT] * 19}}
    )
    assert len(read.unlinkable["a"]) == 20
    read = linkage.read_lists({"b": {"Nombre": ["", "Eva"], "CI": [DOCUMENT] * 2}})
    assert read.unlinkable == {"b": ()}


@pytest.mark.parametrize(
    ("first", "asked"), [("1900-01-01", True), ("2005-01-01", False), ("2024-03", False)]
)
def test_an_arrest_long_before_the_others_is_asked_for(first, asked):
    days = ["2024-05-02", first, *(f"2024-05-{k:02}" for k in range(3, 12))]
    read = linkage.read_lists({"a": {"Nombre": ["Ana Paz"] * len(days), "Detención": days}})
    assert asked == any("nine in ten others, in row 2. Check" in note for note in read.notes)


def test_cells_of_every_type(caplog):
    none, other = (None, float("nan"), 7), (pd.NaT, pd.NA, [NAME])
    names = ["Ana Pérez", *none, pd.Timestamp("2024-01-02"), b"Luis Mora", *other]
    documents = [1112223, None, 12345678.0, "V-1", b"9876543", pd.NaT, np.int64(22223333), float("inf"), -5]
    read, found = linked(caplog, a={"Nombre": names, "CI": documents})
    assert read.records(KEY).document.tolist()[:7] == [1112223, -1, 12345678, -1, 9876543, -1, 22223333]
    assert [row for row in read.problems.row if row in (4, 8)] == [4, 4, 8]
    assert read.unlinkable == {"a": (2, 4, 8, 9)}
    assert found.n_persons == 9


PERSONS = [[f"{NAME} Gil", DOCUMENT, "Lara"], ["Ana Paz", "1112223", None]]
SHEET = [["LISTA"], ["Nombre", "CI", "Lugar"], *PERSONS]


def test_ods_workbooks_are_read_and_their_merged_cells_said(caplog):
    read, _ = linked(caplog, a=io.BytesIO(ods(SHEET, "Lara")), b=TABLES["good"])
    assert read.records(KEY).document[:2].tolist() == [int(DOCUMENT), 1112223]
    assert "merged cells of ODS workbooks are not filled" in str(read.notes[0])
    assert "taken for a title" in str(read.notes[1])
    assert len(linkage.read_lists({"a": io.BytesIO(ods(SHEET))}).notes) == 1


def test_old_workbooks_are_read():
    from statsmodels.datasets import macrodata

    path = next(each for each in Path(macrodata.__file__).parent.rglob("*.xls") if each.is_file())
    grid = read_sheet(Source(path.name, path.read_bytes()), "Quarterly")
    at = grid.rows[0].index("GDPC96")
    cells = [row[at] for row in grid.rows[1:] if row[0] >= dt.date(1959, 1, 1) and row[at]]
    known = macrodata.load_pandas().data["realgdp"].to_list()
    assert cells[: len(known)] == known
    assert all(isinstance(row[0], dt.date) for row in grid.rows[1:])


def test_no_order_of_rows_columns_and_lists_changes_who_is_who():
    rng = np.random.default_rng(3)
    lists = {"a": pd.DataFrame(TABLES["parts"]), "b": pd.DataFrame(TABLES["good"])}
    read = linkage.read_lists(lists)
    before = linkage.link(read, key=KEY, n_draws=20)
    orders = {name: rng.permutation(len(frame)) for name, frame in lists.items()}
    moved = {name: lists[name].iloc[orders[name], ::-1].reset_index(drop=True) for name in reversed(lists)}
    again = linkage.read_lists(moved)
    used, used_again = (
        {tuple(row) for row in each.mapping[["list", "column", "role"]].to_numpy()} for each in (read, again)
    )
    assert used_again == used
    after = linkage.link(again, key=KEY, n_draws=20)
    at = {digest: k for k, digest in enumerate(after.digests)}
    same = [at[digest] for digest in before.digests]  # the rows of the first in the second
    assert sorted(same) == list(range(before.n_rows))

    def together(persons):
        return persons[:, None] == persons[None, :]

    assert (together(after.person[same]) == together(before.person)).all()
    for one, other in zip(before.draws, after.draws, strict=True):
        assert (together(other[same]) == together(one)).all()
