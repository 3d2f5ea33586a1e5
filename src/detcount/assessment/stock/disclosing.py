"""What may be printed of numbers that rest on lists of names: whole ones, or tens."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real

import numpy as np

from detcount._numerics.arrays import Floats
from detcount.words import Message, Number


@dataclass(frozen=True)
class Rounding:
    """How numbers are rounded before they are printed.

    Parameters
    ----------
    unit : int
        Persons: 1 leaves numbers as they are.
    """

    unit: int

    def down(self, value: float) -> float:
        """Round a lower limit or a floor."""
        return float(math.floor(value / self.unit) * self.unit) if math.isfinite(value) else value

    def up(self, value: float) -> float:
        """Round an upper limit."""
        return float(math.ceil(value / self.unit) * self.unit) if math.isfinite(value) else value

    def near(self, value: float) -> float:
        """Round a number between limits."""
        return float(round(value / self.unit) * self.unit) if math.isfinite(value) else value

    def all_down(self, values: Floats) -> Floats:
        """Round lower limits or floors."""
        return np.asarray(np.floor(values / self.unit) * self.unit, dtype=np.float64)

    def all_up(self, values: Floats) -> Floats:
        """Round upper limits."""
        return np.asarray(np.ceil(values / self.unit) * self.unit, dtype=np.float64)

    def all_near(self, values: Floats) -> Floats:
        """Round numbers between limits."""
        return np.asarray(np.round(values / self.unit) * self.unit, dtype=np.float64)


EVERY_NUMBER = Rounding(1)
TENS = Rounding(10)


def tells_numbers(text: str) -> bool:
    """Whether a note has a number, or cannot be looked at: it may tell of few persons, or of one more."""
    if not isinstance(text, Message):
        return any(letter.isdigit() for letter in text)
    return _has_number(text.values)


def _has_number(values: Mapping[str, object]) -> bool:
    """Whether a number stands among the values of a message, however deep."""
    for value in values.values():
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Message):
                if _has_number(each.values):
                    return True
            elif isinstance(each, Number | Real):
                return True
    return False
