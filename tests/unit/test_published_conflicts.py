"""Counts that do not stand together: what is an update, a correction, a contradiction, and what is none."""

import pytest

from detcount import PublishedReleases, datasets
from detcount.published.conflicts import conflicts

ROW = {
    "published": "2025-03-05",
    "source": "A",
    "role": "verified",
    "start": "2025-03-01",
    "end": "2025-03-05",
    "count": 40,
    "at_least": False,
    "event": "march",
    "measure": "exit",
    "note": "",
}


def made(*changes, **common):
    """One row for each set of changes."""
    rows = [{**ROW, **common, **change} for change in changes]
    return PublishedReleases.from_frame({name: [row[name] for row in rows] for name in ROW})


def kinds(reports):
    return [(found.kind, found.how) for found in conflicts(reports)]


FELL = ("correction", "fell")
RAISED = ("update", "raised")


@pytest.mark.parametrize(
    ("second", "found"),
    [
        # the same source again
        ({"published": "2025-03-07", "count": 33}, [FELL]),
        ({"published": "2025-03-07", "count": 33, "end": "2025-03-07"}, [FELL]),
        ({"published": "2025-03-07", "count": 33, "at_least": True}, []),
        ({"count": 33}, [FELL]),
        ({"count": 47}, [RAISED]),
        ({"count": 47, "published": "2025-03-06"}, []),  # more was verified of the same days
        ({"count": 47, "published": "2025-03-06", "end": "2025-03-06"}, []),  # it grew
        ({"count": 47, "measure": "review"}, []),
        ({"count": 47, "at_least": True}, [RAISED]),
        ({"count": 40}, []),
        ({"count": 40, "note": "again"}, []),
        # a narrower window published later is no correction, nor is one whose start nobody knows
        ({"published": "2025-03-07", "count": 33, "end": "2025-03-04"}, []),
        ({"published": "2025-03-07", "count": 33, "start": "2025-03-02"}, []),
        ({"published": "2025-03-07", "count": 33, "start": None}, []),
        ({"published": "2025-03-07", "count": 47, "start": "2025-02-27"}, []),
        # a part and its whole
        ({"event": "spring", "count": 33, "end": "2025-03-09"}, [("contradiction", "part above whole")]),
        (
            {"event": "spring", "count": 33, "end": "2025-03-09", "published": "2025-03-09"},
            [("correction", "part above whole")],
        ),
        ({"event": "spring", "count": 33, "end": "2025-03-04"}, []),
        ({"event": "spring", "count": 33, "end": "2025-03-09", "at_least": True}, []),
        ({"event": "spring", "count": 33, "end": "2025-03-09", "source": "B"}, []),
        ({"event": "spring", "count": 33, "end": "2025-03-09", "measure": "review"}, []),
        # other sources
        ({"source": "B"}, []),
        ({"source": "B", "count": 47}, []),  # two monitors need not verify the same people
        ({"source": "B", "role": "reported", "count": 47}, []),  # passed on
        ({"source": "B", "role": "announced", "count": 39}, [("contradiction", "verified above announced")]),
        ({"source": "B", "role": "announced", "count": 39, "at_least": True}, []),
        ({"source": "B", "role": "announced", "count": 39, "end": "2025-03-04"}, []),
        ({"source": "B", "role": "announced", "count": 39, "end": "2025-03-09"}, []),  # still to come
        ({"source": "B", "role": "announced", "count": 39, "measure": "all prisoners"}, []),
    ],
)
def test_two_counts(second, found):
    reports = made({}, second)
    assert kinds(reports) == found
    table = reports.conflicts()
    assert table["kind"].tolist() == [kind for kind, _ in found]
    assert (table["first_row"] < table["second_row"]).all()
    assert str(table["first_count"].dtype) == "int64"


@pytest.mark.parametrize(
    ("second", "differ"),
    [
        ({"count": 47}, True),
        ({"count": 40}, False),
        ({"count": 47, "end": "2025-03-06"}, False),  # more days
        ({"count": 33, "end": "2025-03-06"}, True),  # more days, and fewer people
        ({"count": 33, "end": "2025-03-06", "at_least": True}, False),
        ({"count": 47, "start": "2025-03-02", "end": "2025-03-06"}, True),  # one lot, dated otherwise
        ({"count": 47, "start": "2025-03-04", "end": "2025-03-08"}, False),  # three days apart
        ({"count": 47, "start": "2025-02-28", "end": "2025-02-28"}, False),
        ({"count": 47, "measure": "political prisoners"}, False),
        ({"count": 47, "event": "spring"}, False),
        ({"count": 47, "measure": "released"}, False),  # in other words, of unknown people
        ({"count": 47, "measure": "Exit"}, True),
        ({"count": 47, "end": "2025-03-20"}, False),  # a promise beside what was carried out
    ],
)
def test_announcements_of_two_bodies(second, differ):
    reports = made({}, {"published": "2025-03-08", "source": "B", **second}, role="announced")
    assert kinds(reports) == ([("contradiction", "announcements differ")] if differ else [])


def test_at_least_so_many_is_followed_by_more_without_a_word():
    assert kinds(made({"at_least": True}, {"count": 47})) == []  # also the two ends of "between 40 and 47"


def test_a_number_is_said_as_it_was():
    (found,) = conflicts(made({}, {"source": "B", "at_least": True, "count": 52}, role="announced"))
    assert "B at least 52 from 1 to 5 March 2025" in str(found.what)
    assert "B al menos 52" in found.what.say("es")


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2025-03-05", "2025-03-05", "of 5 March 2025"),
        ("2025-03-01", "2025-03-05", "from 1 to 5 March 2025"),
        ("2025-02-01", "2025-03-05", "from 1 February to 5 March 2025"),
        ("2024-12-31", "2025-03-05", "from 31 December 2024 to 5 March 2025"),
        ("2025-03-01", None, "since 1 March 2025"),
        (None, "2025-03-05", "up to 5 March 2025"),
    ],
)
def test_days_are_said_as_they_were(start, end, words):
    days = {"start": start, "end": end, "role": "announced", "published": "2025-03-06"}
    found = conflicts(made({"count": 41}, {"source": "B"}, **days))
    assert [f"A 41 {words} (published on 6 March 2025)" in str(each.what) for each in found] == [True]


def test_a_promise_and_a_larger_one_of_another_body_contradict_each_other():
    to_come = {"role": "announced", "end": "2025-03-09"}
    reports = made({}, {"source": "B", "count": 38}, **to_come)
    assert kinds(reports) == [("contradiction", "announcements differ")]
    assert kinds(made({"at_least": True, "count": 38}, {"source": "B"}, **to_come)) == []


def test_a_body_that_says_another_number_for_the_same_days_restates_it():
    later = {"published": "2025-03-09", "count": 44}
    assert kinds(made({}, later, role="announced")) == [("correction", "restated")]
    assert kinds(made({"at_least": True}, later, role="announced")) == []
    grown = {"published": "2025-03-09", "count": 44, "end": "2025-03-09"}
    assert kinds(made({}, grown, role="announced")) == []


def test_a_fall_is_found_over_a_narrower_window_that_stands_between():
    reports = made(
        {},
        {"published": "2025-03-06", "end": "2025-03-02", "count": 12},
        {"published": "2025-03-08", "end": "2025-03-08", "count": 37},
    )
    (found,) = conflicts(reports)
    assert (found.kind, found.first, found.second) == ("correction", 0, 2)
    assert found.what == "A: 40 on 5 March 2025, then 37 on 8 March 2025"


def test_every_lowered_figure_is_named_with_the_last_that_was_above_it():
    counts = [75, 74, 76, 61]
    reports = made(*({"count": n, "published": f"2025-03-0{k + 5}"} for k, n in enumerate(counts)))
    found = [(each.first, each.second) for each in conflicts(reports) if each.kind == "correction"]
    assert found == [(0, 1), (2, 3)]


def test_what_changed_besides_is_said_with_a_correction():
    reports = made({}, {"published": "2025-03-07", "count": 33, "measure": "review"})
    (found,) = conflicts(reports)
    assert str(found.what).endswith("by their words the two count different things")
    assert found.what.say("es").endswith("según sus palabras, las dos cuentan cosas distintas")


def test_an_update_of_one_day_names_the_day_once():
    (found,) = conflicts(made({}, {"count": 47}))
    assert found.what == "A: 40, then 47, both on 5 March 2025"


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
