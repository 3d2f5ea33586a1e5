"""What each feature of the models of releases earns: switched off alone, and on alone, and scored.

The rule was written in docs/backtest.md before these figures. Most features are off by fields of the
specifications; the rest by replacing one function while the model is fitted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import numpy as np
from detcount.releases.process.lots import Lots, read_lots

from backtest import structural
from backtest.candidates import POOLS, STRUCTURAL, forecasts, pool_scores, single_scores
from backtest.scores import Score, averages, chosen_by
from backtest.tables import table
from backtest.targets import Target, every_target
from detcount import releases
from detcount.published import PublishedReleases
from detcount.releases.process import forecast as process_forecast
from detcount.releases.process import specification as process_specification
from detcount.releases.process.members import GrowthShape

N_DRAWS = 500
PARTS = ("process",)
ONE_IN = 3  # of the windows of the campaign with most of them
LARGEST = "Venezuela, January 2026"
POOL = next(pool for pool in POOLS if pool.name == "S+G, quantiles, equal")
SHIPPED, PLAINEST = "as it ships", "plainest form"

Known = list[tuple[Target, PublishedReleases]]


@dataclass(frozen=True)
class Feature:
    """A feature and how it is off: fields of the specification, and what is replaced while it is fitted."""

    name: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    replaced: tuple[tuple[object, str, Any], ...] = ()


def no_lots(reports: PublishedReleases) -> Lots:
    """Announcements as nothing that is carried out."""
    return read_lots(reports.where(np.array([role != "announced" for role in reports.role])))


def nothing_withdrawn(self: Any, which: int, *_: object) -> np.ndarray:
    """No figure is ever lowered."""
    return np.zeros(len(self.posterior.tau), dtype=np.int64)


PROCESS = (
    Feature("finite lots", replaced=((process_specification, "read_lots", no_lots),)),
    Feature("waves (one constant rate instead)", {"wave_rate": (1e-4, 0.1), "background": (0.3, 6.0)}),
    Feature("end of a campaign", {"campaign_days": (1e5, 0.1)}),
    Feature(
        "corrections fall with the age of a figure",
        replaced=((process_forecast, "newness", lambda age: 1.0),),
    ),
    Feature(
        "corrections", replaced=((process_forecast.Forecast, "withdrawn", nothing_withdrawn),)
    ),
    Feature("slow part of the delay", {"slow_share": (1.0, 1e4)}),
    Feature("people verified in clusters", {"clusters": (0.01, 0.1)}),
    Feature("monitors differ", {"monitor_ratio": 0.01}),
)  # fmt: skip
IMPLIED = {"corrections fall with the age of a figure": ("corrections",)}  # nothing without these


@contextmanager
def without(features: Sequence[Feature]) -> Iterator[dict[str, Any]]:
    """Fields of a specification without some features; what they replace is back afterwards."""
    with ExitStack() as stack:
        for feature in features:
            for where, name, value in feature.replaced:
                stack.enter_context(patch.object(where, name, value))
        yield {name: value for feature in features for name, value in feature.fields.items()}


def thinned() -> Known:
    """Of each window asked about the middle report; of the largest campaign one window in three."""
    by_window: dict[tuple[object, ...], Known] = {}
    for target, known in every_target():
        by_window.setdefault(target.window, []).append((target, known))
    middle = [reports[len(reports) // 2] for reports in by_window.values()]
    largest = [one for one in middle if one[0].campaign == LARGEST]
    kept = {id(one) for one in largest[::ONE_IN]}
    return [one for one in middle if one[0].campaign != LARGEST or id(one) in kept]


def process_scores(
    known: Known, shapes: Mapping[str, GrowthShape], off: Sequence[Feature], seed: int = 0
) -> tuple[list[Score], list[Score]]:
    """Scores of the model without some features, alone and in the answer of the library."""
    with without(off) as fields:
        spec = releases.ReleaseProcess(pooled=False, n_draws=N_DRAWS, **fields)
        stored = structural.run(known, lambda reports: spec.fit(reports, seed=seed))
    said = forecasts(known, shapes, stored)
    alone = [score for score in single_scores(known, said) if score.forecaster == STRUCTURAL]
    return alone, pool_scores(known, said, POOL)


def process_variants() -> list[tuple[str, tuple[Feature, ...], int]]:
    """Names, the features that are off, and the seed."""
    found = [(SHIPPED, (), 0), (f"{SHIPPED}, another seed", (), 1)]
    found += [(f"without: {one.name}", (one,), 0) for one in PROCESS]
    found.append((PLAINEST, PROCESS, 0))
    for one in PROCESS:
        if one.name in IMPLIED:
            continue
        on = {one.name, *(name for name, needs in IMPLIED.items() if one.name in needs)}
        if one.name.startswith("end"):
            on.add(PROCESS[1].name)
        found.append((f"only: {one.name}", tuple(each for each in PROCESS if each.name not in on), 0))
    return found


def process_lines(shapes: Mapping[str, GrowthShape]) -> list[str]:
    """A row for each form of the process: S of the answer and of the model alone, and what covers."""
    known = thinned()
    rows = []
    first: dict[str, float] = {}
    for name, off, seed in process_variants():
        alone, pooled = process_scores(known, shapes, off, seed)
        cells = []
        for which, scores in (("answer", pooled), ("alone", alone)):
            (s,) = chosen_by(scores).values()
            (mean,) = averages(scores).values()
            first.setdefault(which, s)
            covers = "/".join(f"{mean[f'cover {level}']:.2f}" for level in ("50%", "80%", "95%"))
            cells += [f"{s:.2f}", f"{s - first[which]:+.2f}", covers, f"{mean['crps']:.1f}"]
        rows.append([name, *cells])
        print(rows[-1], flush=True)
    return table(
        [
            "form", "S", "change", "cover 50/80/95%", "CRPS",
            "S of the model alone", "change", "cover 50/80/95%", "CRPS",
        ],
        rows,
    )  # fmt: skip


def ablation_lines(shapes: Mapping[str, GrowthShape], parts: Sequence[str] = PARTS) -> list[str]:
    """The text of the ablation."""
    lines = ["# What each feature earns", ""]
    if "process" in parts:
        lines += ["## Process", "", *process_lines(shapes), ""]
    return lines
