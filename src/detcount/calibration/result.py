"""Limits and detail of a calibrated estimate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.calibration import Distribution, quantile
from detcount._numerics.interactions import Sizes
from detcount.calibration.lessons import HALF

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CalibratedDetail", "CalibratedRule"]


@dataclass(frozen=True, eq=False)
class CalibratedDetail:
    """What stands behind an estimate by `Calibrated`.

    Parameters
    ----------
    base_unobserved : dict of str to float
        Estimate of the persons on no list by each estimator of the base that answers.
    declined : dict of str to str
        Estimators of the base that do not, and why.
    n_unobserved : float or None
        The base's one estimate of the persons on no list, before calibration; half a person at least. None
        where there is no base.
    discrepancies : dict of str to float
        Logarithm of true over estimated n_0 of each case learned from.
    distribution : Distribution
        Distribution of the logarithm of the persons on no list of the table at hand.
    n_cases, n_datasets, n_groups : int
        Cases learned from, data sets they come from, and groups of data sets that share people.
    share_between : float or None
        Share of the variance of discrepancies that lies between groups; None where only interactions are
        learned.
    chance : float
        Variance added to the discrepancy for which persons happened to be on which lists.
    shared : float or None
        Share of the variance of this table's discrepancy that other tables of one source have in common with
        it, as cases of one group have; None where only interactions are learned.
    interactions : Sizes or None
        Posterior mean of the sizes of interactions in the bank; None where they are not used.
    """

    base_unobserved: dict[str, float]
    declined: dict[str, str]
    n_unobserved: float | None
    discrepancies: dict[str, float]
    distribution: Distribution
    n_cases: int
    n_datasets: int
    n_groups: int
    share_between: float | None
    chance: float
    shared: float | None
    interactions: Sizes | None

    def to_frame(self) -> pd.DataFrame:
        """Give the cases learned from as a pandas frame, a row each."""
        import pandas as pd

        return pd.DataFrame(
            {"case": list(self.discrepancies), "discrepancy": list(self.discrepancies.values())}
        )


@dataclass(frozen=True, eq=False)
class CalibratedRule:
    """Quantiles of n + n_0, log n_0 having a distribution; less than half a person is nobody."""

    distribution: Distribution
    n_observed: int
    method: ClassVar[str] = "calibrated"

    def bounds(self, level: float) -> tuple[float, float]:
        """Limits of N at a level."""
        tail = (1 - level) / 2
        return self.at(tail), self.at(1 - tail)

    def at(self, probability: float) -> float:
        """Number of persons that is not passed with a probability."""
        with np.errstate(over="ignore"):
            unlisted = float(np.exp(quantile(self.distribution, probability)))
        return self.n_observed + (unlisted if unlisted >= HALF else 0.0)

    def sample(self, size: int, random: np.random.Generator) -> NDArray[np.float64]:
        """Numbers of persons drawn at random."""
        with np.errstate(over="ignore"):
            unlisted = np.exp(self.distribution.draws(size, random))
        return np.asarray(self.n_observed + np.where(unlisted >= HALF, unlisted, 0.0))
