"""Sums over decomposable graphs and over whole numbers, against the same sums one by one."""

from dataclasses import replace
from itertools import combinations, product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln, logsumexp

from detcount import datasets
from detcount._numerics import graph_sums
from detcount._numerics.arrays import on_lattice
from detcount._numerics.decomposable import decomposable_graphs
from detcount._numerics.graph_sums import GraphPosteriors, GraphSums, log_margins, margin_terms
from detcount._numerics.lattice import lattice_density
from detcount.abundance.decomposable import DecomposableGraphs
from detcount.abundance.priors import ElicitedLogNormal, InverseN, NegativeBinomial
from detcount.data.captures import CaptureTable

EXACT = 1e-12  # of the sum over graphs


def _margins(n_lists, kind, seed, unseen):
    """Log marginal likelihoods of a made table, rounded so that their sums have no error."""
    random = np.random.default_rng(seed)
    shares = {
        "sparse": np.full(n_lists, 0.08),
        "dense": random.uniform(0.2, 0.6, n_lists),
        "odd": 0.9 ** np.arange(1, 9 * n_lists, 9),
    }[kind]
    persons = {"sparse": 150, "dense": 20_000, "odd": 3_000}[kind]
    easy = random.random((persons, 1)) < 0.4
    listed = random.random((persons, n_lists)) < np.where(easy, np.minimum(1.6 * shares, 0.95), 0.6 * shares)
    if kind == "odd":
        listed[:, 1] |= listed[:, 0]  # one list holds another, and the last are nearly empty
    histories, counts = np.unique(listed[listed.any(axis=1)], axis=0, return_counts=True)
    terms = margin_terms(histories.astype(np.uint8), counts, 2.0**-n_lists)
    return on_lattice(log_margins(terms, np.array(unseen)))


def _all_rows(n_lists, saturated):
    graphs = decomposable_graphs(n_lists)
    last = (1 << n_lists * (n_lists - 1) // 2) - 1
    kept = np.flatnonzero(saturated | (graphs.edges != last))
    return graphs.edges[kept], graphs.rows[kept]


@settings(max_examples=12, deadline=None)
@given(
    n_lists=st.sampled_from([5, 6]),
    kind=st.sampled_from(["sparse", "dense", "odd"]),
    seed=st.integers(0, 10_000),
    saturated=st.booleans(),
    unseen=st.lists(st.floats(0, 1e7), min_size=1, max_size=6),
)
def test_factored_sums_are_the_sums_graph_by_graph(n_lists, kind, seed, saturated, unseen):
    margins = _margins(n_lists, kind, seed, unseen)
    _, rows = _all_rows(n_lists, saturated)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(graph_sums, "TUNING", replace(graph_sums.TUNING, factored=4))
        found = GraphSums(n_lists, saturated=saturated).log_means(margins, np.zeros(len(unseen)))
    logs = rows @ margins
    expected = logsumexp(logs, axis=0) - np.log(rows.shape[0])
    top = logs.max(axis=0)
    ratio = np.exp(found - top) / np.exp(expected - top)
    np.testing.assert_allclose(ratio, 1.0, rtol=EXACT + 4e-16 * np.abs(expected).max())


def test_sums_that_underflow_are_added_up_graph_by_graph(monkeypatch):
    """Far from where the persons lie the best factors of a vertex and the best rest may never meet."""
    asked = []
    plain = graph_sums._log_sums

    def counted(n_lists, places, margins):
        asked.append(len(places))
        return plain(n_lists, places, margins)

    monkeypatch.setattr(graph_sums, "_log_sums", counted)
    margins = np.random.default_rng(4).normal(0.0, 400.0, (64, 3))
    margins[0] = 0.0
    found = GraphSums(6, saturated=False).log_means(margins, np.zeros(3))
    _, rows = _all_rows(6, False)
    expected = logsumexp(rows @ margins, axis=0) - np.log(18_153)
    np.testing.assert_allclose(found, expected, rtol=1e-14)
    assert asked
    assert sum(asked) < 18_153


def _shown_by_every_graph(margins, log_weights, values, n_shown):
    n_lists = len(margins).bit_length() - 1
    edges, rows = _all_rows(n_lists, False)
    weights = np.exp(rows @ margins + log_weights)
    shares = weights.sum(axis=1) / weights.sum()
    order = np.lexsort((edges, -shares))[:n_shown]
    joined = np.array([shares[edges >> bit & 1 == 1].sum() for bit in range(comb(n_lists, 2))])
    means = (weights @ values)[order] / weights.sum(axis=1)[order]
    return GraphPosteriors(edges[order], shares[order], means, joined), shares


@pytest.mark.parametrize("kind", ["sparse", "dense", "odd"])
# by bounds, and by the graphs of weighty parts
@pytest.mark.parametrize(("n_lists", "largest"), [(5, 600.0), (6, 600.0), (6, -np.inf)])
def test_graphs_and_edges_weigh_what_they_weigh_graph_by_graph(kind, n_lists, largest, monkeypatch):
    monkeypatch.setattr(graph_sums, "TUNING", replace(graph_sums.TUNING, factored=5))
    values = np.array([100.0, 300.0, 2_000.0, 9_000.0])
    margins = _margins(n_lists, kind, 9, list(values))
    sums = GraphSums(n_lists, saturated=False)
    heights = sums.log_means(margins, np.zeros(4)) + np.log(sums.n_graphs)
    log_weights = np.log([0.1, 0.2, 0.3, 0.4]) - heights
    expected, shares = _shown_by_every_graph(margins, log_weights, values, 100)
    monkeypatch.setattr(graph_sums, "TUNING", replace(graph_sums.TUNING, largest=largest))
    found = sums.posteriors(margins, log_weights, values, n_shown=100)
    np.testing.assert_array_equal(found.edges, expected.edges)
    np.testing.assert_allclose(found.probabilities, expected.probabilities, rtol=1e-11)
    np.testing.assert_allclose(found.means, expected.means, rtol=1e-11)
    np.testing.assert_allclose(found.edge_probabilities, expected.edge_probabilities, rtol=1e-11)
    assert (found.edge_probabilities <= 1 + 1e-12).all()
    assert found.probabilities[-1] > np.sort(shares)[-102]


def test_a_tail_without_end_is_reported():
    density = lattice_density(lambda x: -np.log(x + 5.0), first=0)
    assert density.tail == 1.0


def test_a_heavy_tail_is_followed_until_little_is_left():
    density = lattice_density(lambda x: -2.0 * np.log(x + 1.0), first=0)
    assert density.tail < 1e-6
    assert np.exp(density.log_total) == pytest.approx(np.pi**2 / 6, rel=2e-6)


ADDED = 1e-9  # two ways of adding the same terms in double precision


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
    assert estimate.detail.mean == pytest.approx(70 + np.sum(n0 * posterior), rel=ADDED)
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
