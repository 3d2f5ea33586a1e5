"""How monitors depend on each other: the odds ratio of each two, and what is said of it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from detcount._numerics.diagnostics import mantel_haenszel
from detcount._numerics.monitored import Registers, pair_tables
from detcount.words import Message

_LEVEL = 0.95
_DOUBT = 0.05  # of all pairs together: probability to warn of monitors that work independently


@dataclass(frozen=True)
class MonitorPair:
    """How two monitors depend on each other, among the releases that another monitor has.

    Releases are compared within a day of release, so that all have been followed for the same time and the
    delays of the monitors leave the odds ratio at 1 where they work independently.

    Parameters
    ----------
    first, second : str
        Names of the two monitors.
    odds_ratio : float
        Mantel and Haenszel's, over the days; nan where no day can say anything, infinite or 0 where one of
        its sums is 0.
    low, high : float
        Limits at 95%, from the variance of Robins, Breslow and Greenland.
    p_value : float
        Of the test of Mantel and Haenszel that they are independent on every day, two-sided.
    n : int
        Releases in the days that can say something, persons.
    n_pairs : int, optional
        Pairs that are looked at.
    """

    first: str
    second: str
    odds_ratio: float
    low: float
    high: float
    p_value: float
    n: int
    n_pairs: int = 1

    @property
    def is_shown(self) -> bool:
        """Whether the dependence is shown, the other pairs allowed for (Bonferroni, 5% in all)."""
        return self.p_value < _DOUBT / self.n_pairs

    def note(self) -> Message:
        """Say the odds ratio, or that no day shows it."""
        if math.isnan(self.odds_ratio):
            return Message(
                "No day of release can show whether {first!r} and {second!r} depend on each other: another "
                "monitor has too few of their releases.",
                first=self.first,
                second=self.second,
            )
        return Message(
            "{first!r} and {second!r}, among the {n:,} releases that another monitor has, compared within "
            "each day of release: odds ratio {ratio} ({low} to {high}, 95%). 1 is independence.",
            first=self.first,
            second=self.second,
            n=self.n,
            ratio=_ratio(self.odds_ratio),
            low=_ratio(self.low),
            high=_ratio(self.high),
        )


def pairs_of_monitors(data: Registers, monitors: tuple[str, ...]) -> tuple[MonitorPair, ...]:
    """The odds ratio of each pair among the releases of the others; none where there are two monitors."""
    if len(monitors) < 3:
        return ()
    pairs = tuple(combinations(range(len(monitors)), 2))
    found = []
    for first, second in pairs:
        common = mantel_haenszel(pair_tables(data, first, second))
        limits = common.interval(_LEVEL)
        names = monitors[first], monitors[second]
        found.append(MonitorPair(*names, common.odds_ratio, *limits, common.p_value, common.n, len(pairs)))
    return tuple(found)


def warnings_of(pairs: tuple[MonitorPair, ...], *, independent: bool) -> Iterator[Message]:
    """Warn of the pairs whose dependence is shown, and say what the number does about it."""
    allowed = Message("The number allows for monitors that depend on each other, and its interval is wider.")
    assumed = Message("The number takes monitors as independent, as was asked for.")
    for pair in pairs:
        if pair.is_shown:
            yield Message(
                "{first!r} and {second!r} are not independent: what one has verified is on the register of "
                "the other {more_or_less} often than independence makes it (odds ratio {ratio}). {what}",
                first=pair.first,
                second=pair.second,
                more_or_less=Message("more") if pair.odds_ratio > 1 else Message("less"),
                ratio=_ratio(pair.odds_ratio),
                what=assumed if independent else allowed,
            )


def _ratio(value: float) -> Message:
    """An odds ratio as it is printed."""
    return Message("infinite") if math.isinf(value) else Message("{value:.2g}", value=value)
