"""An assessment of releases as a document: what stands where, in no language yet."""

from __future__ import annotations

from functools import partial

from detcount.assessment.level import LEVEL
from detcount.assessment.releases import figures
from detcount.assessment.releases.content import AuditRow, GapRow, ReleasesContent
from detcount.assessment.releases.messages import tell, times
from detcount.assessment.releases.remarks import (
    audit_sentence,
    conflict_counts,
    conflict_sentence,
    fan_sentences,
    measures_sentence,
    note_sentence,
    silent_sentence,
)
from detcount.assessment.releases.sentences import gap_text
from detcount.assessment.releases.tables import (
    balance_table,
    compared_table,
    counts_table,
    delay_table,
    gaps_table,
)
from detcount.published.conflicts import CONFLICT_KINDS
from detcount.report.blocks import Block, Bullets, Document, FigureSlot, Heading, Paragraph, Quote
from detcount.report.numbers import percent
from detcount.report.parts import (
    assumptions_part,
    citation_part,
    notes_part,
    provenance_part,
    software_rows,
    title_part,
)
from detcount.words import Message

__all__ = ["releases_document"]

MAX_SENTENCES = 6
MAX_COUNTS = 30
_MOST_BARS = 8
_NOT_IN_TERMINAL = ("provenance", "citation", "facts")


def releases_document(content: ReleasesContent) -> Document:
    """Write an assessment of releases."""
    return Document(
        tell("title"),
        (
            *_head(content),
            *_printable(content),
            *_identified(),
            *_facts(content),
            *_contradictions(content),
            *_gaps("batches", content.batches),
            *_gaps("totals", content.totals),
            *_growth(content),
            *_delay(content),
            *_audit(content.audit),
            *_silent(content),
            *assumptions_part(content.assumptions, tell("assumptions")),
            *notes_part(note_sentence(row) for row in content.notes),
            *provenance_part(_provenance(content)),
            *citation_part(content.citation),
        ),
        not_in_terminal=_NOT_IN_TERMINAL,
    )


def _head(content: ReleasesContent) -> list[Block]:
    """Title, day, and what was read."""
    read = times(
        "counts read",
        content.n_counts,
        sources=times("source", len({row.source for row in content.counts})),
        first=content.first,
        last=content.last,
    )
    return [
        *title_part(tell("title"), content.definition),
        Heading(tell("as of", day=content.as_of), 2, "verdict"),
        Bullets((read, *conflict_counts(content), tell("no accusation"))),
    ]


def _printable(content: ReleasesContent) -> list[Block]:
    """Sentences on the last announcements."""
    blocks: list[Block] = [Heading(tell("printable"), 2, "sentence")]
    rows = sorted((*content.batches, *content.totals), key=_last_day)
    if not rows:
        return [*blocks, Paragraph(tell("no batch"))]
    blocks += [
        Quote(gap_text(row.gap, measures=row.measures, beside=row.beside))
        for row in reversed(rows[-MAX_SENTENCES:])
    ]
    if len(rows) > MAX_SENTENCES:
        blocks.append(Paragraph(times("older sentences", len(rows) - MAX_SENTENCES)))
    return blocks


def _last_day(row: GapRow) -> tuple[str, str]:
    """Order of announcements: by the last day they cover."""
    end = row.gap.end or row.gap.as_of
    return (end.isoformat(), row.gap.label)


def _identified() -> list[Block]:
    """What can be told from counts and what cannot."""
    keys = ("identified data", "identified bounds", "identified prior")
    return [Heading(tell("identified"), 2, "identified"), Bullets(tuple(tell(key) for key in keys))]


def _facts(content: ReleasesContent) -> list[Block]:
    """Windows as a figure and as a table."""
    blocks: list[Block] = [
        Heading(tell("facts"), 2, "facts"),
        Paragraph(tell("facts sentence")),
        FigureSlot(
            "windows",
            tell("figure windows"),
            times("alt windows", min(len(content.counts), figures.MOST_WINDOWS)),
            partial(figures.windows, rows=content.counts),
        ),
        counts_table(content.counts[-MAX_COUNTS:]),
    ]
    if len(content.counts) > MAX_COUNTS:
        blocks.append(Paragraph(times("more counts", len(content.counts) - MAX_COUNTS)))
    if len({row.measure for row in content.counts if row.measure}) > 1:
        blocks.append(Paragraph(measures_sentence(content.counts)))
    return blocks


def _contradictions(content: ReleasesContent) -> list[Block]:
    """Counts that contradict each other, then those that their own source corrected or raised."""
    blocks: list[Block] = []
    for kind in CONFLICT_KINDS:
        rows = tuple(conflict_sentence(row) for row in content.conflicts if row.kind == kind)
        if rows:
            blocks += [Heading(tell(f"{kind}s"), 2, f"{kind}s"), Bullets(rows)]
    return blocks


def _gaps(key: str, rows: tuple[GapRow, ...]) -> list[Block]:
    """Announced numbers as a figure and as a table."""
    if not rows:
        return []
    drawn = tuple(row.gap for row in rows[-_MOST_BARS:])
    figure = FigureSlot(
        key, tell("figure gaps"), times("alt gaps", len(drawn)), partial(figures.gap_bars, gaps=drawn)
    )
    return [
        Heading(tell(key), 2, key),
        *([Paragraph(tell("totals sentence"))] if key == "totals" else []),
        figure,
        gaps_table(key, rows),
        Paragraph(tell("table level", level=percent(LEVEL))),
    ]


def _growth(content: ReleasesContent) -> list[Block]:
    """Verified totals as figures, and in words."""
    if not content.fans:
        return []
    blocks: list[Block] = [Heading(tell("growth"), 2, "growth")]
    for k, fan in enumerate(content.fans):
        words = fan_sentences(fan)
        title = tell("figure fan", source=fan.source, event=fan.event)
        blocks += [
            FigureSlot(f"fan {k}", title, words, partial(figures.fan, content=fan)),
            Paragraph(words),
        ]
    return blocks


def _delay(content: ReleasesContent) -> list[Block]:
    """How long verification takes."""
    if not content.delays:
        return []
    return [
        Heading(tell("delay"), 2, "delay"),
        Paragraph(tell("delay sentence")),
        delay_table(content.delays),
    ]


def _audit(row: AuditRow | None) -> list[Block]:
    """The stock-flow audit: the sentence, the balance, and the totals beside it."""
    if row is None:
        return []
    return [
        Heading(tell("audit"), 2, "audit"),
        Quote(audit_sentence(row)),
        balance_table(row.audit),
        *([compared_table(row.compared)] if row.compared else []),
    ]


def _silent(content: ReleasesContent) -> list[Block]:
    """Parts without an answer."""
    if not content.silent:
        return []
    items = tuple(silent_sentence(row) for row in content.silent)
    return [Heading(tell("silent"), 2, "declined"), Bullets(items)]


def _provenance(content: ReleasesContent) -> list[tuple[str, str]]:
    """What it takes to make the numbers again."""
    return [
        *((tell("specifications"), text) for text in content.specifications),
        *software_rows(content.versions, content.seed),
        (Message("SHA-256 of the data"), content.digest),
    ]
