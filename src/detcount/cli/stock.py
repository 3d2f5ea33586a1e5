"""``detcount stock``: how many are held, day by day."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING, Any

from detcount.cli.assess import refuse_level
from detcount.cli.definition import DEFINITION, definition_of, require_absent
from detcount.cli.places import Answer, check_places, written
from detcount.cli.reading import READING, frame_of, tell_notes
from detcount.cli.suggestion import read_or_suggest
from detcount.cli.values import flag
from detcount.errors import InputError
from detcount.words import Message

if TYPE_CHECKING:
    from datetime import date

    from detcount.definition import Definition

_COLUMNS = ("person", "list", "entered", "left", "status", "listed_on", "left_known_on", "last_confirmed")
_NEEDED = ("person", "list", "entered")
_FILES = ("people", "arrests", "releases")
# what stands beside a series of people held that ships
_BESIDE = {"venezuela_stock": {"arrests": "venezuela_arrests", "releases": "venezuela_releases"}}


def answer(options: argparse.Namespace) -> str:
    """Assess lists with days, published totals or both, and write the report where asked."""
    check_places(options, (options.file, *(getattr(options, name) for name in _FILES)))
    as_of = None if options.as_of is None else _day(options)
    _check_columns(options)
    data = read_or_suggest(data_of, options)
    tell_notes(options, (each for name, each in data.items() if name != "people"))
    from detcount.assessment import assess_stock

    asked = options.disclosure
    if (asked or ("public" if data.get("people") is not None else "full")) == "public":
        refuse_level(options.level)
    assessment = assess_stock(**data, as_of=as_of, seed=options.seed)
    return written(
        Answer(
            markdown=partial(assessment.to_markdown, lang=options.lang, disclosure=asked),
            html=partial(assessment.to_html, lang=options.lang, force=options.force, disclosure=asked),
            document=partial(assessment.document, disclosure=asked),
            record=partial(assessment.record, disclosure=asked),
            table=partial(assessment.to_frame, options.level, disclosure=asked),
        ),
        options,
    )


def data_of(options: argparse.Namespace) -> dict[str, Any]:
    """The data that the options describe, by what they are."""
    if options.dataset is not None:
        require_absent(options, ("file", *_FILES, *_COLUMNS, *READING, *DEFINITION))
        return _shipped(options.dataset)
    people, stock = options.people, options.file
    if options.person is not None and people is None:
        people, stock = stock, None
    if people is None and stock is None:
        raise InputError(
            Message(
                "{command}: expected a file or --dataset, got neither. See {help}",
                command="stock",
                help="detcount stock --help",
            )
        )
    definition = definition_of(options)
    from detcount.published import PublishedArrests, PublishedReleases, PublishedStock

    kinds: dict[str, Any] = {
        "stock": (PublishedStock, stock),
        "arrests": (PublishedArrests, options.arrests),
        "releases": (PublishedReleases, options.releases),
    }
    found = {} if people is None else {"people": _people(options, people, definition)}
    for name, (kind, file) in kinds.items():
        if file is not None:
            found[name] = kind.from_frame(
                frame_of(options, file),
                definition=definition if name == "stock" else None,
                allow_future=options.allow_future,
                dayfirst=options.dayfirst,
            )
    return found


def _people(options: argparse.Namespace, file: str, definition: Definition | None) -> Any:
    """Lists of names with days."""
    from detcount.persons import PersonLists

    columns = {name: getattr(options, name) for name in _COLUMNS}
    frame = frame_of(options, file)
    return PersonLists.from_frame(frame, definition=definition, allow_future=options.allow_future, **columns)


def _check_columns(options: argparse.Namespace) -> None:
    """Refuse some of the columns of lists of names where all that are needed must be named."""
    given = [name for name in _COLUMNS if getattr(options, name) is not None]
    if options.people is None and not given:
        return
    for name in _NEEDED:
        if getattr(options, name) is None:
            raise InputError(
                Message(
                    "--{option}: expected it beside {other}, as rows of lists need --person, --list and "
                    "--entered. Name the column",
                    option=name,
                    other=flag(given[0] if given else "people"),
                )
            )


def _shipped(name: str) -> dict[str, Any]:
    """A series of people held that ships, and what stands beside it."""
    from detcount import datasets
    from detcount.published import PublishedStock

    stock = datasets.load(name)
    if not isinstance(stock, PublishedStock):
        raise InputError(
            Message(
                "--dataset: expected published totals of people held, got {name!r}, which is something else. "
                "Name venezuela_stock",
                name=name,
            )
        )
    return {"stock": stock, **{key: datasets.load(other) for key, other in _BESIDE.get(name, {}).items()}}


def _day(options: argparse.Namespace) -> date:
    """The last day that may be known, in the order that the files have it."""
    from detcount import arguments
    from detcount.frames import refuse_to_come
    from detcount.published.days import day_first

    day = arguments.day("--as-of", day_first(options.as_of) if options.dayfirst else options.as_of)
    if not options.allow_future:
        refuse_to_come([day], "--as-of", remedy="Name a day that has come", rows=None)
    return day
