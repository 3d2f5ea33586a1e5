"""``detcount releases``: announced releases against verified ones, by counts or by name."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from detcount.cli.data import (
    day_of,
    definition_of,
    last_day,
    load_beside,
    load_shipped,
    print_notes,
    published,
    read_or_suggest,
    require_file,
)
from detcount.cli.doors import refuse_level
from detcount.cli.link import columns_of, named_files, sources_of
from detcount.cli.places import check_places, disclosed, write_answer
from detcount.cli.terminal import print_beside
from detcount.cli.values import flag, whole
from detcount.errors import InputError
from detcount.words import Message

if TYPE_CHECKING:
    from datetime import date

    from detcount.data.published import PublishedReleases

_REGISTER = ("stock", "arrests", "audit")
_OF_COUNTS = ("file", "dataset", "header_row", "as_of", "detail", *_REGISTER)
_BY_NAME = ("lists", "take", "days", "checked_from", "number", "columns", "disclosure", "review")
_REGISTERS = {  # beside a series that ships
    "venezuela_releases": {"stock": "venezuela_stock", "arrests": "venezuela_arrests"}
}


def answer(options: argparse.Namespace) -> str:
    """Set announced releases against verified ones, and write the report where asked."""
    if options.names is not None:
        return _by_name(options)
    _refuse_beside(options, _BY_NAME, Message("file of counts"))
    check_places(options, (options.file, options.stock, options.arrests))
    as_of = last_day(options)
    audit = None if options.audit is None else tuple(day_of("--audit", day, options) for day in options.audit)
    _check_register(options)
    reports = read_or_suggest(reports_of, options)
    if as_of is not None and as_of < reports.first_published:
        raise InputError(
            Message(
                "--as-of: expected {first} or later, the day of the first count, got {day}",
                first=reports.first_published.isoformat(),
                day=as_of.isoformat(),
            )
        )
    register = (
        {**read_or_suggest(_register, options), "audit": audit}
        if options.stock is not None
        else load_beside(_REGISTERS.get(options.dataset, {}))
    )
    print_notes(options, (reports, *(register[name] for name in ("stock", "arrests") if name in register)))
    from detcount.assessment import assess_releases

    assessment = assess_releases(reports, as_of=as_of, seed=options.seed, **register)
    table = partial(assessment.to_frame, options.level)
    return write_answer(options, assessment, table, detail={"detail": options.detail})


def _by_name(options: argparse.Namespace) -> str:
    """Set lists of released people against each other and against lists of the detained."""
    from detcount import linkage
    from detcount.assessment import assess_released
    from detcount.releases.by_name_uses import REVIEW_MARKS
    from detcount.reports.writing import check_target

    _refuse_beside(options, _OF_COUNTS, "--names")
    refuse_level(options.level)
    if not options.lists:
        raise InputError(
            Message("--names: expected a list of the detained beside it, got none. Name one as --lists")
        )
    named = named_files(options.names)
    both = named_files([*options.names, *options.lists])
    check_places(options, [*both.values()])
    if options.review is not None:
        check_target(options.review, force=options.force, marks=REVIEW_MARKS)
    kinds = _pairs(options, "take", known=named)
    lists = linkage.read_lists(
        sources_of([*options.names, *options.lists], [options.sheet] if options.sheet else []),
        columns_of(options.columns or ()),
        released={name: _kind(name, path, kinds, options) for name, path in named.items()},
        days={name: _span(days, options) for name, days in _pairs(options, "days", known=named).items()},
        checked_from=_pairs(options, "checked_from", known=named),
        allow_future=options.allow_future,
        dayfirst=options.dayfirst,
    )
    numbers = {name: whole(n, "--number") for name, n in _pairs(options, "number", known=named).items()}
    for note in lists.notes:  # to who has the lists, and not into what may be passed on
        print_beside(note.translated(options.lang))
    linked = linkage.link(lists, seed=options.seed, definition=definition_of(options))
    made = assess_released(linked, announced=numbers, seed=options.seed)
    if options.review is not None:
        n = made.answer.review(options.review, force=options.force)
        words = Message.counted(
            "1 row to look at written to {file}",
            "{n:,} rows to look at written to {file}",
            n=n,
            file=options.review,
        )
        print_beside(words.translated(options.lang))
    assessment = disclosed(made, options.disclosure)
    return write_answer(options, assessment, assessment.to_frame)


def _refuse_beside(options: argparse.Namespace, names: Sequence[str], what: str) -> None:
    """Refuse options of the other kind of releases."""
    for name in names:
        if getattr(options, name) not in (None, False):
            raise InputError(
                Message(
                    "{what}: expected no {option} beside it. Leave one out",
                    what=what,
                    option=name if name == "file" else flag(name),
                )
            )


def _pairs(options: argparse.Namespace, name: str, *, known: Mapping[str, str]) -> dict[str, str]:
    """Values of an option by list of released people."""
    found = {}
    for word in getattr(options, name) or ():
        at, equals, value = word.partition("=")
        if not equals or at not in known:
            raise InputError(
                Message(
                    "{option}: expected LIST=VALUE with one of the lists {known!r:,}, got {got!r}",
                    option=flag(name),
                    known=list(known),
                    got=word,
                )
            )
        found[at] = value
    return found


def _span(text: str, options: argparse.Namespace) -> tuple[date, date]:
    """First and last day; one day is both."""
    first, _, last = text.partition(",")
    return day_of("--days", first, options), day_of("--days", last or first, options)


def _kind(name: str, path: str, stated: Mapping[str, Any], options: argparse.Namespace) -> Any:
    """Kind of a list of released people: the stated one, or that of its columns and words."""
    if name in stated:
        return stated[name]
    from detcount.linkage.reading import kind_of_released
    from detcount.reading.grids import as_table
    from detcount.reading.tables import read_grid

    grid = read_grid((path, options.sheet) if options.sheet else path, Message("list {name!r}", name=name))
    kind = kind_of_released(f"{name} released", grid, as_table(grid, set()))  # --names says so
    if kind is None:
        raise InputError(
            Message(
                "--names: expected a list of released people, got {name!r}, which does not show whether it "
                "is announced or verified. Write --take {name}=announced or --take {name}=verified",
                name=name,
            )
        )
    words = Message(
        "{name!r} is taken as {kind!r}; write --take {name}=... if it is not", name=name, kind=kind
    )
    print_beside(words.translated(options.lang))
    return kind


def reports_of(options: argparse.Namespace) -> PublishedReleases:
    """Published counts that the options describe."""
    from detcount.data.published import PublishedReleases

    if options.dataset is not None:
        return load_shipped(options, PublishedReleases, Message("published releases"), _REGISTER)
    require_file(options)
    found: PublishedReleases = published(PublishedReleases, options, options.file, definition_of(options))
    return found


def _check_register(options: argparse.Namespace) -> None:
    """Refuse a part of a register where all of it is needed."""
    stock, arrests, audit = (getattr(options, name) is not None for name in ("stock", "arrests", "audit"))
    if stock != arrests or (audit and not stock):
        raise InputError(
            Message(
                "--stock, --arrests: expected both or none, and --audit with its two days beside them alone, "
                "as in --audit 2025-01-06 2025-03-31"
            )
        )


def _register(options: argparse.Namespace) -> dict[str, Any]:
    """The counts of a register in files: the persons held, and those arrested."""
    from detcount.data.published import PublishedArrests, PublishedStock

    return {
        "stock": published(PublishedStock, options, options.stock),
        "arrests": published(PublishedArrests, options, options.arrests),
    }
