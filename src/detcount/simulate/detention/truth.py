"""The truth of an invented system of detention, day by day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detcount import arguments
from detcount._numerics.arrays import Ints, frozen
from detcount._numerics.stock.days import per_day
from detcount.errors import InputError
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class StockTruth:
    """What happened in an invented system of detention.

    Parameters
    ----------
    first_day : datetime.date
        Day 0.
    n_days : int
        Days that are known.
    entered, left : ndarray of int64, shape (n_persons,)
        Day of the arrest and of the exit of everybody who was held on some day, counted from day 0; the exit
        may be after the last day.
    findable : ndarray of bool, shape (n_persons,)
        Whether any list could ever name the person.

    Examples
    --------
    >>> import detcount as dc
    >>> truth = dc.simulate.detention_system(seed=1).truth
    >>> len(truth.stock) == truth.n_days
    True
    """

    first_day: dt.date
    n_days: int
    entered: Ints
    left: Ints
    findable: NDArray[np.bool_]

    def __post_init__(self) -> None:
        for name in ("entered", "left"):
            object.__setattr__(self, name, frozen(getattr(self, name), np.int64))
        object.__setattr__(self, "findable", frozen(self.findable, np.bool_))

    @property
    def stock(self) -> Ints:
        """Persons held at the end of each day."""
        return per_day(self.entered, self.left, 0, self.n_days)

    @property
    def dates(self) -> tuple[dt.date, ...]:
        """The days."""
        return tuple(self.first_day + dt.timedelta(days=k) for k in range(self.n_days))

    def at(self, date: Any) -> int:
        """Persons held at the end of a day."""
        return int(self.stock[self._number("date", date)])

    def mean(self, start: Any, end: Any) -> float:
        """Mean number of persons held at the ends of the days from one to another, both among them."""
        first, last = self._number("start", start), self._number("end", end)
        return float(self.stock[first : last + 1].mean())

    def arrests(self, start: Any, end: Any) -> int:
        """Persons arrested after the end of a day, up to the end of another."""
        return self._between(self.entered, start, end)

    def exits(self, start: Any, end: Any) -> int:
        """Persons who left after the end of a day, up to the end of another."""
        return self._between(self.left, start, end)

    def to_frame(self) -> pd.DataFrame:
        """Give a pandas frame with a row a day: ``date``, ``stock``, ``arrests``, ``exits``, in persons."""
        import pandas as pd

        counts = {
            name: np.bincount(days[(days >= 0) & (days < self.n_days)], minlength=self.n_days)
            for name, days in (("arrests", self.entered), ("exits", self.left))
        }
        return pd.DataFrame(
            {"date": np.array(self.dates, dtype="datetime64[s]"), "stock": self.stock, **counts}
        )

    def _between(self, days: Ints, start: Any, end: Any) -> int:
        """How many of some days are after one and up to another."""
        first, last = self._number("start", start), self._number("end", end)
        return int(((days > first) & (days <= last)).sum())

    def _number(self, where: str, date: Any) -> int:
        """Number of a day from day 0."""
        number = (arguments.day(where, date) - self.first_day).days
        if not 0 <= number < self.n_days:
            raise InputError(
                Message(
                    "{where}: expected a day from {first} to {last}",
                    where=where,
                    first=self.first_day,
                    last=self.dates[-1],
                )
            )
        return number

    def __repr__(self) -> str:
        stock = self.stock
        return (
            f"<StockTruth: {self.n_days} days from {self.first_day}, {stock[0]:,} persons held on the first, "
            f"{stock[-1]:,} on the last>"
        )
