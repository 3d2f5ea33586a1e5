"""Capture histories as a file: counts of persons without any identifier, and no small ones if asked."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detcount.captures import CaptureTable
from detcount.linkage.spreadsheets import safe_text
from detcount.privacy import LARGEST_SMALL_COUNT

__all__ = ["histories_text", "suppressed", "write_histories"]

_LEAST_HIDDEN = 2 * (LARGEST_SMALL_COUNT + 1)  # persons behind the cells that are left out, together


def suppressed(table: CaptureTable) -> NDArray[np.bool_]:
    """Which counts are left out of a table that is published.

    All of 1 to 4 persons, and the least of the others until two cells or more with 10 persons or more are
    left out: who knows the total must not find a small count by subtraction.

    Parameters
    ----------
    table : CaptureTable
        Persons by capture history.

    Returns
    -------
    ndarray of bool, shape (n_histories,)
        Cells that are left out.
    """
    hidden = np.asarray(table.counts <= LARGEST_SMALL_COUNT)
    if not hidden.any():
        return hidden
    for place in np.argsort(table.counts, kind="stable").tolist():
        if hidden.sum() >= 2 and table.counts[hidden].sum() >= _LEAST_HIDDEN:
            break
        hidden[place] = True
    return hidden


def write_histories(path: str | PathLike[str], table: CaptureTable, *, published: bool = False) -> None:
    """Write capture histories as CSV: a column of 0 and 1 for each list, and the persons with that history.

    Parameters
    ----------
    path : str or path
        The file.
    table : CaptureTable
        Persons by capture history.
    published : bool, optional
        Whether to leave out small counts, and as many others as subtraction would need. Such a file is for
        readers, and no estimate can be made of it.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from detcount import CaptureTable, linkage
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     linkage.write_histories(Path(folder) / "histories.csv", table)
    ...     print((Path(folder) / "histories.csv").read_text().splitlines()[:2])
    ['press,families,count', '0,1,60']
    """
    Path(path).write_text(histories_text(table, published=published), encoding="utf-8", newline="")


def histories_text(table: CaptureTable, *, published: bool = False) -> str:
    """Give capture histories as the text of a CSV file.

    Parameters
    ----------
    table : CaptureTable
        Persons by capture history.
    published : bool, optional
        Whether to leave out small counts, as `write_histories` does.

    Returns
    -------
    str
        The lines of the file.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> print(dc.linkage.histories_text(table), end="")
    press,families,count
    0,1,60
    1,0,40
    1,1,20
    """
    import csv
    import io

    hidden = suppressed(table) if published else np.zeros(len(table.counts), dtype=bool)
    stream = io.StringIO(newline="")
    lines = csv.writer(stream, lineterminator="\n")
    lines.writerow([*map(safe_text, table.lists), "count"])
    for history, count, out in zip(
        table.histories.tolist(), table.counts.tolist(), hidden.tolist(), strict=True
    ):
        lines.writerow([*history, "" if out else count])
    return stream.getvalue()
