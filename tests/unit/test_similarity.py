"""How far a table lies from the cases learned from: by hand, without its truth, how many are marked."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from detcount import CaptureTable, calibration, datasets
from detcount._numerics.calibration import distance, distances_left_out, scattered
from detcount.calibration import TrainingCases
from detcount.calibration.similarity import places_of, shipped_places, similarity
from strategies import capture_tables

SAME = 1e-9  # the same arithmetic in another order
STORED = 1e-8  # kept with ten digits
TRAINING = calibration.training_cases()
CASES = TRAINING.of_more_lists.cases
# asymmetric: no two lists or cells alike
TABLE = CaptureTable.from_counts(
    {"100": 41, "010": 67, "001": 23, "110": 17, "101": 9, "011": 6, "111": 4}, lists=["x", "y", "z"]
)


def by_hand(table):
    """Features, written another way."""
    people = dict(zip(map(tuple, table.histories.tolist()), table.counts.tolist(), strict=True))
    total = sum(people.values())
    several = sum(count for history, count in people.items() if sum(history) > 1)
    ratios = []
    for a in range(table.n_lists):
        for b in range(a):
            both = sum(count for history, count in people.items() if history[a] and history[b]) + 0.5
            on_a, on_b = (sum(count for history, count in people.items() if history[k]) for k in (a, b))
            ratios.append(math.log(both * total / (on_a * on_b)))
    first = math.log((several + 0.5) / (total - several + 0.5))
    return [first, np.mean(ratios)] + ([np.std(ratios)] if table.n_lists > 2 else [])


@pytest.mark.parametrize(
    "table", [TABLE, TABLE.drop("z"), datasets.load("korea")], ids=lambda t: str(t.n_lists)
)
def test_the_features_by_hand(table):
    assert similarity(table, TRAINING).features == pytest.approx(tuple(by_hand(table)), rel=SAME)


def test_the_distance_by_hand():
    """Two uncorrelated coordinates of unit variance: the mean of ways to the two nearest groups."""
    points = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    among = scattered(points, np.array([0, 1, 2, 3]), np.full(4, 0.25))
    found, closest = distance(np.array([1.0, 0.5]), among)
    assert found == pytest.approx((0.5 + 1.5) / 2, rel=SAME)
    assert closest == 0
    without, closest = distance(np.array([1.0, 0.5]), among, without=0)
    assert without == pytest.approx((1.5 + math.hypot(2, 0.5)) / 2, rel=SAME)
    assert closest == 1
    assert distances_left_out(among) == pytest.approx([2.0] * 4, rel=SAME)


def test_at_most_fifteen_in_a_hundred_of_its_own_cases_are_marked():
    """Each case held to the training cases without its group."""
    marked = []
    for group in TRAINING.of_more_lists.groups:
        rest = TRAINING.of_more_lists.without(group)
        marked += [similarity(case.table, rest).marked for case in CASES if case.group == group]
    assert 0 < np.mean(marked) <= 0.15


@pytest.mark.parametrize("of_two", [False, True])
def test_the_file_that_ships_is_of_the_cases_that_ship(of_two):
    """`python benchmarks/similarity.py` writes it anew."""
    shipped, anew = shipped_places(of_two), places_of(TRAINING, of_two)
    assert shipped.names == anew.names
    assert np.array_equal(shipped.among.groups, anew.among.groups)
    assert shipped.among.points == pytest.approx(anew.among.points, abs=STORED)
    assert shipped.own == pytest.approx(anew.own, abs=STORED)
    table = TABLE.drop("z") if of_two else TABLE
    one, other = similarity(table), similarity(table, TRAINING)
    assert (one.nearer, one.nearest, one.most_unlike) == (other.nearer, other.nearest, other.most_unlike)
    assert one.distance == pytest.approx(other.distance, abs=STORED)


def test_the_truth_is_not_seen():
    doubled = TrainingCases("doubled", tuple(replace(case, truth=2 * case.truth) for case in TRAINING.cases))
    one, other = (similarity(TABLE, training) for training in (TRAINING, doubled))
    assert one == other


@given(table=capture_tables(max_lists=6))
def test_neither_order_nor_names_of_lists_count(table):
    if min(table.list_sizes.values()) == 0:
        return
    one = similarity(table, TRAINING)
    other = similarity(table.keep(table.lists[::-1]), TRAINING)
    assert other.distance == pytest.approx(one.distance, rel=1e-6)
    assert one.distance >= 0
    assert 0 <= one.nearer <= 1


def test_what_is_unlike_is_said():
    apart = CaptureTable.from_counts(
        {"1000": 900, "0100": 800, "0010": 700, "0001": 600, "1100": 400, "0011": 1},
        lists=["p", "q", "r", "s"],
    )
    found = similarity(apart, TRAINING)
    assert found.marked
    assert found.sentence() == (
        f"This table is unlike those learned from: {found.nearer:.0%} of them lie nearer to those of other "
        f"sources. It differs most in {found.most_unlike}. Its interval may be too narrow."
    )
    # of p and q, and of r and s, the overlaps are as unlike each other as those of no case
    nearest = next(case for case in CASES if case.name == found.nearest)
    spread = np.array([by_hand(case.table) for case in CASES])
    share = np.array([1 / sum(each.group == case.group for each in CASES) for case in CASES])
    share = share / share.sum()
    scales = np.sqrt(share @ (spread - share @ spread) ** 2)
    gaps = np.abs(np.array(by_hand(apart)) - by_hand(nearest.table)) / scales
    said = ["on several lists", "overlap, on average", "unlike each other the overlaps"]
    assert said[int(np.argmax(gaps))] in found.most_unlike
    usual = similarity(CASES[0].table, TRAINING)
    assert not usual.marked
    assert usual.nearest == CASES[0].name
    assert usual.distance < found.distance
    assert usual.sentence().startswith("The lists overlap as those learned from do: ")


def test_two_groups_are_too_few_to_say():
    two = TrainingCases("two", tuple(case for case in CASES if case.group in ("Kosovo", "Ned")))
    assert similarity(TABLE, two) is None
