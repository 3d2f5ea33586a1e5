"""What cannot be: each is refused when it is asked for, in the words stored, with what was expected.

The cases stand in `cases_of_options.json`; DETCOUNT_WRITE_GOLDEN=1 writes what is found again.
"""

import dataclasses
import datetime
import importlib
import io
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import detcount
from cases import capture_table, stored, tables, wanted
from detcount import Definition, PublishedReleases, abundance, privacy, simulate, stock, wrong_entries
from detcount.contract import arguments
from detcount.errors import InputError, NotEstimableError, error_text
from detcount.estimates import UncertainCount
from detcount.releases import MonitoredCases
from detcount.reproduction.reading import read_specification
from detcount.words import Message
from house import FACES
from invented_linkage import invented_linkage
from register_totals import totals
from templates import words_left

CASES = Path(__file__).with_name("cases_of_options.json")
STORED = stored(CASES)
PUBLIC = {name: getattr(face, name) for face in map(importlib.import_module, FACES) for name in face.__all__}
PUBLIC |= {name: getattr(detcount, name) for name in ("datasets", "diagnose", "pooling", "quality", "strata")}
PUBLIC |= {"arguments": arguments, "simulate": simulate, "stock": stock, "replace": dataclasses.replace}
PUBLIC |= {"np": np, "pd": pd, "pl": pl, "pa": pa, "io": io, "dt": datetime, "datetime": datetime}
PUBLIC |= {"array": np.array, "nan": np.nan, "inf": np.inf, "totals": totals}
PUBLIC |= {"privacy": privacy, "wrong_entries": wrong_entries, "Message": Message}
PUBLIC |= {"UncertainCount": UncertainCount, "read_specification": read_specification}

# what is asked of something that is fine

THREE, FEW = capture_table("three lists"), capture_table("few of three lists")
TWO, APART_LISTS = capture_table("two lists"), capture_table("two lists apart")
IMPUTED = {"press": [1, 0, 1, 1, 0], "court": [0, 1, 1, 0, 1], "sex": ["f", None, "m", "m", "f"]}
ROWS = {
    "press": [1, 0, 1, 1, 0, 1],
    "families": [0, 1, 1, 0, 1, 1],
    "place": ["north"] * 3 + ["south"] * 3,
    "persons": [40, 30, 20, 70, 32, 30],
}
ONE_RELEASE = {"release": ["2026-01-01"], "a": ["2026-01-02"], "b": [None]}
APART = {
    "release": ["2026-01-01"] * 4,
    "a": ["2026-01-02"] * 2 + [None] * 2,
    "b": [None] * 2 + ["2026-01-03"] * 2,
}


def monitored(frame, **options):
    return MonitoredCases.from_frame(frame, **{"monitors": ["a", "b"], "as_of": "2026-01-09", **options})


def counts(columns=()):
    row = tables("published")["row"] | {"published": ["2025-03-05", "2025-03-07", "2025-03-11"]}
    whole = {name: cells if isinstance(cells, list) else [cells] * 3 for name, cells in row.items()}
    return PublishedReleases.from_frame(whole | {"count": [40, 43, 55]} | dict(columns))


def of_whom(data, who="women", **words):
    return dataclasses.replace(data, definition=Definition(who=who, **{"unit": "person", **words}))


@cache
def linked():
    return invented_linkage(seed=3)


@cache
def graphs():
    return abundance.DecomposableGraphs().fit(THREE)


@cache
def system():
    return simulate.detention_system(n_days=120, seed=2)


def held():
    return system().people


@cache
def taken():
    return stock.snapshots(held(), held().latest_day - np.array([60, 30, 0]) * datetime.timedelta(1))


@cache
def path():
    return stock.series(abundance.LogLinear(), taken())


@cache
def record():
    families = ["chapman", "chao", "calibrated", "selected"]
    return detcount.assess(detcount.datasets.load("kosovo"), families=families).full().record()


@cache
def stock_record():
    return detcount.assess_stock(people=held()).full().record()


FINE = (monitored, counts, of_whom, linked, graphs, system, held, taken, path, record, stock_record)
PUBLIC |= {made.__name__: made for made in FINE}
TABLES = {"THREE": THREE, "FEW": FEW, "TWO": TWO, "APART_LISTS": APART_LISTS, "IMPUTED": IMPUTED}
PUBLIC |= TABLES | {"ROWS": ROWS, "ONE_RELEASE": ONE_RELEASE, "APART": APART}


@pytest.mark.parametrize("name", STORED)
def test_each_case_is_refused(name):
    with pytest.raises((InputError, TypeError, NotEstimableError)) as refused:
        eval(name, dict(PUBLIC))
    spanish = error_text(refused.value, "es")
    found = [type(refused.value).__name__, str(refused.value)]
    assert found == wanted(CASES, STORED, name, found)
    assert words_left(spanish, "es") <= {*STORED[name].get("names", ())}
