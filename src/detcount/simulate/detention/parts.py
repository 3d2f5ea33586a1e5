"""Parts of an invented system of detention: bursts of arrests, waves of releases, lists."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, ClassVar

from detcount._numerics.arrays import Bools, Ints, ReadOnly
from detcount._numerics.stock.spells import per_day
from detcount.contract import arguments
from detcount.contract.arguments import AtLeast0, Proportion
from detcount.contract.specification import checked
from detcount.errors import InputError
from detcount.words import Message

Days = Annotated[int, partial(arguments.whole_number, least=1, unit="of days")]


@checked(kw_only=True)
class Burst:
    """Many arrests in few days.

    Parameters
    ----------
    day : int
        First day, counted from that of the system; may be below 0.
    arrests : int
        Persons arrested, on average.
    days : int, optional
        Days over which they are arrested; each is as likely.

    Examples
    --------
    >>> import detcount as dc
    >>> dc.simulate.Burst(day=40, arrests=300)
    Burst(day=40, arrests=300, days=20)
    """

    day: int
    arrests: Annotated[int, partial(arguments.whole_number, unit="of persons")]
    days: Days = 20
    _where: ClassVar[str] = "Burst: "


@checked(kw_only=True)
class ReleaseWave:
    """Many releases in few days.

    Parameters
    ----------
    day : int
        First day, counted from that of the system.
    share : float
        Probability that whoever is held on that day is let out in the wave.
    days : int, optional
        Days over which they are let out; each is as likely.

    Examples
    --------
    >>> import detcount as dc
    >>> dc.simulate.ReleaseWave(day=90, share=0.3)
    ReleaseWave(day=90, share=0.3, days=3)
    """

    day: int
    share: Proportion
    days: Days = 3
    _where: ClassVar[str] = "ReleaseWave: "


@checked(kw_only=True)
class DetaineeList:
    """A list that names some of those held.

    Parameters
    ----------
    name : str
        Its name.
    share : float
        Probability that it ever finds a person whom it could find, if the person is held long enough.
    delay : float, optional
        Mean days from the arrest to the entry on the list, a geometric number.
    exit_delay : float, optional
        Mean days from an exit to the day on which the list knows it, a geometric number.
    exit_never : float, optional
        Probability that the list never learns of an exit.
    partial : float, optional
        Probability that a day of arrest, and of exit, is known by its month only.
    first_day : int, optional
        Day on which the list begins, counted from that of the system; it names nobody before.
    forwards : tuple of str and float, optional
        Name of another list, and the probability that a name is passed on to it within a week.

    Examples
    --------
    >>> import detcount as dc
    >>> families = dc.simulate.DetaineeList(name="families", share=0.4)
    >>> families.delay, families.exit_never
    (20.0, 0.02)
    """

    name: str
    share: Proportion
    delay: AtLeast0 = 20.0
    exit_delay: AtLeast0 = 20.0
    exit_never: Proportion = 0.02
    partial: Proportion = 0.1
    first_day: int = 0
    forwards: tuple[str, float] | None = None
    _where: ClassVar[str] = "DetaineeList: "

    def __post_init__(self) -> None:
        if self.forwards is not None:
            arguments.share("DetaineeList: forwards", self.forwards[1])


@checked(kw_only=True)
class Surge:
    """A list that suddenly enters many who had been held for long.

    Parameters
    ----------
    day : int
        First day, counted from that of the system.
    name : str
        The list.
    share : float
        Probability that whoever is held and not on the list is entered; those never found are not.
    days : int, optional
        Days over which they are entered.

    Examples
    --------
    >>> import detcount as dc
    >>> dc.simulate.Surge(day=60, name="families", share=0.5)
    Surge(day=60, name='families', share=0.5, days=21)
    """

    day: int
    name: str
    share: Proportion
    days: Days = 21
    _where: ClassVar[str] = "Surge: "


@dataclass(frozen=True, eq=False, repr=False)
class StockTruth(ReadOnly):
    """Truth of an invented system of detention.

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
    findable: Bools

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

    def arrests(self, start: Any, end: Any) -> int:
        """Persons arrested after the end of a day, up to the end of another."""
        return self._between(self.entered, start, end)

    def exits(self, start: Any, end: Any) -> int:
        """Persons who left after the end of a day, up to the end of another."""
        return self._between(self.left, start, end)

    def _between(self, days: Ints, start: Any, end: Any) -> int:
        """Count the days after one day and up to another."""
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
