"""From the answers to the content: the rows of every part of a report about the stock.

It is one function, with one helper for each part of the page, and the rounding of what is printed for all.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any

import numpy as np

from detcount import abundance
from detcount.assessment.common.verdict import LEVEL
from detcount.assessment.stock.content import (
    LEAST_PRINTED,
    AnswerRow,
    ChangeRow,
    DayRow,
    DeclinedRow,
    DoubtRow,
    FloorRow,
    StockContent,
    WrongRow,
    message,
)
from detcount.assessment.stock.registers import (
    REMOVED_WITHIN,
    differences_of,
    exits_rows,
    forecast_rows,
    last_totals,
    main_register,
    several_of_one_day,
)
from detcount.assessment.stock.result import StockAssessment
from detcount.errors import ConvergenceError, DetcountWarning, NotEstimableError
from detcount.estimates import Estimator, StockPath, UncertainCount, versions
from detcount.estimates.path_figure import PathFan, fan_of, totals_by_source
from detcount.privacy import Disclosure, coarse_limits, coarse_point
from detcount.published.reading import as_date
from detcount.reports.numbers import printed_limits, printed_point
from detcount.stock import StockBalance
from detcount.stock.balance import BOUNDS_ALONE
from detcount.stock.integrated import IntegratedDetail
from detcount.stock.series import SeriesDetail, share_of_links
from detcount.words import Message, Number
from detcount.wrong_entries import MOST_WRONG, wrong_entries

_MOST_DAYS = 12  # of a table, where no register says which
_MOST_PUBLISHED = 60
_WEEK = 7
_SPANS = (30, 90)  # days back from the last
_SHARES = (0.01, 0.03, 0.05)  # of the entries of one list
_LATE = 30  # days after the last estimate


@dataclass(frozen=True)
class Rounding:
    """How numbers are rounded before they are printed: to so many persons, 1 leaves them as they are."""

    unit: int

    def down(self, value: Any) -> Any:
        """Round a lower limit or a floor, or many."""
        return np.floor(value / self.unit) * float(self.unit)

    def floor(self, value: float) -> float | None:
        """Round a number of persons down; None where so few are not to be printed."""
        rounded = float(self.down(value))
        return None if self.unit > 1 and rounded < LEAST_PRINTED else rounded

    def up(self, value: Any) -> Any:
        """Round an upper limit, or many."""
        return np.ceil(value / self.unit) * float(self.unit) + 0.0  # never "-0"

    def near(self, value: Any) -> Any:
        """Round a number between limits, or many."""
        return np.round(value / self.unit) * float(self.unit) + 0.0


def content_of(assessment: StockAssessment, disclosure: Disclosure) -> StockContent:
    """Fill in what a report shows, with every number or for the public."""
    public = disclosure == "public" and assessment.people is not None
    rounding = Rounding(10 if public else 1)
    stock, path = assessment.stock, assessment.path
    totals = () if stock is None else last_totals(stock)
    register = "" if stock is None else main_register(stock)
    answers = _answers(assessment, rounding)
    printable = assessment.verdict in ("estimate", "range")
    path = path if printable else None
    assumptions = () if path is None else path.assumptions
    notes = _notes(assessment)
    retained = tuple(note for note in notes if not (public and has_numbers(note)))
    content = StockContent(
        as_of=assessment.as_of,
        day=assessment.day,
        verdict=assessment.verdict,
        findings=assessment.findings,
        answers=answers if printable or not public else (),
        totals=totals,
        register=register,
        twice=() if stock is None else several_of_one_day(stock),
        differences=() if stock is None else differences_of(stock),
        days=_days(assessment, register, rounding),
        fan=None if path is None else _fan(path, assessment.verdict == "estimate", public, rounding),
        drawn=() if stock is None else totals_by_source(stock),
        floors=_floors(assessment, rounding),
        doubt=_doubt(assessment, rounding) if printable else None,
        wrong=_wrong(assessment, rounding) if printable else (),
        links=_links(assessment, rounding) if printable else None,
        changes=_changes(path, rounding),
        exits=exits_rows(assessment.audits, assessment.releases),
        forecasts=forecast_rows(assessment.forecasts[0]),
        backtest=() if assessment.forecasts[1] is None else tuple(assessment.forecasts[1].scores()),
        settle=_settle(assessment),
        declined=_declined(assessment, public=public),
        assumptions=assumptions,
        notes=retained,
        withheld=len(retained) < len(notes),
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
    return _last_day_alone(content) if public and assessment.linked else content


def _last_day_alone(content: StockContent) -> StockContent:
    """What the public reads where rows of names were linked: one more or less moves every other number."""
    answers = []
    for row in content.answers:
        if row.recommended:
            low, high = coarse_limits(row.low, row.high, int(row.floor or 0))
            median = None if row.median is None else coarse_point(row.median, low, high)
            answers.append(replace(row, low=low, median=median, high=high))
    shown = [row for row in content.floors if row.floor is not None][:1] or content.floors[:1]
    return replace(
        content,
        answers=tuple(answers),
        floors=tuple(replace(row, left_later=None, named_later=None, not_left=None) for row in shown),
        **dict[str, Any](days=(), wrong=(), changes=(), fan=None, doubt=None, links=None, effective=None),
    )


def _answers(assessment: StockAssessment, rounding: Rounding) -> tuple[AnswerRow, ...]:
    """A row for each method, the recommended one first."""
    rows = []
    for key, path in assessment.answers.items():
        day = _shown_day(path)
        count = path.at(day)
        low, median, high = _printed_once(count)
        recommended = key == assessment.recommended_key
        hidden = median is None or (recommended and assessment.verdict != "estimate")
        rows.append(
            AnswerRow(
                key=key,
                day=day,
                low=rounding.down(low),
                median=None if hidden or median is None else rounding.near(median),
                high=rounding.up(high),
                floor=rounding.floor(count.bounds[0]),
                ceiling=rounding.up(count.bounds[1]),
                identified_by=path.identified_by,
                recommended=recommended,
            )
        )
    return tuple(sorted(rows, key=lambda row: not row.recommended))


def _printed_once(count: UncertainCount) -> tuple[float, float | None, float]:
    """Limits and median of a day, in the figures in which the sentence and every table have them."""
    low, median, high = count.printed(LEVEL)
    low, high = printed_limits(low, high, count.bounds[0])
    return low, None if median is None else printed_point(median), high


def _conditions(assessment: StockAssessment) -> tuple[int, int | None] | None:
    """What the bounds of the balance take for granted, where there is one."""
    path = assessment.answers.get("balance")
    made = None if path is None else path.estimator
    if not isinstance(made, StockBalance) or made.removed_within is None:
        return None
    return made.removed_within, made.backlog


def _shown_day(path: StockPath) -> dt.date:
    """The last day of a path; of bounds alone the last one after which people can have been removed."""
    if path.identified_by != "bounds":
        return path.dates[-1]
    return path.dates[max(0, len(path.dates) - 1 - REMOVED_WITHIN)]


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
            first, middle, last = _printed_once(path.at(day))
            low, high = rounding.down(first), rounding.up(last)
            median = None if middle is None or not exact else rounding.near(middle)
        known = [each.at(day).bounds for each in bounding if each.dates[0] <= day <= each.dates[-1]]
        if known:
            least = rounding.floor(max(low for low, _ in known))
            most = rounding.up(min(high for _, high in known))
        rows.append(DayRow(day, printed.get(day), low, median, high, least, most))
    return tuple(rows)


def _fan(path: StockPath, exact: bool, public: bool, rounding: Rounding) -> PathFan:
    """The path as it is drawn; for the public rounded and at some days, as outlines show numbers."""
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
        None if fan.median is None else rounding.near(fan.median[places]),
        tuple((rounding.down(low[places]), rounding.up(high[places])) for low, high in fan.bands),
        rounding.down(fan.floor[places]),
        rounding.up(fan.ceiling[places]),
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
        )  # to the whole percent it shows one person more or less
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
    stated = (BOUNDS_ALONE, _links(assessment, Rounding(1)))  # elsewhere on the page
    found = [note for note in found if note not in stated]
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
    return message("links public", share=max(math.ceil(share * 10), 1) / 10, n=n)


def _declined(assessment: StockAssessment, *, public: bool) -> tuple[DeclinedRow, ...]:
    """Methods without an answer, and why."""
    rows = []
    for key, error in assessment.declined.items():
        hidden = public and has_numbers(error.reason)
        reason = message("reason withheld") if hidden else error.reason
        rows.append(DeclinedRow(key, reason, error.advice))
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


def _floors(assessment: StockAssessment, rounding: Rounding) -> tuple[FloorRow, ...]:
    """Give what lists show of the dates of their tables, the last first."""
    taken = assessment.snapshots
    if taken is None:
        return ()
    rows = []
    for day in reversed(taken.dates):
        seen = taken.evidence(day)
        rows.append(
            FloorRow(
                day=day,
                floor=rounding.floor(taken.floor(day)),
                left_later=rounding.floor(seen["left_later"]),
                named_later=rounding.floor(seen["named_later"]),
                not_left=rounding.floor(taken.not_known_to_have_left(day)),
            )
        )
    return tuple(rows)


def _doubt(assessment: StockAssessment, rounding: Rounding) -> DoubtRow | None:
    """Give who stands among those not known to have left on the last day of the lists."""
    path = assessment.answers.get("lists")
    detail = None if path is None else path.detail
    people = assessment.people
    if people is None or path is None or not isinstance(detail, SeriesDetail) or not detail.wrong:
        return None
    day = max(detail.wrong)
    left, wrong = (count[day].interval(LEVEL).printed for count in (detail.left, detail.wrong))
    whole = assessment.all_belong
    limits = None
    if whole is not None and whole.identified_by == "data" and whole.dates[-1] == path.dates[-1]:
        low, _, high = whole.at(whole.dates[-1]).printed(LEVEL)
        limits = (rounding.down(low), rounding.up(high))
    return DoubtRow(
        day,
        (rounding.down(left[0]), rounding.up(left[1])),
        (rounding.down(wrong[0]), rounding.up(wrong[1])),
        assessment.wrong.sentence(people.lists, people.audited),
        limits,
        assessment.wrong.none(people.lists, people.audited),
    )


def _wrong(assessment: StockAssessment, rounding: Rounding) -> tuple[WrongRow, ...]:
    """Give the number held on the last day, if some entries of one list do not belong.

    The answer if all belong is taken times what a model fitted in milliseconds says of the last table without
    these entries.
    """
    whole, taken = assessment.all_belong, assessment.snapshots
    table = None if taken is None else taken.tables.get(taken.dates[-1])
    if whole is None or whole.identified_by != "data" or table is None:
        return ()
    stated = assessment.wrong.by_list.values()
    shares = sorted({*_SHARES, *(share for share in stated if 0 < share <= MOST_WRONG)})
    median = whole.at(whole.dates[-1]).printed(LEVEL)[1]
    base: Estimator = abundance.Chapman() if table.n_lists == 2 else abundance.LogLinear()
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in table.lists}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DetcountWarning)
        try:
            fitted = base.fit(table)
            for share in shares:
                for row in wrong_entries(fitted, table, share=share):
                    if row.total_change is not None and median is not None:
                        found[row.name].append((share, rounding.near(median * (1 + row.total_change))))
        except (NotEstimableError, ConvergenceError):
            return ()
    return tuple(WrongRow(name, tuple(held)) for name, held in found.items() if len(held) == len(shares))


def _settle(assessment: StockAssessment) -> tuple[Message, ...]:
    """Say which data would narrow the answer, the most telling first."""
    rules = {finding.rule for finding in assessment.findings}
    apart = bool(rules & {"no overlap", "no estimate"})
    path, totals = assessment.path, assessment.stock is not None
    dated = path is not None and path.identified_by == "data" and path.anchors
    last = path.anchors[-1] if path is not None and dated else assessment.as_of
    stated = (
        (assessment.people is None and not assessment.has_anchors, message("settle people")),
        (bool(rules & {"copied lists", "extracts"}), message("settle copies")),
        (apart, message("settle second list")),
        (assessment.people is not None and "width" in rules and not apart, message("settle third list")),
        ((assessment.as_of - last).days > _LATE, message("settle date", day=last)),
        (totals and assessment.arrests is None, message("settle arrests")),
        (totals, message("settle late")),
        (True, message("settle roll")),
    )
    return tuple(message for holds, message in stated if holds)


def has_numbers(text: str) -> bool:
    """Whether a note has a number, or cannot be looked at: it may show small counts, or one person more."""
    if not isinstance(text, Message):
        return any(letter.isdigit() for letter in text)
    return _has_number(text.values)


def _has_number(values: Mapping[str, object]) -> bool:
    """Whether a number stands among the values of a message, however deep."""
    for value in values.values():
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Message):
                if _has_number(each.values):
                    return True
            elif isinstance(each, Number | Real):
                return True
    return False
