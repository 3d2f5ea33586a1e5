"""Rows as lines of text in columns."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from detcount.words import said

__all__ = ["text_in_columns"]


def text_in_columns(lines: Sequence[Sequence[str]], lang: str, *, left: Collection[int] = (0,)) -> str:
    """Cells said in a language, in columns; those whose positions are in `left` are aligned to the left."""
    rows = [[said(cell, lang) for cell in line] for line in lines]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in rows
    )
