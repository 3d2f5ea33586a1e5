"""Fits of models that lists can be taken out of, against Newton's method over all cells, and closed forms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import tables
from detcount._numerics.patterns import all_hierarchical, from_generators, sizes, superset_sums
from detcount._numerics.poisson import fit_hierarchical
from detcount._numerics.selection.collapsed import CliqueSums, collapsed, fit_collapsed
from detcount._numerics.selection.faces import FITTED, PRUNED, UNCONVERGED, face_of

TABLES = tables("collapsed")

CLOSE = 1e-7  # relative, of n_0; the other engine leaves 1e-10 of the margins
N_TABLES = 30


def tables_of(seed, n_lists, persons):
    """Tables around one of lists that depend on each other, sparse where persons are few."""
    random = np.random.default_rng(seed)
    effects = np.where(sizes(n_lists) == 1, -1.0, random.normal(0, 0.5, 1 << n_lists))
    effects[sizes(n_lists) > 2] = 0.0
    codes = np.arange(1 << n_lists)
    logs = ((codes[:, None] & codes) == codes) @ effects
    means = np.exp(logs - logs.max())
    tables = random.poisson(persons * means / means.sum(), (N_TABLES, 1 << n_lists)).astype(float)
    tables[:, 0] = 0.0
    return tables


def both(model, tables):
    """The fit by taking out lists and the other one; None where the average has no fit to begin from."""
    average = fit_hierarchical(model, tables.mean(axis=0), with_variance=False)
    if average.code[0] != 0:
        return None
    theta = average.coefficients[0]
    terms = np.flatnonzero(model & np.isfinite(theta))
    gone = np.flatnonzero(model & ~np.isfinite(theta))
    cells = np.arange(1, len(model))
    kept = cells[~((cells[:, None] & gone) == gone).any(axis=1)]
    face = face_of(terms, kept, len(model))
    rows = np.arange(len(tables))
    found = fit_collapsed(collapsed(model), face, theta[terms], CliqueSums(superset_sums(tables)), rows)
    return found, fit_hierarchical(model, tables, with_variance=False)


def log_likelihoods(fits, tables):
    """Poisson, without log n!, over the cells kept."""
    means = fits.fitted[:, 1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(means > 0, np.log(means), 0.0)
    return np.asarray((tables[:, 1:] * logs - means).sum(axis=1))


@given(st.integers(0, 10**6), st.integers(3, 5), st.sampled_from([60.0, 400.0, 5000.0]))
def test_the_residual_model_finds_the_maximum_of_all_cells(seed, n_lists, persons):
    tables = tables_of(seed, n_lists, persons)
    models = all_hierarchical(n_lists)
    model = models[np.random.default_rng(seed).integers(len(models))]
    if collapsed(model).residual.bit_count() == n_lists or (pair := both(model, tables)) is None:
        return
    (value, intercept, state), fits = pair
    settled, refused = state == FITTED, state == PRUNED
    identified = (fits.code & 2) == 0  # whether N is determined is asked before
    assert (fits.code[refused] != 0).all()
    assert (fits.code[settled & identified] == 0).all()
    both_fit = settled & (fits.code == 0)
    np.testing.assert_allclose(np.exp(intercept[both_fit]), fits.n_unobserved[both_fit], rtol=CLOSE)
    expected = log_likelihoods(fits, tables)
    np.testing.assert_allclose(value[both_fit], expected[both_fit], rtol=0, atol=1e-6)


@pytest.mark.parametrize(("terms", "residual"), TABLES["models"])
def test_what_is_left_of_a_model(terms, residual):
    n_lists = max(terms).bit_length()
    model = from_generators(terms, n_lists)
    assert collapsed(model).residual == residual
    (_, _, state), fits = both(model, tables_of(3, n_lists, 4000.0))
    assert (fits.code == 0).all()
    assert (state == FITTED).mean() > 0.9


def test_two_lists_apart_given_a_third_in_closed_form():
    """Lists 1 and 3 depend on 2 alone: among those not on 2 they are independent."""
    tables = tables_of(1, 3, 900.0)
    (value, intercept, state), _ = both(from_generators([0b011, 0b110], 3), tables)
    assert (state == FITTED).all()
    np.testing.assert_allclose(np.exp(intercept), tables[:, 1] * tables[:, 4] / tables[:, 5], rtol=1e-9)
    assert np.isfinite(value).all()


def test_a_cell_that_nobody_is_in_is_no_maximum():
    """All of list 1 are on list 2, and their pair is a term; a pair that nobody is on is no such cell."""
    tables = tables_of(5, 3, 900.0)
    tables[0, [1, 5]] = 0.0  # on list 1, not on 2
    tables[1, [3, 7]] = 0.0  # on both
    (_, _, state), fits = both(from_generators([0b011, 0b100], 3), tables)
    assert state[0] == PRUNED
    assert fits.code[0] != 0
    assert state[1] == FITTED
    assert not (state == UNCONVERGED).any()
