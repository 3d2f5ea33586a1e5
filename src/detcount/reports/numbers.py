"""Numbers as reports write them: rounded here, and written by the rules of a language when they are said."""

from __future__ import annotations

import math
from typing import Literal

from detcount.words import Message, Number

Towards = Literal["nearest", "down", "up"]
_THREE_FIGURES = 1000
_NEAR = 1e-9  # what a float lacks to a whole unit is no reason to go to the next one


def persons(value: float) -> Number | Message:
    """Write a number of persons as a whole number, thousands set apart."""
    return Number(value, ",.0f") if math.isfinite(value) else Message("no upper limit")


def rounded(
    value: float, *, floor: float = 0.0, figures: int = 2, towards: Towards = "nearest"
) -> Number | Message:
    """Write a number of persons to so many significant figures, but never below the floor.

    Numbers with no more digits than that are written to the nearest whole, as tables write them.
    """
    return persons(printed(value, floor=floor, figures=figures, towards=towards))


def printed(value: float, *, floor: float = 0.0, figures: int = 2, towards: Towards = "nearest") -> float:
    """The number that `rounded` writes."""
    way: Towards = "nearest" if value < 10**figures else towards
    return max(to_figures(value, figures, way), floor)


def printed_limits(low: float, high: float, floor: float = 0.0) -> tuple[float, float]:
    """Limits as every line and every format prints them: to two significant figures, outward."""
    return printed(low, floor=floor, towards="down"), printed(high, floor=floor, towards="up")


def printed_point(value: float, floor: float = 0.0) -> float:
    """A number between limits as every line and every format prints it: from 1,000 on to three figures."""
    return printed(value, floor=floor, figures=3 if value >= _THREE_FIGURES else 2)


def to_figures(value: float, figures: int, towards: Towards = "nearest") -> float:
    """Round persons to significant figures, one way or to the nearest; to whole persons at the finest."""
    if not math.isfinite(value) or value <= 0:
        return value
    unit = 10 ** max(math.floor(math.log10(value)) - figures + 1, 0)
    nearest = float(round(value / unit) * unit)
    if towards == "nearest" or math.isclose(nearest, value, rel_tol=_NEAR):
        return nearest
    return float((math.floor if towards == "down" else math.ceil)(value / unit) * unit)


def decimal(value: float, places: int = 2) -> Number:
    """Write a number with so many decimals."""
    return Number(value, f",.{places}f")


def ratio(value: float) -> Number | Message:
    """Write an odds ratio or a factor to three significant figures, without idle zeros."""
    if math.isfinite(value) and value >= 1000:
        return persons(to_figures(value, 2))
    return Number(value, ".3g" if value >= 0.001 else ".1g")


def percent(share: float, places: int = 0) -> Number:
    """Write a share as a percentage."""
    return Number(share, f",.{places}%")


def level_words(level: float) -> Number:
    """Write the level of an interval as a percentage, with the decimals that it has."""
    return percent(level, len(f"{100 * level:.10g}".partition(".")[2]))


NOTHING = "–"  # a cell with nothing to say


def number_or_dash(value: float | None) -> str:
    """Write a number of persons, or a dash where there is none."""
    return NOTHING if value is None else persons(value)
