"""Bit codes of capture histories."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detcount._numerics.patterns import (
    pack,
    pack_columns,
    superset_sums,
    tabulate,
    tabulate_groups,
    unpack,
)


def test_list_k_is_bit_k():
    histories = np.array([[1, 0, 0], [0, 1, 1], [1, 1, 1]], dtype=np.uint8)
    assert pack(histories).tolist() == [1, 6, 7]
    assert unpack(np.array([1, 6, 7], dtype=np.uint64), 3).tolist() == histories.tolist()


@given(
    st.integers(1, 60).flatmap(
        lambda k: st.tuples(st.just(k), st.lists(st.integers(0, 2**k - 1), max_size=20))
    )
)
def test_pack_undoes_unpack(case):
    n_lists, codes = case
    codes = np.array(codes, dtype=np.uint64)
    assert np.array_equal(pack(unpack(codes, n_lists)), codes)


@pytest.mark.parametrize("n_lists", [3, 20, 21, 60])  # 20 is the last that counts in a dense array
@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.uint8, np.bool_, np.float32])
def test_tabulate_agrees_with_numpy_unique(n_lists, dtype):
    rng = np.random.default_rng(n_lists)
    rows = (rng.random((3000, n_lists)) < np.linspace(0.05, 0.6, n_lists)).astype(dtype)
    parts = [pack_columns(list(rows[:1700].T)), pack_columns(list(rows[1700:].T))]
    codes, counts = tabulate(parts, n_lists)
    values, expected = np.unique(pack(rows.astype(np.uint8)), return_counts=True)
    assert np.array_equal(codes, values)
    assert np.array_equal(counts, expected)
    assert counts.dtype == np.int64


@pytest.mark.parametrize(("n_groups", "n_lists"), [(5, 3), (40, 9), (3, 21), (2, 60)])
def test_groups_are_tabulated_as_each_alone(n_groups, n_lists):
    rng = np.random.default_rng(n_lists)
    rows = (rng.random((3000, n_lists)) < np.linspace(0.05, 0.6, n_lists)).astype(np.uint8)
    groups = rng.integers(0, n_groups, 3000)
    which, codes, counts = tabulate_groups(groups, pack_columns(list(rows.T)), n_groups, n_lists)
    for group in range(n_groups):
        values, expected = np.unique(pack(rows[groups == group]), return_counts=True)
        assert np.array_equal(codes[which == group], values)
        assert np.array_equal(counts[which == group], expected)
    assert np.array_equal(which, np.sort(which))


@given(st.integers(1, 6), st.data())
def test_sums_over_supersets(n_lists, data):
    n_codes = 1 << n_lists
    values = np.array(data.draw(st.lists(st.integers(0, 9), min_size=n_codes, max_size=n_codes)), dtype=float)
    above = [sum(values[w] for w in range(n_codes) if w & theta == theta) for theta in range(n_codes)]
    assert superset_sums(values).tolist() == above
    stacked = np.stack([values, 2 * values])
    assert superset_sums(stacked).tolist() == [above, [2 * value for value in above]]
