"""Lists of names as they were read: what is in them is used for linking, and shown nowhere.

It is one class, most of it its documentation, with what it makes of the parsed columns, and what keeps errors
from showing a cell.
"""

from __future__ import annotations

import hmac
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import numpy as np

from detcount._numerics.arrays import repeat
from detcount._numerics.linkage.settings import TUNING
from detcount._numerics.stock.spells import LONG_AGO, NEVER
from detcount.contract.specification import door
from detcount.errors import DetcountError, InputError
from detcount.linkage.records import MISSING_DAY, NeverPickled, Records
from detcount.linkage.released import Kind
from detcount.linkage.splitting import Name, shared_by_strangers, split_names
from detcount.reading.cells import NO_DOCUMENT
from detcount.reading.days import Span, as_written
from detcount.reading.headers import ROLE_WORDS
from detcount.reports.printing import Column, Summary, frame_of
from detcount.reports.shown import Result
from detcount.words import N_, Message

if TYPE_CHECKING:
    import pandas as pd

_LISTS_NAMED = N_("1 list ({lists:,})", "{n} lists ({lists:,})")


P = ParamSpec("P")
R = TypeVar("R")


def without_content(function: Callable[P, R]) -> Callable[P, R]:
    """Let errors leave a function without the frames, the causes and the words that could show a cell.

    Errors of this library keep their words, which name rows by number. Any other error may quote a cell, and
    the message has its kind and place instead. Arguments are checked as at every door.
    """
    asked = door(function)

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return asked(*args, **kwargs)
        except Exception as error:
            fault = _bare(error, function.__name__)
        del args, kwargs  # as a traceback may be asked to show what the names of a frame hold
        fault.__context__ = fault.__cause__ = None
        raise fault.with_traceback(None)

    return guarded


def _bare(error: Exception, where: str) -> Exception:
    """The same error of ours, or another in place of one of a library."""
    if isinstance(error, DetcountError) or (isinstance(error, OSError) and error.filename is not None):
        return error
    trace = error.__traceback__
    place = ""
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if module.startswith("detcount."):
            place = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return DetcountError(
        Message(
            "{where}: an error that nobody expected, {kind} at {place}. Its words are not shown, as they may "
            "hold what a cell holds",
            where=where,
            kind=type(error).__name__,
            place=place,
        )
    )


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that could not be read: where it stands and what was expected, never what it holds."""

    row: int
    line: int | None
    column: str
    expected: Message


@dataclass(frozen=True, repr=False, eq=False)
class Parsed(NeverPickled):
    """Columns of one list, a value a row; nothing of it is ever shown.

    Parameters
    ----------
    rows : list of int
        Number of each row, from 1.
    names : list of Name
        The words of each name, none where nobody is named.
    document : list of (int, int)
        Number and kind of the document, -1 and 0 where there is none.
    born, arrested, left, listed_on, left_known_on, last_confirmed : list of Span or None
        First and last possible day.
    place : list of str
        The place in small letters; empty where none is written.
    sex : list of int
        Code of the sex; -1 where none is written.
    referred : list of bool
        True if another list forwarded the row.
    status : list of str or None
        Statements on the person, as lists of persons take them.
    surname_first : bool or None
        True if the header puts surnames first.
    problems : list of Problem
        Cells that could not be read.
    mapping : list of (str, str, Message)
        Every column with its role and why.
    notes : tuple of Message
        Guesses that had to be made.
    seems_released : {"announced", "verified"}, optional
        Kind of the list, if it was read as one of the detained and seems to name released people.
    titled : tuple of Span
        Days in its title or its name, if it is a list of released people whose rows have no day.
    """

    rows: list[int]
    names: list[Name]
    document: list[tuple[int, int]]
    born: list[Span | None]
    arrested: list[Span | None]
    left: list[Span | None]
    listed_on: list[Span | None]
    left_known_on: list[Span | None]
    last_confirmed: list[Span | None]
    place: list[str]
    sex: list[int]
    referred: list[bool]
    status: list[str | None]
    surname_first: bool | None = None
    problems: list[Problem] = field(default_factory=list)
    mapping: list[tuple[str, str, Message]] = field(default_factory=list)
    notes: tuple[Message, ...] = ()
    seems_released: Kind | None = None
    titled: tuple[Span, ...] = ()

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class NameLists(NeverPickled, Result):
    """Lists of names as they were read: rows, columns and what could not be read.

    Read them with `read_lists`. Names, documents and everything else that the cells hold are kept in memory
    for linking, and are in nothing that this class shows, raises or writes; it refuses to be pickled.

    Parameters
    ----------
    lists : tuple of str
        Names of the lists, sorted.
    parsed : mapping of str to Parsed
        Contents of each.
    notes : tuple of Message, optional
        Guesses, repairs and omissions.
    released : ReleasedLists, optional
        Lists of released people, which are no lists of the detained and in none of the counts.

    See Also
    --------
    read_lists : Makes it.

    Examples
    --------
    >>> from detcount import linkage
    >>> lists = linkage.read_lists(
    ...     {
    ...         "press": {"Nombre": ["Ana Pérez Rojas", "Luis Mora"], "Cédula": ["V-12.345.678", ""]},
    ...         "families": {"Apellidos": ["PEREZ ROJAS"], "Nombres": ["ANA"], "CI": ["12345678"]},
    ...     }
    ... )
    >>> print(lists)
    3 rows on 2 lists (families, press)
    >>> lists.mapping[["list", "column", "role"]].to_numpy().tolist()[0]
    ['families', 'Nombres', 'given']
    """

    lists: tuple[str, ...]
    parsed: Mapping[str, Parsed]
    notes: tuple[Message, ...] = ()
    released: ReleasedLists | None = None

    def __copy__(self) -> NameLists:
        return self

    def __deepcopy__(self, memo: Any) -> NameLists:
        return self

    @property
    def list_sizes(self) -> dict[str, int]:
        """Rows of each list."""
        return {name: len(self.parsed[name]) for name in self.lists}

    @property
    def n_rows(self) -> int:
        """Rows of all lists."""
        return sum(self.list_sizes.values())

    @cached_property
    def unlinkable(self) -> dict[str, tuple[int, ...]]:
        """Rows of each list without a name and a document, from 1; they count, and are never linked."""
        nobody = {NO_DOCUMENT, *self.disbelieved}
        return {
            name: tuple(
                row
                for row, person, (document, _) in zip(
                    self.parsed[name].rows, self.parsed[name].names, self.parsed[name].document, strict=True
                )
                if not person.words and document in nobody
            )
            for name in self.lists
        }

    @cached_property
    def disbelieved(self) -> frozenset[int]:
        """Documents on many rows of a list whose names disagree, or have none; nothing is linked by them."""
        return frozenset(
            number
            for name in self.lists
            for number in shared_by_strangers(self.parsed[name].document, self.parsed[name].names)
        )

    _columns = (
        Column(name="list", title=Message("List")),
        Column(name="column", title=Message("Column"), left=True),
        Column(
            name="role",
            title=Message("Used for"),
            write=lambda role: ROLE_WORDS.get(role, Message("not used")),
            left=True,
        ),
        Column(name="why", title=Message("Why"), left=True),
    )

    @property
    def _every(self) -> dict[str, Parsed]:
        """All lists, those of released people last."""
        released = self.released.lists.parsed if self.released else {}
        return {name: self.parsed[name] for name in self.lists} | dict(released)

    @property
    def _items(self) -> list[dict[str, Any]]:
        return [
            {"list": name, "column": column, "role": role, "why": why}
            for name, each in self._every.items()
            for column, role, why in each.mapping
        ]

    @property
    def mapping(self) -> pd.DataFrame:
        """Use of each column: ``list``, ``column``, ``role`` (empty for none) and ``why``."""
        return super().to_frame()

    @property
    def problems(self) -> pd.DataFrame:
        """Cells that could not be read: columns ``list``, ``row``, ``line``, ``column`` and ``expected``.

        Rows are counted from 1 below the names of the columns; the line is that of the file or the sheet, and
        missing for a frame. What a cell holds is not shown.
        """
        columns = ("row", "line", "column", "expected")
        rows = [
            {"list": name} | {column: getattr(problem, column) for column in columns}
            for name, each in self._every.items()
            for problem in each.problems
        ]
        return frame_of(rows, ("list", *columns)).astype({"row": "int64", "line": "Int64"})

    @without_content
    def records(self, key: bytes | str | None = None) -> Records:
        """Give the rows of all lists as arrays, for linking.

        Parameters
        ----------
        key : bytes or str, optional
            The analyst's key of the digests, at least 8 bytes. Keep it, and give it again, where decisions
            about pairs are to hold for later versions of the lists. Without it a random one is used once.

        Returns
        -------
        Records
            The rows; it shows nothing of itself either.

        Raises
        ------
        InputError
            If the key is too short to keep anybody from guessing it.
        """
        secret = secrets.token_bytes(32) if key is None else key.encode() if isinstance(key, str) else key
        if len(secret) < TUNING.key_bytes:
            raise InputError(
                Message(
                    "key: expected at least {least} bytes, got {n}. With a short key documents can be "
                    "guessed",
                    least=TUNING.key_bytes,
                    n=len(secret),
                )
            )
        parsed = [self.parsed[name] for name in self.lists]
        list_of = repeat(np.arange(len(parsed)), [len(each) for each in parsed])
        document = np.array([d for each in parsed for d in each.document], dtype=np.int64).reshape(-1, 2)
        document[np.isin(document[:, 0], sorted(self.disbelieved))] = NO_DOCUMENT, 0
        split = self._split
        named = np.zeros(len(list_of), dtype=bool)
        named[split.word_record] = True

        def column(name: str) -> list[Any]:
            return [value for each in parsed for value in getattr(each, name)]

        places = column("place")
        codes = {place: code for code, place in enumerate(sorted({*places} - {""}))}
        return Records(
            lists=self.lists,
            list_of=list_of,
            row=np.array(column("rows"), dtype=np.int64),
            **vars(split),
            document=document[:, 0],
            document_kind=document[:, 1],
            born=_spans(column("born")),
            arrested=_spans(column("arrested")),
            place=np.array([codes.get(place, -1) for place in places], dtype=np.int64),
            sex=np.array(column("sex"), dtype=np.int64),
            referred=np.array(column("referred"), dtype=bool),
            linkable=named | (document[:, 0] >= 0),
            key=_digests(self.lists, parsed, secret),
        )

    @cached_property
    def _split(self) -> Any:
        """Words of all names with the probability of each that it is a given name."""
        parsed = [self.parsed[name] for name in self.lists]
        return split_names(
            [name for each in parsed for name in each.names],
            repeat(np.arange(len(parsed)), [len(each) for each in parsed]).tolist(),
            {k: each.surname_first for k, each in enumerate(parsed) if each.surname_first is not None},
        )

    def spells(self) -> dict[str, list[Any]]:
        """Give the days and statuses of rows, as columns that lists of persons take.

        Returns
        -------
        dict of str to list
            Columns ``list``, ``row`` (from 1), ``entered``, ``left``, ``status``, ``listed_on``,
            ``left_known_on`` and ``last_confirmed``, a value a row, in the order of `records`. Days are
            written as `PersonLists.from_frame` reads them; a value is None where nothing is known.
        """
        columns: dict[str, list[Any]] = {"list": [], "row": []}
        for name in self.lists:
            columns["list"] += [name] * len(self.parsed[name])
            columns["row"] += self.parsed[name].rows
        for source in ("arrested", "left", "listed_on", "left_known_on", "last_confirmed"):
            columns["entered" if source == "arrested" else source] = [
                as_written(span) for name in self.lists for span in getattr(self.parsed[name], source)
            ]
        columns["status"] = [status for name in self.lists for status in self.parsed[name].status]
        return columns

    def headline(self) -> Message:
        """Say how many rows are on how many lists, in one line."""
        rows = Message.counted("1 row", "{n:,} rows", n=self.n_rows)
        lists = Message.counted(*_LISTS_NAMED, n=len(self.lists), lists=self.lists)
        if self.released is None:
            return Message("{rows} on {lists}", rows=rows, lists=lists)
        others = self.released.lists
        return Message(
            "{rows} on {lists}; {others} of released people on {theirs}",
            rows=rows,
            lists=lists,
            others=Message.counted("1 row", "{n:,} rows", n=others.n_rows),
            theirs=Message.counted(*_LISTS_NAMED, n=len(others.lists), lists=others.lists),
        )

    def sentence(self) -> Message:
        """Say how many rows can be linked, and how many cells could not be read."""
        n_unlinkable = sum(map(len, self.unlinkable.values()))
        n_problems = sum(len(each.problems) for each in self._every.values())
        return Message.together(
            (
                Message.counted(
                    "1 of {n_rows:,} rows has a name or a document.",
                    "{n:,} of {n_rows:,} rows have a name or a document.",
                    n=self.n_rows - n_unlinkable,
                    n_rows=self.n_rows,
                ),
                Message.counted(
                    "1 row has neither: it counts as a person of its own.",
                    "{n:,} rows have neither: each counts as a person of its own.",
                    n=n_unlinkable,
                ),
                Message.counted("1 cell could not be read.", "{n:,} cells could not be read.", n=n_problems),
            )
        )

    def summary(self) -> Summary:
        """Give the whole: the columns with what they are used for, what could not be read, and the notes."""
        whole = super().summary()
        return replace(whole, notes=(*whole.notes, *self.problem_notes()))

    def problem_notes(self) -> tuple[Message, ...]:
        """The first cells that could not be read of each list."""
        notes: list[Message] = []
        for name, each in self._every.items():
            problems = each.problems
            notes += [
                Message(
                    "list {name!r}, row {row}, column {column!r}: expected {expected}",
                    name=name,
                    row=problem.row,
                    column=problem.column,
                    expected=problem.expected,
                )
                for problem in problems[: TUNING.shown_problems]
            ]
            if len(problems) > TUNING.shown_problems:
                notes.append(
                    Message(
                        "list {name!r}: {n:,} more cells could not be read; problems has all of them",
                        name=name,
                        n=len(problems) - TUNING.shown_problems,
                    )
                )
        return tuple(notes)

    def to_frame(self) -> pd.DataFrame:
        """Give a pandas frame with a row for each list: rows, unlinkable rows, documents, cells not read."""
        return frame_of(
            {
                "list": name,
                "rows": len(each),
                "unlinkable": len(self.unlinkable[name]),
                "documents": sum(number >= 0 for number, _ in each.document),
                "not_read": len(each.problems),
            }
            for name, each in ((name, self.parsed[name]) for name in self.lists)
        )


@dataclass(frozen=True, eq=False, repr=False)
class ReleasedLists(NeverPickled):
    """Lists of released people as they were read.

    Parameters
    ----------
    lists : NameLists
        Their rows; the day of exit is that of the release, or of its verification.
    kinds : mapping of str to {"announced", "verified"}
        Whether an authority announces the releases of a list, or a monitor verifies them.
    days : mapping of str to Span
        Days that are stated for a list.
    checked_from : mapping of str to str
        Announced list from which a verified one was checked.
    """

    lists: NameLists
    kinds: Mapping[str, Kind]
    days: Mapping[str, Span]
    checked_from: Mapping[str, str]

    def days_of(self, name: str) -> tuple[int, int]:
        """First and last day of a list: those stated, or else those of its rows."""
        rows = [span for span in self.lists.parsed[name].left if span is not None and not span.open]
        known = [self.days[name]] if name in self.days else rows
        return (
            min((span.first for span in known), default=LONG_AGO),
            max((span.last for span in known), default=NEVER),
        )


def _spans(spans: Sequence[Span | None]) -> np.ndarray:
    """First and last days of a column."""
    missing = (MISSING_DAY, MISSING_DAY)
    days = [missing if span is None else (span.first, span.last) for span in spans]
    return np.array(days, dtype=np.int64).reshape(-1, 2)


def _digests(lists: Sequence[str], parsed: Sequence[Parsed], secret: bytes) -> np.ndarray:
    """Keyed digest of the identifying contents of each row; identical rows are numbered."""
    found: list[bytes] = []
    for name, each in zip(lists, parsed, strict=True):
        contents = []
        for k in range(len(each)):
            days = [
                "" if span is None else f"{span.first}:{span.last}"
                for span in (each.born[k], each.arrested[k])
            ]
            who = (" ".join(each.names[k].words), *map(str, each.document[k]), str(each.sex[k]))
            contents.append("\x1f".join((name, *who, *days, each.place[k])))
        seen: Counter[str] = Counter()
        number = [0] * len(each)
        for k in sorted(range(len(each)), key=lambda k: each.referred[k]):
            seen[contents[k]] += 1
            number[k] = seen[contents[k]]
        found += [
            hmac.digest(secret, f"{content}\x1f{n}".encode(), "sha256").hex()[:32].encode()
            for content, n in zip(contents, number, strict=True)
        ]
    return np.array(found, dtype="S32")
