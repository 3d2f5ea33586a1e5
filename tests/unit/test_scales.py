"""A scale of each source's own: the t-distribution, and learning against its formulas."""

import math
from functools import cache

import numpy as np
import pytest
from scipy import special, stats

from detcount._numerics import scales
from detcount._numerics.interactions import Sizes, factors_of, log_evidence
from detcount._numerics.scales import learn
from detcount.errors import ConvergenceError
from every_interaction import design

SAME = 1e-9  # the same arithmetic in another order
FLAT = 0.02  # of a slope of the log posterior at its top: of interpolation, where slopes nearby are tens

SIZES = Sizes(mean=0.8, pairs=0.6, triples=0.35, higher=0.2)


def drawn_table(n_lists, sizes, random):
    """Persons in every cell of a big population."""
    products, orders = design(n_lists)
    of_order = np.minimum(orders, 4)
    means = np.array([math.log(1000.0), -1.5, sizes.mean, 0.0, 0.0])[of_order]
    spreads = np.array([0.8, 0.8, sizes.pairs, sizes.triples, sizes.higher])[of_order]
    logs = products @ (means + spreads * random.standard_normal(len(orders)))
    return random.poisson(np.exp(logs)).astype(float)


@cache
def world(n_groups, omega, seed):
    """Three tables of three lists in each group, and two of four in every second, with a scale a group."""
    random = np.random.default_rng(seed)
    tables, groups = [], []
    for group in range(n_groups):
        factor = float(np.exp(np.clip(omega * random.standard_t(4), -2, 2.5)))
        lists = (3, 3, 3, 4, 4) if group % 2 else (3, 3, 3)
        tables += [drawn_table(n, SIZES.scaled(factor), random) for n in lists]
        groups += [group] * len(lists)
    return tables, np.array(groups)


def log_posterior(point, tables, groups, weights):
    """Written out: a scale at a time, every zeta on a fine grid, SciPy's t-distribution."""
    sizes = Sizes(float(point[0]), *np.exp(point[1:4]).tolist())
    scores = np.linspace(-4, 4, 97)
    zeta = stats.t.ppf(stats.norm.cdf(scores), 4)
    log_weights = stats.norm.logpdf(scores) - special.logsumexp(stats.norm.logpdf(scores))
    given = np.zeros((len(zeta), len(tables)))
    for n_cells in {len(table) for table in tables}:
        mine = [k for k, table in enumerate(tables) if len(table) == n_cells]
        stack = np.array([tables[k] for k in mine])
        for place, shift in enumerate(np.clip(np.exp(point[4]) * zeta, -2, 2.5).tolist()):
            given[place, mine] = log_evidence(stack, sizes.scaled(math.exp(shift)), stack.sum(axis=1))
    total = float(stats.norm.logpdf(point, [0.0, *[math.log(0.5)] * 4], 1.0).sum())
    for group in np.unique(groups):
        shared = given[:, groups == group] @ weights[groups == group]
        total += float(special.logsumexp(shared + log_weights))
    return total


def as_point(learned):
    sizes = learned.sizes
    return np.array([sizes.mean, *np.log([sizes.pairs, sizes.triples, sizes.higher, learned.omega])])


@pytest.mark.parametrize("omega", [0.0, 0.3, 1.2])
def test_values_of_lambda_are_those_of_the_t_distribution(omega):
    factors, log_weights = factors_of(omega, 4001)
    assert np.exp(log_weights).sum() == pytest.approx(1, abs=SAME)
    assert (np.diff(factors) > 0).all()
    assert factors[0] >= math.exp(-2) * (1 - SAME)
    assert factors[-1] <= math.exp(2.5) * (1 + SAME)
    for value in (0.4, 1.1, 2.7) if omega else ():
        below = np.exp(log_weights[np.log(factors) <= math.log(value)]).sum()
        assert below == pytest.approx(stats.t.cdf(math.log(value) / omega, 4), abs=1e-3)
    if not omega:
        assert factors.tolist() == [1.0]


def test_learning_ends_where_the_posterior_written_out_is_flat_and_below_on_all_sides():
    tables, groups = world(4, 0.5, 5)
    weights = np.linspace(0.5, 1.0, len(tables))
    found = as_point(learn(tables, groups, weights))
    top = log_posterior(found, tables, groups, weights)
    for step in 0.2 * np.eye(5):
        up, down = (log_posterior(found + sign * step, tables, groups, weights) for sign in (1, -1))
        assert max(up, down) < top
        curvature = (2 * top - up - down) / 0.04
        assert abs(up - down) / 0.4 < max(FLAT, 0.05 * curvature)  # third derivatives are in so wide a step


@pytest.mark.slow
def test_a_spread_of_scales_is_found_where_there_is_one():
    found = {
        omega: [learn(*world(30, omega, seed), np.ones(len(world(30, omega, seed)[0]))) for seed in (1, 2, 3)]
        for omega in (0.0, 0.5)
    }
    without, with_spread = (np.array([as_point(each) for each in found[omega]]) for omega in (0.0, 0.5))
    assert (np.exp(without[:, 4]) < 0.3).all()
    assert (np.abs(np.exp(with_spread[:, 4]) - 0.5) < 0.25).all()
    for points in (without, with_spread):
        assert np.abs(points[:, :3].mean(axis=0) - [0.8, math.log(0.6), math.log(0.35)]).max() < 0.25


def test_a_search_that_does_not_end_is_said(monkeypatch):
    tables, groups = world(4, 0.5, 5)
    monkeypatch.setattr(scales, "_STEPS", 1)
    with pytest.raises(ConvergenceError, match="the sizes of interactions in the cases: the search did not"):
        learn(tables, groups, np.ones(len(tables)))
