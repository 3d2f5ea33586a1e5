"""The prior of all interactions, written out set by set."""

import itertools
import math

import numpy as np


def design(n_lists: int) -> tuple[np.ndarray, np.ndarray]:
    """Products of z by cell and set of lists, and how many lists each set has."""
    sets = [s for size in range(n_lists + 1) for s in itertools.combinations(range(n_lists), size)]
    products = [
        [math.prod(0.5 if cell >> k & 1 else -0.5 for k in lists) for lists in sets]
        for cell in range(2**n_lists)
    ]
    return np.array(products), np.array([len(lists) for lists in sets])
