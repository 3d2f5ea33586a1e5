"""What every specification of `detcount.releases` promises, on the shipped counts and on invented cases.

Every class with a ``fit`` is found by looking, so a new one is held to the same promises.
"""

import inspect
import json
import pickle
from functools import cache

import pandas as pd
import pytest

from detcount import datasets, releases, simulate
from detcount.assumptions import Assumption
from detcount.contract.citation import Reference
from detcount.estimates import UncertainCount
from shown_examples import example

# options that take less time; the rest are defaults
ARGUMENTS = {"AnnouncedBatches": {"n_draws": 500}, "ReleaseProcess": {"n_draws": 400}}
AS_OF = "2026-01-19"
LEVELS = (0.5, 0.8, 0.95)


def specifications():
    found = {}
    for name in releases.__all__:
        value = getattr(releases, name)
        if inspect.isclass(value) and callable(getattr(value, "fit", None)):
            found[name] = value
    return found


CLASSES = specifications()
NAMES = sorted(CLASSES)


@cache
def data(name):
    if name == "ReleasedByName":
        return example("ReleasedByNameEstimate").linked
    if name == "MonitoredReleases":
        campaign, day = simulate.release_campaign(seed=4), "2026-02-10"
        return releases.MonitoredCases.from_frame(
            campaign.cases_as_of(day), monitors=["committee", "families"], as_of=day
        )
    if name == "VerificationDelay":
        rows = {"release": ["2026-01-04"] * 5, "monitor": [f"2026-01-{day:02}" for day in (4, 5, 7, 12, 20)]}
        return releases.MonitoredCases.from_frame(rows, monitors=["monitor"], as_of="2026-01-31")
    return datasets.load("venezuela_releases").as_of(AS_OF)


@cache
def fitted(name):
    return CLASSES[name](**ARGUMENTS.get(name, {})).fit(data(name))


@cache
def recorded(name):
    return json.dumps(fitted(name).record(), allow_nan=False)


def counts_of(result):
    """Every uncertain number that a result has as a field or property of its own, or in its batches."""
    found = []
    for attribute in dir(type(result)):
        if not attribute.startswith("_") and not callable(getattr(type(result), attribute)):
            value = getattr(result, attribute)
            found += [value] if isinstance(value, UncertainCount) else []
    for attribute, value in vars(result).items():
        if isinstance(value, UncertainCount):
            found.append(value)
        elif attribute == "batches":
            found += [count for batch in value for count in counts_of(batch)]
    return found


def test_those_of_the_library_are_found():
    assert {"AnnouncedBatches", "MonitoredReleases", "ReleaseProcess", "VerificationDelay"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_repr_can_be_evaluated_back(name):
    specification = CLASSES[name](**ARGUMENTS.get(name, {}))
    assert eval(repr(specification), vars(releases)) == specification
    assert repr(CLASSES[name]()) == f"{name}()"
    assert pickle.loads(pickle.dumps(specification)) == specification
    with pytest.raises(AttributeError, match="cannot assign"):
        specification.n_draws = 3


@pytest.mark.parametrize("name", NAMES)
def test_assumptions_and_references_are_stated(name):
    specification = CLASSES[name]()
    assert specification.assumes
    assert all(isinstance(assumption, Assumption) for assumption in specification.assumes)
    assert specification.references
    assert all(isinstance(reference, Reference) for reference in specification.references)


@pytest.mark.parametrize("name", NAMES)
def test_the_result_says_how_it_was_made(name):
    result = fitted(name)
    assert result.estimator == CLASSES[name](**ARGUMENTS.get(name, {}))
    assert result.seed == 0
    assert all(isinstance(note, str) and note.endswith((".", ")")) for note in result.notes)
    assert repr(result.estimator) in recorded(name)
    assert len(json.loads(recorded(name))["data_sha256"]) == 64
    assert "detcount" in result.cite()


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_numbers(name):
    again = CLASSES[name](**ARGUMENTS.get(name, {})).fit(data(name))
    assert json.dumps(again.record()) == recorded(name)


@pytest.mark.parametrize("name", NAMES)
def test_uncertain_numbers_stay_inside_their_bounds(name):
    for count in counts_of(fitted(name)):
        low, high = count.bounds
        widths = []
        for level in LEVELS:
            interval = count.interval(level)
            assert low <= interval.low <= interval.high <= high
            widths.append(interval.high - interval.low)
        assert widths == sorted(widths)
        assert count.identified_by in {"data", "prior", "bounds"}
        assert (count.mean is None) == (count.identified_by == "bounds")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_data_is_refused(name):
    with pytest.raises(TypeError, match="expected"):
        CLASSES[name]().fit(pd.DataFrame({"count": [3]}))
