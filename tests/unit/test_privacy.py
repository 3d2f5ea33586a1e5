"""Companions of a table, rounded sizes and keyed digests."""

import itertools
import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from detcount import CaptureTable, assess, privacy
from detcount.errors import InputError

TABLE = CaptureTable.from_counts(
    {"100": 31, "010": 17, "001": 3, "110": 12, "101": 8, "011": 6, "111": 2}, lists=["a", "b", "c"]
)


@st.composite
def small_tables(draw, most=12):
    k = draw(st.integers(2, 4))
    counts = draw(st.lists(st.integers(0, most), min_size=2**k - 1, max_size=2**k - 1).filter(any))
    histories = ["".join(marks) for marks in itertools.product("01", repeat=k)][1:]
    return CaptureTable.from_counts(dict(zip(histories, counts, strict=True)), lists=list("abcd")[:k])


def sums(table):
    on = table.histories.astype(bool)
    found = {f"history {row.tolist()}": int(n) for row, n in zip(table.histories, table.counts, strict=True)}
    for i, j in itertools.combinations(range(table.n_lists), 2):
        found[f"pair {i} {j}"] = int(table.counts[on[:, i] & on[:, j]].sum())
    found |= {f"list {k}": persons for k, persons in enumerate(table.list_sizes.values())}
    return found | {f"frequency {j}": n for j, n in enumerate(table.capture_frequencies.tolist(), 1)}


@given(small_tables())
@example(CaptureTable.from_counts({"10": 1, "01": 2, "11": 40}, lists=["press", "families"]))
@example(CaptureTable.from_counts({"10": 40, "01": 4, "11": 3}, lists=["press", "families"]))
@example(CaptureTable.from_counts({"10": 1, "01": 40, "11": 2}, lists=["press", "families"]))
def test_companions_share_the_number_listed_and_no_small_count(table):
    family = privacy.companions(table)
    hidden = [name for name, persons in sums(table).items() if 1 <= persons <= 4]
    if not family:
        return
    assert table in family
    assert {other.n_observed for other in family} == {table.n_observed}
    for name in hidden:
        assert len({sums(other)[name] for other in family}) > 1, name
    assert hidden or family == (table,)


@given(small_tables())
def test_companions_have_the_same_companions(table):
    family = privacy.companions(table)
    assert all(privacy.companions(other) == family for other in family)


@given(small_tables(most=40))
def test_nobody_moves_to_a_history_that_nobody_had(table):
    for other in privacy.companions(table):
        assert np.array_equal(other.histories, table.histories)
        assert ((other.counts > 4) == (table.counts > 4)).all()


@given(small_tables(most=60))
@example(CaptureTable.from_counts({"10": 40, "01": 37, "11": 23}, lists=["press", "families"]))  # a hundred
@example(CaptureTable.from_counts({"10": 94, "01": 66, "11": 3}, lists=["press", "families"]))
def test_public_counts_are_the_tens_that_all_companions_have(table):
    family = privacy.companions(table)
    shown = privacy.public_counts(table)
    assert {privacy.public_counts(other) for other in family} <= {shown}
    for k, (count, printed) in enumerate(zip(table.counts.tolist(), shown, strict=True)):
        tens = {privacy.round_to(int(other.counts[k]), 10) for other in family}
        told = table.n_observed >= 100 and count > 4 and len(tens) == 1
        assert printed == (tens.pop() if told else None)


def test_a_table_without_small_counts_stands_alone():
    table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    assert privacy.companions(table) == (table,)


def test_one_and_two_change_places_and_the_largest_history_makes_up_for_it():
    wanted = {"100": 31, "010": 17, "001": 4, "110": 12, "101": 8, "011": 6, "111": 1}
    assert privacy.companions(TABLE)[0] != privacy.companions(TABLE)[1]
    assert CaptureTable.from_counts(wanted, lists=["a", "b", "c"]) in privacy.companions(TABLE)
    one = CaptureTable.from_counts({"10": 9, "01": 7, "11": 1}, lists=["a", "b"])
    two = CaptureTable.from_counts({"10": 8, "01": 7, "11": 2}, lists=["a", "b"])
    assert set(map(repr, privacy.companions(one))) == set(map(repr, privacy.companions(two)))
    assert one in privacy.companions(two)


def test_a_sum_that_would_stay_as_it_was_turns_the_counts_over():
    # 1 and 2 are all who are on a and b: were they to change places, these would be 3 again
    table = CaptureTable.from_counts(
        {"100": 20, "010": 30, "001": 40, "110": 1, "111": 2}, lists=["a", "b", "c"]
    )
    (other,) = [item for item in privacy.companions(table) if item != table]
    assert other.overlap("a", "b") == 7


@pytest.mark.parametrize("n", range(1, 30))
def test_two_lists_without_a_companion_are_never_alone_with_a_small_count(n):
    """Of such tables the page gives no more than n: a second one must differ in each small count."""
    without = []
    for shared in range(n + 1):
        for first in range(n - shared + 1):
            counts = {"10": first, "01": n - shared - first, "11": shared}
            table = CaptureTable.from_counts(counts, lists=["a", "b"])
            if not privacy.companions(table):
                without.append((first, n - shared - first, shared))
    for cells in without:
        for k, persons in enumerate(cells):
            assert persons not in range(1, 5) or any(other[k] != persons for other in without)
        alone = cells[0] + cells[1]
        assert alone not in range(1, 5) or any(other[0] + other[1] != alone for other in without)


@pytest.mark.parametrize(
    ("persons", "unit", "rounded"),
    [(12, 5, 10), (13, 5, 15), (17, 5, 15), (18, 5, 20), (2, 5, 0), (15, 10, 20), (14, 10, 10)],
)
def test_sizes_are_rounded_to_the_nearest(persons, unit, rounded):
    assert privacy.round_to(persons, unit) == rounded


def test_sizes_are_rounded_as_far_as_companions_need():
    def made(first, second):
        return CaptureTable.from_counts({"10": first, "01": second, "11": 30}, lists=["a", "b"])

    assert privacy.size_unit([made(50, 40), made(51, 39)]) == 10
    assert privacy.size_unit([made(50, 40), made(70, 40)]) is None
    assert privacy.size_unit([made(20, 30)]) is None  # of few people
    short = CaptureTable.from_counts({"10": 97, "01": 3, "11": 1}, lists=["a", "b"])
    assert privacy.size_unit([short]) is None


@pytest.mark.parametrize(
    ("listed", "floor"),
    [(1, 0), (24, 0), (25, 25), (49, 25), (50, 50), (99, 75), (100, 100), (119, 110), (1239, 1230)],
)
def test_the_number_listed_is_rounded_down(listed, floor):
    assert privacy.public_floor(listed) == floor


def test_what_is_printed_is_chosen():
    assert privacy.check_disclosure(None, "") == "public"
    assert privacy.check_disclosure(None, "kosovo") == "full"
    assert privacy.check_disclosure("full", "") == "full"
    assert privacy.check_disclosure("public", "kosovo") == "public"
    with pytest.raises(InputError, match="disclosure: expected 'public' or 'full', got 'all'"):
        privacy.check_disclosure("all", "")


def test_a_keyed_digest_needs_its_key():
    key, other = privacy.new_digest_key(), privacy.new_digest_key()
    assert re.fullmatch("[A-Z2-7]{32}", key)
    assert key != other
    assert re.fullmatch("[0-9a-f]{64}", privacy.keyed_digest(TABLE, key))
    assert privacy.keyed_digest(TABLE, key) == privacy.keyed_digest(TABLE, key)
    assert len({privacy.keyed_digest(TABLE, key), privacy.keyed_digest(TABLE, other), TABLE.digest}) == 3


def test_public_limits_cover_those_of_the_table_and_of_each_companion():
    table = CaptureTable.from_counts(
        {"110": 14, "101": 3, "100": 40, "010": 33, "001": 12, "011": 9, "111": 8}, lists=["a", "b", "c"]
    )
    family = privacy.companions(table)
    assert len(family) > 1
    printed = assess(table, families=["calibrated", "mth darroch"]).public().record()["recommended"]
    for member in family:
        own = assess(member, families=["calibrated", "mth darroch"]).range
        assert printed["low"] <= own.low
        assert own.high <= printed["high"]
