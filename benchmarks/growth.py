"""How what users wait for grows with lists, persons, strata, draws and rows: exponents, or factors a list.

    OMP_NUM_THREADS=1 python benchmarks/growth.py            # writes benchmarks/results/growth.md

Invented lists of two kinds of persons; three tables in each figure of a number of lists. CPU seconds of
one thread, the least of two runs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import tabulate
from performance import four_lists, read, spent, stratified

if TYPE_CHECKING:
    from detcount import CaptureTable
    from detcount.estimates import Estimator

RESULTS = Path(__file__).parent / "results" / "growth.md"


def marked(n_rows: int) -> Callable[[], object]:
    """Count rows of marks."""
    frame, _ = tabulate.make_frame("pandas", "bool", n_rows)
    return lambda: read("pandas", frame)


def growth() -> list[str]:
    """How CPU seconds grow with lists, persons, strata and draws: exponents, or factors a list."""
    from detcount import abundance

    few = abundance.BCaBootstrap(n_resamples=200)
    lines = ["| what | sizes | CPU s | growth |", "|:---|:---|:---|:---|"]

    def measure(
        what: str, sizes: list[int], prepared: Callable[[int], Callable[[], object]], *, a_list: bool = False
    ) -> None:
        works = [prepared(size) for size in sizes]
        seconds = [min(spent(work, wall=False) for _ in range(2)) for work in works]
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
    measure("rows of marks, by rows", [10**5, 10**6, 10**7], marked)
    measure("ChaoLowerBound, by strata", [100, 1000, 4000], lambda n: stratified("ChaoLowerBound", n))
    return lines


def main() -> None:
    """Measure and write the table."""
    head = "# How it grows\n\n" + " ".join((__doc__ or "").split("\n\n")[2].split()) + "\n\n"
    RESULTS.write_text(head + "\n".join(growth()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
