"""An assessment as a document: blocks in one language, before they are set as text, Markdown or HTML."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from detcount.assumptions import Assumption
from detcount.definition import NOT_DEFINED
from detcount.report.content import CURVE_SHOWN, AssessmentContent, CurveRow, FamilyRow, NoteRow, OverlapRow
from detcount.report.messages import (
    interval_name,
    join,
    percent,
    persons,
    ratio,
    rounded,
    say,
    sentence_case,
)
from detcount.report.tables import Table
from detcount.words import said

__all__ = [
    "Block",
    "Bullets",
    "FigureSlot",
    "Heading",
    "Paragraph",
    "Quote",
    "assessment_document",
]

MAX_PATTERNS = 20
MAX_PAIRS = 15
_NOTHING = "–"  # a cell with nothing to say
_HALF = 0.5  # of a person: an error below it does not show
_SAME = 1.005  # highest over lowest number below which a ratio would be printed as 1


@dataclass(frozen=True)
class Heading:
    """A heading.

    Parameters
    ----------
    text : str
        Its words.
    level : int, optional
        1 for the title, 2 for a section.
    part : str, optional
        Name of the section, the same in every language.
    """

    text: str
    level: int = 2
    part: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Plain prose.

    Parameters
    ----------
    text : str
        Its words.
    """

    text: str


@dataclass(frozen=True)
class Quote:
    """Words that can be printed as they stand.

    Parameters
    ----------
    text : str
        The words.
    """

    text: str


@dataclass(frozen=True)
class Bullets:
    """A list of points.

    Parameters
    ----------
    items : tuple of str
        The points.
    """

    items: tuple[str, ...]


@dataclass(frozen=True)
class FigureSlot:
    """The place of a figure; text leaves it out.

    Parameters
    ----------
    key : str
        Name of the figure.
    title : str
        Its title.
    alt : str
        What it shows, for readers who cannot see it.
    """

    key: str
    title: str
    alt: str


Block = Heading | Paragraph | Quote | Bullets | FigureSlot | Table


def assessment_document(content: AssessmentContent, lang: str) -> tuple[Block, ...]:
    """Write an assessment in one language: all that its content has."""
    public = content.disclosure == "public"
    return (
        *_head(content, lang),
        *_floor(content, lang),
        *(_public_families(content, lang) if public else _families(content, lang)),
        *([] if public and not content.curve else _sensitivity(content, lang)),
        *([] if public else _leave_out(content, lang)),
        *_wrong_entries(content, lang),
        *([] if public else _overlaps(content, lang)),
        *_disclosure(content, lang),
        *_assumptions(content, lang),
        *_notes(content, lang),
        *_provenance(content, lang),
    )


def _head(content: AssessmentContent, lang: str) -> list[Block]:
    """Title, verdict and the sentence."""
    reasons = tuple(sentence_case(finding.text.say(lang)) for finding in content.findings)
    verdict = f"{say('verdict', lang)}: {say(f'verdict {content.verdict}', lang)}."
    counted = NOT_DEFINED if content.definition is None else content.definition.sentence()
    blocks: list[Block] = [
        Heading(say("title", lang), 1, "title"),
        Paragraph(counted.say(lang)),
        Heading(verdict, 2, "verdict"),
        Bullets(reasons or (sentence_case(say("no rule fired", lang)),)),
        Heading(say("sentence", lang), 2, "sentence"),
        Quote(content.sentence.say(lang)),
    ]
    if content.verdict in ("refuse", "floor only") and content.disclosure == "full":
        blocks += [
            Paragraph(
                say("not for print", lang).format(
                    low=rounded(row.low, lang, floor=content.n_observed, towards="down"),
                    high=rounded(row.high, lang, floor=content.n_observed, towards="up"),
                )
            )
            for row in content.families
            if row.role == "calibrated"
        ]
    return blocks


def _families(content: AssessmentContent, lang: str) -> list[Block]:
    """The methods that answer, and those that do not."""
    blocks: list[Block] = [Heading(say("families", lang), 2, "families")]
    if not content.families:
        blocks.append(Paragraph(say("none answered", lang)))
    else:
        n = persons(content.n_observed, lang)
        alt = say("alt forest", lang).format(k=len(content.families), n=n)
        blocks += [
            FigureSlot("forest", say("figure forest", lang), alt),
            _family_table(content, lang),
        ]
        if content.calibration is not None:
            blocks.append(Paragraph(content.calibration.say(lang)))
        remarks = []
        if content.recommended:
            remarks.append(say("recommended mark", lang))
            if not content.print_point:
                remarks.append(say("no point", lang))
        if content.disagreement is not None and content.n_claims > 1:
            key = "agreement sentence" if content.disagreement < _SAME else "disagreement sentence"
            remarks.append(say(key, lang).format(ratio=ratio(content.disagreement, lang), k=content.n_claims))
        several = [row for row in content.families if len(row.modes) > 1]
        if several:
            modes = "; ".join(_modes(row, lang) for row in several)
            remarks.append(say("modes sentence", lang).format(modes=modes))
        roles = {row.role for row in content.families}
        if roles & {"bound", "baseline"}:
            remarks.append(say("kinds sentence", lang))
        elif "calibrated" in roles:
            remarks.append(say("kinds sentence two", lang))
        if any(row.errors is not None for row in content.families):
            remarks.append(say("monte carlo", lang))
        if any(row.strip for row in content.families):
            remarks.append(say("ticks sentence" if several else "strips sentence", lang))
        if remarks:
            blocks.append(Paragraph(" ".join(remarks)))
    blocks.append(Heading(say("declined", lang), 2, "declined"))
    if not content.declined:
        return [*blocks, Paragraph(say("none declined", lang))]
    headings = tuple(say(key, lang) for key in ("method", "reason", "remedy"))
    return [*blocks, Table(headings, _declined(content, lang), "lll", caption=say("declined", lang))]


def _declined(content: AssessmentContent, lang: str) -> tuple[tuple[str, str, str], ...]:
    """One row for each reason, with all the methods that give it."""
    names: dict[str, list[str]] = {}
    advice: dict[str, dict[str, None]] = {}
    for row in content.declined:
        reason = sentence_case(said(row.reason, lang))
        names.setdefault(reason, []).append(row.name.say(lang))
        advice.setdefault(reason, {})[said(row.advice, lang)] = None
    return tuple(("; ".join(names[reason]), reason, " ".join(advice[reason])) for reason in names)


def _modes(row: FamilyRow, lang: str) -> str:
    """The modes of a posterior, and whose it is."""
    return f"{row.name.say(lang)}: {join([persons(mode, lang) for mode in row.modes], lang)}"


def _family_table(content: AssessmentContent, lang: str) -> Table:
    """A row for each method that answers; the recommended number only where it can be printed."""
    families = content.families
    keys = ("method", "kind", "low", "point", "high", "interval", "estimator")
    rows = tuple(
        (
            f"{row.name.say(lang)} ★" if row.recommended else row.name.say(lang),
            say(f"kind {row.role}", lang),
            _with_error(row, 0, lang),
            _with_error(row, 1, lang) if content.print_point or not row.recommended else _NOTHING,
            _with_error(row, 2, lang),
            interval_name(row.interval, lang),
            row.estimator,
        )
        for row in families
    )
    return Table(
        tuple(say(key, lang) for key in keys),
        rows,
        "llrrrll",
        caption=say("figure forest", lang),
        code=(6,),
        details=(6,),
        strong=tuple(k for k, row in enumerate(families) if row.recommended),
    )


def _number(value: float | None, lang: str) -> str:
    """A number of persons, or a dash."""
    return _NOTHING if value is None else persons(value, lang)


def _public_families(content: AssessmentContent, lang: str) -> list[Block]:
    """The recommended limits and the spread of the methods; of each other one, whether it answers."""
    if not content.families:
        return []
    n = persons(content.n_observed, lang)
    alt = say("alt forest public", lang).format(k=len(content.families), n=n)
    rows = [
        (
            f"{row.name.say(lang)} ★",
            say(f"kind {row.role}", lang),
            persons(row.low, lang),
            _number(row.point, lang),
            persons(row.high, lang),
        )
        for row in content.families
        if row.recommended
    ]
    if content.span is not None and content.n_claims > 1:
        low, high = (persons(value, lang) for value in content.span)
        spread = say("public spread", lang).format(k=content.n_claims)
        rows.append((spread, say("kind claim", lang), low, _NOTHING, high))
    keys = ("method", "kind", "low", "point", "high")
    kept = [k for k in range(len(keys)) if k < 2 or any(row[k] != _NOTHING for row in rows)]
    blocks: list[Block] = [
        Heading(say("families", lang), 2, "families"),
        FigureSlot("forest", say("figure forest", lang), alt),
    ]
    if rows:
        table = Table(
            tuple(say(keys[k], lang) for k in kept),
            tuple(tuple(row[k] for k in kept) for row in rows),
            "".join("llrrr"[k] for k in kept),
            caption=say("figure forest", lang),
            strong=(0,) if content.recommended else (),
        )
        blocks.append(table)
    if content.calibration is not None:
        blocks.append(Paragraph(content.calibration.say(lang)))
    remarks = [say("recommended mark", lang)] if content.recommended else []
    answered = "; ".join(row.name.say(lang) for row in content.families)
    remarks.append(say("public methods", lang).format(names=answered))
    for key, asked in (("public declined", True), ("public not asked", False)):
        names = "; ".join(row.name.say(lang) for row in content.declined if row.asked == asked)
        if names:
            remarks.append(say(key, lang).format(names=names))
    return [*blocks, Paragraph(" ".join(remarks))]


def _with_error(row: FamilyRow, position: int, lang: str) -> str:
    """The lower limit, the estimate or the upper limit, and by how much other random draws would move it."""
    shown = _number((row.printed or (row.low, row.point, row.high))[position], lang)
    error = 0.0 if row.errors is None else row.errors[position]
    return f"{shown} ± {persons(error, lang)}" if error >= _HALF else shown


def _sensitivity(content: AssessmentContent, lang: str) -> list[Block]:
    """The curve over the odds ratio, and where the claim flips."""
    blocks: list[Block] = [Heading(say("sensitivity", lang), 2, "sensitivity")]
    if not content.curve or content.curve_base is None:
        return [*blocks, Paragraph(say("no sensitivity", lang))]
    base = content.curve_base.say(lang)
    allowed = () if content.calibration is None else (say("sensitivity calibrated", lang),)
    tipping = _tipping(content, lang)
    low, high = ratio(content.curve[0].odds_ratio, lang), ratio(content.curve[-1].odds_ratio, lang)
    alt = say("alt sensitivity", lang).format(low=low, high=high)
    return [
        *blocks,
        Paragraph(" ".join((say("sensitivity sentence", lang).format(base=base), *allowed, *tipping))),
        FigureSlot("sensitivity", say("figure sensitivity", lang), " ".join((alt, *tipping))),
        _curve_table(content.curve, lang),
    ]


def _tipping(content: AssessmentContent, lang: str) -> tuple[str, ...]:
    """Where the claim flips, in a sentence; none where it cannot be told."""
    claim = persons(content.claim, lang)
    meaning = say("claim given" if content.claim_given else "claim half", lang)
    if content.claim <= content.n_observed:
        return (say("tipping none", lang).format(claim=claim, meaning=meaning),)
    words = {"claim": claim, "meaning": meaning}
    if content.tipping is not None:
        return (say("tipping sentence", lang).format(**words, tipping=ratio(content.tipping, lang)),)
    if content.tipping_within is not None:
        low, high = (ratio(value, lang) for value in content.tipping_within)
        return (say("tipping within", lang).format(**words, low=low, high=high),)
    return ()


def _curve_table(curve: tuple[CurveRow, ...], lang: str) -> Table:
    """The total at some odds ratios, with the columns that there are."""
    shown = [
        row
        for row in curve
        if any(math.isclose(row.odds_ratio, wanted, rel_tol=1e-9) for wanted in CURVE_SHOWN)
    ]
    columns = {
        "low": [row.low for row in shown],
        "point": [row.point for row in shown],
        "high": [row.high for row in shown],
    }
    kept = {key: values for key, values in columns.items() if None not in values}
    rows = tuple(
        (ratio(row.odds_ratio, lang), *(_number(values[k], lang) for values in kept.values()))
        for k, row in enumerate(shown)
    )
    return Table(
        tuple(say(key, lang) for key in ("odds ratio", *kept)),
        rows,
        "r" * (1 + len(kept)),
        caption=say("figure sensitivity", lang),
    )


def _leave_out(content: AssessmentContent, lang: str) -> list[Block]:
    """The total without each list."""
    blocks: list[Block] = [Heading(say("leave out", lang), 2, "leave out")]
    if len(content.lists) < 3:
        return [*blocks, Paragraph(say("leave out two", lang))]
    if not content.leave_out or content.leave_out_base is None:
        return [*blocks, Paragraph(say("no leave out", lang))]
    base = content.leave_out_base.say(lang)
    show_point = content.print_point or content.calibration is None
    rows = []
    for row in content.leave_out:
        listed = "" if row.n_observed is None else persons(row.n_observed, lang)
        if row.point is None:
            reason = say("cannot answer", lang).format(reason=said(row.reason, lang))
            rows.append((row.name, listed, _NOTHING, _NOTHING if show_point else "", _NOTHING, reason))
        else:
            low = _NOTHING if row.low is None else persons(row.low, lang)
            high = _NOTHING if row.high is None else persons(row.high, lang)
            point = persons(row.point, lang) if show_point else ""
            rows.append((row.name, listed, low, point, high, ""))
    keys = ("left out", "listed", "low", "point", "high", "reason")
    kept = [k for k in range(len(keys)) if k < 2 or any(row[k] not in ("", _NOTHING) for row in rows)]
    return [
        *blocks,
        Paragraph(
            say("leave out three" if len(content.lists) == 3 else "leave out sentence", lang).format(
                base=base
            )
        ),
        *_largest_left_out(content, lang),
        Table(
            tuple(say(keys[k], lang) for k in kept),
            tuple(tuple(row[k] for k in kept) for row in rows),
            "".join("lrrrrl"[k] for k in kept),
            caption=say("leave out", lang),
        ),
    ]


def _largest_left_out(content: AssessmentContent, lang: str) -> list[Block]:
    """Say so where only the largest lists were left out."""
    n, k = len(content.lists), len(content.leave_out)
    if k == n:
        return []
    return [Paragraph(say("leave out largest", lang).format(n=n, k=k))]


def _wrong_entries(content: AssessmentContent, lang: str) -> list[Block]:
    """What entries that do not belong would do, in whole per cent: no count could be worked out from less."""
    if not content.wrong_entries or content.wrong_entries_base is None:
        return []
    share = percent(content.wrong_entries[0].share, lang, 0 if _whole_percent(content) else 1)
    text = say("wrong entries sentence", lang).format(share=share, base=content.wrong_entries_base.say(lang))
    rows = tuple(
        (row.name, _change(row.floor_change, lang), _change(row.total_change, lang))
        for row in content.wrong_entries
    )
    return [
        Heading(say("wrong entries", lang), 2, "wrong entries"),
        Paragraph(text),
        Table(
            tuple(say(key, lang) for key in ("wrong list", "floor change", "total change")),
            rows,
            "lrr",
            caption=say("wrong entries", lang),
        ),
    ]


def _whole_percent(content: AssessmentContent) -> bool:
    """Whether the share of wrong entries is a whole number of per cent."""
    return math.isclose(100 * content.wrong_entries[0].share % 1, 0, abs_tol=1e-9)


def _change(value: float | None, lang: str) -> str:
    """A relative change in whole per cent, with its sign."""
    if value is None:
        return _NOTHING
    whole = round(100 * value)
    sign = "−" if whole < 0 else "+" if whole > 0 else ""
    return f"{sign}{percent(abs(whole) / 100, lang)}"


def _floor(content: AssessmentContent, lang: str) -> list[Block]:
    """The lists and how many they name."""
    key = "floor sentence one" if content.n_observed == 1 else "floor sentence"
    text = [say(key, lang).format(n=persons(content.n_observed, lang), k=len(content.lists))]
    if content.sample_coverage is not None:
        text.append(say("coverage sentence", lang).format(c=percent(content.sample_coverage, lang)))
    if content.size_unit is not None:
        text.append(say("public sizes", lang).format(unit=content.size_unit))
    elif content.disclosure == "public":
        text.append(say("public no sizes", lang))
    columns = {
        "persons": [row.persons for row in content.lists],
        "exclusive": [row.exclusive for row in content.lists],
    }
    kept = {key: values for key, values in columns.items() if None not in values}
    rows = tuple(
        (row.name, *(_number(values[k], lang) for values in kept.values()))
        for k, row in enumerate(content.lists)
    )
    headings = tuple(say(name, lang) for name in ("list", *kept))
    return [
        Heading(say("floor", lang), 2, "floor"),
        Paragraph(" ".join(text)),
        Table(headings, rows, "l" + "r" * len(kept), caption=say("floor", lang)),
    ]


def _overlaps(content: AssessmentContent, lang: str) -> list[Block]:
    """Pairs, capture histories and capture frequencies."""
    k = len(content.lists)
    blocks: list[Block] = [
        Heading(say("overlaps", lang), 2, "overlaps"),
        FigureSlot("upset", say("figure upset", lang), say("alt upset", lang).format(k=k)),
        *_overlap_table(content.patterns, "on exactly", MAX_PATTERNS, lang),
    ]
    if k > 2:
        pairs = sorted(content.pairs, key=lambda row: -row.persons) if k > 6 else content.pairs
        blocks += _overlap_table(pairs, "pair", MAX_PAIRS, lang)
        last = max((j for j, count in enumerate(content.frequencies, 1) if count), default=1)
        frequencies = content.frequencies[: max(last, 2)]
        blocks.append(
            Table(
                (say("times", lang), say("persons", lang)),
                tuple((str(j), persons(count, lang)) for j, count in enumerate(frequencies, 1)),
                "rr",
                caption=say("times", lang),
            )
        )
    return blocks


def _overlap_table(rows: Sequence[OverlapRow], heading: str, most: int, lang: str) -> list[Block]:
    """Counts by combination of lists, the first of many."""
    table = Table(
        (say(heading, lang), say("on both" if heading == "pair" else "persons", lang)),
        tuple((" + ".join(row.lists), persons(row.persons, lang)) for row in rows[:most]),
        "lr",
        caption=say(heading, lang),
    )
    if len(rows) <= most:
        return [table]
    return [table, Paragraph(say("more rows", lang).format(k=persons(len(rows) - most, lang)))]


def _disclosure(content: AssessmentContent, lang: str) -> list[Block]:
    """What is printed of the counts, and what a reader can do with it."""
    key = "dataset" if content.dataset else "full"
    if content.disclosure == "public":
        key = "rounded" if content.rounded_only else "public"
    return [
        Heading(say("disclosure", lang), 2, "disclosure"),
        Paragraph(say(f"disclosure {key}", lang)),
    ]


def _assumptions(content: AssessmentContent, lang: str) -> list[Block]:
    """What has to hold."""
    if not content.assumptions:
        return []
    key = "assumptions" if content.recommended else "assumptions all"
    return [Heading(say(key, lang), 2, "assumptions"), Bullets(_sentences(content.assumptions, lang))]


def _sentences(assumptions: tuple[Assumption, ...], lang: str) -> tuple[str, ...]:
    """Assumptions as sentences."""
    return tuple(sentence_case(assumption.sentence.say(lang)) for assumption in assumptions)


def _notes(content: AssessmentContent, lang: str) -> list[Block]:
    """Notes of the methods."""
    if not content.notes:
        return []
    return [
        Heading(say("notes", lang), 2, "notes"),
        Bullets(tuple(_note(note, lang) for note in content.notes)),
    ]


def _note(note: NoteRow, lang: str) -> str:
    """A note and who says it."""
    who = "; ".join(name.say(lang) for name in note.names)
    what = sentence_case(said(note.text, lang))
    return f"{who}: {what}" if who else what  # of the data, and of every method


def _provenance(content: AssessmentContent, lang: str) -> list[Block]:
    """What it takes to make the numbers again, and the citation."""
    public = content.disclosure == "public"
    software = ", ".join(f"{name} {version}" for name, version in content.versions)
    rows = (
        (say("software", lang), software),
        (say("seed", lang), str(content.seed)),
        *([(say("keyed digest" if public else "digest", lang), content.digest)] if content.digest else []),
    )
    return [
        Heading(say("provenance", lang), 2, "provenance"),
        Table(
            (say("name", lang), say("value", lang)), rows, "ll", caption=say("provenance", lang), code=(1,)
        ),
        Heading(say("citation", lang), 2, "citation"),
        Bullets(tuple(content.citation.splitlines())),
    ]
