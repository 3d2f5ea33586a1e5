"""Tables that grow: 64-bit keys that are looked up many at once, and rows of arrays with room for more."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Ints

Keys = NDArray[np.uint64]
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_FULL = 0.4  # share of the slots that may be taken


class Room:
    """Rows of an array with room for more, so that none is copied each time that some are added."""

    def __init__(self, width: tuple[int, ...] = (), dtype: type = np.float64) -> None:
        self._held: np.ndarray = np.zeros((64, *width), dtype=dtype)
        self.n = 0

    @property
    def values(self) -> np.ndarray:
        """What is held."""
        return self._held[: self.n]

    def add(self, rows: np.ndarray) -> None:
        """Add rows at the end."""
        n = self.n + len(rows)
        if n > len(self._held):
            more = np.zeros((max(n, 2 * len(self._held)), *self._held.shape[1:]), dtype=self._held.dtype)
            more[: self.n] = self.values
            self._held = more
        self._held[self.n : n] = rows
        self.n = n


class KeyTable:
    """Random keys, not 0, with the numbers from 0 on in which they were added."""

    def __init__(self) -> None:
        self._slots = np.zeros(1 << 10, dtype=np.uint64)
        self._numbers = np.zeros(1 << 10, dtype=np.int32)
        self._keys = Room(dtype=np.uint64)

    def __len__(self) -> int:
        return self._keys.n

    def find(self, keys: Keys) -> Ints:
        """Numbers of keys; -1 for those that were never added."""
        found = np.full(len(keys), -1, dtype=np.int64)
        left, at = np.arange(len(keys)), self._first_slot(keys)
        while len(left):
            here = self._slots[at]
            hit = here == keys[left]
            found[left[hit]] = self._numbers[at[hit]]
            more = ~hit & (here != 0)
            left, at = left[more], (at[more] + 1) % len(self._slots)
        return found

    def add(self, keys: Keys) -> None:
        """Add keys that are different and not there."""
        first = len(self)
        self._keys.add(keys)
        if len(self) > _FULL * len(self._slots):
            size = 1 << int(np.ceil(np.log2(2.0 * len(self) / _FULL)))
            self._slots = np.zeros(size, dtype=np.uint64)
            self._numbers = np.zeros(size, dtype=np.int32)
            first = 0
        self._place(first)

    def keep(self, n: int) -> None:
        """Keep the first keys alone."""
        self._keys.n = n
        self._slots[:] = 0
        self._place(0)

    def _place(self, first: int) -> None:
        """Put the keys from a number on into slots."""
        keys = self._keys.values
        left = np.arange(first, len(keys))
        at = self._first_slot(keys[left])
        while len(left):
            free = self._slots[at] == 0
            self._slots[at[free]] = keys[left[free]]
            placed = self._slots[at] == keys[left]
            self._numbers[at[placed]] = left[placed]
            left, at = left[~placed], (at[~placed] + 1) % len(self._slots)

    def _first_slot(self, keys: Keys) -> Ints:
        bits = len(self._slots).bit_length() - 1
        return ((keys * _SPREAD) >> np.uint64(64 - bits)).astype(np.int64)
