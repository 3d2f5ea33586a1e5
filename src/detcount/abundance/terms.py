"""Cells and terms of log-linear models: bit codes of the lists, and their names."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detcount.captures import CaptureTable


def counts_by_code(table: CaptureTable) -> NDArray[np.float64]:
    """Persons by code, the unseen cell 0 in front."""
    return np.concatenate([[0.0], table.dense().astype(np.float64)])


def members(code: int, lists: tuple[str, ...]) -> tuple[str, ...]:
    """Names of the lists of a term."""
    return tuple(name for k, name in enumerate(lists) if code >> k & 1)


def label(code: int, lists: tuple[str, ...]) -> str:
    """Name of a term: its lists joined by a colon, or "intercept"."""
    return ":".join(members(code, lists)) if code else "intercept"
