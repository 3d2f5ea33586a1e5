"""What is known of the registers: increments of published totals over blocks of days, and announced lots."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "Register"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Register:
    """Increments (n) of published totals of S monitors over B blocks of days, and L announced lots.

    Parameters
    ----------
    near, far : ndarray of int64, shape (n_reports, B)
        Days from the last release day of each block that lies in the window to publication, and from the
        day before the first: the share verified is the sum of F over near <= lag < far.
    report : ndarray of int64, shape (n,)
        The report that each increment ends with.
    below : ndarray of int64, shape (n, most)
        The reports that it stands on, filled up with -1.
    width : ndarray of float64, shape (B,)
        Days of each block.
    series : ndarray of int64, shape (n,)
        Whose increment.
    n_series : int
        How many monitors there are.
    count : ndarray of int64, shape (n,)
        Increment, persons.
    least_spread : ndarray of float64, shape (n,)
        Least of the variance over the mean, less one: large for figures that were passed on.
    excess : ndarray of float64, shape (n,)
        Persons by which a figure said to be a lower bound is too low, on average; 0 for other figures.
    following : ndarray of int64, shape (n,)
        For a lower bound, the increment that is smaller by what the figure was too low; -1 if none.
    announced : ndarray of float64, shape (L,)
        Persons announced in each lot.
    profiles : ndarray of float64, shape (L, T, B)
        Share of a lot that is released in each block, under T speeds of carrying it out.
    speeds : ndarray of float64, shape (L, T)
        Prior of the speeds.
    shares : ndarray of float64, shape (L, 2)
        Beta prior of the share of each lot that is verified in the end.
    opens : ndarray of bool, shape (B,)
        Whether something was announced in a block: a campaign that had ended may begin again.
    """

    near: NDArray[np.int64]
    far: NDArray[np.int64]
    report: NDArray[np.int64]
    below: NDArray[np.int64]
    width: Array
    series: NDArray[np.int64]
    n_series: int
    count: NDArray[np.int64]
    least_spread: Array
    excess: Array
    following: NDArray[np.int64]
    announced: Array
    profiles: Array
    speeds: Array
    shares: Array
    opens: NDArray[np.bool_]
