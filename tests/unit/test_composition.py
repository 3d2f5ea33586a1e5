"""Shares of groups: sums, pooling, rates, differences, and what is refused."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from detcount import Calibrated, CaptureTable, abundance, reproduce
from detcount._numerics.composition import Tilt, log_shares, log_weights, off_the_lists, own_spreads, split
from detcount.errors import InputError
from detcount.strata import composition, stratify

LISTS = ("press", "court", "families")
WOMEN = {"100": 40, "010": 60, "001": 30, "110": 20, "101": 9, "011": 12, "111": 6}
MEN = {"100": 90, "010": 80, "001": 75, "110": 44, "101": 35, "011": 30, "111": 21}


def of(**groups):
    return {name: CaptureTable.from_counts(counts, lists=LISTS) for name, counts in groups.items()}


def test_draws_of_groups_add_up_to_those_of_the_total_which_is_that_of_the_whole_table():
    found = composition(of(women=WOMEN, men=MEN), seed=3)
    whole = CaptureTable.from_counts({h: WOMEN[h] + MEN[h] for h in MEN}, lists=LISTS)
    alone = Calibrated().fit(whole, seed=3)
    assert np.array_equal(found.total.draws, alone.draws)
    assert found.total.interval() == alone.interval()
    assert found.draws.sum(axis=1) == pytest.approx(alone.draws, rel=1e-12)
    assert sum(found.points.values()) == pytest.approx(alone.point, rel=1e-12)
    assert (found.draws >= [177, 375]).all()


def test_limits_over_drawn_tables_are_those_of_the_draws_of_all_of_them():
    one, other = of(women=WOMEN, men=MEN), of(women={**WOMEN, "100": 90}, men={**MEN, "100": 40})
    assert composition([one, one]).share_limits() == composition(one).share_limits()
    apart, both = (
        [composition(each).share_limits()["women"] for each in (one, other)],
        composition([one, other]),
    )
    low, high = both.share_limits()["women"]
    assert apart[0][0] < low < apart[1][0]  # half of the draws are of tables with more women
    assert apart[0][1] < high < apart[1][1]
    assert both.points == composition(one).points
    turned = dict(reversed(other.items()))  # groups are joined by name
    assert composition([one, turned]).share_limits() == both.share_limits()


def test_shares_where_no_list_is_are_those_of_a_penalised_logistic_regression():
    histories = np.array([[1, 0], [0, 1], [1, 1]])
    counts = np.array([[30.0, 11, 7], [12, 40, 9], [5, 6, 2]])
    design, spread = np.column_stack([np.ones(3), histories]), 0.4

    def loss(flat):
        b = flat.reshape(3, 3)
        logs = b @ design.T
        logs = logs - np.log(np.exp(logs).sum(axis=0))
        return -(counts * logs).sum() + (b[:, 1:] ** 2).sum() / (2 * spread**2) + 1e-9 * (b[:, 0] ** 2).sum()

    best = minimize(loss, np.zeros(9), method="BFGS", options={"gtol": 1e-9}).x.reshape(3, 3)[:, 0]
    expected = best - np.log(np.exp(best).sum())
    assert off_the_lists(histories, counts, spread) == pytest.approx(expected, abs=1e-5)


def test_weights_are_shares_of_the_listed_moved_by_what_was_learned_of_lists_and_of_numbers():
    histories, several = (
        np.array([[1, 0, 0], [0, 1, 1], [1, 1, 1], [0, 0, 1]]),
        np.array([[0], [1], [1], [0]]),
    )
    counts = np.array([[30.0, 11, 7, 5], [12, 40, 9, 3], [5, 6, 2, 17]])
    tilt = Tilt(0.7, 0.4, 0.9, -0.3, own_spread=0.2, own_persons=3.0, shared=0.5)
    listed = np.log(counts.sum(axis=1) / counts.sum())
    by_list, by_number = off_the_lists(histories, counts, 0.7), off_the_lists(several, counts, 0.9)
    expected = listed + 0.4 * (by_list - listed) - 0.3 * (by_number - listed)
    assert log_weights(histories, counts, tilt) == pytest.approx(expected, rel=1e-12)
    assert own_spreads(np.array([4.0, 100.0]), tilt) == pytest.approx(np.sqrt([0.04 + 0.75, 0.04 + 0.03]))


def test_without_a_prior_a_saturated_answer_is_the_closed_form_of_two_independent_lists():
    histories = np.array([[1, 0], [0, 1], [1, 1]])
    counts = np.array([[30.0, 11, 7], [12, 40, 9]])
    unlisted = counts[:, 0] * counts[:, 1] / counts[:, 2]
    assert off_the_lists(histories, counts, 1e5) == pytest.approx(log_shares(unlisted), abs=1e-6)


def test_groups_on_the_lists_alike_have_the_shares_of_the_listed():
    found = composition(of(some=MEN, twice={h: 2 * n for h, n in MEN.items()}))
    assert found.shares["twice"] == pytest.approx(2 / 3, abs=1e-12)


def test_neither_the_order_of_groups_nor_that_of_lists_matters():
    found = composition(of(women=WOMEN, men=MEN))
    turned = {name: table.keep(LISTS[::-1]) for name, table in of(men=MEN, women=WOMEN).items()}
    again = composition(turned)
    assert again.shares["women"] == pytest.approx(found.shares["women"], rel=1e-9)
    assert again.groups == ("men", "women")
    mixed = composition({"women": of(w=WOMEN)["w"], "men": of(m=MEN)["m"].keep(LISTS[::-1])})
    assert mixed.shares["women"] == pytest.approx(found.shares["women"], rel=1e-9)


def test_small_groups_are_pooled_by_name_and_keep_their_rows():
    few, fewer = {"100": 4, "110": 2}, {"010": 3, "001": 2, "011": 2}
    found = composition(of(women=WOMEN, men=MEN, few=few, fewer=fewer))
    assert found.pooled == ("few", "fewer")
    assert [row["group"] for row in found.rows() if row["pooled"]] == ["few", "fewer"]
    assert any("'few' and 'fewer'" in note for note in found.notes)
    unlisted = {name: found.points[name] - found.tables[name].n_observed for name in found.pooled}
    assert unlisted["few"] / unlisted["fewer"] == pytest.approx(6 / 7)
    assert composition(of(women=WOMEN, men=MEN, few=few)).pooled == ("women", "few")
    assert composition(of(men=MEN, few=few)).pooled == ()


def test_a_group_of_two_has_no_limits_that_its_numbers_do_not_bear():
    tables = of(women=WOMEN, men=MEN, two={"100": 2}, three={"010": 2, "110": 1}, nine={"001": 9})
    found = composition(tables)
    assert set(found.pooled) == {"two", "three", "nine"}
    assert found.limits()["two"][1] < 40
    assert found.share_limits()["two"][1] < 0.05


def test_several_columns_of_a_frame_are_one_of_groups():
    rows = pd.DataFrame({"sex": ["f", "m", "f"], "prison": ["a", "a", None], "x": [1, 1, 0], "y": [0, 1, 1]})
    assert list(stratify(rows, by=["sex", "prison"], lists=["x", "y"])) == ["f, a", "f, –", "m, a"]


def test_rates_are_of_the_same_draws():
    found = composition(of(women=WOMEN, men=MEN), population={"women": 50_000, "men": 48_000})
    row = found.rows()[0]
    assert row["rate_high"] == pytest.approx(row["high"] * 2)
    assert row["rate_point"] == pytest.approx(row["point"] * 2)


def test_limits_hold_the_point_and_the_listed_and_widen_with_the_level():
    found = composition(of(women=WOMEN, men=MEN))
    for level in (0.5, 0.95):
        for name, (low, high) in found.share_limits(level).items():
            assert 0 <= low <= found.shares[name] <= high <= 1
        for name, (low, high) in found.limits(level).items():
            assert found.tables[name].n_observed <= low <= found.points[name] <= high
    narrow, wide = (found.share_limits(level)["women"] for level in (0.5, 0.95))
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_a_difference_of_a_composition_from_itself_is_nothing_and_errors_in_common_cancel():
    found = composition(of(women=WOMEN, men=MEN))
    change = found.difference(found)
    row = change.rows()[0]
    assert row["change"] == row["share_change"] == 0
    assert row["share_low"] < 0 < row["share_high"]
    apart = np.random.default_rng(0).permutation(found.draws[:, 0] / found.draws.sum(axis=1))
    alone = np.quantile(apart - found.draws[:, 0] / found.draws.sum(axis=1), [0.025, 0.975])
    assert row["share_high"] - row["share_low"] < alone[1] - alone[0]
    assert change.learned
    assert "no share" in change.headline()


def test_a_difference_of_other_estimators_says_that_nothing_was_learned_of_common_errors():
    by_chao = composition(of(women=WOMEN, men=MEN), estimator=abundance.ChaoLowerBound())
    change = by_chao.difference(composition(of(women=MEN, men=WOMEN, more=MEN)))
    assert not change.learned
    assert any("more" in note for note in change.notes)
    assert by_chao.draws.sum(axis=1).mean() == pytest.approx(by_chao.total.point, rel=0.05)


def test_a_record_holds_each_number_and_is_private():
    found = composition(of(women=WOMEN, men=MEN), seed=5)
    record = json.loads(json.dumps(found.record(), allow_nan=False))
    assert record["private"]
    assert record["seed"] == 5
    assert [row["group"] for row in record["composition"]] == ["women", "men"]
    assert record["composition"][0]["share"] == found.shares["women"]


def test_a_record_is_made_again_from_the_tables():
    tables = of(women=WOMEN, men=MEN)
    made = composition(tables, population={"women": 50_000, "men": 48_000}, seed=5)
    assert "the same, to the last bit" in str(reproduce(made.record(0.9), tables))
    with pytest.raises(InputError, match="data"):
        reproduce(made.record(), {**tables, "men": tables["women"]})


def test_parts_of_nobody_add_up_to_nobody():
    randoms = [np.random.default_rng(k) for k in range(2)]
    drawn = split(np.array([0.0, 50.0]), np.log(np.array([[0.2, 0.8], [0.2, 0.8]])), randoms)
    assert drawn[0].tolist() == [0.0, 0.0]
    assert drawn[1].sum() == pytest.approx(50)


def test_the_figure_has_a_point_limits_and_a_hollow_mark_for_each_group():
    axes = composition(of(women=WOMEN, men=MEN)).plot(lang="es").axes[0]
    marks = [line.get_gid() for line in axes.lines]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["women", "men"]
    assert len([line for line in axes.lines if line.get_markerfacecolor() == "none"]) == 2
    assert marks
