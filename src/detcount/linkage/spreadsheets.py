"""Cells that a spreadsheet program shows as text and never computes, and the sheets made of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from detcount.reports.sheets import Cell, Sheet, safe_text, workbook_of
from detcount.reports.writing import write_report


def plain_text(text: str) -> str:
    """Text as it was before `safe_text`."""
    return text[1:] if text.startswith("'") and safe_text(text[1:]) != text[1:] else text


def write_table(
    path: Path, head: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int]
) -> None:
    """Write a sheet of Excel for its owner alone, every text of it as text; nothing else is written."""
    cells = [[Cell(safe_text(x) if isinstance(x, str) else x) for x in row] for row in rows]
    sheet = Sheet("review", [[Cell(name, bold=True) for name in head], *cells], widths, head_stays=True)
    write_report(workbook_of([sheet]), path, force=True, private=True)
