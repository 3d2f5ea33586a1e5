"""Where a function of one number crosses zero."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

_NEAR = 0.5  # width of a bracket in which the functions asked for bend little
_MOST_STEPS = 100  # ten are usual
_LAST_BITS = 1e-14


def newton_in_bracket(
    function: Callable[[float], tuple[float, float]],
    low: float,
    high: float,
    *,
    start: float | None = None,
    increasing: bool = True,
    at_zero: Literal["stop", "low", "high"] = "stop",
    absolute: float = 0.0,
    relative: float = 0.0,
    most_steps: int = _MOST_STEPS,
) -> tuple[float, float]:
    """Root of a function inside a bracket, and its slope where it was last asked.

    Newton's method, with a bisection wherever a step would leave the bracket. `function` gives value and
    slope. Begins in the middle, unless told where; ends at a step of at most `absolute`, or `relative`
    times where it is. A value of exactly zero ends it too or, where rounding gives many such values, is an
    end of the bracket like any other.
    """
    sign = 1.0 if increasing else -1.0
    x = 0.5 * (low + high) if start is None else start
    slope = math.nan
    for _ in range(most_steps):
        value, slope = function(x)
        if value == 0.0 and at_zero == "stop":
            return x, slope
        if value * sign > 0 or (value == 0.0 and at_zero == "high"):
            high = x
        else:
            low = x
        new = x - value / slope if slope * sign > 0 else math.inf
        if not low < new < high:
            new = 0.5 * (low + high)
        done = abs(new - x) <= absolute + relative * abs(x)
        x = new
        if done:
            break
    return x, slope


def crossing(rising: Callable[[float], float], *, farthest: float) -> float:
    """Where a rising function crosses zero: halving to get near, then Illinois steps.

    The search begins between -1 and 1 and goes no farther than `farthest`, or the power of two beyond it.
    """
    low, high = -1.0, 1.0
    while rising(low) > 0 and low > -farthest:
        low *= 2
    while rising(high) < 0 and high < farthest:
        high *= 2
    while high - low > _NEAR:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    below, above = rising(low), rising(high)
    last = middle = 0.5 * (low + high)
    for _ in range(_MOST_STEPS):
        middle = low - below * (high - low) / (above - below) if above > below else 0.5 * (low + high)
        value = rising(middle)
        if value == 0 or abs(middle - last) <= _LAST_BITS * (1 + abs(middle)):
            break
        last = middle
        if value > 0:
            high, above, below = middle, value, 0.5 * below
        else:
            low, below, above = middle, value, 0.5 * above
    return middle
