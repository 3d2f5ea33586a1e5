"""Decomposable graphs on K lists, and their marginal likelihood for every number of unseen persons.

For a perfect elimination order with later neighbours R(v), the marginal likelihood of a graph is the
product over v of that of the margin {v} + R(v) over that of R(v). A graph is therefore a sparse row of
+1 and -1 over the 2**K margins, and only the all-zero cell of a margin feels the unseen persons.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

__all__ = [
    "GraphSums",
    "Graphs",
    "MarginTerms",
    "decomposable_graphs",
    "edge_pairs",
    "graph_moments",
    "log_margins",
    "margin_terms",
]

_CHUNK = 1 << 16
_BEHIND = 45.0  # of log posterior: 6e5 graphs so far behind have e-14 of the whole
_ENOUGH = 0.1  # share of the graphs: a copy of the others costs as much
_FEW = 1000  # graphs that are all kept, so that the improbable ones can be shown


@dataclass(frozen=True)
class Graphs:
    """Every decomposable graph on K vertices: its edges, and its row over the 2**K margins."""

    edges: NDArray[np.uint32]  # (n_graphs,) bit e is edge_pairs(K)[e]
    rows: csr_matrix  # (n_graphs, 2**K) of +1 and -1, a byte each: half a million graphs stay small


@dataclass(frozen=True)
class MarginTerms:
    """What the marginal likelihood of each margin needs, apart from the unseen persons."""

    constant: NDArray[np.float64]  # (2**K,)
    zero_cell: NDArray[np.float64]  # (2**K,) prior mass plus listed persons in the all-zero cell
    total: float  # prior mass plus listed persons
    mass: float  # prior mass


def edge_pairs(n_lists: int) -> list[tuple[int, int]]:
    """Pairs of lists in the order of the bits of a graph."""
    return [(i, j) for i in range(n_lists) for j in range(i + 1, n_lists)]


@lru_cache(maxsize=8)
def decomposable_graphs(n_lists: int) -> Graphs:
    """Enumerate the decomposable graphs: 2, 8, 61, 822, 18,154, 617,675 for 2 to 7 vertices.

    Every graph loses a simplicial vertex (one whose neighbours are all joined) at a time; a graph that
    gets stuck is not decomposable.
    """
    from scipy.sparse import csr_matrix

    n_codes = 1 << (n_lists * (n_lists - 1) // 2)
    found_edges: list[NDArray[np.uint32]] = []
    found_margins: list[NDArray[np.uint8]] = []
    for start in range(0, n_codes, _CHUNK):
        codes = np.arange(start, min(start + _CHUNK, n_codes), dtype=np.uint32)
        decomposable, margins = _eliminate(codes, n_lists)
        found_edges.append(codes[decomposable])
        found_margins.append(margins[decomposable])
    edges = np.concatenate(found_edges)
    margins = np.concatenate(found_margins)  # (n_graphs, 2 * K): cliques of each step, then separators
    indices = margins.astype(np.int32).ravel()
    data = np.tile(np.repeat(np.array([1, -1], dtype=np.int8), n_lists), len(edges))
    pointers = np.arange(len(edges) + 1, dtype=np.int64) * (2 * n_lists)
    rows = csr_matrix((data, indices, pointers), shape=(len(edges), 1 << n_lists))
    rows.sum_duplicates()
    rows.eliminate_zeros()
    return Graphs(edges, rows)


def _eliminate(codes: NDArray[np.uint32], n_lists: int) -> tuple[NDArray[np.bool_], NDArray[np.uint8]]:
    """Eliminate simplicial vertices; the margins {v} + R(v) and R(v) of each step."""
    adjacency = np.zeros((n_lists, len(codes)), dtype=np.uint8)
    for bit, (i, j) in enumerate(edge_pairs(n_lists)):
        joined = ((codes >> np.uint32(bit)) & np.uint32(1)).astype(np.uint8)
        adjacency[i] |= joined << j
        adjacency[j] |= joined << i
    alive = np.full(len(codes), (1 << n_lists) - 1, dtype=np.uint8)
    decomposable = np.ones(len(codes), dtype=bool)
    margins = np.zeros((2 * n_lists, len(codes)), dtype=np.uint8)
    for step in range(n_lists):
        pending = decomposable.copy()
        for v in range(n_lists):
            own = np.uint8(1 << v)
            neighbours = adjacency[v] & alive
            simplicial = pending & ((alive & own) != 0)
            for u in range(n_lists):
                if u == v:
                    continue
                other = np.uint8(1 << u)
                apart = (neighbours & other) == 0
                simplicial &= apart | ((neighbours & ~other & ~adjacency[u]) == 0)
            np.copyto(margins[step], neighbours | own, where=simplicial)
            np.copyto(margins[n_lists + step], neighbours, where=simplicial)
            alive &= ~(simplicial.view(np.uint8) << np.uint8(v))
            pending &= ~simplicial
        decomposable &= ~pending
    return decomposable, np.ascontiguousarray(margins.T)


def margin_terms(histories: NDArray[np.uint8], counts: NDArray[np.int64], delta: float) -> MarginTerms:
    """Collapse the table to each of the 2**K margins under a prior mass of delta per full cell."""
    n_lists = histories.shape[1]
    mass = delta * 2.0**n_lists
    codes = histories.astype(np.int64) @ (1 << np.arange(n_lists))
    constant = np.zeros(1 << n_lists)
    zero_cell = np.zeros(1 << n_lists)
    for margin in range(1 << n_lists):
        cell_mass = delta * 2.0 ** (n_lists - margin.bit_count())
        cells = np.bincount(codes & margin, weights=counts, minlength=1)
        seen = cells[1:][cells[1:] > 0]
        constant[margin] = np.sum(gammaln(seen + cell_mass) - gammaln(cell_mass)) - gammaln(cell_mass)
        zero_cell[margin] = cells[0] + cell_mass
    return MarginTerms(constant + gammaln(mass), zero_cell, mass + float(counts.sum()), mass)


def log_margins(terms: MarginTerms, n_unobserved: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log marginal likelihood of each margin, shape (2**K, n), for each number of unseen persons."""
    zero, inverse = np.unique(terms.zero_cell, return_inverse=True)
    moving = gammaln(zero[:, None] + n_unobserved) - gammaln(terms.total + n_unobserved)
    return np.asarray(terms.constant[:, None] + moving[inverse])


class GraphSums:
    """The mean over graphs of their marginal likelihood, added up over those that carry weight.

    Numbers of unseen persons are asked for from left to right at first. A graph whose posterior has fallen
    behind by `_BEHIND` where it was highest, and falls at the right end, is added up no more: the posterior
    under one graph has one mode.
    """

    def __init__(self, rows: csr_matrix) -> None:
        self.n_graphs = rows.shape[0]
        self.kept = np.arange(self.n_graphs)
        self.rows = rows
        self._highest = np.full(self.n_graphs, -np.inf)
        self._right = -np.inf

    def log_means(
        self,
        margins: NDArray[np.float64],
        values: NDArray[np.float64],
        common: NDArray[np.float64],
        *,
        chunk: int = 2048,
    ) -> NDArray[np.float64]:
        """Logarithm of the mean, and of a factor that all graphs share, at each column of the margins.

        `values` are the numbers of unseen persons that the columns belong to.
        """
        further = values.max() > self._right
        last, before = np.argsort(values)[[-1, -2]] if further and len(values) > 1 else (0, 0)
        falls = np.zeros(len(self.kept), dtype=np.bool_)
        top = np.full(margins.shape[1], -np.inf)
        total = np.zeros(margins.shape[1])
        for start in range(0, len(self.kept), chunk):
            part = slice(start, start + chunk)
            block = self.rows[part] @ margins
            block += common
            if further:
                self._highest[part] = np.maximum(self._highest[part], block.max(axis=1))
                falls[part] = block[:, last] < block[:, before]
            peak = np.maximum(top, block.max(axis=0))
            block -= peak
            np.exp(block, out=block)
            total = total * np.exp(top - peak) + block.sum(axis=0)
            top = peak
        if further:
            self._right = float(values.max())
            self._leave_out(falls & (self._highest < self._highest.max() - _BEHIND))
        return np.asarray(top + np.log(total / self.n_graphs))

    def _leave_out(self, behind: NDArray[np.bool_]) -> None:
        """Go on without some of the graphs, where they are enough to matter."""
        going = np.flatnonzero(~behind)
        if behind.mean() > _ENOUGH and len(going) >= _FEW:
            self.rows, self.kept, self._highest = self.rows[going], self.kept[going], self._highest[going]


def graph_moments(
    rows: csr_matrix,
    margins: NDArray[np.float64],
    log_weights: NDArray[np.float64],
    values: NDArray[np.float64],
    *,
    chunk: int = 2048,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Posterior probability of each graph, and the mean of `values` under it.

    `log_weights` and `values` belong to the columns of the margins; weights of 0 are -inf.
    """
    shares = np.empty(rows.shape[0])
    sums = np.empty(rows.shape[0])
    for start in range(0, rows.shape[0], chunk):
        block = rows[start : start + chunk] @ margins
        block += log_weights
        np.exp(block, out=block)
        shares[start : start + chunk] = block.sum(axis=1)
        sums[start : start + chunk] = block @ values
    means = np.divide(sums, shares, out=np.full(len(sums), np.nan), where=shares > 0)
    return shares / shares.sum(), means
