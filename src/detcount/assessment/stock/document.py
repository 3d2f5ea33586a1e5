"""An assessment of the stock as a document: what stands where, in no language yet."""

from __future__ import annotations

import math
from functools import partial

from detcount.assessment.finding import Verdict
from detcount.assessment.level import LEVEL
from detcount.assessment.stock import figures
from detcount.assessment.stock.content import ChangeRow, ExitsRow, SilentRow, StockContent
from detcount.assessment.stock.forecasting import FORECAST_LEVEL
from detcount.assessment.stock.messages import tell, times
from detcount.assessment.stock.tables import (
    answer_name,
    answers_table,
    backtest_table,
    days_table,
    forecasts_table,
    totals_table,
)
from detcount.estimates.count import BASES
from detcount.reports.blocks import Block, Bullets, Details, Document, FigureSlot, Heading, Paragraph, Quote
from detcount.reports.numbers import level_words, percent, persons
from detcount.reports.parts import (
    assumptions_part,
    citation_part,
    notes_part,
    provenance_part,
    software_rows,
    title_part,
)
from detcount.words import Capitalised, Message, Sentence

__all__ = ["stock_document"]

_LEAST = 0.01
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
    return Document(
        tell("title"),
        (
            *_head(content),
            *_figure(content),
            *_answers(content),
            *_settle(content),
            *_published(content),
            *_days(content),
            *_changes(content),
            *_exits(content),
            *_forecasts(content),
            *_silent(content),
            *_disclosure(content),
            *assumptions_part(content.assumptions, tell("assumptions")),
            *notes_part(_notes(content)),
            *provenance_part(_provenance(content)),
            *citation_part(content.citation),
        ),
        not_in_terminal=_NOT_IN_TERMINAL,
    )


def _head(content: StockContent) -> list[Block]:
    """Title, verdict with its reasons, and the sentences."""
    reasons = tuple(Sentence(finding.text) for finding in content.findings)
    verdict = tell("verdict", day=content.day, verdict=tell(f"verdict {content.verdict}"))
    register = (tell("register is not the stock"),) if content.totals else ()
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
    """Every method side by side."""
    heading = Heading(tell("answers"), 2, "answers")
    if not content.answers:
        key = "not shown" if content.specifications else "no answer"
        return [heading, Paragraph(tell(key))]
    words = [tell("answers sentence", level=level_words(LEVEL)), tell("recommended mark")]
    if content.verdict != "estimate":
        words.append(tell("no point"))
    if content.effective is not None:
        words.append(tell("effective", n=round(content.effective)))
    return [heading, answers_table(content.answers), Paragraph(Message.together(words)), *_bounds(content)]


def _bounds(content: StockContent) -> list[Block]:
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


def _settle(content: StockContent) -> list[Block]:
    """What would narrow the answer."""
    return [Heading(tell("settle"), 2, "settle"), Bullets(content.settle)]


def _published(content: StockContent) -> list[Block]:
    """What every source published, and totals of one day that differ."""
    if not content.totals:
        return []
    blocks: list[Block] = [
        Heading(tell("published"), 2, "published"),
        Paragraph(tell("published sentence")),
        FigureSlot(
            "registers",
            tell("figure registers"),
            tell("alt registers", n=len(content.drawn)),
            partial(figures.registers, content=content),
        ),
        totals_table(content.totals),
    ]
    if content.twice:
        rows = tuple(
            tell("twice row", source=row.source, day=row.day, counts=tuple(map(persons, row.counts)))
            for row in content.twice
        )
        blocks += [Heading(tell("twice"), 2, "twice"), Bullets(rows)]
    return blocks


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
    if content.fan.identified_by != "data":
        rows.append(tell("change not identified"))
    return [Heading(tell("changes"), 2, "changes"), Bullets(tuple(rows))]


def _change(row: ChangeRow, verdict: Verdict) -> Message:
    """One change in words."""
    return tell(
        "change row" if verdict == "estimate" else "change row limits",
        start=row.start,
        end=row.end,
        low=_signed(row.low),
        median=_signed(row.median),
        high=_signed(row.high),
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


def _signed(value: float) -> str:
    """A change with its sign."""
    if value == 0:
        return persons(value)
    number = persons(abs(value))
    return Message("+{number}", number=number) if value > 0 else Message("−{number}", number=number)


def _exits(content: StockContent) -> list[Block]:
    """Exits implied, and releases announced."""
    if not content.exits:
        return []
    return [
        Heading(tell("exits"), 2, "exits"),
        Bullets(tuple(Message.together(_exits_of(row, content.register)) for row in content.exits)),
    ]


def _exits_of(row: ExitsRow, register: str) -> list[Message]:
    """The exits of one span in sentences."""
    lines = []
    if row.path is not None:
        lines.append(
            tell(
                "exits path",
                start=row.start,
                end=row.end,
                low=persons(row.path[0]),
                high=persons(row.path[2]),
                level=level_words(LEVEL),
                basis=BASES[row.identified_by],
            )
        )
    if row.audit is not None:
        low, implied, high = map(persons, row.audit)
        lines.append(
            tell(
                _audit_key(row.audit),
                start=row.start,
                end=row.end,
                source=register,
                low=low,
                implied=implied,
                high=high,
            )
        )
    if row.announced:
        items = tuple(
            tell("announced item", count=persons(count), source=source) for source, count in row.announced
        )
        lines.append(tell("exits announced", items=items))
    return lines


def _audit_key(audit: tuple[float, float, float]) -> str:
    """Which sentence the exits of a register take."""
    if not math.isfinite(audit[2]):
        return "exits audit open"
    return "exits audit certain" if audit[0] == audit[2] else "exits audit"


def _forecasts(content: StockContent) -> list[Block]:
    """What the register will publish, and how such forecasts did."""
    blocks: list[Block] = []
    if content.forecasts:
        told = tell("forecasts sentence", source=content.register, level=level_words(FORECAST_LEVEL))
        blocks += [
            Heading(tell("forecasts"), 2, "forecasts"),
            Paragraph(told),
            forecasts_table(content.forecasts),
        ]
    if content.backtest:
        blocks += [
            Heading(tell("backtest"), 2, "backtest"),
            Paragraph(tell("backtest sentence", source=content.register)),
            backtest_table(content.backtest),
        ]
    return blocks


def _silent(content: StockContent) -> list[Block]:
    """Methods without an answer."""
    if not content.silent:
        return []
    return [Heading(tell("silent"), 2, "declined"), Bullets(tuple(map(_silent_row, content.silent)))]


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
