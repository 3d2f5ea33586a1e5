"""Cells of frames and workbooks as text: a document is no number, and a day is a day."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np

from detcount.frames import missing

_MIDNIGHT = dt.time()


def as_text(cell: Any) -> str:
    """The text of a cell; empty where it holds nothing."""
    if isinstance(cell, str):
        return cell
    if cell is None or missing(cell):
        return ""
    if isinstance(cell, (bool, np.bool_)):
        return str(bool(cell)).lower()
    if isinstance(cell, (int, np.integer)):
        return str(int(cell))
    if isinstance(cell, (float, np.floating)):
        number = float(cell)
        return str(int(number)) if math.isfinite(number) and number == int(number) else repr(number)
    if isinstance(cell, np.datetime64):
        cell = cell.astype("datetime64[us]").item()
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    return str(cell)
