"""IdentifiedBy on any table: an estimate or a reason, renamings, odds ratios, fewer lists."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from detcount.abundance import IdentifiedBy, InverseN, NegativeBinomial, NoHighestOrder, PairIndependence
from detcount.errors import NotEstimableError
from strategies import capture_tables

N_DRAWS = 2000


@given(table=capture_tables(max_lists=4), factor=st.floats(1.5, 10))
def test_the_odds_ratio_multiplies_the_odds(table, factor):
    one = IdentifiedBy(n_draws=N_DRAWS)
    other = IdentifiedBy(assumption=NoHighestOrder(factor), n_draws=N_DRAWS)
    try:
        a, b = one.fit(table).detail.log_odds, other.fit(table).detail.log_odds
    except NotEstimableError:
        assume(False)
    # the same seed draws the same cells, in an order of its own
    np.testing.assert_allclose(np.sort(b), np.sort(a) + np.log(factor), rtol=1e-9, atol=1e-9)  # rounding


@given(table=capture_tables(min_lists=3, max_lists=4, full=True))
def test_a_prior_moves_the_answer_towards_itself(table):
    free = IdentifiedBy(n_draws=N_DRAWS).fit(table)
    mean = 3 * free.point
    try:
        stated = IdentifiedBy(prior=NegativeBinomial(mean, 5.0), n_draws=N_DRAWS).fit(table)
    except NotEstimableError:
        assume(False)
    assert free.interval(0.5).low <= stated.point < 1.5 * mean


@given(table=capture_tables(min_lists=3, max_lists=4, full=True), factor=st.floats(2, 6))
def test_more_dependence_of_a_pair_means_more_unlisted(table, factor):
    pair = table.lists[:2]
    try:
        low = IdentifiedBy(assumption=PairIndependence(pair), prior=InverseN(), n_draws=N_DRAWS).fit(table)
        high = IdentifiedBy(assumption=PairIndependence(pair, factor), n_draws=N_DRAWS).fit(table)
    except NotEstimableError:
        assume(False)
    assert (
        high.detail.discarded_share <= low.detail.discarded_share + 0.05
    )  # 2,000 draws: four standard errors
    if low.detail.discarded_share == 0:
        assert high.point > low.point
