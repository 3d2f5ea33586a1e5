"""Published releases: nothing crashes on any part of the real series, and the tables add up."""

import csv
import datetime as dt
import io
import json
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detcount import PublishedReleases, assess_releases, datasets
from detcount.data.published.conflicts import conflicts
from detcount.data.published.counts import counts_of, differences, kinds_of
from detcount.data.published.events import events_of
from detcount.data.published.reading import MOST_ALIVE
from detcount.errors import InputError

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
    assert sorted(each.row for event in events for each in event.counts) == [*range(len(reports))]
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


@st.composite
def files(draw):
    """Rows of a file as somebody may write it: lots, totals, corrections, parts, names and none, blanks."""
    first, rows = dt.date(2026, 3, 1), []
    for _ in range(draw(st.integers(1, 9))):
        role = draw(st.sampled_from(["announced", "verified", "verified", "reported"]))
        start = first + dt.timedelta(draw(st.integers(0, 8)))
        end = start + dt.timedelta(draw(st.sampled_from([0, 0, 1, 2, 5, 9])))
        rows.append(
            {
                "published": str(end + dt.timedelta(draw(st.sampled_from([0, 1, 1, 4])))),
                "source": draw(st.sampled_from(["M", "AG"] if role == "announced" else ["FP", "JEP"])),
                "role": role,
                "start": draw(st.sampled_from([str(start)] * 7 + [""])),
                "end": draw(st.sampled_from([str(end)] * 7 + [""])),
                "count": draw(st.integers(0, 99)),
                "at_least": draw(st.sampled_from([False, False, False, True])),
                "event": draw(st.sampled_from(["", "", "", "x", "y"])),
                "measure": draw(
                    st.sampled_from(["release", "release", "custody review", "political prisoners"])
                ),
                "note": draw(st.sampled_from(["", "", "", "partial", "approximate", "of the 50 announced"])),
            }
        )
    return rows, draw(st.permutations(range(len(rows))))


def read(rows):
    columns = {name: [row[name] or None for row in rows] for name in rows[0]}
    texts = {name: [row[name] for row in rows] for name in ("count", "at_least", "event", "measure", "note")}
    return PublishedReleases.from_frame(columns | texts)


def accounted(table, rows):
    """Hold a table as it was written against the file: each row once, in one event, with its own figures.

    It knows nothing of the library: names of columns, text, and counting.
    """
    counts = [line for line in table if line["row"]]
    assert sorted(int(line["row"]) for line in counts) == [*range(1, len(rows) + 1)]
    names = ("published", "source", "role", "start", "end", "count", "at_least")
    found = sorted(tuple(line[name] for name in names) for line in counts)
    assert found == sorted(tuple(str(row[name]) for name in names) for row in rows)
    for number in {line["event_number"] for line in table}:
        of = [line for line in table if line["event_number"] == number]
        kinds = [line["quantity"] for line in of]
        assert kinds.count("least and most") <= 1
        verified = [line for line in of if line["quantity"] in ("verified", "verified, in parts")]
        for line in (line for line in of if line["quantity"] == "least and most"):
            assert "announced" in kinds
            assert float(line["low"]) == max([0, *(int(each["count"]) for each in verified)])
        for line in (line for line in of if line["quantity"] == "verified, in parts"):
            inside = [
                int(row["count"])
                for row in rows
                if (row["source"], row["role"]) == (line["source"], "verified") and row["start"]
            ]
            assert int(line["count"]) <= sum(inside)


def as_text(value):
    return "" if value is None else str(value)


@settings(max_examples=15)
@given(files())
def test_every_row_stands_once_in_one_event_in_every_format_and_in_any_order(file):
    rows, order = file
    found = assess_releases(read(rows))
    written = io.StringIO(found.to_frame().to_csv(index=False))
    accounted([*csv.DictReader(written)], rows)
    recorded = json.loads(json.dumps(found.record()))["events"]
    names = {name for line in recorded for name in line}
    accounted([{name: as_text(line.get(name)) for name in names} for line in recorded], rows)
    page = found.to_markdown(detail=True).partition("**Every count of the file**")[2].partition("\n**")[0]
    assert page.count("\n| ") == len(rows) + 1
    mixed = assess_releases(read([rows[k] for k in order]))
    assert found.sentences() == mixed.sentences()
    known = [[{**line, "row": None} for line in one.rows()] for one in (found, mixed)]
    assert sorted(map(str, known[0])) == sorted(map(str, known[1]))


@st.composite
def days_of_one(draw):
    """Counts of one monitor within the days of one announcement: first and last day, and persons."""
    spans = draw(st.lists(st.tuples(st.integers(1, 8), st.integers(1, 8), st.integers(0, 40)), max_size=5))
    return [(min(a, b), max(a, b), n) for a, b, n in spans]


def events_of_one(spans, **announced):
    """Events of announced counts, by source, and of one monitor's; 500 are announced for eight days."""
    stated = {"M": (1, 8, 500), **announced}
    lines = [("2026-03-09", source, "announced", *one) for source, one in stated.items()]
    lines += [(f"2026-03-{10 + k}", "FP", "verified", *one) for k, one in enumerate(spans)]
    names = ("published", "source", "role", "start", "end", "count")
    frame = {name: [*column] for name, column in zip(names, zip(*lines, strict=True), strict=True)}
    frame |= {name: [f"2026-03-0{day}" for day in frame[name]] for name in ("start", "end")}
    return [one for one in events_of(PublishedReleases.from_frame(frame)) if one.announced]


@settings(max_examples=60)
@given(days_of_one())
def test_what_one_monitor_verified_is_what_any_of_its_counts_that_share_no_day_add_up_to(spans):
    """By trying all choices of counts; the latest stands of equal days."""
    (event,) = events_of_one(spans)
    standing = [
        one
        for k, one in enumerate(spans)
        if not any(
            later[:2] == one[:2] or (later[0] <= one[0] and one[1] <= later[1] and later[2] < one[2])
            for later in spans[k + 1 :]
        )
    ]
    choices = [chosen for n in range(len(standing) + 1) for chosen in combinations(sorted(standing), n)]
    apart = [chosen for chosen in choices if all(one[1] < other[0] for one, other in pairwise(chosen))]
    best = max(sum(one[2] for one in chosen) for chosen in apart)
    assert event.bounds == ((best, 500) if spans else None)
    for part in event.parts:
        assert part.most is None or best <= part.most <= sum(one[2] for one in standing)


@settings(max_examples=60)
@given(days_of_one(), st.integers(1, 8))
def test_counts_that_are_added_share_no_day_whatever_announcement_each_is_of(spans, day):
    for part in (part for event in events_of_one(spans, AG=(day, day, 99)) for part in event.parts):
        days = sorted((each.start, each.last) for each in part.counts)
        assert all(one[1] < other[0] for one, other in pairwise(days))
