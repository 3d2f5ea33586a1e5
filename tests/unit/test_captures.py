"""Capture tables: what goes in, what is refused and how it is said."""

import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from detcount import CaptureTable, RepeatedCounts
from detcount._numerics import patterns
from detcount.data import capture_groups, captures

# seven persons, three lists, no two lists or histories alike
PEOPLE = {"press": [1, 0, 1, 1, 0, 1, 1], "court": [0, 1, 1, 0, 1, 0, 0], "ngo": [0, 0, 1, 1, 1, 0, 0]}
LISTS = ["press", "court", "ngo"]
EXPECTED = {"100": 3, "010": 1, "111": 1, "101": 1, "011": 1}


def expected():
    return CaptureTable.from_counts(EXPECTED, lists=LISTS)


def pandas_of(dtype):
    frame = pd.DataFrame(PEOPLE)
    return frame.astype(bool).astype(dtype) if "bool" in dtype else frame.astype(dtype)


DTYPES = """
int64 int8 uint16 float32 float64 bool object Int64 boolean Float64 category int64[pyarrow] bool[pyarrow]
Sparse[int]
"""
FRAMES = {
    "dict of lists": PEOPLE,
    "dict of arrays": {name: np.array(values, dtype=np.int8) for name, values in PEOPLE.items()},
    "dict of objects": {name: np.array(values, dtype=object) for name, values in PEOPLE.items()},
    "dict of nullable": {name: pd.array(values, dtype="Int64") for name, values in PEOPLE.items()},
    "dict of masked": {name: np.ma.array(values) for name, values in PEOPLE.items()},
    "dict of mixed": {
        "press": [True, False, 1, 1.0, np.False_, np.int8(1), np.float32(1)],
        "court": PEOPLE["court"],
        "ngo": PEOPLE["ngo"],
    },
    **{f"pandas {dtype}": pandas_of(dtype) for dtype in DTYPES.split()},
    "pandas shuffled index": pd.DataFrame(PEOPLE, index=[3, 3, 1, 0, 9, 9, 2]),
    "pandas more columns": pd.DataFrame({"name": list("tuvwxyz"), **PEOPLE}),
    "polars int": pl.DataFrame(PEOPLE),
    "polars bool": pl.DataFrame(PEOPLE).cast(pl.Boolean),
    "polars float": pl.DataFrame(PEOPLE).cast(pl.Float64),
    "polars lazy": pl.LazyFrame(PEOPLE).with_columns(pl.lit("secret").alias("name")),
    "polars chunks": pl.concat([pl.DataFrame(PEOPLE)[:3], pl.DataFrame(PEOPLE)[3:]], rechunk=False),
    "pyarrow int": pa.table(PEOPLE),
    "pyarrow bool": pa.table({name: pa.array(values).cast(pa.bool_()) for name, values in PEOPLE.items()}),
    "pyarrow chunks": pa.concat_tables([pa.table(PEOPLE)[:3], pa.table(PEOPLE)[3:]]),
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES.keys())
def test_every_kind_of_frame_gives_the_same_table(frame):
    assert CaptureTable.from_frame(frame, lists=LISTS) == expected()


def test_rows_beyond_one_slice_are_all_read(monkeypatch):
    monkeypatch.setattr(patterns, "TUNING", replace(patterns.TUNING, chunk=3))
    for frame in (pd.DataFrame(PEOPLE), pl.DataFrame(PEOPLE), pa.table(PEOPLE)):
        assert CaptureTable.from_frame(frame, lists=LISTS) == expected()


PAIRS = [
    (person, name)
    for person, marks in enumerate(zip(*PEOPLE.values(), strict=True))
    for name, mark in zip(LISTS, marks, strict=True)
    if mark
]
MEMBERSHIPS = {"person": [f"p{person}" for person, _ in PAIRS], "source": [name for _, name in PAIRS]}
MEMBERSHIP_FRAMES = {
    "dict": MEMBERSHIPS,
    "dict of text arrays": {name: np.array(values) for name, values in MEMBERSHIPS.items()},
    "dict of numbers": {**MEMBERSHIPS, "person": [person for person, _ in PAIRS]},
    "pandas": pd.DataFrame(MEMBERSHIPS),
    "pandas object": pd.DataFrame(MEMBERSHIPS, dtype=object),
    "pandas string": pd.DataFrame(MEMBERSHIPS, dtype="string"),
    "pandas category": pd.DataFrame(MEMBERSHIPS).astype("category"),
    "pandas unused category": pd.DataFrame(MEMBERSHIPS).assign(
        source=pd.Categorical(MEMBERSHIPS["source"], categories=["nobody", *LISTS])
    ),
    "pandas arrow": pd.DataFrame(MEMBERSHIPS).astype(pd.ArrowDtype(pa.string())),
    "pandas dates": pd.DataFrame(MEMBERSHIPS).assign(
        person=[pd.Timestamp("2026-01-01") + pd.Timedelta(days=person) for person, _ in PAIRS]
    ),
    "polars": pl.DataFrame(MEMBERSHIPS),
    "polars lazy": pl.LazyFrame(MEMBERSHIPS),
    "polars category": pl.DataFrame(MEMBERSHIPS).with_columns(pl.col("source").cast(pl.Categorical)),
    "polars unused category": pl.DataFrame(MEMBERSHIPS).with_columns(
        pl.col("source").cast(pl.Enum(["nobody", *LISTS]))
    ),
    "polars chunks": pl.concat([pl.DataFrame(MEMBERSHIPS)[:3], pl.DataFrame(MEMBERSHIPS)[3:]], rechunk=False),
    "pyarrow": pa.table(MEMBERSHIPS),
    "pyarrow chunks": pa.concat_tables([pa.table(MEMBERSHIPS)[:3], pa.table(MEMBERSHIPS)[3:]]),
}


@pytest.mark.parametrize("frame", MEMBERSHIP_FRAMES.values(), ids=MEMBERSHIP_FRAMES.keys())
def test_every_kind_of_memberships_gives_the_same_table(frame):
    table = CaptureTable.from_memberships(frame, person="person", list="source", lists=LISTS)
    assert table == expected()


LONG_KINDS = ("pandas", "pandas object", "pandas string", "pandas arrow", "pyarrow", "pyarrow chunks")


@pytest.mark.parametrize("kind", LONG_KINDS)
def test_long_memberships_as_text_are_counted_by_polars(kind, monkeypatch):
    def unread(*_):
        raise AssertionError("the rows were read one by one")

    monkeypatch.setattr(capture_groups, "_LONG", 1)
    monkeypatch.setattr(captures, "memberships", unread)
    frame = MEMBERSHIP_FRAMES[kind]
    table = CaptureTable.from_memberships(frame, person="person", list="source", lists=LISTS)
    assert table == expected()
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(AssertionError, match="one by one"):
        CaptureTable.from_memberships(frame, person="person", list="source", lists=LISTS)


def test_polars_memberships_need_no_pyarrow(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ImportError):
        pl.Series(["a"]).to_arrow()
    frame = pl.DataFrame(MEMBERSHIPS)
    table = CaptureTable.from_memberships(frame, person="person", list="source", lists=LISTS)
    assert table == expected()


def test_the_parts_of_a_table():
    table = expected()
    assert table.n_lists == 3
    assert table.n_observed == 7
    assert table.list_sizes == {"press": 5, "court": 3, "ngo": 3}
    assert table.exclusives == {"press": 3, "court": 1, "ngo": 0}
    assert table.capture_frequencies.tolist() == [4, 2, 1]
    assert table.overlap("ngo", "press") == 2
    assert table.overlap("court") == 3
    assert table.overlap("court", "court") == 3
    assert table.codes.tolist() == [2, 6, 1, 5, 7]  # list k is bit k; sorted by the first list first
    assert table.dense().tolist() == [3, 1, 0, 0, 1, 1, 1]
    assert repr(table) == "<CaptureTable: 7 persons on 3 lists (press, court, ngo), 5 capture histories>"
    alone = CaptureTable.from_counts({"10": 1}, lists=["press", "court"])
    assert repr(alone) == "<CaptureTable: 1 person on 2 lists (press, court), 1 capture history>"


def test_counts_that_overflow_are_refused_and_not_wrapped():
    large = CaptureTable(("press", "court"), [[1, 0], [0, 1]], [10**11, 3])
    assert large.n_observed == 10**11 + 3
    assert large.capture_frequencies.tolist() == [10**11 + 3, 0]


def test_sixty_lists():
    names = [f"list {k}" for k in range(60)]
    rng = np.random.default_rng(20)
    persons = rng.random((5000, 60)) < 0.05
    persons[~persons.any(axis=1), 59] = True
    table = CaptureTable.from_frame(dict(zip(names, persons.T, strict=True)), lists=names)
    seen, counts = np.unique(persons, axis=0, return_counts=True)
    assert np.array_equal(table.histories, seen)
    assert np.array_equal(table.counts, counts)
    assert table.list_sizes["list 59"] == persons[:, 59].sum()
    assert table.overlap("list 0", "list 59") == (persons[:, 0] & persons[:, 59]).sum()
    assert table.keep(names[55:]).n_observed == persons[:, 55:].any(axis=1).sum()
    long = {"person": np.nonzero(persons)[0], "source": np.array(names)[np.nonzero(persons)[1]]}
    assert CaptureTable.from_memberships(long, person="person", list="source", lists=names) == table


def test_a_frame_out_and_in_again():
    table = expected()
    frame = table.to_frame()
    assert list(frame.columns) == [*LISTS, "count"]
    assert CaptureTable.from_frame(frame, lists=LISTS, count="count") == table
    frame.loc[0, "count"] = 99  # the frame is the caller's own
    assert table == expected()


def test_a_table_cannot_be_changed():
    histories = np.array([[1, 0], [0, 1]], dtype=np.uint8)
    counts = np.array([3, 4])
    table = CaptureTable(("press", "court"), histories, counts)
    histories[0, 0], counts[0] = 0, 99  # the caller's arrays stay the caller's
    assert table.counts.tolist() == [4, 3]
    for array in (table.histories, table.counts, table.codes):
        with pytest.raises(ValueError, match=r"read-only"):
            array[0] = 1
    with pytest.raises(AttributeError, match=r"cannot assign"):
        table.lists = ("a", "b")
    assert table.dense().flags.writeable  # a copy


def test_equality_is_of_names_histories_and_counts():
    table = expected()
    assert table != CaptureTable.from_counts(EXPECTED, lists=["press", "court", "union"])
    assert table != CaptureTable.from_counts({**EXPECTED, "111": 2}, lists=LISTS)
    assert table != "a table"
    assert len({table, expected()}) == 1


def test_the_digest_is_the_same_everywhere():
    # computed once; a change is a change of what every record says of the data
    assert expected().digest == "fdad9fe1d417c1b5588196384e0d4aadbeb2b7fc3faabc59986a74422cf3fad0"
    assert expected().digest != expected().keep(["court", "press", "ngo"]).digest
    shuffled = CaptureTable.from_frame(pd.DataFrame(PEOPLE)[::-1][["ngo", "press", "court"]], lists=LISTS)
    assert shuffled.digest == expected().digest
    joined = CaptureTable.from_counts({"10": 4}, lists=["a", "b"])
    assert joined.digest != CaptureTable.from_counts({"10": 4}, lists=['a", "b', "c"]).digest


def test_repeated_counts_from_each_door():
    one = RepeatedCounts.from_frequencies({1: 54, 4: 3, 2: 17, 9: 0})
    assert one == RepeatedCounts.from_frequencies([54, 17, 0, 3, 0])
    assert one == RepeatedCounts.from_persons(pd.Series([1] * 54 + [4] * 3 + [2] * 17))
    assert one == RepeatedCounts([4, 1, 2], [3, 54, 17])
    assert one.n_observed == 74
    assert one.digest == RepeatedCounts([1, 4, 2], [54, 3, 17]).digest != RepeatedCounts([1], [1]).digest
    assert not one.counts.flags.writeable
    assert one.frequencies.tolist() == [54, 17, 0, 3]
    assert one.times.tolist() == [1, 2, 4]
    assert repr(one) == "<RepeatedCounts: 74 persons named up to 4 times>"
    assert repr(RepeatedCounts([1], [1])) == "<RepeatedCounts: 1 person named up to 1 time>"
