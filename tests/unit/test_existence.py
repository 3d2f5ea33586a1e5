"""Existence codes against the linear program and the rank that define them."""

import numpy as np
import pytest
from scipy.optimize import linprog

from detcount._numerics.existence import existence_codes
from detcount._numerics.patterns import all_hierarchical, superset_sums

POSITIVE = 1e-7  # HiGHS's tolerance; the optimum is 0, or at least about 1 / (cells) in these tables


def design_of(model, counts):
    """Design and counts of the extended maximum, by loops."""
    totals = superset_sums(np.concatenate([[0.0], counts[1:]]))
    codes = range(len(model))
    terms = [term for term in codes if model[term] and totals[term] > 0]
    gone = [term for term in codes if model[term] and totals[term] == 0]
    cells = [cell for cell in codes if cell and not any(term & cell == term for term in gone)]
    design = np.array([[float(term & cell == term) for term in terms] for cell in cells])
    return design, counts[cells]


def code_by_definition(model, counts):
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


def sparse_tables(n_lists, n_tables, seed):
    rng = np.random.default_rng(seed)
    found = []
    while len(found) < n_tables:
        counts = rng.poisson(rng.gamma(0.4, 3, size=1 << n_lists)).astype(float)
        counts *= rng.random(1 << n_lists) < rng.uniform(0.2, 1)
        counts[0] = 0
        if counts.any():
            found.append(counts)
    return found


@pytest.mark.parametrize(
    ("n_lists", "n_tables"), [(2, 20), (3, 20), (4, 12), pytest.param(5, 8, marks=pytest.mark.slow)]
)
def test_codes_are_those_of_the_definition(n_lists, n_tables):
    models = all_hierarchical(n_lists, n_lists)
    rng = np.random.default_rng(n_lists)
    seen = set()
    for counts in sparse_tables(n_lists, n_tables, seed=n_lists):
        some = models[rng.choice(len(models), min(len(models), 15), replace=False)]
        expected = [code_by_definition(model, counts) for model in some]
        assert existence_codes(some, counts).tolist() == expected
        seen |= set(expected)
    assert len(seen) >= 3  # of the four codes, so that no side of the comparison is trivial
