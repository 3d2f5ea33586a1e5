"""Draws of the entries that a running total lacks, and of exits on the far side of a bulletin."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.stock_flow import backlog_draws, split_draws, uniform_draws
from detcount.releases.audit.reading import Register
from detcount.releases.audit.window import Endpoint

__all__ = ["late_draws", "split_exits"]


def late_draws(
    register: Register,
    opening: Endpoint,
    closing: Endpoint,
    late_by: str,
    late_range: tuple[int, int] | None,
    n_draws: int,
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], tuple[float, float]]:
    """Draw the entries that the running total does not hold, and bound them."""
    if late_range is not None:
        return uniform_draws(*late_range, n_draws, rng), (float(late_range[0]), float(late_range[1]))
    if late_by == "printed":
        printed = register.printed_entries(opening.day, closing.day)
        late = printed - (register.total_at(closing.day) - register.total_at(opening.day))
        return np.full(n_draws, late, dtype=np.int64), (float(late), float(late))
    backlogs = np.array(
        [check.backlog_at_least for check in register.checks if check.checked], dtype=np.int64
    )
    smallest = [register.least_backlog(day) for day in (opening.before, closing.after)]
    drawn = backlog_draws(backlogs, tuple(least for least, _ in smallest), n_draws, rng)
    for draws, (least_backlog_there, known) in zip(drawn, smallest, strict=True):
        if known:
            draws[:] = least_backlog_there
    printed = register.printed_entries(opening.after, closing.before)
    least = printed - (register.total_at(closing.before) - register.total_at(opening.after))
    return np.maximum(drawn[1] - drawn[0], least), (float(least), math.inf)


def split_exits(
    register: Register, point: Endpoint, is_opening: bool, n_draws: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], int]:
    """Draw the exits between a day and the bulletin on its inner side, and say how many there can be."""
    before, after = point.before, point.after
    added = register.total_at(after) - register.total_at(before)
    exits = max(0, register.held_at(before) + added - register.held_at(after))
    share = 0.0 if point.share is None else point.share
    if point.asked in register.held:
        early = (
            register.held_at(before) - register.held_at(point.asked) + split_draws(added, share, n_draws, rng)
        )
        early = np.clip(early, 0, exits)
    else:
        early = split_draws(exits, share, n_draws, rng)
    return (exits - early if is_opening else early), exits
