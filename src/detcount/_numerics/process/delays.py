"""Moves of the delay, of the decay of waves and of the spread of clusters; figures that were too low."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln as _log_gamma

from detcount._numerics.process.clusters import of_the_mean
from detcount._numerics.process.exposure import Exposure
from detcount._numerics.process.state import (
    DECAY,
    FLOOR,
    HIGHEST,
    MEDIAN,
    OF_WAVES,
    SHAPE_OF_DELAY,
    SPREAD,
    State,
)

__all__ = ["Reach", "draw_excess", "move_delay", "move_spread"]

_ACCEPTED = 0.3  # share of moves of the delay, to which their reach is adapted
_OF_DELAY = [MEDIAN, SHAPE_OF_DELAY, DECAY]


class Reach:
    """How far moves go, and in which directions; learned while warming up."""

    def __init__(self, state: State) -> None:
        scales = state.scales.globals
        self.step = np.full(2, 0.4)  # of moves that are compensated, and of those that are not
        self.accepted = np.full(2, _ACCEPTED)
        self.spread = np.append(scales[_OF_DELAY, 1], 1.0)
        self.factor = np.diag(self.spread)
        self.factor_of_waves = np.diag(scales[OF_WAVES, 1])

    def adapt(self, state: State) -> None:
        """Learn from where the chains are."""
        self.step *= np.exp(0.3 * (self.accepted - _ACCEPTED))
        where = np.concatenate([state.log[_OF_DELAY], np.log(state.slow / (1 - state.slow))[None]])
        self.factor = np.asarray(np.linalg.cholesky(np.cov(where) + np.diag((0.1 * self.spread) ** 2)))
        least = np.diag((0.1 * state.scales.globals[OF_WAVES, 1]) ** 2)
        self.factor_of_waves = np.asarray(np.linalg.cholesky(np.cov(state.log[OF_WAVES]) + least))


def draw_excess(state: State) -> None:
    """Persons by which figures said to be lower bounds were too low."""
    bounds, data = state.lower_bounds, state.data
    if bounds is None:
        return
    size = (state.ratio[data.series] * (state.waves + state.rest) + FLOOR) / state.spread
    share = np.log(state.spread) - state.log_one_more
    # without what is the same for every excess
    terms = bounds.weight + bounds.high * share[bounds.rows, None]
    terms += _log_gamma(bounds.high + size[bounds.rows, None])
    if len(bounds.follows):
        more = bounds.rest * share[bounds.following, None]
        terms[bounds.follows] += more + _log_gamma(bounds.rest + size[bounds.following, None])
    weights = np.cumsum(np.exp(terms - terms.max(axis=1, keepdims=True)), axis=1)
    level = state.generator.random((len(bounds.rows), len(state.chains))) * weights[:, -1]
    chosen = np.take_along_axis(bounds.nodes, (weights < level[:, None]).sum(axis=1), axis=1)
    state.persons[bounds.rows] = data.count[bounds.rows, None] + chosen
    state.persons[bounds.following] = data.count[bounds.following, None] - chosen[bounds.follows]
    for rows in (bounds.rows, bounds.following):
        state.log_factorial[rows] = _log_gamma(state.persons[rows] + 1)
    state.set_still()
    state.likelihood = state.likelihood_of(state.waves + state.rest)


def move_delay(state: State, reach: Reach, *, compensated: bool) -> None:
    """Delay, its slow share and the decay of waves, by a random walk.

    Compensated, waves are made larger where less of them would have been seen, so that what was counted
    stays about the same.
    """
    c, random, which = len(state.chains), state.generator, 0 if compensated else 1
    log = state.log.copy()
    far = reach.step[which] * 10 ** random.uniform(-0.7, 0.3, (c, 1))
    walk = (far * random.standard_normal((c, 4)) @ reach.factor.T).T
    log[_OF_DELAY] += walk[:3]
    a, b = state.scales.slow
    logit = np.log(state.slow / (1 - state.slow)) + walk[3]
    slow = np.clip(1 / (1 + np.exp(-logit)), 1e-6, 1 - 1e-6)
    exposure = state.exposure_at(log, slow)
    size, jacobian = state.size, np.zeros(c)
    if compensated:
        before = state.by_block(state.exposure.wave) + FLOOR
        change = before / (state.by_block(exposure.wave) + FLOOR)
        size = np.minimum(state.size * change, HIGHEST)
        # of the blocks that have a wave
        at = np.nonzero(state.size)
        median = state.log_median()[at]
        terms = np.log(change[at]) + state.log_density_about(size[at], median)
        terms -= state.log_density_about(state.size[at], median)
        jacobian += np.bincount(at[1], terms, minlength=c)
    waves = state.waves_of(exposure, size)
    rest = state.rest_of(exposure, state.share, state.background)
    likelihood = state.likelihood_of(waves + rest)
    ratio = likelihood - state.likelihood + state.prior(log, _OF_DELAY) - state.prior(state.log, _OF_DELAY)
    ratio += a * np.log(slow / state.slow) + b * np.log((1 - slow) / (1 - state.slow)) + jacobian
    good = state.accepted(ratio)
    reach.accepted[which] = good.mean()
    old = state.exposure
    names = ("day", "wave", "background")
    state.set_exposure(
        Exposure(*(np.where(good, getattr(exposure, name), getattr(old, name)) for name in names))
    )
    state.size = np.where(good, size, state.size)
    for to, new in (
        (state.log, log),
        (state.slow, slow),
        (state.waves, waves),
        (state.rest, rest),
        (state.likelihood, likelihood),
    ):
        np.copyto(to, new, where=good)


def move_spread(state: State) -> None:
    """Spread of the clusters."""
    random, c = state.generator, len(state.chains)
    mean = state.ratio[state.data.series] * (state.waves + state.rest) + FLOOR
    for _ in range(2):
        log = state.log.copy()
        log[SPREAD] += 10 ** random.uniform(-1, 0, c) * random.standard_normal(c)
        spread = np.maximum(np.exp(log[SPREAD]), state.data.least_spread[:, None])
        log_one_more = np.log1p(spread)
        likelihood = (
            state.persons * (np.log(spread) - log_one_more)
            - state.log_factorial
            + of_the_mean(state.persons, mean / spread, log_one_more)
        ).sum(axis=0)
        ratio = likelihood - state.likelihood + state.prior(log, [SPREAD]) - state.prior(state.log, [SPREAD])
        good = state.accepted(ratio)
        for to, new in ((state.log, log), (state.likelihood, likelihood), (state.spread, spread)):
            np.copyto(to, new, where=good)
    state.set_still()
