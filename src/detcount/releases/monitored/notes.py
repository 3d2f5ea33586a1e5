"""What a reader must know of releases verified by several monitors, beside the assumptions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.delay import discrete_cdf
from detcount.words import Message

__all__ = [
    "METHOD",
    "NOTE_ALONE",
    "NOTE_ESTIMATOR",
    "NOTE_EXCEEDED",
    "NOTE_FIRST_DELAY",
    "NOTE_SHORT",
    "NOTE_TAIL",
    "NOTE_TWO_MONITORS",
    "NOTE_WITHIN",
    "tail_notes",
]

METHOD = "MonitoredReleases"

NOTE_TWO_MONITORS = (
    "With two monitors the data cannot show whether one follows the other: that they work independently "
    "is assumed."
)
NOTE_ALONE = (
    "Monitor {monitor!r} shares no release with another, so the share it verifies rests on the prior."
)
NOTE_TAIL = (
    "The oldest release had {longest} days to be verified; the share of longer delays of {monitor!r}, "
    "{share:.0%}, is not identified by the data and rests on the {family} form."
)
NOTE_WITHIN = (
    "Every release was given {within} days to be verified: {n:,} releases of the days to {last} that some "
    "monitor verified in that time went to {estimator}."
)
NOTE_SHORT = (
    "Within {within} days monitor {monitor!r} verifies {share:.0%} of what it ever verifies; more days would "
    "leave fewer than half of the releases."
)
NOTE_FIRST_DELAY = (
    "How many will never be verified rests on the {family} form of the first verification's delay."
)
NOTE_EXCEEDED = "More releases were verified than announced: {verified:,} of {announced:,}."
NOTE_ESTIMATOR = "{estimator}: {note}"


def tail_notes(
    family: str, monitors: tuple[str, ...], delays: NDArray[np.float64], longest: int
) -> list[str]:
    """Say where the share of delays that no data could show is too large to pass over."""
    notes: list[str] = []
    for j, name in enumerate(monitors):
        beyond = 1 - float(discrete_cdf(family, delays[:, j], [longest]).mean())
        if beyond >= 0.01:
            notes.append(Message(NOTE_TAIL, longest=longest, monitor=name, share=beyond, family=family))
    return notes
