"""Selection in many tables against fits of every pair; the estimators, their notes and their refusals."""

import numpy as np
import pytest

from detcount import CaptureTable, datasets
from detcount._numerics import patterns
from detcount._numerics.monte_carlo import multinomial_resamples
from detcount._numerics.poisson import fit_hierarchical
from detcount._numerics.selection import stepwise as stepwise_numerics
from detcount._numerics.selection.bounded import average
from detcount._numerics.selection.stepwise import criterion_values, search, stepwise
from detcount.abundance.intervals import BCaBootstrap, PercentileBootstrap
from detcount.abundance.selection import AveragedLogLinear, SelectedLogLinear
from detcount.errors import ConvergenceError

SAME_MAXIMUM = 1e-7  # relative, of n_0: two ways to one maximum, each stopped at rounding
SAME_SUM = 1e-12  # relative: the same sum in another order
FEW_PERCENTILE = PercentileBootstrap(n_resamples=100)

SPARSE = CaptureTable.from_counts(
    {"1000": 31, "0100": 17, "0010": 44, "0001": 9, "1100": 3, "1010": 6, "0110": 2, "0101": 4, "1110": 1},
    lists=["press", "court", "ngo", "families"],
)


def cells_of(table):
    return np.concatenate([[0.0], table.dense().astype(np.float64)])


def dense(table, counts):
    tables = np.zeros((len(counts), 1 << table.n_lists))
    tables[:, table.codes.astype(np.int64)] = counts
    return tables


def every_fit(models, tables, criterion):
    """Criterion and n_0 of every pair, each fitted by itself; shape (n_models, n_tables)."""
    values, unseen = [], []
    for table in tables:
        fits = fit_hierarchical(models, table, with_variance=False)
        values.append(criterion_values(criterion, fits, table[1:].sum()))
        unseen.append(fits.n_unobserved)
    return np.array(values).T, np.array(unseen).T


@pytest.mark.parametrize(
    ("name", "cap"), [("kosovo", None), ("kosovo", 2.0), ("sparse", None), ("hare", None), ("ned_5", None)]
)
def test_average_is_the_one_that_fitting_everything_gives(name, cap):
    table = SPARSE if name == "sparse" else datasets.load(name)
    models = patterns.all_hierarchical(table.n_lists, 3 if name == "kosovo" else 2)
    models = models[np.random.default_rng(1).permutation(len(models))[:120]]
    counts = multinomial_resamples(table.counts, 20, seed=8)
    values, unseen = every_fit(models, dense(table, counts), "aic")
    if cap is not None:
        values = np.where(unseen <= cap * table.n_observed, values, np.inf)
    weights = np.exp(-0.5 * (values - values.min(axis=0)))
    expected = np.where(weights > 0, weights * unseen, 0.0).sum(axis=0) / weights.sum(axis=0)
    made = average(models, table.codes.astype(np.int64), counts, criterion="aic", cap=cap)
    np.testing.assert_allclose(made, expected, rtol=SAME_MAXIMUM)


@pytest.mark.slow
def test_search_stops_where_no_single_change_is_better():
    table = datasets.load("ukdat")
    cells = cells_of(table)
    starts = np.array([patterns.sizes(6) <= 1, patterns.sizes(6) <= 2])
    seen = search(starts, cells, "bic", 2)
    assert len(np.unique(seen, axis=0)) == len(seen)
    values = criterion_values("bic", fit_hierarchical(seen, cells), table.n_observed)
    best = seen[values.argmin()]
    around = patterns.neighbours(best, 2)
    beside = criterion_values("bic", fit_hierarchical(around, cells), table.n_observed)
    assert beside.min() >= values.min()
    every = patterns.all_hierarchical(6, 2)
    all_values = criterion_values(
        "bic", fit_hierarchical(every, cells, with_variance=False), table.n_observed
    )
    assert patterns.formula(best) == patterns.formula(
        every[all_values.argmin()]
    )  # on this table the search finds the best


def test_averaged_detail_and_cap():
    table = datasets.load("ukdat_5")
    free = AveragedLogLinear(n_top=20, interval=FEW_PERCENTILE).fit(table)
    capped = AveragedLogLinear(cap=5, n_top=20, interval=FEW_PERCENTILE).fit(table)
    fits = fit_hierarchical(patterns.all_hierarchical(5), cells_of(table), with_variance=False)
    usable = fits.code == 0
    weights = np.exp(-0.5 * (fits.aic() - fits.aic()[usable].min()))[usable]
    unseen = fits.n_unobserved[usable]
    assert free.n_unobserved == pytest.approx(float(np.average(unseen, weights=weights)), rel=SAME_SUM)
    plausible = unseen <= 5 * table.n_observed
    expected = float(np.average(unseen[plausible], weights=weights[plausible]))
    assert capped.n_unobserved == pytest.approx(expected, rel=SAME_SUM)
    detail = capped.detail
    assert detail.n_capped == int((~plausible).sum())
    lost = weights[~plausible].sum() / weights.sum()
    assert detail.weight_capped == pytest.approx(lost, rel=1e-9)
    assert f"{detail.n_capped:,} models that put more than 5 unlisted persons" in capped.notes[1]
    assert f"{lost:.2%}" in capped.notes[1]
    assert "the others are taken to move in proportion" in capped.notes[2]
    assert all(model.point <= 6 * table.n_observed for model in detail.models)
    assert len(detail.models) == len(detail.to_frame()) == 20
    assert detail.weight_resampled == pytest.approx(sum(model.share for model in detail.models), rel=SAME_SUM)


def test_a_fit_that_does_not_settle_is_passed_over(monkeypatch):
    """One table whose fit stops early must not take the others with it."""
    table = datasets.load("western")
    counts = multinomial_resamples(table.counts, 9, seed=6)
    codes = table.codes.astype(np.int64)
    whole = stepwise(codes, counts, 5, 0.02)
    poor = dense(table, counts[4:5])[0]
    real = stepwise_numerics.fit_hierarchical

    def stops(models, tables, **options):
        if (tables == poor).all(axis=1).any():
            raise ConvergenceError("stopped")
        return real(models, tables, **options)

    monkeypatch.setattr(stepwise_numerics, "fit_hierarchical", stops)
    made = stepwise(codes, counts, 5, 0.02)
    others = np.arange(9) != 4
    np.testing.assert_allclose(made.n_unobserved[others], whole.n_unobserved[others], rtol=SAME_MAXIMUM)
    assert made.n_unobserved[4] == np.inf
    assert made.steps[4] == []


def test_a_standard_error_of_few_resamples_far_above_is_said():
    counts = {"0110": 6, "0001": 6, "0101": 6, "1000": 9, "1100": 4, "1010": 2, "1011": 2, "0011": 6}
    counts |= {"0111": 1, "1111": 2, "0100": 13, "0010": 2, "1001": 5, "1101": 1}
    table = CaptureTable.from_counts(counts, lists=list("abcd"))
    estimate = SelectedLogLinear(interval=BCaBootstrap(200)).fit(table)
    low, high = np.quantile(estimate.draws, [0.025, 0.975])
    assert estimate.standard_error > high - low
    assert any("the standard error of 49 persons is wider" in note for note in estimate.notes)
    more = SelectedLogLinear(interval=BCaBootstrap(200)).fit(datasets.load("korea"))
    assert not any("standard error" in note for note in more.notes)
