"""Forecasts that need no model of releases: against closed forms, brute force and rows made for them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detcount import datasets
from detcount._numerics import forecasting
from detcount.releases import ReleaseProcess
from detcount.releases import totals as campaigns
from monitor_series import figures, random, rows, series

EXACT = 1e-12  # the same arithmetic in another order
SE = 4.0  # standard errors of a simulated mean that a test allows


def test_figures_are_one_a_day_and_leave_out_narrower_windows():
    v = "verified"
    reports = rows(
        [
            ("2026-03-01", "m", v, "2026-03-01", "2026-03-01", 5, "since"),
            ("2026-03-02", "m", v, "2026-03-01", "2026-03-02", 9, "since"),
            ("2026-03-02", "m", v, "2026-03-01", "2026-03-02", 11, "since"),  # the last of the day
            ("2026-03-04", "m", v, "2026-03-01", "2026-03-01", 6, "first day"),  # covers less
            ("2026-03-05", "m", v, "2026-03-01", None, 10, "since"),  # a fall is kept
            ("2026-03-05", "m", "reported", "2026-03-01", None, 90, "since"),
            ("2026-03-05", "n", v, "2026-03-01", None, 70, "since"),
            ("2026-03-05", "m", v, "2026-03-03", None, 3, "since"),
        ]
    )
    own = campaigns.figures_of(reports, "m", np.datetime64("2026-03-01"))
    assert own.counts.tolist() == [5, 11, 10]
    assert own.ages.tolist() == [1, 2, 5]
    assert len(campaigns.every_series(reports)) == 3
    assert campaigns.figures_of(reports, "m", np.datetime64("2026-03-02")) is None


def test_days_ahead_end_with_the_window_or_with_the_day_of_publication():
    own = figures([5, 9, 17])  # 1 to 3 March
    day = np.datetime64
    assert own.days_ahead(day("2026-03-09"), day("2026-03-09")) == 6
    assert own.days_ahead(day("2026-03-05"), day("2026-03-20")) == 2  # the window ends first
    assert (
        own.days_ahead(day("2026-03-02"), day("2026-03-07")) == 4
    )  # it had ended: people are still verified
    assert own.days_ahead(day("2026-03-03"), day("2026-03-03")) == 0


@pytest.mark.parametrize(("age", "ahead", "offset"), [(2.0, 3.0, 0.0), (1.0, 40.0, 2.0), (20.0, 7.0, 1.0)])
def test_log_time_without_an_end_is_that_of_a_power(age, ahead, offset):
    endless = float(forecasting.log_time(age, ahead, 1e9, offset))
    assert endless == pytest.approx(np.log((age + ahead + offset) / (age + offset)), rel=1e-6)
    ended = float(forecasting.log_time(age, 1e6, 5.0, offset))
    assert ended == pytest.approx(np.log((age + 5.0 + offset) / (age + offset)), rel=EXACT)
    assert float(forecasting.log_time(age, ahead, 5.0, offset)) < min(endless, ended) + EXACT


@given(power=st.floats(0.0, 2.0), ahead=st.integers(1, 30))
def test_growth_by_a_power_of_time_is_continued(power, ahead):
    ages, later, totals = np.array([2.0, 5.0, 9.0]), np.array([3.0, 8.0, 1.0]), np.array([40.0, 7.0, 300.0])
    time = forecasting.log_time(ages, later, 6.0, 1.0)
    features = np.log1p(np.column_stack([later, totals]))
    powers, chances = forecasting.near_powers(
        power * time, time, features, np.log1p([ahead, 50]), (0.7, 1.4), np.array([1.0, 2.0, 0.5])
    )
    assert powers == pytest.approx(power, abs=1e-9)
    slow = [
        w * np.exp(-((np.log((1 + d) / (1 + ahead)) / 0.7) ** 2 + (np.log((1 + n) / 51) / 1.4) ** 2) / 2)
        for d, n, w in zip(later, totals, [1.0, 2.0, 0.5], strict=True)
    ]
    assert chances == pytest.approx(np.array(slow) / sum(slow), rel=1e-9)


def test_what_is_added_has_the_mean_and_the_variance_it_says():
    n, power, time = 40_000, 1.2, 0.7
    added = forecasting.added_draws(np.array([power]), np.ones(1), 80, time, 0.0, n, random())
    mean = 81 * np.expm1(power * time)
    assert added.mean() == pytest.approx(mean, abs=SE * added.std() / np.sqrt(n))
    assert added.var() / mean == pytest.approx(5.0, rel=0.05)  # 1 and what is verified together, 4
    smoothed = forecasting.added_draws(np.array([power]), np.ones(1), 80, 1e-3, 0.5, n, random())
    # the factor has mean 1, and a short time ahead is nearly linear in it
    assert smoothed.mean() == pytest.approx(81 * power * 1e-3, abs=0.31)


def test_growth_elsewhere_answers_from_one_figure_and_from_no_campaign_not_at_all():
    elsewhere = campaigns.growth_in(tuple(one.name for one in campaigns.CAMPAIGNS))
    draws = campaigns.growth_elsewhere(figures([120]), 6, elsewhere, None, 2000, random())
    low, middle, high = np.quantile(draws, [0.025, 0.5, 0.975])
    assert 50 <= low <= 130 < middle < high < 10_000
    assert (
        campaigns.growth_elsewhere(figures([120]), 6, campaigns.growth_in(()), None, 2000, random()) is None
    )
    assert campaigns.growth_elsewhere(figures([0]), 1, elsewhere, None, 2000, random()).min() == 0


def test_growth_of_campaigns_is_that_of_their_rows():
    found = campaigns.growth_in(("Venezuela, December 2017",))
    assert found.growth.tolist() == pytest.approx([np.log(45 / 37)], rel=EXACT)
    assert (found.ages.tolist(), found.ahead.tolist(), found.weights.tolist()) == ([2.0], [2.0], [1.0])
    both = campaigns.growth_in(("Venezuela, December 2017", "Cuba, January 2025"))
    assert both.weights.sum() == pytest.approx(2.0, rel=EXACT)
    grown = np.log1p([192, 200, 209, 200, 209, 209]) - np.log1p([50, 50, 50, 192, 192, 200])
    assert both.growth[:6].tolist() == pytest.approx(grown.tolist(), rel=EXACT)


def test_no_campaign_is_learned_from_that_the_counts_may_belong_to():
    every = [one.name for one in campaigns.CAMPAIGNS]
    for campaign in campaigns.CAMPAIGNS:
        for one in campaigns.every_series(datasets.load(campaign.dataset)):
            if campaign.holds(one.start):
                left = campaigns.other_campaigns(one.start)
                assert campaign.name not in left
                assert len(left) == len(every) - 1  # and from every other one
    assert campaigns.other_campaigns(np.datetime64("2019-06-01")) == tuple(every)


def test_growth_so_far_in_the_same_campaign_is_known_and_nothing_later():
    shipped = datasets.load("venezuela_releases")
    known = shipped.as_of("2026-01-13")
    own = campaigns.figures_of(known, "Foro Penal", np.datetime64("2026-01-08"))
    found = campaigns.growth_known(known, own, ())
    # Foro Penal 9, 16, 17, 56, 56 and PUD 11, 73, 76; JEP has one figure: ten pairs and three
    assert len(found.growth) == 13
    assert found.weights.sum() == pytest.approx(1.0, rel=EXACT)
    assert max(found.totals) == 73
    with_others = campaigns.growth_known(known, own, ("Cuba, January 2025",))
    assert len(with_others.growth) == 13 + 6


def test_the_largest_number_announced_from_the_same_days_is_the_limit():
    v, a = "verified", "announced"
    table = [
        ("2026-03-01", "state", a, "2026-03-03", None, 300, "lot"),  # two days at most
        ("2026-03-02", "m", v, "2026-03-01", None, 120, "since"),
        ("2026-03-02", "state", a, None, "2026-03-02", 900, "all"),  # from a day nobody said
        ("2026-03-02", "state", a, "2026-02-26", "2026-03-02", 800, "earlier"),
        ("2026-03-02", "press", "reported", "2026-03-01", "2026-03-02", 700, "lot"),
    ]
    reports = rows(table)
    own = campaigns.every_series(reports)[0]
    assert campaigns.announced_for(reports, own) == 300
    above = rows([*table, ("2026-03-03", "m", v, "2026-03-01", None, 310, "since")])
    assert (
        campaigns.announced_for(above, campaigns.every_series(above)[0]) is None
    )  # the monitor counts others besides


def test_a_total_runs_out_at_what_was_announced_and_those_counted_besides():
    elsewhere = campaigns.growth_in(tuple(one.name for one in campaigns.CAMPAIGNS))
    free, held = (
        campaigns.growth_elsewhere(figures([120]), 6, elsewhere, limit, 4000, random())
        for limit in (None, 200)
    )
    assert (np.sort(held) <= np.sort(free)).all()
    assert (np.sort(held[held < 200]) == np.sort(free[free < 200])).all()
    # beyond the announced an exponential of mean a tenth, where totals free of it lie far above
    far, near = (np.mean(free > least) for least in (1000, 260))
    assert 0.5 * far * np.exp(-3) < np.mean(held > 260) < 1.5 * near * np.exp(-3)


@given(
    members=st.lists(st.lists(st.integers(0, 500), min_size=9, max_size=9), min_size=1, max_size=3),
    parts=st.lists(st.floats(0.1, 1.0), min_size=3, max_size=3),
)
def test_draws_of_a_pool_are_quantiles_of_the_mixture(members, parts):
    draws = np.array(members, dtype=float)
    weights = np.array(parts[: len(draws)])
    found = forecasting.pooled_draws(draws, weights)
    for value in {*found, *draws.ravel()}:
        mixture = np.average([np.mean(row <= value) for row in draws], weights=weights)
        assert abs(np.mean(found <= value) - mixture) <= 0.5 / 9 + 1e-9
    assert set(found) <= set(draws.ravel())
    assert (np.diff(found) >= 0).all()
    assert (forecasting.pooled_draws(draws + 1, weights) >= found).all()
    assert forecasting.pooled_draws(draws[:1], weights[:1]).tolist() == sorted(draws[0].tolist())


def test_the_scale_of_steps_is_one_for_steps_that_come_singly_and_more_for_groups():
    days = np.full(60, 2.0)
    for together in (1, 25):
        steps = together * random(together).poisson(20 / together, 60).astype(float)
        # successive pairs say it again and again, so the prior of 12 weighs 3 of 62
        assert forecasting.cluster_scale(steps, days) == pytest.approx(together, rel=0.4, abs=0.8)
    assert forecasting.cluster_scale(np.array([30.0]), np.array([3.0])) == 12.0


def test_what_steps_add_has_the_mean_and_the_spread_of_the_stated_law():
    ages, counts = np.array([2, 4, 6, 8]), np.array([20, 40, 60, 80])
    ahead, n = 5, 200_000
    drawn = forecasting.stepped_draws(ages, counts, ahead, n, random(1))
    scale = 12 * 3 / 6  # three even pairs of steps add nothing to the prior
    weights = np.array([np.mean(np.exp(-(8 - np.linspace(b - 2, b, 100_001)) / 12)) for b in ages])
    shape, rate = 0.5 + (weights * 20).sum() / scale, 0.05 + (weights * 2).sum() / scale
    drift = 0.25 + 0.05 * np.sqrt(ahead)
    lasts = 80 * (1 - np.exp(-ahead / 80))
    mean = shape / rate * np.exp(drift**2 / 2) * lasts
    assert drawn.mean() == pytest.approx(mean, abs=SE * drawn.std() / np.sqrt(n))
    square = shape * (shape + 1) / rate**2 * np.exp(2 * drift**2)
    lasts2 = 2 * 80 * (80 - (ahead + 80) * np.exp(-ahead / 80))
    assert drawn.var() == pytest.approx(square * lasts2 + scale * mean - mean**2, rel=0.03)


def test_a_pool_of_one_figure_is_growth_elsewhere_and_of_no_campaign_own_steps():
    elsewhere = campaigns.growth_in(tuple(one.name for one in campaigns.CAMPAIGNS))
    one = campaigns.pooled(figures([120]), 6, elsewhere, None, 2000, random())
    alone = campaigns.growth_elsewhere(figures([120]), 6, elsewhere, None, 2000, random(7))
    assert np.median(one) == pytest.approx(np.median(alone), rel=0.1)
    steps = campaigns.pooled(figures([120, 130]), 6, campaigns.growth_in(()), None, 2000, random())
    assert (steps >= 130).all()


def test_a_later_total_is_forecast_and_an_old_one_is_as_it_was():
    process = ReleaseProcess(n_draws=2000).fit(series([9, 16, 17, 56]))  # 1 to 4 March
    later = process.nowcast("m", start="2026-03-01", end="2026-03-11", on="2026-03-11")
    assert later.interval().low <= 56 < later.median < later.interval().high
    assert later.identified_by == "data"
    far = process.nowcast("m", start="2026-03-01", end="2026-05-11", on="2026-05-11")
    assert far.median > later.median
    # the window had ended: people are verified late, or not counted at all as yet
    closed = process.nowcast("m", start="2026-03-01", end="2026-03-04", on="2026-03-20")
    assert closed.median < later.median
    asked = process.nowcast("m", start="2026-03-01", end="2026-03-04")
    assert asked.interval().low == asked.interval().high == 56
    # give or take two days; the same draws again
    near = process.nowcast("m", start="2026-03-02", end="2026-03-11", on="2026-03-11")
    assert (near.draws == later.draws).all()


@given(counts=st.lists(st.integers(0, 10**9), min_size=1, max_size=6), ahead=st.integers(1, 90))
def test_a_forecast_never_fails_and_is_never_below_nobody(counts, ahead):
    reports = series(counts)
    on = reports.published[-1] + np.timedelta64(ahead, "D")
    later = ReleaseProcess(n_draws=100).fit(reports).nowcast("m", start="2026-03-01", end=on, on=on)
    assert later.draws.min() >= 0
