"""An assessment of the stock as a document: what stands where, in no language yet.

It is one page from its title to its citation, with the tables that stand on it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from detcount.assessment.common.verdict import LEVEL
from detcount.assessment.stock.facts import StockFacts
from detcount.assessment.stock.opening import opening_of_stock
from detcount.assessment.stock.registers import (
    ANSWERS,
    FORECAST_LEVEL,
    VERDICTS,
    ExitsRow,
    TotalRow,
    count_words,
    exits_words,
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
)
from detcount.reports.canvas import Canvas
from detcount.reports.numbers import NOTHING, decimal, level_words, number_or_dash, percent, persons, rounded
from detcount.words import Capitalised, Message, Sentence

_TITLE = Message("How many are held, day by day: what the data can carry")
_ANSWERS = Message("Every answer side by side")
_DAY = Message("Day")
_LOW = Message("Low")
_MEDIAN = Message("Median")
_HIGH = Message("High")
_DIGESTS = {
    "other drawn people": Message("SHA-256 of the other drawn partitions"),
    "people": Message("SHA-256 of the lists"),
    "keyed people": Message("Keyed digest of the lists"),
    "stock": Message("SHA-256 of the published totals"),
    "arrests": Message("SHA-256 of the published arrests"),
    "releases": Message("SHA-256 of the published releases"),
}
_AT_LEAST = Message("At least")
_MOST = Message("At most")


@dataclass(frozen=True)
class Tuning:
    """Shares in the words of a report.

    Parameters
    ----------
    least : float, share
        Least share of draws that is printed as such. Convention: 1%.
    known : tuple, shares
        Shares of those held that a register may know. Convention: half, seven and nine in ten.
    """

    least: float = 0.01
    known: tuple[float, ...] = (0.5, 0.7, 0.9)


TUNING = Tuning()

Column = tuple[Message, str, Callable[[Any], str]]
_NOT_IN_TERMINAL = ("days", "provenance", "citation")
_FOLDED = (
    *("published", "sentence", "doubt", "exits", "days", "changes", "disclosure", "notes", "provenance"),
    "citation",
)


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
        *((ANSWERS[key], method) for key, method in found.specifications),
        *software_rows(versions().items(), found.seed),
        *((_DIGESTS[name], digest) for name, digest in found.digests.items()),
    )
    registers = _registers(found)
    picture = _path(found) or registers
    other = None if picture is registers else registers  # each stands once
    left_out = (Message("Notes that show counts of people on lists are left out."),)
    return Document(
        _TITLE,
        (
            *opening_of_stock(found, picture),
            *(_published(found, other) if alone else _answers(found)),
            *assumptions_part(found.assumed, Message("What the recommended method assumes")),
            *_verdict(found),
            Heading(Message("What would settle it"), 2, "settle"),
            Bullets(found.settle),
            *_doubt(found),
            *([] if alone else _published(found, other)),
            *_exits(found),
            *(_bounds(found, _answers_table(found)) if alone else []),
            *_shares(found),
            *_days(found),
            *_changes(found),
            *_forecasts(found),
            *_folded(
                Message("Methods that cannot answer"),
                (
                    Message(
                        "{what}: {reason}. {advice}",
                        what=Capitalised(ANSWERS[key]),
                        reason=error.reason,
                        advice=error.advice,
                    )
                    for key, error in found.declined.items()
                ),
            ),
            *_disclosure(found),
            *notes_part((*found.notes, *(left_out if found.notes_withheld else ()))),
            *provenance_part(provenance),
            *citation_part(cite("text", references=found.references)),
        ),
        not_in_terminal=_NOT_IN_TERMINAL,
        private=found.has_people and not found.withholds,
        folded=dict.fromkeys(_FOLDED[alone:], ""),
    )


def _verdict(found: StockFacts) -> list[Block]:
    """The verdict with its reasons, and the sentences with what they rest on."""
    reasons = tuple(Sentence(finding.text) for finding in found.findings)
    stated: list[str] = [*(reasons or (Sentence(Message("no rule against printing an estimate applies")),))]
    if found.totals and found.verdict != "register only":  # there the sentence says it
        stated.append(
            Message(
                "A register is not the stock: it lacks the people whom its monitor does not know, and for "
                "some time it keeps people who are free."
            )
        )
    return [
        Heading(verdict_words(found), 2, "verdict"),
        Bullets(tuple(stated)),
        Heading(Message("What can be printed, with what it rests on"), 2, "sentence"),
        Quote(found.statement),
    ]


def verdict_words(found: StockFacts) -> Message:
    """Say the verdict and its day."""
    return Message("Verdict on {day}: {verdict}.", day=found.day, verdict=VERDICTS[found.verdict])


def path_figure(canvas: Canvas, found: StockFacts) -> None:
    """Draw the recommended path with its limits and bounds, and published totals as points."""
    draw_path(canvas, found.fan, found.published)


def registers_figure(canvas: Canvas, found: StockFacts) -> None:
    """Draw what every source published, each with its own mark."""
    draw_path(canvas, None, found.published)


def _path(found: StockFacts) -> FigureSlot | None:
    """The recommended path."""
    if found.fan is None:
        return None
    days = {"first": found.fan.dates[0], "last": found.fan.dates[-1]}
    alt = (
        Message(
            "The median of each day from {first} to {last} as a line, limits at 80% and 95% around it, and "
            "published totals as points.",
            **days,
        )
        if found.verdict == "estimate"
        else Message(
            "Limits at 80% and 95% of each day from {first} to {last} as bands, and published totals as "
            "points.",
            **days,
        )
    )
    draw = partial(path_figure, found=found)
    return FigureSlot("path", Message("How many are held, day by day"), alt, draw)


def _registers(found: StockFacts) -> FigureSlot | None:
    """The totals that every source published, as a figure."""
    if not found.totals:
        return None
    return FigureSlot(
        "registers",
        Message("What monitors published, day by day"),
        Message(
            "Published totals of people held by {n} sources as points joined by lines.",
            n=len(found.published),
        ),
        partial(registers_figure, found=found),
    )


def _answers(found: StockFacts) -> list[Block]:
    """Every method side by side."""
    heading = Heading(_ANSWERS, 2, "answers")
    if not found.answer_rows:
        shown = (
            Message("No answer is shown, as the verdict is against printing one.")
            if found.specifications
            else Message("No method has an answer.")
        )
        return [heading, Paragraph(shown)]
    words = [
        Message(
            "Each method has its own assumptions. Limits are of {level} on the day that stands beside them, "
            "the last that the method reaches.",
            level=level_words(LEVEL),
        ),
        Message("★ marks the recommended method."),
    ]
    if found.verdict != "estimate":
        words.append(Message("Medians are left out (–), as the verdict is against printing one number."))
    if found.effective_paths is not None:
        n = round(found.effective_paths)
        words.append(Message("Behind the recommended answer stand {n:,} effective paths.", n=n))
    return [heading, _answers_table(found), Paragraph(Message.together(words)), *_bounds(found)]


def _bounds(found: StockFacts, *first: Table) -> list[Block]:
    """Fold away the bounds from below, after a table where there is one."""
    if not found.answer_rows or found.conditions is None:
        return []
    summary = Message("What bounds the number from below, and what that takes for granted")
    return [Details(summary, (*first, *_conditions(found)))]


def _answers_table(found: StockFacts) -> Table:
    """Lay out the answer of every method: a row each."""
    return _table(
        _ANSWERS,
        (
            (Message("Method"), "l", _method),
            (_DAY, "l", lambda row: _day(row.day)),
            (_LOW, "r", lambda row: number_or_dash(row.low or None)),
            (_MEDIAN, "r", lambda row: number_or_dash(row.median)),
            (_HIGH, "r", lambda row: _limit(row.high)),
            (_AT_LEAST, "r", lambda row: number_or_dash(row.floor or None)),
            (_MOST, "r", lambda row: _limit(row.ceiling)),
            (Message("Rests on"), "l", lambda row: BASES[row.identified_by]),
        ),
        found.answer_rows,
        strong=tuple(k for k, row in enumerate(found.answer_rows) if row.recommended),
    )


def _method(row: AnswerRow) -> Message:
    """The method of an answer, with a star where it is recommended."""
    return Message("{name} ★" if row.recommended else "{name}", name=ANSWERS[row.key])


def _conditions(found: StockFacts) -> list[Paragraph]:
    """Write the conditions of the bounds, and the reason where there is none."""
    given = found.conditions
    if given is None:
        return []
    within, backlog = given
    taken: dict[str, object] = {"source": found.register, "days": within}
    stated = (
        Message(
            "The lower bound by balance holds whatever the number of people whom {source} does not know, if "
            "everybody on its register was arrested and whoever left is removed within {days} days. Totals "
            "do not show that this is so: it is stated.",
            **taken,
        )
        if backlog is None
        else Message(
            "The lower bound by balance holds whatever the number of people whom {source} does not know, if "
            "everybody on its register was arrested, whoever left is removed within {days} days, and its "
            "running total of arrests never lacks more than {backlog} entries. Totals do not show that this "
            "is so: it is stated.",
            backlog=persons(backlog),
            **taken,
        )
    )
    rest = (
        Message(
            "It is 0, or what is known otherwise, on days after which no total came {days} days later, and "
            "where nothing limits how many were entered until then; its row stands {days} days before the "
            "last total.",
            days=within,
        ),
        Message(
            "There is no upper bound: totals of one register do not say how many people it never enters."
        ),
        Message(
            "The bounds of the other methods take none of this for granted: from below the people named on "
            "lists, or 0 where nobody is named, and no limit from above."
        ),
    )
    return [Paragraph(Message.together((stated, *rest)))]


def _doubt(found: StockFacts) -> list[Block]:
    """Unreported exits and wrong entries, and folded away the floors and what wrong entries would do."""
    blocks: list[Block] = []
    if found.doubt is not None:
        row, level = found.doubt, level_words(LEVEL)
        left = {"day": row.day, "level": level, "left_low": persons(row.left[0])}
        left["left_high"] = persons(row.left[1])
        words = [
            Message(
                "Among those not known to have left by {day}, {left_low} to {left_high} have left without "
                "any list knowing it ({level}); the answer takes them out.",
                **left,
            )
            if row.all_taken
            else Message(
                "Among those not known to have left by {day}, {left_low} to {left_high} have left without "
                "any list knowing it, and {wrong_low} to {wrong_high} do not belong ({level}); the answer "
                "takes both out.",
                wrong_low=persons(row.wrong[0]),
                wrong_high=persons(row.wrong[1]),
                **left,
            ),
            row.law,
        ]
        if row.all_belong is not None and not row.all_taken:
            low, high = map(persons, row.all_belong)
            words.append(
                Message(
                    "If everybody on the lists belonged, {low} to {high} people were held ({level}).",
                    low=low,
                    high=high,
                    level=level,
                )
            )
        if not row.all_taken:
            words.append(
                Message(
                    "To change that, have somebody check a random sample of the entries not known to have "
                    "left, list by list: the share found takes the place of the stated one."
                )
            )
        heading = Message("Exits that nobody reported, and entries that do not belong")
        blocks += [Heading(heading, 2, "doubt"), Paragraph(Message.together(words))]
    if found.links is not None:
        shown = Message(
            "What lists show of each date is of the partition with fewest people known to be inside."
        )
        blocks.append(Paragraph(Message.together((found.links, shown))))
    if found.wrong_rows:
        caption = Message("Held, if so many entries of one list do not belong, and all others do")
        table = Table(
            (Message("List"), *(percent(share) for share, _ in found.wrong_rows[0].held)),
            tuple((row.name, *(persons(held) for _, held in row.held)) for row in found.wrong_rows),
            "l" + "r" * len(found.wrong_rows[0].held),
            caption=caption,
        )
        blocks += [Paragraph(Sentence(caption)), table]
    if found.floor_rows:
        title = Message("What lists show of each date")
        columns: tuple[Column, ...] = (
            (_DAY, "l", lambda row: _day(row.day)),
            (_AT_LEAST, "r", lambda row: number_or_dash(row.floor or None)),
            (Message("Left later"), "r", lambda row: number_or_dash(row.left_later or None)),
            (Message("Named later"), "r", lambda row: number_or_dash(row.named_later or None)),
            (Message("Not known to have left"), "r", lambda row: number_or_dash(row.not_left)),
        )
        known = columns if any(row.not_left is not None for row in found.floor_rows) else columns[:2]
        floors = _table(title, known, found.floor_rows)
        blocks.append(Details(title, (floors,)))
    return blocks


def _published(found: StockFacts, registers: FigureSlot | None) -> list[Block]:
    """Lay out the totals of every source side by side, and fold away notes and differences."""
    if not found.totals:
        return []
    heading = Message("What was published")
    columns: tuple[Column, ...] = (
        (Message("Source"), "l", lambda row: row.source),
        (Message("Last total"), "r", total_words),
        (_DAY, "l", lambda row: _day(row.day)),
        (Message("Change over four weeks or more"), "r", _change_before),
    )
    return [
        Heading(heading, 2, "published"),
        Paragraph(
            Message(
                "Each source counts by rules of its own. The total of one register says how many people this "
                "monitor knows to be held, and is neither a floor nor an estimate."
            )
        ),
        *([] if registers is None else [registers]),
        _table(heading, columns, found.totals),
        *_folded(Message("Registers beside each other"), found.differences),
        *_folded(
            Message("What sources noted of these totals"),
            (
                Message("{source}, {day}: {note}", source=row.source, day=row.day, note=row.note)
                for row in found.totals
                if row.note
            ),
        ),
        *_folded(Message("Several totals for one day"), found.twice),
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
    """Divide the last total by some shares that a register may know; never an answer."""
    main = found.register_total
    if found.verdict != "register only" or main is None or main.at_least:
        return []
    title = Message("If the register knows 50, 70 or 90% of those held")
    rows = tuple((percent(share), rounded(main.count / share, figures=3)) for share in TUNING.known)
    stated = Message(
        "If everybody on the register of {source} was held, and it knew this share of all, so many were "
        "held. Nothing here tells the share: this is a division, and no estimate.",
        source=main.source,
    )
    table = Table((Message("Share that it knows"), Message("Held")), rows, "rr", caption=title)
    return [Details(title, (Paragraph(stated), table))]


def _days(found: StockFacts) -> list[Block]:
    """Date by date: what was printed, the bounds, and what the method adds."""
    if not found.day_rows or found.fan is None:
        return []
    words: dict[str, str] = {"level": level_words(LEVEL), "basis": BASES[found.fan.identified_by]}
    stated = (
        Message(
            "Beside what {source} printed stand the bounds, which hold whatever the number of people whom no "
            "register knows, and the limits of {level} of the recommended method for each day by itself, "
            "which rest on {basis}.",
            source=found.register,
            **words,
        )
        if found.register
        else Message(
            "The limits of {level} of the recommended method are of each day by itself and rest on {basis}; "
            "the bounds hold without it.",
            **words,
        )
    )
    title = Message("Date by date")
    columns: tuple[Column, ...] = (
        (_DAY, "l", lambda row: _day(row.day)),
        (Message("Register"), "r", lambda row: number_or_dash(row.published)),
        (_AT_LEAST, "r", lambda row: number_or_dash(row.least or None)),
        (_MOST, "r", lambda row: _limit(row.most)),
        (_LOW, "r", lambda row: number_or_dash(row.low)),
        (_MEDIAN, "r", lambda row: number_or_dash(row.median)),
        (_HIGH, "r", lambda row: _limit(row.high)),
    )
    table = _table(title, columns, found.day_rows)
    summary = Message.counted("The table of 1 date", "The table of {n} dates", n=len(found.day_rows))
    return [Heading(title, 2, "days"), Paragraph(stated), Details(summary, (table,))]


def _changes(found: StockFacts) -> list[Block]:
    """Write the changes of the number."""
    if not found.change_rows or found.fan is None:
        return []
    rows = tuple(_change(row, found.verdict == "estimate") for row in found.change_rows)
    return [Heading(Message("How the number changed"), 2, "changes"), Bullets(rows)]


def _change(row: ChangeRow, exact: bool) -> Message:
    """One change in words."""
    fewer: str = percent(row.fewer)  # from draws: never said to be nothing or certainty
    if row.fewer < TUNING.least:
        fewer = Message("less than {share}", share=percent(TUNING.least))
    elif row.fewer > 1 - TUNING.least:
        fewer = Message("more than {share}", share=percent(1 - TUNING.least))
    stated = {
        "start": row.start,
        "end": row.end,
        "low": _signed(row.low),
        "high": _signed(row.high),
        "level": level_words(LEVEL),
        "fewer": fewer,
    }
    if exact:
        return Message(
            "From {start} to {end} the number of people held changed by {low} to {high} ({level}; median "
            "{median}). The probability that fewer were held in the end is {fewer}.",
            median=_signed(row.median),
            **stated,
        )
    return Message(
        "From {start} to {end} the number of people held changed by {low} to {high} ({level}). The "
        "probability that fewer were held in the end is {fewer}.",
        **stated,
    )


def _exits(found: StockFacts) -> list[Block]:
    """Exits by the register's totals: the last weeks, and folded away other spans, and late entries."""
    if not found.exits:
        return []
    first, *others = (_exits_of(row, found.register) for row in found.exits)
    return [
        Heading(Message("Who left a register, by its own totals"), 2, "exits"),
        Paragraph(first),
        *_folded(Message("Other days"), others),
        *_folded(
            Message("If its total of arrests lacked entries"),
            (
                Message(
                    "If it lacked no more than {lacked} entries on either day, the most that it was seen to "
                    "lack, {low} to {high} left after {start} and up to {end}.",
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
        lines.append(
            Message("Whatever its total of arrests lacked, at least {low} left.", low=persons(row.low))
        )
    if row.announced:
        items = tuple(
            Message(
                "{count} from {start} to {end} ({source})",
                count=count_words(each.count, at_least=each.at_least),
                source=each.source,
                start=each.start,
                end=each.end,
            )
            for each in row.announced
        )
        lines.append(Message("Releases announced of about these days: {items:;}.", items=items))
        if not all(each.same_days for each in row.announced):
            lines.append(Message("The days are not the same, and nothing is subtracted."))
    return Message.together(lines)


def _forecasts(found: StockFacts) -> list[Block]:
    """Fold away the forecasts of the register, and the record of such forecasts."""
    title = Message("What the register will publish")
    blocks: list[Paragraph | Table] = []
    if found.forecast_rows:
        stated = Message(
            "These are limits of {level} for the next totals of {source}, around its last one, by the "
            "changes that it published so far. They can be checked when the totals come, and say nothing of "
            "how many are held. No other forecaster tried was better on every series that ships with "
            "detcount.",
            source=found.register,
            level=level_words(FORECAST_LEVEL),
        )
        columns: tuple[Column, ...] = (
            (_DAY, "l", lambda row: _day(row[0])),
            (_LOW, "r", lambda row: persons(row[1])),
            (_HIGH, "r", lambda row: persons(row[2])),
        )
        blocks += [Paragraph(stated), _table(title, columns, found.forecast_rows)]
    if found.backtest:
        stated = Message(
            "From each day on which {source} had published enough totals, the next ones were forecast from "
            "what was known then. The error is the mean distance of the logarithms: 0.05 is about 5%. Limits "
            "that held fewer than 80% of the totals are too narrow.",
            source=found.register,
        )
        columns = (
            (Message("Totals ahead"), "r", lambda row: persons(row["ahead"])),
            (Message("Forecasts"), "r", lambda row: persons(row["n"])),
            (Message("Error"), "r", lambda row: decimal(row["error"], 3)),
            (Message("Within 80% limits"), "r", lambda row: percent(row["cover_80"])),
        )
        blocks += [Paragraph(stated), _table(Message("How such forecasts did"), columns, found.backtest)]
    return [Details(title, tuple(blocks))] if blocks else []


def _disclosure(found: StockFacts) -> list[Block]:
    """Say which figures of the lists are printed."""
    if not found.has_people:
        return []
    heading = Heading(Message("What is printed of the lists"), 2, "disclosure")
    return [
        heading,
        Paragraph(
            Message(
                "This report is for the public. Numbers that rest on lists of names are rounded to tens, "
                "limits outward and floors downward, so that one person more or less on the lists can move "
                "such a number by ten; neither the size of a list nor how many people lists share is "
                "printed, so that no small number of people can be found by subtraction."
            )
            if found.withholds
            else Message(
                "This report is for those who may see the lists: floors are whole numbers, and what changes "
                "from one day to the next can reveal single persons."
            )
        ),
    ]


def _change_before(row: TotalRow) -> str:
    """Write the change of the total of a source over four weeks or more."""
    if row.before is None:
        return NOTHING
    count, day = row.before
    return Message("{change} since {day:short year}", change=_signed(row.count - count), day=day)


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
    return Message("no limit")
