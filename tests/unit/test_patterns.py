"""Bit codes of capture histories."""

import numpy as np
import pytest

from detcount._numerics.patterns import (
    pack,
    pack_columns,
    tabulate_groups,
)


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
