"""`series` and `StockPath`: marginals, correlation of errors, what is joined between dates, and bounds."""

import math
import sys
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from detcount import Calibrated, CaptureTable, abundance, simulate, stock
from detcount._numerics.stock import paths
from detcount.errors import NotEstimableError
from detcount.simulate import Surge
from detcount.stock.series import _narrowed
from register_totals import monitors

SLACK = 0.06  # four standard errors of a rank correlation of 4,000 draws
ONE_ERROR = stock.ErrorCorrelation(rho=1.0, ell=math.inf)
APART = stock.ErrorCorrelation(rho=0.0)
AS_THEY_ARE = {"late_exits": None, "wrong": None}  # every exit is known, and everybody belongs


@pytest.fixture(scope="module")
def system():
    return simulate.detention_system(n_days=260, seed=3)


@pytest.fixture(scope="module")
def taken(system):
    return stock.snapshots(system.people, system.truth.dates[40:250:50])


@pytest.fixture(scope="module")
def path(taken):
    return stock.series(Calibrated(), taken, variance_of_change=0.0, **AS_THEY_ARE)


def at(path, date):
    return path.draws[:, path.dates.index(date)]


def rank_correlation(path, first, second):
    return stats.spearmanr(at(path, first), at(path, second)).statistic


def test_the_marginal_of_each_date_is_that_of_the_estimator_by_the_share_on_lists(path, taken):
    rng = np.random.default_rng(5)
    for date, table in taken.tables.items():
        draws = Calibrated().fit(table).draws
        weights = (table.n_observed / draws) ** 2.0
        draws = rng.choice(draws, 4000, p=weights / weights.sum())
        # two samples of 4,000: distances of up to 0.036 are usual at one in a hundred
        assert stats.ks_2samp(at(path, date), np.rint(draws)).statistic < 0.045
        assert path.at(date).bounds == (taken.floor(date), math.inf)


def test_what_is_kept_of_a_date_alone_is_the_error_of_chaos_lower_bound():
    table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 19}, lists=["press", "court"])
    found = _narrowed(3.0 * paths.SCORES[None], [table], np.array([[119]]), 0.0)[0]
    assert np.interp(1.0, paths.SCORES, found) == pytest.approx(math.sqrt(4 / 101 + 1 / 20), rel=1e-6)


def test_errors_are_shared_for_twice_the_days_of_people_by_least_squares(taken):
    size, days = np.diag(taken.shared), np.array(taken.dates, dtype="datetime64[D]").astype(float)
    fallen = -np.log(taken.shared / np.sqrt(np.outer(size, size)))
    slope, *_ = np.linalg.lstsq(np.abs(np.subtract.outer(days, days)).reshape(-1, 1), fallen.ravel())
    assert stock.ErrorCorrelation().days(taken) == pytest.approx(2 / slope[0])


def test_one_date_is_no_series(system):
    one = stock.snapshots(system.people, system.truth.dates[200:201])
    with pytest.raises(NotEstimableError, match="fewer than two dates"):
        stock.series(abundance.LogLinear(), one, **AS_THEY_ARE)
    with pytest.raises(TypeError, match="expected an estimator such as"):
        stock.series(abundance.Chapman, one)


def test_an_estimator_without_draws_gives_its_limits(taken):
    estimator = abundance.LogLinear()
    found = stock.series(estimator, taken, n_draws=8000, **AS_THEY_ARE)
    date = found.anchors[2]
    estimate = estimator.fit(taken.tables[date])
    assert estimate.draws is None
    for level in (0.5, 0.8, 0.95):
        ours, theirs = found.at(date).interval(level), estimate.interval(level)
        assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=4)


@pytest.mark.parametrize("stated", [ONE_ERROR, APART, stock.ErrorCorrelation(rho=0.8, ell=120.0)], ids=repr)
def test_the_correlation_is_the_one_stated(taken, stated):
    found = stock.series(
        abundance.LogLinear(), taken, correlation=stated, variance_of_change=0.0, **AS_THEY_ARE
    )
    for k, first in enumerate(found.anchors):
        for second in found.anchors[:k]:
            wanted = stated.rho * math.exp(-abs((first - second).days) / stated.ell) if stated.rho else 0.0
            pearson = 2 * math.sin(math.pi / 6 * rank_correlation(found, first, second))
            assert pearson == pytest.approx(wanted, abs=1e-2 if stated == ONE_ERROR else SLACK)  # ties


def test_days_after_which_shared_people_fall_to_a_third():
    dates = np.array([0, 50, 130])
    apart = np.abs(np.subtract.outer(dates, dates))
    shared = np.rint(1e9 * np.exp(-apart / 77)).astype(np.int64)
    assert paths.decay_days(shared, dates) == pytest.approx(77, rel=1e-3)
    assert paths.decay_days(np.full((3, 3), 40), dates) == math.inf


def test_the_path_follows_the_named_between_the_dates(system, path):
    """A wave of releases between two dates shows on its days: the floor knows it."""
    wave = system.truth.dates[110]
    before, after = path.dates.index(wave), path.dates.index(system.truth.dates[113])
    truth = system.truth.at(path.dates[after]) - system.truth.at(wave)
    assert path.point[after] - path.point[before] == pytest.approx(truth, rel=0.35)


def test_never_below_the_floor(path, taken):
    floors = np.array([taken.floor(date) for date in path.dates])
    assert (path.floor == floors).all()
    assert (path.draws >= floors).all()


@pytest.mark.slow
def test_a_surge_of_late_entries_does_not_move_the_stock_as_known_on_each_day():
    """Between two dates the stock as known on its days goes its way, whoever is entered in between."""
    lists = monitors(0.4, 0.4, 0.3, delay=5.0, partial=0.0)
    made = simulate.detention_system(
        n_days=300, lists=lists, bursts=(), waves=(), daily=5.0, never_found=0.0, dependence=0.0,
        surge=Surge(day=150, name="monitor", share=0.6, days=3), seed=1,
    )  # fmt: skip
    dates = [made.truth.dates[k] for k in (100, 140, 200, 240)]
    daily = stock.series(abundance.LogLinear(), stock.snapshots(made.people, dates, as_of="day"))
    taken = stock.snapshots(made.people, dates, as_of="day")
    surge = daily.dates.index(made.truth.dates[150])
    jump = taken.named(daily.dates[surge + 4]) - taken.named(daily.dates[surge - 1])
    assert jump > 80
    assert abs(daily.point[surge + 4] - daily.point[surge - 1]) < 0.25 * jump


def test_as_known_on_each_day_the_logarithm_goes_on_a_line_whatever_the_named_do(system):
    dates = [system.truth.dates[k] for k in (90, 130)]  # a wave of releases lies between
    asked = {"correlation": ONE_ERROR, "variance_of_change": 0.0, **AS_THEY_ARE}
    daily, latest = (
        stock.series(abundance.LogLinear(), stock.snapshots(system.people, dates, as_of=as_of), **asked)
        for as_of in ("day", "latest")
    )
    line = {}
    for name, found in (("day", daily), ("latest", latest)):
        ends = np.log(np.median(found.draws[:, [0, -1]], axis=0))
        straight = np.interp(np.arange(41), [0, 40], ends)
        free = found.point > 1.02 * found.floor
        line[name] = np.abs(np.log(found.point) - straight)[free].max()
    assert line["day"] < 2e-3  # whole persons
    assert line["latest"] > 0.03


def test_questions_about_several_days_come_from_the_same_draws(path):
    first, last = path.anchors[0], path.anchors[-1]
    change, mean = path.change(first, last), path.mean(first, last)
    assert (change.draws == at(path, last) - at(path, first)).all()
    assert np.abs(mean.draws - path.draws.mean(axis=1)).max() <= 0.5
    least = int(np.median(path.draws.min(axis=1)))
    assert path.probability_throughout(least, first, last) == pytest.approx(0.5, abs=0.02)
    limits = path.interval(0.8)
    k = path.dates.index(path.anchors[1])
    one = path.at(path.anchors[1]).interval(0.8)
    assert (limits.low[k], limits.high[k]) == (one.low, one.high)
    frame = path.to_frame(0.8)
    assert frame["low"].tolist() == limits.low.tolist()
    assert frame["estimated"].sum() == len(path.anchors)
    assert path.record()["seed"] == 0
    independent = np.sqrt(np.mean([at(path, date).var() for date in path.anchors]) / len(path.anchors))
    assert mean.draws.std() > 1.5 * independent  # dates taken as independent would say far less


class Declines:
    assumes = ()
    references = ()

    def fit(self, table, *, seed=0):
        if table.n_observed < 700:
            raise NotEstimableError("Declines", "the table is small", "Wait.")
        return abundance.LogLinear().fit(table, seed=seed)


def test_dates_without_an_answer_are_kept_and_gone_over(taken):
    sizes = [table.n_observed for table in taken.tables.values()]
    assert 2 <= sum(size >= 700 for size in sizes) < len(sizes)
    found = stock.series(Declines(), taken)
    assert len(found.anchors) + len(found.detail.declined) == len(taken.dates)
    assert set(found.detail.declined.values()) == {"the table is small"}
    assert any("no estimate" in note for note in found.notes)


def test_a_list_that_does_not_operate_is_absent_and_not_a_column_of_zeros(system):
    people = system.people
    dates = [system.truth.dates[60], system.truth.dates[160]]
    taken = stock.snapshots(people, dates, operates={"press": (dates[1], None)})
    whole = stock.snapshots(people, dates)
    assert taken.tables[dates[0]].lists == ("monitor", "families")
    assert taken.tables[dates[0]] == whole.tables[dates[0]].drop("press")
    assert taken.tables[dates[1]] == whole.tables[dates[1]]
    assert taken.floor(dates[0]) == whole.floor(dates[0])
    left_out = whole.tables[dates[0]].n_observed - taken.tables[dates[0]].n_observed
    assert any(f"{left_out} persons of all dates" in note for note in taken.notes)
    nobody = stock.snapshots(people, dates, operates=dict.fromkeys(("press", "families"), (dates[1], None)))
    assert nobody.declined[dates[0]] == "only one list names anybody"
    assert stock.snapshots(people, ["2001-01-01", dates[1]]).declined[
        nobody.dates[0].replace(2001, 1, 1)
    ] == ("no list names anybody")


def test_drawn_partitions_share_the_draws_and_say_what_is_due_to_who_is_who(system, taken):
    people = system.people
    apart = people.person.copy()
    split = np.flatnonzero(people.on == 1)[::3]  # links that one partition has, and the other has not
    apart[split] = people.person.max() + 1 + np.arange(len(split))
    other = stock.snapshots(replace(people, person=apart), taken.dates)
    estimator, asked = abundance.LogLinear(), {"n_draws": 2000, **AS_THEY_ARE}
    one, two = (
        stock.series(estimator, each, seed=k, **{**asked, "n_draws": 1000})
        for k, each in enumerate((taken, other))
    )
    both = stock.series(estimator, [taken, other], **asked)
    assert both.draws.shape == (2000, len(one.dates))
    assert both.draws[:1000].tolist() == one.draws.tolist()
    assert both.draws[1000:].tolist() == two.draws.tolist()
    assert both.floor.tolist() == np.minimum(one.floor, two.floor).tolist()
    means = [path.draws[:, -1].mean() for path in (one, two)]
    assert both.detail.share_links == pytest.approx(np.var(means) / both.draws[:, -1].var())
    assert both.detail.share_links > 0.2
    assert any("due to who is who, over 2 drawn partitions" in note for note in both.notes)


@pytest.mark.slow
def test_over_partitions_the_limits_hardly_depend_on_the_seed(taken):
    ends = []
    for seed in (0, 100, 200):
        found = stock.series(None, [taken] * 12, seed=seed).at(taken.dates[-1]).interval(0.95)
        ends.append(np.log([found.low, found.high]))
    assert np.ptp(ends, axis=0).max() < 0.015  # with one seed for all partitions .03 to .04


@pytest.mark.slow
def test_names_taken_over_are_said_and_leave_the_limits_wide(system, taken):
    rng = np.random.default_rng(3)
    people = system.people
    assert people.copied == ()
    marked = replace(people, forwarded=("press",))
    wide, narrow = (
        stock.series(None, replace(taken, people=each), seed=1, n_draws=800) for each in (marked, people)
    )
    assert wide.detail.copied == ("press",)
    assert any("press took names from another list" in note for note in wide.notes)
    widths = [np.log(limits.high / limits.low)[-1] for limits in (wide.interval(), narrow.interval())]
    assert widths[0] > 1.2 * widths[1]
    # by the days: half of the first list's names stand on the second some days later
    taken_over = np.flatnonzero((people.on == 1) & (rng.random(len(people.on)) < 0.7))
    first = {
        person: day
        for person, day, on in zip(people.person, people.listed, people.on, strict=True)
        if on == 0
    }
    listed = people.listed.copy()
    for k in taken_over:
        if people.person[k] in first:
            listed[k] = first[people.person[k]] + rng.integers(1, 5)
    assert replace(people, listed=listed).copied == (people.lists[1],)


def test_dates_are_smoothed_as_normals_around_a_mean_of_which_nothing_is_known():
    values, change = np.array([0.3, -1.2, 0.8]), 0.3 * 0.6 ** np.abs(np.subtract.outer(range(3), range(3)))
    chance = np.diag([0.2, 0.9, 0.4]) + 0.2 * change
    adds = np.column_stack([np.ones(3), np.eye(3)])  # the mean, and what each date differs from it by
    precision = adds.T @ np.linalg.inv(chance) @ adds + np.pad(np.linalg.inv(change), ((1, 0), (1, 0)))
    covariance = adds @ np.linalg.inv(precision) @ adds.T
    expected = np.array([covariance @ np.linalg.solve(chance, values), np.diag(covariance)])
    assert np.array(paths.smoothed(values, chance, change)) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("change", "least", "most"), [(1e-3, 0.0, 0.04), (None, 0.215, 0.24), (1e3, 0.2, 1.0)]
)
def test_what_dates_differ_by_through_chance_is_taken_out(taken, monkeypatch, change, least, most):
    if change is not None:
        module = sys.modules[stock.series.__module__]
        monkeypatch.setattr(module, "PRIORS", replace(module.PRIORS, ratio_change=change))
    found = stock.series(None, taken, n_draws=500)
    sizes = [estimate.n_observed for estimate in found.detail.estimates.values()]
    on_none = [found.point[found.dates.index(date)] for date in found.anchors]
    assert least <= np.ptp(np.log(np.divide(on_none, sizes) - 1)) <= most
