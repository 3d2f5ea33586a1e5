"""Path of the number held on each day of a span: draws of the whole path.

It is one class, most of it the documentation of what it answers; `path_figure` draws it.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from detcount._numerics.arrays import Floats, Ints, ReadOnly
from detcount.assumptions import Assumption
from detcount.contract import arguments
from detcount.contract.definition import Definition
from detcount.contract.specification import Specification, written_out
from detcount.data.published import PublishedStock
from detcount.errors import InputError
from detcount.estimates.count import IdentifiedBySource, UncertainCount
from detcount.estimates.interval import persons
from detcount.estimates.path_flows import PathFlows, PathInterval, flows_or_decline
from detcount.estimates.result import PRIVATE, made_of, plain
from detcount.reports.printing import Columns
from detcount.reports.shown import Result
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_MOST_SHOWN = 12  # days of a printed table


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class StockPath(ReadOnly, Result):
    """Number of people held at the end of each day of a span: draws of the whole path.

    The estimand is the stock S_t, and not what a register holds. Draws of different days belong together, so
    that a change, a mean over time or a statement about all days has its own distribution.

    Parameters
    ----------
    dates : tuple of datetime.date
        The days, one after the other.
    draws : ndarray of int64, shape (n_draws, n_days)
        Draws of the path, persons.
    floor : ndarray of int64, shape (n_days,)
        Lower bound of each day: the named who certainly were held, as known at the latest day.
    ceiling : ndarray of float64, shape (n_days,)
        Upper bound of each day; infinite where nothing sets one.
    anchors : tuple of datetime.date
        Days at which the number was estimated; those between are joined.
    method : str
        How the path was made.
    assumptions : tuple of Assumption
        What has to hold for it to mean what it says.
    digest : str
        SHA-256 of the data.
    seed : int
        Seed of the draws.
    identified_by : {"data", "prior", "bounds"}, optional
        What the distribution rests on. With "bounds" there is none: every answer is its bounds, and `draws`
        are paths that are possible, none of them more likely than another.
    notes : tuple of str, optional
        What a reader must know besides.
    detail : object, optional
        The typed detail of the method.
    definition : Definition, optional
        Who is counted.
    published : PublishedStock, optional
        Published totals of the same people, as figures show them beside the path.
    flows : PathFlows, optional
        Arrests, where the method has them.
    estimator : Specification, optional
        What made it, where one did.

    Examples
    --------
    >>> import detcount as dc
    >>> known = dc.simulate.detention_system(seed=1).people
    >>> taken = dc.stock.snapshots(known, ["2025-06-30", "2025-07-14"])
    >>> path = dc.stock.series(dc.abundance.LogLinear(), taken, n_draws=100)
    >>> len(path.dates)
    15
    """

    dates: tuple[dt.date, ...]
    draws: Ints
    floor: Ints
    ceiling: Floats
    anchors: tuple[dt.date, ...]
    method: str
    assumptions: tuple[Assumption, ...]
    digest: str
    seed: int
    identified_by: IdentifiedBySource = "data"
    notes: tuple[str, ...] = ()
    detail: object = None
    definition: Definition | None = None
    published: PublishedStock | None = None
    flows: PathFlows | None = None
    estimator: Specification | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.draws.shape[1:] != (len(self.dates),) or len(self.floor) != len(self.dates):
            raise ValueError(
                "a path whose days, draws and bounds differ in number is a defect of the estimator"
            )
        if (self.draws < self.floor).any() or (self.draws > self.ceiling).any():
            raise ValueError("a path outside its bounds is a defect of the estimator")

    @property
    def point(self) -> Floats:
        """Median of each day, persons, shape (n_days,); not a number where the path has bounds alone."""
        if self.identified_by == "bounds":
            return np.full(len(self.dates), np.nan)
        return np.asarray(np.median(self.draws, axis=0), dtype=np.float64)

    def at(self, date: Any) -> UncertainCount:
        """Give the stock at the end of a day.

        Parameters
        ----------
        date : date, str or numpy.datetime64
            The day.

        Returns
        -------
        UncertainCount
            Persons held.

        Raises
        ------
        InputError
            If the day is outside the path.
        """
        k = self._position("date", date)
        return self._count(self.draws[:, k], float(self.floor[k]), float(self.ceiling[k]))

    def interval(self, level: float = 0.95) -> PathInterval:
        """Give equal-tailed limits of each day, at a level that is that of each day by itself.

        Parameters
        ----------
        level : float, optional
            Credibility, in (0, 1).

        Returns
        -------
        PathInterval
            Limits of every day, persons.

        Raises
        ------
        InputError
            If the level is not between 0 and 1.
        """
        if self.identified_by == "bounds":
            return PathInterval(
                self.dates, self.floor.astype(np.float64), self.ceiling, level, "sharp bounds"
            )
        return PathInterval.of_draws(self.dates, self.draws, level)

    def change(self, start: Any, end: Any) -> UncertainCount:
        """Give the stock at the end of a day less that at the end of an earlier one.

        Parameters
        ----------
        start, end : date, str or numpy.datetime64
            The two days.

        Returns
        -------
        UncertainCount
            Persons more held; below 0 where fewer are.

        Raises
        ------
        InputError
            If a day is outside the path, or the second is not after the first.
        """
        i, j = self._span(start, end)
        low = float(self.floor[j]) - float(self.ceiling[i])
        high = float(self.ceiling[j]) - float(self.floor[i])
        return self._count(self.draws[:, j] - self.draws[:, i], low, high)

    def mean(self, start: Any, end: Any) -> UncertainCount:
        """Give the mean stock over the days from one to another, both included.

        A stock has no total over days, as the same people recur; but it has a mean over time.

        Parameters
        ----------
        start, end : date, str or numpy.datetime64
            The first and the last day.

        Returns
        -------
        UncertainCount
            Persons, rounded to whole ones.

        Raises
        ------
        InputError
            If a day is outside the path, or the second is not after the first.
        """
        i, j = self._span(start, end)
        low, high = float(self.floor[i : j + 1].mean()), float(self.ceiling[i : j + 1].mean())
        means = np.rint(self.draws[:, i : j + 1].mean(axis=1))
        return self._count(
            means.astype(np.int64), math.floor(low), math.ceil(high) if high < math.inf else high
        )

    def probability_throughout(self, at_least: int, start: Any, end: Any) -> float:
        """Give the probability that on every day of a span at least so many were held.

        Parameters
        ----------
        at_least : int
            Persons.
        start, end : date, str or numpy.datetime64
            The first and the last day.

        Returns
        -------
        float
            From 0 to 1: of all days together, not of each by itself. With bounds alone it is 0 or 1 where
            they decide, and else not a number.

        Raises
        ------
        InputError
            If a day is outside the path, or the second is not after the first.
        """
        least = arguments.whole_number("at_least", at_least, unit="of persons")
        i, j = self._span(start, end)
        if self.identified_by == "bounds":
            if (self.floor[i : j + 1] >= least).all():
                return 1.0
            return 0.0 if (self.ceiling[i : j + 1] < least).any() else math.nan
        return float((self.draws[:, i : j + 1].min(axis=1) >= least).mean())

    def plot(self, stock: PublishedStock | None = None, *, lang: str = "en") -> Figure:
        """Draw the path: a fan of the days, those that were estimated, the bounds, and published totals.

        Parameters
        ----------
        stock : PublishedStock, optional
            Published totals, drawn as points by source; by default those of the path.
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own; ``figure.savefig("held.png")`` writes it.

        Raises
        ------
        InputError
            If the language is unknown.
        """
        from detcount.estimates.path_figure import draw_path, fan_of, totals_by_source
        from detcount.reports.printed import figure_of

        chosen = self.published if stock is None else stock
        totals = () if chosen is None else totals_by_source(chosen)
        bounds = (self.floor, self.ceiling)
        fan = fan_of(self.dates, self.draws, bounds, self.anchors, self.identified_by)
        return figure_of(partial(draw_path, fan=fan, totals=totals), lang)

    def arrests(self, start: Any, end: Any) -> UncertainCount:
        """Give the persons arrested after the end of a day, up to the end of another.

        Parameters
        ----------
        start, end : date, str or numpy.datetime64
            The two days.

        Returns
        -------
        UncertainCount
            Persons.

        Raises
        ------
        InputError
            If a day is outside the path, or the second is not after the first.
        NotEstimableError
            If the method of the path says nothing of arrests.
        """
        i, j = self._span(start, end)
        return flows_or_decline(self.flows).between(self.draws[:, i], self.draws[:, j], i, j)[0]

    def exits(self, start: Any, end: Any) -> UncertainCount:
        """Give the persons who left, for whatever reason, after the end of a day, up to the end of another.

        They are the stock before and the arrests, less the stock in the end, draw by draw.

        Parameters
        ----------
        start, end : date, str or numpy.datetime64
            The two days.

        Returns
        -------
        UncertainCount
            Persons.

        Raises
        ------
        InputError
            If a day is outside the path, or the second is not after the first.
        NotEstimableError
            If the method of the path says nothing of arrests.
        """
        i, j = self._span(start, end)
        return flows_or_decline(self.flows).between(self.draws[:, i], self.draws[:, j], i, j)[1]

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """Give a pandas frame with a row for each day.

        Parameters
        ----------
        level : float, optional
            Credibility of the limits of each day, in (0, 1).

        Returns
        -------
        pandas.DataFrame
            Columns ``date``, ``low``, ``median``, ``high``, ``level``, ``floor``, ``ceiling``,
            ``identified_by``, and ``estimated``: whether the day is one at which the number was estimated.
        """
        import pandas as pd

        limits = self.interval(level)
        anchors = set(self.anchors)
        return pd.DataFrame(
            {
                "date": np.array(self.dates, dtype="datetime64[s]"),
                "low": limits.low,
                "median": self.point,
                "high": limits.high,
                "level": limits.level,
                "floor": self.floor,
                "ceiling": self.ceiling,
                "identified_by": self.identified_by,
                "estimated": [date in anchors for date in self.dates],
            }
        )

    def record(self, level: float = 0.95) -> dict[str, Any]:
        """Give everything needed to make the path again, as plain values that JSON can hold."""
        limits = self.interval(level)
        known = {
            "private": PRIVATE,
            "method": self.method,
            "specification": None if self.estimator is None else written_out(self.estimator),
            "dates": self.dates,
            "low": limits.low,
            "median": None if self.identified_by == "bounds" else self.point,
            "high": limits.high,
            "level": limits.level,
            "floor": self.floor,
            "ceiling": self.ceiling,
            "estimated": self.anchors,
            "identified_by": self.identified_by,
            "definition": self.definition,
            "n_draws": len(self.draws),
        }
        return plain(known) | made_of(self, {"data_sha256": self.digest})

    @property
    def _table(self) -> Columns:
        """Some of the days with their limits."""
        rows = []
        for k in spread_days(len(self.dates)):
            low, median, high = self.at(self.dates[k]).printed()
            cells = (low, low if median is None else median, high, float(self.floor[k]))
            rows.append((Message("{day}", day=self.dates[k]), *map(persons, cells)))
        head = (Message("Date"), Message("Low"), Message("Median"), Message("High"), Message("Floor"))
        return Columns(head, tuple(rows))

    @property
    def _method(self) -> str:
        return self.method

    def headline(self) -> Message:
        """Give the number held on the last day with its limits, and the days of the path, in one line."""
        low, median, high = self.at(self.dates[-1]).printed()
        if self.identified_by == "bounds":
            return Message(
                "{low} to {high} persons held on {last} (sharp bounds); path of {n:,} days from {first}",
                low=persons(low),
                high=persons(high),
                last=self.dates[-1],
                n=len(self.dates),
                first=self.dates[0],
            )
        return Message(
            "{median} persons held on {last} ({low} to {high}, 95%); path of {n:,} days from {first}",
            median=persons(low if median is None else median),
            last=self.dates[-1],
            low=persons(low),
            high=persons(high),
            n=len(self.dates),
            first=self.dates[0],
        )

    def sentence(self) -> Message:
        """Say how many are held on the first and on the last day, and how that changed."""
        first, last = (self.at(date).printed() for date in (self.dates[0], self.dates[-1]))
        if self.identified_by == "bounds":
            return Message(
                "At the end of {last} at least {low} people were held, and the upper bound is: {high}. "
                "Within its bounds no number is more likely than another.",
                last=self.dates[-1],
                low=persons(last[0]),
                high=persons(last[2]),
            )
        held = Message(
            "At the end of {first} between {first_low} and {first_high} people were held, and at the end of "
            "{last} between {last_low} and {last_high}, each with a probability of 95%.",
            first=self.dates[0],
            first_low=persons(first[0]),
            first_high=persons(first[2]),
            last=self.dates[-1],
            last_low=persons(last[0]),
            last_high=persons(last[2]),
        )
        fewer = float((self.draws[:, -1] < self.draws[:, 0]).mean())
        changed = Message("The probability that fewer were held in the end is {share:.0%}.", share=fewer)
        return Message.together((held, changed))

    def _count(self, draws: Ints, low: float, high: float) -> UncertainCount:
        """A count of draws within bounds, or the bounds alone."""
        if self.identified_by == "bounds":
            return UncertainCount.only_bounded(low, high)
        return UncertainCount.from_draws(draws, bounds=(low, high), identified_by=self.identified_by)

    def _position(self, where: str, date: Any) -> int:
        """Number of a day of the path."""
        day = arguments.day(where, date)
        if not self.dates[0] <= day <= self.dates[-1]:
            raise InputError(
                Message(
                    "{where}: expected a day from {first} to {last}",
                    where=where,
                    first=self.dates[0],
                    last=self.dates[-1],
                )
            )
        return (day - self.dates[0]).days

    def _span(self, start: Any, end: Any) -> tuple[int, int]:
        """Numbers of two days of the path, the second after the first."""
        i, j = self._position("start", start), self._position("end", end)
        if j <= i:
            raise InputError(
                Message(
                    "end: expected a day after {start}, got {end}", start=self.dates[i], end=self.dates[j]
                )
            )
        return i, j


def spread_days(n_days: int) -> list[int]:
    """Positions of the days of a printed table: the first, the last, and some between."""
    return [int(k) for k in np.unique(np.linspace(0, n_days - 1, _MOST_SHOWN).round())]
