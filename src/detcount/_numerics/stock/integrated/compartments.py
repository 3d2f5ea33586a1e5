"""From forces to who is held: known, waiting to be entered, never to be, and left but not struck off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats
from detcount._numerics.stock.integrated.forces import Forces

_LEAST = 0.02  # of a register, at least so many are held, however slow it is to strike off


@dataclass(frozen=True)
class State:
    """Who is where at the end of a step, persons, each of shape (n_draws,).

    Parameters
    ----------
    register : ndarray of float64
        Those whom the register holds.
    waiting, never, brief : ndarray of float64
        Held and not in it: those whom it will enter, those whom it will not, and those held for days only.
    brief_known : ndarray of float64
        Held for days only, and in it.
    left : ndarray of float64
        In it, and no longer held.
    """

    register: Floats
    waiting: Floats
    never: Floats
    brief: Floats
    brief_known: Floats
    left: Floats

    @property
    def unknown(self) -> Floats:
        """Held, and not in the register."""
        return np.asarray(self.waiting + self.never + self.brief)

    @property
    def stock(self) -> Floats:
        """Held."""
        return np.asarray(self.register - self.left + self.unknown)


@dataclass(frozen=True)
class Course:
    """What happens, each of shape (n_steps, n_draws); the stock and the unknown have the first state before.

    Parameters
    ----------
    stock, unknown, register : ndarray of float64, shape (n_steps + 1, n_draws)
        Held; held and not in the register; in the register.
    entered, struck_off, arrests, exits : ndarray of float64, shape (n_steps, n_draws)
        Flows of each step: onto the register, off it, into and out of the stock.
    last : State
        Where everybody is in the end.
    """

    stock: Floats
    unknown: Floats
    register: Floats
    entered: Floats
    struck_off: Floats
    arrests: Floats
    exits: Floats
    last: State


def first_state(register: float, forces: Forces) -> State:
    """Who is where before the first step."""
    by = forces.constants
    coverage = by["coverage"]
    known = np.full(len(coverage), register, dtype=np.float64)
    left = known * np.minimum(by["left"], 0.9)
    brief = by["arrests"] * by["brief_share"] * by["brief_stay"]
    return State(
        register=known,
        waiting=known * by["waiting"],
        never=(known - left) * (1 - coverage) / coverage * by["never"],
        brief=brief,
        brief_known=np.minimum(0.3 * brief, 0.2 * known),
        left=left,
    )


def course(forces: Forces, first: State, register: Floats, step: int) -> Course:
    """Follow everybody through the steps.

    Within a step hazards are constant and compete; whoever comes in it comes, on average, at its middle.

    Parameters
    ----------
    forces : Forces
        What drives them.
    first : State
        Where they are before.
    register : ndarray of float64, shape (n_steps + 1,)
        What the register holds at the end of each step, as published; NaN where the model has to say.
    step : int
        Days of a step.
    """
    by = forces.constants
    n_steps, n_draws = forces.arrests.shape
    p, b, faster = by["coverage"], by["brief_share"], by["unknown_leave"]
    enter, strike, short = (step / by[name] for name in ("entry_delay", "exit_delay", "brief_stay"))
    stays, stays_half = np.exp(-strike), np.exp(-strike / 2)
    now = first
    stock, unknown, known = (np.empty((n_steps + 1, n_draws)) for _ in range(3))
    entered, struck, exits = (np.empty((n_steps, n_draws)) for _ in range(3))
    stock[0], unknown[0], known[0] = first.stock, first.unknown, first.register
    for k in range(n_steps):
        arrests, hazard, surge = forces.arrests[k], forces.hazard[k], forces.surge[k]
        out = faster * hazard
        waiting, found, gone = _through(now.waiting, arrests * (1 - b) * p, enter + surge, out)
        never, more, off = _through(now.never, arrests * (1 - b) * (1 - p), surge, out)
        brief, seen, free = _through(now.brief, arrests * b, enter * p + surge, short + out)
        brief_known, _, known_free = _through(now.brief_known, seen, 0.0, short + hazard)
        long_known = np.maximum(now.register - now.left - now.brief_known, _LEAST * now.register)
        leaving = -long_known * np.expm1(-hazard) - (found + more) * np.expm1(-hazard / 2) + known_free
        struck[k] = now.left * (1 - stays) + leaving * (1 - stays_half)
        left = now.left * stays + leaving * stays_half
        entered[k] = found + more + seen
        exits[k] = leaving + gone + off + free
        total = np.maximum(now.register + entered[k] - struck[k], 1.0)
        if register[k + 1] == register[k + 1]:
            total = np.full(n_draws, register[k + 1])
        now = State(total, waiting, never, brief, brief_known, np.minimum(left, (1 - _LEAST) * total))
        stock[k + 1], unknown[k + 1], known[k + 1] = now.stock, now.unknown, total
    return Course(stock, unknown, known, entered, struck, forces.arrests, exits, now)


def _through(
    held: Floats, coming: Floats, found: Floats | float, gone: Floats
) -> tuple[Floats, Floats, Floats]:
    """Those who stay in a compartment, those found, and those gone."""
    total = found + gone
    keep_half = np.exp(-total / 2)
    keep = keep_half**2
    stay = held * keep + coming * keep_half
    out = held + coming - stay
    seen = out * (found / np.maximum(total, 1e-12))
    return stay, seen, out - seen
