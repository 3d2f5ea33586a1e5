"""The benchmark of cover: populations as they are said to be, every estimator in its table, sums by hand."""

import inspect
import math

import pytest

from cases import rows_in
from detcount import abundance
from scripts import loaded

ROUNDED = 1e-4  # figures are rounded to four digits


@pytest.fixture(scope="module")
def benchmark():
    return loaded("benchmarks/coverage.py")


@pytest.fixture(scope="module")
def figures(benchmark):
    return rows_in(benchmark.FIGURES)


def estimator_names():
    values = {name: getattr(abundance, name) for name in abundance.__all__}
    return {
        name
        for name, value in values.items()
        if inspect.isclass(value)
        and callable(getattr(value, "fit", None))
        and {"table", "counts"} & {*inspect.signature(value.fit).parameters}
    }


def test_every_estimator_is_held_to_populations(benchmark):
    entries = (*benchmark.OF_LISTS, *benchmark.OF_COUNTS)
    there = {type(entry.estimator).__name__ for entry in entries}
    # a random sample is held to populations of its own, in benchmarks/anchored.py
    assert there == (estimator_names() - {"Anchored"}) | {"Calibrated"}


def test_what_is_stored_has_every_estimator_in_every_setting_that_it_takes(benchmark, figures):
    expected = {
        ("lists", mechanism, name, repr(entry.estimator))
        for mechanism in benchmark.MECHANISMS
        for name, n_lists, persons, _ in benchmark.SETTINGS
        for entry in benchmark.OF_LISTS
        if entry.lists[0] <= n_lists <= entry.lists[1] and persons <= entry.most_persons
    } | {
        ("counts", family, setting[0], repr(entry.estimator))
        for family in benchmark.COUNTS
        for setting in benchmark.COUNT_SETTINGS
        for entry in benchmark.OF_COUNTS
    }
    stored = {
        (row["kind"], row["mechanism"], row["setting"], row["estimator"])
        for row in figures
        if row["setting"] != "all"
    }
    assert stored == expected
    populations = {repr(entry.estimator): entry.populations for entry in benchmark.OF_LISTS}
    for row in figures:
        if row["kind"] == "lists" and row["setting"] != "all":
            assert int(row["populations"]) == populations[row["estimator"]]


def test_the_pages_are_made_of_what_is_stored(benchmark, figures):
    assert benchmark.long_report(figures) in benchmark.RESULTS.read_text(encoding="utf-8")
    assert benchmark.short_report(figures) in benchmark.PAGE.read_text(encoding="utf-8")


def test_figures_by_hand(benchmark):
    outcomes = [
        benchmark.Outcome(((90, 110), (80, 120), (50, 200)), 99.0, 100),
        benchmark.Outcome(((101, 110), (90, 120), (80, 160)), 105.0, 100),
        benchmark.Outcome(((130, 140), (120, 150), (110, math.inf)), 135.0, 100),
        benchmark.Outcome((), math.nan, 100),
    ]
    row = benchmark.row_of(outcomes)
    assert (row["populations"], row["answered"]) == (4, 3)
    assert [row[f"cover {level:g}"] for level in (0.5, 0.8, 0.95)] == pytest.approx(
        [1 / 3, 2 / 3, 2 / 3], abs=ROUNDED
    )
    assert row["median width"] == pytest.approx(math.log(4), abs=ROUNDED)
    assert row["median bias"] == pytest.approx(math.log(1.05), abs=ROUNDED)
    none = benchmark.row_of(outcomes[-1:])
    assert (none["answered"], none["cover 0.95"]) == (0, "")
    assert benchmark.error_of(0.75, 12) == pytest.approx(0.125)
    assert benchmark.error_of(1.0, 9) == pytest.approx(0.1)
