"""Tests that look at the same fits run in one process, whatever else runs beside them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
KEEPERS = ("shown_examples", "stock_assessed", "assessed")
FILES = {
    "unit/test_a.py": "from assessed import fits",
    "unit/test_b.py": "import os",
    "property/test_c.py": "from assessed import fits",
    "test_d.py": "from shown_examples import fits",
    "test_e.py": "from assessed import fits",
    "report/test_f.py": "from shown_examples import fits",
}


def who_ran(folder, dist):
    """Processes that ran the tests of each file."""
    (folder / "pytest.ini").write_text("[pytest]\npythonpath = tests\n", encoding="utf-8")
    for name in KEEPERS:
        (folder / "tests").mkdir(exist_ok=True)
        (folder / "tests" / f"{name}.py").write_text("fits = {}\n", encoding="utf-8")
    shutil.copy(TESTS / "conftest.py", folder / "tests")
    for name, first in FILES.items():
        path = folder / "tests" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            f"{first}\nimport os, pathlib, pytest\n"
            "@pytest.mark.parametrize('k', range(6))\n"
            "def test(k):\n"
            f"    with open({str(folder / 'ran')!r}, 'a') as file:\n"
            f"        print({name!r}, os.environ['PYTEST_XDIST_WORKER'], file=file)\n",
            encoding="utf-8",
        )
    command = [sys.executable, "-m", "pytest", "-q", "-n", "3", f"--dist={dist}", "-p", "no:cacheprovider"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, check=False)
    assert "36 passed" in done.stdout, done.stdout + done.stderr
    ran = {name: set() for name in FILES}
    for line in (folder / "ran").read_text(encoding="utf-8").splitlines():
        name, worker = line.split()
        ran[name].add(worker)
    return ran


def test_files_that_share_fits_run_in_one_process(tmp_path):
    pytest.importorskip("xdist")
    ran = who_ran(tmp_path, "loadfile")
    assert all(len(workers) == 1 for workers in ran.values())
    assert ran["unit/test_a.py"] == ran["property/test_c.py"] == ran["test_e.py"]
    assert ran["test_d.py"] == ran["report/test_f.py"]
    assert len(set().union(*ran.values())) > 1


def test_another_way_to_spread_tests_stays_as_it_is(tmp_path):
    pytest.importorskip("xdist")
    ran = who_ran(tmp_path, "load")
    assert any(len(workers) > 1 for workers in ran.values())


def test_every_file_that_shares_fits_says_so_where_the_scheduler_looks():
    from conftest import _shared_by

    uses = re.compile(rf"^\s*(?:from|import) ({'|'.join(KEEPERS)})\b", re.MULTILINE)
    sharing = {}
    for path in TESTS.rglob("test_*.py"):
        found = uses.search(path.read_text(encoding="utf-8"))
        if found:
            sharing[path.relative_to(TESTS.parent).as_posix()] = found.group(1)
    assert set(sharing.values()) == set(KEEPERS)
    assert {name: _shared_by(name) for name in sharing} == sharing
    assert _shared_by("tests/unit/test_scheduler.py") == "tests/unit/test_scheduler.py"
