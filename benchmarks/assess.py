"""What `assess` costs on the tables that ship: CPU seconds by family, and peak memory.

    OMP_NUM_THREADS=1 python benchmarks/assess.py                  # writes benchmarks/results/assess.md
    OMP_NUM_THREADS=1 python benchmarks/assess.py kosovo neworl --out -

Each table has a process of its own, which gives its peak memory. Figures are CPU seconds of one thread,
imports paid before. The unit of the ratio is the baseline of the same process: a plain loop of 300 Newton
fits of independent lists in numpy, one at a time, the least of some runs. Ratios can be compared between
machines and days, seconds cannot.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

RESULTS = Path(__file__).parent / "results" / "assess.md"
N_FITS = 300
N_STEPS = 8
N_RUNS = 5
SINCE = ("peru_", "oud_", "cottontails", "pwid_hcv_scotland", "sudan_deaths")  # 20 tables, most of them small
PARTS = ("without each list", "wrong entries", "the rest")


def main() -> None:
    """Measure the tables and write the results."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tables", nargs="*", help="tables to assess; 29 without it")
    parser.add_argument("--out", default=str(RESULTS), help="file to write, or - for the screen alone")
    parser.add_argument("--without", default="", help="key of a family to leave out, such as 'latent class'")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        sys.stdout.write(json.dumps(measured(arguments.tables[0], arguments.without)))
        return
    rows = [in_a_process(name, arguments.without) for name in arguments.tables or capture_tables()]
    text = report(rows, arguments.without)
    sys.stdout.write(text)
    if arguments.out != "-":
        Path(arguments.out).write_text(text, encoding="utf-8")


def capture_tables() -> list[str]:
    """Names of the 29 tables of persons on lists that the first versions shipped."""
    from detcount import CaptureTable, datasets

    names = [name for name in datasets.names() if isinstance(datasets.load(name), CaptureTable)]
    return [name for name in names if not name.startswith(SINCE)]


def in_a_process(name: str, without: str) -> dict[str, Any]:
    """Measure one table in a new process."""
    done = subprocess.run(
        [sys.executable, __file__, name, "--child", "--without", without],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=dict(os.environ, OMP_NUM_THREADS="1"),
    )
    row: dict[str, Any] = json.loads(done.stdout)
    sys.stderr.write(f"{name}: {row['total']:.2f} CPU s, {row['memory']:.0f} MB\n")
    return row


def measured(name: str, without: str) -> dict[str, Any]:
    """CPU seconds of each part of `assess` on a table, and the peak memory of the process, MB."""
    import detcount
    from detcount import datasets
    from detcount.assessment.abundance import assessing, families

    table = datasets.load(name)
    detcount.abundance.Chapman().fit(datasets.load("kosovo").keep(["EXH", "ABA"]))  # imports
    unit = baseline()
    seconds: dict[str, float] = defaultdict(float)

    def timed(function: Callable[..., Any], part: Callable[..., str]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            start = time.process_time()
            answer = function(*given, **named)
            seconds[part(*given)] += time.process_time() - start
            return answer

        return run

    families._answer = timed(families._answer, lambda *given: given[-1])
    assessing.without_each_list = timed(assessing.without_each_list, lambda *_: PARTS[0])
    assessing.wrong_entries_of = timed(assessing.wrong_entries_of, lambda *_: PARTS[1])
    start = time.process_time()
    assessment = assessing.assess(
        table, families=[family.key for family in families.FAMILIES if family.key != without]
    )
    total = time.process_time() - start
    seconds[PARTS[2]] = total - sum(seconds.values())
    return {
        "name": name,
        "lists": table.n_lists,
        "listed": table.n_observed,
        "verdict": assessment.verdict,
        "answers": len(assessment.estimates),
        "declined": len(assessment.declined),
        "seconds": dict(seconds),
        "total": total,
        "unit": unit,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def newton_fits() -> Callable[[], None]:
    """A plain loop of Newton fits of independent lists, nothing of the library in it."""
    codes = np.arange(1, 16)
    design = np.column_stack([np.ones(15), *((codes >> k & 1) for k in range(4))]).astype(float)
    counts = np.random.default_rng(0).poisson(40.0, (N_FITS, 15)).astype(float)

    def loop() -> None:
        for cells in counts:
            theta = np.linalg.lstsq(design, np.log(cells + 0.5), rcond=None)[0]
            for _ in range(N_STEPS):
                means = np.exp(design @ theta)
                theta = theta + np.linalg.solve(design.T * means @ design, design.T @ (cells - means))

    return loop


def baseline() -> float:
    """CPU seconds of the plain loop, the least of some runs."""
    loop = newton_fits()
    times = []
    for _ in range(N_RUNS):
        start = time.process_time()
        loop()
        times.append(time.process_time() - start)
    return min(times)


def report(rows: list[dict[str, Any]], without: str) -> str:
    """Both tables in Markdown."""
    lines = [
        "# What `assess` costs",
        "",
        f"Written by `benchmarks/assess.py`{f', without {without}' if without else ''}. "
        + " ".join((__doc__ or "").split("\n\n")[2].split()),
        "",
        "| table | lists | listed | verdict | answer | CPU s | in units | peak MB |",
        "|:---|---:|---:|:---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row['name']} | {row['lists']} | {row['listed']:,} | {row['verdict']} | {row['answers']} of "
        f"{row['answers'] + row['declined']} | {row['total']:.2f} | {row['total'] / row['unit']:,.0f} | "
        f"{row['memory']:,.0f} |"
        for row in rows
    ]
    total = sum(row["total"] for row in rows)
    units = sum(row["total"] / row["unit"] for row in rows)
    most = max(row["memory"] for row in rows)
    lines.append(f"| all {len(rows)} | | | | | {total:.1f} | {units:,.0f} | {most:,.0f} |")
    lines += ["", "| part | CPU s, all tables | share | most on one table |", "|:---|---:|---:|:---|"]
    parts: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for row in rows:
        for part, seconds in row["seconds"].items():
            parts[part].append((seconds, row["name"]))
    for part in sorted(parts, key=lambda part: -sum(seconds for seconds, _ in parts[part])):
        spent = sum(seconds for seconds, _ in parts[part])
        longest, name = max(parts[part])
        lines.append(f"| {part} | {spent:.2f} | {spent / total:.0%} | {longest:.2f} ({name}) |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
