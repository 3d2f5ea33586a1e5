"""Published releases: nothing crashes on any part of the real series, and the tables add up."""

import datetime as dt
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detcount import PublishedReleases, datasets
from detcount.errors import InputError
from detcount.published.conflicts import conflicts
from detcount.published.counts import counts_of, differences, kinds_of
from detcount.published.events import events_of
from detcount.published.reading import MOST_ALIVE

SHIPPED = datasets.load("venezuela_releases")
FRAME = SHIPPED.to_frame()
FIRST, LAST = SHIPPED.first_published, SHIPPED.last_published


@st.composite
def subsamples(draw):
    """Some rows of the shipped series, shuffled, and cut off on some day."""
    rows = draw(st.lists(st.integers(0, len(FRAME) - 1), min_size=1, max_size=len(FRAME), unique=True))
    made = PublishedReleases.from_frame(FRAME.iloc[rows])
    day = draw(st.dates(made.first_published, LAST + dt.timedelta(days=9)))
    return made.as_of(day)


@settings(max_examples=25)
@given(subsamples())
def test_no_part_of_the_series_crashes(reports):
    events = events_of(reports)
    rows = [each.row for event in events for each in (*event.announced, *event.verified, *event.reported)]
    assert len(set(rows)) == len(rows)
    for event in events:
        assert event.bounds is None or event.bounds[1] is None or event.bounds[0] <= event.bounds[1]
        for part in event.parts:
            assert 0 < part.covered <= part.days
            days = [(each.start, each.last) for each in part.counts]
            assert all(one[1] < other[0] for one, other in pairwise(days))
    conflicts = reports.conflicts()
    assert (conflicts["first_row"] < conflicts["second_row"]).all()
    assert (conflicts["second_row"] < len(reports)).all()
    assert set(conflicts["kind"]) <= {"update", "correction", "contradiction"}
    assert len(kinds_of(counts_of(reports))) == reports.role.count("announced")
    assert PublishedReleases.from_frame(reports.to_frame()) == reports
    assert repr(reports).startswith("<PublishedReleases: ")


@given(subsamples(), st.dates(FIRST - dt.timedelta(days=20), LAST + dt.timedelta(days=20)))
def test_what_is_known_only_grows(reports, day):
    if day < reports.first_published:
        with pytest.raises(InputError, match=str(reports.first_published)):
            reports.as_of(day)
        return
    known = reports.as_of(day)
    later = reports.as_of(day + dt.timedelta(days=3))
    assert len(known) <= len(later) <= len(reports)
    assert later.where(np.arange(len(known))) == known
    assert known.last_published <= day


@st.composite
def mixed_days(draw):
    """Some rows of the shipped series, and the same with its days in another order, each day as it was."""
    rows = draw(st.lists(st.integers(0, len(FRAME) - 1), min_size=1, max_size=25, unique=True))
    part = FRAME.iloc[sorted(rows)]
    places = draw(st.permutations(range(part["published"].nunique())))
    place = part["published"].map(dict(zip(part["published"].unique(), places, strict=True)))
    mixed = part.iloc[np.argsort(place.to_numpy(), kind="stable")]
    return PublishedReleases.from_frame(part), PublishedReleases.from_frame(mixed)


@settings(max_examples=15)
@given(mixed_days())
def test_the_order_of_days_in_a_file_changes_nothing(pair):
    one, other = pair
    assert one == other
    assert conflicts(one) == conflicts(other)
    assert events_of(one) == events_of(other)


WRITTEN = {  # a moment as text, as Python's, as numpy's, and in a column of such
    "text": lambda moments: [f"{moment:%Y-%m-%d %H:%M:%S}" for moment in moments],
    "datetime": lambda moments: pd.Series(moments, dtype=object),
    "datetime64": lambda moments: pd.Series([*map(np.datetime64, moments)], dtype=object),
    "column": pd.to_datetime,
}


@pytest.mark.parametrize("written", WRITTEN)
@settings(max_examples=15)
@given(st.data())
def test_within_a_day_the_hour_decides_and_not_the_row(written, data):
    seconds = st.one_of(st.integers(1, 59), st.integers(1, 86_399))
    hours = data.draw(st.lists(seconds, min_size=2, max_size=6, unique=True))
    counts = {hour: 10 + k for k, hour in enumerate(data.draw(st.permutations(hours)))}
    midnight = dt.datetime(2026, 1, 12)  # noqa: DTZ001
    frame = pd.DataFrame(
        {
            "published": WRITTEN[written]([midnight + dt.timedelta(seconds=hour) for hour in hours]),
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
    place = data.draw(st.integers(0, len(frame)))  # midnight is no hour: such a row keeps its place
    none = frame.iloc[[0]].assign(published=WRITTEN[written]([midnight]), count=99)
    with_none = pd.concat([frame[:place], none, frame[place:]])
    assert PublishedReleases.from_frame(with_none).count[place] == 99
    by_row = PublishedReleases.from_frame(frame.assign(published="2026-01-12"))
    assert by_row.count.tolist() == frame["count"].tolist()


@given(st.lists(st.integers(0, MOST_ALIVE - 1), min_size=1, max_size=5), st.booleans())
def test_no_count_is_too_large_to_compare(counts, announced):
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
    assert sum(each.count for event in events_of(made) for each in event.verified) <= sum(counts)
    assert all(each.count >= 0 for each in differences(counts_of(made)))
    assert len(kinds_of(counts_of(made))) == made.role.count("announced")
