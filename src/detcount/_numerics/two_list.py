"""Closed forms for two lists: n1 and n2 on each, m on both."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq
from scipy.special import betaln, logsumexp

__all__ = ["chapman", "hypergeometric_bounds", "lincoln_petersen"]


def lincoln_petersen(n1: int, n2: int, m: int) -> tuple[float, float]:
    """N = n1 n2 / m and its variance by the delta method on the multinomial (Seber 1982, p. 60)."""
    point = n1 * n2 / m
    return point, n1 * n2 * (n1 - m) * (n2 - m) / m**3


def chapman(n1: int, n2: int, m: int) -> tuple[float, float]:
    """N = (n1+1)(n2+1)/(m+1) - 1 and its variance (Chapman 1951; Seber 1982, p. 60)."""
    point = (n1 + 1) * (n2 + 1) / (m + 1) - 1
    variance = (n1 + 1) * (n2 + 1) * (n1 - m) * (n2 - m) / ((m + 1) ** 2 * (m + 2))
    return point, variance
