"""Which rows are brought together: against slow rewrites, and against the truth."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detcount._numerics.arrays import block_sizes, pairs_within
from detcount._numerics.linkage.candidates import bounded_pairs, masked, pairs_sharing, two_of_each
from detcount.linkage.candidates import candidates
from detcount.linkage.channel import learn_channel
from detcount.linkage.records import MISSING_DAY
from invented_names import as_records, invent

ENTRIES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), min_size=1, max_size=40)


@given(entries=ENTRIES, most=st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_pairs_within_blocks_are_all_pairs(entries, most):
    block, record = np.array(entries).T
    expected = set()
    for b in set(block.tolist()):
        members = record[block == b].tolist()
        if len(members) <= most:
            expected |= {(min(p), max(p)) for p in combinations(members, 2) if p[0] != p[1]}
    assert [*map(tuple, pairs_within(block, record, most).tolist())] == sorted(expected)
    assert block_sizes(block).tolist() == [block.tolist().count(b) for b in block]


@given(entries=ENTRIES)
@settings(max_examples=40, deadline=None)
def test_two_of_each_are_all_twos(entries):
    record, item = np.array(sorted(entries)).T
    expected = {
        (r, min(a, b) * (item.max() + 1) + max(a, b))
        for r in set(record.tolist())
        for a, b in combinations(item[record == r].tolist(), 2)
        if a != b
    }
    assert {*zip(*(found.tolist() for found in two_of_each(record, item)), strict=True)} == expected


def test_pairs_of_large_blocks_share_something_more():
    record, block = np.array([0, 1, 2, 3, 4, 5]), np.array([4, 4, 4, 4, 7, 7])
    finer = np.array([1, 2, 1, -1, 1, 1])
    items = np.array([1, 3, 3]), np.array([9, 9, 8])
    for known, more, still in ((finer, {(0, 2)}, []), (np.full(6, -1), set(), [4])):
        pairs, left = bounded_pairs(record, block, [known], items, 3)
        assert {*map(tuple, pairs.tolist())} == {(4, 5), (1, 3)} | more
        assert left.tolist() == still


@given(entries=ENTRIES, seed=st.integers(0, 1000), most=st.integers(1, 12))
@settings(max_examples=40, deadline=None)
def test_pairs_that_share_an_item_and_a_value_are_all_of_them(entries, seed, most):
    item, record = np.array(entries).T
    rng = np.random.default_rng(seed)
    value, known = rng.integers(3, size=10), rng.random(10) < 0.7
    both = (item * 3 + value[record])[known[record]]
    found = pairs_sharing(item, record, [(value, known)], most)
    assert found.tolist() == pairs_within(both, record[known[record]], most).tolist()


def apart_by_one(one, other):
    """Whether one digit, or two neighbours that were swapped, make the difference."""
    if one == other:
        return True
    if len(one) == len(other):
        differ = [k for k in range(len(one)) if one[k] != other[k]]
        swapped = len(differ) == 2 and differ[1] == differ[0] + 1
        return len(differ) == 1 or (
            swapped and one[differ[0]] == other[differ[1]] and one[differ[1]] == other[differ[0]]
        )
    longer, shorter = sorted((one, other), key=len, reverse=True)
    return len(longer) == len(shorter) + 1 and any(
        longer[:k] + longer[k + 1 :] == shorter for k in range(len(longer))
    )


@given(number=st.integers(1_000_000, 40_000_000), seed=st.integers(0, 1000))
@settings(max_examples=80, deadline=None)
def test_documents_one_digit_apart_share_a_key(number, seed):
    rng = np.random.default_rng(seed)
    text = str(number)
    at = int(rng.integers(1, len(text)))
    others = {
        text,
        text[:at] + str(rng.integers(10)) + text[at + 1 :],
        text[:at] + text[at + 1 :],
        text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :],
        str(rng.integers(1_000_000, 40_000_000)),
    }
    for other in others:
        if other[0] == "0":
            continue
        place, key = masked(np.array([number, int(other)]))
        share = bool(set(key[place == 0].tolist()) & set(key[place == 1].tolist()))
        # Both may lose a digit and be one number then: a few pairs too many.
        assert share or not apart_by_one(text, other)


@pytest.mark.parametrize(
    "world",
    [
        {"seed": 11},
        {"seed": 12, "words": 0.2},
        pytest.param({"seed": 13, "population": 2000, "pool": "narrow"}, marks=pytest.mark.slow),
        {"seed": 14, "population": 60},
    ],
)
def test_true_pairs_are_brought_together(world):
    made = invent(**world)
    found = candidates(made.records, learn_channel(made.records))
    together = {*zip(found.first.tolist(), found.second.tolist(), strict=True)}
    true = made.true_pairs()
    assert len(together & true) / len(true) >= 0.995
    n = len(made.records)
    every = n * (n - 1) / 2
    assert len(found) == every if n <= 400 else len(found) < 0.05 * every
    assert (found.first < found.second).all()
    assert found.every == (n <= 400)
    assert found.every or (found.free | found.worded).all()


def test_many_rows_of_one_surname_do_not_explode():
    rng = np.random.default_rng(0)
    written = [
        (0, k, [("jose", 0.97), ("gonzalez", 0.03)], -1, (MISSING_DAY,) * 2, (day, day), -1, -1)
        for k, day in enumerate((19_000 + rng.integers(400, size=1000)).tolist())
    ]
    records = as_records(("one",), written)
    found = candidates(records, learn_channel(records))
    assert len(found) < 20_000
    nothing = [(*row[:5], (MISSING_DAY, MISSING_DAY), -1, -1) for row in written]
    records = as_records(("one",), nothing)
    found = candidates(records, learn_channel(records))
    assert len(found) == 0
    assert len(found.notes) == 1
    assert "too many" in found.notes[0]
    assert "gonzalez" not in found.notes[0]
