"""What a record says of where it was made: software, linear algebra, processor, every option."""

import getpass
import json
import math
import os
import platform
import re
import socket
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info

import detcount as dc
from detcount import abundance, releases, stock
from detcount.estimates.result import provenance
from detcount.specification import written_out


@pytest.fixture(scope="module")
def table():
    return dc.datasets.load("kosovo")


def texts(value):
    if isinstance(value, dict):
        for key, inside in value.items():
            yield str(key)
            yield from texts(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from texts(inside)
    elif isinstance(value, str):
        yield value


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


def test_an_edited_option_is_found_out_and_an_older_record_without_them_is_not_blamed(table):
    record = abundance.LogLinear().fit(table).record()
    record["specification"]["options"]["interval"]["name"] = "ProfileLikelihood"
    made = dc.reproduce(record, table)
    assert [value.name for value in made.different] == ["specification / options / interval / name"]
    for name in ("specification", "cpu", "blas"):
        del record[name]
    assert dc.reproduce(record, table).agrees
