"""Invented populations: margins, signs of dependence, exact cells, refusals."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy import integrate, stats

from detcount import simulate
from detcount.errors import InputError
from detcount.simulate import mechanisms

SIZE = 200_000
SHARES = np.array([0.31, 0.12, 0.05, 0.22])  # asymmetric
SPREAD = 4.5  # standard errors; over all margins of all mechanisms one false alarm in a thousand
SAME = 1e-9
NODES = 2e-3  # the mean of a logit-normal is taken at 201 quantiles

MECHANISMS = [
    simulate.Independent(),
    simulate.Dependent(odds_ratio=5.0),
    simulate.Dependent(odds_ratio=0.2),
    simulate.Dependent(odds_ratio=3.0, pairs=((3, 0),)),
    simulate.BetaHeterogeneity(concentration=2.0),
    simulate.LogitNormal(sd=1.2),
    simulate.TwoClasses(share=0.7, odds_ratio=8.0),
    simulate.Darroch(interaction=0.6),
    simulate.Darroch(interaction=-0.5),
]


def drawn(mechanism, size=SIZE, seed=20261127):
    return mechanism.histories(size, SHARES, np.random.default_rng(seed))


def log_odds_ratio(listed, first, second):
    """And its standard error, for two lists in the whole population."""
    a, b = listed[:, first] == 1, listed[:, second] == 1
    cells = np.array([(a & b).sum(), (a & ~b).sum(), (~a & b).sum(), (~a & ~b).sum()], dtype=float)
    value = math.log(cells[0] * cells[3] / (cells[1] * cells[2]))
    return value, math.sqrt((1 / cells).sum())


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=repr)
def test_every_list_names_the_share_that_it_is_said_to(mechanism):
    listed = drawn(mechanism)
    assert listed.shape == (SIZE, 4)
    assert listed.dtype == np.uint8
    band = SPREAD * np.sqrt(SHARES * (1 - SHARES) / SIZE)
    assert (np.abs(listed.mean(axis=0) - SHARES) < band + NODES * SHARES).all()


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=repr)
def test_the_same_seed_gives_the_same_population(mechanism):
    one, same, other = (simulate.population(300, SHARES, mechanism, seed=seed) for seed in (1, 1, 2))
    assert one.table == same.table
    assert one.table != other.table
    assert one.n_unobserved == 300 - one.table.n_observed
    assert (one.truth, one.mechanism, one.probabilities) == (300, mechanism, tuple(SHARES))


@pytest.mark.parametrize("odds_ratio", [0.2, 1.0, 5.0])
def test_pairs_have_their_odds_ratio_and_others_none(odds_ratio):
    listed = drawn(simulate.Dependent(odds_ratio=odds_ratio))
    for first, second in itertools.combinations(range(4), 2):
        expected = math.log(odds_ratio) if (first, second) in {(0, 1), (2, 3)} else 0.0
        value, error = log_odds_ratio(listed, first, second)
        assert value == pytest.approx(expected, abs=SPREAD * error)


def test_pairs_that_are_named_and_no_others_depend():
    listed = drawn(simulate.Dependent(odds_ratio=6.0, pairs=((3, 0),)))
    value, error = log_odds_ratio(listed, 0, 3)
    assert value == pytest.approx(math.log(6), abs=SPREAD * error)
    value, error = log_odds_ratio(listed, 0, 1)
    assert value == pytest.approx(0, abs=SPREAD * error)


@pytest.mark.parametrize(
    ("mechanism", "sign"),
    [
        (simulate.BetaHeterogeneity(), 1),
        (simulate.LogitNormal(), 1),
        (simulate.TwoClasses(), 1),
        (simulate.Darroch(), 1),
        (simulate.Darroch(interaction=-1.0), -1),
    ],
    ids=repr,
)
def test_every_two_lists_depend_with_the_sign_of_the_mechanism(mechanism, sign):
    listed = drawn(mechanism)
    for first, second in itertools.combinations(range(4), 2):
        value, error = log_odds_ratio(listed, first, second)
        assert sign * value > SPREAD * error


def test_both_lists_by_plackett():
    for first, second, odds_ratio in [(0.3, 0.1, 4.0), (0.3, 0.1, 0.25), (0.7, 0.6, 1.0), (1e-4, 0.2, 9.0)]:
        both = mechanisms._both(first, second, odds_ratio)
        cells = both, first - both, second - both, 1 - first - second + both
        assert min(cells) > 0
        assert cells[0] * cells[3] / (cells[1] * cells[2]) == pytest.approx(odds_ratio, rel=SAME)


def test_two_classes_by_hand():
    mechanism = simulate.TwoClasses(share=0.7, odds_ratio=8.0)
    listed = drawn(mechanism)
    both = (listed[:, 0] & listed[:, 1]).mean()
    hard = mechanisms._solved(
        lambda c: 0.7 * stats.logistic.cdf(c) + 0.3 * stats.logistic.cdf(c + math.log(8)), SHARES
    )
    low, high = stats.logistic.cdf(hard), stats.logistic.cdf(hard + math.log(8))
    assert (0.7 * low + 0.3 * high).tolist() == pytest.approx(SHARES.tolist(), rel=SAME)
    expected = 0.7 * low[0] * low[1] + 0.3 * high[0] * high[1]
    assert both == pytest.approx(expected, abs=SPREAD * math.sqrt(expected / SIZE))


def test_beta_heterogeneity_on_all_lists_by_integration():
    listed = drawn(simulate.BetaHeterogeneity(concentration=2.0))

    def product(u):
        return math.prod(stats.beta.ppf(u, 2 * share, 2 * (1 - share)) for share in SHARES)

    expected, _ = integrate.quad(product, 0, 1)
    assert listed.all(axis=1).mean() == pytest.approx(expected, abs=SPREAD * math.sqrt(expected / SIZE))


def test_darroch_has_one_interaction_for_all_pairs_and_no_higher_one():
    """Log odds ratio of two lists given the other two, at each of their four values."""
    listed = drawn(simulate.Darroch(interaction=0.6), size=2_000_000)
    code = listed @ np.array([8, 4, 2, 1])
    counts = np.bincount(code, minlength=16).astype(float)
    for other in range(4):
        cells = counts[[12 + other, 8 + other, 4 + other, other]]
        value = math.log(cells[0] * cells[3] / (cells[1] * cells[2]))
        assert value == pytest.approx(0.6, abs=SPREAD * math.sqrt((1 / cells).sum()))


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (lambda: simulate.population(0, [0.1, 0.2]), InputError, "size: expected a whole number of persons"),
        (lambda: simulate.population(True, [0.1, 0.2]), TypeError, "size: expected a whole number"),
        (lambda: simulate.population(10, [0.1]), InputError, "probabilities: expected two numbers or more"),
        (lambda: simulate.population(10, [0.1, 1.0]), InputError, "probabilities: expected two numbers"),
        (lambda: simulate.population(10, [0.1, math.nan]), InputError, "probabilities: expected two numbers"),
        (lambda: simulate.population(3, [1e-9, 1e-9]), InputError, "probabilities: nobody of 3 came onto"),
        (lambda: simulate.population(9, [0.1, 0.2], "Beta"), TypeError, "mechanism: expected one such as"),
        (
            lambda: simulate.population(9, [0.1, 0.2], simulate.Independent),
            TypeError,
            "mechanism: expected one such as Independent",
        ),
        (lambda: simulate.Dependent(odds_ratio=0), InputError, "Dependent: odds_ratio: expected a finite"),
        (lambda: simulate.Dependent(pairs=((1, 1),)), InputError, "pairs: expected two different positions"),
        (lambda: simulate.Dependent(pairs=((0, 1), (1, 2))), InputError, "pairs: expected no list twice"),
        (
            lambda: simulate.population(9, [0.1, 0.2], simulate.Dependent(pairs=((0, 2),))),
            InputError,
            "pairs: expected positions below 2, the number of lists",
        ),
        (lambda: simulate.BetaHeterogeneity(-1.0), InputError, "concentration: expected a finite number"),
        (lambda: simulate.LogitNormal(math.inf), InputError, "sd: expected a finite number above 0"),
        (lambda: simulate.TwoClasses(share=1.0), InputError, "share: expected a number between 0 and 1"),
        (lambda: simulate.TwoClasses(odds_ratio=0.0), InputError, "odds_ratio: expected a finite number"),
        (lambda: simulate.Darroch(math.nan), InputError, "interaction: expected a finite number"),
        (
            lambda: simulate.population(9, [0.1] * 16, simulate.Darroch()),
            InputError,
            "Darroch: expected at most 15 lists, got 16",
        ),
    ],
)
def test_bad_arguments_are_refused(make, error, match):
    with pytest.raises(error, match=match):
        make()
