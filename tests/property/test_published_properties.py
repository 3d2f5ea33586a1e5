"""Published releases: nothing crashes on any part of the real series, and the tables add up."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detcount import PublishedReleases, datasets
from detcount.errors import InputError
from detcount.published.conflicts import conflicts
from detcount.published.counterparts import counterparts
from detcount.published.reading import MOST_ALIVE

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


@settings(max_examples=25)
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
    pairs = reports.counterparts()
    assert set(pairs["definitions"].dropna()) <= {"same", "unknown", "different"}
    assert len(reports.announcements()) == reports.role.count("announced")
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


@st.composite
def mixed_days(draw: st.DrawFn) -> tuple[PublishedReleases, PublishedReleases]:
    """Some rows of the shipped series, and the same with its days in another order, each day as it was."""
    rows = draw(st.lists(st.integers(0, len(FRAME) - 1), min_size=1, max_size=25, unique=True))
    part = FRAME.iloc[sorted(rows)]
    places = draw(st.permutations(range(part["published"].nunique())))
    place = part["published"].map(dict(zip(part["published"].unique(), places, strict=True)))
    mixed = part.iloc[np.argsort(place.to_numpy(), kind="stable")]
    return PublishedReleases.from_frame(part), PublishedReleases.from_frame(mixed)


@settings(max_examples=15)
@given(mixed_days())
def test_the_order_of_days_in_a_file_changes_nothing(
    pair: tuple[PublishedReleases, PublishedReleases],
) -> None:
    one, other = pair
    assert one == other
    assert conflicts(one) == conflicts(other)
    assert counterparts(one) == counterparts(other)


@settings(max_examples=15)
@given(st.data())
def test_within_a_day_the_hour_decides_and_not_the_row(data: st.DataObject) -> None:
    hours = data.draw(st.lists(st.integers(1, 23), min_size=2, max_size=6, unique=True))
    counts = {hour: 10 + k for k, hour in enumerate(data.draw(st.permutations(hours)))}
    frame = pd.DataFrame(
        {
            "published": [f"2026-01-12 {hour:02d}:00" for hour in hours],
            "source": "monitor",
            "role": "verified",
            "start": "2026-01-08",
            "end": "2026-01-12",
            "count": [counts[hour] for hour in hours],
        }
    )
    read = PublishedReleases.from_frame(frame)
    assert read.count.tolist() == [counts[hour] for hour in sorted(hours)]
    mixed = frame.iloc[list(data.draw(st.permutations(range(len(frame)))))]
    assert PublishedReleases.from_frame(mixed) == read
    by_row = PublishedReleases.from_frame(frame.assign(published="2026-01-12"))
    assert by_row.count.tolist() == frame["count"].tolist()


@given(st.lists(st.integers(0, MOST_ALIVE - 1), min_size=1, max_size=5), st.booleans())
def test_no_count_is_too_large_to_compare(counts: list[int], announced: bool) -> None:
    n = len(counts)
    made = PublishedReleases.from_frame(
        {
            "published": ["2026-01-12"] * n,
            "source": [f"body {k % 2}" for k in range(n)],
            "role": ["announced" if announced and k % 2 else "verified" for k in range(n)],
            "start": [None if k % 3 else "2026-01-11" for k in range(n)],
            "end": [None if k % 2 else "2026-01-11" for k in range(n)],
            "count": counts,
            "event": ["" if k % 4 else "lot" for k in range(n)],
        }
    )
    assert all(found.first < found.second for found in conflicts(made))
    pairs = counterparts(made)
    assert len(pairs) <= made.role.count("announced")
    assert all(pair.verified is None or pair.verified.silent_days >= 0 for pair in pairs)
    assert len(made.announcements()) == made.role.count("announced")
