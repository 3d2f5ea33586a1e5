"""What is known of delays on a day: dated cases, or totals of windows counted more than once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.delay import Triangle, triangle
from detcount.errors import InputError, NotEstimableError
from detcount.published import PublishedReleases
from detcount.published.cases import NOTE_LATER
from detcount.published.days import check_order, read_day, read_days
from detcount.words import Message

METHOD = "VerificationDelay"
_LEAST_CASES = 2


@dataclass(frozen=True)
class DatedCases:
    """Dated cases as they were known on a day: counts by day of release and delay."""

    data: Triangle
    days: NDArray[np.datetime64]
    last: np.datetime64
    digest: str
    notes: tuple[str, ...]


def dated_cases(
    release_days: Any, verification_days: Any, *, as_of: Any, parametric: bool, maximum: int | None
) -> DatedCases:
    """Count the cases known on a day, with delays of at most `maximum` days where the form has a longest."""
    last = read_day(as_of, "as_of")
    release = read_days(release_days, "release_days", required=True)
    verification = read_days(verification_days, "verification_days", required=False)
    if len(release) != len(verification):
        raise InputError(
            Message(
                "release_days and verification_days: expected as many of each, got {n_release} and "
                "{n_verification}. Give every case both, NaT where it is not verified",
                n_release=len(release),
                n_verification=len(verification),
            )
        )
    check_order(release, verification, "verification_days")
    known = verification <= last  # NaT is not
    notes: list[str] = []
    n_later = int((verification > last).sum())
    if n_later:
        notes.append(Message(NOTE_LATER, day=last.astype(object), n=n_later))
    release, verification = release[known], verification[known]
    if len(release) < _LEAST_CASES:
        raise NotEstimableError(
            METHOD,
            Message(
                "needs at least {needed} cases verified by {day}, got {found}",
                needed=_LEAST_CASES,
                day=last.astype(object),
                found=len(release),
            ),
            Message("Wait for more, or state a delay: AnnouncedBatches takes one with its prior."),
            advice=Message("Wait for more."),
        )
    first = release.min()
    number = (release - first).astype(np.int64)
    delay = (verification - release).astype(np.int64)
    n_days = int((last - first).astype(np.int64)) + 1
    if n_days == 1:
        raise NotEstimableError(
            METHOD,
            Message(
                "every release known is of {day} itself, so no delay has had time to be seen",
                day=last.astype(object),
            ),
            Message("Wait for some days, or state a delay: AnnouncedBatches takes one with its prior."),
            advice=Message("Wait for some days."),
        )
    longest = int(delay.max())
    if not parametric:
        longest = max(longest, 1) if maximum is None else maximum
        if longest >= n_days:
            raise NotEstimableError(
                METHOD,
                Message(
                    "a longest delay of {longest} days cannot be seen in {days} days of releases",
                    longest=longest,
                    days=n_days,
                ),
                Message("Use maximum={most} or less, or a parametric family.", most=n_days - 1),
                advice=Message("Wait for some days."),
            )
        n_longer = int((delay > longest).sum())
        if n_longer:
            notes.append(
                Message(
                    "Releases verified after more than {maximum} days are counted at {maximum} days: {n:,}.",
                    maximum=longest,
                    n=n_longer,
                )
            )
    data = triangle(number, delay, n_days=n_days, longest=longest)
    content = hashlib.sha256(str(last).encode())
    content.update(np.sort(number * (1 << 32) + delay).astype("<i8").tobytes())
    content.update(str(first).encode())
    days = first + np.arange(n_days)
    return DatedCases(data, days, last, content.hexdigest(), tuple(notes))


@dataclass(frozen=True)
class Window:
    """Totals of one window by one monitor; days are numbers from 1970."""

    start: int
    end: int
    published: NDArray[np.int64]
    counts: NDArray[np.int64]


def counted_windows(reports: PublishedReleases, source: str | None) -> tuple[list[Window], list[Message]]:
    """Windows counted more than once, and what was left out."""
    role = np.array(reports.role)
    chosen = role == "verified"
    if source is not None:
        chosen &= np.array(reports.source) == source
    if not chosen.any():
        reason = Message("no total is verified")
        if source is not None:
            reason = Message("no total by {source!r} is verified", source=source)
        raise NotEstimableError(
            METHOD,
            reason,
            Message("Check the columns role and source (reports.windows())."),
            advice=Message("Check who published the counts, and which of them are verified."),
        )
    no_start = chosen & np.isnat(reports.start)
    no_end = chosen & ~no_start & np.isnat(reports.end)
    n_no_start, n_no_end = int(no_start.sum()), int(no_end.sum())
    usable = np.flatnonzero(chosen & ~no_start & ~no_end)
    groups: dict[tuple[str, str, int, int], list[int]] = {}
    for row in usable.tolist():
        key = (
            reports.source[row],
            reports.event[row],
            int(reports.start[row].astype(np.int64)),
            int(reports.end[row].astype(np.int64)),
        )
        groups.setdefault(key, []).append(row)
    windows: list[Window] = []
    monitors = set()
    n_single = n_corrected = n_at_least = 0
    for (monitor, _, start, end), rows in groups.items():
        later = np.minimum.accumulate(reports.count[rows][::-1])[::-1]
        kept = [row for row, least in zip(rows, later, strict=True) if reports.count[row] <= least]
        totals: dict[int, int] = {}
        for row in kept:
            totals[int(reports.published[row].astype(np.int64))] = int(reports.count[row])
        if len(totals) < 2 or not max(totals.values()):
            n_single += 1
            continue
        n_corrected += len(rows) - len(kept)
        n_at_least += int(reports.at_least[kept].sum())
        monitors.add(monitor)
        windows.append(
            Window(start, end, np.array(list(totals)), np.array(list(totals.values()), dtype=np.int64))
        )
    if not windows:
        raise NotEstimableError(
            METHOD,
            Message("no window with a first and a last day was counted on two days by one monitor"),
            Message("ReleaseProcess takes windows that move; reports.windows() shows those there are."),
            advice=Message("Follow totals whose window stays the same."),
        )
    notes = [
        note
        for note, n in (
            (Message("Totals whose window has no first day are left out: {n:,}.", n=n_no_start), n_no_start),
            (
                Message(
                    "Totals whose window has no last day, and may still grow, are left out: {n:,}.",
                    n=n_no_end,
                ),
                n_no_end,
            ),
            (
                Message(
                    "Windows with a single total say nothing about delay and are left out: {n:,}.", n=n_single
                ),
                n_single,
            ),
            (
                Message(
                    "Totals above a later total of the same window are taken as corrected and left out: "
                    "{n:,}.",
                    n=n_corrected,
                ),
                n_corrected,
            ),
            (Message('Totals published as "at least" are taken as exact: {n:,}.', n=n_at_least), n_at_least),
        )
        if n
    ]
    if len(monitors) > 1:
        notes.append(Message("The delays of {n:,} monitors are taken as one distribution.", n=len(monitors)))
    return windows, notes
