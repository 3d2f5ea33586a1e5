"""What `assess` of each shipped table costs, counted in work: a budget that holds within a factor of two.

Work is counted as systems of equations solved and exponentials taken, which are the same on every machine
and day; seconds are not. Latent classes draw at random until their chains agree, and have tests of their
own. ``DETCOUNT_WRITE_WORK=1 pytest -n 0 tests/simulation/test_work_of_assess.py`` writes the budget anew.
"""

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from detcount import CaptureTable, assess, datasets
from detcount.abundance.selection import ranking
from detcount.assessment.abundance.families import FAMILIES

BUDGET = Path(__file__).parent / "data" / "work_of_assess.csv"
WRITE = bool(os.environ.get("DETCOUNT_WRITE_WORK"))
WITHIN = 2.0
SOLVERS = ("solve", "inv", "eigh", "cholesky", "slogdet")
FAMILY_KEYS = [family.key for family in FAMILIES if family.key != "latent class"]
FIELDS = ("table", "systems", "exponentials")


def capture_tables():
    return [name for name in datasets.names() if isinstance(datasets.load(name), CaptureTable)]


def work_of(table, monkeypatch):
    spent = {"systems": 0, "exponentials": 0}

    def counted(function, kind, size):
        def run(first, *rest, **named):
            spent[kind] += size(first)
            return function(first, *rest, **named)

        return run

    ranking._fitted.cache_clear()
    with monkeypatch.context() as patch:
        for name in SOLVERS:
            solver = getattr(np.linalg, name)
            patch.setattr(np.linalg, name, counted(solver, "systems", lambda a: int(np.prod(a.shape[:-2]))))
        patch.setattr(np, "exp", counted(np.exp, "exponentials", lambda x: int(np.size(x))))
        assess(table, families=FAMILY_KEYS)
    return spent


def budget():
    with BUDGET.open(encoding="utf-8", newline="") as file:
        return {row["table"]: {name: int(row[name]) for name in FIELDS[1:]} for row in csv.DictReader(file)}


@pytest.mark.slow
@pytest.mark.skipif(WRITE, reason="the budget is being written")
@pytest.mark.parametrize("name", capture_tables())
def test_an_assessment_keeps_to_its_budget(name, monkeypatch):
    spent, allowed = work_of(datasets.load(name), monkeypatch), budget()[name]
    for kind, most in allowed.items():
        assert spent[kind] <= WITHIN * most, f"{kind}: dearer than it was"
        assert spent[kind] >= most / WITHIN, f"{kind}: cheaper than it was, so write the budget anew"


@pytest.mark.skipif(not WRITE, reason="only where the budget is written")
def test_write_the_budget(monkeypatch):
    rows = [{"table": name, **work_of(datasets.load(name), monkeypatch)} for name in capture_tables()]
    with BUDGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_every_shipped_table_has_a_budget():
    assert list(budget()) == capture_tables()
