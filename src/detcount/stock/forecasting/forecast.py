"""What a register will hold: its published totals, its last one with past changes, and the forecast.

It is one answer from the totals to what is said of it.
"""

from __future__ import annotations

import datetime as dt
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from detcount import arguments, references
from detcount._numerics.arrays import Floats, Ints, frozen
from detcount.assumptions import Assumption
from detcount.citation import CitationStyle, Reference, cite
from detcount.definition import Definition
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import PRIVATE, PathInterval, UncertainCount, provenance
from detcount.estimates.interval import persons
from detcount.printing import Column
from detcount.published import PublishedStock
from detcount.published.days import as_date
from detcount.shown import Result
from detcount.specification import Specification, specification, written_out
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

_AHEAD = 30  # days whose forecast stands in the headline
_SHOWN = 8  # days of a printed table
_HALF = 0.5  # added to totals, so that one of 0 has a logarithm
_LAGS = 3  # totals that a change goes over at most
_WIDER = 1.25  # times the changes seen: chosen so that limits at 80% hold about so many, on other series


@dataclass(frozen=True)
class Totals:
    """Totals of one source in the order of their days; several of one day are all kept."""

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
        return np.asarray(np.log(self.counts + _HALF))


def totals_of(name: str, stock: object, *, least: int) -> Totals:
    """Read the totals of one register; those said with "at least" are left out where others say how many."""
    if not isinstance(stock, PublishedStock):
        raise TypeError(
            Message("{name}: expected a PublishedStock, got {kind}", name=name, kind=type(stock).__name__)
        )
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
            Message("needs totals of at least {least} days, got those of {n}", least=least, n=n_days),
            Message("Add published totals, or report the last one."),
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
        notes.append(
            Message.counted(
                "One day has more than one total, and all of them are taken as readings of one register.",
                "{n} days have more than one total, and all of them are taken as readings of one register.",
                n=len({date for date in dates if dates.count(date) > 1}),
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
    return np.maximum(np.rint(np.exp(np.minimum(logs, 30.0)) - _HALF), 0).astype(np.int64)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class RegisterForecast(Result):
    """What one register will be published to hold, for each day after its last total.

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
    forecaster : Specification
        The specification that made it.
    assumptions : tuple of Assumption
        What has to hold.
    digest : str
        SHA-256 of the data.
    seed : int
        Seed of the draws.
    notes : tuple of str, optional
        What a reader must know besides.
    definition : Definition, optional
        Who is counted.

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
    forecaster: Specification
    assumptions: tuple[Assumption, ...]
    digest: str
    seed: int
    notes: tuple[str, ...] = ()
    definition: Definition | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "draws", frozen(self.draws, np.int64))

    @property
    def _method(self) -> str:
        """The specification that made it, as code."""
        return repr(self.forecaster)

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
        return PathInterval.of_draws(self.dates, self.draws, arguments.level(level))

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """Give a pandas frame with a row for each day to come.

        Parameters
        ----------
        level : float, optional
            Credibility of the limits of each day, in (0, 1).

        Returns
        -------
        pandas.DataFrame
            Columns ``date``, ``low``, ``median``, ``high``, ``level``.
        """
        import pandas as pd

        limits = self.interval(level)
        return pd.DataFrame(
            {
                "date": np.array(self.dates, dtype="datetime64[s]"),
                "low": limits.low,
                "median": np.median(self.draws, axis=0),
                "high": limits.high,
                "level": limits.level,
            }
        )

    def record(self, level: float = 0.95) -> dict[str, Any]:
        """Give everything needed to make the forecast again, as plain values that JSON can hold."""
        limits = self.interval(level)
        return {
            "private": PRIVATE,
            "forecaster": repr(self.forecaster),
            "specification": written_out(self.forecaster),
            "source": str(self.source),
            "last_date": self.last_date.isoformat(),
            "last_count": self.last_count,
            "n_totals": self.n_totals,
            "dates": [date.isoformat() for date in self.dates],
            "low": limits.low.tolist(),
            "median": np.median(self.draws, axis=0).tolist(),
            "high": limits.high.tolist(),
            "level": limits.level,
            "definition": None if self.definition is None else self.definition.record(),
            "n_draws": len(self.draws),
            "seed": self.seed,
            "data_sha256": self.digest,
            "assumptions": [str(assumption) for assumption in self.assumptions],
            "notes": [str(note) for note in self.notes],
            **provenance(),
        }

    def cite(self, style: CitationStyle = "text") -> str:
        """Say how to cite the library and the papers of the method used."""
        return cite(style, references=self.forecaster.references)

    def headline(self) -> Message:
        """Give the total a month ahead, or on the last day of the forecast, in one line."""
        k = min(_AHEAD, len(self.dates)) - 1
        low, median, high = self._count(k).printed()
        return Message(
            "{median} on the register of {source} on {day} ({low} to {high}, 95%); {last:,} on {last_day}",
            median=persons(low if median is None else median),
            source=self.source,
            day=self.dates[k],
            low=persons(low),
            high=persons(high),
            last=self.last_count,
            last_day=self.last_date,
        )

    def sentence(self) -> Message:
        """Say within which limits the next totals are expected, and that they are no stock."""
        k = min(_AHEAD, len(self.dates)) - 1
        low, _, high = self._count(k).printed()
        return Message(
            "The total that {source} publishes for {day} is expected between {low} and {high}, with a "
            "probability of 95%. It is what the register will hold, and not how many people are held.",
            source=self.source,
            day=self.dates[k],
            low=persons(low),
            high=persons(high),
        )

    @property
    def _items(self) -> list[int]:
        """Some of the days, by number."""
        places = np.linspace(0, len(self.dates) - 1, _SHOWN).round().astype(int)
        return [int(place) for place in np.unique(places)]

    @property
    def _columns(self) -> tuple[Column, ...]:
        """The columns of the days that are shown."""

        def at(place: int) -> Callable[[int], float]:
            def value(k: int) -> float:
                low, median, high = self._count(k).printed()
                return (low, low if median is None else median, high)[place]

            return value

        titles = (Message("Low"), Message("Median"), Message("High"))
        return (
            Column(value=self.dates.__getitem__, title=Message("Date"), write="day"),
            *(Column(value=at(place), title=title, write=persons) for place, title in enumerate(titles)),
        )

    def _count(self, k: int) -> UncertainCount:
        """The total of one of the days."""
        return UncertainCount.from_draws(self.draws[:, k], bounds=(0, math.inf), identified_by="data")

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        object.__setattr__(self, "draws", frozen(self.draws, np.int64))

    def __repr__(self) -> str:
        return f"<RegisterForecast: {self.headline()}>"


class RegisterForecaster(ABC):
    """A specification that says how the logarithm of the totals of one register goes on.

    Whoever has another forecaster writes `log_draws`, and `backtest_register` scores it.

    See Also
    --------
    LastValue : The one that comes with detcount.

    Examples
    --------
    >>> from detcount import stock
    >>> isinstance(stock.LastValue(), stock.RegisterForecaster)
    True
    """

    horizon: int
    least: ClassVar[int]  # days with totals that it needs
    assumes: ClassVar[tuple[Assumption, ...]] = (Assumption.REGISTER_GOES_ON,)
    references: ClassVar[tuple[Reference, ...]]

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
        seed = arguments.seed(seed)
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
            forecaster=self,
            assumptions=self.assumes,
            digest=totals.digest,
            seed=seed,
            notes=totals.notes,
            definition=totals.definition,
        )

    @abstractmethod
    def log_draws(
        self, totals: Totals, origins: list[int], distances: list[Floats], seed: int
    ) -> list[Floats]:
        """Draws of log totals some days after each of some origins, which are numbers of totals known."""


def checked_forecasters(name: str, forecasters: Sequence[object]) -> tuple[RegisterForecaster, ...]:
    """Refuse what is no sequence of forecasters, at least one."""
    known: list[RegisterForecaster] = []
    for one in forecasters:
        if isinstance(one, type) or not isinstance(one, RegisterForecaster):
            raise TypeError(
                Message(
                    "{name}: expected forecasters such as LastValue(), got {got}",
                    name=name,
                    got=repr(one),
                )
            )
        known.append(one)
    if not known:
        raise TypeError(Message("{name}: expected forecasters such as LastValue(), got none", name=name))
    return tuple(known)


@specification
class LastValue(RegisterForecaster):
    """The last published total, with past changes drawn again around it.

    The estimand is the published total of a day to come. The forecast that every other one has to beat: as
    likely to rise as to fall, by the square root of the days ahead times what the past saw.

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
    drawn with replacement, with a sign of chance, and multiplied by 1.25 and by the root of the days ahead.
    On the six series that ship limits at 80% held .88, .79 and .73 of the next three totals on average; how
    many they hold depends on the series (.27 to 1), so that a report says how many they held on its own.

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

    horizon: int = 120
    n_draws: int = 4000

    least: ClassVar[int] = 3
    references: ClassVar[tuple[Reference, ...]] = (references.HARVEY_1989,)

    def __post_init__(self) -> None:
        arguments.whole_number("horizon", self.horizon, least=1)
        arguments.whole_number("n_draws", self.n_draws, least=100)

    def log_draws(
        self, totals: Totals, origins: list[int], distances: list[Floats], seed: int
    ) -> list[Floats]:
        """Draws of log totals some days after each of some origins, which are numbers of totals known."""
        days, logs = totals.days, totals.logs
        made = []
        for origin, ahead in zip(origins, distances, strict=True):
            rng = np.random.default_rng([seed, origin])
            first, then = np.triu_indices(origin, 1)
            near = (then - first <= _LAGS) & (days[then] > days[first])
            first, then = first[near], then[near]
            changes = (logs[then] - logs[first]) / np.sqrt(days[then] - days[first])
            drawn = _WIDER * rng.choice(changes, self.n_draws) * rng.choice([-1.0, 1.0], self.n_draws)
            made.append(logs[origin - 1] + drawn[:, None] * np.sqrt(ahead))
        return made
