"""``detcount report``: every job that the files of a folder allow, in one report."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from detcount.cli.definition import definition_of
from detcount.cli.faults import tell
from detcount.cli.places import Answer, check_places, written
from detcount.errors import InputError
from detcount.words import Message

if TYPE_CHECKING:
    from datetime import date

    from detcount.assessment import JointReport


def answer(options: argparse.Namespace) -> str:
    """Do every job that the files of a folder allow, and write the report where asked."""
    if options.folder is None:
        raise InputError(
            Message(
                "{command}: expected a folder, got none. See {help}",
                command="report",
                help="detcount report --help",
            )
        )
    from detcount.assessment.joint.sources import files_of, is_ours

    data = [str(file) for file in files_of(options.folder) if file.is_file() and not is_ours(file)]
    check_places(options, data)
    _refuse_level(options)
    take, as_of = _take(options), _as_of(options)
    from detcount.assessment import report

    made = report(
        options.folder,
        as_of=as_of,
        families=options.families,
        definition=definition_of(options),
        take=take,
        lists=options.lists,
        yes=options.yes or (),
        no=options.no or (),
        blank_is_0=options.blank_is_0,
        dayfirst=options.dayfirst,
        allow_future=options.allow_future,
        seed=options.seed,
    )
    _say_read(made, options)
    asked = {"disclosure": options.disclosure}
    return written(
        Answer(
            markdown=partial(made.to_markdown, lang=options.lang, **asked),
            html=partial(made.to_html, lang=options.lang, force=options.force, **asked),
            document=partial(made.document, **asked),
            record=partial(made.record, **asked),
            table=partial(made.to_frame, **asked),
        ),
        options,
    )


def _say_read(made: JointReport, options: argparse.Namespace) -> None:
    """Say of each file what it was taken for, to who ran the command: names stand nowhere else."""
    from detcount.assessment.joint.recognising import KIND_WORDS

    if options.quiet:
        return
    for row in made.files:
        words = (
            Message("{file}: left aside: {why}", file=row.name, why=row.why)
            if row.kind is None
            else Message(
                "{file}: taken for {kind}: {why}", file=row.name, kind=KIND_WORDS[row.kind], why=row.why
            )
        )
        tell(words.say(options.lang))


def _refuse_level(options: argparse.Namespace) -> None:
    """Refuse limits of another level, which the jobs do not have in common."""
    from detcount.assessment.common.verdict import LEVEL

    if options.level != LEVEL:
        raise InputError(
            Message(
                "--level: expected {known}, which the report of all jobs has, got {got}. The commands "
                "assess, releases and stock give others",
                known=repr(LEVEL),
                got=repr(options.level),
            )
        )


def _take(options: argparse.Namespace) -> dict[str, str]:
    """What files were said to be."""
    found: dict[str, str] = {}
    for word in options.take or ():
        name, _, kind = word.rpartition("=")
        if not name or not kind:
            raise InputError(
                Message(
                    "--take: expected the name of a file, = and what it is, as in --take counts.csv=releases"
                )
            )
        found[name] = kind
    return found


def _as_of(options: argparse.Namespace) -> date | None:
    """The last day that may be known, in the order that the files have it."""
    from detcount import arguments
    from detcount.frames import refuse_to_come
    from detcount.published.days import day_first

    if options.as_of is None:
        return None
    day = arguments.day("--as-of", day_first(options.as_of) if options.dayfirst else options.as_of)
    if not options.allow_future:
        refuse_to_come([day], "--as-of", remedy="Name a day that has come", rows=None)
    return day
