"""Rows as a pandas frame, also where there are none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def frame_of(rows: Iterable[Mapping[str, Any]], columns: Sequence[str] = ()) -> pd.DataFrame:
    """Pandas frame of the rows; `columns` name them when there are none."""
    import pandas as pd

    found = list(rows)
    return pd.DataFrame(found) if found else pd.DataFrame(columns=list(columns))
