"""An assessment as a document: the floor, every method, and what stands beside them.

It is one page from its title to its citation, with the sentences and tables that stand on it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from detcount.assessment.abundance.facts import AssessmentFacts
from detcount.assessment.abundance.families import family_name
from detcount.assessment.abundance.figures import forest, upset
from detcount.assessment.abundance.groups import groups_part
from detcount.assessment.abundance.opening import opening_of_lists
from detcount.assessment.abundance.robustness import leave_out_part, sensitivity_part, wrong_entries_part
from detcount.assessment.abundance.rows import (
    BY_METHOD,
    HIGH,
    LOW,
    METHOD,
    POINT,
    REASON,
    VERDICTS,
    FamilyRow,
    NoteRow,
    Role,
    at_least,
    listed_on,
)
from detcount.assessment.common.verdict import LEVEL
from detcount.contract.citation import cite
from detcount.errors import NotEstimableError
from detcount.estimates import versions
from detcount.estimates.interval import interval_name
from detcount.reports.blocks import (
    Block,
    Bullets,
    Document,
    FigureSlot,
    Heading,
    Paragraph,
    Quote,
    Table,
    assumptions_part,
    citation_part,
    notes_part,
    provenance_part,
    software_rows,
    table_of_known,
)
from detcount.reports.numbers import NOTHING, level_words, number_or_dash, percent, persons, ratio
from detcount.reports.overlaps import BY_LISTS, MAX_PATTERNS, OverlapRow, more_rows
from detcount.words import Message, Sentence

_TITLE = Message("How many people: what the lists can carry")
_PERSONS = Message("People")
_FLOOR = Message("The floor: people listed")
_TIMES = Message("Number of lists")
_FAMILIES = Message("Every method side by side")
_DECLINED = Message("Methods that cannot answer")
_RECOMMENDED_MARK = Message("★ marks the recommended method.")


@dataclass(frozen=True)
class Tuning:
    """Sizes of tables in a report.

    Parameters
    ----------
    lists : int, lists
        Lists up to which every pair is shown; of more, as many pairs with the most persons. Convention: six.
    same : float, ratio
        Highest over lowest number below which methods agree. Convention: a ratio that would be printed as 1.
    """

    lists: int = 6
    same: float = 1.005


TUNING = Tuning()

_NOT_IN_TERMINAL = ("overlaps", "provenance", "citation")
_FOLDED = (
    *("reading", "sentence", "floor", "declined", "sensitivity", "leave out", "groups", "wrong entries"),
    *("overlaps", "disclosure", "notes", "provenance", "citation"),
)


def assessment_document(assessment: AssessmentFacts) -> Document:
    """Set out an assessment: all that it holds.

    Parameters
    ----------
    assessment : AssessmentFacts
        What the assessment says.

    Returns
    -------
    Document
        The document, in no language yet.
    """
    public, alone = assessment.disclosure == "public", assessment.anchored
    return Document(
        _TITLE,
        (
            *opening_of_lists(assessment, _forest(assessment)),
            *(public_methods_part(assessment) if public else methods_part(assessment)),
            *_reading(assessment),
            *assumptions_part(
                assessment.assumptions,
                Message("What the recommended method assumes")
                if assessment.recommended_row
                else Message("What the methods assume"),
            ),
            *_verdict(assessment),
            *_floor(assessment),
            *([] if public else _declined_part(assessment)),
            *([] if alone or (public and not assessment.curve) else sensitivity_part(assessment)),
            *([] if alone or public else leave_out_part(assessment)),
            *groups_part(assessment),
            *wrong_entries_part(assessment),
            *([] if public else _overlaps(assessment)),
            *_disclosure(assessment),
            *notes_part(map(_note, assessment.remarks)),
            *_provenance(assessment),
        ),
        not_in_terminal=_NOT_IN_TERMINAL,
        private=not public and not assessment.dataset,
        folded=dict.fromkeys(_FOLDED, ""),
    )


def _verdict(assessment: AssessmentFacts) -> list[Block]:
    """The verdict, with its reasons, and the sentence with what it rests on."""
    reasons = tuple(Sentence(finding.text) for finding in assessment.findings)
    verdict = Message("Verdict: {verdict}.", verdict=VERDICTS[assessment.verdict])
    blocks: list[Block] = [
        Heading(verdict, 2, "verdict"),
        Bullets(reasons or (Sentence(Message("no rule against printing an estimate applies")),)),
        Heading(Message("What can be printed, with what it rests on"), 2, "sentence"),
        Quote(assessment.statement),
    ]
    if assessment.verdict in ("refuse", "floor only") and assessment.disclosure != "public":
        blocks += [
            Paragraph(
                Message(
                    "Not to be printed, but to be known: the {level} interval learned from populations of "
                    "known size goes from {low} to {high}. It says how little the lists tell; the reasons "
                    "above are reasons not to rely on it.",
                    level=level_words(LEVEL),
                    low=persons(row.low),
                    high=persons(row.high),
                )
            )
            for row in assessment.families
            if row.role == "calibrated" and not assessment.anchored
        ]
    return blocks


def _floor(assessment: AssessmentFacts) -> list[Block]:
    """The lists and how many they name."""
    public = assessment.disclosure == "public"
    n, lists = assessment.n_observed, assessment.lists
    text = [at_least(n) if public else listed_on(n, len(lists))]
    if not public:
        text.append(
            Message(
                "Sample coverage is {c}: that share of a list's people is, on average over the lists, also "
                "on another list.",
                c=percent(assessment.sample_coverage),
            )
        )
    if assessment.size_unit is not None:
        text.append(
            Message(
                "The number is rounded down, and the people on each list are rounded to the nearest {unit}.",
                unit=assessment.size_unit,
            )
        )
    elif public:
        if n:  # "fewer than 25" is not rounded
            text.append(Message("The number is rounded down."))
        text.append(
            Message(
                "How many people are on each list is left out: even rounded, it could show a small count, or "
                "whether somebody is on a list."
            )
        )
    rows = [
        (row.name, number_or_dash(row.persons), number_or_dash(row.exclusive)) for row in assessment.lists
    ]
    head = (Message("List"), _PERSONS, Message("On no other list"))
    table = table_of_known(head, rows, "lrr", caption=_FLOOR)
    sized = any(row.persons is not None for row in lists)
    return [
        Heading(_FLOOR, 2, "floor"),
        Paragraph(Message.together(text)),
        *([table] if sized else []),
    ]


def _overlaps(assessment: AssessmentFacts) -> list[Block]:
    """Pairs, capture histories and capture frequencies."""
    k = len(assessment.lists)
    alt = Message(
        "Bars: people named on each combination of the {k} lists. The table that follows gives the counts.",
        k=k,
    )
    blocks: list[Block] = [
        Heading(Message("Overlaps"), 2, "overlaps"),
        FigureSlot("upset", BY_LISTS, alt, partial(upset, assessment=assessment)),
        *_overlap_table(assessment.patterns, Message("On exactly these lists"), _PERSONS, MAX_PATTERNS),
    ]
    if k > 2:
        pairs = [OverlapRow(*each) for each in assessment.overlaps.items()]
        if k > TUNING.lists:
            pairs.sort(key=lambda row: -row.persons)
        blocks += _overlap_table(pairs, Message("Lists"), Message("On both"), math.comb(TUNING.lists, 2))
        frequencies = assessment.table.capture_frequencies.tolist()
        last = max((j for j, count in enumerate(frequencies, 1) if count), default=1)
        blocks.append(
            Table(
                (_TIMES, _PERSONS),
                tuple((str(j), persons(count)) for j, count in enumerate(frequencies[: max(last, 2)], 1)),
                "rr",
                caption=_TIMES,
            )
        )
    return blocks


def _overlap_table(rows: Sequence[OverlapRow], heading: Message, counted: Message, most: int) -> list[Block]:
    """Counts by combination of lists, the first of many."""
    table = Table(
        (heading, counted),
        tuple((" + ".join(row.lists), persons(row.persons)) for row in rows[:most]),
        "lr",
        caption=heading,
    )
    if len(rows) <= most:
        return [table]
    return [table, Paragraph(more_rows(len(rows) - most))]


def _disclosure(assessment: AssessmentFacts) -> list[Block]:
    """Say which counts are printed, and what a reader can do with them."""
    if assessment.disclosure == "public":
        text = (
            Message(
                "This report is for the public. It gives the number of people listed, rounded down, and "
                "otherwise rounded numbers. How many people are on each list, on a pair or on a combination "
                "of lists is left out, and so are the numbers of each method. With so many lists the tables "
                "that would give the same page cannot be counted; that keeps a reader from finding a small "
                "count by subtracting or by computing. It is no proof against somebody who knows all counts "
                "but one, and each further report on nearly the same people tells more."
            )
            if assessment.rounded_only
            else Message(
                "This report is for the public. It gives the number of people listed, rounded down, and "
                "otherwise rounded numbers: limits go outward, and where a combination of lists has 1 to 4 "
                "people, so far that at least one other table, in which every such count is another one, "
                "gives the same page. How many people are on one list alone, on a pair or on a combination "
                "of lists is left out, and so are the numbers of each method. This keeps a reader from "
                "finding such a count by subtracting or by computing. It is no proof against somebody who "
                "knows all counts but one, and each further report on nearly the same people tells more."
            )
        )
    else:
        text = (
            Message("This report is full: it gives every count, as the data set is public.")
            if assessment.dataset
            else Message(
                "This report is full: it gives every count. Whoever reads it can work out how many people "
                "are on exactly which lists, even where they are one or two. Share it only with those who "
                "may see the lists themselves; the public report is made without asking for anything."
            )
        )
    return [
        Heading(Message("What is printed here, and what is not"), 2, "disclosure"),
        Paragraph(text),
    ]


def _note(note: NoteRow) -> str:
    """A note and who says it; nobody where it is of the data."""
    text = Sentence(note.text)
    return Message("{names:;}: {text}", names=note.names, text=text) if note.names else text


def _provenance(assessment: AssessmentFacts) -> list[Block]:
    """List what reproduces the numbers, and the citation."""
    rows = software_rows(tuple(versions().items()), assessment.seed)
    if assessment.digest:
        title = (
            Message("Keyed digest of the data")
            if assessment.disclosure == "public"
            else Message("SHA-256 of the data")
        )
        rows.append((title, assessment.digest))
    return [*provenance_part(rows), *citation_part(cite(references=assessment.references))]


_PUBLIC_COLUMNS = (METHOD, Message("Gives"), LOW, POINT, HIGH)
_COLUMNS = (*_PUBLIC_COLUMNS, Message("Interval"), Message("Estimator"))
_KINDS: dict[Role, Message] = {
    "claim": Message("a number"),
    "bound": Message("a lower bound"),
    "baseline": Message("a baseline"),
    "calibrated": Message("a calibrated interval"),
    "anchored": Message("an interval with a random sample"),
}


def methods_part(assessment: AssessmentFacts) -> list[Block]:
    """Lay out the methods that answer.

    Parameters
    ----------
    assessment : AssessmentFacts
        One of which everything is printed.

    Returns
    -------
    list of Block
        Heading and table.
    """
    blocks: list[Block] = [Heading(_FAMILIES, 2, "families")]
    if not assessment.families:
        return [*blocks, Paragraph(Message("No method gave an answer."))]
    return [*blocks, _family_table(assessment)]


def _reading(assessment: AssessmentFacts) -> list[Block]:
    """The columns of the table of methods, and how the calibrated interval was learned."""
    if not assessment.families:
        return []
    public = assessment.disclosure == "public"
    remarks = [] if public else _remarks(assessment)
    if public:
        remarks += [_RECOMMENDED_MARK] if assessment.recommended_row is not None else []
        remarks.append(
            Message(
                "Which methods gave an answer, and the numbers of each, stand in the full report alone: one "
                "person more or less can change them."
            )
        )
    return [
        Heading(Message("How to read this table"), 2, "reading"),
        *([] if assessment.calibration is None else [Paragraph(assessment.calibration)]),
        Paragraph(Message.together(remarks)),
    ]


def _declined_part(assessment: AssessmentFacts) -> list[Block]:
    """The methods that do not answer, and why."""
    heading = Heading(_DECLINED, 2, "declined")
    if not assessment.declined:
        return [heading, Paragraph(Message("Every method gave an answer."))]
    headings = (METHOD, REASON, Message("What to do"))
    return [heading, Table(headings, _declined(assessment.declined), "lll", caption=_DECLINED)]


def _forest(assessment: AssessmentFacts) -> FigureSlot | None:
    """The figure of the methods; none where none is to be shown."""
    if not assessment.families:
        return None
    known = {"level": level_words(LEVEL), "n": persons(assessment.n_observed)}
    alt = (
        Message("{level} limits beside the {n} people listed. The table that follows gives them.", **known)
        if assessment.disclosure == "public"
        else Message(
            "Estimates and {level} intervals of {k} methods beside the {n} people listed.",
            k=len(assessment.families),
            **known,
        )
    )
    return FigureSlot("forest", BY_METHOD, alt, partial(forest, assessment=assessment))


def _remarks(assessment: AssessmentFacts) -> list[Message]:
    """Remarks on the table of methods."""
    remarks = []
    if assessment.recommended_row is not None:
        remarks.append(_RECOMMENDED_MARK)
        if not assessment.print_point:
            remarks.append(Message("Its number is left out (–), as the verdict is against printing one."))
    if assessment.disagreement is not None and assessment.n_claims > 1:
        k = assessment.n_claims
        remarks.append(
            Message("The {k} methods that claim a number give nearly the same one.", k=k)
            if assessment.disagreement < TUNING.same
            else Message(
                "The highest number is {ratio} times the lowest, over {k} methods that claim one.",
                ratio=ratio(assessment.disagreement),
                k=k,
            )
        )
    several = [row for row in assessment.families if len(row.modes) > 1]
    if several:
        remarks.append(
            Message(
                "Some disagree within themselves: the posterior has several modes ({modes:;}), as models "
                "that fit about as well say different things, and one number hides it.",
                modes=tuple(map(_modes, several)),
            )
        )
    roles = {row.role for row in assessment.families}
    if roles & {"bound", "baseline"}:
        remarks.append(
            Message(
                "A lower bound, a baseline and the calibrated interval, which is wide on purpose, do not "
                "count when the methods are compared."
            )
        )
    elif "calibrated" in roles:
        remarks.append(
            Message(
                "The calibrated interval is wide on purpose and does not count when the methods are compared."
            )
        )
    remarks.append(
        Message(
            "Numbers are rounded to two or three figures, and limits outward to two; the files of numbers "
            "have every figure, with the Monte Carlo error where there is one."
        )
    )
    if any(row.strip for row in assessment.families):
        remarks.append(
            Message(
                "In the figure, a shaded strip shows where a method puts its probability, and ticks mark the "
                "modes."
            )
            if several
            else Message("In the figure, a shaded strip shows where a method puts its probability.")
        )
    return remarks


def _modes(row: FamilyRow) -> Message:
    """The modes of a posterior, and whose it is."""
    return Message("{name}: {modes}", name=row.name, modes=tuple(map(persons, row.modes)))


def _declined(declined: dict[str, NotEstimableError]) -> tuple[tuple[str, str, str], ...]:
    """One row for each reason, with all the methods that give it."""
    names: dict[str, list[str]] = {}
    advice: dict[str, dict[str, None]] = {}
    for key, error in declined.items():
        reason = Sentence(error.reason)
        names.setdefault(reason, []).append(family_name(key))
        advice.setdefault(reason, {})[error.advice] = None
    return tuple(
        (Message("{names:;}", names=names[reason]), reason, Message.together(advice[reason]))
        for reason in names
    )


def _family_table(assessment: AssessmentFacts) -> Table:
    """A row for each method that answers; the recommended number only where it can be printed."""
    rows = tuple(
        (
            row.starred,
            _KINDS[row.role],
            number_or_dash(row.low),
            number_or_dash(row.point) if assessment.print_point or not row.recommended else NOTHING,
            number_or_dash(row.high),
            interval_name(row.interval),
            row.estimator,
        )
        for row in assessment.families
    )
    return Table(
        _COLUMNS,
        rows,
        "llrrrll",
        caption=BY_METHOD,
        code=(6,),
        details=(6,),
        strong=tuple(k for k, row in enumerate(assessment.families) if row.recommended),
    )


def public_methods_part(assessment: AssessmentFacts) -> list[Block]:
    """Lay out the recommended limits and the spread of the methods.

    Parameters
    ----------
    assessment : AssessmentFacts
        One for the public.

    Returns
    -------
    list of Block
        Heading and table; nothing where no method is to be shown.
    """
    if not assessment.families:
        return []
    rows = [
        (
            row.starred,
            _KINDS[row.role],
            persons(row.low),
            number_or_dash(row.point),
            persons(row.high),
        )
        for row in assessment.families
    ]
    recommended = assessment.recommended_row is not None
    strong = (0,) if recommended else ()
    return [
        Heading(_FAMILIES, 2, "families"),
        table_of_known(_PUBLIC_COLUMNS, rows, "llrrr", caption=BY_METHOD, first=2, strong=strong),
    ]
