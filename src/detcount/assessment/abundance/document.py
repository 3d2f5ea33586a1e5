"""An assessment as a document: the floor, every method, and what stands beside them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from detcount.assessment.abundance.facts import AssessmentFacts
from detcount.assessment.abundance.families import family_name
from detcount.assessment.abundance.figures import forest, upset
from detcount.assessment.abundance.groups import groups_part
from detcount.assessment.abundance.robustness import leave_out_part, sensitivity_part, wrong_entries_part
from detcount.assessment.abundance.rows import (
    MAX_PATTERNS,
    FamilyRow,
    NoteRow,
    OverlapRow,
    at_least,
    listed_on,
    message,
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
    title_part,
)
from detcount.reports.numbers import NOTHING, level_words, number_or_dash, percent, persons, ratio
from detcount.words import Message, Sentence

MAX_PAIRS = 15
_MANY_LISTS = 6  # beyond it pairs stand by their overlap, and not in the order of the lists
_NOT_IN_TERMINAL = ("overlaps", "provenance", "citation")


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
    public = assessment.disclosure == "public"
    return Document(
        message("title"),
        (
            *_head(assessment),
            *_floor(assessment),
            *(public_methods_part(assessment) if public else methods_part(assessment)),
            *([] if public and not assessment.curve else sensitivity_part(assessment)),
            *([] if public else leave_out_part(assessment)),
            *groups_part(assessment),
            *wrong_entries_part(assessment),
            *([] if public else _overlaps(assessment)),
            *_disclosure(assessment),
            *assumptions_part(
                assessment.assumptions,
                message("assumptions" if assessment.recommended_row else "assumptions all"),
            ),
            *notes_part(map(_note, assessment.remarks)),
            *_provenance(assessment),
        ),
        not_in_terminal=_NOT_IN_TERMINAL,
        private=not public and not assessment.dataset,
    )


def _head(assessment: AssessmentFacts) -> list[Block]:
    """Title, verdict and the sentence."""
    reasons = tuple(Sentence(finding.text) for finding in assessment.findings)
    verdict = message("verdict", verdict=message(f"verdict {assessment.verdict}"))
    blocks: list[Block] = [
        *title_part(message("title"), assessment.definition),
        Heading(verdict, 2, "verdict"),
        Bullets(reasons or (Sentence(message("no rule fired")),)),
        Heading(message("sentence"), 2, "sentence"),
        Quote(assessment.statement),
    ]
    if assessment.verdict in ("refuse", "floor only") and assessment.disclosure != "public":
        blocks += [
            Paragraph(
                message(
                    "not for print",
                    level=level_words(LEVEL),
                    low=persons(row.low),
                    high=persons(row.high),
                )
            )
            for row in assessment.families
            if row.role == "calibrated"
        ]
    return blocks


def _floor(assessment: AssessmentFacts) -> list[Block]:
    """The lists and how many they name."""
    public = assessment.disclosure == "public"
    n, lists = assessment.n_observed, assessment.lists
    text = [at_least(n) if public else listed_on(n, len(lists))]
    if not public:
        text.append(message("coverage sentence", c=percent(assessment.sample_coverage)))
    if assessment.size_unit is not None:
        text.append(message("public sizes", unit=assessment.size_unit))
    elif public:
        keys = ("public floor", "public no sizes") if n else ("public no sizes",)
        text += map(message, keys)  # "fewer than 25" is not rounded
    rows = [
        (row.name, number_or_dash(row.persons), number_or_dash(row.exclusive)) for row in assessment.lists
    ]
    head = (message("list"), message("persons"), message("exclusive"))
    table = table_of_known(head, rows, "lrr", caption=message("floor"))
    sized = any(row.persons is not None for row in lists)
    return [
        Heading(message("floor"), 2, "floor"),
        Paragraph(Message.together(text)),
        *([table] if sized else []),
    ]


def _overlaps(assessment: AssessmentFacts) -> list[Block]:
    """Pairs, capture histories and capture frequencies."""
    k = len(assessment.lists)
    alt = message("alt upset", k=k)
    blocks: list[Block] = [
        Heading(message("overlaps"), 2, "overlaps"),
        FigureSlot("upset", message("figure upset"), alt, partial(upset, assessment=assessment)),
        *_overlap_table(assessment.patterns, "on exactly", MAX_PATTERNS),
    ]
    if k > 2:
        pairs = [OverlapRow(*each) for each in assessment.overlaps.items()]
        if k > _MANY_LISTS:
            pairs.sort(key=lambda row: -row.persons)
        blocks += _overlap_table(pairs, "pair", MAX_PAIRS)
        frequencies = assessment.table.capture_frequencies.tolist()
        last = max((j for j, count in enumerate(frequencies, 1) if count), default=1)
        blocks.append(
            Table(
                (message("times"), message("persons")),
                tuple((str(j), persons(count)) for j, count in enumerate(frequencies[: max(last, 2)], 1)),
                "rr",
                caption=message("times"),
            )
        )
    return blocks


def _overlap_table(rows: Sequence[OverlapRow], heading: str, most: int) -> list[Block]:
    """Counts by combination of lists, the first of many."""
    table = Table(
        (message(heading), message("on both" if heading == "pair" else "persons")),
        tuple((" + ".join(row.lists), persons(row.persons)) for row in rows[:most]),
        "lr",
        caption=message(heading),
    )
    if len(rows) <= most:
        return [table]
    return [table, Paragraph(message("more rows", k=persons(len(rows) - most)))]


def _disclosure(assessment: AssessmentFacts) -> list[Block]:
    """What is printed of the counts, and what a reader can do with it."""
    key = "dataset" if assessment.dataset else "full"
    if assessment.disclosure == "public":
        key = "rounded" if assessment.rounded_only else "public"
    return [Heading(message("disclosure"), 2, "disclosure"), Paragraph(message(f"disclosure {key}"))]


def _note(note: NoteRow) -> str:
    """A note and who says it; nobody where it is of the data."""
    text = Sentence(note.text)
    return Message("{names:;}: {text}", names=note.names, text=text) if note.names else text


def _provenance(assessment: AssessmentFacts) -> list[Block]:
    """What it takes to make the numbers again, and the citation."""
    rows = software_rows(tuple(versions().items()), assessment.seed)
    if assessment.digest:
        key = "keyed digest" if assessment.disclosure == "public" else "digest"
        rows.append((message(key), assessment.digest))
    return [*provenance_part(rows), *citation_part(cite(references=assessment.references))]


_SAME = 1.005  # highest over lowest number below which a ratio would be printed as 1
_COLUMNS = ("method", "kind", "low", "point", "high", "interval", "estimator")
_PUBLIC_COLUMNS = ("method", "kind", "low", "point", "high")


def methods_part(assessment: AssessmentFacts) -> list[Block]:
    """Lay out the methods that answer, and those that do not.

    Parameters
    ----------
    assessment : AssessmentFacts
        One of which everything is printed.

    Returns
    -------
    list of Block
        Heading, figure, tables and remarks.
    """
    blocks: list[Block] = [Heading(message("families"), 2, "families")]
    if not assessment.families:
        blocks.append(Paragraph(message("none answered")))
    else:
        blocks += [_forest(assessment, "alt forest"), _family_table(assessment)]
        if assessment.calibration is not None:
            blocks.append(Paragraph(assessment.calibration))
        remarks = _remarks(assessment)
        if remarks:
            blocks.append(Paragraph(Message.together(remarks)))
    blocks.append(Heading(message("declined"), 2, "declined"))
    if not assessment.declined:
        return [*blocks, Paragraph(message("none declined"))]
    headings = tuple(message(key) for key in ("method", "reason", "remedy"))
    return [*blocks, Table(headings, _declined(assessment.declined), "lll", caption=message("declined"))]


def _forest(assessment: AssessmentFacts, alt: str) -> FigureSlot:
    """The figure of the methods."""
    return FigureSlot(
        "forest",
        message("figure forest"),
        message(alt, level=level_words(LEVEL), k=len(assessment.families), n=persons(assessment.n_observed)),
        partial(forest, assessment=assessment),
    )


def _remarks(assessment: AssessmentFacts) -> list[Message]:
    """What has to be said of the table of methods."""
    remarks = []
    if assessment.recommended_row is not None:
        remarks.append(message("recommended mark"))
        if not assessment.print_point:
            remarks.append(message("no point"))
    if assessment.disagreement is not None and assessment.n_claims > 1:
        key = "agreement sentence" if assessment.disagreement < _SAME else "disagreement sentence"
        remarks.append(message(key, ratio=ratio(assessment.disagreement), k=assessment.n_claims))
    several = [row for row in assessment.families if len(row.modes) > 1]
    if several:
        remarks.append(message("modes sentence", modes=tuple(map(_modes, several))))
    roles = {row.role for row in assessment.families}
    if roles & {"bound", "baseline"}:
        remarks.append(message("kinds sentence"))
    elif "calibrated" in roles:
        remarks.append(message("kinds sentence two"))
    remarks.append(message("rounded"))
    if any(row.strip for row in assessment.families):
        remarks.append(message("ticks sentence" if several else "strips sentence"))
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
            message(f"kind {row.role}"),
            number_or_dash(row.low),
            number_or_dash(row.point) if assessment.print_point or not row.recommended else NOTHING,
            number_or_dash(row.high),
            interval_name(row.interval),
            row.estimator,
        )
        for row in assessment.families
    )
    return Table(
        tuple(map(message, _COLUMNS)),
        rows,
        "llrrrll",
        caption=message("figure forest"),
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
        Heading, figure, table and remarks; nothing where no method is to be shown.
    """
    if not assessment.families:
        return []
    rows = [
        (
            row.starred,
            message(f"kind {row.role}"),
            persons(row.low),
            number_or_dash(row.point),
            persons(row.high),
        )
        for row in assessment.families
    ]
    head = tuple(map(message, _PUBLIC_COLUMNS))
    recommended = assessment.recommended_row is not None
    strong = (0,) if recommended else ()
    remarks = [message("recommended mark")] if recommended else []
    return [
        Heading(message("families"), 2, "families"),
        _forest(assessment, "alt forest public"),
        table_of_known(head, rows, "llrrr", caption=message("figure forest"), first=2, strong=strong),
        *([] if assessment.calibration is None else [Paragraph(assessment.calibration)]),
        Paragraph(Message.together((*remarks, message("public methods")))),
    ]
