"""Resampled tables and the acceleration of the jackknife."""

import numpy as np

from detcount._numerics.monte_carlo import (
    population_resamples,
)

COUNTS = np.array([7, 1, 40, 3], dtype=np.int64)


def test_a_population_without_bounds_leaves_one_person_listed():
    """Of 1e30 persons with 51 listed, a whole number of draws that numpy can hold is taken."""
    tables = population_resamples(COUNTS, 1e30, 20, seed=1)
    assert (tables.sum(axis=1) == 1).all()
    # and of a population all of whom are listed nobody is lost
    assert (population_resamples(COUNTS, 51.0, 20, seed=1).sum(axis=1) == 51).all()
