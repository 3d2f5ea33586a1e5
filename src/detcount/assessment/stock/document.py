"""An assessment of the stock as a document: what stands where, in no language yet.

It is one page from its title to its citation, with the tables that stand on it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from detcount.assessment.common.verdict import LEVEL
from detcount.assessment.stock.facts import StockFacts
from detcount.assessment.stock.registers import (
    FORECAST_LEVEL,
    ExitsRow,
    TotalRow,
    count_words,
    exits_words,
    message,
    total_words,
)
from detcount.assessment.stock.rows import AnswerRow, ChangeRow
from detcount.contract.citation import cite
from detcount.estimates import versions
from detcount.estimates.count import BASES
from detcount.estimates.path_figure import draw_path
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
from detcount.reports.canvas import Canvas
from detcount.reports.numbers import NOTHING, decimal, level_words, number_or_dash, percent, persons, rounded
from detcount.words import Capitalised, Message, Sentence

_LEAST = 0.01
_KNOWN = (0.5, 0.7, 0.9)  # shares of those held
Column = tuple[Message, str, Callable[[Any], str]]
_NOT_IN_TERMINAL = ("days", "provenance", "citation")


def stock_document(found: StockFacts) -> Document:
    """Set out an assessment of the stock.

    Parameters
    ----------
    found : StockFacts
        What was found.

    Returns
    -------
    Document
        The document, in no language yet.
    """
    alone = found.verdict == "register only"
    provenance = (
        *((message(f"answer {key}"), method) for key, method in found.specifications),
        *software_rows(versions().items(), found.seed),
        *((message(f"digest {name}"), digest) for name, digest in found.digests.items()),
    )
    left_out = (message("withheld"),)
    return Document(
        message("title"),
        (
            *_head(found),
            *_path(found),
            *([] if alone else _answers(found)),
            *_doubt(found),
            *_published(found),
            *_exits(found),
            Heading(message("settle"), 2, "settle"),
            Bullets(found.settle),
            *(_bounds(found, _answers_table(found)) if alone else []),
            *_shares(found),
            *_days(found),
            *_changes(found),
            *_forecasts(found),
            *_folded(
                message("declined"),
                (
                    message(
                        "declined row",
                        what=Capitalised(message(f"answer {key}")),
                        reason=error.reason,
                        advice=error.advice,
                    )
                    for key, error in found.declined.items()
                ),
            ),
            *_disclosure(found),
            *assumptions_part(found.assumed, message("assumptions")),
            *notes_part((*found.notes, *(left_out if found.notes_withheld else ()))),
            *provenance_part(provenance),
            *citation_part(cite("text", references=found.references)),
        ),
        not_in_terminal=_NOT_IN_TERMINAL,
        private=found.has_people and not found.withholds,
    )


def _head(found: StockFacts) -> list[Block]:
    """Title, verdict with its reasons, and the sentences."""
    reasons = tuple(Sentence(finding.text) for finding in found.findings)
    stated: list[str] = [*(reasons or (Sentence(message("no rule fired")),))]
    if found.totals and found.verdict != "register only":  # there the sentence says it
        stated.append(message("register is not the stock"))
    return [
        *title_part(message("title"), found.definition),
        Heading(verdict_words(found), 2, "verdict"),
        Bullets(tuple(stated)),
        Heading(message("sentence"), 2, "sentence"),
        Quote(found.statement),
    ]


def verdict_words(found: StockFacts) -> Message:
    """Say the verdict and its day."""
    return message("verdict", day=found.day, verdict=message(f"verdict {found.verdict}"))


def path_figure(canvas: Canvas, found: StockFacts) -> None:
    """Draw the recommended path with its limits and bounds, and published totals as points."""
    draw_path(canvas, found.fan, found.published)


def registers_figure(canvas: Canvas, found: StockFacts) -> None:
    """Draw what every source published, each with its own mark."""
    draw_path(canvas, None, found.published)


def _path(found: StockFacts) -> list[Block]:
    """The recommended path."""
    if found.fan is None:
        return []
    days = {"first": found.fan.dates[0], "last": found.fan.dates[-1]}
    alt = message("alt path", **days) if found.verdict == "estimate" else message("alt path limits", **days)
    draw = partial(path_figure, found=found)
    return [Heading(message("figure"), 2, "path"), FigureSlot("path", message("figure path"), alt, draw)]


def _answers(found: StockFacts) -> list[Block]:
    """Every method side by side."""
    heading = Heading(message("answers"), 2, "answers")
    if not found.answer_rows:
        shown = message("not shown") if found.specifications else message("no answer")
        return [heading, Paragraph(shown)]
    words = [message("answers sentence", level=level_words(LEVEL)), message("recommended mark")]
    if found.verdict != "estimate":
        words.append(message("no point"))
    if found.effective_paths is not None:
        n = round(found.effective_paths)
        words.append(message("effective", n=n))
    return [heading, _answers_table(found), Paragraph(Message.together(words)), *_bounds(found)]


def _bounds(found: StockFacts, *first: Table) -> list[Block]:
    """What bounds the number from below, folded away, after a table where there is one."""
    if not found.answer_rows or found.conditions is None:
        return []
    summary = message("bounds folded")
    return [Details(summary, (*first, *_conditions(found)))]


def _answers_table(found: StockFacts) -> Table:
    """What every method answers: a row each."""
    return _table(
        message("answers"),
        (
            (message("method"), "l", _method),
            (message("day"), "l", lambda row: _day(row.day)),
            (message("low"), "r", lambda row: number_or_dash(row.low or None)),
            (message("median"), "r", lambda row: number_or_dash(row.median)),
            (message("high"), "r", lambda row: _limit(row.high)),
            (message("least"), "r", lambda row: number_or_dash(row.floor or None)),
            (message("most"), "r", lambda row: _limit(row.ceiling)),
            (message("rests on"), "l", lambda row: BASES[row.identified_by]),
        ),
        found.answer_rows,
        strong=tuple(k for k, row in enumerate(found.answer_rows) if row.recommended),
    )


def _method(row: AnswerRow) -> Message:
    """The method of an answer, with a star where it is recommended."""
    return Message("{name} ★" if row.recommended else "{name}", name=message(f"answer {row.key}"))


def _conditions(found: StockFacts) -> list[Paragraph]:
    """What the bounds take for granted, and why there is none where there is none."""
    given = found.conditions
    if given is None:
        return []
    within, backlog = given
    taken: dict[str, object] = {"source": found.register, "days": within}
    stated = (
        message("bounds balance no arrests", **taken)
        if backlog is None
        else message("bounds balance", backlog=persons(backlog), **taken)
    )
    rest = (message("bounds nothing", days=within), message("bounds above"), message("bounds of others"))
    return [Paragraph(Message.together((stated, *rest)))]


def _doubt(found: StockFacts) -> list[Block]:
    """Unreported exits and wrong entries, and folded away the floors and what wrong entries would do."""
    blocks: list[Block] = []
    if found.doubt is not None:
        row, level = found.doubt, level_words(LEVEL)
        left = {"day": row.day, "level": level, "left_low": persons(row.left[0])}
        left["left_high"] = persons(row.left[1])
        words = [
            message("doubt audited", **left)
            if row.all_taken
            else message(
                "doubt sentence", wrong_low=persons(row.wrong[0]), wrong_high=persons(row.wrong[1]), **left
            ),
            row.law,
        ]
        if row.all_belong is not None and not row.all_taken:
            low, high = map(persons, row.all_belong)
            words.append(message("doubt none", low=low, high=high, level=level))
        if not row.all_taken:
            words.append(message("doubt change"))
        heading = message("doubt")
        blocks += [Heading(heading, 2, "doubt"), Paragraph(Message.together(words))]
    if found.links is not None:
        shown = message("links")
        blocks.append(Paragraph(Message.together((found.links, shown))))
    if found.wrong_rows:
        caption = message("wrong")
        table = Table(
            (message("list"), *(percent(share) for share, _ in found.wrong_rows[0].held)),
            tuple((row.name, *(persons(held) for _, held in row.held)) for row in found.wrong_rows),
            "l" + "r" * len(found.wrong_rows[0].held),
            caption=caption,
        )
        blocks += [Paragraph(Sentence(caption)), table]
    if found.floor_rows:
        title = message("floors")
        columns: tuple[Column, ...] = (
            (message("day"), "l", lambda row: _day(row.day)),
            (message("least"), "r", lambda row: number_or_dash(row.floor or None)),
            (message("left later"), "r", lambda row: number_or_dash(row.left_later or None)),
            (message("named later"), "r", lambda row: number_or_dash(row.named_later or None)),
            (message("not left column"), "r", lambda row: number_or_dash(row.not_left)),
        )
        known = columns if any(row.not_left is not None for row in found.floor_rows) else columns[:2]
        floors = _table(title, known, found.floor_rows)
        blocks.append(Details(title, (floors,)))
    return blocks


def _published(found: StockFacts) -> list[Block]:
    """What every source published, side by side, and folded away what was noted and what differs."""
    if not found.totals:
        return []
    heading = message("published")
    columns: tuple[Column, ...] = (
        (message("source"), "l", lambda row: row.source),
        (message("count"), "r", total_words),
        (message("day"), "l", lambda row: _day(row.day)),
        (message("change before"), "r", _change_before),
    )
    return [
        Heading(heading, 2, "published"),
        Paragraph(message("published sentence")),
        FigureSlot(
            "registers",
            message("figure registers"),
            message("alt registers", n=len(found.published)),
            partial(registers_figure, found=found),
        ),
        _table(heading, columns, found.totals),
        *_folded(message("differences"), found.differences),
        *_folded(
            message("notes of sources"),
            (
                message("noted", source=row.source, day=row.day, note=row.note)
                for row in found.totals
                if row.note
            ),
        ),
        *_folded(message("twice"), found.twice),
    ]


def _table(
    caption: Message, columns: tuple[Column, ...], rows: Iterable[Any], strong: tuple[int, ...] = ()
) -> Table:
    """A table by its columns: title, side, and what a row has there."""
    titles, sides, cells = zip(*columns, strict=True)
    written = tuple(tuple(cell(row) for cell in cells) for row in rows)
    return Table(titles, written, "".join(sides), caption=caption, strong=strong)


def _folded(summary: Message, lines: Iterable[Message]) -> list[Block]:
    """Lines that are folded away, where there are any."""
    retained = tuple(lines)
    return [Details(summary, (Bullets(retained),))] if retained else []


def _shares(found: StockFacts) -> list[Block]:
    """What the last total would be a part of, if the register knew some share; never an answer."""
    main = found.register_total
    if found.verdict != "register only" or main is None or main.at_least:
        return []
    title = message("shares")
    rows = tuple((percent(share), rounded(main.count / share, figures=3)) for share in _KNOWN)
    stated = message("shares sentence", source=main.source)
    table = Table((message("share known"), message("held then")), rows, "rr", caption=title)
    return [Details(title, (Paragraph(stated), table))]


def _days(found: StockFacts) -> list[Block]:
    """Date by date: what was printed, the bounds, and what the method adds."""
    if not found.day_rows or found.fan is None:
        return []
    words: dict[str, str] = {"level": level_words(LEVEL), "basis": BASES[found.fan.identified_by]}
    stated = (
        message("days sentence", source=found.register, **words)
        if found.register
        else message("days sentence no register", **words)
    )
    title = message("days")
    columns: tuple[Column, ...] = (
        (message("day"), "l", lambda row: _day(row.day)),
        (message("printed"), "r", lambda row: number_or_dash(row.published)),
        (message("least"), "r", lambda row: number_or_dash(row.least or None)),
        (message("most"), "r", lambda row: _limit(row.most)),
        (message("low"), "r", lambda row: number_or_dash(row.low)),
        (message("median"), "r", lambda row: number_or_dash(row.median)),
        (message("high"), "r", lambda row: _limit(row.high)),
    )
    table = _table(title, columns, found.day_rows)
    summary = Message.counted("The table of 1 date", "The table of {n} dates", n=len(found.day_rows))
    return [Heading(title, 2, "days"), Paragraph(stated), Details(summary, (table,))]


def _changes(found: StockFacts) -> list[Block]:
    """How the number changed."""
    if not found.change_rows or found.fan is None:
        return []
    rows = tuple(_change(row, found.verdict == "estimate") for row in found.change_rows)
    return [Heading(message("changes"), 2, "changes"), Bullets(rows)]


def _change(row: ChangeRow, exact: bool) -> Message:
    """One change in words."""
    fewer: str = percent(row.fewer)  # from draws: never said to be nothing or certainty
    if row.fewer < _LEAST:
        fewer = message("less than", share=percent(_LEAST))
    elif row.fewer > 1 - _LEAST:
        fewer = message("more than", share=percent(1 - _LEAST))
    stated = {
        "start": row.start,
        "end": row.end,
        "low": _signed(row.low),
        "high": _signed(row.high),
        "level": level_words(LEVEL),
        "fewer": fewer,
    }
    if exact:
        return message("change row", median=_signed(row.median), **stated)
    return message("change row limits", **stated)


def _exits(found: StockFacts) -> list[Block]:
    """Exits by the register's totals: the last weeks, and folded away other spans, and late entries."""
    if not found.exits:
        return []
    first, *others = (_exits_of(row, found.register) for row in found.exits)
    return [
        Heading(message("exits heading"), 2, "exits"),
        Paragraph(first),
        *_folded(message("other spans"), others),
        *_folded(
            message("arrests lacked"),
            (
                message(
                    "exits as seen",
                    start=row.start,
                    end=row.end,
                    low=persons(row.low),
                    high=persons(row.high),
                    lacked=persons(row.lacked),
                )
                for row in found.exits
                if row.lacked
            ),
        ),
    ]


def _exits_of(row: ExitsRow, register: str) -> Message:
    """The exits of one span in sentences."""
    lines = [exits_words(row, register)]
    if not math.isfinite(row.high):
        lines.append(message("exits bounds", low=persons(row.low)))
    if row.announced:
        items = tuple(
            message(
                "announced item",
                count=count_words(each.count, at_least=each.at_least),
                source=each.source,
                start=each.start,
                end=each.end,
            )
            for each in row.announced
        )
        lines.append(message("exits announced", items=items))
        if not all(each.same_days for each in row.announced):
            lines.append(message("exits other days"))
    return Message.together(lines)


def _forecasts(found: StockFacts) -> list[Block]:
    """What the register will publish, and how such forecasts did, folded away."""
    title = message("forecasts")
    blocks: list[Paragraph | Table] = []
    if found.forecast_rows:
        stated = message("forecasts sentence", source=found.register, level=level_words(FORECAST_LEVEL))
        columns: tuple[Column, ...] = (
            (message("day"), "l", lambda row: _day(row[0])),
            (message("low"), "r", lambda row: persons(row[1])),
            (message("high"), "r", lambda row: persons(row[2])),
        )
        blocks += [Paragraph(stated), _table(title, columns, found.forecast_rows)]
    if found.backtest:
        stated = message("backtest sentence", source=found.register)
        columns = (
            (message("ahead"), "r", lambda row: persons(row["ahead"])),
            (message("n"), "r", lambda row: persons(row["n"])),
            (message("error"), "r", lambda row: decimal(row["error"], 3)),
            (message("cover"), "r", lambda row: percent(row["cover_80"])),
        )
        blocks += [Paragraph(stated), _table(message("backtest"), columns, found.backtest)]
    return [Details(title, tuple(blocks))] if blocks else []


def _disclosure(found: StockFacts) -> list[Block]:
    """What is printed of the lists."""
    if not found.has_people:
        return []
    heading = Heading(message("disclosure"), 2, "disclosure")
    return [heading, Paragraph(message("disclosure public" if found.withholds else "disclosure full"))]


def _change_before(row: TotalRow) -> str:
    """How the total of a source changed over four weeks or more."""
    if row.before is None:
        return NOTHING
    count, day = row.before
    return message("change of register", change=_signed(row.count - count), day=day)


def _signed(value: float) -> str:
    """A change with its sign."""
    if value == 0:
        return persons(value)
    return Message("+{number}" if value > 0 else "−{number}", number=persons(abs(value)))


def _day(day: dt.date) -> Message:
    """A day in a cell."""
    return Message("{day:short year}", day=day)


def _limit(value: float | None) -> str:
    """An upper limit, where there is one; a dash where nothing is printed of it."""
    if value is None or math.isfinite(value):
        return number_or_dash(value)
    return message("without limit")
