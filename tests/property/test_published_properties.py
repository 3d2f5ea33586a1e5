"""Published releases: nothing crashes on any part of the real series, and the tables add up."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detcount import PublishedReleases, datasets
from detcount.errors import InputError

SHIPPED = datasets.load("venezuela_releases")
FRAME = SHIPPED.to_frame()
FIRST, LAST = SHIPPED.first_published, SHIPPED.last_published


@st.composite
def subsamples(draw: st.DrawFn) -> PublishedReleases:
    """Some rows of the shipped series, shuffled, and cut off on some day."""
    rows = draw(st.lists(st.integers(0, len(FRAME) - 1), min_size=1, max_size=len(FRAME), unique=True))
    made = PublishedReleases.from_frame(FRAME.iloc[rows])
    day = draw(st.dates(made.first_published, LAST + dt.timedelta(days=9)))
    return made.as_of(day)


@given(subsamples())
def test_no_part_of_the_series_crashes(reports: PublishedReleases) -> None:
    windows = reports.windows()
    assert windows["n_counts"].sum() == len(reports)
    followed = pd.concat([reports.successive(source) for source in reports.sources])
    assert sorted(followed["row"]) == list(range(len(reports)))
    for _, group in followed.groupby(["event", "role"]):
        assert (group["increment"].isna() | (group["days"] >= 0)).all()
    conflicts = reports.conflicts()
    assert (conflicts["first_row"] < conflicts["second_row"]).all()
    assert (conflicts["second_row"] < len(reports)).all()
    assert set(conflicts["kind"]) <= {"update", "correction", "contradiction"}
    reports.restatements()
    assert PublishedReleases.from_frame(reports.to_frame()) == reports
    assert repr(reports).startswith("<PublishedReleases: ")


@given(subsamples(), st.dates(FIRST - dt.timedelta(days=20), LAST + dt.timedelta(days=20)))
def test_what_is_known_only_grows(reports: PublishedReleases, day: dt.date) -> None:
    if day < reports.first_published:
        with pytest.raises(InputError, match=str(reports.first_published)):
            reports.as_of(day)
        return
    known = reports.as_of(day)
    later = reports.as_of(day + dt.timedelta(days=3))
    assert len(known) <= len(later) <= len(reports)
    assert later.where(np.arange(len(known))) == known
    assert known.last_published <= day


@given(subsamples())
def test_increments_of_a_series_add_up(reports: PublishedReleases) -> None:
    for source in reports.sources:
        for _, group in reports.successive(source).groupby(["event", "role"]):
            last, first = int(group["count"].iloc[-1]), int(group["count"].iloc[0])
            assert first + int(group["increment"].sum()) == last


@given(st.permutations(range(7)))
def test_the_order_of_days_is_not_that_of_rows(order: list[int]) -> None:
    # seven rows of seven days: whatever the order of the frame, one table comes out
    one_a_day = FRAME.drop_duplicates("published").head(7)
    assert PublishedReleases.from_frame(one_a_day.iloc[list(order)]) == PublishedReleases.from_frame(
        one_a_day
    )
