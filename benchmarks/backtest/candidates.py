"""The candidates of the rule, scored with campaigns left out whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backtest import structural
from backtest.forecasters import Case, Forecaster, growth, kept, ladder, no_more, others, own
from backtest.learning import N_LEVELS, Panel, Weights, learn_weights, pooled_scores
from backtest.scores import VENEZUELA, Distribution, Score, averages, chosen_by
from backtest.targets import Target, collection_of
from detcount.published import PublishedReleases
from detcount.releases.process.elsewhere import CAMPAIGNS
from detcount.releases.process.members import GrowthShape

Known = Sequence[tuple[Target, PublishedReleases]]
STRUCTURAL, GROWTH, OWN, LADDER, NO_MORE = (
    "structural",
    "growth elsewhere",
    "own increments",
    "chain-ladder",
    "no more",
)
GRID: NDArray[np.float64] = (np.arange(N_LEVELS) + 0.5) / N_LEVELS
COVERS = {"cover 50%": (0.38, 0.62), "cover 80%": (0.68, 0.92), "cover 95%": (0.88, 1.0)}
NEAR = 0.05  # of S: of two candidates so near the one with fewer learned numbers is chosen
SHAPE_NUMBERS = 2  # constants of growth elsewhere


@dataclass(frozen=True)
class Pool:
    """A pool of members: how it is made, and how its weights are found."""

    members: tuple[str, ...]
    by_quantiles: bool
    learned: bool = False
    moderator: str = ""  # "figures" or "days"; without one weights are the same for every target
    first: tuple[float, ...] = ()  # stated weights at the first figure; after many they are equal

    @property
    def name(self) -> str:
        """What the tables call it."""
        short = {STRUCTURAL: "S", GROWTH: "G", OWN: "O", LADDER: "L", NO_MORE: "N"}
        how = "learned" if self.learned else "stated" if self.first else "equal"
        how += f" by {self.moderator}" if self.moderator else ""
        form = "quantiles" if self.by_quantiles else "linear"
        return f"{'+'.join(short[m] for m in self.members)}, {form}, {how}"

    @property
    def learned_numbers(self) -> int:
        """Numbers learned on campaigns, those of growth elsewhere included."""
        weights = (len(self.members) - 1) * (2 if self.moderator else 1) if self.learned else 0
        return weights + SHAPE_NUMBERS * (GROWTH in self.members)


POOLS = tuple(
    Pool(members, by_quantiles, learned, moderator)
    for members in ((STRUCTURAL, GROWTH), (STRUCTURAL, GROWTH, OWN))
    for by_quantiles in (False, True)
    for learned, moderator in ((False, ""), (True, ""), (True, "figures"), (True, "days"))
) + tuple(
    Pool(members, by_quantiles, moderator="figures", first=first)
    for members, first in (
        ((STRUCTURAL, GROWTH), (0.0, 1.0)),
        ((STRUCTURAL, GROWTH, OWN), (0.0, 1.0, 0.0)),
    )
    for by_quantiles in (False, True)
)


def few(target: Target, known: PublishedReleases, moderator: str) -> float:
    """Between 1 at the first figure or on its day, and 0 after many."""
    figures = Case(target, known, ()).figures
    if moderator == "days":
        return 7 / (7 + int((figures.days[-1] - figures.days[0]) // np.timedelta64(1, "D")))
    return 3 / (2 + len(figures.days))


def forecasts(
    known: Known,
    shapes: Mapping[str, GrowthShape],
    stored: Mapping[tuple[str, ...], tuple[float, NDArray[np.float64]]],
) -> dict[str, list[NDArray[np.float64] | None]]:
    """What each single forecaster says of every target, its campaign left out; None without an answer."""
    table: dict[str, Forecaster] = {
        NO_MORE: no_more, LADDER: ladder, OWN: own, STRUCTURAL: kept(stored),
    }  # fmt: skip
    found: dict[str, list[NDArray[np.float64] | None]] = {name: [] for name in (*table, GROWTH)}
    for target, reports in known:
        case = Case(target, reports, others(target.campaign))
        for name, forecaster in table.items():
            found[name].append(forecaster(case))
        found[GROWTH].append(growth(shapes[target.campaign])(case))
    return found


def panel_of(known: Known, said: Mapping[str, list[NDArray[np.float64] | None]], pool: Pool) -> Panel:
    """Quantile grids of the members of a pool."""
    nothing = np.full(N_LEVELS, np.nan)
    grids = [
        [nothing if said[m][i] is None else Distribution.of(said[m][i]).quantiles(GRID) for m in pool.members]
        for i in range(len(known))
    ]
    moderator = np.array([few(target, reports, pool.moderator) for target, reports in known])
    return Panel(np.array(grids), tuple(target for target, _ in known), moderator)


def weights_of(panel: Panel, pool: Pool, left_out: str | None) -> Weights:
    """Weights of a pool, learned on every campaign but one."""
    n = len(pool.members)
    if not pool.learned:
        many = np.full(n, 1 / n)
        return Weights(np.array(pool.first) if pool.first else many, many)
    return learn_weights(
        panel.without(left_out), moderated=bool(pool.moderator), by_quantiles=pool.by_quantiles
    )


def or_ladder(
    said: Mapping[str, list[NDArray[np.float64] | None]], name: str
) -> list[NDArray[np.float64] | None]:
    """Answers of a forecaster; the chain-ladder's where it has none."""
    return [ladders if own is None else own for own, ladders in zip(said[name], said[LADDER], strict=True)]


def single_scores(known: Known, said: Mapping[str, list[NDArray[np.float64] | None]]) -> list[Score]:
    """Scores of the single forecasters; without an answer they take the chain-ladder's."""
    answers = {
        NO_MORE: said[NO_MORE],
        LADDER: said[LADDER],
        OWN: or_ladder(said, OWN),
        GROWTH: or_ladder(said, GROWTH),
        STRUCTURAL: said[STRUCTURAL],
    }  # fmt: skip
    return [
        Score(name, target, Distribution.of(given))
        for name, every in answers.items()
        for (target, _), given in zip(known, every, strict=True)
        if given is not None
    ]


def pool_scores(
    known: Known, said: Mapping[str, list[NDArray[np.float64] | None]], pool: Pool
) -> list[Score]:
    """Scores of a pool, each campaign forecast with weights of the others."""
    panel = panel_of(known, said, pool)
    scores = []
    for campaign in CAMPAIGNS:
        rows = [i for i, target in enumerate(panel.targets) if target.campaign == campaign.name]
        own_part = Panel(panel.grids[rows], tuple(panel.targets[i] for i in rows), panel.few[rows])
        weights = weights_of(panel, pool, campaign.name)
        scores += pooled_scores(own_part, weights.of(own_part.few), pool.by_quantiles, pool.name)
    return scores


def failing(scores: Sequence[Score]) -> dict[str, list[str]]:
    """Of each candidate the conditions of the rule that it does not meet, on the targets of Venezuela."""
    there = averages([s for s in scores if collection_of(s.target.campaign) == VENEZUELA])
    baseline = min(there[LADDER]["crps"], there[OWN]["crps"])
    found: dict[str, list[str]] = {}
    for name, figures in there.items():
        missed = [c for c, (low, high) in COVERS.items() if not low <= round(figures[c], 2) <= high]
        found[name] = missed + (["CRPS"] if figures["crps"] >= baseline else [])
    return found


def choose(scores: Sequence[Score], learned: Mapping[str, int]) -> str:
    """The candidate that the rule takes."""
    s, missed = chosen_by(scores), failing(scores)
    fit = [name for name in s if not missed[name]] or list(s)
    lowest = min(s[name] for name in fit)
    near = [name for name in fit if s[name] < lowest + NEAR]
    return min(near, key=lambda name: (learned.get(name, 0), s[name]))


def stored_forecasts(path: Path) -> dict[tuple[str, ...], tuple[float, NDArray[np.float64]]]:
    """The structural model's forecasts, as kept."""
    return structural.read(path)
