"""Forecasters as a table of functions: a case in, a distribution out, none where there is no answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backtest.baselines import chain_ladder, own_increments
from backtest.scores import Distribution
from backtest.targets import Target
from detcount.data.published import PublishedReleases
from detcount.releases.totals import (
    CAMPAIGNS,
    Figures,
    Growth,
    announced_for,
    every_series,
    figures_of,
    growth_elsewhere,
    growth_known,
    own_steps,
    pooled,
)

N_DRAWS = 4000

Forecaster = Callable[["Case"], NDArray[np.float64] | None]


@dataclass(frozen=True)
class Case:
    """A target, what was known at its report, and the campaigns that may be learned from."""

    target: Target
    known: PublishedReleases
    elsewhere: tuple[str, ...]

    @property
    def figures(self) -> Figures:
        """The monitor's figures so far."""
        found = figures_of(self.known, self.target.question.source, self.target.question.start)
        assert found is not None
        return found

    @property
    def ahead(self) -> int:
        """Days of releases until the later report."""
        assert self.target.question.on is not None
        return self.figures.days_ahead(self.target.question.end, self.target.question.on)

    @property
    def goes_on(self) -> bool:
        """Whether people are released between the latest figure and the end of the window asked about."""
        return bool(self.target.question.end > self.figures.ends[-1])


def others(*campaigns: str) -> tuple[str, ...]:
    """Every campaign but some."""
    return tuple(one.name for one in CAMPAIGNS if one.name not in campaigns)


def no_more(case: Case) -> NDArray[np.float64]:
    """The latest figure is the last."""
    return np.full(1, float(case.figures.latest))


def ladder(case: Case) -> NDArray[np.float64]:
    """Chain-ladder, of every series known by then."""
    random = np.random.default_rng(0)
    return chain_ladder(case.figures, case.ahead, every_series(case.known), N_DRAWS, random)


def own(case: Case) -> NDArray[np.float64] | None:
    """The monitor's own daily increments; of a window that goes on."""
    if not case.goes_on:
        return None
    return own_increments(case.figures, case.ahead, N_DRAWS, np.random.default_rng(0))


def or_ladder(forecaster: Forecaster) -> Callable[[Case], NDArray[np.float64]]:
    """A forecaster; where it has no answer the chain-ladder."""

    def forecast(case: Case) -> NDArray[np.float64]:
        given = forecaster(case)
        return ladder(case) if given is None else given

    return forecast


def growth(case: Case) -> NDArray[np.float64] | None:
    """Growth in other campaigns."""
    return growth_elsewhere(case.figures, case.ahead, *context(case), N_DRAWS, np.random.default_rng(0))


def steps(case: Case) -> NDArray[np.float64] | None:
    """The monitor's own steps as a gamma process; of a window that goes on."""
    if not case.goes_on:
        return None
    return own_steps(case.figures, case.ahead, N_DRAWS, np.random.default_rng(0))


def pool(case: Case) -> NDArray[np.float64] | None:
    """What the library answers: the pool where a window goes on, growth elsewhere where it had ended."""
    if not case.goes_on:
        return growth(case)
    return pooled(case.figures, case.ahead, *context(case), N_DRAWS, np.random.default_rng(0))


def context(case: Case) -> tuple[Growth, int | None]:
    """Growth elsewhere and the number announced, as known then."""
    elsewhere = growth_known(case.known, case.figures, case.elsewhere)
    return elsewhere, announced_for(case.known, case.figures)


FORECASTERS: dict[str, Forecaster] = {
    "no more": no_more,
    "chain-ladder": ladder,
    "own increments": or_ladder(own),
    "growth elsewhere": or_ladder(growth),
    "own steps": or_ladder(steps),
    "pool": pool,
}


def answer(forecaster: Forecaster, case: Case) -> Distribution | None:
    """What a forecaster says of a case."""
    given = forecaster(case)
    return None if given is None else Distribution.of(given)
