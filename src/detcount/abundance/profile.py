"""Intervals from the multinomial profile likelihood of N."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.profile import LogLinearProfile


@dataclass(frozen=True, eq=False)
class LogLinearProfileRule:
    """Multinomial profile likelihood of a log-linear model, over the cells that the model keeps."""

    design: NDArray[np.float64]
    counts: NDArray[np.float64]
    offset: NDArray[np.float64] | None = None
    nonnegative: tuple[int, ...] = ()
    method: ClassVar[str] = "profile likelihood"

    def bounds(self, level: float) -> tuple[float, float]:
        """Limits of N at a level."""
        return self.profile().limits(level)

    def profile(self) -> LogLinearProfile:
        """The likelihood that the limits are read from."""
        return LogLinearProfile(self.design, self.counts, offset=self.offset, nonnegative=self.nonnegative)
