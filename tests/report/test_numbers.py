"""How reports write numbers in English and Spanish."""

import math

import pytest

from cases import tables
from detcount.reports import numbers

TABLES = tables("numbers")


@pytest.mark.parametrize(("write", "given", "options", "english", "spanish"), TABLES["numbers"])
def test_numbers_are_written_as_people_read_them(write, given, options, english, spanish):
    written = getattr(numbers, write)(*given, **options)
    assert written == english
    assert written.translated("es") == spanish


@pytest.mark.parametrize(
    ("low", "high", "floor", "printed"),
    [
        (381.0, 425.4, 0, (380, 430)),
        (567.2, 2403.0, 0, (560, 2500)),
        (115.2, math.inf, 120, (120, math.inf)),
    ],
)
def test_limits_are_rounded_once(low, high, floor, printed):
    once = numbers.printed_limits(low, high, floor)
    assert once == printed
    assert numbers.printed_limits(*once, floor) == printed
