"""Rows on which chains of draws do not agree: bounds of their number, and nothing for all others."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detcount import linkage
from detcount._numerics.linkage.partitions import merged_from
from detcount.errors import NotEstimableError
from detcount.linkage import candidates, partitions
from namesakes import namesakes


def average(gain, labels):
    """The two clusters that are most alike on average, by trying all."""
    best, found = -np.inf, None
    for a, b in itertools.combinations(sorted(set(labels.tolist())), 2):
        mean = gain[np.ix_(labels == a, labels == b)].mean()
        if mean > best + 1e-12:
            best, found = mean, (a, b)
    return best, found


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 7), st.integers(1, 4))
def test_the_two_clusters_most_alike_are_put_together_first(seed, n, fewest):
    rng = np.random.default_rng(seed)
    gain = rng.normal(size=(n, n))
    gain += gain.T
    path = merged_from(np.arange(n), gain, lambda _: True, fewest)
    assert (path[0] == np.arange(n)).all()
    for before, after in itertools.pairwise(path):
        best, (a, b) = average(gain, before)
        assert best > 0 or len(set(before.tolist())) > fewest
        assert (after == np.where(before == b, a, before)).all()
    last = path[-1]
    assert len(set(last.tolist())) == 1 or (average(gain, last)[0] <= 0 and len(set(last.tolist())) <= fewest)


def test_what_is_decided_to_be_apart_is_never_put_together():
    gain = np.full((5, 5), 3.0)
    path = merged_from(np.array([0, 0, 1, 2, 3]), gain, lambda units: not {0, 4} <= set(units.tolist()), 1)
    assert (path[:, 0] == path[:, 1]).all()
    assert (path[:, 0] != path[:, 4]).all()
    assert len(set(path[-1].tolist())) == 2


@pytest.mark.parametrize(
    ("apart", "spread", "expected"), [(0.4, 0.1, False), (0.6, 0.1, True), (0.6, 9.0, False)]
)
def test_chains_that_differ_by_less_than_half_a_person_agree(apart, spread, expected):
    people = 70 + np.array([[0.0], [0.0], [0.0], [apart]]) + spread * np.tile([-0.5, 0.5], 30)
    assert partitions.disagree(people) is expected


@pytest.mark.slow
def test_one_person_many_times_has_bounds_and_they_are_said():
    tables, truth = namesakes(1, 1, rows=30, others=12)
    linked = linkage.link(linkage.read_lists(tables), n_draws=40)
    rows, low, high = linked.bounded
    assert low < high
    assert rows <= 30
    # everybody else is who they are: what is not known is between the bounds
    rest = linked.n_persons_draws.max() - high
    assert rest + low <= truth <= rest + high
    with pytest.raises(NotEstimableError, match="rows nearly say the same, and could not be drawn"):
        linked.persons_interval()
    assert "persons, without limits; " in linked.headline()
    assert "95%" not in linked.headline()
    assert (np.bincount(linked.n_persons_draws)[rest + low :] > 0).all()
    assert f"{rows:,} of these rows" in linked.sentence()
    assert f"they are {low:,} to {high:,}" in linked.sentence()
    assert not any("more draws" in note for note in linked.notes)


@pytest.mark.slow
def test_decisions_hold_in_bounds():
    tables, _ = namesakes(1, 1, rows=20, others=20)
    copies = {"a": 3}
    linked = linkage.link(linkage.read_lists(tables), n_draws=100, max_copies=copies)
    a = linked.list_of == linked.lists.index("a")
    assert max(np.bincount(draw[a]).max() for draw in linked.draws) <= 3


@pytest.mark.slow
def test_rows_of_a_document_that_too_many_share_have_no_limits(monkeypatch):
    few = replace(candidates.TUNING, all_pairs_rows=10, document_block_rows=12)
    monkeypatch.setattr(candidates, "TUNING", few)
    rows = {
        "Nombre": ["Ana Pérez Rojas"] * 14,
        "Cédula": ["V-12.345.678"] * 14,
        "Fecha de detención": [str(np.datetime64("2023-01-01") + 5 * k) for k in range(14)],
    }
    other = {"Nombre": ["Ana Pérez Rojas", "Luis Mora Gil"], "Cédula": ["V-12.345.678", "V-9.111.222"]}
    linked = linkage.link(linkage.read_lists({"a": rows, "b": other}), n_draws=20)
    assert (
        "No limits can be given: 15 rows share a document with too many others to be compared by it"
        in linked.sentence()
    )
    with pytest.raises(NotEstimableError, match="15 rows share a document"):
        linked.persons_interval()


@pytest.mark.slow
def test_bounds_hold_the_truth():
    held = []
    for persons, seed in ((1, 40), (2, 41), (5, 40)):
        tables, truth = namesakes(1000 * persons + seed, persons)
        linked = linkage.link(linkage.read_lists(tables), n_draws=200)
        low, high = linked.n_persons_draws.min(), linked.n_persons_draws.max()
        held.append(low <= truth <= high)
        assert high - low <= 40  # of the rows of that name, and no others
    assert all(held)
