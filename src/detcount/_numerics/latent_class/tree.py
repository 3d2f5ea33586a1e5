"""Capture histories as a tree: a level for each list, a product for each branch, a sum back for each.

Cells are products of the probabilities of their lists. Along a tree each product is made once, without
exponentials and without products of matrices, whose last bits are other ones on other processors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Which = NDArray[np.int64] | slice


@dataclass(frozen=True)
class Branching:
    """One level of the tree: first the branches of persons who are not on the list, then of those who are.

    `absent` and `present` are the nodes above each branch, a slice where these are all nodes.
    """

    absent: Which
    present: Which
    n_absent: int
    size: int

    def down(
        self,
        above: NDArray[np.float32],
        absent: NDArray[np.float32],
        present: NDArray[np.float32],
        out: NDArray[np.float32],
    ) -> None:
        """Probabilities of the branches, (size, H, C), from those above and those of the list, (H, C)."""
        np.multiply(above[self.absent], absent, out=out[: self.n_absent])
        np.multiply(above[self.present], present, out=out[self.n_absent :])

    def up(self, below: NDArray[np.float32], listed: NDArray[np.float32], out: NDArray[np.float32]) -> None:
        """Sums of the branches at the nodes above, and of all who are on the list."""
        present = below[self.n_absent :]
        np.add.reduce(present, axis=0, out=listed)
        absent = below[: self.n_absent]
        if isinstance(self.absent, slice) and isinstance(self.present, slice):
            np.add(absent, present, out=out)
            return
        if not isinstance(self.absent, slice):
            out[...] = 0.0
        out[self.absent] = absent
        out[self.present] += present


def branches(histories: NDArray[np.float64]) -> tuple[tuple[Branching, ...], NDArray[np.int64]]:
    """Give the tree of distinct histories, and the leaf of each, the first for the history of zeros."""
    node = np.zeros(len(histories), dtype=np.int64)
    n_above, levels = 1, []
    for on_list in histories.T.astype(np.int64):
        found, node = np.unique(on_list * n_above + node, return_inverse=True)
        n_absent = int(np.searchsorted(found, n_above))
        above = found % n_above
        levels.append(
            Branching(
                _which(above[:n_absent], n_above), _which(above[n_absent:], n_above), n_absent, len(found)
            )
        )
        n_above = len(found)
    return tuple(levels), node


def _which(nodes: NDArray[np.int64], n_above: int) -> Which:
    """All nodes as a slice, which copies nothing."""
    return slice(None) if len(nodes) == n_above else nodes
