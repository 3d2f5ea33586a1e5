"""Persons counted by how often one list names them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detcount._numerics.arrays import ReadOnly, frozen
from detcount.contract.definition import NOT_DEFINED, Definition, checked
from detcount.data.capture_rows import COUNTS, MISSING_COUNT
from detcount.errors import InputError
from detcount.reading.frames import Place, array, whole
from detcount.reports.printing import frame_of
from detcount.reports.shown import Result
from detcount.words import Message, Number

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RepeatedCounts"]

MOST_TIMES = 1_000_000  # nobody is named more often by one list
_TIMES = Message("how often a person is named, a whole number of at least 1")


@dataclass(frozen=True, eq=False, repr=False)
class RepeatedCounts(ReadOnly, Result):
    """Persons counted by how often one list names them.

    Parameters
    ----------
    times : ndarray of int64, shape (m,)
        How often a person is named: 1 or more, each value once. Kept sorted.
    counts : ndarray of int64, shape (m,)
        Persons named that often, above zero.
    definition : Definition, optional
        Who is counted. It changes no number, and is no part of equality or of the digest.

    Raises
    ------
    InputError
        If a value is not whole, below 1, or stands twice.

    See Also
    --------
    CaptureTable : Persons by the lists that name them.

    Examples
    --------
    >>> from detcount import RepeatedCounts
    >>> RepeatedCounts.from_frequencies({1: 54, 2: 17, 4: 3}).n_observed
    74
    """

    times: NDArray[np.int64]
    counts: NDArray[np.int64]
    definition: Definition | None = None

    def __post_init__(self) -> None:
        checked(self.definition)
        times, counts = array(self.times, "times"), array(self.counts, "counts")
        if times.ndim != 1 or times.shape != counts.shape:
            raise InputError(
                Message(
                    "times has shape {times}, but counts has shape {counts}",
                    times=repr(times.shape),
                    counts=repr(counts.shape),
                )
            )
        times, counts = _times(times, "times"), whole(counts, COUNTS)
        if len(times) == 0:
            raise InputError(Message("repeated counts need at least one person, got none"))
        if (counts == 0).any():
            at = COUNTS.at(int(np.flatnonzero(counts == 0)[0]))
            raise InputError(
                Message("{where}: expected a count above zero, got 0. Leave the row out", where=at)
            )
        if len(np.unique(times)) < len(times):
            raise InputError(Message("times: expected each value once. Add up the counts of equal values"))
        order = np.argsort(times)
        object.__setattr__(self, "times", frozen(times[order]))
        object.__setattr__(self, "counts", frozen(counts[order]))

    @classmethod
    def from_frequencies(
        cls, frequencies: Mapping[int, int] | ArrayLike, *, definition: Definition | None = None
    ) -> RepeatedCounts:
        """Read ``{times: persons}``, or an array whose entry j - 1 counts the persons named j times.

        Frequencies of 0 persons are left out.
        """
        if isinstance(frequencies, Mapping):
            times = _times(np.array(list(frequencies.keys()), dtype=object), "frequencies")
            counts = np.array(list(frequencies.values()), dtype=object)
        else:
            counts = array(frequencies, "frequencies")
            if counts.ndim != 1:
                raise InputError(
                    Message(
                        "frequencies: expected one row of counts, got shape {shape}", shape=repr(counts.shape)
                    )
                )
            times = np.arange(1, len(counts) + 1)
        persons = whole(counts, Place("frequencies", MISSING_COUNT))
        return cls(times[persons > 0], persons[persons > 0], definition)

    @classmethod
    def from_persons(cls, times: ArrayLike, *, definition: Definition | None = None) -> RepeatedCounts:
        """Read how often each person is named, one entry a person."""
        named = array(times, "times")
        if named.ndim != 1:
            raise InputError(
                Message("times: expected one entry a person, got shape {shape}", shape=repr(named.shape))
            )
        values, counts = np.unique(_times(named, "times"), return_counts=True)
        return cls(values, counts, definition)

    @cached_property
    def n_observed(self) -> int:
        """Persons named at least once."""
        return int(self.counts.sum())

    @cached_property
    def frequencies(self) -> NDArray[np.int64]:
        """Persons named exactly j times, for j = 1 to the largest."""
        values = np.zeros(int(self.times[-1]), dtype=np.int64)
        values[self.times - 1] = self.counts
        return frozen(values)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of times and counts: the same data, the same digest."""
        content = hashlib.sha256(self.times.astype("<i8").tobytes())
        content.update(self.counts.astype("<i8").tobytes())
        return content.hexdigest()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RepeatedCounts):
            return NotImplemented
        return np.array_equal(self.times, other.times) and np.array_equal(self.counts, other.counts)

    def __hash__(self) -> int:
        return hash(self.digest)

    _notebook = "headline"

    def headline(self) -> Message:
        """Say how many persons are named, and how often at most, in one line."""
        return Message(
            "{persons} named up to {times}",
            persons=Message.counted("1 person", "{n:,} persons", n=self.n_observed),
            times=Message.counted("1 time", "{n:,} times", n=int(self.times[-1])),
        )

    def sentence(self) -> Message:
        """Say how many persons the list names, and who is counted."""
        named = Message.counted(
            "1 person is named on the list.", "{n:,} persons are named on the list.", n=self.n_observed
        )
        who = NOT_DEFINED if self.definition is None else self.definition.sentence()
        return Message.together((named, who))

    def to_frame(self) -> pd.DataFrame:
        """Give a pandas frame with the columns ``times`` and ``count``."""
        numbers = zip(self.times.tolist(), self.counts.tolist(), strict=True)
        return frame_of({"times": times, "count": count} for times, count in numbers)

    def __str__(self) -> str:
        return repr(self)


def _times(values: NDArray[Any], where: str) -> NDArray[np.int64]:
    """Read how often persons are named: 1 or more."""
    place = Place(where, Message("Leave the row out, or find out, before counting"))
    times = whole(values, place, what=_TIMES, most=1 << 53)
    bad = (times < 1) | (times > MOST_TIMES)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        found = Number(0) if times[row] == 0 else Message("more than {most:,}", most=MOST_TIMES)
        raise InputError(
            Message("{where}: expected {what}, got {got}", where=place.at(row), what=_TIMES, got=found)
        )
    return times
