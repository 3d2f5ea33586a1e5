"""One announcement by weights: the posterior against many draws from the prior, written again here."""

import numpy as np
import pytest
from scipy import stats

from detcount._numerics import announcement

CARRIED_OUT, FOUND, OUTSIDERS = (1.2, 0.8), (2.6, 1.15), (1.2, 7.5)
STANDARD_ERRORS = 4.5  # Monte Carlo: passed by once in 150,000 comparisons


def looks(counts, days, outsiders=OUTSIDERS, at_least=None):
    return announcement.Looks(
        np.array(counts),
        np.array(at_least or [False] * len(counts)),
        np.array(days)[:, None],
        FOUND,
        outsiders,
    )


def posterior(announced, each, n_draws=4000, seed=1):
    random = np.random.default_rng(seed)
    grid = announcement.grid_of(announced, max(int(one.counts[-1]) for one in each))
    sampled = [announcement.sample_looks(one, announced, grid, CARRIED_OUT, random) for one in each]
    added = [np.zeros(one.scores.shape[1]) for one in sampled]
    return announcement.draw_announcement(announced, grid, each, sampled, added, CARRIED_OUT, n_draws, random)


def from_prior(announced, each, n=400_000, seed=7):
    """Draws of R and of what the first monitor will still verify, with weights: the model line by line."""
    random = np.random.default_rng(seed)
    theta = np.where(random.random(n) < 0.08, random.beta(30, 0.4, n), random.beta(*CARRIED_OUT, n))
    happened = random.binomial(announced, theta)
    shared = random.standard_normal(n)
    weights, pending = np.ones(n), None
    for one in each:
        alike = 0.3 if len(each) > 1 else 0.0
        score = np.sqrt(alike) * shared + np.sqrt(1 - alike) * random.standard_normal(n)
        ever = stats.beta.ppf(stats.norm.cdf(score), *FOUND)
        median = 2 * 5 ** random.standard_normal(n)
        shape = 1.6 ** random.standard_normal(n)
        weibull = random.random(n) < 0.5
        slow = random.beta(1, 3, n)

        def share(day, median=median, shape=shape, weibull=weibull, slow=slow):
            x = day + 1.0
            fast = np.where(
                weibull, 1 - 0.5 ** ((x / median) ** shape), stats.norm.cdf(np.log(x / median) * shape)
            )
            return (1 - slow) * fast + slow * stats.norm.cdf(np.log(x / 30) / np.log(2))

        days = one.delays[:, 0]
        last = int(one.counts[-1])
        outside = (
            random.binomial(last, random.beta(*OUTSIDERS, n)) if one.outsiders else np.zeros(n, dtype=int)
        )
        inside = last - np.maximum(outside, last - announced)
        weights = weights * stats.binom.pmf(inside, happened, ever * share(days[-1]))
        for (x, day), (y, after) in zip(
            zip(one.counts, days, strict=True), zip(one.counts[1:], days[1:], strict=True), strict=False
        ):
            weights = weights * stats.binom.pmf(x, y, share(day) / share(after))
        if pending is None:
            late = ever * (1 - share(days[-1])) / (1 - ever * share(days[-1]))
            pending = (happened - inside) * late
    return happened, pending, weights / weights.sum()


def test_earlier_figures_have_the_probability_of_binomial_parts():
    one = looks([5, 8, 10, 15], [1, 3, 5, 9], at_least=[False, False, True, False])
    first, second, third, last = share = np.array([0.1, 0.3, 0.5, 0.8])
    exact = stats.binom.pmf(8, 15, second / last) * stats.binom.pmf(5, 8, first / second)
    wanted = exact * stats.binom.sf(
        1, 7, (third - second) / (last - second)
    )  # 10 at least: 2 of the 7 besides 8
    assert np.exp(announcement._log_earlier(one, np.array([15]), share[None])) == pytest.approx(
        [wanted], rel=1e-9
    )


@pytest.mark.parametrize(
    ("announced", "each"),
    [
        (99, [looks([61], [4])]),
        (80, [looks([12, 31, 40], [1, 5, 20])]),
        pytest.param(60, [looks([20, 33], [2, 9]), looks([41], [15])], marks=pytest.mark.slow),
        pytest.param(140, [looks([18, 30], [0, 3], outsiders=None)], marks=pytest.mark.slow),
    ],
)
def test_weights_give_what_many_draws_from_the_prior_give(announced, each):
    happened, pending, weights = from_prior(announced, each)
    drawn = posterior(announced, each)
    size = 1 / (weights**2).sum()
    assert size > 2000
    for one, other in ((drawn.happened, happened), (drawn.monitors[0].pending, pending)):
        mean = weights @ other
        spread = np.sqrt(weights @ (other - mean) ** 2)
        error = spread * np.sqrt(1 / drawn.effective_size + 1 / size)
        assert one.mean() == pytest.approx(mean, abs=STANDARD_ERRORS * error)
    places = np.searchsorted(np.cumsum(weights[order := np.argsort(happened)]), [0.025, 0.975])
    limits = happened[order][places]
    assert np.abs(np.quantile(drawn.happened, [0.025, 0.975]) - limits).max() <= 0.05 * announced


def test_draws_are_worth_what_those_of_the_monitor_with_fewest_are():
    drawn = posterior(60, [looks([20, 33], [2, 9]), looks([41], [15])], n_draws=500)
    least, most = sorted(500**2 / (np.bincount(one.rows) ** 2).sum() for one in drawn.monitors)
    assert (drawn.effective_size, most > 1.05 * least) == (pytest.approx(least), True)


def test_at_least_is_any_number_from_the_bound_on():
    # with nobody outside and a supposed share, the posterior is a sum over the numbers that may be meant
    one = announcement.Looks(np.array([30]), np.array([True]), np.array([[10**7]]), FOUND, None, found=0.6)
    drawn = posterior(50, [one], n_draws=8000)
    r = np.arange(51)
    prior = 0.92 * stats.betabinom.pmf(r, 50, *CARRIED_OUT) + 0.08 * stats.betabinom.pmf(r, 50, 30, 0.4)
    weight = prior * stats.binom.sf(29, r, 0.6)
    weight /= weight.sum()
    error = np.sqrt(weight @ r**2 - (weight @ r) ** 2) / np.sqrt(drawn.effective_size)
    assert drawn.happened.mean() == pytest.approx(weight @ r, abs=STANDARD_ERRORS * error)


def test_large_announcements_are_summed_over_a_grid_as_over_every_number():
    each = [announcement.Looks(np.array([2600]), np.array([False]), np.array([[10**7]]), FOUND, None)]
    drawn = posterior(5774, each, n_draws=8000)
    r = np.arange(2600, 5775)
    prior = 0.92 * stats.betabinom.pmf(r, 5774, *CARRIED_OUT) + 0.08 * stats.betabinom.pmf(r, 5774, 30, 0.4)
    weight = prior * stats.betabinom.pmf(2600, r, *FOUND)
    weight /= weight.sum()
    mean, spread = weight @ r, np.sqrt(weight @ r**2 - (weight @ r) ** 2)
    assert drawn.happened.mean() == pytest.approx(
        mean, abs=STANDARD_ERRORS * spread / np.sqrt(drawn.effective_size)
    )
    assert len(np.unique(drawn.happened)) > 1500  # not the numbers of the grid alone


def test_exact_posterior_with_a_supposed_share_is_binomial():
    values, probabilities = announcement.happened_probabilities(20, [9, 5], [0.7, (2.0, 1.0)], (1.0, 1.0))
    r = np.arange(9, 21)
    weight = stats.binom.pmf(9, r, 0.7) * stats.betabinom.pmf(5, r, 2, 1)
    assert (values == r).all()
    np.testing.assert_allclose(probabilities, weight / weight.sum(), atol=1e-12)


def test_what_other_announcements_of_a_monitor_say_is_the_normal_rule():
    # two announcements: of the first the figures fix the delay, of the second nothing is known of it
    random = np.random.default_rng(3)
    quick, unknown = looks([90, 97, 98, 98, 98], [0, 1, 2, 9, 40]), looks([50], [40])
    grid = announcement.grid_of(120, 98)
    sampled = [announcement.sample_looks(one, 120, grid, CARRIED_OUT, random) for one in (quick, unknown)]
    added = announcement.share_scores(sampled, [0, 0])
    weights = np.exp(sampled[0].evidence - sampled[0].evidence.max())
    own = np.average(sampled[0].scores[1], weights=weights)
    for said, expected in ((np.zeros(len(added[1])), 0.0), (added[1], 0.5 * own)):
        again = np.exp(sampled[1].evidence + said - (sampled[1].evidence + said).max())
        assert np.average(sampled[1].scores[1], weights=again) == pytest.approx(expected, abs=0.2)
    alone = announcement.share_scores(sampled, [0, 1])
    assert all((one == 0).all() for one in alone)


def test_a_monitor_that_is_silent_beside_its_own_gaps_has_stopped_likelier():
    assert announcement.stopped_probability(1, 0, 0) == pytest.approx(0.15)
    assert announcement.stopped_probability(3, 9, 45) == pytest.approx(0.5554, abs=1e-3)
    assert announcement.stopped_probability(1, 30, 45) < announcement.stopped_probability(4, 30, 45) < 1
    assert announcement.stopped_probability(1, 300, 365) == 1.0
