"""Posterior draws of the cells of a capture table, and how far the table lies from what they predict."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr

_LEAST = 1e-300


def perfect_order(edges: Sequence[tuple[int, int]], n_lists: int) -> list[tuple[int, int]]:
    """Vertices of a decomposable graph, each with the bits of its neighbours among those before it."""
    joined = [0] * n_lists
    for i, j in edges:
        joined[i] |= 1 << j
        joined[j] |= 1 << i
    alive = (1 << n_lists) - 1
    order = []
    while alive:
        for v in range(n_lists):
            around = joined[v] & alive
            members = [u for u in range(n_lists) if around >> u & 1]
            if alive >> v & 1 and all(around & ~joined[u] == 1 << u for u in members):
                order.append((v, around))
                alive &= ~(1 << v)
                break
        else:
            raise ValueError("the graph is not decomposable")
    return order[::-1]


def graph_log_cells(
    order: list[tuple[int, int]], masses: NDArray[np.float64], random: np.random.Generator
) -> NDArray[np.float64]:
    """One hyper-Dirichlet draw of the log of all 2**K cells, for the mass of each cell.

    Along a perfect order the chances of being on a list given its neighbours before it are independent
    beta variables, whose shapes are sums of the masses.
    """
    codes = np.arange(len(masses))
    log_cells = np.zeros(len(masses))
    for v, around in order:
        on = codes >> v & 1
        given, place = np.unique(codes & around, return_inverse=True)
        shapes = np.bincount(place + len(given) * on, weights=masses).reshape(2, -1)
        chance = np.clip(random.beta(shapes[1], shapes[0]), _LEAST, 1 - 1e-16)
        log_cells += np.where(on == 1, np.log(chance)[place], np.log1p(-chance)[place])
    return log_cells


def latent_class_log_cells(
    list_shares: NDArray[np.float64], class_weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Log of all 2**K cells, shape (n, 2**K), of mixtures of independent lists."""
    cells = class_weights[:, :, None]
    for k in range(list_shares.shape[2]):
        share = list_shares[:, :, k, None]
        cells = np.concatenate([cells * (1 - share), cells * share], axis=2)
    return np.asarray(np.log(np.maximum(cells.sum(axis=1), _LEAST)))


def listed_log_cells(log_cells: NDArray[np.float64]) -> NDArray[np.float64]:
    """Drop the all-zero cell, the first, and make the others add up to one."""
    return normalized(log_cells[:, 1:])


def normalized(log_cells: NDArray[np.float64]) -> NDArray[np.float64]:
    """Make the probabilities of each row add up to one."""
    top = log_cells.max(axis=1, keepdims=True)
    return np.asarray(log_cells - top - np.log(np.exp(log_cells - top).sum(axis=1, keepdims=True)))


def freeman_tukey_p_value(
    counts: NDArray[np.int64], replicates: NDArray[np.int64], cells: NDArray[np.float64]
) -> float:
    """Share of replicates that lie farther from their expectation than the counts do.

    The distance is the sum of (sqrt(count) - sqrt(expected))^2, under the parameters of each draw.
    """
    expected = np.sqrt(counts.sum() * cells)
    observed = ((np.sqrt(counts) - expected) ** 2).sum(axis=1)
    replicated = ((np.sqrt(replicates) - expected) ** 2).sum(axis=1)
    return float(np.mean(replicated > observed) + 0.5 * np.mean(replicated == observed))


def tail_probabilities(counts: NDArray[np.int64], cells: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two-sided probability of each count, half of the count itself included, averaged over the draws."""
    total = counts.sum()
    at_most = bdtr(counts, total, cells)
    below = np.where(counts > 0, bdtr(np.maximum(counts - 1, 0), total, cells), 0.0)
    lower = np.mean(0.5 * (at_most + below), axis=0)
    return np.asarray(2 * np.minimum(lower, 1 - lower))
