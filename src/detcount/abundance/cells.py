"""Posterior draws of the cell probabilities behind an estimate."""

from __future__ import annotations

import numpy as np

from detcount._numerics.arrays import Floats
from detcount._numerics.decomposable import decomposable_graphs, edge_pairs, log_margins, margin_terms
from detcount._numerics.listed_cells import (
    graph_log_cells,
    latent_class_log_cells,
    listed_log_cells,
    perfect_order,
)
from detcount.abundance.decomposable import DecomposableGraphs, DecomposableGraphsDetail
from detcount.abundance.guards import counts_by_code
from detcount.abundance.latent_class import LatentClassDetail
from detcount.captures import CaptureTable
from detcount.estimates import AbundanceEstimate

_N_VALUES = 200  # of N at which graphs are drawn: given N, many draws of the graph cost as much as one
_CHUNK = 8


def latent_class_cells(detail: LatentClassDetail) -> Floats:
    """Log probabilities of the observed-able cells, summing to one, a row for each draw that was kept."""
    return listed_log_cells(latent_class_log_cells(detail.list_shares, detail.class_weights))


def graph_cells(
    estimate: AbundanceEstimate, table: CaptureTable, n_draws: int, random: np.random.Generator
) -> Floats:
    """Log probabilities of the observed-able cells, summing to one: N, then a graph, then its cells."""
    estimator, detail, draws = estimate.estimator, estimate.detail, estimate.draws
    if not isinstance(estimator, DecomposableGraphs) or not isinstance(detail, DecomposableGraphsDetail):
        raise TypeError(f"expected an estimate by DecomposableGraphs, got one by {estimator!r}")
    assert draws is not None
    n_lists, delta = table.n_lists, detail.delta
    pairs = edge_pairs(n_lists)
    graphs = decomposable_graphs(n_lists)
    rows, edges = graphs.rows, graphs.edges
    if not estimator.saturated:
        complete = (1 << len(pairs)) - 1
        rows, edges = rows[edges != complete], edges[edges != complete]
    n_values = min(n_draws, _N_VALUES)
    unlisted = np.sort(draws - table.n_observed)
    values = random.permutation(unlisted[((np.arange(n_values) + 0.5) / n_values * len(draws)).astype(int)])
    terms = margin_terms(table.histories, table.counts, delta)
    masses = counts_by_code(table) + delta
    cells = np.empty((n_draws, 1 << n_lists))
    for start in range(0, n_values, _CHUNK):
        part = values[start : start + _CHUNK]
        scores = rows @ log_margins(terms, part)
        shares = np.cumsum(np.exp(scores - scores.max(axis=0)), axis=0)
        for column, n_unlisted in enumerate(part):
            places = np.arange(start + column, n_draws, n_values)
            share = shares[:, column]
            chosen = np.searchsorted(share, random.random(len(places)) * share[-1], side="right")
            masses[0] = n_unlisted + delta
            for place, graph in zip(places, np.minimum(chosen, len(edges) - 1), strict=True):
                joined = [pair for bit, pair in enumerate(pairs) if int(edges[graph]) >> bit & 1]
                cells[place] = graph_log_cells(perfect_order(joined, n_lists), masses, random)
    return listed_log_cells(cells)
