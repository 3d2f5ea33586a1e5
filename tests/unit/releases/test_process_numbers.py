"""The numbers of the process against brute force: states, sizes, clusters, shares, lots."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from scipy.special import gammaln

from detcount._numerics.process import ended_chance
from detcount._numerics.process.campaign import (
    ACTIVE,
    ENDED,
    OPENED,
    Paths,
    events,
    path_evidence,
    sample_states,
)
from detcount._numerics.process.exposure import decay, delay_cdf, exposure_of
from detcount._numerics.process.places import places_of
from detcount._numerics.process.register import Register
from detcount._numerics.process.tokens import draw_clusters_of, share_out
from detcount._numerics.process.waves import (
    SHAPE,
    chance_of_none,
    draw_new_sizes,
    kinds_of,
    log_size_evidence,
)

FOUR_ERRORS = 4.0
ONE = np.ones(1)


# a campaign that ends


def test_the_chance_that_a_campaign_has_ended_against_its_integral() -> None:
    """The end may come on any day of the silence; without it, no wave came."""
    nu, eta, quiet = 0.4, 0.07, 9.0
    edges = np.linspace(0, quiet, 200_001)
    middle = (edges[:-1] + edges[1:]) / 2
    ended = (eta * np.exp(-eta * middle) * np.exp(-nu * middle)).sum() * (quiet / 200_000)
    lasts = math.exp(-(eta + nu) * quiet)
    found = ended_chance(np.array(quiet), np.array(nu), np.array(eta))
    assert found == pytest.approx(ended / (ended + lasts), abs=1e-9)  # the midpoint rule's error


@pytest.mark.parametrize("widths", [[1.0] * 6, [2.0, 1.0, 3.0]])
def test_quiet_blocks_end_a_campaign_by_the_same_chance(widths: list[float]) -> None:
    """A wave in the first block, then silence: however the days lie in blocks, the chance is the oracle's."""
    nu, eta, never = np.array([0.4]), np.array([0.07]), np.array([1e-12])
    width = np.array([1.0, *widths])
    quiet, wave = events(nu, eta, never, width, np.zeros(len(width), dtype=bool))
    state = np.array([0.0, 1.0])
    state = state @ wave[..., 0, 0]
    given = state[ACTIVE] / state.sum()
    state = np.array([1 - given, given])
    for block in range(1, len(width)):
        state = state @ quiet[..., block, 0]
    u = sum(widths)
    oracle = float(ended_chance(np.array(u), nu[0], eta[0]))
    # that it lasted to the end of the wave's day, and then ended in the silence, or ended before
    lasts = given * math.exp(-float(eta[0] + nu[0]) * u)
    ended = (1 - given) + given * math.exp(-float(eta[0] + nu[0]) * u) * oracle / (1 - oracle)
    assert state[ACTIVE] / state.sum() == pytest.approx(lasts / (lasts + ended), rel=1e-9)


def test_states_are_drawn_as_often_as_a_sum_over_all_paths_says() -> None:
    random = np.random.default_rng(5)
    n = 40_000
    width = np.array([1.0, 2.0, 1.0, 1.0])
    opens = np.array([True, False, False, True])
    one = np.ones(n)
    chances = events(0.5 * one, 0.2 * one, 0.1 * one, width, opens)
    none, some = np.array([0.2, 0.9, 0.7, 0.0]), np.array([0.8, 0.3, 0.6, 0.5])
    likely = (np.broadcast_to(values[:, None], (4, n)) for values in (none, some))
    state, there, evidence = sample_states(chances, *likely, random)
    weights: dict[tuple[int, ...], float] = {}
    for path in product((ENDED, ACTIVE), repeat=4):
        for waves in product((0, 1), repeat=4):
            before, weight = ENDED, 1.0
            for block, (after, has) in enumerate(zip(path, waves, strict=True)):
                chance = chances[has, before, after, block, 0]
                weight *= chance * (some if has else none)[block]
                before = after
            weights[path + waves] = weight
    total = sum(weights.values())
    assert evidence[0] == pytest.approx(math.log(total), rel=1e-12)
    drawn = np.concatenate([state[1:], there]).T
    for path, weight in weights.items():
        share = float((drawn == path).all(axis=1).mean())
        expected = weight / total
        assert abs(share - expected) <= FOUR_ERRORS * math.sqrt(expected * (1 - expected) / n) + 1e-12


@pytest.mark.parametrize("n_blocks", [1, 2, 9, 40, 64, 65])
def test_the_evidence_and_the_paths_of_many_blocks_are_those_of_one_after_the_other(n_blocks: int) -> None:
    random = np.random.default_rng(n_blocks)
    n = 7
    width = random.integers(1, 8, n_blocks).astype(float)
    chances = events(*random.uniform(0.01, 0.6, (3, n)), width, random.random(n_blocks) < 0.3)
    none, some = random.random((2, n_blocks, n))
    none[0], some[0] = 1.0, 1e-200  # far from each other, as where much was found
    state, _, evidence = sample_states(chances, none, some, random)
    np.testing.assert_array_equal(path_evidence(chances, none, some), evidence)
    for chain in range(n):
        reached, expected = np.array([1.0, 0.0]), 0.0
        for block in range(n_blocks):
            quiet, wave = chances[..., block, chain]
            step = quiet * none[block, chain] + wave * some[block, chain]
            reached = reached @ step
            expected += math.log(reached.sum())
            reached /= reached.sum()
            assert step[state[block, chain], state[block + 1, chain]] > 0
        assert evidence[chain] == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("n_blocks", [1, 2, 3, 9, 37, 64])
def test_waves_that_come_and_go_one_by_one_have_the_evidence_of_all_blocks(n_blocks: int) -> None:
    """What is kept of products, in chains that take a change and in others, is what is found anew."""
    random = np.random.default_rng(n_blocks)
    n = 6
    opens = random.random(n_blocks) < 0.5
    width = random.integers(1, 8, n_blocks).astype(float)
    chances = events(*random.uniform(0.05, 0.6, (3, n)), width, opens)
    there = random.random((n_blocks, n)) < 0.4
    paths = Paths(chances, there)
    for _ in range(30):
        block, has = random.integers(0, n_blocks, n), random.random(n) < 0.5
        changed = there.copy()
        changed[block, np.arange(n)] = has
        expected = [path_evidence(chances, 1.0 - values, values * 1.0) for values in (there, changed)]
        np.testing.assert_allclose(paths.evidence, expected[0], rtol=1e-11)
        np.testing.assert_allclose(paths.trial(block, has), expected[1], rtol=1e-11)
        good = random.random(n) < 0.5
        paths.take(good)
        there = np.where(good, changed, there)


def test_events_of_a_block_are_all_there_is() -> None:
    width = np.array([1.0, 3.5])
    quiet, wave = events(0.3 * ONE, 0.1 * ONE, 0.05 * ONE, width, np.array([False, True]))
    np.testing.assert_allclose((quiet + wave).sum(axis=1), 1.0, rtol=1e-12)
    assert (quiet >= 0).all()
    assert (wave >= 0).all()
    # an announcement opens a campaign that had ended
    assert wave[ENDED, ACTIVE, 1, 0] > OPENED


# sizes


@pytest.mark.parametrize("spread", [1.5, 2.0])
def test_new_waves_have_the_stated_spread_of_logs(spread: float) -> None:
    random = np.random.default_rng(2)
    logs = np.log(draw_new_sizes(np.zeros(200_000), spread, (200_000,), random))
    assert abs(logs.mean()) < FOUR_ERRORS * spread / math.sqrt(200_000)
    assert logs.std() == pytest.approx(spread, rel=0.02)  # the logs of an exponential have a long left tail


def test_the_evidence_of_a_wave_against_an_integral_over_its_size() -> None:
    offsets, log_weights = kinds_of(1.7)
    median, found, exposure = 1.3, 3.0, 0.6
    grid = np.exp(np.linspace(-16, 9, 40_001))
    step = np.log(grid[1] / grid[0])
    rate = SHAPE * np.exp(-(median + offsets))
    density = np.exp(
        SHAPE * np.log(rate)[:, None] + (SHAPE - 1) * np.log(grid) - rate[:, None] * grid - gammaln(SHAPE)
    )
    likelihood = grid**found * np.exp(-grid * exposure)
    integral = np.exp(log_weights) * (density * likelihood * grid).sum(axis=1) * step
    evidence = log_size_evidence(np.array(found), np.array(exposure), np.array(median), offsets, log_weights)
    none = chance_of_none(np.array(exposure), np.array(median), offsets, log_weights)
    nothing = log_size_evidence(np.array(0.0), np.array(exposure), np.array(median), offsets, log_weights)
    assert none == pytest.approx(np.exp(nothing).sum(), rel=1e-12)
    common = math.exp(gammaln(SHAPE + found) - gammaln(SHAPE))
    np.testing.assert_allclose(common * np.exp(evidence), integral, rtol=1e-6)  # the rule's error


# clusters


def test_clusters_of_a_count_are_tables_of_a_restaurant() -> None:
    """Their chance by unsigned Stirling numbers of the first kind."""
    count, size, n = 5, 1.7, 40_000
    stirling = np.poly1d([1.0])
    for person in range(count):
        stirling *= np.poly1d([1.0, person])
    chances = {k: stirling.coeffs[count - k] * size**k for k in range(1, count + 1)}
    total = sum(chances.values())
    random = np.random.default_rng(3)
    counts = np.tile([count, 0, 2], (n, 1))
    found = draw_clusters_of(counts, np.full((n, 3), size), random)
    assert (found[:, 1] == 0).all()
    for k, chance in chances.items():
        expected = chance / total
        error = math.sqrt(expected * (1 - expected) / n)
        assert abs((found[:, 0] == k).mean() - expected) < FOUR_ERRORS * error
    assert abs((found[:, 2] == 2).mean() - size / (size + 1)) < FOUR_ERRORS * 0.5 / math.sqrt(n)


def test_clusters_of_many_persons_have_the_mean_and_variance_of_tables() -> None:
    count, size, n = 3_000, 40.0, 4_000
    chances = size / (size + np.arange(count))
    found = draw_clusters_of(np.full((n, 1), count), np.full((n, 1), size), np.random.default_rng(9))[:, 0]
    variance = (chances * (1 - chances)).sum()
    assert abs(found.mean() - chances.sum()) < FOUR_ERRORS * math.sqrt(variance / n)
    assert found.var() == pytest.approx(variance, rel=FOUR_ERRORS * math.sqrt(2 / n))


def test_clusters_are_shared_out_by_what_sources_bring() -> None:
    random = np.random.default_rng(4)
    n = 20_000
    parts = np.tile([1.0, 3.0, 2.0, 0.0, 5.0], (n, 1))
    parts[1::2] *= 1000.0
    starts, source = np.array([0, 2, 5]), np.array([0, 1, 1, 2, 3])
    found = share_out(np.tile([4, 7], (n, 1)), parts, starts, source, 4, random)
    assert (found.sum(axis=1) == 11).all()
    assert (found[:, 2] == 0).all()
    mean = found.mean(axis=0)
    np.testing.assert_allclose(mean, [1.0, 3.0 + 2.0, 0.0, 5.0], atol=FOUR_ERRORS * 1.5 / math.sqrt(n))


def test_many_clusters_are_shared_out_as_few_are() -> None:
    random = np.random.default_rng(5)
    n, many = 4_000, 5_000
    parts = np.tile([1.0, 3.0, 2.0, 0.0, 5.0], (n, 1))
    starts, source = np.array([0, 2, 5]), np.array([0, 1, 1, 2, 3])
    found = share_out(np.tile([4, many], (n, 1)), parts, starts, source, 4, random)
    assert (found.sum(axis=1) == 4 + many).all()
    assert (found[:, 2] == 0).all()
    expected = np.array([1.0, 3.0 + many * 2 / 7, 0.0, many * 5 / 7])
    variance = np.array([3 / 4, 3 / 4 + many * 10 / 49, 1.0, many * 10 / 49])
    assert (np.abs(found.mean(axis=0) - expected) <= FOUR_ERRORS * np.sqrt(variance / n)).all()
    near = FOUR_ERRORS * math.sqrt(2 / n)
    np.testing.assert_allclose(found.var(axis=0)[[1, 3]], variance[[1, 3]], rtol=near)


# what increments count


def small_register() -> Register:
    """Two nested totals, one of a later window, and a lot; blocks of one, two and one day."""
    width = np.array([1.0, 2.0, 1.0, 1.0])
    ends = np.cumsum(width).astype(int)
    windows = [(0, 2, 3), (0, 4, 5), (3, 4, 4)]  # first and last day, day of publication
    near, far = [], []
    for start, end, published in windows:
        low, high = np.maximum(ends - width.astype(int), start), np.minimum(ends - 1, end)
        inside = low <= high
        near.append(np.where(inside, published - high, 0))
        far.append(np.where(inside, published - low + 1, 0))
    profiles = np.array([[[0.5, 0.5, 0.0, 0.0], [0.0, 0.2, 0.3, 0.1]]])
    return Register(
        near=np.array(near),
        far=np.array(far),
        report=np.array([0, 1, 2]),
        below=np.array([[-1], [0], [-1]]),
        width=width,
        series=np.array([0, 0, 1]),
        n_series=2,
        count=np.array([3, 4, 1]),
        least_spread=np.zeros(3),
        excess=np.zeros(3),
        following=np.full(3, -1),
        announced=np.array([20.0]),
        profiles=profiles,
        speeds=np.array([[0.5, 0.5]]),
        shares=np.array([[1.0, 1.0]]),
        opens=np.zeros(4, dtype=bool),
    )


def test_shares_that_increments_count_against_sums_over_days() -> None:
    data = small_register()
    places = places_of(data)
    parameters, slow, tau = np.array([[0.8, 1.4]]), np.array([0.2]), np.array([1.3])
    found = exposure_of(data, places, "weibull", parameters, slow, tau)
    day_of = [[0], [1, 2], [3], [4]]

    def reached(days: int) -> float:
        return (
            float(delay_cdf("weibull", parameters, slow, np.array([float(days)]))[0, 0]) if days >= 0 else 0.0
        )

    def seen(report: int, day: int) -> float:
        start, end, published = [(0, 2, 3), (0, 4, 5), (3, 4, 4)][report]
        return reached(published - day) if start <= day <= end else 0.0

    increments = [lambda d: seen(0, d), lambda d: seen(1, d) - seen(0, d), lambda d: seen(2, d)]
    daily = math.exp(-1 / tau[0])
    for row, increment in enumerate(increments):
        by_block = [np.mean([increment(d) for d in days]) for days in day_of]
        for block, days in enumerate(day_of):
            place = places.at[block, row]
            # a wave begins on each day of the block alike; within a block releases count by its average
            expected = 0.0
            for begins in days:
                left = 1.0
                for other in range(block, 4):
                    n_days = sum(d >= begins for d in day_of[other])
                    stays = daily**n_days
                    expected += left * (1 - stays) * by_block[other] / len(days)
                    left *= stays
            assert found.wave[place, 0] == pytest.approx(expected, rel=1e-10, abs=1e-15)
        total = sum(increment(d) for d in range(5))
        assert found.background[row, 0] == pytest.approx(total, rel=1e-10)
        lots = (places.meets @ found.day).reshape(-1, 2)
        for speed in range(2):
            expected = sum(data.profiles[0, speed, b] * by_block[b] for b in range(4))
            assert lots[places.lot_at[0, row], speed] == pytest.approx(expected, rel=1e-10)


def test_what_is_left_of_waves_adds_up() -> None:
    stays, begun = decay(np.array([[2.0]]), np.array([1.0, 4.0]))
    days = np.exp(-np.arange(1, 5) / 2.0)
    np.testing.assert_allclose(stays, [[days[0], days[3]]])
    np.testing.assert_allclose(begun, [[days[0], days.mean()]])
