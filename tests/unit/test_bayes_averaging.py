"""Averaging over all hierarchical models: against quadrature, in every order of lists, calibrated."""

import numpy as np
import pytest

from detcount._numerics.log_linear_posterior import averaged_posterior, log_evidences
from detcount._numerics.patterns import all_hierarchical
from detcount.data.captures import CaptureTable

EVIDENCE_TOLERANCE = 0.03  # of a log marginal likelihood; noise of 40,000 draws over eight models
PROBABILITY_TOLERANCE = 0.01  # the same noise in a probability
CUBATURE = 7  # Gauss-Hermite nodes a dimension, around the mode
LAPLACE_TOLERANCE = 0.1  # of a log marginal likelihood; some 150 persons, error of order 1/persons a term

THREE = {"100": 61, "010": 40, "001": 23, "110": 14, "101": 5, "011": 9, "111": 3}


def _table(cells):
    return CaptureTable.from_counts(cells, lists=["press", "court", "families"])


def _cells(table):
    return np.concatenate([[0.0], table.dense().astype(float)])


def _evidence_by_sums(model, counts, scale):
    """Marginal likelihood with the intercept integrated by hand, the rest by Gauss-Hermite nodes.

    Over a flat intercept, Poisson counts give Gamma(n) times a multinomial likelihood of the cells.
    """
    from scipy.optimize import minimize
    from scipy.special import gammaln, logsumexp

    terms = [code for code in np.flatnonzero(model).tolist() if code]
    rows = range(1, len(counts))
    design = np.array([[(-1.0) ** bin(row & code).count("1") for code in terms] for row in rows])
    n = counts[1:]

    def log_density(b):
        eta = b @ design.T
        return (
            gammaln(n.sum())
            - gammaln(n + 1).sum()
            + eta @ n
            - n.sum() * logsumexp(eta, axis=-1)
            - 0.5 * (b**2).sum(axis=-1) / scale**2
            - len(terms) * np.log(scale * np.sqrt(2 * np.pi))
        )

    best = minimize(lambda b: -log_density(b), np.zeros(len(terms)), method="BFGS", options={"gtol": 1e-8})
    share = np.exp(design @ best.x)
    share /= share.sum()
    spread = np.diag(share) - np.outer(share, share)
    curvature = n.sum() * design.T @ spread @ design + np.eye(len(terms)) / scale**2
    factor = np.linalg.cholesky(np.linalg.inv(curvature))
    nodes, weights = np.polynomial.hermite_e.hermegauss(CUBATURE)
    mesh = np.stack(np.meshgrid(*[nodes] * len(terms), indexing="ij"), axis=-1).reshape(-1, len(terms))
    log_weights = sum(np.log(weights)[np.searchsorted(nodes, mesh[:, k])] for k in range(len(terms)))
    values = log_density(best.x + mesh @ factor.T) + 0.5 * (mesh**2).sum(axis=1) + log_weights
    return float(logsumexp(values) + np.log(np.diag(factor)).sum())


@pytest.mark.parametrize("scale", [1.0, 0.4])
def test_evidence_and_probabilities_against_quadrature(scale):
    counts = _cells(_table(THREE))
    models = all_hierarchical(3)
    exact = np.array([_evidence_by_sums(model, counts, scale) for model in models])
    laplace, _ = log_evidences(models, counts, scale)
    assert np.abs(laplace - exact).max() < LAPLACE_TOLERANCE
    if scale == 1.0:
        posterior = averaged_posterior(
            models, counts, estimated_scale=False, n_draws=40_000, random=np.random.default_rng(1)
        )
        shares = np.exp(exact - exact.max())
        assert posterior.probabilities == pytest.approx(shares / shares.sum(), abs=PROBABILITY_TOLERANCE)
        total = np.log(np.exp(posterior.log_weights).mean())
        assert total == pytest.approx(exact.max() + np.log(shares.sum()), abs=EVIDENCE_TOLERANCE)
