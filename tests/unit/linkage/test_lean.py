"""All that rows say may lean to one side: draws hold it, as an independent sum over the lean says."""

import numpy as np
import pytest
from scipy.stats import norm

from detcount import linkage
from detcount.linkage import partitions


def test_the_lean_is_nearly_normal_and_moves_slowly():
    found = np.array([partitions.lean(turn) for turn in range(3000)])
    assert abs(found.mean()) < 0.02
    assert found.std() == pytest.approx(norm.ppf(np.linspace(0.02, 0.98, 100_001)).std(), abs=0.02)
    assert np.abs(np.diff(found)).max() < 0.7
    assert np.abs(found).max() < 2.06


def pair(monkeypatch, lean):
    """Draws of two rows that may be one person among rows of others."""
    monkeypatch.setattr(partitions, "_LEAN", lean)
    names = ["Ana Rojas Mora", "Luis Paz Gil", "Eva Díaz Soto", "Juan Vera Lugo", "Rosa Peña Ríos"]
    one = {"Nombre": [*names, "Pedro Alonso Marín"], "Sexo": ["F", "M", "F", "M", "F", "M"]}
    two = {"Nombre": [*names[2:], "Pedra Alonzo"], "Sexo": ["F", "M", "F", "M"]}
    return linkage.link(linkage.read_lists({"a": one, "b": two}), n_draws=4000)


def test_draws_hold_the_lean(monkeypatch):
    """Two rows are one person as often as the mean over leans of their logistic odds says."""
    certain, leaning = pair(monkeypatch, 0.0), pair(monkeypatch, 2.0)
    place = np.flatnonzero((certain.pair_first == 5) & (certain.pair_second == 9))[0]
    p, q = certain.pair_probability[place], leaning.pair_probability[place]
    assert 0.01 < p < 0.99
    leans = 2.0 * norm.ppf(np.linspace(0.02, 0.98, 4001))
    expected = (1 / (1 + np.exp(-(np.log(p / (1 - p)) - leans)))).mean()
    assert q == pytest.approx(expected, abs=0.06)  # prior counts are drawn with the partition
    assert np.ptp(leaning.n_persons_draws) >= np.ptp(certain.n_persons_draws)
