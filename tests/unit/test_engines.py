"""Rows that an engine counts give the same tables, notes and refusals as rows that are read."""

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as arrow
import pytest

from detcount import CaptureTable, Definition
from detcount.errors import DetcountWarning, InputError
from detcount.reading.frames.frame import ArrowRows, Frame
from detcount.strata import stratify

LISTS = ["press", "court", "families", "clinic"]
N_ROWS = 3000
_OPEN = []


@pytest.fixture(scope="module")
def people():
    """Persons in three places, more of them in one than in another; no two lists alike."""
    random = np.random.default_rng(14)
    marks = random.random((4, N_ROWS)) < np.array([[0.5], [0.3], [0.2], [0.1]])
    marks[1] |= ~marks.any(axis=0)
    places = np.array(["north", "south", "east"])[random.choice(3, N_ROWS, p=[0.5, 0.3, 0.2])]
    return pd.DataFrame({"place": places, **dict(zip(LISTS, marks.astype(np.int64), strict=True))})


def duck(frame, folder):
    connection = pytest.importorskip("duckdb").connect()
    _OPEN.append(connection)  # the rows end with their connection
    return connection.from_df(frame)


def parquet(frame, folder):
    for part in range(3):
        frame.iloc[part::3].to_parquet(folder / f"part {part}.parquet", index=False)
    return str(folder)


def one_file(frame, folder):
    frame.to_parquet(folder / "rows.parquet", index=False)
    return folder / "rows.parquet"


def dask(frame, folder):
    return pytest.importorskip("dask.dataframe").from_pandas(frame, npartitions=3)


ENGINES = {
    "polars": lambda frame, folder: pl.from_pandas(frame).lazy(),
    "polars scan": lambda frame, folder: pl.scan_parquet(f"{parquet(frame, folder)}/*.parquet"),
    "duckdb": duck,
    "arrow": lambda frame, folder: arrow.dataset(pa.Table.from_pandas(frame, preserve_index=False)),
    "folder": parquet,
    "file": one_file,
    "dask": dask,
}
OF_DASK = "ignore:Dask support is moving out of Narwhals:FutureWarning"


@pytest.fixture(params=[*[*ENGINES][:-1], pytest.param("dask", marks=pytest.mark.slow)])
def elsewhere(request, tmp_path):
    """Put rows where an engine has them."""
    return lambda frame: ENGINES[request.param](frame, tmp_path)


@pytest.mark.filterwarnings(OF_DASK)
class TestEngines:
    def test_the_same_tables_and_notes(self, elsewhere, people, monkeypatch):
        whole = CaptureTable.from_frame(people, lists=LISTS)
        parts = stratify(people, by="place", lists=LISTS)
        rows = elsewhere(people)

        def read(*_):
            raise AssertionError("rows are read")

        monkeypatch.setattr(Frame, "read", read)
        monkeypatch.setattr(ArrowRows, "select", read)
        found = CaptureTable.from_frame(rows, lists=LISTS)
        assert (found, found.notes) == (whole, whole.notes)
        strata = stratify(rows, by="place", lists=LISTS)
        assert [*strata] == [*parts] == ["east", "north", "south"]
        assert all(strata[name] == parts[name] and strata[name].notes == parts[name].notes for name in parts)

    def test_words_that_were_asked_for(self, elsewhere, people):
        random = np.random.default_rng(2)
        written = people.copy()
        for name in LISTS:  # two words for 1: histories that are written in two ways become one
            yes = np.where(random.random(N_ROWS) < 0.5, "x", "Sí")
            written[name] = np.where(people[name] == 1, yes, "no")
        asked = {"yes": ["x", "si"], "no": ["no"]}
        expected = stratify(written, by="place", lists=LISTS, **asked)
        found = stratify(elsewhere(written), by="place", lists=LISTS, **asked)
        assert found == expected
        assert CaptureTable.from_frame(elsewhere(written), lists=LISTS, **asked) == CaptureTable.from_frame(
            people, lists=LISTS
        )
        with pytest.raises(InputError, match=r"list 'press': .*yes=") as told:
            CaptureTable.from_frame(elsewhere(written), lists=LISTS)
        assert told.value.ask_for["no"] == ["no"]

    def test_a_column_that_is_called_like_a_count(self, elsewhere, people):
        rows = people.assign(personas=np.arange(N_ROWS) % 7)
        with pytest.warns(DetcountWarning, match="column 'personas' holds whole numbers") as caught:
            found = CaptureTable.from_frame(elsewhere(rows), lists=LISTS)
        assert [told.filename for told in caught if told.category is DetcountWarning] == [__file__]
        with pytest.warns(DetcountWarning, match="column 'personas' holds whole numbers") as caught:
            stratify(elsewhere(rows), by="place", lists=LISTS)
        assert [told.filename for told in caught if told.category is DetcountWarning] == [__file__]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DetcountWarning)
            assert found.notes == CaptureTable.from_frame(rows, lists=LISTS).notes

    def test_an_identifier_is_checked(self, elsewhere, people):
        rows = people.assign(id=[f"V{k}" for k in range(N_ROWS)])
        found = CaptureTable.from_frame(elsewhere(rows), lists=LISTS, person="id")
        assert (found, found.notes) == (CaptureTable.from_frame(people, lists=LISTS), ())
        rows.loc[7, "id"] = "V5"
        with pytest.raises(InputError, match=r"^person 'id', .*: the same identifier stands twice"):
            CaptureTable.from_frame(elsewhere(rows), lists=LISTS, person="id")
        with pytest.raises(InputError, match=r"expected the unit 'person'"):
            CaptureTable.from_frame(
                elsewhere(rows),
                lists=LISTS,
                person="id",
                definition=Definition(who="detained", unit="detention"),
            )


def test_a_path_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        CaptureTable.from_frame(tmp_path / "none.parquet", lists=LISTS)
    with pytest.raises(
        TypeError, match="frame: expected a pandas, polars or pyarrow frame, rows of an engine"
    ):
        CaptureTable.from_frame(str(tmp_path / "persons.csv"), lists=LISTS)


def test_strata_may_be_the_folders_of_parquet(people, tmp_path):
    for place, rows in people.groupby("place"):
        (tmp_path / f"place={place}").mkdir()
        rows.drop(columns="place").to_parquet(tmp_path / f"place={place}" / "rows.parquet", index=False)
    assert stratify(tmp_path, by="place", lists=LISTS) == stratify(people, by="place", lists=LISTS)


MEMBERSHIPS = {
    "id": ["V1", "V1", "V2", "V3", "V3", "V4", "V5"],
    "source": ["press", "court", "press", "court", "clinic", "court", "court"],
}


def elsewhere_or_read(memberships, **options):
    """The tables of rows that are read, and of rows that are counted where they are."""
    frames = {
        "read": pd.DataFrame(memberships),
        "polars": pl.DataFrame(memberships),
        "polars lazy": pl.DataFrame(memberships).lazy(),
        "duckdb": duck(pd.DataFrame(memberships), Path()),
    }
    return {
        name: CaptureTable.from_memberships(frame, person="id", list="source", **options)
        for name, frame in frames.items()
    }


@pytest.mark.parametrize("options", [{}, {"lists": ["press", "court", "other", "clinic"]}])
@pytest.mark.parametrize("kind", [str, lambda value: int(value[1:]) + 2**40])
def test_memberships_are_counted_where_they_are(options, kind, monkeypatch):
    rows = MEMBERSHIPS | {"id": list(map(kind, MEMBERSHIPS["id"]))}
    expected = CaptureTable.from_memberships(rows, person="id", list="source", **options)
    assert expected.n_observed == 5
    found = elsewhere_or_read(rows, **options)
    assert all(table == expected for table in found.values())

    def read(*_):
        raise AssertionError("rows are read")

    monkeypatch.setattr(Frame, "read", read)
    lazy = pl.DataFrame(rows).lazy()
    assert CaptureTable.from_memberships(lazy, person="id", list="source", **options) == expected


def test_sixty_lists_have_a_bit_each():
    random = np.random.default_rng(3)
    names = [f"list {chr(97 + k // 26)}{chr(97 + k % 26)}" for k in range(60)]
    pairs = random.choice(60 * 40, 700, replace=False)
    rows = {"id": (pairs // 60).tolist(), "source": [names[k % 60] for k in pairs]}
    first, *others = elsewhere_or_read(rows, lists=names).values()
    assert all(table == first for table in others)
