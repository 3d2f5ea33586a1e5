"""What a forecaster of a register promises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from detcount._numerics.arrays import Floats
from detcount.published import PublishedStock
from detcount.specification import Specification
from detcount.stock.forecasting.reading import Totals
from detcount.stock.forecasting.result import RegisterForecast
from detcount.words import Message


@runtime_checkable
class RegisterForecaster(Specification, Protocol):
    """A specification that turns the totals of one source into a forecast of those to come.

    Examples
    --------
    >>> import detcount as dc
    >>> isinstance(dc.stock.LastValue(), dc.stock.RegisterForecaster)
    True
    """

    def fit(self, stock: PublishedStock, *, seed: int = 0) -> RegisterForecast:
        """Forecast the totals for each day after the last one."""

    def log_draws(
        self, totals: Totals, origins: list[int], distances: list[Floats], seed: int
    ) -> list[Floats]:
        """Draws of log totals some days after each of some origins, which are numbers of totals known."""


def checked_forecasters(name: str, forecasters: Sequence[object]) -> tuple[RegisterForecaster, ...]:
    """Refuse what is no sequence of forecasters, at least one."""
    known: list[RegisterForecaster] = []
    for one in forecasters:
        if isinstance(one, type) or not isinstance(one, RegisterForecaster):
            raise TypeError(
                Message(
                    "{name}: expected forecasters such as LastValue(), got {got}",
                    name=name,
                    got=repr(one),
                )
            )
        known.append(one)
    if not known:
        raise TypeError(Message("{name}: expected forecasters such as LastValue(), got none", name=name))
    return tuple(known)
