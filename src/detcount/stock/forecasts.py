"""Forecast of a register: its last total with past changes, and scores of such forecasts.

It is one answer from the totals to what is said of it, and of how far such answers could be trusted.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from detcount._numerics.arrays import Floats, Ints, ReadOnly
from detcount.assumptions import Assumption
from detcount.contract import arguments, references
from detcount.contract.arguments import AtLeast1, AtLeast100
from detcount.contract.citation import Reference
from detcount.contract.definition import Definition
from detcount.contract.specification import Specification, door, specification, written_out
from detcount.data.published import PublishedStock
from detcount.data.published.reading import as_date
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import PRIVATE, PathInterval, UncertainCount
from detcount.estimates.interval import persons
from detcount.estimates.result import made_of, plain
from detcount.reports.printing import Column, Columns, frame_of
from detcount.reports.printing.columns import printed_columns
from detcount.reports.shown import Result
from detcount.words import N_, Message

if TYPE_CHECKING:
    import pandas as pd

_TOO_FEW_DAYS = N_("needs totals of at least {least} days, got those of {n}")
_ADD_TOTALS = Message("Add published totals, or report the last one.")


@dataclass(frozen=True)
class Tuning:
    """Numbers by which a register is forecast, scored and shown.

    Parameters
    ----------
    lags : int, totals
        Totals, at most, that a drawn change goes over. Scored beside `wider` in
        benchmarks/results/stock_forecasts.md.
    wider : float, factor
        Factor of the changes seen. Chosen so that limits at 80% cover about so many of the next three
        totals of the six series of benchmarks/results/stock_forecasts.md.
    half : float, persons
        Persons added to a total before its logarithm is taken. Convention: half a person.
    levels : tuple of float
        Levels of the limits that are scored. Convention: 80 and 95%.
    deciles : int
        Parts into which quantiles cut a forecast for the pinball loss. Convention: deciles.
    ahead : int, days
        Days ahead of the forecast in a headline. Convention: a month.
    shown : int, rows
        Rows of a printed table. Convention: a table that fits a screen.
    """

    lags: int = 3
    wider: float = 1.25
    half: float = 0.5
    levels: tuple[float, float] = (0.8, 0.95)
    deciles: int = 10
    ahead: int = 30
    shown: int = 8


TUNING = Tuning()


@dataclass(frozen=True)
class Totals:
    """Totals of one source in the order of their days; several of one day are all retained."""

    source: str
    dates: tuple[dt.date, ...]
    counts: Ints
    digest: str
    definition: Definition | None
    notes: tuple[str, ...]

    @property
    def days(self) -> Floats:
        """Days since the first total."""
        return np.array([(date - self.dates[0]).days for date in self.dates], dtype=np.float64)

    @property
    def logs(self) -> Floats:
        """Logarithms of the totals."""
        return np.asarray(np.log(self.counts + TUNING.half))


def totals_of(name: str, stock: PublishedStock, *, least: int) -> Totals:
    """Read the totals of one register; those said with "at least" are left out where others say how many."""
    if len(stock.sources) > 1:
        raise InputError(
            Message(
                "{name}: expected the totals of one source, as registers of different sources differ, got "
                "{n} sources. Choose one with stock.select(source=...)",
                name=name,
                n=len(stock.sources),
            )
        )
    n_bounds = int(stock.at_least.sum())
    exact = stock if n_bounds in (0, len(stock)) else stock.where(~stock.at_least)
    dates = tuple(as_date(day) for day in exact.date)
    n_days = len(set(dates))
    if n_days < least:
        raise NotEstimableError(
            name,
            Message(_TOO_FEW_DAYS, least=least, n=n_days),
            _ADD_TOTALS,
        )
    notes: list[str] = []
    if len(exact) < len(stock):
        notes.append(
            Message.counted(
                'One total was said with "at least" or "more than", and is left out.',
                '{n} totals were said with "at least" or "more than", and are left out.',
                n=n_bounds,
            )
        )
    elif n_bounds:
        notes.append(
            Message('Every total was said with "at least" or "more than", and is taken as the total.')
        )
    if n_days < len(dates):
        twice = {date for date in dates if dates.count(date) > 1}
        notes.append(
            Message.counted(
                "One day has more than one total, and all of them are taken as readings of one register.",
                "{n} days have more than one total, and all of them are taken as readings of one register.",
                n=len(twice),
            )
        )
    return Totals(
        stock.sources[0],
        dates,
        exact.count.astype(np.int64),
        stock.digest,
        stock.definition,
        tuple(notes),
    )


def counts_of(logs: Floats) -> Ints:
    """Totals of logarithms: whole persons, none below 0."""
    return np.maximum(np.rint(np.exp(np.minimum(logs, 30.0)) - TUNING.half), 0).astype(np.int64)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class RegisterForecast(ReadOnly, Result):
    """Forecast of the published total of one register, for each day after its last total.

    The estimand is the published total of a day, R_t, and not the stock: people whom the monitor does not
    know are in neither of them. Draws of different days belong together.

    Parameters
    ----------
    source : str
        Whose register it is.
    last_date : datetime.date
        Day of the last total.
    last_count : int
        The last total, persons.
    n_totals : int
        Totals that were read.
    dates : tuple of datetime.date
        The days to come, one after the other.
    draws : ndarray of int64, shape (n_draws, n_days)
        Draws of the published total of each day, persons.
    estimator : Specification
        The specification that made it.
    assumptions : tuple of Assumption
        Assumptions of the estimate.
    digest : str
        SHA-256 of the data.
    seed : int
        Seed of the draws.
    notes : tuple of str, optional
        Notes for a reader.
    definition : Definition, optional
        Definition of who is counted.

    See Also
    --------
    LastValue : Makes it.
    backtest_register : How well such forecasts did.

    Examples
    --------
    >>> import detcount as dc
    >>> published = dc.datasets.load("venezuela_stock_2017")
    >>> print(dc.stock.LastValue().fit(published).headline())
    241 on the register of Foro Penal on 22 April 2022 (141 to 410, 95%); 241 on 23 March 2022
    """

    source: str
    last_date: dt.date
    last_count: int
    n_totals: int
    dates: tuple[dt.date, ...]
    draws: Ints
    estimator: Specification
    assumptions: tuple[Assumption, ...]
    digest: str
    seed: int
    notes: tuple[str, ...] = ()
    definition: Definition | None = None

    def register(self, date: Any) -> UncertainCount:
        """Give the published total of a day to come.

        Parameters
        ----------
        date : date, str or numpy.datetime64
            The day.

        Returns
        -------
        UncertainCount
            Persons on the register, as published for that day.

        Raises
        ------
        InputError
            If the day is outside the forecast.
        """
        day = arguments.day("date", date)
        if not self.dates[0] <= day <= self.dates[-1]:
            raise InputError(
                Message(
                    "date: expected a day from {first} to {last}, as far as the forecast goes. A forecaster "
                    "takes a longer `horizon`, in days",
                    first=self.dates[0],
                    last=self.dates[-1],
                )
            )
        return self._count((day - self.dates[0]).days)

    def interval(self, level: float = 0.95) -> PathInterval:
        """Give equal-tailed limits of each day, pointwise and not simultaneous.

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
        return PathInterval.of_draws(self.dates, self.draws, level)

    def record(self, level: float = 0.95) -> dict[str, Any]:
        """Give everything needed to make the forecast again, as plain values that JSON can hold."""
        limits = self.interval(level)
        known = {
            "private": PRIVATE,
            "forecaster": repr(self.estimator),
            "specification": written_out(self.estimator),
            "source": str(self.source),
            "last_date": self.last_date,
            "last_count": self.last_count,
            "n_totals": self.n_totals,
            "dates": self.dates,
            "low": limits.low,
            "median": np.median(self.draws, axis=0),
            "high": limits.high,
            "level": limits.level,
            "definition": self.definition,
            "n_draws": len(self.draws),
        }
        return plain(known) | made_of(self, {"data_sha256": self.digest})

    def headline(self) -> Message:
        """Give the total a month ahead, or on the last day of the forecast, in one line."""
        k = min(TUNING.ahead, len(self.dates)) - 1
        _, low, median, high = self._items[k]
        return Message(
            "{median} on the register of {source} on {day} ({low} to {high}, 95%); {last:,} on {last_day}",
            median=persons(median),
            source=self.source,
            day=self.dates[k],
            low=persons(low),
            high=persons(high),
            last=self.last_count,
            last_day=self.last_date,
        )

    def sentence(self) -> Message:
        """State the limits of the next totals, and that they are no stock."""
        day, low, _, high = self._items[min(TUNING.ahead, len(self.dates)) - 1]
        source = self.source
        return Message(
            "The total that {source} publishes for {day} is expected between {low} and {high}, with a "
            "probability of 95%. It is what the register will hold, and not how many people are held.",
            source=source,
            day=day,
            low=persons(low),
            high=persons(high),
        )

    @cached_property
    def _items(self) -> list[tuple[dt.date, float, float, float]]:
        """The days, each with the limits and the median of its total."""
        printed = (self._count(k).printed() for k in range(len(self.dates)))
        limits = ((low, low if median is None else median, high) for low, median, high in printed)
        return [(date, *each) for date, each in zip(self.dates, limits, strict=True)]

    @property
    def _table(self) -> Columns | None:
        """Some of the days as people read them."""
        places = np.linspace(0, len(self.dates) - 1, TUNING.shown).round().astype(int)
        return printed_columns(self._columns, [self._items[k] for k in np.unique(places)])

    @property
    def _columns(self) -> tuple[Column, ...]:
        """A day, and the limits and the median of its total."""
        titles = {"low": Message("Low"), "median": Message("Median"), "high": Message("High")}
        return (
            Column(name="date", value=itemgetter(0), title=Message("Date"), write="day"),
            *(
                Column(name=name, value=itemgetter(place), title=title, write=persons)
                for place, (name, title) in enumerate(titles.items(), start=1)
            ),
        )

    def _count(self, k: int) -> UncertainCount:
        """The total of one of the days."""
        return UncertainCount.from_draws(self.draws[:, k], bounds=(0, math.inf), identified_by="data")


@specification
class LastValue:
    """The last published total, with past changes drawn again around it.

    The estimand is the published total of a day to come. Every other forecast has to beat this one: the total
    is as likely to rise as to fall, by the square root of the days ahead times what the past saw. A
    forecaster of one's own inherits from it and writes `log_draws`.

    Parameters
    ----------
    horizon : int, optional
        Days ahead.
    n_draws : int, optional
        Draws of the path.

    See Also
    --------
    backtest_register : How well it did, and how well a forecaster of one's own does.

    Notes
    -----
    Changes of the logarithm over one, two or three totals, each divided by the root of the days between, are
    drawn with replacement, with a random sign, and multiplied by 1.25 and by the root of the days ahead.
    On the six series that ship with the library, limits at 80% held .88, .79 and .73 of the next three totals
    on average. How many they hold depends on the series (.27 to 1): a report says how many they held on its
    own series.

    References
    ----------
    .. [1] Harvey, A. C. (1989). Forecasting, structural time series models and the Kalman filter. Cambridge
       University Press. https://doi.org/10.1017/CBO9781107049994

    Examples
    --------
    >>> from detcount import datasets, stock
    >>> totals = datasets.load("venezuela_stock").select(source="Foro Penal", role="verified")
    >>> stock.LastValue().fit(totals.as_of("2025-12-15")).register("2026-01-05").median
    902
    """

    horizon: AtLeast1 = 120
    n_draws: AtLeast100 = 4000

    least: ClassVar[int] = 3  # days with totals that it needs
    assumes: ClassVar[tuple[Assumption, ...]] = (Assumption.REGISTER_GOES_ON,)
    references: ClassVar[tuple[Reference, ...]] = (references.HARVEY_1989,)

    def fit(self, stock: PublishedStock, *, seed: int = 0) -> RegisterForecast:
        """Forecast the totals of one source for each day after its last one.

        Parameters
        ----------
        stock : PublishedStock
            The totals of one source.
        seed : int, optional
            Seed of all draws.

        Returns
        -------
        RegisterForecast
            Draws of the published total of each day.

        Raises
        ------
        InputError
            If there are several sources.
        NotEstimableError
            If there are totals of too few days: `LastValue` needs three.
        """
        totals = totals_of(type(self).__name__, stock, least=self.least)
        ahead = np.arange(1.0, self.horizon + 1)
        (draws,) = self.log_draws(totals, [len(totals.dates)], [ahead], seed)
        last = totals.dates[-1]
        return RegisterForecast(
            source=totals.source,
            last_date=last,
            last_count=int(totals.counts[-1]),
            n_totals=len(totals.dates),
            dates=tuple(last + dt.timedelta(days=k + 1) for k in range(self.horizon)),
            draws=counts_of(np.asarray(draws)),
            estimator=self,
            assumptions=self.assumes,
            digest=totals.digest,
            seed=seed,
            notes=totals.notes,
            definition=totals.definition,
        )

    def log_draws(
        self, totals: Totals, origins: list[int], distances: list[Floats], seed: int
    ) -> list[Floats]:
        """Draws of log totals some days after each of some origins, which are numbers of totals known."""
        if min(origins, default=2) < 2:  # no change is known before the second
            raise NotEstimableError(
                type(self).__name__,
                Message(_TOO_FEW_DAYS, least=self.least, n=min(origins)),
                _ADD_TOTALS,
            )
        days, logs = totals.days, totals.logs
        made = []
        for origin, ahead in zip(origins, distances, strict=True):
            rng = np.random.default_rng([seed, origin])
            first, then = np.triu_indices(origin, 1)
            near = (then - first <= TUNING.lags) & (days[then] > days[first])
            first, then = first[near], then[near]
            changes = (logs[then] - logs[first]) / np.sqrt(days[then] - days[first])
            drawn = TUNING.wider * rng.choice(changes, self.n_draws) * rng.choice([-1.0, 1.0], self.n_draws)
            made.append(logs[origin - 1] + drawn[:, None] * np.sqrt(ahead))
        return made


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class RegisterBacktest(Result):
    """Scores of forecasts of a register, each made from what was published by its day.

    Parameters
    ----------
    source : str
        Whose register it is.
    forecaster : LastValue
        The specification.
    rows : tuple of dict
        A row for each origin and total to come: ``origin``, ``ahead`` (1 for the next total), ``days``,
        ``date``, ``published``, ``median``, the limits ``low_80``, ``high_80``,
        ``low_95``, ``high_95``, ``error`` (absolute, of the logarithm) and ``pinball`` (mean loss of the nine
        deciles, of the logarithm).
    least : int
        Days with totals that were known at the first origin.
    digest : str
        SHA-256 of the data.
    seed : int
        Seed of the draws.
    notes : tuple of str, optional
        Notes for a reader.

    See Also
    --------
    backtest_register : Makes it.

    Examples
    --------
    >>> import detcount as dc
    >>> published = dc.datasets.load("venezuela_stock_2017")
    >>> scored = dc.stock.backtest_register(published, least=4)
    >>> print(scored.headline())
    next totals of Foro Penal forecast from 14 days: mean absolute log error 0.243 with LastValue
    """

    source: str
    forecaster: LastValue
    rows: tuple[dict[str, Any], ...]
    least: int
    digest: str
    seed: int
    notes: tuple[str, ...] = ()

    @property
    def n_origins(self) -> int:
        """Days at which forecasts were made."""
        return len({row["origin"] for row in self.rows})

    def scores(self) -> list[dict[str, Any]]:
        """Give mean error, cover of the limits, their width on the log scale, and pinball loss.

        Returns
        -------
        list of dict
            A row for each number of totals ahead: ``forecaster``, ``ahead``, ``n``, ``error``, ``cover_80``,
            ``cover_95``, ``width_80``, ``pinball``.
        """
        found = []
        for ahead in sorted({row["ahead"] for row in self.rows}):
            rows = [row for row in self.rows if row["ahead"] == ahead]
            widths = [np.log((row["high_80"] + TUNING.half) / (row["low_80"] + TUNING.half)) for row in rows]
            found.append(
                {
                    "forecaster": repr(self.forecaster),
                    "ahead": ahead,
                    "n": len(rows),
                    "error": _mean(rows, "error"),
                    "cover_80": _covered(rows, "80"),
                    "cover_95": _covered(rows, "95"),
                    "width_80": float(np.mean(widths)),
                    "pinball": _mean(rows, "pinball"),
                }
            )
        return found

    def to_frame(self) -> pd.DataFrame:
        """Give every forecast and the total that came as a row of a pandas frame."""
        return frame_of([dict(row) for row in self.rows])

    def headline(self) -> Message:
        """Give the error at the next total, in one line."""
        error, name = self.scores()[0]["error"], type(self.forecaster).__name__
        n = self.n_origins
        return Message(
            "next totals of {source} forecast from {n} days: mean absolute log error {error:.3f} with "
            "{forecaster}",
            source=self.source,
            n=n,
            error=error,
            forecaster=name,
        )

    def sentence(self) -> Message:
        """State how often limits at 80% covered the totals that came."""
        name, share = type(self.forecaster).__name__, _covered(self.rows, "80")
        return Message(
            "Of the {n} forecasts with {forecaster}, each made from what was published by its day, limits at "
            "80% held the total that came in {share:.0%}. Neighbouring forecasts overlap, so that they say "
            "less than their number.",
            n=len(self.rows),
            forecaster=name,
            share=share,
        )

    @property
    def _items(self) -> list[dict[str, Any]]:
        """The scores, a row for each number of totals ahead."""
        return self.scores()

    @property
    def _columns(self) -> tuple[Column, ...]:
        """The columns of the scores."""
        titles = {
            "ahead": (Message("Totals ahead"), ","),
            "n": (Message("Forecasts"), ","),
            "error": (Message("Error"), ".3f"),
            "cover_80": (Message("Cover at 80%"), ".0%"),
            "cover_95": (Message("Cover at 95%"), ".0%"),
            "width_80": (Message("Width at 80%"), ".3f"),
            "pinball": (Message("Pinball loss"), ".3f"),
        }

        return (
            Column(value=lambda _: type(self.forecaster).__name__, title=Message("Forecaster")),
            *(Column(name=name, title=title, write=write) for name, (title, write) in titles.items()),
        )


@door
def backtest_register(
    stock: PublishedStock,
    forecaster: LastValue | None = None,
    *,
    ahead: int = 3,
    least: int = 9,
    seed: int = 0,
) -> RegisterBacktest:
    """Forecast the next totals of a register from each day on which one was published, and score them.

    Parameters
    ----------
    stock : PublishedStock
        The totals of one source.
    forecaster : LastValue, optional
        Without it `LastValue()`; a class of one's own that inherits from it is scored the same way.
    ahead : int, optional
        Totals to come that are forecast from each day.
    least : int, optional
        Days with totals that have to be known before the first forecast, at least 3.
    seed : int, optional
        Seed of the draws.

    Returns
    -------
    RegisterBacktest
        Every forecast beside the total that came.

    Raises
    ------
    InputError
        If there are several sources, or a number is out of its range.
    NotEstimableError
        If there are totals of too few days.

    Notes
    -----
    A forecast knows the totals of its own day and of those before. A day with several totals is scored once,
    against the first of its rows.

    Examples
    --------
    >>> from detcount import datasets, stock
    >>> totals = datasets.load("venezuela_stock").select(source="Foro Penal", role="verified")
    >>> done = stock.backtest_register(totals)
    >>> done.n_origins, [round(row["error"], 3) for row in done.scores()]
    (22, [0.054, 0.084, 0.114])
    """
    chosen = LastValue() if forecaster is None else forecaster
    ahead = arguments.whole_number("ahead", ahead, least=1)
    least = arguments.whole_number("least", least, least=3)
    totals = totals_of("backtest_register", stock, least=3)
    days = sorted(set(totals.dates))
    if len(days) <= least:
        raise NotEstimableError(
            "backtest_register",
            Message("needs totals of more than {least} days, got those of {n}", least=least, n=len(days)),
            Message("Begin with fewer totals, or add published ones."),
        )
    known = [sum(date <= day for date in totals.dates) for day in days]  # totals known at the end of a day
    first = {day: totals.dates.index(day) for day in days}
    origins = list(range(least - 1, len(days) - 1))
    targets = [days[k + 1 : k + 1 + ahead] for k in origins]
    distances = [
        np.array([(day - days[k]).days for day in target], dtype=np.float64)
        for k, target in zip(origins, targets, strict=True)
    ]
    rows = []
    drawn = chosen.log_draws(totals, [known[k] for k in origins], distances, seed)
    for k, target, made in zip(origins, targets, drawn, strict=True):
        for place, day in enumerate(target):
            came = int(totals.counts[first[day]])
            row = {"origin": days[k], "ahead": place + 1, "days": (day - days[k]).days, "date": day}
            rows.append({**row, "published": came, **_scored(made[:, place], came)})
    return RegisterBacktest(
        source=totals.source,
        forecaster=chosen,
        rows=tuple(rows),
        least=least,
        digest=totals.digest,
        seed=seed,
        notes=totals.notes,
    )


def _scored(log_draws: Floats, came: int) -> dict[str, float]:
    """Limits of a forecast of a total, and its errors."""
    row: dict[str, float] = {}
    counts = counts_of(log_draws)
    row["median"] = float(np.quantile(counts, 0.5, method="inverted_cdf"))
    for level in TUNING.levels:
        tail = (1 - level) / 2
        low, high = np.quantile(counts, [tail, 1 - tail], method="inverted_cdf")
        row[f"low_{level * 100:.0f}"], row[f"high_{level * 100:.0f}"] = float(low), float(high)
    truth = np.log(came + TUNING.half)
    row["error"] = abs(float(np.log(row["median"] + TUNING.half) - truth))
    deciles = np.arange(1, TUNING.deciles) / TUNING.deciles
    above = truth - np.quantile(log_draws, deciles)
    row["pinball"] = float(np.maximum(deciles * above, (deciles - 1) * above).mean())
    return row


def _mean(rows: Sequence[dict[str, Any]], name: str) -> float:
    """Mean of a column."""
    return float(np.mean([row[name] for row in rows]))


def _covered(rows: Sequence[dict[str, Any]], level: str) -> float:
    """Share of the totals within the limits of a level."""
    return float(np.mean([row[f"low_{level}"] <= row["published"] <= row[f"high_{level}"] for row in rows]))
