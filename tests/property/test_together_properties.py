"""All models of few lists at once: against one model and one table at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.special import gammaln

from detcount._numerics.hierarchy import all_hierarchical
from detcount._numerics.patterns import superset_sums
from detcount._numerics.poisson import HierarchicalFits, fit_hierarchical
from detcount._numerics.selection import pairs, together
from detcount._numerics.selection.anchors import Anchors
from detcount._numerics.selection.criteria import Criterion, criterion_penalty, criterion_values
from detcount._numerics.selection.race import choose

SAME_CRITERION = 1e-8
SAME_LOG = 1e-8  # of n_0; far out the likelihood is flat
CRITERIA = st.sampled_from(["bic", "aic", "aicc"])
SEEDS = st.integers(0, 2**32 - 1)
PERSONS = st.sampled_from([15.0, 40.0, 120.0, 1000.0, 1e6])


def table_of(random: np.random.Generator, n_lists: int, persons: float) -> np.ndarray:
    """Persons of two kinds on lists, over all codes."""
    chances = random.uniform(0.05, 0.6, (2, n_lists))
    bits = np.arange(1 << n_lists)[:, None] >> np.arange(n_lists) & 1
    cells = np.prod(np.where(bits[None], chances[:, None], 1 - chances[:, None]), axis=2).T @ [0.3, 0.7]
    counts = random.poisson(persons * cells).astype(float)
    counts[0] = 0.0
    return counts


def resampled(random: np.random.Generator, counts: np.ndarray, n: int) -> np.ndarray:
    """Tables drawn from the shares of another."""
    drawn = random.multinomial(int(counts.sum()), counts / counts.sum(), size=n)
    return drawn.astype(float)


def setting(
    seed: int, n_lists: int, persons: float, n: int
) -> tuple[np.ndarray, HierarchicalFits, np.ndarray] | None:
    """Models that can be fitted to a table, their fits, and tables resampled from it."""
    random = np.random.default_rng(seed)
    counts = table_of(random, n_lists, persons)
    if counts.sum() < 3:
        return None
    models = all_hierarchical(n_lists)
    code = fit_hierarchical(models, counts, with_variance=False).code
    models = models[code == 0]
    if len(models) == 0:
        return None
    models = models[random.permutation(len(models))]
    fits = fit_hierarchical(models, counts, with_variance=False)
    return models, fits, resampled(random, counts, n)


@settings(max_examples=8)
@example(seed=2, n_lists=4, persons=15.0, criterion="bic")  # tables in which no model can be fitted
@given(seed=SEEDS, n_lists=st.integers(3, 4), persons=PERSONS, criterion=CRITERIA)
def test_the_choice_is_that_of_fitting_everything(
    seed: int, n_lists: int, persons: float, criterion: Criterion
) -> None:
    made = setting(seed, n_lists, persons, 12)
    if made is None:
        return
    models, fits, tables = made
    codes, tops = np.arange(1, 1 << n_lists), tuple(sorted({1, min(5, len(models)), len(models)}))
    found = choose(
        models,
        codes,
        tables[:, 1:].astype(np.int64),
        criterion=criterion,
        tops=tops,
        start=fits.coefficients,
    )
    assert found.n_unsettled == 0
    for row, table in enumerate(tables):
        alone = fit_hierarchical(models, table, with_variance=False)
        values = criterion_values(criterion, alone, table.sum())
        for place, top in enumerate(tops):
            best, chosen = values[:top].min(), found.chosen[place, row]
            if np.isinf(best):
                assert chosen == -1
                assert found.n_unobserved[place, row] == np.inf
                continue
            assert values[chosen] <= best + SAME_CRITERION * (1 + abs(best))
            close = np.flatnonzero(values[:top] <= best + SAME_CRITERION * (1 + abs(best)))
            assert chosen >= close[0]
            if persons >= 40:
                assert np.log(found.n_unobserved[place, row]) == pytest.approx(
                    np.log(alone.n_unobserved[chosen]), abs=SAME_LOG
                )


@settings(max_examples=8)
@given(SEEDS, st.integers(3, 4), PERSONS)
def test_pairs_side_by_side_end_where_each_does_alone(seed: int, n_lists: int, persons: float) -> None:
    made = setting(seed, n_lists, persons, 6)
    if made is None:
        return
    models, fits, tables = made
    model, row = (part.ravel() for part in np.indices((len(models), len(tables))))
    value, intercept, settled = pairs.fit_pairs(
        Anchors.of(models, fits.coefficients), model, row, tables.T.copy(), superset_sums(tables).T.copy()
    )
    alone = fit_hierarchical(models[model], tables[row], with_variance=False)
    fitted = alone.code & 1 == 0  # whether N is determined is asked before
    assert not settled[~fitted].any()
    if persons >= 1000:
        assert settled[fitted].mean() > 0.9
    sure = settled & (alone.code == 0)
    mean = np.where(alone.fitted[sure, 1:] > 0, alone.fitted[sure, 1:], 1.0)
    total = alone.fitted[sure, 1:].sum(axis=1)  # which misses the persons by the rounding of its fit
    expected = (tables[row[sure], 1:] * np.log(mean)).sum(axis=1) - total
    np.testing.assert_allclose(value[sure], expected, rtol=1e-10, atol=1e-9)
    np.testing.assert_allclose(intercept[sure], np.log(alone.n_unobserved[sure]), rtol=0, atol=1e-7)


@settings(max_examples=6)
@given(SEEDS, PERSONS, CRITERIA)
def test_no_bound_is_beyond_the_maximum(seed: int, persons: float, criterion: Criterion) -> None:
    made = setting(seed, 4, persons, 8)
    if made is None:
        return
    models, fits, tables = made
    n_parameters = models.sum(axis=1)[:, None] * 1.0
    penalty = criterion_penalty(criterion, n_parameters, tables.sum(axis=1)[None, :])
    race = together.Together(models, fits.coefficients, tables, penalty, (1, len(models)))
    race.best[:] = 1e12  # nothing is left out for what another reaches
    highest: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    race._reach = lambda model, row, high: highest.append((model, row, high))  # type: ignore[method-assign]
    race._fit = lambda: None  # type: ignore[method-assign]
    race.run()
    values = np.array([criterion_values(criterion, fit_hierarchical(models, t), t.sum()) for t in tables]).T
    values = values - 2 * gammaln(tables + 1).sum(axis=1)  # bounds are without the constant
    room = 1e-9 * (1 + np.abs(np.where(np.isfinite(values), values, 0.0)))
    assert (race.low <= values + room).all()
    assert highest or persons < 40  # AICc may be infinite everywhere
    for model, row, high in highest:
        assert (high >= (values - room)[model, row]).all()


@settings(max_examples=10)
@given(SEEDS, st.integers(3, 4), PERSONS)
def test_anchored_steps_keep_the_margins(seed: int, n_lists: int, persons: float) -> None:
    made = setting(seed, n_lists, persons, 3)
    if made is None:
        return
    models, fits, tables = made
    anchors = Anchors.of(models, fits.coefficients)
    moved = anchors.moved @ tables.T
    margins, kept = superset_sums(tables), superset_sums(moved.transpose(0, 2, 1))
    for j in range(len(models)):
        terms = anchors.codes[j]
        np.testing.assert_allclose(kept[j][:, terms], margins[:, terms], rtol=1e-6, atol=1e-6 * persons)
    step = anchors.raised[0] @ (tables[0] - anchors.means[:, 0])
    ratio = np.divide(moved[0, :, 0], anchors.means[:, 0], where=anchors.kept[0], out=np.ones(len(step)))
    np.testing.assert_allclose(step[anchors.kept[0]], ratio[anchors.kept[0]] - 1, rtol=1e-6, atol=1e-6)


def test_larger_models_spare_most_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    made = setting(7, 4, 400.0, 200)
    assert made is not None
    models, fits, tables = made
    values = criterion_values("bic", fits, fits.fitted[0, 1:].sum())
    order = np.argsort(values, kind="stable")
    bounded: list[int] = []
    real = together.Together._bound

    def counting(self: together.Together, model: np.ndarray, *rest: np.ndarray) -> None:
        bounded.append(len(model))
        real(self, model, *rest)

    monkeypatch.setattr(together.Together, "_bound", counting)
    found = choose(
        models[order],
        np.arange(1, 16),
        tables[:, 1:].astype(np.int64),
        criterion="bic",
        tops=(1, len(models)),
        start=fits.coefficients[order],
    )
    n_pairs = len(models) * len(tables)
    assert 0 < sum(bounded) < 0.3 * n_pairs
    assert found.n_fitted < 0.05 * n_pairs


def test_models_with_the_same_fit_tie_and_the_first_is_chosen() -> None:
    """Lists 1 and 2 share nobody in the table: their pair is lost, and so is any triple with it."""
    models = all_hierarchical(3)
    counts = np.array([0, 40, 35, 9, 30, 8, 7, 3])
    start = fit_hierarchical(models, counts.astype(float))
    table = counts.copy()
    table[[3, 7]] = 0
    usable = start.code == 0
    alone = fit_hierarchical(models[usable], table.astype(float), with_variance=False)
    values = criterion_values("bic", alone, float(table.sum()))
    for order in (np.arange(usable.sum()), np.arange(usable.sum())[::-1]):
        found = choose(
            models[usable][order],
            np.arange(1, 8),
            table[None, 1:],
            criterion="bic",
            tops=(int(usable.sum()),),
            start=start.coefficients[usable][order],
        )
        ties = np.flatnonzero(values[order] <= values.min() + 1e-8)
        assert found.chosen[0, 0] == ties[0]
