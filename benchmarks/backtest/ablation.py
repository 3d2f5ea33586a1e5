"""What each feature of the models of releases earns: switched off alone, and on alone, and scored.

The rule was written in docs/backtest.md before these figures. Most features are off by fields of the
specifications; the rest by replacing one function while the model is fitted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from unittest.mock import patch

import batches_coverage
import numpy as np

from backtest import structural
from backtest.candidates import POOLS, STRUCTURAL, forecasts, pool_scores, single_scores
from backtest.scores import Score, averages, chosen_by, interval_score
from backtest.tables import table
from backtest.targets import Target, every_target
from detcount import releases
from detcount._numerics.batches import model as batch_model
from detcount.errors import ConvergenceError, NotEstimableError
from detcount.published import PublishedReleases
from detcount.releases.forecasting.members import GrowthShape
from detcount.releases.process import forecast as process_forecast
from detcount.releases.process import specification as process_specification
from detcount.releases.process.lots import Lots, read_lots

N_DRAWS = 500
PARTS = ("process", "batches")
N_CAMPAIGNS = 3  # invented, of each world
ONE_IN = 3  # of the windows of the campaign with most of them
LARGEST = "Venezuela, January 2026"
POOL = next(pool for pool in POOLS if pool.name == "S+G, quantiles, equal")
SHIPPED, PLAINEST = "as it ships", "plainest form"
BATCH_WORLDS = ("nothing", "all four", "not followed", "half carried out")
MATCH = np.timedelta64(2, "D")

Known = list[tuple[Target, PublishedReleases]]


@dataclass(frozen=True)
class Feature:
    """A feature and how it is off: fields of the specification, and what is replaced while it is fitted."""

    name: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    replaced: tuple[tuple[object, str, Any], ...] = ()
    alike: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)
    """Correlations that change: of a score of one monitor in two batches, and of two monitors in one."""


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

BATCHES = (
    Feature("chance varies by batch", alike={"chance": (0.9, None)}),
    Feature("delay varies by batch", alike={"median": (0.9, None), "shape": (0.95, None)}),
    Feature("monitors of a batch are alike", alike={"chance": (None, 0.0), "median": (None, 0.0)}),
    Feature("announcements are alike", {"alike": 0.0}),
    Feature("a monitor may not follow", {"unfollowed": 0.0}),
    Feature("outsiders", {"outsiders": None}),
    Feature("slow part of the delay", {"slow": None}),
)


@contextmanager
def without(features: Sequence[Feature]) -> Iterator[dict[str, Any]]:
    """Fields of a specification without some features; what they replace is back afterwards."""
    with ExitStack() as stack:
        for feature in features:
            for where, name, value in feature.replaced:
                stack.enter_context(patch.object(where, name, value))
        stack.enter_context(patch.dict(batch_model.SCORES, correlations(features)))
        yield {name: value for feature in features for name, value in feature.fields.items()}


def correlations(features: Sequence[Feature]) -> dict[str, tuple[float, float]]:
    """How alike scores are without some features; never so much that two of them are the same."""
    found = dict(batch_model.SCORES)
    for feature in features:
        for name, (same_monitor, same_batch) in feature.alike.items():
            one, two = found[name]
            one = one if same_monitor is None else same_monitor
            two = two if same_batch is None else same_batch
            found[name] = one, min(two, 0.95 - one)
    return found


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


def batch_rows(spec: releases.AnnouncedBatches) -> list[batches_coverage.Row]:
    """Every part of every batch in invented campaigns."""
    found = []
    for world in BATCH_WORLDS:
        for seed in range(100, 100 + N_CAMPAIGNS):
            try:
                found += batches_coverage.rows_of(world, seed, spec)[0]
            except ConvergenceError:
                print(f"no convergence: {world}, {seed}, {spec!r}", flush=True)
    return found


def known_ends() -> list[tuple[PublishedReleases, str, np.datetime64, int]]:
    """What was known of a lot, whose figure it is, the day of the lot, and the monitor's last figure."""
    last: dict[tuple[str, str], int] = {}
    for target, _ in every_target():
        last[target.campaign, target.series] = target.outcome
    found, seen = [], set()
    for target, known in every_target():
        lot = target.question.lot
        if (lot is None and target.campaign.startswith("Venezuela")) or known.digest in seen:
            continue
        seen.add(known.digest)
        ending = last[target.campaign, target.series]
        found.append((known, target.question.source, target.question.start, ending))
    return found


def end_scores(spec: releases.AnnouncedBatches) -> list[tuple[float, bool]]:
    """Of each lot whose later figures are known: 95% log interval score, and whether it is covered."""
    found = []
    for known, source, start, outcome in known_ends():
        try:
            fitted = spec.fit(known)
        except (NotEstimableError, ConvergenceError):
            continue
        for gap, by_monitor in zip(fitted.batches, fitted.by_monitor, strict=True):
            near = gap.start is not None and abs(np.datetime64(gap.start) - start) <= MATCH
            if near and source in by_monitor:
                limits = by_monitor[source].interval(0.95)
                score = interval_score(*np.log1p([limits.low, limits.high, float(outcome)]), 0.95)
                found.append((score, bool(limits.low <= outcome <= limits.high)))
                break
    return found


def batch_lines() -> list[str]:
    """A row for each form of the batches: score and cover in invented campaigns, and of known ends."""
    forms = [(SHIPPED, ()), *((f"without: {one.name}", (one,)) for one in BATCHES), (PLAINEST, BATCHES)]
    rows = []
    for name, off in forms:
        with without(off) as fields:
            spec = replace(releases.AnnouncedBatches(n_draws=2000), **fields)
            invented = batch_rows(spec)
            ends = end_scores(spec)
        logs = [
            interval_score(*np.log1p([row.low95, row.high95, float(row.truth)]), 0.95) for row in invented
        ]
        covers = [np.mean([row.covers(0.95) for row in invented if row.world == w]) for w in BATCH_WORLDS]
        worst = min(
            (float(np.mean([r.covers(0.95) for r in invented if r.part == part])), part)
            for part in batches_coverage.PARTS
        )
        rows.append(
            [
                name,
                f"{np.mean(logs):.2f}",
                *(f"{cover:.2f}" for cover in covers),
                f"{worst[0]:.2f} ({worst[1]})",
                f"{np.mean([score for score, _ in ends]):.2f}",
                f"{sum(covered for _, covered in ends)} of {len(ends)}",
            ]
        )
        print(rows[-1], flush=True)
    head = ["form", "log IS 95%", *(f"cover 95%: {world}" for world in BATCH_WORLDS), "least cover of a part"]
    return table([*head, "lots whose end is known: log IS 95%", "covered"], rows)


def ablation_lines(shapes: Mapping[str, GrowthShape], parts: Sequence[str] = PARTS) -> list[str]:
    """The text of the ablation."""
    lines = ["# What each feature earns", ""]
    if "process" in parts:
        lines += ["## Process", "", *process_lines(shapes), ""]
    if "batches" in parts:
        lines += ["## Batches", "", *batch_lines(), ""]
    return lines
