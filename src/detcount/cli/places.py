"""Where an answer is written: checked before minutes are spent, and never over the data."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from detcount.cli.data import STANDARD
from detcount.cli.terminal import print_beside
from detcount.cli.values import flag
from detcount.errors import InputError
from detcount.reports.sheets import safe_text
from detcount.words import Message, visible

if TYPE_CHECKING:
    import pandas as pd

    from detcount.assessment.common.result import Assessed
    from detcount.privacy import Disclosure

A = TypeVar("A", bound="Assessed")

_MOST_LINES = 25  # that a command prints: no more fit a terminal
MARKS = {
    "json": ('"made_by": "detcount"',),
    "csv": (
        "family,recommended,",
        "group,",
        "label,quantity,announced,verified,",
        "answer,recommended,",
        "job,question,verdict,",
        "wave,source,group,",
        "list,kind,part,",
        "step,low,",
    ),
}
"""How our files of numbers begin."""


def _places(options: argparse.Namespace) -> list[tuple[str, str, str]]:
    """The option, the place and the format of everything that is to be written, in that order."""
    ending = Path(options.html or "").suffix.lower()
    if ending in (".docx", ".xlsx", ".tex", ".md", ".json"):
        raise InputError(
            Message(
                "--html: expected a page such as report.html, got a file that ends in {found!r}. Write --out "
                "for other formats",
                found=ending,
            )
        )
    asked = [("html", options.html, "html")]
    asked += [("out", place, _format_of(place)) for place in options.out]
    asked += [(name, getattr(options, name), name) for name in ("json", "csv", "figures")]
    return [(name, place, form) for name, place, form in asked if place is not None]


def _format_of(place: str) -> str:
    """The format of a file by its ending; one that needs a library is refused where that is missing."""
    from detcount.reports.formats import FORMATS, format_of, require

    if Path(place).suffix.lower() == ".json":
        return "json"
    name = format_of(place, "--out", (".json",))
    require(FORMATS[name])
    return name


def check_places(options: argparse.Namespace, read: Sequence[str | None]) -> None:
    """Refuse a language or a place of an answer before minutes are spent; data are never written over."""
    from detcount.assessment.common.verdict import LEVEL
    from detcount.contract import arguments
    from detcount.reports.formats import FORMATS
    from detcount.reports.writing import check_target

    arguments.language(options.lang)
    arguments.level(options.level, "--level")
    if options.level != LEVEL and options.csv is None:
        raise InputError(
            Message(
                "--level: expected --csv beside it, whose limits are of that level. Those of the report are "
                "of 95%, as the verdict rests on these"
            )
        )
    if options.json == STANDARD and options.csv == STANDARD:
        raise InputError(
            Message("--csv: expected a file, as standard output is taken by --json. Name a file for one")
        )
    places = _places(options)
    review = getattr(options, "review", None)
    check_each([("review", review), *((name, place) for name, place, _ in places)], read)
    for _, place, form in places:
        if form == "figures":
            _check_folder(place)
        elif place != STANDARD:
            marks = FORMATS[form].marks if form in FORMATS else MARKS[form]
            check_target(place, force=options.force, marks=marks)


def check_each(places: Iterable[tuple[str, str | None]], read: Sequence[str | None]) -> None:
    """Refuse a place of an answer that is one of the data, or that of another answer, whatever is forced.

    Parameters
    ----------
    places : iterable of (str, str)
        What the option is called, and the place or None.
    read : sequence of str
        The files that are read; None and standard input are none.

    Raises
    ------
    InputError
        If two of them are one file.
    """
    before: list[tuple[str, str]] = []
    for name, place in places:
        if place is None or place == STANDARD:
            continue
        if any(_same_file(source, place) for source in read if source not in (None, STANDARD)):
            raise InputError(
                Message(
                    "{option}: expected another file than the one with the data, got the same. Choose "
                    "another name",
                    option=flag(name),
                )
            )
        other = next((other for other, there in before if _same_file(there, place)), None)
        if other is not None:
            raise InputError(
                Message(
                    "{option}: expected another file than that of {other}, got the same. Choose another name",
                    option=flag(other),
                    other=flag(name),
                )
            )
        before.append((name, place))


def _check_folder(place: str) -> None:
    """Refuse a folder for figures that is a file, or that cannot be made."""
    from detcount.reports.writing import check_target

    path = Path(place)
    if path.exists() and not path.is_dir():
        raise InputError(
            Message(
                "{file}: expected the name of a folder, got that of a file. Choose another name",
                file=path.name,
            )
        )
    check_target(path / "figure" if path.is_dir() else path)


def _same_file(one: str | None, other: str) -> bool:
    """Check whether two names are of one file, through links too."""
    try:
        return os.path.samefile(str(one), other)
    except OSError:  # one of them is not there
        return os.path.realpath(str(one)) == os.path.realpath(other)


def key_of(place: str | None) -> tuple[str | None, bool]:
    """Read the secret that a file holds, or make one where there is no file; say whether it is new."""
    from detcount.privacy import new_digest_key, secret_of
    from detcount.reports.writing import check_target

    if place is None:
        return None, False
    if os.path.exists(place):
        return secret_of(place), False
    check_target(place)
    return new_digest_key(), True


def keep_key(key: str | None, place: str | None, lang: str) -> None:
    """Write a new secret where its owner alone can read it, and say so."""
    from detcount.reports.writing import write_report

    write_report(f"{key}\n", place, private=True)
    words = Message("secret written to {file}; keep it where the lists are", file=str(place))
    print_beside(words.translated(lang))


def disclosed(made: A, asked: Disclosure | None, digest_key: str | None = None) -> A:
    """Give an assessment for whom it was asked: the public, those who may see the data, or by default."""
    if asked is None:
        return made
    return made.full() if asked == "full" else made.public(digest_key)


def write_answer(
    options: argparse.Namespace,
    made: Any,
    table: Callable[[], pd.DataFrame],
    *,
    record: Callable[[], dict[str, Any]] | None = None,
    detail: dict[str, Any] | None = None,
) -> str:
    """Write an answer wherever the options ask for it, and give what goes to standard output.

    Parameters
    ----------
    options : argparse.Namespace
        The options.
    made : object
        A result with `document`, `to_markdown` and `record`.
    table : callable
        Gives the numbers as a frame.
    record : callable, optional
        Gives the numbers as plain values, in place of `made.record`.
    detail : dict, optional
        What `to_markdown` takes besides.

    Returns
    -------
    str
        The report in Markdown, or the numbers where they were asked for.
    """
    from detcount.reports.formats import FORMATS
    from detcount.reports.printed import file_of
    from detcount.reports.render.pictures import write_pictures
    from detcount.reports.writing import numbers_text, write_report

    force, document, record = options.force, made.document, record or made.record
    printed = None
    for _, place, name in _places(options):
        if name in FORMATS:
            file_of(document, name, place, options.lang, force=force)
            _print_written(options, Message("report written to {file}", file=place))
        elif name == "figures":
            kind = options.figures_as
            n = len(write_pictures(document(), Path(place), kind, options.lang, force=force))
            words = Message.counted(
                "{n} figure written to {folder}", "{n} figures written to {folder}", n=n, folder=place
            )
            _print_written(options, words)
        else:
            text = table_text(table()) if name == "csv" else numbers_text(record())
            if place == STANDARD:
                printed = text
                continue
            private = document().private
            write_report(f"{text}\n", place, force=force, marks=MARKS[name], private=private)
            _print_written(options, Message("numbers written to {file}", file=place))
    if printed is not None:
        return printed
    if options.quiet:
        return ""
    markdown: str = made.to_markdown(lang=options.lang, **(detail or {}))
    return markdown.rstrip("\n")


def in_a_terminal(answer: str, options: argparse.Namespace) -> str:
    """Cut an answer that is read on the screen, or that a file holds whole, and say where the rest is."""
    lines = answer.split("\n")
    asked = {name: getattr(options, name, None) for name in ("html", "out", "json", "csv")}
    places = [asked["html"], *(asked["out"] if isinstance(asked["out"], list) else ())]
    copied = STANDARD in asked.values() or options.command == "completion"  # by another program
    if len(lines) <= _MOST_LINES or copied or not (any(places) or sys.stdout.isatty()):
        return answer
    from detcount.reports.formats import ENDINGS

    whole = [os.path.basename(place) for place in places if place and place.lower().endswith(ENDINGS)]
    option = "--html report.html" if hasattr(options, "html") else "> answer.txt"
    rest = Message("The rest is written by {option}.", option=option)
    rest = Message("The rest stands in {files:and}.", files=whole) if whole else rest
    return "\n".join([*lines[: _MOST_LINES - 2], "", rest.translated(options.lang)])


def table_text(frame: pd.DataFrame) -> str:
    """Write a frame as CSV, the text in it as text: no spreadsheet program computes it."""
    from pandas.api.types import is_numeric_dtype

    def safe(cell: object) -> object:
        return safe_text(visible(cell)) if isinstance(cell, str) else cell

    text = frame.rename(columns=safe)
    for name, kind in zip(text.columns, text.dtypes, strict=True):
        if not is_numeric_dtype(kind):
            text[name] = text[name].astype(object).map(safe)
    return text.to_csv(index=False, lineterminator="\n").rstrip("\n")


def _print_written(options: argparse.Namespace, words: Message) -> None:
    """Say what was written, to who wants to hear it."""
    if not options.quiet:
        print_beside(words.translated(options.lang))
