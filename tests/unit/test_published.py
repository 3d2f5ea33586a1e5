"""Published counts: what is refused, what was known when, what a release is, the tables about it."""

import datetime as dt
import pickle
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pytest

from cases import tables
from detcount import PublishedReleases, datasets
from detcount.data.published import PublishedArrests, PublishedStock
from detcount.data.published.counts import MEASURES, measure_of, measures
from detcount.errors import InputError

TABLES = tables("published")
COLUMNS = TABLES["columns"]


def with_cell(column, row, value):
    cells = list(COLUMNS[column])
    cells[row] = value
    return {**COLUMNS, column: cells}


def reports(**columns):
    return PublishedReleases.from_frame({**COLUMNS, **columns})


def test_a_frame_read_back_is_the_same():
    made = reports()
    assert PublishedReleases.from_frame(made.to_frame()) == made
    assert PublishedReleases.from_frame(pl.from_pandas(made.to_frame())) == made
    assert list(made.to_frame().columns)[:3] == ["published", "source", "role"]
    stock = datasets.load("venezuela_stock")
    assert PublishedStock.from_frame(stock.to_frame()) == stock
    arrests = datasets.load("venezuela_arrests")
    assert PublishedArrests.from_frame(arrests.to_frame()) == arrests


def test_copies_and_pickles_stay_read_only():
    given = np.array(COLUMNS["count"])
    made = PublishedReleases.from_frame({**COLUMNS, "count": given})
    given[0] = 1
    assert made.count[0] == 116
    again = pickle.loads(pickle.dumps(made))
    assert again == made
    for table in (made, again):
        with pytest.raises(ValueError, match="read-only"):
            table.count[0] = 3
        with pytest.raises(AttributeError, match="cannot assign"):
            table.count = given


def test_zero_and_decimals_that_are_whole_are_counts():
    given = [0, 41.0, Decimal(84), np.int32(56), np.uint8(56)]
    assert reports(count=given).count.tolist() == [0, 41, 56, 56, 84]


@pytest.mark.parametrize(
    "day",
    [
        "2026-01-13",
        dt.date(2026, 1, 13),
        pd.Timestamp("2026-01-13 23:59").to_pydatetime(),
        np.datetime64("2026-01-13T05"),
    ],
)
def test_as_of_keeps_what_was_known(day):
    assert reports().as_of(day).count.tolist() == [116, 41, 56, 56]
    assert reports().as_of(pd.Timestamp(day)) == reports().as_of(day) != reports().as_of("2199-12-31")


def test_where_takes_masks_and_numbers():
    made = reports()
    assert made.where(np.array(made.role) == "verified").count.tolist() == [41, 56, 84]
    assert made.where([4, 0]).count.tolist() == [116, 84]
    assert made.where([-1]).count.tolist() == [84]
    assert made.where(np.array([True] * 5)) == made


def test_stock_keeps_two_figures_for_one_day():
    stock = datasets.load("venezuela_stock")
    assert stock.on("2025-09-08") == (823, 816)
    assert stock.on("2025-09-09") == ()
    assert stock.last_date == dt.date(2026, 1, 28)
    assert np.isnan(stock.entered_in_week).sum() == 51 - 14
    assert stock.as_of("2024-09-30").count.tolist() == [1793]
    columns = {"date": ["2025-01-01"], "source": ["A"], "role": ["verified"], "count": [7]}
    for name in ("entered_in_week", "released_in_week"):
        assert np.isnan(getattr(PublishedStock.from_frame(columns), name)).all()


def test_today_has_come_everywhere_on_earth():
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    assert PublishedReleases.from_frame(with_cell("published", 2, tomorrow)).last_published == tomorrow
    with pytest.raises(InputError, match="a day that has come"):
        PublishedReleases.from_frame(with_cell("published", 2, tomorrow + dt.timedelta(days=2)))


ROW = TABLES["row"]


def made(*changes, **columns):
    """One row for each set of changes; whole columns as they are given."""
    rows = [{**ROW, **change} for change in changes]
    return PublishedReleases.from_frame({name: [row[name] for row in rows] for name in ROW} | columns)


THREE = ({}, {"published": "2025-03-07", "count": 43}, {"published": "2025-03-11", "count": 55})


def test_counts_of_whatever_kind_of_array_are_the_same():
    kinds = [np.int16, np.uint16, np.int64, np.uint64, np.float64]
    read = [made(*THREE, count=np.array([40, 43, 55], dtype=kind)).count for kind in kinds]
    assert all(counts.tolist() == [40, 43, 55] for counts in read)
    assert {counts.dtype.name for counts in read} == {"int64"}


def test_days_in_tables_are_days_also_where_there_is_no_row():
    several = made({}, {"event": "spring", "count": 33, "end": "2025-03-09"}, {"start": None, "count": 70})
    for table in (several.conflicts(), made({}).conflicts(), several.to_frame()):
        days = [
            name for name in table if name in {"published", "start", "end"} or name.endswith("_published")
        ]
        assert days
        assert {str(table[name].dtype) for name in days} == {"datetime64[s]"}


@pytest.mark.parametrize(("text", "who", "release"), TABLES["words_of_a_measure"])
def test_words_of_a_measure(text, who, release):
    found = measure_of(text)
    assert (found.who, found.release) == (who, release)
    assert found.read_in == ("" if who == "unknown" else "measure")


def test_what_is_stated_is_read_as_itself():
    assert [(measure_of(text).who, measure_of(text).release) for text in MEASURES] == [
        ("all", True),
        ("political", True),
        ("unknown", False),
    ]


@pytest.mark.parametrize(
    ("measure", "note", "who", "read_in"), TABLES["a_note_is_read_where_the_measure_says_nothing"]
)
def test_a_note_is_read_where_the_measure_says_nothing(measure, note, who, read_in):
    found = measure_of(measure, note)
    assert (found.who, found.read_in) == (who, read_in)


def rows(measure, note, source):
    n = len(measure)
    columns = {
        "published": [f"2025-01-1{k}" for k in range(n)],
        "source": source,
        "role": ["announced"] * n,
        "start": ["2025-01-09"] * n,
        "end": [None] * n,
        "count": [7 + k for k in range(n)],
        "measure": measure,
        "note": note,
    }
    return PublishedReleases.from_frame(columns)


def test_what_one_count_notes_holds_for_all_of_its_source_in_the_same_words():
    read = measures(rows(["exit"] * 4, ["all offences", "", "", ""], ["court", "court", "monitor", "ngo"]))
    assert [(found.who, found.read_in) for found in read] == [("all", "note")] * 2 + [("unknown", "")] * 2
    torn = measures(rows(["exit"] * 3, ["all offences", "political prisoners only", ""], ["court"] * 3))
    assert [found.who for found in torn] == ["all", "political", "unknown"]


def test_a_stated_mapping_takes_the_place_of_words():
    reports = rows(["exit", "exit", "review"], ["", "", ""], ["court", "court", "court"])
    stated = reports.with_measures({"exit": "political prisoners"})
    assert [found.who for found in measures(stated)] == ["political", "political", "unknown"]
    assert stated.measure == ("political prisoners", "political prisoners", "review")
    assert stated.digest != reports.digest
    assert reports.with_measures({}) == reports


def test_the_shipped_series_does_not_say_whom_it_counts():
    reports = datasets.load("venezuela_releases")
    read = measures(reports)
    assert {found.who for found in read} == {"unknown"}
    reviews = {reports.source[row] for row, found in enumerate(read) if not found.release}
    assert reviews == {"Public Ministry / Attorney General"}
    said = str(reports.summary())
    assert f"The last 20 of {len(reports)} counts stand here." in said
    assert said.count("\n20") == 20  # a day at the beginning of each row
