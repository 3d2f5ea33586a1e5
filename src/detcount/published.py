"""Published counts: what was announced and what was verified, as it was known from day to day."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount.errors import InputError

__all__ = ["PublishedReleases"]

ROLES = ("announced", "verified", "reported")
_TEXT = ("source", "role", "event", "measure", "note")


@dataclass(frozen=True, eq=False, repr=False)
class PublishedReleases:
    """Published counts of releases, one row a count, in the order they became known.

    Parameters
    ----------
    published : ndarray of datetime64[D], shape (n_rows,)
        Day on which the source published the count. Kept sorted; rows of one day keep their order.
    source : tuple of str
        Who published it.
    role : tuple of str
        ``"announced"`` (a body of the state), ``"verified"`` (a monitor that confirmed case by case)
        or ``"reported"`` (passed on without that claim).
    start, end : ndarray of datetime64[D], shape (n_rows,)
        First and last day of the releases that the count covers; NaT where the source did not say.
    count : ndarray of int64, shape (n_rows,)
        Releases, persons.
    at_least : ndarray of bool, shape (n_rows,)
        The source said "at least" or "more than".
    event : tuple of str
        Name of what was counted; rows of one event belong together. Empty where there is none.
    measure : tuple of str
        What a release is in this count. Empty where the source did not say.
    note : tuple of str
        A remark.
    """

    published: NDArray[np.datetime64]
    source: tuple[str, ...]
    role: tuple[str, ...]
    start: NDArray[np.datetime64]
    end: NDArray[np.datetime64]
    count: NDArray[np.int64]
    at_least: NDArray[np.bool_]
    event: tuple[str, ...]
    measure: tuple[str, ...]
    note: tuple[str, ...]

    def __post_init__(self) -> None:
        published = np.array(self.published, dtype="datetime64[D]")
        order = np.argsort(published, kind="stable")
        for name in ("published", "start", "end"):
            object.__setattr__(
                self, name, _frozen(np.array(getattr(self, name), dtype="datetime64[D]")[order])
            )
        object.__setattr__(self, "count", _frozen(np.array(self.count, dtype=np.int64)[order]))
        object.__setattr__(self, "at_least", _frozen(np.array(self.at_least, dtype=bool)[order]))
        for name in _TEXT:
            values = tuple(getattr(self, name))
            object.__setattr__(self, name, tuple(values[k] for k in order))
        if not len(self):
            raise InputError("published releases need at least one count, got none")

    @classmethod
    def from_frame(cls, frame: Any) -> PublishedReleases:
        """Read a frame with a row for each published count."""
        import pandas as pd

        table = pd.DataFrame(frame)
        n_rows = len(table)
        text = {
            name: tuple(table[name].fillna("").astype(str)) if name in table else ("",) * n_rows
            for name in _TEXT
        }
        days = {
            name: pd.to_datetime(table[name]).to_numpy(dtype="datetime64[D]")
            for name in ("published", "start", "end")
        }
        return cls(
            **days,
            **text,
            count=table["count"].to_numpy(dtype=np.int64),
            at_least=(
                table["at_least"].to_numpy(dtype=bool)
                if "at_least" in table
                else np.zeros(n_rows, dtype=bool)
            ),
        )

    def __len__(self) -> int:
        return len(self.published)

    @property
    def last_published(self) -> dt.date:
        """Day of the last count."""
        day: dt.date = self.published[-1].astype(object)
        return day

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the counts."""
        text = repr([self.published.astype(str).tolist(), self.source, self.role, self.count.tolist()])
        return hashlib.sha256(text.encode()).hexdigest()

    def where(self, rows: NDArray[Any]) -> PublishedReleases:
        """Keep some rows, by a mask or by numbers."""
        chosen = np.arange(len(self))[rows]
        if not len(chosen):
            raise InputError("no row is left of the published releases")
        return PublishedReleases(
            **{
                name: getattr(self, name)[chosen]
                for name in ("published", "start", "end", "count", "at_least")
            },
            **{name: tuple(getattr(self, name)[k] for k in chosen) for name in _TEXT},
        )

    def as_of(self, day: Any) -> PublishedReleases:
        """Give what was known on a day: the counts published by then."""
        return self.where(self.published <= np.datetime64(day, "D"))


def _frozen(values: NDArray[Any]) -> NDArray[Any]:
    """Make an array read-only."""
    values.flags.writeable = False
    return values
