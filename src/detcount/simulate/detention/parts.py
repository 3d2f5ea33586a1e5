"""What an invented system of detention is made of: bursts of arrests, waves of releases, lists."""

from __future__ import annotations

from dataclasses import dataclass

from detcount import arguments


@dataclass(frozen=True, kw_only=True)
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
    arrests: int
    days: int = 20

    def __post_init__(self) -> None:
        arguments.whole_number("Burst: arrests", self.arrests, unit="of persons")
        arguments.whole_number("Burst: days", self.days, least=1, unit="of days")


@dataclass(frozen=True, kw_only=True)
class ReleaseWave:
    """Many releases in few days.

    Parameters
    ----------
    day : int
        First day, counted from that of the system.
    share : float
        Chance of whoever is held on that day to be let out in the wave.
    days : int, optional
        Days over which they are let out; each is as likely.

    Examples
    --------
    >>> import detcount as dc
    >>> dc.simulate.ReleaseWave(day=90, share=0.3)
    ReleaseWave(day=90, share=0.3, days=3)
    """

    day: int
    share: float
    days: int = 3

    def __post_init__(self) -> None:
        arguments.share("ReleaseWave: share", self.share)
        arguments.whole_number("ReleaseWave: days", self.days, least=1, unit="of days")


@dataclass(frozen=True, kw_only=True)
class DetaineeList:
    """A list that names some of those held.

    Parameters
    ----------
    name : str
        Its name.
    share : float
        Chance that it ever finds a person whom it could find, if the person is held long enough.
    delay : float, optional
        Mean days from the arrest to the entry on the list, a geometric number.
    exit_delay : float, optional
        Mean days from an exit to the day on which the list knows it, a geometric number.
    exit_never : float, optional
        Chance that the list never learns of an exit.
    partial : float, optional
        Chance that a day of arrest, and of exit, is known by its month only.
    first_day : int, optional
        Day on which the list begins, counted from that of the system; it names nobody before.
    forwards : tuple of str and float, optional
        Name of another list, and the chance that a name is passed on to it within a week.

    Examples
    --------
    >>> import detcount as dc
    >>> families = dc.simulate.DetaineeList(name="families", share=0.4)
    >>> families.delay, families.exit_never
    (20.0, 0.02)
    """

    name: str
    share: float
    delay: float = 20.0
    exit_delay: float = 20.0
    exit_never: float = 0.02
    partial: float = 0.1
    first_day: int = 0
    forwards: tuple[str, float] | None = None

    def __post_init__(self) -> None:
        for name in ("share", "exit_never", "partial"):
            arguments.share(f"DetaineeList: {name}", getattr(self, name))
        for name in ("delay", "exit_delay"):
            arguments.number(f"DetaineeList: {name}", getattr(self, name), least=0)
        if self.forwards is not None:
            arguments.share("DetaineeList: forwards", self.forwards[1])


@dataclass(frozen=True, kw_only=True)
class Surge:
    """A list that suddenly enters many who had been held for long.

    Parameters
    ----------
    day : int
        First day, counted from that of the system.
    name : str
        The list.
    share : float
        Chance of whoever is held and not on the list to be entered; those never found are not.
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
    share: float
    days: int = 21

    def __post_init__(self) -> None:
        arguments.share("Surge: share", self.share)
        arguments.whole_number("Surge: days", self.days, least=1, unit="of days")
