"""How monitors depend on each other: the odds ratio of each pair, and what is kept of all the structures."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from detcount._numerics.mantel_haenszel import mantel_haenszel
from detcount._numerics.monitored import Registers, pair_tables

_LEVEL = 0.95
_DOUBT = 0.05  # of all pairs together: chance to warn of monitors that work independently


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


@dataclass(frozen=True)
class DependenceStructure:
    """Which monitors may depend on each other, and how likely that is.

    Parameters
    ----------
    pairs : tuple of tuple of str
        The pairs that depend; none where all are independent.
    probability : float
        Posterior probability, among the structures kept.
    common : bool, optional
        Whether all pairs have one odds ratio, as where some releases are harder to find for everybody.
    """

    pairs: tuple[tuple[str, str], ...]
    probability: float
    common: bool = False


def pairs_of_monitors(data: Registers, monitors: tuple[str, ...]) -> tuple[MonitorPair, ...]:
    """The odds ratio of each pair among the releases of the others; none where there are two monitors."""
    if len(monitors) < 3:
        return ()
    pairs = tuple(combinations(range(len(monitors)), 2))
    found = []
    for first, second in pairs:
        common = mantel_haenszel(pair_tables(data, first, second))
        low, high = common.interval(_LEVEL)
        found.append(
            MonitorPair(
                monitors[first],
                monitors[second],
                common.odds_ratio,
                low,
                high,
                common.p_value,
                common.n,
                len(pairs),
            )
        )
    return tuple(found)
