"""Roots of functions of one number."""

from __future__ import annotations

import math

import pytest

from detcount._numerics.roots import crossing, newton_in_bracket

ROUNDING = 1e-14  # relative: the iterations end at the last bits


def cubic(x: float) -> tuple[float, float]:
    return x**3 - 2.0, 3 * x**2


@pytest.mark.parametrize("at_zero", ["stop", "low", "high"])
@pytest.mark.parametrize("start", [None, 0.001, 1.9])
def test_newton_in_a_bracket(start: float | None, at_zero: str) -> None:
    root, slope = newton_in_bracket(cubic, 0.0, 2.0, start=start, at_zero=at_zero, relative=1e-15)  # type: ignore[arg-type]
    assert root == pytest.approx(2 ** (1 / 3), rel=ROUNDING)
    assert slope == pytest.approx(3 * 2 ** (2 / 3), rel=1e-6)  # of the point before


def test_newton_of_a_falling_function_that_is_flat_at_first() -> None:
    def falling(x: float) -> tuple[float, float]:
        return (1.0, 0.0) if x < 3 else (4.0 - x, -1.0)

    assert newton_in_bracket(falling, 0.0, 5.0, increasing=False, absolute=1e-12)[0] == 4.0


def test_a_value_of_zero_ends_the_search_where_it_stands() -> None:
    asked = []

    def function(x: float) -> tuple[float, float]:
        asked.append(x)
        return x - 1.0, 1.0

    assert newton_in_bracket(function, 0.0, 2.0) == (1.0, 1.0)
    assert asked == [1.0]


def test_steps_run_out() -> None:
    assert newton_in_bracket(cubic, 0.0, 2.0, most_steps=1)[0] == 1.0 + 1 / 3


@pytest.mark.parametrize("root", [-40.0, -0.3, 0.0, 0.7, 200.0])
def test_crossing_of_a_rising_function(root: float) -> None:
    assert crossing(lambda x: math.tanh(x - root), farthest=700.0) == pytest.approx(
        root, rel=ROUNDING, abs=1e-13
    )


def test_crossing_goes_no_farther_than_told() -> None:
    assert crossing(lambda _: 1.0, farthest=8.0) <= -7.0
