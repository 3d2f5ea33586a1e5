"""What `IdentifiedBy` is made of: models of the listed, and assumptions on the unlisted."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from detcount import arguments
from detcount._numerics import identification as numerics
from detcount.abundance.bayes_averaging import BayesAveragedLogLinear
from detcount.abundance.decomposable import DecomposableGraphs
from detcount.abundance.guards import checked_odds_ratio
from detcount.abundance.latent_class import LatentClass
from detcount.abundance.no_interaction.pairwise import PairwiseNoInteraction
from detcount.abundance.threshold import ThresholdedLogLinear
from detcount.assumptions import Assumption
from detcount.captures import CaptureTable
from detcount.errors import NotEstimableError
from detcount.specification import specification
from detcount.words import Message

NAME = "IdentifiedBy"


@specification
class Dirichlet:
    """Every history that can be observed has its own probability, with no structure between them.

    Parameters
    ----------
    mass : float, optional
        Prior persons in each of the 2**K - 1 histories, above zero; 1 takes every set of probabilities
        as likely as any other.

    Examples
    --------
    >>> import detcount as dc
    >>> dc.abundance.IdentifiedBy(observed=dc.abundance.Dirichlet(mass=0.5))
    IdentifiedBy(observed=Dirichlet(mass=0.5))
    """

    mass: float = 1.0

    def __post_init__(self) -> None:
        arguments.positive("mass", self.mass)


ObservedModel = Dirichlet | LatentClass | DecomposableGraphs | BayesAveragedLogLinear | ThresholdedLogLinear

OBSERVED = (Dirichlet, LatentClass, DecomposableGraphs, BayesAveragedLogLinear, ThresholdedLogLinear)


class IdentifyingAssumption(Protocol):
    """What ties the unlisted to the observed cells."""

    @property
    def assumption(self) -> Assumption:
        """The assumption as a sentence."""

    def check(self, table: CaptureTable) -> None:
        """Refuse a table that the assumption does not fit."""

    def log_odds(self, table: CaptureTable, log_cells: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log odds of being on no list for each draw of the cells; nan where there are none."""

    def tail_index(self, table: CaptureTable, mass: float) -> float:
        """Moments of the odds below this order are finite, when the cells have a Dirichlet posterior."""


@specification
class NoHighestOrder:
    """The dependence among all the lists together is stated; with 1 there is none.

    Parameters
    ----------
    odds_ratio : float, optional
        The factor that the stated dependence puts on the persons on no list, above 0; the reciprocal of
        the xi of Aleshin-Guendel et al.

    Examples
    --------
    >>> import detcount as dc
    >>> dc.abundance.IdentifiedBy(assumption=dc.abundance.NoHighestOrder(odds_ratio=1.5))
    IdentifiedBy(assumption=NoHighestOrder(odds_ratio=1.5))
    """

    odds_ratio: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "odds_ratio", checked_odds_ratio(self.odds_ratio))

    @property
    def assumption(self) -> Assumption:
        """The assumption as a sentence."""
        return Assumption.NO_HIGHEST_ORDER_INTERACTION

    def check(self, table: CaptureTable) -> None:
        """Refuse a table in which no two lists share anybody."""
        if not table.capture_frequencies[1:].any():
            raise NotEstimableError(
                NAME,
                Message(
                    "no two lists share anybody, so the data set no upper limit and the priors alone would"
                ),
                Message(
                    "Report the persons listed as a floor, or look for names that were spelt differently."
                ),
            )

    def log_odds(self, table: CaptureTable, log_cells: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log odds of being on no list for each draw of the cells."""
        return numerics.log_odds_without_interaction(log_cells, self.odds_ratio)

    def tail_index(self, table: CaptureTable, mass: float) -> float:
        """Least shape among the histories that the odds are divided by."""
        even = [code.bit_count() % 2 == 0 for code in range(1, 1 << table.n_lists)]
        return float(table.dense()[even].min() + mass)


@specification
class PairIndependence:
    """The dependence of two of the lists in the whole population is stated; with 1 they are independent.

    Parameters
    ----------
    lists : tuple of str
        Names of the two lists.
    odds_ratio : float, optional
        Odds ratio between the two, above 0; the reciprocal of the xi of Aleshin-Guendel et al.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> stated = dc.abundance.PairIndependence(lists=("press", "court"))
    >>> estimate = dc.abundance.IdentifiedBy(assumption=stated).fit(table)
    >>> 200 < estimate.point < 400
    True
    """

    lists: tuple[str, str]
    odds_ratio: float = 1.0

    def __post_init__(self) -> None:
        checked = PairwiseNoInteraction(self.lists, self.odds_ratio)
        object.__setattr__(self, "lists", checked.lists)
        object.__setattr__(self, "odds_ratio", checked.odds_ratio)

    @property
    def assumption(self) -> Assumption:
        """The assumption as a sentence."""
        return Assumption.KNOWN_ODDS_RATIO

    def check(self, table: CaptureTable) -> None:
        """Refuse a table without the two lists, or whose two lists share nobody."""
        if table.overlap(*self.lists) == 0:
            one, other = self.lists
            raise NotEstimableError(
                NAME,
                Message(
                    "lists {lists!r} share nobody, so the prior of the cells alone would set N",
                    lists=(one, other),
                ),
                Message("Choose another pair of lists, or report the persons listed as a floor."),
            )

    def log_odds(self, table: CaptureTable, log_cells: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log odds of being on no list for each draw of the cells; nan where they would be negative."""
        first, second = (table.lists.index(name) for name in self.lists)
        return numerics.log_odds_of_pair(log_cells, first, second, self.odds_ratio)

    def tail_index(self, table: CaptureTable, mass: float) -> float:
        """Shape of the overlap, which the odds are divided by."""
        return float(table.overlap(*self.lists) + mass * 2 ** (table.n_lists - 2))
