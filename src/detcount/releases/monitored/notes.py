"""What a reader must know of releases verified by several monitors, beside the assumptions."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.delay import discrete_cdf
from detcount.releases.monitored.dependence import MonitorPair
from detcount.words import Message

METHOD = "MonitoredReleases"

NOTE_TWO_MONITORS = (
    "With two monitors the data cannot show whether one follows the other: that the odds ratio between "
    "them is {odds_ratio:g} is assumed, and gives about {stated:,} releases. {half:g} would give about "
    "{fewer:,}, and {twice:g} about {more:,}."
)
NOTE_PAIR = (
    "{first!r} and {second!r}, among the {n:,} releases that another monitor has, compared within each day "
    "of release: odds ratio {ratio} ({low} to {high}, 95%). 1 is independence."
)
NOTE_PAIR_UNKNOWN = (
    "No day of release can show whether {first!r} and {second!r} depend on each other: another monitor has "
    "too few of their releases."
)
NOTE_SHOWN = (
    "{first!r} and {second!r} are not independent: what one has verified is on the register of the other "
    "{more_or_less} often than chance makes it (odds ratio {ratio}). The number is averaged over the ways in "
    "which monitors may depend on each other in pairs, and its interval is wider for it."
)
NOTE_SHOWN_ASSUMED = (
    "{first!r} and {second!r} are not independent: what one has verified is on the register of the other "
    "{more_or_less} often than chance makes it (odds ratio {ratio}). The number takes monitors as "
    "independent, as was asked for."
)
NOTE_SHOWN_ESTIMATOR = (
    "{first!r} and {second!r} are not independent: what one has verified is on the register of the other "
    "{more_or_less} often than chance makes it (odds ratio {ratio}). Whether {estimator} allows for that is "
    "among its assumptions."
)
NOTE_INDEPENDENT = (
    "Probability that all monitors are independent: {probability:.0%} (before the data: {before:.0%})."
)
NOTE_NOT_YET = (
    "No release after {last} had been verified by {day}: any after it are not counted, nor those of before "
    "{first}."
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


def pair_notes(pairs: tuple[MonitorPair, ...]) -> list[str]:
    """Say how each pair of monitors depends on each other."""
    notes: list[str] = []
    for pair in pairs:
        if math.isnan(pair.odds_ratio):
            notes.append(Message(NOTE_PAIR_UNKNOWN, first=pair.first, second=pair.second))
        else:
            limits = {"ratio": pair.odds_ratio, "low": pair.low, "high": pair.high}
            notes.append(
                Message(
                    NOTE_PAIR,
                    first=pair.first,
                    second=pair.second,
                    n=pair.n,
                    **{name: _ratio(value) for name, value in limits.items()},
                )
            )
    return notes


def shown_notes(
    pairs: tuple[MonitorPair, ...], estimator: str | None, *, averaged: bool = True
) -> list[Message]:
    """Warn of the pairs whose dependence is shown; what the number does about it depends on who made it."""
    notes = []
    for pair in pairs:
        if not pair.is_shown:
            continue
        said = {
            "first": pair.first,
            "second": pair.second,
            "ratio": _ratio(pair.odds_ratio),
            "more_or_less": Message("more") if pair.odds_ratio > 1 else Message("less"),
        }
        if estimator is not None:
            notes.append(Message(NOTE_SHOWN_ESTIMATOR, estimator=estimator, **said))
        else:
            notes.append(Message(NOTE_SHOWN if averaged else NOTE_SHOWN_ASSUMED, **said))
    return notes


def _ratio(value: float) -> Message:
    """An odds ratio as it is printed."""
    return Message("infinite") if math.isinf(value) else Message("{value:.2g}", value=value)
