"""Existence codes against the linear program and the rank that define them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from detcount._numerics import existence
from detcount._numerics.existence import existence_code, existence_codes, extended_support, unique_rows
from detcount._numerics.patterns import all_hierarchical, from_generators, superset_sums

POSITIVE = 1e-7  # HiGHS's tolerance; the optimum is 0, or at least about 1 / (cells) in these tables


def design_of(model: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Design and counts of the extended maximum, by loops."""
    totals = superset_sums(np.concatenate([[0.0], counts[1:]]))
    codes = range(len(model))
    terms = [term for term in codes if model[term] and totals[term] > 0]
    gone = [term for term in codes if model[term] and totals[term] == 0]
    cells = [cell for cell in codes if cell and not any(term & cell == term for term in gone)]
    design = np.array([[float(term & cell == term) for term in terms] for cell in cells])
    return design, counts[cells]


def code_by_definition(model: np.ndarray, counts: np.ndarray) -> int:
    """Rank of the design; greatest s with A x = t and x >= s (Chan, Silverman and Vincent 2021)."""
    design, observed = design_of(model, counts)
    n_cells, n_terms = design.shape
    answer = linprog(
        np.append(np.zeros(n_cells), -1.0),
        A_ub=np.hstack([-np.eye(n_cells), np.ones((n_cells, 1))]),
        b_ub=np.zeros(n_cells),
        A_eq=np.hstack([design.T, np.zeros((n_terms, 1))]),
        b_eq=design.T @ observed,
        bounds=[(0, None)] * n_cells + [(None, 1)],
        method="highs",
    )
    no_maximum = not (answer.status == 0 and -answer.fun > POSITIVE)
    return int(no_maximum) + 2 * int(np.linalg.matrix_rank(design) < n_terms)


def sparse_tables(n_lists: int, n_tables: int, seed: int) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    found = []
    while len(found) < n_tables:
        counts = rng.poisson(rng.gamma(0.4, 3, size=1 << n_lists)).astype(float)
        counts *= rng.random(1 << n_lists) < rng.uniform(0.2, 1)
        counts[0] = 0
        if counts.any():
            found.append(counts)
    return found


@pytest.mark.parametrize(("n_lists", "n_tables"), [(2, 40), (3, 40), (4, 25), (5, 15)])
def test_codes_are_those_of_the_definition(n_lists: int, n_tables: int) -> None:
    models = all_hierarchical(n_lists, n_lists)
    rng = np.random.default_rng(n_lists)
    seen = set()
    for counts in sparse_tables(n_lists, n_tables, seed=n_lists):
        some = models[rng.choice(len(models), min(len(models), 15), replace=False)]
        expected = [code_by_definition(model, counts) for model in some]
        assert existence_codes(some, counts).tolist() == expected
        seen |= set(expected)
    assert len(seen) >= 3  # of the four codes, so that no side of the comparison is trivial


def test_pairs_of_model_and_table_are_broadcast() -> None:
    models = all_hierarchical(3)
    tables = np.array(sparse_tables(3, 8, seed=9))
    together = existence_codes(models, tables)
    assert together.tolist() == [
        existence_code(model, counts) for model, counts in zip(models, tables, strict=True)
    ]
    assert existence_codes(models[3], tables).tolist() == [
        existence_code(models[3], counts) for counts in tables
    ]


def test_full_table_is_settled_without_linear_algebra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(existence, "_separated", None)  # would raise if it were called
    counts = np.arange(16, dtype=float)
    models = all_hierarchical(4, 4)
    codes = existence_codes(models, counts)
    assert codes[models[:, 15]].tolist() == [2]  # the saturated model
    assert not codes[~models[:, 15]].any()


def test_unseen_cell_is_ignored() -> None:
    counts = np.array([0.0, 4, 6, 0, 3, 2, 1, 0])
    models = all_hierarchical(3)
    with_unseen = counts.copy()
    with_unseen[0] = 50
    assert existence_codes(models, counts).tolist() == existence_codes(models, with_unseen).tolist()


def test_support_drops_empty_terms_and_the_cells_that_hold_them() -> None:
    counts = np.array([0.0, 40, 30, 6, 20, 0, 0, 0])  # lists 1 and 2 share 6 persons, list 3 none
    terms, kept, positive = extended_support(from_generators([0b101], 3), counts)
    assert np.flatnonzero(terms[0]).tolist() == [0, 1, 2, 4]
    assert np.flatnonzero(kept[0]).tolist() == [1, 2, 3, 4, 6]
    assert np.flatnonzero(positive[0]).tolist() == [1, 2, 3, 4]


def test_several_directions_have_the_answer_of_the_definition(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sparse enough tables leave null spaces of two dimensions and more: few by edges, many by a program."""
    answers: dict[str, list[bool]] = {"_one_sided_edge": [], "_one_sided_program": []}

    def counted(name: str) -> Callable[[np.ndarray], bool]:
        asked = getattr(existence, name)

        def ask(rows: np.ndarray) -> bool:
            answers[name].append(asked(rows))
            return answers[name][-1]

        return ask

    for name in answers:
        monkeypatch.setattr(existence, name, counted(name))
    models = all_hierarchical(5)
    rng = np.random.default_rng(3)
    for counts in sparse_tables(5, 12, seed=11):
        some = models[rng.choice(len(models), 25, replace=False)]
        before = sum(map(len, answers.values()))
        codes = existence_codes(some, counts)
        if sum(map(len, answers.values())) > before:
            assert codes.tolist() == [code_by_definition(model, counts) for model in some]
    assert set(answers["_one_sided_edge"]) == {True, False}
    assert answers["_one_sided_program"]


@given(st.integers(0, 10**6), st.integers(2, 3), st.integers(2, 14), st.booleans())
def test_edges_have_the_answer_of_the_linear_program(
    seed: int, n_rows: int, n_columns: int, one_sided: bool
) -> None:
    """Small integers as in null spaces, a one-sided combination of them hidden among the rows or not."""
    rng = np.random.default_rng(seed)
    rows = rng.integers(-2, 3, (n_rows, n_columns)).astype(float)
    if one_sided:
        rows[0] = np.abs(rows[0]) * (rng.random(n_columns) < 0.5)
    clean = existence._row_space(rng.normal(size=(n_rows, n_rows)) @ rows)
    if len(clean) > 1:
        assert existence._one_sided_edge(clean) == existence._one_sided_program(clean)


def test_unique_rows() -> None:
    rng = np.random.default_rng(1)
    rows = rng.random((200, 70)) < 0.02
    first, inverse = unique_rows(rows)
    assert (rows[first][inverse] == rows).all()
    assert len(first) == len(np.unique(rows, axis=0))
    assert [part.tolist() for part in unique_rows(rows[:1])] == [[0], [0]]


def test_models_asked_together_have_the_codes_of_each_asked_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(8)
    models = all_hierarchical(4)
    found: set[int] = set()
    for _ in range(8):
        counts = rng.poisson(2.0 * rng.random(16) ** 2)
        counts[0] = 0
        codes = existence_codes(models, counts)
        alone = [existence_code(model, counts) for model in models]
        assert codes.tolist() == alone
        found |= set(alone)
    assert found >= {0, 1}
    asked: list[int] = []
    separated = existence._separated

    def counted(terms: np.ndarray, kept: np.ndarray, positive: np.ndarray) -> np.ndarray:
        asked.append(len(terms))
        return separated(terms, kept, positive)

    monkeypatch.setattr(existence, "_separated", counted)
    full = np.full(16, 5.0)
    full[[0, 15]] = 0.0  # nobody on all four lists: one question serves all models of pairs
    assert (existence_codes(all_hierarchical(4, 2), full) == 0).all()
    assert asked == [1]
