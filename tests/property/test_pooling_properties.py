"""What holds for every pooled estimate, whatever the tables."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detcount import CaptureTable
from detcount.abundance import Chapman
from detcount.pooling import pool

ROUNDED = 1e-9
HALF = 0.5  # of a person: what nobody unlisted counts as
LEVELS = (0.5, 0.8, 0.95, 0.99)
WAYS = ("rubin", "rubin-n", "verdata")


@st.composite
def several(draw):
    """Tables of two lists that overlap, each with persons on one list alone."""
    cells = st.tuples(*[st.integers(1, 80)] * 3)
    rows = draw(st.lists(cells, min_size=2, max_size=6))
    return [
        CaptureTable.from_counts(dict(zip(("10", "01", "11"), row, strict=True)), lists=["press", "families"])
        for row in rows
    ]


@pytest.mark.parametrize("combine", WAYS)
@settings(max_examples=30)
@given(tables=several(), random=st.randoms(use_true_random=False))
def test_the_order_of_tables_changes_no_bit(combine, tables, random):
    shuffled = list(tables)
    random.shuffle(shuffled)
    one, other = pool(Chapman(), tables, combine=combine), pool(Chapman(), shuffled, combine=combine)
    assert one.point == other.point
    assert one.interval() == other.interval()
    assert one.digest == other.digest


@pytest.mark.parametrize("combine", WAYS)
@settings(max_examples=30)
@given(tables=several())
def test_the_point_lies_among_those_of_the_tables_and_within_nested_limits(combine, tables):
    estimate = pool(Chapman(), tables, combine=combine)
    points = [Chapman().fit(table).point for table in tables]
    assert min(points) * (1 - ROUNDED) <= estimate.point <= max(points) * (1 + ROUNDED) + HALF
    assert estimate.n_observed == min(table.n_observed for table in tables)
    intervals = [estimate.interval(level) for level in LEVELS]
    for inner, outer in itertools.pairwise(intervals):
        assert outer.low <= inner.low <= inner.high <= outer.high
    if combine != "verdata":  # its point is a mean of persons and its limits are of logarithms
        assert intervals[0].low <= estimate.point * (1 + ROUNDED)
        assert intervals[0].high >= estimate.point * (1 - ROUNDED)
    assert intervals[-1].low >= estimate.n_observed


@settings(max_examples=30)
@given(tables=several())
def test_the_standard_error_is_at_least_the_mean_of_those_of_the_tables(tables):
    widths = [Chapman().fit(table).standard_error for table in tables]
    root_mean_square = (sum(width**2 for width in widths) / len(widths)) ** 0.5
    assert pool(Chapman(), tables, combine="rubin-n").standard_error >= root_mean_square * (1 - ROUNDED)
