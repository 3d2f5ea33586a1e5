"""Rows that are one person: every field against the sum over all that could be true."""

import itertools
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import sparse

from detcount._numerics.linkage.fields import (
    PRIORS,
    Background,
    categorical_cells,
    conditional_cells,
    day_cells,
    log_ratio,
    near_number,
    slip_errors,
    slip_kinds,
    slip_shares,
    swapped_days,
)
from detcount._numerics.linkage.words import spelling, word_log_ratio

FIRST = 0.9
ROUNDING = 1e-9  # two ways to add up the same numbers
FAR_SLIPS = 0.01  # slips by more than 60 days in which several parts of the date differ are left out
FREQUENCY = np.array([0.4, 0.3, 0.2, 0.1])


def summed(codes, miss):
    """P(written) summed over every true code, over the product of frequencies."""
    whole = 0.0
    for true, share in enumerate(FREQUENCY):
        product = share
        for code in codes:
            if code >= 0:
                product *= (1 - miss) * (code == true) + miss * FREQUENCY[code]
        whole += product
    return float(np.log(whole / np.prod([FREQUENCY[code] for code in codes if code >= 0])))


@given(codes=st.lists(st.integers(-1, 3), min_size=1, max_size=6), miss=st.floats(0.001, 0.9))
def test_a_field_of_codes_is_the_sum_over_true_codes(codes, miss):
    members = np.array([codes])
    cells = categorical_cells(members, np.where(members >= 0, FREQUENCY[members], 1.0))
    assert_allclose(log_ratio(cells, miss, 0.0), summed(codes, miss), atol=ROUNDING)


def told(codes, chance, overall, miss):
    """P(written) summed over every true code, over the product of P(written) by the other field alone."""
    shares = enumerate(chance.mean(axis=0))
    whole = np.log(sum(product_of(codes, share, true, overall, miss) for true, share in shares))
    return whole - sum(np.log(chance[row][code]) for row, code in enumerate(codes) if code >= 0)


def product_of(codes, share, true, overall, miss):
    """P(true) and of all that rows write of it."""
    written = [(1 - miss) * (code == true) + miss * overall[code] for code in codes if code >= 0]
    return share * np.prod(written)


@given(
    seed=st.integers(0, 99),
    codes=st.lists(st.integers(-1, 2), min_size=1, max_size=5),
    miss=st.floats(0.001, 0.9),
)
def test_a_field_that_another_tells_is_the_sum_over_true_codes(seed, codes, miss):
    random = np.random.default_rng(seed)
    chance, overall = random.dirichlet(np.ones(3), size=len(codes)), random.dirichlet(np.ones(3))
    cells = conditional_cells(np.array([codes]), chance[None], overall)
    assert_allclose(log_ratio(cells, miss, 0.0)[0], told(codes, chance, overall, miss), atol=1e-8)


@pytest.mark.parametrize(
    ("written", "true", "expected"),
    [
        (12_345_678, 12_345_678, 0.0),
        (12_345_978, 12_345_678, 0.6 / 72),
        (12_354_678, 12_345_678, 0.2 / 7),
        (1_345_678, 12_345_678, 0.1 / 8),
        (123_456_780, 12_345_678, 0.1 / 80),
        (12_345_699, 12_345_678, 0.0),
        (-1, 12_345_678, 0.0),
    ],
)
def test_slips_of_numbers(written, true, expected):
    assert_allclose(near_number(np.array([written]), np.array([true])), expected)


FIRST_DAY, N_DAYS = 7000, 1500
SWAPPED = 1
BIRTH_SLIPS, ARREST_SLIPS = np.array(PRIORS.birth_slips), np.array(PRIORS.arrest_slips)
birth_errors = partial(slip_errors, BIRTH_SLIPS)


def all_days(rows, background, miss, slip, errors):
    """P(written) summed over every true day, one after the other, over the product of backgrounds."""
    days = np.arange(background.first, background.last)
    whole = background.between(days, days + 1)
    for low, high in rows:
        f = background.between(np.array([low]), np.array([high + 1]))[0]
        if low == high:
            written = np.full(len(days), low)
            near = errors(written, days)
            whole = whole * ((1 - miss - slip) * (days == low) + slip * near + miss * f) / f
        else:
            width = high - low + 1
            inside = (days >= low) & (days <= high)
            beside = ((days >= low - width) & (days < low)) | ((days > high) & (days <= high + width))
            whole = whole * ((1 - miss - slip) * inside + slip * 0.5 * beside + miss * f) / f
    return float(np.log(whole.sum()))


written_days = st.integers(FIRST_DAY, FIRST_DAY + N_DAYS).map(lambda day: (day, day))
written_years = st.integers(FIRST_DAY, FIRST_DAY + N_DAYS).map(lambda day: (day, day + 364))


BACKGROUND = Background(np.array([(day, day) for day in (FIRST_DAY, FIRST_DAY + N_DAYS)]), 600)


def compared(rows, miss, slip):
    """Log ratio of rows of one cluster, and the sum over all days."""
    cells = day_cells(np.array([rows]), np.zeros((1, len(rows)), dtype=bool), BACKGROUND, birth_errors)
    return log_ratio(cells, miss, slip)[0], all_days(rows, BACKGROUND, miss, slip, birth_errors)


def written_on(day):
    return (int(np.datetime64(day, "D").astype(int)),) * 2


@settings(max_examples=30)
@given(
    rows=st.lists(written_days | written_years, min_size=1, max_size=5),
    miss=st.floats(0.001, 0.3),
    slip=st.floats(0.001, 0.3),
)
def test_days_and_ages_are_the_sum_over_all_days(rows, miss, slip):
    found, expected = compared(rows, miss, slip)
    assert_allclose(found, expected, atol=FAR_SLIPS)


@pytest.mark.parametrize(
    "rows",
    [
        [(7400, 7400), (7400, 7400), (7100, 7464), (8300, 8664)],
        [(7400, 7400), *[(7401, 7765)] * 2],
        [(7400, 7400), *[(7403, 7767)] * 3],
        [*[(7400, 7400)] * 2, *[(7401, 7765)] * 3],
        [(7399, 7399), (7400, 7400), *[(7401, 7765)] * 2],
        [
            *[(int(np.datetime64(f"{year}-03-05", "D").astype(int)),) * 2 for year in (1989, 1991)],
            (7300, 7500),
        ],
        [*[(int(np.datetime64(f"1990-{day}", "D").astype(int)),) * 2 for day in ("08-05", "03-20")]],
    ],
)
def test_days_from_which_several_rows_slip_are_in_the_sum(rows):
    for miss, slip in ((0.02, 0.03), (0.001, 0.02), (0.01, 0.2)):
        found, expected = compared(rows, miss, slip)
        assert_allclose(found, expected, atol=FAR_SLIPS)


def test_shares_of_slips_are_learned_and_wrong_days_are_not_slips():
    random = np.random.default_rng(3)
    n = 4000
    true = random.integers(8000, 12_000, n)
    kind = random.choice(4, n, p=[0.3, 0.4, 0.2, 0.1])
    week = np.sign(random.random(n) - 0.5).astype(int) * random.geometric(0.1, n)
    day = np.sign(random.random(n) - 0.5).astype(int) * random.geometric(0.5, n)
    other = random.integers(8000, 12_000, n)
    written = np.choose(kind, [swapped_days(true), true + day, true + week, other])
    differ = written != true
    shares = slip_shares(written[differ], true[differ], BIRTH_SLIPS)
    swapped = (differ & (kind == 0)).sum()
    left = np.array([swapped, (kind == 1).sum(), (kind == 2).sum()])
    assert_allclose(shares[1:4], left / left.sum(), atol=0.03)
    assert shares[0] + shares[4] < 0.05
    assert slip_shares(written[:0], true[:0], ARREST_SLIPS) == pytest.approx(ARREST_SLIPS)
    assert slip_shares(written[differ], true[differ], ARREST_SLIPS)[4] == 0.0


def test_day_and_month_swapped():
    days = np.array(["2001-03-09", "2001-03-25"], dtype="datetime64[D]").astype(np.int64)
    expected = np.array(["2001-09-03", "2001-03-25"], dtype="datetime64[D]").astype(np.int64)
    assert swapped_days(days).tolist() == expected.tolist()
    assert slip_kinds(days, expected)[:, SWAPPED].tolist() == [1.0, 0.0]
    assert slip_kinds(days, expected)[:, 0].tolist() == [0.0, 0.0]


def test_background_holds_all_days_and_those_written_most():
    background = Background(np.array([(100, 100)] * 9 + [(200, 200)]), 0)
    assert_allclose(background.between(np.array([background.first]), np.array([background.last])), 1.0)
    assert background.between(np.array([100]), np.array([101]))[0] == pytest.approx(0.95 * 0.9, rel=1e-3)


def a_channel(random, n_written=7, n_true=5):
    """Words, some within reach of each other; columns of what is written sum to at most 1."""
    reach = random.random((n_written, n_true)) < 0.4
    reach[np.arange(n_true), np.arange(n_true)] = True
    rest = random.uniform(0.001, 0.004, n_written)
    matrix = np.where(reach, rest[:, None] + random.uniform(0.01, 0.12, (n_written, n_true)), 0.0)
    matrix[np.arange(n_true), np.arange(n_true)] += 0.6
    frequency = random.dirichlet(np.ones(n_true))
    return matrix, rest, frequency


def naive(words, matrix, rest, frequency):
    """Summed over every pair of true words."""
    given_true = np.where(matrix > 0, matrix, rest[:, None])
    marginal = given_true @ frequency
    whole = 0.0
    for a, b in itertools.product(range(len(frequency)), repeat=2):
        product = frequency[a] * frequency[b]
        for one, two in words:
            if one >= 0 and two < 0:
                product *= FIRST * given_true[one, a] + (1 - FIRST) * given_true[one, b]
            elif one >= 0:
                in_order = PRIORS.words_in_order
                product *= in_order * given_true[one, a] * given_true[two, b] + (1 - in_order) * (
                    given_true[one, b] * given_true[two, a]
                )
        whole += product
    under = [marginal[word] for row in words for word in row if word >= 0]
    return float(np.log(whole / np.prod(under)))


@settings(max_examples=60)
@given(
    seed=st.integers(0, 50),
    words=st.lists(
        st.tuples(st.integers(0, 6), st.integers(-1, 6)) | st.just((-1, -1)), min_size=1, max_size=9
    ),
)
def test_words_are_the_sum_over_all_pairs_of_true_words(seed, words):
    matrix, rest, frequency = a_channel(np.random.default_rng(seed))
    spelled = spelling(sparse.csr_matrix(matrix), rest, frequency, most=10)
    clusters = [words, [*words[1:], (0, 1)], [(6, -1)] * len(words)]
    value = word_log_ratio(np.array(clusters), spelled, [1 - FIRST])[:, 0]
    assert_allclose(value, [naive(each, matrix, rest, frequency) for each in clusters], atol=ROUNDING)
