"""Forecasters of a register that stay in the benchmarks: they lose to its last total on some series."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from detcount import stock

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

import stock_forecasts  # noqa: E402
from registers import LocalLevel, LocalLinearTrend, RegisterPool  # noqa: E402
from registers.state_space import Priors, RegisterFilter, settings_of  # noqa: E402

NONE = (0.0, 0.0)
FIXED = 1e-12  # spread of a prior that is a point
RIVALS = (RegisterPool(), LocalLinearTrend(), LocalLevel(), LocalLevel(burst=None))
DAYS = np.array([0.0, 7, 14, 45, 51, 140])
VALUES = np.array([6.8, 6.83, 6.79, 6.95, 6.93, 7.4])


def test_the_even_pace_is_the_local_level_of_statsmodels():
    """A day is a step, and days without a total are missing."""
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    step, noise = 0.015, 0.004
    daily = np.full(int(DAYS[-1]) + 1, np.nan)
    daily[DAYS.astype(int)] = VALUES
    model = UnobservedComponents(daily, "local level")
    smoothed = model.smooth([noise**2, step**2])
    reader = RegisterFilter(settings_of(Priors((step, FIXED), NONE, (noise, FIXED), NONE, 1.0), 1), 1, 0)
    state = reader.begin(VALUES[0])
    for gap, value in zip(np.diff(DAYS), VALUES[1:], strict=True):
        state, _ = reader.read(state, float(gap), float(value))
    assert state.level[0, 0] == pytest.approx(smoothed.filtered_state[0, -1], abs=1e-6)
    assert state.level_variance[0, 0] == pytest.approx(smoothed.filtered_state_cov[0, 0, -1], rel=1e-5)


@cache
def scored(name):
    """Mean error and mean pinball loss of each forecaster over the next three totals of a series."""
    rows = stock_forecasts.scores((*RIVALS, stock.LastValue()), (name,))[name]
    names = dict.fromkeys(row["forecaster"] for row in rows)
    return {
        who: {
            score: float(np.mean([row[score] for row in rows if row["forecaster"] == who]))
            for score in ("error", "pinball")
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
