"""The prior of a partition of rows into people, by the lists on which each is and how often."""

from __future__ import annotations

import numpy as np
from scipy.special import comb

from detcount._numerics.arrays import Floats, Ints


def pattern_shapes(sets: Ints, n_lists: int, shape: float = 1.0) -> Floats:
    """Shape of the gamma prior of the number of people with each of some sets of lists, by bits; 0 for none.

    All sets of equal size weigh together at most as much as the single lists, so that many lists do not
    bring many invented people.
    """
    sizes = ((sets[:, None] >> np.arange(n_lists)) & 1).sum(axis=1)
    return np.asarray(np.where(sizes > 0, shape * np.minimum(1.0, n_lists / comb(n_lists, sizes)), 0.0))


def draw_patterns(counts: Floats, shapes: Floats, rate: float, random: np.random.Generator) -> Floats:
    """Draw the expected number of people with each set of lists, given how many there are."""
    drawn = random.standard_gamma(np.maximum(shapes + counts, 1e-300)) / (1.0 + rate)
    return np.asarray(np.maximum(drawn, 1e-12))


def draw_copies(people: Floats, rows: Floats, a: float, b: float, random: np.random.Generator) -> Floats:
    """Draw, by list, the probability that a person stands there once more."""
    return np.asarray(random.beta(a + rows - people, b + people))
