"""`IntegratedStock`: what anchors keep, what a register alone says, floors, late surges, and bad input."""

import datetime as dt

import numpy as np
import pytest
from scipy import stats

from detcount import datasets, simulate, stock
from detcount.assumptions import Assumption
from detcount.definition import Definition
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import UncertainCount

N_DAYS = 200
FEW = stock.IntegratedStock(coverage=(0.33, 0.9), n_draws=1000)


@pytest.fixture(scope="module")
def system():
    return simulate.detention_system(n_days=N_DAYS, seed=4)


def estimates(truth, days, error=0.04, bias=1.0):
    """Estimates at some days, with draws about the truth."""
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


def test_anchors_keep_their_distribution(path, anchors):
    for date, estimate in anchors.items():
        assert stats.ks_2samp(path.at(date).draws, estimate.draws).statistic < 0.05


@pytest.mark.slow
def test_a_path_of_lists_keeps_its_joint_draws(system, path):
    days = path.anchors
    again = FEW.fit(system.stock, anchors=path, seed=3)
    assert again.anchors == days
    joint = np.corrcoef([path.at(day).draws for day in days])
    found = np.corrcoef([again.at(day).draws for day in days])
    assert np.abs(joint - found).max() < 0.06
    assert joint[0, 2] > 0.75  # 0.9 stated


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


def test_anchors_that_cannot_be_are_refused(system, anchors):
    outside = {dt.date(2030, 1, 1): next(iter(anchors.values()))}
    with pytest.raises(InputError, match="when the register publishes"):
        FEW.fit(system.stock, anchors=outside)
    with pytest.raises(InputError, match="above the floor"):
        FEW.fit(system.stock, anchors=anchors, floor=100_000)
    with pytest.raises(NotEstimableError, match="no draws"):
        FEW.fit(system.stock, anchors={system.truth.dates[60]: UncertainCount.only_bounded(1, 9)})


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


def test_an_anchor_of_another_definition_is_refused(system, path):
    from dataclasses import replace

    ours = replace(system.stock, definition=Definition(unit="person", who="political prisoners"))
    theirs = replace(path, definition=Definition(unit="person", who="all prisoners"))
    with pytest.raises(InputError, match="one definition"):
        FEW.fit(ours, anchors=theirs)


@pytest.mark.slow
def test_two_totals_of_a_day_are_told_apart_by_the_printed_flows():
    model = stock.IntegratedStock(register="Foro Penal", coverage=(0.33, 0.9), n_draws=100)
    found = model.fit(datasets.load("venezuela_stock"))
    assert found.detail.published[dt.date(2025, 9, 8)] == 823  # 816 + 11 - 4; the other is 816
    assert any("two totals that differ" in str(note) for note in found.notes)
