"""On any table every estimator gives an estimate above the listed or a reason, and no list is first."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import tables
from detcount import Calibrated, abundance
from strategies import capture_tables, count_tables, estimated, renamings

pytestmark = pytest.mark.filterwarnings("ignore::detcount.errors.DetcountWarning")

SAME = 1e-6  # relative: sums are taken in another order, and searches stop at another last step
MADE_OF = vars(abundance) | {"Calibrated": Calibrated}
TABLES = tables("specifications")
OF_LISTS = {kind: [eval(one, MADE_OF) for one in written] for kind, written in TABLES["any_table"].items()}
OF_COUNTS = [eval(one, MADE_OF) for one in TABLES["counts"]]


def answer(estimator, data):
    """The estimate, or None where there is a reason: nothing else may come out."""
    estimate = estimated(estimator, data)
    if estimate is None:
        return None
    n_observed = data.n_observed
    assert n_observed == estimate.n_observed <= estimate.point < math.inf
    assert estimate.standard_error is None or 0 <= estimate.standard_error < math.inf
    limits = [estimate.interval(level) for level in (0.1, 0.5, 0.95, 0.99)]
    for inner, outer in itertools.pairwise(limits):
        assert n_observed <= outer.low <= inner.low <= inner.high <= outer.high
    if estimate.draws is None:
        whole = "hypergeometric" in limits[1].method  # limits of whole persons beside a point with a fraction
        point = math.floor(estimate.point) if whole else estimate.point
        assert limits[1].low <= point <= limits[1].high
    else:
        assert (estimate.draws >= n_observed).all()
    return estimate


@pytest.mark.parametrize("kind", OF_LISTS)
@given(data=st.data())
def test_any_table_gives_an_estimate_or_a_reason(kind, data):
    estimator = data.draw(st.sampled_from(OF_LISTS[kind]))
    answer(estimator, data.draw(capture_tables(2, 2 if kind == "two" else 4)))


@pytest.mark.parametrize("estimator", OF_COUNTS, ids=repr)
@given(counts=count_tables())
def test_any_counts_give_an_estimate_or_a_reason(estimator, counts):
    with np.errstate(all="raise"):
        answer(estimator, counts)


@pytest.mark.parametrize("kind", [kind for kind in OF_LISTS if kind != "drawn"])
@given(data=st.data())
def test_no_list_is_first(kind, data):
    estimator = data.draw(st.sampled_from(OF_LISTS[kind][: 1 if kind == "calibrated" else None]))
    table = data.draw(capture_tables(2, 2) if kind == "two" else capture_tables(3, 4, full=kind == "fitted"))
    one, other = answer(estimator, table), answer(estimator, data.draw(renamings(table)))
    if one is None or other is None:
        assert one is other or kind == "resampled"  # the resampled tables are others, and may tip it
    elif one.n_unobserved < 1e4 * one.n_observed:  # beyond it a fit is flat
        assert other.point == pytest.approx(one.point, rel=SAME)
        if kind not in {"resampled", "calibrated"}:
            assert other.standard_error == pytest.approx(one.standard_error, rel=10 * SAME)
