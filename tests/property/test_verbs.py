"""What holds for every verb over every table."""

import math

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from detcount import diagnose, fit_strata, leave_one_list_out, stratify
from detcount.errors import NotEstimableError
from detcount.estimates import LogNormalRule
from detcount.verbs.resample.bootstrapping import draws_of
from detcount.verbs.resample.jackknifing import acceleration_of
from strategies import capture_tables, renamings
from stubs import Stub

REORDERED = 1e-9  # sums over persons in another order; cancels up to six digits in the third moment
SCALED = 1e-12  # one product more


def geometric(table, seed):
    """n + f1^2 / (2 (f2 + 1)): smooth, answers for every table, knows no order of the lists."""
    once, twice = table.capture_frequencies[:2].tolist()
    unlisted = once**2 / (2 * (twice + 1)) + 1
    rule = LogNormalRule(unlisted, unlisted, table.n_observed)
    return {
        "point": table.n_observed + unlisted, "interval_rule": rule, "standard_error": math.sqrt(unlisted)
    }  # fmt: skip


@given(table=capture_tables(), over=st.sampled_from(["listed", "population"]), seed=st.integers(0, 2**40))
def test_draws_are_numbers_of_persons(table, over, seed):
    draws, _ = draws_of(Stub(geometric), table, n_resamples=7, seed=seed, over=over)
    assert draws.shape == (7,)
    assert (draws >= 1).all()
    if over == "listed":
        assert (draws >= table.n_observed).all()
    again, _ = draws_of(Stub(geometric), table, n_resamples=7, seed=seed, over=over)
    assert draws.tolist() == again.tolist()


@given(data=st.data(), table=capture_tables(), over=st.sampled_from(["listed", "population"]))
def test_the_jackknife_knows_no_order_of_the_lists(data, table, over):
    assume(table.n_observed > 1)
    one, other = (
        acceleration_of(Stub(geometric), each, seed=0, n_jobs=1, over=over)
        for each in (table, data.draw(renamings(table)))
    )
    assert math.isclose(one, other, rel_tol=REORDERED, abs_tol=1e-6)


@given(table=capture_tables(min_lists=3))
def test_without_a_list_nobody_is_added(table):
    result = leave_one_list_out(Stub(geometric), table)
    for name in table.lists:
        assert result.n_observed[name] == table.n_observed - table.exclusives[name]
        assert (name in result.estimates) != (name in result.declined)
        if name in result.estimates:
            assert result.estimates[name].n_observed == result.n_observed[name]
    assert [row["without"] for row in result.rows()] == [None, *table.lists]


@given(table=capture_tables(), marks=st.data())
def test_strata_hold_everybody_once(table, marks):
    frame = table.to_frame()
    counts = frame.columns[-1]
    rows = frame.loc[frame.index.repeat(frame[counts]), list(table.lists)].reset_index(drop=True)
    names = marks.draw(st.lists(st.sampled_from("xyz"), min_size=len(rows), max_size=len(rows)))
    tables = stratify(rows.assign(**{"by place": names}), by="by place", lists=table.lists)
    assert list(tables) == sorted(set(names))
    assert sum(part.n_observed for part in tables.values()) == table.n_observed
    for name in table.lists:
        assert sum(part.list_sizes[name] for part in tables.values()) == table.list_sizes[name]
    result = fit_strata(Stub(geometric), tables)
    total = result.total(0.9)
    assert math.isclose(total.point, sum(estimate.point for estimate in result.estimates.values()))
    assert table.n_observed <= total.interval.low <= total.point <= total.interval.high
    reversed_total = fit_strata(Stub(geometric), dict(reversed(tables.items()))).total(0.9)
    assert math.isclose(total.interval.high, reversed_total.interval.high, rel_tol=REORDERED)


@given(data=st.data(), table=capture_tables(min_lists=3), method=st.sampled_from(["log", "exact"]))
def test_odds_ratios_know_no_order_of_the_lists(data, table, method):
    renamed = data.draw(renamings(table))
    one = diagnose.pairwise_odds_ratios(table, method=method)
    other = diagnose.pairwise_odds_ratios(renamed, method=method)
    assert len(one.pairs) + len(one.declined) == math.comb(table.n_lists, 2)
    assert len(one.pairs) == len(other.pairs)
    found = sorted((pair.odds_ratio, pair.low, pair.high) for pair in one.pairs)
    again = sorted((pair.odds_ratio, pair.low, pair.high) for pair in other.pairs)
    np.testing.assert_allclose(found, again, rtol=REORDERED)
    assert all(pair.low <= pair.odds_ratio <= pair.high for pair in one.pairs)


@given(table=capture_tables())
def test_coverage_is_a_share(table):
    try:
        coverage = diagnose.sample_coverage(table)
    except NotEstimableError:
        assert sum(size > 0 for size in table.list_sizes.values()) < 2
        return
    assert 0 <= coverage.good_turing <= 1
    assert 0 <= coverage.chao_tsay <= 1
    assert (coverage.good_turing == 0) == (coverage.n_once == coverage.n_listings)
