"""Decomposable graphs on K lists, and their marginal likelihood for every number of unseen persons.

Every decomposable graph has a simplicial vertex, one whose neighbours are all joined. Without the last of
them it is a decomposable graph on K - 1 vertices, the rest, in which the neighbours are a clique; so graphs
are grown, each in one way, by a vertex at a time. For such an order of vertices with neighbours R(v) the
marginal likelihood of a graph is the product over v of that of the margin {v} + R(v) over that of R(v), and
only the all-zero cell of a margin depends on the unseen persons.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import bincount

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True)
class Graphs:
    """Every decomposable graph on K vertices: its edges, and its row over the 2**K margins."""

    edges: NDArray[np.uint32]  # (n_graphs,) rising; bit e is pair e of `combinations(range(K), 2)`
    rows: csr_matrix  # (n_graphs, 2**K) of +1 and -1, a byte each: half a million graphs stay small


@dataclass(frozen=True)
class Growth:
    """Steps from the decomposable graphs on K - 1 vertices to those on K, in the order of growth.

    Vertices are numbered anew without the last simplicial one; R is a set of bits of these numbers.
    """

    n_lists: int
    starts: NDArray[np.int32]  # (K * 2**(K-1) + 1,) where the graphs of each last vertex and R begin
    rest: NDArray[np.int32]  # (n_graphs,) place of the rest among the graphs on K - 1 vertices

    def margins(self, places: NDArray[np.intp]) -> NDArray[np.uint8]:
        """Margins {v} + R(v) and R(v) of each step of some graphs, shape (n, 2 * K), in turns."""
        if self.n_lists == 0:
            return np.zeros((len(places), 0), dtype=np.uint8)
        step = np.searchsorted(self.starts, places, side="right") - 1
        v, around = np.divmod(step, 1 << (self.n_lists - 1))
        own = (1 << v).astype(np.uint8)[:, None]
        before = growth(self.n_lists - 1).margins(self.rest[places].astype(np.intp))
        margins = np.concatenate(
            [before, around[:, None], around[:, None]], axis=1, dtype=np.uint8, casting="unsafe"
        )
        below = margins & (own - np.uint8(1))
        margins = below | ((margins ^ below) << np.uint8(1))  # numbered as the K vertices are
        margins[:, -2:-1] |= own
        return np.asarray(margins, dtype=np.uint8)

    def edges(self, places: NDArray[np.intp]) -> NDArray[np.uint32]:
        """Edges of some graphs: bit e is pair e of `combinations(range(K), 2)`."""
        margins = np.ascontiguousarray(self.margins(places)[:, ::2].T)
        edges = np.zeros(len(places), dtype=np.uint32)
        for bit, (i, j) in enumerate(combinations(range(self.n_lists), 2)):
            both = np.uint8(1 << i | 1 << j)
            joined = np.zeros(len(places), dtype=np.bool_)
            for margin in margins:
                joined |= (margin & both) == both
            edges |= joined.astype(np.uint32) << np.uint32(bit)
        return edges

    def rows(self, places: NDArray[np.intp]) -> csr_matrix:
        """Rows over the 2**K margins of some graphs."""
        from scipy.sparse import csr_matrix

        margins = self.margins(places)
        width = margins.shape[1]
        signs = np.tile(np.array([1, -1], dtype=np.int8), len(places) * width // 2)
        pointers = np.arange(len(places) + 1, dtype=np.int64) * width
        shape = (len(places), 1 << self.n_lists)
        rows = csr_matrix((signs, margins.astype(np.int32).ravel(), pointers), shape=shape)
        rows.sum_duplicates()
        rows.eliminate_zeros()
        return rows

    def closed(self) -> NDArray[np.uint8]:
        """Bits of each vertex and its neighbours in every graph, shape (K, n_graphs)."""
        n_graphs = len(self.rest)
        closed = np.zeros((self.n_lists, n_graphs), dtype=np.uint8)
        for margin in self.margins(np.arange(n_graphs))[:, ::2].T:
            for v in range(self.n_lists):
                np.bitwise_or(closed[v], margin, out=closed[v], where=(margin >> v) & 1 == 1)
        return closed


def without_vertex(n_lists: int, v: int) -> NDArray[np.intp]:
    """Every set of the vertices other than v, as bits of all: the place is the set as bits of the others."""
    sets = np.arange(1 << (n_lists - 1))
    low = sets & ((1 << v) - 1)
    return np.asarray(low | ((sets ^ low) << 1))


@lru_cache(maxsize=16)
def growth(n_lists: int) -> Growth:
    """Grow the decomposable graphs: 2, 8, 61, 822, 18,154, 617,675 for 2 to 7 vertices.

    A new vertex may have any clique R of the rest as its neighbours. It is the last simplicial vertex if no
    simplicial vertex behind it stays so: one does outside R, and one inside whose clique is R.
    """
    if n_lists == 0:
        return Growth(0, np.zeros(1, dtype=np.int32), np.zeros(1, dtype=np.int32))
    before = growth(n_lists - 1)
    closed = before.closed()
    n_sets, n_rest = 1 << (n_lists - 1), len(before.rest)
    clique = np.ones((n_sets, n_rest), dtype=np.bool_)
    for members in range(1, n_sets):
        u = members.bit_length() - 1
        clique[members] = clique[members ^ (1 << u)] & (closed[u] & np.uint8(members) == members)
    ends = [
        np.take_along_axis(clique, closed[u][None].astype(np.intp), axis=0)[0] for u in range(n_lists - 1)
    ]
    around, rest = np.nonzero(clique)
    rivals = np.zeros(len(rest), dtype=np.uint8)  # vertices that stay simplicial: the last of them, plus one
    for u in range(n_lists - 1):
        inside = (around >> u) & 1 == 1
        rivals[ends[u][rest] & (~inside | (closed[u][rest] == around))] = u + 1
    starts, grown = [np.zeros(1, dtype=np.int64)], []
    for v in range(n_lists):
        last = rivals <= v
        starts.append(bincount(around[last], minlength=n_sets))
        grown.append(rest[last].astype(np.int32))
    return Growth(n_lists, np.cumsum(np.concatenate(starts)).astype(np.int32), np.concatenate(grown))


@lru_cache(maxsize=8)
def decomposable_graphs(n_lists: int) -> Graphs:
    """Enumerate the decomposable graphs in the order of their edges."""
    grown = growth(n_lists)
    places = np.arange(len(grown.rest))
    edges = grown.edges(places)
    order = np.argsort(edges)
    return Graphs(edges[order], grown.rows(order))
