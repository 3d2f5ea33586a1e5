"""What a record says of where it was made: software, linear algebra, processor, every option."""

from __future__ import annotations

import getpass
import json
import math
import os
import platform
import re
import socket
import subprocess
import sys
import time
from dataclasses import fields
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info

import detcount as dc
from detcount import abundance, releases, stock
from detcount.calibration import known_bank
from detcount.errors import InputError
from detcount.estimates.origin import provenance
from detcount.specification import specification, written_out


@pytest.fixture(scope="module")
def table():
    return dc.datasets.load("kosovo")


def texts(value):
    """Every text in a record, names of keys too."""
    if isinstance(value, dict):
        for key, inside in value.items():
            yield str(key)
            yield from texts(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from texts(inside)
    elif isinstance(value, str):
        yield value


def test_versions_are_those_that_are_installed(table):
    record = abundance.Chapman().fit(table.keep(["EXH", "ABA"])).record()
    said = record["versions"]
    assert said.pop("python") == platform.python_version()
    assert set(said) >= {"detcount", "numpy", "scipy", "pandas", "threadpoolctl", "joblib"}
    assert said == {name: metadata.version(name) for name in said}
    assert record["platform"] == f"{platform.system()} {platform.machine()}"


def test_a_library_is_named_once_it_is_used():
    script = (
        "import sys, detcount.estimates as e\n"
        "before = e.provenance()['versions']\n"
        "import openpyxl\n"
        "print('openpyxl' in before, 'openpyxl' in e.provenance()['versions'])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "True"]


def test_linear_algebra_and_processor_are_what_runs_here():
    import scipy.linalg  # noqa: F401

    said = provenance()
    loaded = {
        (one["internal_api"], one["version"], one.get("architecture"))
        for one in threadpool_info()
        if one["user_api"] == "blas"
    }
    assert {(one["name"], one["version"], one["architecture"]) for one in said["blas"]} == loaded
    assert len(said["blas"]) == len(loaded)
    found = np.show_config(mode="dicts")["SIMD Extensions"]
    assert set(said["cpu"]["features"]) == {*found["baseline"], *found["found"]}
    assert said["cpu"]["machine"] == platform.machine()


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the kernel of another processor is asked for")
def test_another_kernel_is_said():
    script = "import json, detcount.estimates as e; print(json.dumps(e.provenance()))"
    asked = os.environ | {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL"}
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=asked
    )
    said = json.loads(ran.stdout)
    if not said["blas"] or said["blas"][0]["name"] != "openblas":
        pytest.skip("no OpenBLAS here")
    assert {one["architecture"] for one in said["blas"]} == {"Haswell"}
    assert "X86_V4" not in said["cpu"]["features"]


def test_where_it_was_made_costs_next_to_nothing():
    provenance()
    start = time.process_time()
    for _ in range(50):
        provenance()
    assert (time.process_time() - start) / 50 < 0.002


def test_no_path_and_no_name_of_machine_or_user(table):
    records = [
        dc.assess(table, families=["chao", "calibrated"]).record(),
        dc.assess(table, families=["chao"]).record(disclosure="public"),
        abundance.LogLinear().fit(table).record(),
    ]
    names = {
        getpass.getuser(),
        socket.gethostname(),
        socket.getfqdn(),
        str(Path.home()),
        os.getcwd(),
        sys.prefix,
    }
    for record in records:
        for text in texts(record):
            assert not any(name in text for name in names if len(name) > 3), text
            assert not re.search(r"(^|\s)(/\w|[A-Za-z]:\\|\\\\|file:)|0x[0-9a-f]{6}", text), text


def every_specification():
    """Each that can be made without being told anything, and some that have others inside."""
    made = [
        abundance.IdentifiedBy(prior=abundance.UniformN(most_unobserved=900)),
        abundance.SelectedLogLinear(interval=abundance.PercentileBootstrap(n_resamples=770)),
        abundance.ElicitedLogNormal(median=40.0, upper90=200.0),
        dc.Calibrated(base=(abundance.LogLinear(), abundance.ChaoLowerBound())),
    ]
    for room in (abundance, releases, stock):
        for name in room.__all__:
            kind = getattr(room, name)
            if isinstance(kind, type) and getattr(kind, "__repr__", None).__name__ == "_repr":
                try:
                    made.append(kind())
                except TypeError:
                    continue
    return made


def test_every_option_is_written_out_with_its_value():
    found = every_specification()
    assert len(found) > 40
    for one in found:
        said = json.loads(json.dumps(written_out(one), allow_nan=False))
        assert said["name"] == type(one).__name__
        assert list(said["options"]) == [field.name for field in fields(one)]
        for name, value in said["options"].items():
            held = getattr(one, name)
            if isinstance(held, (int, float, str)) and held not in (math.inf, -math.inf):
                assert value == held
            elif isinstance(held, tuple):
                assert len(value) == len(held)
            elif held is not None:
                assert value["name"] == type(held).__name__


def test_a_default_stands_there_by_itself(table):
    record = abundance.SelectedLogLinear().fit(table, seed=1).record()
    assert record["estimator"] == "SelectedLogLinear()"
    assert record["specification"] == {
        "name": "SelectedLogLinear",
        "options": {
            "criterion": "bic",
            "n_top": None,
            "max_order": None,
            "interval": {"name": "BCaBootstrap", "options": {"n_resamples": 1000}},
        },
    }


def test_what_is_neither_plain_nor_a_specification_is_its_class_alone():
    @specification
    class Odd:
        limit: float = math.inf
        size: Any = np.int64(3)
        thing: Any = object()

    assert written_out(Odd())["options"] == {"limit": "inf", "size": 3, "thing": {"name": "object"}}
    assert written_out(dc.Calibrated(bank=known_bank()))["options"]["bank"] == {"name": "Bank"}


def test_an_edited_option_is_found_out_and_an_older_record_without_them_is_not_blamed(table):
    record = abundance.LogLinear().fit(table).record()
    record["specification"]["options"]["interval"]["name"] = "ProfileLikelihood"
    made = dc.reproduce(record, table)
    assert [value.name for value in made.different] == ["specification / options / interval / name"]
    for name in ("specification", "cpu", "blas"):
        del record[name]
    assert dc.reproduce(record, table).agrees


def test_records_of_a_path_and_of_releases_have_their_options():
    for kind, name in ((releases.AnnouncedBatches, "verification"), (stock.IntegratedStock, "coverage")):
        assert name in written_out(kind())["options"]


def test_the_record_of_an_estimate_does_not_ask_for_the_order_of_lists(table):
    record = abundance.LogLinear(interactions=(("EXH", "OSCE"),)).fit(table).record()
    for turned in (table.keep(table.lists[::-1]), table.keep(sorted(table.lists))):
        made = dc.reproduce(record, turned)
        assert made.counts["same"] == len(made.values)
    with pytest.raises(InputError, match="SHA-256 begins with"):
        dc.reproduce(record, table.keep(table.lists[:3]))


def test_a_digest_is_of_the_persons_and_not_of_their_order():
    rng = np.random.default_rng(11)
    names = ["b", "a", "c"]
    rows = rng.integers(0, 2, size=(60, 3))
    rows = rows[rows.any(axis=1)]
    first = dc.CaptureTable.from_frame({name: rows[:, k] for k, name in enumerate(names)}, lists=names)
    turned = rows[rng.permutation(len(rows))]
    second = dc.CaptureTable.from_frame({name: turned[:, k] for k, name in enumerate(names)}, lists=names)
    assert first.digest == second.digest
    changed = turned.copy()
    changed[0] = 1 - changed[0] if (1 - changed[0]).any() else [1, 0, 1]
    other = dc.CaptureTable.from_frame({name: changed[:, k] for k, name in enumerate(names)}, lists=names)
    assert other.digest != first.digest
