"""Exact averaging over decomposable graphs, against brute force."""

from itertools import combinations, product

import numpy as np
import pytest
from scipy.special import gammaln, logsumexp

from detcount import datasets
from detcount._numerics.decomposable import decomposable_graphs
from detcount.abundance.decomposable import DecomposableGraphs
from detcount.abundance.priors import ElicitedLogNormal, InverseN, NegativeBinomial
from detcount.captures import CaptureTable

EXACT = 1e-9  # two ways of adding the same terms in double precision


@pytest.mark.parametrize(("n_lists", "n_graphs"), [(3, 8), (4, 61), (5, 822), (6, 18_154)])
def test_number_of_decomposable_graphs(n_lists, n_graphs):
    assert len(decomposable_graphs(n_lists).edges) == n_graphs


def _brute_force(table, delta, last):
    """Posterior of n_0 = 1..last for three lists, each graph written out as cliques and separators."""
    graphs = [
        ([[0], [1], [2]], []),
        *([[[i, j], [k]], []] for i, j, k in ((0, 1, 2), (0, 2, 1), (1, 2, 0))),
        *([[[i, k], [j, k]], [[k]]] for i, j, k in ((0, 1, 2), (0, 2, 1), (1, 2, 0))),
    ]
    observed = dict(zip(map(tuple, table.histories.tolist()), table.counts.tolist(), strict=True))
    log_posterior = np.empty(last)
    for n0 in range(1, last + 1):
        cells = {cell: observed.get(cell, 0) for cell in product((0, 1), repeat=3)}
        cells[(0, 0, 0)] = n0
        total = sum(cells.values())

        def margin(lists, cells=cells, total=total):
            mass = delta * 2 ** (3 - len(lists))
            value = gammaln(8 * delta) - gammaln(total + 8 * delta)
            for key in product((0, 1), repeat=len(lists)):
                here = sum(n for cell, n in cells.items() if tuple(cell[v] for v in lists) == key)
                value += gammaln(here + mass) - gammaln(mass)
            return value

        log_graphs = [sum(map(margin, cliques)) - sum(map(margin, seps)) for cliques, seps in graphs]
        log_posterior[n0 - 1] = (
            logsumexp(log_graphs)
            + gammaln(total + 1)
            - sum(gammaln(n + 1) for n in cells.values())
            - np.log(total)
        )
    return np.exp(log_posterior - logsumexp(log_posterior))


def test_posterior_equals_brute_force_over_three_lists():
    table = CaptureTable.from_counts(
        {"100": 17, "010": 9, "001": 23, "110": 6, "101": 4, "011": 8, "111": 3}, lists=["a", "b", "c"]
    )
    estimate = DecomposableGraphs(delta=0.3, prior=InverseN(1, 400)).fit(table)
    posterior = _brute_force(table, 0.3, 400)
    n0 = np.arange(1, 401)
    assert estimate.detail.mean == pytest.approx(70 + np.sum(n0 * posterior), rel=EXACT)
    below = np.cumsum(posterior)
    for level in (0.5, 0.8, 0.95):
        interval = estimate.interval(level)
        tail = (1 - level) / 2
        assert interval.low == pytest.approx(70 + n0[np.searchsorted(below, tail)], abs=1)
        assert interval.high == pytest.approx(70 + n0[np.searchsorted(below, 1 - tail)], abs=1)
    share = np.mean(estimate.draws <= estimate.point)
    assert abs(share - 0.5) < 0.04  # four standard errors of 4,000 draws


def test_probabilities_add_up_and_edges_agree_with_graphs():
    estimate = DecomposableGraphs().fit(datasets.load("kosovo"))
    detail = estimate.detail
    assert sum(graph.probability for graph in detail.graphs) == pytest.approx(1, abs=1e-9)
    for pair in combinations(datasets.load("kosovo").lists, 2):
        by_graphs = sum(graph.probability for graph in detail.graphs if pair in graph.edges)
        assert detail.edge_probabilities[pair] == pytest.approx(by_graphs, abs=1e-9)
    assert list(detail.to_frame().columns) == ["edges", "probability", "mean"]


def test_a_narrow_prior_decides_and_a_wide_one_does_not():
    table = datasets.load("kosovo")
    narrow = DecomposableGraphs(prior=NegativeBinomial(mean=9_000, shape=4_000)).fit(table)
    wide = DecomposableGraphs(prior=ElicitedLogNormal(median=12_000, upper90=60_000)).fit(table)
    plain = DecomposableGraphs().fit(table)
    assert narrow.point < 0.9 * plain.point
    assert wide.point == pytest.approx(plain.point, rel=0.02)
