"""From the evidence to the content: the rows of every part of a report about releases."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np

from detcount._numerics.process import delay_cdf
from detcount.assessment.releases.announced import announced_rows, said_elsewhere
from detcount.assessment.releases.content import (
    FEWEST,
    RECENT,
    AnnouncedLine,
    AuditRow,
    ComparedRow,
    ConflictRow,
    DelayRow,
    FanContent,
    FanDay,
    ReleasesContent,
    SilentRow,
)
from detcount.assessment.releases.counts import CountRow, count_rows, latest_counts, total_name
from detcount.assessment.releases.result import ReleasesAssessment
from detcount.estimates import versions
from detcount.published import PublishedReleases
from detcount.published.conflicts import conflicts

__all__ = ["content_of"]

_DELAYS = (0, 1, 2, 3, 7, 14, 30)
_AHEAD = (*range(0, 15, 2), 18, 22, 28)  # days after the last count that a fan shows
_MOST_FANS = 3
_MOST_OF_IT = 0.5  # share of the days audited that a total must cover to be set beside the exits


def content_of(assessment: ReleasesAssessment) -> ReleasesContent:
    """Rows of every part of the report."""
    reports = assessment.reports
    rows = count_rows(reports)
    by_monitor = () if assessment.batches is None else assessment.batches.by_monitor
    delays, fans = _delays(assessment), _fans(assessment, rows)
    specs = (assessment.batches, assessment.process)
    notes = _notes(assessment, of_process=bool(assessment.totals or fans or delays))
    return ReleasesContent(
        as_of=assessment.as_of,
        first=reports.first_published,
        last=reports.last_published,
        n_counts=len(reports),
        counts=latest_counts(reports),
        conflicts=_conflicts(reports, rows),
        announced=announced_rows(assessment.gaps, by_monitor, reports, rows, notes, assessment.influence),
        delays=delays,
        fans=fans,
        audit=_audit_row(assessment),
        silent=_silent(assessment),
        assumptions=assessment.assumptions,
        notes=notes,
        specifications=tuple(repr(part.estimator) for part in specs if part is not None),
        seed=assessment.seed,
        digest=reports.digest,
        versions=tuple(versions().items()),
        citation=assessment.cite(),
        definition=reports.definition,
        left_out=assessment.influence is not None,
    )


def _conflicts(reports: PublishedReleases, rows: tuple[CountRow, ...]) -> tuple[ConflictRow, ...]:
    """Pairs of counts that do not stand together."""
    return tuple(
        ConflictRow(found.kind, found.what, rows[found.first], rows[found.second])
        for found in conflicts(reports)
    )


def _delays(assessment: ReleasesAssessment) -> tuple[DelayRow, ...]:
    """How long the monitor with the most counts takes to verify."""
    process = assessment.process
    if process is None or not process.delay_from_data:
        return ()
    posterior = process.posterior
    draws = delay_cdf(process.estimator.delay, posterior.delay, posterior.slow, np.array(_DELAYS))
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    return tuple(
        DelayRow(days, float(share), float(least), float(most))
        for days, share, least, most in zip(_DELAYS, draws.mean(axis=0), low, high, strict=True)
    )


def _fans(assessment: ReleasesAssessment, rows: tuple[CountRow, ...]) -> tuple[FanContent, ...]:
    """Running totals of the monitors that are still followed."""
    series: dict[tuple[str, str], list[CountRow]] = {}
    for row in rows:
        if row.role == "verified" and row.start is not None:
            series.setdefault((row.source, row.event or total_name(row)), []).append(row)
    recent = [
        found
        for found in series.values()
        if len(found) >= FEWEST
        and len({row.start for row in found}) == 1
        and (assessment.as_of - found[-1].published).days <= RECENT
        and (found[-1].end or found[-1].published) > found[0].published
    ]
    recent.sort(key=len, reverse=True)
    return tuple(_fan(assessment, found, rows) for found in recent[:_MOST_FANS])


def _fan(assessment: ReleasesAssessment, observed: list[CountRow], rows: tuple[CountRow, ...]) -> FanContent:
    """One running total, what it will be for the same days, and the totals announced meanwhile."""
    first, last = observed[0], observed[-1]
    end = last.end or last.published
    expected: tuple[FanDay, ...] = ()
    eventually = None
    process = assessment.process
    if process is not None and last.source in process.sources and first.start is not None:
        days = [assessment.as_of + dt.timedelta(days=k) for k in _AHEAD]
        expected = tuple(
            FanDay(day, process.nowcast(last.source, start=first.start, end=end, on=day)) for day in days
        )
        eventually = process.nowcast(last.source, start=first.start, end=end)
    announced = {
        (row.source, row.event): row
        for row in rows
        if row.role == "announced"
        and row.published >= first.published
        and (row.end or row.published) >= first.published
    }
    return FanContent(
        source=last.source,
        event=last.event or total_name(first),
        start=first.start,
        observed=tuple(observed),
        expected=expected,
        eventually=eventually,
        announced=tuple(
            AnnouncedLine(row, row.start == first.start) for row in announced.values() if row.count
        ),
    )


def _audit_row(assessment: ReleasesAssessment) -> AuditRow | None:
    """The audit and the totals of the same days."""
    audit = assessment.audit
    if audit is None:
        return None
    frame = audit.compare(assessment.reports)
    lines: Any = frame[frame["share"] >= _MOST_OF_IT].itertuples(index=False)
    reports = assessment.reports  # a frame keeps the names, and not the words that readers know them by
    names = {name: name for name in (*reports.source, *reports.event, *reports.measure)}
    compared = tuple(
        ComparedRow(
            CountRow(
                published=line.published.date(),
                source=names[line.source],
                role=line.role,
                start=line.start.date(),
                end=line.end.date(),
                count=int(line.count),
                at_least=bool(line.at_least),
                event=names[line.event],
                measure=names[line.measure],
            ),
            excess=None if math.isnan(line.excess) else int(line.excess),
            low=float(line.excess_low),
            high=float(line.excess_high),
        )
        for line in lines
    )
    return AuditRow(audit, compared)


def _silent(assessment: ReleasesAssessment) -> tuple[SilentRow, ...]:
    """What has no answer, once each; what the totals answer is not silent."""
    answered = {gap.label for gap in assessment.totals}
    found = [
        SilentRow(part, label, error.reason, error.advice)
        for (part, label), error in assessment.declined.items()
    ]
    named = {row.label for row in found if row.label}
    if assessment.batches is not None:
        found += [
            SilentRow("batches", label, error.reason, error.advice)
            for label, error in assessment.batches.declined.items()
            if label not in answered | named
        ]
    return tuple(found)


def _notes(assessment: ReleasesAssessment, *, of_process: bool) -> tuple[str, ...]:
    """Notes on all announcements together, those that the report says elsewhere left out."""
    process = assessment.process if of_process else None
    made = (assessment.batches, process, assessment.audit)
    found = dict.fromkeys(note for part in made if part is not None for note in part.notes)
    return tuple(note for note in found if not said_elsewhere(note))
