"""The prior of the integrated model: from limits as a person states them to the scales of the numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount import arguments
from detcount._numerics.arrays import Ints
from detcount._numerics.stock.integrated.forces import CONSTANTS, SHARES, Moves, PriorValues
from detcount.errors import InputError
from detcount.words import Message

_TWO_SIDED = 2 * 1.959963984540054
_DAYS_OF_ARRESTS = 250.0  # days in which, at the usual pace, as many are arrested as the register holds
_ARRESTS = 1.0
FIXED_LIMITS = {"never": (0.55, 1.8), "unknown_leave": (0.68, 1.48)}
"""Limits of those never to be entered at first, over what the coverage says, and of how fast the unknown
leave, over how fast the known do."""
_HAZARD = 0.12
_SURGE = 0.002
_MOST_SURGE = 7.0


def checked_limits(name: str, value: Any, *, share: bool = False) -> tuple[float, float]:
    """Two limits, the lower first; of a share both below 1."""
    low, high = arguments.positive_pair(name, value)
    if not low < high or (share and high >= 1):
        what = Message("the smaller first, and both below 1") if share else Message("the smaller first")
        raise InputError(
            Message(
                "{where}: expected two limits that hold 95% of the prior, {what}, got {got}",
                where=name,
                what=what,
                got=repr((low, high)),
            )
        )
    return low, high


@dataclass(frozen=True)
class Stated:
    """What is stated of the model.

    Parameters
    ----------
    limits : dict of str to tuple of float
        Limits at 95% of constants, by name.
    moves : dict of str to tuple of float
        Scale and tail of ``bursts``, ``waves`` and ``surges``.
    announced : float
        By how much waves of weeks with announced releases may be larger.
    flow_error : float
        Standard deviation of the root of a printed flow, over that of a Poisson count.
    bend : float
        Standard deviation, on the logarithm, of a bend.
    """

    limits: Mapping[str, tuple[float, float]]
    moves: Mapping[str, tuple[float, float]]
    announced: float
    flow_error: float
    bend: float


def prior_values(
    stated: Stated, register: float, with_waves: NDArray[np.bool_], surge_steps: Ints, n_known: int
) -> PriorValues:
    """Centres and spreads on the scales of the numbers.

    Parameters
    ----------
    stated : Stated
        What is stated.
    register : float
        Mean of what the register holds, persons.
    with_waves : ndarray of bool, shape (n_steps,)
        Steps in which releases were announced or counted.
    surge_steps : ndarray of int64
        Steps in which there may be a surge.
    n_known : int
        Steps of which something is published.
    """
    centre, spread = np.zeros(len(CONSTANTS)), np.ones(len(CONSTANTS))
    for k, name in enumerate(CONSTANTS):
        if name == "arrests":
            centre[k], spread[k] = math.log(register / _DAYS_OF_ARRESTS), _ARRESTS
        elif name in stated.limits:
            low, high = (
                math.log(each / (1 - each) if name in SHARES else each) for each in stated.limits[name]
            )
            centre[k], spread[k] = (low + high) / 2, (high - low) / _TWO_SIDED
    moves = {name: Moves(*pair) for name, pair in stated.moves.items()}
    return PriorValues(
        centre=centre,
        spread=spread,
        bursts=moves["bursts"],
        waves=moves["waves"],
        surges=replace(moves["surges"], most=_MOST_SURGE),
        hazard=_HAZARD,
        surge=_SURGE,
        wave_times=np.where(with_waves, stated.announced, 1.0),
        surge_steps=surge_steps,
        n_known=n_known,
    )
