"""What a reader must know of a delay beside its assumptions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.delay import discrete_cdf
from detcount.words import Message

METHOD = "VerificationDelay"

NOTE_LONGER = "Releases verified after more than {maximum} days are counted at {maximum} days: {n:,}."
NOTE_NOT_BEYOND = (
    "What is known up to a day cannot show the share of longer delays: that every verification comes "
    "within {maximum} days is assumed."
)
NOTE_TAIL = (
    "The oldest release had {longest} days to be verified; the share of longer delays, {share:.0%}, is not "
    "identified by the data and rests on the {family} form."
)
NOTE_TAIL_SMALL = (
    "The oldest release had {longest} days to be verified; the share of longer delays, under 1%, is not "
    "identified by the data and rests on the {family} form."
)
NOTE_NEVER = "Releases that will never be verified are not among the expected."
NOTE_WITHIN_WINDOW = "Within each window the days of release are taken as equally likely."
NOTE_NO_START = "Totals whose window has no first day are left out: {n:,}."
NOTE_NO_END = "Totals whose window has no last day, and may still grow, are left out: {n:,}."
NOTE_ONE_LOOK = "Windows with a single total say nothing about delay and are left out: {n:,}."
NOTE_CORRECTED = "Totals above a later total of the same window are taken as corrected and left out: {n:,}."
NOTE_AT_LEAST = 'Totals published as "at least" are taken as exact: {n:,}.'
NOTE_SEVERAL_MONITORS = "The delays of {n:,} monitors are taken as one distribution."
_LEFT_OUT = (NOTE_NO_START, NOTE_NO_END, NOTE_ONE_LOOK, NOTE_CORRECTED, NOTE_AT_LEAST)


def left_out_notes(counted: tuple[int, ...]) -> list[str]:
    """Say which totals were left out, or taken for what they are not; in the order of the notes."""
    return [Message(_LEFT_OUT[k], n=n) for k, n in enumerate(counted) if n]


def tail_note(family: str, parameters: NDArray[np.float64], longest: int) -> str:
    """Say how much of the delay no data could show."""
    beyond = 1 - float(discrete_cdf(family, parameters, [longest]).mean())
    if beyond < 0.01:
        return Message(NOTE_TAIL_SMALL, longest=longest, family=family)
    return Message(NOTE_TAIL, longest=longest, share=beyond, family=family)
