"""Capture histories as bit codes: list ``k`` is bit ``k`` of the code of a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

CHUNK = 1 << 17  # rows tabulated at a time: temporaries stay in cache and far below the input
_WIDTHS = (np.uint8, np.uint16, np.uint32, np.uint64)
_DENSE_GROUPS = 1 << 16  # counters of groups by codes: they stay in cache
_DOUBLES = 1 << 22  # doubles in an array of tables over all codes
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


def pack_columns(columns: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Turn columns of 0 and 1, of any boolean, integer or floating type, into codes of the least width."""
    width = next(kind for kind in _WIDTHS if len(columns) <= np.iinfo(kind).bits)
    codes = columns[0].astype(width)
    shifted = np.empty_like(codes)
    for bit, column in enumerate(columns[1:], start=1):
        marks = column.view(np.uint8) if column.dtype == np.bool_ else column
        if marks.dtype != codes.dtype:
            marks = marks.astype(width)
        np.left_shift(marks, width(bit), out=shifted)
        np.bitwise_or(codes, shifted, out=codes)
    return codes


def tabulate(parts: Iterable[NDArray[Any]], n_lists: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Count the rows with each code; codes come sorted, each once, with counts above zero.

    Each part is the codes of some rows, of at most `CHUNK` rows to stay small.
    """
    if n_lists <= _DENSE_LISTS:
        totals = np.zeros(1 << n_lists, dtype=np.int64)
        for codes in parts:
            totals += np.bincount(codes, minlength=len(totals))
        present = np.flatnonzero(totals)
        return present.astype(np.uint64), totals[present]
    seen = [np.unique(codes, return_counts=True) for codes in parts]
    values, inverse = np.unique(np.concatenate([values for values, _ in seen]), return_inverse=True)
    sums = np.zeros(len(values), dtype=np.int64)
    np.add.at(sums, inverse, np.concatenate([counts for _, counts in seen]))
    return values.astype(np.uint64), sums


def tabulate_groups(
    groups: NDArray[np.int64], codes: NDArray[Any], n_groups: int, n_lists: int
) -> tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.int64]]:
    """Count the rows with each group and code: group, code and count, sorted, counts above zero."""
    if n_groups << n_lists <= _DENSE_GROUPS:
        totals = np.zeros(n_groups << n_lists, dtype=np.int64)
        for start in range(0, len(codes), CHUNK):
            key = groups[start : start + CHUNK] << n_lists
            totals += np.bincount(key | codes[start : start + CHUNK], minlength=len(totals))
        present = np.flatnonzero(totals)
        return present >> n_lists, (present & ((1 << n_lists) - 1)).astype(np.uint64), totals[present]
    order = np.lexsort((codes, groups))
    groups, codes = groups[order], codes[order]
    first = np.flatnonzero(np.append(True, (groups[1:] != groups[:-1]) | (codes[1:] != codes[:-1])))
    return groups[first], codes[first].astype(np.uint64), np.diff(np.append(first, len(codes)))


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


def dense_tables(
    codes: NDArray[np.int64], counts: NDArray[np.int64], n_codes: int, most: int
) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """Tables over all codes, some at a time; row r of `counts` has the persons with each of `codes`."""
    step = max(1, min(most, _DOUBLES // n_codes))
    for first in range(0, len(counts), step):
        part = slice(first, first + step)
        tables = np.zeros((len(counts[part]), n_codes))
        tables[:, codes] = counts[part]
        yield part, tables
