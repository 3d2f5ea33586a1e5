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
from detcount.assessment.stock.content import (
    AnswerRow,
    ChangeRow,
    ExitsRow,
    StockContent,
    TotalRow,
    count_words,
    exits_words,
    message,
    total_words,
)
from detcount.assessment.stock.registers import FORECAST_LEVEL
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
    provenance = (
        *((message(f"answer {key}"), method) for key, method in content.specifications),
        *software_rows(content.versions, content.seed),
        *((message(f"digest {name}"), digest) for name, digest in content.digests),
    )
    left_out = (message("withheld"),)
    return Document(
        message("title"),
        (
            *_head(content),
            *_path(content),
            *([] if alone else _answers(content)),
            *_doubt(content),
            *_published(content),
            *_exits(content),
            Heading(message("settle"), 2, "settle"),
            Bullets(content.settle),
            *(_bounds(content, _answers_table(content)) if alone else []),
            *_shares(content),
            *_days(content),
            *_changes(content),
            *_forecasts(content),
            *_folded(
                message("declined"),
                (
                    message(
                        "declined row",
                        what=Capitalised(message(f"answer {row.key}")),
                        reason=row.reason,
                        advice=row.advice,
                    )
                    for row in content.declined
                ),
            ),
            *_disclosure(content),
            *assumptions_part(content.assumptions, message("assumptions")),
            *notes_part((*content.notes, *(left_out if content.withheld else ()))),
            *provenance_part(provenance),
            *citation_part(content.citation),
        ),
        not_in_terminal=_NOT_IN_TERMINAL,
        private=content.disclosure == "full" and content.has_people,
    )


def _head(content: StockContent) -> list[Block]:
    """Title, verdict with its reasons, and the sentences."""
    reasons = tuple(Sentence(finding.text) for finding in content.findings)
    stated: list[str] = [*(reasons or (Sentence(message("no rule fired")),))]
    if content.totals and content.verdict != "register only":  # there the sentence says it
        stated.append(message("register is not the stock"))
    return [
        *title_part(message("title"), content.definition),
        Heading(verdict_words(content), 2, "verdict"),
        Bullets(tuple(stated)),
        Heading(message("sentence"), 2, "sentence"),
        Quote(content.sentence),
    ]


def verdict_words(content: StockContent) -> Message:
    """Say the verdict and its day."""
    return message("verdict", day=content.day, verdict=message(f"verdict {content.verdict}"))


def path_figure(canvas: Canvas, content: StockContent) -> None:
    """Draw the recommended path with its limits and bounds, and published totals as points."""
    draw_path(canvas, content.fan, content.drawn)


def registers_figure(canvas: Canvas, content: StockContent) -> None:
    """Draw what every source published, each with its own mark."""
    draw_path(canvas, None, content.drawn)


def _path(content: StockContent) -> list[Block]:
    """The recommended path."""
    if content.fan is None:
        return []
    days = {"first": content.fan.dates[0], "last": content.fan.dates[-1]}
    alt = message("alt path", **days) if content.verdict == "estimate" else message("alt path limits", **days)
    draw = partial(path_figure, content=content)
    return [Heading(message("figure"), 2, "path"), FigureSlot("path", message("figure path"), alt, draw)]


def _answers(content: StockContent) -> list[Block]:
    """Every method side by side."""
    heading = Heading(message("answers"), 2, "answers")
    if not content.answers:
        shown = message("not shown") if content.specifications else message("no answer")
        return [heading, Paragraph(shown)]
    words = [message("answers sentence", level=level_words(LEVEL)), message("recommended mark")]
    if content.verdict != "estimate":
        words.append(message("no point"))
    if content.effective is not None:
        n = round(content.effective)
        words.append(message("effective", n=n))
    return [heading, _answers_table(content), Paragraph(Message.together(words)), *_bounds(content)]


def _bounds(content: StockContent, *first: Table) -> list[Block]:
    """What bounds the number from below, folded away, after a table where there is one."""
    if not content.answers or content.conditions is None:
        return []
    summary = message("bounds folded")
    return [Details(summary, (*first, *_conditions(content)))]


def _answers_table(content: StockContent) -> Table:
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
        content.answers,
        strong=tuple(k for k, row in enumerate(content.answers) if row.recommended),
    )


def _method(row: AnswerRow) -> Message:
    """The method of an answer, with a star where it is recommended."""
    return Message("{name} ★" if row.recommended else "{name}", name=message(f"answer {row.key}"))


def _conditions(content: StockContent) -> list[Paragraph]:
    """What the bounds take for granted, and why there is none where there is none."""
    given = content.conditions
    if given is None:
        return []
    within, backlog = given
    taken: dict[str, object] = {"source": content.register, "days": within}
    stated = (
        message("bounds balance no arrests", **taken)
        if backlog is None
        else message("bounds balance", backlog=persons(backlog), **taken)
    )
    rest = (message("bounds nothing", days=within), message("bounds above"), message("bounds of others"))
    return [Paragraph(Message.together((stated, *rest)))]


def _doubt(content: StockContent) -> list[Block]:
    """Unreported exits and wrong entries, and folded away the floors and what wrong entries would do."""
    blocks: list[Block] = []
    if content.doubt is not None:
        row, level = content.doubt, level_words(LEVEL)
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
    if content.links is not None:
        shown = message("links")
        blocks.append(Paragraph(Message.together((content.links, shown))))
    if content.wrong:
        caption = message("wrong")
        table = Table(
            (message("list"), *(percent(share) for share, _ in content.wrong[0].held)),
            tuple((row.name, *(persons(held) for _, held in row.held)) for row in content.wrong),
            "l" + "r" * len(content.wrong[0].held),
            caption=caption,
        )
        blocks += [Paragraph(Sentence(caption)), table]
    if content.floors:
        title = message("floors")
        columns: tuple[Column, ...] = (
            (message("day"), "l", lambda row: _day(row.day)),
            (message("least"), "r", lambda row: number_or_dash(row.floor or None)),
            (message("left later"), "r", lambda row: number_or_dash(row.left_later or None)),
            (message("named later"), "r", lambda row: number_or_dash(row.named_later or None)),
            (message("not left column"), "r", lambda row: number_or_dash(row.not_left)),
        )
        known = columns if any(row.not_left is not None for row in content.floors) else columns[:2]
        floors = _table(title, known, content.floors)
        blocks.append(Details(title, (floors,)))
    return blocks


def _published(content: StockContent) -> list[Block]:
    """What every source published, side by side, and folded away what was noted and what differs."""
    if not content.totals:
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
            message("alt registers", n=len(content.drawn)),
            partial(registers_figure, content=content),
        ),
        _table(heading, columns, content.totals),
        *_folded(message("differences"), content.differences),
        *_folded(
            message("notes of sources"),
            (
                message("noted", source=row.source, day=row.day, note=row.note)
                for row in content.totals
                if row.note
            ),
        ),
        *_folded(message("twice"), content.twice),
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


def _shares(content: StockContent) -> list[Block]:
    """What the last total would be a part of, if the register knew some share; never an answer."""
    main = content.main
    if content.verdict != "register only" or main is None or main.at_least:
        return []
    title = message("shares")
    rows = tuple((percent(share), rounded(main.count / share, figures=3)) for share in _KNOWN)
    stated = message("shares sentence", source=main.source)
    table = Table((message("share known"), message("held then")), rows, "rr", caption=title)
    return [Details(title, (Paragraph(stated), table))]


def _days(content: StockContent) -> list[Block]:
    """Date by date: what was printed, the bounds, and what the method adds."""
    if not content.days or content.fan is None:
        return []
    words: dict[str, str] = {"level": level_words(LEVEL), "basis": BASES[content.fan.identified_by]}
    stated = (
        message("days sentence", source=content.register, **words)
        if content.register
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
    table = _table(title, columns, content.days)
    summary = Message.counted("The table of 1 date", "The table of {n} dates", n=len(content.days))
    return [Heading(title, 2, "days"), Paragraph(stated), Details(summary, (table,))]


def _changes(content: StockContent) -> list[Block]:
    """How the number changed."""
    if not content.changes or content.fan is None:
        return []
    rows = tuple(_change(row, content.verdict == "estimate") for row in content.changes)
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


def _exits(content: StockContent) -> list[Block]:
    """Exits by the register's totals: the last weeks, and folded away other spans, and late entries."""
    if not content.exits:
        return []
    first, *others = (_exits_of(row, content.register) for row in content.exits)
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
                for row in content.exits
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


def _forecasts(content: StockContent) -> list[Block]:
    """What the register will publish, and how such forecasts did, folded away."""
    title = message("forecasts")
    blocks: list[Paragraph | Table] = []
    if content.forecasts:
        stated = message("forecasts sentence", source=content.register, level=level_words(FORECAST_LEVEL))
        columns: tuple[Column, ...] = (
            (message("day"), "l", lambda row: _day(row[0])),
            (message("low"), "r", lambda row: persons(row[1])),
            (message("high"), "r", lambda row: persons(row[2])),
        )
        blocks += [Paragraph(stated), _table(title, columns, content.forecasts)]
    if content.backtest:
        stated = message("backtest sentence", source=content.register)
        columns = (
            (message("ahead"), "r", lambda row: persons(row["ahead"])),
            (message("n"), "r", lambda row: persons(row["n"])),
            (message("error"), "r", lambda row: decimal(row["error"], 3)),
            (message("cover"), "r", lambda row: percent(row["cover_80"])),
        )
        blocks += [Paragraph(stated), _table(message("backtest"), columns, content.backtest)]
    return [Details(title, tuple(blocks))] if blocks else []


def _disclosure(content: StockContent) -> list[Block]:
    """What is printed of the lists."""
    if not content.has_people:
        return []
    heading = Heading(message("disclosure"), 2, "disclosure")
    return [heading, Paragraph(message(f"disclosure {content.disclosure}"))]


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
