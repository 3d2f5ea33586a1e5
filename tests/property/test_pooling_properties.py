"""What holds for every pooled estimate, whatever the tables."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from detcount import CaptureTable
from detcount.abundance import Chapman
from detcount.pooling import pool

ROUNDED = 1e-9
HALF = 0.5  # of a person: what nobody unlisted counts as
LEVELS = (0.5, 0.8, 0.95, 0.99)


@st.composite
def several(draw):
    """Tables of two lists that overlap, each with persons on one list alone."""
    cells = st.tuples(*[st.integers(1, 80)] * 3)
    rows = draw(st.lists(cells, min_size=2, max_size=6))
    return [
        CaptureTable.from_counts(dict(zip(("10", "01", "11"), row, strict=True)), lists=["press", "families"])
        for row in rows
    ]


@settings(max_examples=30)
@given(tables=several(), random=st.randoms(use_true_random=False))
def test_the_order_of_tables_changes_no_bit(tables, random):
    shuffled = list(tables)
    random.shuffle(shuffled)
    one, other = pool(Chapman(), tables), pool(Chapman(), shuffled)
    assert one.point == other.point
    assert one.interval() == other.interval()
    assert one.digest == other.digest


@settings(max_examples=30)
@given(tables=several())
def test_the_point_lies_among_those_of_the_tables_and_within_nested_limits(tables):
    estimate = pool(Chapman(), tables)
    points = [Chapman().fit(table).point for table in tables]
    assert min(points) * (1 - ROUNDED) <= estimate.point <= max(points) * (1 + ROUNDED) + HALF
    assert estimate.n_observed == min(table.n_observed for table in tables)
    intervals = [estimate.interval(level) for level in LEVELS]
    for inner, outer in itertools.pairwise(intervals):
        assert outer.low <= inner.low <= inner.high <= outer.high
    assert intervals[0].low <= estimate.point * (1 + ROUNDED)
    assert intervals[0].high >= estimate.point * (1 - ROUNDED)
    assert intervals[-1].low >= estimate.n_observed
