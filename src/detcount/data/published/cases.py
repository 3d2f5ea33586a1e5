"""Releases verified case by case by several monitors, as known on one day."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import ReadOnly
from detcount.contract import arguments
from detcount.contract.specification import doors, of_kind
from detcount.data.captures import CaptureTable
from detcount.data.published.reading import Column, check_order, read_columns, read_day, read_days
from detcount.errors import InputError
from detcount.reading.frames import DATA_ROWS, RowNames
from detcount.words import Message


@doors
@dataclass(frozen=True, eq=False, repr=False)
class MonitoredCases(ReadOnly):
    """Releases by day, with the day on which each monitor verified them, as known on one day.

    Every row is one person released once, matched over the monitors; there are no names.

    Parameters
    ----------
    release : ndarray of datetime64[D], shape (n_cases,)
        Day of release.
    verified : ndarray of datetime64[D], shape (n_cases, n_monitors)
        Day of verification by each monitor; NaT where it had not verified by `as_of`.
    monitors : tuple of str
        Names of the monitors.
    as_of : datetime.date
        Last day the data know.
    notes : tuple of str, optional
        What was left out because it was not known then.

    Raises
    ------
    InputError
        If a verification comes before its release or after `as_of`, nobody verified a row, or there is
        no row.

    Examples
    --------
    >>> from detcount import releases
    >>> frame = {"release": ["2026-01-08", "2026-01-08", "2026-01-09"],
    ...          "committee": ["2026-01-09", "2026-01-10", None],
    ...          "lawyers": ["2026-01-08", None, "2026-01-12"]}
    >>> releases.MonitoredCases.from_frame(frame, monitors=["committee", "lawyers"], as_of="2026-01-12")
    <MonitoredCases: 3 releases of 2026-01-08 to 2026-01-09, verified by committee, lawyers by 2026-01-12>
    """

    release: NDArray[np.datetime64]
    verified: NDArray[np.datetime64]
    monitors: tuple[str, ...]
    as_of: dt.date
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        monitors = tuple(of_kind(tuple[str, ...], "monitors", self.monitors))
        if not monitors or not all(map(str.strip, monitors)):
            raise InputError(Message("monitors: expected names, got none or a blank one. Name every column"))
        if len(set(monitors)) < len(monitors):
            raise InputError(Message("monitors: a name stands twice. Give every monitor a name of its own"))
        last = read_day(self.as_of, "as_of")
        release = read_days(self.release, "release", required=True)
        verified = np.asarray(self.verified)
        wanted = (len(release), len(monitors))
        if verified.shape != wanted:
            raise InputError(
                Message(
                    "verified: expected shape {wanted}, a row a release and a column a monitor, got {shape}",
                    wanted=str(wanted),
                    shape=str(verified.shape),
                )
            )
        verified = np.stack([read_days(days, "verified", required=False) for days in verified.T], axis=1)
        _check_orders(release, verified, monitors, DATA_ROWS)
        for name, column in zip(monitors, verified.T, strict=True):
            late = np.flatnonzero(column > last)
            if len(late):
                raise InputError(
                    Message(
                        "monitor {monitor!r}, {row}: expected a day up to {last}, got {got}. from_frame(..., "
                        "as_of=...) leaves out what was not known then",
                        monitor=name,
                        row=DATA_ROWS(late[0]),
                        last=str(last),
                        got=str(column[late[0]]),
                    )
                )
        nobody = np.flatnonzero(np.isnat(verified).all(axis=1))
        if len(nobody):
            raise InputError(
                Message(
                    "{row}: no monitor verified this release by {last}. Leave such rows out: they are what "
                    "is to be estimated",
                    row=DATA_ROWS(nobody[0]),
                    last=str(last),
                )
            )
        if not len(release):
            raise InputError(
                Message(
                    "no release was verified by {last}. Use a later as_of, or check the days", last=str(last)
                )
            )
        object.__setattr__(self, "monitors", monitors)
        object.__setattr__(self, "as_of", last.astype(object))
        object.__setattr__(self, "release", release)
        object.__setattr__(self, "verified", verified)
        super().__post_init__()

    @classmethod
    def from_frame(
        cls,
        frame: Any,
        *,
        monitors: Sequence[str],
        as_of: Any,
        release: str = "release",
        dayfirst: bool | None = None,
    ) -> MonitoredCases:
        """Read a frame with a row a release and a column of days for each monitor.

        Parameters
        ----------
        frame : pandas, polars or pyarrow frame, or mapping of str to array
            One row a person released, matched over the monitors.
        monitors : sequence of str
            The columns with days of verification; empty where a monitor has not verified.
        as_of : day
            Last day the data know. Later verifications are taken out, as nobody knew of them, and so are
            rows that only they made known; `notes` says how many.
        release : str, optional
            The column with the day of release.
        dayfirst : bool, optional
            Whether days such as 31/01/2026 begin with the day, as in `PublishedReleases.from_frame`.

        Returns
        -------
        MonitoredCases
            What was known that day.

        Raises
        ------
        InputError
            If a column is absent, a day has no year, a verification comes before its release, or no
            monitor verifies a row at any time.
        """
        names = tuple(monitors)
        if dayfirst is not None:
            dayfirst = arguments.true_or_false("dayfirst", dayfirst)
        if not names:
            raise InputError(Message("monitors: expected names of columns, got none"))
        columns = (Column(release, "day"), *(Column(name, "day", filled=False) for name in names))
        read = read_columns(frame, columns, "", dayfirst=dayfirst)
        rows, days = read.rows, read.values[release]
        verified = np.stack([read.values[name] for name in names], axis=1)
        _check_orders(days, verified, names, rows)
        nobody = np.flatnonzero(np.isnat(verified).all(axis=1))
        if len(nobody):
            raise InputError(
                Message(
                    "{row}: no monitor ever verified this release. Leave such rows out: they are what is to "
                    "be estimated",
                    row=rows(nobody[0]),
                )
            )
        last = read_day(as_of, "as_of")
        later = verified > last
        verified = np.where(later, np.datetime64("NaT", "D"), verified)
        known = ~np.isnat(verified).all(axis=1)
        notes = [*read.notes]
        if later[known].any():
            notes.append(
                Message(
                    "Verifications after {day} were not known then and are left out: {n:,}.",
                    day=last.astype(object),
                    n=int(later[known].sum()),
                )
            )
        if not known.all():
            notes.append(
                Message(
                    "Releases that no monitor had verified by {day} were not known then and are left out: "
                    "{n:,}.",
                    day=last.astype(object),
                    n=int((~known).sum()),
                )
            )
        return cls(days[known], verified[known], names, last.astype(object), tuple(notes))

    def __len__(self) -> int:
        return len(self.release)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of days and monitors: the same cases in any order, the same digest."""
        content = hashlib.sha256(json.dumps([self.monitors, self.as_of.isoformat()]).encode())
        days = np.column_stack([self.release, self.verified]).astype("<i8")
        content.update(days[np.lexsort(days.T)].tobytes())
        return content.hexdigest()

    def table(self, *, within: int | None = None) -> CaptureTable:
        """Count who verified what, as a capture table.

        Parameters
        ----------
        within : int, optional
            Keep the releases at least so many days old, and count the verifications that came within so
            many days; all by default.

        Returns
        -------
        CaptureTable
            Releases by the monitors that had verified them.
        """
        delay = (self.verified - self.release[:, None]).astype("timedelta64[D]").astype(np.int64)
        on = ~np.isnat(self.verified)
        if within is not None:
            within = arguments.whole_number("within", within, most=36_500)
            old = (np.datetime64(self.as_of, "D") - self.release).astype(np.int64) >= within
            on = (on & (delay <= within))[old]
        histories, counts = np.unique(on[on.any(axis=1)], axis=0, return_counts=True)
        return CaptureTable(self.monitors, histories.astype(np.uint8), counts)

    def __repr__(self) -> str:
        n = len(self)
        return (
            f"<MonitoredCases: {n:,} release{'' if n == 1 else 's'} of {self.release.min()} to "
            f"{self.release.max()}, verified by {', '.join(self.monitors)} by {self.as_of.isoformat()}>"
        )


def _check_orders(
    release: NDArray[np.datetime64], verified: NDArray[np.datetime64], monitors: Sequence[str], rows: RowNames
) -> None:
    """Refuse a verification before its release."""
    for name, days in zip(monitors, verified.T, strict=True):
        check_order(release, days, Message("monitor {monitor!r}", monitor=name), rows)
