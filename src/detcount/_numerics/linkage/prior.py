"""The prior of a partition of rows into people, by the lists on which each is and how often."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln

from detcount._numerics.arrays import Floats, Ints

__all__ = ["draw_copies", "draw_patterns", "log_partition_prior", "pattern_shapes"]


def pattern_shapes(n_lists: int, shape: float = 1.0) -> Floats:
    """Shape of the gamma prior of the number of people with each set of lists, by bits; 0 for none.

    All sets of equal size weigh together at most as much as the single lists, so that many lists do not
    bring many invented people.
    """
    sizes = np.array([bin(pattern).count("1") for pattern in range(2**n_lists)])
    with_size = np.bincount(sizes, minlength=n_lists + 1)[sizes]
    shapes = shape * np.minimum(1.0, n_lists / with_size)
    shapes[0] = 0.0
    return np.asarray(shapes)


def draw_patterns(counts: Floats, shapes: Floats, rate: float, random: np.random.Generator) -> Floats:
    """Draw the expected number of people with each set of lists, given how many there are."""
    drawn = random.standard_gamma(np.maximum(shapes + counts, 1e-300)) / (1.0 + rate)
    return np.asarray(np.maximum(drawn, 1e-12))


def draw_copies(people: Floats, rows: Floats, a: float, b: float, random: np.random.Generator) -> Floats:
    """Draw, by list, the probability that a person stands there once more."""
    return np.asarray(random.beta(a + rows - people, b + people))


def log_partition_prior(copies: Ints, shapes: Floats, rate: float, a: float, b: float) -> float:
    """Log prior of one partition, everything else summed out, without its constant.

    Parameters
    ----------
    copies : ndarray of int64, shape (n_people, n_lists)
        Rows of each person in each list.
    shapes : ndarray of float64, shape (2**n_lists,)
        Of the gamma prior of the number of people with each set of lists.
    rate : float
        Rate of that prior.
    a, b : float
        Of the beta prior of one more row, in each list.
    """
    n_lists = copies.shape[1]
    present = copies > 0
    patterns = (present * (1 << np.arange(n_lists))).sum(axis=1)
    counts = np.bincount(patterns, minlength=len(shapes))
    some = shapes > 0
    value = gammaln(shapes[some] + counts[some]).sum() - counts[some].sum() * np.log1p(rate)
    value += gammaln(copies + 1.0).sum()
    people = present.sum(axis=0)
    more = copies.sum(axis=0) - people
    value += (gammaln(a + more) + gammaln(b + people) - gammaln(a + b + more + people)).sum()
    return float(value)
