"""Forecasts of registers: oracles of the even pace, a slow integral of the uneven one, truth, bad input."""

from __future__ import annotations

import datetime as dt
import json
import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from detcount import PublishedStock, datasets, stock
from detcount._numerics.forecasting import register
from detcount._numerics.forecasting.register import Priors, RegisterFilter, ahead, settings_of
from detcount.errors import InputError, NotEstimableError, error_text

ROUNDING = 1e-9  # the same Gaussian, by another way
NO_SLOPE = (0.0, 0.0)
FIXED = 1e-12  # spread of a prior that is a point
EVERY = (
    stock.RegisterPool(),
    stock.LocalLinearTrend(),
    stock.LocalLevel(),
    stock.LocalLevel(burst=None),
    stock.LastValue(),
)


def published(days, counts, **columns):
    """Totals of one source."""
    start = dt.date(2024, 1, 1)
    n = len(days)
    rows = {
        "date": [start + dt.timedelta(days=int(day)) for day in days],
        "source": ["monitor"] * n,
        "role": ["verified"] * n,
        "count": np.asarray(counts).tolist(),
    }
    return PublishedStock.from_frame({**rows, **columns})


def invented(rng, n=30, step=0.02, burst=20.0, noise=0.003):
    """Totals of a register that moves as the model says, at irregular days."""
    days = np.cumsum(rng.choice([7, 7, 14, 21, 30], n))
    gaps = np.diff(days, prepend=days[0] - 7)
    time = gaps if burst == 0 else rng.standard_gamma(gaps / burst) * burst
    level = math.log(900) + np.cumsum(step * np.sqrt(time) * rng.standard_normal(n))
    return days, np.rint(np.exp(level + noise * rng.standard_normal(n))).astype(int)


def foro_penal():
    return datasets.load("venezuela_stock").select(source="Foro Penal", role="verified")


def read_all(priors, days, values, *, n_settings=1, n_particles=1, seed=0):
    """State after all values, and the log of how likely they were."""
    known = settings_of(priors, n_settings)
    reader = RegisterFilter(known, n_particles, seed)
    state, total = reader.begin(values[0]), 0.0
    for gap, value in zip(np.diff(days), values[1:], strict=True):
        state, likely = reader.read(state, float(gap), float(value))
        total += likely
    return state, known, total


DAYS = np.array([0.0, 7, 14, 14, 45, 51, 140])
VALUES = np.array([6.8, 6.83, 6.79, 6.80, 6.95, 6.93, 7.4])


def slope_covariance(sd, lasting, s, t):
    """Covariance of the level as the slope moved it until s and until t: a double integral in closed form."""
    low, high = min(s, t), max(s, t)
    # of int_0^s int_0^t sd^2 exp(-|u - v| / lasting)
    e = np.exp
    return (
        sd**2
        * lasting**2
        * (2 * low / lasting - 1 + e(-low / lasting) + e(-high / lasting) - e(-(high - low) / lasting))
    )


def dense(sd_step, sd_noise, sd_slope, lasting, days):
    """Covariance of the values at some days, given the level of the first day, which has a flat prior."""
    n = len(days)
    made = np.empty((n, n))
    for i, s in enumerate(days):
        for j, t in enumerate(days):
            made[i, j] = sd_step**2 * min(s, t) + slope_covariance(sd_slope, lasting, s, t)
    return made + sd_noise**2 * np.eye(n)


@pytest.mark.parametrize("slope", [0.0, 0.002])
def test_the_even_pace_is_a_multivariate_normal(slope):
    """Likelihood and forecast from one dense matrix, with a wide prior of the first level integrated out."""
    step, noise, lasting = 0.015, 0.004, 60.0
    priors = Priors((step, FIXED), NO_SLOPE, (noise, FIXED), (slope, FIXED if slope else 0.0), lasting)
    state, known, likely = read_all(priors, DAYS, VALUES)
    to_come = np.array([10.0, 40.0])
    every = np.concatenate([DAYS, DAYS[-1] + to_come])
    covariance = dense(step, noise, slope, lasting, every) + 1e3
    n = len(DAYS)
    seen = covariance[:n, :n]
    weights = np.linalg.solve(seen, covariance[:n, n:])
    mean = 6.8 + weights.T @ (VALUES - 6.8)
    variance = covariance[n:, n:] - weights.T @ covariance[:n, n:]
    # the first value has a flat prior: its density is left out of the likelihood
    full = stats.multivariate_normal(np.full(n, 6.8), seen).logpdf(VALUES)
    assert likely == pytest.approx(full + 0.5 * math.log(2 * math.pi * 1e3), abs=1e-3)
    draws = ahead(state, known, to_come, 200_000, np.random.default_rng(1))
    # standard errors of 200,000 draws, times four
    np.testing.assert_allclose(draws.mean(axis=0), mean, atol=4 * math.sqrt(variance.max() / 2e5))
    np.testing.assert_allclose(np.cov(draws.T), variance, rtol=0.015)


def test_the_even_pace_is_the_local_level_of_statsmodels():
    """A day is a step, and days without a total are missing."""
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    step, noise = 0.015, 0.004
    days, values = np.delete(DAYS, 3), np.delete(VALUES, 3)
    daily = np.full(int(days[-1]) + 1, np.nan)
    daily[days.astype(int)] = values
    model = UnobservedComponents(daily, "local level")
    smoothed = model.smooth([noise**2, step**2])
    priors = Priors((step, FIXED), NO_SLOPE, (noise, FIXED), NO_SLOPE, 1.0)
    state, _, likely = read_all(priors, days, values)
    assert state.level[0, 0] == pytest.approx(smoothed.filtered_state[0, -1], abs=1e-6)
    assert state.level_variance[0, 0] == pytest.approx(smoothed.filtered_state_cov[0, 0, -1], rel=1e-5)
    # statsmodels leaves out the first value, whose level is approximately diffuse
    assert likely == pytest.approx(smoothed.llf, abs=1e-4)
    wanted = smoothed.get_forecast(30)
    assert state.level[0, 0] == pytest.approx(wanted.predicted_mean[-1], abs=1e-6)
    variance = state.level_variance[0, 0] + 30 * step**2 + noise**2
    assert variance == pytest.approx(float(np.asarray(wanted.var_pred_mean)[-1]), rel=1e-5)


@pytest.mark.slow
def test_the_uneven_pace_by_a_slow_integral():
    """The likelihood of two totals after the first, integrated over the times of their steps."""
    step, burst, noise = 0.02, 25.0, 0.005
    days, values = np.array([0.0, 7.0, 21.0]), np.array([6.8, 6.805, 6.55])
    shares = (np.arange(4000) + 0.5) / 4000
    first, second = (stats.gamma(gap / burst, scale=burst).ppf(shares) for gap in (7.0, 14.0))
    # the three values about the level of the first, with a flat prior: differences are jointly normal
    total = 0.0
    for time in first[::20]:
        a = step**2 * time + 2 * noise**2
        b = step**2 * second + 2 * noise**2
        between = -(noise**2)
        x, y = values[1] - values[0], values[2] - values[1]
        determinant = a * b - between**2
        total += np.mean(
            np.exp(-0.5 * (b * x**2 - 2 * between * x * y + a * y**2) / determinant)
            / (2 * math.pi * np.sqrt(determinant))
        )
    slow = math.log(total / len(first[::20]))
    priors = Priors((step, FIXED), (burst, FIXED), (noise, FIXED), NO_SLOPE, 1.0)
    found = [read_all(priors, days, values, n_particles=600, seed=seed)[2] for seed in range(4)]
    assert np.mean(found) == pytest.approx(slow, abs=0.03)
    usual = [read_all(priors, days, values, n_particles=48, seed=seed)[2] for seed in range(40)]
    assert math.log(np.mean(np.exp(usual))) == pytest.approx(slow, abs=0.12)


def test_the_times_have_the_gamma_distribution():
    priors = Priors((0.02, FIXED), (20.0, FIXED), (0.003, FIXED), NO_SLOPE, 1.0)
    reader = RegisterFilter(settings_of(priors, 1), 600, 0)
    for days in (7.0, 60.0):
        times, log_shares = reader._times(days)
        shares = np.exp(log_shares)
        assert shares.sum() == pytest.approx(1)
        assert (shares * times).sum() == pytest.approx(days, rel=0.002)
        spread = (shares * (times - days) ** 2).sum()
        assert spread == pytest.approx(days * 20.0, rel=0.01)


def test_a_path_ahead_has_the_variance_of_its_parts():
    """The same spread whether the days ahead are asked for one by one or at once."""
    priors = Priors((0.02, FIXED), (20.0, FIXED), (0.003, FIXED), (0.002, FIXED), 60.0)
    state, known, _ = read_all(priors, DAYS, VALUES, n_particles=64)
    one = ahead(state, known, np.array([60.0]), 40_000, np.random.default_rng(2))[:, -1]
    many = ahead(state, known, np.arange(1.0, 61.0), 40_000, np.random.default_rng(3))[:, -1]
    assert stats.ks_2samp(one, many).statistic < 0.014  # one in a hundred of such samples exceeds 0.0115


@settings(max_examples=60, deadline=None)
@given(st.floats(1e-4, 40.0), st.floats(5.0, 300.0))
def test_the_terms_of_the_slope_by_quadrature(x, lasting):
    days = x * lasting
    lasts, carried, of_level, of_both, of_slope = register._slope_terms(lasting, days)
    u = (np.arange(2000) + 0.5) / 2000 * days
    rest = days - u
    rate = 2 / lasting  # of new variance, which keeps that of the slope at 1
    effect = lasting * -np.expm1(-rest / lasting)
    assert lasts == pytest.approx(math.exp(-x))
    assert carried == pytest.approx(np.exp(-u / lasting).mean() * days, rel=1e-3)
    assert of_level == pytest.approx((rate * effect**2).mean() * days, rel=2e-3)
    assert of_both == pytest.approx((rate * effect * np.exp(-rest / lasting)).mean() * days, rel=2e-3)
    assert of_slope == pytest.approx((rate * np.exp(-2 * rest / lasting)).mean() * days, rel=2e-3)


# What was known when.


@pytest.mark.parametrize("forecaster", EVERY, ids=repr)
def test_a_forecast_knows_nothing_of_later_totals(forecaster):
    """From each origin the backtest says what a fit to the totals of that day says."""
    totals = foro_penal()
    done = stock.backtest_register(totals, [forecaster], seed=3)
    for row in done.rows[:: len(done.rows) // 4]:
        alone = forecaster.fit(totals.as_of(row["origin"]), seed=3)
        again = stock.backtest_register(totals.as_of(row["date"]), [forecaster], seed=3)
        (same,) = (one for one in again.rows if (one["origin"], one["date"]) == (row["origin"], row["date"]))
        if row["ahead"] == 1:  # the first of the days asked for: the same random numbers
            assert (same["median"], same["low_80"], same["high_95"]) == (
                row["median"],
                row["low_80"],
                row["high_95"],
            )
        count = alone.register(row["date"])
        assert count.median == pytest.approx(row["median"], rel=0.02)
        assert count.interval(0.8).high == pytest.approx(row["high_80"], rel=0.05)


def test_the_scores_by_hand():
    days, counts = np.arange(0, 84, 7), [100, 104, 99, 120, 118, 119, 121, 90, 92, 91, 95, 96]
    done = stock.backtest_register(published(days, counts), [stock.LastValue()], ahead=2, least=4)
    assert done.n_origins == 8
    assert [row["published"] for row in done.rows[:2]] == counts[4:6]
    assert [(row["days"], row["ahead"]) for row in done.rows[:2]] == [(7, 1), (14, 2)]
    first = done.rows[0]
    assert first["error"] == pytest.approx(abs(math.log((first["median"] + 0.5) / 118.5)))
    by_ahead = {row["ahead"]: row for row in done.scores()}
    assert (by_ahead[1]["n"], by_ahead[2]["n"]) == (8, 7)
    inside = [row["low_80"] <= row["published"] <= row["high_80"] for row in done.rows if row["ahead"] == 1]
    assert by_ahead[1]["cover_80"] == pytest.approx(np.mean(inside))
    assert by_ahead[2]["error"] == pytest.approx(
        np.mean([row["error"] for row in done.rows if row["ahead"] == 2])
    )
    assert 0 < by_ahead[1]["pinball"] < by_ahead[1]["error"]


def test_the_pinball_loss_is_that_of_deciles():
    from detcount.stock.forecasting.backtest import _scored

    draws = np.log(np.arange(80, 121) + 0.5)
    row = _scored(draws, 97)
    truth = math.log(97.5)
    by_hand = 0.0
    for tenth in range(1, 10):
        miss = truth - np.quantile(draws, tenth / 10)
        by_hand += max(tenth / 10 * miss, (tenth / 10 - 1) * miss) / 9
    assert row["pinball"] == pytest.approx(by_hand, rel=1e-12)
    assert (row["median"], row["low_80"], row["high_80"]) == (100.0, 84.0, 116.0)


def test_the_last_value_draws_past_changes():
    found = stock.LastValue(horizon=28).fit(published([0, 7, 21], [100, 110, 105]))
    changes = np.abs(np.diff(np.log([100.5, 110.5, 105.5])) / np.sqrt([7, 14]))
    wanted = {round(105.5 * math.exp(s * c * math.sqrt(28)) - 0.5) for c in changes for s in (-1, 1)}
    assert set(found.draws[:, -1].tolist()) == wanted


# Simulated truth.


def covered(forecaster, n_registers, seed, **world):
    """How often limits at 80% and at 95% hold the next total, over registers that move as stated."""
    rng = np.random.default_rng(seed)
    inside = []
    for _ in range(n_registers):
        days, counts = invented(rng, **world)
        done = stock.backtest_register(published(days, counts), [forecaster], ahead=2, least=20)
        inside += [
            (
                row["low_80"] <= row["published"] <= row["high_80"],
                row["low_95"] <= row["published"] <= row["high_95"],
            )
            for row in done.rows
            if row["ahead"] == 2
        ]
    return np.mean(inside, axis=0)


@pytest.mark.slow
def test_limits_hold_what_comes_as_often_as_they_say():
    at_80, at_95 = covered(stock.LocalLevel(n_draws=1000), 40, 5, n=24, step=0.015)
    # 160 forecasts, three of a register together: a standard error of some 0.04 and 0.02
    assert 0.68 <= at_80 <= 0.92
    assert 0.89 <= at_95 <= 1.0


@pytest.mark.slow
def test_limits_hold_what_comes_for_other_paces():
    for world in ({"step": 0.005}, {"step": 0.03, "burst": 60.0}, {"step": 0.02, "burst": 0.0}):
        for forecaster in (stock.LocalLevel(n_draws=1000), stock.LocalLinearTrend(n_draws=1000)):
            at_80, at_95 = covered(forecaster, 60, 9, n=40, **world)
            assert 0.74 <= at_80 <= 0.90, (world, forecaster, at_80)
            assert 0.91 <= at_95 <= 0.995, (world, forecaster, at_95)


def test_a_slope_is_followed_and_fades():
    days = np.arange(0, 210, 7)
    growing = published(days, np.rint(500 * np.exp(0.004 * days)).astype(int))
    with_slope = stock.LocalLinearTrend(horizon=300).fit(growing)
    without = stock.LocalLevel(horizon=300).fit(growing)
    last = with_slope.last_count
    month = np.log(np.median(with_slope.draws[:, 29]) / last) / 30
    assert 0.0025 < month < 0.0045
    late = np.log(np.median(with_slope.draws[:, 299]) / np.median(with_slope.draws[:, 239])) / 60
    assert late < month / 2
    assert np.median(without.draws[:, 29]) == pytest.approx(last, rel=0.01)


def test_a_single_fall_is_no_slope():
    days = np.arange(0, 140, 7)
    counts = np.where(days < 130, 900, 700)
    found = stock.LocalLinearTrend().fit(published(days, counts))
    assert np.median(found.draws[:, 29]) > 680


# The answer, and what is refused.


@pytest.mark.parametrize("forecaster", EVERY, ids=repr)
def test_the_same_seed_gives_the_same_bits(forecaster):
    one, two, other = (forecaster.fit(foro_penal(), seed=seed) for seed in (4, 4, 5))
    assert np.array_equal(one.draws, two.draws)
    assert not np.array_equal(one.draws, other.draws)
    width = one.interval(0.8).high[29] - one.interval(0.8).low[29]
    assert abs(np.median(one.draws[:, 29]) - np.median(other.draws[:, 29])) < 0.1 * width
    assert (one.draws >= 0).all()


@pytest.mark.parametrize("forecaster", EVERY, ids=repr)
def test_the_result_is_whole(forecaster):
    found = forecaster.fit(foro_penal().as_of("2025-12-15"))
    assert (found.last_count, found.last_date) == (902, dt.date(2025, 12, 15))
    assert found.dates[0] == dt.date(2025, 12, 16)
    inner, outer = found.interval(0.8), found.interval(0.95)
    assert (outer.low <= inner.low).all()
    assert (inner.high <= outer.high).all()
    assert len(found.to_frame()) == len(found.dates) == 120
    json.dumps(found.record(), allow_nan=False)
    again = pickle.loads(pickle.dumps(found))
    assert str(again) == str(found)
    assert not again.draws.flags.writeable
    assert eval(repr(forecaster), vars(stock)) == forecaster
    assert "register" in found.headline()
    assert "registro" in found.headline().say("es")
    with pytest.raises(InputError, match="date: expected a day from 16 December 2025"):
        found.register("2025-12-15")


def test_a_pool_has_the_draws_of_its_members():
    totals = foro_penal()
    pool = stock.RegisterPool(
        members=(stock.LocalLevel(n_draws=500), stock.LastValue(n_draws=700)), horizon=9
    )
    found = pool.fit(totals, seed=2).draws
    assert found.shape == (1000, 9)
    assert np.array_equal(found[:500], stock.LocalLevel(n_draws=500, horizon=9).fit(totals, seed=2).draws)
    assert np.array_equal(
        found[500:], stock.LastValue(n_draws=700, horizon=9).fit(totals, seed=2).draws[:500]
    )


def test_two_totals_for_a_day_are_two_readings():
    days, counts = [0, 7, 14, 14, 21], [800, 810, 823, 816, 825]
    found = stock.LocalLevel().fit(published(days, counts))
    assert any("One day has more than one total" in str(note) for note in found.notes)
    assert found.n_totals == 5
    done = stock.backtest_register(published(days, counts), [stock.LocalLevel()], least=3, ahead=1)
    assert [row["published"] for row in done.rows] == [825]


def test_at_least_is_taken_as_a_total_and_said():
    totals = published([0, 7, 14, 21], [800, 810, 815, 825], at_least=[False, False, True, False])
    found = stock.LastValue().fit(totals)
    assert found.n_totals == 4
    assert any('One total was said with "at least"' in str(note) for note in found.notes)


def test_totals_that_cannot_be_forecast():
    many = datasets.load("venezuela_stock")
    with pytest.raises(InputError, match=r"LocalLevel: expected the totals of one source.*stock.select"):
        stock.LocalLevel().fit(many)
    with pytest.raises(TypeError, match="LastValue: expected a PublishedStock, got list"):
        stock.LastValue().fit([1, 2])
    with pytest.raises(
        NotEstimableError, match="needs totals of at least 3 days, got those of 2"
    ) as declined:
        stock.LastValue().fit(published([0, 7], [10, 12]))
    assert "días" in error_text(declined.value, "es")
    with pytest.raises(NotEstimableError, match="needs totals of more than 9 days"):
        stock.backtest_register(published([0, 7, 9], [10, 12, 13]))
    with pytest.raises(TypeError, match="forecasters: expected forecasters"):
        stock.backtest_register(foro_penal(), [stock.LocalLevel])
    with pytest.raises(TypeError, match="forecasters: expected forecasters"):
        stock.backtest_register(foro_penal(), [])
    for bad in ({"step": (0.0, 1.0)}, {"burst": (1.0,)}, {"horizon": 0}, {"n_draws": 5}):
        with pytest.raises((InputError, TypeError)):
            stock.LocalLevel(**bad)
    with pytest.raises(InputError, match="lasting"):
        stock.LocalLinearTrend(lasting=-1.0)


def test_a_register_that_empties_and_one_that_never_moves():
    for counts in ([40, 20, 8, 2, 0, 0], [500] * 6):
        for forecaster in EVERY:
            found = forecaster.fit(published(np.arange(6) * 7, counts))
            assert np.isfinite(found.interval().high).all()
            assert (found.interval().low >= 0).all()


def test_long_gaps_and_many_totals():
    found = stock.LocalLinearTrend().fit(published([-6000, -3000, -2993, 0], [900, 300, 310, 800]))
    assert np.isfinite(found.interval().high).all()


@pytest.mark.reference
def test_the_next_totals_of_the_shipped_series():
    """Foro Penal since 2024: errors of the last value as others found them, and those of the pool below."""
    done = stock.backtest_register(foro_penal(), [stock.RegisterPool(), stock.LastValue()])
    scores = {(row["forecaster"], row["ahead"]): row for row in done.scores()}
    last = [scores["LastValue()", place]["error"] for place in (1, 2, 3)]
    np.testing.assert_allclose(last, [0.049, 0.089, 0.116], atol=0.0012)
    for place, most in ((1, 0.055), (2, 0.085), (3, 0.110)):
        assert scores["RegisterPool()", place]["error"] <= most
    rows = [row for row in done.rows if row["forecaster"] == "RegisterPool()"]
    inside = np.mean([row["low_80"] <= row["published"] <= row["high_80"] for row in rows])
    assert 0.75 <= inside <= 0.92
