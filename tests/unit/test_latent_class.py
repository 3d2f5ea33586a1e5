"""Latent classes: gradients, kernels that share one target, convergence and refusals."""

from dataclasses import replace

import numpy as np
import pytest

from detcount import CaptureTable, datasets
from detcount._numerics import latent_class as lc
from detcount._numerics.monte_carlo import effective_sample_size
from detcount.abundance import latent_class as module
from detcount.abundance.latent_class import LatentClass
from detcount.errors import ConvergenceError
from detcount.estimates import PercentileRule

GRADIENT_TOLERANCE = 2e-3  # forces are in single precision, sums of hundreds of terms


def _data(name, n_classes):
    table = datasets.load(name)
    return lc.ClassData.of(table.histories, table.counts, n_classes=n_classes, shape=0.25, rate=0.25)


def _some(data, n_chains, random):
    """Chains near the posterior, where no class is empty."""
    shape = (data.n_classes, data.histories.shape[1], n_chains)
    sticks = np.log(random.exponential(1.0, (data.n_classes - 1, n_chains)))
    return lc.ClassState.at(data, random.normal(-1.0, 1.0, shape), sticks)


def _log_density(data, logits, sticks):
    """Log likelihood, log prior and unseen probability of each chain, written out with loops."""
    values = []
    for c in range(logits.shape[2]):
        shares = 1 / (1 + np.exp(-logits[:, :, c]))
        lengths = np.exp(sticks[:, c])
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
        prior = np.sum(data.listed * np.log(shares) + np.log(1 - shares))  # Beta(listed, 1), in logits
        # exponential lengths given alpha, times Gamma(alpha), over a grid of log alpha
        grid = np.linspace(-30, 8, 40_001)
        alpha = np.exp(grid)
        joint = (data.n_classes - 1 + data.shape) * grid - alpha * (lengths.sum() + data.rate)
        prior += sticks[:, c].sum() + np.log(np.trapezoid(np.exp(joint), grid))
        values.append((likelihood, prior, cells[-1]))
    return tuple(np.array(values).T)


@pytest.mark.parametrize("listed", [1.0, 0.2])
def test_density_is_that_of_the_model_with_alpha_integrated_out(listed):
    data = replace(_data("hare", 4), listed=listed)
    state = _some(data, 6, np.random.default_rng(2))
    likelihood, prior, unseen = _log_density(data, state.logits, state.sticks)
    np.testing.assert_allclose(state.likelihood, likelihood, rtol=1e-10)
    np.testing.assert_allclose(state.unseen, unseen, rtol=1e-10)
    np.testing.assert_allclose(np.diff(state.prior), np.diff(prior), rtol=1e-6)


@pytest.mark.parametrize(("listed", "tree"), [(1.0, lc.Tree), (0.2, lc.Tree), (0.2, lc.SparseTree)])
def test_forces_equal_finite_differences(listed, tree):
    data = replace(_data("hare", 3), listed=listed)
    state = _some(data, 2, np.random.default_rng(4))
    power = np.array([1.0, 0.37])
    forces = lc.Forces(data, power, tree.of(data.histories))
    forces.logits[...] = state.logits
    slopes = [force.copy() for force in forces.at(state.sticks.astype(np.float32))]

    def value(logits, sticks):
        moved = lc.ClassState.at(data, logits, sticks)
        return power * moved.likelihood + moved.prior

    step = 1e-5
    for which, (place, slope) in enumerate(zip((state.logits, state.sticks), slopes, strict=True)):
        for index in np.ndindex(place.shape):
            moved = []
            for sign in (1, -1):
                places = [state.logits.copy(), state.sticks.copy()]
                places[which][index] += sign * step
                moved.append(value(*places)[index[-1]])
            assert slope[index] == pytest.approx(
                (moved[0] - moved[1]) / (2 * step), rel=GRADIENT_TOLERANCE, abs=2e-3
            )


def _same_mean(one, other):
    """Means and mean deviations of two samples of chains differ by no more than their errors."""
    for draws in ((one, other), (np.abs(one - one.mean()), np.abs(other - one.mean()))):
        error = np.sqrt(sum(each.var() / effective_sample_size(each) for each in draws))
        assert abs(draws[0].mean() - draws[1].mean()) < 4 * error


def test_moves_leave_the_prior_as_it_is():
    """With a flat likelihood trajectories and swaps have the prior as their target."""
    data = _data("hare", 4)
    random = np.random.default_rng(5)
    state = lc.prior_draws(data, 4_000, random)
    largest = []
    for index in range(12):
        for first in (0, 1):
            state = lc.swap_neighbours(data, state, first, random)
        state, _ = lc.trajectory(data, state, 0.3, 0.0, random)
        if index >= 4:
            largest.append(np.exp(-np.exp(np.minimum(state.sticks[:2], 300))))
    fresh = np.exp(-np.exp(np.minimum(lc.prior_draws(data, 32_000, random).sticks[:2], 300)))
    for k in range(2):
        _same_mean(np.array([each[k] for each in largest]).T, fresh[k].reshape(4_000, -1))


@pytest.mark.parametrize(("n_lists", "listed"), [(9, 1.0), (10, 0.2), (40, 0.05)])
def test_shares_of_many_lists_draw_the_unseen_down_as_two_lists_do(n_lists, listed):
    data = lc.ClassData.of(np.eye(n_lists, dtype=np.uint8), np.arange(n_lists), n_classes=2, shape=1, rate=1)
    assert data.listed == listed


def test_populations_find_the_evidence_of_a_model_that_can_be_summed():
    data = lc.ClassData.of(
        np.array([[0, 1], [1, 0], [1, 1]], dtype=np.uint8),
        np.array([3, 4, 2]),
        n_classes=2,
        shape=0.25,
        rate=0.25,
    )
    random = np.random.default_rng(1)
    likelihood = lc.prior_draws(data, 400_000, random).likelihood
    exact = np.log(np.mean(np.exp(likelihood)))
    way = lc.anneal(data, 8, 256, n_moves=2, share=0.9, random=random)
    assert way.powers[0] == 0
    assert way.powers[-1] == 1
    assert way.log_evidence.mean() == pytest.approx(exact, abs=0.05)


def test_rows_that_disagree_by_chain_or_in_time_are_seen():
    random = np.random.default_rng(0)
    draws = random.standard_normal((4, 20, 50))
    r_hat, size = lc.agreement(draws.reshape(4, -1), 20)
    assert r_hat < 1.005
    assert 3_000 < size < 5_000
    apart = draws + np.where(np.arange(4) == 0, 0.5, 0.0)[:, None, None]
    assert lc.agreement(apart.reshape(4, -1), 20)[0] > 1.02
    drifting = draws + np.linspace(0, 1, 50)
    assert lc.agreement(drifting.reshape(4, -1), 20)[0] > 1.02


def test_answer_on_hares_says_how_it_was_found():
    table = datasets.load("hare")
    estimate = LatentClass(min_effective_size=500).fit(table)
    detail = estimate.detail
    assert detail.r_hat <= 1.01
    assert detail.effective_sample_size >= 500
    assert not detail.replica_exchange
    assert estimate.draws.min() >= table.n_observed
    assert estimate.point == pytest.approx(76, rel=0.03)
    assert any(note.startswith("4 populations of chains, R-hat of log N 1.0") for note in estimate.notes)
    again = LatentClass(min_effective_size=500).fit(table)
    assert again.draws is not None
    np.testing.assert_array_equal(estimate.draws, again.draws)


@pytest.mark.slow
def test_chains_that_cannot_agree_give_no_estimate_but_name_the_modes():
    with pytest.raises(ConvergenceError, match="R-hat of log N is") as caught:
        LatentClass(max_draws=500, min_effective_size=4_000).fit(datasets.load("ned_5"))
    last = caught.value.last
    assert last.n_observed == 8_234
    assert last.detail.replica_exchange
    # one chain of LCMCR stayed at 141,000 for 3 million sweeps, the rest at 48,000
    low, high = last.detail.modes
    assert low == pytest.approx(48_000, rel=0.2)
    assert high == pytest.approx(141_000, rel=0.1)
    assert sum(last.detail.weights) == pytest.approx(1)
    assert f"around {low:,.0f} and {high:,.0f} persons, with weights of" in str(caught.value)


def test_a_mode_where_chains_stay_is_named_with_its_weight(monkeypatch):
    """Draws near 100 unlisted that agree, and a quarter of the chains near 1,000."""
    random = np.random.default_rng(0)

    def found(data, **_):
        return lc.ClassPosterior(
            random.normal(100, 5, (4, 300)).round(),
            np.full((1, 2, 3), 0.5),
            np.full((1, 2), 0.5),
            1.0,
            1_200.0,
            False,
            True,
            random.normal(1_000, 30, 96).round(),
            0.25,
        )

    monkeypatch.setattr(module.numerics, "sample_posterior", found)
    with pytest.raises(ConvergenceError, match=r"with weights of 0\.75 and 0\.25") as caught:
        LatentClass().fit(datasets.load("korea"))
    assert "con pesos de 0,75 y 0,25" in caught.value.reason.translated("es")
    low, high = caught.value.last.detail.modes
    assert low == pytest.approx(223, rel=0.02)
    assert high == pytest.approx(1_123, rel=0.02)


@pytest.mark.parametrize("left", [True, False])
def test_chains_that_agree_are_no_answer_while_others_stay_apart(monkeypatch, left):
    from detcount._numerics.latent_class import posterior

    data, random = _data("hare", 3), np.random.default_rng(3)
    way = lc.anneal(data, 4, 32, n_moves=2, share=0.5, random=random)
    far = lc.ClassState.at(data, way.state.logits[:, :, :8] - 4.0, way.state.sticks[:, :8])
    monkeypatch.setattr(
        posterior._Search, "_followed", lambda self, tempering, apart, met, n: (np.full(4, 1e6), left)
    )
    search = posterior._Search(data, 100, 8_000, random)
    found = search.by_exchange(lc.tempered(way, 64), far)
    assert found.r_hat <= 1.01
    assert found.agreed is left
    assert found.apart.tolist() == ([] if left else [1e6] * 4)
    assert found.apart_share == (0 if left else 8 / 32)


class TestManyLists:
    """A population of four classes on 14 lists, most of which name few."""

    @staticmethod
    def table(seed: int = 0) -> CaptureTable:
        random = np.random.default_rng(seed)
        reach = np.full((4, 14), 0.005)
        reach[0, [0, 1, 2, 3]] = 0.1, 0.2, 0.08, 0.06
        reach[1, [0, 1, 4, 5]] = 0.8, 0.6, 0.7, 0.15
        reach[2, [2, 6, 7]] = 0.7, 0.5, 0.2
        reach[3, [1, 3, 8, 9, 10]] = 0.8, 0.7, 0.6, 0.6, 0.3
        on = random.random((700, 14)) < reach[random.choice(4, 700, p=[0.6, 0.2, 0.15, 0.05])]
        frame = {f"list {place}": on[on.any(axis=1), place].astype(int) for place in range(14)}
        return CaptureTable.from_frame(frame, lists=[name for name, marks in frame.items() if marks.any()])

    @pytest.mark.slow
    def test_chains_find_the_classes_that_there_are(self):
        estimate = LatentClass(n_classes=6, min_effective_size=100, max_r_hat=1.03).fit(self.table())
        low, high = estimate.interval()
        assert low < 700 < high
        large = (estimate.detail.class_weights > 0.02).sum(axis=1)
        assert np.median(large) >= 3  # annealed from the prior, chains agreed on two
        assert estimate.detail.r_hat < 1.03
        assert not estimate.detail.replica_exchange

    def test_half_of_each_row_starts_with_nearly_all_listed_and_half_with_few(self, monkeypatch):
        from detcount._numerics.latent_class import gibbs, posterior

        table, starts = self.table(), []
        data = lc.ClassData.of(table.histories, table.counts, n_classes=6, shape=0.25, rate=0.25)
        monkeypatch.setattr(
            posterior, "seeded", lambda *given: starts.append(gibbs.seeded(*given[:2], 0, given[3]))
        )
        with pytest.raises(AttributeError, match="NoneType"):  # no start, no draws
            posterior._Search(data, 100, 8_000, np.random.default_rng(2)).by_seeded_chains()
        rows = starts[0].unseen.reshape(4, 2, -1)  # R-hat compares the halves of rows
        assert (rows[:, 0] < 0.3).all()
        assert (rows[:, 1] > 0.6).all()


def test_no_quantile_is_better_known_than_the_chains_allow():
    draws = np.random.default_rng(1).lognormal(7, 0.3, 4000)
    apart = PercentileRule(draws, "posterior", 4)
    held = PercentileRule(draws, "posterior", 4, 250.0)
    assert held.bounds(0.9) == apart.bounds(0.9)
    assert held.error_at(0.5) == PercentileRule(draws, effective_size=250.0).error_at(0.5)
    assert held.error_at(0.5) > 3 * apart.error_at(0.5)
