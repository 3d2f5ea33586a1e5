"""Rows of the answers, as a report shows them: for those who may see the lists, and for the public.

A row is made from the answers once. Its `public` is the same row in tens, as far as it may be known.
"""

from __future__ import annotations

import datetime as dt
import math
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any

import numpy as np

from detcount import abundance
from detcount.assessment.common.verdict import LEVEL, Finding, Verdict
from detcount.assessment.stock.registers import REMOVED_WITHIN, main_register
from detcount.assessment.stock.verdict import AnswerKey, Answers, Given
from detcount.contract.citation import Reference
from detcount.data.published import PublishedStock
from detcount.data.published.reading import as_date
from detcount.errors import ConvergenceError, DetcountWarning, NotEstimableError
from detcount.estimates import Estimator, IdentifiedBySource, StockPath, UncertainCount
from detcount.estimates.path_figure import PathFan, fan_of
from detcount.privacy import TENS
from detcount.reports.numbers import printed_limits, printed_point
from detcount.stock import Snapshots, StockBalance, WrongShare
from detcount.stock.balance import BOUNDS_ALONE
from detcount.stock.integrated import IntegratedDetail
from detcount.stock.series import SeriesDetail, share_of_links
from detcount.words import Message, Number
from detcount.wrong_entries import MOST_WRONG, wrong_entries


@dataclass(frozen=True)
class Tuning:
    """Sizes of tables of people held.

    Parameters
    ----------
    days : int, rows
        Days of a table, where no register has days. Convention: twelve.
    published : int, rows
        Last published days of a table. Convention: sixty, two months of days.
    week : int, days
        Days between the places of a public path. Convention: a week.
    spans : tuple, days
        Days back from the last over which changes are shown. Convention: one and three months.
    shares : tuple, shares
        Shares of the entries of one list that may be wrong. Convention: 1, 3 and 5%.
    late : int, days
        Days after the last estimate from which a later state of the lists is worth a remark. Convention: a
        month.
    """

    days: int = 12
    published: int = 60
    week: int = 7
    spans: tuple[int, ...] = (30, 90)
    shares: tuple[float, ...] = (0.01, 0.03, 0.05)
    late: int = 30


TUNING = Tuning()


def down(value: Any, unit: int = 1) -> Any:
    """Round a lower limit or a floor, or many."""
    return np.floor(value / unit) * float(unit)


def up(value: Any, unit: int = 1) -> Any:
    """Round an upper limit, or many."""
    return np.ceil(value / unit) * float(unit) + 0.0  # never "-0"


def _pair_in_tens(pair: tuple[float, float]) -> tuple[float, float]:
    """Limits in tens, outward."""
    return float(down(pair[0], TENS)), float(up(pair[1], TENS))


def near(value: Any, unit: int = 1) -> Any:
    """Round a number between limits, or many."""
    return np.round(value / unit) * float(unit) + 0.0


def _in_tens(low: float | None, median: float | None, high: float | None) -> dict[str, Any]:
    """Limits and a number between them for the public; None stays None."""
    return {
        "low": None if low is None else down(low, TENS),
        "median": None if median is None else near(median, TENS),
        "high": None if high is None else up(high, TENS),
    }


def _floor_in_tens(persons: float | None) -> float | None:
    """A floor for the public; None where so few are not to be printed."""
    rounded = 0.0 if persons is None else float(down(persons, TENS))
    return rounded if rounded >= TENS else None


@dataclass(frozen=True)
class AnswerRow:
    """The answer of one method for one day.

    Parameters
    ----------
    key : {"lists", "integrated", "balance"}
        Which method.
    day : datetime.date
        The day at whose end people are counted: the last that the method reaches, or of bounds alone
        one from which on people can have been removed.
    low, high : float
        Limits at 95%, persons.
    median : float, optional
        Median, persons; None where only bounds are known, or no number is to be printed.
    floor : float, optional
        Sharp lower bound, persons; None where so few are not to be printed.
    ceiling : float
        Sharp upper bound, persons.
    identified_by : {"data", "prior", "bounds"}
        What the limits rest on.
    recommended : bool
        Whether it is the recommended one.
    """

    key: AnswerKey
    day: dt.date
    low: float
    median: float | None
    high: float
    floor: float | None
    ceiling: float
    identified_by: IdentifiedBySource
    recommended: bool

    def public(self) -> AnswerRow:
        """Give the row in tens, outward."""
        numbers = _in_tens(self.low, self.median, self.high)
        ceiling = up(self.ceiling, TENS)
        return replace(self, **numbers, floor=_floor_in_tens(self.floor), ceiling=ceiling)


@dataclass(frozen=True)
class DayRow:
    """Figures of one day.

    Parameters
    ----------
    day : datetime.date
        The day.
    published : int, optional
        What the register of most totals printed for it, persons; None where it printed nothing.
    low, median, high : float, optional
        Median and limits at 95% of the recommended answer, persons; None where it does not reach the day, or
        no number is to be printed.
    least, most : float, optional
        Sharp bounds, persons; None where nothing bounds the day.
    """

    day: dt.date
    published: int | None
    low: float | None
    median: float | None
    high: float | None
    least: float | None
    most: float | None

    def public(self) -> DayRow:
        """Give the row in tens, outward, with the total as it was published."""
        numbers = _in_tens(self.low, self.median, self.high)
        most = None if self.most is None else up(self.most, TENS)
        return replace(self, **numbers, least=_floor_in_tens(self.least), most=most)


@dataclass(frozen=True)
class ChangeRow:
    """Change of the stock between two days.

    Parameters
    ----------
    start, end : datetime.date
        The days.
    low, median, high : float
        Persons more held, with limits at 95%; below 0 where fewer are.
    fewer : float
        Probability that fewer were held in the end.
    """

    start: dt.date
    end: dt.date
    low: float
    median: float
    high: float
    fewer: float

    def public(self) -> ChangeRow:
        """Give the row in tens, outward; a probability to the whole per cent would show one person."""
        return replace(self, **_in_tens(self.low, self.median, self.high), fewer=round(self.fewer, 1))


@dataclass(frozen=True)
class FloorRow:
    """Evidence of the lists for one day.

    Parameters
    ----------
    day : datetime.date
        The day.
    floor : float, optional
        Persons known to be inside at its end, by evidence of that day or later; None where it is not to be
        printed, as the others.
    left_later, named_later : float, optional
        Of them those who left on a known later day, and the others, named as held on that day or later.
    not_left : float, optional
        Persons on the lists who are not known to have left: no floor.
    """

    day: dt.date
    floor: float | None
    left_later: float | None
    named_later: float | None
    not_left: float | None

    def public(self) -> FloorRow:
        """Give the row in tens, downward."""
        seen = (self.floor, self.left_later, self.named_later, self.not_left)
        return FloorRow(self.day, *map(_floor_in_tens, seen))


@dataclass(frozen=True)
class DoubtRow:
    """Wrong entries and unknown exits among those not known to have left on the last day.

    Parameters
    ----------
    day : datetime.date
        The day.
    left, wrong : tuple of (float, float)
        Limits at 95% of those who have left without any list knowing it, and of those who do not belong.
    law : Message
        Which share of wrong entries is taken, and from where.
    all_belong : tuple of (float, float), optional
        Limits at 95% of the number held if everybody on the lists belongs; None without an answer.
    all_taken : bool
        Whether every list was audited, or said to have no such entry, so that none is taken out.
    """

    day: dt.date
    left: tuple[float, float]
    wrong: tuple[float, float]
    law: Message
    all_belong: tuple[float, float] | None
    all_taken: bool

    def public(self) -> DoubtRow:
        """Give the row in tens, outward."""
        left, wrong = map(_pair_in_tens, (self.left, self.wrong))
        whole = None if self.all_belong is None else _pair_in_tens(self.all_belong)
        return replace(self, left=left, wrong=wrong, all_belong=whole)


@dataclass(frozen=True)
class WrongRow:
    """The number held if some entries of one list do not belong.

    Parameters
    ----------
    name : str
        The list.
    held : tuple of tuple of float
        Some shares of its entries that do not belong, each with the median of the number held then, persons.
    """

    name: str
    held: tuple[tuple[float, float], ...]

    def public(self) -> WrongRow:
        """Give the row in tens."""
        return WrongRow(self.name, tuple((share, near(held, TENS)) for share, held in self.held))


def answer_rows(answers: Answers, chosen: AnswerKey | None, verdict: Verdict) -> tuple[AnswerRow, ...]:
    """Give a row for each method, the recommended one first."""
    rows = []
    for key, path in answers.paths.items():
        day = _shown_day(path)
        count = path.at(day)
        low, median, high = _printed_once(count)
        hidden = median is None or (key == chosen and verdict != "estimate")
        rows.append(
            AnswerRow(
                key=key,
                day=day,
                low=down(low),
                median=None if hidden or median is None else near(median),
                high=up(high),
                floor=float(down(count.bounds[0])),
                ceiling=up(count.bounds[1]),
                identified_by=path.identified_by,
                recommended=key == chosen,
            )
        )
    return tuple(sorted(rows, key=lambda row: not row.recommended))


def _printed_once(count: UncertainCount) -> tuple[float, float | None, float]:
    """Limits and median of a day, in the figures in which the sentence and every table have them."""
    low, median, high = count.printed(LEVEL)
    low, high = printed_limits(low, high, count.bounds[0])
    return low, None if median is None else printed_point(median), high


def _shown_day(path: StockPath) -> dt.date:
    """The last day of a path; of bounds alone the last one after which people can have been removed."""
    if path.identified_by != "bounds":
        return path.dates[-1]
    return path.dates[max(0, len(path.dates) - 1 - REMOVED_WITHIN)]


def conditions_of(balance: StockPath | None) -> tuple[int, int | None] | None:
    """Give what the bounds of the balance take for granted, where there is one.

    These are the days within which whoever left is removed, and the most entries that the running total of
    arrests lacks, None without one.
    """
    made = None if balance is None else balance.estimator
    if not isinstance(made, StockBalance) or made.removed_within is None:
        return None
    return made.removed_within, made.backlog


def day_rows(
    stock: PublishedStock | None, balance: StockPath | None, path: StockPath | None, *, exact: bool
) -> tuple[DayRow, ...]:
    """Give the days on which the register printed a total; without one some days of the path."""
    printed: dict[dt.date, int] = {}
    if stock is not None:
        own = stock.select(source=main_register(stock))
        printed = {as_date(day): int(count) for day, count in zip(own.date, own.count, strict=True)}
    days = sorted(printed)[-TUNING.published :]
    if not days and path is not None:
        places = np.unique(np.linspace(0, len(path.dates) - 1, TUNING.days).round().astype(int))
        days = [path.dates[k] for k in places.tolist()]
    bounding = [each for each in (balance, path) if each is not None]
    rows = []
    for day in days:
        low = median = high = least = most = None
        if path is not None and path.dates[0] <= day <= path.dates[-1]:
            first, middle, last = _printed_once(path.at(day))
            low, high = down(first), up(last)
            median = None if middle is None or not exact else near(middle)
        known = [each.at(day).bounds for each in bounding if each.dates[0] <= day <= each.dates[-1]]
        if known:
            least = float(down(max(low for low, _ in known)))
            most = up(min(high for _, high in known))
        rows.append(DayRow(day, printed.get(day), low, median, high, least, most))
    return tuple(rows)


def drawn_fan(path: StockPath, *, exact: bool) -> PathFan:
    """Give the path as it is drawn; with no number between the limits where it is not `exact`."""
    fan = fan_of(path.dates, path.draws, (path.floor, path.ceiling), path.anchors, path.identified_by)
    return fan if exact else replace(fan, median=None)


def public_fan(fan: PathFan) -> PathFan:
    """Give the path as it is drawn for the public: in tens and at some days, as outlines show numbers."""
    n = len(fan.dates)
    places = np.unique(np.linspace(0, n - 1, min(n, 2 + n // TUNING.week)).round().astype(int))
    return PathFan(
        tuple(fan.dates[k] for k in places.tolist()),
        None if fan.median is None else near(fan.median[places], TENS),
        tuple((down(low[places], TENS), up(high[places], TENS)) for low, high in fan.bands),
        down(fan.floor[places], TENS),
        up(fan.ceiling[places], TENS),
        (),
        fan.identified_by,
    )


def change_rows(path: StockPath) -> tuple[ChangeRow, ...]:
    """Give the change of the stock over the last month, the last quarter and the whole time."""
    last, n = path.dates[-1], len(path.dates) - 1
    rows = []
    for days in sorted({*(span for span in TUNING.spans if span < n), n} - {0}):
        start = last - dt.timedelta(days=days)
        count = path.change(start, last)
        low, median, high = count.printed(LEVEL)
        if median is None or count.values is None or count.probabilities is None:
            continue
        fewer = float(count.probabilities[count.values < 0].sum())
        rows.append(ChangeRow(start, last, down(low), near(median), up(high), fewer))
    return tuple(rows)


def floor_rows(taken: Snapshots | None) -> tuple[FloorRow, ...]:
    """Give what lists show of the dates of their tables, the last first."""
    if taken is None:
        return ()
    rows = []
    for day in reversed(taken.dates):
        seen = taken.evidence(day)
        shown = (taken.floor(day), seen["left_later"], seen["named_later"], taken.not_known_to_have_left(day))
        rows.append(FloorRow(day, *map(float, map(down, shown))))
    return tuple(rows)


def doubt_row(answers: Answers, shares: WrongShare) -> DoubtRow | None:
    """Give who stands among those not known to have left on the last day of the lists."""
    path, whole = answers.paths.get("lists"), answers.all_belong
    detail = None if path is None else path.detail
    if not answers.people or path is None or not isinstance(detail, SeriesDetail) or not detail.wrong:
        return None
    people, day = answers.people[0], max(detail.wrong)
    left, wrong = (count[day].interval(LEVEL).printed for count in (detail.left, detail.wrong))
    limits = None
    if whole is not None and whole.identified_by == "data" and whole.dates[-1] == path.dates[-1]:
        low, _, high = whole.at(whole.dates[-1]).printed(LEVEL)
        limits = (down(low), up(high))
    return DoubtRow(
        day,
        (down(left[0]), up(left[1])),
        (down(wrong[0]), up(wrong[1])),
        shares.sentence(people.lists, people.audited),
        limits,
        shares.none(people.lists, people.audited),
    )


def wrong_rows(answers: Answers, stated: Iterable[float]) -> tuple[WrongRow, ...]:
    """Give the number held on the last day, if some entries of one list do not belong.

    The answer if all belong is taken times what a model fitted in milliseconds says of the last table without
    these entries.
    """
    whole, taken = answers.all_belong, answers.snapshots
    table = None if taken is None else taken.tables.get(taken.dates[-1])
    if whole is None or whole.identified_by != "data" or table is None:
        return ()
    shares = sorted({*TUNING.shares, *(share for share in stated if 0 < share <= MOST_WRONG)})
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
                        found[row.name].append((share, median * (1 + row.total_change)))
        except (NotEstimableError, ConvergenceError):
            return ()
    return tuple(WrongRow(name, tuple(held)) for name, held in found.items() if len(held) == len(shares))


def links_words(answers: Answers) -> Message | None:
    """Say how much of the variance is due to who is who; None where one partition was given."""
    path = answers.paths.get("lists")
    if path is None or len(answers.people) < 2 or not isinstance(path.detail, SeriesDetail):
        return None
    return share_of_links(path.detail.share_links, len(answers.people))


def public_links(words: Message) -> Message:
    """Say for the public how much is due to who is who: up to tens of per cent."""
    share, n = words.values["share"], words.values["n"]
    return Message(
        "Of the variance on the last day at most {share:.0%} is due to who is who, over {n:,} drawn "
        "partitions.",
        share=max(math.ceil(share * 10), 1) / 10,
        n=n,
    )


def effective_paths(path: StockPath) -> float | None:
    """Give the effective number of paths behind an answer, where they are weighted."""
    return path.detail.effective_paths if isinstance(path.detail, IntegratedDetail) else None


def notes_of(answers: Answers, chosen: AnswerKey | None) -> tuple[str, ...]:
    """Give the notes of the recommended answer, then of the lists and of the other answers, each once."""
    paths = sorted(answers.paths.items(), key=lambda item: item[0] != chosen)
    first = [note for key, path in paths if key == chosen for note in path.notes]
    of_lists = [note for people in answers.people[:1] for note in people.notes]
    rest = [note for key, path in paths if key != chosen for note in path.notes]
    elsewhere = (BOUNDS_ALONE, links_words(answers))
    return tuple(dict.fromkeys(note for note in (*first, *of_lists, *rest) if note not in elsewhere))


def papers_of(answers: Answers) -> tuple[Reference, ...]:
    """Give the papers of the estimators behind the lists."""
    path = answers.paths.get("lists")
    if path is None or not isinstance(path.detail, SeriesDetail):
        return ()
    made = (estimate.estimator for estimate in path.detail.estimates.values())
    return tuple(dict.fromkeys(paper for estimator in made for paper in estimator.references))


def public_declined(error: NotEstimableError) -> NotEstimableError:
    """Give why a method has no answer, where no number of the lists stands in it."""
    reason = Message("the lists say too little") if has_numbers(error.reason) else error.reason
    return NotEstimableError(error.estimator, reason, error.advice)


def settling(
    given: Given, path: StockPath | None, findings: tuple[Finding, ...], as_of: dt.date
) -> tuple[Message, ...]:
    """Say which data would narrow the answer, the most telling first."""
    rules = {finding.rule for finding in findings}
    apart = bool(rules & {"no overlap", "no estimate"})
    dated = path is not None and path.identified_by == "data" and path.anchors
    last = path.anchors[-1] if path is not None and dated else as_of
    stated = (
        (
            not given.people and given.anchors is None,
            Message(
                "Lists of names with days of arrest and exit, from at least two sources that work apart: "
                "only people who stand on one list and not on another tell how many stand on none."
            ),
        ),
        (
            bool(rules & {"copied lists", "extracts"}),
            Message(
                "Lists that were not made from each other: merge the copies, or find out who copied from "
                "whom."
            ),
        ),
        (
            apart,
            Message("Another list made apart from these, so that there are people named on two of them."),
        ),
        (
            bool(given.people) and "width" in rules and not apart,
            Message("A third list, or one that overlaps more with the others: two can be off together."),
        ),
        (
            (as_of - last).days > TUNING.late,
            Message("Lists as they stand at a later date: the last estimate is of {day}.", day=last),
        ),
        (
            given.stock is not None and given.arrests is None,
            Message(
                "The register's own running total of arrests, or how many people each bulletin entered and "
                "removed: they separate new arrests from names entered late."
            ),
        ),
        (
            given.stock is not None,
            Message(
                "How many of the newly entered had been arrested before: each of them was held unknown until "
                "then, and says how large the unknown is."
            ),
        ),
        (
            True,
            Message(
                "A count taken anew on one day by the same definition, as the roll of a prison or of its "
                "visits."
            ),
        ),
    )
    return tuple(words for holds, words in stated if holds)


def has_numbers(text: str) -> bool:
    """Check whether a note has a number, or cannot be read: it may show small counts, or one person more."""
    if not isinstance(text, Message):
        return any(letter.isdigit() for letter in text)
    return _has_number(text.values)


def _has_number(values: Mapping[str, object]) -> bool:
    """Check whether a number stands among the values of a message, however deep."""
    for value in values.values():
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Message):
                if _has_number(each.values):
                    return True
            elif isinstance(each, Number | Real):
                return True
    return False
