"""The evidence: what each method answers, or why it has no answer, and what the rules look at."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from detcount.assessment.common.verdict import LEVEL
from detcount.assessment.stock.content import AnswerKey
from detcount.copies import ListCopy, copied_lists
from detcount.errors import ConvergenceError, NotEstimableError
from detcount.estimates import StockPath
from detcount.published import PublishedStock
from detcount.published.days import as_date
from detcount.stock import Snapshots
from detcount.words import Message

_NEAR = 14  # days between a published total and the day that it is set against
_HELD_TO_COUNT = ("verified", "reported")

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class StockEvidence:
    """What the rules of the verdict look at.

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


def attempted(estimator: str, fit: Callable[[], T]) -> T | NotEstimableError:
    """Fit an estimator; where it has no answer, say why."""
    try:
        return fit()
    except NotEstimableError as error:
        return error
    except ConvergenceError:
        return NotEstimableError(
            estimator,
            Message("an iteration did not converge"),
            Message("State tighter priors, or give fewer counts at a time."),
            advice=Message("Check the counts, or look at fewer of them at a time."),
        )


def evidence_of(
    answers: Mapping[AnswerKey, StockPath],
    recommended: StockPath | None,
    day: dt.date,
    *,
    snapshots: Snapshots | None,
    has_anchors: bool,
    stock: PublishedStock | None,
) -> StockEvidence:
    """Gather what the rules look at.

    Parameters
    ----------
    answers : dict of str to StockPath
        The paths by method.
    recommended : StockPath or None
        The recommended one.
    day : datetime.date
        The day that the verdict is about.
    snapshots : Snapshots or None
        The tables of the lists.
    has_anchors : bool
        Whether estimates at some dates were given.
    stock : PublishedStock or None
        The published totals.

    Returns
    -------
    StockEvidence
        The evidence.
    """
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
    exceeds, excess = _excess(stock, day, limits)
    return StockEvidence(
        has_people=snapshots is not None,
        has_anchors=has_anchors,
        answered=tuple(answers),
        named=named,
        shared=shared,
        copies=copies,
        limits=limits,
        days_since=since,
        disagreement=_disagreement(answers, day),
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
        if stock.role[row] in _HELD_TO_COUNT and abs((as_date(stock.date[row]) - day).days) <= _NEAR
    ]
    if not near:
        return "", None
    count, source = max(near, key=lambda pair: pair[0])
    return source, count / limits[1]
