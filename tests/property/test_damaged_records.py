"""Records that were changed by hand or damaged: a verdict or a refusal in words, never another fault."""

import copy
from contextlib import suppress
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detcount as dc
from detcount.errors import InputError

ODD = st.one_of(
    st.none() | st.booleans() | st.floats(),
    st.sampled_from([float("nan"), float("inf"), 10**400]),
    st.integers(-(2**70), 2**70),
    st.text(max_size=20),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


@cache
def table():
    return dc.datasets.load("kosovo")


@cache
def records():
    """Of one estimate, and of an assessment by two quick methods, private and public."""
    found = dc.assess(table(), families=["chao", "chapman"])
    return (
        dc.abundance.ChaoLowerBound().fit(table()).record(),
        found.full().record(),
        found.public().record(),
    )


def places(value, way=()):
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way, *(each for key, held in inside for each in places(held, (*way, key)))]


@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_a_damaged_record_is_answered_or_refused(data):
    record = copy.deepcopy(data.draw(st.sampled_from(records()[:1] * 2 + records()[1:])))
    way = data.draw(st.sampled_from(places(record)[1:]))
    holder = record
    for key in way[:-1]:
        holder = holder[key]
    if data.draw(st.booleans()):
        holder[way[-1]] = data.draw(ODD)
    else:
        del holder[way[-1]]
    with suppress(InputError):
        made = dc.reproduce(record, table(), families=["chao", "chapman"])
        assert made.summary().translated("en")
        assert len(made.to_frame()) == len(made.values)


@pytest.mark.parametrize("odd", [None, 1, 1.5, True, "x", [], {}])
@pytest.mark.parametrize("whole", [True, False])
def test_damaged_names_of_lists_are_refused(whole, odd):
    record = copy.deepcopy(records()[1])
    record["lists"] = odd if whole else [odd, *record["lists"][1:]]
    with pytest.raises(InputError):
        dc.reproduce(record, table(), families=["chao", "chapman"])
