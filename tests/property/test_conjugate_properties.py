"""Fits of many tables by conjugate gradients, against Newton's method in each of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from detcount import datasets
from detcount._numerics.existence import NO_MAXIMUM
from detcount._numerics.hierarchy import all_hierarchical, from_generators, sizes
from detcount._numerics.patterns import superset_sums
from detcount._numerics.poisson import HierarchicalFits, fit_hierarchical
from detcount._numerics.resampling import multinomial_resamples
from detcount._numerics.selection import conjugate
from detcount._numerics.selection.conjugate import _Basis, climb
from detcount._numerics.selection.faces import BEATEN, FITTED, UNSETTLED, Face, face_of, lost_terms
from detcount._numerics.selection.newton import fit_face

CLOSE = 1e-7  # relative, of n_0: two ways to one maximum, each stopped at rounding
CLOSE_VALUE = 1e-6  # of log L: its sums have thousands of persons
N_TABLES = 40

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def tables_of(seed: int, n_lists: int, persons: float) -> Floats:
    """Tables around one of lists that depend on each other, sparse where persons are few."""
    random = np.random.default_rng(seed)
    effects = np.where(sizes(n_lists) == 1, -1.0, random.normal(0, 0.6, 1 << n_lists))
    effects[sizes(n_lists) > 2] = 0.0
    codes = np.arange(1 << n_lists)
    logs = ((codes[:, None] & codes) == codes) @ effects
    means = np.exp(logs - logs.max())
    tables = random.poisson(persons * means / means.sum(), (N_TABLES, 1 << n_lists)).astype(float)
    tables[:, 0] = 0.0
    return tables


def face_of_average(model: Bools, tables: Floats) -> tuple[Face, Floats] | None:
    """What the average of the tables leaves of a model, and its fit; None where it has none."""
    average = fit_hierarchical(model, tables.mean(axis=0), with_variance=False)
    if average.code[0] != 0:
        return None
    theta = average.coefficients[0]
    terms = np.flatnonzero(model & np.isfinite(theta))
    gone = np.flatnonzero(model & ~np.isfinite(theta))
    cells = np.arange(1, len(model))
    kept = cells[~((cells[:, None] & gone) == gone).any(axis=1)]
    return face_of(terms, kept, len(model)), theta[terms]


def climbed(
    face: Face, theta: Floats, tables: Floats, needed: Floats | float = -np.inf, margin: float = 0.0
) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Fits by conjugate gradients alone."""
    lost = lost_terms(face, superset_sums(tables))
    bounds = np.broadcast_to(needed, len(tables)).astype(np.float64)
    return climb(face, tables[:, face.cells], theta, bounds, lost if lost.any() else None, margin)


def log_likelihoods(fits: HierarchicalFits, tables: Floats) -> Floats:
    """Poisson, without log n!, over the cells kept."""
    means = fits.fitted[:, 1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(means > 0, np.log(means), 0.0)
    return np.asarray((tables[:, 1:] * logs - means).sum(axis=1))


@given(st.integers(0, 10**6), st.integers(3, 5), st.sampled_from([60.0, 400.0, 5000.0]))
def test_climbing_ends_where_newton_ends(seed: int, n_lists: int, persons: float) -> None:
    """What is called fitted is the maximum; where there is none, nothing is."""
    tables = tables_of(seed, n_lists, persons)
    models = all_hierarchical(n_lists)
    model = models[np.random.default_rng(seed).integers(len(models))]
    if (found := face_of_average(model, tables)) is None:
        return
    face, theta = found
    value, intercept, state = climbed(face, theta, tables)
    fits = fit_hierarchical(model, tables, with_variance=False)
    assert not (state == BEATEN).any()  # nothing was asked of them
    determined = face.determined_without(lost_terms(face, superset_sums(tables)))
    assert (fits.code[(state == FITTED) & determined] & NO_MAXIMUM == 0).all()
    both = (state == FITTED) & (fits.code == 0)
    np.testing.assert_allclose(np.exp(intercept[both]), fits.n_unobserved[both], rtol=CLOSE)
    expected = log_likelihoods(fits, tables)
    np.testing.assert_allclose(value[both], expected[both], rtol=0, atol=CLOSE_VALUE)


@pytest.mark.parametrize(
    ("name", "share"), [("kosovo", 0.999), ("ned_5", 0.98), ("congenital", 0.98), ("duck", 0.999)]
)
def test_hardly_a_table_needs_more(name: str, share: float) -> None:
    table = datasets.load(name)
    counts = multinomial_resamples(table.counts, 200, seed=3)
    tables = np.zeros((200, 1 << table.n_lists))
    tables[:, table.codes.astype(np.int64)] = counts
    lists = range(table.n_lists)
    pairs = [1 << i | 1 << j for i in lists for j in lists if i < j]
    face, theta = face_of_average(from_generators(pairs, table.n_lists), tables)  # type: ignore[misc]
    assert (climbed(face, theta, tables)[2] == FITTED).mean() >= share


@given(st.integers(0, 10**6), st.floats(-3.0, 3.0))
def test_no_table_is_given_up_that_reaches_what_it_needs(seed: int, above: float) -> None:
    tables = tables_of(seed, 4, 900.0)
    model = from_generators([3, 6, 12, 9], 4)
    if (found := face_of_average(model, tables)) is None:
        return
    face, theta = found
    fits = fit_hierarchical(model, tables, with_variance=False)
    reached = np.where(fits.code == 0, log_likelihoods(fits, tables), 0.0)
    state = climbed(face, theta, tables, reached + above)[2]
    if above < -CLOSE_VALUE:
        assert not (state[fits.code == 0] == BEATEN).any()
    if above > 0.5 and lost_terms(face, superset_sums(tables)).sum() == 0:
        assert (state[fits.code == 0] == BEATEN).mean() > 0.9


def test_what_weighs_little_is_fitted_less_closely_and_never_wrongly() -> None:
    tables = tables_of(4, 5, 3000.0)
    model = from_generators([3, 6, 12, 24, 17, 5], 5)
    face, theta = face_of_average(model, tables)  # type: ignore[misc]
    exact = climbed(face, theta, tables)
    near = climbed(face, theta, tables, exact[0] - 5.0, 35.0)  # 30 behind what weighs one
    assert (near[2] == FITTED).all()
    np.testing.assert_allclose(near[1], exact[1], rtol=0, atol=1e-6)
    np.testing.assert_allclose(near[0], exact[0], rtol=0, atol=CLOSE_VALUE)


@pytest.mark.parametrize("one", [0.0, 1.0])
@pytest.mark.parametrize("many", [30.0, 1e4, 1e6])
def test_at_the_edge_of_a_maximum(one: float, many: float) -> None:
    """All of list 1 are on list 2, but for nobody or one person: no maximum, or one far out."""
    tables = tables_of(5, 3, many)
    tables[0, [1, 5]] = one, 0.0
    model = from_generators([0b011, 0b100], 3)
    face, theta = face_of_average(model, tables)  # type: ignore[misc]
    alone = climbed(face, theta, tables)
    assert (alone[2][0] == FITTED) <= bool(one)
    lost = lost_terms(face, superset_sums(tables))
    _, intercept, state = fit_face(
        face, tables[:, face.cells], theta, np.full(len(tables), -np.inf), lost if lost.any() else None
    )
    fits = fit_hierarchical(model, tables, with_variance=False)
    assert ((state == FITTED) == (fits.code == 0)).all()
    assert not (state == UNSETTLED).any()
    assert state[0] == (FITTED if one else BEATEN)
    good = state == FITTED
    np.testing.assert_allclose(np.exp(intercept[good]), fits.n_unobserved[good], rtol=CLOSE)


def test_a_small_score_alone_proves_no_maximum(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell whose mean goes to 0 leaves hardly any score behind."""
    monkeypatch.setattr(conjugate, "_ERROR", 0.2)
    tables = tables_of(5, 4, 900.0)
    model = from_generators([0b0011, 0b0100, 0b1000], 4)
    tables[:20, [0b0001, 0b0101, 0b1001, 0b1101]] = 0.0
    face, theta = face_of_average(model, tables)  # type: ignore[misc]
    assert (fit_hierarchical(model, tables[:20], with_variance=False).code == NO_MAXIMUM).all()
    state = climbed(face, theta, tables)[2]
    assert (state[:20] == UNSETTLED).all()
    assert (state[20:] == FITTED).all()


@given(st.integers(0, 10**6), st.integers(3, 5))
def test_the_preconditioner_is_no_less_than_the_inverse_of_the_information(seed: int, n_lists: int) -> None:
    """That makes the size of the score by it a bound of the Newton decrement."""
    random = np.random.default_rng(seed)
    models = all_hierarchical(n_lists)
    model = models[random.integers(len(models))]
    face = Face(np.flatnonzero(model), np.arange(1, 1 << n_lists), 1 << n_lists)
    basis = _Basis(face, random.normal(0, 0.5, len(face.terms)))
    ratios = np.exp(random.normal(0, 1.0, len(face.cells)))  # of mu to mu0
    rest = random.normal(0, 1.0, len(face.cells))
    score = rest @ basis.score  # U z
    information = (face.design.T * (basis.means * ratios)) @ face.design
    decrement = np.linalg.solve(information, face.design.T @ rest) @ (face.design.T @ rest)
    assert (score**2 / ratios).sum() >= decrement * (1 - 1e-9)
    change = face.design @ random.normal(0, 1.0, len(face.terms))
    np.testing.assert_allclose((basis.root * change) @ basis.move, change, rtol=1e-7, atol=1e-9)
