"""Which verified figure stands against an announced one, of which day it is, and what can be compared."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from detcount import PublishedReleases, datasets
from detcount.published.comparable import comparable, compared, follows
from detcount.published.counterparts import RULE, counterparts
from detcount.published.figures import figure_at, standing_figure, standing_rows
from detcount.published.relations import days_apart, days_covered, windows_match

ROW: dict[str, Any] = {
    "published": "2025-03-05",
    "source": "A",
    "role": "verified",
    "start": "2025-03-01",
    "end": "2025-03-05",
    "count": 40,
    "at_least": False,
    "event": "",
    "measure": "political prisoners",
    "note": "",
}
SAID = {"role": "announced", "source": "ministry", "count": 90}


def made(*changes: dict[str, Any]) -> PublishedReleases:
    """One row for each set of changes."""
    rows = [{**ROW, **change} for change in changes]
    return PublishedReleases.from_frame({name: [row[name] for row in rows] for name in ROW})


def against(*changes: dict[str, Any]) -> list[tuple[str, int]]:
    """Who stands against an announcement of 1 to 5 March, and then the others."""
    (pair,) = counterparts(made(SAID, *changes))
    figures = ([] if pair.verified is None else [pair.verified]) + list(pair.others)
    return [(figure.source, figure.count) for figure in figures]


# --- windows


@pytest.mark.parametrize(
    ("start", "end", "apart", "match"),
    [
        ("2025-03-01", "2025-03-05", (0, 0), True),
        ("2025-03-02", "2025-03-07", (1, 2), True),
        ("2025-02-27", "2025-03-03", (-2, -2), True),
        ("2025-03-04", "2025-03-05", (3, 0), False),
        ("2025-03-01", "2025-03-08", (0, 3), False),
        (None, "2025-03-05", (None, 0), False),
        ("2025-03-01", None, (0, 4), False),  # up to its publication, on 9 March
    ],
)
def test_windows_match_within_two_days(
    start: str | None, end: str | None, apart: tuple[int | None, int], match: bool
) -> None:
    reports = made({}, {"source": "B", "published": "2025-03-09", "start": start, "end": end})
    assert days_apart(reports, 0, 1) == apart
    assert windows_match(reports, 0, 1) is windows_match(reports, 1, 0) is match


def test_days_that_a_source_counted_are_told_from_those_it_did_not() -> None:
    reports = made(
        {"count": 3, "start": "2025-03-02", "end": "2025-03-03"},
        {"count": 5, "start": "2025-03-03", "end": "2025-03-04"},
        {"source": "B", "start": "2025-03-01", "end": "2025-03-01"},
        {"start": "2025-02-01", "end": "2025-03-05"},  # of other days too
        {"start": None, "end": "2025-03-05"},
        {"role": "reported", "start": "2025-03-05"},
        {"published": "2025-03-09", "start": "2025-03-08", "end": None},  # up to its publication
    )
    assert days_covered(reports, "A", "2025-03-01", "2025-03-07") == (3, 7)
    assert days_covered(reports, "A", "2025-03-01", dt.date(2025, 3, 10)) == (5, 10)
    assert days_covered(reports, "A", "2025-03-02", "2025-03-04") == (3, 3)
    assert days_covered(reports, "C", "2025-03-01", "2025-03-01") == (0, 1)


# --- what can be compared


def test_windows_that_differ_by_a_day_are_compared_and_it_is_said() -> None:
    reports = made(SAID, {"start": "2025-03-02"})
    both = compared(reports, 0, 1)
    assert both.comparable
    assert (both.first, both.second) == (0, 1)
    assert comparable(reports, 0, 1) is None
    assert (both.windows, both.definitions, both.start_apart, both.end_apart) == ("near", "same", 1, 0)
    assert both.to_say == ("ministry counts from 1 March 2025, A from 2 March 2025: 1 day apart.",)


def test_windows_three_days_apart_are_not_compared() -> None:
    reports = made(SAID, {"start": "2025-03-04", "end": "2025-03-04"})
    assert str(comparable(reports, 0, 1)) == (
        "ministry counts from 1 March 2025, A from 4 March 2025: 3 days apart."
    )
    assert compared(reports, 0, 1).windows == "apart"


def test_all_prisoners_and_political_ones_are_not_compared() -> None:
    reports = made({**SAID, "measure": "release", "note": "all offences"}, {})
    assert comparable(reports, 0, 1) == (
        "ministry counts all prisoners, whatever their offence; A counts political prisoners."
    )
    assert comparable(reports, 1, 0) is not None


def test_reviews_are_no_releases_whoever_comes_first() -> None:
    reports = made({**SAID, "measure": "reviews of custody"}, {})
    words = "ministry counts reviews of custody, which are no releases; A counts releases."
    assert comparable(reports, 0, 1) == comparable(reports, 1, 0) == words


def test_who_does_not_say_whom_it_counts_is_named() -> None:
    reports = made({**SAID, "measure": "release"}, {})
    both = compared(reports, 0, 1)
    assert both.comparable
    assert both.definitions == "unknown"
    assert str(both.to_say[0]).startswith("ministry does not say whether it counts all prisoners")
    both = compared(made({**SAID, "measure": "release"}, {"measure": "release"}), 0, 1)
    assert str(both.to_say[0]).startswith("Neither ministry nor A says whether")


def test_more_days_of_one_announcement_are_said_and_fewer_are_no_answer() -> None:
    named = {"event": "march"}
    longer = made({**SAID, **named}, {**named, "published": "2025-03-20", "end": "2025-03-20"})
    assert compared(longer, 0, 1).comparable
    assert "15 days apart" in str(compared(longer, 0, 1).to_say[0])
    other = made({**SAID, **named}, {"event": "x", "published": "2025-03-20", "end": "2025-03-20"})
    assert not compared(other, 0, 1).comparable
    shorter = made({**SAID, **named}, {**named, "published": "2025-03-06", "end": "2025-03-02"})
    assert not compared(shorter, 0, 1).comparable


@pytest.mark.parametrize(
    ("days", "windows"), [(0, "same"), (1, "near"), (2, "near"), (3, "apart"), (-2, "near"), (-3, "apart")]
)
def test_days_apart_have_a_word(days: int, windows: str) -> None:
    start = dt.date(2025, 3, 1) + dt.timedelta(days=days)
    both = compared(made(SAID, {"start": str(start)}), 0, 1)
    assert (both.windows, both.comparable) == (windows, windows != "apart")
    end = dt.date(2025, 3, 5) + dt.timedelta(days=days)
    both = compared(made(SAID, {"event": "x", "end": str(end), "published": "2025-03-09"}), 0, 1)
    assert (both.windows, both.comparable) == (windows, windows != "apart")
    words = (*both.why_not, *both.to_say)
    assert words == () or f"{abs(days)} day" in str(words[0])  # never "-2 days"


def test_a_first_day_that_nobody_said_is_said() -> None:
    unknown = {"start": None}
    for first, second, who in (
        (unknown, {}, ["ministry"]),
        ({}, unknown, ["A"]),
        (unknown, unknown, ["ministry", "A"]),
    ):
        both = compared(made({**SAID, **first}, second), 0, 1)
        assert both.windows == "unknown"
        assert both.to_say == tuple(f"{name} does not say from which day on it counts." for name in who)


def test_a_figure_without_a_first_day_follows_nothing_by_its_days() -> None:
    reports = made(SAID, {"start": None}, {"published": "2025-03-06", "start": "2025-03-04"})
    assert [follows(reports, 0, row) for row in (1, 2)] == [False, False]
    assert follows(made(SAID, {"start": "2025-03-03"}), 0, 1)
    assert follows(made({**SAID, "event": "march"}, {}), 0, 1)
    assert not follows(made(SAID, {"event": "march"}), 0, 1)


# --- the rule


def test_the_highest_count_is_not_chosen() -> None:
    far = {"source": "B", "count": 90, "start": "2025-02-25", "published": "2025-03-08", "end": "2025-03-08"}
    assert against(far, {"count": 31})[0] == ("A", 31)
    assert against({"count": 31}, {"source": "B", "count": 30})[0] == ("A", 31)
    assert against({"count": 30}, {"source": "B", "count": 31})[0] == ("A", 30)


def test_every_other_monitor_stands_beside_in_the_order_of_the_rule() -> None:
    others = [
        {"source": name, "count": n, "start": f"2025-03-0{day}"}
        for name, n, day in (("C", 7, 3), ("B", 8, 2))
    ]
    assert against(*others, {}) == [("A", 40), ("B", 8), ("C", 7)]


def test_each_step_of_the_rule() -> None:
    other = {"source": "B", "count": 50}
    # the same people before the same days
    assert against({"measure": "all prisoners"}, {**other, "start": "2025-03-02"})[0][0] == "B"
    # nearer days before an exact figure
    assert against({"start": "2025-03-02"}, {**other, "at_least": True})[0][0] == "B"
    # an exact figure before a later one of "at least"
    assert against({}, {**other, "at_least": True, "published": "2025-03-08"})[0][0] == "A"
    # the later one
    assert against({}, {**other, "published": "2025-03-06"})[0][0] == "B"
    # who published more
    assert (
        against(
            {},
            other,
            {**other, "event": "x", "start": "2025-03-20", "end": "2025-03-20", "published": "2025-03-20"},
        )[0][0]
        == "B"
    )
    # the name
    assert against({}, other)[0][0] == "A"
    assert "plays no part" in str(RULE)


def test_a_lowered_figure_does_not_stand() -> None:
    lowered = {"published": "2025-03-07", "count": 33}
    assert against({}, lowered) == [("A", 33)]
    assert standing_rows(made({}, lowered)) == [1]


def test_of_one_announcement_the_last_figure_of_a_monitor_counts() -> None:
    early = {"event": "march", "published": "2025-03-06", "end": "2025-03-05", "count": 20}
    late = {"event": "march", "published": "2025-03-21", "end": "2025-03-20", "count": 48}
    (pair,) = counterparts(made({**SAID, "event": "march"}, early, late))
    assert pair.verified is not None
    assert pair.verified.count == 48


def test_a_total_of_other_days_is_taken_where_it_was_nearest() -> None:
    totals = [
        {"event": "since", "published": f"2025-03-{day:02d}", "end": f"2025-03-{day:02d}", "count": n}
        for day, n in ((3, 11), (5, 25), (9, 77))
    ]
    assert against(*totals) == [("A", 25)]


def test_without_a_name_later_figures_count_until_the_next_announcement() -> None:
    later = {"published": "2025-03-09", "end": "2025-03-09", "count": 61}
    (pair,) = counterparts(made(SAID, {}, later))
    assert pair.verified is not None
    assert pair.verified.count == 61
    after = {**SAID, "start": "2025-03-08", "end": "2025-03-08", "published": "2025-03-08", "count": 12}
    first = counterparts(made(SAID, {}, after, later))[0]
    assert first.verified is not None
    assert first.verified.count == 40


def test_two_days_of_the_same_announcement_are_as_near_as_none() -> None:
    named = {"event": "march"}
    early, late = {**named, "end": "2025-03-05"}, {**named, "source": "B", "end": "2025-03-07"}
    for days, first in (("2025-03-07", "B"), ("2025-03-08", "A")):
        reports = made({**SAID, **named}, early, {**late, "end": days, "published": "2025-03-08", "count": 7})
        (pair,) = counterparts(reports)
        assert pair.verified is not None
        assert pair.verified.source == first


def test_the_frame_has_the_days_of_both() -> None:
    (row,) = made(SAID, {"start": "2025-03-02", "published": "2025-03-07"}).counterparts().to_dict("records")
    days = {name: str(row[name].date()) for name in row if name.endswith(("_start", "_end", "_published"))}
    assert days == {
        "announced_start": "2025-03-01",
        "announced_end": "2025-03-05",
        "announced_published": "2025-03-05",
        "verified_start": "2025-03-02",
        "verified_end": "2025-03-05",
        "verified_published": "2025-03-07",
    }
    assert (row["start_apart"], row["end_apart"], row["silent_days"]) == (1, 0, 0)


def test_nobody_counted_the_days() -> None:
    assert against({"start": "2025-04-01", "end": "2025-04-02", "published": "2025-04-03"}) == []
    (row,) = made(SAID).counterparts().to_dict("records")
    assert row["announced_count"] == 90
    assert row["verified_source"] != row["verified_source"]  # missing


def test_a_promise_is_set_against_the_last_day_known() -> None:
    promise = {**SAID, "published": "2025-03-01", "end": None}
    later = {"published": "2025-04-09", "end": "2025-04-09", "count": 61, "start": "2025-03-02"}
    (pair,) = counterparts(made(promise, {}, later))
    assert pair.verified is not None
    assert pair.comparison is not None
    assert (pair.verified.count, pair.comparison.end_apart, pair.comparison.comparable) == (61, None, True)
    reports = made(promise, {}, later)
    assert compared(reports, 0, 2) == pair.comparison
    assert compared(reports, 0, 2, open_end=False).end_apart == 39


# --- the figure and its day


def test_the_figure_says_its_day_and_the_silence_since() -> None:
    reports = made({}, {"published": "2025-03-11", "event": "x", "start": "2025-03-10", "end": "2025-03-11"})
    figure = figure_at(reports, 0, as_of="2025-03-20")
    assert (figure.published, figure.refers_to) == (dt.date(2025, 3, 5), dt.date(2025, 3, 5))
    assert (figure.silent_days, figure.source_silent_days) == (15, 9)
    assert (figure.start, figure.end) == (dt.date(2025, 3, 1), dt.date(2025, 3, 5))
    assert str(figure.sentence()) == (
        "A: 40, published on 5 March 2025; no further figure of the same in the 15 days since."
    )
    assert "al menos 40" in figure_at(made({"at_least": True}), 0).sentence().say("es")


def test_silence_about_days_without_a_name_ends_with_a_figure_of_matching_days() -> None:
    near = {"published": "2025-03-11", "start": "2025-03-02", "end": "2025-03-06"}
    far = {"published": "2025-03-14", "start": "2025-03-04", "end": "2025-03-06"}
    reports = made({}, near, far)
    assert figure_at(reports, 0, as_of="2025-03-20").silent_days == 9
    assert figure_at(made({}, far), 0, as_of="2025-03-20").silent_days == 15
    assert figure_at(made({"start": None}), 0, as_of="2025-03-20").silent_days == 15
    unknown = figure_at(made({"start": None, "end": None}), 0)
    assert (unknown.start, unknown.end, unknown.refers_to) == (None, None, dt.date(2025, 3, 5))


def test_the_standing_figure_is_that_of_the_day_asked_for() -> None:
    reports = made({}, {"published": "2025-03-07", "count": 44}, {"published": "2025-03-08", "count": 31})
    asked = {"start": "2025-03-02", "end": "2025-03-05"}
    for day, count, silent in (("2025-03-06", 40, 1), ("2025-03-07", 44, 0), ("2025-03-12", 31, 4)):
        figure = standing_figure(reports, "A", **asked, as_of=day)
        assert figure is not None
        assert (figure.count, figure.silent_days, figure.as_of) == (count, silent, dt.date.fromisoformat(day))
    assert standing_figure(reports, "B") is None
    assert standing_figure(reports, "A", start="2025-03-04") is None


# --- the shipped series


@pytest.mark.reference
@pytest.mark.parametrize(
    ("day", "event", "who", "count", "published"),
    [
        ("2026-01-29", "event 2026-01-01", "Foro Penal", 2, "2026-01-02"),
        ("2026-01-29", "event 2025-12-25", "Foro Penal", 61, "2025-12-29"),
        # JEP's 116 are of 8 to 16 January; the announcement is of days up to the 12th
        ("2026-01-29", "event 2026-01-12", "Foro Penal", 56, "2026-01-12"),
        ("2026-01-13", "event 2026-01-12", "Foro Penal", 56, "2026-01-12"),
    ],
)
def test_single_announcements_of_the_shipped_series(
    day: str, event: str, who: str, count: int, published: str
) -> None:
    table = datasets.load("venezuela_releases").counterparts(day)
    ministry = table["announced_source"] == "Ministry of Penitentiary Service"
    (row,) = table[ministry & (table["event"] == event)].to_dict("records")
    assert (row["verified_source"], row["verified_count"]) == (who, count)
    assert str(row["verified_published"].date()) == published
    assert row["silent_days"] == (dt.date.fromisoformat(day) - dt.date.fromisoformat(published)).days
