"""Published counts in a few rows: what does not stand together, what is announced, and which make one event.

The cases stand in `cases_of_counts.json`; DETCOUNT_WRITE_GOLDEN=1 writes what is found again.
"""

import csv
from pathlib import Path

import pytest

from cases import stored, wanted
from detcount import PublishedReleases, datasets
from detcount.data.published.conflicts import conflicts
from detcount.data.published.counts import counts_of, differences, kinds_of
from detcount.data.published.events import events_of

CASES = Path(__file__).with_name("cases_of_counts.json")
STORED = stored(CASES)


def found_of(case):
    """Conflicts in both languages, kinds of announcements, differences of totals, and events."""
    rows = [*csv.DictReader(case["rows"])]
    columns = {name: [row.get(name) or None for row in rows] for name in ("start", "end", *rows[0])}
    reports = PublishedReleases.from_frame(columns | {"count": [int(row["count"]) for row in rows]})
    lines = [
        f"{one.kind}, {one.how}: rows {one.first + 1} and {one.second + 1}; "
        f"{one.what} / {one.what.translated('es')}"
        for one in conflicts(reports)
    ]
    counts = counts_of(reports)
    lines += [f"data row {row + 1}: {kind}" for row, kind in kinds_of(counts).items()]
    lines += [f"{one.source}: {one.count} for {one.start} to {one.end}" for one in differences(counts)]
    lines += [
        f"event {one.name!r}, least and most {one.bounds}, {one.definitions} people: "
        + ", ".join(
            f"{name} {[each.count for each in getattr(one, name)]}"
            for name in ("announced", "verified", "reported", "partial", "other_days")
        )
        + "".join(
            f", in parts {part.total} to {part.most}, {part.covered} of {part.days} days"
            for part in one.parts
        )
        for one in events_of(reports)
    ]
    return lines


@pytest.mark.parametrize("name", STORED)
def test_each_case_has_what_was_found_in_it(name):
    found = found_of(STORED[name])
    assert found == wanted(CASES, STORED, name, found)


@pytest.mark.parametrize(
    ("first", "bounds"), [("08", None), ("09", (40, 120)), ("13", (40, 120)), ("25", (40, 120)), ("26", None)]
)
def test_counts_of_a_fortnight_belong_to_what_was_announced_to_come_without_an_end(first, bounds):
    rows = [
        "2026-01-10,ministry,announced,2026-01-11,,120",
        f"2026-01-28,ngo,verified,2026-01-{first},2026-01-28,40",
    ]
    columns = zip(*(row.split(",") for row in rows), strict=True)
    names = ("published", "source", "role", "start", "end", "count")
    frame = {name: [cell or None for cell in cells] for name, cells in zip(names, columns, strict=True)}
    events = events_of(PublishedReleases.from_frame(frame | {"count": [120, 40]}))
    (event,) = [one for one in events if one.announced]
    assert event.bounds == bounds


@pytest.mark.reference
def test_the_shipped_series():
    found = {
        (row.kind, row.how, row.first_count, row.second_count)
        for row in datasets.load("venezuela_releases").conflicts().itertuples(index=False)
    }
    # each pair looked up by hand in the file, with the readme of the series
    assert found == {
        ("correction", "fell", 255, 225),  # prosecutors, November 2024: probably a misprint of 225
        ("correction", "fell", 75, 61),  # Foro Penal, 25 December 2025
        ("update", "raised", 41, 56),
        ("update", "raised", 72, 84),
        ("update", "raised", 145, 151),
        ("update", "raised", 166, 170),
        ("contradiction", "announcements differ", 187, 194),
        ("contradiction", "announcements differ", 99, 102),
        ("contradiction", "announcements differ", 88, 92),
    }
