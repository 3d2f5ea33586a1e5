"""Modes that stand out, and sums in a stated order: curves by hand, draws, numbers without last bits."""

import itertools

import numpy as np
import pytest

from detcount._numerics.arrays import on_lattice, rounded_bits
from detcount._numerics.latent_class import ClassData, ClassState, Forces, prior_draws
from detcount._numerics.latent_class.trajectories import _Exponentials
from detcount._numerics.roots import (
    density_of_draws,
    modes_of_draws,
    prominent_peaks,
    weighted_modes_of_draws,
)

NEAR = 0.05  # of a mode's place: a tenth of the spread of the draws around it
AREA = 1e-3  # what the bins of the density may lose of its area


def test_peaks_by_hand():
    height = np.log([1.0, 4.0, 1.0, 3.0, 2.0, 3.5, 0.1, 0.15])
    # 3 and 3.5 are one: the valley is above half of 3. 0.15 is too low. 4 stands apart
    assert prominent_peaks(height, least=0.1) == [1, 5]
    assert prominent_peaks(height, least=0.9) == [1]
    assert prominent_peaks(height, least=0.1, fall=0.9) == [1, 3, 5]
    assert prominent_peaks(np.log([5.0, 1.0, 2.0, 4.9]), least=0.1) == [0, 3]  # the ends count


@pytest.mark.parametrize("independent", [400, pytest.param(4000, marks=pytest.mark.slow)])
def test_one_story_has_one_mode(independent):
    # nobody tells two modes from chance: 200 sets of draws of each of four shapes
    random = np.random.default_rng(8)
    for _ in range(200):
        for draws in (
            np.exp(random.normal(8.0, 0.5, independent)),
            random.gamma(2.0, 1000.0, independent),
            random.poisson(3.0, independent).astype(float),
            np.exp(8.0 + 0.3 * random.standard_t(4, independent)),
        ):
            assert len(modes_of_draws(draws, independent)) == 1


def test_two_stories_have_two_modes():
    random = np.random.default_rng(4)
    draws = np.exp(np.concatenate([random.normal(7.0, 0.1, 900), random.normal(8.0, 0.15, 2100)]))
    modes = modes_of_draws(draws, 3000)
    assert modes == pytest.approx([np.exp(7.0), np.exp(8.0)], rel=NEAR)
    assert modes_of_draws(draws[::-1], 3000) == modes  # whatever the order of the draws
    three = np.exp(np.repeat([2.0, 6.0, 9.0], [500, 900, 1600]) + random.normal(0, 0.2, 3000))
    assert weighted_modes_of_draws(three, 3000)[1] == pytest.approx([5 / 30, 9 / 30, 16 / 30], abs=0.01)


def test_the_density_has_area_one():
    random = np.random.default_rng(1)
    values, density = density_of_draws(np.exp(random.normal(6.0, 0.4, 2000)), 2000)
    x = np.log1p(values)
    assert (0.5 * (density[1:] + density[:-1]) * np.diff(x)).sum() == pytest.approx(1.0, abs=AREA)
    assert (np.diff(values) > 0).all()


def test_draws_that_do_not_differ_have_no_density_and_one_mode():
    values, density = density_of_draws(np.full(10, 7.0), 10)
    assert len(values) == len(density) == 0
    assert modes_of_draws(np.full(10, 7.0), 10) == [7.0]


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
