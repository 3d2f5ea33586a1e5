"""The answer to a question about a file, as files to download."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from detcount.errors import InputError
from detcount.page.pages import FIELDS
from detcount.page.protocol import Question, Reading
from detcount.page.requests import whole_number
from detcount.reading.frames import row_names
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

    from detcount.assessment import Assessment, JointReport
    from detcount.assessment.joint.settings import Settings
    from detcount.contract.definition import Definition
    from detcount.data.captures import CaptureTable
    from detcount.reports.blocks import Document

    Answer = tuple[Document, dict[str, Any]]

_MOST_CLAIMED = 10**12


def answer(frame: pd.DataFrame, reading: Reading, question: Question) -> Answer:
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
    tuple of (Document, dict)
        The report, and its numbers as plain values.

    Raises
    ------
    InputError
        If the question, or what the columns hold, cannot mean what it says.
    """
    from detcount.quality import AuditAnswers

    definition = _definition(reading, question)
    if question.kind == "releases":
        return _of_releases(frame, reading, question, definition)
    if question.kind == "stock":
        return _of_stock(frame, reading, question, definition)
    if question.kind == "waves":
        return _of_waves(frame, reading, question, definition)
    if question.kind == "audit":
        answers = AuditAnswers.from_frame(frame)
        return answers.document(), answers.record()
    if question.kind == "names":
        return _of_names(frame, question, definition)
    return _of_lists(frame, question, definition)


def stated_in(files: Mapping[str, bytes]) -> Settings:
    """Read the settings among the files of a folder."""
    from detcount.assessment.joint.settings import SETTINGS, Settings, settings_in

    return settings_in(files[SETTINGS]) if SETTINGS in files else Settings()


def of_folder(files: Mapping[str, bytes], reading: Reading, question: Question) -> Answer:
    """Answer all that the files of a folder allow, with what a person says of them.

    Parameters
    ----------
    files : mapping of str to bytes
        The files.
    reading : Reading
        How days are read.
    question : Question
        What a person says.

    Returns
    -------
    tuple of (Document, dict)
        The report, and its numbers as plain values.

    Raises
    ------
    InputError
        If an answer cannot be meant, or no file can be used.
    """
    from detcount.assessment import report
    from detcount.assessment.joint.folder import Files
    from detcount.assessment.joint.settings import Settings
    from detcount.assessment.joint.starting import started

    stated = stated_in(files)
    names = {
        name: replace(
            each,
            columns={**each.columns, **{role: c for of, role, c in question.columns if of == name}},
            max_copies=1 if name in question.once else each.max_copies,
        )
        for name, each in started(Files(files, stated)).settings.names.items()
    }
    read: dict[str, Any] = {"as_of": _as_of(question.as_of, reading), "dayfirst": reading.dayfirst or None}
    read |= {"released_counts": question.scope, "list_is_fresh": question.fresh}
    texts = {"list": question.sample, "chosen": question.chosen, "design": question.design}
    counts = {name: _persons(getattr(question, name), name) for name in ("clusters", "inmates")}
    sample = {key: value for key, value in (texts | counts).items() if value}
    definition, take = _definition(reading, question), dict(question.take)
    asked = Settings(definition=definition, take=take, read=read, sample=sample)
    return _shown(report(Files(files, asked.over(replace(stated, names=names)))), question)


def files_of(document: Document, record: dict[str, Any], lang: str) -> Iterator[tuple[str, bytes]]:
    """Give the files of an answer: the page first; those that need a library only where it is there."""
    from importlib.util import find_spec

    from detcount.reports.formats import FORMATS, FormatName
    from detcount.reports.writing import numbers_text

    names: tuple[FormatName, ...] = ("html", "docx", "xlsx")
    for name in names:
        form = FORMATS[name]
        if not form.needs or find_spec(form.needs) is not None:
            content = form.render(document, lang)
            yield name, content.encode() if isinstance(content, str) else content
    yield "json", f"{numbers_text(record)}\n".encode()


def _of_lists(frame: pd.DataFrame, question: Question, definition: Definition | None) -> Answer:
    """Count persons by lists."""
    from detcount.assessment import assess
    from detcount.strata import stratify
    from detcount.strata.columns import with_groups
    from detcount.strata.composing import together

    claim = _persons(question.claim, "claim")
    groups = None
    if question.kind == "columns" and question.by is not None:
        grouped, column = with_groups(frame, [str(frame.columns[question.by])], "–")
        groups = stratify(grouped, by=column, **_columns(frame, question, definition))
    table = _table(frame, question, definition) if groups is None else together(groups)
    assessment = assess(table, claim=claim, families=question.families or None, by=groups)
    return _shown(assessment, question)


def _of_names(frame: pd.DataFrame, question: Question, definition: Definition | None) -> Answer:
    """Count persons by lists of names, which are linked in memory, and those held by their days."""
    from detcount.assessment import assess, assess_stock
    from detcount.assessment.joint.result import JointReport
    from detcount.linkage import link, read_lists

    cells = frame.astype(object).where(frame.notna(), "")
    chosen = None if question.list is None else cells.columns[question.list]
    of_list = [] if chosen is None else cells[chosen].astype(str).str.strip().tolist()
    names = [name for name in dict.fromkeys(of_list) if name]
    if not 1 < 2 * len(names) <= len(of_list):  # a column of names would come back in words as lists
        raise InputError(
            Message(
                "{field}: expected the column that names the list of each row, with a few names that come "
                "again, got none or another. Choose it",
                field=FIELDS["list"],
            )
        )
    if "" in of_list:
        raise InputError(
            Message(
                "{row}: expected the name of a list, got a blank cell. Every row needs a list",
                row=row_names(frame)(of_list.index("")),
            )
        )
    others = cells.drop(columns=chosen)
    rows = {name: others[[each == name for each in of_list]].reset_index(drop=True) for name in names}
    linked = link(read_lists(rows), definition=definition)
    lists = assess(linked, claim=_persons(question.claim, "claim"), families=question.families or None)
    try:
        stock = assess_stock(people=linked.people())
    except InputError:  # no list has a day
        stock = None
    made = JointReport(lists=lists, stock=stock, releases=None, files=(), seed=lists.seed)
    return _shown(made, question)


def _shown(made: Assessment | JointReport, question: Question) -> Answer:
    """Give the result as it was asked for: for the public, or full."""
    shown = made.full() if question.full else made.public()
    return shown.document(), shown.record()


def _table(frame: pd.DataFrame, question: Question, definition: Definition | None) -> CaptureTable:
    """The table of a file in one of three layouts."""
    from detcount.data.captures import CaptureTable

    names = [str(name) for name in frame.columns]
    person, list_, pattern, count = (
        None if position is None else names[position]
        for position in (question.person, question.list, question.pattern, question.count)
    )
    if question.kind == "rows":
        if person is None or list_ is None:
            raise InputError(
                Message(
                    "{field}: expected two columns, one that identifies each person and one that names the "
                    "list, got fewer. Choose both",
                    field=FIELDS["rows"],
                )
            )
        return CaptureTable.from_memberships(frame, person=person, list=list_, definition=definition)
    if question.kind == "histories":
        if pattern is None:
            raise InputError(
                Message(
                    "{field}: expected the column with histories such as 101, got none. Choose it",
                    field=FIELDS["histories"],
                )
            )
        lists = _texts(question.names, FIELDS["names"])
        return CaptureTable.from_patterns(
            frame, pattern=pattern, lists=lists, count=count, person=person, definition=definition
        )
    return CaptureTable.from_frame(frame, **_columns(frame, question, definition))


def _columns(frame: pd.DataFrame, question: Question, definition: Definition | None) -> dict[str, Any]:
    """Read the columns of a file with a column for each list."""
    names = [str(name) for name in frame.columns]
    if len(question.lists) < 2:
        raise InputError(
            Message(
                "{field}: expected at least 2 columns that are lists, got {n}. Tick them",
                field=FIELDS["lists"],
                n=len(question.lists),
            )
        )
    return {
        "lists": [names[position] for position in question.lists],
        "count": None if question.count is None else names[question.count],
        "person": None if question.person is None else names[question.person],
        "definition": definition,
        "yes": _texts(question.yes, FIELDS["yes"]),
        "no": _texts(question.no, FIELDS["no"]),
        "blank_is_0": question.blank_is_0,
    }


def _of_releases(
    frame: pd.DataFrame, reading: Reading, question: Question, definition: Definition | None
) -> Answer:
    """Count those let out of those announced."""
    from detcount.assessment import assess_releases
    from detcount.data.published import PublishedReleases

    reports = PublishedReleases.from_frame(frame, definition=definition, dayfirst=reading.dayfirst or None)
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
    return assessment.document(), assessment.record()


def _of_stock(
    frame: pd.DataFrame, reading: Reading, question: Question, definition: Definition | None
) -> Answer:
    """Count those held, day by day."""
    from detcount.assessment import assess_stock
    from detcount.data.published import PublishedStock

    stock = PublishedStock.from_frame(frame, definition=definition, dayfirst=reading.dayfirst or None)
    assessment = assess_stock(stock=stock, as_of=_as_of(question.as_of, reading))
    return assessment.document(), assessment.record()


def _of_waves(
    frame: pd.DataFrame, reading: Reading, question: Question, definition: Definition | None
) -> Answer:
    """Count those whom a list does not know, by who was released."""
    from detcount.stock import CoverageFromReleases, ReleaseWaves

    waves = ReleaseWaves.from_frame(
        frame,
        scope=question.scope,
        fresh=question.fresh,
        definition=definition,
        dayfirst=reading.dayfirst or None,
    )
    found = CoverageFromReleases().fit(waves)
    return found.document(), found.record()


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
    from detcount.contract import arguments
    from detcount.contract.definition import Definition

    return Definition(
        unit="person",
        who=question.who.strip(),
        where=question.where.strip(),
        period=(arguments.day(FIELDS["first"], period[0]), arguments.day(FIELDS["last"], period[1]))
        if period
        else None,
        day=None if day is None else arguments.day(FIELDS["day"], day),
    )


def _day(text: str, reading: Reading) -> str:
    """A day as it is written everywhere, from the order that the file has."""
    from detcount.reading.days import day_first

    return str(day_first(text.strip()) if reading.dayfirst else text.strip())


def _as_of(text: str, reading: Reading) -> dt.date | None:
    """The last day that may be known; None where nobody says it."""
    if not text.strip():
        return None
    from detcount.contract import arguments
    from detcount.reading.frames import refuse_to_come

    day = arguments.day(FIELDS["as_of"], _day(text, reading))
    refuse_to_come([day], FIELDS["as_of"], remedy=Message("Name a day that has come"), rows=None)
    return day


def _persons(text: str, field: str) -> int | None:
    """A whole number above 0 of a field; None where it is empty."""
    figures = "".join(text.split())
    if not figures:
        return None
    number = whole_number(figures, len(str(_MOST_CLAIMED)))
    if not number or number > _MOST_CLAIMED:
        raise InputError(
            Message(
                "{field}: expected a whole number of persons in figures alone, as in 12000, got something "
                "else. Write it so, or leave it empty",
                field=FIELDS[field],
            )
        )
    return number


def _texts(text: str, field: Message) -> list[str]:
    """Names between commas; one that has a comma stands in quotation marks."""
    try:
        rows = list(csv.reader([text], skipinitialspace=True, strict=True))
    except csv.Error:
        raise InputError(
            Message("{field}: expected names with a comma between them, got something else", field=field)
        ) from None
    return [name.strip() for row in rows for name in row if name.strip()]
