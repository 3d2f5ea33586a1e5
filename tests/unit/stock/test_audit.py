"""The stock-flow audit: the published oracle, the identity, what it refuses, and how it treats doubt."""

import datetime as dt
import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detcount import PublishedReleases, datasets
from detcount.data.published import PublishedArrests, PublishedStock
from detcount.errors import InputError, NotEstimableError
from detcount.stock import stock_flow_audit
from register_totals import running, totals

STOCK = datasets.load("venezuela_stock")
ARRESTS = datasets.load("venezuela_arrests")
RELEASES = datasets.load("venezuela_releases")


def shipped(start="2024-10-07", end="2025-03-31", **options):
    return stock_flow_audit(STOCK, ARRESTS, start, end, **options)


def register(held, known, entered=None, released=None, *, source="monitor"):
    days = range(0, 7 * len(held), 7)
    stock = totals(days, held, entered, released, source=source, first="2025-01-06")
    told = [(day, total) for day, total in zip(days, known, strict=True) if total is not None]
    return stock, running(*zip(*told, strict=True), source=source, first="2025-01-06")


@pytest.mark.reference
def test_shipped_series_implies_1440_exits():
    audit = shipped()
    assert audit.implied == 1916 + (18_326 - 17_899) - 903 == 1440
    assert (audit.held_at_start, audit.arrests, audit.held_at_end) == (1916, 427, 903)
    assert (audit.source, audit.event) == ("Foro Penal", "political arrests since 2014")
    assert (audit.start, audit.end) == (dt.date(2024, 10, 7), dt.date(2025, 3, 31))
    compared = audit.compare(RELEASES)  # reviews of custody measures are left out
    assert compared[["count", "days_outside"]].to_numpy().tolist() == [[2006, 10]]
    assert compared["source"].tolist() == ["Public Ministry / Attorney General"]
    assert compared["excess"].isna().all()  # it begins 38 days later: of other days nothing is subtracted
    assert str(audit.sentence()) == (
        "The register of Foro Penal held 1,916 persons on 7 October 2024 and 903 on 31 March 2025, and 427 "
        "more were entered between the two, so that 1,440 left it. Its running total was seen to lack up to "
        "17 entries: if it lacked no more on either day, 1,423 to 1,457 left. Whatever it lacked, at least "
        "1,133 left."
    )


@pytest.mark.reference
def test_the_exits_of_the_last_weeks_by_the_totals_of_the_register():
    audit = shipped("2025-12-15", "2026-01-28")
    assert audit.implied == 902 + (18_824 - 18_612) - 711 == 403
    assert audit.as_seen.bounds == (403 - 17, 403 + 17)
    assert audit.exits.identified_by == "bounds"  # what the total lacked is not printed
    near = audit.compare(RELEASES)
    assert near["measure"].str.startswith("release").all()
    assert near.iloc[0][["count", "days_outside"]].tolist() == [643, 0]
    assert near["excess"].isna().all()  # it begins nine days later


def test_counts_of_the_same_days_are_subtracted():
    stock, arrests = register([50, 57, 61, 40], [200, None, None, 240])
    window = {"published": "2025-01-28", "source": "ministry", "role": "announced", "count": 60}

    def beside(start, end, measure="release", of="excess"):
        row = {**window, "start": start, "end": end, "measure": measure, "event": "all"}
        reports = PublishedReleases.from_frame({name: [value] for name, value in row.items()})
        return stock_flow_audit(stock, arrests, "2025-01-06", "2025-01-27").compare(reports)[of].tolist()

    assert beside("2025-01-07", "2025-01-27") == [10]  # after the first bulletin, up to the last
    assert beside("2025-01-07", "2025-01-27", of="excess_high") == [60 - 21]
    assert math.isnan(*beside("2025-01-07", "2025-01-27", of="excess_low"))  # exits have no upper bound
    assert beside("2025-01-09", "2025-01-25") == [10]
    assert math.isnan(*beside("2025-01-10", "2025-01-27"))
    assert math.isnan(*beside("2025-01-07", "2025-01-30"))
    days = {"start": ["2025-01-07"] * 2, "end": ["2025-01-27"] * 2, "measure": ["release"] * 2}
    two = {name: [value] * 2 for name, value in window.items()} | {"source": ["a", "b"], "count": [60, 90]}
    reports = PublishedReleases.from_frame(two | days)
    found = stock_flow_audit(stock, arrests, "2025-01-06", "2025-01-27").compare(reports)
    assert found["count"].tolist() == [90, 60]  # of equally near days the larger first
    assert beside("2025-01-07", "2025-01-27", "custody-measure reviews") == []


def test_doubt_of_the_shipped_series_is_what_its_bulletins_show():
    audit = shipped()
    behind = [check for check in audit.checks if check.backlog_at_least]
    # 14 to 28 April 2025: 17 new detentions are printed, and the running total did not move
    assert [(check.previous, check.date, check.backlog_at_least) for check in behind] == [
        (dt.date(2025, 4, 14), dt.date(2025, 4, 28), 17)
    ]
    assert sum(check.checked for check in audit.checks) == 8
    assert (audit.lacked, audit.as_seen.bounds) == (17, (1440 - 17, 1440 + 17))
    assert audit.exits.mean is audit.as_seen.mean is None  # nothing says how often a total lacks entries
    assert [balance.unexplained for balance in audit.balances] == [0] * 6
    text = " ".join(audit.notes)
    assert "1 of the 8 spans that can be checked, by up to 17 persons" in text
    assert "In all 6 bulletins" in text
    assert "no upper bound" in text
    assert "Deaths in custody are not taken out" in text


def test_lower_bound_adds_up_the_falls_of_the_stock():
    held = [1916, 1953, 1963, 1905, 1849, 1794, 1697, 1687, 1601, 1196, 1194, 901, 903]
    # entries that bulletins print between two of these figures: weeks to 23 and 30 December, 9 January, ...
    entered = [0, 0, 0, 15, 20, 15, 0, 0, 5, 11, 0, 7]
    forced = sum(
        max(0, before + came - after) for before, came, after in zip(held, entered, held[1:], strict=False)
    )
    assert shipped().exits.bounds == (forced, math.inf)


def test_a_window_moves_to_the_nearest_bulletin_and_says_so():
    audit = shipped("2024-10-09", "2025-03-30")
    assert (audit.start, audit.end) == (dt.date(2024, 10, 7), dt.date(2025, 3, 31))
    moved = [note for note in audit.notes if "No bulletin gives both" in note]
    assert len(moved) == 2
    assert "9 October 2024; that of 7 October 2024 is used" in moved[0]
    with pytest.raises(
        NotEstimableError,
        match=r"within 3 days of 11 October 2024 .*nearest .* 7 October 2024 or 30 December 2024",
    ):
        shipped("2024-10-11")


def test_bulletins_that_print_everything_need_no_total():
    held, entered, released = [50, 57, 61, 40], [9, 12, 8, 6], [3, 5, 4, 27]
    stock, arrests = register(held, [200, 205, 205, 240], entered, released)
    audit = stock_flow_audit(stock, arrests, "2025-01-06", "2025-01-27")
    assert audit.exits.bounds == (5 + 4 + 27, 36)
    assert audit.late_entries.bounds == (12 + 8 + 6 - 40, 12 + 8 + 6 - 40)
    assert (audit.arrests, audit.implied) == (12 + 8 + 6, 36)  # and not the 40 by which the total grew
    assert str(audit.sentence()).endswith("and 26 more were entered between the two, so that 36 left it.")
    assert any("prints the entries" in note for note in audit.notes)
    assert [check.backlog_at_least for check in audit.checks] == [7, 15, 0]


def test_too_few_checks_leave_bounds_alone():
    stock, arrests = register([50, 57, 61, 40], [200, None, None, 240])
    audit = stock_flow_audit(stock, arrests, "2025-01-06", "2025-01-27")
    assert audit.implied == 50
    assert audit.exits.identified_by == "bounds"
    assert audit.exits.mean is None
    assert audit.exits.bounds == (21, math.inf)
    assert "50 exits that it implies as it stands" in " ".join(audit.notes)
    assert str(audit).startswith(
        "50 exits from the register of monitor, 2025-01-06 to 2025-01-27 (21 to no upper"
    )
    assert json.loads(json.dumps(audit.record()))["quantities"][0]["most"] is None


def test_what_a_day_is_seen_to_lack_is_in_the_bounds_of_that_day():
    held, entered, released = [50, 57, 61, 60, 58], [9, 12, 8, 6, 5], [3, 5, 4, 7, 7]
    stock, arrests = register(held, [200, 212, 220, 221, 226], entered, released)
    days = stock.date
    checks = stock_flow_audit(stock, arrests, days[0], days[-1]).checks
    assert [check.backlog_at_least for check in checks] == [0, 0, 5, 5]
    frame = stock.to_frame()
    frame.loc[0:1, ["entered_in_week", "released_in_week"]] = np.nan  # nothing tells what was lacked at first
    audit = stock_flow_audit(PublishedStock.from_frame(frame), arrests, days[0], days[-1])
    assert (audit.implied, audit.lacked) == (50 + 26 - 58, 5)
    assert audit.as_seen.bounds == (max(18 + 5 - 5, 18), 18 + 5)  # 5 at the end, at most 5 at first
    assert audit.rows()[-1]["quantity"] == "exits as seen"
    assert "exits, if the running total lacked at most 5 entries" in str(audit.summary())


def test_exits_as_seen_are_no_fewer_than_the_stock_forces():
    held, entered, released = [50, 56, 60, 60, 30], [None, 9, 8, 6, None], [None, 3, 4, 6, None]
    stock, arrests = register(held, [200, 209, 212, 223, 225], entered, released)
    audit = stock_flow_audit(stock, arrests, *stock.date[-2:])
    assert (audit.implied, audit.lacked, audit.exits.bounds[0]) == (60 + 2 - 30, 8 - 3, 30)
    assert audit.as_seen.bounds == (30, 32 + 5)  # and not 32 - 5


def test_a_total_corrected_within_the_window_is_noted_or_declined():
    stock, arrests = register([50, 57, 61, 40], [200, 230, 225, 240])
    audit = stock_flow_audit(stock, arrests, "2025-01-06", "2025-01-27")
    fell = "fell from 230 to 225 between 13 January 2025 and 20 January 2025"
    assert any(fell in note for note in audit.notes)
    with pytest.raises(NotEstimableError, match="is lower on 20 January 2025 than on 13 January 2025"):
        stock_flow_audit(stock, arrests, "2025-01-13", "2025-01-20")


def test_either_of_two_figures_for_a_day_may_hold():
    stock, arrests = register([50, 57, 61, 40], [200, None, None, 240], [9, 13, 13, 14])
    frame = stock.to_frame()
    frame = pd.concat([frame, frame.tail(1).assign(count=46)])
    audit = stock_flow_audit(PublishedStock.from_frame(frame), arrests, "2025-01-06", "2025-01-27")
    assert (audit.arrests, audit.implied, audit.exits.bounds) == (13 + 13 + 14, 44, (44, 50))
    assert "By all figures of these days 44 to 50 left." in audit.sentence()
    assert any("27 January 2025, 40 and 46; any of them may hold" in note for note in audit.notes)


def test_counts_of_at_least_take_no_part():
    frame = STOCK.to_frame()
    frame.loc[frame["date"] == "2025-03-31", "at_least"] = True
    with pytest.raises(NotEstimableError, match="within 3 days of 31 March 2025"):
        stock_flow_audit(PublishedStock.from_frame(frame), ARRESTS, "2024-10-07", "2025-03-31")


def test_two_registers_have_to_be_told_apart():
    one, two = register([50, 40], [200, 230]), register([70, 40], [400, 430], source="other")
    stock = PublishedStock.from_frame(
        {
            name: [*one[0].to_frame()[name], *two[0].to_frame()[name]]
            for name in ("date", "source", "role", "count")
        }
    )
    columns = ("published", "source", "role", "start", "end", "count", "event")
    arrests = PublishedArrests.from_frame(
        {name: [*one[1].to_frame()[name], *two[1].to_frame()[name]] for name in columns}
    )
    with pytest.raises(InputError, match="source: 2 running totals fit"):
        stock_flow_audit(stock, arrests, "2025-01-06", "2025-01-13")
    assert stock_flow_audit(stock, arrests, "2025-01-06", "2025-01-13", source="other").implied == 60
    again = one[1].to_frame()
    twice = {name: [*again[name]] * 2 for name in columns} | {"event": ["a", "a", "b", "b"]}
    with pytest.raises(InputError, match="event: 2 running totals fit"):
        stock_flow_audit(one[0], PublishedArrests.from_frame(twice), "2025-01-06", "2025-01-13")


weeks = st.lists(st.tuples(st.integers(0, 30), st.floats(0, 1)), min_size=2, max_size=9)


@given(first=st.integers(20, 90), flows=weeks, total=st.integers(0, 5000), more=st.integers(0, 50))
def test_exits_are_those_that_happened(first, flows, total, more):
    held, known, out = [first], [total], 0
    for entered, share in flows:
        released = int(share * (held[-1] + entered))
        held.append(held[-1] + entered - released)
        known.append(known[-1] + entered)
        out += released
    stock, arrests = register(held, known)
    last = str(stock.date[-1])
    audit = stock_flow_audit(stock, arrests, "2025-01-06", last)
    assert audit.implied == out
    assert audit.exits.bounds[0] <= out
    # whoever was arrested before and is still held at both ends changes nothing
    added = stock_flow_audit(
        *register([count + more for count in held], [count + 7 * more for count in known]),
        "2025-01-06",
        last,
    )
    assert added.implied == out
    assert added.exits.bounds == audit.exits.bounds
    # exits before a bulletin and after it add up
    middle = str(stock.date[1])
    parts = [
        stock_flow_audit(stock, arrests, *days).implied for days in (("2025-01-06", middle), (middle, last))
    ]
    assert sum(parts) == out
