"""Values made when somebody looks: once, the same, and sent without being made."""

import copy
import pickle
from dataclasses import dataclass, replace

import numpy as np
import pytest

from detcount import abundance, datasets
from detcount._numerics.arrays import LazyField, LazyValue
from detcount.estimates import AbundanceEstimate
from detcount.estimates.interval import LogNormalRule

asked = []


def square(number):
    asked.append(number)
    return number * number


@dataclass(frozen=True, kw_only=True)
class Held:
    value: LazyField[int] = LazyField()
    other: LazyField[int | None] = LazyField(None)


def test_it_is_made_at_the_first_look_and_kept():
    asked.clear()
    held = Held(value=LazyValue(square, 5))
    sent = pickle.loads(pickle.dumps(held))
    assert (asked, held.other) == ([], None)
    assert (held.value, held.value, asked) == (25, 25, [5])
    assert (sent.value, asked) == (25, [5, 5])
    assert (replace(held, other=3).other, copy.deepcopy(held), held) == (3, held, Held(value=25))
    assert Held(value=4).value == 4
    with pytest.raises(AttributeError):
        held.value = 3
    with pytest.raises(TypeError, match="value"):
        Held()


def lists():
    return datasets.load("korea")


def test_draws_and_graphs_are_those_of_the_posterior_wherever_they_are_made():
    estimate = abundance.DecomposableGraphs().fit(lists(), seed=11)
    size = len(pickle.dumps(estimate))
    other = pickle.loads(pickle.dumps(estimate))
    at_once = estimate.interval_rule.places(np.random.default_rng(11).random(4000))
    for each in (estimate, other):
        assert each.draws.tolist() == at_once.tolist()
        assert not each.draws.flags.writeable
    assert other.detail.graphs == estimate.detail.graphs
    assert other.detail.edge_probabilities == estimate.detail.edge_probabilities
    assert repr(other.detail) == repr(estimate.detail)
    assert size + 30_000 < len(pickle.dumps(estimate))  # none of it was sent


def of_draws(*values):
    return AbundanceEstimate(
        point=150.0,
        n_observed=120,
        estimator=abundance.Chapman(),
        interval_rule=LogNormalRule(30.0, 9.0, 120),
        digest="0" * 64,
        draws=LazyValue(np.array, values),
    )


def test_draws_made_later_are_checked_as_others_are():
    assert of_draws(120 * (1 - 1e-14), 200.0).draws.tolist() == [120.0, 200.0]
    with pytest.raises(ValueError, match=r"a draw of 90\.0 persons with 120 listed is a defect"):
        assert of_draws(90.0, 200.0).draws is None
