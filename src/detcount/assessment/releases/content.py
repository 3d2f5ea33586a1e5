"""What an assessment of releases says, in no language yet: the events, and what stands beside them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from detcount.assessment.releases.sentences import event_sentence
from detcount.definition import Definition
from detcount.estimates import UncertainCount
from detcount.published.conflicts import Conflict
from detcount.published.counts import PublishedCount
from detcount.published.events import Event
from detcount.stock import StockFlowAudit
from detcount.words import Message

RECENT = 60
"""Days before the last event of all, of those that stand before the folds."""
_MOST = 8  # events in the table before the folds
_SAID = 3  # sentences before the folds


@dataclass(frozen=True)
class SupposedRow:
    """How many were completed, if a monitor finds a stated share of what happens in the end.

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
        The exits.
    announced : tuple of PublishedCount
        The last announced number of each event that has days in common with them.
    """

    audit: StockFlowAudit
    announced: tuple[PublishedCount, ...]


@dataclass(frozen=True, kw_only=True)
class ReleasesContent:
    """Everything that a report about releases shows.

    Parameters
    ----------
    as_of : datetime.date
        Last day the data could know.
    first, last : datetime.date
        Days of the first and of the last count.
    counts : tuple of PublishedCount
        Every published count.
    events : tuple of Event
        What they are of: announced or reported ones first, by their last day.
    conflicts : tuple of Conflict
        Counts that do not stand together.
    differences : tuple of PublishedCount
        What two totals of one monitor leave.
    supposed : tuple of SupposedRow
        How many were completed, each row by the share that it supposes.
    register : RegisterRow or None
        Who left a register by its own totals.
    remarks : tuple of str
        What was read as what, and why a part that was asked for has no answer.
    seed : int
        Seed of the fits.
    digest : str
        SHA-256 of the data.
    specifications : tuple of str
        The specifications behind the rows of `supposed`.
    versions : tuple of tuple of str
        Versions of the software.
    citation : str
        How to cite.
    definition : Definition or None
        Who is counted.
    """

    as_of: dt.date
    first: dt.date
    last: dt.date
    counts: tuple[PublishedCount, ...]
    events: tuple[Event, ...]
    conflicts: tuple[Conflict, ...]
    differences: tuple[PublishedCount, ...]
    supposed: tuple[SupposedRow, ...]
    register: RegisterRow | None
    remarks: tuple[str, ...]
    seed: int
    digest: str
    specifications: tuple[str, ...]
    versions: tuple[tuple[str, str], ...]
    citation: str
    definition: Definition | None

    @property
    def shown(self) -> tuple[Event, ...]:
        """The events before the folds: the latest, but for verified days that lie in a verified total."""
        known = [event for event in self.events if not self._nested(event)]
        newest = max(event.head.last for event in known)
        recent = [event for event in known if (newest - event.head.last).days <= RECENT]
        return tuple(recent[:_MOST])

    @property
    def said(self) -> tuple[Event, ...]:
        """The events whose sentences stand before the folds."""
        return self.shown[:_SAID]

    @property
    def sentence(self) -> Message:
        """The sentences of the latest events, one after another."""
        return Message.together(event_sentence(event, self.as_of) for event in self.said)

    def _nested(self, event: Event) -> bool:
        """Whether all that is known of an event are verified counts within wider ones of their sources."""
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
