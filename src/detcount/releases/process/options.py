"""What a result asks of the specification that made it."""

from __future__ import annotations

from typing import Protocol

from detcount.specification import Specification

__all__ = ["Options"]


class Options(Specification, Protocol):
    """What a result asks of the specification that made it."""

    @property
    def verification(self) -> tuple[float, float]:
        """Beta prior of the chance that a true release is ever verified."""
        ...

    @property
    def delay(self) -> str:
        """Family of the delay."""
        ...

    @property
    def carried_out(self) -> tuple[float, float]:
        """Beta prior of the share of an announcement that was carried out."""
        ...

    @property
    def wave_spread(self) -> float:
        """Standard deviation of the log size from wave to wave."""
        ...

    @property
    def pooled(self) -> bool:
        """Whether forecasts of later figures are pooled with growth elsewhere."""
        ...
