"""The opening of the page of a job: a headline, who counted between which days, an answer, and a picture.

A sentence that can be printed has at most 30 words in every language. Where a name or a condition is long, a
shorter form of the sentence is taken, which says less.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from detcount.contract.definition import Definition
from detcount.reports.blocks import Answer, Answers, Block, FigureSlot, Paragraph, title_part
from detcount.reports.numbers import NOTHING, level_words, persons
from detcount.words import Capitalised, Message, languages

Job = Literal["lists", "who", "stock", "released", "releases", "waves", "audit"]
PRINTABLE = ("estimate", "range")
"""Verdicts that allow limits."""
JOBS: dict[Job, Message] = {
    "lists": Message("the lists"),
    "stock": Message("the people held"),
    "releases": Message("the releases"),
    "waves": Message("the waves of releases"),
    "audit": Message("the entries checked"),
    "who": Message("who is missing"),
    "released": Message("the people named as released"),
}
"""What each job is about."""


@dataclass(frozen=True)
class Tuning:
    """Sizes of the first page, chosen so that it fits a screen.

    Parameters
    ----------
    words : int, words
        Most words of a sentence to print, in each language. Convention: newspapers advise at most 25 to 30.
    sources : int, names
        Sources that are named below the headline; the others are counted. Convention: a line.
    lists : int, names
        Lists up to which each is named there. Convention: a line.
    events : int, events
        Announcements that have an answer, the last ones. Convention: a row of answers.
    changes : int, lines
        Lines on what would change the numbers; others are folded away. Convention: what is read at a glance.
    assumed : int, sentences
        Assumptions of a job before the folds. Convention: five.
    settling : int, sentences
        Things a job names that would settle its number. Convention: three.
    level : float, probability
        Level of the limits. Convention: 95%.
    height : float, inches
        Height of the picture of the people held. Convention: what a screen has left.
    """

    words: int = 30
    sources: int = 3
    lists: int = 6
    events: int = 3
    changes: int = 5
    assumed: int = 5
    settling: int = 3
    level: float = 0.95
    height: float = 2.8


TUNING = Tuning()


@dataclass(frozen=True)
class JobNumber:
    """One number of a first page.

    Parameters
    ----------
    job : {"lists", "who", "stock", "released", "releases", "waves", "audit"}
        The job that gives it.
    question : Message
        What it answers.
    code : str
        The verdict, or what the limits rest on, as a code.
    words : Message
        What can be printed, where the code allows a point.
    floor : float, optional
        What is certain, persons; None where nothing is.
    low, high : float, optional
        Limits, persons; None where they are not to be printed.
    point : float, optional
        A number between the limits, persons; None where it is not to be printed.
    named : float, optional
        Persons listed of whom some may not belong, so that the lower limit can be below it; no floor.
    bounds : bool, optional
        Whether `low` and `high` are bounds, which have no level.
    """

    job: Job
    question: Message
    code: str
    words: Message
    floor: float | None
    low: float | None
    high: float | None
    point: float | None = None
    named: float | None = None
    bounds: bool = False

    @property
    def verdict(self) -> Message:
        """Verdict to print; an estimate only where its point is."""
        if self.code == "estimate" and self.point is None:
            return Message("limits can be printed, and no single number")
        return self.words

    @property
    def amount(self) -> Message | None:
        """The number of people with its limits; None where none is to be printed."""
        if self.low is None:
            least = self.floor if self.floor is not None else self.named
            return Message("at least {n} people", n=persons(least)) if least else None
        known = {"low": persons(self.low), "high": persons(self.high or 0.0)}
        if self.high is None or not math.isfinite(self.high):
            return Message("at least {n} people", n=known["low"])
        if self.point is None:
            return Message("{low} to {high} people", **known)
        return Message("about {point} people ({low} to {high})", point=persons(self.point), **known)


def number_of(
    job: Job,
    question: Message,
    code: str,
    verdicts: Mapping[str, Message],
    floors: Sequence[float | None] = (),
    limits: tuple[float, float | None] | None = None,
) -> JobNumber:
    """One number: the highest of some floors of one day, where one says anything, and printable limits."""
    highest = max(filter(None, floors), default=None)
    return JobNumber(job, question, code, verdicts[code], highest, *(limits or (None, None)))


def shortest(*forms: Message) -> Message:
    """The first form of a sentence that is short enough in every language; the last if none is."""

    def fits(form: Message) -> bool:
        return all(len(form.translated(lang).split()) <= TUNING.words for lang in languages())

    return next(filter(fits, forms), forms[-1])


def answer_in_persons(row: JobNumber, sentence: Message) -> Answer:
    """An answer in persons: the point with its limits, the limits alone, a floor, or none."""
    make = partial(Answer, row.question, sentence=sentence)
    if row.low is not None:
        amount = {"low": persons(row.low), "high": persons(math.inf if row.high is None else row.high)}
        between, level = Message("{low} to {high}", **amount), level_words(TUNING.level)
        if row.point is not None and row.code == "estimate":
            limits = Message("{limits} ({level})", limits=between, level=level)
            return make(persons(row.point), limits, verdict=Message("print the estimate"), grade="good")
        limits = Message("limits at {level}", level=level)
        limits = Message("bounds: the least and the most") if row.bounds else limits
        return make(between, limits, verdict=Message("print the limits"), grade="fair")
    if least := row.floor or row.named:
        number, limits = Message("≥{number}", number=persons(least)), Message("no limit from above")
        return make(number, limits, verdict=Message("print the floor"), grade="fair")
    limits = Message("no number is to be printed")
    return make(NOTHING, limits, verdict=Message("print no number"), grade="poor")


def whole_headline(amount: Message) -> Message:
    """State a number of all, on the lists or not."""
    return Message("{whole} in all, on the lists or not.", whole=Capitalised(amount))


def held_headline(amount: Message, day: dt.date) -> Message:
    """State a number of those held on a day."""
    return Message("{held} were held at the end of {day}.", held=Capitalised(amount), day=day)


def source_words(
    lists: Sequence[str], sources: Iterable[str], days: Sequence[dt.date], *, named: bool
) -> Message | None:
    """Say who counted, and of which days the data are; lists are named only where they may be."""
    parts: list[Message] = []
    if lists:
        n = Message.counted("{n} list", "{n} lists", n=len(lists))
        known = named and len(lists) <= TUNING.lists
        parts.append(Message("{n} ({names:,})", n=n, names=lists) if known else n)
    if published := [*dict.fromkeys(sources)]:
        more = len(published) - TUNING.sources
        others = [Message.counted("one other", "{n} others", n=more)] if more > 0 else []
        names = [*published[: TUNING.sources], *others]
        parts.append(Message("what {names:and} published", names=names))
    if days:
        first, last = min(days), max(days)
        to = Message("days up to {last}", last=last)
        parts.append(to if first == last else Message("days from {first} to {last}", first=first, last=last))
    return Message("Counted from {parts:;}.", parts=parts) if parts else None


def opening(
    headline: str,
    definition: Definition | None,
    words: Iterable[Message | None],
    answers: Iterable[Answer],
    picture: FigureSlot | None = None,
    *between: Block,
    entries: bool = False,
) -> list[Block]:
    """Set out the headline, who is counted, the answers and the picture; a sentence stands once.

    Where `entries` of a list are counted, the definition of the list decides, and no other is missed.
    """
    heading, *counted = title_part(headline, definition)
    stated = [each.text for each in counted if isinstance(each, Paragraph) and not entries]
    items = tuple(replace(each, sentence="") if each.sentence == headline else each for each in answers)
    return [
        heading,
        Paragraph(Message.together([*stated, *filter(None, words)])),
        *between,
        Answers(items),
        *([] if picture is None else [picture]),
    ]
