"""Sums over whole numbers, against distributions with a closed form."""

import numpy as np
import pytest

from detcount._numerics.lattice import lattice_density


def test_a_tail_without_end_is_reported():
    density = lattice_density(lambda x: -np.log(x + 5.0), first=0)
    assert density.tail == 1.0


def test_a_heavy_tail_is_followed_until_little_is_left():
    density = lattice_density(lambda x: -2.0 * np.log(x + 1.0), first=0)
    assert density.tail < 1e-6
    assert np.exp(density.log_total) == pytest.approx(np.pi**2 / 6, rel=2e-6)
