"""Batched extended maximum likelihood against statsmodels, and against itself one by one."""

import warnings

import numpy as np
import pytest

from detcount._numerics import poisson as engine
from detcount._numerics.existence import extended_support
from detcount._numerics.patterns import all_hierarchical, from_generators, superset_sums
from detcount._numerics.poisson import fit_hierarchical
from detcount.errors import ConvergenceError

GLM = 1e-7  # relative: statsmodels iterates to 1e-12 in the deviance here; rounding of a QR and of an inverse
SAME = 1e-9  # relative: two starts that both converge to 1e-10 in the score
SCORE = 1e-9  # relative: ten times the tolerance of the iteration

KOSOVO = np.array([0.0, 1131, 845, 177, 936, 228, 217, 181, 306, 106, 31, 18, 123, 42, 32, 27])
SPARSE = np.array([0.0, 25, 24, 1, 70, 1, 2, 1, 33, 2, 2, 1, 1, 0, 0, 0])


def glm(model, counts):
    import statsmodels.api as sm

    terms, kept, _ = extended_support(model, counts)
    codes, cells = np.flatnonzero(terms[0]), np.flatnonzero(kept[0])
    design = (codes & ~cells[:, None] == 0).astype(float)
    with np.errstate(divide="ignore", invalid="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a fit without degrees of freedom is perfect, and divides by them
        fit = sm.GLM(counts[cells], design, family=sm.families.Poisson()).fit(tol=1e-12, maxiter=200)
    return fit, codes, cells


@pytest.mark.parametrize("counts", [KOSOVO, SPARSE], ids=["kosovo", "sparse"])
def test_every_model_of_four_lists_against_statsmodels(counts):
    models = all_hierarchical(4)[::3]
    fits = fit_hierarchical(models, counts)
    assert (fits.code == 0).sum() > 20
    for place in np.flatnonzero(fits.code == 0):
        expected, codes, cells = glm(models[place], counts)
        n_0 = np.exp(expected.params[0])
        assert fits.n_unobserved[place] == pytest.approx(n_0, rel=GLM)
        assert fits.coefficients[place, codes] == pytest.approx(expected.params, rel=GLM, abs=GLM)
        assert fits.fitted[place, cells] == pytest.approx(expected.mu, rel=GLM)
        assert fits.log_likelihood[place] == pytest.approx(expected.llf, rel=GLM)
        assert fits.deviance[place] == pytest.approx(expected.deviance, rel=GLM, abs=GLM)
        assert fits.degrees_of_freedom[place] == expected.df_resid
        assert fits.n_finite[place] == len(codes)
        assert fits.n_parameters[place] == models[place].sum()
        variance = n_0 + n_0**2 * expected.cov_params()[0, 0]
        assert fits.variance[place] == pytest.approx(variance, rel=1e-5)  # its covariance is a step behind


def test_empty_overlap_is_minus_infinity():
    model = from_generators([0b101, 0b011], 3)
    counts = np.array([0.0, 40, 30, 6, 20, 0, 9, 0])
    fits = fit_hierarchical(model, counts)
    assert fits.code.tolist() == [0]
    assert fits.coefficients[0, 0b101] == -np.inf
    assert fits.fitted[0, [0b101, 0b111]].tolist() == [0.0, 0.0]
    assert fits.coefficients[0, 0b110] == 0.0  # not in the model
    # lists 2 and 3 are left, independent among those not on list 1: n_0 = 30 * 20 / 9
    assert fits.n_unobserved[0] == pytest.approx(30 * 20 / 9, rel=SAME)


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
