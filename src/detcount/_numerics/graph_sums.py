"""Sums over all decomposable graphs of their marginal likelihood, and the weight of each graph.

The marginal likelihood of a graph is that of its rest, without its last simplicial vertex v, times a factor
of v and its neighbours R(v) alone. So the sum over half a million graphs on K vertices is a sum over the
K 2**(K-1) pairs of v and R(v), and in each a sum over graphs on K - 1 vertices, of which there are few: no
exponential is taken for a graph, and no graph is left out. What products of scaled factors can lose by
underflow is bounded, and where the bound is not met the graphs are added up one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from detcount._numerics.arrays import Floats, Ints, bincount, repeat
from detcount._numerics.decomposable import growth, without_vertex

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True)
class Tuning:
    """Sizes of sums over decomposable graphs.

    Parameters
    ----------
    factored : int, lists
        Lists from which sums are factored. Computational (`test_numbers`).
    block : int, columns
        Columns at a time. Computational (`test_numbers`).
    cells : int, numbers
        Graphs by columns added up at a time. Computational (`test_numbers`).
    rows : int, graphs
        Graphs added up at a time. Computational (`test_numbers`).
    least : float
        Scaled sum above which nothing was lost to underflow. Computational (`test_numbers`).
    behind : float, log
        Log weight behind the best that may be lost. Computational (`test_numbers`).
    floor : float
        Added to scaled weights, so that their sums are upper bounds. Computational (`test_numbers`).
    largest : float, log
        Largest log weight of a column. Computational (`test_numbers`).
    """

    factored: int = 6
    block: int = 32
    cells: int = 1 << 16
    rows: int = 2048
    least: float = 1e-280
    behind: float = 50.0
    floor: float = 1e-306
    largest: float = 600.0


TUNING = Tuning()


@dataclass(frozen=True)
class MarginTerms:
    """Terms of the marginal likelihood of each margin that do not depend on the unseen persons."""

    constant: Floats  # (2**K,)
    zero_cell: Floats  # (n,) prior mass plus listed persons in the all-zero cell, each once
    place: NDArray[np.intp]  # (2**K,) which of them is the margin's
    total: float  # prior mass plus listed persons
    mass: float  # prior mass


@dataclass(frozen=True)
class GraphPosteriors:
    """Posterior weights of graphs.

    Parameters
    ----------
    edges : ndarray of uint32, shape (n_shown,)
        The most probable graphs in order; bit e is pair e of `combinations(range(K), 2)`.
    probabilities, means : ndarray of float64, shape (n_shown,)
        Of each graph, and the mean of the values under it.
    edge_probabilities : ndarray of float64, shape (K * (K - 1) / 2,)
        Of the graphs that join each pair.
    """

    edges: NDArray[np.uint32]
    probabilities: Floats
    means: Floats
    edge_probabilities: Floats


class GraphSums:
    """The mean over graphs of their marginal likelihood, and what each graph weighs.

    Parameters
    ----------
    n_lists : int
        Lists of the table.
    saturated : bool
        Whether the graph that joins every pair takes part.
    """

    def __init__(self, n_lists: int, *, saturated: bool) -> None:
        self.n_lists = n_lists
        self.saturated = saturated
        self.n_graphs = len(growth(n_lists).rest) - (not saturated)  # the complete graph is the last

    def log_means(self, margins: Floats, common: Floats) -> Floats:
        """Logarithm of the mean, and of a factor that all graphs share, at each column of the margins."""
        factored = self.n_lists >= TUNING.factored
        width = TUNING.block if factored else max(TUNING.block, TUNING.cells // self.n_graphs)
        places = np.arange(0 if factored else self.n_graphs)
        sums = np.empty(margins.shape[1])
        for start in range(0, len(sums), width):
            block = margins[:, start : start + width]
            parts = _log_sum(self._log_parts(block)) if factored else _log_sums(self.n_lists, places, block)
            sums[start : start + width] = parts
        return np.asarray(sums + common - np.log(self.n_graphs))

    def posteriors(
        self, margins: Floats, log_weights: Floats, values: Floats, *, n_shown: int
    ) -> GraphPosteriors:
        """Probabilities of graphs and of edges, and means of `values` under the most probable graphs.

        `log_weights` and `values` belong to the columns of the margins; weights of 0 are -inf.
        """
        shares = self._shares(margins, log_weights) if self.n_lists >= TUNING.factored else None
        if shares is None:
            places = self._weighty(margins, log_weights, n_shown)
        else:
            places = self._candidates(margins, log_weights, shares, n_shown)
        found, means = _moments(self.n_lists, places, margins, log_weights, values)
        edges = _edges(self.n_lists, places)
        if shares is None:
            total = float(found.sum())
            bits = range(comb(self.n_lists, 2))
            joined = [float(found[(edges >> np.uint32(bit)) & 1 == 1].sum()) for bit in bits]
        else:
            total = sum(float(rests.sum()) for rests, _ in shares)
            joined = _edge_sums(self.n_lists, shares)
        order = np.lexsort((edges, -found))[:n_shown]
        return GraphPosteriors(edges[order], found[order] / total, means[order], np.array(joined) / total)

    def _factors(self, margins: Floats) -> Iterator[tuple[_Step, Floats, Floats, Floats]]:
        """Each last vertex: weights of the rests and the log of their scale, and of its own factors."""
        known: dict[frozenset[int], tuple[Floats, Floats]] = {}
        lists = list(range(self.n_lists))
        for step in _steps(self.n_lists):
            v, rest = step.vertex, margins[step.without]
            own = margins[step.without | 1 << v] - rest
            own[step.empty] = -np.inf
            if v == self.n_lists - 1 and not self.saturated:
                own[-1] = -np.inf
            rests, scale = _grown(lists[:v] + lists[v + 1 :], rest, known)
            yield step, rests, scale, own

    def _log_parts(self, margins: Floats) -> Floats:
        """Logarithm of the sum over the graphs of each last vertex and its neighbours, at a few columns.

        A sum that has lost bits to underflow is bounded by its scale. Where that bound is not negligible
        beside the whole, its graphs are added up one by one.
        """
        n_sets = 1 << (self.n_lists - 1)
        logs = np.full((self.n_lists * n_sets, margins.shape[1]), -np.inf)
        bounds = logs.copy()
        for step, rests, scale, own in self._factors(margins):
            found = step.matrix @ rests
            own_parts = slice(step.vertex * n_sets, (step.vertex + 1) * n_sets)
            kept = found >= TUNING.least
            np.log(found, out=logs[own_parts], where=kept)
            logs[own_parts] += own + scale
            np.copyto(bounds[own_parts], own + (scale + np.log(TUNING.least)), where=~kept)
        doubtful = bounds > _log_sum(logs) - TUNING.behind
        for part in np.flatnonzero(doubtful.any(axis=1)):
            columns = np.flatnonzero(doubtful[part])
            logs[part, columns] = _log_sums(self.n_lists, self._places(part), margins[:, columns])
        return logs

    def _shares(self, margins: Floats, log_weights: Floats) -> list[tuple[Floats, Floats]] | None:
        """Weigh the graphs of each last vertex, by their rest and by the neighbours of the vertex.

        None says that the scaled products may have lost what matters.
        """
        n_sets = 1 << (self.n_lists - 1)
        n_rests = len(growth(self.n_lists - 1).rest)
        shares = [(np.zeros(n_rests), np.zeros(n_sets)) for _ in _steps(self.n_lists)]
        for start in range(0, len(log_weights), TUNING.block):
            block = slice(start, start + TUNING.block)
            factors = self._factors(margins[:, block])
            for (by_rest, by_around), (step, rests, scale, own) in zip(shares, factors, strict=True):
                around, top = _scaled(own)
                largest = log_weights[block] + scale + top
                if largest.max() > TUNING.largest:
                    return None
                rests += TUNING.floor
                around[own > -np.inf] += TUNING.floor
                weights = np.exp(largest)
                by_around += ((step.matrix @ rests) * around * weights).sum(axis=1)
                rests *= step.matrix.T @ around
                rests *= weights
                by_rest += rests.sum(axis=1)
        return shares

    def _candidates(
        self, margins: Floats, log_weights: Floats, shares: list[tuple[Floats, Floats]], n_shown: int
    ) -> NDArray[np.intp]:
        """Places of graphs with the most probable among them: a graph weighs less than all of its part."""
        steps = _steps(self.n_lists)
        bounds = np.concatenate(
            [
                np.minimum(by_rest[step.rest], by_around[step.around])
                for step, (by_rest, by_around) in zip(steps, shares, strict=True)
            ]
        )[: self.n_graphs]
        n_first = min(10 * n_shown, self.n_graphs)
        first = np.argpartition(-bounds, n_first - 1)[:n_first]
        found, _ = _moments(self.n_lists, first, margins, log_weights, np.zeros(len(log_weights)))
        return np.flatnonzero(bounds >= np.sort(found)[-min(n_shown, n_first)] * (1 - 1e-6))

    def _weighty(self, margins: Floats, log_weights: Floats, n_shown: int) -> NDArray[np.intp]:
        """Places of graphs that hold all of the weight, but for rounding, and the most probable graphs."""
        if self.n_lists < TUNING.factored:
            return np.arange(self.n_graphs)
        weights = np.zeros(self.n_lists << (self.n_lists - 1))
        for start in range(0, len(log_weights), TUNING.block):
            block = slice(start, start + TUNING.block)
            weights += np.exp(self._log_parts(margins[:, block]) + log_weights[block]).sum(axis=1)
        order = np.argsort(-weights)
        left = weights.sum() - np.cumsum(weights[order])
        n_parts = min(int(np.searchsorted(-left, -1e-16 * weights.sum())) + 1, len(order))
        while True:
            places = np.concatenate([self._places(part) for part in order[:n_parts]])
            found, _ = _moments(self.n_lists, places, margins, log_weights, np.zeros(len(log_weights)))
            least = np.sort(found)[-n_shown] if len(found) >= n_shown else 0.0
            if n_parts == len(order) or least >= weights[order[n_parts]]:
                return places
            n_parts = min(2 * n_parts, len(order))

    def _places(self, part: int | np.intp) -> NDArray[np.intp]:
        """Places of the graphs of one last vertex and its neighbours."""
        starts = growth(self.n_lists).starts
        return np.arange(starts[part], min(starts[part + 1], self.n_graphs))


class _Step:
    """The graphs of one last vertex, as sums over what they grow from."""

    def __init__(self, n_lists: int, v: int) -> None:
        from scipy.sparse import csr_matrix

        grown = growth(n_lists)
        n_sets = 1 << (n_lists - 1)
        self.vertex = v
        starts = grown.starts[v * n_sets : (v + 1) * n_sets + 1]
        self.places = slice(int(starts[0]), int(starts[-1]))
        self.empty = np.diff(starts) == 0  # no graph has these neighbours of its last vertex
        self.rest = grown.rest[self.places]
        self.around = repeat(np.arange(n_sets, dtype=np.uint8), np.diff(starts))
        self.without = without_vertex(n_lists, v)
        self.matrix = csr_matrix(
            (np.ones(len(self.rest)), self.rest, starts - starts[0]),
            shape=(n_sets, len(growth(n_lists - 1).rest)),
        )


@lru_cache(maxsize=8)
def _steps(n_lists: int) -> tuple[_Step, ...]:
    """Of every vertex that is the last of any graph: two vertices at least are simplicial."""
    return tuple(_Step(n_lists, v) for v in range(1, n_lists))


@lru_cache(maxsize=8)
def _rows(n_lists: int, n_graphs: int) -> csr_matrix:
    """Rows of the first graphs, kept where they are few."""
    return growth(n_lists).rows(np.arange(n_graphs))


@lru_cache(maxsize=8)
def _every_edge(n_lists: int) -> NDArray[np.uint32]:
    """Edges of every graph, kept where they are few."""
    grown = growth(n_lists)
    return grown.edges(np.arange(len(grown.rest)))


def _edges(n_lists: int, places: NDArray[np.intp]) -> NDArray[np.uint32]:
    return _every_edge(n_lists)[places] if n_lists < TUNING.factored else growth(n_lists).edges(places)


def _grown(
    lists: list[int], margins: Floats, known: dict[frozenset[int], tuple[Floats, Floats]]
) -> tuple[Floats, Floats]:
    """Weights of every graph on some lists at each column, and the log of their scale.

    `margins` are those of these lists; `known` keeps the weights on all but one of them.
    """
    n_lists = len(lists)
    parts, scales = [], []
    for step in _steps(n_lists):
        u, rest = step.vertex, margins[step.without]
        key = frozenset(lists[:u] + lists[u + 1 :])
        if key not in known:
            grown = growth(n_lists - 1)
            known[key] = _scaled(_rows(n_lists - 1, len(grown.rest)) @ rest)
        own = margins[step.without | 1 << u] - rest
        own[step.empty] = -np.inf
        around, top = _scaled(own)
        parts.append((step, known[key][0], around))
        scales.append(known[key][1] + top)
    scale = np.max(scales, axis=0)
    weights = np.empty((len(growth(n_lists).rest), margins.shape[1]))
    for (step, rests, around), own in zip(parts, scales, strict=True):
        around *= np.exp(own - scale)
        part = np.take(rests, step.rest, axis=0, out=weights[step.places], mode="clip")
        part *= around[step.around]
    return weights, scale


def _scaled(logs: Floats) -> tuple[Floats, Floats]:
    """Exponentials of each column over its highest, and the log of the highest."""
    top = logs.max(axis=0)
    return np.exp(logs - top), top


def _log_sum(logs: Floats) -> Floats:
    """Logarithm of the sum of exponentials in each column; an empty sum is -inf."""
    top = logs.max(axis=0)
    with np.errstate(divide="ignore"):
        return np.asarray(top + np.log(np.exp(logs - np.where(top > -np.inf, top, 0.0)).sum(axis=0)))


def _log_sums(n_lists: int, places: NDArray[np.intp], margins: Floats) -> Floats:
    """Logarithm of the sum over some graphs at each column, graph by graph."""
    sums = [_log_sum(block) for _, block in _blocks(n_lists, places, margins)]
    return sums[0] if len(sums) == 1 else _log_sum(np.array(sums))


def _moments(
    n_lists: int, places: NDArray[np.intp], margins: Floats, log_weights: Floats, values: Floats
) -> tuple[Floats, Floats]:
    """Compute the weights of some graphs, and the mean of `values` under each."""
    shares, sums = np.empty(len(places)), np.empty(len(places))
    for part, block in _blocks(n_lists, places, margins):
        block += log_weights
        np.exp(block, out=block)
        shares[part] = block.sum(axis=1)
        block *= values
        sums[part] = block.sum(axis=1)
    return shares, np.divide(sums, shares, out=np.full(len(sums), np.nan), where=shares > 0)


def _blocks(n_lists: int, places: NDArray[np.intp], margins: Floats) -> Iterator[tuple[slice, Floats]]:
    """Log marginal likelihoods of some graphs at a time at each column."""
    for start in range(0, len(places), TUNING.rows):
        part = slice(start, start + TUNING.rows)
        if TUNING.rows > len(places) >= len(growth(n_lists).rest) - 1:  # all, or all but the complete graph
            yield part, _rows(n_lists, len(places)) @ margins
        else:
            yield part, growth(n_lists).rows(places[part]) @ margins


def _edge_sums(n_lists: int, shares: list[tuple[Floats, Floats]]) -> list[float]:
    """Sum of what the graphs that join each pair weigh."""
    place = {pair: bit for bit, pair in enumerate(combinations(range(n_lists), 2))}
    sums = [0.0] * len(place)
    edges = _every_edge(n_lists - 1)
    within = [(edges >> np.uint32(bit)) & 1 == 1 for bit in range(comb(n_lists - 1, 2))]
    sets = np.arange(1 << (n_lists - 1))
    for step, (rests, around) in zip(_steps(n_lists), shares, strict=True):
        v = step.vertex
        others = [u for u in range(n_lists) if u != v]
        for u, other in enumerate(others):
            sums[place[min(v, other), max(v, other)]] += float(around[(sets >> u) & 1 == 1].sum())
        for joined, (i, j) in zip(within, combinations(range(n_lists - 1), 2), strict=True):
            sums[place[others[i], others[j]]] += float(rests[joined].sum())
    return sums


def margin_terms(histories: NDArray[np.uint8], counts: Ints, delta: float) -> MarginTerms:
    """Collapse the table to each of the 2**K margins under a prior mass of delta per full cell."""
    n_lists = histories.shape[1]
    mass = delta * 2.0**n_lists
    codes = histories.astype(np.int64) @ (1 << np.arange(n_lists))
    margins = np.arange(1 << n_lists)
    places = (codes[:, None] & margins) + (margins << n_lists)
    cells = bincount(places.ravel(), repeat(counts, len(margins)), len(margins) ** 2)
    cells = cells.reshape(len(margins), -1)
    cell_mass = delta * 2.0 ** (n_lists - np.bitwise_count(margins).astype(np.float64))
    full = gammaln(cell_mass)
    margin, cell = np.nonzero(cells[:, 1:])
    seen = gammaln(cells[margin, cell + 1] + cell_mass[margin]) - full[margin]
    constant = bincount(margin, seen, len(margins)) - full
    zero_cell = cells[:, 0] + cell_mass
    zero_cell, place = np.unique(zero_cell, return_inverse=True)
    return MarginTerms(constant + gammaln(mass), zero_cell, place, mass + float(counts.sum()), mass)


def log_margins(terms: MarginTerms, n_unobserved: Floats) -> Floats:
    """Log marginal likelihood of each margin, shape (2**K, n), for each number of unseen persons."""
    moving = gammaln(terms.zero_cell[:, None] + n_unobserved) - gammaln(terms.total + n_unobserved)
    return np.asarray(terms.constant[:, None] + moving[terms.place])
