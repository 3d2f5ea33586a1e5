"""The table of persons on lists that the options describe."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from detcount.cli.definition import DEFINITION, definition_of, require_absent
from detcount.cli.reading import READING, frame_of
from detcount.cli.values import flag
from detcount.errors import InputError
from detcount.words import Message

if TYPE_CHECKING:
    from detcount.captures import CaptureTable

_MARKS = ("yes", "no", "blank_is_0")
_LAYOUT = ("count", "person", "list", "pattern", *_MARKS)


def table_of(options: argparse.Namespace) -> CaptureTable:
    """Read the table that the options describe."""
    from detcount.captures import CaptureTable

    if options.dataset is not None:
        return _shipped(options)
    if options.file is None:
        raise InputError(
            Message(
                "{command}: expected a file or --dataset, got neither. See {help}",
                command="assess",
                help="detcount assess --help",
            )
        )
    _check_layout(options)
    definition = definition_of(options)
    frame = frame_of(options, options.file)
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
        yes=options.yes or (),
        no=options.no or (),
        blank_is_0=options.blank_is_0,
    )


def likely_lists(options: argparse.Namespace) -> dict[str, Any]:
    """The columns of a file that hold marks of lists and nothing else, where nobody named the lists."""
    if any(getattr(options, name) is not None for name in ("lists", "list", "pattern", "dataset")):
        return {}
    from detcount.frames import columns_of_marks

    names = columns_of_marks(frame_of(options, options.file))
    return {"lists": names} if len(names) > 1 else {}


def _shipped(options: argparse.Namespace) -> CaptureTable:
    """A data set, or some of its lists."""
    from detcount import datasets
    from detcount.captures import CaptureTable

    require_absent(options, ("file", *_LAYOUT, *READING, *DEFINITION))
    table = datasets.load(options.dataset)
    if not isinstance(table, CaptureTable):
        raise InputError(
            Message(
                "--dataset: expected a table of persons on lists, got {name!r}, which holds published "
                "counts. detcount datasets says what each one holds",
                name=options.dataset,
            )
        )
    return table if options.lists is None else table.keep(options.lists)


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
        return
    if options.pattern is not None:
        if options.lists is None:
            raise InputError(
                Message(
                    "--pattern: expected --lists beside it, with the names of the lists in the order of its "
                    "characters"
                )
            )
        _refuse_beside("pattern", _MARKS, options)
        return
    if options.lists is None:
        _check_readable(options)
        raise InputError(
            Message("assess: expected --lists with the columns that are lists. Write --lists one,two,three")
        )


def _check_readable(options: argparse.Namespace) -> None:
    """Refuse a file that is not there, or that no option makes readable, before its lists are asked for."""
    try:
        frame_of(argparse.Namespace(**{**vars(options), "quiet": True}), options.file)
    except InputError as error:
        if not error.ask_for:
            raise


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
