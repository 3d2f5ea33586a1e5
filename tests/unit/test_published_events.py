"""Published counts by event: which belong together, with names and without, and what they leave."""

import pytest

from detcount import PublishedReleases
from detcount.published.counts import counts_of, differences
from detcount.published.events import events_of


def made(*rows):
    """Counts, each with what is not the same in all."""
    same = {"published": "2026-01-12", "source": "monitor", "role": "verified", "start": "2026-01-08"}
    same |= {"end": "2026-01-12", "event": "", "note": "", "measure": ""}
    names = [*same, "count"]
    return PublishedReleases.from_frame({name: [{**same, **row}[name] for row in rows] for name in names})


def announced(count, **changes):
    return {"source": "ministry", "role": "announced", "count": count} | changes


def shape(event):
    return (
        [each.count for each in event.announced],
        [each.count for each in event.verified],
        [each.count for each in event.reported],
    )


def test_rows_without_a_name_belong_to_the_announcement_of_their_days():
    reports = made(
        announced(90),
        {"count": 44, "end": "2026-01-13", "published": "2026-01-14"},
        {"count": 30, "start": "2026-01-01", "end": "2026-01-02"},
        {"count": 50, "role": "reported", "source": "press"},
    )
    assert [shape(event) for event in events_of(reports)] == [([90], [44], [50]), ([], [30], [])]


@pytest.mark.parametrize(("day", "joined"), [("2026-01-14", True), ("2026-01-15", False)])
def test_windows_may_differ_by_two_days_and_no_more(day, joined):
    reports = made(announced(90), {"count": 44, "end": day, "published": day})
    assert (len(events_of(reports)) == 1) is joined


def test_the_last_figure_of_a_source_stands_and_one_that_it_lowered_does_not():
    reports = made(
        announced(90, event="lot"),
        {"count": 75, "event": "lot"},
        {"count": 61, "event": "lot", "published": "2026-01-15"},
    )
    (event,) = events_of(reports)
    (verified,) = event.verified
    assert (verified.count, verified.lowered.count) == (61, 75)
    assert event.bounds == (61, 90)


def test_of_a_total_only_counts_of_its_days_are_verified_of_it():
    total = {"start": "2025-12-01", "end": "2026-01-10", "event": "since December"}
    reports = made(
        announced(400, **total),
        {"count": 60, "start": "2025-12-01", "end": "2025-12-20", "event": "early"},
        {"count": 70, "start": "2025-12-21", "end": "2026-01-10", "event": "late"},
        {"count": 90, **total, "end": "2026-01-12", "source": "other"},
        {"count": 95, **total, "end": "2026-01-13", "published": "2026-01-13", "source": "third"},
    )
    event = events_of(reports)[0]
    assert [each.count for each in event.verified] == [90]
    assert [each.count for each in event.other_days] == [95]
    without = events_of(reports.where([0, 1, 2]))[0]
    (part,) = without.parts
    assert (part.total, part.covered, part.days, part.whole) == (130, 41, 41, True)


def test_parts_share_no_day():
    reports = made(
        announced(400, start="2025-12-01", end="2026-01-31", published="2026-02-01", event="total"),
        {"count": 60, "start": "2025-12-01", "end": "2025-12-20"},
        {"count": 50, "start": "2025-12-15", "end": "2025-12-31"},
        {"count": 20, "start": "2025-12-21", "end": "2025-12-25"},
    )
    (part,) = events_of(reports)[0].parts
    assert [each.count for each in part.counts] == [60, 20]
    assert (part.covered, part.days) == (25, 62)


def test_two_totals_of_one_day_up_to_one_day_leave_what_came_before():
    wide = {"start": "2025-12-01", "count": 383}
    (rest,) = differences(counts_of(made(wide, {"count": 266})))
    assert (rest.count, str(rest.start), str(rest.end)) == (117, "2025-12-01", "2026-01-07")
    for narrow in (
        {"count": 266, "source": "other"},
        {"count": 266, "published": "2026-01-13"},
        {"count": 266, "end": "2026-01-11"},
        {"count": 266, "note": "approximate"},
        {"count": 400},
    ):
        assert differences(counts_of(made(wide, narrow))) == ()


@pytest.mark.parametrize(
    "note", ["Partial: another prison", "parcial", "a different universe", "only its own members"]
)
def test_a_part_alone_is_set_against_nothing(note):
    (event,) = events_of(made(announced(88), {"count": 2, "note": note}))
    assert (event.bounds, event.largest) == (None, None)
    assert [each.count for each in event.partial] == [2]


def test_house_arrest_and_reviews_are_of_other_people():
    for measure, what in (("moved to house arrest", "house arrest"), ("custody reviews", "review")):
        (event,) = events_of(made(announced(88), {"count": 40, "measure": measure}))
        assert (event.definitions, event.bounds) == ("different", None)
        assert event.verified[0].measure.what == what


def test_words_that_a_source_tells_apart_are_of_other_things():
    """One source gave two figures of one day: those promised, and those who left for Spain."""
    reports = made(
        announced(52, measure="the group"),
        {"count": 42, "measure": "to Spain"},
        {"count": 39, "measure": "the group"},
        {"count": 115, "measure": "to Spain", "source": "consulate"},
    )
    assert [shape(event) for event in events_of(reports)] == [([52], [39], []), ([], [42, 115], [])]
