"""The checks of arguments: what each takes, what it gives back, and what it says of the rest."""

import datetime as dt
import os

import numpy as np
import pandas as pd
import pytest

from detcount import arguments


@pytest.mark.parametrize("value", [7, np.int64(7), np.uint8(7), 7.0, np.float64(7.0)])
def test_whole_numbers_of_every_library_are_int(value):
    for made in (arguments.seed(value), arguments.whole_number("n", value, least=7, most=7)):
        assert made == 7
        assert type(made) is int


def test_a_level_is_a_number_between_0_and_1():
    level = arguments.level(np.float32(0.5))
    assert level == 0.5
    assert type(level) is float


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-31",
        " 2026-01-31T10:00 ",
        dt.date(2026, 1, 31),
        dt.datetime(2026, 1, 31, 23, 59, tzinfo=dt.UTC),
        np.datetime64("2026-01-31T12:00"),
        pd.Timestamp("2026-01-31 08:00"),
    ],
)
def test_a_day_is_read_from_whatever_holds_one(value):
    assert arguments.day("start", value) == dt.date(2026, 1, 31)
    assert type(arguments.day("start", value)) is dt.date


def test_different_names():
    assert arguments.different_names("roles", ["verified", "reported"]) == ("verified", "reported")


def test_workers_are_counted_as_joblib_does():
    given = [None, 1, np.int64(2), -1, 4 * (os.cpu_count() or 1)]
    assert [arguments.workers(value) for value in given] == given
