"""What is announced and what happens besides in an invented campaign: lots, and waves that end."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from detcount import arguments
from detcount.errors import InputError
from detcount.simulate.campaign.shares import Share, check_share
from detcount.specification import specification
from detcount.words import Message

Kind = Literal["window", "prospective", "retrospective", "running total"]
_KINDS: tuple[Kind, ...] = ("window", "prospective", "retrospective", "running total")


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
        Days over which those carried out are spread evenly, from `day` on.
    inflation : float or tuple of float, optional
        Share of the announced that is never carried out, or the parameters (a, b) of the Beta
        distribution it is drawn from; by default that of the authority. With a pair the number carried
        out is beta-binomial.
    at_least : bool, optional
        Whether the announcement says "at least".
    kind : {"window", "prospective", "retrospective", "running total"}, optional
        What the announcement speaks of. "window": releases of `over_days` days from `day` on, said on
        `day`. "retrospective": the same, said on the last of these days. "running total": on each of
        these days how many had been announced since `day`. "prospective": people will be freed, with
        no end said; the days from `day` to release are Weibull, with the shape and scale of `pace`.
    pace : tuple of float, optional
        Shape and scale (days) of the days to release of a prospective announcement.
    political_share : float, optional
        Share of those carried out who are within what monitors count; the others were released too, for
        offences that no monitor follows.
    measure : str, optional
        What a release is in the announcement, as it is published.

    Examples
    --------
    >>> Batch(day=4, announced=553, kind="prospective", pace=(0.8, 6.0), political_share=0.4)
    Batch(day=4, announced=553, kind='prospective', pace=(0.8, 6.0), political_share=0.4)
    """

    day: int
    announced: int
    over_days: int = 1
    inflation: Share | None = None
    at_least: bool = False
    kind: Kind = "window"
    pace: tuple[float, float] = (1.0, 5.0)
    political_share: float = 1.0
    measure: str = "left prison"

    def __post_init__(self) -> None:
        arguments.whole_number("Batch: day", self.day)
        arguments.whole_number("Batch: announced", self.announced)
        arguments.whole_number("Batch: over_days", self.over_days, least=1)
        if self.inflation is not None:
            check_share("Batch: inflation", self.inflation)
        arguments.one_of("Batch: kind", self.kind, _KINDS)
        object.__setattr__(self, "pace", arguments.positive_pair("Batch: pace", self.pace))
        arguments.share("Batch: political_share", self.political_share)
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


@specification
class Wave:
    """Releases that begin on a day, unannounced, and fade.

    Parameters
    ----------
    day : int
        First day, from 0.
    size : float
        Releases in all, mean, persons.
    fading : float, optional
        Days tau in which they fade: a day d has the mean size (exp(-(d - day)/tau) -
        exp(-(d - day + 1)/tau)).

    Examples
    --------
    >>> Wave(day=3, size=120)
    Wave(day=3, size=120)
    """

    day: int
    size: float
    fading: float = 3.0

    def __post_init__(self) -> None:
        arguments.whole_number("Wave: day", self.day)
        arguments.number("Wave: size", self.size, least=0)
        arguments.positive("Wave: fading", self.fading)


@specification
class Waves:
    """Waves that come at random until the campaign ends.

    The first begins on day 0. Others come at a rate while the campaign lasts; it ends with a hazard, and
    afterwards only continuing releases go on.

    Parameters
    ----------
    rate : float, optional
        Waves a day, while the campaign lasts.
    ending : float, optional
        Hazard of the end, a day, above 0.
    size : tuple of float, optional
        Size of a wave, log-normal: median, persons, and standard deviation of the logarithm.
    fading : float, optional
        Days in which the releases of a wave fade.

    Examples
    --------
    >>> Waves(rate=0.2, ending=0.05)
    Waves(rate=0.2, ending=0.05)
    """

    rate: float = 0.15
    ending: float = 0.07
    size: tuple[float, float] = (80.0, 0.8)
    fading: float = 2.0

    def __post_init__(self) -> None:
        arguments.number("Waves: rate", self.rate, least=0)
        arguments.positive("Waves: ending", self.ending)
        object.__setattr__(self, "size", arguments.positive_pair("Waves: size", self.size))
        arguments.positive("Waves: fading", self.fading)


def announced_by_day(batch: Batch) -> list[tuple[int, int]]:
    """Days on which the announcement is made, and how many each adds to what had been announced."""
    if batch.kind != "running total":
        return [(batch.announced_on, batch.announced)]
    steps = [batch.announced * (day + 1) // batch.over_days for day in range(batch.over_days)]
    return [(batch.day + day, now - before) for day, (before, now) in enumerate(pairwise([0, *steps]))]
