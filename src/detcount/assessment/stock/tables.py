"""Tables about the stock: answers, published totals, days, forecasts of a register."""

from __future__ import annotations

import math

from detcount.assessment.stock.content import (
    AnswerRow,
    BacktestRow,
    DayRow,
    FloorRow,
    ForecastRow,
    TotalRow,
    WrongRow,
)
from detcount.assessment.stock.messages import tell
from detcount.assessment.stock.sentences import total_words
from detcount.estimates.count import BASES
from detcount.reports.blocks import Table
from detcount.reports.numbers import decimal, percent, persons
from detcount.words import Message

_DASH = "–"


def answer_name(key: str) -> Message:
    """Say what readers know a method by."""
    return tell(f"answer {key}")


def answers_table(rows: tuple[AnswerRow, ...]) -> Table:
    """Say what every method answers: a row each."""
    return Table(
        _headings("method", "day", "low", "median", "high", "least", "most", "rests on"),
        tuple(
            (
                Message(
                    "{name} ★" if row.recommended else "{name}",
                    name=answer_name(row.key),
                ),
                _day(row.day),
                _number(row.low or None),
                _number(row.median),
                _limit(row.high),
                _number(row.floor or None),
                _limit(row.ceiling),
                BASES[row.identified_by],
            )
            for row in rows
        ),
        "llrrrrrl",
        caption=tell("answers"),
        strong=tuple(k for k, row in enumerate(rows) if row.recommended),
    )


def totals_table(rows: tuple[TotalRow, ...]) -> Table:
    """Say what each source last published."""
    return Table(
        _headings("source", "count", "day", "change before"),
        tuple((row.source, total_words(row), _day(row.day), _change(row)) for row in rows),
        "lrlr",
        caption=tell("published"),
    )


def days_table(rows: tuple[DayRow, ...]) -> Table:
    """Say what is known of some days: what was printed, the bounds, and what a method adds."""
    return Table(
        _headings("day", "printed", "least", "most", "low", "median", "high"),
        tuple(
            (
                _day(row.day),
                _number(row.published),
                _number(row.least or None),
                _DASH if row.most is None else _limit(row.most),
                _number(row.low),
                _number(row.median),
                _DASH if row.high is None else _limit(row.high),
            )
            for row in rows
        ),
        "lrrrrrr",
        caption=tell("days"),
    )


def floors_table(rows: tuple[FloorRow, ...]) -> Table:
    """Say what lists show of some days."""
    return Table(
        _headings("day", "least", "left later", "named later", "not left column"),
        tuple(
            (
                _day(row.day),
                *(_number(each or None) for each in (row.floor, row.left_later, row.named_later)),
                persons(row.not_left),
            )
            for row in rows
        ),
        "lrrrr",
        caption=tell("floors"),
    )


def wrong_table(rows: tuple[WrongRow, ...]) -> Table:
    """Say how many are held, if some entries of one list do not belong."""
    return Table(
        (tell("list"), *(percent(share) for share, _ in rows[0].held)),
        tuple((row.name, *(persons(held) for _, held in row.held)) for row in rows),
        "l" + "r" * len(rows[0].held),
        caption=tell("wrong"),
    )


def forecasts_table(rows: tuple[ForecastRow, ...]) -> Table:
    """Say what a register will publish."""
    return Table(
        _headings("day", "low", "high"),
        tuple((_day(row.day), persons(row.low), persons(row.high)) for row in rows),
        "lrr",
        caption=tell("forecasts"),
    )


def backtest_table(rows: tuple[BacktestRow, ...]) -> Table:
    """Say how forecasts of a register did."""
    return Table(
        _headings("ahead", "n", "error", "cover"),
        tuple(
            (persons(row.ahead), persons(row.n), decimal(row.error, 3), percent(row.cover)) for row in rows
        ),
        "rrrr",
        caption=tell("backtest"),
    )


def _change(row: TotalRow) -> str:
    """How the total of a source changed over four weeks or more."""
    if row.before is None:
        return _DASH
    count, day = row.before
    return tell("change of register", change=signed(row.count - count), day=day)


def signed(value: float) -> str:
    """A change with its sign."""
    if value == 0:
        return persons(value)
    number = persons(abs(value))
    return Message("+{number}", number=number) if value > 0 else Message("−{number}", number=number)


def _headings(*keys: str) -> tuple[Message, ...]:
    """Headings of columns."""
    return tuple(tell(key) for key in keys)


def _day(day: object) -> Message:
    """A day in a cell."""
    return Message("{day:short year}", day=day)


def _number(value: float | None) -> str:
    """A number of persons, or a dash."""
    return _DASH if value is None else persons(value)


def _limit(value: float) -> str:
    """An upper limit, where there is one."""
    return persons(value) if math.isfinite(value) else tell("without limit")
