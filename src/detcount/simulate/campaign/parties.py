"""Who announces and who verifies in an invented campaign, and the batches that are announced."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from detcount import arguments
from detcount.errors import InputError
from detcount.specification import specification
from detcount.words import Message

__all__ = ["Authority", "Batch", "DelayFamily", "Monitor", "Share"]

Share = float | tuple[float, float]
DelayFamily = Literal["weibull", "log-normal"]


@specification
class Batch:
    """A number of releases announced on one day.

    Parameters
    ----------
    day : int
        Day of the announcement and of the first releases, from 0.
    announced : int
        Releases announced, persons.
    over_days : int, optional
        Days over which those carried out are spread evenly, from `day` on.
    inflation : float or tuple of float, optional
        Share of the announced that is never carried out, or the parameters (a, b) of the Beta
        distribution it is drawn from; by default that of the authority.
    at_least : bool, optional
        Whether the announcement says "at least".

    Examples
    --------
    >>> Batch(day=4, announced=116)
    Batch(day=4, announced=116)
    """

    day: int
    announced: int
    over_days: int = 1
    inflation: Share | None = None
    at_least: bool = False

    def __post_init__(self) -> None:
        arguments.whole_number("Batch: day", self.day)
        arguments.whole_number("Batch: announced", self.announced)
        arguments.whole_number("Batch: over_days", self.over_days, least=1)
        if self.inflation is not None:
            _check_share("Batch: inflation", self.inflation)


@specification
class Authority:
    """The body of the state that announces.

    Its running total counts the announced batches of the window, every continuing release, and
    releases that never happened.

    Parameters
    ----------
    name : str, optional
        Its name as a source.
    inflation : float or tuple of float, optional
        Share of what is announced that is never carried out, below 1, or the parameters (a, b) of
        the Beta distribution it is drawn from: once a batch, and once for the running total.
    report_every : int, optional
        Days between its running totals; 0 for none.
    windows : tuple of tuple of int, optional
        Pairs (day, start): from that day on its totals count the releases since `start`, days from
        0. A second pair moves the window.
    at_least_share : float, optional
        Chance that a running total is rounded down to a ten and said to be "at least" it.

    Examples
    --------
    >>> Authority(inflation=(2, 6), windows=((5, 5), (20, 0)))
    Authority(inflation=(2, 6), windows=((5, 5), (20, 0)))
    """

    name: str = "ministry"
    inflation: Share = 0.25
    report_every: int = 3
    windows: tuple[tuple[int, int], ...] = ((0, 0),)
    at_least_share: float = 0.0

    def __post_init__(self) -> None:
        _check_share("Authority: inflation", self.inflation)
        if self.inflation == 1:
            raise InputError(Message("Authority: inflation: expected a share below 1, got 1"))
        arguments.whole_number("Authority: report_every", self.report_every)
        _check_windows("Authority", self.windows)
        arguments.share("Authority: at_least_share", self.at_least_share)


@specification
class Monitor:
    """A group that verifies releases one by one and publishes how many.

    Parameters
    ----------
    name : str
        Its name as a source.
    verification : float or tuple of float, optional
        Chance that it ever verifies a release within its definition, or the parameters (a, b) of
        the Beta distribution it is drawn from, once a campaign.
    delay : {"weibull", "log-normal"} or None, optional
        Family of the days from release to verification, whole days rounded down; None for the day
        itself.
    delay_parameters : tuple of float, optional
        Shape and scale (days) of the Weibull; mean and standard deviation of log days of the
        log-normal.
    counts_house_arrest : bool, optional
        Whether leaving prison for house arrest is a release in its definition.
    batch_days : tuple of int, optional
        Days, from 0, on which it accepts at once the cases it has let wait.
    batch_share : float, optional
        Share of its cases that wait for the next of `batch_days`, if there is one.
    report_every : int, optional
        Days between its reports.
    report_chance : float, optional
        Chance that a report due is published.
    totals, batches : bool, optional
        Whether its reports give a running total, and a count for each announced batch.
    windows : tuple of tuple of int, optional
        Pairs (day, start): from that day on its totals count the releases since `start`, days from
        0. A second pair moves the window.
    second_figure : float, optional
        Chance that a running total comes after an earlier figure of the same day, with a part of
        the day's cases.
    at_least_share : float, optional
        Chance that a count is rounded down to a ten and said to be "at least" it.
    wrong_share : float, optional
        Wrong entries for each true one, mean: counted with the verified, and withdrawn later, so
        that a total can fall.
    withdrawn_after : float, optional
        Days until a wrong entry is withdrawn, mean; at least 1.

    Examples
    --------
    >>> Monitor("families", verification=0.6, counts_house_arrest=True, report_every=2)
    Monitor(name='families', verification=0.6, counts_house_arrest=True, report_every=2)
    """

    name: str
    verification: Share = 0.8
    delay: DelayFamily | None = "weibull"
    delay_parameters: tuple[float, float] = (0.9, 4.0)
    counts_house_arrest: bool = False
    batch_days: tuple[int, ...] = ()
    batch_share: float = 0.0
    report_every: int = 1
    report_chance: float = 1.0
    totals: bool = True
    batches: bool = True
    windows: tuple[tuple[int, int], ...] = ((0, 0),)
    second_figure: float = 0.0
    at_least_share: float = 0.0
    wrong_share: float = 0.0
    withdrawn_after: float = 3.0

    def __post_init__(self) -> None:
        _check_share("Monitor: verification", self.verification)
        if self.delay not in ("weibull", "log-normal", None):
            raise InputError(
                Message(
                    "Monitor: delay: expected 'weibull', 'log-normal' or None, got {got}",
                    got=repr(self.delay),
                )
            )
        first, second = self.delay_parameters
        if not (np.isfinite(first) and 0 < second < np.inf and (self.delay != "weibull" or first > 0)):
            raise InputError(
                Message(
                    "Monitor: delay_parameters: expected {wanted}, got {got}",
                    wanted=Message("two positive numbers")
                    if self.delay == "weibull"
                    else Message("a number and a positive one"),
                    got=repr(self.delay_parameters),
                )
            )
        for day in self.batch_days:
            arguments.whole_number("Monitor: batch_days", day)
        arguments.whole_number("Monitor: report_every", self.report_every, least=1)
        _check_windows("Monitor", self.windows)
        for name in ("batch_share", "report_chance", "second_figure", "at_least_share"):
            arguments.share(f"Monitor: {name}", getattr(self, name))
        arguments.number("Monitor: wrong_share", self.wrong_share, least=0)
        if not 1 <= self.withdrawn_after < np.inf:
            raise InputError(
                Message(
                    "Monitor: withdrawn_after: expected at least 1 day, got {got}",
                    got=repr(self.withdrawn_after),
                )
            )


def _check_share(where: str, share: Any) -> None:
    """Refuse what is neither a share nor the parameters of one."""
    if isinstance(share, tuple):
        if len(share) != 2 or not all(0 < value < np.inf for value in share):
            raise InputError(
                Message(
                    "{where}: expected two positive numbers (a, b), got {got}", where=where, got=repr(share)
                )
            )
    else:
        arguments.share(where, share)


def _check_windows(where: str, windows: tuple[tuple[int, int], ...]) -> None:
    """Refuse windows that start after they are used, or out of order."""
    days = [since for since, _ in windows]
    if not windows or days != sorted(set(days)) or any(not 0 <= start <= since for since, start in windows):
        raise InputError(
            Message(
                "{where}: windows: expected pairs (day, start) by day, 0 <= start <= day, got {got}",
                where=where,
                got=repr(windows),
            )
        )
