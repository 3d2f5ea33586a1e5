"""Capture histories as a file: counts of persons without any identifier, and no small ones unless asked."""

from __future__ import annotations

from os import PathLike

from detcount.captures import CaptureTable
from detcount.errors import InputError
from detcount.privacy import FEWEST_TOLD, Disclosure, check_disclosure, public_counts, public_floor
from detcount.reports.sheets import safe_text
from detcount.words import Message
from detcount.words.by_key import Messages

message = Messages("detcount.linkage")

_COUNTS = ("rounded_count", "count")
MARKS = (f",{_COUNTS[0]}\n",)
"""What stands in the files of ours that may be written over: those for readers."""


def write_histories(
    path: str | PathLike[str],
    table: CaptureTable,
    *,
    disclosure: Disclosure | None = None,
    force: bool = False,
) -> None:
    """Write capture histories as CSV: a column of 0 and 1 for each list, and the persons with that history.

    Parameters
    ----------
    path : str or path
        The file.
    table : CaptureTable
        Persons by capture history.
    disclosure : {"public", "full"}, optional
        "full" writes every count, as estimates need them, to a file that nobody else may read. "public"
        writes tens to a column ``rounded_count``, and leaves small counts empty: for readers, and no estimate
        can be made of it. By default full for the data sets that ship and public for all else.
    force : bool, optional
        Whether a file of that name that is there may be written over.

    Raises
    ------
    InputError
        If the disclosure is unknown, a list is called as the column of counts, or there is a file of that
        name that is not of ours for readers.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from detcount import CaptureTable, linkage
    >>> table = CaptureTable.from_counts({"10": 42, "01": 60, "11": 3}, lists=["press", "families"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     linkage.write_histories(Path(folder) / "histories.csv", table)
    ...     print((Path(folder) / "histories.csv").read_text().splitlines())
    ['press,families,rounded_count', '0,1,60', '1,0,40', '1,1,']
    """
    from detcount.reports.writing import write_report

    full = check_disclosure(disclosure, table.dataset) == "full"
    write_report(histories_text(table, disclosure=disclosure), path, force=force, marks=MARKS, private=full)


def histories_text(table: CaptureTable, *, disclosure: Disclosure | None = None) -> str:
    """Give capture histories as the text of a CSV file.

    Parameters
    ----------
    table : CaptureTable
        Persons by capture history.
    disclosure : {"public", "full"}, optional
        What is printed, as in `write_histories`.

    Returns
    -------
    str
        The lines of the file.

    Raises
    ------
    InputError
        If the disclosure is unknown, or a list is called as the column of counts.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.CaptureTable.from_counts({"10": 42, "01": 60, "11": 3}, lists=["press", "families"])
    >>> print(dc.linkage.histories_text(table, disclosure="full"), end="")
    press,families,count
    0,1,60
    1,0,42
    1,1,3
    """
    import csv
    import io

    full = check_disclosure(disclosure, table.dataset) == "full"
    taken = [name for name in table.lists if name in _COUNTS]
    if taken:
        raise InputError(
            Message("list {name!r}: a column of counts has this name. Give the list another", name=taken[0])
        )
    counts = table.counts.tolist() if full else public_counts(table)
    stream = io.StringIO(newline="")
    lines = csv.writer(stream, lineterminator="\n")
    lines.writerow([*map(safe_text, table.lists), _COUNTS[full]])
    for history, count in zip(table.histories.tolist(), counts, strict=True):
        lines.writerow([*history, "" if count is None else count])
    return stream.getvalue()


def public_words(n_persons: int, lists: tuple[str, ...]) -> Message:
    """Say how many persons lists name at least, rounded: the same for a table and its companions."""
    listed = public_floor(n_persons)
    listed_words = (
        Message("The rows of {lists:,} name at least {listed:,} persons.", lists=lists, listed=listed)
        if listed
        else message("few persons listed", lists=lists, unit=FEWEST_TOLD)
    )
    rest = message("public words")
    return Message.together((listed_words, rest))
