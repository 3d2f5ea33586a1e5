"""Importing the library is quick, and leaves the heavy libraries for whoever needs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys

LIMIT = 0.5  # seconds of CPU; stated in the documentation
HEAVY = (
    "IPython",
    "joblib",
    "matplotlib",
    "narwhals",
    "numba",
    "pandas",
    "polars",
    "pyarrow",
    "scipy.optimize",
    "scipy.stats",
    "statsmodels",
    "tqdm",
)
N_RUNS = 3  # the first may have to compile, and others share the machine: the quickest counts

PROGRAM = """
import json, sys, time
start = time.process_time()
import {module}
if {module!r} == "detcount":
    [getattr(detcount, name) for name in detcount.__all__]
print(json.dumps([time.process_time() - start, sorted(sys.modules)]))
"""


def run(module: str) -> tuple[float, list[str]]:
    environment = dict(os.environ, OMP_NUM_THREADS="1")
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed library is compiled once
    for name in [name for name in environment if name.startswith("COV_CORE")]:
        del environment[name]  # coverage in a child would be measured as well
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(module=module)],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    seconds, modules = json.loads(done.stdout)
    return seconds, modules


def test_import_takes_less_than_half_a_second() -> None:
    assert min(run("detcount")[0] for _ in range(N_RUNS)) < LIMIT


def test_heavy_libraries_wait() -> None:
    for module in ("detcount", "detcount.cli", "detcount.io"):
        assert sorted(set(HEAVY) & set(run(module)[1])) == [], module
