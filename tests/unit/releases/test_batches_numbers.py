"""Numbers of announcements: the likelihood rewritten by enumeration, its parts, priors and cells."""

from __future__ import annotations

import dataclasses
import itertools
import math

import numpy as np
import pytest
from scipy import stats

from detcount._numerics.batches import (
    BatchModel,
    Series,
    chances,
    delay_parameters,
    draw_parts,
    log_likelihood,
    overlaps,
    parts,
    sample_posterior,
    sample_prior,
)
from detcount._numerics.batches import model as numerics_model

SAME = 1e-9  # the same sum written twice, over at most a few thousand terms
STANDARD_ERRORS = 4.5  # Monte Carlo: passed by once in 150,000 comparisons


def figures(batch, monitor, chance, counts, at_least, days, first, last):
    window = np.arange(first, last + 1)
    return Series(
        batch=batch,
        monitor=monitor,
        chance=chance,
        counts=np.array(counts),
        at_least=np.array(at_least, dtype=bool),
        delays=np.array(days)[:, None] - window,
    )


# two batches, two monitors: an exact series, a bound between, a bound alone, and a bound at the end
SERIES = (
    figures(0, 0, 0, [1, 3, 4], [False, False, False], [0, 2, 9], 0, 0),
    figures(0, 1, 1, [2, 5], [True, False], [1, 6], 0, 0),
    figures(1, 0, 0, [1, 2, 3], [False, True, False], [21, 23, 30], 20, 22),
    figures(1, 1, 1, [1, 3], [False, True], [22, 27], 20, 22),
)


def model_of(family="weibull", series=SERIES, odds_ratio=1.0, concentration=10.0, shared=False):
    return BatchModel(
        announced=(9, 6),
        series=series,
        n_monitors=2,
        verification=np.array([[3.0, 2.0], [4.0, 1.5]]),
        carried_out=(2.0, 1.3),
        concentration=concentration,
        family=family,
        median=(4.0, 2.0),
        shape=(1.1, 1.5),
        shared=shared,
        odds_ratio=odds_ratio,
    )


def plain_parameters(model, row):
    """Chances, cdf parameters and theta's Beta from one row of normal scores, by scipy.stats."""
    chance = [stats.beta.ppf(stats.norm.cdf(row[k]), *model.verification[k]) for k in range(2)]
    delays = []
    for k in range(2):
        place = 2 + (0 if model.shared else 2 * k)
        median = model.median[0] * model.median[1] ** row[place]
        shape = model.shape[0] * model.shape[1] ** row[place + 1]
        if model.family == "weibull":
            delays.append(stats.weibull_min(shape, scale=median / math.log(2) ** (1 / shape)))
        else:
            delays.append(stats.lognorm(1 / shape, scale=median))
    if model.concentration is None:
        return chance, delays, model.carried_out
    mean = stats.beta.ppf(stats.norm.cdf(row[-2]), *model.carried_out)
    u = stats.norm.cdf(row[-1])
    kappa = model.concentration * u / (1 - u)
    return chance, delays, (mean * kappa, (1 - mean) * kappa)


def share(delay, days):
    return np.mean([delay.cdf(d + 1) if d >= 0 else 0.0 for d in days])


def path_probability(series, n, chance, delay):
    """Chance of the figures given n releases: every hidden path of totals, each a multinomial."""
    shares = [share(delay, row) for row in series.delays]
    cells = np.diff([0.0, *shares]) * chance
    cells = [*cells, 1 - sum(cells)]
    options = [
        range(count, n + 1) if bound else [count]
        for count, bound in zip(series.counts, series.at_least, strict=True)
    ]
    total = 0.0
    for path in itertools.product(*options):
        steps = np.diff([0, *path])
        if (steps < 0).any() or path[-1] > n:
            continue
        total += stats.multinomial.pmf([*steps, n - path[-1]], n, cells)
    return total


def brute(model, row):
    """Log likelihood, and P(R = r) of each batch, by adding up everything."""
    chance, delays, (a, b) = plain_parameters(model, row)
    log, posteriors = 0.0, []
    for batch, announced in enumerate(model.announced):
        weights = np.zeros(announced + 1)
        for n in range(announced + 1):
            weights[n] = stats.betabinom.pmf(n, announced, a, b)
            for series in model.series:
                if series.batch == batch:
                    weights[n] *= path_probability(series, n, chance[series.chance], delays[series.monitor])
        log += math.log(weights.sum())
        posteriors.append(weights / weights.sum())
    return log, posteriors


NUMERICAL = 2e-6  # logits are read from a table with steps of 1/400 of a standard deviation


@pytest.mark.parametrize("family", ["weibull", "log-normal"])
@pytest.mark.parametrize("concentration", [10.0, None])
@pytest.mark.parametrize("shared", [False, True])
def test_likelihood_is_that_of_all_hidden_paths(family, concentration, shared):
    model = model_of(family, concentration=concentration, shared=shared)
    rows = sample_prior(model, 7, np.random.default_rng(3))
    expected = np.array([brute(model, row)[0] for row in rows])
    np.testing.assert_allclose(log_likelihood(model, rows), expected, atol=NUMERICAL * 10, rtol=NUMERICAL)


def test_likelihood_with_an_odds_ratio_counts_every_overlap():
    series = (
        figures(0, 0, 0, [1, 3, 4], [False, False, False], [0, 2, 9], 0, 0),
        figures(0, 1, 1, [2], [False], [6], 0, 0),
        figures(1, 1, 1, [3], [False], [27], 20, 22),
    )
    odds_ratio = 3.5
    model = model_of(series=series, odds_ratio=odds_ratio)
    rows = sample_prior(model, 5, np.random.default_rng(8))
    for row in rows:
        chance, delays, (a, b) = plain_parameters(model, row)
        first, second = series[0], series[1]
        shares = [share(delays[0], days) for days in first.delays]
        p, q = chance[0] * shares[-1], chance[1] * share(delays[1], second.delays[-1])
        both = next(
            x
            for x in np.roots([odds_ratio - 1, -(1 + (p + q) * (odds_ratio - 1)), odds_ratio * p * q])
            if max(0, p + q - 1) <= x <= min(p, q)
        )
        cells = [both, p - both, q - both, 1 - p - q + both]
        assert cells[0] * cells[3] / (cells[1] * cells[2]) == pytest.approx(odds_ratio)
        pair = sum(
            stats.betabinom.pmf(n, 9, a, b)
            * sum(
                stats.multinomial.pmf([m, 4 - m, 2 - m, n - 6 + m], n, cells)
                for m in range(3)
                if n - 6 + m >= 0
            )
            for n in range(10)
        )
        # the figures before the last, given it
        early = stats.binom.pmf(3, 4, shares[1] / shares[2]) * stats.binom.pmf(1, 3, shares[0] / shares[1])
        alone = sum(
            stats.betabinom.pmf(n, 6, a, b) * path_probability(series[2], n, chance[1], delays[1])
            for n in range(7)
        )
        expected = math.log(pair) + math.log(early) + math.log(alone)
        assert log_likelihood(model, row[None, :])[0] == pytest.approx(expected, abs=NUMERICAL * 10)


def test_parts_are_drawn_from_their_joint_distribution():
    model = model_of()
    row = sample_prior(model, 3, np.random.default_rng(5))[2]
    n_draws = 60_000
    random = np.random.default_rng(9)
    chance, delays, _ = plain_parameters(model, row)
    _, posteriors = brute(model, row)
    for batch in range(2):
        happened, eventually = draw_parts(model, batch, np.tile(row, (n_draws, 1)), random)
        expected = posteriors[batch]
        shares = np.bincount(happened, minlength=len(expected)) / n_draws
        error = np.sqrt(expected * (1 - expected) / n_draws) + 1e-9
        assert (np.abs(shares - expected) < STANDARD_ERRORS * error).all()
        for series in model.of_batch(batch):
            final = {}
            for n, weight in enumerate(expected):
                for k in range(n + 1):
                    # eventual total k of n, and the figures given it: the same multinomial with chance 1
                    joint = stats.binom.pmf(k, n, chance[series.chance]) * path_probability(
                        series, k, 1.0, delays[series.monitor]
                    )
                    if joint:
                        base = path_probability(series, n, chance[series.chance], delays[series.monitor])
                        final[k] = final.get(k, 0.0) + weight * joint / base
            mean = sum(k * p for k, p in final.items())
            spread = math.sqrt(sum((k - mean) ** 2 * p for k, p in final.items()))
            assert sum(final.values()) == pytest.approx(1, abs=1e-7)
            drawn = eventually[series.monitor]
            assert drawn.mean() == pytest.approx(
                mean, abs=STANDARD_ERRORS * spread / math.sqrt(n_draws) + 1e-9
            )
            assert drawn.std() == pytest.approx(spread, rel=0.03, abs=1e-9)
            assert (drawn <= happened).all()
            assert (drawn >= series.counts[-1]).all()


_ENUMERATED = 100


def test_posterior_is_the_prior_weighted_by_the_likelihood():
    model = model_of()
    posterior = sample_posterior(model, 8000, np.random.default_rng(1))
    rows = sample_prior(model, 60_000, np.random.default_rng(2))
    log = log_likelihood(model, rows)
    weights = np.exp(log - log.max())
    weights /= weights.sum()
    worth = 1 / (weights**2).sum()
    assert worth > 1000
    expected = weights @ rows
    spread = np.sqrt(weights @ (rows - expected) ** 2)
    error = spread * math.sqrt(1 / worth + 1 / min(posterior.effective_size, 8000))
    found = posterior.parameters
    assert (np.abs(found.mean(axis=0) - expected) < STANDARD_ERRORS * error).all()
    # a standard deviation is estimated to spread / sqrt(2 n), a little more with tails
    assert (np.abs(found.std(axis=0) - spread) < STANDARD_ERRORS * error).all()
    # R of each batch, by enumeration at draws of the weighted prior
    chosen = np.random.default_rng(6).choice(len(rows), size=_ENUMERATED, p=weights)
    enumerated = [brute(model, rows[k])[1] for k in chosen]
    for batch in range(2):
        happened, _ = draw_parts(model, batch, found, np.random.default_rng(4))
        means = np.array([np.arange(len(each[batch])) @ each[batch] for each in enumerated])
        error = math.sqrt(means.var() / _ENUMERATED + happened.var() / 2000)
        assert happened.mean() == pytest.approx(means.mean(), abs=STANDARD_ERRORS * error)


LATTICE = (
    1e-3  # of a log likelihood: cells are a quarter of the narrowest spread, whose square over 24 is lost
)


def test_batches_of_thousands_are_summed_in_cells():
    series = (
        figures(0, 0, 0, [700, 900], [False, False], [1, 5], 0, 0),
        figures(1, 0, 0, [80], [False], [4], 0, 0),
    )
    model = dataclasses.replace(model_of(series=series), announced=(5000, 1400))
    first, last = model.support(0)
    assert (first[0], last[-1]) == (900, 5000)
    assert (first[1:] == last[:-1] + 1).all()
    assert (last >= first).all()
    assert len(first) < 1000
    rows = sample_prior(model, 400, np.random.default_rng(1))
    coarse = log_likelihood(model, rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numerics_model, "EVERY", 10**6)
        assert len(model.support(0)[0]) == 4101
        every = log_likelihood(model, rows)
    near = every > every.max() - 30
    assert near.sum() > 3
    np.testing.assert_allclose(coarse[near], every[near], atol=LATTICE)
    happened, _ = draw_parts(model, 0, np.tile(rows[every.argmax()], (2000, 1)), np.random.default_rng(2))
    assert len(np.unique(happened % 2)) == 2
    assert happened.min() >= 900


@pytest.mark.parametrize("odds_ratio", [0.05, 0.7, 3.0, 200.0])
@pytest.mark.parametrize(("one", "two"), [(1700, 2600), (2900, 1600), (1501, 1501)])
def test_of_many_overlaps_those_near_the_likeliest_are_summed(odds_ratio, one, two, monkeypatch):
    support = np.concatenate([np.arange(max(one, two), one + two + 20, 97), [one + two + 4000]]) * 1.0
    near = overlaps.log_overlaps(support, one, two, odds_ratio)
    monkeypatch.setattr(overlaps, "EVERY", 10**6)
    every = overlaps.log_overlaps(support, one, two, odds_ratio)
    np.testing.assert_allclose(near, every, rtol=SAME)


def test_parameters_have_the_stated_priors():
    model = model_of()
    rows = sample_prior(model, 100_000, np.random.default_rng(0))
    levels = np.array([0.05, 0.5, 0.95])
    close = 0.01  # a quantile of 100,000 draws, as a probability, is good to 0.0016 at most
    found = stats.beta.cdf(np.quantile(chances(model, 1, rows), levels), 4, 1.5)
    np.testing.assert_allclose(found, levels, atol=close)
    shape, scale = delay_parameters(model, 1, rows).T
    median = scale * math.log(2) ** (1 / shape)
    z = (np.log(np.quantile(median, levels)) - math.log(4)) / math.log(2)
    np.testing.assert_allclose(stats.norm.cdf(z), levels, atol=close)
    z = (np.log(np.quantile(shape, levels)) - math.log(1.1)) / math.log(1.5)
    np.testing.assert_allclose(stats.norm.cdf(z), levels, atol=close)


def test_chances_are_exact_at_every_four_hundredth_of_a_score():
    scores = np.arange(-1200, 1201, 97) / 400
    exact = stats.beta.ppf(stats.norm.cdf(scores), 3.0, 2.0)
    parameters = np.zeros((len(scores), model_of().n_parameters))
    parameters[:, 0] = scores
    assert chances(model_of(), 0, parameters) == pytest.approx(exact, rel=1e-11)


def test_draws_are_the_same_however_many_are_worked_on_at_a_time(monkeypatch):
    model = model_of()
    parameters = sample_prior(model, 10, np.random.default_rng(2))
    whole = draw_parts(model, 0, parameters, np.random.default_rng(4))
    monkeypatch.setattr(parts, "CELLS", 3 * len(model.support(0)[0]))
    pieces = draw_parts(model, 0, parameters, np.random.default_rng(4))
    assert (whole[0] == pieces[0]).all()
    assert all((whole[1][monitor] == pieces[1][monitor]).all() for monitor in (0, 1))
