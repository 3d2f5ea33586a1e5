"""Contents of an assessment of releases: the events, and what stands beside them, in no language yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detcount.assessment.releases.sentences import event_sentence
from detcount.contract.citation import Reference
from detcount.data.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.data.published.counts import MATCH_DAYS, PublishedCount, counts_of
from detcount.data.published.events import Event
from detcount.data.published.reading import as_date
from detcount.errors import NotEstimableError
from detcount.estimates import UncertainCount
from detcount.privacy import Disclosure
from detcount.releases import AnnouncedBatches
from detcount.stock import StockFlowAudit
from detcount.words import Message


@dataclass(frozen=True)
class Tuning:
    """Sizes of what stands before the folds.

    Parameters
    ----------
    recent : int, days
        Days before the last event of all, of the events that stand before the folds. Convention: two months.
    events : int, rows
        Events in the table before the folds. Convention: eight.
    headed : int, sentences
        Sentences before the folds. Convention: three.
    supposed : tuple, shares
        Shares of the released whom monitors may have found. Convention: half, seven and nine in ten.
    open : int, days
        Days since the newest figure within which a list goes on. Convention: a year.
    """

    recent: int = 60
    events: int = 8
    headed: int = 3
    supposed: tuple[float, ...] = (0.5, 0.7, 0.9)
    open: int = 365


TUNING = Tuning()


@dataclass(frozen=True)
class SupposedRow:
    """Completed releases, if a monitor finds a stated share of what happens in the end.

    Parameters
    ----------
    event : Event
        The announcement.
    source : str
        The monitor.
    share : float
        What is supposed: the share that it finds in the end, in (0, 1).
    completed : UncertainCount
        The number completed, persons.
    """

    event: Event
    source: str
    share: float
    completed: UncertainCount


@dataclass(frozen=True)
class RegisterRow:
    """Who left a register by its own totals, and what was announced of about these days.

    Parameters
    ----------
    audit : StockFlowAudit
        The exits that the totals imply.
    announced : tuple of PublishedCount
        The last announced number of each event that has days in common with them.
    """

    audit: StockFlowAudit
    announced: tuple[PublishedCount, ...]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ReleasesFacts:
    """Published counts of announced releases, and the conclusions from them.

    Parameters
    ----------
    reports : PublishedReleases
        The published counts, as known on `as_of`.
    as_of : datetime.date
        Last day the data could know.
    seed : int
        Seed of every fit.
    events : tuple of Event
        What the counts are of: announced or reported ones first, by their last day.
    supposed : tuple of SupposedRow
        How many were completed, each row by the share that it supposes a monitor to find.
    register : RegisterRow, optional
        Who left a register by its own totals; None where none was given, or there is no answer.
    models : tuple of AnnouncedBatches
        The specifications behind `supposed`.
    declined : tuple of NotEstimableError
        Why a part that was asked for has no answer.
    disclosure : {"public", "full"}, optional
        For whom it was made; None where nobody chose. Published counts are the same for all.
    """

    reports: PublishedReleases
    as_of: dt.date
    seed: int
    events: tuple[Event, ...]
    supposed: tuple[SupposedRow, ...] = ()
    register: RegisterRow | None = None
    models: tuple[AnnouncedBatches, ...] = ()
    declined: tuple[NotEstimableError, ...] = ()
    disclosure: Disclosure | None = None

    @cached_property
    def counts(self) -> tuple[PublishedCount, ...]:
        """Every published count."""
        return counts_of(self.reports)

    @property
    def references(self) -> tuple[Reference, ...]:
        """Papers of the methods that answered."""
        return tuple(dict.fromkeys(paper for model in self.models for paper in model.references))

    @property
    def remarks(self) -> tuple[str, ...]:
        """Remarks on how columns were read, and on parts without an answer."""
        why = (
            Message("{reason}. {advice}", reason=error.reason, advice=error.advice) for error in self.declined
        )
        return (*self.reports.notes, *why)

    @property
    def shown(self) -> tuple[Event, ...]:
        """The events before the folds: the latest, but for verified days that lie in a verified total.

        Where they are too many, announcements that a monitor counted whole stand before others.
        """
        known = [event for event in self.events if not self._nested(event)]
        newest = max(event.head.last for event in known)
        recent = [event for event in known if (newest - event.head.last).days <= TUNING.recent]
        chosen = sorted(recent, key=lambda event: not (event.announced and event.whole))[: TUNING.events]
        return tuple(event for event in recent if event in chosen)

    @property
    def headed(self) -> tuple[Event, ...]:
        """The events whose sentences stand before the folds; what was reported in doubt alone heads none."""
        return tuple([event for event in self.shown if not event.in_doubt] or self.shown)[: TUNING.headed]

    @property
    def statement(self) -> Message:
        """The sentences of the latest events, one after another."""
        return Message.together(event_sentence(event, self.as_of) for event in self.headed)

    def _nested(self, event: Event) -> bool:
        """Check whether all that is known of an event are verified counts within wider ones."""
        if event.announced or event.reported or not event.verified:
            return False
        return all(
            any(
                (wide.source, wide.role) == (each.source, "verified")
                and wide.days is not None
                and (each.start is None or (wide.start or wide.last) <= each.start)
                and each.last <= wide.last
                and (each.days is None or each.days < wide.days)
                for wide in self.counts
            )
            for each in event.verified
        )


_BESIDE = 2  # announced numbers beside the exits of a register
SUPPOSED = tuple(AnnouncedBatches(found=share) for share in TUNING.supposed)


def supposed_rows(
    reports: PublishedReleases, events: Sequence[Event], as_of: dt.date, *, seed: int
) -> tuple[SupposedRow, ...]:
    """Say for each announcement that a monitor counted how many were completed, by each share it may find.

    Nothing is said of an announcement that no monitor counted whole, that counts other people, whose verified
    are as many or more than were announced, or that has had no figure for a year.
    """
    wanted: dict[tuple[str, int, dt.date | None], Event] = {}
    for event in events:
        newest = max((each.published for each in event.verified), default=dt.date.min)
        bounds = event.bounds
        open_ = event.verified and bounds is not None and bounds[0] != bounds[1]
        if open_ and (as_of - newest).days <= TUNING.open:
            wanted[event.announced[0].source, event.announced[0].count, event.announced[0].last] = event
    if not wanted:
        return ()
    found = []
    for model in SUPPOSED:
        try:
            fitted = model.fit(reports, seed=seed)
        except NotEstimableError:
            continue
        for batch in fitted.batches:
            of = wanted.get((batch.announced_by, batch.announced, batch.end))
            seen = of is not None and batch.verified_by in {each.source for each in of.verified}
            if of is not None and seen and batch.carried_out.median is not None:
                found.append(SupposedRow(of, batch.verified_by, model.found or 0.0, batch.carried_out))
    return tuple(found)


def days_of_register(
    stock: PublishedStock, arrests: PublishedArrests, events: Sequence[Event], as_of: dt.date
) -> tuple[dt.date, dt.date] | None:
    """Choose the days between which a register is looked at: those around the latest announcement.

    They are days of which one source gives both its totals: the last, and the last before the announced days
    began. None where the last lies more than two days before the announced days end, or these ended long ago.
    """
    totals = [
        (source, event)
        for source, event in dict.fromkeys(zip(arrests.source, arrests.event, strict=True))
        if source in stock.source
    ]
    for total in totals:
        of_stock = {
            as_date(day)
            for day, who, least in zip(stock.date, stock.source, stock.at_least, strict=True)
            if who == total[0] and not least
        }
        of_arrests = {
            as_date(day)
            for day, *which, least in zip(
                np.where(np.isnat(arrests.end), arrests.published, arrests.end),
                arrests.source,
                arrests.event,
                arrests.at_least,
                strict=True,
            )
            if tuple(which) == total and not least
        }
        both = sorted(of_stock & of_arrests)
        for event in events:
            stated = event.announced[0] if event.announced else None
            if stated is None or stated.start is None or (as_of - stated.last).days > TUNING.recent:
                continue
            before = [day for day in both if day <= stated.start]
            if before and before[-1] < both[-1] and both[-1] >= stated.last - dt.timedelta(days=MATCH_DAYS):
                return before[-1], both[-1]
    return None


def register_row(audit: StockFlowAudit, events: Sequence[Event]) -> RegisterRow:
    """Put beside the exits of a register the latest announced totals that share days with it."""
    near = [
        event.announced[0]
        for event in events
        if event.announced
        and event.announced[0].measure.release
        and event.announced[0].start is not None
        and event.announced[0].start <= audit.end
        and event.announced[0].last >= audit.start
    ]
    return RegisterRow(audit, tuple(near[:_BESIDE]))
