"""What the first page of a report says of each job, in no language yet: made from what the job prints.

Only the assessments of the jobs are read here, as they are printed: whatever the first page has is on the
pages of the jobs.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from detcount._numerics.intervals import percentile_bounds
from detcount.abundance.partial_lists import LIMITS_HELD
from detcount.assessment.abundance.facts import AssessmentFacts
from detcount.assessment.abundance.robustness import change_words, tipping_sentences
from detcount.assessment.abundance.rows import VERDICTS
from detcount.assessment.common.verdict import LEVEL
from detcount.assessment.joint.facts import Job, JointFacts
from detcount.assessment.joint.names import UNSTATED
from detcount.assessment.joint.settings import message
from detcount.assessment.releases.by_name import ReleasedAssessment
from detcount.assessment.releases.facts import ReleasesFacts
from detcount.assessment.releases.sentences import event_sentence, for_window, known_as, number_words
from detcount.assessment.stock.facts import StockFacts
from detcount.assessment.stock.registers import VERDICTS as STOCK_VERDICTS
from detcount.assumptions import Assumption
from detcount.data.published.events import Event
from detcount.estimates import AbundanceEstimate
from detcount.releases import ReleasedByName
from detcount.releases.by_name_result import between
from detcount.reports.numbers import percent, persons, printed_limits, printed_point
from detcount.stock import CoverageEstimate
from detcount.strata import Composition
from detcount.words import Message

_ANNOUNCED = 3  # events on the first page
_MOST_CHANGES = 3  # of those that a job names
PRINTABLE = ("estimate", "range")
"""Verdicts that allow limits."""


@dataclass(frozen=True)
class JobNumber:
    """One number of the first page.

    Parameters
    ----------
    job : {"lists", "who", "stock", "released", "releases", "waves", "audit"}
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
        return (STOCK_VERDICTS if self.job in ("stock", "waves") else VERDICTS)[self.code]


@dataclass(frozen=True)
class JobSummary:
    """What the first page says of one job.

    Parameters
    ----------
    job : {"lists", "who", "stock", "released", "releases", "waves", "audit"}
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


def summaries_of(report: JointFacts) -> tuple[JobSummary, ...]:
    """Say what the first page says of each job that there is, in the order of the report."""
    found = []
    if report.lists is not None:
        found.append(_of_lists(report.lists, report))
    if report.who:
        found.append(_of_who(report.who))
    if report.stock is not None:
        found.append(_of_stock(report.stock))
    if report.released is not None:
        found.append(_of_released(report.released))
    if report.releases is not None:
        found.append(_of_releases(report.releases))
    if report.waves is not None:
        found.append(_of_waves(report.waves))
    if report.audit is not None:
        found.append(_of_audit(report))
    return tuple(map(_law_first, found)) if report.linked else tuple(found)


def _law_first(summary: JobSummary) -> JobSummary:
    """A job of linked lists, which assumes how many entries do not belong, and not that there are none."""
    law = Assumption.STATED_WRONG_ENTRIES
    others = tuple(each for each in summary.assumptions if each not in (law, Assumption.NO_OVERCOVERAGE))
    takes_out = others and (summary.job in ("lists", "who") or law in summary.assumptions)
    return replace(summary, assumptions=(law, *others) if takes_out else others)


def _of_lists(lists: AssessmentFacts, report: JointFacts) -> JobSummary:
    """The lists: the floor, and the limits that the verdict allows."""
    limits, n = limits_of_lists(lists), float(lists.n_observed)
    floors = (n,) if lists.law is None else ()  # of those named some may not belong
    chosen = lists.recommended_row
    point = chosen.point if chosen and limits and lists.print_point else None
    row = _number("lists", message("question lists"), lists.verdict, floors, limits)
    rows = [replace(row, point=point, named=None if floors else n)]
    partly = report.partly
    beside = [partly] if isinstance(partly, Message) else []
    if isinstance(partly, AbundanceEstimate):
        beside = [LIMITS_HELD]
        limits = printed_limits(*partly.interval_rule.bounds(LEVEL), partly.n_observed)
        rows.append(_number("lists", message("question partly"), "range", floors, limits))
    return JobSummary(
        "lists",
        tuple(rows),
        (lists.statement, *beside),
        lists.assumptions if chosen else (),
        (*_changes_of_links(report), *_changes_of_lists(lists)),
    )


def limits_of_lists(lists: AssessmentFacts) -> tuple[float, float] | None:
    """Give the limits of the lists that can be printed; None where the verdict is against it."""
    if lists.verdict not in PRINTABLE:
        return None
    chosen = lists.recommended_row
    return lists.span if chosen is None else (chosen.low, chosen.high)


def _changes_of_links(report: JointFacts) -> list[Message]:
    """What somebody could decide or check by hand."""
    found = []
    if report.linked and report.disclosure == "public":
        found.append(message("change links unnumbered"))
    elif report.doubtful:
        found.append(message("change links", n=report.doubtful))
    return found if report.audit is not None else [*found, message("change audit")]


def _changes_of_lists(lists: AssessmentFacts) -> tuple[Message, ...]:
    """What would change the number of the lists."""
    rules = {found.rule for found in lists.findings}
    if "no overlap" in rules:
        return (message("change second list"),)
    found = [*tipping_sentences(lists), *_left_out(lists), *_wrong_entries(lists)]
    return (*found, message("change third list"))


def _left_out(lists: AssessmentFacts) -> list[Message]:
    """The list without which the limits move most, where that is printed."""
    left_out = () if lists.fits is None else lists.leave_one_list_out
    rows = [row for row in left_out if row.low and row.high and math.isfinite(row.high)]
    least, most = limits_of_lists(lists) or (0.0, math.inf)
    if not rows or not math.isfinite(most):
        return []
    moved = [abs(math.log((row.high or 1) / most)) + abs(math.log((row.low or 1) / least)) for row in rows]
    row = rows[moved.index(max(moved))]
    ends = (*printed_limits(row.low or 0.0, row.high or 0.0), *printed_limits(least, most, lists.least))
    words = dict(zip(("low", "high", "whole_low", "whole_high"), map(persons, ends), strict=True))
    return [message("change one list", name=row.name, **words)]


def _wrong_entries(lists: AssessmentFacts) -> list[Message]:
    """The list whose wrong entries change the number most."""
    rows = [row for row in lists.wrong_entries if row.total_change is not None]
    if not rows or lists.verdict not in PRINTABLE:
        return []
    row = max(rows, key=lambda each: abs(each.total_change or 0.0))
    if round(100 * (row.total_change or 0.0)) == 0:
        return []
    change = change_words(row.total_change)
    return [message("change wrong entries", share=percent(row.share), name=row.name, change=change)]


def _of_stock(stock: StockFacts) -> JobSummary:
    """The people held on the day asked for: what is certain of it, and the limits that the verdict allows."""
    chosen, limits = stock.recommended, None
    if stock.printable and chosen is not None and chosen.identified_by != "prior":
        limits = (chosen.low, chosen.high)
    floors = [row.floor for row in stock.answer_rows if row.day == stock.day]
    row = _number("stock", message("question stock", day=stock.day), stock.verdict, floors, limits)
    row = replace(row, point=chosen.median if chosen is not None and limits is not None else None)
    return JobSummary("stock", (row,), (stock.statement,), stock.assumed, stock.settle[:_MOST_CHANGES])


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


def _of_releases(releases: ReleasesFacts) -> JobSummary:
    """The last events, each of people whom no other one counts, and the largest number ever announced."""
    return JobSummary(
        "releases",
        tuple(map(_of_event, announced_events(releases))),
        tuple(event_sentence(event, releases.as_of) for event in _apart(releases.shown)[:_ANNOUNCED]),
        changes=(message("change names"),),
    )


def announced_events(releases: ReleasesFacts) -> tuple[Event, ...]:
    """Give the announcements of the first page: the last ones, and the largest."""
    shown = _apart(releases.shown)[:_ANNOUNCED]
    announced = [event for event in releases.events if event.announced]
    largest = max(announced, key=lambda event: event.announced[0].count, default=None)
    numbered = shown if largest is None or largest in shown else (*shown, largest)
    return tuple(event for event in numbered if event.announced)


def _of_released(found: ReleasedAssessment) -> JobSummary:
    """The number released, on the lists of released people or not."""
    limits, bounded = found.released, found.verdict == "bounds"
    question = Message("How many were released {when}, on a list or on none", when=between(*found.window))
    code = "refuse" if limits is None else "floor only" if bounded else "range"
    floors = limits[:1] if limits is not None and bounded else ()
    row = _number("released", question, code, floors, None if bounded else limits)
    assumed = ReleasedByName.assumes if limits is not None and not bounded else ()
    return JobSummary("released", (row,), (found.statement,), assumed)


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


def _of_audit(report: JointFacts) -> JobSummary:
    """The persons listed and the number of the lists, without the entries that do not belong."""
    shown, lists, without = report.audit_shown, report.lists, report.audited
    assert shown is not None  # there is an audit
    if shown.taken_out:
        return JobSummary("audit", (), (*shown.sentences, message("audit taken out")))
    if lists is None or shown.least is None:
        return JobSummary("audit", (), shown.sentences)
    floor = shown.least
    listed = message("audit floor", n=persons(lists.n_observed), floor=persons(floor))
    sentences = [*shown.sentences, listed]
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
