"""Copies among lists: how often planted ones are found, and lists made apart are called one."""

import numpy as np
import pytest

import detcount as dc
from detcount.copies import copied_lists
from invented_tables import of_marks

pytestmark = pytest.mark.slow

N_TABLES = 100
FALSE_ALARMS = 3  # of 100: three of a Poisson variable whose mean is one, the rate that is allowed
MISSES = 10  # of 100, where another list names about 20 persons of the copied one
CAN_TELL = 20


def kinds(marks):
    return {copy.kind for copy in copied_lists(of_marks(marks))}


@pytest.mark.parametrize("n_lists", [3, 4])
@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.85, 0.9])
@pytest.mark.parametrize("n", [100, 300, 1000])
def test_lists_made_apart_are_not_called_copies_or_extracts(n, share, n_lists):
    rng = np.random.default_rng([n, n_lists, round(100 * share)])
    found = [kinds(rng.random((n, n_lists)) < share) for _ in range(N_TABLES)]
    assert sum(bool(each & {"copy", "extract"}) for each in found) <= FALSE_ALARMS


@pytest.mark.parametrize("odds_ratio", [2.0, 4.0])
def test_lists_that_depend_as_real_ones_do_are_not_called_copies(odds_ratio):
    rng = np.random.default_rng(41)
    found = 0
    for _ in range(N_TABLES):
        first = rng.random(1000) < 0.6
        odds = 0.7 / 0.3 * np.where(first, odds_ratio, 1.0)
        second = rng.random(1000) < odds / (1 + odds)
        third = rng.random(1000) < 0.3
        found += bool(kinds(np.column_stack([first, second, third])))
    assert found <= FALSE_ALARMS


@pytest.mark.parametrize("changed", [0.0, 0.02, 0.05])
@pytest.mark.parametrize(("n", "shares"), [(200, (0.4, 0.3)), (300, (0.3, 0.25, 0.2)), (1000, (0.15, 0.15))])
def test_copies_with_some_names_changed_are_found(n, shares, changed):
    rng = np.random.default_rng([n, len(shares), round(100 * changed)])
    assert n * shares[0] * (1 - np.prod([1 - share for share in shares[1:]])) > CAN_TELL
    found = 0
    for _ in range(N_TABLES):
        marks = rng.random((n, len(shares))) < shares
        spoiled = marks[:, 0] & (rng.random(n) < changed)
        strangers = np.zeros((int(spoiled.sum()), len(shares) + 1), dtype=bool)
        strangers[:, -1] = True
        found += "copy" in kinds(np.vstack([np.column_stack([marks, marks[:, 0] & ~spoiled]), strangers]))
    assert found >= N_TABLES - MISSES


def test_an_extract_from_a_larger_list_is_found():
    rng = np.random.default_rng(43)
    found = 0
    for _ in range(N_TABLES):
        marks = rng.random((600, 2)) < (0.35, 0.25)
        found += "extract" in kinds(np.column_stack([marks, marks[:, 0] & (rng.random(600) < 0.4)]))
    assert found >= N_TABLES - MISSES


def test_merging_a_copy_gives_the_truth_back():
    truth = 1000
    rng = np.random.default_rng(44)
    for _ in range(8):
        marks = rng.random((truth, 2)) < (0.3, 0.25)
        table = of_marks(np.column_stack([marks, marks[:, 0]]))
        merged = dc.Calibrated().fit(table.merge(["list 0", "list 2"], into="both")).interval()
        assert merged.low <= truth <= merged.high
        copied = dc.Calibrated().fit(table).interval()
        assert copied.high > 100 * truth  # a copy says nothing, and so does its interval
