"""What an announced number speaks of: releases to come, of past days, or a total that runs on."""

import pytest

from detcount import PublishedReleases
from detcount.published.counts import counts_of, kinds_of

ROW = {
    "published": "2025-03-05",
    "source": "ministry",
    "role": "announced",
    "start": "2025-03-05",
    "end": "2025-03-05",
    "count": 40,
    "at_least": False,
    "event": "march",
    "measure": "exit",
    "note": "",
}


def kinds(*changes):
    """Kinds of rows that are changed from one."""
    rows = [{**ROW, **change} for change in changes]
    reports = PublishedReleases.from_frame({name: [row[name] for row in rows] for name in ROW})
    found = kinds_of(counts_of(reports))
    assert list(found) == [k for k, role in enumerate(reports.role) if role == "announced"]
    return list(found.values())


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({}, "retrospective"),
        ({"start": "2025-02-01"}, "retrospective"),
        ({"start": None}, "retrospective"),
        ({"start": None, "end": None}, "retrospective"),
        ({"end": None}, "prospective"),  # just begun, and no last day
        ({"start": "2025-03-03", "end": None}, "prospective"),
        ({"start": "2025-03-02", "end": None}, "running total"),  # begun before, and no last day
        ({"end": "2025-03-06"}, "prospective"),
        ({"start": "2025-03-06", "end": "2025-03-06"}, "prospective"),
        ({"start": "2025-03-06", "end": None}, "prospective"),
        ({"measure": "custody-measure reviews granted"}, "prospective"),
        ({"note": "They will be released in the coming days"}, "prospective"),
        ({"note": "Prospective"}, "prospective"),
        ({"note": "retrospective", "end": None}, "retrospective"),
        ({"note": "a running total"}, "running total"),
        ({"note": "prospective or retrospective: not said", "end": "2025-03-06"}, "prospective"),
    ],
)
def test_one_announcement(change, kind):
    assert kinds(change) == [kind]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        # its last day moves on
        ({"published": "2025-03-09", "end": "2025-03-09", "count": 61}, ["running total"] * 2),
        ({"published": "2025-03-09", "end": None, "count": 61}, ["running total"] * 2),
        (
            {"published": "2025-03-09", "end": "2025-03-09", "count": 30, "at_least": True},
            ["running total"] * 2,
        ),
        (
            {"published": "2025-03-09", "end": "2025-03-09", "count": 61, "start": "2025-03-04"},
            ["running total"] * 2,
        ),
        # of another body only where it ends more than two days later
        (
            {"published": "2025-03-09", "end": "2025-03-09", "count": 61, "source": "president"},
            ["running total"] * 2,
        ),
        (
            {"published": "2025-03-07", "end": "2025-03-07", "count": 41, "source": "president"},
            ["retrospective"] * 2,
        ),
        # not where it stands still, counts from elsewhere, shares no day or is of something else
        ({"published": "2025-03-09", "count": 61}, ["retrospective"] * 2),
        ({"published": "2025-03-09", "end": "2025-03-09", "count": 40}, ["retrospective"] * 2),
        (
            {"published": "2025-03-09", "end": "2025-03-09", "count": 61, "start": "2025-03-01"},
            ["retrospective"] * 2,
        ),
        (
            {"published": "2025-03-09", "end": "2025-03-09", "count": 61, "start": "2025-03-06"},
            ["retrospective"] * 2,
        ),
        (
            {"published": "2025-03-09", "end": "2025-03-09", "count": 61, "event": "april"},
            ["retrospective"] * 2,
        ),
        ({"published": "2025-03-09", "end": "2025-03-19", "count": 61}, ["retrospective", "prospective"]),
        (
            {"published": "2025-03-09", "end": "2025-03-09", "count": 61, "role": "verified"},
            ["retrospective"],
        ),
    ],
)
def test_two_figures(second, expected):
    assert kinds({}, second) == expected


def test_a_total_keeps_the_figures_that_fell_or_stood_still():
    later = [
        {"published": f"2025-03-0{day}", "end": f"2025-03-0{day}", "count": n}
        for day, n in ((6, 55), (7, 40), (8, 40), (9, 62))
    ]
    assert kinds({}, *later) == ["running total"] * 5


def test_figures_of_another_first_day_are_no_part_of_a_total():
    later = {"published": "2025-03-09", "end": "2025-03-09", "count": 61}
    other = {"published": "2025-03-10", "start": "2025-02-01", "end": "2025-03-05", "count": 300}
    assert kinds({}, later, other) == ["running total", "running total", "retrospective"]


def test_a_promise_and_its_fulfilment_are_told_apart():
    promise = {"end": None, "count": 553}
    court = {"source": "court", "count": 127, "published": "2025-03-08", "end": "2025-03-08"}
    completed = {**court, "count": 553, "published": "2025-05-10", "end": "2025-05-10"}
    assert kinds(promise, court) == ["prospective", "retrospective"]
    assert kinds(promise, court, completed) == ["prospective", "running total", "running total"]


def test_totals_without_an_event_are_those_of_one_source():
    later = {"published": "2025-03-09", "end": "2025-03-09", "count": 61, "event": ""}
    assert kinds({"event": ""}, later) == ["running total"] * 2
    assert kinds({"event": ""}, {**later, "source": "president"}) == ["retrospective"] * 2
