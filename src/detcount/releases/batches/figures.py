"""The figures of each monitor for one announcement, put in order, and whether they allow an answer."""

from __future__ import annotations

from detcount.errors import NotEstimableError
from detcount.published.days import as_date
from detcount.releases.batches.announcement import NAME, Batch, Figure, Rules
from detcount.releases.batches.notes import (
    ADVICE_HEADLINE,
    ADVICE_UNVERIFIED,
    NOTE_AT_LEAST_VERIFIED,
    NOTE_BOUNDS_IN_A_ROW,
    NOTE_EARLY,
    NOTE_SAME_DAY,
    NOTE_WITHDRAWN,
    REASON_HEADLINE,
    REASON_LARGE,
    REASON_UNVERIFIED,
    REMEDY_HEADLINE,
    REMEDY_LARGE,
    REMEDY_UNVERIFIED,
)
from detcount.words import Message

_MOST = 1_000_000  # persons: beyond, figures are checked rather than split


def order_figures(rules: Rules, batch: Batch) -> NotEstimableError | None:
    """Put the figures of a batch in order; say why it has no answer, if so."""
    if not batch.figures:
        return NotEstimableError(
            NAME, Message(REASON_UNVERIFIED), Message(REMEDY_UNVERIFIED), advice=Message(ADVICE_UNVERIFIED)
        )
    if rules.headline is not None and rules.headline not in batch.figures:
        return NotEstimableError(
            NAME,
            Message(REASON_HEADLINE, monitor=rules.headline),
            Message(REMEDY_HEADLINE),
            advice=Message(ADVICE_HEADLINE),
        )
    batch.figures = {
        name: _orderly(rules, name, batch.figures[name], batch.notes) for name in sorted(batch.figures)
    }
    large = _too_large(batch)
    if large is not None:
        return large
    batch.first = batch.window[0]
    early = min(
        ((figures[0].day, name) for name, figures in batch.figures.items() if figures[0].verified),
        default=(batch.first, ""),
    )
    if early[0] < batch.first:
        batch.notes.append(Message(NOTE_EARLY, monitor=early[1], day=as_date(early[0])))
        batch.first = early[0]
    return None


def _too_large(batch: Batch) -> NotEstimableError | None:
    """Decline a batch with more people unverified than there are digits, or time, to sum over."""
    largest = max(
        batch.announced, *(figure.verified for figures in batch.figures.values() for figure in figures)
    )
    if largest <= _MOST:
        return None
    reason = Message(REASON_LARGE, n=largest, most=_MOST)
    return NotEstimableError(NAME, reason, Message(REMEDY_LARGE))


def _orderly(rules: Rules, monitor: str, figures: list[Figure], notes: list[str]) -> list[Figure]:
    """One figure a day, no total above a later one, no bound that says nothing."""
    by_day: dict[int, list[Figure]] = {}
    for figure in figures:
        by_day.setdefault(figure.day, []).append(figure)
    daily = []
    for day in sorted(by_day):
        daily.append(max(by_day[day], key=lambda figure: (figure.verified, not figure.at_least)))
        given = sorted({figure.verified for figure in by_day[day] if not figure.at_least})
        if len(given) > 1:
            notes.append(Message(NOTE_SAME_DAY, monitor=monitor, day=as_date(day), figures=given))
    standing: list[Figure] = []
    for figure in daily:
        if not figure.at_least:
            fallen = [before for before in standing if before.verified > figure.verified]
            if fallen:
                highest = max(fallen, key=lambda before: before.verified)
                notes.append(
                    Message(
                        NOTE_WITHDRAWN,
                        monitor=monitor,
                        before=highest.verified,
                        day_before=as_date(highest.day),
                        after=figure.verified,
                        day_after=as_date(figure.day),
                        withdrawn=highest.verified - figure.verified,
                    )
                )
            standing = [before for before in standing if before.verified <= figure.verified]
        standing.append(figure)
    kept: list[Figure] = []
    several = 0
    for figure in standing:
        known = max((before.verified for before in kept), default=0)
        if figure.at_least and figure.verified <= known:
            continue
        if figure.at_least and kept and kept[-1].at_least:
            kept[-1] = figure
            several = figure.verified
            continue
        kept.append(figure)
    if not kept:  # nothing but "at least 0"
        kept = [Figure(standing[0].day, 0, at_least=True)]
    if not rules.delayed:
        kept = kept[-1:]
    elif several:
        notes.append(Message(NOTE_BOUNDS_IN_A_ROW, monitor=monitor, count=several))
    notes.extend(
        Message(NOTE_AT_LEAST_VERIFIED, monitor=monitor, count=figure.verified, day=as_date(figure.day))
        for figure in kept
        if figure.at_least
    )
    return kept
