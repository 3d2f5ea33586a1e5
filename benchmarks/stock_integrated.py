"""How far the integrated path is from the truth, on two kinds of invented systems, with and without anchors.

    python benchmarks/stock_integrated.py                    # 24 systems of each kind, seeds from 100
    python benchmarks/stock_integrated.py --systems 6 --kind other --first 200

The first kind is that of `simulate.detention_system`, with three anchors that `stock.series` makes of lists
as known on their days. The second is of another form, written here: arrests that bring arrests, stays that
are log-normal and end in waves among those held for long, a register whose coverage drifts and whose entries
and exits are worked off in batches; its anchors are estimates with one common error and one of their own.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from detcount import PublishedStock, simulate, stock
from detcount.estimates import UncertainCount
from detcount.simulate import Burst, DetaineeList, ReleaseWave, Surge

RESULTS = Path(__file__).parent / "results" / "stock_integrated.json"
N_DAYS = 510
OTHER_PRIOR: dict[str, Any] = {
    "coverage": (0.2, 0.95),
    "entry_delay": (2.0, 90.0),
    "exit_delay": (2.0, 90.0),
    "stay": (60.0, 2000.0),
}


@dataclass(frozen=True)
class World:
    """What is published of a system, estimates at three dates, and the truth."""

    published: PublishedStock
    anchors: Any
    days: tuple[int, ...]
    truth: np.ndarray
    first: dt.date


def lists_world(seed: int) -> World:
    """A system of `simulate.detention_system`, whose parts differ from seed to seed."""
    rng = np.random.default_rng([77, seed])
    ranges = {
        "monitor": ((0.55, 0.85), (3, 20), (5, 30)),
        "families": ((0.5, 0.75), (3, 30), (5, 40)),
        "press": ((0.4, 0.65), (3, 20), (10, 60)),
    }
    lists = tuple(
        DetaineeList(
            name=name, share=rng.uniform(*share), delay=rng.uniform(*wait), exit_delay=rng.uniform(*out)
        )
        for name, (share, wait, out) in ranges.items()
    )
    system = simulate.detention_system(
        lists=lists,
        dependence=rng.uniform(0, 0.25),
        never_found=rng.uniform(0, 0.03),
        bursts=(Burst(day=0, arrests=int(rng.integers(400, 2500)), days=30), Burst(day=300, arrests=200)),
        waves=(
            ReleaseWave(day=110, share=0.12),
            ReleaseWave(day=145, share=0.15),
            ReleaseWave(day=int(rng.integers(200, 400)), share=rng.uniform(0.1, 0.4), days=5),
        ),
        surge=Surge(day=400, name="monitor", share=0.3) if rng.random() < 0.4 else None,
        seed=seed,
    )
    days = _anchor_days(rng)
    dates = [system.truth.dates[day] for day in days]
    path = stock.series(None, stock.snapshots(system.people, dates, as_of="day"), seed=seed)
    return World(system.stock, path, days, system.truth.stock, system.truth.first_day)


def other_world(seed: int) -> World:
    """A system of another form."""
    rng = np.random.default_rng([78, seed])
    before, first = 400, dt.date(2023, 1, 2)
    pace = rng.uniform(1.0, 4.0)
    excited, arrested = 0.0, []
    jumps = {before + int(rng.integers(0, N_DAYS)): rng.uniform(5, 25) for _ in range(rng.integers(1, 4))}
    for day in range(before + N_DAYS):
        excited = excited * rng.choice([0.9, 0.95]) + jumps.get(day, 0.0)
        mean = pace * (0.6 if day % 7 >= 5 else 1.16) + excited
        arrested += [day] * int(rng.negative_binomial(3, 3 / (3 + mean)))
    entered = np.array(arrested)
    stay = np.where(
        rng.random(len(entered)) < rng.uniform(0.1, 0.4),
        rng.gamma(2, 5, len(entered)),
        rng.lognormal(np.log(rng.uniform(120, 350)), 0.9, len(entered)),
    )
    left = entered + np.maximum(stay, 1).astype(int)
    for day in np.sort(rng.integers(before, before + N_DAYS, size=3)):
        held_for = day - entered
        chance = np.where(held_for > 60, rng.uniform(0.1, 0.35), 0.04)
        out = (held_for > 0) & (left > day) & (rng.random(len(entered)) < chance)
        left = np.where(out, day + rng.integers(0, 6, len(entered)), left)
    drift = rng.uniform(-0.12, 0.12)
    share = rng.uniform(0.45, 0.85) + drift * (entered - before) / N_DAYS
    wait = rng.lognormal(np.log(rng.uniform(4, 20)), 0.8, len(entered))
    listed = 7 * np.ceil((entered + wait) / 7).astype(int)
    never = 10**6
    listed = np.where((rng.random(len(entered)) < share) & (listed < left), listed, never)
    told = left + rng.gamma(1.5, rng.uniform(3, 15), len(entered))
    removed = np.where(rng.random(len(entered)) < 0.02, never, np.ceil(told / 7).astype(int) * 7)
    removed = np.maximum(removed, listed)
    rows: dict[str, list[Any]] = {
        name: [] for name in ("date", "source", "role", "count", "entered_in_week", "released_in_week")
    }
    last = None
    with_flows = rng.random() < 0.7
    for day in range(before + 6, before + N_DAYS, 7):
        if rng.random() < 0.15:
            continue
        rows["date"].append(first + dt.timedelta(days=day - before))
        rows["source"].append("monitor")
        rows["role"].append("verified")
        rows["count"].append(int(((listed <= day) & (removed > day)).sum()))
        for name, days in (
            ("entered_in_week", listed),
            ("released_in_week", np.where(listed < never, removed, never)),
        ):
            flow = np.nan if last is None or not with_flows else int(((days > last) & (days <= day)).sum())
            rows[name].append(flow)
        last = day
    truth = np.array([((entered <= day) & (left > day)).sum() for day in range(before, before + N_DAYS)])
    days = _anchor_days(rng)
    anchors = {}
    spread = 0.05
    error = spread * np.sqrt(0.7) * rng.standard_normal()
    for day in days:
        own = spread * np.sqrt(0.3) * rng.standard_normal()
        draws = truth[day] * np.exp(error + own + spread * rng.standard_normal(4000))
        anchors[first + dt.timedelta(days=day)] = UncertainCount.from_draws(
            np.rint(draws), bounds=(0, np.inf), identified_by="data"
        )
    return World(PublishedStock.from_frame(rows, allow_future=True), anchors, days, truth, first)


def _anchor_days(rng: np.random.Generator) -> tuple[int, ...]:
    """Three days, early, in the middle and late."""
    return tuple(int(rng.integers(*span)) for span in ((40, 150), (200, 320), (370, 495)))


def judged(world: World, seed: int) -> dict[str, float]:
    """Errors, cover and widths of one system, week by week."""
    began = time.process_time()
    path = stock.IntegratedStock(anchor_correlation=0.7).fit(
        world.published, anchors=world.anchors, seed=seed
    )
    seconds = time.process_time() - began
    wide = stock.IntegratedStock(anchor_correlation=0.7, **OTHER_PRIOR).fit(
        world.published, anchors=world.anchors, seed=seed
    )
    alone = stock.IntegratedStock(coverage=(0.33, 0.9)).fit(world.published, seed=seed)
    row = {"seconds": seconds, "effective paths": path.detail.effective_paths}
    row |= _scores(path, world)
    row |= {f"alone {name}": value for name, value in _scores(alone, world).items() if "cover" in name}
    row["alone ratio"] = alone.detail.ratio
    row["two priors apart"] = float(np.abs(np.log(path.point / wide.point)).mean())
    published = path.detail.published
    dates = np.array([(day - world.first).days for day in published])
    held = np.log(np.interp(np.arange(N_DAYS), dates, list(published.values())))
    at = np.array([np.log(path.at(world.first + dt.timedelta(days=day)).median) for day in world.days])
    scaled = held + np.interp(np.arange(N_DAYS), world.days, at - held[list(world.days)])
    straight = np.interp(np.arange(N_DAYS), world.days, at)
    weeks = np.arange((path.dates[0] - world.first).days, (path.dates[-1] - world.first).days + 1, 7)
    row["scaled totals error"] = float(np.abs(scaled - np.log(world.truth))[weeks].mean())
    row["straight lines error"] = float(np.abs(straight - np.log(world.truth))[weeks].mean())
    return row


def _scores(path: Any, world: World) -> dict[str, float]:
    """Scores of a path."""
    first = (path.dates[0] - world.first).days
    truth = world.truth[first : first + len(path.dates)]
    weeks = slice(None, None, 7)
    found = {"error": float(np.abs(np.log(path.point / truth))[weeks].mean())}
    found["last four weeks error"] = float(np.abs(np.log(path.point / truth))[-28:].mean())
    for level in (0.8, 0.95):
        limits = path.interval(level)
        found[f"cover {level}"] = float(((limits.low <= truth) & (truth <= limits.high))[weeks].mean())
        found[f"width {level}"] = float(np.log(limits.high / limits.low)[weeks].mean())
        within = []
        for i, j in ((60, 200), (200, 350), (100, len(truth) - 20)):
            change = path.change(path.dates[i], path.dates[j]).interval(level)
            within.append(change.low <= truth[j] - truth[i] <= change.high)
        found[f"change cover {level}"] = float(np.mean(within))
    return found


def main() -> None:
    """Print the table, and keep it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--systems", type=int, default=24)
    parser.add_argument("--first", type=int, default=100)
    parser.add_argument("--kind", choices=("lists", "other", "both"), default="both")
    parser.add_argument("--keep", action="store_true", help="write results/stock_integrated.json")
    asked = parser.parse_args()
    worlds = {"lists": lists_world, "other": other_world}
    kept = {}
    for kind in worlds if asked.kind == "both" else (asked.kind,):
        rows = []
        for seed in range(asked.first, asked.first + asked.systems):
            rows.append(judged(worlds[kind](seed), seed))
            print(kind, seed, {name: round(value, 3) for name, value in rows[-1].items()}, flush=True)
        kept[kind] = {name: round(float(np.mean([row[name] for row in rows])), 4) for name in rows[0]}
        print(f"\n{kind}, mean of {len(rows)} systems")
        for name, value in kept[kind].items():
            print(f"  {name:28} {value:8.3f}")
    if asked.keep:
        RESULTS.write_text(
            json.dumps({"first": asked.first, "systems": asked.systems, **kept}, indent=2) + "\n"
        )


if __name__ == "__main__":
    main()
