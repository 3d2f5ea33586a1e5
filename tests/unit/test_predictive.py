"""Posterior predictive checks, sensitivity to priors, and draws for ArviZ."""

import sys
import types

import numpy as np
import pytest

from detcount import CaptureTable, datasets, posterior_predictive, prior_sensitivity, to_arviz
from detcount.abundance import (
    BayesAveragedLogLinear,
    DecomposableGraphs,
    IdentifiedBy,
    InverseN,
    LatentClass,
    NegativeBinomial,
    ThresholdedLogLinear,
    UniformN,
)
from detcount.errors import DetcountWarning, MissingExtraError
from detcount.verbs.predictive.check import graph_cells

# means of 2,000 draws of probabilities whose spread is below 0.12: two standard errors, by fixed seeds
CELL = 0.0055
# a list's share of the listed: Monte Carlo error 0.001, and priors worth about one person in 225 on each term
LIST_SHARE = 0.015
# of 200 uniform p-values the share below 0.05 has a standard error of 0.015, that below 0.25 one of 0.031
N_TABLES = 200
THREE = CaptureTable.from_counts(
    {"100": 60, "010": 51, "110": 34, "001": 45, "101": 12, "011": 9, "111": 14},
    lists=["press", "court", "families"],
)


def table_from_cells(cells, n_persons, random):
    """Persons drawn over all histories, the unlisted left out; list k is bit k."""
    counts = random.multinomial(n_persons, cells)
    n_lists = len(cells).bit_length() - 1
    histories = {
        "".join(str(code >> k & 1) for k in range(n_lists)): int(count)
        for code, count in enumerate(counts)
        if code and count
    }
    return CaptureTable.from_counts(histories, lists=["press", "court", "families", "prison"][:n_lists])


def test_predicted_persons_add_up():
    for estimator in (DecomposableGraphs(), IdentifiedBy(), BayesAveragedLogLinear(), ThresholdedLogLinear()):
        estimate = estimator.fit(THREE)
        check = posterior_predictive(estimate, THREE)
        assert sum(cell.observed for cell in check.cells) == THREE.n_observed
        assert sum(cell.mean for cell in check.cells) == pytest.approx(THREE.n_observed)
        for cell in check.cells:
            assert 0 <= cell.low <= cell.high <= THREE.n_observed
            assert 0 <= cell.tail_probability <= 1
            assert cell.observed == THREE.dense()[int(cell.history[::-1], 2) - 1]
            assert "".join(str(int(name in cell.on)) for name in THREE.lists) == cell.history
        assert list(check.to_frame()["history"]) == [cell.history for cell in check.cells]


def test_saturated_model_predicts_dirichlet_means():
    check = posterior_predictive(IdentifiedBy().fit(THREE), THREE, n_draws=20_000)
    means = {cell.history: cell.mean / THREE.n_observed for cell in check.cells}
    for code, count in enumerate(THREE.dense(), 1):
        history = "".join(str(code >> k & 1) for k in range(3))
        assert means[history] == pytest.approx((count + 1) / (THREE.n_observed + 7), abs=CELL)
    assert check.saturated
    assert "only its prior mass is checked" in str(check)


def test_log_linear_cells_keep_the_margins_that_their_models_fit():
    # flat main effects: the expected persons on each list are those it names, but for the pull on pairs
    for estimator in (BayesAveragedLogLinear(), ThresholdedLogLinear(prior="improper")):
        cells = np.exp(estimator.listed_cells(THREE, 4000, seed=2))
        np.testing.assert_allclose(cells.sum(axis=1), 1.0, rtol=1e-9)  # rounding
        for k, name in enumerate(THREE.lists):
            on = (np.arange(1, 8) >> k & 1).astype(bool)
            share = cells[:, on].sum(axis=1)
            assert share.mean() == pytest.approx(THREE.list_sizes[name] / THREE.n_observed, abs=LIST_SHARE)
            assert 0.01 < share.std() < 0.06  # sqrt(0.25 / 225) is 0.033


def test_histories_that_flat_priors_make_impossible_have_no_probability():
    table = datasets.load("ukdat_5")
    with pytest.warns(DetcountWarning):
        estimate = ThresholdedLogLinear(prior="improper").fit(table)
    ((one, other),) = estimate.detail.empty_overlaps
    cells = np.exp(ThresholdedLogLinear(prior="improper").listed_cells(table, 500))
    both = (1 << table.lists.index(one)) | (1 << table.lists.index(other))
    impossible = (np.arange(1, 32) & both) == both
    assert (cells[:, impossible] == 0).all()
    assert (cells[:, ~impossible] > 0).all()
    check = posterior_predictive(estimate, table)
    assert all(cell.mean == 0 for cell in check.cells if {one, other} <= set(cell.on))


def test_graph_cells_stay_near_the_shares_of_the_listed():
    # that N comes back from them is tested beside IdentifiedBy
    cells = np.exp(graph_cells(DecomposableGraphs().fit(THREE), THREE, 1000, np.random.default_rng(0)))
    np.testing.assert_allclose(cells.sum(axis=1), 1.0, rtol=1e-9)  # rounding
    sizes = THREE.dense() / THREE.n_observed
    np.testing.assert_allclose(cells.mean(axis=0), sizes, atol=0.02)  # a graph smooths by that much


def independent(shares):
    cells = np.ones(1)
    for share in shares:
        cells = np.concatenate([cells * (1 - share), cells * share])
    return cells


@pytest.mark.slow
def test_p_values_are_uniform_or_closer_to_a_half_under_the_model():
    random = np.random.default_rng(11)
    values, flagged = [], 0
    for _ in range(N_TABLES):
        table = table_from_cells(independent(random.uniform(0.15, 0.5, 4)), 900, random)
        check = posterior_predictive(DecomposableGraphs().fit(table), table, n_draws=400)
        values.append(check.p_value)
        flagged += bool(check.misfits)
    values = np.array(values)
    assert abs(values.mean() - 0.5) < 0.1  # the fit borrows from the data: up to 0.05 besides chance
    assert np.mean(values < 0.05) < 0.05 + 4 * 0.015
    assert np.mean(values < 0.25) < 0.25 + 4 * 0.031
    assert values.std() > 0.1
    assert flagged / N_TABLES < 0.05 + 4 * 0.015


def test_a_planted_misfit_is_found():
    # one list or three is rarer than two: an interaction of all three lists, which the graphs leave out
    cells = np.array([1 + 0.6 * (-1) ** code.bit_count() for code in range(8)]) / 8
    table = table_from_cells(cells, 1500, np.random.default_rng(8))
    check = posterior_predictive(DecomposableGraphs().fit(table), table)
    assert check.p_value < 0.01
    assert check.cells[0].misfit
    assert len(check.misfits) > 1
    assert "misfit" in str(check)
    saturated = posterior_predictive(IdentifiedBy().fit(table), table)
    assert saturated.p_value > 0.2
    assert not saturated.misfits


def test_priors_side_by_side():
    found = prior_sensitivity(
        DecomposableGraphs(), THREE, [InverseN(), NegativeBinomial(150, 1e5), UniformN(0, 300)], level=0.9
    )
    assert found.rows[0].prior == "InverseN()"
    for row, prior in zip(
        found.rows, (InverseN(), NegativeBinomial(150, 1e5), UniformN(0, 300)), strict=True
    ):
        estimate = DecomposableGraphs(prior=prior).fit(THREE)
        interval = estimate.interval(0.9)
        assert (row.point, row.low, row.high) == (estimate.point, interval.low, interval.high)
    points = [row.point for row in found.rows]
    assert found.ratio == max(points) / min(points)
    assert f"a factor of {found.ratio:.2f}" in found.sentence()
    assert str(found).splitlines()[-1] == found.sentence()
    assert list(found.to_frame()["point"]) == points
    assert "PriorSensitivity of DecomposableGraphs()" in repr(found)


def stub_arviz(monkeypatch):
    """A stand-in that gives back what it is called with."""
    module = types.ModuleType("arviz_base")
    module.from_dict = lambda data, *, attrs: (data, attrs)
    monkeypatch.setitem(sys.modules, "arviz_base", module)


def test_draws_for_arviz(monkeypatch):
    stub_arviz(monkeypatch)
    estimate = IdentifiedBy(n_draws=1000).fit(THREE, seed=6)
    data, attrs = to_arviz(estimate)
    assert data["posterior"]["N"].shape == (1, 1000)
    assert (data["posterior"]["N"][0] == estimate.draws).all()
    assert (data["posterior"]["log_odds"][0] == estimate.detail.log_odds).all()
    assert attrs["/"] == {"estimator": "IdentifiedBy(n_draws=1000)", "seed": 6, "data_sha256": THREE.digest}


def test_chains_for_arviz(monkeypatch):
    stub_arviz(monkeypatch)
    estimate = LatentClass(min_effective_size=100).fit(THREE)
    data, _ = to_arviz(estimate)
    assert data["posterior"]["N"].shape == estimate.detail.chains.shape
    assert data["posterior"]["N"].shape[0] > 1
    classes = data["posterior_classes"]
    assert classes["class_weights"].shape == (1, *estimate.detail.class_weights.shape)
    assert np.allclose(classes["class_weights"].sum(axis=-1), 1)
    assert classes["list_shares"].shape == (*classes["class_weights"].shape, THREE.n_lists)


def test_arviz_that_is_absent(monkeypatch):
    monkeypatch.setitem(sys.modules, "arviz_base", None)
    estimate = IdentifiedBy(n_draws=1000).fit(THREE)
    with pytest.raises(MissingExtraError, match="pip install 'arviz-base>="):
        to_arviz(estimate)
