"""Random samples of the entries of a list, to be checked one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from detcount.contract import arguments
from detcount.errors import InputError
from detcount.quality.audits import ANSWER, LIST, POPULATION
from detcount.reading.cells import as_text, read_status
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd


_LEFT = frozenset(("released", "dead", "transferred"))


def drawn_sample(
    frame: pd.DataFrame,
    n: int,
    *,
    name: str,
    status: str | None = None,
    left: str | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Draw entries of a list at random, with a column for the answer.

    Parameters
    ----------
    frame : pandas.DataFrame
        The list; its cells are in the sample as they are, names too.
    n : int
        Entries to draw.
    name : str
        What the list is called.
    status, left : str, optional
        Columns with the status and the day of the exit: those known to have left are not drawn, as most who
        do not belong stand among the others.
    seed : int, optional
        Seed of the draw.

    Returns
    -------
    pandas.DataFrame
        The entries, with their row in the list and the number from which they were drawn.
    """
    for column in filter(None, (status, left)):
        if column not in frame.columns:
            raise InputError(Message("column {name!r}: there is no such column", name=column))
    known_left = np.zeros(len(frame), dtype=bool)
    if left is not None:
        known_left |= [as_text(cell).strip() != "" for cell in frame[left]]
    if status is not None:
        known_left |= [read_status(as_text(cell))[0] in _LEFT for cell in frame[status]]
    rows = np.flatnonzero(~known_left)
    n = arguments.whole_number("--sample", n, least=1)
    if n > len(rows):
        raise InputError(
            Message(
                "--sample: expected at most {most:,}, the entries not known to have left, got {n:,}",
                most=len(rows),
                n=n,
            )
        )
    for column in (ANSWER, POPULATION, LIST, "row"):
        if column in frame.columns:
            raise InputError(
                Message("column {name!r}: a sample has one of its own. Rename that of the list", name=column)
            )
    chosen = np.sort(np.random.default_rng(arguments.seed(seed)).choice(rows, n, replace=False))
    own: dict[str, Any] = {ANSWER: "", LIST: name, "row": chosen + 1, POPULATION: len(rows)}
    return frame.iloc[chosen].reset_index(drop=True).assign(**own)[[*own, *frame.columns]]
