"""Draws of counts that are known to be at least so many, by halving: the time hardly grows with the count."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

__all__ = ["least_reached", "negative_binomial_of_at_least"]

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

_TINY = 1e-300
_NONE_LEFT = 1e-250  # a tail below loses digits: near its end it is geometric to a thousandth


def negative_binomial_of_at_least(size: Floats, ratio: Floats, least: int, most: int, level: Floats) -> Whole:
    """Draw, by levels in [0, 1), counts from `least` to `most`.

    The probability of k is proportional to Gamma(k + size) / k! ratio^k.
    """

    def tail(count: Whole) -> Floats:
        k = count.astype(np.float64)
        reached = np.where(k > 0, betainc(np.maximum(k, 1.0), size, ratio), 1.0)
        beyond = betainc(most + 1.0, size, ratio)
        return np.asarray(np.maximum(reached - beyond, 0.0))

    falls = ratio * (least + size) / (least + 1.0)
    low = np.full(len(size), least, dtype=np.int64)
    return least_reached(tail, low, np.full(len(size), most, dtype=np.int64), falls, level)


def least_reached(
    tail: Callable[[Whole], Floats], least: Whole, most: Whole, falls: Floats, level: Floats
) -> Whole:
    """Give the smallest count whose distribution function, from `least` on, is above a level.

    Parameters
    ----------
    tail : callable
        Probability of at least so many, up to a factor, for each.
    least, most : ndarray of int64, shape (n,)
        Smallest and largest count.
    falls : ndarray of float64, shape (n,)
        Probability of the count after the smallest over that of the smallest, where the tail is too small.
    level : ndarray of float64, shape (n,)
        In [0, 1).

    Returns
    -------
    ndarray of int64, shape (n,)
        The counts.
    """
    whole = tail(least)
    target = (1 - level) * whole
    low, high = least.copy(), np.maximum(most, least) + 1
    while (high - low > 1).any():
        middle = low + (high - low) // 2
        reached = tail(middle) >= target
        low, high = np.where(reached, middle, low), np.where(reached, high, middle)
    lost = ~(whole > _NONE_LEFT)
    if lost.any():
        log_falls = np.log(np.clip(falls[lost], _TINY, 1 - 1e-12))
        further = np.floor(np.log1p(-level[lost]) / log_falls)
        low[lost] = np.minimum(least[lost] + further, np.maximum(most, least)[lost]).astype(np.int64)
    return low
