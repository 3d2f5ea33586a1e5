"""Places in arrays of 32 bits, as where pointers have as many, and of 64: the same counts, runs and pairs."""

import numpy as np
import pytest

from detcount._numerics.arrays import bincount, crossed, pairs_within, reduceat, repeat

KINDS = (np.int32, np.int64, np.uint64)
FAR = 70_000  # its square needs more than 32 bits


@pytest.mark.parametrize("kind", KINDS)
def test_places_of_any_width_are_taken_and_counts_have_64_bits(kind):
    places = np.array([3, 0, 3, 1], dtype=kind)
    assert bincount(places, minlength=5).tolist() == [1, 1, 0, 2, 0]
    assert bincount(places).dtype == np.int64
    assert bincount(places, [0.5, 1.0, 0.25, 2.0]).tolist() == [1.0, 2.0, 0.0, 0.75]
    assert repeat([5, 6, 7, 8], places).tolist() == [5, 5, 5, 7, 7, 7, 8]
    assert reduceat(np.add, np.arange(6.0), np.array([0, 2, 5], dtype=kind)).tolist() == [1.0, 9.0, 5.0]


def test_no_place_is_no_fault_and_a_fraction_is_one():
    assert bincount([]).tolist() == []
    assert repeat(np.arange(0), []).tolist() == []
    with pytest.raises(TypeError, match="same_kind"):
        bincount(np.array([0.5]))


@pytest.mark.parametrize("kind", [np.int32, np.int64])
def test_keys_of_pairs_do_not_overflow(kind):
    record = np.array([FAR, FAR - 1, 2, FAR - 2], dtype=kind)
    block = np.array([9, 9, 9, 4], dtype=kind)
    assert pairs_within(block, record, 5).tolist() == [[2, FAR - 1], [2, FAR], [FAR - 1, FAR]]
    many = np.arange(FAR, dtype=kind)
    assert len(np.unique(crossed(many, many[::-1]))) == FAR
