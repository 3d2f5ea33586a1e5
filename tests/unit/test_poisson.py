"""Batched extended maximum likelihood against statsmodels, and against itself one by one."""

import numpy as np
import pytest

from detcount._numerics import poisson as engine
from detcount._numerics.patterns import all_hierarchical, from_generators, superset_sums
from detcount._numerics.poisson import fit_hierarchical
from detcount.errors import ConvergenceError

SCORE = 1e-9  # relative: ten times the tolerance of the iteration

KOSOVO = np.array([0.0, 1131, 845, 177, 936, 228, 217, 181, 306, 106, 31, 18, 123, 42, 32, 27])


@pytest.mark.parametrize("seed", range(6))
def test_uneven_counts_converge(seed):
    """Counts from 0 to 10**8 beside each other; every fit that exists is found."""
    rng = np.random.default_rng(seed)
    models = all_hierarchical(5)[rng.choice(6893, 200, replace=False)]
    counts = np.floor(10.0 ** rng.uniform(0, 8) * rng.gamma(0.15, 1, size=32))
    counts[0] = 0
    fits = fit_hierarchical(models, counts)
    ok = fits.code == 0
    listed = np.where(np.arange(32) > 0, fits.fitted[ok], 0.0)
    wanted = superset_sums(counts)
    terms = models[ok] & (wanted > 0)
    error = np.abs(superset_sums(listed) - wanted) / np.maximum(wanted, 1)
    assert error[terms].max(initial=0.0) < SCORE
    assert (fits.variance[ok] > 0).all()


def test_sixteen_lists():
    """Independent lists of a known population: the expected counts give it back."""
    shares = np.linspace(0.05, 0.35, 16)
    codes = np.arange(1 << 16)
    on = codes[:, None] >> np.arange(16) & 1
    expected = 5000 * np.prod(np.where(on, shares, 1 - shares), axis=1)
    expected[0] = 0
    fits = fit_hierarchical(from_generators([0b11], 16), expected)
    assert fits.n_unobserved[0] == pytest.approx(5000 * np.prod(1 - shares), rel=1e-6)  # counts of 1e-15


def test_an_iteration_that_stops_early_is_an_error(monkeypatch):
    monkeypatch.setattr(engine, "_STEPS", 2)
    with pytest.raises(ConvergenceError, match="1 log-linear fits had not converged after 2 steps"):
        fit_hierarchical(from_generators([0b0011], 4), KOSOVO)
