"""Announced numbers as rows: each with the published counts that it is told from and those beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, repeat

from detcount.assessment.releases.content import GapRow, InfluenceRow
from detcount.assessment.releases.counts import CountRow
from detcount.assessment.releases.days import days_differ
from detcount.estimates import GapEstimate, UncertainCount
from detcount.published import PublishedReleases
from detcount.published.comparable import Comparison, compared
from detcount.published.counterparts import Counterpart, counterparts
from detcount.published.measures import measures
from detcount.published.relations import days_covered
from detcount.releases import Influence, ReleaseProcess
from detcount.releases.batches.left_out import Span
from detcount.releases.batches.notes import (
    NOTE_DECLINED,
    NOTE_DELAY_FROM_PRIOR,
    NOTE_OTHER_MONITORS,
    NOTE_SPLIT_FROM_PRIOR,
)
from detcount.words import Message

__all__ = ["announced_rows", "said_elsewhere"]

_MOST_MOVED = 8  # counts that move it little are shown with what an announcement is without them
_NEAR = 7  # days by which another total may end before or after the announced one to stand beside it
_ELSEWHERE = (NOTE_OTHER_MONITORS, NOTE_DECLINED)  # notes that other parts of the report say
_OF_THE_SPLIT = (NOTE_SPLIT_FROM_PRIOR, NOTE_DELAY_FROM_PRIOR)  # notes on numbers that are not shown then


def announced_rows(
    gaps: Sequence[GapEstimate],
    by_monitor: Sequence[Mapping[str, UncertainCount]],
    reports: PublishedReleases,
    rows: tuple[CountRow, ...],
    said_of_all: Collection[str] = (),
    influence: Influence | None = None,
) -> tuple[GapRow, ...]:
    """Every announced number with the counts that belong to it, those of the last days first."""
    matched = {pair.announced.row: pair for pair in counterparts(reports)}
    made = [
        _row(gap, monitors, reports, rows, matched)
        for gap, monitors in zip(gaps, chain(by_monitor, repeat({})), strict=False)
    ]
    if influence is not None:
        made = [replace(row, influence=_moved(row, influence, rows)) for row in made]
    made = [replace(row, notes=tuple(n for n in row.notes if n not in said_of_all)) for row in made]
    return tuple(sorted(made, key=_last_day, reverse=True))


def _moved(row: GapRow, influence: Influence, rows: tuple[CountRow, ...]) -> tuple[InfluenceRow, ...]:
    """What one announcement would be without each count, the one that moves it most first."""
    label = row.gap.label
    if label not in influence.whole or not row.split:
        return ()
    moving = {each.row for each in influence.of(label)}
    found: list[InfluenceRow] = []
    for each in influence.left_out:
        if each.label == label and each.carried_out is not None:
            low, median, high = each.carried_out
            whole = influence.whole[label][0]
            moved, moves = _change(whole, each.carried_out), each.row in moving
            found.append(
                InfluenceRow(
                    *(rows[each.row], low, median, high, moves),
                    row=each.row,
                    moved=moved,
                    error=each.error,
                    whole=whole,
                )
            )
    found.sort(key=lambda each: (not each.moves, -each.moved, each.row))
    return tuple(each for place, each in enumerate(found) if each.moves or place < _MOST_MOVED)


def _change(before: Span, after: Span) -> float:
    """How far a limit or the median moved, over the width of the interval, at least one person."""
    change = max(abs(one - two) for one, two in zip(before, after, strict=True))
    return change / max(before.high - before.low, 1.0)


def said_elsewhere(note: str) -> bool:
    """Whether another part of the report says what a note says."""
    return _is_any_of(note, _ELSEWHERE)


def _is_any_of(note: str, templates: Collection[str]) -> bool:
    """Whether a note is one of some templates."""
    return isinstance(note, Message) and note.template in templates


def _last_day(row: GapRow) -> tuple[str, str]:
    """Order of announcements: by the last day they cover."""
    end = row.gap.end or row.gap.as_of
    return (end.isoformat(), (row.gap.start or dt.date.min).isoformat())


def _row(
    gap: GapEstimate,
    monitors: Mapping[str, UncertainCount],
    reports: PublishedReleases,
    rows: tuple[CountRow, ...],
    matched: Mapping[int, Counterpart],
) -> GapRow:
    """One announced number."""
    said = _announced(gap, rows)
    used = _used(gap, rows)
    total = isinstance(gap.estimator, ReleaseProcess)
    pair = None if not said else matched.get(said[-1])
    standing = pair.verified.row if pair is not None and pair.verified is not None else None
    against = standing if total else (used[-1] if used else None)
    comparison = None if not said or against is None else compared(reports, said[-1], against)
    people = "same" if comparison is None else comparison.definitions
    no_split = _OF_THE_SPLIT if people == "different" else ()
    others = _of_total(gap, rows, standing) if total else _of_batch(gap, rows, monitors)
    return GapRow(
        gap=gap,
        beside=tuple(others),
        announced_on=rows[said[0]].published if said else None,
        at_least=bool(used) and rows[used[-1]].at_least,
        silent_days=gap.silent_days or 0,
        fallen=_fallen(rows[used[-1]], rows) if used else None,
        reviews=bool(said) and not measures(reports)[said[-1]].release,
        covered=_covered(gap, reports) if total else None,
        definitions=people,
        of_all=measures(reports)[said[-1]].who == "all" if said else None,
        completed=_completed(said[0], rows) if said and not total else None,
        apart=() if comparison is None else _apart(comparison, total=total),
        notes=tuple(n for n in gap.notes if not said_elsewhere(n) and not _is_any_of(n, no_split)),
    )


def _completed(said: int, rows: tuple[CountRow, ...]) -> CountRow | None:
    """The last that an authority announced as released by then, of an announcement that it made before."""
    first = rows[said]
    later = [
        row
        for row in rows
        if row.role == "announced"
        and row.event == first.event != ""
        and row.published > first.published
        and (row.end or row.published) > (first.end or first.published)
    ]
    return later[-1] if later else None


def _announced(gap: GapEstimate, rows: tuple[CountRow, ...]) -> list[int]:
    """Rows of the announcement, in the order of their publication."""
    mine = [
        k
        for k, row in enumerate(rows)
        if (row.role, row.source, row.count) == ("announced", gap.announced_by, gap.announced)
    ]
    return [k for k in mine if rows[k].event == gap.label] or [k for k in mine if rows[k].end == gap.end]


def _used(gap: GapEstimate, rows: tuple[CountRow, ...]) -> list[int]:
    """Rows of the verified figure; none where it is a sum of several."""
    return [
        k
        for k, row in enumerate(rows)
        if (row.role, row.source, row.count) == ("verified", gap.verified_by, gap.verified)
        and row.published == gap.verified_on
    ]


def _apart(comparison: Comparison, *, total: bool) -> tuple[str, ...]:
    """What has to be said of two counts side by side; whom nobody said to count is said once, of all.

    The days of a total are compared by the model, day by day.
    """
    if total:
        return comparison.why_not[:1] if comparison.definitions == "different" else ()
    first = 1 if comparison.definitions == "unknown" else 0
    return (*comparison.why_not, *comparison.to_say[first:])


def _covered(gap: GapEstimate, reports: PublishedReleases) -> tuple[int, int] | None:
    """The days announced that a monitor's counts are of, and all of them."""
    if gap.start is None or gap.end is None:
        return None
    return days_covered(reports, gap.verified_by, gap.start, gap.end)


def _fallen(used: CountRow, rows: Iterable[CountRow]) -> CountRow | None:
    """The highest figure that a monitor gave of the same before, and then lowered."""
    if used.at_least:
        return None
    before = [
        row
        for row in rows
        if (row.role, row.source, row.event, row.start) == (used.role, used.source, used.event, used.start)
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


def _of_total(gap: GapEstimate, rows: tuple[CountRow, ...], standing: int | None) -> list[CountRow]:
    """The published total that stands against an announced one, where its days are nearly the same."""
    if standing is None or gap.end is None or rows[standing].count == gap.verified:
        return []
    row = rows[standing]
    late = abs(((row.end or row.published) - gap.end).days)
    return [] if days_differ(row.start, None, gap.start, None) or late > _NEAR else [row]
