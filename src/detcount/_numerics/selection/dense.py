"""Tables over all cells, some at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

DOUBLES = 1 << 22  # doubles in a temporary


def dense_tables(
    codes: NDArray[np.int64], counts: NDArray[np.int64], n_codes: int, most: int
) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """Tables over all codes, some at a time."""
    step = max(1, min(most, DOUBLES // n_codes))
    for first in range(0, len(counts), step):
        part = slice(first, first + step)
        tables = np.zeros((len(counts[part]), n_codes))
        tables[:, codes] = counts[part]
        yield part, tables


def bundles(rows: NDArray[np.int64], width: int, doubles: int = DOUBLES) -> Iterator[NDArray[np.int64]]:
    """Rows in bundles whose temporaries stay small."""
    step = max(1, doubles // width)
    for first in range(0, len(rows), step):
        yield rows[first : first + step]
