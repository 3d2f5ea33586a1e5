"""Interactions and their scale: evidence, n_0 added up number by number, learning, all written out."""

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy import optimize, special, stats

from detcount._numerics import scales
from detcount._numerics.calibration import quantile
from detcount._numerics.interactions import FittedSizes, Sizes, factors_of, log_evidence, slopes_of_evidence
from detcount._numerics.scales import learn
from detcount._numerics.unlisted import unlisted
from detcount.errors import ConvergenceError
from every_interaction import design

SAME = 1e-9  # the same arithmetic in another order
LAPLACE = 0.08  # of log evidence; 0.077 is the most that importance sampling finds on the tables here
LAPLACE_VARIES = 0.03  # of it between n_0 of 1 and of 50, which is what moves a posterior of n_0; 0.021 found
SEARCHED = 1e-5  # of log evidence, where Newton's method ends
SAMPLED = 0.01  # of log evidence: 3.5 standard errors of 200,000 draws
DELTA = 0.02  # of log n_0 and of a ratio of standard deviations: so normal are those of counts of 160
BRUTE = 1e-3  # probability; the library's grid is coarse, the test adds up whole numbers
SLOPED = 1e-6  # of a slope, relative to the evidence: differences of the logarithm over 1e-4
PERSONS_SD, LIST_MEAN, LIST_SD = 10.0, -1.5, 3.0  # of the prior, as the module's text gives them
# asymmetric: no two lists, cells or sizes alike
SIZES = Sizes(mean=0.8, pairs=0.6, triples=0.35, higher=0.2)
OTHER = Sizes(mean=0.3, pairs=0.3, triples=0.5, higher=0.4)
NARROW = FittedSizes(SIZES, 0.1)  # so that few numbers have to be added up
# cells in the order 000, 100, 010, 110, 001, 101, 011, 111; the first is not read
THREE = np.array([0.0, 41, 67, 17, 23, 9, 6, 4])
SPARSE = np.array([0.0, 5, 3, 1, 7, 0, 2, 0])
FOUR = np.array([0.0, 3, 9, 1, 4, 0, 2, 0, 14, 5, 1, 0, 2, 0, 1, 0])


def prior_of_interactions(orders, sizes, n_persons):
    means = [(math.log(n_persons), LIST_MEAN, sizes.mean, 0.0, 0.0)[min(order, 4)] for order in orders]
    spreads = (PERSONS_SD, LIST_SD, sizes.pairs, sizes.triples, sizes.higher)
    return np.array(means), np.array([spreads[min(order, 4)] for order in orders])


def evidence_of(table, n_unlisted, sizes):
    tables = np.tile(table, (len(n_unlisted), 1))
    tables[:, 0] = n_unlisted
    return log_evidence(tables, sizes, np.full(len(tables), table[1:].sum()))


def log_evidences(table, sizes, n_persons, n_draws):
    """By Laplace's method over the interactions, and by sampling from a Student t around the mode."""
    n_lists = len(table).bit_length() - 1
    products, orders = design(n_lists)
    means, spreads = prior_of_interactions(orders, sizes, n_persons)

    def log_joint(b):
        logs = b @ products.T
        poisson = (table * logs - np.exp(logs) - special.gammaln(table + 1)).sum(axis=-1)
        normal = -0.5 * ((b - means) / spreads) ** 2 - np.log(spreads) - 0.5 * math.log(2 * math.pi)
        return poisson + normal.sum(axis=-1)

    def slope(b):
        return products.T @ (table - np.exp(products @ b)) - (b - means) / spreads**2

    def curvature(b):
        return products.T @ (np.exp(products @ b)[:, None] * products) + np.diag(spreads**-2.0)

    mode = optimize.minimize(
        lambda b: -log_joint(b),
        np.linalg.solve(products, np.log(table + 0.5)),
        jac=lambda b: -slope(b),
        hess=curvature,
        method="trust-exact",
    ).x
    mode = mode + np.linalg.solve(curvature(mode), slope(mode))  # to the last digits
    factor = np.linalg.cholesky(np.linalg.inv(curvature(mode)))
    random, degrees, n = np.random.default_rng(20261124), 6, len(table)
    by_laplace = log_joint(mode) + 0.5 * n * math.log(2 * math.pi) + np.log(np.diag(factor)).sum()
    if n_draws == 0:
        return float(by_laplace), math.nan
    drawn = random.standard_normal((n_draws, n))
    drawn /= np.sqrt(random.chisquare(degrees, n_draws) / degrees)[:, None]
    log_proposal = (
        special.gammaln((degrees + n) / 2)
        - special.gammaln(degrees / 2)
        - 0.5 * n * math.log(degrees * math.pi)
        - 0.5 * (degrees + n) * np.log1p((drawn**2).sum(axis=1) / degrees)
        - np.log(np.diag(factor)).sum()
    )
    ratios = log_joint(mode + drawn @ factor.T) - log_proposal
    weights = np.exp(ratios - ratios.max())
    assert weights.std() / weights.mean() / math.sqrt(n_draws) < SAMPLED / 3.5
    return float(by_laplace), float(ratios.max() + np.log(weights.mean()))


@pytest.mark.parametrize(("table", "sizes"), [(SPARSE, SIZES), (THREE, OTHER), (FOUR, SIZES)])
def test_evidence_is_the_integral_over_interactions(table, sizes):
    n_unlisted = np.array([1.0, 7.0, 50.0])
    with_unlisted = np.tile(table, (3, 1))
    with_unlisted[:, 0] = n_unlisted
    expected = [log_evidences(each, sizes, table.sum(), 200_000) for each in with_unlisted]
    by_laplace, exact = np.array(expected).T
    found = evidence_of(table, n_unlisted, sizes)
    np.testing.assert_allclose(found, by_laplace, atol=SEARCHED)
    errors = found - exact
    assert np.abs(errors).max() < LAPLACE + SAMPLED
    assert np.ptp(errors) < LAPLACE_VARIES + SAMPLED


@pytest.mark.parametrize("n_lists", [2, 3, 4, 5])
def test_slopes_are_those_of_the_evidence(n_lists):
    random = np.random.default_rng(n_lists)
    tables = random.poisson(random.gamma(0.5, 60.0, (3, 2**n_lists))).astype(float)
    persons = tables.sum(axis=1)
    point = as_points(SIZES)

    def evidence(at):
        return log_evidence(tables, Sizes(float(at[0]), *np.exp(at[1:]).tolist()), persons)

    value, slopes = slopes_of_evidence(tables, SIZES, persons)
    np.testing.assert_allclose(value, evidence(point), rtol=SAME)
    expected = [(evidence(point + step) - evidence(point - step)) / 2e-4 for step in 1e-4 * np.eye(4)]
    np.testing.assert_allclose(slopes, expected, atol=SLOPED * np.abs(value).max())


def of_one_size(mean, pairs):
    return FittedSizes(Sizes(mean, pairs, 0.3, 0.2), 0.0)


def mixed_evidence(table, n_unlisted, learned):
    """Over many more values of lambda than the library's, by SciPy's t-distribution."""
    end = stats.norm.ppf(0.98) if len(table) == 4 else 4.0  # of two lists the tails are cut
    scores = np.linspace(-end, end, 51)
    zeta = stats.t.ppf(stats.norm.cdf(scores), 4)
    weights = stats.norm.pdf(scores)
    weights[[0, -1]] /= 2
    weights /= weights.sum()
    factors = np.exp(np.clip(learned.omega * zeta, -2, 2.5))
    given = [evidence_of(table, n_unlisted, learned.sizes.scaled(factor)) for factor in factors.tolist()]
    return special.logsumexp(np.array(given) + np.log(weights)[:, None], axis=0)


def moments(distribution):
    steps = np.diff(distribution.cumulatives)
    middles = 0.5 * (distribution.values[1:] + distribution.values[:-1])
    mean = float(steps @ middles)
    return mean, math.sqrt(steps @ (middles - mean) ** 2)


@pytest.mark.parametrize("mean", [-0.7, 0.4])
@pytest.mark.parametrize("counts", [(1700, 4100, 900), (600, 1000, 1800)])
def test_the_unlisted_of_two_lists_in_closed_form(counts, mean):
    """Log n_0 is log(n10 n01 / n11) plus the log odds ratio; by the delta method for counts."""
    first, second, both = counts
    pairs = 0.05
    expected = math.log(first * second / both) + mean
    found = unlisted(np.array([0.0, first, second, both]), of_one_size(mean, pairs))
    variance = pairs**2 + 1 / first + 1 / second + 1 / both + math.exp(-expected)
    centre, spread = moments(found)
    assert centre == pytest.approx(expected, abs=DELTA)
    assert spread == pytest.approx(math.sqrt(variance), rel=DELTA)
    grid = np.linspace(expected - 1, expected + 1, 401)
    density = evidence_of(np.array([0.0, *counts]), np.exp(grid), Sizes(mean, pairs, 0.3, 0.2)) + grid
    assert grid[density.argmax()] == pytest.approx(expected, abs=DELTA)


def as_points(sizes):
    return np.array([sizes.mean, *np.log([sizes.pairs, sizes.triples, sizes.higher])])


TABLES = {
    "three": THREE,
    "sparse": SPARSE,
    "nearly everybody on all": np.array([0.0, 0, 0, 2, 0, 3, 1, 50]),
    "half of them nobody": np.array([0.0, 1, 2, 9, 0, 13, 11, 60]),
    "two lists": np.array([0.0, 4, 2, 31]),
    "four": FOUR,
}


@pytest.mark.parametrize(
    "label",
    [
        pytest.param(name, marks=pytest.mark.slow if name in ("three", "sparse", "four") else ())
        for name in TABLES
    ],
)
def test_the_unlisted_are_all_whole_numbers_added_up(label):
    table = TABLES[label]
    found = unlisted(table, NARROW)
    numbers = np.arange(min(4 * int(np.exp(quantile(found, 1 - 1e-6))) + 50, 6_000), dtype=float)
    log_mass = mixed_evidence(table, numbers, NARROW)
    mass = np.exp(log_mass - log_mass.max())
    mass /= mass.sum()
    assert mass[-1] < BRUTE / 1e3  # what lies beyond is next to nothing
    nobody = found.cumulative(math.log(0.5) - SAME)
    assert nobody == pytest.approx(mass[0], abs=BRUTE)
    compared = numbers[:1000]
    cumulatives = np.array([found.cumulative(value) for value in np.log(compared + 0.5)])
    np.testing.assert_allclose(cumulatives, np.cumsum(mass)[:1000], atol=BRUTE)


def test_a_posterior_without_an_upper_end_is_refused():
    boundless = FittedSizes(Sizes(0.0, 60.0, 60.0, 60.0), 0.0)
    with pytest.raises(ConvergenceError, match="their posterior has no upper end"):
        unlisted(np.array([0.0, 5, 0, 0, 3, *[0] * 26, 9]), boundless)


FLAT = 0.02  # of a slope of the log posterior at its top: of interpolation, where slopes nearby are tens


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
    monkeypatch.setattr(scales, "TUNING", replace(scales.TUNING, steps=1))
    with pytest.raises(ConvergenceError, match="the sizes of interactions in the cases: the search did not"):
        learn(tables, groups, np.ones(len(tables)))
