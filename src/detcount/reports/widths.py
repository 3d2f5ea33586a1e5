"""Breadth of the columns of a printed table, guessed from the letters: the font is the printer's."""

from __future__ import annotations

from collections.abc import Sequence

_CELL, _LEAST_CELL = 8.5, 6.5  # points
_BREADTH = {"narrow": 0.34, "small": 0.57, "wide": 0.9, "capital": 0.76, "mono": 0.61}  # of letters, in ems
_BOLD = 1.4  # breadth of the bold letters of heads, where another font stands in for the one asked for
_NARROW, _WIDE = frozenset("iljtfrI.,:;'!|()[] -\u00a0"), frozenset("mwMW%★")
_POINT = 2.54 / 72  # cm
_GUTTER = 0.45  # cm inside a cell, left and right together


def column_widths(
    columns: Sequence[str], rows: Sequence[Sequence[str]], code: Sequence[int], room: float
) -> tuple[list[float], float]:
    """Find widths that break no word, and the size of letters at which there are such.

    Parameters
    ----------
    columns : sequence of str
        The headings.
    rows : sequence of sequences of str
        The cells.
    code : sequence of int
        Columns set in letters of one breadth.
    room : float
        Breadth of the page between its margins, cm.

    Returns
    -------
    widths : list of float
        Breadth of each column, cm.
    size : float
        Size of the letters, points.
    """
    texts = [[name, *(row[k] for row in rows)] for k, name in enumerate(columns)]
    ems = [[_ems(text, mono=k in code) for text in column] for k, column in enumerate(texts)]
    longest = [
        max(
            (1.0 if row else _BOLD) * _ems(part, mono=k in code and row > 0)
            for row, text in enumerate(column)
            for part in text.split(" ")
        )
        for k, column in enumerate(texts)
    ]
    whole = [max(column) for column in ems]
    size = _CELL
    while True:
        least = [size * _POINT * n + _GUTTER for n in longest]
        if sum(least) <= room or size <= _LEAST_CELL:
            break
        size -= 0.5
    if sum(least) > room:  # code without a blank in it: it is broken where it must be
        return [room * width / sum(least) for width in least], size
    most = [size * _POINT * n + _GUTTER for n in whole]
    if sum(most) <= room:
        return most, size
    wanted = [high - low for low, high in zip(least, most, strict=True)]
    share = (room - sum(least)) / sum(wanted)
    return [low + share * more for low, more in zip(least, wanted, strict=True)], size


def _ems(text: str, *, mono: bool) -> float:
    """Breadth of a text in ems, rather too much than too little: heads are bold."""
    if mono:
        return _BREADTH["mono"] * len(text)
    return sum(
        _BREADTH[
            "narrow"
            if letter in _NARROW
            else "wide"
            if letter in _WIDE
            else "capital"
            if letter.isupper()
            else "small"
        ]
        for letter in text
    )
