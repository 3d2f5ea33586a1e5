"""Numbers of announcements: the likelihood rewritten by enumeration, its parts, priors, sums and chains."""

from __future__ import annotations

import dataclasses
import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize, stats

from detcount._numerics.batches import (
    BatchModel,
    Seen,
    Series,
    draw_carried_out,
    draw_parts,
    ever_verified,
    log_likelihood,
    log_sum,
    sample_posterior,
    sample_prior,
    scores,
    stopped_chance,
    summing,
)
from detcount._numerics.batches.handover import handed_over
from detcount._numerics.importance import effective_size, rows_by_weight

SAME = 1e-9  # the same sum written twice, over at most a few thousand terms
NUMERICAL = 2e-6  # logits are read from a table with steps of 1/400 of a standard deviation
STANDARD_ERRORS = 4.5  # Monte Carlo: passed by once in 150,000 comparisons
SUMMED = 1e-6  # what a sum in steps may differ from the sum over every number


def figures(batch, monitor, counts, at_least, days, first, last, defined=False):
    window = np.arange(first, last + 1)
    return Series(
        batch=batch,
        monitor=monitor,
        counts=np.array(counts),
        at_least=np.array(at_least, dtype=bool),
        delays=np.array(days)[:, None] - window,
        defined=defined,
    )


# two batches, two monitors: an exact series, a bound between, a bound at the end after an exact figure, and
# one monitor with a definition of its own
SERIES = (
    figures(0, 0, [1, 3, 4], [False, False, False], [0, 2, 9], 0, 0),
    figures(0, 1, [2, 5], [True, False], [1, 6], 0, 0, defined=True),
    figures(1, 0, [1, 2, 3], [False, True, False], [21, 23, 30], 20, 22),
    figures(1, 1, [1, 3], [False, True], [22, 27], 20, 22),
)


def model_of(family="weibull", series=SERIES, outsiders=(1.0, 4.0), slow=(1.0, 2.0), announced=(9, 6)):
    return BatchModel(
        announced=announced,
        series=series,
        verification=np.array([[3.0, 2.0], [4.0, 1.5]]),
        unfollowed=0.15,
        carried_out=(2.0, 1.3),
        alike=0.4,
        family=family,
        median=(4.0, 2.0),
        shape=(1.1, 1.5),
        slow=slow,
        slow_delay=(25.0, 2.0),
        outsiders=outsiders,
        definition=(1.5, 1.5),
    )


def plain(model, place, row):
    """Chance of ever verifying, delay and outsiders of a series from one row of scores, by scipy.stats."""
    series, at = model.series[place], dict(zip(scores_of(), row[2 + 6 * place : 8 + 6 * place], strict=True))
    level = {name: stats.norm.cdf(score) for name, score in at.items()}
    a, b = model.verification[series.monitor]

    def above(value):
        return 0.85 * stats.beta.cdf(value, a, b) + 0.15 * stats.beta.cdf(value, 1, 30) - level["chance"]

    chance = optimize.brentq(above, 0.0, 1.0, xtol=1e-13)
    if series.defined:
        chance *= stats.beta.ppf(level["definition"], *model.definition)
    median, shape = 4.0 * 2.0 ** at["median"], 1.1 * 1.5 ** at["shape"]
    if model.family == "weibull":
        fast = stats.weibull_min(shape, scale=median / math.log(2) ** (1 / shape))
    else:
        fast = stats.lognorm(1 / shape, scale=median)
    slow = 0.0 if model.slow is None else stats.beta.ppf(level["slow"], *model.slow)
    late = stats.lognorm(math.log(2.0), scale=25.0)

    def share(days):
        return np.mean([(1 - slow) * fast.cdf(d + 1) + slow * late.cdf(d + 1) if d >= 0 else 0 for d in days])

    last = int(series.counts[-1])
    least = max(0, last - model.announced[series.batch])
    outside = least
    if model.outsiders is not None:
        count = np.arange(least, max(last // 2, least) + 1)
        weight = stats.betabinom.pmf(count, last, *model.outsiders)
        outside = least + int((np.cumsum(weight / weight.sum()) < level["outside"]).sum())
    return chance, share, outside


def scores_of():
    return ("chance", "median", "shape", "slow", "outside", "definition")


def given(model, place, row, numbers):
    """Chances of the figures of a series given n releases: the last by what it counts of the announcement."""
    series = model.series[place]
    chance, share, outside = plain(model, place, row)
    n = np.asarray(numbers)
    shares = [share(days) for days in series.delays]
    exact = [k for k, bound in enumerate(series.at_least) if not bound]
    last, counts = exact[-1], series.counts
    before = outside if last == len(counts) - 1 else math.floor(outside * counts[last] / counts[-1])
    x, p = counts[last] - before, chance * shares[last]
    total = stats.binom.pmf(x, n, p)
    if last < len(counts) - 1:
        more = (counts[-1] - counts[last]) - (outside - before)
        later = chance * (shares[-1] - shares[last]) / (1 - p)
        total = total * stats.binom.sf(more - 1, np.maximum(n - x, 0), later)
    # the figures before, given the last exact one: every hidden path
    options = [
        range(count, counts[last] + 1) if bound else [count]
        for count, bound in zip(counts[:last], series.at_least[:last], strict=True)
    ]
    path_sum = 0.0
    for path in itertools.product(*options):
        steps = np.diff([0, *path, counts[last]])
        if (steps < 0).any():
            continue
        cells = np.diff([0.0, *shares[: last + 1]]) / shares[last]
        path_sum += stats.multinomial.pmf(steps, counts[last], cells)
    return total * path_sum


def brute(model, row):
    """Log likelihood, and P(R = r) of each batch, by adding up everything."""
    log, posteriors = 0.0, []
    for batch, announced in enumerate(model.announced):
        theta = stats.beta.ppf(stats.norm.cdf(row[batch]), *model.carried_out)
        weights = stats.binom.pmf(np.arange(announced + 1), announced, theta)
        for place in model.of_batch(batch):
            weights *= given(model, place, row, np.arange(announced + 1))
        log += math.log(weights.sum())
        posteriors.append(weights / weights.sum())
    return log, posteriors


@pytest.mark.parametrize(
    ("family", "outsiders", "slow"),
    [("weibull", (1.0, 4.0), (1.0, 2.0)), ("log-normal", (2.0, 3.0), None), ("weibull", None, (1.0, 2.0))],
)
def test_likelihood_is_that_of_all_hidden_paths(family, outsiders, slow):
    model = model_of(family, outsiders=outsiders, slow=slow)
    rows = sample_prior(model, 3, np.random.default_rng(3))
    expected = np.array([brute(model, row)[0] for row in rows])
    np.testing.assert_allclose(log_likelihood(model, rows), expected, atol=NUMERICAL * 20, rtol=NUMERICAL)


def test_likelihood_with_one_monitor_is_that_of_all_numbers_carried_out():
    for series in (SERIES[0], figures(0, 0, [1, 3], [False, True], [2, 7], 0, 0)):
        model = model_of(series=(series,), announced=(9,))
        rows = sample_prior(model, 3, np.random.default_rng(4))
        two = dataclasses.replace(model, announced=(9, 6), series=(series, SERIES[3]))
        for row in rows:
            # the same scores where `brute` looks for them
            full = np.concatenate([row[:1], [0.3], row[1:], np.zeros(6)])
            alone = math.exp(brute(two, full)[0])
            theta = stats.beta.ppf(stats.norm.cdf(0.3), 2.0, 1.3)
            other = stats.binom.pmf(np.arange(7), 6, theta) @ given(two, 1, full, np.arange(7))
            found = log_likelihood(model, row[None, :])[0]
            assert found == pytest.approx(math.log(alone / other), abs=NUMERICAL * 20)


def test_parts_are_drawn_from_their_joint_distribution():
    model = model_of()
    row = sample_prior(model, 5, np.random.default_rng(6))[2]
    n_draws = 20_000
    random = np.random.default_rng(9)
    _, posteriors = brute(model, row)
    for batch, expected in enumerate(posteriors):
        happened, eventually = draw_parts(model, batch, np.tile(row, (n_draws, 1)), random)
        shares = np.bincount(happened, minlength=len(expected)) / n_draws
        error = np.sqrt(expected * (1 - expected) / n_draws) + 1e-9
        assert (np.abs(shares - expected) < STANDARD_ERRORS * error).all()
        for place in model.of_batch(batch):
            series = model.series[place]
            chance, share, outside = plain(model, place, row)
            end = eventually[series.monitor]
            assert (end.inside <= happened).all()
            assert (end.verified >= series.counts[-1]).all()
            if series.at_least[-1]:
                continue
            inside = series.counts[-1] - outside
            still = chance * (1 - share(series.delays[-1])) / (1 - chance * share(series.delays[-1]))
            mean = (np.arange(len(expected)) - inside) @ expected * still
            more = end.inside - inside
            assert more.mean() == pytest.approx(mean, abs=STANDARD_ERRORS * more.std() / n_draws**0.5)
            # each further person is outside with a chance from Beta(a + outside, b + inside + 1)
            a, b = 1.0 + outside, 4.0 + inside + 1
            odds = a / (b - 1)
            beyond = end.verified - series.counts[-1] - more
            error = STANDARD_ERRORS * beyond.std() / n_draws**0.5
            # cut at twice the announced, which takes a little off the longest
            assert more.mean() * odds * 0.85 - error <= beyond.mean() <= more.mean() * odds + error


def test_outsiders_are_as_when_each_further_person_may_be_one():
    # before each of x of the announcement, and after the last, a geometric number outside
    a, b, verified = 1.3, 4.2, 17
    count = np.arange(verified + 1)
    share = np.linspace(1e-6, 1 - 1e-6, 20_001)
    density = stats.beta.pdf(share, a, b)
    weight = np.array(
        [np.trapezoid(stats.nbinom.pmf(y, verified - y + 1, 1 - share) * density, share) for y in count]
    )
    expected = stats.betabinom.pmf(count, verified, a, b + 1)
    np.testing.assert_allclose(weight / weight.sum(), expected / expected.sum(), atol=1e-4)


def test_scores_turn_into_quantiles_and_back():
    score = np.linspace(-4, 4, 33)
    level = stats.norm.cdf(score)
    share = scores.share_of_score((0.7, 1.3), score)
    np.testing.assert_allclose(share, stats.beta.ppf(level, 0.7, 1.3), rtol=1e-4)
    whole = replace(model_of(), carried_out=(1.2, 0.8), whole=0.12)
    share = scores.carried_out_of_score(whole, score)
    mixed = 0.88 * stats.beta.cdf(share, 1.2, 0.8) + 0.12 * stats.beta.cdf(share, 30, 0.4)
    np.testing.assert_allclose(mixed, level, rtol=2e-4)
    inner = score < 1.5  # beyond, shares differ from 1 by less than a computer's numbers do
    np.testing.assert_allclose(scores.score_of_carried_out(whole, share)[0][inner], score[inner], atol=2e-3)
    chance = scores.chance_of_score((3.0, 1.3), 0.1, score)
    mixed = 0.9 * stats.beta.cdf(chance, 3.0, 1.3) + 0.1 * stats.beta.cdf(chance, 1, 30)
    np.testing.assert_allclose(mixed, level, rtol=2e-4)
    again, log_slope = scores.score_of_chance((3.0, 1.3), 0.1, chance)
    np.testing.assert_allclose(again, score, atol=2e-3)
    near = scores.chance_of_score((3.0, 1.3), 0.1, score + 1e-2)
    np.testing.assert_allclose(np.exp(log_slope), np.log(near / chance) / 1e-2, rtol=0.1)
    outside = scores.outside_of_score(71, 99, (1.0, 6.0), score)
    assert (outside.min(), outside.max()) == (0, 35)
    assert (scores.outside_of_score(30, 20, (1.0, 6.0), score) >= 10).all()
    large = scores.outside_of_score(8000, 9000, (1.0, 6.0), score)
    counted = stats.betabinom.ppf(0.5 * stats.betabinom.cdf(4000, 8000, 1, 6), 8000, 1, 6)
    assert large[16] == pytest.approx(counted, rel=0.01)


@pytest.mark.parametrize(("gaps", "spanned", "silent"), [(1, 0, 0), (3, 9, 4), (3, 9, 40), (8, 30, 200)])
def test_a_silence_is_weighed_against_the_gaps_of_a_monitor(gaps, spanned, silent):
    # a rate of figures from a gamma prior with 7 days for a gap, given the gaps: the integral of none since
    rate = np.linspace(0, 20, 2_000_001)
    given = rate**gaps * np.exp(-rate * (spanned + 7))
    waits = (given * np.exp(-rate * silent)).sum() / given.sum()
    follows = 0.8 * waits + 0.2 * math.exp(-silent / 120)
    expected = 0.15 / (0.15 + 0.85 * follows)
    assert stopped_chance(gaps, spanned, silent, 0.15) == pytest.approx(
        expected, rel=1e-5
    )  # the grid's error


def test_a_monitor_that_stopped_verifies_nobody_more():
    random, model = np.random.default_rng(4), model_of()
    stopped = replace(model, series=tuple(replace(one, stopped=0.4) for one in model.series))
    drawn = sample_prior(model, 20_000, random)
    _, before = draw_parts(model, 0, drawn, np.random.default_rng(5))
    _, after = draw_parts(stopped, 0, drawn, np.random.default_rng(5))
    for monitor, last in ((0, 4), (1, 5)):
        none, then = ((each[monitor].verified == last).mean() for each in (before, after))
        assert then == pytest.approx(0.4 + 0.6 * none, abs=0.02)  # four standard errors


def test_a_batch_handed_over_is_verified_whole_by_every_figure():
    once = (figures(0, 0, [9], [False], [0], 0, 0), figures(0, 1, [2, 5], [False, False], [1, 6], 0, 0))
    model = replace(model_of(series=once, announced=(9,)), handed_over=0.04)
    first = replace(once[0], batch=0)
    alone = replace(model, series=(first,), verification=model.verification[:1])
    otherwise = np.exp(log_likelihood(alone, sample_prior(alone, 100_000, np.random.default_rng(6)))).mean()
    assert handed_over(model, 0) == pytest.approx(0.04 / (0.04 + 0.96 * otherwise), rel=0.05)
    assert handed_over(model, 1) == 0
    assert handed_over(replace(model, handed_over=0.0), 0) == 0
    told = figures(0, 0, [9], [False], [4], 0, 0)  # the number announced, four days later
    assert handed_over(replace(model, series=(told, once[1])), 0) == 0
    drawn = sample_prior(model, 4000, np.random.default_rng(7))
    carried_out, found = draw_parts(model, 0, drawn, np.random.default_rng(8))
    least = handed_over(model, 0)
    assert (carried_out == 9).mean() >= least - 0.03
    assert ((found[0].verified == 9) & (found[0].inside == 9)).mean() >= least - 0.03
    assert (found[1].inside <= carried_out).all()


@pytest.mark.parametrize(
    ("announced", "chance", "seen"),
    [
        (1_000, 0.9, [(700, 0.8), (500, 0.62)]),
        (100_000, 0.7, [(40_000, 0.55), (52_000, 0.8)]),
        (100_000, 0.02, [(3, 0.002), (900, 0.5), (12, 0.004)]),
        (100_000, 0.9999, [(99_990, 0.99999), (60_000, 0.6)]),
        (100_000, 0.5, [(0, 0.0001), (2, 0.00001)]),
    ],
)
def test_sums_in_steps_are_the_sums_over_every_number(announced, chance, seen):
    n = np.arange(announced + 1)
    log = stats.binom.logpmf(n, announced, chance)
    for count, p in seen:
        log = log + stats.binom.logpmf(count, n, p)
    expected = np.logaddexp.reduce(log)
    theta = np.array([chance])
    given_seen = [Seen(np.array([float(count)]), np.array([p])) for count, p in seen]
    assert log_sum(announced, theta, given_seen)[0] == pytest.approx(expected, abs=SUMMED)
    mean, spread = np.exp(log - expected) @ n, 0.0
    spread = math.sqrt(np.exp(log - expected) @ (n - mean) ** 2)
    many = [Seen(np.full(4000, one.inside[0]), np.full(4000, one.chance[0])) for one in given_seen]
    drawn = draw_carried_out(announced, np.full(4000, chance), many, np.random.default_rng(2))
    assert drawn.mean() == pytest.approx(mean, abs=STANDARD_ERRORS * spread / 4000**0.5 + 1e-9)
    assert drawn.std() == pytest.approx(spread, rel=0.08, abs=0.05)


def test_sums_do_not_depend_on_where_the_steps_fall(monkeypatch):
    random = np.random.default_rng(7)
    theta, p, q = random.uniform(0.2, 0.99, (3, 40))
    seen = [
        Seen(np.floor(20_000 * theta * p), p),
        Seen(np.floor(18_000 * theta * q), q, np.full(40, 30.0), np.full(40, 0.4)),
    ]
    coarse = log_sum(20_000, theta, seen)
    monkeypatch.setattr(summing, "_NODES", 700)
    np.testing.assert_allclose(coarse, log_sum(20_000, theta, seen), atol=SUMMED)


def test_chains_end_where_weighted_draws_of_the_prior_do():
    model = model_of()
    random = np.random.default_rng(1)
    prior = sample_prior(model, 40_000, random)
    log_weights = log_likelihood(model, prior)
    size = effective_size(log_weights)
    weighted = prior[rows_by_weight(log_weights, 4000, random)]
    chains = sample_posterior(model, 1000, random).scores
    used = np.unique(np.concatenate([model.scores_of(0), model.scores_of(1)]))
    for moment in (weighted, weighted**2), (chains, chains**2):
        assert np.isfinite(moment[0]).all()
    for power in (1, 2):
        one, two = weighted[:, used] ** power, chains[:, used] ** power
        error = np.sqrt(one.var(axis=0) / min(size, 4000) + two.var(axis=0) / 1000)
        assert (np.abs(one.mean(axis=0) - two.mean(axis=0)) < STANDARD_ERRORS * error).all()


def test_prior_scores_are_alike_as_stated():
    model = model_of()
    drawn = sample_prior(model, 40_000, np.random.default_rng(5))
    np.testing.assert_allclose(np.corrcoef(drawn.T), model.correlation, atol=STANDARD_ERRORS / 200)
    assert np.linalg.eigvalsh(model.correlation).min() > 0
    chance = [model.place(place, "chance") for place in range(4)]
    assert model.correlation[chance[0], chance[2]] == 0.4  # one monitor, two batches
    assert model.correlation[chance[0], chance[1]] == 0.4  # one batch, two monitors
    assert model.correlation[0, 1] == 0.4
    assert (ever_verified(model, 1, drawn[:50]) < 1).all()
