"""Forecasts of registers by their last total: what was known when, scores by hand, and bad input."""

import datetime as dt
import math
import pickle
from functools import partial

import numpy as np
import pytest

from detcount import datasets, stock
from register_totals import totals

published = partial(totals, first="2024-01-01")


def foro_penal():
    return datasets.load("venezuela_stock").select(source="Foro Penal", role="verified")


def test_a_forecast_knows_nothing_of_later_totals():
    """From each origin the backtest says what a fit to the totals of that day says."""
    totals, forecaster = foro_penal(), stock.LastValue()
    done = stock.backtest_register(totals, forecaster, seed=3)
    for row in done.rows[:: len(done.rows) // 4]:
        alone = forecaster.fit(totals.as_of(row["origin"]), seed=3)
        again = stock.backtest_register(totals.as_of(row["date"]), forecaster, seed=3)
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
    done = stock.backtest_register(published(days, counts), stock.LastValue(), ahead=2, least=4)
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
    from detcount.stock.forecasts import _scored

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
    logs = np.log([100.5, 110.5, 105.5])
    changes = [(logs[1] - logs[0]) / 7**0.5, (logs[2] - logs[1]) / 14**0.5, (logs[2] - logs[0]) / 21**0.5]
    wanted = {round(105.5 * math.exp(s * 1.25 * c * math.sqrt(28)) - 0.5) for c in changes for s in (-1, 1)}
    assert set(found.draws[:, -1].tolist()) == wanted


def test_the_result_is_whole():
    forecaster = stock.LastValue()
    found = forecaster.fit(foro_penal().as_of("2025-12-15"))
    assert (found.last_count, found.last_date) == (902, dt.date(2025, 12, 15))
    assert found.dates[0] == dt.date(2025, 12, 16)
    inner, outer = found.interval(0.8), found.interval(0.95)
    assert (outer.low <= inner.low).all()
    assert (inner.high <= outer.high).all()
    assert len(found.to_frame()) == len(found.dates) == 120
    assert not pickle.loads(pickle.dumps(found)).draws.flags.writeable
    assert "register" in found.headline()
    assert "registro" in found.headline().translated("es")


def test_two_totals_for_a_day_are_two_readings():
    days, counts = [0, 7, 14, 14, 21], [800, 810, 823, 816, 825]
    found = stock.LastValue().fit(published(days, counts))
    assert any("One day has more than one total" in str(note) for note in found.notes)
    assert found.n_totals == 5
    done = stock.backtest_register(published(days, counts), stock.LastValue(), least=3, ahead=1)
    assert [row["published"] for row in done.rows] == [825]
