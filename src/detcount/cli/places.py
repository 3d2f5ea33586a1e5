"""Where an answer is written: checked before minutes are spent, and never over the data."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detcount.cli.faults import tell
from detcount.cli.reading import STANDARD
from detcount.cli.values import flag
from detcount.errors import InputError
from detcount.reports.sheets import safe_text
from detcount.words import Message, visible

if TYPE_CHECKING:
    import pandas as pd

    from detcount.reports.blocks import Document

_MADE_BY = "detcount"
_JSON_MARKS = (f'"made_by": "{_MADE_BY}"',)
_CSV_MARKS = (
    "family,recommended,",
    "label,quantity,announced,verified,",
    "answer,recommended,",
    "job,question,verdict,",
)  # how our tables begin


@dataclass(frozen=True)
class Answer:
    """An answer in every form in which it can be written.

    Parameters
    ----------
    markdown : callable
        Writes the report in Markdown.
    html : callable
        Writes the page to a file.
    document : callable
        Gives the document, whose figures can be written.
    record : callable
        Gives the numbers as plain values.
    table : callable
        Gives the numbers as a frame.
    """

    markdown: Callable[[], str]
    html: Callable[[str], object]
    document: Callable[[], Document]
    record: Callable[[], dict[str, Any]]
    table: Callable[[], pd.DataFrame]


def check_places(options: argparse.Namespace, read: Sequence[str | None]) -> None:
    """Refuse a language or a place of an answer before minutes are spent; data are never written over."""
    from detcount import arguments
    from detcount.assessment.common.verdict import LEVEL
    from detcount.reports.writing import REPORT_MARKS, check_target

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
    marks = {"html": REPORT_MARKS, "json": _JSON_MARKS, "csv": _CSV_MARKS}
    places: list[tuple[str, Any, Sequence[str]]]
    places = [(name, getattr(options, name), marks.get(name, ())) for name in (*marks, "figures")]
    places += [("out", place, _marks_of(place)) for place in options.out]
    check_each(places, read)
    for name, place, marks_here in places:
        if place is None or place == STANDARD:
            continue
        if name == "figures":
            _check_folder(place)
        else:
            check_target(place, force=options.force, marks=marks_here)


def check_each(places: Iterable[tuple[str, Any, object]], read: Sequence[str | None]) -> None:
    """Refuse a place of an answer that is one of the data, or that of another answer, whatever is forced.

    Parameters
    ----------
    places : iterable of tuple
        What the option is called, the place or None, and what else is known of it.
    read : sequence of str
        The files that are read; None and standard input are none.

    Raises
    ------
    InputError
        If two of them are one file.
    """
    taken = [str(name) for name in read if name not in (None, STANDARD)]
    before: list[tuple[str, str]] = []
    for name, place, _ in places:
        if place is None or place == STANDARD:
            continue
        if any(_same_file(source, place) for source in taken):
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


def written(answer: Answer, options: argparse.Namespace) -> str:
    """Write an answer wherever the options ask for it, and give what goes to standard output."""
    printed = ""
    if options.html is not None:
        answer.html(options.html)
        _say_written(options, Message("report written to {file}", file=options.html))
    for place in options.out:
        if _is_json(place):
            _write_numbers(answer, place, options)
        else:
            from detcount.reports.formats import format_of
            from detcount.reports.printed import file_of

            file_of(answer.document, format_of(place), place, options.lang, force=options.force)
            _say_written(options, Message("report written to {file}", file=place))
    if options.json == STANDARD:
        printed = _numbers(answer)
    elif options.json is not None:
        _write_numbers(answer, options.json, options)
    if options.csv is not None:
        text = table_text(answer.table())
        if options.csv == STANDARD:
            printed = text
        else:
            _write(f"{text}\n", options.csv, answer, options, _CSV_MARKS)
            _say_written(options, Message("numbers written to {file}", file=options.csv))
    if options.figures is not None:
        from detcount.reports.render.pictures import write_pictures

        kind = options.figures_as
        files = write_pictures(
            answer.document(), Path(options.figures), kind, options.lang, force=options.force
        )
        _say_written(
            options,
            Message.counted(
                "{n} figure written to {folder}",
                "{n} figures written to {folder}",
                n=len(files),
                folder=options.figures,
            ),
        )
    if STANDARD in (options.json, options.csv):
        return printed
    return "" if options.quiet else answer.markdown().rstrip("\n")


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


def _numbers(answer: Answer) -> str:
    """The numbers as JSON."""
    from detcount.reports.writing import numbers_text

    return numbers_text(answer.record())


def _write(text: str, place: str, answer: Answer, options: argparse.Namespace, marks: Sequence[str]) -> None:
    """Write numbers to a file, which is its owner's alone where the report is."""
    from detcount.reports.writing import write_report

    write_report(text, place, force=options.force, marks=marks, private=answer.document().private)


def _write_numbers(answer: Answer, place: str, options: argparse.Namespace) -> None:
    """Write the numbers as JSON to a file."""
    _write(f"{_numbers(answer)}\n", place, answer, options, _JSON_MARKS)
    _say_written(options, Message("numbers written to {file}", file=place))


def _is_json(place: str) -> bool:
    """Whether a file is one of numbers, by its ending."""
    return Path(place).suffix.lower() == ".json"


def _marks_of(place: str) -> Sequence[str]:
    """What stands in the files of ours that have such an ending; the format must be one that there is."""
    from detcount.reports.formats import FORMATS, format_of, require

    if _is_json(place):
        return _JSON_MARKS
    made = FORMATS[format_of(place, "--out", (".json",))]
    require(made)
    return made.marks


def _say_written(options: argparse.Namespace, words: Message) -> None:
    """Say what was written, to who wants to hear it."""
    if not options.quiet:
        tell(words.say(options.lang))


def _check_folder(place: str) -> None:
    """Refuse a folder for figures that is a file, or that cannot be made."""
    from detcount.reports.writing import check_target

    path = Path(place)
    if path.is_dir():
        check_target(path / _MADE_BY)
    elif path.exists():
        raise InputError(
            Message(
                "{file}: expected the name of a folder, got that of a file. Choose another name",
                file=path.name,
            )
        )
    else:
        check_target(path)


def _same_file(one: str, other: str) -> bool:
    """Whether two names are of one file, through links too."""
    try:
        return os.path.samefile(one, other)
    except OSError:  # one of them is not there
        return os.path.realpath(one) == os.path.realpath(other)
