"""Summary of each job on the first page of a report, in no language yet: made from what the job prints.

Only the assessments of the jobs are read here, as they are printed: whatever the first page has is on the
pages of the jobs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from detcount._numerics.intervals import percentile_bounds
from detcount.abundance.partial_lists import LIMITS_HELD
from detcount.assessment.abundance.facts import AssessmentFacts
from detcount.assessment.abundance.opening import limits_of_lists, number_of_lists
from detcount.assessment.abundance.robustness import change_words, tipping_sentences
from detcount.assessment.abundance.rows import VERDICTS
from detcount.assessment.common.verdict import LEVEL
from detcount.assessment.joint.facts import JointFacts
from detcount.assessment.joint.names import UNSTATED
from detcount.assessment.releases.by_name import ReleasedAssessment
from detcount.assessment.releases.facts import ReleasesFacts
from detcount.assessment.releases.opening import announced_events, apart_events, number_of_event
from detcount.assessment.releases.sentences import event_sentence
from detcount.assessment.stock.facts import StockFacts
from detcount.assessment.stock.opening import number_of_stock
from detcount.assumptions import Assumption
from detcount.estimates import AbundanceEstimate
from detcount.quality.trimming import TrimmedEstimate
from detcount.releases import ReleasedByName
from detcount.releases.by_name_result import between
from detcount.reports.numbers import percent, persons, printed_limits, printed_point
from detcount.reports.opening import PRINTABLE, TUNING, Job, JobNumber, number_of
from detcount.stock import CoverageEstimate
from detcount.strata import Composition
from detcount.words import N_, Message

_WITHOUT_WRONG = N_(
    "Without the entries that do not belong there are {low} to {high} persons in all, by the method that "
    "gives {whole_low} to {whole_high} with them."
)
_WITHOUT_MOST_WRONG = N_(
    "The samples are of whole lists, and do not say on which other lists their entries stand. If no "
    "greater share of a list is wrong than its sample allows, there are {low} to {high} persons in all "
    "without wrong entries, by the method that gives {whole_low} to {whole_high} with them."
)


@dataclass(frozen=True)
class JobSummary:
    """Summary of one job on the first page.

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
    rows = [number_of_lists(lists)]
    partly = report.partly
    beside = [partly] if isinstance(partly, Message) else []
    if isinstance(partly, AbundanceEstimate):
        beside = [LIMITS_HELD]
        question = Message("How many people in all, each list counted where it operates alone")
        limits = printed_limits(*partly.interval_rule.bounds(LEVEL), partly.n_observed)
        rows.append(number_of("lists", question, "range", VERDICTS, [rows[0].floor], limits))
    return JobSummary(
        "lists",
        tuple(rows),
        (lists.statement, *beside),
        lists.assumptions if lists.recommended_row else (),
        (*_changes_of_links(report), *_changes_of_lists(lists)),
    )


def _changes_of_links(report: JointFacts) -> list[Message]:
    """Steps that somebody could take by hand: links to decide, entries to check."""
    found = []
    if report.linked and report.disclosure == "public":
        found.append(Message("Who is who: doubtful pairs of rows decided by hand."))
    elif report.doubtful:
        found.append(
            Message.counted(
                "Who is who: 1 doubtful pair of rows decided by hand.",
                "Who is who: {n} doubtful pairs of rows decided by hand.",
                n=report.doubtful,
            )
        )
    return (
        found
        if report.audit is not None
        else [*found, Message("An audit: 100 entries of a list drawn at random and checked one by one.")]
    )


def _changes_of_lists(lists: AssessmentFacts) -> tuple[Message, ...]:
    """Steps that would change the number of the lists."""
    rules = {found.rule for found in lists.findings}
    if "no overlap" in rules:
        return (Message("A list that shares people with one of these, and was not made from it."),)
    found = [*tipping_sentences(lists), *_left_out(lists), *_wrong_entries(lists)]
    return (*found, Message("A further list that was made apart from these."))


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
    low, high, whole_low, whole_high = map(persons, ends)
    return [
        Message(
            "A list left out: without {name!r} the number goes from {low} to {high}, and not from "
            "{whole_low} to {whole_high}.",
            name=row.name,
            low=low,
            high=high,
            whole_low=whole_low,
            whole_high=whole_high,
        )
    ]


def _wrong_entries(lists: AssessmentFacts) -> list[Message]:
    """The list whose wrong entries change the number most."""
    rows = [row for row in lists.wrong_entries if row.total_change is not None]
    if not rows or lists.verdict not in PRINTABLE:
        return []
    row = max(rows, key=lambda each: abs(each.total_change or 0.0))
    if round(100 * (row.total_change or 0.0)) == 0:
        return []
    change = change_words(row.total_change)
    return [
        Message(
            "Entries that do not belong: if {share} of those of {name!r} do not, the number changes by "
            "{change}.",
            share=percent(row.share),
            name=row.name,
            change=change,
        )
    ]


def _of_stock(stock: StockFacts) -> JobSummary:
    """The people held on the day asked for."""
    row = number_of_stock(stock)
    return JobSummary("stock", (row,), (stock.statement,), stock.assumed, stock.settle[: TUNING.settling])


def _of_releases(releases: ReleasesFacts) -> JobSummary:
    """The last events, each of people whom no other one counts, and the largest number ever announced."""
    return JobSummary(
        "releases",
        tuple(map(number_of_event, announced_events(releases))),
        tuple(event_sentence(event, releases.as_of) for event in apart_events(releases.shown)),
        changes=(
            Message(
                "Names that two monitors or more verified, matched case by case: only these say how many "
                "none of them found."
            ),
        ),
    )


def _of_released(found: ReleasedAssessment) -> JobSummary:
    """The number released, on the lists of released people or not."""
    limits, bounded = found.released, found.verdict == "bounds"
    question = Message("How many were released {when}, on a list or on none", when=between(*found.window))
    if found.verdict == "range" and found.odds is not None:
        least, most = found.odds
        question = Message(
            "{question}, if monitors find somebody on no official list at {least:.2g} to {most:.2g} times "
            "the odds of somebody on one",
            question=question,
            least=least,
            most=most,
        )
    code = "refuse" if limits is None else "floor only" if bounded else "range"
    floors = limits[:1] if limits is not None and bounded else ()
    row = number_of("released", question, code, VERDICTS, floors, None if bounded else limits)
    assumed = ReleasedByName.assumes if limits is not None and not bounded else ()
    return JobSummary("released", (row,), (found.statement,), assumed)


def _of_waves(found: CoverageEstimate) -> JobSummary:
    """The last wave that can be set against a list."""
    rows = [each.number for each in found.usable[-1:]]
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
                question = Message("How many of these are {group}", group=name)
                rows.append(number_of("who", question, "range", VERDICTS, [floor], (low, high)))
    first = next(iter(found.values()))
    totals = tuple(dict.fromkeys(persons(printed_point(each.total.point)) for each in found.values()))
    sentences = (
        first.sentence(),
        Message(
            "The groups of one kind add up, but for rounding, to a number of their own (about {totals:or}), "
            "which is estimated with the groups and need not be that of the lists. Each upper limit counts "
            "the people of whom no list says the group.",
            totals=totals,
        ),
    )
    return JobSummary(
        "who",
        tuple(rows),
        sentences,
        changes=(Message("What is missing of sexes, ages and places on the lists, asked for row by row."),),
    )


def _of_audit(report: JointFacts) -> JobSummary:
    """The persons listed and the number of the lists, without the entries that do not belong."""
    shown, lists, without = report.audit_shown, report.lists, report.audited
    assert shown is not None  # there is an audit
    if shown.taken_out:
        return JobSummary(
            "audit",
            (),
            (
                *shown.sentences,
                Message(
                    "As large a share of the persons on these lists is left out of the numbers above, in "
                    "each drawn table."
                ),
            ),
        )
    if lists is None or shown.least is None:
        return JobSummary("audit", (), shown.sentences)
    floor = shown.least
    listed = Message(
        "Of the {n} persons on the lists at least {floor} belong, even if as many entries of each list that "
        "was checked do not as the upper limit of its sample allows.",
        n=persons(lists.n_observed),
        floor=persons(floor),
    )
    sentences = [*shown.sentences, listed]
    limits, verdict = None, "floor only"
    whole = limits_of_lists(lists)
    if without is not None and whole is not None:
        verdict = "range"
        if isinstance(without, AbundanceEstimate):
            template, bounds = _WITHOUT_WRONG, without.interval_rule.bounds(LEVEL)
        else:
            template, bounds = _WITHOUT_MOST_WRONG, without.bounds
        limits = printed_limits(*bounds, floor)
        low, high, whole_low, whole_high = map(persons, (*limits, *whole))
        sentences.append(Message(template, low=low, high=high, whole_low=whole_low, whole_high=whole_high))
    question = Message("How many people in all, by the lists without the entries that do not belong")
    row = number_of("audit", question, verdict, VERDICTS, [float(floor)], limits)
    row = replace(row, bounds=isinstance(without, TrimmedEstimate))
    return JobSummary("audit", (row,), tuple(sentences), without.assumptions if without else ())
