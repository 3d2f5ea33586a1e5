"""Capture histories as bit codes: list ``k`` is bit ``k`` of the code of a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["pack", "subset_sums", "superset_sums", "tabulate", "unpack"]

_CHUNK = 1 << 18  # rows tabulated at a time: temporaries stay in cache and far below the input
_DENSE_LISTS = 20  # up to here every code has its own counter (8 MB)


def pack(histories: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Turn rows of 0 and 1, shape (n, K), into codes, shape (n,)."""
    codes = np.zeros(len(histories), dtype=np.uint64)
    for bit in range(histories.shape[1]):
        codes |= histories[:, bit].astype(np.uint64) << np.uint64(bit)
    return codes


def unpack(codes: NDArray[np.uint64], n_lists: int) -> NDArray[np.uint8]:
    """Turn codes, shape (n,), into rows of 0 and 1, shape (n, n_lists)."""
    bits = np.arange(n_lists, dtype=np.uint64)
    return ((codes[:, None] >> bits) & np.uint64(1)).astype(np.uint8)


def tabulate(columns: Sequence[NDArray[Any]]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Count the rows with each code; codes come sorted, each once, with counts above zero.

    The columns hold 0 and 1 in any boolean, integer or floating type.
    """
    n_rows = len(columns[0])
    dense = len(columns) <= _DENSE_LISTS
    totals = np.zeros(1 << len(columns) if dense else 0, dtype=np.int64)
    parts: list[tuple[NDArray[np.uint64], NDArray[np.int64]]] = []
    for start in range(0, n_rows, _CHUNK):
        stop = min(start + _CHUNK, n_rows)
        codes = np.zeros(stop - start, dtype=np.int64)
        for bit, column in enumerate(columns):
            codes |= column[start:stop].astype(np.int64) << bit
        if dense:
            totals += np.bincount(codes, minlength=len(totals))
        else:
            values, counts = np.unique(codes.view(np.uint64), return_counts=True)
            parts.append((values, counts.astype(np.int64)))
    if dense:
        present = np.flatnonzero(totals)
        return present.astype(np.uint64), totals[present]
    values, inverse = np.unique(np.concatenate([part[0] for part in parts]), return_inverse=True)
    counts = np.zeros(len(values), dtype=np.int64)
    np.add.at(counts, inverse, np.concatenate([part[1] for part in parts]))
    return values, counts


def superset_sums(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum over all supersets of each code; the last axis has 2**K entries."""
    sums = values.copy()
    n_codes = sums.shape[-1]
    step = 1
    while step < n_codes:
        view = sums.reshape(*sums.shape[:-1], n_codes // (2 * step), 2, step)
        view[..., 0, :] += view[..., 1, :]
        step *= 2
    return sums


def subset_sums(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum over all subsets of each code; the last axis has 2**K entries."""
    sums = values.copy()
    n_codes = sums.shape[-1]
    step = 1
    while step < n_codes:
        view = sums.reshape(*sums.shape[:-1], n_codes // (2 * step), 2, step)
        view[..., 1, :] += view[..., 0, :]
        step *= 2
    return sums
