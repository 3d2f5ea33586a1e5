"""How often the 95% intervals of the closed forms hold a truth that obeys their assumptions.

Every case draws populations anew, counts those listed, fits, and asks whether the interval holds the
truth; a refusal counts as neither. The band around 95% is 3.5 Monte Carlo standard errors either way, so
a right interval leaves it once in 2,000 runs, and the seed is fixed. Where an interval is known to miss,
the case states the figure it was measured at, and the band is around that. Those are, with the reason:

- Chapman, log-normal: 0.93 at an overlap of 10 (0.91 at 5, 0.94 at 20, 0.95 at 50). Its point is drawn
  towards the listed and its variance with it, so the upper limit is too low; the exact interval is not.
- Chao-Lee: 0.91 where persons' rates have a squared coefficient of variation of 0.25, 0.61 at 0.67: it
  corrects a part of the bias only, and is then too low.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest

from cases import tables
from detcount import CaptureTable, RepeatedCounts, abundance
from detcount.errors import NotEstimableError
from invented_tables import of_marks

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::detcount.errors.DetcountWarning")]

SEED = 20_260_101
BAND = 3.5  # Monte Carlo standard errors


@dataclass(frozen=True)
class Case:
    """An estimator, a population that obeys it, and how often its interval is known to hold the truth."""

    name: str
    estimator: object
    draw: Callable[[np.random.Generator, int], object]
    truth: int
    coverage: float = 0.95
    at_least: bool = False  # exact intervals: at least the level, and not everything
    n_runs: int = 2000


def cells(n_lists):
    return np.array([cell for cell in product((0, 1), repeat=n_lists) if any(cell)], dtype=np.uint8)


def lists_with(probabilities):
    """Persons multinomial over all cells; the last probability is that of nobody's list."""
    shares = np.asarray(probabilities, dtype=float)
    shares = shares / shares.sum()
    n_lists = int(math.log2(len(shares)))
    histories = cells(n_lists)

    def draw(rng, truth):
        counts = rng.multinomial(truth, shares)[:-1]
        return CaptureTable(tuple("abcdef"[:n_lists]), histories[counts > 0], counts[counts > 0])

    return draw


def independent(*chances):
    p = np.array(chances)
    h = cells(len(chances))
    inside = np.prod(np.where(h == 1, p, 1 - p), axis=1)
    return lists_with([*inside, np.prod(1 - p)])


def with_odds_ratio(odds_ratio):
    """Two lists: p11 p00 / (p10 p01) is the odds ratio. Cells in the order 01, 10, 11, none."""
    return lists_with([0.3, 0.2, 0.2, odds_ratio * 0.3 * 0.2 / 0.2])


def without_highest(odds_ratio):
    """Three dependent lists, the unlisted set by the highest-order odds ratio."""
    p = {"001": 0.16, "010": 0.12, "011": 0.07, "100": 0.2, "101": 0.05, "110": 0.1, "111": 0.06}
    none = odds_ratio * p["111"] * p["100"] * p["010"] * p["001"] / (p["110"] * p["101"] * p["011"])
    return lists_with([*p.values(), none])


def pair_and_a_third(rng, truth):
    """Lists a and b independent; c names those on both more than others."""
    a, b = rng.random(truth) < 0.3, rng.random(truth) < 0.2
    c = rng.random(truth) < np.where(a & b, 0.7, np.where(a | b, 0.25, 0.15))
    return of_marks(np.stack([a, b, c], axis=1), "abc")


def dependent_pairs(rng, truth):
    """Four lists; a person easy to find is so for two of them at a time."""
    one, other = rng.random(truth) < 0.5, rng.random(truth) < 0.5
    chances = np.stack([0.35 + 0.2 * one, 0.3 + 0.2 * one, 0.45 + 0.15 * other, 0.25 + 0.25 * other], axis=1)
    return of_marks(rng.random((truth, 4)) < chances, "abcd")


def repeated(rates):
    def draw(rng, truth):
        times = rng.poisson(rates(rng, truth))
        return RepeatedCounts.from_persons(times[times > 0])

    return draw


def equal(rate):
    return repeated(lambda rng, truth: np.full(truth, rate))


def gamma(mean, shape):
    return repeated(lambda rng, truth: rng.gamma(shape, mean / shape, truth))


CASES = [
    Case(name, eval(estimator, vars(abundance)), eval(draw), truth, **known)
    for name, estimator, draw, truth, known in tables("closed_form_coverage")["cases"]
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_interval_coverage(case):
    rng = np.random.default_rng(SEED)
    held = answered = 0
    for run in range(case.n_runs):
        data = case.draw(rng, case.truth)
        try:
            interval = case.estimator.fit(data, seed=run).interval()
        except NotEstimableError:
            continue
        answered += 1
        held += interval.low <= case.truth <= interval.high
    share = held / answered
    error = math.sqrt(case.coverage * (1 - case.coverage) / answered)
    assert answered > 0.9 * case.n_runs
    if case.at_least:
        assert case.coverage - BAND * error <= share < 1
    else:
        assert abs(share - case.coverage) <= BAND * error
