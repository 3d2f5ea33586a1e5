"""Cases of several monitors as the sums that their likelihood needs; whether they overlap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.monitored import Registers, registers
from detcount.errors import NotEstimableError
from detcount.published.cases import MonitoredCases
from detcount.releases.monitored.notes import METHOD
from detcount.words import Message


@dataclass(frozen=True)
class Histories:
    """Cases by number of their day and delay at each monitor (-1 for none), and as registers."""

    days: NDArray[np.datetime64]
    number: NDArray[np.int64]
    delay: NDArray[np.int64]
    registers: Registers


def histories(cases: MonitoredCases) -> Histories:
    """Count cases from the first release seen to the last one."""
    first = cases.release.min()
    n_days = int((np.datetime64(cases.as_of, "D") - first).astype(np.int64)) + 1
    number = (cases.release - first).astype(np.int64)
    delay = np.where(
        np.isnat(cases.verified),
        -1,
        (cases.verified - cases.release[:, None]).astype("timedelta64[D]").astype(np.int64),
    )
    counted = registers(number, delay, n_days)
    return Histories(first + np.arange(len(counted.ages)), number, delay, counted)


def require_overlap(cases: MonitoredCases) -> None:
    """Decline cases from which the monitors' overlap cannot be read."""
    if len(cases.monitors) < 2:
        raise NotEstimableError(
            METHOD,
            Message(
                "needs at least 2 monitors, got 1, and one register has no overlap: the releases that "
                "happened "
                "are at least the {seen:,} seen, and nothing bounds them from above",
                seen=len(cases),
            ),
            Message(
                "VerificationDelay says what this monitor will still verify; AnnouncedBatches takes the "
                "share it "
                "ever verifies as a stated prior."
            ),
            advice=Message("Report those seen as a floor, or add a monitor."),
        )
    on = ~np.isnat(cases.verified)
    for name, column in zip(cases.monitors, on.T, strict=True):
        if not column.any():
            raise NotEstimableError(
                METHOD,
                Message("monitor {monitor!r} had verified nobody by {day}", monitor=name, day=cases.as_of),
                Message("Leave its column out."),
                advice=Message("Leave it out."),
            )
    if not (on.sum(axis=1) > 1).any():
        raise NotEstimableError(
            METHOD,
            Message("the monitors share no release, so the data set no upper limit to those that happened"),
            Message("Check that the people are matched over the monitors, or report those seen."),
        )
