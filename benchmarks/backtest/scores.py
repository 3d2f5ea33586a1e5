"""Forecasts as distributions of a count, and their scores."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from backtest.targets import Target
from detcount.errors import NotEstimableError
from detcount.estimates import UncertainCount

LEVELS = (0.5, 0.8, 0.95)
MAIN = "log interval score 95%"
BINS = 10  # of the PIT histogram


@dataclass(frozen=True)
class Distribution:
    """A discrete distribution of a count."""

    values: NDArray[np.float64]
    probabilities: NDArray[np.float64]

    @classmethod
    def of(cls, forecast: UncertainCount | ArrayLike) -> Distribution:
        """Make one of draws, or of an uncertain count."""
        if isinstance(forecast, UncertainCount):
            if forecast.values is None or forecast.probabilities is None:
                raise NotEstimableError("backtest", "only bounds are given", "ask for a distribution")
            return cls(forecast.values.astype(float), forecast.probabilities)
        values, times = np.unique(np.asarray(forecast, dtype=float), return_counts=True)
        return cls(values, times / times.sum())

    def interval(self, level: float) -> tuple[float, float]:
        """Equal-tailed limits: the smallest values whose cumulative probability reaches the levels."""
        low, high = self.quantiles(np.array([(1 - level) / 2, (1 + level) / 2]))
        return float(low), float(high)

    def quantiles(self, levels: NDArray[np.float64]) -> NDArray[np.float64]:
        """The smallest values whose cumulative probability reaches the levels."""
        cumulative = np.cumsum(self.probabilities)
        places = np.minimum(np.searchsorted(cumulative, levels - 1e-12), len(cumulative) - 1)
        return np.asarray(self.values[places])

    def crps(self, outcome: float, scale: Callable[[ArrayLike], NDArray[np.float64]]) -> float:
        """Continuous ranked probability score: the integral of (F(x) - 1{x >= outcome}) squared."""
        values, y = scale(self.values), float(scale(outcome))
        points = np.unique(np.append(values, y))
        below = np.append(0.0, np.cumsum(self.probabilities))
        height = below[np.searchsorted(values, points[:-1], side="right")] - (points[:-1] >= y)
        return float((height**2 * np.diff(points)).sum())

    def pit(self, outcome: float) -> NDArray[np.float64]:
        """Mass of the outcome in each bin of the PIT histogram (Czado, Gneiting and Held 2009)."""
        low = float(self.probabilities[self.values < outcome].sum())
        high = float(self.probabilities[self.values <= outcome].sum())
        edges = np.linspace(0, 1, BINS + 1)
        if high - low < 1e-9:
            return np.histogram([min(low, 1 - 1e-9)], bins=edges)[0].astype(float)
        reached = np.clip((edges - low) / (high - low), 0, 1)
        return np.diff(reached)


@dataclass(frozen=True)
class Score:
    """One forecast, scored."""

    forecaster: str
    target: Target
    distribution: Distribution | None
    declined: str = ""

    @cached_property
    def figures(self) -> dict[str, float]:
        """Cover, interval scores and CRPS, on counts and on log(1 + count)."""
        assert self.distribution is not None
        y = float(self.target.outcome)
        found: dict[str, float] = {}
        for level in LEVELS:
            low, high = self.distribution.interval(level)
            name = f"{level:.0%}"
            found[f"low {name}"], found[f"high {name}"] = low, high
            found[f"cover {name}"] = float(low <= y <= high)
            found[f"interval score {name}"] = interval_score(low, high, y, level)
            found[f"log interval score {name}"] = interval_score(*np.log1p([low, high, y]), level)
        found["crps"] = self.distribution.crps(y, np.asarray)
        found["log crps"] = self.distribution.crps(y, np.log1p)
        return found


def interval_score(low: float, high: float, outcome: float, level: float) -> float:
    """Width, plus 2/(1 - level) times the distance by which the outcome is missed."""
    missed = max(low - outcome, 0.0) + max(outcome - high, 0.0)
    return float(high - low + 2 / (1 - level) * missed)


def by_target(scores: Iterable[Score]) -> dict[str, dict[tuple[object, ...], dict[str, float]]]:
    """Figures of each forecaster on each target: means over the reports that it is forecast from."""
    found: dict[str, dict[tuple[object, ...], list[dict[str, float]]]] = {}
    for score in scores:
        by_window = found.setdefault(score.forecaster, {})
        by_window.setdefault(score.target.window, []).append(score.figures)
    return {
        name: {
            window: {figure: float(np.mean([one[figure] for one in several])) for figure in several[0]}
            for window, several in by_window.items()
        }
        for name, by_window in found.items()
    }


def averages(scores: Iterable[Score]) -> dict[str, dict[str, float]]:
    """Mean figures of each forecaster, each target window counted once."""
    return {
        name: {
            figure: float(np.mean([one[figure] for one in windows.values()]))
            for figure in next(iter(windows.values()))
        }
        for name, windows in by_target(scores).items()
    }


def pit_histogram(scores: Iterable[Score]) -> dict[str, NDArray[np.float64]]:
    """Share of targets in each tenth of the forecast distribution, each target counted once."""
    found: dict[str, dict[tuple[object, ...], list[NDArray[np.float64]]]] = {}
    for score in scores:
        assert score.distribution is not None
        windows = found.setdefault(score.forecaster, {})
        windows.setdefault(score.target.window, []).append(score.distribution.pit(score.target.outcome))
    return {
        name: np.mean([np.mean(several, axis=0) for several in windows.values()], axis=0)
        for name, windows in found.items()
    }
