"""What users wait for, each with its ratio to a named baseline of the same run.

    OMP_NUM_THREADS=1 python benchmarks/performance.py            # writes benchmarks/results/performance.md
    OMP_NUM_THREADS=1 python benchmarks/performance.py assess --out -     # the rows with a word in their name
    OMP_NUM_THREADS=1 python benchmarks/performance.py --growth --out -   # how cost grows, with exponents

Figures are CPU seconds of one thread, children included. A row has a process of its own, so that it is
cold where it says so and gives its peak memory. Compare ratios, not seconds: they stay when the machine
is another one, or busy.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from assess import baseline, capture_tables

if TYPE_CHECKING:
    from detcount import CaptureTable
    from detcount.estimates import Estimator

RESULTS = Path(__file__).parent / "results" / "performance.md"
NEWTON, NUMPY, STARTED = "300 Newton fits in numpy", "numpy's own pack and bincount", "a Python with numpy"
COLD = {
    "import detcount": ["-c", "import detcount; [getattr(detcount, name) for name in detcount.__all__]"],
    "detcount --help": ["-m", "detcount", "--help"],
    "detcount assess --dataset kosovo": ["-m", "detcount", "assess", "--dataset", "kosovo"],
}


@dataclass(frozen=True)
class Row:
    """A piece of work, the baseline that it is held against, and the CPU seconds wanted on an idle core."""

    name: str
    prepared: Callable[[], Callable[[], object]]  # what is made here costs nothing
    against: str
    wanted: float
    cold: bool = True  # imports count
    long: bool = False


def assessed(names: list[str]) -> Callable[[], object]:
    """Assess some tables."""

    def work() -> None:
        import detcount

        for name in names:
            detcount.assess(detcount.datasets.load(name))

    return work


def fitted(expression: str, dataset: str) -> Callable[[], object]:
    """Fit an estimator of abundance to a shipped table."""

    def work() -> None:
        import detcount

        named = {name: getattr(detcount.abundance, name) for name in detcount.abundance.__all__}
        eval(expression, named | {"Calibrated": detcount.Calibrated}).fit(detcount.datasets.load(dataset))

    return work


def stratified(expression: str, n_strata: int) -> Callable[[], object]:
    """Fit an estimator to many strata of four lists."""
    import detcount

    random = np.random.default_rng(0)
    strata = {f"stratum {k:05}": four_lists(random) for k in range(n_strata)}
    named = {name: getattr(detcount.abundance, name) for name in detcount.abundance.__all__}
    return lambda: detcount.fit_strata(eval(expression, named), strata, n_jobs=1)


def four_lists(random: np.random.Generator, n_persons: int = 400, n_lists: int = 4) -> CaptureTable:
    """Persons on lists that depend on each other a little."""
    from detcount import CaptureTable

    easy = random.random(n_persons) < 0.4
    marks = random.random((n_persons, n_lists)) < np.where(easy[:, None], 0.4, 0.15)
    marks = marks[marks.any(axis=1)]
    names = [f"list {k}" for k in range(n_lists)]
    return CaptureTable.from_frame(dict(zip(names, marks.T, strict=True)), lists=names)


def graphs_of_seven() -> Callable[[], object]:
    """Average over every decomposable graph on seven lists."""
    from detcount import abundance

    table = four_lists(np.random.default_rng(0), 5000, 7)
    return lambda: abundance.DecomposableGraphs().fit(table)


def tabulated(n_rows: int = 10_000_000) -> Callable[[], object]:
    """Count a table of marks in memory."""
    from detcount import CaptureTable

    marks = marks_of(n_rows)
    return lambda: CaptureTable.from_frame(marks, lists=list(marks))


def marks_of(n_rows: int) -> dict[str, np.ndarray]:
    """Six columns of marks; everybody is on the first list or drawn onto another."""
    codes = np.random.default_rng(0).integers(1, 64, n_rows, dtype=np.uint8)
    return {f"list {k}": (codes >> k & 1).astype(bool) for k in range(6)}


def command(arguments: list[str]) -> Callable[[], object]:
    """Run Python with some arguments."""
    return lambda: subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)


ROWS = (
    Row("assess of 29 tables", lambda: assessed(capture_tables()), NEWTON, 45.0, cold=False, long=True),
    Row("assess of neworl (8 lists)", lambda: assessed(["neworl"]), NEWTON, 3.0, cold=False),
    Row("assess of ukdat_5 (5 lists)", lambda: assessed(["ukdat_5"]), NEWTON, 1.5, cold=False),
    Row("assess of gaza (3 lists)", lambda: assessed(["gaza"]), NEWTON, 1.5, cold=False),
    Row(
        "AveragedLogLinear, neworl", lambda: fitted("AveragedLogLinear()", "neworl"), NEWTON, 2.0, cold=False
    ),
    Row(
        "AveragedLogLinear, ukdat_5",
        lambda: fitted("AveragedLogLinear()", "ukdat_5"),
        NEWTON,
        0.7,
        cold=False,
    ),
    Row(
        "SelectedLogLinear, neworl", lambda: fitted("SelectedLogLinear()", "neworl"), NEWTON, 1.0, cold=False
    ),
    Row("LatentClass, kosovo, cold", lambda: fitted("LatentClass()", "kosovo"), NEWTON, 1.9),
    Row("LatentClass, diabetes, cold", lambda: fitted("LatentClass()", "diabetes"), NEWTON, 1.6),
    Row("LatentClass, ukdat, cold", lambda: fitted("LatentClass()", "ukdat"), NEWTON, 2.1),
    Row("the first Calibrated", lambda: fitted("Calibrated()", "kosovo"), NEWTON, 0.12, cold=False),
    Row("decomposable graphs of 7 lists", graphs_of_seven, NEWTON, 1.0, cold=False),
    Row(
        "1,000 strata, ChaoLowerBound", lambda: stratified("ChaoLowerBound()", 1000), NEWTON, 0.03, cold=False
    ),
    Row("1,000 strata, graphs", lambda: stratified("DecomposableGraphs()", 1000), NEWTON, 2.5, cold=False),
    Row("100 strata, selected", lambda: stratified("SelectedLogLinear()", 100), NEWTON, 2.5, cold=False),
    Row("1e7 rows of marks on 6 lists", tabulated, NUMPY, 0.057, cold=False),
    Row("import detcount, every name", lambda: command(COLD["import detcount"]), STARTED, 0.25),
    Row("detcount --help", lambda: command(COLD["detcount --help"]), STARTED, 0.3),
    Row(
        "detcount assess --dataset kosovo",
        lambda: command(COLD["detcount assess --dataset kosovo"]),
        STARTED,
        2.0,
    ),
)


def against(name: str) -> float:
    """CPU seconds of a baseline, the least of three."""
    if name == NEWTON:
        return baseline()
    if name == NUMPY:
        columns = list(marks_of(10_000_000).values())

        def count() -> None:
            codes = np.zeros(len(columns[0]), dtype=np.uint8)
            for k, column in enumerate(columns):
                codes |= column.view(np.uint8) << np.uint8(k)
            np.bincount(codes, minlength=64)

        return min(spent(count) for _ in range(3))
    start = command(["-c", "import numpy, scipy.special"])
    return min(spent(start) for _ in range(3))


def spent(work: Callable[[], object]) -> float:
    """CPU seconds of this process and of those that it starts."""
    before = os.times()
    work()
    after = os.times()
    return sum(after[:4]) - sum(before[:4])


def measured(row: Row) -> dict[str, float]:
    """CPU seconds of a row, of its baseline, and the peak memory, MB; nothing was imported before."""
    base = against(row.against)
    if not row.cold:
        fitted("LogLinear()", "kosovo")()
        if row.name != "the first Calibrated":
            assessed(["korea"])()
    seconds = spent(row.prepared())
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {"seconds": seconds, "base": base, "memory": peak / 1024}


def growth() -> list[str]:
    """How CPU seconds grow with lists, persons, strata and draws: exponents, or factors a list."""
    from detcount import abundance

    few = abundance.BCaBootstrap(n_resamples=200)
    lines = ["| what | sizes | CPU s | growth |", "|:---|:---|:---|:---|"]

    def measure(
        what: str, sizes: list[int], prepared: Callable[[int], Callable[[], object]], *, a_list: bool = False
    ) -> None:
        works = [prepared(size) for size in sizes]
        seconds = [min(spent(work) for _ in range(2)) for work in works]
        across = np.array(sizes, dtype=float) if a_list else np.log(sizes)
        slope = np.polyfit(across, np.log(np.maximum(seconds, 1e-3)), 1)[0]
        told = f"{np.exp(slope):.1f} times a list" if a_list else f"power {slope:.2f}"
        shown = ", ".join(f"{value:.2f}" for value in seconds)
        lines.append(f"| {what} | {', '.join(f'{size:,}' for size in sizes)} | {shown} | {told} |")
        sys.stderr.write(lines[-1] + "\n")

    def on_tables(estimator: Estimator, *tables: CaptureTable) -> Callable[[], object]:
        return lambda: [estimator.fit(table) for table in tables]

    def by_lists(estimator: Estimator) -> Callable[[int], Callable[[], object]]:
        return lambda n_lists: on_tables(
            estimator, *(four_lists(np.random.default_rng(k), 2000, n_lists) for k in range(3))
        )

    def by_persons(n_persons: int) -> Callable[[], object]:
        tables = [four_lists(np.random.default_rng(k), n_persons) for k in range(20)]
        return on_tables(abundance.DecomposableGraphs(), *tables)

    def by_draws(n_resamples: int) -> Callable[[], object]:
        interval = abundance.BCaBootstrap(n_resamples=n_resamples)
        return on_tables(
            abundance.AveragedLogLinear(interval=interval), four_lists(np.random.default_rng(1), 2000, 5)
        )

    selected, averaged = abundance.SelectedLogLinear(interval=few), abundance.AveragedLogLinear(interval=few)
    measure("LogLinear, by lists", [6, 8, 10, 12], by_lists(abundance.LogLinear()), a_list=True)
    measure("SelectedLogLinear, 200 draws, by lists", [3, 4, 5, 6], by_lists(selected), a_list=True)
    measure("AveragedLogLinear, 200 draws, by lists", [3, 4, 5, 6], by_lists(averaged), a_list=True)
    graphs = by_lists(abundance.DecomposableGraphs())
    measure("DecomposableGraphs, by lists", [4, 5, 6, 7], graphs, a_list=True)
    measure("AveragedLogLinear of 5 lists, by draws", [250, 500, 1000, 2000], by_draws)
    measure("DecomposableGraphs of 4 lists, by persons", [10**3, 10**4, 10**5], by_persons)
    measure("rows of marks, by rows", [10**5, 10**6, 10**7], tabulated)
    measure("ChaoLowerBound, by strata", [100, 1000, 4000], lambda n: stratified("ChaoLowerBound()", n))
    return lines


def main() -> None:
    """Measure the rows asked for and write the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("words", nargs="*", help="rows whose names have one of these words; all without it")
    parser.add_argument("--growth", action="store_true", help="how cost grows, instead of the rows")
    parser.add_argument("--out", default=str(RESULTS), help="file to write, or - for the screen alone")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child is not None:
        sys.stdout.write(json.dumps(measured(ROWS[given.child])))
        return
    if given.growth:
        lines = growth()
    else:
        lines = [
            "| work | CPU s | wanted | peak MB | baseline | its CPU s | ratio |",
            "|:---|---:|---:|---:|:---|---:|---:|",
        ]
        for place, row in enumerate(ROWS):
            if (given.words and not any(word in row.name for word in given.words)) or (
                row.long and not given.words
            ):
                continue
            found = json.loads(
                subprocess.run(
                    [sys.executable, __file__, "--child", str(place)],
                    stdout=subprocess.PIPE,
                    text=True,
                    check=True,
                ).stdout
            )
            lines.append(
                f"| {row.name} | {found['seconds']:.2f} | {row.wanted:g} | {found['memory']:,.0f} | "
                f"{row.against} | {found['base']:.3f} | {found['seconds'] / found['base']:,.1f} |"
            )
            print(lines[-1], flush=True)
    if given.out != "-":
        head = "# What users wait for\n\n" + (__doc__ or "").split("\n\n")[2].strip() + "\n\n"
        Path(given.out).write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
