"""Announced batches of releases in invented campaigns: cover, width and bounds of every part of the gap.

    OMP_NUM_THREADS=1 python benchmarks/batches_coverage.py            # writes results/ and docs/coverage.md
    OMP_NUM_THREADS=1 python benchmarks/batches_coverage.py --campaigns 10 --only outsiders --out -

Each world breaks something that a model may take for granted; the truth of every part is known by batch.
Sizes, chances, delays and days are drawn by this file and not from the priors of the model, and differ from
campaign to campaign.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import math
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from detcount import releases, simulate
from detcount.errors import NotEstimableError
from detcount.estimates import GapEstimate

ROOT = Path(__file__).parents[1]
FIGURES = ROOT / "benchmarks" / "results" / "batches_coverage.csv"
PAGE = ROOT / "docs" / "coverage.md"
BEGIN, END = "<!-- batches begin -->", "<!-- batches end -->"
LEVELS = (0.8, 0.95)
CAMPAIGNS = 36
PARTS = ("eventually verified", "pending", "completed", "unverifiable", "unsubstantiated")
LAST_DAY = 60  # the day on which a campaign is seen

Random = np.random.Generator


@dataclass(frozen=True)
class World:
    """What is announced, who verifies it, and what else goes on; drawn anew for every campaign."""

    monitors: tuple[simulate.Monitor, ...]
    batches: tuple[simulate.Batch, ...]
    dependence: float = 0.0

    def every_monitor(self, **options: object) -> World:
        """The same, with options of every monitor."""
        return replace(self, monitors=tuple(replace(one, **options) for one in self.monitors))

    def every_batch(self, **options: object) -> World:
        """The same, with options of every batch."""
        return replace(self, batches=tuple(replace(one, **options) for one in self.batches))


def plain(random: Random) -> World:
    """Three announcements and two monitors that differ; nothing that a model would not expect."""
    days = np.sort(random.choice(np.arange(0, 58, 4), 3, replace=False))
    batches = tuple(
        simulate.Batch(
            int(day),
            int(90 * math.exp(0.6 * random.standard_normal())),
            inflation=float(1 - random.beta(4, 2)),
        )
        for day in days
    )
    monitors = tuple(
        simulate.Monitor(
            name,
            verification=float(random.beta(7, 3)),
            delay_parameters=(
                float(math.exp(0.25 * random.standard_normal())),
                float(6 * math.exp(0.6 * random.standard_normal())),
            ),
            report_every=every,
            report_chance=0.6,
            totals=False,
        )
        for name, every in (("committee", 2), ("families", 3))
    )
    return World(monitors, batches)


def copying(world: World, share: float = 0.5) -> World:
    """The second monitor takes over a share of the entries of the first."""
    first, second = world.monitors
    return replace(world, monitors=(first, replace(second, copies=(first.name, share))))


def all_four(random: Random) -> World:
    """Chances by batch, a slow third, outsiders and copying at once."""
    world = plain(random).every_monitor(verification_sd=1.0, slow_share=1 / 3, outsider_share=0.2)
    return copying(world)


WORLDS: dict[str, Callable[[Random], World]] = {
    "nothing": plain,
    "chances by batch": lambda random: plain(random).every_monitor(verification_sd=1.0),
    "slow third": lambda random: plain(random).every_monitor(slow_share=1 / 3),
    "outsiders": lambda random: plain(random).every_monitor(outsider_share=0.2),
    "copying": lambda random: copying(plain(random)),
    "all four": all_four,
    "not monitored": lambda random: plain(random).every_monitor(follow_chance=0.7, followed_days=10.0),
    "figures lowered": lambda random: plain(random).every_monitor(
        overcount_chance=0.5, overcount_share=0.25, overcount_days=3.0
    ),
    "rounded, at least": lambda random: plain(random).every_monitor(at_least_share=0.5),
    "prospective": lambda random: plain(random).every_batch(kind="prospective", pace=(0.8, 8.0)),
    "all offences, said": lambda random: (
        plain(random)
        .every_batch(political_share=0.4, measure="all prisoners released")
        .every_monitor(measure="political prisoners released")
    ),
    "all offences, not said": lambda random: plain(random).every_batch(political_share=0.4),
    "half completed": lambda random: plain(random).every_batch(inflation=(5.0, 5.0)),
    "all completed": lambda random: plain(random).every_batch(inflation=0.0),
    "few ever verified": lambda random: plain(random).every_monitor(verification=(6.0, 9.0)),
    "same people found": lambda random: replace(plain(random), dependence=0.7),
}


@dataclass(frozen=True)
class Row:
    """One part of one batch in one campaign."""

    world: str
    seed: int
    batch: str
    part: str
    truth: int
    median: float | None
    low80: float
    high80: float
    low95: float
    high95: float
    lowest: float
    highest: float
    identified_by: str

    def covers(self, level: float) -> bool:
        """Whether the interval covers the truth."""
        low, high = (self.low80, self.high80) if level == 0.8 else (self.low95, self.high95)
        return low <= self.truth <= high

    @property
    def bounded(self) -> bool:
        """Whether the bounds do."""
        return self.lowest <= self.truth <= self.highest

    @property
    def score(self) -> float:
        """The 95% interval score: the width, and 40 times the distance by which it misses."""
        missed = max(self.low95 - self.truth, 0.0) + max(self.truth - self.high95, 0.0)
        return self.high95 - self.low95 + 40 * missed


def campaign(world: str, seed: int) -> simulate.Campaign:
    """One campaign of a world."""
    drawn = WORLDS[world](np.random.default_rng([seed, 2026]))
    return simulate.release_campaign(
        batches=drawn.batches,
        daily=0.0,
        n_days=LAST_DAY + 1,
        house_arrest_share=0.0,
        authority=simulate.Authority(report_every=0),
        monitors=drawn.monitors,
        dependence=drawn.dependence,
        seed=seed,
    )


def truths(campaign: simulate.Campaign, gap: GapEstimate) -> dict[str, int]:
    """The truth of every part of a batch, for the monitor whose figure the split starts from.

    What is verified and what is pending are entries of the monitor's register, as its figures are; what
    was completed, and what was not, are persons of the announcement.
    """
    day = campaign.truth.first_day + dt.timedelta(LAST_DAY)
    parts = campaign.truth.parts(gap.label, gap.verified_by, on=day)
    return {
        "eventually verified": parts.eventually_counted,
        "pending": max(parts.eventually_counted - gap.verified, 0),
        "completed": parts.carried_out,
        "unverifiable": parts.unverifiable,
        "unsubstantiated": parts.unsubstantiated,
    }


def rows_of(world: str, seed: int, estimator: object) -> tuple[list[Row], bool]:
    """Every part of every batch of one campaign, and whether the estimator declined."""
    invented = campaign(world, seed)
    try:
        estimate = estimator.fit(invented.reports, seed=seed)
    except NotEstimableError:
        return [], True
    rows = []
    for gap in estimate.batches:
        for part, truth in truths(invented, gap).items():
            count = getattr(gap, "carried_out" if part == "completed" else part.replace(" ", "_"))
            limits = [
                limit for level in LEVELS for limit in (count.interval(level).low, count.interval(level).high)
            ]
            rows.append(
                Row(
                    world,
                    seed,
                    gap.label,
                    part,
                    truth,
                    count.median,
                    *limits,
                    *count.bounds,
                    count.identified_by,
                )
            )
    return rows, False


def study(worlds: Iterable[str], n_campaigns: int, first: int = 0) -> tuple[list[Row], dict[str, int]]:
    """All rows, and how often each world was declined."""
    found, declined = [], {}
    for world in worlds:
        for seed in range(first, first + n_campaigns):
            rows, refused = rows_of(world, seed, releases.AnnouncedBatches())
            found += rows
            declined[world] = declined.get(world, 0) + refused
    return found, declined


@dataclass(frozen=True)
class Cell:
    """Cover and width of one part in one world; campaigns are the unit of the standard error."""

    world: str
    part: str
    n: int
    cover80: float
    cover95: float
    error95: float
    width: float
    score: float
    bounded: float
    from_data: float
    cover95_data: float


def cell(rows: Sequence[Row]) -> Cell:
    """The summary of some rows, all of one part and one world."""
    by_seed = [
        np.mean([row.covers(0.95) for row in rows if row.seed == seed])
        for seed in dict.fromkeys(row.seed for row in rows)
    ]
    data = [row.covers(0.95) for row in rows if row.identified_by == "data"]
    return Cell(
        world=rows[0].world,
        part=rows[0].part,
        n=len(rows),
        cover80=float(np.mean([row.covers(0.8) for row in rows])),
        cover95=float(np.mean([row.covers(0.95) for row in rows])),
        error95=float(np.std(by_seed, ddof=1) / math.sqrt(len(by_seed))) if len(by_seed) > 1 else math.nan,
        width=float(np.median([row.high95 - row.low95 for row in rows])),
        score=float(np.mean([row.score for row in rows])),
        bounded=float(np.mean([row.bounded for row in rows])),
        from_data=len(data) / len(rows),
        cover95_data=float(np.mean(data)) if data else math.nan,
    )


def cells(rows: Sequence[Row]) -> list[Cell]:
    """A summary for each world and part, in the order of the rows."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.world, row.part), []).append(row)
    return [cell(group) for group in groups.values()]


def tables(found: Sequence[Cell]) -> list[str]:
    """The page: a row for each world, cover at 95% with the median width in persons, and bounds."""
    lines = [
        f"| what breaks | batches | {' | '.join(PARTS)} | bounds hold |",
        "|:---|---:|" + "---:|" * (len(PARTS) + 1),
    ]
    for world in dict.fromkeys(one.world for one in found):
        own = {one.part: one for one in found if one.world == world}
        figures = " | ".join(f"{own[part].cover95:.2f} ({own[part].width:.0f})" for part in PARTS)
        held = min(one.bounded for one in own.values())
        lines.append(f"| {world} | {own[PARTS[0]].n} | {figures} | {held:.2f} |")
    return lines


def write(found: Sequence[Cell]) -> None:
    """The figures, and the page between its marks, from the figures as they are written."""
    found = [
        replace(
            one,
            **{key: float(f"{value:.4g}") for key, value in asdict(one).items() if isinstance(value, float)},
        )
        for one in found
    ]
    with FIGURES.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(asdict(found[0])), lineterminator="\n")
        writer.writeheader()
        for one in found:
            writer.writerow(
                {
                    key: f"{value:.4g}" if isinstance(value, float) else value
                    for key, value in asdict(one).items()
                }
            )
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text("\n".join([before + BEGIN, "", *tables(found), "", END + after]), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the worlds; write or print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--campaigns", type=int, default=CAMPAIGNS)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--only", nargs="*", choices=WORLDS, default=list(WORLDS))
    parser.add_argument("--out", choices=["-"], help="print, and write nothing")
    given = parser.parse_args(arguments)
    started = time.process_time()
    found, declined = [], {}
    for world in given.only:
        rows, refused = study([world], given.campaigns, given.first)
        own = cells(rows)
        found += own
        declined |= refused
        for one in own:
            print(
                f"{world}: {one.part}: n {one.n}, cover 80% {one.cover80:.2f}, 95% {one.cover95:.3f} "
                f"(± {one.error95:.3f}), width {one.width:.0f}, score {one.score:.0f}, "
                f"bounds {one.bounded:.2f}, "
                f"from data {one.from_data:.2f}: {one.cover95_data:.2f}; declined {refused[world]}",
                flush=True,
            )
    print(f"{time.process_time() - started:.0f} CPU seconds", file=sys.stderr)
    if given.out != "-":
        write(found)


if __name__ == "__main__":
    main()
