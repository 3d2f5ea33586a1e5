"""Forecasters of a register that lose to its last total: oracles, a slow integral, and that they lose.

Oracles of the even pace, and a slow integral of the uneven one: what docs say of them is of models that do
what they say.
"""

from __future__ import annotations

import datetime as dt
import math
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from detcount import PublishedStock, stock

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

import stock_forecasts  # noqa: E402
from registers import LocalLevel, LocalLinearTrend, RegisterPool, state_space  # noqa: E402
from registers.state_space import Priors, RegisterFilter, ahead, settings_of  # noqa: E402

NO_SLOPE = (0.0, 0.0)
FIXED = 1e-12  # spread of a prior that is a point
RIVALS = (RegisterPool(), LocalLinearTrend(), LocalLevel(), LocalLevel(burst=None))


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
    lasts, carried, of_level, of_both, of_slope = state_space._slope_terms(lasting, days)
    u = (np.arange(2000) + 0.5) / 2000 * days
    rest = days - u
    rate = 2 / lasting  # of new variance, which keeps that of the slope at 1
    effect = lasting * -np.expm1(-rest / lasting)
    assert lasts == pytest.approx(math.exp(-x))
    assert carried == pytest.approx(np.exp(-u / lasting).mean() * days, rel=1e-3)
    assert of_level == pytest.approx((rate * effect**2).mean() * days, rel=2e-3)
    assert of_both == pytest.approx((rate * effect * np.exp(-rest / lasting)).mean() * days, rel=2e-3)
    assert of_slope == pytest.approx((rate * np.exp(-2 * rest / lasting)).mean() * days, rel=2e-3)


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
    at_80, at_95 = covered(LocalLevel(n_draws=1000), 40, 5, n=24, step=0.015)
    # 160 forecasts, three of a register together: a standard error of some 0.04 and 0.02
    assert 0.68 <= at_80 <= 0.92
    assert 0.89 <= at_95 <= 1.0


@pytest.mark.slow
def test_limits_hold_what_comes_for_other_paces():
    for world in ({"step": 0.005}, {"step": 0.03, "burst": 60.0}, {"step": 0.02, "burst": 0.0}):
        for forecaster in (LocalLevel(n_draws=1000), LocalLinearTrend(n_draws=1000)):
            at_80, at_95 = covered(forecaster, 60, 9, n=40, **world)
            assert 0.74 <= at_80 <= 0.90, (world, forecaster, at_80)
            assert 0.91 <= at_95 <= 0.995, (world, forecaster, at_95)


def test_a_slope_is_followed_and_fades():
    days = np.arange(0, 210, 7)
    growing = published(days, np.rint(500 * np.exp(0.004 * days)).astype(int))
    with_slope = LocalLinearTrend(horizon=300).fit(growing)
    without = LocalLevel(horizon=300).fit(growing)
    last = with_slope.last_count
    month = np.log(np.median(with_slope.draws[:, 29]) / last) / 30
    assert 0.0025 < month < 0.0045
    late = np.log(np.median(with_slope.draws[:, 299]) / np.median(with_slope.draws[:, 239])) / 60
    assert late < month / 2
    assert np.median(without.draws[:, 29]) == pytest.approx(last, rel=0.01)


def test_a_single_fall_is_no_slope():
    days = np.arange(0, 140, 7)
    counts = np.where(days < 130, 900, 700)
    found = LocalLinearTrend().fit(published(days, counts))
    assert np.median(found.draws[:, 29]) > 680


def test_a_pool_has_the_draws_of_its_members():
    totals, _ = stock_forecasts.totals("Venezuela 2024-26")
    pool = RegisterPool(members=(LocalLevel(n_draws=500), stock.LastValue(n_draws=700)), horizon=9)
    found = pool.fit(totals, seed=2).draws
    assert found.shape == (1000, 9)
    assert np.array_equal(found[:500], LocalLevel(n_draws=500, horizon=9).fit(totals, seed=2).draws)
    assert np.array_equal(
        found[500:], stock.LastValue(n_draws=700, horizon=9).fit(totals, seed=2).draws[:500]
    )


def test_long_gaps_and_many_totals():
    found = LocalLinearTrend().fit(published([-6000, -3000, -2993, 0], [900, 300, 310, 800]))
    assert np.isfinite(found.interval().high).all()


@cache
def scored(name):
    """Mean error and mean pinball loss of each forecaster over the next three totals of a series."""
    rows = stock_forecasts.scores((*RIVALS, stock.LastValue()), (name,))[name]
    names = dict.fromkeys(row["forecaster"] for row in rows)
    return {
        who: {
            score: float(np.mean([row[score] for row in rows if row["forecaster"] == who]))
            for score in ("error", "pinball", "cover_80")
        }
        for who in names
    }


@pytest.mark.slow
@pytest.mark.parametrize("rival", RIVALS, ids=repr)
def test_none_beats_the_last_total_on_every_series_that_ships(rival):
    """A forecaster is public only if it does, in error and in pinball loss."""
    lost = [
        name
        for name in stock_forecasts.SERIES
        for score in ("error", "pinball")
        if scored(name)[repr(rival)][score] >= scored(name)["LastValue()"][score]
    ]
    assert lost
