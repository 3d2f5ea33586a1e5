"""Forecasters of a register that stay in the benchmarks: they lose to its last total on some series."""

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

RIVALS = (RegisterPool(), LocalLinearTrend(), LocalLevel(), LocalLevel(burst=None))


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
