"""What stands behind a path made by balance: the register itself, which is not the stock."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from detcount import arguments
from detcount._numerics.arrays import Ints, frozen
from detcount.errors import InputError
from detcount.estimates import UncertainCount
from detcount.stock.balance.register import BulletinBalance
from detcount.words import Message


@dataclass(frozen=True)
class LateEntries:
    """People whom the register entered late by its own account, and how many they put inside before.

    It takes for granted that all of them, and all on the register, were held on the day before the window.

    Parameters
    ----------
    start, end : datetime.date
        First and last day of the entries.
    count : int
        Persons entered who had been arrested earlier.
    bulletin : datetime.date
        The last bulletin before the window.
    total : int
        Its total: persons on the register.

    Examples
    --------
    >>> import detcount as dc
    >>> stock = dc.PublishedStock.from_frame(
    ...     {"date": ["2025-01-06", "2025-01-13"], "source": ["monitor"] * 2, "count": [900, 870]}
    ...     | {"role": ["verified"] * 2}
    ... )
    >>> dc.stock.StockBalance().fit(stock).detail.late
    ()
    """

    start: dt.date
    end: dt.date
    count: int
    bulletin: dt.date
    total: int

    @property
    def together(self) -> int:
        """Persons inside on the day before the window: on the register, and entered later."""
        return self.total + self.count


@dataclass(frozen=True, eq=False)
class BalanceDetail:
    """The register behind a path made by balance, draw by draw.

    Parameters
    ----------
    source : str
        Whose register it is.
    first : datetime.date
        First day of the arrays.
    register : ndarray of int64, shape (n_draws, n_days)
        Persons on the register at the end of each day, K.
    entered, struck : ndarray of int64, shape (n_draws, n_days)
        Persons entered, and struck off, on each day; none on the first, which begins with its total.
    waiting : ndarray of int64, shape (n_draws, n_days)
        Persons held at the end of each day who are entered later.
    free : ndarray of int64, shape (n_draws, n_days)
        Persons on the register who have left, and are struck off later.
    balances : tuple of BulletinBalance
        Bulletins whose printed flows can be held against the change of the total.
    late : tuple of LateEntries
        Entries that the register itself counts as late.

    Examples
    --------
    >>> import detcount as dc
    >>> stock = dc.PublishedStock.from_frame(
    ...     {"date": ["2025-01-06", "2025-01-13"], "source": ["monitor"] * 2, "count": [900, 870]}
    ...     | {"role": ["verified"] * 2}
    ... )
    >>> detail = dc.stock.StockBalance().fit(stock).detail
    >>> detail.source
    'monitor'
    """

    source: str
    first: dt.date
    register: Ints
    entered: Ints
    struck: Ints
    waiting: Ints
    free: Ints
    balances: tuple[BulletinBalance, ...]
    late: tuple[LateEntries, ...]

    def __post_init__(self) -> None:
        for name in ("register", "entered", "struck", "waiting", "free"):
            object.__setattr__(self, name, frozen(getattr(self, name), np.int64))

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()

    def struck_off(self, start: Any, end: Any) -> UncertainCount:
        """Give those who left the register after the end of a day, up to the end of another.

        Between two bulletins it is what `stock_flow_audit` gives: the total before, and the entries,
        less the total in the end.

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
            If a day is outside the series, or the second is not after the first.
        """
        return self._between(self.struck, start, end)

    def entries(self, start: Any, end: Any) -> UncertainCount:
        """Give those entered on the register after the end of a day, up to the end of another.

        Late entries are among them: they are no arrests of these days.

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
            If a day is outside the series, or the second is not after the first.
        """
        return self._between(self.entered, start, end)

    def _between(self, flow: Ints, start: Any, end: Any) -> UncertainCount:
        """Sum of a flow over the days after one, up to another."""
        i, j = (self._position(where, date) for where, date in (("start", start), ("end", end)))
        if j <= i:
            raise InputError(
                Message(
                    "end: expected a day after {start}, got {end}",
                    start=self.first + dt.timedelta(days=i),
                    end=self.first + dt.timedelta(days=j),
                )
            )
        return UncertainCount.from_draws(
            flow[:, i + 1 : j + 1].sum(axis=1), bounds=(0, math.inf), identified_by="prior"
        )

    def _position(self, where: str, date: Any) -> int:
        """Number of a day of the series."""
        day = arguments.day(where, date)
        last = self.first + dt.timedelta(days=self.register.shape[1] - 1)
        if not self.first <= day <= last:
            raise InputError(
                Message(
                    "{where}: expected a day from {first} to {last}", where=where, first=self.first, last=last
                )
            )
        return (day - self.first).days
