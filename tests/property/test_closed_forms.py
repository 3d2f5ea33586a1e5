"""Properties of the closed-form estimators."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from detcount import CaptureTable, RepeatedCounts, odds_ratio_curve
from detcount.abundance import (
    ChaoCounts,
    ChaoLee,
    Chapman,
    Hypergeometric,
    LincolnPetersen,
    NoHighestOrderInteraction,
    OddsRatioAdjusted,
    PairwiseNoInteraction,
    SampleCoverage,
    ZeroTruncatedNegativeBinomial,
    ZeroTruncatedPoisson,
)
from detcount.errors import NotEstimableError
from strategies import capture_tables, count_tables, renamings

SUMS = 1e-9  # the same sums in another order, and up to 31 logarithms
TABLES = [
    LincolnPetersen(),
    LincolnPetersen(interval=Hypergeometric()),
    Chapman(),
    Chapman(interval=Hypergeometric()),
    OddsRatioAdjusted(odds_ratio=2.5),
    NoHighestOrderInteraction(odds_ratio=0.5),
    SampleCoverage(n_resamples=100),
    SampleCoverage(estimate="low-coverage", n_resamples=100),
    SampleCoverage(estimate="independent", n_resamples=100),
]
COUNTS = [
    ZeroTruncatedPoisson(),
    ZeroTruncatedNegativeBinomial(),
    ChaoCounts(bias_corrected=False),
    ChaoCounts(),
    ChaoLee(),
    ChaoLee(form="ACE-1"),
]


def answer(estimator, data):
    """The estimate, or the refusal: nothing else may come out."""
    try:
        with np.errstate(all="raise"):
            return estimator.fit(data)
    except NotEstimableError as caught:
        refusal = caught
    assert refusal.reason
    assert refusal.remedy.endswith(".")
    return refusal


def check(fitted, n_observed):
    assert fitted.n_observed == n_observed
    assert n_observed <= fitted.point < math.inf
    assert fitted.standard_error >= 0
    assert math.isfinite(fitted.standard_error)
    wide, narrow = fitted.interval(0.99), fitted.interval(0.5)
    assert n_observed <= wide.low <= narrow.low <= narrow.high <= wide.high
    assert not math.isnan(wide.high)


@pytest.mark.filterwarnings("ignore::detcount.errors.DetcountWarning")
@pytest.mark.parametrize("estimator", TABLES, ids=repr)
@given(data=st.data())
def test_any_table_gives_an_estimate_or_a_reason(estimator, data):
    two = isinstance(estimator, LincolnPetersen | Chapman | OddsRatioAdjusted)
    table = data.draw(capture_tables(2, 2) if two else capture_tables(2, 5))
    fitted = answer(estimator, table)
    if not isinstance(fitted, NotEstimableError):
        check(fitted, table.n_observed)


@pytest.mark.parametrize("estimator", COUNTS, ids=repr)
@given(counts=count_tables())
def test_any_counts_give_an_estimate_or_a_reason(estimator, counts):
    fitted = answer(estimator, counts)
    if not isinstance(fitted, NotEstimableError):
        check(fitted, counts.n_observed)
        assert fitted.interval().low < fitted.point < fitted.interval().high


@pytest.mark.filterwarnings("ignore::detcount.errors.DetcountWarning")
@pytest.mark.parametrize("estimator", TABLES, ids=repr)
@given(data=st.data())
def test_no_list_is_first(estimator, data):
    two = isinstance(estimator, LincolnPetersen | Chapman | OddsRatioAdjusted)
    full = isinstance(estimator, NoHighestOrderInteraction)
    table = data.draw(capture_tables(2 if two or full else 3, 2 if two else 4, full=full))
    one, other = answer(estimator, table), answer(estimator, data.draw(renamings(table)))
    if isinstance(one, NotEstimableError) or isinstance(other, NotEstimableError):
        if not isinstance(estimator, SampleCoverage):  # its resampled tables are others, and may tip it
            assert type(one) is type(other)
        return
    assert other.point == pytest.approx(one.point, rel=SUMS)
    if not isinstance(estimator, SampleCoverage):
        assert other.interval().low == pytest.approx(one.interval().low, rel=SUMS)


@given(table=capture_tables(2, 4, full=True), factor=st.integers(2, 9))
def test_more_of_the_same_scales(table, factor):
    """Every count multiplied: the point is, and the relative error shrinks with the root or faster."""
    more = CaptureTable(table.lists, table.histories, table.counts * factor)
    for estimator in (NoHighestOrderInteraction(), PairwiseNoInteraction(table.lists[:2])):
        one, other = answer(estimator, table), answer(estimator, more)
        if isinstance(one, NotEstimableError):
            continue
        assert other.point == pytest.approx(factor * one.point, rel=SUMS)
        assert other.standard_error == pytest.approx(math.sqrt(factor) * one.standard_error, rel=SUMS)


@given(table=capture_tables(2, 2, full=True), ratios=st.lists(st.floats(0.01, 100), min_size=2, max_size=2))
def test_a_greater_odds_ratio_means_more_persons(table, ratios):
    small, large = sorted(ratios)
    assume(large > small * (1 + SUMS))
    one, other = OddsRatioAdjusted(small).fit(table), OddsRatioAdjusted(large).fit(table)
    assert one.point < other.point
    assert one.interval().low < other.interval().low
    assert one.interval().high < other.interval().high
    assert OddsRatioAdjusted(1).fit(table).point == pytest.approx(
        LincolnPetersen().fit(table).point, rel=SUMS
    )


@given(table=capture_tables(2, 2, full=True))
def test_chapman_is_below_lincoln_petersen(table):
    """(n1 + 1)(n2 + 1)/(m + 1) - 1 < n1 n2/m exactly when (n1 - m)(n2 - m) > 0."""
    assert Chapman().fit(table).point < LincolnPetersen().fit(table).point


@given(table=capture_tables(2, 2, full=True), level=st.floats(0.05, 0.999))
def test_exact_limits_hold_the_estimate(table, level):
    fitted = LincolnPetersen(interval=Hypergeometric()).fit(table)
    interval = fitted.interval(max(level, 0.5))
    assert interval.low <= math.ceil(fitted.point)
    assert interval.high >= math.floor(fitted.point)
    assert interval.low == int(interval.low)


@given(table=capture_tables(3, 4, full=True), odds_ratio=st.floats(0.05, 20))
def test_curve_agrees_with_the_stated_odds_ratio(table, odds_ratio):
    base = answer(NoHighestOrderInteraction(), table)
    stated = answer(NoHighestOrderInteraction(odds_ratio), table)
    assume(not isinstance(base, NotEstimableError))
    assume(not isinstance(stated, NotEstimableError))
    curve = odds_ratio_curve(base, odds_ratio, level=0.8)
    assert curve.points[0] == pytest.approx(stated.point, rel=SUMS)
    assert curve.lows[0] == pytest.approx(stated.interval(0.8).low, rel=SUMS)
    assert curve.highs[0] == pytest.approx(stated.interval(0.8).high, rel=SUMS)


@given(table=capture_tables(2, 2, full=True), extra=st.integers(1, 10**6), level=st.floats(0.1, 0.99))
def test_tipping_values_are_ordered_and_on_the_curve(table, extra, level):
    fitted = LincolnPetersen().fit(table)
    claim = table.n_observed + extra
    tipping = odds_ratio_curve(fitted, claim=claim, level=level).tipping
    assert 0 < tipping.at_high <= tipping.at_point <= tipping.at_low < math.inf
    curve = odds_ratio_curve(fitted, [tipping.at_high, tipping.at_point, tipping.at_low], level=level)
    assert [curve.highs[0], curve.points[1], curve.lows[2]] == pytest.approx([claim] * 3, rel=SUMS)


@given(counts=count_tables(), factor=st.integers(2, 50))
def test_counts_of_more_persons_scale(counts, factor):
    more = RepeatedCounts(counts.times, counts.counts * factor)
    for estimator in (
        ZeroTruncatedPoisson(),
        ChaoCounts(bias_corrected=False),
    ):
        one = answer(estimator, counts)
        if isinstance(one, NotEstimableError):
            continue
        other = estimator.fit(more)
        assert other.point == pytest.approx(factor * one.point, rel=SUMS)
        assert other.standard_error == pytest.approx(math.sqrt(factor) * one.standard_error, rel=SUMS)


@given(counts=count_tables())
def test_the_more_persons_may_differ_the_more_are_unlisted(counts):
    poisson = answer(ZeroTruncatedPoisson(), counts)
    assume(not isinstance(poisson, NotEstimableError))
    binomial = answer(ZeroTruncatedNegativeBinomial(), counts)
    if not isinstance(binomial, NotEstimableError):
        assert poisson.point < binomial.point
