"""Sums over decomposable graphs, against the same sums graph by graph."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logsumexp

from detcount._numerics import graph_sums
from detcount._numerics.arrays import on_lattice
from detcount._numerics.decomposable import decomposable_graphs
from detcount._numerics.graph_sums import GraphPosteriors, GraphSums, log_margins, margin_terms

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
        patch.setattr(graph_sums, "_FACTORED", 4)
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
    edges, rows = _all_rows(6, False)
    weights = np.exp(rows @ margins + log_weights)
    shares = weights.sum(axis=1) / weights.sum()
    order = np.lexsort((edges, -shares))[:n_shown]
    joined = np.array([shares[edges >> bit & 1 == 1].sum() for bit in range(15)])
    means = (weights @ values)[order] / weights.sum(axis=1)[order]
    return GraphPosteriors(edges[order], shares[order], means, joined), shares


@pytest.mark.parametrize("kind", ["sparse", "dense", "odd"])
@pytest.mark.parametrize("largest", [600.0, -np.inf])  # by bounds, and by the graphs of weighty parts
def test_graphs_and_edges_weigh_what_they_weigh_graph_by_graph(kind, largest, monkeypatch):
    values = np.array([100.0, 300.0, 2_000.0, 9_000.0])
    margins = _margins(6, kind, 9, list(values))
    sums = GraphSums(6, saturated=False)
    heights = sums.log_means(margins, np.zeros(4)) + np.log(sums.n_graphs)
    log_weights = np.log([0.1, 0.2, 0.3, 0.4]) - heights
    expected, shares = _shown_by_every_graph(margins, log_weights, values, 100)
    monkeypatch.setattr(graph_sums, "_LARGEST", largest)
    found = sums.posteriors(margins, log_weights, values, n_shown=100)
    np.testing.assert_array_equal(found.edges, expected.edges)
    np.testing.assert_allclose(found.probabilities, expected.probabilities, rtol=1e-11)
    np.testing.assert_allclose(found.means, expected.means, rtol=1e-11)
    np.testing.assert_allclose(found.edge_probabilities, expected.edge_probabilities, rtol=1e-11)
    assert (found.edge_probabilities <= 1 + 1e-12).all()
    assert found.probabilities[-1] > np.sort(shares)[-102]
