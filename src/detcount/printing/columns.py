"""Rows as lines of text in columns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from detcount.words import said


@dataclass(frozen=True)
class Columns:
    """A small table of words and numbers, in no language yet.

    Parameters
    ----------
    head : tuple of str
        The headings.
    rows : tuple of tuple of str
        The cells: messages, or names and codes as plain texts.
    left : tuple of int, optional
        Positions of the columns that are aligned to the left.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: tuple[int, ...] = (0,)

    def say(self, lang: str) -> str:
        """Give the table as text, in one language."""
        return text_in_columns([self.head, *self.rows], lang, left=self.left)


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
