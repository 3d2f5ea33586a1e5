"""The moves of the process leave the joint distribution of parameters and counts as it is (Geweke 2004)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import gammaln

from detcount._numerics.process import Register, Scales
from detcount._numerics.process.allocation import allocate
from detcount._numerics.process.campaign import events
from detcount._numerics.process.delays import Reach, move_delay, move_spread
from detcount._numerics.process.exchanges import move_scale, move_speed, rearrange, trade_all
from detcount._numerics.process.state import AGAIN, END, FLOOR, RATE, State
from detcount._numerics.process.waves import draw_new_sizes

N_CHAINS = 6_000
N_TIMES = 6
FOUR_ERRORS = 4.0

Floats = NDArray[np.float64]

SCALES = Scales(
    globals=np.array(
        [[0.5, 0.8], [0.8, 0.4], [1.0, 0.5], [2.0, 0.6], [6.0, 0.7], [0.5, 0.6], [0.1, 0.6], [0.05, 0.6]]
    ),
    wave_spread=1.6,
    background=(0.6, 0.4),
    ratio=0.35,
    slow=(1.5, 6.0),
    family="weibull",
)


def register() -> Register:
    """Totals of two monitors over six blocks, one passed on, and two lots."""
    width = np.array([1.0, 1.0, 2.0, 1.0, 1.0, 1.0])
    ends = np.cumsum(width).astype(int)
    begins = ends - width.astype(int)
    windows = [(0, 1, 2), (0, 3, 4), (0, 6, 6), (2, 5, 6)]  # first and last day, day of publication
    near, far = [], []
    for start, end, published in windows:
        low, high = np.maximum(begins, start), np.minimum(ends - 1, end)
        inside = low <= high
        near.append(np.where(inside, published - high, 0))
        far.append(np.where(inside, published - low + 1, 0))
    profiles = np.array(
        [
            [[0.6, 0.3, 0.1, 0.0, 0.0, 0.0], [0.1, 0.2, 0.3, 0.2, 0.1, 0.05]],
            [[0.0, 0.0, 0.0, 0.7, 0.3, 0.0], [0.0, 0.0, 0.0, 0.1, 0.3, 0.4]],
        ]
    )
    return Register(
        near=np.array(near),
        far=np.array(far),
        report=np.arange(4),
        below=np.array([[-1], [0], [1], [-1]]),
        width=width,
        series=np.array([0, 0, 0, 1]),
        n_series=3,
        count=np.zeros(4, dtype=np.int64),
        least_spread=np.array([0.0, 0.0, 0.0, 1.5]),
        excess=np.zeros(4),
        following=np.full(4, -1),
        announced=np.array([25.0, 12.0]),
        profiles=profiles,
        speeds=np.array([[0.6, 0.4], [0.3, 0.7]]),
        shares=np.array([[0.7, 0.9], [1.5, 2.0]]),
        opens=np.array([True, False, False, True, False, False]),
    )


def drawn() -> State:
    """Parameters from their priors, in each chain others, and counts given these."""
    random = np.random.default_rng(20261126)
    data, c = register(), N_CHAINS
    state = State(data, SCALES, c, random, n_groups=c)
    state.log = np.log(SCALES.globals[:, [0]]) + SCALES.globals[:, [1]] * random.standard_normal((8, c))
    state.slow = random.beta(*SCALES.slow, c)
    precision = 1 / np.expm1(SCALES.ratio**2)
    state.ratio = random.gamma(precision, 1 / precision, (data.n_series, c))
    state.share = random.beta(*data.shares.T[:, :, None], (2, c))
    state.speed = (random.random((2, c)) > data.speeds[:, [0]]).astype(np.int64)
    shape, average = SCALES.background
    state.background = random.gamma(shape, average / shape, c)
    rates = np.exp(state.log)
    state.chances = events(rates[RATE], rates[END], rates[AGAIN], data.width, data.opens)
    sizes = draw_new_sizes(state.log_median(), SCALES.wave_spread, (6, c), random)
    chains = np.arange(c)
    for block in range(6):
        # one of: ended without a wave, lasting without, ended with, lasting with
        of = state.chances[:, state.active[block], :, block, chains]
        event = (np.cumsum(of.reshape(c, 4), axis=1) < random.random((c, 1))).sum(axis=1)
        state.active[block + 1] = event % 2
        state.size[block] = np.where(event >= 2, sizes[block], 0.0)
    state.set_exposure(state.exposure_at(state.log, state.slow))
    state.set_spread()
    state.set_means()
    mean = state.ratio[data.series] * (state.waves + state.rest) + FLOOR
    state.persons = random.poisson(random.gamma(mean / state.spread) * state.spread).astype(np.float64)
    state.log_factorial = gammaln(state.persons + 1)
    state.set_still()
    state.set_means()
    return state


def told(state: State) -> dict[str, Floats]:
    """What is watched, by chain."""
    values = {f"global {k}": state.log[k] for k in range(8)}
    values |= {f"ratio {k}": np.log(state.ratio[k]) for k in range(3)}
    values |= {f"share {k}": state.share[k] for k in range(2)}
    values |= {f"speed {k}": state.speed[k] * 1.0 for k in range(2)}
    values |= {f"wave {k}": (state.size[k] > 0) * 1.0 for k in range(6)}
    values |= {f"size {k}": np.log1p(state.size[k]) for k in range(6)}
    values |= {f"state {k}": state.active[k] * 1.0 for k in range(1, 7)}
    values["slow"] = np.log(state.slow / (1 - state.slow))
    values["background"] = np.sqrt(state.background)
    values["likelihood"] = state.likelihood
    values["means"] = np.log(state.waves + state.rest + FLOOR).mean(axis=0)
    values["fit"] = (np.sqrt(state.persons) * np.sqrt(state.ratio[state.data.series] * state.waves)).mean(
        axis=0
    )
    values["wave by lot"] = np.log1p(state.size[0]) * state.share[0]
    values["neighbours"] = np.log1p(state.size[3]) * np.log1p(state.size[4])
    return {name: np.array(value) for name, value in values.items()}


def moves() -> dict[str, Callable[[State], None]]:
    """Every move by name; those of a state need `allocate` once, for chances of waves."""
    reach = Reach(State(register(), SCALES, 4, np.random.default_rng(0), 4))
    return {
        "delay, compensated": partial(move_delay, reach=reach, compensated=True),
        "delay": partial(move_delay, reach=reach, compensated=False),
        "spread": move_spread,
        "allocation": partial(allocate, reach=reach),
        "neighbours": rearrange,
        "waves and lots": trade_all,
        "scale": partial(move_scale, with_lots=False),
        "scale with lots": partial(move_scale, with_lots=True),
        "speed": move_speed,
    }


@pytest.mark.parametrize("name", moves())
def test_a_move_leaves_the_joint_distribution_as_it_is(name: str) -> None:
    state, move = drawn(), moves()[name]
    before = told(state)
    for _ in range(N_TIMES):
        move(state)
    after = told(state)
    moved = 0
    for what, old in before.items():
        for power in (1, 2):
            change = (after[what] - old) if power == 1 else (after[what] ** 2 - old**2)
            if change.std() == 0:
                continue
            moved += 1
            error = change.std() / np.sqrt(N_CHAINS)
            assert abs(change.mean()) < FOUR_ERRORS * error, (what, power, change.mean() / error)
    assert moved > 0


def test_means_and_likelihood_stay_those_of_the_state() -> None:
    """Moves change them by what they change; made anew from everything they are the same."""
    state = drawn()
    for move in moves().values():
        move(state)
        waves, rest, likelihood = (np.array(values) for values in (state.waves, state.rest, state.likelihood))
        spread, of_lots = np.array(state.spread), np.array(state.of_lots)
        state.set_exposure(state.exposure_at(state.log, state.slow))
        state.set_spread()
        state.set_means()
        np.testing.assert_allclose(of_lots, state.of_lots, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(spread, state.spread, rtol=1e-12)
        np.testing.assert_allclose(waves, state.waves, rtol=1e-8, atol=1e-9)
        np.testing.assert_allclose(rest, state.rest, rtol=1e-8, atol=1e-9)
        np.testing.assert_allclose(likelihood, state.likelihood, rtol=1e-8, atol=1e-8)
