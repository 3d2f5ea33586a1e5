"""Products and roots of matrices, in pieces that one thread works on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "multiply", "root"]

Array = NDArray[np.float64]
_SINGLE = 200_000  # multiplications that OpenBLAS does in one thread


def multiply(left: Array, right: Array) -> Array:
    """Products of matrices, shapes (..., m, k) and (..., k, n), in pieces too small for threads.

    Threads of a linear algebra library wait for each other on a busy machine, for a hundred times as long
    as such products take.
    """
    rows = max(1, _SINGLE // (right.shape[-2] * right.shape[-1]))
    if left.shape[-2] <= rows:
        return np.asarray(np.matmul(left, right))
    pieces = [
        np.matmul(left[..., first : first + rows, :], right) for first in range(0, left.shape[-2], rows)
    ]
    return np.concatenate(pieces, axis=-2)


def root(matrix: Array) -> Array:
    """Lower Cholesky factor."""
    return np.asarray(np.linalg.cholesky(matrix), dtype=np.float64)
