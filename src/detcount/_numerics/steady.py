"""Numbers without their last bits, so that chains go the same way on every processor.

Exponentials, logarithms and products of matrices end in other last bits on other processors. A chain whose
place goes into the next draw makes another chain of them within some hundred steps. Where a place is
rounded to a lattice far coarser than these bits, and far finer than anything that the posterior knows, it
is the same place everywhere, but for about one value in a thousand million.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FINE = 2.0**20  # points of the lattice for each unit
_KEPT = 20  # bits of the fraction that stay
_DROPPED = np.int64(52 - _KEPT)
_HALF = np.int64(1) << (_DROPPED - 1)


def on_lattice(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithms rounded to the nearest 2 to the power of -20."""
    return np.asarray(np.rint(values * _FINE) / _FINE)


def steady(values: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Positive numbers rounded to 20 bits of their fraction; infinity and zero stay."""
    bits = np.array(values, dtype=np.float64).view(np.int64)
    bits += _HALF
    bits >>= _DROPPED
    bits <<= _DROPPED
    return bits.view(np.float64)
