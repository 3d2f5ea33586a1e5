"""Importing the library is quick, and leaves the heavy libraries for whoever needs them."""

import json
import os
import subprocess
import sys

import pytest

EVERYTHING = "[getattr(detcount, name) for name in detcount.__all__]"
# CPU of the package alone, of a table and the estimators, and of every public name, over that of numpy and
# scipy.special in the same run (0, 2.2 and 3.9 were measured)
LIMITS = {"": 0.5, "detcount.CaptureTable, detcount.abundance": 3.0, EVERYTHING: 5.5}
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
    "threadpoolctl",
    "tqdm",
)
N_RUNS = 5  # the first may have to compile, and others share the machine: one that is quick is enough

PROGRAM = """
import json, sys, time
start = time.process_time()
import {module}
{then}
print(json.dumps([time.process_time() - start, sorted(sys.modules)]))
"""


def run(module, then=""):
    environment = dict(os.environ, OMP_NUM_THREADS="1")
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed library is compiled once
    for name in [name for name in environment if name.startswith("COV_CORE")]:
        del environment[name]  # coverage in a child would be measured as well
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(module=module, then=then)],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    seconds, modules = json.loads(done.stdout)
    return seconds, modules


def over_numpy(then):
    """CPU of an import over that of numpy and scipy.special just after it, and the modules that came in."""
    seconds, modules = run("detcount", then)
    return seconds / run("numpy", "import scipy.special")[0], modules


@pytest.mark.parametrize(("then", "limit"), LIMITS.items(), ids=["package", "estimators", "every name"])
def test_import_is_quick(then, limit):
    tries = []
    while len(tries) < N_RUNS and (not tries or tries[-1][0] >= limit):
        tries.append(over_numpy(then))
    ratio, modules = tries[-1]
    assert ratio < limit, [one for one, _ in tries]
    assert sorted(set(HEAVY) & set(modules)) == []


def test_heavy_libraries_wait():
    for module in ("detcount.cli", "detcount.io"):
        assert sorted(set(HEAVY) & set(run(module)[1])) == [], module


def test_every_public_name_is_listed_before_it_is_imported():
    program = (
        "import detcount, sys; print(set(detcount.__all__) <= set(dir(detcount)), 'numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]
