"""The engine of the integrated model against outside references: Kalman, a particle filter, closed forms."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detcount._numerics import sampler
from detcount._numerics.stock import course, paths, readings
from detcount._numerics.stock.course import CONSTANTS, Moves, PriorValues, forces, n_numbers

STEP = 7


def made_prior(n_steps, *, spread=0.25, surge_steps=()):
    """A prior that is narrow enough for a particle filter."""
    centre = dict.fromkeys(CONSTANTS, 0.0) | {
        "coverage": 0.5,
        "entry_delay": math.log(12),
        "exit_delay": math.log(14),
        "stay": math.log(300),
        "brief_share": -1.2,
        "brief_stay": math.log(11),
        "arrests": math.log(5),
        "waiting": math.log(0.15),
        "left": math.log(0.05),
    }
    return PriorValues(
        centre=np.array([centre[name] for name in CONSTANTS]),
        spread=np.full(len(CONSTANTS), spread),
        bursts=Moves(0.12, 1.2),
        waves=Moves(0.15, 1.5),
        surges=Moves(0.8, 1.5, 7.0),
        hazard=0.12,
        surge=0.002,
        wave_times=np.ones(n_steps),
        surge_steps=np.array(surge_steps, dtype=np.int64),
    )


def test_the_gaussian_case_equals_the_smoother_of_statsmodels():
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    rng = np.random.default_rng(3)
    n, move, error, first = 12, 0.3, 0.5, 1.0
    truth = first * rng.standard_normal() + np.cumsum(move * rng.standard_normal(n))
    seen = truth + error * rng.standard_normal(n)
    seen[[4, 5]] = np.nan

    def levels(z):
        return first * z[:, :1] + np.cumsum(np.pad(move * z[:, 1:], ((0, 0), (1, 0))), axis=1)

    there = ~np.isnan(seen)
    found = sampler.sample_residuals(
        lambda z: (levels(z)[:, there] - seen[there]) / error, [np.zeros(n)], 4000, 3, 2, rng
    )
    model = UnobservedComponents(seen, "local level")
    model.ssm.initialize_known(np.zeros(1), np.array([[first**2]]))
    smoothed = model.smooth([error**2, move**2])
    drawn = levels(found.draws)
    spread = np.sqrt(smoothed.smoothed_state_cov[0, 0])
    assert np.abs((drawn.mean(axis=0) - smoothed.smoothed_state[0]) / spread).max() < 0.1
    assert np.abs(drawn.std(axis=0) / spread - 1).max() < 0.06
    assert found.effective > 2000  # the normal about the mode is the posterior, so that nearly all are kept


def test_a_bent_walk_is_the_bridge_of_the_smoother():
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    rng = np.random.default_rng(5)
    n, move, days = 15, 0.1, np.array([2, 12])
    anchors = np.array([6.0, 6.4]) + 0.05 * rng.standard_normal((4000, 2))
    target = paths.AnchorTarget.of(anchors, 0.02)
    walk = (
        6
        + 0.5 * rng.standard_normal((60_000, 1))
        + np.cumsum(move * rng.standard_normal((60_000, n)), axis=1)
    )
    weights = np.exp(-0.5 * (target.residuals(walk[:, days]) ** 2).sum(axis=1))
    kept = walk[rng.choice(len(walk), size=8000, p=weights / weights.sum())]
    chosen = paths.chosen_paths(anchors, kept[:, days], target, 0.02, rng)
    assert chosen.softened == 1
    at = np.arange(n)
    bent = kept[chosen.path] + paths.straight((anchors - kept[chosen.path][:, days]).T, days, at).T
    assert np.abs(bent[:, days] - anchors).max() < 1e-12
    seen = np.full(n, np.nan)
    seen[days] = anchors.mean(axis=0)
    model = UnobservedComponents(seen, "local level")
    model.ssm.initialize_known(np.array([6.0]), np.array([[0.25 + move**2]]))
    smoothed = model.smooth([1e-10, move**2])
    inside = slice(days[0] + 1, days[1])
    weight = (at - days[0]) / (days[1] - days[0])
    spread = np.sqrt(
        smoothed.smoothed_state_cov[0, 0] + 0.05**2 * (weight**2 + (1 - weight) ** 2)
    )  # the bridge, and the anchors' own spread
    error = (bent.mean(axis=0) - smoothed.smoothed_state[0]) / spread
    assert np.abs(error[inside]).max() < 0.1
    assert np.abs(bent.std(axis=0) / spread - 1)[inside].max() < 0.08


def filtered(prior, n_steps, register, came, went, more, n_particles, rng):
    """Stock at the end by a bootstrap particle filter, written apart from the library."""

    def constant(name):
        k = CONSTANTS.index(name)
        value = prior.centre[k] + prior.spread[k] * rng.standard_normal(n_particles)
        return 1 / (1 + np.exp(-value)) if name in ("coverage", "brief_share") else np.exp(value)

    def jump(scale, tail):
        free = scale * np.sinh(tail * rng.standard_normal(n_particles)) / tail
        return 3.5 * np.tanh(free / 3.5)

    c = {name: constant(name) for name in CONSTANTS if name != "arrests_at_first"}
    k = CONSTANTS.index("arrests_at_first")
    assert prior.centre[k] == 0
    known = np.full(n_particles, float(register[0]))
    left = known * c["left"]
    waiting = known * c["waiting"]
    never = (known - left) * (1 - c["coverage"]) / c["coverage"] * c["never"]
    brief = c["arrests"] * c["brief_share"] * c["brief_stay"]
    brief_known = np.minimum(0.3 * brief, 0.2 * known)
    level = jump(0.25, 1.2)
    start, aim = np.zeros(n_particles), prior.hazard * rng.standard_normal(n_particles)
    state = [left, waiting, never, brief, brief_known, level, start, aim, *c.values()]
    for t in range(n_steps):
        left, waiting, never, brief, brief_known, level, start, aim, *rest = state
        c = dict(zip([name for name in CONSTANTS if name != "arrests_at_first"], rest, strict=True))
        level = level + jump(0.12, 1.2)
        if t and t % 4 == 0:
            start, aim = aim, aim + prior.hazard * rng.standard_normal(n_particles)
        slow = start + (aim - start) * (t % 4) / 4
        arrests = STEP * c["arrests"] * np.exp(level)
        hazard = STEP / c["stay"] * np.exp(slow + jump(0.15, 1.5))
        enter, strike, short = (STEP / c[name] for name in ("entry_delay", "exit_delay", "brief_stay"))
        out = c["unknown_leave"] * hazard

        def through(held, coming, found, gone):
            whole = found + gone
            rest = held * np.exp(-whole) + coming * np.exp(-whole / 2)
            moved = held * (1 - np.exp(-whole)) + coming * (1 - np.exp(-whole / 2))
            return rest, moved * found / whole

        usual = arrests * (1 - c["brief_share"])
        waiting, found = through(waiting, usual * c["coverage"], enter, out)
        never = never * np.exp(-out) + usual * (1 - c["coverage"]) * np.exp(-out / 2)
        brief, seen = through(brief, arrests * c["brief_share"], enter * c["coverage"], short + out)
        fast = short + hazard
        known_free = brief_known * (1 - np.exp(-fast)) + seen * (1 - np.exp(-fast / 2))
        longer = np.maximum(register[t] - left - brief_known, 0.02 * register[t])
        brief_known = brief_known + seen - known_free
        leaving = longer * (1 - np.exp(-hazard)) + found * (1 - np.exp(-hazard / 2)) + known_free
        removed = left * (1 - np.exp(-strike)) + leaving * (1 - np.exp(-strike / 2))
        left = np.minimum(left + leaving - removed, 0.98 * register[t + 1])
        logs = np.zeros(n_particles)
        for figure, mean in ((came[t], found + seen), (went[t], removed)):
            logs -= 2 * (np.sqrt(mean + 0.375) - math.sqrt(figure + 0.375)) ** 2 / more**2
        weights = np.exp(logs - logs.max())
        again = rng.choice(n_particles, size=n_particles, p=weights / weights.sum())
        state = [x[again] for x in (left, waiting, never, brief, brief_known, level, start, aim, *c.values())]
    left, waiting, never, brief = state[:4]
    return register[-1] - left + waiting + never + brief


def test_the_posterior_equals_a_particle_filter_of_the_same_model():
    rng = np.random.default_rng(11)
    register = np.array([600, 640, 665, 700, 690, 650, 640, 655.0])
    came = np.array([70, 60, 70, 30, 25, 30, 40.0])
    went = np.array([30, 35, 35, 40, 65, 40, 25.0])
    n = len(came)
    prior = made_prior(n)
    shares = np.eye(n)
    empty = (np.zeros((0, n)), np.zeros(0))
    seen = readings.Observations((shares, came), (shares, went), empty, np.zeros(0), empty, 1.15, 2.5)

    def followed(z):
        driven = forces(z, STEP, prior)
        return course.course(driven, course.first_state(600.0, driven), register, STEP)

    crude = readings.crude_flows(seen, register)
    found = sampler.sample_residuals(
        lambda z: readings.residuals_of(followed(z), seen),
        readings.starting_numbers(crude, register, STEP, prior),
        1500,
        5,
        5,
        rng,
    )
    ours = np.log(followed(found.draws).stock[-1])
    theirs = np.log(filtered(prior, n, register, came, went, 1.15, 200_000, rng))
    assert abs(ours.mean() - theirs.mean()) < 0.25 * theirs.std()
    assert ours.std() / theirs.std() == pytest.approx(1, abs=0.15)
    prior_z = rng.standard_normal((4000, n_numbers(n, 0)))
    free = np.log(followed(prior_z).stock[-1])
    assert theirs.std() < 0.85 * free.std()  # the figures do say something


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), n_steps=st.integers(3, 30))
def test_nobody_is_lost_between_compartments(seed, n_steps):
    rng = np.random.default_rng(seed)
    prior = made_prior(n_steps, spread=1.0, surge_steps=(1, 2))
    driven = forces(rng.standard_normal((20, n_numbers(n_steps, 2))), STEP, prior)
    register = np.full(n_steps + 1, np.nan)
    register[0] = 500.0
    found = course.course(driven, course.first_state(500.0, driven), register, STEP)
    low = found.register < 1.0001
    change = np.diff(found.stock, axis=0) - (found.arrests - found.exits)
    kept = ~(low[1:] | low[:-1]) & (found.stock[1:] > 0.05 * found.register[1:] + 1)
    held = found.register - (found.stock - found.unknown)
    kept &= (held[1:] < 0.97 * found.register[1:]) & (held[:-1] < 0.97 * found.register[:-1])
    kept &= (found.register[:-1] - held[:-1]) * 0.5 > 0.02 * found.register[:-1]
    assert np.abs(np.where(kept, change, 0) / found.stock[:-1]).max() < 0.03
    assert (found.unknown >= 0).all()
    assert np.isfinite(found.stock).all()


def test_paths_are_chosen_by_the_prior_and_the_bend_and_not_by_what_they_were_drawn_with():
    rng = np.random.default_rng(4)
    bend, mean, spread = 0.1, 6.3, 0.1
    anchors = np.full((4000, 1), 6.0) + 1e-3 * rng.standard_normal((4000, 1))
    target = paths.AnchorTarget.of(anchors, bend)
    prior = mean + spread * rng.standard_normal((200_000, 1))
    weights = np.exp(-0.5 * target.residuals(prior)[:, 0] ** 2)
    drawn = prior[rng.choice(len(prior), size=8000, p=weights / weights.sum())]
    chosen = drawn[paths.chosen_paths(anchors, drawn, target, bend, rng).path, 0]
    precision = 1 / spread**2 + 1 / bend**2
    assert chosen.mean() == pytest.approx((mean / spread**2 + 6 / bend**2) / precision, abs=0.01)
    assert chosen.std() == pytest.approx(precision**-0.5, rel=0.06)
