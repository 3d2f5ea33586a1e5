"""Numbers of an open population kept within what is possible, and what was cut for that."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from detcount._numerics.arrays import Floats
from detcount._numerics.open_population import Sightings
from detcount.stock.open_population.result import OpenQuantity
from detcount.words import Message

__all__ = ["entered", "finite", "held", "notes_of_cuts", "reason_without_stock", "stayed"]


def held(formula: float, variance: float, known: float) -> OpenQuantity:
    """Persons held at an occasion, at least those certainly there."""
    return OpenQuantity(max(formula, known), math.sqrt(variance), formula, known, math.inf, "log-normal")


def stayed(formula: float, variance: float) -> OpenQuantity:
    """The chance of being held at the next occasion too."""
    return OpenQuantity(min(formula, 1.0), math.sqrt(variance), formula, 0.0, 1.0, "normal")


def entered(formula: float, variance: float) -> OpenQuantity:
    """Persons who came by the next occasion."""
    return OpenQuantity(max(formula, 0.0), math.sqrt(variance), formula, 0.0, math.inf, "normal")


def finite(
    occasions: Sequence[str],
    formulas: Floats,
    variances: Floats,
    make: Callable[[float, float], OpenQuantity],
) -> dict[str, OpenQuantity]:
    """Quantities of those occasions that have a number and a standard error."""
    there = np.isfinite(formulas) & np.isfinite(variances)
    return {
        occasions[k]: make(float(formulas[k]), float(variances[k])) for k in np.flatnonzero(there).tolist()
    }


def reason_without_stock(seen: Sightings, k: int) -> Message | None:
    """Why the formulas of Jolly and Seber have no stock for a roster; None where they have one."""
    n_rosters = len(seen.named)
    if k == 0:
        return Message("no roster before it names anybody, so that nothing shows whom it misses")
    if k == n_rosters - 1:
        return Message("no roster after it shows who was held and not named on it")
    if seen.named[k] == 0:
        return Message("it names nobody")
    if seen.before[k] == 0:
        return Message("it names nobody whom a roster before it names")
    if seen.again[k] == 0:
        return Message("nobody on it is named later")
    if seen.passed_over[k] == 0:
        return Message("it leaves out nobody who is named before and after it")
    return None


def notes_of_cuts(
    stock: Mapping[str, OpenQuantity],
    shares: Mapping[str, OpenQuantity],
    entries: Mapping[str, OpenQuantity],
) -> tuple[str, ...]:
    """Say where a formula gave what cannot be."""
    notes = []
    below = [name for name, one in stock.items() if one.formula < one.least]
    if below:
        notes.append(
            Message(
                "The formula gives fewer persons than were certainly held at {names!r:,}; the estimate is "
                "then those certainly held.",
                names=below,
            )
        )
    above = [name for name, one in shares.items() if one.formula > 1]
    if above:
        notes.append(
            Message(
                "The formula gives a chance of staying above 1 after {names!r:,}, as it can by chance where "
                "few leave; it is given as 1.",
                names=above,
            )
        )
    negative = [name for name, one in entries.items() if one.formula < 0]
    if negative:
        notes.append(
            Message(
                "The formula gives fewer than 0 persons who entered after {names!r:,}, as it can by chance "
                "where few enter; it is given as 0.",
                names=negative,
            )
        )
    return tuple(notes)
