"""Published rows read as announcements with the figures of monitors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detcount.errors import NotEstimableError
from detcount.published import PublishedReleases
from detcount.releases.batches.announcement import NAME, Batch, Rules, key_of, read_announcement
from detcount.releases.batches.figures import order_figures
from detcount.releases.batches.matching import match_figures
from detcount.releases.batches.notes import (
    ADVICE_NO_MONITOR,
    ADVICE_NONE_ANNOUNCED,
    ADVICE_NONE_VERIFIED,
    LABELLED,
    NOTE_DECLINED,
    NOTE_NO_FIGURES,
    NOTE_UNDATED,
    NOTE_UNMATCHED,
    REASON_NO_BATCH,
    REASON_NO_MONITOR,
    REASON_NONE_ANNOUNCED,
    REASON_NONE_VERIFIED,
    REMEDY_NO_MONITOR,
    REMEDY_NONE_ANNOUNCED,
    REMEDY_NONE_VERIFIED,
)
from detcount.words import Message


@dataclass
class Read:
    """Everything read from the rows, and the rules by which it was."""

    rules: Rules
    reports: PublishedReleases
    batches: list[Batch]
    declined: dict[str, NotEstimableError]
    notes: list[str]

    @property
    def monitors(self) -> tuple[str, ...]:
        """Names of the monitors that have figures, in order."""
        return tuple(sorted({name for batch in self.batches for name in batch.figures}))


def read_batches(rules: Rules, reports: PublishedReleases) -> Read:
    """Sort rows into batches, and verified figures to them."""
    announced = [k for k, role in enumerate(reports.role) if role == "announced"]
    if not announced:
        raise NotEstimableError(
            NAME,
            Message(REASON_NONE_ANNOUNCED),
            Message(REMEDY_NONE_ANNOUNCED),
            advice=Message(ADVICE_NONE_ANNOUNCED),
        )
    verified = [
        k
        for k, role in enumerate(reports.role)
        if role in rules.roles and (rules.monitors is None or reports.source[k] in rules.monitors)
    ]
    missing: list[str] = []
    if rules.monitors is not None:
        found = {reports.source[k] for k, role in enumerate(reports.role) if role in rules.roles}
        missing = sorted(set(rules.monitors) - found)
        if len(missing) == len(rules.monitors):
            raise NotEstimableError(
                NAME,
                Message(REASON_NO_MONITOR, monitors=missing),
                Message(REMEDY_NO_MONITOR),
                advice=Message(ADVICE_NO_MONITOR),
            )
    if not verified:
        raise NotEstimableError(
            NAME,
            Message(REASON_NONE_VERIFIED),
            Message(REMEDY_NONE_VERIFIED),
            advice=Message(ADVICE_NONE_VERIFIED),
        )
    groups: dict[tuple[str, Any], list[int]] = {}
    for k in announced:
        groups.setdefault(key_of(reports, k), []).append(k)
    declined: dict[str, NotEstimableError] = {}
    batches = []
    for rows in groups.values():
        batch, error = read_announcement(rules, reports, rows)
        if error is None:
            batches.append(batch)
        else:
            declined[batch.label] = error
    unmatched, undated = match_figures(rules, reports, verified, batches)
    kept = []
    for batch in batches:
        error = order_figures(rules, batch)
        if error is None:
            kept.append(batch)
        else:
            declined[batch.label] = error
    kept.sort(key=lambda batch: (batch.window, batch.label))
    declined = dict(sorted(declined.items()))
    if not kept:
        alike: dict[str, list[str]] = {}
        for label, error in declined.items():
            alike.setdefault(error.reason, []).append(label)
        reasons = [Message(LABELLED, labels=labels, reason=reason) for reason, labels in alike.items()]
        first = next(iter(declined.values()))
        raise NotEstimableError(
            NAME, Message(REASON_NO_BATCH, reasons=reasons), first.remedy, advice=first.advice
        )
    notes: list[str] = [
        Message(NOTE_DECLINED, label=label, reason=error.reason, remedy=error.advice)
        for label, error in declined.items()
    ]
    if missing:
        notes.append(Message(NOTE_NO_FIGURES, monitors=missing))
    if unmatched:
        notes.append(Message(NOTE_UNMATCHED, n=unmatched, total=len(verified)))
    if undated:
        notes.append(Message(NOTE_UNDATED, n=undated))
    return Read(rules, reports, kept, declined, notes)
