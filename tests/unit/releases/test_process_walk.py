"""Proposals and moves of the intensity of releases: where each starts, and what each accepts by."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from scipy import stats

from detcount._numerics.process import EXACT, ROBUST, Increments, Scales, modes, sampler
from detcount._numerics.process.pattern import pattern_of
from detcount._numerics.process.walk import _JITTER, Slope, Walk

SAME = 1e-8  # rounding, and the jitter on the diagonal of the campaign part


def increments(**changes: Any) -> Increments:
    """Running totals of days 0 to 1, 2 and 3, each published on its last day."""
    last, day = np.arange(1, 4)[:, None], np.arange(4)[None, :]
    near = np.maximum(last - day, 0)
    fields: dict[str, Any] = {
        "near": near,
        "far": near + (day <= last),
        "fixed": np.zeros((3, 4)),
        "report": np.arange(3),
        "below": np.array([[-1], [0], [1]]),
        "centre": np.arange(4.0),
        "width": np.array([1.0, 1.0, 1.0, 3.0]),
        "series": np.zeros(3, dtype=np.int64),
        "kind": np.full(3, EXACT),
        "count": np.array([6.0, 3.0, 5.0]),
        "following": np.full(3, -1),
        "error": np.zeros(3),
        "ratio_mean": np.zeros(1),
        "ratio_covariance": np.full((1, 1), 0.01),
        "jumps": np.empty(0),
    }
    return Increments(**(fields | changes))


SCALES = Scales(
    level=(1.0, 0.8),
    median_delay=(1.5, 0.4),
    delay_shape=(0.9, 0.3),
    spread=(0.5, 0.6),
    day=(0.4, 0.5),
    campaign=(0.7, 0.45),
    jump=0.0,
    jump_memory=5.0,
    memory=10.0,
    family="weibull",
)


class Stopped(Exception):
    """Enough was seen."""


def test_global_parameters_are_proposed_from_the_prior_then_from_a_t_around_what_fits(monkeypatch) -> None:
    tried: list[np.ndarray] = []

    def find_modes(data, pattern, scales, points, start):
        tried.append(points)
        if len(tried) == 2:
            raise Stopped
        fits_alike = np.zeros(len(points))
        return modes.Modes(np.zeros((len(points), 4)), *[np.zeros((len(points), 1))] * 4, fits_alike)

    monkeypatch.setattr(sampler, "find_modes", find_modes)
    with pytest.raises(Stopped):
        sampler.fit_process(increments(), SCALES, 10, np.random.default_rng(5))
    random = np.random.default_rng(5)
    sd = SCALES.globals[:, 1]
    first = np.log([1.5, 0.9, 0.5, 0.4, 0.7]) + sd * random.standard_normal((48, 5))
    assert tried[0] == pytest.approx(first, rel=1e-12)
    # drawn from the prior, and all fit alike: 1.3 times their covariance, and a tenth of the prior's scale
    wider = 1.3 * np.cov(first.T, bias=True) + np.diag((sd / 10) ** 2)
    normal, chi = random.standard_normal((48, 5)), random.chisquare(8, 48)
    second = first.mean(axis=0) + (normal / np.sqrt(chi / 8)[:, None]) @ np.linalg.cholesky(wider).T
    assert tried[1] == pytest.approx(second, rel=1e-9)


def test_the_first_guess_takes_each_figure_at_its_own_error(monkeypatch) -> None:
    seen: list[np.ndarray] = []

    def solve(self, shares, pseudo, noise):
        seen.append(noise)
        raise Stopped

    monkeypatch.setattr(modes._Model, "solve", solve)
    data = increments(kind=np.array([EXACT, EXACT, ROBUST]), error=np.array([0.0, 0.0, 0.3]))
    spread = np.array([0.5, 2.0])
    points = np.log([[1.5, 0.9, spread[0], 0.4, 0.7], [1.5, 0.9, spread[1], 0.4, 0.7]])
    with pytest.raises(Stopped):
        modes.find_modes(data, pattern_of(data), SCALES, points, None)
    # variance of the log of a count in clusters, and the error of a figure that was passed on
    by_hand = [[(1 + s) / 6.5, (1 + s) / 3.5, 0.3**2] for s in spread]
    assert seen[0] == pytest.approx(np.array(by_hand), rel=1e-12)


def walk(n_chains: int = 6, seed: int = 3) -> Walk:
    """Chains at different global parameters."""
    data = increments()
    random = np.random.default_rng(seed)
    points = np.log(SCALES.globals[:, 0]) + 0.3 * random.standard_normal((n_chains, 5))
    pattern = pattern_of(data)
    found = modes.find_modes(data, pattern, SCALES, points, None)
    return Walk(data, pattern, SCALES, points, found, np.arange(n_chains), 0.2 * np.eye(5), random)


def log_target(chains: Walk, points: np.ndarray, parts: list[np.ndarray]) -> np.ndarray:
    """Likelihood and prior of what the moves of the scales change, by scipy's densities."""
    globals_, smooth = SCALES.globals, np.exp(-np.abs(np.subtract.outer(np.arange(4.0), np.arange(4.0))) / 10)
    total = chains._likelihood(parts, points)
    total = total + stats.norm.logpdf(points, np.log(globals_[:, 0]), globals_[:, 1]).sum(axis=1)
    for k in range(len(points)):
        campaign, day = np.exp(points[k, 4]), np.exp(points[k, 3])
        covariance = campaign**2 * (smooth + _JITTER * np.eye(4))
        total[k] += stats.multivariate_normal.logpdf(parts[1][k], np.zeros(4), covariance)
        variance = np.log1p(np.expm1(day**2) / chains.width)
        total[k] += stats.norm.logpdf(parts[3][k], 0.5 * (day**2 - variance), np.sqrt(variance)).sum()
    return total


def test_scales_are_accepted_by_the_joint_density(monkeypatch) -> None:
    chains = walk()
    states, ratios = [], []

    def accept(self, log_ratio):
        states.append((self.points.copy(), [part.copy() for part in self.parts]))
        ratios.append(log_ratio.copy())
        return np.ones(len(log_ratio), dtype=bool)

    monkeypatch.setattr(Walk, "_accept", accept)
    chains._move_scales()
    states.append((chains.points.copy(), chains.parts))
    # campaign and day scale given the parts, four times; then with the parts moved along; spread twice
    changed = [np.flatnonzero((a[0] != b[0]).any(axis=0)).tolist() for a, b in itertools.pairwise(states)]
    assert changed == [[4], [3]] * 4 + [[4], [3], [2], [2]]
    for place, ((old, old_parts), (new, new_parts)) in enumerate(itertools.pairwise(states)):
        expected = log_target(chains, new, new_parts) - log_target(chains, old, old_parts)
        if place == 8:  # the campaign part grows with its scale: so does the volume
            assert new_parts[1] == pytest.approx(old_parts[1] * np.exp(new - old)[:, [4]], rel=1e-12)
            expected += 4 * (new - old)[:, 4]
        if place == 9:
            sd = [np.log1p(np.expm1(np.exp(2 * p[:, [3]])) / chains.width) for p in (old, new)]
            expected += 0.5 * np.log(sd[1] / sd[0]).sum(axis=1)
        assert ratios[place] == pytest.approx(expected, rel=SAME, abs=1e-6), place
    assert chains.likelihood == pytest.approx(chains._likelihood(chains.parts), rel=1e-12)


def test_scales_given_the_parts_move_by_what_one_scale_of_so_many_blocks_is_known_to(monkeypatch) -> None:
    chains = walk()
    monkeypatch.setattr(Walk, "_accept", lambda self, ratio: np.zeros(len(ratio), dtype=bool))
    asked: list[np.ndarray] = []
    before = chains.points.copy()

    class Recorded:
        def uniform(self, *args):
            return np.full(6, -0.5)

        def standard_normal(self, size):
            asked.append(np.linspace(-2.0, 2.0, size) + 0.1)
            return asked[-1]

    tried: list[np.ndarray] = []
    likelihood = Walk._likelihood

    def seen(self, parts, points=None):
        tried.append(points.copy())
        return likelihood(self, parts, points)

    chains.generator = Recorded()
    monkeypatch.setattr(Walk, "_likelihood", seen)
    chains._move_scales()
    assert (chains.points == before).all()  # nothing was accepted
    for column, points in zip((4, 3, 2, 2), tried, strict=True):
        reach = SCALES.globals[column, 1] * 10**-0.5
        assert points[:, column] - before[:, column] == pytest.approx(reach * asked[0], rel=1e-9)


def test_a_kick_adds_what_the_kinetic_energy_grows_by() -> None:
    random = np.random.default_rng(8)
    root = random.standard_normal((5, 5))
    covariance = root @ root.T  # of four parts with one block each, and of one ratio
    slope = random.standard_normal(2)
    map_ = np.array([[1.0, 1, 1, 1, 0], [0, 0, 0, 0, 1]])  # log rate and ratio of the parts
    pull = covariance @ map_.T @ slope
    velocity = random.standard_normal(5)
    step = np.array([[0.37]])
    kicked = Slope(
        value=np.zeros(1),
        likelihood=np.zeros(1),
        x=slope[None, :1],
        ratio=slope[None, 1:],
        pull=[np.array([[value]]) for value in pull],
    )
    parts = [np.array([[value]]) for value in velocity]
    grown = kicked.kick(parts, step)
    after = np.concatenate(parts).ravel()
    assert after == pytest.approx(velocity + 0.37 * pull, rel=1e-12)
    energy = [0.5 * v @ np.linalg.solve(covariance, v) for v in (velocity, after)]
    assert grown == pytest.approx([energy[1] - energy[0]], rel=1e-8)
