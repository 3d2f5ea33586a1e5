"""The checks of arguments: what each takes, what it gives back, and what it says of the rest."""

import datetime as dt
import os

import numpy as np
import pandas as pd
import pytest

from detcount.contract import arguments


@pytest.mark.parametrize("value", [7, np.int64(7), np.uint8(7), 7.0, np.float64(7.0)])
def test_whole_numbers_of_every_library_are_int(value):
    for made in (arguments.seed(value), arguments.whole_number("n", value, least=7, most=7)):
        assert made == 7
        assert type(made) is int


AT = dt.datetime(2026, 1, 31, 23, 59, tzinfo=dt.UTC)
DAYS = [
    "2026-01-31",
    " 2026-01-31T10:00 ",
    AT.date(),
    AT,
    np.datetime64("2026-01-31T12:00"),
    pd.Timestamp(AT),
]


@pytest.mark.parametrize("value", DAYS)
def test_a_day_is_read_from_whatever_holds_one(value):
    made = arguments.day("start", value)
    assert (made, type(made)) == (AT.date(), dt.date)


def test_names_levels_and_workers_come_back_as_plain_python():
    assert arguments.different_names("roles", ["verified", "reported"]) == ("verified", "reported")
    assert type(arguments.level(np.float32(0.5))) is float
    given = [None, 1, np.int64(2), -1, 4 * (os.cpu_count() or 1)]
    assert [arguments.workers(value) for value in given] == given
