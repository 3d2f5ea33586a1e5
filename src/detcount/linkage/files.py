"""Files of a linkage: histories, reviews, and the decisions made in a review.

What is written of rows and what is read back of them stands together: columns, words and digests are shared.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Ints
from detcount._numerics.linkage.agreement import numbered
from detcount._numerics.stock.spells import LONG_AGO, NEVER
from detcount.data.captures import CaptureTable
from detcount.data.persons import PersonLists
from detcount.data.persons.dates import STATUSES
from detcount.errors import InputError
from detcount.linkage.name_lists import without_content
from detcount.privacy import FEWEST_PRINTED, Disclosure, check_disclosure, public_counts, public_floor
from detcount.reading.days import Span, as_written
from detcount.reading.tables import read_grid
from detcount.reports.sheets import Cell, Sheet, safe_text, workbook_of
from detcount.reports.writing import check_target, write_report
from detcount.words import Message

COLUMNS = ("decision", "digest_a", "digest_b", "key")
"""Columns of a review that are read back."""
_SAME = frozenset({"same", "yes", "y", "1", "true", "sí", "si", "s", "misma", "la misma", "mismo"})
_APART = frozenset({"different", "no", "n", "0", "false", "two", "distinta", "distintas", "distinto", "otra"})


def key_check(key: bytes | str | None) -> str:
    """Fingerprint of a key, which does not disclose it; empty for a key that nobody keeps."""
    if key is None:
        return ""
    secret = key.encode() if isinstance(key, str) else key
    return hmac.new(secret, b"detcount decisions", hashlib.sha256).hexdigest()[:16]


@dataclass(frozen=True, repr=False)
class Decisions:
    """Decisions of people on pairs of rows.

    Rows are named by keyed digests of what is written in them, so that a decision stays with its rows when
    lists are sorted, and when rows come or go. It ends when a cell of one of its rows changes.

    Parameters
    ----------
    first, second : tuple of str
        Digests of the two rows of each pair.
    same : tuple of bool
        True if they are one person.
    key : str
        Fingerprint of the key of the digests.

    Examples
    --------
    >>> from detcount.linkage import Decisions
    >>> Decisions(first=(), second=(), same=(), key="").same
    ()
    """

    first: tuple[str, ...]
    second: tuple[str, ...]
    same: tuple[bool, ...]
    key: str

    def __len__(self) -> int:
        return len(self.same)

    def __repr__(self) -> str:
        return f"<Decisions: {sum(self.same)} pairs the same person, {len(self) - sum(self.same)} not>"


@without_content
def read_decisions(path: str | PathLike[str]) -> Decisions:
    """Read a review back, in which somebody has written what the pairs are.

    Parameters
    ----------
    path : str or path
        The workbook that `Linkage.review` wrote, or the same as CSV. In its column ``decision`` stands "same"
        or "different" (also yes and no, sí and no, 1 and 0); blank is undecided.

    Returns
    -------
    Decisions
        The pairs that were decided.

    Raises
    ------
    InputError
        If the file is no review, or a decision cannot be read; its row is named, and no cell is shown.

    Examples
    --------
    >>> import detcount as dc
    >>> lists = dc.linkage.read_lists(
    ...     {
    ...         "press": {"Nombre": ["Ana Pérez Rojas", "Luis Mora"], "Cédula": ["V-12.345.678", ""]},
    ...         "families": {"Apellidos": ["PEREZ ROJAS"], "Nombres": ["ANA"], "CI": ["12345678"]},
    ...     }
    ... )
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> linked = dc.linkage.link(lists, key=dc.privacy.new_digest_key(), n_draws=200)
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "review.xlsx")
    ...     _ = linked.review(file)
    ...     decided = dc.linkage.read_decisions(file)
    >>> len(decided.same)
    0
    """
    place = Path(path)
    names, rows = _cells(place)
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise InputError(
            Message(
                "{file}: expected the columns {wanted:,} of a review, got no {missing:,}. Give the file that "
                "Linkage.review wrote",
                file=place.name,
                wanted=COLUMNS,
                missing=missing,
            )
        )
    at = {name: names.index(name) for name in COLUMNS}
    first, second, same, keys = [], [], [], set()
    for line, row in enumerate(rows, 2):
        cells = {name: row[k].strip() for name, k in at.items()}
        word = cells["decision"].casefold().removesuffix(".0")
        if not word:
            continue
        if word not in _SAME | _APART:
            raise InputError(
                Message(
                    '{file}, row {line}: expected "same" or "different" or nothing in the column decision, '
                    "got something else",
                    file=place.name,
                    line=line,
                )
            )
        if not cells["digest_a"] or not cells["digest_b"]:
            raise InputError(
                Message(
                    "{file}, row {line}: a decision stands beside no digests. Write it beside a pair of rows",
                    file=place.name,
                    line=line,
                )
            )
        first.append(cells["digest_a"])
        second.append(cells["digest_b"])
        same.append(word in _SAME)
        keys.add(cells["key"])
    if len(keys) > 1:
        raise InputError(Message("{file}: its rows were made with several keys", file=place.name))
    return Decisions(tuple(first), tuple(second), tuple(same), next(iter(keys), ""))


def check_review(path: str | PathLike[str], *, force: bool = False) -> None:
    """Refuse a place that a review must not be written to: another file than a review, or decisions."""
    place = Path(path)
    if place.suffix.lower() != ".xlsx":
        raise InputError(
            Message(
                "{file}: expected a name that ends with .xlsx, as a review is a workbook", file=place.name
            )
        )
    names: list[str] = []
    if place.is_file() and place.stat().st_size:
        with suppress(InputError):
            names, rows = _cells(place)
    is_review = set(COLUMNS) <= set(names)
    check_target(place, force=force or is_review, marks=())
    n = sum(bool(row[names.index("decision")].strip()) for row in rows if row) if is_review else 0
    if n:
        raise InputError(
            Message.counted(
                "{file}: it is a review that holds 1 decision, which would be lost. Choose another name",
                "{file}: it is a review that holds {n:,} decisions, which would be lost. Choose another name",
                n=n,
                file=place.name,
            )
        )


def _cells(place: Path) -> tuple[list[str], list[list[str]]]:
    """Names of the columns of a table, in small letters, and its rows, each as long as they are."""
    lines = [list(map(plain_text, row)) for row in read_grid(place, place.name).rows]
    if not lines:
        raise InputError(Message("{file}: expected a head and rows, got an empty file", file=place.name))
    width = len(lines[0])
    return [name.strip().lower() for name in lines[0]], [(row + [""] * width)[:width] for row in lines[1:]]


def decided_pairs(decisions: Decisions, digests: NDArray[np.bytes_], check: str) -> tuple[Ints, Ints, int]:
    """Pairs of rows that are one person by decisions, pairs that are two, and decisions that found no row."""
    if len(decisions) and decisions.key != check:
        raise InputError(
            Message(
                "decisions: they were made with another key than these digests. Give link the `key` of the "
                "review"
            )
        )
    rows_of: dict[str, list[int]] = {}
    for record, digest in enumerate(digests.tolist()):
        rows_of.setdefault(digest.decode(), []).append(record)
    together: set[tuple[int, int]] = set()
    apart: set[tuple[int, int]] = set()
    n_left_out = 0
    for one, two, same in zip(decisions.first, decisions.second, decisions.same, strict=True):
        a, b = rows_of.get(one, []), rows_of.get(two, [])
        if not a or not b:
            n_left_out += 1
        elif same:
            members = sorted({*a, *b})  # rows that are alike to the last cell are one person then
            together |= {(members[0], member) for member in members[1:]}
        else:
            apart |= {(min(i, j), max(i, j)) for i in a for j in b if i != j}
    pairs = [np.array(sorted(each), dtype=np.int64).reshape(-1, 2) for each in (together, apart)]
    return pairs[0], pairs[1], n_left_out


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


_COUNTS = ("rounded_count", "count")
MARKS = (f",{_COUNTS[0]}\n",)
"""By which our files for readers are known: these may be written over."""


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
        True if an existing file of that name may be overwritten.

    Raises
    ------
    InputError
        If the disclosure is unknown, a list has the name of the column of counts, or there is a file of that
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
        Disclosure, as in `write_histories`.

    Returns
    -------
    str
        The lines of the file.

    Raises
    ------
    InputError
        If the disclosure is unknown, or a list has the name of the column of counts.

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
    full = check_disclosure(disclosure, table.dataset) == "full"
    taken = [name for name in table.lists if name in _COUNTS]
    if taken:
        raise InputError(
            Message("list {name!r}: a column of counts has this name. Give the list another", name=taken[0])
        )
    counts = table.counts.tolist() if full else public_counts(table)
    shown = ("" if count is None else count for count in counts)
    rows = ([*history, count] for history, count in zip(table.histories.tolist(), shown, strict=True))
    return _csv([*map(safe_text, table.lists), _COUNTS[full]], rows)


PERSONS_MARKS = ("person,list,entered,left,status,",)
"""By which our files of persons are known."""


def persons_text(people: PersonLists) -> str:
    """Give entries of persons, who are numbers, as the text of a CSV file that `PersonLists` reads as it is.

    Parameters
    ----------
    people : PersonLists
        Who is on which list since when and until when.

    Returns
    -------
    str
        A line an entry: ``person``, ``list``, ``entered``, ``left``, ``status``, ``listed_on``,
        ``left_known_on`` and ``last_confirmed``.

    Examples
    --------
    >>> import detcount as dc
    >>> days = ["2026-01-05", "2026-01", "2026-02-01"]
    >>> rows = {"who": [1, 1, 2], "list": ["press", "court", "court"], "day": days}
    >>> people = dc.PersonLists.from_frame(rows, person="who", list="list", entered="day")
    >>> print(dc.linkage.files.persons_text(people).splitlines()[1])
    1,press,2026-01-05,,inside,2026-01-05,,
    """

    def days(first: Ints, last: Ints) -> list[str]:
        return [_span(*ends) for ends in zip(first.tolist(), last.tolist(), strict=True)]

    out = people.left_last < NEVER
    known = np.maximum(people.left_known, people.listed)
    seen = np.minimum(people.confirmed, people.left_last)
    seen = np.where(seen > people.listed, seen, NEVER)
    columns = {
        "person": (numbered(people.person) + 1).tolist(),
        "list": [safe_text(people.lists[k]) for k in people.on.tolist()],
        "entered": days(people.entered_first, people.entered_last),
        "left": days(np.where(out, people.left_first, NEVER), people.left_last),
        "status": [STATUSES[k] for k in people.status.tolist()],
        "listed_on": days(people.listed, people.listed),
        "left_known_on": days(np.where(out, known, NEVER), np.where(out, known, NEVER)),
        "last_confirmed": days(seen, seen),
    }
    return _csv(columns, zip(*columns.values(), strict=True))


def _span(first: int, last: int) -> str:
    """Days as lists of persons take them; nothing where there are none."""
    if first >= NEVER:
        return ""
    if first <= LONG_AGO:
        return as_written(Span(last, last, "before")) or ""
    return as_written(Span(first, last)) or ""


def _csv(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """Lines of a CSV file."""
    stream = io.StringIO(newline="")
    lines = csv.writer(stream, lineterminator="\n")
    lines.writerow(head)
    lines.writerows(rows)
    return stream.getvalue()


def public_words(n_persons: int, lists: tuple[str, ...], *, other_rules: bool = False) -> Message:
    """Say how many persons lists name at least, rounded: the same for a table and its companions."""
    listed = public_floor(n_persons)
    listed_words = (
        Message("The rows of {lists:and} name at least {listed:,} persons.", lists=lists, listed=listed)
        if listed
        else Message(
            "The rows of {lists:and} name fewer than {unit} persons.", lists=lists, unit=FEWEST_PRINTED
        )
    )
    rest = (
        Message(
            "Names seem to be written by different rules, so that one person stands as two: nothing is "
            "estimated."
        )
        if other_rules
        else Message(
            "Numbers are rounded, and none is given that would reveal a count of 1 to 4 persons: no "
            "estimate, no links, no errors. The report that --html writes can be published. --disclosure "
            "full gives all numbers to those who may see the lists."
        )
    )
    return Message.together((listed_words, rest))
