"""What is learned from campaigns: the constants of growth elsewhere, and the weights of pools."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from backtest.forecasters import Case, growth, others
from backtest.scores import Distribution, Score, chosen_by
from backtest.targets import VENEZUELA, Target, collection_of
from detcount.published import PublishedReleases
from detcount.releases.process.members import GrowthShape

N_LEVELS = 100
SHAPES = tuple(
    GrowthShape(lasting, offset, smoothing)
    for lasting, offset, smoothing in product((2.0, 3.0, 5.0, 10.0), (1.0, 2.0, 4.0, 8.0), (0.2,))
)
FEW = 500  # draws while constants are learned
STEPS = 4  # weights are quarters: a hundred rows tell no finer ones apart
PENALTY = 0.5  # of the squared distance from equal weights, in units of the main score


def learn_shape(known: Sequence[tuple[Target, PublishedReleases]], left_out: str | None) -> GrowthShape:
    """The constants with the lowest S on all campaigns but one, each forecast from the rest of them."""
    best: tuple[float, GrowthShape] | None = None
    for shape in SHAPES:
        scores = []
        for target, reports in known:
            if target.campaign == left_out:
                continue
            case = Case(target, reports, others(target.campaign, *([left_out] if left_out else [])))
            given = growth(shape, FEW)(case)
            if given is None:
                continue
            scores.append(Score("growth", target, Distribution.of(given)))
        found = chosen_by(scores)["growth"]
        if best is None or found < best[0]:
            best = (found, shape)
    assert best is not None
    return best[1]


@dataclass(frozen=True)
class Panel:
    """Forecasts of several members of every case, as quantile grids.

    Parameters
    ----------
    grids : ndarray, shape (n_cases, n_members, n_levels)
        nan where a member has no answer.
    targets : sequence of Target
        One a case.
    few : ndarray, shape (n_cases,)
        Between 0 (many figures, or days) and 1 (the first).
    """

    grids: NDArray[np.float64]
    targets: tuple[Target, ...]
    few: NDArray[np.float64]

    @property
    def outcomes(self) -> NDArray[np.float64]:
        """What came."""
        return np.array([float(t.outcome) for t in self.targets])

    @property
    def shares(self) -> NDArray[np.float64]:
        """Weight of each case in S: targets once, collections alike."""
        windows = [t.window for t in self.targets]
        of = [collection_of(t.campaign) == VENEZUELA for t in self.targets]
        found = np.zeros(len(windows))
        for is_venezuela in (True, False):
            there = {w for w, v in zip(windows, of, strict=True) if v == is_venezuela}
            for i, window in enumerate(windows):
                if window in there:
                    found[i] = 0.5 / len(there) / windows.count(window)
        return found / found.sum()

    def without(self, campaign: str | None) -> Panel:
        """The cases of every other campaign."""
        kept = [i for i, t in enumerate(self.targets) if t.campaign != campaign]
        return Panel(self.grids[kept], tuple(self.targets[i] for i in kept), self.few[kept])


@dataclass(frozen=True)
class Weights:
    """Weights of the members at the first figure and after many; between, by the moderator."""

    first: NDArray[np.float64]
    many: NDArray[np.float64]

    def of(self, few: NDArray[np.float64]) -> NDArray[np.float64]:
        """Weights of each case, shape (n_cases, n_members)."""
        return few[:, None] * self.first + (1 - few[:, None]) * self.many


def limits(
    panel: Panel, weights: NDArray[np.float64], levels: Sequence[float], by_quantiles: bool
) -> NDArray[np.float64]:
    """Quantiles of the pool of each case; a member without an answer has no weight."""
    there = ~np.isnan(panel.grids[:, :, 0])
    weights = np.where(there, weights, 0.0)
    nobody = weights.sum(axis=1) == 0  # all the weight is on members without an answer
    weights = np.where(nobody[:, None], there * 1.0, weights)
    weights = weights / weights.sum(axis=1, keepdims=True)
    n_cases, _, n_levels = panel.grids.shape
    if by_quantiles:
        logs = np.log1p(np.where(there[:, :, None], panel.grids, 0.0))
        pooled = np.expm1((weights[:, :, None] * logs).sum(axis=1))
        places = np.minimum((np.asarray(levels) * n_levels).astype(int), n_levels - 1)
        return pooled[:, places]
    values = np.where(there[:, :, None], panel.grids, np.inf).reshape(n_cases, -1)
    order = np.argsort(values, axis=1, kind="stable")
    mass = np.repeat(weights / n_levels, n_levels, axis=1)
    reached = np.cumsum(np.take_along_axis(mass, order, axis=1), axis=1)
    values = np.take_along_axis(values, order, axis=1)
    places = np.stack([(reached < level - 1e-9).sum(axis=1) for level in levels], axis=1)
    places = np.minimum(places, values.shape[1] - 1)
    return np.take_along_axis(values, places, axis=1)


def main_score(panel: Panel, weights: Weights, by_quantiles: bool) -> float:
    """S of a pool."""
    low, high = np.log1p(limits(panel, weights.of(panel.few), (0.025, 0.975), by_quantiles)).T
    y = np.log1p(panel.outcomes)
    missed = np.maximum(low - y, 0) + np.maximum(y - high, 0)
    return float(panel.shares @ (high - low + 40 * missed))


def simplex(n_members: int, steps: int = STEPS) -> Iterator[NDArray[np.float64]]:
    """Every way to share `steps` equal parts among the members."""
    for parts in product(range(steps + 1), repeat=n_members - 1):
        if sum(parts) <= steps:
            yield np.array([*parts, steps - sum(parts)]) / steps


def learn_weights(panel: Panel, *, moderated: bool, by_quantiles: bool) -> Weights:
    """The weights with the lowest penalised S; by turns those of the first figure and those of many."""
    n = panel.grids.shape[1]
    equal = np.full(n, 1 / n)

    def penalised(first: NDArray[np.float64], many: NDArray[np.float64]) -> float:
        far = ((first - equal) ** 2).sum() + ((many - equal) ** 2).sum()
        return main_score(panel, Weights(first, many), by_quantiles) + PENALTY * float(far) / 2

    candidates = [*simplex(n), equal]
    if not moderated:
        best = min(candidates, key=lambda w: penalised(w, w))
        return Weights(best, best)
    first = many = min(candidates, key=lambda w: penalised(w, w))
    for _ in range(3):
        first = min(candidates, key=lambda w: penalised(w, many))
        many = min(candidates, key=lambda w: penalised(first, w))
    return Weights(first, many)


def pooled_scores(panel: Panel, weights: NDArray[np.float64], by_quantiles: bool, name: str) -> list[Score]:
    """Scores of a pool, case by case."""
    levels = (np.arange(N_LEVELS) + 0.5) / N_LEVELS
    found = limits(panel, weights, tuple(levels), by_quantiles)
    return [
        Score(name, target, Distribution.of(np.maximum(np.rint(values), 0)))
        for target, values in zip(panel.targets, found, strict=True)
    ]
