"""Pooling and coupled sums: Rubin's rules by hand, mixtures, limits on the log scale, refusals."""

import datetime as dt
import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from detcount import CaptureTable, Definition, RepeatedCounts, abundance, datasets
from detcount._numerics import pooling as numerics
from detcount._numerics.intervals import log_normal_bounds, normal_quantile
from detcount._numerics.pooling import LogSpread
from detcount.abundance import Chapman, DecomposableGraphs, LogLinear
from detcount.pooling import pool

EXACT = 1e-12  # the same sums in another order
PRINTED = 0.005  # half of the last digit printed


def two(first, second, both, **more):
    return CaptureTable.from_counts(
        {"10": first, "01": second, "11": both}, lists=["press", "families"], **more
    )


SAME_N = [two(40, 60, 20), two(38, 60, 22), two(41, 61, 18)]
OTHER_N = [two(40, 60, 20), two(38, 58, 22), two(45, 65, 15)]


class TestRubin:
    def test_by_hand_on_log_n0_where_all_tables_list_as_many(self):
        fits = [Chapman().fit(table) for table in SAME_N]
        logs = [math.log(fit.n_unobserved) for fit in fits]
        within = statistics.fmean(math.log1p((fit.standard_error / fit.n_unobserved) ** 2) for fit in fits)
        between = statistics.variance(logs)
        total = within + 4 / 3 * between
        degrees = 2 * (1 + within / (4 / 3 * between)) ** 2  # Rubin (1987), (3.1.6)
        half = stats.t.ppf(0.975, degrees) * math.sqrt(total)
        estimate = pool(Chapman(), SAME_N)
        assert estimate.point == pytest.approx(120 + math.exp(statistics.fmean(logs)), rel=EXACT)
        interval = estimate.interval(0.95)
        assert interval.low == pytest.approx(120 + math.exp(statistics.fmean(logs) - half), rel=1e-9)
        assert interval.high == pytest.approx(120 + math.exp(statistics.fmean(logs) + half), rel=1e-9)
        assert interval.method == "Rubin's rules"
        assert interval.monte_carlo_error is None
        assert estimate.detail.degrees_of_freedom == pytest.approx(degrees, rel=1e-9)
        assert estimate.detail.share_between == pytest.approx(4 / 3 * between / total, rel=1e-9)

    def test_by_hand_on_persons(self):
        fits = [Chapman().fit(table) for table in OTHER_N]
        points = [fit.point for fit in fits]
        total = statistics.fmean(fit.standard_error**2 for fit in fits) + 4 / 3 * statistics.variance(points)
        estimate = pool(Chapman(), OTHER_N, combine="rubin-n")
        assert estimate.point == pytest.approx(statistics.fmean(points), rel=EXACT)
        assert estimate.standard_error == pytest.approx(math.sqrt(total), rel=EXACT)
        low, high = estimate.interval_rule.bounds(0.9)
        assert (low + high) / 2 == pytest.approx(estimate.point, rel=EXACT)
        degrees = estimate.detail.degrees_of_freedom
        assert high - low == pytest.approx(2 * stats.t.ppf(0.95, degrees) * math.sqrt(total), rel=1e-9)

    @pytest.mark.parametrize("combine", ["rubin", "rubin-n"])
    def test_one_table_several_times_is_that_table(self, combine):
        one = Chapman().fit(SAME_N[0])
        pooled = pool(Chapman(), [SAME_N[0]] * 4, combine=combine)
        assert pooled.point == pytest.approx(one.point, rel=EXACT)
        assert pooled.standard_error == pytest.approx(one.standard_error, rel=1e-9)
        assert pooled.detail.share_between == 0
        assert math.isinf(pooled.detail.degrees_of_freedom)
        if combine == "rubin":
            assert pooled.interval(0.8).low == pytest.approx(one.interval(0.8).low, rel=1e-9)
            assert pooled.interval(0.8).high == pytest.approx(one.interval(0.8).high, rel=1e-9)
        assert any("they do not differ" in note for note in pooled.notes)

    def test_one_floor_for_tables_that_list_different_numbers(self):
        estimate = pool(Chapman(), OTHER_N)
        assert estimate.n_observed == 118
        assert estimate.detail.n_observed == (120, 118, 125)
        logs = [math.log(Chapman().fit(table).point - 118) for table in OTHER_N]
        assert estimate.point == pytest.approx(118 + math.exp(statistics.fmean(logs)), rel=EXACT)
        assert all(estimate.interval(level).low > 118 for level in (0.5, 0.95, 0.9999))
        assert "the tables list from 118 to 125 persons, and no limit is below 118" in estimate.notes

    def test_nobody_unlisted_counts_as_half_a_person(self):
        tables = [two(5, 40, 30), two(1, 1, 70), two(4, 41, 30)]
        assert Chapman().fit(tables[1]).n_unobserved < 0.5
        pooled = pool(Chapman(), tables)
        assert pooled.point > 72.5
        assert any("half a person" in note for note in pooled.notes)

    def test_monte_carlo_errors_of_tables_reach_the_limits(self):
        spec = abundance.LogLinear(interval=abundance.PercentileBootstrap(200))
        estimate = pool(spec, SAME_N)
        assert estimate.detail.combine == "rubin"  # draws of a bootstrap are no posterior
        low, high = estimate.interval().monte_carlo_error
        assert 0 < low < high
        exact = pool(LogLinear(), SAME_N).interval()
        assert exact.monte_carlo_error is None


class TestDegreesOfFreedom:
    def test_by_hand(self):
        combined = numerics.Combined(n_tables=5, mean=0.0, within=1.0, between=0.5)
        assert combined.total == pytest.approx(1.6)
        assert combined.share_between == pytest.approx(0.375)
        assert numerics.degrees_of_freedom(combined) == pytest.approx(28.44, abs=PRINTED)
        # Barnard and Rubin (1999) with 100 for the complete data: 1/(1/28.44 + 1/61.29)
        assert numerics.degrees_of_freedom(combined, 100) == pytest.approx(19.43, abs=PRINTED)

    def test_barnard_and_rubin_never_have_more_than_a_whole_table(self):
        for complete in (3.0, 30.0, 3000.0):
            found = [
                numerics.degrees_of_freedom(numerics.Combined(m, 0.0, 1.0, between), complete)
                for m in (2, 20)
                for between in (0.0, 0.1, 5.0)
            ]
            assert max(found) <= complete

    def test_the_printed_form_gives_fewer(self):
        combined = numerics.Combined(n_tables=10, mean=0.0, within=5.0, between=1.0)
        assert round(numerics.degrees_of_freedom_as_printed(combined)) == 19
        assert round(numerics.degrees_of_freedom(combined)) == 277
        assert math.isinf(numerics.degrees_of_freedom_as_printed(numerics.Combined(3, 0.0, 1.0, 0.0)))


class TestMixture:
    def test_posteriors_are_mixed_with_equal_weights(self):
        whole = datasets.load("korea")
        other = CaptureTable(whole.lists, whole.histories, whole.counts + np.arange(len(whole.counts)) % 3)
        spec = DecomposableGraphs()
        estimate = pool(spec, [whole, other], seed=3)
        draws = np.concatenate([spec.fit(table, seed=3).draws for table in (whole, other)])
        assert estimate.detail.combine == "mixture"
        assert np.array_equal(np.sort(estimate.draws), np.sort(draws))
        assert estimate.point == pytest.approx(np.median(draws), abs=0.5)
        assert estimate.interval(0.9).low == pytest.approx(np.quantile(draws, 0.05), abs=1)
        assert estimate.interval(0.9).method == "mixture of posteriors"
        assert estimate.n_observed == whole.n_observed
        assert estimate.detail.degrees_of_freedom is None
        assert estimate.monte_carlo_error > 0
        assert any("at least 100 are advised" in note for note in estimate.notes)

    def test_more_draws_of_one_table_are_thinned_evenly(self):
        mixed = numerics.mixture([np.arange(6.0), np.array([10.0, 11.0, 12.0])])
        assert mixed.tolist() == [0, 2, 4, 10, 11, 12]

    def test_a_posterior_can_be_pooled_by_rubin_too(self):
        table = datasets.load("korea")
        other = CaptureTable(table.lists, table.histories, table.counts + 1)
        pooled = pool(DecomposableGraphs(), [table, other, table], combine="rubin")
        assert pooled.detail.combine == "rubin"
        assert pooled.draws is None


class TestVerdata:
    def test_by_hand(self):
        fits = [Chapman().fit(table) for table in OTHER_N]
        logs = [math.log(fit.n_unobserved) for fit in fits]
        within = statistics.fmean(math.log1p((fit.standard_error / fit.n_unobserved) ** 2) for fit in fits)
        between = statistics.variance(logs)
        half = stats.t.ppf(0.975, 2 * (1 + within / (4 * between)) ** 2) * math.sqrt(within + 4 / 3 * between)
        estimate = pool(Chapman(), OTHER_N, combine="verdata")
        listed = (120 + 118 + 125) / 3
        unlisted = statistics.fmean(fit.n_unobserved for fit in fits)
        assert estimate.point == pytest.approx(listed + unlisted, rel=EXACT)
        expected = listed + math.exp(statistics.fmean(logs) + half)
        assert estimate.interval().high == pytest.approx(expected, rel=1e-9)

    def test_draws_are_used_where_there_are_some(self):
        table = datasets.load("korea")
        other = CaptureTable(table.lists, table.histories, table.counts + 1)
        fits = [DecomposableGraphs().fit(each) for each in (table, other)]
        logs = [np.log(np.maximum(fit.draws - fit.n_observed, 0.1)) for fit in fits]
        pooled = pool(DecomposableGraphs(), [table, other], combine="verdata")
        assert pooled.interval_rule.centre == pytest.approx(np.mean([each.mean() for each in logs]), rel=1e-9)


class TestContract:
    def test_definition_is_kept(self):
        who = Definition(unit="person", who="people held", day=dt.date(2025, 1, 31))
        tables = [two(40, 60, 20, definition=who), two(38, 60, 22, definition=who)]
        assert pool(Chapman(), tables).definition == who

    def test_repeated_counts(self):
        tables = [RepeatedCounts.from_frequencies(n) for n in ({1: 54, 2: 17, 4: 3}, {1: 50, 2: 19, 3: 3})]
        assert pool(abundance.ChaoCounts(), tables).n_observed == 72


ROUNDING = 1e-9


@given(st.integers(0, 10**6), st.floats(1, 1e6), st.floats(0.01, 100), st.floats(0.5, 0.99))
def test_log_normal_limits_are_given_back(n_observed, unlisted, ratio, level):
    low, high = log_normal_bounds(
        n_unobserved=unlisted, variance=(ratio * unlisted) ** 2, n_observed=n_observed, level=level
    )
    spread = LogSpread(n_observed, n_observed + unlisted, low, high, level)
    z = normal_quantile(level)
    found = spread.at(np.array([-z, 0.0, z]), own_share=0.0)
    if low > n_observed * (1 + 1e-9) + 1e-6:
        assert found == pytest.approx([low, n_observed + unlisted, high], rel=1e-6)
    assert (spread.at(np.linspace(-5, 5, 41), own_share=1.0) >= n_observed).all()


def test_own_errors_cancel_on_the_scale_of_persons():
    spread = LogSpread(100, 150.0, 100 + 50 * math.exp(-1.2), 100 + 50 * math.exp(1.2), 0.95)
    scores = np.random.default_rng(4).standard_normal(400_000)
    assert spread.at(scores, own_share=1.0).mean() == pytest.approx(150, abs=0.3)
    assert np.median(spread.at(scores, own_share=0.0)) == pytest.approx(150, abs=0.3)


def test_limits_at_the_listed_and_without_end():
    at_listed = LogSpread(100, 110.0, 100.0, 140.0, 0.9)
    z = normal_quantile(0.9)
    assert at_listed.at(np.array([-z, 0.0, z]), 0.0) == pytest.approx([100, 110, 140], rel=ROUNDING)
    assert at_listed.at(np.array([-9.0]), 0.0) == [100.0]
    endless = LogSpread(100, 110.0, 104.0, math.inf, 0.9)
    low, middle, below, above = endless.at(np.array([-z, 0.0, 0.99 * z, z]), 0.0)
    assert (low, middle, above) == (pytest.approx(104), pytest.approx(110), math.inf)
    assert 110 < below < 126
    assert LogSpread(100, 100.0, 100.0, 100.0, 0.9).at(np.zeros(3), 1.0).tolist() == [100.0] * 3
