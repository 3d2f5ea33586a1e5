"""Announced numbers as rows: each with the published counts that it is told from and those beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, repeat

from detcount.assessment.releases.content import GapRow
from detcount.assessment.releases.counts import CountRow
from detcount.assessment.releases.phrases import days_differ
from detcount.estimates import GapEstimate, UncertainCount
from detcount.releases import ReleaseProcess
from detcount.releases.batches.notes import NOTE_DECLINED, NOTE_OTHER_MONITORS
from detcount.words import Message

__all__ = ["announced_rows", "said_elsewhere"]

_ELSEWHERE = (NOTE_OTHER_MONITORS, NOTE_DECLINED)  # notes that other parts of the report say
_NEAR = 7  # days by which another total may end before or after the announced one to stand beside it


def announced_rows(
    gaps: Sequence[GapEstimate],
    by_monitor: Sequence[Mapping[str, UncertainCount]],
    rows: tuple[CountRow, ...],
) -> tuple[GapRow, ...]:
    """Every announced number with the counts that belong to it, those of the last days first."""
    made = [
        _row(gap, rows, monitors) for gap, monitors in zip(gaps, chain(by_monitor, repeat({})), strict=False)
    ]
    return tuple(sorted(made, key=_last_day, reverse=True))


def said_elsewhere(note: str) -> bool:
    """Whether another part of the report says what a note says."""
    return isinstance(note, Message) and note.template in _ELSEWHERE


def _last_day(row: GapRow) -> tuple[str, str]:
    """Order of announcements: by the last day they cover."""
    end = row.gap.end or row.gap.as_of
    return (end.isoformat(), (row.gap.start or dt.date.min).isoformat())


def _row(gap: GapEstimate, rows: tuple[CountRow, ...], monitors: Mapping[str, UncertainCount]) -> GapRow:
    """One announced number."""
    announced = [row for row in rows if row.role == "announced" and row.source == gap.announced_by]
    named = [row for row in announced if row.count == gap.announced and row.event == gap.label]
    named = named or [row for row in announced if row.count == gap.announced and row.end == gap.end]
    verified = [row for row in rows if row.role == "verified" and row.source == gap.verified_by]
    used = [row for row in verified if row.count == gap.verified and row.published == gap.verified_on]
    beside = _of_batch(gap, rows, monitors)
    if isinstance(gap.estimator, ReleaseProcess):
        beside = _of_total(gap, rows)
    return GapRow(
        gap=gap,
        measures=(_measure(named or announced), _measure(used or verified)),
        beside=tuple(beside),
        announced_on=named[0].published if named else None,
        at_least=bool(used) and used[-1].at_least,
        silent_days=gap.silent_days or 0,
        fallen=_fallen(used[-1], verified) if used and not used[-1].at_least else None,
        notes=tuple(note for note in gap.notes if not said_elsewhere(note)),
    )


def _measure(rows: Sequence[CountRow]) -> str:
    """What was counted, by the last of some counts."""
    return rows[-1].measure if rows else ""


def _fallen(used: CountRow, verified: Iterable[CountRow]) -> CountRow | None:
    """The highest figure that a monitor gave of the same event before, and then lowered."""
    before = [
        row
        for row in verified
        if (row.event, row.start) == (used.event, used.start)
        and row.published < used.published
        and row.count > used.count
        and (row.end or row.published) <= (used.end or used.published)
    ]
    return max(before, key=lambda row: row.count, default=None)


def _of_batch(
    gap: GapEstimate, rows: tuple[CountRow, ...], monitors: Mapping[str, UncertainCount]
) -> list[CountRow]:
    """What others counted of an announcement: the last figure of each, verified before reported."""
    found: dict[str, CountRow] = {}
    for row in rows:
        other = row.role == "verified" and row.source in monitors and row.source != gap.verified_by
        if other and (row.event == gap.label or row.count == monitors[row.source].bounds[0]):
            found[row.source] = row
    for row in rows:
        if row.role == "reported" and row.event == gap.label and row.source not in monitors:
            found[row.source] = row
    return list(found.values())


def _of_total(gap: GapEstimate, rows: tuple[CountRow, ...]) -> list[CountRow]:
    """Totals verified from the same first day on, of each monitor the one that ends nearest."""
    found: dict[str, CountRow] = {}
    for row in rows:
        if row.role != "verified" or row.start is None or gap.end is None or row.count == gap.verified:
            continue
        if days_differ(row.start, None, gap.start, None) or _apart(row, gap.end) > _NEAR:
            continue
        if row.source not in found or _apart(row, gap.end) <= _apart(found[row.source], gap.end):
            found[row.source] = row
    return list(found.values())


def _apart(row: CountRow, end: dt.date) -> int:
    """Days between the last day of a count and another day."""
    return abs(((row.end or row.published) - end).days)
