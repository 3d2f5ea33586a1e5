"""A monitor that has been silent for long: it waits for news, or has stopped following an announcement."""

from __future__ import annotations

import numpy as np

__all__ = ["stopped_chance"]

_USUAL = 7.0  # days between two figures, before any is known: as much as one gap of that length tells
_PAUSES = 0.2  # chance that a monitor which follows has paused, and how long pauses are, days
_PAUSE = 120.0


def stopped_chance(gaps: int, spanned: float, silent: float, stops: float) -> float:
    """Chance that a monitor stopped after its last figure, given how long it has been silent.

    Of a monitor that follows, figures come at a rate with a gamma prior of shape 1, so that none has come for
    u days, after k gaps of T days in all, with chance ((T + 7)/(T + 7 + u))^(k + 1); or it has paused, and is
    back after 120 days on average.

    Parameters
    ----------
    gaps : int
        Gaps between the first day and figures, and from one figure to the next.
    spanned : float
        Days of all these gaps.
    silent : float
        Days since the last figure.
    stops : float
        Chance of having stopped before any silence.
    """
    before = spanned + _USUAL
    waits = (before / (before + max(silent, 0.0))) ** (gaps + 1)
    follows = (1 - _PAUSES) * waits + _PAUSES * np.exp(-max(silent, 0.0) / _PAUSE)
    return float(stops / (stops + (1 - stops) * follows)) if stops else 0.0
