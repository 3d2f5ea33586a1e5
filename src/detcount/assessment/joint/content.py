"""What the first page of a report says of each job, in no language yet: made from what the job prints.

Only contents are read here, those for the public or the full ones: whatever the first page has is on the
pages of the jobs.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from detcount._numerics.intervals import percentile_bounds
from detcount.abundance.partial_lists import LIMITS_HELD
from detcount.arguments import Sentences
from detcount.assessment.abundance.content import AssessmentContent
from detcount.assessment.abundance.content import message as lists_message
from detcount.assessment.abundance.robustness import change_words, tipping_sentences
from detcount.assessment.common.verdict import LEVEL
from detcount.assessment.releases.content import ReleasesContent
from detcount.assessment.releases.sentences import event_sentence, for_window, known_as, number_words
from detcount.assessment.stock.content import ExitsRow, StockContent
from detcount.assessment.stock.content import message as stock_message
from detcount.assumptions import Assumption
from detcount.estimates import AbundanceEstimate
from detcount.privacy import FEW_LISTED, public_floor
from detcount.published.events import Event
from detcount.quality import AuditAnswers
from detcount.quality.trimming import TrimmedEstimate
from detcount.reports.blocks import Document, Paragraph, citation_part, title_part
from detcount.reports.numbers import percent, persons, printed_limits, printed_point
from detcount.stock import CoverageEstimate
from detcount.strata import Composition
from detcount.words import Message, Sentence

Job = Literal["lists", "who", "stock", "releases", "waves", "audit"]

_ANNOUNCED = 3  # events on the first page
_MOST_CHANGES = 3  # of those that a job names
PRINTABLE = ("estimate", "range")
"""Verdicts that allow limits."""


message = Sentences("detcount.assessment.joint")
OTHERS, UNSTATED = message("of other groups"), message("unsaid")
"""All groups of few, and those of whom no list says to which they belong."""


@dataclass(frozen=True)
class AuditContent:
    """What an audit of lists prints.

    Parameters
    ----------
    answers : AuditAnswers
        What was found of the samples.
    without : AbundanceEstimate or TrimmedEstimate, optional
        The number without the entries that do not belong; None where none is to be printed.
    public : bool
        Whether it is for the public: shares of large samples alone, in whole per cent.
    taken_out : bool
        Whether linked lists are already without what the samples found.
    """

    answers: AuditAnswers
    without: AbundanceEstimate | TrimmedEstimate | None
    public: bool
    taken_out: bool

    @property
    def sentences(self) -> tuple[Message, ...]:
        """What was found of each sample."""
        if not self.public:
            return (self.answers.sentence(),)
        found = []
        for each in self.answers.drawn:
            low, high = each.shares()
            low, high = math.floor(100 * low) / 100, math.ceil(100 * high) / 100
            if _many(each.drawn_from):
                found.append(message("public share", name=each.name, low=low, high=high))
        return (*found, message("audit in full"))

    def document(self) -> Document:
        """The part of the report on it; in no language yet."""
        if not self.public:
            return self.answers.document()
        title = message("job audit")
        return Document(
            title, (*title_part(title, None), *map(Paragraph, self.sentences), *citation_part(""))
        )


def _many(entries: int | None) -> bool:
    """Whether a list has so many entries that shares of it show no small count."""
    return entries is not None and entries >= FEW_LISTED


@dataclass(frozen=True)
class EverHeld:
    """Those held at the start of the lists, and those arrested since.

    Parameters
    ----------
    start : datetime.date
        The first day.
    low, high : float
        Limits at 95%, persons.
    again : bool
        Whether the lists know anybody who was arrested twice, who counts twice there.
    most : tuple of date and float, optional
        The day on which most were held, and the lower limit of their number.
    left : tuple of date and float, optional
        The last day, and the upper limit of those who left up to it.
    """

    start: dt.date
    low: float
    high: float
    again: bool
    most: tuple[dt.date, float] | None = None
    left: tuple[dt.date, float] | None = None


@dataclass(frozen=True, kw_only=True)
class JobContents:
    """What the jobs print.

    Parameters
    ----------
    lists : AssessmentContent, optional
        Of persons on lists.
    stock : StockContent, optional
        Of the people held.
    releases : ReleasesContent, optional
        Of the releases.
    waves : CoverageEstimate, optional
        Of the waves of releases beside a list.
    audit : AuditContent, optional
        Of the entries of lists that were checked.
    who : mapping of str to Composition, optional
        Of linked persons by sex, age and place, listed or not; for those alone who may see the lists.
    ever : EverHeld, optional
        Of those held at the start of linked lists, and arrested since.
    between : tuple of Message, optional
        Where two files say different things.
    partly : AbundanceEstimate or Message, optional
        The number with each list counted where it operates alone, or why there is none; a sentence for the
        public.
    doubtful : int, optional
        Pairs of linked rows that may be one person; None where rows are not linked. The public is not told.
    about : tuple of ExitsRow, optional
        Exits of a register about the days of releases that it verified.
    """

    lists: AssessmentContent | None = None
    stock: StockContent | None = None
    releases: ReleasesContent | None = None
    waves: CoverageEstimate | None = None
    audit: AuditContent | None = None
    who: Mapping[str, Composition] | None = None
    ever: EverHeld | None = None
    between: tuple[Message, ...] = ()
    partly: AbundanceEstimate | Message | None = None
    doubtful: int | None = None
    about: tuple[ExitsRow, ...] = ()

    @property
    def linked(self) -> bool:
        """Whether the lists are rows of names that were linked."""
        return self.doubtful is not None

    @property
    def sentence(self) -> Message:
        """What can be printed of each job, one after another."""
        return Message.together(
            Sentence(sentence) for summary in summaries_of(self) for sentence in summary.sentences
        )


@dataclass(frozen=True)
class JobNumber:
    """One number of the first page.

    Parameters
    ----------
    job : {"lists", "who", "stock", "releases", "waves", "audit"}
        The job that gives it.
    question : Message
        What it answers.
    code : str
        The verdict, or what the limits rest on, as a code.
    floor : float, optional
        What is certain, persons; None where nothing is.
    low, high : float, optional
        Limits at 95%, or bounds, persons; None where they are not to be printed.
    point : float, optional
        A number between the limits, persons; None where it is not to be printed.
    named : float, optional
        Persons listed of whom some may not belong, so that the lower limit can be below it; no floor.
    words : Message, optional
        What can be printed, where the code alone does not say it.
    """

    job: Job
    question: Message
    code: str
    floor: float | None
    low: float | None
    high: float | None
    point: float | None = None
    named: float | None = None
    words: Message | None = None

    @property
    def verdict(self) -> Message:
        """What can be printed; an estimate only where its point is."""
        if self.words is not None:
            return self.words
        if self.code == "estimate" and self.point is None:
            return message("limits alone")
        of_verdict = stock_message if self.job in ("stock", "waves") else lists_message
        return of_verdict(f"verdict {self.code}")


@dataclass(frozen=True)
class JobSummary:
    """What the first page says of one job.

    Parameters
    ----------
    job : {"lists", "who", "stock", "releases", "waves", "audit"}
        The job.
    rows : tuple of JobNumber
        Its numbers.
    sentences : tuple of Message
        What can be printed.
    assumptions : tuple of Assumption
        What the numbers assume.
    changes : tuple of Message
        What would change them, a sentence each.
    """

    job: Job
    rows: tuple[JobNumber, ...]
    sentences: tuple[Message, ...]
    assumptions: tuple[Assumption, ...] = ()
    changes: tuple[Message, ...] = ()


def summaries_of(contents: JobContents) -> tuple[JobSummary, ...]:
    """Say what the first page says of each job that there is, in the order of the report."""
    made: dict[Job, Callable[[Any], JobSummary]] = {
        "lists": lambda found: _of_lists(found, contents),
        "who": _of_who,
        "stock": _of_stock,
        "releases": _of_releases,
        "waves": _of_waves,
        "audit": lambda found: _of_audit(found, contents.lists),
    }
    found = [of(each) for job, of in made.items() if (each := getattr(contents, job)) is not None]
    return tuple(map(_law_first, found)) if contents.linked else tuple(found)


def _law_first(summary: JobSummary) -> JobSummary:
    """A job of linked lists, which assumes how many entries do not belong, and not that there are none."""
    law = Assumption.STATED_WRONG_ENTRIES
    others = tuple(each for each in summary.assumptions if each not in (law, Assumption.NO_OVERCOVERAGE))
    takes_out = others and (summary.job in ("lists", "who") or law in summary.assumptions)
    return replace(summary, assumptions=(law, *others) if takes_out else others)


def _of_lists(content: AssessmentContent, contents: JobContents) -> JobSummary:
    """The lists: the floor, and the limits that the verdict allows."""
    limits, n = limits_of_lists(content), float(content.n_observed)
    floors = (n,) if content.law is None else ()  # of those named some may not belong
    points = [row.point for row in content.families if row.recommended and limits and content.print_point]
    row = _number("lists", message("question lists"), content.verdict, floors, limits)
    rows = [replace(row, point=next(iter(points), None), named=None if floors else n)]
    partly = contents.partly
    beside = [partly] if isinstance(partly, Message) else []
    if isinstance(partly, AbundanceEstimate):
        beside = [LIMITS_HELD]
        limits = printed_limits(*partly.interval_rule.bounds(LEVEL), partly.n_observed)
        rows.append(_number("lists", message("question partly"), "range", floors, limits))
    return JobSummary(
        "lists",
        tuple(rows),
        (content.sentence, *beside),
        content.assumptions if content.recommended else (),
        (*_changes_of_links(contents), *_changes_of_lists(content)),
    )


def limits_of_lists(content: AssessmentContent) -> tuple[float, float] | None:
    """Give the limits of the lists that can be printed; None where the verdict is against it."""
    if content.verdict not in PRINTABLE:
        return None
    chosen = next((row for row in content.families if row.recommended), None)
    if chosen is None:
        return content.span
    return chosen.low, chosen.high


def _changes_of_links(contents: JobContents) -> list[Message]:
    """What somebody could decide or check by hand."""
    found = []
    if contents.lists is not None and contents.doubtful is not None:
        if contents.lists.disclosure == "public":
            found.append(message("change links unnumbered"))
        elif contents.doubtful:
            found.append(message("change links", n=contents.doubtful))
    return found if contents.audit is not None else [*found, message("change audit")]


def _changes_of_lists(content: AssessmentContent) -> tuple[Message, ...]:
    """What would change the number of the lists."""
    rules = {found.rule for found in content.findings}
    if "no overlap" in rules:
        return (message("change second list"),)
    found = [*tipping_sentences(content), *_left_out(content), *_wrong_entries(content)]
    return (*found, message("change third list"))


def _left_out(content: AssessmentContent) -> list[Message]:
    """The list without which the limits move most, where that is printed."""
    rows = [row for row in content.leave_out if row.low and row.high and math.isfinite(row.high)]
    least, most = limits_of_lists(content) or (0.0, math.inf)
    if not rows or not math.isfinite(most):
        return []
    moved = [abs(math.log((row.high or 1) / most)) + abs(math.log((row.low or 1) / least)) for row in rows]
    row = rows[moved.index(max(moved))]
    ends = (*printed_limits(row.low or 0.0, row.high or 0.0), *printed_limits(least, most, content.least))
    words = dict(zip(("low", "high", "whole_low", "whole_high"), map(persons, ends), strict=True))
    return [message("change one list", name=row.name, **words)]


def _wrong_entries(content: AssessmentContent) -> list[Message]:
    """The list whose wrong entries change the number most."""
    rows = [row for row in content.wrong_entries if row.total_change is not None]
    if not rows or content.verdict not in PRINTABLE:
        return []
    row = max(rows, key=lambda each: abs(each.total_change or 0.0))
    if round(100 * (row.total_change or 0.0)) == 0:
        return []
    change = change_words(row.total_change)
    return [message("change wrong entries", share=percent(row.share), name=row.name, change=change)]


def _of_stock(content: StockContent) -> JobSummary:
    """The people held on the day asked for: what is certain of it, and the limits that the verdict allows."""
    chosen = next((row for row in content.answers if row.recommended), None)
    limits = None
    if content.verdict in PRINTABLE and chosen is not None and chosen.identified_by != "prior":
        limits = (chosen.low, chosen.high)
    floors = [row.floor for row in content.answers if row.day == content.day]
    row = _number("stock", message("question stock", day=content.day), content.verdict, floors, limits)
    row = replace(row, point=chosen.median if chosen is not None and limits is not None else None)
    changes = content.settle[:_MOST_CHANGES]
    return JobSummary("stock", (row,), (content.sentence,), content.assumptions, changes)


def _number(
    job: Job,
    question: Message,
    code: str,
    floors: Sequence[float | None] = (),
    limits: tuple[float, float | None] | None = None,
) -> JobNumber:
    """One number: the highest of some floors of one day, where one says anything, and printable limits."""
    highest = max(filter(None, floors), default=None)
    return JobNumber(job, question, code, highest, *(limits or (None, None)))


def _of_releases(content: ReleasesContent) -> JobSummary:
    """The last events, each of people whom no other one counts, and the largest number ever announced."""
    shown = _apart(content.shown)[:_ANNOUNCED]
    announced = [event for event in content.events if event.announced]
    largest = max(announced, key=lambda event: event.announced[0].count, default=None)
    numbered = shown if largest is None or largest in shown else (*shown, largest)
    return JobSummary(
        "releases",
        tuple(_of_event(event) for event in numbered if event.announced),
        tuple(event_sentence(event, content.as_of) for event in shown),
        changes=(message("change names"),),
    )


def _of_waves(found: CoverageEstimate) -> JobSummary:
    """The last wave that can be set against a list."""
    rows = []
    for last in found.usable[-1:]:
        low, high = last.interval() or (0.0, math.inf)
        question = message("how many were", wave=last.wave, condition=last.condition)
        limits = (low, high if math.isfinite(high) else None)
        rows.append(_number("waves", question, "range", [last.floor], limits))
    sentence = found.usable[-1].sentence() if rows else found.sentence()
    return JobSummary("waves", tuple(rows), (sentence,), found.assumptions if rows else ())


def _of_who(found: Mapping[str, Composition]) -> JobSummary:
    """The persons of each group, listed or not; those of whom no list says it may all be of any."""
    rows = []
    for each in found.values():
        limits = each.limits(LEVEL)
        unstated = [k for k, name in enumerate(each.groups) if name == UNSTATED]
        for k, name in enumerate(each.groups):
            if k not in unstated:
                low = limits[name][0]
                with_unstated = each.draws[:, [k, *unstated]].sum(axis=1)
                high = max(limits[name][1], percentile_bounds(with_unstated, LEVEL)[1])
                floor = min(each.tables[name].n_observed, math.floor(low))
                question = message("question who", group=name)
                rows.append(_number("who", question, "range", [floor], (low, high)))
    first = next(iter(found.values()))
    totals = tuple(dict.fromkeys(persons(printed_point(each.total.point)) for each in found.values()))
    sentences = (first.sentence(), message("groups apart", totals=totals))
    return JobSummary("who", tuple(rows), sentences, changes=(message("change fields"),))


def _of_audit(found: AuditContent, lists: AssessmentContent | None) -> JobSummary:
    """The persons listed and the number of the lists, without the entries that do not belong."""
    drawn, without = found.answers.drawn, found.without
    sizes = {} if lists is None else {row.name: row.persons for row in lists.lists}
    entries = [each.drawn_from or sizes.get(each.lists[0]) for each in drawn]
    if found.taken_out:
        return JobSummary("audit", (), (*found.sentences, message("audit taken out")))
    if lists is None or None in entries or (found.public and not all(map(_many, entries))):
        return JobSummary("audit", (), found.sentences)
    most = sum(math.ceil(each.shares()[1] * (n or 0)) for each, n in zip(drawn, entries, strict=True))
    least = max(lists.n_observed - most, 0)
    floor = public_floor(least) if found.public else least
    sentences = [*found.sentences, message("audit floor", n=persons(lists.n_observed), floor=persons(floor))]
    limits, verdict = None, "floor only"
    whole = limits_of_lists(lists)
    if without is not None and whole is not None:
        verdict = "range"
        if isinstance(without, AbundanceEstimate):
            key, bounds = "audit number", without.interval_rule.bounds(LEVEL)
        else:
            key, bounds = "audit bounds", without.bounds
        limits = printed_limits(*bounds, floor)
        names = ("low", "high", "whole_low", "whole_high")
        sentences.append(message(key, **dict(zip(names, map(persons, (*limits, *whole)), strict=True))))
    row = _number("audit", message("question audit"), verdict, [float(floor)], limits)
    return JobSummary("audit", (row,), tuple(sentences), without.assumptions if without else ())


def _apart(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Events of days that no other one of them has, the last first: announcements, and no totals of them.

    Of an event whose first day nobody said it is not known whom it counts: it stands where no other does.
    """
    announced = [event for event in events if event.announced or event.reported] or list(events)
    dated = {k: first for k, event in enumerate(announced) if (first := _first_day(event)) is not None}
    chosen: list[int] = []
    for k in sorted(dated, key=lambda k: dated[k], reverse=True):
        if not chosen or announced[k].head.last < dated[chosen[-1]]:
            chosen.append(k)
    return tuple(announced[k] for k in chosen) or tuple(announced[:1])


def _first_day(event: Event) -> dt.date | None:
    """The first day that anybody says an event is of."""
    return min((each.start for each in event.counts if each.start is not None), default=None)


def _of_event(event: Event) -> JobNumber:
    """One announced number: what one monitor verified of it, and what that leaves."""
    stated = event.announced[0]
    question = message(
        "question releases",
        number=number_words(stated),
        window=for_window(stated.start, stated.end),
        who=stated.source,
    )
    low, high = event.bounds or (None, None)
    limits = (low, high) if low is not None and high is not None and event.whole else None
    if event.bounds is None:
        code = "none" if event.verified else "reported" if event.reported else "unverified"
    else:
        code = "bounds" if limits else "part" if event.parts or event.verified else "other days"
    items = [
        message("reported item", n=persons(row.count), who=known_as(row.source)) for row in event.reported
    ]
    known: dict[str, Any] = {"bounds": {"high": persons(high or 0)}, "reported": {"items": items}}
    found = _number("releases", question, code, [low], limits)
    return replace(found, words=message(f"split {code}", **known.get(code, {})))
