"""Modes that stand out: curves by hand, draws of one and of two stories, draws that repeat each other."""

import numpy as np
import pytest

from detcount._numerics.roots import density_of_draws, modes_of_draws, prominent_peaks

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
