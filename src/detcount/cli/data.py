"""The data that the options describe: files as frames, who is counted, lists; and what would read a file.

Where the command as it was typed cannot read a file, the options that the error asks for are tried. The
message then gives the whole command that reads it.
"""

from __future__ import annotations

import argparse
import math
import shlex
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from detcount.cli.terminal import print_beside
from detcount.cli.values import flag, typed
from detcount.errors import DetcountError, InputError
from detcount.words import Message, translated

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from detcount.contract.definition import Definition
    from detcount.data.captures import CaptureTable

READING = ("sheet", "header_row", "dayfirst")
"""The options that say how a file is read."""
DEFINITION = ("who", "unit", "where", "period", "day", "excludes")
"""The options that say who is counted."""
STANDARD = "-"
"""The name of standard input and of standard output."""
Data = TypeVar("Data")
_MARKS = ("yes", "no", "blank_is_0")
_LAYOUT = ("count", "person", "list", "pattern", *_MARKS)
_MOST = 8  # things that a file can have otherwise than expected, one found after another


def none_given(command: str, what: Message) -> InputError:
    """Error for a command without what it works on."""
    return InputError(
        Message(
            "{command}: expected {what}, got none. See {help}",
            command=command,
            what=what,
            help=f"detcount {command} --help",
        )
    )


def require_file(options: argparse.Namespace) -> None:
    """Refuse a command without any data."""
    if options.file is None and options.dataset is None:
        raise none_given(options.command, Message("a file or --dataset"))


def require_absent(options: argparse.Namespace, names: tuple[str, ...]) -> None:
    """Refuse options that a data set answers itself."""
    for name in ("file", *names, *READING, *DEFINITION):
        if getattr(options, name) not in (None, False):
            called = Message("file") if name == "file" else flag(name)
            raise InputError(
                Message("--dataset: expected no {name} beside it, as the data set has its own", name=called)
            )


def frame_of(options: argparse.Namespace, file: str) -> pd.DataFrame:
    """Read a file as the options say; what had to be guessed is said beside the answer."""
    from detcount.reading.content import Source
    from detcount.reading.tables import read_with_notes

    source = Source.of(sys.stdin.buffer if file == STANDARD else file)
    frame, notices = read_with_notes(source, options.sheet, options.header_row)
    if not options.quiet:
        for notice in notices:
            print_beside(translated(notice, options.lang))
    return frame


def published(kind: Any, options: argparse.Namespace, file: str, definition: Definition | None = None) -> Any:
    """Published counts of a kind in a file, as the options say."""
    return kind.from_frame(
        frame_of(options, file),
        definition=definition,
        allow_future=options.allow_future,
        dayfirst=options.dayfirst,
    )


def load_beside(names: Mapping[str, str]) -> dict[str, Any]:
    """Data sets that stand beside another one, by what they are."""
    from detcount import datasets

    return {what: datasets.load(name) for what, name in names.items()}


def print_notes(options: argparse.Namespace, data: Iterable[Any]) -> None:
    """Say beside the answer how words of published counts were read."""
    if not options.quiet:
        for note in (note for each in data for note in each.notes):
            print_beside(translated(note, options.lang))


def definition_of(options: argparse.Namespace) -> Definition | None:
    """Who is counted; None where nobody says it."""
    given = {name: getattr(options, name) for name in DEFINITION if getattr(options, name) is not None}
    if not given:
        return None
    if "who" not in given:
        raise InputError(
            Message(
                "--{option}: expected --who beside it, which says in words whom the data count, as in --who "
                "'people held for political ends'",
                option=next(iter(given)),
            )
        )
    if options.dayfirst:
        from detcount.reading.days import day_first

        if "day" in given:
            given["day"] = day_first(given["day"])
        if "period" in given:
            given["period"] = [day_first(each) for each in given["period"]]
    from detcount.contract.definition import Definition

    return Definition(**{"unit": "person", **given})


def day_of(option: str, text: str, options: argparse.Namespace) -> date:
    """A day with its year, in the order that the files have it."""
    from detcount.contract import arguments
    from detcount.reading.days import day_first

    return arguments.day(option, day_first(text) if options.dayfirst else text)


def last_day(options: argparse.Namespace) -> date | None:
    """The last day that may be known, in the order that the files have it; it must have come."""
    from detcount.reading.frames import refuse_to_come

    if options.as_of is None:
        return None
    day = day_of("--as-of", options.as_of, options)
    if not options.allow_future:
        refuse_to_come([day], "--as-of", remedy="Name a day that has come", rows=None)
    return day


def load_shipped(options: argparse.Namespace, kind: type[Data], what: str, absent: tuple[str, ...]) -> Data:
    """A data set of one kind, beside which no option describes other data."""
    from detcount import datasets

    require_absent(options, absent)
    found = datasets.load(options.dataset)
    if not isinstance(found, kind):
        raise InputError(
            Message(
                "--dataset: expected {what}, got {name!r}, which is something else. detcount datasets says "
                "what each one holds",
                what=what,
                name=options.dataset,
            )
        )
    return found


def table_of(options: argparse.Namespace) -> CaptureTable:
    """Read the table that the options describe."""
    from detcount.data.captures import CaptureTable

    if options.dataset is not None:
        table = load_shipped(options, CaptureTable, Message("a table of persons on lists"), _LAYOUT)
        return table if options.lists is None else table.keep(options.lists)
    require_file(options)
    _check_layout(options)
    return _table_in(frame_of(options, options.file), options)


def _table_in(frame: pd.DataFrame, options: argparse.Namespace) -> CaptureTable:
    """Read the rows of a frame as a table, in the layout that the options describe."""
    from detcount.data.captures import CaptureTable

    definition = definition_of(options)
    if options.list is not None:
        return CaptureTable.from_memberships(
            frame, person=options.person, list=options.list, lists=options.lists, definition=definition
        )
    if options.pattern is not None:
        return CaptureTable.from_patterns(
            frame,
            pattern=options.pattern,
            lists=options.lists,
            count=options.count,
            person=options.person,
            definition=definition,
        )
    return CaptureTable.from_frame(
        frame,
        lists=options.lists,
        count=options.count,
        person=options.person,
        definition=definition,
        **cells_of(options),
    )


def groups_of(options: argparse.Namespace) -> dict[str, CaptureTable]:
    """Read the table by the groups of `--by`; a blank cell of theirs is a group of its own."""
    from detcount.strata import stratify
    from detcount.strata.columns import with_groups

    if options.dataset is not None:
        raise InputError(
            Message(
                "--by: expected a file with the columns of groups, as a data set that ships has none. Name a "
                "file"
            )
        )
    require_file(options)
    _check_layout(options)
    frame = frame_of(options, options.file)
    for column in options.by:
        if column not in frame:
            raise InputError(
                Message(
                    "--by: expected a column of the file, got {column!r}. The columns are {columns!r}",
                    column=column,
                    columns=list(map(str, frame)),
                )
            )
    frame, column = with_groups(frame, options.by, Message("not recorded").translated(options.lang))
    if options.list is not None or options.pattern is not None:
        n_persons = math.inf
        if options.list is not None:
            whole = _table_in(frame, options)
            options.lists, n_persons = list(whole.lists), whole.n_observed
        found: dict[Any, CaptureTable] = {
            name: _table_in(part, options) for name, part in frame.groupby(column)
        }
        if sum(table.n_observed for table in found.values()) > n_persons:
            raise InputError(
                Message(
                    "{person}: expected every person in one group of {columns:,}, got some in two. Write one "
                    "value for each person, in all of the rows",
                    person=options.person,
                    columns=options.by,
                )
            )
        return found
    return stratify(
        frame,
        by=column,
        lists=options.lists,
        count=options.count,
        person=options.person,
        definition=definition_of(options),
        **cells_of(options),
    )


def cells_of(options: argparse.Namespace) -> dict[str, Any]:
    """Give the meaning of the cells under a list."""
    return {"yes": options.yes or (), "no": options.no or (), "blank_is_0": options.blank_is_0}


def likely_lists(options: argparse.Namespace) -> dict[str, Any]:
    """The columns of a file that hold marks of lists and nothing else, where nobody named the lists."""
    if any(getattr(options, name) is not None for name in ("lists", "list", "pattern", "dataset")):
        return {}
    from detcount.reading.frames import columns_of_marks

    names = columns_of_marks(frame_of(options, options.file))
    return {"lists": names} if len(names) > 1 else {}


def _check_layout(options: argparse.Namespace) -> None:
    """Refuse options that are of different layouts, or of one and not whole."""
    if options.list is not None:
        if options.person is None:
            raise InputError(
                Message(
                    "--list: expected --person beside it, with the column that identifies each person. A row "
                    "is then one person on one list"
                )
            )
        _refuse_beside("list", ("count", "pattern", *_MARKS), options)
    elif options.pattern is not None:
        if options.lists is None:
            raise InputError(
                Message(
                    "--pattern: expected --lists beside it, with the names of the lists in the order of its "
                    "characters"
                )
            )
        _refuse_beside("pattern", _MARKS, options)
    elif options.lists is None:
        raise InputError(
            Message("assess: expected --lists with the columns that are lists. Write --lists one,two,three")
            if _has_lists(options)
            else Message(
                "assess: expected --lists with the columns that are lists. Write --lists one,two,three; "
                "where a row is a name, detcount link, where it is a published count, detcount stock or "
                "detcount releases"
            )
        )


def _has_lists(options: argparse.Namespace) -> bool:
    """Check whether a file seems to have lists; one that no option makes readable is refused before."""
    try:
        return bool(likely_lists(argparse.Namespace(**{**vars(options), "quiet": True})))
    except InputError as error:
        if not error.ask_for:
            raise
        return True


def _refuse_beside(option: str, others: tuple[str, ...], options: argparse.Namespace) -> None:
    """Refuse options that say nothing beside another one."""
    values: dict[str, Any] = vars(options)
    for other in others:
        if values[other] not in (None, False):
            raise InputError(
                Message(
                    "{option}: expected no {other} beside it, which is of files of another layout. Leave it "
                    "out",
                    option=flag(option),
                    other=flag(other),
                )
            )


def read_or_suggest(
    read: Callable[[argparse.Namespace], Data],
    options: argparse.Namespace,
    more: Callable[[argparse.Namespace], dict[str, Any]] | None = None,
) -> Data:
    """Read data; where that fails, the error gives a command that reads them, if one was found by trying.

    Parameters
    ----------
    read : callable
        Reads the data as some options say.
    options : argparse.Namespace
        The options as they were typed.
    more : callable, optional
        Options that a file can show to be lacking, whatever error comes.

    Returns
    -------
    object
        The data.
    """
    try:
        return read(options)
    except InputError as error:
        asked = None if options.file in (None, STANDARD) else _asked(read, options, more)
        if not asked:
            raise
        fault = error.args[0] if error.args else str(error)
        raise InputError(
            Message(
                "{fault}. The whole command, if its options say what the file means: {command}",
                fault=fault,
                command=_command(options.words, asked),
            )
        ) from None


def _asked(
    read: Callable[[argparse.Namespace], object],
    options: argparse.Namespace,
    more: Callable[[argparse.Namespace], dict[str, Any]] | None,
) -> dict[str, Any] | None:
    """The options under which the data can be read; None where none are known."""
    asked: dict[str, Any] = {}
    for _ in range(_MOST):
        tried = argparse.Namespace(**{**vars(options), **asked, "quiet": True})
        try:
            found = {} if more is None else more(tried)
            if not found:
                read(tried)
                return asked
        except InputError as error:
            found = error.ask_for
        except (DetcountError, OSError):
            return None
        if not found or all(asked.get(name) == value for name, value in found.items()):
            return None
        asked |= found
    return None


def _command(words: list[str], asked: dict[str, Any]) -> str:
    """The command as it was typed, with more options."""
    line = [shlex.join(["detcount", *words])]
    for name, value in asked.items():
        line.append(flag(name))
        if value is not True:
            line.append(typed(value) if isinstance(value, (list, tuple)) else shlex.quote(str(value)))
    return " ".join(line)
