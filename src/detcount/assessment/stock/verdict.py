"""Answers of each method to what is given, and the rules that decide what can be printed of a stock.

It is the evidence, with what it is gathered from, and the rules that look at it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

import numpy as np

from detcount.assessment.common.verdict import (
    FEWEST_PERSONS,
    LEVEL,
    MOST_DISAGREEMENT,
    MOST_WIDTH,
    WIDTH_OF_NOTHING,
    Rule,
)
from detcount.assessment.stock.registers import attempted, balance_of, main_register
from detcount.copies import NEARLY_ALL, ListCopy, copied_lists
from detcount.data.operates import Operates
from detcount.data.persons import PersonLists
from detcount.data.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.data.published.reading import as_date
from detcount.errors import NotEstimableError
from detcount.estimates import StockPath
from detcount.reading.days import as_day
from detcount.reports.numbers import decimal, percent
from detcount.stock import IntegratedStock, Snapshots, WrongShare, series, snapshots
from detcount.words import Message

AnswerKey = Literal["lists", "integrated", "balance"]
_ORDER: tuple[AnswerKey, ...] = ("lists", "integrated")  # the balance has bounds, and none from above


@dataclass(frozen=True)
class Tuning:
    """Thresholds of the verdict on people held.

    Parameters
    ----------
    fresh : int, days
        Days by which lists may end before the published totals and still be recommended. Convention: two
        weeks.
    dates : int, days
        Most days on which the lists are estimated. Convention: eleven, ten equal steps.
    apart : int, days
        Least days between two of these, if there are more than two. Convention: four weeks.
    share : float, share
        Share of the most people ever named; dates begin on the first day with as many. Convention: a fourth.
    settled : int, days
        Days of the lists from which on more than the latest day is estimated. Convention: a week.
    near : int, days
        Days between a published total and the day that it is compared with. Convention: two weeks.
    longest_ahead : int, days
        Days after the last estimate beyond which a path is a forecast. Convention: half a year.
    """

    fresh: int = 14
    dates: int = 11
    apart: int = 28
    share: float = 0.25
    settled: int = 7
    near: int = 14
    longest_ahead: int = 183


TUNING = Tuning()

_HELD_TO_COUNT = ("verified", "reported")


def snapshot_dates(people: PersonLists) -> tuple[dt.date, ...]:
    """Give the dates of the tables: evenly spread, at most 11.

    Parameters
    ----------
    people : PersonLists
        Who is on which list.

    Returns
    -------
    tuple of datetime.date
        The dates, the last of which is the last day on which any list said anything.
    """
    latest = people.latest_day
    taken = snapshots(people, [latest])
    named = taken.names
    many = np.flatnonzero(named >= TUNING.share * max(int(named.max(initial=0)), 1))
    first = taken.first_day + dt.timedelta(days=int(many[0])) if len(many) else latest
    first = min(max(first, as_day(int(people.listed.min()))), latest)
    n_days = (latest - first).days
    if n_days < TUNING.settled:
        return (latest,)
    n = min(TUNING.dates, max(2, 1 + n_days // TUNING.apart))
    return tuple(first + dt.timedelta(days=int(k)) for k in np.linspace(0, n_days, n).round())


@dataclass(frozen=True)
class Given:
    """Data given, cut off at the last day that may be known.

    Parameters
    ----------
    people : tuple of PersonLists
        Lists of names with days: none, one, or those of drawn partitions, first the one with fewest known to
        be inside.
    stock : PublishedStock or None
        Published totals.
    arrests : PublishedArrests or None
        Published arrests.
    releases : PublishedReleases or None
        Published releases.
    anchors : object or None
        Estimates at some dates.
    wrong : WrongShare
        Which share of the entries of lists does not belong.
    operates : Operates or None
        Where and when lists operate.
    """

    people: tuple[PersonLists, ...]
    stock: PublishedStock | None
    arrests: PublishedArrests | None
    releases: PublishedReleases | None
    anchors: Any
    wrong: WrongShare
    operates: Operates | None


@dataclass(frozen=True)
class Answers:
    """Answers of each method, with the lists that it rests on.

    Parameters
    ----------
    people : tuple of PersonLists
        The lists of names, as in `Given`.
    paths : dict of str to StockPath
        The paths by method.
    declined : dict of str to NotEstimableError
        Methods without an answer.
    snapshots : Snapshots or None
        The tables of the lists.
    all_belong : StockPath or None
        The answer of the lists for the last days, if everybody on them belongs.
    """

    people: tuple[PersonLists, ...]
    paths: Mapping[AnswerKey, StockPath]
    declined: Mapping[AnswerKey, NotEstimableError]
    snapshots: Snapshots | None
    all_belong: StockPath | None = None


def answers_of(given: Given, seed: int) -> Answers:
    """Ask every method that has what it needs.

    Parameters
    ----------
    given : Given
        What is known.
    seed : int
        Seed of every fit.

    Returns
    -------
    Answers
        Paths, and reasons where there is none.
    """
    found: dict[AnswerKey, StockPath | NotEstimableError] = {}
    taken = whole = None
    if given.people:
        dates = snapshot_dates(given.people[0])
        stated = given.wrong.stated(given.people[0].lists, given.people[0].audited)
        at = partial(snapshots, operates=given.operates)
        of_all = [at(each, dates, wrong=stated) for each in given.people]
        last = [at(each, dates[-2:]) for each in given.people]
        taken = of_all[0]
        path = partial(series, None, seed=seed)
        found["lists"] = attempted("series", partial(path, _one(of_all), wrong=given.wrong))
        whole = attempted("series", partial(path, _one(last), wrong=None))
    if given.stock is not None:
        register = main_register(given.stock)
        lists = found.get("lists")
        anchors = given.anchors
        if anchors is None and isinstance(lists, StockPath) and _meet(lists, given.stock, register):
            anchors = lists
        stock, arrests, releases = given.stock, given.arrests, given.releases
        model = IntegratedStock(register=register)
        fit = partial(model.fit, stock, arrests=arrests, releases=releases, anchors=anchors, floor=taken)
        found["integrated"] = attempted("IntegratedStock", partial(fit, seed=seed))
        bounded = partial(balance_of, stock, arrests, releases, taken, seed)
        found["balance"] = attempted("StockBalance", bounded)
    return Answers(
        given.people,
        {
            key: replace(path, published=given.stock)
            for key, path in found.items()
            if isinstance(path, StockPath)
        },
        {key: error for key, error in found.items() if isinstance(error, NotEstimableError)},
        taken,
        whole if isinstance(whole, StockPath) else None,
    )


def _one(tables: list[Snapshots]) -> Snapshots | list[Snapshots]:
    """The tables of one partition by themselves."""
    return tables[0] if len(tables) == 1 else tables


def _meet(lists: StockPath, stock: PublishedStock, register: str) -> bool:
    """Check whether a path was estimated on some day of a register, as anchors have to be."""
    days = [as_date(day) for day, source in zip(stock.date, stock.source, strict=True) if source == register]
    return any(min(days) <= day <= max(days) for day in lists.anchors)


def recommended_of(paths: Mapping[AnswerKey, StockPath]) -> AnswerKey | None:
    """Say which answer is recommended: lists as long as they reach the last days, then the integrated model.

    The balance never is: it has no upper bound, so that nothing could be printed of it.

    Parameters
    ----------
    paths : dict of str to StockPath
        The paths by method.

    Returns
    -------
    str or None
        Its key.
    """
    last = max((path.dates[-1] for path in paths.values()), default=None)
    old = last is not None and "lists" in paths and (last - paths["lists"].dates[-1]).days > TUNING.fresh
    if old and "integrated" in paths:
        return "integrated"
    return next((key for key in _ORDER if key in paths), None)


@dataclass(frozen=True, kw_only=True)
class StockEvidence:
    """Evidence that the rules of the verdict look at.

    Parameters
    ----------
    has_people, has_anchors : bool
        Whether there are lists of names, and estimates at some dates.
    answered : tuple of str
        Keys of the methods that answered.
    named : int, optional
        Persons named who certainly were held on the last date, None without lists.
    shared : int, optional
        Persons on two lists or more on the last date with a table; None without lists.
    copies : tuple of ListCopy
        Lists of that table that are no witnesses of their own.
    copied : tuple of str
        Lists that took names from another, by a column of the data or by the days.
    limits : tuple of (float, float), optional
        Limits of the recommended answer on its day, persons.
    days_since : int, optional
        Days from the last date with an estimate to the day of the recommended answer.
    disagreement : float, optional
        Highest over lowest median of the answers that rest on the data.
    exceeds : str
        Source of the largest total of about that day.
    excess : float, optional
        That total over the upper limit.
    """

    has_people: bool
    has_anchors: bool
    answered: tuple[AnswerKey, ...]
    named: int | None
    shared: int | None
    copies: tuple[ListCopy, ...]
    copied: tuple[str, ...]
    limits: tuple[float, float] | None
    days_since: int | None
    disagreement: float | None
    exceeds: str
    excess: float | None

    @property
    def width(self) -> float | None:
        """Upper over lower limit."""
        if self.limits is None:
            return None
        low, high = self.limits
        return high / low if low > 0 else math.inf


def evidence_of(answers: Answers, given: Given, recommended: StockPath | None, day: dt.date) -> StockEvidence:
    """Gather what the rules look at.

    Parameters
    ----------
    answers : Answers
        What each method answers.
    given : Given
        What is known.
    recommended : StockPath or None
        The recommended answer.
    day : datetime.date
        The day that the verdict is about.

    Returns
    -------
    StockEvidence
        The evidence.
    """
    snapshots = answers.snapshots
    named = shared = None
    copies: tuple[ListCopy, ...] = ()
    if snapshots is not None:
        named, shared = snapshots.not_known_to_have_left(snapshots.dates[-1]), 0
        tables = [table for date, table in sorted(snapshots.tables.items()) if table.n_lists > 1]
        if tables:
            shared = int(tables[-1].capture_frequencies[1:].sum())
            copies = copied_lists(tables[-1])
    limits, since = None, None
    if recommended is not None:
        found = recommended.at(day).interval(LEVEL)
        limits = (found.low, found.high)
        if recommended.identified_by == "data" and recommended.anchors:
            since = (day - recommended.anchors[-1]).days
    exceeds, excess = _excess(given.stock, day, limits)
    return StockEvidence(
        has_people=snapshots is not None,
        has_anchors=given.anchors is not None,
        answered=tuple(answers.paths),
        named=named,
        shared=shared,
        copies=copies,
        copied=() if snapshots is None or snapshots.people is None else snapshots.people.copied,
        limits=limits,
        days_since=since,
        disagreement=_disagreement(answers.paths, day),
        exceeds=exceeds,
        excess=excess,
    )


def _disagreement(answers: Mapping[AnswerKey, StockPath], day: dt.date) -> float | None:
    """Highest over lowest median of the answers that rest on the data and reach the day."""
    found = [
        float(path.at(day).median or 0)
        for path in answers.values()
        if path.identified_by == "data" and path.dates[0] <= day <= path.dates[-1]
    ]
    return max(found) / min(found) if len(found) > 1 and min(found) > 0 else None


def _excess(
    stock: PublishedStock | None, day: dt.date, limits: tuple[float, float] | None
) -> tuple[str, float | None]:
    """The largest total that monitors published of about a day, over the upper limit."""
    if stock is None or limits is None or not 0 < limits[1] < math.inf:
        return "", None
    near = [
        (int(stock.count[row]), stock.source[row])
        for row in range(len(stock))
        if stock.role[row] in _HELD_TO_COUNT and abs((as_date(stock.date[row]) - day).days) <= TUNING.near
    ]
    if not near:
        return "", None
    count, source = max(near, key=lambda pair: pair[0])
    return source, count / limits[1]


RULES: tuple[Rule[StockEvidence], ...] = (
    Rule(
        "no overlap",
        "floor only",
        lambda seen: seen.has_people and not seen.has_anchors and seen.shared == 0,
        lambda _: Message(
            "nobody is named on two lists on the last date, so nothing limits the number from above"
        ),
    ),
    Rule(
        "too few",
        "floor only",
        lambda seen: seen.named is not None and seen.named < FEWEST_PERSONS,
        lambda _: Message("fewer than {least} people are named as held", least=FEWEST_PERSONS),
    ),
    Rule(
        "no estimate",
        "floor only",
        lambda seen: (
            seen.has_people and not seen.has_anchors and seen.shared != 0 and "lists" not in seen.answered
        ),
        lambda _: Message("the lists give an estimate at fewer than two dates"),
    ),
    Rule(
        "registers alone",
        "register only",
        lambda seen: not seen.has_people and not seen.has_anchors,
        lambda _: Message(
            "the published totals are those of registers, and nothing here says how many people no register "
            "knows"
        ),
    ),
    Rule(
        "no upper limit",
        "refuse",
        lambda seen: seen.limits is not None and not math.isfinite(seen.limits[1]),
        lambda _: Message("nothing limits the number from above"),
    ),
    Rule(
        "copied lists",
        "refuse",
        lambda seen: any(copy.kind in ("copy", "alike", "inside") for copy in seen.copies),
        lambda _: Message(
            "at least {share} of one list stands on another and nothing shows that both are complete: a copy "
            "is not a second witness",
            share=percent(NEARLY_ALL),
        ),
    ),
    Rule(
        "extracts",
        "range",
        lambda seen: any(copy.kind in ("extract", "all on one") for copy in seen.copies),
        lambda _: Message(
            "one list looks like an extract from another, which is not a second witness and makes the "
            "numbers too low"
        ),
    ),
    Rule(
        "names taken over",
        "range",
        lambda seen: bool(seen.copied),
        lambda seen: Message(
            "{lists:and} took names from another list, which makes the numbers too low", lists=seen.copied
        ),
    ),
    Rule(
        "says nothing",
        "refuse",
        lambda seen: seen.width is not None and WIDTH_OF_NOTHING < seen.width < math.inf,
        lambda _: Message(
            "the limits say next to nothing: the upper one is more than {most:.0f} times the lower",
            most=WIDTH_OF_NOTHING,
        ),
    ),
    Rule(
        "width",
        "range",
        lambda seen: seen.width is not None and MOST_WIDTH < seen.width <= WIDTH_OF_NOTHING,
        lambda _: Message(
            "the limits are wide: the upper one is more than {most:.0f} times the lower", most=MOST_WIDTH
        ),
    ),
    Rule(
        "disagreement",
        "range",
        lambda seen: seen.disagreement is not None and seen.disagreement > MOST_DISAGREEMENT,
        lambda _: Message(
            "the methods disagree: the highest number is more than {most:.0f} times the lowest",
            most=MOST_DISAGREEMENT,
        ),
    ),
    Rule(
        "long after",
        "range",
        lambda seen: seen.days_since is not None and seen.days_since > TUNING.longest_ahead,
        lambda seen: Message(
            "the last date with an estimate is {n:,} days before, more than {most:,}",
            n=seen.days_since or 0,
            most=TUNING.longest_ahead,
        ),
    ),
    Rule(
        "above the limits",
        "range",
        lambda seen: seen.excess is not None and seen.excess > 1,
        lambda seen: Message(
            "the last total of {source} is {ratio} times the upper limit: it may count other people",
            source=seen.exceeds,
            ratio=decimal(round(seen.excess or 0.0, 2)),
        ),
    ),
)
