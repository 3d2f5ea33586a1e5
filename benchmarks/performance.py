"""What users wait for, each with its ratio to a named baseline of the same run.

    OMP_NUM_THREADS=1 python benchmarks/performance.py            # writes benchmarks/results/performance.md
    OMP_NUM_THREADS=1 python benchmarks/performance.py assess --out -     # the rows with a word in their name
    OMP_NUM_THREADS=1 python benchmarks/performance.py --long     # with the rows of a minute and more

Figures are CPU seconds of one thread, children included; rows of two workers are seconds by the clock. A
row has a process of its own, so that it is cold where it says so and gives its peak memory. Compare ratios,
not seconds: they stay when the machine is another one, or busy. Where others use the processors, rows by the
clock say nothing and are not measured.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import tabulate
from assess import capture_tables, newton_fits

if TYPE_CHECKING:
    from detcount import CaptureTable
    from detcount.estimates import Estimator

RESULTS = Path(__file__).parent / "results" / "performance.md"
BUSY = 0.5  # processes at work before a row by the clock, from which it is not measured
N_SWEEPS = 2_000  # of plain Gibbs, by 32 chains
COMMAND = ["-m", "detcount"]
EVERY_NAME = ["-c", "import detcount; [getattr(detcount, name) for name in detcount.__all__]"]

Work = Callable[[], object]  # a float that it gives is a number of units: seconds are then for 1,000 of them


@dataclass(frozen=True)
class Baseline:
    """What a row is held against; the least of so many runs."""

    name: str
    prepared: Callable[[], Work]
    runs: int = 3


@dataclass(frozen=True)
class Row:
    """A piece of work, its baseline, and what is wanted on an idle core."""

    name: str
    prepared: Callable[[], Work]  # what is made here costs nothing
    against: Baseline
    wanted: float | None  # seconds, or times the baseline
    times: bool = False  # whether so many times the baseline are wanted
    cold: bool = False  # whether imports count
    wall: bool = False  # by the clock
    long: bool = False


# --- work ----------------------------------------------------------------------------------------


def assessed(names: list[str]) -> Work:
    """Assess some tables."""

    def work() -> None:
        import detcount

        for name in names:
            detcount.assess(detcount.datasets.load(name))

    return work


def fitted(estimator: str, dataset: str) -> Work:
    """Fit an estimator of abundance, with its defaults, to a shipped table."""

    def work() -> None:
        estimator_named(estimator).fit(load(dataset))

    return work


def declined(estimator: str, dataset: str) -> Work:
    """Fit an estimator to a table for which it may decline."""

    def work() -> None:
        from detcount.errors import ConvergenceError

        with contextlib.suppress(ConvergenceError):
            estimator_named(estimator).fit(load(dataset))

    return work


def effective_draws(dataset: str) -> Work:
    """Fit latent classes; give the effective draws of log N."""

    def work() -> float:
        return float(estimator_named("LatentClass").fit(load(dataset), seed=1).detail.effective_sample_size)

    return work


def plain_gibbs(dataset: str) -> Work:
    """Draw by plain sweeps from where an annealing ended; give the effective draws of log N."""
    from detcount._numerics import latent_class as lc
    from detcount._numerics.monte_carlo import effective_sample_size

    table, random = load(dataset), np.random.default_rng(1)
    n_classes = min(10, 2**table.n_lists - 1)
    data = lc.ClassData.of(table.histories, table.counts, n_classes=n_classes, shape=0.25, rate=0.25)
    state = lc.anneal(data, 4, 8, n_moves=2, share=0.5, random=random).state

    def work() -> float:
        unseen = lc.sample_plain(data, state, N_SWEEPS, random)[1]
        return effective_sample_size(np.log(table.n_observed + unseen))

    return work


def stratified(estimator: str, n_strata: int, n_jobs: int = 1) -> Work:
    """Fit an estimator to many strata of four lists."""
    import detcount

    random = np.random.default_rng(0)
    strata = {f"stratum {k:05}": four_lists(random) for k in range(n_strata)}
    return lambda: detcount.fit_strata(estimator_named(estimator), strata, n_jobs=n_jobs)


def graphs_of_seven() -> Work:
    """Average over every decomposable graph on seven lists."""
    table = four_lists(np.random.default_rng(0), 5000, 7)
    return lambda: estimator_named("DecomposableGraphs").fit(table)


def nowcast() -> Work:
    """Nowcast 1,861 cases of 60 days, each reported some days after it happened."""
    from detcount.releases import MonitoredCases, VerificationDelay

    random = np.random.default_rng(0)
    first = np.datetime64("2026-01-01")
    happened = first + random.integers(0, 60, 1861)
    reported = happened + random.geometric(0.2, 1861)
    rows = {"release": happened.astype(str).tolist(), "m": reported.astype(str).tolist()}

    def work() -> object:
        cases = MonitoredCases.from_frame(rows, monitors=["m"], as_of="2026-03-02")
        return VerificationDelay().fit(cases).nowcast()

    work()  # imports
    return work


def released() -> Work:
    """Fit the announcements of the shipped file."""
    from detcount.releases import AnnouncedBatches

    reports = load("venezuela_releases")
    return lambda: AnnouncedBatches().fit(reports)


def counted(library: str, dtype: str, *, by_hand: bool = False) -> Work:
    """Count ten million rows, by the library or by hand."""
    frame, _ = tabulate.make_frame(library, dtype, 10_000_000)
    if by_hand:
        return lambda: tabulate.by_hand(library, dtype, frame)
    return lambda: read(library, frame)


def read(library: str, data: object) -> object:
    """Count rows as a user would."""
    from detcount import CaptureTable, strata

    if library == "strata of Parquet":
        return strata.stratify(data, by="place", lists=tabulate.LISTS)
    if library.startswith("memberships"):
        return CaptureTable.from_memberships(data, person="person", list="list", lists=tabulate.LISTS)
    return CaptureTable.from_frame(data, lists=tabulate.LISTS)


def python(arguments: list[str]) -> Work:
    """Run Python with some arguments."""
    return lambda: subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)


def estimator_named(name: str) -> Estimator:
    """An estimator with its defaults."""
    import detcount

    return getattr(detcount if name == "Calibrated" else detcount.abundance, name)()


def load(dataset: str):
    """A shipped table."""
    from detcount import datasets

    return datasets.load(dataset)


def four_lists(random: np.random.Generator, n_persons: int = 400, n_lists: int = 4) -> CaptureTable:
    """Persons on lists that depend on each other a little."""
    from detcount import CaptureTable

    easy = random.random(n_persons) < 0.4
    marks = random.random((n_persons, n_lists)) < np.where(easy[:, None], 0.4, 0.15)
    marks = marks[marks.any(axis=1)]
    names = [f"list {k}" for k in range(n_lists)]
    return CaptureTable.from_frame(dict(zip(names, marks.T, strict=True)), lists=names)


# --- rows ----------------------------------------------------------------------------------------

NEWTON = Baseline("300 Newton fits in numpy", newton_fits)
STARTED = Baseline("a Python with scipy", lambda: python(["-c", "import numpy, scipy.special"]))
TEXT, MARKS, PARQUET = ("memberships polars", "text"), ("pandas", "bool"), ("strata of Parquet", "int8")
BY_POLARS = Baseline("polars by hand", lambda: counted(*TEXT, by_hand=True), runs=1)
BY_NUMPY = Baseline("numpy's own pack and bincount", lambda: counted(*MARKS, by_hand=True))
LAZILY = Baseline("polars by hand, lazily", lambda: counted(*PARQUET, by_hand=True))


def gibbs(dataset: str) -> Baseline:
    """Plain Gibbs sweeps on a table."""
    return Baseline("plain Gibbs sweeps", lambda: plain_gibbs(dataset), runs=1)


def by_two(estimator: str, n_strata: int) -> Row:
    """Strata by two workers beside one process."""
    return Row(
        f"{estimator}, {n_strata:,} strata, two workers",
        lambda: stratified(estimator, n_strata, n_jobs=2),
        Baseline("one process", lambda: stratified(estimator, n_strata), runs=1),
        1 / 1.7,
        times=True,
        wall=True,
    )


def latent(dataset: str) -> Callable[[], Work]:
    """Latent classes of a table."""
    return lambda: fitted("LatentClass", dataset)


def drawn(dataset: str) -> Callable[[], Work]:
    """Effective draws of latent classes of a table."""
    return lambda: effective_draws(dataset)


def rows() -> list[Row]:
    """What is measured, in the order of the table."""
    newton: list[tuple[str, Callable[[], Work], float]] = [
        ("assess of neworl (8 lists)", lambda: assessed(["neworl"]), 3.0),
        ("assess of ned (6 lists)", lambda: assessed(["ned"]), 3.0),
        ("assess of ukdat_5 (5 lists)", lambda: assessed(["ukdat_5"]), 1.5),
        ("assess of gaza (3 lists)", lambda: assessed(["gaza"]), 1.5),
        ("AveragedLogLinear, neworl", lambda: fitted("AveragedLogLinear", "neworl"), 2.0),
        ("AveragedLogLinear, ukdat_5", lambda: fitted("AveragedLogLinear", "ukdat_5"), 0.7),
        ("SelectedLogLinear, neworl", lambda: fitted("SelectedLogLinear", "neworl"), 1.0),
        ("LatentClass, ned_5, an answer or none", lambda: declined("LatentClass", "ned_5"), 2.0),
        ("the first Calibrated", lambda: fitted("Calibrated", "kosovo"), 0.12),
        ("decomposable graphs of 7 lists", graphs_of_seven, 1.0),
        ("reverse-hazard nowcast of 1,861 cases", nowcast, 0.05),
        ("AnnouncedBatches, the shipped file", released, 0.25),
        ("1,000 strata, ChaoLowerBound", lambda: stratified("ChaoLowerBound", 1000), 0.03),
        ("1,000 strata, graphs", lambda: stratified("DecomposableGraphs", 1000), 2.5),
        ("100 strata, selected", lambda: stratified("SelectedLogLinear", 100), 2.5),
    ]
    cold = [("kosovo", 1.9), ("diabetes", 1.6), ("ukdat", 2.1)]
    rates = [("kosovo", 0.5), ("diabetes", 1.25), ("ukdat", 1 / 0.3)]
    two = {"DecomposableGraphs": 4000, "SelectedLogLinear": 200}
    return [
        Row("assess of all tables", lambda: assessed(capture_tables()), NEWTON, 45.0, long=True),
        *(Row(name, prepared, NEWTON, wanted) for name, prepared, wanted in newton),
        Row("1,000 strata, selected", lambda: stratified("SelectedLogLinear", 1000), NEWTON, 25.0, long=True),
        *(by_two(name, n_strata) for name, n_strata in two.items()),
        *(
            Row(f"LatentClass, {name}, cold", latent(name), NEWTON, wanted, cold=True)
            for name, wanted in cold
        ),
        *(
            Row(f"1,000 effective draws of N, {name}", drawn(name), gibbs(name), wanted)
            for name, wanted in rates
        ),
        Row("memberships as text, 1e7 rows", lambda: counted(*TEXT), BY_POLARS, 1.0, times=True),
        Row("1e7 rows of marks on 6 lists", lambda: counted(*MARKS), BY_NUMPY, 1.0, times=True),
        Row("1e7 rows of Parquet in 50 strata", lambda: counted(*PARQUET), LAZILY, 6.0),
        Row("import detcount", lambda: python(["-c", "import detcount"]), STARTED, 0.25, cold=True),
        Row("import detcount, every name", lambda: python(EVERY_NAME), STARTED, None, cold=True),
        Row("detcount --help", lambda: python([*COMMAND, "--help"]), STARTED, 0.3, cold=True),
        Row(
            "detcount assess --dataset kosovo",
            lambda: python([*COMMAND, "assess", "--dataset", "kosovo"]),
            STARTED,
            2.0,
            cold=True,
        ),
    ]


def spent(work: Work, *, wall: bool = False) -> float:
    """CPU seconds of this process and its children, or seconds by the clock; for 1,000 units, if any."""
    before = clock(wall=wall)
    units = work()
    seconds = clock(wall=wall) - before
    return 1000 * seconds / units if isinstance(units, float) else seconds


def clock(*, wall: bool) -> float:
    """Seconds by the clock, or of processors by this process and by the children that have ended."""
    if wall:
        return time.perf_counter()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def measured(row: Row) -> dict[str, float]:
    """Seconds of a row and of its baseline, and the peak memory, MB."""
    peak = 0.0
    if not row.cold:  # imports are paid before
        fitted("LogLinear", "kosovo")()
        if row.name != "the first Calibrated":
            assessed(["korea"])()
    work = row.prepared()
    seconds = min(spent(work, wall=row.wall) for _ in range(row.against.runs))
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        peak = max(peak, resource.getrusage(who).ru_maxrss / 1024)
    work = row.against.prepared()
    base = min(spent(work, wall=row.wall) for _ in range(row.against.runs))
    return {"seconds": seconds, "base": base, "memory": peak}


def line(row: Row, found: dict[str, float]) -> str:
    """A row of the table."""
    ratio = found["seconds"] / found["base"]
    wanted = "" if row.wanted is None else f"{row.wanted:.2f}{' of it' if row.times else ''}"
    met = row.wanted is None or (ratio if row.times else found["seconds"]) <= row.wanted
    cells = [
        row.name,
        f"{found['seconds']:.2f}",
        wanted,
        "" if met else "no",
        f"{found['memory']:,.0f}",
        row.against.name,
        f"{found['base']:.3f}",
        f"{ratio:,.2f}",
    ]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Measure the rows asked for and write the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("words", nargs="*", help="rows whose names have one of these words; all without it")
    parser.add_argument("--long", action="store_true", help="with the rows of a minute and more")
    parser.add_argument("--out", default=str(RESULTS), help="file to write, or - for the screen alone")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child is not None:
        sys.stdout.write(json.dumps(measured(rows()[given.child])))
        return
    lines = [
        "| work | seconds | wanted | met | peak MB | baseline | its seconds | ratio |",
        "|:---|---:|---:|:---|---:|:---|---:|---:|",
    ]
    for place, row in enumerate(rows()):
        if not any(word in row.name for word in given.words) if given.words else row.long and not given.long:
            continue
        if row.wall and os.getloadavg()[0] > BUSY:
            lines.append(f"| {row.name} | not measured |  |  |  | {row.against.name} |  |  |")
            continue
        child = [sys.executable, __file__, "--child", str(place)]
        done = subprocess.run(child, stdout=subprocess.PIPE, text=True, check=True)
        lines.append(line(row, json.loads(done.stdout)))
        print(lines[-1], flush=True)
    if given.out != "-":
        head = "# What users wait for\n\n" + (__doc__ or "").split("\n\n")[2].strip() + "\n\n"
        Path(given.out).write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
