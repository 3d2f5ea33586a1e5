"""What every estimator promises, on tables that people have published.

Every class of `detcount.abundance` with a ``fit`` is found by looking, so a new one is held to the same
promises on the day it is exported. An estimate or a reason: nothing else comes out of ``fit``.
"""

import inspect
import itertools
import json
import math
import pickle
import typing
import warnings
from functools import cache

import numpy as np
import pandas as pd
import pytest

from cases import capture_table
from detcount import CaptureTable, RepeatedCounts, abundance, datasets
from detcount.errors import DetcountWarning, InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate

# what a constructor needs besides its defaults, and options that take less time; the rest are defaults
FEW = abundance.BCaBootstrap(n_resamples=200)
ARGUMENTS = {
    "Anchored": {"sample": "EXH", "design": abundance.KnownShare(0.2)},
    "AveragedLogLinear": {"interval": FEW},
    "LatentClass": {"min_effective_size": 100, "n_classes": 3},
    "OddsRatioAdjusted": {"odds_ratio": 2.0},
    "PairwiseNoInteraction": {"lists": ("EXH", "OSCE")},
}
LEVELS = (0.5, 0.8, 0.95, 0.99)
# lists in another order: sums are taken in another order, and searches stop at another last step
SAME = 1e-6
# Gibbs chains see the lists in another order and draw other numbers: two runs of one posterior
SAME_POSTERIOR = 0.05
HARD = (
    *("nested", "nested of three", "no overlap", "empty list"),
    *("empty list of two", "one person", "everybody on all"),
)
LEAST_DRAWS = 100  # a 95% limit of fewer is one of the last two or three draws


def takes_a_table(cls: type) -> bool:
    """Whether it reads one table; those that read rows or several tables have tests of their own."""
    return bool({CaptureTable, RepeatedCounts} & {*typing.get_type_hints(cls.fit).values()})


def estimator_classes():
    found = {}
    for name in abundance.__all__:
        value = getattr(abundance, name)
        if inspect.isclass(value) and callable(getattr(value, "fit", None)) and takes_a_table(value):
            found[name] = value
    return found


CLASSES = estimator_classes()
NAMES = sorted(CLASSES)


def make(name):
    return CLASSES[name](**ARGUMENTS.get(name, {}))


def takes_counts(name):
    hints = typing.get_type_hints(CLASSES[name].fit)
    return RepeatedCounts in [hint for argument, hint in hints.items() if argument not in {"seed", "return"}]


OF_LISTS = [name for name in NAMES if not takes_counts(name)]


@cache
def data_for(name):
    """Tables that the estimator may or may not answer for, published ones first."""
    if takes_counts(name):
        return {
            "hare nights": RepeatedCounts.from_frequencies(datasets.load("hare").capture_frequencies),
            "invented": RepeatedCounts.from_frequencies([540, 171, 62, 20, 8, 0, 1]),
            "all once": RepeatedCounts.from_frequencies({1: 40}),
            "never once": RepeatedCounts.from_frequencies({2: 40, 3: 6}),
        }
    kosovo = datasets.load("kosovo")
    return {
        "two lists": kosovo.keep(["EXH", "OSCE"]),
        "korea": datasets.load("korea"),
        "kosovo": kosovo,
        "neworl_5": datasets.load("neworl_5"),
        **{name: capture_table(name) for name in HARD},
    }


PUBLISHED = ("two lists", "korea", "kosovo", "neworl_5", "hare nights", "invented")


@cache
def outcome(name, label, seed=0):
    """An estimate, or the reason why not; a warning from a library below us is a failure."""
    data = data_for(name)[label]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("default", DetcountWarning)
        try:
            return make(name).fit(data, seed=seed)
        except NotEstimableError as declined:
            return declined
        except InputError as refused:  # an option that names a list which this table does not have
            if {"lists", "sample"} & {*ARGUMENTS.get(name, {})} and "no list" in str(refused):
                return refused
            raise


def answers(name):
    """The estimates, by table; there is at least one, or the test that asks fails."""
    found = {label: outcome(name, label) for label in data_for(name)}
    estimates = {label: value for label, value in found.items() if isinstance(value, AbundanceEstimate)}
    assert estimates, "the estimator declines every table"
    return estimates


def test_there_are_estimators_of_both_kinds():
    assert "Chapman" in OF_LISTS
    assert "ChaoCounts" in set(NAMES) - set(OF_LISTS)
    assert set(ARGUMENTS) <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_for_some_published_table(name):
    assert set(answers(name)) & set(PUBLISHED)


@pytest.mark.parametrize(("name", "label"), [(name, label) for name in NAMES for label in data_for(name)])
def test_an_estimate_or_a_reason(name, label):
    result = outcome(name, label)
    if isinstance(result, InputError):
        return
    if isinstance(result, NotEstimableError):
        assert result.estimator == name
        assert result.reason.strip() == result.reason
        assert not result.reason.endswith(".")
        assert result.remedy.endswith(".")
        assert result.remedy[0].isupper()
        other = pickle.loads(pickle.dumps(result))
        assert (str(other), other.reason, other.remedy) == (str(result), result.reason, result.remedy)
        return
    data = data_for(name)[label]
    assert math.isfinite(result.point)
    assert result.point >= result.n_observed == data.n_observed
    assert result.digest == data.digest
    assert result.seed == 0
    assert result.estimator == make(name)
    assert repr(result.estimator) in repr(result)
    assert "nan" not in str(result)


@pytest.mark.parametrize("name", NAMES)
def test_intervals_are_nested_and_hold_the_listed(name):
    for label, estimate in answers(name).items():
        limits = [estimate.interval(level) for level in LEVELS]
        for inner, outer in itertools.pairwise(limits):
            assert outer.low <= inner.low <= inner.high <= outer.high, label
        for interval in limits:
            assert estimate.n_observed <= interval.low < math.inf, label
            assert interval.method == limits[0].method
        if estimate.draws is None:  # quantiles of draws may lie on one side of the point
            assert limits[-1].low <= estimate.point <= limits[-1].high, label


@pytest.mark.parametrize("name", NAMES)
def test_draws_hold_the_listed_and_cannot_be_changed(name):
    for label, estimate in answers(name).items():
        if estimate.draws is not None:
            assert estimate.draws.ndim == 1, label
            assert len(estimate.draws) >= LEAST_DRAWS, label
            assert (estimate.draws >= estimate.n_observed).all(), label
            assert not estimate.draws.flags.writeable, label


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_bits(name):
    label, one = next(iter(answers(name).items()))
    again = make(name).fit(data_for(name)[label], seed=0)
    assert (again.point, again.interval(), again.notes) == (one.point, one.interval(), one.notes)
    assert again.standard_error == one.standard_error
    if one.draws is not None:
        assert np.array_equal(again.draws, one.draws)
    other = outcome(name, label, seed=5)
    assert other.seed == 5
    if one.draws is None and not hasattr(make(name), "n_resamples"):
        assert (other.point, other.interval()) == (one.point, one.interval())


@pytest.mark.parametrize("name", NAMES)
def test_an_estimate_survives_a_pickle(name):
    for label, estimate in answers(name).items():
        other = pickle.loads(pickle.dumps(estimate))
        assert str(other) == str(estimate), label
        assert other.interval(0.8) == estimate.interval(0.8), label
        assert other.estimator == estimate.estimator, label


@pytest.mark.parametrize("name", NAMES)
def test_the_record_can_be_written(name):
    for label, estimate in answers(name).items():
        record = json.loads(json.dumps(estimate.record(), allow_nan=False))
        assert record["estimator"] == repr(make(name)), label
        assert record["data_sha256"] == data_for(name)[label].digest
        assert estimate.rows()[0]["n_observed"] == estimate.n_observed
        assert len(estimate.cite().splitlines()) == 1 + len(make(name).references)


@pytest.mark.parametrize("name", NAMES)
def test_notes_are_sentences(name):
    for label, estimate in answers(name).items():
        assert isinstance(estimate.notes, tuple)
        assert len(set(estimate.notes)) == len(estimate.notes), label
        for note in estimate.notes:
            assert note.strip() == note, label
            assert note.endswith("."), note
            assert not note[0].islower() or note.split()[0] in data_for(name)[label].lists, note
            assert not {"nan", "inf", "None"} & set(note.split()), note


@pytest.mark.parametrize("name", OF_LISTS)
def test_no_list_is_first(name):
    for label in {"korea", "kosovo", "two lists"} & set(answers(name)):
        estimate = answers(name)[label]
        if name == "LatentClass" and label == "kosovo":
            continue  # a chain of its own, as long as all other tests of this estimator; korea says the same
        table = data_for(name)[label]
        other = make(name).fit(table.keep([table.lists[-1], *table.lists[:-1]]))
        stochastic = estimate.draws is not None and "bootstrap" not in estimate.interval().method
        same = SAME_POSTERIOR if stochastic else SAME
        assert other.point == pytest.approx(estimate.point, rel=same), label


@pytest.mark.parametrize("name", [name for name in OF_LISTS if "lists" not in ARGUMENTS.get(name, {})])
def test_a_list_with_nobody_is_declined(name):
    for label in ("empty list", "empty list of two"):
        result = outcome(name, label)
        assert isinstance(result, NotEstimableError)
        if " lists, got " not in result.reason:
            assert "'prison'" in result.reason


@pytest.mark.parametrize("name", OF_LISTS)
def test_lists_that_contain_each_other_have_finite_lower_limits_or_a_reason(name):
    for label in ("nested", "nested of three"):
        result = outcome(name, label)
        if isinstance(result, AbundanceEstimate):
            assert math.isfinite(result.interval().low), label
        else:
            assert isinstance(result, (NotEstimableError, InputError)), label


@pytest.mark.parametrize("name", NAMES)
def test_the_data_are_left_as_they_were(name):
    for label, data in data_for(name).items():
        before = pickle.dumps(data)
        outcome(name, label)
        again = pickle.loads(before)
        assert again == data, label
        assert again.digest == data.digest, label


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", [1.5, "0", None, True, -1])
def test_a_seed_is_an_integer(name, seed):
    label = next(iter(answers(name)))
    with pytest.raises((TypeError, InputError), match=r"^seed: expected a whole number of 0 or more, got "):
        make(name).fit(data_for(name)[label], seed=seed)


@pytest.mark.parametrize("name", NAMES)
def test_a_frame_is_no_table(name):
    frame = pd.DataFrame({"press": [1, 0, 1], "court": [0, 1, 1]})
    expected = "RepeatedCounts" if takes_counts(name) else "CaptureTable"
    with pytest.raises(
        TypeError, match=f"^(table|counts): expected {expected}, got DataFrame. Use {expected}.from_"
    ):
        make(name).fit(frame)
