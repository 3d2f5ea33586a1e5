"""`IntegratedStock`: anchors, a register alone, floors, late surges, and series of every shape."""

import datetime as dt
from functools import partial

import numpy as np
import pytest
from scipy import stats

from detcount import PublishedReleases, datasets, simulate, stock
from detcount.assumptions import Assumption
from detcount.errors import NotEstimableError
from detcount.estimates import UncertainCount
from detcount.stock.anchors import anchors_of_prior
from detcount.stock.figures import Grid, read_figures, wave_spans
from register_totals import running, totals

N_DAYS = 200
FEW = stock.IntegratedStock(coverage=(0.33, 0.9), n_draws=1000)


@pytest.fixture(scope="module")
def system():
    return simulate.detention_system(n_days=N_DAYS, seed=4)


def estimates(truth, days, error=0.04, bias=1.0):
    rng = np.random.default_rng(8)
    return {
        truth.dates[day]: UncertainCount.from_draws(
            np.rint(truth.stock[day] * bias * np.exp(error * rng.standard_normal(4000))),
            bounds=(0, np.inf),
            identified_by="data",
        )
        for day in days
    }


@pytest.fixture(scope="module")
def anchors(system):
    return estimates(system.truth, (60, 120, 180))


@pytest.fixture(scope="module")
def path(system, anchors):
    return stock.IntegratedStock(n_draws=4000).fit(system.stock, anchors=anchors, seed=1)


@pytest.fixture(scope="module")
def alone(system):
    return FEW.fit(system.stock)


@pytest.mark.slow
def test_anchors_keep_their_distribution_but_for_what_they_share(path, anchors):
    assert Assumption.STATED_CORRELATION in path.assumptions
    shared = np.exp(0.04 * np.random.default_rng(1).standard_normal(4000))
    for date, estimate in anchors.items():
        assert stats.ks_2samp(path.at(date).draws, estimate.draws * shared).statistic < 0.05


def test_all_anchors_share_one_deviation(system):
    known = estimates(system.truth, (60, 120, 180), error=0.001)
    found = stock.IntegratedStock(n_draws=1000).fit(system.stock, anchors=known)
    logs = np.log([found.at(day).draws for day in known])
    assert logs.std(axis=1) == pytest.approx(0.04, abs=0.004)
    assert np.corrcoef(logs).min() > 0.95


@pytest.mark.slow
def test_a_path_of_lists_keeps_its_joint_draws(system, path):
    days = path.anchors
    again = FEW.fit(system.stock, anchors=path, seed=3)
    assert again.anchors == days
    joint = np.corrcoef([path.at(day).draws for day in days])
    found = np.corrcoef([again.at(day).draws for day in days])
    assert np.abs(joint - found).max() < 0.06
    assert joint[0, 2] > 0.75  # 0.9 stated


def test_without_anchors_the_stated_coverage_is_taken_at_the_total_in_the_middle():
    found = anchors_of_prior(
        read_figures(totals([0, 7, 14], [400, 500, 900]), None, None), (0.4, 0.8), 4000, 0
    )
    assert found.days.tolist() == [7]
    assert np.quantile(500 / found.draws[:, 0], [0.025, 0.975]) == pytest.approx([0.4, 0.8], abs=0.02)


def test_the_register_says_how_the_stock_moves_between_anchors(system, path):
    truth = system.truth.stock
    first = system.truth.dates.index(path.dates[0])
    inside = slice(60 - first, 181 - first)
    error = np.abs(np.log(path.point[inside] / truth[first:][: len(path.dates)][inside])).mean()
    straight = np.interp(np.arange(60, 181), (60, 120, 180), truth[[60, 120, 180]])
    assert error < 0.7 * np.abs(np.log(straight / truth[60:181])).mean()


@pytest.mark.slow
def test_with_anchors_the_path_rests_on_data_and_without_on_the_prior(path, alone):
    assert path.identified_by == "data"
    assert path.at(path.dates[50]).identified_by == "data"
    assert alone.identified_by == "prior"
    assert alone.anchors == ()
    assert {alone.at(day).identified_by for day in alone.dates} == {"prior"}
    assert Assumption.STATED_COVERAGE in alone.assumptions
    assert Assumption.STATED_COVERAGE not in path.assumptions
    assert f"{alone.detail.ratio:.1f} times" in " ".join(map(str, alone.notes))
    assert 2.0 < alone.detail.ratio < 4.0
    assert path.detail.ratio < 1.4


def test_flows_never_rest_on_data_and_balance(path):
    start, end = path.dates[20], path.dates[100]
    arrests, exits = path.arrests(start, end), path.exits(start, end)
    assert arrests.identified_by == exits.identified_by == "prior"
    assert (arrests.draws - exits.draws == path.change(start, end).draws).all()
    assert (arrests.draws >= 0).all()
    assert (exits.draws >= 0).all()


@pytest.mark.slow
def test_no_draw_is_below_the_floor(system, anchors):
    date = system.truth.dates[120]
    least = int(np.quantile(anchors[date].draws, 0.4))
    found = FEW.fit(system.stock, anchors=anchors, floor={date: least})
    assert found.at(date).draws.min() >= least
    assert found.at(date).bounds[0] == least
    always = FEW.fit(system.stock, anchors=anchors, floor=300)
    assert always.draws.min() >= 300
    assert (always.floor == 300).all()


@pytest.mark.slow
def test_a_published_total_is_no_floor(system):
    low = estimates(system.truth, (60, 120, 180), bias=0.5)
    found = FEW.fit(system.stock, anchors=low)
    held = found.detail.published
    assert any(found.at(day).interval(0.95).high < total for day, total in held.items())


def surging(surge):
    """A system with or without a surge of late entries; what happens is the same."""
    lists = (
        simulate.DetaineeList(name="monitor", share=0.6, delay=10.0),
        simulate.DetaineeList(name="families", share=0.4),
    )
    late = simulate.Surge(day=150, name="monitor", share=0.5) if surge else None
    quiet = {"bursts": (), "waves": (), "missing_bulletins": 0.0, "never_found": 0.0}
    quiet |= {"stay": 250.0, "daily": 4.0}
    return simulate.detention_system(n_days=210, lists=lists, surge=late, seed=9, **quiet)


@pytest.mark.slow
def test_a_late_surge_lowers_the_unknown_and_does_not_raise_the_stock():
    without, with_surge = surging(False), surging(True)
    assert (without.truth.stock == with_surge.truth.stock).all()
    truth = without.truth
    known = estimates(truth, (40, 140))
    one, two = (FEW.fit(each.stock, anchors=known) for each in (without, with_surge))
    before, after = truth.dates[145], truth.dates[180]
    printed = [np.array(list(path.detail.published.items())) for path in (one, two)]
    days = np.array([before.toordinal(), after.toordinal()])
    registers = [
        np.interp(days, [day.toordinal() for day in each[:, 0]], each[:, 1].astype(float)) for each in printed
    ]
    entered = [late - early for early, late in registers]
    assert entered[1] - entered[0] > 60  # so many more were entered, and nobody more is held
    risen = np.log(two.at(after).median / one.at(after).median)
    assert risen < 0.4 * np.log(1 + (entered[1] - entered[0]) / truth.stock[180])
    limits = two.at(after).interval(0.95)
    assert limits.low <= truth.stock[180] <= limits.high
    unknown = [path.at(after).median - late for path, (_, late) in zip((one, two), registers, strict=True)]
    assert unknown[1] < unknown[0] - 40


@pytest.mark.slow
def test_waves_of_releases_are_anchors_without_those_on_the_list_who_have_left(system):
    published = system.stock
    day, total = published.date[len(published) // 2].item(), int(published.count[len(published) // 2])

    def waves(**cells):
        row = {"wave": "w", "day": str(day), "list_size_before": total, "released_identified": 200}
        row |= {"of_these_on_list": 120, "released_counts": "same"} | cells
        frame = {name: [value] for name, value in row.items()}
        return stock.CoverageFromReleases().fit(stock.ReleaseWaves.from_frame(frame))

    found = waves()
    path, plain = (FEW.fit(published, anchors=each, seed=2) for each in (found, found.anchors()))
    assert path.anchors == plain.anchors == (day,)
    assert path.identified_by == "data"
    assert 0.85 < path.at(day).median / plain.at(day).median < 0.98
    assert Assumption.KNOWN_ODDS_RATIO in path.assumptions
    with pytest.raises(NotEstimableError, match="no wave of releases can be set against a list"):
        FEW.fit(published, anchors=waves(released_counts="wider"))


@pytest.mark.slow
def test_two_totals_of_a_day_are_told_apart_by_the_printed_flows():
    model = stock.IntegratedStock(register="Foro Penal", coverage=(0.33, 0.9), n_draws=100)
    found = model.fit(datasets.load("venezuela_stock"))
    assert found.detail.published[dt.date(2025, 9, 8)] == 823  # 816 + 11 - 4; the other is 816
    assert any("two totals that differ" in str(note) for note in found.notes)


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
    ends = [FIRST + dt.timedelta(days=10), FIRST + dt.timedelta(days=90)]
    windows = {"start": [FIRST + dt.timedelta(days=8), FIRST], "end": ends, "count": [50, 200]}
    told = {"published": ends, "source": ["ministry"] * 2, "role": ["announced"] * 2}
    reports = PublishedReleases.from_frame(told | windows)
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
