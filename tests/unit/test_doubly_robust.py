"""Two lists and covariates: against slow rewrites, closed forms and another library, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from cases import rows_in
from detcount import CaptureTable, abundance, reproduce
from detcount._numerics import doubly_robust as numerics
from detcount.abundance import doubly_robust
from detcount.errors import InputError, NotEstimableError

EXACT = 1e-9
LISTS = ("press", "families")
STORED = Path(__file__).parents[2] / "benchmarks" / "results" / "doubly_robust.csv"
ROWS = {
    "press": [1, 0, 1, 1, 0, 1],
    "families": [0, 1, 1, 0, 1, 1],
    "place": ["north"] * 3 + ["south"] * 3,
    "persons": [40, 30, 20, 70, 32, 30],
}


class Known:
    """A classifier that was told the shares, one row a value of the only column; it has learned nothing."""

    def __init__(self, shares: np.ndarray) -> None:
        self.shares = shares

    def fit(self, X, y):
        assert X.shape[1] == 1
        return self

    def predict_proba(self, X):
        return self.shares[X[:, 0].astype(int)]


def persons(rows: dict, seed: int = 0) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    frame = frame.loc[frame.index.repeat(frame.pop("persons"))]
    return frame.sample(frac=1, random_state=seed).reset_index(drop=True)


def test_without_covariates_it_is_lincoln_and_petersen():
    estimate = abundance.DoublyRobust(LISTS, count="persons").fit(ROWS)
    known = abundance.LincolnPetersen().fit(
        CaptureTable.from_counts({"10": 110, "01": 62, "11": 50}, lists=LISTS)
    )
    assert estimate.point == pytest.approx(160 * 112 / 50, rel=EXACT)
    assert estimate.standard_error == pytest.approx(known.standard_error, rel=EXACT)
    assert estimate.interval() == known.interval()
    assert estimate.detail.n_folds == 1


def test_known_shares_of_two_places_give_the_sum_that_is_written_in_the_paper():
    # columns are indicators of all values but the most frequent, here "north"
    shares = np.array([[0.42, 0.33, 0.25], [0.55, 0.25, 0.2]])
    estimate = abundance.DoublyRobust(LISTS, ("place",), count="persons", nuisance=Known(shares)).fit(ROWS)
    total, squares, n = 0.0, 0.0, 0
    for y1, y2, place, count in zip(*ROWS.values(), strict=True):
        only_first, only_second, both = shares[int(place == "north")]
        q1, q2 = only_first + both, only_second + both
        phi = q1 * q2 / both * (y1 / q1 + y2 / q2 - y1 * y2 / both)
        total, squares, n = total + count * phi, squares + count * phi**2, n + count
    mean = total / n
    assert estimate.point == pytest.approx(total, rel=EXACT)
    variance = n * (squares / n - mean**2) + n * mean * (mean - 1)
    assert estimate.standard_error == pytest.approx(variance**0.5, rel=EXACT)


def test_groups_add_up_to_the_whole_and_rows_or_counts_are_the_same():
    spec = abundance.DoublyRobust(LISTS, by="place", count="persons")
    whole = spec.fit(ROWS, seed=4)
    assert list(whole.detail.groups) == ["north", "south"]
    assert sum(each.point for each in whole.detail.groups.values()) == pytest.approx(whole.point, rel=EXACT)
    assert sum(each.n_observed for each in whole.detail.groups.values()) == whole.n_observed == 222
    frame = pd.DataFrame(ROWS)
    apart = frame.loc[frame.index.repeat(frame["persons"])].drop(columns="persons")
    assert abundance.DoublyRobust(LISTS, by="place").fit(apart, seed=4).point == whole.point
    assert any("Group 'north'" in note for note in whole.notes)


def test_the_logit_is_that_of_statsmodels_where_nothing_is_held(monkeypatch):
    random = np.random.default_rng(3)
    design = np.column_stack([np.ones(900), random.normal(size=(900, 2))])
    logs = np.column_stack([design @ [0.3, 0.5, -0.2], design @ [-0.2, 0.1, 0.4], np.zeros(900)])
    shares = np.exp(logs) / np.exp(logs).sum(axis=1, keepdims=True)
    outcomes = (random.random(900)[:, None] > shares.cumsum(axis=1)).sum(axis=1)
    monkeypatch.setattr(numerics, "_RIDGE", 0.0)
    theirs = sm.MNLogit((outcomes + 1) % 3, design).fit(disp=0).params
    found = numerics.fit_outcomes(design, outcomes)
    assert pytest.approx(theirs, abs=1e-8) == found[:2].T
    assert not found[numerics.BOTH].any()


def test_the_ridge_keeps_a_value_that_one_outcome_alone_has_finite():
    outcomes = np.array([0, 1, 2] * 20 + [0] * 9)
    design = np.column_stack([np.ones(69), np.arange(69) >= 60]).astype(float)
    found = numerics.fit_outcomes(design, outcomes)
    assert np.abs(found).max() < 5

    def value(coefficients):
        logs = np.log(numerics.outcome_shares(design, coefficients))
        return logs[np.arange(69), outcomes].sum() - (coefficients[:, 1:] ** 2).sum() / 2

    for at in np.ndindex(2, 2):
        for sign in (-1e-5, 1e-5):
            moved = found.copy()
            moved[at] += sign
            assert value(moved) < value(found)


def test_numbers_enter_by_their_order_and_what_is_missing_is_a_value():
    values = np.array([3.0, 1.0, 2.0, 2.0, 9.0])
    known = np.ones(5, dtype=bool)
    columns = numerics.number_columns(values, known)
    assert columns.shape == (5, 2)
    assert np.array_equal(columns, numerics.number_columns(np.exp(values), known))
    assert columns[2, 0] == columns[3, 0] == pytest.approx(-0.2104283942479246)  # normal score of 2.5 / 6
    missing = numerics.number_columns(values, np.array([True, True, True, True, False]))
    assert missing[:, -1].tolist() == [0, 0, 0, 0, 1]
    assert missing[4, :-1].tolist() == [0, 0]
    rows = ROWS | {"age": [20, 31, 44, 18, None, 52], "sex": ["f", "m", "", "f", "f", "m"]}
    estimate = abundance.DoublyRobust(LISTS, ("age", "sex"), count="persons").fit(pd.DataFrame(rows))
    assert any(note.startswith("52 covariates of persons are missing") for note in estimate.notes)


def test_small_shares_on_both_lists_are_raised_and_counted():
    shares = np.array([[0.6, 0.39, 0.01], [0.5, 0.3, 0.2]])
    raised, low = numerics.truncated(shares, 0.1)
    assert raised.sum(axis=1) == pytest.approx([1, 1])
    assert raised[0].tolist() == pytest.approx([0.9 * 0.6 / 0.99, 0.9 * 0.39 / 0.99, 0.1])
    assert low.tolist() == [True, False]
    rows = {**ROWS, "persons": [400, 300, 20, 70, 32, 30]}
    spec = abundance.DoublyRobust(LISTS, ("place",), count="persons", least=0.1)
    estimate = spec.fit(rows)
    assert estimate.detail.n_truncated == 720
    assert any("720 persons" in note and "below 10%" in note for note in estimate.notes)


def test_what_it_did_on_known_truth_is_said_and_is_what_is_stored():
    rows = rows_in(STORED)
    nearer = [
        bool(row["doubly_robust_error"])
        and abs(float(row["doubly_robust_error"])) < abs(float(row["chapman_error"]))
        for row in rows
    ]
    covered = [row["doubly_robust_covered"] == "True" for row in rows]
    assert len(rows) == doubly_robust.KNOWN_PAIRS
    assert np.mean(nearer) == pytest.approx(doubly_robust.NEARER, abs=0.005)
    assert np.mean(covered) == pytest.approx(doubly_robust.COVERED, abs=0.005)
    note = abundance.DoublyRobust(LISTS, count="persons").fit(ROWS).notes[0]
    assert note.startswith("On 147 pairs of lists whose population is known")
    assert "in 25%, and its 95% limits covered the truth in 20%" in note


def test_the_seed_draws_the_folds_and_nothing_else():
    frame = persons(ROWS)
    spec = abundance.DoublyRobust(LISTS, ("place",))
    one, again, other = spec.fit(frame), spec.fit(frame), spec.fit(frame, seed=1)
    assert (one.point, one.digest) == (again.point, again.digest)
    assert one.digest == other.digest
    assert one.point != other.point
    assert one.point == pytest.approx(other.point, rel=0.05)
    assert one.digest != abundance.DoublyRobust(LISTS).fit(frame).digest


def test_a_record_is_made_again_from_the_rows():
    record = json.loads(
        json.dumps(abundance.DoublyRobust(LISTS, by="place", count="persons").fit(ROWS).record())
    )
    assert reproduce(record, ROWS).agrees
    assert reproduce(record, pd.DataFrame(ROWS)).agrees
    with pytest.raises(InputError, match="expected those of the record"):
        reproduce(record, ROWS | {"persons": [41, 30, 20, 70, 32, 30]})


def test_a_classifier_that_has_not_seen_an_outcome_gives_it_no_share():
    class Two(Known):
        classes_ = np.array([0, 2])

        def predict_proba(self, X):
            return np.tile([0.7, 0.3], (len(X), 1))

    estimate = abundance.DoublyRobust(LISTS, ("place",), count="persons", nuisance=Two(np.eye(2)))
    shares, folds = estimate._shares(np.ones((6, 2)), np.array([0, 2, 0, 2, 0, 2]), seed=0)
    assert shares.tolist() == [[0.7, 0.0, 0.3]] * 6
    assert folds == 5

    class Wrong(Known):
        def predict_proba(self, X):
            return np.full((len(X), 3), 0.5)

    with pytest.raises(InputError, match="add up to 1, got others from Wrong"):
        abundance.DoublyRobust(LISTS, ("place",), count="persons", nuisance=Wrong(np.eye(2))).fit(ROWS)


def test_a_number_below_the_listed_is_declined():
    shares = np.array([[0.3, 0.1, 0.6], [0.3, 0.1, 0.6]])
    spec = abundance.DoublyRobust(LISTS, ("place",), count="persons", nuisance=Known(shares))
    with pytest.raises(NotEstimableError, match="no more than the 330 listed"):
        spec.fit(ROWS | {"persons": [10, 10, 140, 10, 10, 150]})
