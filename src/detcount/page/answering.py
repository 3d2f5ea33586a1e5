"""The answer to a question about a file, as the files that are handed out."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from detcount.errors import InputError
from detcount.page.forms import whole_number
from detcount.page.question import Question, Reading
from detcount.page.words import FIELDS
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

    from detcount.definition import Definition
    from detcount.privacy import Disclosure
    from detcount.reports.blocks import Document

_MOST_CLAIMED = 10**12


@dataclass(frozen=True)
class Made:
    """An answer that is there.

    Parameters
    ----------
    document : callable
        Gives the document.
    record : callable
        Gives the numbers as plain values.
    """

    document: Callable[[], Document]
    record: Callable[[], dict[str, Any]]


def answer(frame: pd.DataFrame, reading: Reading, question: Question) -> Made:
    """Answer a question about a frame.

    Parameters
    ----------
    frame : pandas.DataFrame
        The file.
    reading : Reading
        How it was read.
    question : Question
        What is asked.

    Returns
    -------
    Made
        The answer.

    Raises
    ------
    InputError
        If the question, or what the columns hold, cannot mean what it says.
    """
    if question.kind == "releases":
        return _of_releases(frame, reading, question)
    if question.kind == "stock":
        return _of_stock(frame, reading, question)
    if question.kind == "waves":
        return _of_waves(frame, reading, question)
    return _of_lists(frame, reading, question)


def files_of(made: Made, lang: str) -> Iterator[tuple[str, bytes]]:
    """Give the files of an answer: the page first; those that need a library only where it is there."""
    from importlib.util import find_spec

    from detcount.reports.formats import FORMATS, FormatName
    from detcount.reports.writing import numbers_text

    document = made.document()
    names: tuple[FormatName, ...] = ("html", "docx", "xlsx")
    for name in names:
        form = FORMATS[name]
        if not form.needs or find_spec(form.needs) is not None:
            content = form.render(document, lang)
            yield name, content.encode() if isinstance(content, str) else content
    yield "json", f"{numbers_text(made.record())}\n".encode()


def _of_lists(frame: pd.DataFrame, reading: Reading, question: Question) -> Made:
    """How many there are, by lists."""
    from detcount.assessment import assess
    from detcount.captures import CaptureTable

    names = [str(name) for name in frame.columns]

    def named(position: int | None) -> str | None:
        return None if position is None else names[position]

    definition = _definition(reading, question)
    claim = _claim(question.claim)
    if question.kind == "rows":
        person, list_ = named(question.person), named(question.list)
        if person is None or list_ is None:
            raise InputError(
                Message(
                    "{field}: expected two columns, one that identifies each person and one that names the "
                    "list, got fewer. Choose both",
                    field=FIELDS["rows"],
                )
            )
        table = CaptureTable.from_memberships(frame, person=person, list=list_, definition=definition)
    elif question.kind == "histories":
        pattern = named(question.pattern)
        if pattern is None:
            raise InputError(
                Message(
                    "{field}: expected the column with histories such as 101, got none. Choose it",
                    field=FIELDS["histories"],
                )
            )
        table = CaptureTable.from_patterns(
            frame,
            pattern=pattern,
            lists=_texts(question.names, FIELDS["names"]),
            count=named(question.count),
            person=named(question.person),
            definition=definition,
        )
    else:
        if len(question.lists) < 2:
            raise InputError(
                Message(
                    "{field}: expected at least 2 columns that are lists, got {n}. Tick them",
                    field=FIELDS["lists"],
                    n=len(question.lists),
                )
            )
        table = CaptureTable.from_frame(
            frame,
            lists=[names[position] for position in question.lists],
            count=named(question.count),
            person=named(question.person),
            definition=definition,
            yes=_texts(question.yes, FIELDS["yes"]),
            no=_texts(question.no, FIELDS["no"]),
            blank_is_0=question.blank_is_0,
        )
    assessment = assess(table, claim=claim, families=question.families or None)
    disclosure: Disclosure = "full" if question.full else "public"
    return Made(
        partial(assessment.document, disclosure=disclosure), partial(assessment.record, disclosure=disclosure)
    )


def _of_releases(frame: pd.DataFrame, reading: Reading, question: Question) -> Made:
    """How many of those announced were let out."""
    from detcount.assessment import assess_releases
    from detcount.published import PublishedReleases

    reports = PublishedReleases.from_frame(
        frame, definition=_definition(reading, question), dayfirst=reading.dayfirst
    )
    as_of = _as_of(question.as_of, reading)
    if as_of is not None and as_of < reports.first_published:
        raise InputError(
            Message(
                "{field}: expected {first} or later, the day of the first count, got {day}",
                field=FIELDS["as_of"],
                first=reports.first_published.isoformat(),
                day=as_of.isoformat(),
            )
        )
    assessment = assess_releases(reports, as_of=as_of)
    return Made(assessment.document, assessment.record)


def _of_stock(frame: pd.DataFrame, reading: Reading, question: Question) -> Made:
    """How many are held, day by day."""
    from detcount.assessment import assess_stock
    from detcount.published import PublishedStock

    stock = PublishedStock.from_frame(
        frame, definition=_definition(reading, question), dayfirst=reading.dayfirst
    )
    assessment = assess_stock(stock=stock, as_of=_as_of(question.as_of, reading))
    return Made(assessment.document, assessment.record)


def _of_waves(frame: pd.DataFrame, reading: Reading, question: Question) -> Made:
    """How many a list does not know, from who was released."""
    from detcount.shown import together
    from detcount.stock import CoverageFromReleases, ReleaseWaves

    waves = ReleaseWaves.from_frame(
        frame, definition=_definition(reading, question), dayfirst=reading.dayfirst
    )
    found = CoverageFromReleases().fit(waves)
    return Made(together([found]).document, found.record)


def _definition(reading: Reading, question: Question) -> Definition | None:
    """Who is counted; None where nobody says it."""
    period = tuple(_day(text, reading) for text in (question.first, question.last) if text.strip())
    day = _day(question.day, reading) if question.day.strip() else None
    if not question.who.strip():
        if question.where.strip() or period or day:
            raise InputError(
                Message(
                    "{field}: expected words for whom the data count beside a place or days, got none. Write "
                    "them, as in: people held for political ends",
                    field=FIELDS["who"],
                )
            )
        return None
    if len(period) == 1:
        raise InputError(
            Message(
                "{field}: expected a first and a last day, got one of them. Write both or none",
                field=FIELDS["period"],
            )
        )
    from detcount import arguments
    from detcount.definition import Definition

    return Definition(
        unit="person",
        who=question.who.strip(),
        where=question.where.strip(),
        period=None
        if not period
        else (arguments.day(FIELDS["first"], period[0]), arguments.day(FIELDS["last"], period[1])),
        day=None if day is None else arguments.day(FIELDS["day"], day),
    )


def _day(text: str, reading: Reading) -> str:
    """A day as it is written everywhere, from the order that the file has."""
    from detcount.published.days import day_first

    return str(day_first(text.strip()) if reading.dayfirst else text.strip())


def _as_of(text: str, reading: Reading) -> dt.date | None:
    """The last day that may be known; None where nobody says it."""
    if not text.strip():
        return None
    from detcount import arguments
    from detcount.frames import refuse_to_come

    day = arguments.day(FIELDS["as_of"], _day(text, reading))
    refuse_to_come([day], FIELDS["as_of"], remedy=Message("Name a day that has come"), rows=None)
    return day


def _claim(text: str) -> float | None:
    """A number of persons that somebody claims; None where nobody does."""
    figures = "".join(text.split())
    if not figures:
        return None
    claimed = whole_number(figures, len(str(_MOST_CLAIMED)))
    if not claimed or claimed > _MOST_CLAIMED:
        raise InputError(
            Message(
                "{field}: expected a whole number of persons in figures alone, as in 12000, got something "
                "else. Write it so, or leave it empty",
                field=FIELDS["claim"],
            )
        )
    return float(claimed)


def _texts(text: str, field: Message) -> list[str]:
    """Names between commas; one that has a comma stands in quotation marks."""
    try:
        rows = list(csv.reader([text], skipinitialspace=True, strict=True))
    except csv.Error:
        raise InputError(
            Message("{field}: expected names with a comma between them, got something else", field=field)
        ) from None
    return [name.strip() for row in rows for name in row if name.strip()]
