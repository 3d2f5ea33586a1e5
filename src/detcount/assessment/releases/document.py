"""An assessment of releases as a document: what stands where, in no language yet."""

from __future__ import annotations

import datetime as dt
from functools import partial
from itertools import combinations

from detcount.assessment.level import LEVEL
from detcount.assessment.releases import figures
from detcount.assessment.releases.content import AuditRow, GapRow, ReleasesContent
from detcount.assessment.releases.messages import tell, times
from detcount.assessment.releases.paragraphs import gap_paragraph
from detcount.assessment.releases.phrases import count_words, days_words
from detcount.assessment.releases.remarks import (
    audit_sentence,
    conflict_counts,
    conflict_sentence,
    fan_alternative,
    fan_sentence,
    measures_sentence,
    note_sentence,
    silent_sentence,
)
from detcount.assessment.releases.sentences import gap_sentence
from detcount.assessment.releases.tables import (
    balance_table,
    compared_table,
    counts_table,
    delay_table,
    gap_table,
    influence_table,
    moves_table,
    overview_table,
)
from detcount.estimates import GapEstimate
from detcount.published.conflicts import CONFLICT_KINDS
from detcount.published.counterparts import RULE
from detcount.reports.blocks import (
    Block,
    Bullets,
    Details,
    Document,
    FigureSlot,
    Heading,
    Paragraph,
    Quote,
    Table,
)
from detcount.reports.numbers import percent
from detcount.reports.parts import (
    assumptions_part,
    citation_part,
    notes_part,
    provenance_part,
    software_rows,
    title_part,
)
from detcount.words import Message

__all__ = ["anchors", "releases_document"]

MAX_COUNTS = 30
_MOST_BARS = 12
_NOT_IN_TERMINAL = ("provenance", "citation", "facts")


def releases_document(content: ReleasesContent) -> Document:
    """Write an assessment of releases."""
    return Document(
        tell("title"),
        (
            *_head(content),
            *_overview(content.announced),
            *_each(content.announced),
            *_moves(content),
            *_identified(),
            *_facts(content),
            *_contradictions(content),
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
        Bullets((read, *conflict_counts(content), *_people(content.announced), tell("no accusation"))),
    ]


def _people(rows: tuple[GapRow, ...]) -> list[Message]:
    """That nobody said whom they count, where nobody did."""
    unknown = sum(row.definitions == "unknown" for row in rows)
    if not unknown:
        return []
    return [tell("people unknown of all") if unknown == len(rows) else times("people unknown", unknown)]


def _overview(rows: tuple[GapRow, ...]) -> list[Block]:
    """All announcements as one picture and one table."""
    heading = Heading(tell("announcements"), 2, "announcements")
    if not rows:
        return [heading, Paragraph(tell("no batch"))]
    drawn = rows[:_MOST_BARS]
    left_out = len(rows) - len(drawn)
    older = [Paragraph(times("older announcements", left_out))] if left_out else []
    alt = times("alt announcements", len(drawn))
    draw = partial(figures.announcements, rows=drawn)
    return [
        heading,
        FigureSlot("announcements", tell("figure announcements"), alt, draw),
        *older,
        overview_table(rows, anchors(rows)),
        Paragraph(Message.together([tell("table level", level=percent(LEVEL)), *_to_mind(rows)])),
        Details(tell("rule"), (Paragraph(RULE),)),
    ]


def _each(rows: tuple[GapRow, ...]) -> list[Block]:
    """Each announcement under its day: a sentence, and what is behind it folded away."""
    if not rows:
        return []
    blocks: list[Block] = [Heading(tell("printable"), 2, "sentence")]
    for row, anchor in zip(rows, anchors(rows), strict=True):
        number = count_words(row.gap.announced, at_least=row.gap.at_least)
        days = days_words(row.gap.start, row.gap.end)
        key = "heading reviews" if row.reviews else "heading announced"
        blocks += [
            Heading(tell(key, days=days, number=number), 3, anchor=anchor),
            Quote(gap_sentence(row)),
            Details(tell("behind"), tuple(_behind(row))),
        ]
    return blocks


def _behind(row: GapRow) -> list[Paragraph | Bullets | Table]:
    """What is behind a sentence: the paragraph, the numbers, what moves them, the notes."""
    blocks: list[Paragraph | Bullets | Table] = [Paragraph(gap_paragraph(row))]
    if not row.other_people:  # nothing of the difference may be called unsubstantiated
        blocks.append(gap_table(row))
    if row.influence:
        blocks += [Paragraph(tell("influence sentence")), influence_table(row)]
    if row.notes:
        blocks.append(Bullets(tuple(note_sentence(note) for note in row.notes)))
    return blocks


def _to_mind(rows: tuple[GapRow, ...]) -> list[Message]:
    """What a reader of the table could take amiss, where it is there to be read."""
    found = []
    split = [row for row in rows if not row.other_people]
    if any(row.gap.carried_out.bounds[0] < row.gap.verified for row in split):
        found.append(tell("table bounds below"))
    if any(row.covered and row.gap.carried_out.printed(LEVEL)[2] > row.gap.announced for row in split):
        found.append(tell("table above announced"))
    if any(_share_days(one.gap, two.gap) for one, two in combinations(rows, 2)):
        found.append(tell("table overlap"))
    return found


def _share_days(one: GapEstimate, two: GapEstimate) -> bool:
    """Whether two announcements are of some of the same days, as far as these were said."""
    first = max(one.start or one.end or dt.date.max, two.start or two.end or dt.date.max)
    return first <= min(one.end or dt.date.max, two.end or dt.date.max)


def _moves(content: ReleasesContent) -> list[Block]:
    """Which single counts move the numbers, where each was left out in turn."""
    if not content.left_out:
        return []
    words = [tell("moves sentence")]
    left_out = [each for row in content.announced for each in row.influence]
    if not any(each.moves for each in left_out):
        words.append(tell("moves none"))
    found: list[Block] = [Heading(tell("moves"), 2, "influence")]
    if not left_out:
        return [*found, Paragraph(Message.together(words))]
    return [
        *found,
        Paragraph(Message.together([*words, tell("moves error")])),
        moves_table(content.announced),
    ]


def anchors(rows: tuple[GapRow, ...]) -> tuple[str, ...]:
    """Places on the page by day, each its own: the last day, and the first where there is another."""
    found: dict[str, int] = {}
    names = []
    for row in rows:
        days = dict.fromkeys(day.isoformat() for day in (row.gap.start, row.gap.end) if day is not None)
        name = "-to-".join(days) or "day-unknown"
        found[name] = found.get(name, 0) + 1
        names.append(name if found[name] == 1 else f"{name}-{found[name]}")
    return tuple(names)


def _identified() -> list[Block]:
    """What can be told from counts and what cannot."""
    keys = ("identified data", "identified bounds", "identified prior")
    return [Heading(tell("identified"), 2, "identified"), Bullets(tuple(tell(key) for key in keys))]


def _facts(content: ReleasesContent) -> list[Block]:
    """Every count as a figure and as a table, folded away."""
    shown = content.counts[-MAX_COUNTS:]
    left_out = len(content.counts) - len(shown)
    folded: list[Paragraph | FigureSlot | Table] = [
        FigureSlot(
            "windows",
            tell("figure windows"),
            times("alt windows", min(len(content.counts), figures.MOST_WINDOWS)),
            partial(figures.windows, rows=content.counts),
        ),
        counts_table(shown),
    ]
    if left_out:
        folded.append(Paragraph(times("more counts", left_out)))
    if len({row.measure for row in content.counts if row.measure}) > 1:
        folded.append(Paragraph(measures_sentence(content.counts)))
    return [
        Heading(tell("facts"), 2, "facts"),
        Paragraph(tell("facts sentence")),
        Details(times("counts folded", len(shown)), tuple(folded)),
    ]


def _contradictions(content: ReleasesContent) -> list[Block]:
    """Counts that contradict each other, then those that their own source corrected or raised."""
    blocks: list[Block] = []
    for kind in CONFLICT_KINDS:
        rows = tuple(conflict_sentence(row) for row in content.conflicts if row.kind == kind)
        if rows:
            blocks += [Heading(tell(f"{kind}s"), 2, f"{kind}s"), Bullets(rows)]
    return blocks


def _growth(content: ReleasesContent) -> list[Block]:
    """Verified totals as figures, and in words."""
    if not content.fans:
        return []
    blocks: list[Block] = [Heading(tell("growth"), 2, "growth")]
    for k, fan in enumerate(content.fans):
        title = tell("figure fan", source=fan.source, event=fan.event)
        blocks += [
            FigureSlot(f"fan {k}", title, fan_alternative(fan), partial(figures.fan, content=fan)),
            Paragraph(fan_sentence(fan)),
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
