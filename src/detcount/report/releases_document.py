"""An assessment of releases as a document: blocks in one language."""

from __future__ import annotations

import math

from detcount.definition import NOT_DEFINED
from detcount.estimates import GapEstimate, UncertainCount
from detcount.report.document import Block, Bullets, FigureSlot, Heading, Paragraph, Quote
from detcount.report.messages import join, percent, persons, say, sentence_case
from detcount.report.releases_content import (
    AuditRow,
    ConflictRow,
    CountRow,
    FanContent,
    GapRow,
    LabelledNote,
    ReleasesContent,
    SilentRow,
)
from detcount.report.releases_messages import (
    event_words,
    share,
    tell,
    times,
    window_words,
)
from detcount.report.releases_text import gap_sentences
from detcount.report.tables import Table
from detcount.words import Message, day, said

__all__ = ["audit_sentence", "conflict_sentence", "releases_document", "silent_sentence"]

MAX_SENTENCES = 6
MAX_COUNTS = 30
_LEVEL = 0.95


def releases_document(content: ReleasesContent, lang: str) -> tuple[Block, ...]:
    """Write an assessment of releases in one language."""
    return (
        *_head(content, lang),
        *_printable(content, lang),
        *_identified(lang),
        *_facts(content, lang),
        *_contradictions(content, lang),
        *_gaps("batches", content.batches, lang),
        *_gaps("totals", content.totals, lang),
        *_growth(content, lang),
        *_delay(content, lang),
        *_audit(content.audit, lang),
        *_silent(content, lang),
        *_assumptions(content, lang),
        *_notes(content, lang),
        *_provenance(content, lang),
    )


def _head(content: ReleasesContent, lang: str) -> list[Block]:
    """Title, day, and what was read."""
    n_sources = len({row.source for row in content.counts})
    read = times("counts read", content.n_counts, lang).format(
        sources=times("source", n_sources, lang),
        first=day(content.first, lang),
        last=day(content.last, lang),
    )
    counted = NOT_DEFINED if content.definition is None else content.definition.sentence()
    return [
        Heading(tell("title", lang), 1, "title"),
        Paragraph(counted.say(lang)),
        Heading(tell("as of", lang).format(day(content.as_of, lang)), 2, "verdict"),
        Bullets((read, times("conflict", len(content.conflicts), lang), tell("no accusation", lang))),
    ]


def _printable(content: ReleasesContent, lang: str) -> list[Block]:
    """Sentences on the last announcements."""
    blocks: list[Block] = [Heading(tell("printable", lang), 2, "sentence")]
    rows = sorted((*content.batches, *content.totals), key=_last_day)
    if not rows:
        return [*blocks, Paragraph(tell("no batch", lang))]
    blocks += [
        Quote(" ".join(gap_sentences(row.gap, lang, measures=row.measures, beside=row.beside)))
        for row in reversed(rows[-MAX_SENTENCES:])
    ]
    if len(rows) > MAX_SENTENCES:
        left = persons(len(rows) - MAX_SENTENCES, lang)
        blocks.append(Paragraph(tell("older sentences", lang).format(left)))
    return blocks


def _last_day(row: GapRow) -> tuple[str, str]:
    """Order of announcements: by the last day they cover."""
    end = row.gap.end or row.gap.as_of
    return (end.isoformat(), row.gap.label)


def _identified(lang: str) -> list[Block]:
    """What can be told from counts and what cannot."""
    keys = ("identified data", "identified bounds", "identified prior")
    return [
        Heading(tell("identified", lang), 2, "identified"),
        Bullets(tuple(tell(key, lang) for key in keys)),
    ]


def _facts(content: ReleasesContent, lang: str) -> list[Block]:
    """Windows as a figure and as a table."""
    rows = content.counts[-MAX_COUNTS:]
    alt = tell("alt windows", lang).format(k=persons(len(content.counts), lang))
    table = Table(
        tuple(tell(key, lang) for key in ("source", "role", "days", "published", "count")),
        tuple(_count_cells(row, lang) for row in rows),
        "lllrr",
        caption=tell("facts", lang),
    )
    blocks: list[Block] = [
        Heading(tell("facts", lang), 2, "facts"),
        Paragraph(tell("facts sentence", lang)),
        FigureSlot("windows", tell("figure windows", lang), alt),
        table,
    ]
    left = len(content.counts) - len(rows)
    if left:
        blocks.append(Paragraph(tell("more counts", lang).format(persons(left, lang))))
    measures = tuple(dict.fromkeys(row.measure for row in content.counts if row.measure))
    if len(measures) > 1:
        blocks.append(Paragraph(_measures(content.counts, lang)))
    return blocks


def _measures(counts: tuple[CountRow, ...], lang: str) -> str:
    """What was counted, where it is not always the same."""
    by_measure: dict[str, list[str]] = {}
    for row in counts:
        if row.measure:
            by_measure.setdefault(row.measure, []).append(said(row.source, lang))
    usual = max(by_measure, key=lambda measure: len(by_measure[measure]))
    parts = [
        f"{said(measure, lang)} ({join(list(dict.fromkeys(sources)), lang)})"
        for measure, sources in by_measure.items()
        if measure != usual
    ]
    return tell("counted", lang).format(said(usual, lang), "; ".join(parts))


def _count_cells(row: CountRow, lang: str) -> tuple[str, ...]:
    """One count as a row."""
    number = persons(row.count, lang)
    window = window_words(row.start, row.end, lang)
    return (
        said(row.source, lang),
        tell(f"role {row.role}", lang),
        window,
        day(row.published, lang),
        f"≥{number}" if row.at_least else number,
    )


def _contradictions(content: ReleasesContent, lang: str) -> list[Block]:
    """Counts that contradict each other, one a bullet."""
    if not content.conflicts:
        return []
    return [
        Heading(tell("contradictions", lang), 2, "contradictions"),
        Bullets(tuple(conflict_sentence(row, lang) for row in content.conflicts)),
    ]


def conflict_sentence(row: ConflictRow, lang: str) -> str:
    """One contradiction."""
    return tell(f"conflict {row.kind}", lang).format(
        first=said(row.first.source, lang),
        second=said(row.second.source, lang),
        a=persons(row.first.count, lang),
        b=persons(row.second.count, lang),
        day_a=day(row.first.published, lang),
        day_b=day(row.second.published, lang),
        event=said(row.first.event, lang),
    )


def _gaps(key: str, rows: tuple[GapRow, ...], lang: str) -> list[Block]:
    """Announced numbers as a figure and as a table."""
    if not rows:
        return []
    blocks: list[Block] = [Heading(tell(key, lang), 2, key)]
    if key == "totals":
        blocks.append(Paragraph(tell("totals sentence", lang)))
    alt = tell("alt gaps one" if len(rows) == 1 else "alt gaps", lang).format(k=len(rows))
    headings = ("event", "quantity", "low", "mean", "high", "rests on", "bounds")
    cells = tuple(cell for row in rows for cell in _gap_cells(row.gap, lang))
    return [
        *blocks,
        FigureSlot(key, tell("figure gaps", lang), alt),
        Table(tuple(tell(name, lang) for name in headings), cells, "llrrrlr", caption=tell(key, lang)),
        Paragraph(tell("table level", lang).format(percent(_LEVEL, lang))),
    ]


def _gap_cells(gap: GapEstimate, lang: str) -> list[tuple[str, ...]]:
    """One announced number as rows: what was announced and verified, and each quantity."""
    number = persons(gap.announced, lang)
    name = f"{event_words(gap.label, lang)}, {said(gap.announced_by, lang)}"
    rows: list[tuple[str, ...]] = [
        (name, tell("quantity announced", lang), "", f"≥{number}" if gap.at_least else number, "", "", ""),
        (
            "",
            f"{tell('quantity verified', lang)} ({said(gap.verified_by, lang)})",
            "",
            persons(gap.verified, lang),
            "",
            "",
            "",
        ),
    ]
    quantities = {
        "pending": gap.pending,
        "eventually verified": gap.eventually_verified,
        "unverifiable": gap.unverifiable,
        "carried out": gap.carried_out,
        "unsubstantiated": gap.unsubstantiated,
    }
    for key, count in quantities.items():
        interval = count.interval(_LEVEL)
        rows.append(
            (
                "",
                tell(f"quantity {key}", lang),
                persons(interval.low, lang),
                "" if count.mean is None else persons(count.mean, lang),
                persons(interval.high, lang),
                tell(f"rests {count.identified_by}", lang),
                _bounds(count, lang),
            )
        )
    return rows


def _bounds(count: UncertainCount, lang: str) -> str:
    """Sharp bounds, short."""
    low, high = count.bounds
    if not math.isfinite(high):
        return f"≥{persons(low, lang)}"
    return f"{persons(low, lang)}–{persons(high, lang)}"


def _growth(content: ReleasesContent, lang: str) -> list[Block]:
    """Verified totals as figures."""
    if not content.fans:
        return []
    blocks: list[Block] = [Heading(tell("growth", lang), 2, "growth")]
    for k, fan in enumerate(content.fans):
        title = tell("figure fan", lang).format(said(fan.source, lang), said(fan.event, lang))
        blocks.append(FigureSlot(f"fan {k}", title, _fan_alt(fan, lang)))
        blocks.append(Paragraph(_fan_alt(fan, lang)))
    return blocks


def _fan_alt(fan: FanContent, lang: str) -> str:
    """A fan in words."""
    first, last = fan.observed[0], fan.observed[-1]
    more = ""
    if fan.expected:
        end = fan.expected[-1]
        interval = end.total.interval(_LEVEL)
        more = tell("alt fan expected", lang).format(
            day=day(end.day, lang),
            low=persons(interval.low, lang),
            high=persons(interval.high, lang),
        )
    lines = [
        f"{said(line.count.source, lang)} {'≥' if line.count.at_least else ''}"
        f"{persons(line.count.count, lang)} ({window_words(line.count.start, line.count.end, lang)})"
        for line in fan.announced
    ]
    return tell("alt fan", lang).format(
        source=said(fan.source, lang),
        first=persons(first.count, lang),
        from_day=day(first.published, lang),
        last=persons(last.count, lang),
        to_day=day(last.published, lang),
        more=more,
        lines=join(lines, lang) or tell("alt fan no lines", lang),
    )


def _delay(content: ReleasesContent, lang: str) -> list[Block]:
    """How long verification takes."""
    if not content.delays:
        return []
    rows = tuple(
        (str(row.days), share(row.low, 1, lang), share(row.share, 1, lang), share(row.high, 1, lang))
        for row in content.delays
    )
    headings = tuple(tell(key, lang) for key in ("days since", "low", "share verified", "high"))
    return [
        Heading(tell("delay", lang), 2, "delay"),
        Paragraph(tell("delay sentence", lang)),
        Table(headings, rows, "rrrr", caption=tell("delay", lang)),
    ]


def _audit(row: AuditRow | None, lang: str) -> list[Block]:
    """The stock-flow audit: the sentence, the balance, and the totals beside it."""
    if row is None:
        return []
    audit = row.audit
    interval = audit.exits.interval(_LEVEL)
    held = (
        (tell("audit held", lang).format(day(audit.start, lang)), persons(audit.held_at_start, lang)),
        (tell("audit arrests", lang), persons(audit.arrests, lang)),
        (tell("audit held", lang).format(day(audit.end, lang)), persons(audit.held_at_end, lang)),
        (tell("audit exits", lang), persons(audit.implied, lang)),
        (
            tell("audit limits", lang).format(percent(_LEVEL, lang)),
            span_of(interval.low, interval.high, lang),
        ),
    )
    blocks: list[Block] = [
        Heading(tell("audit", lang), 2, "audit"),
        Quote(audit_sentence(row, lang)),
        Table((tell("quantity", lang), say("persons", lang)), held, "lr", caption=tell("audit", lang)),
    ]
    if row.compared:
        headings = tuple(tell(key, lang) for key in ("source", "role", "days", "count", "audit excess"))
        rows = tuple(
            (
                *_count_cells(line.count, lang)[:3],
                _count_cells(line.count, lang)[4],
                f"{_signed(line.excess, lang)} ({span_of(line.low, line.high, lang, signed=True)})",
            )
            for line in row.compared
        )
        blocks.append(Table(headings, rows, "lllrr", caption=tell("audit compared", lang)))
    return blocks


def audit_sentence(row: AuditRow, lang: str) -> str:
    """Say what the audit found, and what was announced for the same days."""
    audit = row.audit
    interval = audit.exits.interval(_LEVEL)
    key = "audit sentence bounds" if audit.exits.mean is None else "audit sentence"
    words = [
        tell(key, lang).format(
            source=said(audit.source, lang),
            start=day(audit.start, lang),
            end=day(audit.end, lang),
            held=persons(audit.held_at_start, lang),
            arrests=persons(audit.arrests, lang),
            left=persons(audit.held_at_end, lang),
            exits=persons(audit.implied, lang),
            span=span_of(interval.low, interval.high, lang),
            level=percent(_LEVEL, lang),
        )
    ]
    announced = [line for line in row.compared if line.count.role == "announced"]
    if announced:
        line = announced[0]
        number = persons(line.count.count, lang)
        if line.excess > 0:
            words.append(
                tell("audit announced more", lang).format(
                    number=tell("at least", lang).format(number) if line.count.at_least else number,
                    by=said(line.count.source, lang),
                    window=window_words(line.count.start, line.count.end, lang),
                    more=persons(line.excess, lang),
                    span=span_of(line.low, line.high, lang, signed=True),
                )
            )
            if line.days_outside:
                words.append(times("audit outside", line.days_outside, lang))
        else:
            words.append(
                tell("audit announced less", lang).format(
                    number=number,
                    by=said(line.count.source, lang),
                    window=window_words(line.count.start, line.count.end, lang),
                )
            )
        words.append(tell("audit mind", lang).format(source=said(audit.source, lang)))
    return " ".join(words)


def span_of(low: float, high: float, lang: str, *, signed: bool = False) -> str:
    """Two limits, as far as there are two."""
    write = _signed if signed else persons
    if not math.isfinite(high):
        return tell("span bounds open", lang).format(low=write(low, lang))
    if not math.isfinite(low):
        return tell("span up to", lang).format(high=write(high, lang))
    return tell("span bounds", lang).format(low=write(low, lang), high=write(high, lang))


def _signed(value: float, lang: str) -> str:
    """A number of persons that may be below nothing, with a proper minus sign."""
    return persons(value, lang) if value >= 0 else f"−{persons(-value, lang)}"


def _silent(content: ReleasesContent, lang: str) -> list[Block]:
    """Parts without an answer."""
    if not content.silent:
        return []
    items = tuple(silent_sentence(row, lang) for row in content.silent)
    return [Heading(tell("silent", lang), 2, "declined"), Bullets(items)]


def silent_sentence(row: SilentRow, lang: str) -> str:
    """Say which part has no answer, why, and what to do."""
    name = event_words(row.label, lang) if row.label else tell(f"part of report {row.part}", lang)
    return f"{name}: {said(row.reason, lang)}. {said(row.advice, lang)}"


def _assumptions(content: ReleasesContent, lang: str) -> list[Block]:
    """What has to hold."""
    if not content.assumptions:
        return []
    sentences = tuple(sentence_case(assumption.sentence.say(lang)) for assumption in content.assumptions)
    return [Heading(tell("assumptions", lang), 2, "assumptions"), Bullets(sentences)]


def _notes(content: ReleasesContent, lang: str) -> list[Block]:
    """What a reader must know besides."""
    if not content.notes:
        return []
    return [
        Heading(say("notes", lang), 2, "notes"),
        Bullets(tuple(_note(row, lang) for row in content.notes)),
    ]


def _note(row: LabelledNote, lang: str) -> str:
    """A note, and which announcements it is about."""
    text = said(row.text, lang)
    if not (isinstance(row.text, Message) and row.text.template.startswith("{")):  # a name stays as it is
        text = sentence_case(text)
    if not row.labels:
        return text
    return f"{'; '.join(event_words(label, lang) for label in row.labels)}: {text}"


def _provenance(content: ReleasesContent, lang: str) -> list[Block]:
    """What it takes to make the numbers again, and the citation."""
    software = ", ".join(f"{name} {version}" for name, version in content.versions)
    rows = (
        *((tell("specifications", lang), text) for text in content.specifications),
        (say("software", lang), software),
        (say("seed", lang), str(content.seed)),
        (say("digest", lang), content.digest),
    )
    return [
        Heading(say("provenance", lang), 2, "provenance"),
        Table(
            (say("name", lang), say("value", lang)), rows, "ll", caption=say("provenance", lang), code=(1,)
        ),
        Heading(say("citation", lang), 2, "citation"),
        Bullets(tuple(content.citation.splitlines())),
    ]
