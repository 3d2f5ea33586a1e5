"""All that rows say may lean to one side: doubtful pairs err together, and limits are as wide as that."""

import numpy as np
import pytest
from scipy.stats import norm

from detcount import linkage, simulate
from detcount.linkage import partitions


def test_the_lean_is_nearly_normal_and_moves_slowly():
    found = np.array([partitions.lean(turn) for turn in range(3000)])
    assert abs(found.mean()) < 0.02
    assert found.std() == pytest.approx(norm.ppf(np.linspace(0.02, 0.98, 100_001)).std(), abs=0.02)
    assert np.abs(np.diff(found)).max() < 0.7
    assert np.abs(found).max() < 2.06


@pytest.fixture(scope="module")
def lists():
    """Lists of few surnames, without documents and births."""
    invented = simulate.name_lists(70, seed=3, pool="narrow")
    known = ("Cédula", "Fecha de nacimiento", "Edad", "Estado")
    frames = {
        name: frame.drop(columns=[each for each in frame if each in known])
        for name, frame in invented.frames.items()
    }
    return linkage.read_lists(frames)


@pytest.mark.parametrize(("width", "low", "high"), [(0.0, 0.5, 1.5), (2.0, 1.8, 5.0)])
def test_doubtful_pairs_err_together_where_all_that_rows_say_may_lean(lists, monkeypatch, width, low, high):
    """The variance of the number of persons over that of pairs that err one by one: 1 without a lean."""
    monkeypatch.setattr(partitions, "_LEAN", width)
    linked = linkage.link(lists, n_draws=400)
    p = linked.pair_probability
    assert low < linked.n_persons_draws.var() / (p * (1 - p)).sum() < high
