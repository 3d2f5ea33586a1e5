"""Monitors matched case by case who depend on each other: bias, cover and width of what happened.

    OMP_NUM_THREADS=1 python benchmarks/monitored_coverage.py    # writes results/ and docs/coverage.md
    OMP_NUM_THREADS=1 python benchmarks/monitored_coverage.py --campaigns 4 --only "copying half" --out -

Invented campaigns of 600 releases in 60 days, three monitors that ever verify 55, 40 and 30% of them with
delays of a median of 3, 5 and 8 days, seen on the last day. "Independent" takes the monitors so; "dependent"
is the default, an odds ratio of its own for each two.
"""

from __future__ import annotations

import argparse
import csv
import math
import time
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from detcount import simulate
from detcount.errors import DetcountWarning
from detcount.releases import MonitoredCases, MonitoredReleases

ROOT = Path(__file__).parents[1]
FIGURES = ROOT / "benchmarks" / "results" / "monitored_coverage.csv"
PAGE = ROOT / "docs" / "coverage.md"
BEGIN, END = "<!-- monitors begin -->", "<!-- monitors end -->"
CAMPAIGNS = 12
NAMES = ("a", "b", "c")
SPECIFICATIONS = {
    "independent": MonitoredReleases(dependence=0, n_draws=1000),
    "dependent": MonitoredReleases(n_draws=1000),
}

Copies = tuple[tuple[str, float] | None, ...]


@dataclass(frozen=True)
class World:
    """Whom each monitor copies, and the correlation of what decides whether they ever verify a release."""

    copies: Copies = (None, None, None)
    dependence: float = 0.0


WORLDS = {
    "independent": World(),
    "b copies a quarter of a": World((None, ("a", 0.25), None)),
    "b copies half of a": World((None, ("a", 0.5), None)),
    "c copies half of a": World((None, None, ("a", 0.5))),
    "c copies half of b": World((None, None, ("b", 0.5))),
    "b and c copy half of a": World((None, ("a", 0.5), ("a", 0.5))),
    "some hard to find for all": World(dependence=0.3),
}


def campaign(world: World, seed: int) -> tuple[MonitoredCases, int]:
    """Cases known on the last day, and how many releases happened."""
    monitors = tuple(
        simulate.Monitor(
            name,
            ever,
            delay_parameters=(shape, median / math.log(2) ** (1 / shape)),
            batches=False,
            copies=copies,
        )
        for name, ever, median, shape, copies in zip(
            NAMES, (0.55, 0.4, 0.3), (3.0, 5.3, 8.3), (1.2, 0.9, 1.0), world.copies, strict=True
        )
    )
    invented = simulate.release_campaign(
        batches=(),
        daily=10.0,
        volatility=0.02,
        n_days=60,
        house_arrest_share=0.0,
        authority=simulate.Authority(report_every=0),
        monitors=monitors,
        dependence=world.dependence,
        seed=seed,
    )
    day = invented.reports.last_published
    known = MonitoredCases.from_frame(invented.cases_as_of(day), monitors=NAMES, as_of=day)
    return known, len(invented.cases)


@dataclass(frozen=True)
class Row:
    """One specification in one world: means over campaigns, and the median width over the truth."""

    world: str
    specification: str
    n: int
    bias: float
    cover80: float
    cover95: float
    width95: float
    warned: float


def study(name: str, n_campaigns: int, first: int = 0) -> list[Row]:
    """Both specifications in one world."""
    found: dict[str, list[tuple[float, ...]]] = {key: [] for key in SPECIFICATIONS}
    for seed in range(first, first + n_campaigns):
        cases, truth = campaign(WORLDS[name], seed)
        for key, specification in SPECIFICATIONS.items():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DetcountWarning)
                estimate = specification.fit(cases, seed=seed)
            narrow, wide = estimate.interval(0.8), estimate.interval(0.95)
            found[key].append(
                (
                    estimate.point / truth - 1,
                    float(narrow.low <= truth <= narrow.high),
                    float(wide.low <= truth <= wide.high),
                    (wide.high - wide.low) / truth,
                    float(any(pair.is_shown for pair in estimate.pairs)),
                )
            )
    rows = []
    for key, values in found.items():
        bias, cover80, cover95, width, warned = np.array(values).T
        rows.append(
            Row(
                name, key, n_campaigns, float(bias.mean()), float(cover80.mean()), float(cover95.mean()),
                float(np.median(width)), float(warned.mean()),
            )
        )  # fmt: skip
    return rows


def table(rows: Sequence[Row]) -> list[str]:
    """The page: a row a world."""
    lines = [
        "| monitors | campaigns | taken as independent: bias | cover 80 / 95% | width | "
        "allowed to depend: bias | cover 80 / 95% | width | a warning |",
        "|:---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for world in dict.fromkeys(row.world for row in rows):
        own = {row.specification: row for row in rows if row.world == world}
        figures = " | ".join(
            f"{row.bias:+.1%} | {row.cover80:.2f} / {row.cover95:.2f} | {row.width95:.0%}"
            for row in (own["independent"], own["dependent"])
        )
        one = own["dependent"]
        lines.append(f"| {world} | {one.n} | {figures} | {one.warned:.2f} |")
    return lines


def write(rows: Sequence[Row]) -> None:
    """The figures, and the page between its marks, from the figures as they are written."""
    rows = [
        replace(
            row,
            **{key: float(f"{value:.4g}") for key, value in asdict(row).items() if isinstance(value, float)},
        )
        for row in rows
    ]
    with FIGURES.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(asdict(rows[0])), lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow(
                {
                    key: f"{value:.4g}" if isinstance(value, float) else value
                    for key, value in asdict(row).items()
                }
            )
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    PAGE.write_text("\n".join([before + BEGIN, "", *table(rows), "", END + rest.split(END)[1]]), "utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the worlds; write or print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--campaigns", type=int, default=CAMPAIGNS)
    parser.add_argument("--only", nargs="*", choices=WORLDS, default=list(WORLDS))
    parser.add_argument("--out", choices=["-"], help="print, and write nothing")
    given = parser.parse_args(arguments)
    started, rows = time.process_time(), []
    for name in given.only:
        rows += study(name, given.campaigns)
        print(*rows[-2:], sep="\n", flush=True)
    print(f"{time.process_time() - started:.0f} CPU seconds")
    if given.out != "-":
        write(rows)


if __name__ == "__main__":
    main()
