"""Rows as a pandas frame, also where there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["frame_of"]


def frame_of(rows: list[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    """Pandas frame of the rows; `columns` name them when there are none."""
    import pandas as pd

    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=columns)
