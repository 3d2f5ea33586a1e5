"""Results whose arrays nobody can change, from a pickle either."""

from __future__ import annotations

from typing import Any

import numpy as np

from detcount._numerics.arrays import frozen


class ReadOnly:
    """A frozen dataclass with `notes`: its arrays are read-only once it is made, copied or unpickled."""

    notes: tuple[str, ...]

    def __post_init__(self) -> None:
        self._freeze()
        object.__setattr__(self, "notes", tuple(self.notes))

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._freeze()

    def _freeze(self) -> None:
        """Make the arrays read-only."""
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray):
                object.__setattr__(self, name, frozen(value))
