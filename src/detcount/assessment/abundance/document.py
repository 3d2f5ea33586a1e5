"""An assessment as a document: the floor, every method, and what stands beside them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from detcount.assessment.abundance.content import (
    MAX_PATTERNS,
    AssessmentContent,
    DeclinedRow,
    FamilyRow,
    NoteRow,
    OverlapRow,
    at_least,
    listed_on,
    message,
)
from detcount.assessment.abundance.figures import forest, upset
from detcount.assessment.abundance.groups import groups_part
from detcount.assessment.abundance.robustness import leave_out_part, sensitivity_part, wrong_entries_part
from detcount.assessment.common.verdict import LEVEL
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


def assessment_document(content: AssessmentContent) -> Document:
    """Set out an assessment: all that its content has.

    Parameters
    ----------
    content : AssessmentContent
        What the assessment says.

    Returns
    -------
    Document
        The document, in no language yet.
    """
    public = content.disclosure == "public"
    return Document(
        message("title"),
        (
            *_head(content),
            *_floor(content),
            *(public_methods_part(content) if public else methods_part(content)),
            *([] if public and not content.curve else sensitivity_part(content)),
            *([] if public else leave_out_part(content)),
            *groups_part(content),
            *wrong_entries_part(content),
            *([] if public else _overlaps(content)),
            *_disclosure(content),
            *assumptions_part(
                content.assumptions, message("assumptions" if content.recommended else "assumptions all")
            ),
            *notes_part(map(_note, content.notes)),
            *_provenance(content),
        ),
        not_in_terminal=_NOT_IN_TERMINAL,
        private=content.disclosure == "full" and not content.dataset,
    )


def _head(content: AssessmentContent) -> list[Block]:
    """Title, verdict and the sentence."""
    reasons = tuple(Sentence(finding.text) for finding in content.findings)
    verdict = message("verdict", verdict=message(f"verdict {content.verdict}"))
    blocks: list[Block] = [
        *title_part(message("title"), content.definition),
        Heading(verdict, 2, "verdict"),
        Bullets(reasons or (Sentence(message("no rule fired")),)),
        Heading(message("sentence"), 2, "sentence"),
        Quote(content.sentence),
    ]
    if content.verdict in ("refuse", "floor only") and content.disclosure == "full":
        blocks += [
            Paragraph(
                message(
                    "not for print",
                    level=level_words(LEVEL),
                    low=persons(row.low),
                    high=persons(row.high),
                )
            )
            for row in content.families
            if row.role == "calibrated"
        ]
    return blocks


def _floor(content: AssessmentContent) -> list[Block]:
    """The lists and how many they name."""
    public = content.disclosure == "public"
    text = [at_least(content.n_observed) if public else listed_on(content.n_observed, len(content.lists))]
    if content.sample_coverage is not None:
        text.append(message("coverage sentence", c=percent(content.sample_coverage)))
    if content.size_unit is not None:
        text.append(message("public sizes", unit=content.size_unit))
    elif public:
        keys = ("public floor", "public no sizes") if content.n_observed else ("public no sizes",)
        text += map(message, keys)  # "fewer than 25" is not rounded
    rows = [(row.name, number_or_dash(row.persons), number_or_dash(row.exclusive)) for row in content.lists]
    head = (message("list"), message("persons"), message("exclusive"))
    table = table_of_known(head, rows, "lrr", caption=message("floor"))
    sized = any(row.persons is not None for row in content.lists)
    return [
        Heading(message("floor"), 2, "floor"),
        Paragraph(Message.together(text)),
        *([table] if sized else []),
    ]


def _overlaps(content: AssessmentContent) -> list[Block]:
    """Pairs, capture histories and capture frequencies."""
    k = len(content.lists)
    alt = message("alt upset", k=k)
    blocks: list[Block] = [
        Heading(message("overlaps"), 2, "overlaps"),
        FigureSlot("upset", message("figure upset"), alt, partial(upset, content=content)),
        *_overlap_table(content.patterns, "on exactly", MAX_PATTERNS),
    ]
    if k > 2:
        pairs: Sequence[OverlapRow] = content.pairs
        if k > _MANY_LISTS:
            pairs = sorted(content.pairs, key=lambda row: -row.persons)
        blocks += _overlap_table(pairs, "pair", MAX_PAIRS)
        last = max((j for j, count in enumerate(content.frequencies, 1) if count), default=1)
        frequencies = content.frequencies[: max(last, 2)]
        blocks.append(
            Table(
                (message("times"), message("persons")),
                tuple((str(j), persons(count)) for j, count in enumerate(frequencies, 1)),
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


def _disclosure(content: AssessmentContent) -> list[Block]:
    """What is printed of the counts, and what a reader can do with it."""
    key = "dataset" if content.dataset else "full"
    if content.disclosure == "public":
        key = "rounded" if content.rounded_only else "public"
    return [Heading(message("disclosure"), 2, "disclosure"), Paragraph(message(f"disclosure {key}"))]


def _note(note: NoteRow) -> str:
    """A note and who says it; nobody where it is of the data."""
    text = Sentence(note.text)
    return Message("{names:;}: {text}", names=note.names, text=text) if note.names else text


def _provenance(content: AssessmentContent) -> list[Block]:
    """What it takes to make the numbers again, and the citation."""
    rows = software_rows(content.versions, content.seed)
    if content.digest:
        rows.append((message("keyed digest" if content.disclosure == "public" else "digest"), content.digest))
    return [*provenance_part(rows), *citation_part(content.citation)]


_SAME = 1.005  # highest over lowest number below which a ratio would be printed as 1
_COLUMNS = ("method", "kind", "low", "point", "high", "interval", "estimator")
_PUBLIC_COLUMNS = ("method", "kind", "low", "point", "high")


def methods_part(content: AssessmentContent) -> list[Block]:
    """Lay out the methods that answer, and those that do not.

    Parameters
    ----------
    content : AssessmentContent
        What a full report shows.

    Returns
    -------
    list of Block
        Heading, figure, tables and remarks.
    """
    blocks: list[Block] = [Heading(message("families"), 2, "families")]
    if not content.families:
        blocks.append(Paragraph(message("none answered")))
    else:
        blocks += [_forest(content, "alt forest"), _family_table(content)]
        if content.calibration is not None:
            blocks.append(Paragraph(content.calibration))
        remarks = _remarks(content)
        if remarks:
            blocks.append(Paragraph(Message.together(remarks)))
    blocks.append(Heading(message("declined"), 2, "declined"))
    if not content.declined:
        return [*blocks, Paragraph(message("none declined"))]
    headings = tuple(message(key) for key in ("method", "reason", "remedy"))
    return [*blocks, Table(headings, _declined(content.declined), "lll", caption=message("declined"))]


def _forest(content: AssessmentContent, alt: str) -> FigureSlot:
    """The figure of the methods."""
    return FigureSlot(
        "forest",
        message("figure forest"),
        message(alt, level=level_words(LEVEL), k=len(content.families), n=persons(content.n_observed)),
        partial(forest, content=content),
    )


def _remarks(content: AssessmentContent) -> list[Message]:
    """What has to be said of the table of methods."""
    remarks = []
    if content.recommended:
        remarks.append(message("recommended mark"))
        if not content.print_point:
            remarks.append(message("no point"))
    if content.disagreement is not None and content.n_claims > 1:
        key = "agreement sentence" if content.disagreement < _SAME else "disagreement sentence"
        remarks.append(message(key, ratio=ratio(content.disagreement), k=content.n_claims))
    several = [row for row in content.families if len(row.modes) > 1]
    if several:
        remarks.append(message("modes sentence", modes=tuple(map(_modes, several))))
    roles = {row.role for row in content.families}
    if roles & {"bound", "baseline"}:
        remarks.append(message("kinds sentence"))
    elif "calibrated" in roles:
        remarks.append(message("kinds sentence two"))
    remarks.append(message("rounded"))
    if any(row.strip for row in content.families):
        remarks.append(message("ticks sentence" if several else "strips sentence"))
    return remarks


def _modes(row: FamilyRow) -> Message:
    """The modes of a posterior, and whose it is."""
    return Message("{name}: {modes}", name=row.name, modes=tuple(map(persons, row.modes)))


def _declined(declined: tuple[DeclinedRow, ...]) -> tuple[tuple[str, str, str], ...]:
    """One row for each reason, with all the methods that give it."""
    names: dict[str, list[str]] = {}
    advice: dict[str, dict[str, None]] = {}
    for row in declined:
        reason = Sentence(row.reason)
        names.setdefault(reason, []).append(row.name)
        advice.setdefault(reason, {})[row.advice] = None
    return tuple(
        (Message("{names:;}", names=names[reason]), reason, Message.together(advice[reason]))
        for reason in names
    )


def _family_table(content: AssessmentContent) -> Table:
    """A row for each method that answers; the recommended number only where it can be printed."""
    rows = tuple(
        (
            row.starred,
            message(f"kind {row.role}"),
            number_or_dash(row.low),
            number_or_dash(row.point) if content.print_point or not row.recommended else NOTHING,
            number_or_dash(row.high),
            interval_name(row.interval),
            row.estimator,
        )
        for row in content.families
    )
    return Table(
        tuple(map(message, _COLUMNS)),
        rows,
        "llrrrll",
        caption=message("figure forest"),
        code=(6,),
        details=(6,),
        strong=tuple(k for k, row in enumerate(content.families) if row.recommended),
    )


def public_methods_part(content: AssessmentContent) -> list[Block]:
    """Lay out the recommended limits and the spread of the methods.

    Parameters
    ----------
    content : AssessmentContent
        What a public report shows.

    Returns
    -------
    list of Block
        Heading, figure, table and remarks; nothing where no method is to be shown.
    """
    if not content.families:
        return []
    rows = [
        (
            row.starred,
            message(f"kind {row.role}"),
            persons(row.low),
            number_or_dash(row.point),
            persons(row.high),
        )
        for row in content.families
    ]
    head = tuple(map(message, _PUBLIC_COLUMNS))
    strong = (0,) if content.recommended else ()
    remarks = [message("recommended mark")] if content.recommended else []
    return [
        Heading(message("families"), 2, "families"),
        _forest(content, "alt forest public"),
        table_of_known(head, rows, "llrrr", caption=message("figure forest"), first=2, strong=strong),
        *([] if content.calibration is None else [Paragraph(content.calibration)]),
        Paragraph(Message.together((*remarks, message("public methods")))),
    ]
