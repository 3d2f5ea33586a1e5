"""The methods side by side: what each answers from what is given, and which one is recommended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from detcount.assessment.stock.balancing import balance_of
from detcount.assessment.stock.content import AnswerKey
from detcount.assessment.stock.dates import snapshot_dates
from detcount.assessment.stock.evidence import attempted
from detcount.assessment.stock.registers import main_register
from detcount.errors import NotEstimableError
from detcount.estimates import StockPath
from detcount.persons import PersonLists
from detcount.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.published.days import as_date
from detcount.stock import IntegratedStock, Snapshots, series, snapshots

_ORDER: tuple[AnswerKey, ...] = ("lists", "integrated")  # the balance has bounds, and none from above
_FRESH = 14  # days by which the lists may end before the published totals and still be recommended


@dataclass(frozen=True)
class Given:
    """What is known, cut off at the last day that may be known.

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
    """

    people: tuple[PersonLists, ...]
    stock: PublishedStock | None
    arrests: PublishedArrests | None
    releases: PublishedReleases | None
    anchors: Any


@dataclass(frozen=True)
class Answers:
    """What each method answers.

    Parameters
    ----------
    paths : dict of str to StockPath
        The paths by method.
    declined : dict of str to NotEstimableError
        Methods without an answer.
    snapshots : Snapshots or None
        The tables of the lists.
    all_belong : StockPath or None
        The answer of the lists for the last days, if everybody on them belongs.
    """

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
        of_all, last = ([snapshots(each, days) for each in given.people] for days in (dates, dates[-2:]))
        taken = of_all[0]
        found["lists"] = attempted("series", partial(series, None, _one(of_all), seed=seed))
        whole = attempted("series", partial(series, None, _one(last), wrong=None, seed=seed))
    if given.stock is not None:
        register = main_register(given.stock)
        lists = found.get("lists")
        anchors = given.anchors
        if anchors is None and isinstance(lists, StockPath) and _meet(lists, given.stock, register):
            anchors = lists
        found["integrated"] = attempted(
            "IntegratedStock",
            partial(
                IntegratedStock(register=register).fit,
                given.stock,
                arrests=given.arrests,
                releases=given.releases,
                anchors=anchors,
                floor=taken,
                seed=seed,
            ),
        )
        found["balance"] = attempted(
            "StockBalance",
            partial(balance_of, given.stock, given.arrests, given.releases, taken, seed),
        )
    return Answers(
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
    """Whether a path was estimated on some day of a register, as anchors have to be."""
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
    old = last is not None and "lists" in paths and (last - paths["lists"].dates[-1]).days > _FRESH
    if old and "integrated" in paths:
        return "integrated"
    return next((key for key in _ORDER if key in paths), None)
