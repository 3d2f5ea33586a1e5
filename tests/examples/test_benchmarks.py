"""The benchmarks can be run: Python reads each file, and the two that users of results rely on measure."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
# A file is run under a name of its own, so that its last lines, which measure, wait. One process reads all.
READ = """
import json, runpy, sys, traceback
sys.path.insert(0, sys.argv[1])
broken = {}
for path in sys.argv[2:]:
    try:
        runpy.run_path(path, run_name="read")
    except BaseException:
        broken[path] = traceback.format_exc().splitlines()[-1]
print(json.dumps(broken))
"""


def files():
    return sorted(path for path in BENCHMARKS.glob("**/*.py") if path.name != "__init__.py")


def run(*words):
    environment = dict(os.environ, OMP_NUM_THREADS="1")
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def broken(*paths):
    """Files that Python cannot read to their end, and the last line of what it says."""
    found = json.loads(run("-W", "error", "-c", READ, str(BENCHMARKS), *map(str, paths)))
    return {Path(path).name: said for path, said in found.items()}


@pytest.mark.slow
def test_every_benchmark_can_be_read_and_one_that_asks_for_what_is_gone_is_found(tmp_path):
    gone = tmp_path / "gone.py"
    gone.write_text("from detcount import abundance\nabundance.NotThere\n", encoding="utf-8")
    assert len(files()) > 20
    found = broken(*files(), gone)
    assert "NotThere" in found.pop("gone.py", "")
    assert found == {}


@pytest.mark.slow
def test_the_benchmark_of_assess_measures_a_table():
    printed = run(str(BENCHMARKS / "assess.py"), "artificial_3", "--out", "-")
    assert re.search(r"artificial_3\D+\d", printed)


@pytest.mark.slow
def test_the_benchmark_of_what_users_wait_for_measures_a_row():
    printed = run(str(BENCHMARKS / "performance.py"), "first Calibrated", "--out", "-")
    assert re.search(r"first Calibrated\D+\d", printed)
