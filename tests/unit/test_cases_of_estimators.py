"""What estimators answer, note and decline on small tables, number by number and word for word.

The cases stand in `cases_of_estimators.json`; numbers from outside are in `tests/reference` and beside
each formula. After a change that is meant, write what is found again and read the difference:

    DETCOUNT_WRITE_GOLDEN=1 python -m pytest tests/unit/test_cases_of_estimators.py
"""

import dataclasses
import warnings
from pathlib import Path

import numpy as np
import pytest

from cases import stored, wanted
from detcount import CaptureTable, RepeatedCounts, abundance
from detcount.errors import InputError, NotEstimableError
from near import apart, words

CASES = Path(__file__).with_name("cases_of_estimators.json")
STORED = stored(CASES)
EXACT = 1e-7  # limits of a profile are searched for, to eight digits


def data_of(case):
    if "lists" in case:
        return CaptureTable.from_counts(case["counts"], lists=case["lists"])
    return RepeatedCounts.from_frequencies({int(times): n for times, n in case["counts"].items()})


def plain(value):
    """Numbers as text of ten digits; long arrays by their size alone."""
    if isinstance(value, float | np.floating):
        return f"{round(float(value), 9):.10g}"
    if isinstance(value, np.ndarray):
        return plain(value.tolist()) if value.size <= 20 else f"array of {value.shape}"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return f"({plain({one.name: getattr(value, one.name) for one in dataclasses.fields(value)})})"
    if isinstance(value, dict):
        return ", ".join(f"{name}: {plain(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return f"({', '.join(map(plain, value))})"
    return str(value)


def found_of(case):
    """What an estimator answers, or why it declines, line by line."""
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            estimate = eval(case["estimator"], vars(abundance)).fit(data_of(case), seed=case.get("seed", 0))
    except NotEstimableError as declined:
        said = (declined.reason, declined.remedy, declined.advice)
        return [*map(str, said), *(one.translated("es") for one in said[::2])]
    except InputError as refused:
        return [str(refused)]
    interval = estimate.interval()
    lines = [
        f"{plain(estimate.point)} persons, standard error {plain(estimate.standard_error)}",
        f"{plain(interval.low)} to {plain(interval.high)}, {interval.method}",
        f"80%: {plain(estimate.interval(0.8).low)} to {plain(estimate.interval(0.8).high)}",
        f"assumes {', '.join(one.name for one in estimate.assumptions)}",
    ]
    if estimate.detail is not None:
        fields = dataclasses.fields(estimate.detail)
        lines += [f"{one.name}: {plain(getattr(estimate.detail, one.name))}" for one in fields]
    return [*lines, *map(str, estimate.notes), *(str(one.message) for one in caught)]


@pytest.mark.parametrize("name", STORED)
def test_each_case_has_its_answer(name):
    lines = found_of(STORED[name])
    found, kept = "\n".join(lines), "\n".join(wanted(CASES, STORED, name, lines))
    assert words(found) == words(kept)
    assert apart(found, kept, None if "sampled" in STORED[name] else EXACT) == []
