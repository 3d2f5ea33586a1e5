"""What people decided of pairs of rows: the same person, or two. Keyed digests stand for the rows."""

from __future__ import annotations

import hashlib
import hmac
from contextlib import suppress
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Ints
from detcount.errors import InputError
from detcount.linkage.name_lists import without_content
from detcount.linkage.spreadsheets import plain_text
from detcount.reading.tables import read_grid
from detcount.reports.writing import check_target
from detcount.words import Message
from detcount.words.by_key import Messages

message = Messages("detcount.linkage")

COLUMNS = ("decision", "digest_a", "digest_b", "key")
"""Columns of a review that are read back."""
_SAME = frozenset({"same", "yes", "y", "1", "true", "sí", "si", "s", "misma", "la misma", "mismo"})
_APART = frozenset({"different", "no", "n", "0", "false", "two", "distinta", "distintas", "distinto", "otra"})


def key_check(key: bytes | str | None) -> str:
    """What distinguishes a key from others and does not disclose it; empty for a key that nobody keeps."""
    if key is None:
        return ""
    secret = key.encode() if isinstance(key, str) else key
    return hmac.new(secret, b"detcount decisions", hashlib.sha256).hexdigest()[:16]


@dataclass(frozen=True, repr=False)
class Decisions:
    """What people decided of pairs of rows.

    Rows are named by keyed digests of what is written in them, so that a decision stays with its rows when
    lists are sorted, and when rows come or go. It ends when a cell of one of its rows changes.

    Parameters
    ----------
    first, second : tuple of str
        Digests of the two rows of each pair.
    same : tuple of bool
        Whether they are one person.
    key : str
        What distinguishes the key of the digests from others.

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
        raise InputError(message("no columns of a review", file=place.name, wanted=COLUMNS, missing=missing))
    at = {name: names.index(name) for name in COLUMNS}
    first, second, same, keys = [], [], [], set()
    for line, row in enumerate(rows, 2):
        cells = {name: row[k].strip() for name, k in at.items()}
        word = cells["decision"].casefold().removesuffix(".0")
        if not word:
            continue
        if word not in _SAME | _APART:
            raise InputError(message("no decision", file=place.name, line=line))
        if not cells["digest_a"] or not cells["digest_b"]:
            raise InputError(message("decision without digests", file=place.name, line=line))
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
        raise InputError(message("review is no workbook", file=place.name))
    names: list[str] = []
    if place.is_file() and place.stat().st_size:
        with suppress(InputError):
            names, rows = _cells(place)
    is_review = set(COLUMNS) <= set(names)
    check_target(place, force=force or is_review, marks=())
    n = sum(bool(row[names.index("decision")].strip()) for row in rows if row) if is_review else 0
    if n:
        raise InputError(message("review holds decisions", n=n, file=place.name))


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
        raise InputError(message("decisions of another key"))
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
