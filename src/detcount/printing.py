"""Rows as lines of text in columns."""

from __future__ import annotations

from collections.abc import Collection, Sequence

__all__ = ["text_in_columns"]


def text_in_columns(lines: Sequence[Sequence[str]], *, left: Collection[int] = (0,)) -> str:
    """Lines of text in columns; those whose positions are in `left` are aligned to the left."""
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
