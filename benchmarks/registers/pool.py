"""Several forecasters of a register together: the linear pool of what they say."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from detcount._numerics.arrays import Floats
from detcount.contract import arguments, references
from detcount.contract.citation import Reference
from detcount.contract.specification import specification
from detcount.stock.forecasts import LastValue, Totals
from registers.structural import LocalLevel, LocalLinearTrend

__all__ = ["RegisterPool"]

_MEMBERS: tuple[LastValue, ...] = (LocalLinearTrend(), LocalLevel(burst=None))


@specification
class RegisterPool(LastValue):
    """Several forecasters of a register, each with the same share of the draws.

    The estimand is the published total of a day to come. The default is the forecast to report: a trend with
    an uneven pace, sharp while a register stands still, and a level with an even pace, wide while others are
    too sure.

    Parameters
    ----------
    members : tuple of LastValue, optional
        The forecasters.
    horizon : int, optional
        Days ahead.

    Raises
    ------
    TypeError
        If a member is no forecaster.

    See Also
    --------
    LocalLinearTrend, LocalLevel : The two members.
    backtest_register : How well they did.

    Notes
    -----
    The distribution is the mixture of those of the members with equal weights, which data do not change:
    where every model is wrong, the one that was right most often is too sure of itself. That these two make
    the pool was decided by their pinball loss on five series of other places.

    References
    ----------
    .. [1] Harvey, A. C. (1989). Forecasting, structural time series models and the Kalman filter. Cambridge
       University Press. https://doi.org/10.1017/CBO9781107049994
    .. [2] Stone, M. (1961). The opinion pool. Annals of Mathematical Statistics, 32(4), 1339-1342.
       https://doi.org/10.1214/aoms/1177704873

    Examples
    --------
    >>> from detcount import datasets
    >>> totals = datasets.load("venezuela_stock").select(source="Foro Penal", role="verified")
    >>> found = RegisterPool().fit(totals.as_of("2025-12-15"))
    >>> found.last_count, len(found.draws)
    (902, 8000)
    """

    members: tuple[LastValue, ...] = _MEMBERS
    horizon: int = 120

    least: ClassVar[int] = 3  # what the most demanding of the forecasters here needs
    references: ClassVar[tuple[Reference, ...]] = (references.HARVEY_1989,)

    def __post_init__(self) -> None:
        arguments.whole_number("horizon", self.horizon, least=1)

    def log_draws(
        self, totals: Totals, origins: list[int], distances: list[Floats], seed: int
    ) -> list[Floats]:
        """Draws of log totals some days after each of some origins, which are numbers of totals known."""
        made = [member.log_draws(totals, origins, distances, seed) for member in self.members]
        least = min(len(one[0]) for one in made)
        return [np.concatenate([one[k][:least] for one in made]) for k in range(len(origins))]
