"""An assessment of releases as a document: what stands where, in no language yet."""

from __future__ import annotations

from functools import partial

from detcount.assessment.releases.content import ReleasesContent
from detcount.assessment.releases.figure import draw_events
from detcount.assessment.releases.phrases import message
from detcount.assessment.releases.register import register_sentences, register_unknown
from detcount.assessment.releases.sentences import difference_sentence, event_sentence
from detcount.assessment.releases.tables import counts_table, events_table, supposed_table
from detcount.definition import NOT_DEFINED
from detcount.published.conflicts import CONFLICT_KINDS
from detcount.published.counts import MATCH_DAYS
from detcount.reports.blocks import (
    Block,
    Bullets,
    Details,
    Document,
    FigureSlot,
    Heading,
    Paragraph,
    Quote,
    citation_part,
    provenance_part,
    software_rows,
)
from detcount.words import Message, Sentence

_NOT_IN_TERMINAL = ("provenance", "citation")


def releases_document(content: ReleasesContent) -> Document:
    """Write an assessment of releases: what the counts say first, and how it is made last."""
    return Document(
        message("title"),
        (
            Heading(message("title"), 1, "title"),
            *(Quote(event_sentence(event, content.as_of)) for event in content.said),
            *_register(content),
            *_events(content),
            *_read(content),
            *_folds(content),
            *provenance_part(_provenance(content)),
            *citation_part(content.citation.partition("\n")[0]),
        ),
        not_in_terminal=_NOT_IN_TERMINAL,
    )


def _register(content: ReleasesContent) -> list[Block]:
    """Who left the register by its own totals."""
    row = content.register
    if row is None:
        return []
    return [
        Quote(register_sentences(row)),
        Details(message("fold register"), (Bullets(tuple(register_unknown(row))),)),
    ]


def _events(content: ReleasesContent) -> list[Block]:
    """The latest events as one table and one figure."""
    shown = content.shown
    older = len(content.events) - len(shown)
    notes = [message("table note"), message("table part")] if any(event.announced for event in shown) else []
    if older:
        notes.append(
            Message.counted(
                "1 older event stands in the folds.", "{n:,} older events stand in the folds.", n=older
            )
        )
    return [
        Heading(message("as of", day=content.as_of), 2, "announcements"),
        events_table(shown),
        *([Paragraph(Message.together(notes))] if notes else []),
        FigureSlot(
            "announcements", message("figure"), message("figure alt"), partial(draw_events, events=shown)
        ),
    ]


def _read(content: ReleasesContent) -> list[Block]:
    """Who is counted, what was read, and what must not be read into it."""
    counts = Message.counted(
        "{n:,} published count by {sources}, {first} to {last}.",
        "{n:,} published counts by {sources}, {first} to {last}.",
        n=len(content.counts),
        sources=Message.counted("1 source", "{n} sources", n=len({each.source for each in content.counts})),
        first=content.first,
        last=content.last,
    )
    definition = content.definition
    who = NOT_DEFINED if definition is None else definition.sentence()
    return [
        Paragraph(Message.together([who, counts, message("no accusation"), *map(Sentence, content.remarks)]))
    ]


def _folds(content: ReleasesContent) -> list[Block]:
    """What stands behind the first lines, for who asks."""
    folds = []
    others = [event for event in content.events if event not in content.said]
    if others:
        sentences = tuple(event_sentence(event, content.as_of) for event in others)
        folds.append(Details(message("fold sentences"), (Bullets(sentences),)))
    if content.differences:
        items = tuple(difference_sentence(each) for each in content.differences)
        folds.append(Details(message("fold differences"), (Bullets(items),)))
    if content.conflicts:
        folds.append(Details(message("fold conflicts"), (Bullets(_conflicts(content)),)))
    if content.supposed:
        table = supposed_table(content.supposed)
        papers = Bullets(tuple(content.citation.splitlines()[1:]))  # of the model behind this table alone
        folds.append(Details(message("fold supposed"), (table, Paragraph(table.caption), papers)))
    method = tuple(
        message(f"method {key}", **words)
        for key, words in (("role", {}), ("windows", {"n": MATCH_DAYS}), ("parts", {}), ("marks", {}))
    )
    return [
        *folds,
        Details(message("fold counts"), (counts_table(content.counts),)),
        Details(message("fold method"), (Bullets(method),)),
    ]


def _conflicts(content: ReleasesContent) -> tuple[Message, ...]:
    """Counts that do not stand together, contradictions first; a doubt of the file is said."""
    doubted = {each.row for each in content.counts if each.doubted}
    return tuple(
        message(
            "conflict doubted" if doubted & {row.first, row.second} else "conflict contradiction",
            what=row.what,
        )
        for kind in CONFLICT_KINDS
        for row in content.conflicts
        if row.kind == kind
    )


def _provenance(content: ReleasesContent) -> list[tuple[str, str]]:
    """What it takes to make the numbers again."""
    return [
        *([(Message("Specification"), ", ".join(content.specifications))] if content.specifications else []),
        *software_rows(content.versions, content.seed),
        (Message("SHA-256 of the data"), content.digest),
    ]
