"""What a dry run found: the strata that would be fitted, and the forecast of the time."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detcount.errors import NotEstimableError
from detcount.estimates import Specification
from detcount.printing import Columns, Summary, frame_of
from detcount.shown import Shown
from detcount.words import Message, Number

if TYPE_CHECKING:
    import pandas as pd

_SECONDS = 120.0  # up to here in seconds, then in minutes
_MINUTES = 120.0  # and then in hours


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class FitPlan(Shown):
    """Which strata would be fitted, and about how long it would take.

    Parameters
    ----------
    estimator : Specification
        The estimator that would be fitted to each stratum.
    strata : tuple of str
        Strata, in the order given.
    n_lists : dict of str to int
        Lists of each stratum; 1 where the data are how often each person is named.
    n_histories : dict of str to int
        Capture histories of each stratum that somebody has.
    n_observed : dict of str to int
        Persons listed in each stratum.
    kept : tuple of str
        Strata whose answer is in the cache.
    declined : dict of str to NotEstimableError
        Strata that were asked and would be declined, and why. Others may be, once they are fitted.
    timed : tuple of str
        Strata that were fitted to time them.
    seconds : dict of str to float
        Forecast of the seconds of processor time of each stratum that is not in the cache; measured where
        it was timed. Strata that were declined at once have none.
    cpu_low : float
        Lower limit of the sum, about 95%.
    cpu_high : float
        Upper limit; infinite where strata were too dear to time.
    n_workers : int
        Workers that the work would be shared out over.
    elapsed_seconds : float
        Forecast of what one waits for, if every worker has a processor to itself.
    seed : int
        Seed of every fit.

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, strata
    >>> north = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> south = CaptureTable.from_counts({"10": 7}, lists=["press", "families"])
    >>> plan = strata.plan_fits(abundance.Chapman(), {"north": north, "south": south})
    >>> plan.to_frame()[["stratum", "n_lists", "state"]].values.tolist()
    [['north', 2, 'to fit'], ['south', 2, 'declined']]
    """

    estimator: Specification
    strata: tuple[str, ...]
    n_lists: dict[str, int]
    n_histories: dict[str, int]
    n_observed: dict[str, int]
    kept: tuple[str, ...]
    declined: dict[str, NotEstimableError]
    timed: tuple[str, ...]
    seconds: dict[str, float]
    cpu_low: float
    cpu_high: float
    n_workers: int
    elapsed_seconds: float
    seed: int = 0

    @property
    def to_fit(self) -> tuple[str, ...]:
        """Strata that would be fitted, as far as is known."""
        done = {*self.kept, *self.declined}
        return tuple(name for name in self.strata if name not in done)

    @property
    def cpu_seconds(self) -> float:
        """Forecast of the seconds of processor time of all strata; the least where `at_least`."""
        return sum(self.seconds.values())

    @property
    def at_least(self) -> bool:
        """Whether strata were too dear to time, so that the forecast is the least that it can be."""
        return self.cpu_high == math.inf

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of the forecast."""
        told: list[str] = []
        if self.at_least:
            told.append(
                Message(
                    "No stratum with as many lists as the dearest was timed, as one fit may take longer than "
                    "a dry run should. Each counts as the dearest that was timed: the time is the least."
                )
            )
        reasons = Counter(error.reason for error in self.declined.values())
        told += [
            Message.counted(
                "{n} stratum would be declined: {reason}.",
                "{n:,} strata would be declined: {reason}.",
                n=n,
                reason=reason,
            )
            for reason, n in reasons.items()
        ]
        if self.kept:
            told.append(
                Message("Answers in the cache were not read: some may say that there is no estimate.")
            )
        if self.timed:
            told.append(
                Message("The fits were timed on this computer as busy as it was; another takes another time.")
            )
        return tuple(told)

    def rows(self) -> list[dict[str, Any]]:
        """Give one row a stratum, in the order given; `state` is "kept", "declined" or "to fit"."""
        kept, timed = set(self.kept), set(self.timed)
        return [
            {
                "stratum": name,
                "n_lists": self.n_lists[name],
                "n_histories": self.n_histories[name],
                "n_observed": self.n_observed[name],
                "state": "kept" if name in kept else "declined" if name in self.declined else "to fit",
                "cpu_seconds": self.seconds.get(name),
                "timed": name in timed,
                "declined": self.declined[name].reason if name in self.declined else None,
            }
            for name in self.strata
        ]

    def to_frame(self) -> pd.DataFrame:
        """Give the rows as a pandas frame."""
        return frame_of(self.rows())

    def headline(self) -> Message:
        """Give how many strata would be fitted, and the time."""
        return Message(
            "{to_fit:,} of {n:,} strata to fit: {time}",
            to_fit=len(self.to_fit),
            n=len(self.strata),
            time=self._time,
        )

    def sentence(self) -> Message:
        """Say what would be fitted, what is kept or declined, and how long it takes."""
        counts = Message(
            "Strata: {n:,}; in the cache: {kept:,}; known to be declined: {declined:,}; to be fitted: "
            "{to_fit:,}.",
            n=len(self.strata),
            kept=len(self.kept),
            declined=len(self.declined),
            to_fit=len(self.to_fit),
        )
        if not self.seconds:
            return Message("{counts} Nothing has to be computed.", counts=counts)
        taken = Message.counted(
            "{counts} They take {time}, judged by {n} stratum that was timed.",
            "{counts} They take {time}, judged by {n:,} strata that were timed.",
            counts=counts,
            time=self._time,
            n=len(self.timed),
        )
        if self.n_workers < 2:
            return taken
        return Message(
            "{taken} On {workers:,} workers, each with its own processor, one waits for at least {elapsed}."
            if self.at_least
            else "{taken} On {workers:,} workers, each with its own processor, one waits for {elapsed}.",
            taken=taken,
            workers=self.n_workers,
            elapsed=_duration(self.elapsed_seconds),
        )

    def summary(self) -> Summary:
        """Give the whole: a row for each number of lists, the method and the notes."""
        of_lists = sorted(set(self.n_lists.values()))
        kept, timed, to_fit = set(self.kept), set(self.timed), set(self.to_fit)
        rows = []
        for n_lists in of_lists:
            names = [name for name in self.strata if self.n_lists[name] == n_lists]
            counts = (
                len(names),
                *(sum(name in some for name in names) for some in (kept, self.declined, to_fit, timed)),
            )
            seconds = sum(self.seconds.get(name, 0.0) for name in names)
            rows.append((Number(n_lists), *map(Number, counts), _duration(seconds)))
        return Summary(
            self.headline(),
            sentence=self.sentence(),
            columns=Columns(
                (
                    Message("Lists"),
                    Message("Strata"),
                    Message("In the cache"),
                    Message("Declined"),
                    Message("To fit"),
                    Message("Timed"),
                    Message("Processor time"),
                ),
                tuple(rows),
                left=(),
            ),
            method=repr(self.estimator),
            notes=self.notes,
        )

    @property
    def _time(self) -> Message:
        """The forecast in words, with its range."""
        if not self.seconds:
            return Message("no time")
        if self.at_least:
            return Message("at least {time} of processor time", time=_duration(self.cpu_low))
        return Message(
            "about {time} of processor time ({low} to {high})",
            time=_duration(self.cpu_seconds),
            low=_duration(self.cpu_low),
            high=_duration(self.cpu_high),
        )

    def __repr__(self) -> str:
        return f"<FitPlan of {self.estimator!r}: {len(self.to_fit)} of {len(self.strata)} strata to fit>"


def _duration(seconds: float) -> Message:
    """A time in seconds, minutes or hours, to two digits."""
    if seconds < _SECONDS:
        return Message("{n} s", n=_two_digits(seconds))
    if seconds < 60 * _MINUTES:
        return Message("{n} min", n=_two_digits(seconds / 60))
    return Message("{n} h", n=_two_digits(seconds / 3600))


def _two_digits(value: float) -> Number:
    """A number above 0 to two digits, none after the second decimal."""
    if value <= 0:
        return Number(0.0)
    places = min(max(1 - math.floor(math.log10(value)), 0), 2)
    whole = round(value, 1 - math.floor(math.log10(value)))
    return Number(whole, f",.{places}f")
