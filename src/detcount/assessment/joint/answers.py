"""Opening of a joint report: a headline, who counted between which days, and an answer to each question."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any, cast

import numpy as np

from detcount._numerics.intervals import percentile_bounds
from detcount.assessment.abundance.opening import sentence_of_lists
from detcount.assessment.common.verdict import LEVEL
from detcount.assessment.joint.facts import JointFacts
from detcount.assessment.joint.names import OTHERS, UNSTATED
from detcount.assessment.joint.summaries import JobSummary
from detcount.assessment.releases.opening import announced_events, answer_of_event, days_of_releases
from detcount.assessment.releases.sentences import known_as
from detcount.assessment.stock.opening import answer_of_stock, days_of_stock
from detcount.estimates.path_figure import PathFan, draw_path
from detcount.reports.blocks import Answer, Document, FigureSlot, unfolded
from detcount.reports.opening import (
    TUNING,
    JobNumber,
    answer_in_persons,
    held_headline,
    shortest,
    source_words,
    whole_headline,
)
from detcount.strata import Composition
from detcount.strata.shares_figure import percents
from detcount.words import Capitalised, Message, Number


def headline_of(report: JointFacts, summaries: Iterable[JobSummary]) -> Message:
    """State how many were held on the last day, and how many there were in all, as far as either is known."""
    rows = {summary.job: summary.rows[0] for summary in summaries if summary.rows}
    held, in_all = (rows[job].amount if job in rows else None for job in ("stock", "lists"))
    if held is not None and report.stock is not None:
        if in_all is None:
            return held_headline(held, report.stock.day)
        return Message(
            "{held} were held at the end of {day}; {whole} in all, on the lists or not.",
            held=Capitalised(held),
            day=report.stock.day,
            whole=in_all,
        )
    if in_all is not None:
        return whole_headline(in_all)
    sentences = [answer.sentence for answer in answers_of(report, summaries)]
    return cast("Message", sentences[0]) if sentences else Message("No number can be printed.")


def sources_of(report: JointFacts) -> Message | None:
    """Say who counted, and of which days; days of a path of names in full alone."""
    lists, stock, releases = report.lists, report.stock, report.releases
    sources = [] if stock is None else [each.source for each in stock.published]
    sources += [] if releases is None else sorted({each.source for each in releases.counts})
    days: list[dt.date] = [*((report.definition and report.definition.period) or ())]
    if stock is not None:
        days += days_of_stock(stock, named=report.named)
    elif releases is not None and lists is None:
        days += days_of_releases(releases)
    names = [] if lists is None else [row.name for row in lists.lists]
    return source_words(names, map(known_as, sources), days, named=report.named)


def answers_of(report: JointFacts, summaries: Iterable[JobSummary]) -> list[Answer]:
    """Answer each question by its first number, with a sentence and a verdict."""
    found: list[Answer] = []
    for row in (summary.rows[0] for summary in summaries if summary.rows):
        if row.job == "releases" and report.releases is not None:
            answer = answer_of_event(row, announced_events(report.releases)[0])
        elif row.job == "stock" and report.stock is not None:
            answer = answer_of_stock(row, report.stock)
        elif row.job == "released" and report.released is not None:
            answer = report.released.answers[0]
        elif row.job == "who":
            answer = _of_groups(next(iter(report.who.values())))
        else:
            answer = answer_in_persons(row, _sentence(row, report))
        found.append(replace(answer, anchor=f"job-{row.job}"))
    return found


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


def _sentence(row: JobNumber, report: JointFacts) -> Message:
    """Sentence to print about the lists, a wave or the entries that were checked."""
    amount = row.amount
    if row.job == "waves" and report.waves is not None and row.low is not None:
        return report.waves.usable[-1].to_print(row)
    if row.job == "audit":
        if row.low is None:
            return Message("By samples of the lists, {amount} on them belong there.", amount=amount)
        return Message(
            "Under stated assumptions there are {amount} in all, without entries that do not belong.",
            amount=amount,
        )
    n = 0 if report.lists is None else report.lists.n_observed
    return sentence_of_lists(row, n)


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
