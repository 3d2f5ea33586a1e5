"""Sums over all whole numbers of a density that is known only through its logarithm.

The line is cut into panels. A short panel is added up; a long one is read at eight Gauss-Legendre nodes, and
the Euler-Maclaurin correction turns the integral into the sum. Panels are halved until halving no longer
changes the total. The line is extended until the tail is negligible, or until it cannot be extended.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints


@dataclass(frozen=True)
class Tuning:
    """Quadrature of sums over whole numbers.

    Parameters
    ----------
    nodes : int, nodes
        Gauss-Legendre nodes of a panel. Convention: error below 1e-12 with halving.
    panels : int, panels
        Panels read before the line is extended. Computational (`test_numbers`).
    batches : int, panels
        Most batches of panels at a time. Computational (`test_numbers`).
    grid : int, points
        Points of a panel at which cumulative sums are held. Convention: linear interpolation to a hundredth
        of a panel.
    farthest : int, persons
        Number beyond which log gamma cancels too many digits. Computational (`test_numbers`).
    """

    nodes: int = 8
    panels: int = 12
    batches: int = 5
    grid: int = 33
    farthest: int = 10**10


TUNING = Tuning()


_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(TUNING.nodes)
_N_NODES = TUNING.nodes
_GRID = np.linspace(-1.0, 1.0, TUNING.grid)

Evaluate = Callable[[Floats], Floats]


def _lagrange() -> list[Floats]:
    """Coefficients, lowest first, of the polynomials that are 1 at one node and 0 at the others."""
    return [
        np.polynomial.polynomial.polyfromroots(np.delete(_NODES, j))
        / np.prod(_NODES[j] - np.delete(_NODES, j))
        for j in range(_N_NODES)
    ]


_BASIS = _lagrange()
_END_SLOPE = np.array(
    [
        np.diff(np.polynomial.polynomial.polyval([-1, 1], np.polynomial.polynomial.polyder(b)))[0]
        for b in _BASIS
    ]
)
_END_THIRD = np.array(
    [
        np.diff(np.polynomial.polynomial.polyval([-1, 1], np.polynomial.polynomial.polyder(b, 3)))[0]
        for b in _BASIS
    ]
)
# Integral of each basis polynomial from the left end to each point of the grid.
_CUMULATIVE = np.array(
    [np.polynomial.polynomial.polyval(_GRID, np.polynomial.polynomial.polyint(b, lbnd=-1)) for b in _BASIS]
)


@dataclass(frozen=True)
class LatticeDensity:
    """A density on whole numbers, held at the nodes of panels.

    Parameters
    ----------
    starts, stops : ndarray of int64, shape (n_panels,)
        Each panel holds the whole numbers from start to stop - 1.
    nodes, weights : ndarray of float64, shape (n_panels, 8)
        Where the density is evaluated, and the weight of each value; unused places have weight 0.
    log_density : ndarray of float64, shape (n_panels, 8)
        Log density at the nodes, not normalised.
    log_total : float
        Log of the sum over all whole numbers.
    tail : float
        Share of the total estimated to lie beyond the last panel.
    """

    starts: Ints
    stops: Ints
    nodes: Floats
    weights: Floats
    log_density: Floats
    log_total: float
    tail: float

    @property
    def masses(self) -> Floats:
        """Share of the total at each node."""
        return np.asarray(self.weights * np.exp(self.log_density - self.log_total))

    def expectation(self, values: Floats) -> float:
        """Mean of a function given at the nodes."""
        return float(np.sum(self.masses * values))

    def distribution(self) -> tuple[Floats, Floats]:
        """Points x, rising, and the share of whole numbers at or below each of them."""
        masses = self.masses
        density = np.exp(self.log_density - self.log_total)
        sizes = self.stops - self.starts
        short = (sizes <= _N_NODES)[:, None]
        whole = masses.sum(axis=1)
        below = np.cumsum(np.concatenate([[0.0], whole]))
        half = (sizes / 2)[:, None]
        inside = np.zeros((len(sizes), len(_GRID) - 1))
        for node, basis in enumerate(_CUMULATIVE[:, 1:]):
            inside += density[:, node, None] * basis
        inside = np.maximum.accumulate(inside * half, axis=1)
        last = inside[:, -1:]
        inside *= np.divide(whole[:, None], last, out=np.ones_like(last), where=last > 0)
        inside[:, :_N_NODES] = np.where(short, np.cumsum(masses, axis=1), inside[:, :_N_NODES])
        place = np.arange(inside.shape[1])
        starts = self.starts[:, None]
        points = np.where(short, starts + place + 0.5, starts - 0.5 + half * (_GRID[1:] + 1))
        read = ~short | (place < sizes[:, None])
        return (
            np.concatenate([[self.starts[0] - 0.5], points[read]]),
            np.concatenate([[0.0], (below[:-1, None] + inside)[read]]),
        )

    def quantiles(self, probabilities: Floats) -> Floats:
        """Smallest whole numbers with at least the probabilities at or below them."""
        points, shares = self.distribution()
        kept = np.concatenate([[True], np.diff(shares) > 0])
        where = np.interp(probabilities * shares[-1], shares[kept], points[kept])
        return np.asarray(np.maximum(np.ceil(where - 0.5 - 1e-9), self.starts[0]))


def lattice_density(
    evaluate: Evaluate,
    *,
    first: int,
    last: int | None = None,
    reach: int = 0,
    ratio: float = 2.0,
    tolerance: float = 1e-8,
    tail_tolerance: float = 1e-6,
) -> LatticeDensity:
    """Sum exp(evaluate(x)) over whole x from `first` to `last`, or to where the tail ends.

    Parameters
    ----------
    evaluate : callable
        Log density at points given as a flat array.
    first, last : int
        Least and greatest whole number; without `last` the line is extended.
    reach : int, optional
        Without `last`, the line goes at least this far: a second mode may lie beyond a fallen first one.
    ratio : float, optional
        Width of the first panels, as a ratio of their ends. Eight nodes must not step over a mode.
    tolerance, tail_tolerance : float, optional
        Change of the total that ends the halving; share of it that may lie beyond the end.
    """
    state = _Panels(evaluate)
    edges = _first_edges(first, TUNING.farthest if last is None else last + 1, ratio)
    position = 0
    tail = 0.0
    n_sure = len(edges) - 1 if last is not None else int(np.searchsorted(edges, reach, side="right"))
    while position < len(edges) - 1:
        n_batches = min(max(1, -(-(n_sure - position) // TUNING.panels)), TUNING.batches)
        ahead = min(position + n_batches * TUNING.panels, len(edges) - 1)
        state.add(edges[position:ahead], edges[position + 1 : ahead + 1])
        position = ahead
        if last is None:
            tail = state.tail()
            if edges[position] > reach and tail < tail_tolerance / 10:
                break
    state.refine(tolerance)
    if last is None:
        while state.tail() > tail_tolerance and position < len(edges) - 1:
            ahead = min(position + TUNING.panels, len(edges) - 1)
            state.add(edges[position:ahead], edges[position + 1 : ahead + 1])
            position = ahead
            state.refine(tolerance)
        tail = state.tail()
    return state.finish(tail if last is None else 0.0)


def _first_edges(first: int, stop: int, ratio: float) -> Ints:
    """Ends of the first panels: eight wide, then growing by a ratio."""
    edges = [first]
    while edges[-1] < stop:
        step = max(_N_NODES, int((ratio - 1) * max(edges[-1], 1)))
        edges.append(min(edges[-1] + step, stop))
    return np.array(edges, dtype=np.int64)


class _Panels:
    """Panels read so far; `open` ones have not been shown to be good enough."""

    def __init__(self, evaluate: Evaluate) -> None:
        self.evaluate = evaluate
        self.starts = np.zeros(0, dtype=np.int64)
        self.stops = np.zeros(0, dtype=np.int64)
        self.nodes = np.zeros((0, _N_NODES))
        self.weights = np.zeros((0, _N_NODES))
        self.values = np.zeros((0, _N_NODES))
        self.open = np.zeros(0, dtype=bool)

    def add(self, starts: Ints, stops: Ints) -> None:
        nodes, weights = _rule(starts, stops)
        values = self.evaluate(nodes.ravel()).reshape(nodes.shape)
        self.starts = np.concatenate([self.starts, starts])
        self.stops = np.concatenate([self.stops, stops])
        self.nodes = np.concatenate([self.nodes, nodes])
        self.weights = np.concatenate([self.weights, weights])
        self.values = np.concatenate([self.values, values])
        self.open = np.concatenate([self.open, stops - starts > _N_NODES])

    def sums(self) -> tuple[Floats, float]:
        """Sum of each panel relative to exp(top), and top."""
        top = float(self.values.max())
        return np.sum(self.weights * np.exp(self.values - top), axis=1), top

    def refine(self, tolerance: float) -> None:
        while self.open.any():
            sums, top = self.sums()
            peaks = np.exp(self.values - top).max(axis=1) * (self.stops - self.starts)
            total = sums.sum()
            self.open &= peaks > 0.01 * tolerance * total
            chosen = np.flatnonzero(self.open)
            if len(chosen) == 0:
                return
            starts, stops = self.starts[chosen], self.stops[chosen]
            middles = starts + (stops - starts) // 2
            old = sums[chosen]
            keep = ~self.open
            for name in ("starts", "stops", "nodes", "weights", "values", "open"):
                setattr(self, name, getattr(self, name)[keep])
            n_kept = len(self.starts)
            self.add(np.concatenate([starts, middles]), np.concatenate([middles, stops]))
            new, new_top = self.sums()
            halves = new[n_kept:].reshape(2, -1).sum(axis=0)
            change = np.abs(halves - old * np.exp(top - new_top))
            settled = np.tile(change < tolerance * new.sum() / 16, 2)
            self.open[n_kept:] &= ~settled

    def tail(self) -> float:
        """Share of the total beyond the last panel, from the power at which the density falls there."""
        order = np.argsort(self.starts)
        sums, top = self.sums()
        last = order[-1]
        x, y = self.nodes[last], self.values[last]
        if self.stops[last] - self.starts[last] <= _N_NODES:
            return 1.0
        power = -(y[-1] - y[0]) / (np.log(x[-1]) - np.log(x[0]))
        if power <= 1:
            return 1.0
        beyond = np.exp(y[-1] - top) * x[-1] / (power - 1)
        return float(beyond / (beyond + max(sums.sum(), 0.0)))

    def finish(self, tail: float) -> LatticeDensity:
        order = np.argsort(self.starts)
        sums, top = self.sums()
        return LatticeDensity(
            self.starts[order],
            self.stops[order],
            self.nodes[order],
            self.weights[order],
            self.values[order],
            top + float(np.log(sums.sum())),
            tail,
        )


def _rule(starts: Ints, stops: Ints) -> tuple[Floats, Floats]:
    """Nodes and weights of each panel."""
    half = ((stops - starts) / 2.0)[:, None]
    nodes = starts[:, None] - 0.5 + half * (_NODES + 1)
    weights = half * _WEIGHTS - _END_SLOPE / (24 * half) + 7 / 5760 * _END_THIRD / half**3
    short = stops - starts <= _N_NODES
    whole = np.arange(_N_NODES)
    inside = whole < (stops - starts)[:, None]
    nodes = np.where(short[:, None], starts[:, None] + np.where(inside, whole, 0), nodes)
    weights = np.where(short[:, None], inside.astype(np.float64), weights)
    return nodes, weights
