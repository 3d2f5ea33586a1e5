"""Hypothesis strategies that every test file draws from.

`capture_tables` gives sparse tables, `count_tables` the frequencies of repeated naming, and `renamings`
a permutation of the lists with new names.
"""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from detcount import CaptureTable, RepeatedCounts
from detcount.errors import NotEstimableError

# names that sort, quote and accent differently from the order of the lists
NAMES = ("presó", "court", "a list", "ONG", "7", "familias", "count", "Ñandú")


@st.composite
def capture_tables(
    draw: DrawFn,
    min_lists: int = 2,
    max_lists: int = 5,
    *,
    max_count: int = 60,
    full: bool = False,
    min_count: int = 1,
) -> CaptureTable:
    """Tables of 2 to 5 lists; with `full` every history is seen, else about half of them are not."""
    n_lists = draw(st.integers(min_lists, max_lists))
    cells = st.integers(min_count, max_count)
    if not full:
        cells = st.one_of(st.just(0), cells)
    n_cells = (1 << n_lists) - 1
    if n_cells <= 31:
        counts = draw(st.lists(cells, min_size=n_cells, max_size=n_cells).filter(any))
        seen = {code: count for code, count in enumerate(counts, 1) if count}
    else:
        seen = draw(
            st.dictionaries(
                st.integers(1, n_cells), st.integers(min_count, max_count), min_size=1, max_size=30
            )
        )
    return table_of(seen, n_lists)


@st.composite
def count_tables(draw: DrawFn, max_times: int = 8, *, max_count: int = 80) -> RepeatedCounts:
    """How often one list names each person, up to `max_times`."""
    counts = draw(st.lists(st.integers(0, max_count), min_size=1, max_size=max_times).filter(any))
    return RepeatedCounts.from_frequencies(counts)


@st.composite
def renamings(draw: DrawFn, table: CaptureTable) -> CaptureTable:
    """The same persons with the lists in another order and under other names."""
    order = draw(st.permutations(range(table.n_lists)))
    names = tuple(f"list {letter}" for letter in "zyxwvutsrqponmlk"[: table.n_lists])
    return CaptureTable(names, table.histories[:, list(order)], table.counts)


def estimated(estimator: Any, data: Any, seed: int = 0) -> Any:
    """The estimate, or None where the data have no answer."""
    try:
        return estimator.fit(data, seed=seed)
    except NotEstimableError:
        return None


def table_of(seen: dict[int, int], n_lists: int) -> CaptureTable:
    """Table from counts by bit code; list k is bit k."""
    codes = np.array(sorted(seen), dtype=np.uint64)
    bits = np.arange(n_lists, dtype=np.uint64)
    histories = ((codes[:, None] >> bits) & np.uint64(1)).astype(np.uint8)
    names = NAMES[:n_lists] if n_lists <= len(NAMES) else tuple(f"list {k}" for k in range(n_lists))
    return CaptureTable(names, histories, np.array([seen[int(code)] for code in codes]))
