"""``detcount stock``: how many are held, day by day."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detcount.cli.data import (
    definition_of,
    frame_of,
    last_day,
    load_beside,
    load_shipped,
    none_given,
    print_notes,
    published,
    read_or_suggest,
)
from detcount.cli.doors import refuse_level
from detcount.cli.places import check_places, disclosed, write_answer
from detcount.cli.values import flag
from detcount.errors import InputError
from detcount.words import Message

if TYPE_CHECKING:
    from detcount.contract.definition import Definition

_COLUMNS = ("person", "list", "entered", "left", "status", "listed_on", "left_known_on", "last_confirmed")
_NEEDED = ("person", "list", "entered")
_FILES = ("people", "arrests", "releases")
# what stands beside a series of people held that ships
_BESIDE = {"venezuela_stock": {"arrests": "venezuela_arrests", "releases": "venezuela_releases"}}


def answer(options: argparse.Namespace) -> str:
    """Assess lists with days, published totals or both, and write the report where asked."""
    check_places(options, (options.file, *(getattr(options, name) for name in _FILES)))
    as_of = last_day(options)
    _check_columns(options)
    data = read_or_suggest(data_of, options)
    print_notes(options, (each for name, each in data.items() if name != "people"))
    from detcount.assessment import assess_stock

    asked = options.disclosure
    if (asked or ("public" if data.get("people") is not None else "full")) == "public":
        refuse_level(options.level)
    assessment = assess_stock(**data, as_of=as_of, seed=options.seed)
    assessment = disclosed(assessment, asked)
    return write_answer(options, assessment, partial(assessment.to_frame, options.level))


def data_of(options: argparse.Namespace) -> dict[str, Any]:
    """The data that the options describe, by what they are."""
    if options.dataset is not None:
        return _shipped(options)
    people, stock = options.people, options.file
    if people is None and stock is not None and (options.person is not None or _is_of_persons(options)):
        people, stock = stock, None
    if people is None and stock is None:
        raise none_given("stock", Message("a file or --dataset"))
    definition = definition_of(options)
    from detcount.data.published import PublishedArrests, PublishedReleases, PublishedStock

    kinds: dict[str, Any] = {
        "stock": (PublishedStock, stock),
        "arrests": (PublishedArrests, options.arrests),
        "releases": (PublishedReleases, options.releases),
    }
    found = {} if people is None else {"people": _people(options, people, definition)}
    for name, (kind, file) in kinds.items():
        if file is not None:
            found[name] = published(kind, options, file, definition if name == "stock" else None)
    return found


def _people(options: argparse.Namespace, file: str, definition: Definition | None) -> Any:
    """Lists of names with days."""
    from detcount.data.persons import PersonLists
    from detcount.reading.kinds import recognised

    columns: dict[str, Any] = {name: getattr(options, name) for name in _COLUMNS}
    frame = frame_of(options, file)
    if options.person is None:
        found = recognised(frame, Path(file).name, kind="people")
        columns = getattr(found, "columns", columns)
    return PersonLists.from_frame(frame, definition=definition, allow_future=options.allow_future, **columns)


def _is_of_persons(options: argparse.Namespace) -> bool:
    """Check whether the names of the columns of a file say that its rows are of persons on lists."""
    from detcount.reading.kinds import recognised

    quiet = argparse.Namespace(**{**vars(options), "quiet": True})
    try:
        found = recognised(frame_of(quiet, options.file), Path(options.file).name)
    except InputError:  # said where it is read as what it was given for
        return False
    return getattr(found, "kind", None) == "people"


def _check_columns(options: argparse.Namespace) -> None:
    """Refuse some of the columns of lists of names where all that are needed must be named."""
    given = [name for name in _COLUMNS if getattr(options, name) is not None]
    for name in _NEEDED if given else ():
        if getattr(options, name) is None:
            raise InputError(
                Message(
                    "--{option}: expected it beside {other}, as rows of lists need --person, --list and "
                    "--entered. Name the column",
                    option=name,
                    other=flag(given[0]),
                )
            )


def _shipped(options: argparse.Namespace) -> dict[str, Any]:
    """A series of people held that ships, and what stands beside it."""
    from detcount.data.published import PublishedStock

    words = Message("published totals of people held")
    stock = load_shipped(options, PublishedStock, words, (*_FILES, *_COLUMNS))
    return {"stock": stock, **load_beside(_BESIDE.get(options.dataset, {}))}
