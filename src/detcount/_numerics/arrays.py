"""Arrays: names of their kinds, and copies that nobody can change."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TINY = 1e-300  # the least number that a logarithm is taken of


def frozen(values: ArrayLike, dtype: DTypeLike | None = None) -> NDArray[Any]:
    """Make a read-only copy, row by row in memory."""
    copy = np.array(values, dtype=dtype, order="C")
    copy.flags.writeable = False
    return copy
