"""Latent classes: gradients, kernels that share one target, convergence and refusals."""

from __future__ import annotations

import numpy as np
import pytest

from detcount import datasets
from detcount._numerics import latent_class as lc
from detcount._numerics.convergence import effective_sample_size
from detcount._numerics.latent_class import tempered
from detcount._numerics.latent_class.moves import gradient, trajectory
from detcount.abundance.latent_class import LatentClass, LatentClassDetail
from detcount.captures import CaptureTable
from detcount.errors import ConvergenceError, InputError, NotEstimableError

GRADIENT_TOLERANCE = 2e-5  # central differences of a sum of thousands of terms in double precision


def _data(name: str, n_classes: int) -> lc.ClassData:
    table = datasets.load(name)
    return lc.ClassData.of(table.histories, table.counts, n_classes=n_classes, shape=0.25, rate=0.25)


def _log_density(data: lc.ClassData, state: lc.ClassState, heat: np.ndarray) -> np.ndarray:
    """Log posterior in the moved coordinates, written out with loops."""
    values = []
    for c in range(len(state.alpha)):
        shares = 1 / (1 + np.exp(-state.logits[c]))
        lengths = np.exp(state.sticks[c])
        weights = np.exp(-np.concatenate([[0], np.cumsum(lengths)]))
        weights[:-1] *= 1 - np.exp(-lengths)
        cells = np.array(
            [
                sum(
                    weights[h] * np.prod(np.where(history == 1, shares[h], 1 - shares[h]))
                    for h in range(data.n_classes)
                )
                for history in data.histories
            ]
        )
        likelihood = data.counts @ np.log(cells[:-1] / (1 - cells[-1]))
        prior = np.sum(np.log(shares * (1 - shares)))  # uniform shares, in logits
        prior += np.sum(np.log(state.alpha[c]) + state.sticks[c] - state.alpha[c] * lengths)
        values.append(heat[c] * likelihood + prior)
    return np.array(values)


def test_gradient_equals_finite_differences() -> None:
    data = _data("hare", 3)
    random = np.random.default_rng(4)
    state = lc.initial_state(data, 2, random)
    heat = np.array([1.0, 0.37])
    for_logits, for_sticks, likelihood, prior, unseen = gradient(
        data, state.logits, state.sticks, state.alpha, heat
    )
    np.testing.assert_allclose(heat * likelihood + prior, _log_density(data, state, heat), rtol=1e-10)
    assert ((unseen > 0) & (unseen < 1)).all()
    step = 1e-5
    for array, slopes in ((state.logits, for_logits), (state.sticks, for_sticks)):
        for index in np.ndindex(array.shape):
            kept = array[index]
            array[index] = kept + step
            above = _log_density(data, state, heat)[index[0]]
            array[index] = kept - step
            below = _log_density(data, state, heat)[index[0]]
            array[index] = kept
            assert slopes[index] == pytest.approx(
                (above - below) / (2 * step), rel=GRADIENT_TOLERANCE, abs=1e-4
            )


@pytest.mark.slow
def test_trajectories_and_replica_exchange_have_the_target_of_plain_gibbs() -> None:
    table = datasets.load("hare")
    data = lc.ClassData.of(table.histories, table.counts, n_classes=5, shape=0.25, rate=0.25)
    random = np.random.default_rng(8)
    state = lc.initial_state(data, 32, random)
    state, step = lc.warm_up(data, state, random, n_sweeps=300, n_trajectories=300)
    _, by_trajectories = lc.sample(data, state, step, 800, random)
    _, by_gibbs = lc.sample_plain(data, state, 6_000, random)
    ladder = lc.warm_up_tempered(data, 8, np.geomspace(1, 0.1, 6), 300, random)
    _, by_exchange, swaps = lc.sample_tempered(data, ladder, 1_500, random)
    assert (swaps > 0.2).all()
    gibbs = np.log(68 + by_gibbs)
    for other in (np.log(68 + by_trajectories), np.log(68 + by_exchange)):
        error = np.sqrt(
            gibbs.var() / effective_sample_size(gibbs) + other.var() / effective_sample_size(other)
        )
        assert abs(gibbs.mean() - other.mean()) < 4 * error
        spread = np.abs(other - other.mean()), np.abs(gibbs - gibbs.mean())
        error = np.sqrt(
            spread[0].var() / effective_sample_size(spread[0])
            + spread[1].var() / effective_sample_size(spread[1])
        )
        assert abs(spread[0].mean() - spread[1].mean()) < 4 * error


def test_answer_on_hares_says_how_it_was_found() -> None:
    table = datasets.load("hare")
    estimate = LatentClass(min_effective_size=500).fit(table)
    detail = estimate.detail
    assert isinstance(detail, LatentClassDetail)
    assert detail.r_hat <= 1.01
    assert detail.effective_sample_size >= 500
    assert not detail.replica_exchange
    assert estimate.draws is not None
    assert estimate.draws.min() >= table.n_observed
    assert estimate.point == pytest.approx(76, rel=0.03)
    assert any(note.startswith("32 chains, R-hat of log N 1.0") for note in estimate.notes)
    again = LatentClass(min_effective_size=500).fit(table)
    assert again.draws is not None
    np.testing.assert_array_equal(estimate.draws, again.draws)


def test_three_lists_use_fewer_classes_and_say_so() -> None:
    estimate = LatentClass(min_effective_size=200).fit(datasets.load("korea"))
    assert any("7 classes were used" in note for note in estimate.notes)


@pytest.mark.slow
def test_chains_that_cannot_agree_give_no_estimate_but_carry_what_there_is() -> None:
    with pytest.raises(ConvergenceError, match="R-hat of log N is") as caught:
        LatentClass(max_draws=500, min_effective_size=4_000).fit(datasets.load("ned_5"))
    last = caught.value.last
    assert last is not None
    assert last.n_observed == 8_234
    assert last.detail.replica_exchange


def test_refusals() -> None:
    with pytest.raises(NotEstimableError, match="needs at least 3 lists, got 2"):
        LatentClass().fit(datasets.load("kosovo").keep(["EXH", "ABA"]))
    lonely = CaptureTable(("a", "b", "c"), np.array([[1, 0, 0], [1, 1, 0]]), np.array([5, 2]))
    with pytest.raises(NotEstimableError, match="list 'c' names nobody"):
        LatentClass().fit(lonely)
    with pytest.raises(InputError, match="n_classes: expected a whole number from 2 to 1,000, got 1"):
        LatentClass(n_classes=1)
    with pytest.raises(InputError, match="rate: expected a finite number above 0"):
        LatentClass(rate=-1.0)
    with pytest.raises(InputError, match="max_draws: expected a whole number from 250 to 10,000,000, got 10"):
        LatentClass(max_draws=10)
    with pytest.raises(InputError, match=r"max_draws: .* to 10,000,000, got 10,000,000,000,000"):
        LatentClass(max_draws=10**13)
    with pytest.raises(InputError, match="n_classes: expected a whole number from 2 to 1,000, got 1,000,000"):
        LatentClass(n_classes=10**6)


def test_short_steps_keep_the_energy_and_are_accepted() -> None:
    """The change of energy of a leapfrog trajectory is of the order of its step, squared."""
    data = _data("hare", 3)
    start = lc.initial_state(data, 40, np.random.default_rng(6))
    heat = np.linspace(0.2, 1.0, 40)
    moved, acceptance, likelihood, unseen = trajectory(
        data, start, np.full(40, 2e-4), heat, np.random.default_rng(7)
    )
    assert acceptance.min() > 1 - 1e-3
    assert (moved.logits != start.logits).any(axis=(1, 2)).mean() > 0.9
    assert (moved.alpha == start.alpha).all()
    _, _, again, _, of_nobody = gradient(data, moved.logits, moved.sticks, moved.alpha, heat)
    np.testing.assert_allclose(likelihood, again, rtol=1e-12)
    np.testing.assert_allclose(unseen, of_nobody, rtol=1e-12)


def test_each_chain_moves_at_the_step_and_the_heat_of_its_rung(monkeypatch) -> None:
    seen = []

    def recorded(data, state, step, heat, random):
        seen.extend([step, heat])
        return trajectory(data, state, step, heat, random)

    monkeypatch.setattr(tempered, "trajectory", recorded)
    data, random = _data("hare", 3), np.random.default_rng(6)
    ladder = lc.Ladder(
        lc.initial_state(data, 6, random), np.array([1.0, 0.5, 0.1]), np.array([0.1, 0.2, 0.4])
    )
    tempered.climb(data, ladder, 0, random)
    assert seen[0].tolist() == [0.1, 0.1, 0.2, 0.2, 0.4, 0.4]  # two ladders, rung by rung
    assert seen[1].tolist() == [1.0, 1.0, 0.5, 0.5, 0.1, 0.1]
