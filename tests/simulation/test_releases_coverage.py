"""The library's forecasts on invented campaigns that break its assumptions, beside a baseline's."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from backtest import worlds
from backtest.scores import MAIN, Distribution, Score

N_CAMPAIGNS = 4  # of each of three worlds, two monitors in each: a fit takes seconds
ALLOWED = (
    0.75  # 95% intervals of 24 forecasts, in twelve campaigns: a right model is below once in a thousand
)


def scored(name, forecaster, world):
    """Scores of one forecaster in one world."""
    return [
        Score(name, case.target, Distribution.of(given))
        for case in worlds.cases(world, N_CAMPAIGNS)
        if (given := forecaster(case)) is not None
    ]


@pytest.mark.slow
def test_the_library_covers_where_its_assumptions_fail_and_beats_the_chain_ladder():
    chosen = [world for world in worlds.WORLDS if world.name in ("ending", "stopped", "paused")]
    assert len(chosen) == 3
    ours = [score for world in chosen for score in scored("ReleaseProcess", worlds.process, world)]
    theirs = [score for world in chosen for score in scored("chain-ladder", worlds.ladder, world)]
    assert len(ours) == len(theirs) >= 20
    assert np.mean([score.figures["cover 95%"] for score in ours]) > ALLOWED
    assert np.mean([score.figures[MAIN] for score in ours]) < np.mean(
        [score.figures[MAIN] for score in theirs]
    )
