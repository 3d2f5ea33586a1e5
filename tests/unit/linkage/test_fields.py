"""Likeness of fields, against sums over the truth written out."""

from __future__ import annotations

import datetime as dt
from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detcount._numerics.linkage.fields import (
    arrest_ratios,
    birth_ratios,
    day_mass,
    document_levels,
    frequencies,
)
from detcount._numerics.linkage.fields_names import compare_names, padded, word_ratios
from detcount.linkage.channel import learn_channel
from invented_rows import rows

EXACT = 1e-9


def day(text: str) -> int:
    """Days since 1970."""
    return (dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days


@given(
    low=st.lists(st.integers(0, 60), min_size=3, max_size=30),
    a=st.tuples(st.integers(0, 50), st.integers(0, 10)),
    b=st.tuples(st.integers(0, 50), st.integers(0, 10)),
)
@settings(max_examples=30, deadline=None)
def test_intervals_have_the_ratio_of_the_sum_over_true_days(
    low: list[int], a: tuple[int, int], b: tuple[int, int]
) -> None:
    mass = day_mass(np.array(low), np.array(low), 5)
    one, other = np.array([[a[0], a[0] + a[1]]]), np.array([[b[0], b[0] + b[1]]])
    days = np.arange(-20, 90)
    f = dict(zip(days.tolist(), mass(days, days).tolist(), strict=True))
    assert sum(f.values()) == pytest.approx(1.0, abs=EXACT)
    # One true day, of which each row gives an interval that holds it.
    shared = sum(f[t] for t in f if one[0, 0] <= t <= one[0, 1] and other[0, 0] <= t <= other[0, 1])
    alone = [sum(f[t] for t in f if x[0, 0] <= t <= x[0, 1]) for x in (one, other)]
    assume(min(alone) > 0)  # what rows say lies where they say that days are
    expected = shared / alone[0] / alone[1]
    assert birth_ratios(one, other, mass)[0, 0] == pytest.approx(expected, rel=1e-6, abs=EXACT)
    assert arrest_ratios(one, other, mass)[0, 0] == pytest.approx(expected, rel=1e-6, abs=EXACT)


def test_a_day_of_many_arrests_says_little() -> None:
    days = np.concatenate([np.full(300, 100), np.arange(50, 150)])
    mass = day_mass(days, days, 7)
    same = arrest_ratios(np.array([[100, 100], [60, 60]]), np.array([[100, 100], [60, 60]]), mass)
    assert same[0, 0] < 1.6
    assert same[1, 0] > 100


SPAN = (np.arange(0, 14_000, 7), np.arange(0, 14_000, 7))


@pytest.mark.parametrize(
    ("one", "other", "column"),
    [
        (("1988-03-07", "1988-03-07"), ("1988-03-07", "1988-03-07"), 0),
        (("1988-03-07", "1988-03-07"), ("1987-06-01", "1988-05-31"), 0),
        (("1988-03-07", "1988-03-07"), ("1988-06-01", "1989-05-31"), 1),
        (("1988-03-07", "1988-03-07"), ("1986-06-01", "1987-05-31"), 1),
        (("1988-03-07", "1988-03-07"), ("1988-07-03", "1988-07-03"), 2),
        (("1988-03-07", "1988-03-07"), ("1988-03-09", "1988-03-09"), 2),
        (("1988-03-07", "1988-03-07"), ("1989-03-07", "1989-03-07"), 3),
        (("1988-03-07", "1988-03-07"), ("1978-03-07", "1978-03-07"), 3),
        (("1988-03-07", "1988-03-07"), ("1979-12-20", "1979-12-20"), 4),
    ],
)
def test_errors_of_birth_dates_are_told_apart(
    one: tuple[str, str], other: tuple[str, str], column: int
) -> None:
    mass = day_mass(*SPAN, 1096)
    first, second = np.array([[*map(day, one)]]), np.array([[*map(day, other)]])
    found = birth_ratios(first, second, mass)[0]
    assert found[:4].argmax() == column if column < 4 else (found[:4] == 0).all()
    assert found[4] == 1.0
    if one[0] == one[1] and other[0] == other[1]:
        assert birth_ratios(second, first, mass)[0] == pytest.approx(found, rel=0.5)


def test_arrests_are_recorded_some_days_later() -> None:
    mass = day_mass(np.arange(0, 200), np.arange(0, 200), 7)
    first = np.full((40, 2), 100)
    second = np.stack([100 + np.arange(40)] * 2, axis=1)
    later = arrest_ratios(first, second, mass)[:, 1]
    assert later[0] == 0
    assert (np.diff(later[1:31]) < 0).all()
    assert (later[31:] == 0).all()
    assert later[1:].sum() * mass(np.array([100]), np.array([100]))[0] == pytest.approx(0.5, abs=0.01)


def slow_level(one: int, other: int) -> int:
    """Level of two documents, letter by letter."""
    a, b = str(one), str(other)
    if a == b:
        return 0
    if len(a) == len(b):
        differ = [k for k in range(len(a)) if a[k] != b[k]]
        crossed = len(differ) == 2 and differ[1] - differ[0] == 1
        crossed = crossed and a[differ[0]] == b[differ[1]] and a[differ[1]] == b[differ[0]]
        return 1 if len(differ) == 1 or crossed else 2
    longer, shorter = sorted((a, b), key=len, reverse=True)
    return (
        1 if any(int("0" + longer[:k] + longer[k + 1 :]) == int(shorter) for k in range(len(longer))) else 2
    )


@given(number=st.integers(100, 40_000_000), seed=st.integers(0, 10_000))
@settings(max_examples=150, deadline=None)
def test_levels_of_documents_are_those_of_their_digits(number: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    text = list(str(number))
    for _ in range(int(rng.integers(3))):
        k = int(rng.integers(len(text)))
        text[k] = str(rng.integers(10)) if k else text[k]
    k = int(rng.integers(1, len(text)))
    if rng.random() < 0.4:
        text[k - 1 : k + 1] = text[k - 1 : k + 1][::-1]
    if rng.random() < 0.3:
        del text[k]
    other = int("".join(text))
    if len(str(other)) < len(text):
        return  # began with 0
    a, b, kind = np.array([number, other]), np.array([other, number]), np.ones(2, np.int64)
    assert document_levels(a, b, kind, kind).tolist() == [slow_level(number, other)] * 2


def test_documents_of_two_kinds_are_nearly_equal_and_missing_ones_say_nothing() -> None:
    one, other = np.array([1234567, 1234567, -1, -1]), np.array([1234567, 1234567, 1234567, -1])
    levels = document_levels(one, other, np.array([1, 1, 0, 0]), np.array([2, 0, 1, 0]))
    assert levels.tolist() == [1, 0, -1, -1]


def test_frequencies_leave_missing_codes_out() -> None:
    assert frequencies(np.array([-1, 0, 0, 1, -1, 3])).tolist() == pytest.approx(
        [2.5 / 6, 1.5 / 6, 0.5 / 6, 1.5 / 6]
    )


def test_ratios_of_words_are_sums_over_true_words() -> None:
    made = rows(3, population=80, sizes=(40, 30, 30)).records
    channel = learn_channel(made)
    written = channel.written()
    ratios = word_ratios(channel.matrix, channel.frequency, written)
    dense = np.asarray(channel.matrix.todense())
    rng = np.random.default_rng(0)
    some = rng.integers(len(made.words), size=(400, 2))
    some = np.concatenate([some, np.stack([np.arange(len(made.words))] * 2, axis=1)])
    found = ratios.look_up(some[:, 0], some[:, 1])
    for role in range(2):
        for k, (v, w) in enumerate(some.tolist()):
            terms = channel.frequency[role] * dense[v] * dense[w]
            expected = terms.sum() / written[role, v] / written[role, w]
            # True words that are hardly meant are left out.
            assert found[role, k] <= expected * (1 + EXACT)
            assert found[role, k] >= 0.97 * expected - 0.05
    assert (ratios.look_up(np.array([-1]), np.array([0])) == 0).all()


def test_words_are_paired_as_well_as_by_trying_all_orders() -> None:
    made = rows(4, population=200, sizes=(100, 90, 60))
    records = made.records
    channel = learn_channel(records)
    ratios = word_ratios(channel.matrix, channel.frequency, channel.written())
    # Roles are known here, so that each role can be tried alone.
    role = (records.word_given >= 0.5).astype(float)
    names = padded(records.word_record, records.word, records.word_place, role, len(records))
    true = np.array(sorted(made.true_pairs()))[:150]
    random = np.random.default_rng(0).integers(len(records), size=(150, 2))
    pairs = np.concatenate([true, random])
    found = compare_names(names, ratios, pairs[:, 0], pairs[:, 1])
    slow = np.zeros((len(pairs), 2))
    clash = np.zeros((len(pairs), 2))
    for p, (a, b) in enumerate(pairs.tolist()):
        for r, is_given in enumerate((True, False)):
            sides = []
            for k in (a, b):
                own = records.word_record == k
                sides.append(records.word[own & ((records.word_given >= 0.5) == is_given)].tolist())
            short, long = sorted(sides, key=len)
            best = (-1.0, 0.0, 0)
            for order in permutations(long, len(short)):
                values = [
                    ratios.look_up(np.array([x]), np.array([y]))[r, 0]
                    for x, y in zip(short, order, strict=True)
                ]
                good = [v for v in values if v > 0.05]
                total = float(np.log(good).sum()) if good else 0.0
                best = max(best, (total + 3.0 * len(good), total, len(good)))
            slow[p, r], clash[p, r] = best[1], len(short) - best[2]
    agree = np.isclose(found.given, slow[:, 0], atol=1e-6) & np.isclose(found.surname, slow[:, 1], atol=1e-6)
    assert agree.mean() > 0.98
    assert (np.isclose(found.clash, clash).all(axis=1)).mean() > 0.98
    assert (found.clash[150:].sum(axis=1) >= 1).mean() > 0.9


def test_no_pairs_are_compared_without_complaint() -> None:
    records = rows(4, population=30, sizes=(10, 10, 10)).records
    channel = learn_channel(records)
    ratios = word_ratios(channel.matrix, channel.frequency, channel.written())
    names = padded(records.word_record, records.word, records.word_place, records.word_given, len(records))
    none = np.zeros(0, np.int64)
    assert len(compare_names(names, ratios, none, none).given) == 0
