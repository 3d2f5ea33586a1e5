"""The front door for releases, and its result: what published counts say, and every way to print it.

One chapter: from published counts to what is shown of them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from detcount.assessment.common.result import Assessed
from detcount.assessment.releases.document import marks_of, releases_document
from detcount.assessment.releases.facts import (
    SUPPOSED,
    ReleasesFacts,
    days_of_register,
    register_row,
    supposed_rows,
)
from detcount.assessment.releases.figure import draw_events
from detcount.assessment.releases.sentences import event_sentence
from detcount.contract import arguments
from detcount.contract.definition import require_comparable
from detcount.contract.specification import door
from detcount.data.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.data.published.counts import PublishedCount
from detcount.data.published.events import Event, events_of
from detcount.data.published.reading import ROLES
from detcount.errors import InputError, NotEstimableError
from detcount.estimates.result import plain, provenance
from detcount.reports.blocks import Document
from detcount.reports.printed import figure_of
from detcount.reports.printing import frame_of
from detcount.stock import StockFlowAudit, stock_flow_audit
from detcount.words import Message, translated

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

# columns of whole numbers
_WHOLE = {"row", "count", "low", "high", "days_counted", "days_announced", "lowered_from"}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ReleasesAssessment(ReleasesFacts, Assessed):
    """Assessment of published counts of announced releases, event by event.

    Made by `assess_releases`. Nothing of it rests on a prior, but for the rows of
    `supposed` and the limits of `register`, which say so.

    See Also
    --------
    assess_releases : Makes one.

    Examples
    --------
    >>> import detcount as dc
    >>> rows = {
    ...     "published": ["2026-01-03", "2026-01-04", "2026-01-12"],
    ...     "start": ["2026-01-02"] * 3,
    ...     "end": ["2026-01-03"] * 3,
    ...     "event": ["January"] * 3,
    ...     "source": ["ministry", "monitor", "monitor"],
    ...     "role": ["announced", "verified", "verified"],
    ...     "measure": ["people"] * 3,
    ...     "count": [90, 31, 44],
    ... }
    >>> assessment = dc.assess_releases(dc.PublishedReleases.from_frame(rows))
    >>> assessment.events[0].bounds
    (44, 90)
    """

    def sentences(self, *, lang: str = "en") -> tuple[str, ...]:
        """Write what can be printed of each event, in the order of `events`.

        Parameters
        ----------
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.

        Returns
        -------
        tuple of str
            Who announced, verified and reported how many of which days, and what that leaves.
        """
        return tuple(translated(event_sentence(event, self.as_of), lang) for event in self.events)

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give every count, and what follows from them, as rows of a table, one dictionary a number.

        ``quantity`` says what a row is. A published count is ``"announced"``, ``"verified"`` or
        ``"reported"``, and where it does not stand this is added, as in ``"verified, of other days"``; one of
        a part alone is ``"partial"``. What follows is ``"verified, in parts"`` (with the days that were
        counted), ``"least and most"`` (if those verified are of this announcement) or ``"completed, if the
        share is found"`` (with the share that it supposes). Every published count is
        one row, with its number in ``row``, from 1 in the order of `reports`, its ``role`` and its
        ``standing``; the other rows follow from counts, and have none. ``event_number`` is that of the event,
        from 1.
        """
        return [row for k, event in enumerate(self.events) for row in self._rows_of(k + 1, event, level)]

    def _rows_of(self, number: int, event: Event, level: float) -> list[dict[str, Any]]:
        """The rows of one event: its counts as they stand, and what follows from them."""
        head = event.head
        named = {
            "event_number": number,
            "event": event.name,
            "event_start": head.start,
            "event_end": head.end or head.last,
        }
        order = [*event.announced, *(each for each in event.counts if each not in event.announced)]
        found = [
            named | {"quantity": _quantity(each)} | _count(each)
            for each in sorted(order, key=lambda each: (each.standing != "stands", ROLES.index(each.role)))
        ]
        for part in event.parts:
            days = {"days_counted": part.covered, "days_announced": part.days, "at_least": part.at_least}
            both = {} if part.most is None else {"low": part.total, "high": part.most}
            counted = {"quantity": "verified, in parts", "source": part.source, "count": part.total}
            found.append(named | counted | days | both)
        if event.bounds is not None:
            low, high = event.bounds
            found.append(named | {"quantity": "least and most", "low": low, "high": high})
        for row in (row for row in self.supposed if row.event == event):
            least, _, most = row.completed.printed(level)
            limits = {"low": round(least), "high": round(most), "level": level}
            supposed = {
                "quantity": "completed, if the share is found",
                "source": row.source,
                "share": row.share,
            }
            found.append(named | supposed | limits)
        return found

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """Give the rows as a pandas frame."""
        frame = frame_of(self.rows(level))
        for name in _WHOLE.intersection(frame.columns):
            frame[name] = frame[name].astype("Int64")
        return frame

    def plot(self, *, lang: str = "en", most: int = 10) -> Figure:
        """Draw what was announced, verified and reported of each event, the latest at the top.

        Parameters
        ----------
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.
        most : int, optional
            The events drawn, at most.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own; ``figure.savefig("events.png")`` writes it.

        Raises
        ------
        InputError
            If the language is unknown.
        """
        return figure_of(partial(draw_events, events=self.shown[: max(most, 1)]), lang)

    def record(self) -> dict[str, Any]:
        """Give everything needed to make the numbers again, as plain values that JSON can hold.

        Returns
        -------
        dict
            The sentences, the numbers of each event, the register, seed, digest, versions.
        """
        known = {
            "as_of": self.as_of,
            "definition": self.reports.definition,
            "n_counts": len(self.reports),
            "sentences": self.sentences(),
            "events": self.rows(),
            "register": None if self.register is None else self.register.audit,
            "specifications": [repr(model) for model in self.models],
            "declined": [
                {"part": error.estimator, "reason": error.reason, "remedy": error.remedy}
                for error in self.declined
            ],
            "seed": self.seed,
            "data_sha256": self.reports.digest,
        }
        return plain(known) | provenance()

    @property
    def _private(self) -> bool:
        return False

    def _for_public(self) -> Self:
        return replace(self, disclosure="public")

    def _document(self) -> Document:
        return releases_document(self)

    def _headline(self) -> Message:
        return Message.counted(
            "{n} event, as of {day}", "{n} events, as of {day}", n=len(self.events), day=self.as_of
        )

    def __repr__(self) -> str:
        return (
            f"<ReleasesAssessment of {len(self.reports):,} published counts, as of {self.as_of}: "
            f"{len(self.events)} events>"
        )


_QUANTITY = {
    "stands": "{}",
    "replaced": "{}, replaced",
    "earlier": "{}, earlier figure",
    "part": "{}, of part of the days",
    "other days": "{}, of other days",
    "other people": "{}, of other people",
    "partial": "partial",
}


def _quantity(each: PublishedCount) -> str:
    """Name the quantity of a row with a published count."""
    return _QUANTITY[each.standing].format(each.role)


def _count(each: PublishedCount) -> dict[str, Any]:
    """One published count as plain values."""
    return {
        "row": each.row + 1,
        "role": each.role,
        "standing": each.standing,
        "source": each.source,
        "count": each.count,
        "at_least": each.at_least,
        "published": each.published,
        "start": each.start,
        "end": each.end,
        "measure": each.measure.what,
        "marks": ";".join(marks_of(each)),
        **({} if each.lowered is None else {"lowered_from": each.lowered.count}),
    }


@door
def assess_releases(
    reports: PublishedReleases,
    *,
    as_of: Any = None,
    stock: PublishedStock | None = None,
    arrests: PublishedArrests | None = None,
    audit: tuple[Any, Any] | None = None,
    seed: int = 0,
) -> ReleasesAssessment:
    """Set announced releases against verified and reported ones, event by event.

    The estimand, for each announced number of releases, is how many of them a monitor verified, and the
    least and the most that this leaves. No count shows what became of the others, and no number is given for
    them. How many were completed stands only beside a stated share: the share of what happens that a monitor
    is supposed to find.

    Parameters
    ----------
    reports : PublishedReleases
        Published counts.
    as_of : str or datetime.date, optional
        The last day that may be known; by default that of the last count.
    stock, arrests : PublishedStock, PublishedArrests, optional
        A register's own totals, both or none: who left it by them stands beside what was announced.
    audit : tuple of two days, optional
        First and last day between which the register is looked at; by default the days of its bulletins
        around the latest announcement.
    seed : int, optional
        Seed of every fit, 0 or more.

    Returns
    -------
    ReleasesAssessment
        Counts in persons by event, and the reports.

    Raises
    ------
    InputError
        If nothing had been published by `as_of`, the seed is no whole number of 0 or more, stock and
        arrests are not given together, days of an audit are given without them, or their definitions are of
        different people.

    See Also
    --------
    assess : The front door for lists of people.

    Examples
    --------
    >>> import detcount as dc
    >>> rows = {
    ...     "published": ["2026-01-03", "2026-01-04", "2026-01-12"],
    ...     "start": ["2026-01-02"] * 3,
    ...     "end": ["2026-01-03"] * 3,
    ...     "event": ["January"] * 3,
    ...     "source": ["ministry", "monitor", "monitor"],
    ...     "role": ["announced", "verified", "verified"],
    ...     "measure": ["people"] * 3,
    ...     "count": [90, 31, 44],
    ... }
    >>> assessment = dc.assess_releases(dc.PublishedReleases.from_frame(rows))
    >>> print(assessment.sentence().partition(",")[0])
    Of 90 releases for 2 to 3 January 2026 announced by ministry on 3 January
    """
    if (stock is None) != (arrests is None) or (audit is not None and stock is None):
        raise InputError(
            Message("audit: expected stock and arrests together, and days of an audit beside them alone")
        )
    published = [each for each in (reports, stock, arrests) if each is not None]
    require_comparable(
        "assess_releases", [each.definition for each in published], fields=("who", "where", "excludes")
    )
    known = reports if as_of is None else reports.as_of(as_of)
    day = known.last_published if as_of is None else arguments.day("as_of", as_of)
    events = events_of(known)
    left, declined = None, []
    if stock is not None and arrests is not None:
        answer = _audited(stock, arrests, audit, day, events, seed)
        if isinstance(answer, NotEstimableError):
            declined.append(answer)
        elif answer is not None:
            left = register_row(answer, events)
    supposed = supposed_rows(known, events, day, seed=seed)
    return ReleasesAssessment(
        reports=known,
        as_of=day,
        seed=seed,
        events=events,
        supposed=supposed,
        models=SUPPOSED if supposed else (),
        register=left,
        declined=tuple(declined),
    )


def _audited(
    stock: PublishedStock,
    arrests: PublishedArrests,
    days: tuple[Any, Any] | None,
    day: dt.date,
    events: tuple[Event, ...],
    seed: int,
) -> StockFlowAudit | NotEstimableError | None:
    """Who left a register, from what was known of it; None where no days of it are those announced."""
    try:
        stock, arrests = stock.as_of(day), arrests.as_of(day)
    except InputError:
        return None
    chosen = days_of_register(stock, arrests, events, day) if days is None else days
    if chosen is None:
        return None
    try:
        return stock_flow_audit(stock, arrests, *chosen, seed=seed)
    except NotEstimableError as error:
        return error
