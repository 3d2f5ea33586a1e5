"""Rows as text in columns, and as a frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["frame_of", "text_in_columns"]


def text_in_columns(header: Sequence[str], lines: Sequence[Sequence[str]], *, left: int = 1) -> str:
    """Lines of text in columns, the first `left` of them aligned to the left."""
    widths = [max(len(row[column]) for row in (header, *lines)) for column in range(len(header))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (header, *lines)
    )


def frame_of(rows: list[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    """Pandas frame of the rows; `columns` name them when there are none."""
    import pandas as pd

    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=columns)
