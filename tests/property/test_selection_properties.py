"""What must hold of selected, averaged and grown log-linear models on any table."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detcount._numerics import poisson
from detcount._numerics.monte_carlo import multinomial_resamples
from detcount._numerics.patterns import all_hierarchical
from detcount._numerics.poisson import fit_hierarchical
from detcount._numerics.selection.bounded import choose
from detcount._numerics.selection.stepwise import criterion_values, stepwise
from detcount.abundance.intervals import PercentileBootstrap
from detcount.abundance.selection import AveragedLogLinear, SelectedLogLinear
from strategies import capture_tables, estimated

SAME_MAXIMUM = 1e-6  # relative, of n_0: two ways to one maximum, flat in sparse tables
SAME_CRITERION = 1e-6  # of the criterion: below this two models tie
FEW = PercentileBootstrap(n_resamples=100)
CRITERIA = st.sampled_from(["bic", "aic", "aicc"])


@given(capture_tables(3, 4), CRITERIA, st.integers(0, 2**32 - 1), st.sampled_from([None, 200, 2]))
def test_branch_and_bound_has_the_winner_of_all_fits(table, criterion, seed, steps_from_the_table):
    """From the average or from the fits of the table, which two steps are too few for."""
    models = all_hierarchical(table.n_lists)[:20]
    counts = multinomial_resamples(table.counts, 4, seed)
    codes = table.codes.astype(np.int64)
    whole = fit_hierarchical(models, np.concatenate([[0.0], table.dense()]), with_variance=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(poisson, "TUNING", replace(poisson.TUNING, steps=steps_from_the_table or 200))
        start = whole.coefficients if steps_from_the_table else None
        made = choose(models, codes, counts, criterion=criterion, start=start)
    assert made.n_unconverged == 0
    for row, persons in enumerate(counts):
        cells = np.zeros(1 << table.n_lists)
        cells[codes] = persons
        fits = fit_hierarchical(models, cells, with_variance=False)
        values = criterion_values(criterion, fits, float(persons.sum()))
        chosen = made.chosen[row]
        if np.isinf(values.min()):
            assert chosen == -1
            assert made.n_unobserved[row] == np.inf
        else:
            assert values[chosen] <= values.min() + SAME_CRITERION
            assert made.n_unobserved[row] == pytest.approx(fits.n_unobserved[chosen], rel=SAME_MAXIMUM)


@given(capture_tables(3, 4, full=True), CRITERIA)
def test_an_average_lies_between_the_models(table, criterion):
    estimate = estimated(AveragedLogLinear(criterion, n_top=1, interval=FEW), table, seed=5)
    cells = np.concatenate([[0.0], table.dense().astype(np.float64)])
    fits = fit_hierarchical(all_hierarchical(table.n_lists), cells, with_variance=False)
    points = table.n_observed + fits.n_unobserved[fits.code == 0]
    assert min(points) * (1 - SAME_MAXIMUM) <= estimate.point <= max(points) * (1 + SAME_MAXIMUM)


@given(capture_tables(3, 4), st.floats(0.001, 0.5))
def test_growing_stops_at_the_threshold(table, threshold):
    codes = table.codes.astype(np.int64)
    made = stepwise(codes, table.counts[None, :], table.n_lists, threshold)
    assert all(step[3] <= threshold * (1 + 1e-12) for step in made.steps[0])
    assert len({step[0] for step in made.steps[0]}) == len(made.steps[0])
    stricter = stepwise(codes, table.counts[None, :], table.n_lists, threshold / 2)
    shared = len(stricter.steps[0])
    assert [step[0] for step in made.steps[0][:shared]] == [step[0] for step in stricter.steps[0]]


@given(capture_tables(3, 4, full=True))
def test_more_candidates_never_fit_worse(table):
    few = estimated(SelectedLogLinear(max_order=1, n_top=1, interval=FEW), table, seed=5)
    more = estimated(SelectedLogLinear(max_order=2, n_top=1, interval=FEW), table, seed=5)
    assert more.detail.models[0].criterion <= few.detail.models[0].criterion + SAME_CRITERION
