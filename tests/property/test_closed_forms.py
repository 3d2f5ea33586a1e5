"""Properties of the closed-form estimators."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from detcount import CaptureTable, RepeatedCounts, abundance, odds_ratio_curve
from strategies import capture_tables, count_tables, estimated

SUMS = 1e-9  # relative: the same sums in another order


@given(table=capture_tables(2, 4, full=True), factor=st.integers(2, 9))
def test_more_of_the_same_scales(table, factor):
    """Every count multiplied: the point is, and the relative error shrinks with the root or faster."""
    more = CaptureTable(table.lists, table.histories, table.counts * factor)
    for estimator in (
        abundance.NoHighestOrderInteraction(),
        abundance.PairwiseNoInteraction(table.lists[:2]),
    ):
        one, other = estimated(estimator, table), estimated(estimator, more)
        if one is None:
            continue
        assert other.point == pytest.approx(factor * one.point, rel=SUMS)
        assert other.standard_error == pytest.approx(math.sqrt(factor) * one.standard_error, rel=SUMS)


@given(table=capture_tables(2, 2, full=True), ratios=st.lists(st.floats(0.01, 100), min_size=2, max_size=2))
def test_a_greater_odds_ratio_means_more_persons(table, ratios):
    small, large = sorted(ratios)
    assume(large > small * (1 + SUMS))
    one, other = abundance.OddsRatioAdjusted(small).fit(table), abundance.OddsRatioAdjusted(large).fit(table)
    assert one.point < other.point
    assert one.interval().low < other.interval().low
    assert one.interval().high < other.interval().high
    assert abundance.OddsRatioAdjusted(1).fit(table).point == pytest.approx(
        abundance.LincolnPetersen().fit(table).point, rel=SUMS
    )


@given(table=capture_tables(2, 2, full=True))
def test_chapman_is_below_lincoln_petersen(table):
    """(n1 + 1)(n2 + 1)/(m + 1) - 1 < n1 n2/m exactly when (n1 - m)(n2 - m) > 0."""
    assert abundance.Chapman().fit(table).point < abundance.LincolnPetersen().fit(table).point


@given(table=capture_tables(2, 2, full=True), level=st.floats(0.05, 0.999))
def test_exact_limits_hold_the_estimate(table, level):
    fitted = abundance.LincolnPetersen(interval=abundance.Hypergeometric()).fit(table)
    interval = fitted.interval(max(level, 0.5))
    assert interval.low <= math.ceil(fitted.point)
    assert interval.high >= math.floor(fitted.point)
    assert interval.low == int(interval.low)


@pytest.mark.parametrize(
    ("base", "stated", "most_lists"),
    [
        (abundance.LincolnPetersen(), abundance.OddsRatioAdjusted, 2),
        (abundance.OddsRatioAdjusted(), abundance.OddsRatioAdjusted, 2),
        (abundance.NoHighestOrderInteraction(), abundance.NoHighestOrderInteraction, 4),
    ],
)
@given(data=st.data(), odds_ratio=st.floats(0.05, 20), level=st.floats(0.1, 0.99))
def test_curve_agrees_with_the_stated_odds_ratio(base, stated, most_lists, data, odds_ratio, level):
    table = data.draw(capture_tables(2, most_lists, full=True))
    fitted, other = estimated(base, table), estimated(stated(odds_ratio), table)
    assume(fitted is not None and other is not None)
    curve = odds_ratio_curve(fitted, odds_ratio, level=level)
    assert curve.points[0] == pytest.approx(other.point, rel=SUMS)
    assert curve.lows[0] == pytest.approx(other.interval(level).low, rel=SUMS)
    assert curve.highs[0] == pytest.approx(other.interval(level).high, rel=SUMS)


@pytest.mark.parametrize("interval", [abundance.LogNormal(), abundance.Hypergeometric()], ids=repr)
@given(table=capture_tables(2, 2, full=True), extra=st.integers(1, 10**6), level=st.floats(0.1, 0.99))
def test_tipping_values_are_ordered_and_on_the_curve(interval, table, extra, level):
    fitted = abundance.LincolnPetersen(interval=interval).fit(table)
    claim = table.n_observed + extra
    assume(fitted.interval(level).high > table.n_observed)
    tipping = odds_ratio_curve(fitted, claim=claim, level=level).tipping
    assert min(tipping.at_high, tipping.at_point) > 0
    if interval == abundance.LogNormal():  # exact limits are whole, and may lie on one side of the point
        assert tipping.at_high <= tipping.at_point <= tipping.at_low
    curve = odds_ratio_curve(fitted, [tipping.at_high, tipping.at_point], level=level)
    assert [curve.highs[0], curve.points[1]] == pytest.approx([claim] * 2, rel=SUMS)
    if tipping.at_low < math.inf:  # a lower limit on the listed never reaches the claim
        assert odds_ratio_curve(fitted, tipping.at_low, level=level).lows[0] == pytest.approx(claim, rel=SUMS)
    else:
        assert fitted.interval(level).low == table.n_observed


@given(counts=count_tables(), factor=st.integers(2, 50))
def test_counts_of_more_persons_scale(counts, factor):
    more = RepeatedCounts(counts.times, counts.counts * factor)
    for estimator in (abundance.ZeroTruncatedPoisson(), abundance.ChaoCounts(bias_corrected=False)):
        one = estimated(estimator, counts)
        if one is None:
            continue
        other = estimator.fit(more)
        assert other.point == pytest.approx(factor * one.point, rel=SUMS)
        assert other.standard_error == pytest.approx(math.sqrt(factor) * one.standard_error, rel=SUMS)


@given(counts=count_tables())
def test_the_more_persons_may_differ_the_more_are_unlisted(counts):
    poisson = estimated(abundance.ZeroTruncatedPoisson(), counts)
    assume(poisson is not None)
    binomial = estimated(abundance.ZeroTruncatedNegativeBinomial(), counts)
    if binomial is not None:
        assert poisson.point < binomial.point
