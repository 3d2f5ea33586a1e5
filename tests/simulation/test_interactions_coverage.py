"""Learned interactions by simulation: n_0 of tables from the model lies at uniform ranks of its posterior.

A world has sizes of interactions and a spread of scales, drawn from a narrow version of their prior; 30 whole
tables, each with a scale of its own, are learned from, and n_0 of further tables is predicted. Numbers of
persons are discrete, so the rank of n_0 is drawn within the probability of that number, which makes it
uniform where the posterior is right. Its share within the middle 50, 80 and 95% lies within 3.5 Monte Carlo
standard errors of the level, so that intervals too wide fail as those too narrow do. Tables of one world
share what is learned, so that a world is the unit of the standard error. Tables read with a quarter of their
sizes, or four times as much, have to fail.
"""

import math
from dataclasses import dataclass

import numpy as np
import pytest

from detcount._numerics.interactions import FittedSizes, Sizes
from detcount._numerics.scales import learn
from detcount._numerics.unlisted import unlisted
from every_interaction import design

pytestmark = pytest.mark.slow

STANDARD_ERRORS = 3.5  # left once in 2,000 comparisons by a right interval
LEVELS = (0.5, 0.8, 0.95)
N_BINS = 10
CHI_SQUARE = 33.7  # of N_BINS - 1 = 9 degrees of freedom: left once in 10,000
N_LEARNED = 30
NARROW = 0.5  # standard deviations of the mean and of the logarithms of sizes; half of their prior's


@dataclass(frozen=True)
class Case:
    """Number of lists, persons around which populations lie, worlds and tables in each, and the seed."""

    n_lists: int
    n_persons: float  # geometric mean of a cell, persons
    n_worlds: int
    n_tables: int
    seed: int


CASES = [
    Case(3, 300.0, 24, 8, 20261124),
    Case(3, 6.0, 18, 8, 20261125),
    Case(5, 30.0, 8, 16, 20261126),
]


def drawn_sizes(random):
    mean, *logs = NARROW * random.standard_normal(4)
    return Sizes(mean, *(0.5 * np.exp(logs)))


def drawn_table(case, sizes, random):
    """Interactions are normal, cells Poisson; the unlisted stand first. Somebody is listed."""
    products, orders = design(case.n_lists)
    of_order = np.minimum(orders, 4)
    means = np.array([math.log(case.n_persons), -1.5, sizes.mean, 0.0, 0.0])[of_order]
    # the constant less widely than the model has it, or most tables would be empty or beyond counting
    spreads = np.array([1.5, 3.0, sizes.pairs, sizes.triples, sizes.higher])[of_order]
    while True:
        logs = products @ (means + spreads * random.standard_normal(len(orders)))
        table = random.poisson(np.exp(logs)).astype(float)
        if table[1:].sum() > 0:
            return table


def rank(found, n_unlisted, random):
    upper = found.cumulative(math.log(n_unlisted + 0.5))
    lower = 0.0 if n_unlisted == 0 else found.cumulative(math.log(n_unlisted - 0.5))
    return lower + random.random() * (upper - lower)


def scaled(learned, factor):
    return FittedSizes(learned.sizes.scaled(factor), learned.omega)


def own_scale(sizes, omega, random):
    return sizes.scaled(float(np.exp(np.clip(omega * random.standard_t(4), -2, 2.5))))


def study(case, factors=(1.0,)):
    """Ranks by what the learned sizes are multiplied by; a row a world."""
    random = np.random.default_rng(case.seed)
    ranks = {factor: [] for factor in factors}
    for _ in range(case.n_worlds):
        sizes, omega = drawn_sizes(random), 0.4 * float(np.exp(NARROW * random.standard_normal()))
        whole = [drawn_table(case, own_scale(sizes, omega, random), random) for _ in range(N_LEARNED)]
        learned = learn(whole, np.arange(N_LEARNED), np.ones(N_LEARNED))
        fresh = [drawn_table(case, own_scale(sizes, omega, random), random) for _ in range(case.n_tables)]
        for factor in factors:
            known = scaled(learned, factor)
            ranks[factor].append([rank(unlisted(table, known), table[0], random) for table in fresh])
    return {factor: np.array(rows) for factor, rows in ranks.items()}


def miss(ranks, level):
    """By how many standard errors more are within the middle than the level says."""
    inside = (np.abs(ranks - 0.5) < level / 2).mean(axis=1)
    error = max(float(inside.std(ddof=1)), math.sqrt(level * (1 - level) / ranks.shape[1]))
    return float((inside.mean() - level) / error * math.sqrt(len(inside)))


def chi_square(ranks):
    """Of the ranks in equal bins; what a world shares is little beside what its tables do not."""
    counts = np.histogram(ranks, N_BINS, (0, 1))[0]
    expected = ranks.size / N_BINS
    return float(((counts - expected) ** 2 / expected).sum())


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.n_lists} lists, {case.n_persons:g} persons")
def test_the_unlisted_lie_where_their_posterior_says(case):
    ranks = study(case)[1.0]
    for level in LEVELS:
        assert abs(miss(ranks, level)) < STANDARD_ERRORS, (level, miss(ranks, level))
    assert chi_square(ranks) < CHI_SQUARE
    centre = (ranks.mean(axis=1).mean() - 0.5) / math.sqrt(1 / 12 / ranks.size)
    assert abs(centre) < STANDARD_ERRORS, centre


def test_sizes_that_are_wrong_are_found():
    """The check itself: a quarter of the sizes is too narrow, four times the sizes too wide.

    Half and twice are taken up by the scale of each table for the most part.
    """
    ranks = study(Case(3, 300.0, 20, 10, 20261127), (0.25, 4.0))
    assert miss(ranks[0.25], 0.95) < -STANDARD_ERRORS
    assert miss(ranks[4.0], 0.5) > STANDARD_ERRORS
    assert min(chi_square(each) for each in ranks.values()) > CHI_SQUARE
