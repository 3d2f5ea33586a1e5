"""No highest-order interaction: the unlisted from the observed cells, in closed form."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def log_unobserved(histories: NDArray[np.uint8], counts: NDArray[np.int64]) -> float:
    """Log of the product of the odd cells over the product of the even ones.

    Odd and even refer to the number of lists of a history; all 2**K - 1 histories have a count.
    """
    odd = histories.sum(axis=1, dtype=np.int64) % 2
    return float(np.sum(np.where(odd == 1, 1.0, -1.0) * np.log(counts)))


def variance_without_interaction(n_unobserved: float, counts: NDArray[np.int64]) -> float:
    """Variance of N = n + n_0: the delta method on N persons multinomial over the cells.

    Equals n_0 + n_0^2 [I^-1]_00 of the Poisson model with every interaction but the highest, whose
    information matrix needs no inverting: log n_0 is a sum of plus and minus the log counts.
    """
    return float(n_unobserved + n_unobserved**2 * np.sum(1.0 / counts))
