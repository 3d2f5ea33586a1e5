"""Sums in a stated order: numbers without last bits, exponentials, and the tree of histories."""

import itertools

import numpy as np
import pytest

from detcount._numerics.arrays import on_lattice, rounded_bits
from detcount._numerics.latent_class import ClassData, ClassState, Forces, prior_draws
from detcount._numerics.latent_class.trajectories import _Exponentials


def test_last_bits_are_gone_and_the_number_stays():
    random = np.random.default_rng(1)
    values = np.exp(random.normal(0, 20, 20_000))
    kept = rounded_bits(values)
    np.testing.assert_allclose(kept, values, rtol=2.0**-20)
    moved = np.concatenate([rounded_bits(np.nextafter(values, way)) for way in (0.0, np.inf)])
    np.testing.assert_array_equal(moved, np.tile(kept, 2))
    np.testing.assert_array_equal(rounded_bits(kept), kept)
    np.testing.assert_array_equal(rounded_bits(np.nextafter(kept, 0.0)), kept)  # rounded, and not cut
    np.testing.assert_array_equal(rounded_bits(np.array([0.0, np.inf, 1.0])), [0.0, np.inf, 1.0])
    assert float(rounded_bits(0.3)) == pytest.approx(0.3, rel=1e-6)
    assert values[0] != kept[0]


def test_logarithms_stand_on_a_lattice():
    random = np.random.default_rng(2)
    values = random.normal(0, 10, 20_000)
    kept = on_lattice(values)
    np.testing.assert_allclose(kept, values, rtol=0, atol=2.0**-21)
    np.testing.assert_array_equal(on_lattice(values + 1e-15), kept)
    assert on_lattice(np.array([-np.inf]))[0] == -np.inf
    # single precision holds them while they are no larger than 8
    small = kept[np.abs(kept) < 8]
    np.testing.assert_array_equal(small.astype(np.float32), small)


def test_exponentials_are_those_of_numpy_and_are_cut_at_80():
    values = np.linspace(-79, 79, 4001, dtype=np.float32)
    found = _Exponentials(values.shape).of(values)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, np.exp(values.astype(np.float64)), rtol=2e-5)
    again = _Exponentials((2,))
    far = again.of(np.array([-1e6, 1e6], dtype=np.float32))
    np.testing.assert_allclose(far, np.exp([-80.0, 80.0]), rtol=2e-5)
    assert np.all(np.diff(_Exponentials((1001,)).of(np.linspace(-5, 5, 1001, dtype=np.float32))) > 0)


def test_forces_stand_where_sticks_and_shares_are_extreme():
    """No force is other than finite on places of the prior, whose sticks go to 0 and beyond all numbers."""
    histories = np.array([*itertools.product((0, 1), repeat=4)], dtype=np.uint8)[1:]
    data = ClassData.of(histories, np.arange(1, 16), n_classes=5, shape=0.25, rate=0.25)
    state = prior_draws(data, 2_000, np.random.default_rng(3))
    assert np.abs(state.sticks).max() > 20
    forces = Forces(data, np.ones(2_000))
    forces.logits[...] = state.logits
    with np.errstate(all="ignore"):
        slopes = forces.at(state.sticks.astype(np.float32))
    usual = np.isfinite(ClassState.at(data, state.logits, state.sticks).likelihood)
    usual &= (state.unseen < 1 - 1e-6) & (np.abs(state.sticks).max(axis=0) < 60)
    assert usual.mean() > 0.5
    for slope in slopes:
        assert np.isfinite(slope[..., usual]).all()
