"""The density of a Student t, from which many samplers here propose."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln

from detcount._numerics.arrays import Floats

__all__ = ["log_student"]


def log_student(points: Floats, centre: Floats, factor: Floats, freedom: float) -> Floats:
    """Log density of a Student t, normal for infinite freedom."""
    n_terms = len(centre)
    scaled = np.linalg.solve(factor, (points - centre).T)
    square = (scaled**2).sum(axis=0)
    constant = -np.log(np.abs(np.diag(factor))).sum()
    if np.isinf(freedom):
        return np.asarray(constant - 0.5 * square - 0.5 * n_terms * np.log(2 * np.pi))
    return np.asarray(
        constant
        + gammaln((freedom + n_terms) / 2)
        - gammaln(freedom / 2)
        - 0.5 * n_terms * np.log(freedom * np.pi)
        - 0.5 * (freedom + n_terms) * np.log1p(square / freedom)
    )
