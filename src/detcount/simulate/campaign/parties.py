"""Who announces, who verifies and who passes figures on in an invented campaign."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from detcount import arguments
from detcount.errors import InputError
from detcount.simulate.campaign.shares import Share, check_share
from detcount.specification import specification
from detcount.words import Message

DelayFamily = Literal["weibull", "log-normal"]


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
        check_share("Authority: inflation", self.inflation)
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
    verification_sd : float, optional
        Standard deviation, from batch to batch, of the logit of the chance that it ever verifies a
        release. For releases of no batch the chance is `verification`.
    slow_share : float, optional
        Share of what it verifies that comes after `slow_delay` in place of `delay`.
    slow_delay : tuple of float, optional
        Mean and standard deviation of the log days of these verifications, which are log-normal; by
        default a month, and a factor of 1.6.
    outsider_share : float, optional
        Share, mean, of the people whom it counts with the verified who belong to no announcement and
        to no release of the campaign, such as others who left prison on these days; below 1. They
        stay on its register.
    copies : tuple of (str, float), optional
        Another monitor, one before it in the campaign, and the chance with which each entry of that
        one's register is taken over on the day after, if it was not found before. Whom it finds by
        itself stays what it is, so that its share grows.
    follow_chance : float, optional
        Chance that it follows a batch at all. Of a batch that it does not follow it verifies nobody
        and publishes no figure.
    followed_days : float, optional
        Days, exponential with this mean, for which it follows a batch that it follows; afterwards it
        verifies nobody of it and says nothing more. Infinite: to the end.
    overcount_chance : float, optional
        Chance that the first figure of a batch, or of a window, is too high and lowered by the next;
        it falls with the age of the figure, exp(-age / `overcount_days`).
    overcount_share : float, optional
        Persons too many in such a figure for each one right, mean of a Poisson distribution.
    overcount_days : float, optional
        Days in which that chance falls to 1/e.
    measure : str, optional
        What a release is in its counts, as it is published; by default "left prison" where house arrest
        counts, and "release from prison" elsewhere.

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
    verification_sd: float = 0.0
    slow_share: float = 0.0
    slow_delay: tuple[float, float] = (3.4, 0.47)
    outsider_share: float = 0.0
    copies: tuple[str, float] | None = None
    follow_chance: float = 1.0
    followed_days: float = math.inf
    overcount_chance: float = 0.0
    overcount_share: float = 0.2
    overcount_days: float = 2.0
    measure: str = ""

    def __post_init__(self) -> None:
        check_share("Monitor: verification", self.verification)
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
        for name in (
            *("batch_share", "report_chance", "second_figure", "at_least_share"),
            *("slow_share", "outsider_share", "follow_chance", "overcount_chance"),
        ):
            arguments.share(f"Monitor: {name}", getattr(self, name))
        for name in ("wrong_share", "verification_sd", "overcount_share"):
            arguments.number(f"Monitor: {name}", getattr(self, name), least=0)
        if self.outsider_share == 1:
            raise InputError(Message("Monitor: outsider_share: expected a share below 1, got 1"))
        arguments.positive("Monitor: overcount_days", self.overcount_days)
        if self.followed_days != math.inf:  # which is to the end
            arguments.positive("Monitor: followed_days", self.followed_days)
        arguments.number("Monitor: slow_delay", self.slow_delay[0], least=-10)
        arguments.positive("Monitor: slow_delay", self.slow_delay[1])
        if self.copies is not None:
            arguments.share("Monitor: copies", self.copies[1])
        if not 1 <= self.withdrawn_after < np.inf:
            raise InputError(
                Message(
                    "Monitor: withdrawn_after: expected at least 1 day, got {got}",
                    got=repr(self.withdrawn_after),
                )
            )


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
