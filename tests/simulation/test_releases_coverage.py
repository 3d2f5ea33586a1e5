"""Models of releases on invented campaigns of known truth, and against baselines on the shipped counts."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "releases_backtest.py"

N_BATCHES = 200
N_CAMPAIGNS = 40
# chance that a right model fails one of the five tests of uniformity
P_VALUE = 1e-4
# standard errors over campaigns: a right model falls outside in one run of a thousand
SIGMAS = 3.3


def load():
    spec = importlib.util.spec_from_file_location("releases_backtest_slow", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    sys.modules["releases_backtest_slow"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


backtest = load()


@cache
def prior_scores():
    """Forecasts of campaigns near the priors of the process."""
    used = [backtest.ChainLadder(), backtest.Process()]
    return backtest.simulated_process(N_CAMPAIGNS, used, backtest.prior_campaign)


def place(score, random):
    """Where the truth falls in a discrete distribution: uniform if that is right."""
    values, probabilities = score.distribution.values, score.distribution.probabilities
    below = probabilities[values < score.target.outcome].sum()
    at = probabilities[values == score.target.outcome].sum()
    return below + random.random() * at


@pytest.mark.slow
def test_announced_batches_hold_every_part_over_their_priors():
    scores = [s for s in backtest.simulated_batches(N_BATCHES) if s.distribution is not None]
    random = np.random.default_rng(5)
    parts = dict.fromkeys(score.forecaster for score in scores)
    assert len(parts) == 5
    for part in parts:
        own = [score for score in scores if score.forecaster == part]
        assert len(own) == N_BATCHES
        assert stats.kstest([place(score, random) for score in own], "uniform").pvalue > P_VALUE, part
        for level in (0.8, 0.95):
            cover = np.mean([score.figures[f"cover {level:.0%}"] for score in own])
            error = np.sqrt(level * (1 - level) / N_BATCHES)
            assert cover > level - SIGMAS * error, (part, level)


def covers(scores, name, level):
    """Cover of a forecaster, and the campaigns' standard error of a cover at that level."""
    own = [score.figures[f"cover {level:.0%}"] for score in scores if score.forecaster == name]
    # two monitors a campaign, taken as one for the error
    return np.mean(own), np.sqrt(level * (1 - level) / N_CAMPAIGNS)


def mean_score(scores, name):
    """Mean of the main score of the total a week later."""
    return np.mean(
        [score.figures[backtest.MAIN] for score in scores if score.forecaster == f"{name}, in seven days"]
    )


@pytest.mark.slow
@pytest.mark.parametrize("label", ["in seven days", "of those released, in the end"])
def test_process_nowcasts_hold_the_truth_near_their_priors_as_often_as_they_say(label):
    scores = prior_scores()
    for level in (0.8, 0.95):
        cover, error = covers(scores, f"ReleaseProcess, {label}", level)
        assert abs(cover - level) < SIGMAS * error, level
    assert mean_score(scores, "ReleaseProcess") < mean_score(scores, "chain-ladder")


@pytest.mark.slow
def test_process_nowcasts_hold_the_truth_of_steadier_campaigns():
    # people come evenly and one by one where the priors expect bursts: too wide is allowed here
    scores = backtest.simulated_process(N_CAMPAIGNS, [backtest.ChainLadder(), backtest.Process()])
    for label in ("in seven days", "of those released, in the end"):
        for level in (0.8, 0.95):
            cover, error = covers(scores, f"ReleaseProcess, {label}", level)
            assert cover > level - SIGMAS * error, (label, level)
    assert mean_score(scores, "ReleaseProcess") < mean_score(scores, "chain-ladder")


@pytest.mark.slow
def test_the_process_beats_both_baselines_on_a_part_of_the_shipped_targets():
    reports = backtest.shipped()
    wanted = backtest.quick(backtest.targets(reports))
    used = [backtest.NoMoreVerified(), backtest.ChainLadder(), backtest.Process()]
    scores = backtest.score_all(reports, wanted, used)
    assert all(score.distribution is not None for score in scores)
    means = {name: figures[backtest.MAIN] for name, figures in backtest.averages(scores).items()}
    ours = means.pop("ReleaseProcess")
    assert ours < min(means.values()), (ours, means)
