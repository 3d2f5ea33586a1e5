"""Published counts: what the constructors refuse, what was known when, and the tables about it."""

import datetime as dt
import pickle
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pytest

from detcount import PublishedReleases, datasets
from detcount.errors import InputError
from detcount.published import PublishedArrests, PublishedStock

# asymmetric: no two rows, sources or days alike
COLUMNS = {
    "published": ["2026-01-12", "2026-01-12", "2026-01-14", "2026-01-12", "2026-01-13"],
    "source": ["ministry", "monitor", "monitor", "monitor", "press"],
    "role": ["announced", "verified", "verified", "verified", "reported"],
    "start": [None, "2026-01-08", "2026-01-08", "2026-01-08", "2026-01-07"],
    "end": ["2026-01-12", "2026-01-12", "2026-01-14", "2026-01-12", None],
    "count": [116, 41, 84, 56, 56],
    "at_least": [False, True, False, False, None],
    "event": ["lot", "lot", "lot", "lot", "lot"],
    "measure": ["exit", "exit", "exit", "exit", ""],
    "note": ["no list", "", "evening", "night", None],
}


def with_cell(column, row, value):
    cells = list(COLUMNS[column])
    cells[row] = value
    return {**COLUMNS, column: cells}


def reports(**columns):
    return PublishedReleases.from_frame({**COLUMNS, **columns})


def test_a_column_with_several_values_a_row_is_refused():
    with pytest.raises(InputError, match=r"column 'count': expected one value a row, got shape \(2, 1\)"):
        PublishedReleases.from_frame({**COLUMNS, "count": np.array([[1], [2]])})


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
    assert reports(count=[0, 41.0, Decimal(84), np.int32(56), np.uint8(56)]).count.tolist() == [
        0,
        41,
        56,
        56,
        84,
    ]


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
    assert reports().as_of(pd.Timestamp(day)) == reports().as_of(day)


def test_as_of_before_the_first_count_says_when_it_was():
    with pytest.raises(InputError, match=r"as_of 2026-01-11: nothing .* first count is of 2026-01-12"):
        reports().as_of("2026-01-11")
    assert reports().as_of("2199-12-31") == reports()


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


# --- slips of the pen at the door


def test_today_has_come_everywhere_on_earth():
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    assert PublishedReleases.from_frame(with_cell("published", 2, tomorrow)).last_published == tomorrow
    with pytest.raises(InputError, match="a day that has come"):
        PublishedReleases.from_frame(with_cell("published", 2, tomorrow + dt.timedelta(days=2)))
