"""Published counts: which row, day and number a table or a message names, where first and last differ."""

import dataclasses

import numpy as np
import pytest

from cases import tables
from detcount import PublishedReleases
from detcount.errors import InputError

TABLES = tables("published_places")

ROW = TABLES["row"]


def made(*changes, **columns):
    """One row for each set of changes; whole columns as they are given."""
    rows = [{**ROW, **change} for change in changes]
    return PublishedReleases.from_frame({name: [row[name] for row in rows] for name in ROW} | columns)


THREE = ({}, {"published": "2025-03-07", "count": 43}, {"published": "2025-03-11", "count": 55})


@pytest.mark.parametrize("counts", [np.array([40, -3, 55]), np.array([40.0, 2.5, 55.0])])
def test_a_count_in_an_array_is_whole_and_not_negative(counts):
    with pytest.raises(InputError, match="count, data row 2: expected"):
        made(*THREE, count=counts)
    with pytest.raises(InputError, match="count, data row 2: expected"):
        dataclasses.replace(made(*THREE), count=counts)


def test_counts_of_whatever_kind_of_array_are_the_same():
    kinds = [np.int16, np.uint16, np.int64, np.uint64, np.float64]
    read = [made(*THREE, count=np.array([40, 43, 55], dtype=kind)).count for kind in kinds]
    assert all(counts.tolist() == [40, 43, 55] for counts in read)
    assert {counts.dtype.name for counts in read} == {"int64"}


def test_the_first_of_two_missing_days_is_named():
    with pytest.raises(InputError, match="published, data row 2: the day is missing"):
        made(*THREE, published=["2025-03-05", None, None])


@pytest.mark.parametrize("rows", [[-99, 0], [0, 3], [-4]])
def test_rows_that_are_not_there_are_refused(rows):
    with pytest.raises(InputError, match="rows: expected numbers below 3"):
        made(*THREE).where(rows)
    assert made(*THREE).where([-3, 2]).count.tolist() == [40, 55]


def test_days_in_tables_are_days_also_where_there_is_no_row():
    several = made({}, {"event": "spring", "count": 33, "end": "2025-03-09"}, {"start": None, "count": 70})
    for table in (several.conflicts(), made({}).conflicts(), several.to_frame()):
        days = [
            name for name in table if name in {"published", "start", "end"} or name.endswith("_published")
        ]
        assert days
        assert {str(table[name].dtype) for name in days} == {"datetime64[s]"}


def test_the_first_of_two_days_outside_all_calendars_is_named():
    days = np.array(["2025-03-05", "0025-03-07", "9025-03-11"], dtype="datetime64[D]")
    with pytest.raises(InputError, match="published, data row 2: expected"):
        dataclasses.replace(made(*THREE), published=days)


@pytest.mark.parametrize("column", ["source", "note", "published", "count"])
def test_a_word_is_no_column(column):
    values = {"count": "403", "published": "2025-03-05"}.get(column, "ABC")
    with pytest.raises(InputError, match=f"{column}.*: expected"):
        dataclasses.replace(made(*THREE), **{column: values})
