"""What opens a joint report: a headline, who counted between which days, and an answer to each question.

A sentence that can be printed has at most 30 words in every language. Where a name or a condition is long, a
shorter form of the sentence is taken, which says less.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from typing import Any

import numpy as np

from detcount._numerics.intervals import percentile_bounds
from detcount.assessment.common.verdict import LEVEL
from detcount.assessment.joint.facts import JointFacts
from detcount.assessment.joint.names import OTHERS, UNSTATED
from detcount.assessment.joint.summaries import JobNumber, JobSummary, announced_events
from detcount.assessment.releases.by_name import ReleasedAssessment
from detcount.assessment.releases.sentences import for_window, known_as, number_words
from detcount.assessment.stock.facts import StockFacts
from detcount.assessment.stock.registers import total_words
from detcount.data.published.events import Event
from detcount.estimates import UncertainCount
from detcount.estimates.path_figure import PathFan, draw_path
from detcount.releases.by_name_result import about, between, of_verified
from detcount.reports.blocks import Answer, Answers, Document, FigureSlot, Grade, unfolded
from detcount.reports.numbers import NOTHING, level_words, persons
from detcount.strata import Composition
from detcount.strata.shares_figure import percents
from detcount.words import Capitalised, Message, Number, languages


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
    height : float, inches
        Height of the picture of the people held. Convention: what a screen has left.
    """

    words: int = 30
    sources: int = 3
    lists: int = 6
    height: float = 2.8


TUNING = Tuning()


def shortest(*forms: Message) -> Message:
    """The first form of a sentence that is short enough in every language; the last if none is."""

    def fits(form: Message) -> bool:
        return all(len(form.translated(lang).split()) <= TUNING.words for lang in languages())

    return next(filter(fits, forms), forms[-1])


def headline_of(report: JointFacts, summaries: Iterable[JobSummary]) -> Message:
    """State how many were held on the last day, and how many there were in all, as far as either is known."""
    rows = {summary.job: summary.rows[0] for summary in summaries if summary.rows}
    held, in_all = (_amount(rows[job]) if job in rows else None for job in ("stock", "lists"))
    if held is not None and report.stock is not None:
        known: dict[str, Any] = {"held": Capitalised(held), "day": report.stock.day}
        if in_all is None:
            return Message("{held} were held at the end of {day}.", **known)
        return Message(
            "{held} were held at the end of {day}; {whole} in all, on the lists or not.",
            **known,
            whole=in_all,
        )
    if in_all is not None:
        return Message("{whole} in all, on the lists or not.", whole=Capitalised(in_all))
    sentences = [answer.sentence for answer in answers_of(report, summaries).items]
    return Message("{first}", first=sentences[0]) if sentences else Message("No number can be printed.")


def _amount(row: JobNumber) -> Message | None:
    """A number of people with its limits; None where none is to be printed."""
    if row.low is None:
        least = row.floor if row.floor is not None else row.named
        return Message("at least {n} people", n=persons(least)) if least else None
    known = {"low": persons(row.low), "high": persons(row.high or 0.0)}
    if row.high is None or not math.isfinite(row.high):
        return Message("at least {n} people", n=known["low"])
    if row.point is None:
        return Message("{low} to {high} people", **known)
    return Message("about {point} people ({low} to {high})", point=persons(row.point), **known)


def source_words(report: JointFacts) -> Message | None:
    """Say who counted, and of which days the data are; lists are named only where files are."""
    parts: list[Message] = []
    if report.lists is not None:
        names = [row.name for row in report.lists.lists]
        n = Message.counted("{n} list", "{n} lists", n=len(names))
        known = report.named and len(names) <= TUNING.lists
        parts.append(Message("{n} ({names:,})", n=n, names=names) if known else n)
    stock, releases = report.stock, report.releases
    published = [] if stock is None else [each.source for each in stock.published]
    published += [] if releases is None else sorted({each.source for each in releases.counts})
    if sources := [*dict.fromkeys(map(known_as, published))]:
        more = len(sources) - TUNING.sources
        others = [Message.counted("one other", "{n} others", n=more)] if more > 0 else []
        parts.append(Message("what {names:and} published", names=[*sources[: TUNING.sources], *others]))
    if days := _days(report):
        first, last = min(days), max(days)
        to = Message("days up to {last}", last=last)
        parts.append(to if first == last else Message("days from {first} to {last}", first=first, last=last))
    return Message("Counted from {parts:;}.", parts=parts) if parts else None


def _days(report: JointFacts) -> list[dt.date]:
    """Days of the people counted, of published totals or releases; those of a path of names in full alone."""
    stock, releases = report.stock, report.releases
    found: list[dt.date] = [*((report.definition and report.definition.period) or ())]
    if stock is not None:
        found += [stock.day, *(stock.fan.dates if stock.fan and report.named else ())]
        found += [day for each in stock.published for day in each.dates]
    elif releases is not None and report.lists is None:
        found += [day for each in releases.counts for day in (each.start, each.last) if day is not None]
    return found


def answers_of(report: JointFacts, summaries: Iterable[JobSummary]) -> Answers:
    """Answer each question by its first number, with a sentence and a verdict."""
    found: list[Answer] = []
    for row in (summary.rows[0] for summary in summaries if summary.rows):
        if row.job == "releases" and report.releases is not None:
            answer = _of_event(row, announced_events(report.releases)[0])
        elif row.job == "stock" and report.stock is not None:
            answer = _of_stock(row, report.stock)
        elif row.job == "released" and report.released is not None:
            answer = _of_released(row, report.released)
        elif row.job == "who":
            answer = _of_groups(next(iter(report.who.values())))
        else:
            answer = _of_number(row, _sentence(row, report))
        found.append(replace(answer, anchor=f"job-{row.job}"))
    return Answers(tuple(found))


def _of_groups(found: Composition) -> Answer:
    """The share of one group among all: the smaller of two, and of more the largest."""
    stated = [name for name in found.groups if name not in (OTHERS, UNSTATED)]
    choose = min if len(stated) == 2 else max
    group = choose(stated, key=found.listed_shares.__getitem__)
    low, high = found.share_limits(LEVEL)[group]
    with_unstated = found.draws[:, [name in (group, UNSTATED) for name in found.groups]].sum(axis=1)
    most = percentile_bounds(with_unstated / found.draws.sum(axis=1), LEVEL)[1]
    limits = percents(low, max(high, most))
    listed = Number(found.listed_shares[group], ".0%")
    known = {"group": group, "limits": limits, "listed": listed}
    return Answer(
        Message("What share of all is in the group {group}, listed or not", group=group),
        limits,
        Message("{listed} of those listed", listed=listed),
        shortest(
            Message(
                "Under stated assumptions {limits} of all people, listed or not, are in the group {group}; "
                "of those listed {listed}.",
                **known,
            ),
            Message("{group}: {limits} of all people, under stated assumptions.", **known),
        ),
        Message("print the limits"),
        "fair",
    )


def _of_number(row: JobNumber, sentence: Message) -> Answer:
    """An answer in persons: the point with its limits, the limits alone, a floor, or none."""
    make = partial(Answer, row.question, sentence=sentence)
    if row.low is not None:
        amount = {"low": persons(row.low), "high": persons(math.inf if row.high is None else row.high)}
        between, level = Message("{low} to {high}", **amount), level_words(LEVEL)
        if row.point is not None and row.code == "estimate":
            limits = Message("{limits} ({level})", limits=between, level=level)
            return make(persons(row.point), limits, verdict=Message("print the estimate"), grade="good")
        limits = Message("limits at {level}, or bounds", level=level)
        return make(between, limits, verdict=Message("print the limits"), grade="fair")
    if least := row.floor or row.named:
        number, limits = Message("≥{number}", number=persons(least)), Message("no limit from above")
        return make(number, limits, verdict=Message("print the floor"), grade="fair")
    limits = Message("no number is to be printed")
    return make(NOTHING, limits, verdict=Message("print no number"), grade="poor")


def _sentence(row: JobNumber, report: JointFacts) -> Message:
    """What can be printed of the lists, of a wave or of entries that were checked."""
    amount = _amount(row)
    if row.job == "waves" and report.waves is not None and row.low is not None:
        last = report.waves.usable[-1]
        known = {"amount": amount, "wave": last.wave}
        condition = Capitalised(last.condition)
        return shortest(
            Message("{condition}, {amount} were held before {wave}.", condition=condition, **known),
            Message("At stated odds of release, {amount} were held before {wave}.", **known),
        )
    if row.job == "audit":
        if row.low is None:
            return Message("By samples of the lists, {amount} on them belong there.", amount=amount)
        return Message(
            "Under stated assumptions there are {amount} in all, without entries that do not belong.",
            amount=amount,
        )
    n = 0 if report.lists is None else report.lists.n_observed
    if row.low is not None:
        words = Message(
            "Under stated assumptions there are {amount} in all, on the lists or not", amount=amount
        )
        beside = [Message("{words}; the lists name at least {n}.", words=words, n=persons(n))] if n else []
        return shortest(*beside, Message("{words}.", words=words))
    if not n:
        return Message("How many people there are cannot be said from these lists.")
    return Message(
        "The lists name at least {n} people; how many are on no list cannot be said.", n=persons(n)
    )


def _of_stock(row: JobNumber, stock: StockFacts) -> Answer:
    """The people held on a day, beside what the register with most totals printed."""
    register, amount, known = stock.register_total, _amount(row), dict[str, Any](day=stock.day)
    counted = None
    if register is not None:
        known = {"day": register.day, "source": known_as(register.source), "count": total_words(register)}
        opens = known | {"source": Capitalised(known["source"])}
        counted = Message("{source} counted {count} people held on {day}", **opens)
    if row.low is None and row.floor:
        return _of_number(
            row,
            Message(
                "By what lists show, {amount} were held at the end of {day}; how many more cannot be said.",
                amount=amount,
                day=stock.day,
            ),
        )
    if row.low is None and counted is not None and register is not None:
        unknown = Message("{words}; how many it does not know cannot be said.", words=counted)
        sentence = shortest(unknown, Message("{words}.", words=counted))
        return Answer(
            row.question,
            total_words(register),
            Message("on the register of {source}", source=known["source"]),
            sentence,
            Message("print each register by name"),
            "fair",
        )
    if row.low is None:
        return _of_number(row, Message("How many people were held on {day} cannot be said.", **known))
    words = Message(
        "Under stated assumptions {amount} were held at the end of {day}", amount=amount, day=stock.day
    )
    beside = [Message("{words}; {source} counted {count} on {day}.", words=words, **known)] if counted else []
    return _of_number(row, shortest(*beside, Message("{words}.", words=words)))


def _of_released(row: JobNumber, found: ReleasedAssessment) -> Answer:
    """What became of those whom the longest official list names, as far as it may be known."""
    official = [each for each in found.lists if each.kind == "announced"]
    shown = max(official, key=attrgetter("named"), default=None)
    if shown is None:
        return _of_number(row, Message("No official list names who was released."))
    _, _, checked, known, unknown = shown.parts
    when = between(shown.first, shown.last)
    full = None if found.result is None else found.result.lists[shown.name]
    sure = [False] * len(shown.parts) if full is None else [*map(_is_certain, full.parts.values())]
    named = shown.number(
        about(shown.named, exactly=shown.at_most or (full is not None and _is_certain(full.named)))
    )
    question = Message("How many of those named as released did monitors verify")
    if checked is None or known is None or unknown is None:
        sentence = Message("An official list names {n} people as released {when}.", n=named, when=when)
        return Answer(question, NOTHING, Message("of {n} named", n=named), sentence, row.verdict, "poor")
    verified, on_none = about(checked, exactly=sure[2]), about(unknown, exactly=sure[4])
    rest = about(known + unknown, exactly=sure[3] and sure[4])
    given = {"n": named, "when": when, "verified": verified, "rest": rest}
    sentence = shortest(
        Message(
            "Of {n} people named as released {when}, monitors verified {verified}; nobody verified {rest}, "
            "{unknown} of them on no list of the detained.",
            unknown=on_none,
            **given,
        ),
        Message(
            "Of {n} people named as released {when}, monitors verified {verified}; nobody verified {rest}.",
            **given,
        ),
        of_verified(named, when, verified),
    )
    limits = Message("verified, of {n} named", n=named)
    if full is not None and not sure[2]:
        low, _, high = full.parts["verified"].printed()
        limits = Message(
            "verified ({low} to {high}), of {n} named", low=persons(low), high=persons(high), n=named
        )
    return Answer(question, verified, limits, sentence, Message("print both counts"), "fair")


def _is_certain(count: UncertainCount) -> bool:
    """Tell whether a count has one value as it is printed."""
    low, _, high = count.printed()
    return low == high


def _of_event(row: JobNumber, event: Event) -> Answer:
    """What became of those announced, by count."""
    stated = event.announced[0]
    known = {"number": number_words(stated), "who": Capitalised(known_as(stated.source))}
    window = for_window(stated.start, stated.end)
    heads = (
        Message("{who} announced {number} releases {window}", window=window, **known),
        Message("{who} announced {number} releases", **known),
    )
    number: str
    grade: Grade = "fair"
    largest = max(event.verified, key=lambda each: each.count, default=None)
    of = Message("of {number} announced", number=known["number"])
    if row.low is not None and row.high is not None:
        ends = {"low": persons(row.low), "high": persons(row.high)}
        rest = Message("if those verified are among them, {low} to {high} were completed", **ends)
        number, limits = Message("{low} to {high}", **ends), of
        verdict = Message("print both ends")
    elif largest is not None:
        counted = {"source": known_as(largest.source), "n": persons(largest.count)}
        rest = Message("{source} verified {n}, which may be of other people or days", **counted)
        number, limits = counted["n"], Message("verified; {number} were announced", number=known["number"])
        verdict = Message("print both counts")
    else:
        rest = Message("no count in these files verifies any of them")
        if event.reported:
            most = max(event.reported, key=lambda each: each.count)
            counted = {"source": known_as(most.source), "n": persons(most.count)}
            rest = Message("{source} reported {n}, and no count here verifies them", **counted)
        elif event.other_days:
            rest = Message("the verified counts are of other people or days")
        number, limits = NOTHING, Message("none verified, {of}", of=of)
        verdict, grade = Message("print it as announced"), "poor"
    forms = (Message("{head}; {rest}.", head=head, rest=rest) for head in heads)
    return Answer(row.question, number, limits, shortest(*forms), verdict, grade)


def picture_of(report: JointFacts, documents: dict[Any, Document]) -> FigureSlot | None:
    """The picture of the first page: the people held beside what registers printed, or what a job has first.

    Where the public may know one day alone, that day stands beside the published totals.
    """
    shown = [
        documents[job] for job in ("stock", "lists", "released", "releases", "waves") if job in documents
    ]
    slots = (each for page in shown for each in unfolded(page.blocks) if isinstance(each, FigureSlot))
    stock, first = report.stock, next(slots, None)
    answer = None if stock is None else stock.recommended
    if stock is None or not (stock.fan or stock.published):
        return first
    draw = partial(draw_path, totals=stock.published, height=TUNING.height)
    rests = answer is not None and stock.printable and answer.identified_by != "prior"
    if stock.fan is not None or answer is None or not rests or not math.isfinite(answer.high):
        return first and replace(first, draw=partial(draw, fan=stock.fan))
    low, high, none = (np.array([end]) for end in (answer.low, answer.high, 0.0))
    median = None if answer.median is None else np.array([answer.median])
    fan = PathFan((answer.day,), median, ((low, high),), none, none + math.inf, (0,), answer.identified_by)
    title = Message("The people held, and what registers printed")
    alt = Message("Published totals day by day, and the last day with its limits, which the table has too.")
    return FigureSlot("held", title, alt, partial(draw, fan=fan))
