"""Series of every shape: short, daily, long, with gaps and zeros, without flows, with stale totals."""

import datetime as dt
from functools import partial

import numpy as np
import pytest

from detcount import PublishedReleases, stock
from detcount.errors import NotEstimableError
from detcount.estimates import UncertainCount
from detcount.stock.figures import Grid, read_figures, wave_spans
from registers import running, totals

FIRST = dt.date(2014, 1, 1)
QUICK = stock.IntegratedStock(coverage=(0.33, 0.9), n_draws=400)


published, grown = (partial(made, first=FIRST) for made in (totals, running))


def on(day):
    return int(np.datetime64(FIRST + dt.timedelta(days=day)).astype(np.int64))


@pytest.mark.parametrize(
    ("days", "counts"),
    [
        ([0, 3], [500, 510]),
        (list(range(20)), list(range(400, 420))),
        ([0, 7, 90, 97], [900, 880, 500, 510]),
        ([0, 7, 14, 21], [50, 0, 3, 4]),
        pytest.param([0, 400, 800, 1200], [3000, 3500, 2000, 1800], marks=pytest.mark.slow),
    ],
    ids=["short", "daily", "with a gap", "with a zero", "long"],
)
def test_a_series_of_any_shape_has_a_path(days, counts):
    given = published(days, counts)
    path = QUICK.fit(given)
    assert len(path.dates) == days[-1] + 1
    assert path.identified_by == "prior"
    assert (path.draws >= 0).all()
    for day, count in zip(days, counts, strict=True):
        assert path.detail.published[FIRST + dt.timedelta(days=day)] == count


def test_a_long_series_has_longer_steps():
    given = read_figures(published([0, 1000, 3650], [900, 950, 800]), None, None)
    grid = Grid.of(given, int(given.days[-1]))
    assert len(grid.edges) <= 132
    assert grid.step == 29


def test_flows_that_balance_are_of_all_the_days_between_and_others_of_a_week():
    given = published([0, 30, 60], [100, 110, 90], entered=[np.nan, 15, 4], struck=[np.nan, 5, 2])
    found = read_figures(given, None, None)
    assert found.entered.first.tolist() == [on(0), on(53)]
    assert found.removed.count.tolist() == [5.0, 2.0]
    assert found.change.first.tolist() == [on(30)]
    assert found.change.count.tolist() == [-20.0]


def test_what_only_passes_on_is_left_out_where_a_monitor_verified():
    given = published([0, 7, 14], [100, 500, 90], role=["verified", "reported", "verified"])
    found = read_figures(given, None, None)
    assert found.totals.tolist() == [100, 90]
    assert len(found.notes) == 1


def test_a_register_of_nobody_declines():
    with pytest.raises(NotEstimableError, match="are 0"):
        QUICK.fit(published([0, 7], [0, 0]))


def test_a_running_total_that_stands_still_is_joined_to_the_next():
    given, arrests = (
        published([0, 7, 14, 21, 28], [100] * 5),
        grown([0, 7, 14, 21, 28], [50, 60, 60, 75, 70]),
    )
    spans = read_figures(given, arrests, None).grown
    assert spans.first.tolist() == [on(0), on(7)]
    assert spans.last.tolist() == [on(7), on(21)]
    assert spans.count.tolist() == [10.0, 15.0]  # the fall to 70 is left out


@pytest.mark.slow
def test_a_running_total_says_how_many_were_entered():
    days = list(range(0, 141, 14))
    given = published(days, [600] * len(days))
    few, many = (
        QUICK.fit(given, arrests=grown(days, [100 + each * k for k in range(len(days))])) for each in (4, 60)
    )
    start, end = few.dates[14], few.dates[126]
    assert many.arrests(start, end).median > 2 * few.arrests(start, end).median
    assert many.exits(start, end).median > 2 * few.exits(start, end).median


def test_windows_of_some_days_say_when_waves_were():
    reports = PublishedReleases.from_frame(
        {
            "published": [FIRST + dt.timedelta(days=10), FIRST + dt.timedelta(days=90)],
            "source": ["ministry"] * 2,
            "role": ["announced"] * 2,
            "start": [FIRST + dt.timedelta(days=8), FIRST],
            "end": [FIRST + dt.timedelta(days=10), FIRST + dt.timedelta(days=90)],
            "count": [50, 200],
        }
    )
    spans = wave_spans(reports)
    assert spans.first.tolist() == [on(7)]
    assert spans.last.tolist() == [on(10)]
    path = QUICK.fit(published([0, 14, 28], [500, 400, 390]), releases=reports)
    assert any("1 window of releases" in str(note) for note in path.notes)


def test_an_anchor_a_little_after_the_last_bulletin_belongs_to_the_series():
    given = published([0, 7, 14, 21], [500, 505, 510, 500])
    late = FIRST + dt.timedelta(days=35)
    count = UncertainCount.from_draws(
        np.rint(800 * np.exp(0.03 * np.random.default_rng(0).standard_normal(400))),
        bounds=(0, np.inf),
        identified_by="data",
    )
    path = QUICK.fit(given, anchors={FIRST + dt.timedelta(days=7): count, late: count})
    assert path.dates[-1] == late
    assert path.anchors[-1] == late
    outside = QUICK.fit(
        given, anchors={FIRST + dt.timedelta(days=7): count, FIRST + dt.timedelta(days=244): count}
    )
    assert len(outside.anchors) == 1
    assert any("outside the days" in str(note) for note in outside.notes)
