"""From the answers to the content: the rows of every part of a report about the stock."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from dataclasses import replace

import numpy as np

from detcount.assessment.common.verdict import LEVEL
from detcount.assessment.stock.balancing import STRUCK_WITHIN, conditions_of
from detcount.assessment.stock.content import (
    AnswerRow,
    ChangeRow,
    Conditions,
    DayRow,
    ExitsRow,
    FloorRow,
    SilentRow,
    StockContent,
    TotalRow,
)
from detcount.assessment.stock.disclosing import EVERY_NUMBER, TENS, Rounding, tells_numbers
from detcount.assessment.stock.doubts import doubt_of, floor_rows, wrong_rows
from detcount.assessment.stock.flows import exits_rows
from detcount.assessment.stock.forecasting import backtest_rows, forecast_rows
from detcount.assessment.stock.messages import tell
from detcount.assessment.stock.registers import differences_of, last_totals, main_register, several_of_one_day
from detcount.assessment.stock.result import StockAssessment
from detcount.assessment.stock.sentences import printable_sentence
from detcount.assessment.stock.settling import what_would_settle
from detcount.estimates import StockPath, UncertainCount, versions
from detcount.estimates.path_figure import PathFan, fan_of, totals_by_source
from detcount.privacy import Disclosure
from detcount.published.days import as_date
from detcount.reports.numbers import told_limits, told_point
from detcount.stock import IntegratedDetail, SeriesDetail
from detcount.stock.balance.notes import BOUNDS_ALONE
from detcount.stock.series import share_of_links
from detcount.words import Message

_MOST_DAYS = 12  # of a table, where no register says which
_MOST_PUBLISHED = 60
_WEEK = 7
_SPANS = (30, 90)  # days back from the last


def content_of(assessment: StockAssessment, disclosure: Disclosure) -> StockContent:
    """Fill in what a report shows, with every number or for the public."""
    public = disclosure == "public" and assessment.people is not None
    rounding = TENS if public else EVERY_NUMBER
    stock, path = assessment.stock, assessment.path
    totals = () if stock is None else last_totals(stock)
    register = "" if stock is None else main_register(stock)
    main = next((row for row in totals if row.source == register), None)
    answers = _answers(assessment, rounding)
    printable = assessment.verdict in ("estimate", "range")
    path = path if printable else None
    assumptions = () if path is None else path.assumptions
    exits = exits_rows(assessment)
    floors = floor_rows(assessment, rounding)
    notes = _notes(assessment)
    kept = tuple(note for note in notes if not (public and tells_numbers(note)))
    return StockContent(
        as_of=assessment.as_of,
        day=assessment.day,
        verdict=assessment.verdict,
        findings=assessment.findings,
        sentence=_sentence(assessment, answers, totals, main, exits, floors),
        answers=answers if printable or not public else (),
        totals=totals,
        register=register,
        twice=() if stock is None else several_of_one_day(stock),
        differences=() if stock is None else differences_of(stock),
        days=_days(assessment, register, rounding),
        fan=None if path is None else _fan(path, assessment.verdict == "estimate", public, rounding),
        drawn=() if stock is None else totals_by_source(stock),
        floors=floors,
        doubt=doubt_of(assessment, rounding) if printable else None,
        wrong=wrong_rows(assessment, rounding) if printable else (),
        links=_links(assessment, rounding) if printable else None,
        changes=_changes(path, rounding),
        exits=exits,
        forecasts=forecast_rows(assessment.forecasts),
        backtest=backtest_rows(assessment.forecasts),
        settle=what_would_settle(assessment),
        silent=_silent(assessment, public=public),
        assumptions=assumptions,
        notes=kept,
        withheld=len(kept) < len(notes),
        specifications=tuple((key, each.method) for key, each in assessment.answers.items()),
        seed=assessment.seed,
        digests=_digests(assessment, public=public),
        versions=tuple(versions().items()),
        citation=assessment.cite(),
        conditions=_conditions(assessment),
        disclosure="public" if public else "full",
        has_people=assessment.people is not None,
        definition=assessment.definition,
        effective=_effective(path),
    )


def _answers(assessment: StockAssessment, rounding: Rounding) -> tuple[AnswerRow, ...]:
    """A row for each method, the recommended one first."""
    rows = []
    for key, path in assessment.answers.items():
        day = _told(path)
        count = path.at(day)
        low, median, high = _told_once(count)
        recommended = key == assessment.recommended_key
        hidden = median is None or (recommended and assessment.verdict != "estimate")
        rows.append(
            AnswerRow(
                key=key,
                day=day,
                low=rounding.down(low),
                median=None if hidden or median is None else rounding.near(median),
                high=rounding.up(high),
                floor=rounding.down(count.bounds[0]),
                ceiling=rounding.up(count.bounds[1]),
                identified_by=path.identified_by,
                recommended=recommended,
            )
        )
    return tuple(sorted(rows, key=lambda row: not row.recommended))


def _told_once(count: UncertainCount) -> tuple[float, float | None, float]:
    """Limits and median of a day, in the figures in which the sentence and every table have them."""
    low, median, high = count.printed(LEVEL)
    low, high = told_limits(low, high, count.bounds[0])
    return low, None if median is None else told_point(median), high


def _conditions(assessment: StockAssessment) -> Conditions | None:
    """What the bounds of the balance take for granted, where there is one."""
    if assessment.stock is None or "balance" not in assessment.answers:
        return None
    return conditions_of(assessment.stock, assessment.arrests)


def _told(path: StockPath) -> dt.date:
    """The last day of a path; of bounds alone the last one after which people can have been struck off."""
    if path.identified_by != "bounds":
        return path.dates[-1]
    return path.dates[max(0, len(path.dates) - 1 - STRUCK_WITHIN)]


def _sentence(
    assessment: StockAssessment,
    answers: tuple[AnswerRow, ...],
    totals: tuple[TotalRow, ...],
    main: TotalRow | None,
    exits: tuple[ExitsRow, ...],
    floors: tuple[FloorRow, ...],
) -> Message:
    """What can be printed."""
    return printable_sentence(
        assessment.verdict,
        day=assessment.day,
        floors=floors,
        register=main,
        totals=totals,
        exits=next(iter(exits), None),
        answer=next((row for row in answers if row.recommended), None),
        findings=assessment.findings,
        assumptions=() if assessment.path is None else assessment.path.assumptions,
    )


def _days(assessment: StockAssessment, register: str, rounding: Rounding) -> tuple[DayRow, ...]:
    """The days on which the register printed a total; without one some days of the path."""
    path = assessment.path if assessment.verdict in ("estimate", "range") else None
    exact = assessment.verdict == "estimate"
    printed: dict[dt.date, int] = {}
    if assessment.stock is not None:
        own = assessment.stock.select(source=register)
        printed = {as_date(day): int(count) for day, count in zip(own.date, own.count, strict=True)}
    days = sorted(printed)[-_MOST_PUBLISHED:]
    if not days and path is not None:
        places = np.unique(np.linspace(0, len(path.dates) - 1, _MOST_DAYS).round().astype(int))
        days = [path.dates[k] for k in places.tolist()]
    bounding = [each for each in (assessment.answers.get("balance"), path) if each is not None]
    rows = []
    for day in days:
        low = median = high = least = most = None
        if path is not None and path.dates[0] <= day <= path.dates[-1]:
            first, middle, last = _told_once(path.at(day))
            low, high = rounding.down(first), rounding.up(last)
            median = None if middle is None or not exact else rounding.near(middle)
        known = [each.at(day).bounds for each in bounding if each.dates[0] <= day <= each.dates[-1]]
        if known:
            least = rounding.down(max(low for low, _ in known))
            most = rounding.up(min(high for _, high in known))
        rows.append(DayRow(day, printed.get(day), low, median, high, least, most))
    return tuple(rows)


def _fan(path: StockPath, exact: bool, public: bool, rounding: Rounding) -> PathFan:
    """The path as it is drawn; for the public rounded and at some days, as outlines tell numbers."""
    bounds = (path.floor, path.ceiling)
    fan = fan_of(path.dates, path.draws, bounds, path.anchors, path.identified_by)
    if not exact:  # no number between the limits
        fan = replace(fan, median=None)
    if not public:
        return fan
    n = len(path.dates)
    places = np.unique(np.linspace(0, n - 1, min(n, 2 + n // _WEEK)).round().astype(int))
    return PathFan(
        tuple(path.dates[k] for k in places.tolist()),
        None if fan.median is None else rounding.all_near(fan.median[places]),
        tuple((rounding.all_down(low[places]), rounding.all_up(high[places])) for low, high in fan.bands),
        rounding.all_down(fan.floor[places]),
        rounding.all_up(fan.ceiling[places]),
        (),
        path.identified_by,
    )


def _changes(path: StockPath | None, rounding: Rounding) -> tuple[ChangeRow, ...]:
    """How the stock changed over the last month, the last quarter and the whole time."""
    if path is None:
        return ()
    last, n = path.dates[-1], len(path.dates) - 1
    rows = []
    for days in sorted({*(span for span in _SPANS if span < n), n} - {0}):
        start = last - dt.timedelta(days=days)
        count = path.change(start, last)
        low, median, high = count.printed(LEVEL)
        if median is None or count.values is None or count.probabilities is None:
            continue
        fewer = float(count.probabilities[count.values < 0].sum())
        fewer = (
            fewer if rounding.unit == 1 else round(fewer, 1)
        )  # to the whole percent it tells of one person
        rows.append(
            ChangeRow(start, last, rounding.down(low), rounding.near(median), rounding.up(high), fewer)
        )
    return tuple(rows)


def _notes(assessment: StockAssessment) -> tuple[str, ...]:
    """Notes of the recommended answer, then of the lists and of the other answers, each once."""
    paths = [] if assessment.path is None else [assessment.path]
    paths += [path for path in assessment.answers.values() if path is not assessment.path]
    found = [note for path in paths[:1] for note in path.notes]
    found += [] if assessment.people is None else assessment.people.notes
    found += [note for path in paths[1:] for note in path.notes]
    said = (BOUNDS_ALONE, _links(assessment, EVERY_NUMBER))  # elsewhere on the page
    found = [note for note in found if note not in said]
    return tuple(dict.fromkeys(found))


def _links(assessment: StockAssessment, rounding: Rounding) -> Message | None:
    """How much of the variance is due to who is who; for the public up to tens of percent."""
    path = assessment.answers.get("lists")
    if path is None or not assessment.drawn or not isinstance(path.detail, SeriesDetail):
        return None
    share = path.detail.share_links
    n = len(assessment.drawn) + 1
    if rounding.unit == 1:
        return share_of_links(share, n)
    return tell("links public", share=max(math.ceil(share * 10), 1) / 10, n=n)


def _silent(assessment: StockAssessment, *, public: bool) -> tuple[SilentRow, ...]:
    """Methods without an answer, and why."""
    rows = []
    for key, error in assessment.declined.items():
        hidden = public and tells_numbers(error.reason)
        reason = tell("reason withheld") if hidden else error.reason
        rows.append(SilentRow(key, reason, error.advice))
    return tuple(rows)


def _effective(path: StockPath | None) -> float | None:
    """Effective number of paths behind an answer, where they are weighted."""
    detail = None if path is None else path.detail
    return detail.effective_paths if isinstance(detail, IntegratedDetail) else None


def _digests(assessment: StockAssessment, *, public: bool) -> tuple[tuple[str, str], ...]:
    """SHA-256 of the data; of lists of names only where all is printed."""
    data = {
        "people": None if public else assessment.people,
        "stock": assessment.stock,
        "arrests": assessment.arrests,
        "releases": assessment.releases,
    }
    found = [(name, each.digest) for name, each in data.items() if each is not None]
    if assessment.drawn and not public:
        others = json.dumps([each.digest for each in assessment.drawn])
        found.append(("other drawn people", hashlib.sha256(others.encode()).hexdigest()))
    return tuple(found)
