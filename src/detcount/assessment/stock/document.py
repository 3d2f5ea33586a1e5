"""An assessment of the stock as a document: what stands where, in no language yet."""

from __future__ import annotations

import math
from functools import partial

from detcount.assessment.common.verdict import LEVEL, Verdict
from detcount.assessment.stock import figures
from detcount.assessment.stock.content import (
    ChangeRow,
    DifferenceRow,
    ExitsRow,
    SilentRow,
    StockContent,
)
from detcount.assessment.stock.forecasting import FORECAST_LEVEL
from detcount.assessment.stock.messages import tell, times
from detcount.assessment.stock.sentences import count_words, exits_words, limits_words
from detcount.assessment.stock.tables import (
    answer_name,
    answers_table,
    backtest_table,
    days_table,
    floors_table,
    forecasts_table,
    signed,
    totals_table,
    wrong_table,
)
from detcount.estimates.count import BASES
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
    assumptions_part,
    citation_part,
    notes_part,
    provenance_part,
    software_rows,
    title_part,
)
from detcount.reports.numbers import level_words, percent, persons, rounded
from detcount.words import Capitalised, Message, Sentence

_LEAST = 0.01
_KNOWN = (0.5, 0.7, 0.9)  # shares of those held
_NOT_IN_TERMINAL = ("days", "provenance", "citation")


def stock_document(content: StockContent) -> Document:
    """Set out an assessment of the stock.

    Parameters
    ----------
    content : StockContent
        What it says.

    Returns
    -------
    Document
        The document, in no language yet.
    """
    alone = content.verdict == "register only"
    return Document(
        tell("title"),
        (
            *_head(content),
            *_figure(content),
            *([] if alone else _answers(content)),
            *_doubt(content),
            *_published(content),
            *_exits(content),
            *_settle(content),
            *(_answers(content) if alone else []),
            *_shares(content),
            *_days(content),
            *_changes(content),
            *_forecasts(content),
            *_silent(content),
            *_disclosure(content),
            *assumptions_part(content.assumptions, tell("assumptions")),
            *notes_part(_notes(content)),
            *provenance_part(_provenance(content)),
            *citation_part(content.citation),
        ),
        not_in_terminal=_NOT_IN_TERMINAL,
        private=content.disclosure == "full" and content.has_people,
    )


def _head(content: StockContent) -> list[Block]:
    """Title, verdict with its reasons, and the sentences."""
    reasons = tuple(Sentence(finding.text) for finding in content.findings)
    verdict = tell("verdict", day=content.day, verdict=tell(f"verdict {content.verdict}"))
    said = content.totals and content.verdict != "register only"  # there the sentence says it
    register = (tell("register is not the stock"),) if said else ()
    return [
        *title_part(tell("title"), content.definition),
        Heading(verdict, 2, "verdict"),
        Bullets((*(reasons or (Sentence(tell("no rule fired")),)), *register)),
        Heading(tell("sentence"), 2, "sentence"),
        Quote(content.sentence),
    ]


def _figure(content: StockContent) -> list[Block]:
    """The recommended path."""
    if content.fan is None:
        return []
    key = "alt path" if content.verdict == "estimate" else "alt path limits"
    alt = tell(key, first=content.fan.dates[0], last=content.fan.dates[-1])
    return [
        Heading(tell("figure"), 2, "path"),
        FigureSlot("path", tell("figure path"), alt, partial(figures.path, content=content)),
    ]


def _answers(content: StockContent) -> list[Block]:
    """Every method side by side; of registers alone what bounds the number, folded away."""
    heading = Heading(tell("answers"), 2, "answers")
    if content.verdict == "register only":
        folded: tuple[Paragraph | Table, ...] = (answers_table(content.answers), *_bounds(content))
        return [Details(tell("bounds folded"), folded)] if content.answers else []
    if not content.answers:
        key = "not shown" if content.specifications else "no answer"
        return [heading, Paragraph(tell(key))]
    words = [tell("answers sentence", level=level_words(LEVEL)), tell("recommended mark")]
    if content.verdict != "estimate":
        words.append(tell("no point"))
    if content.effective is not None:
        words.append(tell("effective", n=round(content.effective)))
    return [heading, answers_table(content.answers), Paragraph(Message.together(words)), *_bounds(content)]


def _bounds(content: StockContent) -> list[Paragraph]:
    """What the bounds take for granted, and why there is none where there is none."""
    given = content.conditions
    if given is None:
        return []
    taken: dict[str, object] = {"source": content.register, "days": given.struck_within}
    told = (
        tell("bounds balance no arrests", **taken)
        if given.backlog is None
        else tell("bounds balance", backlog=persons(given.backlog), **taken)
    )
    rest = (tell("bounds nothing", days=given.struck_within), tell("bounds above"), tell("bounds of others"))
    return [Paragraph(Message.together((told, *rest)))]


def _doubt(content: StockContent) -> list[Block]:
    """Unreported exits and wrong entries, and folded away the floors and what wrong entries would do."""
    blocks: list[Block] = []
    if content.doubt is not None:
        row, level = content.doubt, level_words(LEVEL)
        words = [
            tell(
                "doubt audited" if row.audited else "doubt sentence",
                day=row.day,
                left_low=persons(row.left[0]),
                left_high=persons(row.left[1]),
                wrong_low=persons(row.wrong[0]),
                wrong_high=persons(row.wrong[1]),
                level=level,
            ),
            row.law,
        ]
        if row.all_belong is not None and not row.audited:
            low, high = map(persons, row.all_belong)
            words.append(tell("doubt none", low=low, high=high, level=level))
        words += [] if row.audited else [tell("doubt change")]
        blocks += [Heading(tell("doubt"), 2, "doubt"), Paragraph(Message.together(words))]
    if content.links is not None:
        blocks.append(Paragraph(Message.together((content.links, tell("links")))))
    if content.wrong:
        blocks += [Paragraph(Sentence(tell("wrong"))), wrong_table(content.wrong)]
    if content.floors:
        blocks.append(Details(tell("floors"), (floors_table(content.floors),)))
    return blocks


def _settle(content: StockContent) -> list[Block]:
    """What would narrow the answer."""
    return [Heading(tell("settle"), 2, "settle"), Bullets(content.settle)]


def _published(content: StockContent) -> list[Block]:
    """What every source published, side by side, and folded away what was noted and what differs."""
    if not content.totals:
        return []
    return [
        Heading(tell("published"), 2, "published"),
        Paragraph(tell("published sentence")),
        FigureSlot(
            "registers",
            tell("figure registers"),
            tell("alt registers", n=len(content.drawn)),
            partial(figures.registers, content=content),
        ),
        totals_table(content.totals),
        *_folded(
            "differences",
            tuple(_difference(row, register=content.register) for row in content.differences),
        ),
        *_folded(
            "notes of sources",
            tuple(
                tell("noted", source=row.source, day=row.day, note=row.note)
                for row in content.totals
                if row.note
            ),
        ),
        *_folded(
            "twice",
            tuple(
                tell("twice row", source=row.source, day=row.day, counts=tuple(map(persons, row.counts)))
                for row in content.twice
            ),
        ),
    ]


def _folded(key: str, lines: tuple[Message, ...]) -> list[Block]:
    """Lines that are folded away, where there are any."""
    return [Details(tell(key), (Bullets(lines),))] if lines else []


def _difference(row: DifferenceRow, register: str) -> Message:
    """One register beside the register of most totals."""
    return tell(
        "difference more" if row.more >= 0 else "difference fewer",
        source=row.source,
        register=register,
        more=persons(abs(row.more)),
        count=persons(row.count),
        day=row.day,
        beside=persons(row.beside),
        beside_day=row.beside_day,
    )


def _shares(content: StockContent) -> list[Block]:
    """What the last total would be a part of, if the register knew some share; never an answer."""
    main = next((row for row in content.totals if row.source == content.register), None)
    if content.verdict != "register only" or main is None or main.at_least:
        return []
    rows = tuple((percent(share), rounded(main.count / share, figures=3)) for share in _KNOWN)
    table = Table((tell("share known"), tell("held then")), rows, "rr", caption=tell("shares"))
    return [Details(tell("shares"), (Paragraph(tell("shares sentence", source=main.source)), table))]


def _days(content: StockContent) -> list[Block]:
    """Date by date: what was printed, the bounds, and what the method adds."""
    if not content.days or content.fan is None:
        return []
    words: dict[str, str] = {"level": level_words(LEVEL), "basis": BASES[content.fan.identified_by]}
    told = (
        tell("days sentence", source=content.register, **words)
        if content.register
        else tell("days sentence no register", **words)
    )
    table = days_table(content.days)
    return [
        Heading(tell("days"), 2, "days"),
        Paragraph(told),
        Details(times("days folded", len(content.days)), (table,)),
    ]


def _changes(content: StockContent) -> list[Block]:
    """How the number changed."""
    if not content.changes or content.fan is None:
        return []
    rows = [_change(row, content.verdict) for row in content.changes]
    return [Heading(tell("changes"), 2, "changes"), Bullets(tuple(rows))]


def _change(row: ChangeRow, verdict: Verdict) -> Message:
    """One change in words."""
    return tell(
        "change row" if verdict == "estimate" else "change row limits",
        start=row.start,
        end=row.end,
        low=signed(row.low),
        median=signed(row.median),
        high=signed(row.high),
        level=level_words(LEVEL),
        fewer=_probability(row.fewer),
    )


def _probability(value: float) -> str:
    """A probability from draws, which is never said to be nothing or certainty."""
    if value < _LEAST:
        return tell("less than", share=percent(_LEAST))
    if value > 1 - _LEAST:
        return tell("more than", share=percent(1 - _LEAST))
    return percent(value)


def _exits(content: StockContent) -> list[Block]:
    """Exits by the register's totals: the last weeks, and folded away other spans and limits by a prior."""
    if not content.exits:
        return []
    first, *others = (Message.together(_exits_of(row, content.register)) for row in content.exits)
    return [
        Heading(tell("exits heading"), 2, "exits"),
        Paragraph(first),
        *_folded("other spans", tuple(others)),
        *_folded(
            "arrests lacked",
            tuple(limits_words(row) for row in content.exits if row.low < row.high < math.inf),
        ),
    ]


def _exits_of(row: ExitsRow, register: str) -> list[Message]:
    """The exits of one span in sentences."""
    lines = [exits_words(row, register)]
    if not math.isfinite(row.high):
        lines.append(tell("exits bounds", low=persons(row.low)))
    if row.announced:
        items = tuple(
            tell(
                "announced item",
                count=count_words(each.count, at_least=each.at_least),
                source=each.source,
                start=each.start,
                end=each.end,
            )
            for each in row.announced
        )
        lines.append(tell("exits announced", items=items))
        if not all(each.same_days for each in row.announced):
            lines.append(tell("exits other days"))
    return lines


def _forecasts(content: StockContent) -> list[Block]:
    """What the register will publish, and how such forecasts did, folded away."""
    blocks: list[Paragraph | Table] = []
    if content.forecasts:
        told = tell("forecasts sentence", source=content.register, level=level_words(FORECAST_LEVEL))
        blocks += [Paragraph(told), forecasts_table(content.forecasts)]
    if content.backtest:
        told = tell("backtest sentence", source=content.register)
        blocks += [Paragraph(told), backtest_table(content.backtest)]
    return [Details(tell("forecasts"), tuple(blocks))] if blocks else []


def _silent(content: StockContent) -> list[Block]:
    """Methods without an answer."""
    if not content.silent:
        return []
    return _folded("silent", tuple(map(_silent_row, content.silent)))


def _silent_row(row: SilentRow) -> Message:
    """A method without an answer, why, and what to do."""
    what = answer_name(row.key)
    return tell("silent row", what=Capitalised(what), reason=row.reason, advice=row.advice)


def _disclosure(content: StockContent) -> list[Block]:
    """What is printed of the lists."""
    if not content.has_people:
        return []
    return [
        Heading(tell("disclosure"), 2, "disclosure"),
        Paragraph(tell(f"disclosure {content.disclosure}")),
    ]


def _notes(content: StockContent) -> tuple[str, ...]:
    """The notes, and whether some are left out."""
    left_out = (tell("withheld"),) if content.withheld else ()
    return (*content.notes, *left_out)


def _provenance(content: StockContent) -> list[tuple[str, str]]:
    """What it takes to make the numbers again."""
    return [
        *((answer_name(key), method) for key, method in content.specifications),
        *software_rows(content.versions, content.seed),
        *((tell(f"digest {name}"), digest) for name, digest in content.digests),
    ]
