"""What a register will hold: draws of its published total for each day to come."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from detcount import arguments
from detcount._numerics.arrays import Ints, frozen
from detcount.assumptions import Assumption
from detcount.citation import CitationStyle, cite
from detcount.definition import Definition
from detcount.errors import InputError
from detcount.estimates import PRIVATE, PathInterval, UncertainCount, provenance
from detcount.estimates.interval import persons
from detcount.printing import Columns, Summary
from detcount.shown import Shown
from detcount.specification import Specification, written_out
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

_AHEAD = 30  # days whose forecast stands in the headline
_SHOWN = 8  # days of a printed table


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class RegisterForecast(Shown):
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
    241 on the register of Foro Penal on 22 April 2022 (115 to 505, 95%); 241 on 23 March 2022
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

    def summary(self) -> Summary:
        """Give the whole: some of the days with their limits, the method, what has to hold, and the notes."""
        rows = []
        for k in np.unique(np.linspace(0, len(self.dates) - 1, _SHOWN).round().astype(int)).tolist():
            low, median, high = self._count(k).printed()
            cells = (low, low if median is None else median, high)
            rows.append((Message("{day}", day=self.dates[k]), *map(persons, cells)))
        head = (Message("Date"), Message("Low"), Message("Median"), Message("High"))
        return Summary(
            self.headline(),
            self.sentence(),
            Columns(head, tuple(rows)),
            method=repr(self.forecaster),
            assumptions=self.assumptions,
            notes=self.notes,
        )

    def _count(self, k: int) -> UncertainCount:
        """The total of one of the days."""
        return UncertainCount.from_draws(self.draws[:, k], bounds=(0, math.inf), identified_by="data")

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        object.__setattr__(self, "draws", frozen(self.draws, np.int64))

    def __repr__(self) -> str:
        return f"<RegisterForecast: {self.headline()}>"
