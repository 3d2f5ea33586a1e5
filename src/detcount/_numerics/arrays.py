"""Arrays that nobody can change."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

__all__ = ["frozen"]


def frozen(values: ArrayLike, dtype: DTypeLike | None = None) -> NDArray[Any]:
    """Make a read-only copy, row by row in memory."""
    copy = np.array(values, dtype=dtype, order="C")
    copy.flags.writeable = False
    return copy
