"""The figures of each monitor for one announcement, put in order, and whether they allow an answer."""

from __future__ import annotations

from detcount.errors import NotEstimableError
from detcount.published.days import as_date
from detcount.releases.batches.announcement import NAME, Batch, Look, Rules
from detcount.releases.batches.notes import (
    ADVICE_BOUND,
    ADVICE_HEADLINE,
    ADVICE_MANY,
    ADVICE_UNVERIFIED,
    NOTE_AT_LEAST_VERIFIED,
    NOTE_BOUNDS_IN_A_ROW,
    NOTE_EARLY,
    NOTE_SAME_DAY,
    NOTE_WITHDRAWN,
    REASON_BOUND,
    REASON_HEADLINE,
    REASON_LARGE,
    REASON_LARGE_BOUND,
    REASON_MANY,
    REASON_UNVERIFIED,
    REMEDY_BOUND,
    REMEDY_HEADLINE,
    REMEDY_LARGE,
    REMEDY_MANY,
    REMEDY_UNVERIFIED,
)
from detcount.words import Message

__all__ = ["order_figures"]

_MOST_UNVERIFIED = 1_000_000  # persons: the sums over them take half a minute
_MOST_BOUNDED = 100_000  # where each of them needs a tail


def order_figures(rules: Rules, batch: Batch) -> NotEstimableError | None:
    """Put the looks of a batch in order; say why it has no answer, if so."""
    if not batch.looks:
        return NotEstimableError(
            NAME, Message(REASON_UNVERIFIED), Message(REMEDY_UNVERIFIED), advice=Message(ADVICE_UNVERIFIED)
        )
    if rules.headline is not None and rules.headline not in batch.looks:
        return NotEstimableError(
            NAME,
            Message(REASON_HEADLINE, monitor=rules.headline),
            Message(REMEDY_HEADLINE),
            advice=Message(ADVICE_HEADLINE),
        )
    batch.looks = {
        name: _orderly(rules, name, batch.looks[name], batch.notes) for name in sorted(batch.looks)
    }
    if rules.odds_ratio != 1 and len(batch.looks) > 2:
        return NotEstimableError(
            NAME, Message(REASON_MANY, n=len(batch.looks)), Message(REMEDY_MANY), advice=Message(ADVICE_MANY)
        )
    if rules.odds_ratio != 1 and len(batch.looks) == 2:
        for name, looks in batch.looks.items():
            if looks[-1][2]:
                return NotEstimableError(
                    NAME,
                    Message(REASON_BOUND, monitor=name),
                    Message(REMEDY_BOUND),
                    advice=Message(ADVICE_BOUND),
                )
    large = _too_large(rules, batch)
    if large is not None:
        return large
    batch.first = batch.window[0]
    early = min(
        ((looks[0][0], name) for name, looks in batch.looks.items() if looks[0][1]),
        default=(batch.first, ""),
    )
    if early[0] < batch.first:
        batch.notes.append(Message(NOTE_EARLY, monitor=early[1], day=as_date(early[0])))
        batch.first = early[0]
    return None


def _too_large(rules: Rules, batch: Batch) -> NotEstimableError | None:
    """Decline a batch with more people unverified than can be summed over in a minute."""
    latest = [looks[-1] for looks in batch.looks.values()]
    left = batch.announced - max(count for _, count, _ in latest)
    bounded = rules.odds_ratio != 1 or any(at_least for _, _, at_least in latest)
    most = _MOST_BOUNDED if bounded else _MOST_UNVERIFIED
    if left <= most:
        return None
    reason = Message(
        REASON_LARGE_BOUND if bounded else REASON_LARGE, n=left, announced=batch.announced, most=most
    )
    return NotEstimableError(NAME, reason, Message(REMEDY_LARGE))


def _orderly(rules: Rules, monitor: str, looks: list[Look], notes: list[str]) -> list[Look]:
    """One look a day, no total above a later one, no bound that says nothing."""
    by_day: dict[int, list[Look]] = {}
    for look in looks:
        by_day.setdefault(look[0], []).append(look)
    daily = []
    for day in sorted(by_day):
        daily.append(max(by_day[day], key=lambda look: (look[1], not look[2])))
        figures = sorted({look[1] for look in by_day[day] if not look[2]})
        if len(figures) > 1:
            notes.append(Message(NOTE_SAME_DAY, monitor=monitor, day=as_date(day), figures=figures))
    standing: list[Look] = []
    for look in daily:
        if not look[2]:
            fallen = [before for before in standing if before[1] > look[1]]
            if fallen:
                highest = max(fallen, key=lambda before: before[1])
                notes.append(
                    Message(
                        NOTE_WITHDRAWN,
                        monitor=monitor,
                        before=highest[1],
                        day_before=as_date(highest[0]),
                        after=look[1],
                        day_after=as_date(look[0]),
                        withdrawn=highest[1] - look[1],
                    )
                )
            standing = [before for before in standing if before[1] <= look[1]]
        standing.append(look)
    kept: list[Look] = []
    several = 0
    for look in standing:
        known = max((before[1] for before in kept), default=0)
        if look[2] and look[1] <= known:
            continue
        if look[2] and kept and kept[-1][2]:
            kept[-1] = look
            several = look[1]
            continue
        kept.append(look)
    if not kept:  # nothing but "at least 0"
        kept = [(standing[0][0], 0, True)]
    if not rules.delayed:
        kept = kept[-1:]
    elif several:
        notes.append(Message(NOTE_BOUNDS_IN_A_ROW, monitor=monitor, count=several))
    for day, count, at_least in kept:
        if at_least:
            notes.append(Message(NOTE_AT_LEAST_VERIFIED, monitor=monitor, count=count, day=as_date(day)))
    return kept
