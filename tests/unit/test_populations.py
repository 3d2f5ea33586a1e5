"""Invented populations: margins, signs of dependence, exact cells, refusals."""

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from detcount import simulate
from detcount.simulate import populations

SIZE = 200_000
SHARES = np.array([0.31, 0.12, 0.05, 0.22])  # asymmetric
SPREAD = 4.5  # standard errors; over all margins of all mechanisms one false alarm in a thousand
SAME = 1e-9
NODES = 2e-3  # the mean of a logit-normal is taken at 201 quantiles
MECHANISMS = [
    simulate.Independent(),
    simulate.LogitNormal(sd=1.2),
    simulate.TwoClasses(share=0.7, odds_ratio=8.0),
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


@pytest.mark.parametrize(
    ("mechanism", "sign"),
    [
        (simulate.LogitNormal(), 1),
        (simulate.TwoClasses(), 1),
    ],
    ids=repr,
)
def test_every_two_lists_depend_with_the_sign_of_the_mechanism(mechanism, sign):
    listed = drawn(mechanism)
    for first, second in itertools.combinations(range(4), 2):
        value, error = log_odds_ratio(listed, first, second)
        assert sign * value > SPREAD * error


def test_two_classes_by_hand():
    mechanism = simulate.TwoClasses(share=0.7, odds_ratio=8.0)
    listed = drawn(mechanism)
    both = (listed[:, 0] & listed[:, 1]).mean()
    hard = populations._solved(
        lambda c: 0.7 * stats.logistic.cdf(c) + 0.3 * stats.logistic.cdf(c + math.log(8)), SHARES
    )
    low, high = stats.logistic.cdf(hard), stats.logistic.cdf(hard + math.log(8))
    assert (0.7 * low + 0.3 * high).tolist() == pytest.approx(SHARES.tolist(), rel=SAME)
    expected = 0.7 * low[0] * low[1] + 0.3 * high[0] * high[1]
    assert both == pytest.approx(expected, abs=SPREAD * math.sqrt(expected / SIZE))
