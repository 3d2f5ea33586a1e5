"""Tables fitted at once: what each would have alone, to the last bit, refusals and notes too."""

import pickle
import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detcount import CaptureTable, abundance, fit_strata
from detcount.errors import InputError, NotEstimableError
from detcount.strata import fit
from detcount.strata.fit import Fitting
from invented_tables import of_marks

LISTS = ("press", "court", "families", "clinic", "monitor")
ESTIMATORS = [
    abundance.LogLinear(),
    abundance.LogLinear(interactions=((1, 2),)),
    abundance.LogLinear(interactions=((1, 2), (2, 3)), interval=abundance.ProfileLikelihood()),
    abundance.LogLinear(interactions=((1, 3),), interval=abundance.PercentileBootstrap(200)),
    abundance.SelectedLogLinear(max_order=2, interval=abundance.BCaBootstrap(100)),
]


@st.composite
def many_tables(draw):
    """Tables of as many lists, dense to nearly empty."""
    n_lists = draw(st.integers(3, 5))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    tables = []
    for _ in range(draw(st.integers(2, 12))):
        rows = (random.random((int(random.integers(2, 300)), n_lists)) < random.uniform(0.02, 0.6)).astype(
            np.int8
        )
        rows[0] = 1
        histories, counts = np.unique(rows[rows.any(axis=1)], axis=0, return_counts=True)
        kept = slice(None) if random.random() < 0.7 else slice(0, max(1, len(counts) // 2))
        tables.append(CaptureTable(LISTS[:n_lists], histories[kept], counts[kept]))
    return tables


def everything(answer):
    """All that an answer holds, to the last bit."""
    if isinstance(answer, NotEstimableError):
        return pickle.dumps((answer.estimator, str(answer.reason), str(answer.remedy), str(answer.advice)))
    detail = {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in vars(answer.detail).items()
    }
    draws = None if answer.draws is None else answer.draws.tolist()
    return repr((answer.record(), answer.interval(0.8), detail, draws, answer.definition)).encode()


def alone(estimator, table):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return estimator.fit(table, seed=3)
        except NotEstimableError as error:
            return error


@pytest.mark.parametrize(
    "estimator", [*ESTIMATORS[:-1], pytest.param(ESTIMATORS[-1], marks=pytest.mark.slow)], ids=repr
)
@settings(max_examples=5)  # each has up to twelve tables
@given(tables=many_tables())
def test_tables_at_once_have_the_bits_of_each_alone(estimator, tables):
    together = estimator._fit_many(tables, seed=3)
    assert [everything(answer) for answer in together] == [
        everything(alone(estimator, table)) for table in tables
    ]


def test_every_estimator_that_takes_many_is_held_to_it():
    having = {name for name in abundance.__all__ if hasattr(getattr(abundance, name), "_fit_many")}
    assert having == {type(estimator).__name__ for estimator in ESTIMATORS}


def tables_of(n_lists, n):
    random = np.random.default_rng(n_lists)
    made = {}
    for k in range(n):
        made[f"{n_lists}, {k}"] = of_marks(random.random((200, n_lists)) < 0.4, LISTS[:n_lists])
    return made


def test_strata_of_unlike_lists_come_back_in_the_order_given(monkeypatch):
    monkeypatch.setattr(fit, "TUNING", replace(fit.TUNING, at_once=4))
    three, five = tables_of(3, 9), tables_of(5, 6)
    nobody = {"nobody": CaptureTable.from_counts({"100": 4, "010": 2, "110": 1}, lists=LISTS[:3])}
    tables = dict(sorted({**three, **five, **nobody}.items(), key=lambda item: item[0][::-1]))
    estimator = abundance.LogLinear()
    sizes = [len(task) for task in Fitting(estimator, 0, None).tasks(list(tables.items()))]
    assert sorted(sizes) == [2, 2, 4, 4, 4]
    result = fit_strata(estimator, tables)
    assert list(result.estimates) == [name for name in tables if name != "nobody"]
    assert result.declined["nobody"].reason == "list 'families' names nobody"
    assert {name: result.estimates[name].point for name in three} == {
        name: estimator.fit(table).point for name, table in three.items()
    }


def test_a_refusal_says_of_which_stratum_it_is():
    tables = tables_of(3, 5)
    tables["3, 3"] = CaptureTable(("press", "court", "jail"), tables["3, 3"].histories, tables["3, 3"].counts)
    with pytest.raises(InputError, match="stratum '3, 3': interactions: no list 'families'"):
        fit_strata(abundance.LogLinear(interactions=(("press", "families"),)), tables)


def test_answers_made_at_once_are_kept_one_by_one(tmp_path, monkeypatch):
    tables = tables_of(4, 6)
    estimator = abundance.LogLinear()
    first = fit_strata(estimator, tables, cache=tmp_path)
    asked = []
    many = abundance.LogLinear._fit_many

    def counting(self, some, *, seed=0):
        asked.append(len(some))
        return many(self, some, seed=seed)

    monkeypatch.setattr(abundance.LogLinear, "_fit_many", counting)
    more = {**tables, **{f"new {name}": table.drop("press") for name, table in tables.items()}}
    more["4, 1"] = tables_of(4, 9)["4, 8"]
    again = fit_strata(estimator, more, cache=tmp_path)
    assert sorted(asked) == [1, 6]
    assert again.estimates["4, 0"].point == first.estimates["4, 0"].point
    assert again.estimates["4, 1"].point != first.estimates["4, 1"].point
