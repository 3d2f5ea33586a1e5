"""Parties of an invented campaign: announcements, who makes them, and who verifies."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from detcount.contract import arguments
from detcount.contract.arguments import AtLeast0, AtLeast1, Positive, PositivePair, Proportion
from detcount.contract.specification import AS_TYPED, specification
from detcount.errors import InputError
from detcount.words import Message

Share = float | tuple[float, float]

# Streams of random numbers, so that what monitors publish does not move what happened. The streams of
# monitor j are [seed, MONITORS + j, ...].
EVENTS, AUTHORITY, MONITORS = 0, 1, 2


def _checked_share(where: str, share: Any) -> Share:
    """Give a share or the parameters of one; refuse what is neither a share nor the parameters of one."""
    if isinstance(share, tuple):
        if len(share) != 2 or not all(0 < value < np.inf for value in share):
            raise InputError(
                Message(
                    "{where}: expected two positive numbers (a, b), got {got}", where=where, got=repr(share)
                )
            )
        return share
    return arguments.share(where, share)


def draw_share(share: Share, rng: np.random.Generator) -> float:
    """A share that is given, or drawn from its Beta distribution; one number is used up either way."""
    if isinstance(share, tuple):
        return float(rng.beta(*share))
    rng.random()
    return float(share)


Kind = Literal["window", "prospective", "retrospective", "running total"]


@specification
class Batch:
    """A number of releases announced as one thing.

    Parameters
    ----------
    day : int
        Day of the first releases, from 0, and of the announcement unless it is retrospective.
    announced : int
        Releases announced, persons.
    over_days : int, optional
        Days over which those completed are spread evenly, from `day` on.
    inflation : float or tuple of float, optional
        Share of the announced that is never completed, or the parameters (a, b) of the Beta
        distribution it is drawn from; by default that of the authority. With a pair the number carried
        out is beta-binomial.
    at_least : bool, optional
        Whether the announcement says "at least".
    kind : {"window", "prospective", "retrospective", "running total"}, optional
        What the announcement is about. "window": releases of `over_days` days from `day` on, announced on
        `day`. "retrospective": the same, announced on the last of these days. "running total": on each of
        these days, how many had been announced since `day`. "prospective": people will be freed, with no end
        stated; the days from `day` to release are Weibull, with the shape and scale of `pace`.
    pace : tuple of float, optional
        Shape and scale (days) of the days to release of a prospective announcement.
    political_share : float, optional
        Share of those completed who are within what monitors count; the others were released too, for
        offences that no monitor follows.
    measure : str, optional
        What a release is in the announcement, as it is published.

    Examples
    --------
    >>> Batch(day=4, announced=553, kind="prospective", pace=(0.8, 6.0), political_share=0.4)
    Batch(day=4, announced=553, kind='prospective', pace=(0.8, 6.0), political_share=0.4)
    """

    day: Annotated[int, arguments.whole_number]
    announced: Annotated[int, arguments.whole_number]
    over_days: AtLeast1 = 1
    inflation: Annotated[Share | None, _checked_share] = None
    at_least: bool = False
    kind: Annotated[Kind, AS_TYPED] = "window"
    pace: PositivePair = (1.0, 5.0)
    political_share: Proportion = 1.0
    measure: str = "left prison"
    _where: ClassVar[str] = "Batch: "

    def __post_init__(self) -> None:
        if not self.measure.strip():
            raise InputError(Message("Batch: measure: expected what a release is, got none"))

    @property
    def announced_on(self) -> int:
        """Day of the announcement; of a running total the first."""
        return self.day + self.over_days - 1 if self.kind == "retrospective" else self.day

    @property
    def last_day(self) -> int | None:
        """Last day of the releases that it speaks of; None where no end is said."""
        return None if self.kind == "prospective" else self.day + self.over_days - 1


def announced_by_day(batch: Batch) -> list[tuple[int, int]]:
    """Days on which the announcement is made, and how many each adds to what had been announced."""
    if batch.kind != "running total":
        return [(batch.announced_on, batch.announced)]
    steps = [batch.announced * (day + 1) // batch.over_days for day in range(batch.over_days)]
    return [(batch.day + day, now - before) for day, (before, now) in enumerate(pairwise([0, *steps]))]


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
        Share of what is announced that is never completed, below 1, or the parameters (a, b) of
        the Beta distribution it is drawn from: once a batch, and once for the running total.
    report_every : int, optional
        Days between its running totals; 0 for none.

    Examples
    --------
    >>> Authority(inflation=(2, 6), report_every=5)
    Authority(inflation=(2, 6), report_every=5)
    """

    name: str = "ministry"
    inflation: Annotated[Share, _checked_share] = 0.25
    report_every: Annotated[int, arguments.whole_number] = 3
    _where: ClassVar[str] = "Authority: "

    def __post_init__(self) -> None:
        if self.inflation == 1:
            raise InputError(Message("Authority: inflation: expected a share below 1, got 1"))


@specification
class Monitor:
    """A group that verifies releases one by one and publishes how many.

    Parameters
    ----------
    name : str
        Its name as a source.
    verification : float or tuple of float, optional
        Probability that it ever verifies a release within its definition, or the parameters (a, b) of
        the Beta distribution it is drawn from, once a campaign.
    delay : {"weibull", "log-normal"} or None, optional
        Family of the days from release to verification, whole days rounded down; None for the day
        itself.
    delay_parameters : tuple of float, optional
        Shape and scale (days) of the Weibull; mean and standard deviation of log days of the
        log-normal.
    counts_house_arrest : bool, optional
        Whether leaving prison for house arrest is a release in its definition.
    report_every : int, optional
        Days between its reports.
    report_chance : float, optional
        Probability that a report due is published.
    totals, batches : bool, optional
        Whether its reports give a running total, and a count for each announced batch.
    at_least_share : float, optional
        Probability that a count is rounded down to a ten and said to be "at least" it.
    wrong_share : float, optional
        Wrong entries for each true one, mean: counted with the verified, and withdrawn later, so
        that a total can fall.
    withdrawn_after : float, optional
        Days until a wrong entry is withdrawn, mean; at least 1.
    verification_sd : float, optional
        Standard deviation, from batch to batch, of the logit of the probability that it ever verifies a
        release. For releases of no batch the probability is `verification`.
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
        Another monitor, one before it in the campaign, and the probability with which each entry of that
        one's register is taken over on the day after, if it was not found before. Whom it finds by
        itself stays what it is, so that its share grows.
    follow_chance : float, optional
        Probability that it follows a batch at all. Of a batch that it does not follow it verifies nobody
        and publishes no figure.
    followed_days : float, optional
        Days, exponential with this mean, for which it follows a batch that it follows; afterwards it
        verifies nobody of it and says nothing more. Infinite: to the end.
    overcount_chance : float, optional
        Probability that the first figure of a batch, or of a window, is too high and lowered by the next;
        it falls with the age of the figure, exp(-age / `overcount_days`).
    overcount_share : float, optional
        Persons too many in such a figure for each one right, mean of a Poisson distribution.
    overcount_days : float, optional
        Days in which that probability falls to 1/e.
    measure : str, optional
        What a release is in its counts, as it is published; by default "left prison" where house arrest
        counts, and "release from prison" elsewhere.

    Examples
    --------
    >>> Monitor("families", verification=0.6, counts_house_arrest=True, report_every=2)
    Monitor(name='families', verification=0.6, counts_house_arrest=True, report_every=2)
    """

    name: str
    verification: Annotated[Share, _checked_share] = 0.8
    delay: DelayFamily | None = "weibull"
    delay_parameters: tuple[float, float] = (0.9, 4.0)
    counts_house_arrest: bool = False
    report_every: AtLeast1 = 1
    report_chance: Proportion = 1.0
    totals: bool = True
    batches: bool = True
    at_least_share: Proportion = 0.0
    wrong_share: AtLeast0 = 0.0
    withdrawn_after: float = 3.0
    verification_sd: AtLeast0 = 0.0
    slow_share: Proportion = 0.0
    slow_delay: tuple[float, float] = (3.4, 0.47)
    outsider_share: Proportion = 0.0
    copies: tuple[str, float] | None = None
    follow_chance: Proportion = 1.0
    followed_days: float = math.inf
    overcount_chance: Proportion = 0.0
    overcount_share: AtLeast0 = 0.2
    overcount_days: Positive = 2.0
    measure: str = ""
    _where: ClassVar[str] = "Monitor: "

    def __post_init__(self) -> None:
        if self.delay not in ("weibull", "log-normal", None):
            raise InputError(
                Message(
                    "Monitor: delay: expected 'weibull', 'log-normal' or None, got {got}",
                    got=repr(self.delay),
                )
            )
        for name, pair in (("delay_parameters", self.delay_parameters), ("slow_delay", self.slow_delay)):
            if len(pair) != 2:
                got = Message("{n} values", n=len(pair))
                raise InputError(arguments.refusal(f"Monitor: {name}", Message("two numbers"), got))
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
        if self.outsider_share == 1:
            raise InputError(Message("Monitor: outsider_share: expected a share below 1, got 1"))
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
