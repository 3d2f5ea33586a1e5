"""An assessment as a document: the floor, every method, what moves the number, and what stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from detcount.assessment.abundance.cells import number_or_dash
from detcount.assessment.abundance.content import MAX_PATTERNS, AssessmentContent, NoteRow, OverlapRow
from detcount.assessment.abundance.figures import upset
from detcount.assessment.abundance.messages import at_least, listed_on, tell
from detcount.assessment.abundance.methods import methods_part, public_methods_part
from detcount.assessment.abundance.robustness import leave_out_part, sensitivity_part, wrong_entries_part
from detcount.assessment.level import LEVEL
from detcount.reports.blocks import Block, Bullets, Document, FigureSlot, Heading, Paragraph, Quote, Table
from detcount.reports.numbers import level_words, percent, persons
from detcount.reports.parts import (
    assumptions_part,
    citation_part,
    notes_part,
    provenance_part,
    software_rows,
    title_part,
)
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
        tell("title"),
        (
            *_head(content),
            *_floor(content),
            *(public_methods_part(content) if public else methods_part(content)),
            *([] if public and not content.curve else sensitivity_part(content)),
            *([] if public else leave_out_part(content)),
            *wrong_entries_part(content),
            *([] if public else _overlaps(content)),
            *_disclosure(content),
            *assumptions_part(
                content.assumptions, tell("assumptions" if content.recommended else "assumptions all")
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
    verdict = tell("verdict", verdict=tell(f"verdict {content.verdict}"))
    blocks: list[Block] = [
        *title_part(tell("title"), content.definition),
        Heading(verdict, 2, "verdict"),
        Bullets(reasons or (Sentence(tell("no rule fired")),)),
        Heading(tell("sentence"), 2, "sentence"),
        Quote(content.sentence),
    ]
    if content.verdict in ("refuse", "floor only") and content.disclosure == "full":
        blocks += [
            Paragraph(
                tell(
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
        text.append(tell("coverage sentence", c=percent(content.sample_coverage)))
    if content.size_unit is not None:
        text.append(tell("public sizes", unit=content.size_unit))
    elif public:
        text.append(tell("public no sizes"))
    columns = {
        "persons": [row.persons for row in content.lists],
        "exclusive": [row.exclusive for row in content.lists],
    }
    kept = {key: values for key, values in columns.items() if None not in values}
    rows = tuple(
        (row.name, *(number_or_dash(values[k]) for values in kept.values()))
        for k, row in enumerate(content.lists)
    )
    headings = tuple(tell(name) for name in ("list", *kept))
    return [
        Heading(tell("floor"), 2, "floor"),
        Paragraph(Message.together(text)),
        Table(headings, rows, "l" + "r" * len(kept), caption=tell("floor")),
    ]


def _overlaps(content: AssessmentContent) -> list[Block]:
    """Pairs, capture histories and capture frequencies."""
    k = len(content.lists)
    alt = tell("alt upset", k=k)
    blocks: list[Block] = [
        Heading(tell("overlaps"), 2, "overlaps"),
        FigureSlot("upset", tell("figure upset"), alt, partial(upset, content=content)),
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
                (tell("times"), tell("persons")),
                tuple((str(j), persons(count)) for j, count in enumerate(frequencies, 1)),
                "rr",
                caption=tell("times"),
            )
        )
    return blocks


def _overlap_table(rows: Sequence[OverlapRow], heading: str, most: int) -> list[Block]:
    """Counts by combination of lists, the first of many."""
    table = Table(
        (tell(heading), tell("on both" if heading == "pair" else "persons")),
        tuple((" + ".join(row.lists), persons(row.persons)) for row in rows[:most]),
        "lr",
        caption=tell(heading),
    )
    if len(rows) <= most:
        return [table]
    return [table, Paragraph(tell("more rows", k=persons(len(rows) - most)))]


def _disclosure(content: AssessmentContent) -> list[Block]:
    """What is printed of the counts, and what a reader can do with it."""
    key = "dataset" if content.dataset else "full"
    if content.disclosure == "public":
        key = "rounded" if content.rounded_only else "public"
    return [Heading(tell("disclosure"), 2, "disclosure"), Paragraph(tell(f"disclosure {key}"))]


def _note(note: NoteRow) -> str:
    """A note and who says it; nobody where it is of the data."""
    text = Sentence(note.text)
    return Message("{names:;}: {text}", names=note.names, text=text) if note.names else text


def _provenance(content: AssessmentContent) -> list[Block]:
    """What it takes to make the numbers again, and the citation."""
    rows = software_rows(content.versions, content.seed)
    if content.digest:
        rows.append((tell("keyed digest" if content.disclosure == "public" else "digest"), content.digest))
    return [*provenance_part(rows), *citation_part(content.citation)]
