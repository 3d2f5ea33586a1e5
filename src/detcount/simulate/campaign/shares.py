"""Shares of an invented campaign, given or drawn, and the streams of random numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from detcount import arguments
from detcount.errors import InputError
from detcount.words import Message

Share = float | tuple[float, float]

# Streams of random numbers, so that what monitors publish does not move what happened. The streams of
# monitor j are [seed, MONITORS + j, ...].
EVENTS, AUTHORITY, MONITORS = 0, 1, 2


def check_share(where: str, share: Any) -> None:
    """Refuse what is neither a share nor the parameters of one."""
    if isinstance(share, tuple):
        if len(share) != 2 or not all(0 < value < np.inf for value in share):
            raise InputError(
                Message(
                    "{where}: expected two positive numbers (a, b), got {got}", where=where, got=repr(share)
                )
            )
    else:
        arguments.share(where, share)


def draw_share(share: Share, rng: np.random.Generator) -> float:
    """A share that is given, or drawn from its Beta distribution; one number is used up either way."""
    if isinstance(share, tuple):
        return float(rng.beta(*share))
    rng.random()
    return float(share)
