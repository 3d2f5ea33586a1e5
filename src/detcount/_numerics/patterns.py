"""Capture histories as bit codes: list ``k`` is bit ``k`` of the code of a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["CHUNK", "pack", "subset_sums", "superset_sums", "tabulate", "unpack"]

CHUNK = 1 << 17  # rows tabulated at a time: temporaries stay in cache and far below the input
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


def tabulate(
    parts: Iterable[Sequence[NDArray[Any]]], n_lists: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Count the rows with each code; codes come sorted, each once, with counts above zero.

    Each part is `n_lists` columns of some rows, of at most `CHUNK` rows to stay small; the columns
    hold 0 and 1 in any boolean, integer or floating type.
    """
    dense = n_lists <= _DENSE_LISTS
    totals = np.zeros(1 << n_lists if dense else 0, dtype=np.int64)
    seen: list[tuple[NDArray[np.uint64], NDArray[np.int64]]] = []
    for columns in parts:
        codes = np.zeros(len(columns[0]), dtype=np.int64)
        for bit, column in enumerate(columns):
            codes |= column.astype(np.int64) << bit
        if dense:
            totals += np.bincount(codes, minlength=len(totals))
        else:
            values, counts = np.unique(codes.view(np.uint64), return_counts=True)
            seen.append((values, counts.astype(np.int64)))
    if dense:
        present = np.flatnonzero(totals)
        return present.astype(np.uint64), totals[present]
    values, inverse = np.unique(np.concatenate([values for values, _ in seen]), return_inverse=True)
    sums = np.zeros(len(values), dtype=np.int64)
    np.add.at(sums, inverse, np.concatenate([counts for _, counts in seen]))
    return values, sums


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
