"""What becomes of each announcement without each published row: the result, and what is said of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from detcount.errors import InputError
from detcount.estimates.interval import persons
from detcount.printing import Columns, Summary, frame_of
from detcount.published import PublishedReleases
from detcount.published.days import as_date
from detcount.releases.batches.specification import AnnouncedBatches
from detcount.shown import Shown
from detcount.words import Message, Number

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Influence", "LeftOut", "Span"]

_MOVED = 0.1  # of the width of an interval: what moves less is no influence


class Span(NamedTuple):
    """Lower 95% limit, median and upper limit, persons."""

    low: float
    median: float
    high: float


@dataclass(frozen=True)
class LeftOut:
    """One announcement with one row left out.

    Parameters
    ----------
    row : int
        Number of the row left out.
    label : str
        The announcement.
    carried_out, unsubstantiated : Span or None
        Both without the row; None where the announcement then has no answer.
    moved : float
        The farthest that a limit or median of the unsubstantiated moved, beyond three Monte Carlo standard
        errors, over the width of its interval with all rows (at least one person); infinite for no answer.
    found_by : {"weights", "refit", "none"}
        Whether the draws of the whole were weighted, or the model fitted again; "none" where it has no
        answer.
    error : float
        Monte Carlo standard error, persons: the largest of the limits and the median of the number carried
        out without the row; infinite for no answer.

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
    >>> reports = dc.PublishedReleases.from_frame(rows)
    >>> few = dc.releases.AnnouncedBatches(n_draws=200)
    >>> found = dc.releases.influence(reports, few)
    >>> print(found.left_out[0].label)
    January
    """

    row: int
    label: str
    carried_out: Span | None
    unsubstantiated: Span | None
    moved: float
    found_by: Literal["weights", "refit", "none"]
    error: float = np.inf


@dataclass(frozen=True, eq=False, repr=False)
class Influence(Shown):
    """What each published row does to each announcement.

    Parameters
    ----------
    reports : PublishedReleases
        The rows.
    whole : dict of str to tuple of Span
        Carried out and unsubstantiated of each announcement, with all rows.
    left_out : tuple of LeftOut
        Of each row that is used and each announcement, what it is without the row.
    estimator : AnnouncedBatches
        The specification.
    seed : int
        Seed of the fits.

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
    >>> reports = dc.PublishedReleases.from_frame(rows)
    >>> few = dc.releases.AnnouncedBatches(n_draws=200)
    >>> found = dc.releases.influence(reports, few)
    >>> len(found.left_out)
    3
    """

    reports: PublishedReleases
    whole: dict[str, tuple[Span, Span]]
    left_out: tuple[LeftOut, ...]
    estimator: AnnouncedBatches
    seed: int = 0

    def of(self, label: str) -> tuple[LeftOut, ...]:
        """Give what moves one announcement by more than a tenth of its width, the most first."""
        if label not in self.whole:
            raise InputError(
                Message(
                    "label: expected one of {known}, got {got}",
                    known=repr(list(self.whole)),
                    got=repr(label),
                )
            )
        found = [each for each in self.left_out if each.label == label and each.moved > _MOVED]
        return tuple(sorted(found, key=lambda each: (-each.moved, each.row)))

    def rows(self) -> list[dict[str, Any]]:
        """Give a row for each announcement and row left out, and one with nothing left out."""
        lines = [self._line(label, None, spans, 0.0, "whole") for label, spans in self.whole.items()]
        for each in self.left_out:
            spans = each.carried_out, each.unsubstantiated
            lines.append(self._line(each.label, each.row, spans, each.moved, each.found_by))
        return lines

    def _line(
        self, label: str, row: int | None, spans: tuple[Span | None, Span | None], moved: float, by: str
    ) -> dict[str, Any]:
        """One line of the table."""
        named = {
            "label": label,
            "row": row,
            "source": None if row is None else self.reports.source[row],
            "published": None if row is None else self._published(row),
            "count": None if row is None else int(self.reports.count[row]),
        }
        for name, span in zip(("carried_out", "unsubstantiated"), spans, strict=True):
            for end in Span._fields:
                named[f"{name}_{end}"] = None if span is None else getattr(span, end)
        return {**named, "moved": moved, "found_by": by}

    def _published(self, row: int) -> dt.date:
        """Day on which a row was published."""
        return as_date(self.reports.published[row])

    def to_frame(self) -> pd.DataFrame:
        """Give the rows as a pandas frame."""
        return frame_of(self.rows())

    def headline(self) -> Message:
        """Say how many rows move an announcement."""
        n = len({each.row for each in self.left_out if each.moved > _MOVED})
        return Message.counted(
            "{n} count moves an announcement by more than a tenth of its width",
            "{n} counts move an announcement by more than a tenth of its width",
            n=n,
        )

    def sentence(self) -> Message:
        """Say, of each announcement, which row moves it most, and to what."""
        told = []
        for label, (_, span) in self.whole.items():
            found = [each for each in self.of(label) if each.unsubstantiated is not None]
            if found:
                told.append(
                    Message(
                        "{label}: unsubstantiated {whole}, and {without} without the {count:,} of {source} "
                        "({day}).",
                        label=label,
                        whole=_words(span),
                        without=_words(found[0].unsubstantiated or span),
                        count=int(self.reports.count[found[0].row]),
                        source=self.reports.source[found[0].row],
                        day=self._published(found[0].row),
                    )
                )
            else:
                told.append(
                    Message(
                        "{label}: unsubstantiated {whole}, whichever count is left out.",
                        label=label,
                        whole=_words(span),
                    )
                )
        return Message.together(told)

    def summary(self) -> Summary:
        """Give the whole: of each announcement the rows that move it, and what it is without them."""
        rows = []
        for label, (_, span) in self.whole.items():
            rows.append((label, Message("nothing"), "", "", *map(persons, span)))
            for each in self.of(label):
                cells = (
                    ("–",) * 3 if each.unsubstantiated is None else tuple(map(persons, each.unsubstantiated))
                )
                source, count = self.reports.source[each.row], Number(int(self.reports.count[each.row]))
                rows.append((label, source, Message("{day}", day=self._published(each.row)), count, *cells))
        head = (
            *(Message("Announcement"), Message("Left out"), Message("Published"), Message("Count")),
            *(Message("Low"), Message("Median"), Message("High")),
        )
        return Summary(
            self.headline(),
            self.sentence(),
            Columns(head, tuple(rows), left=(0, 1)),
            method=repr(self.estimator),
            assumptions=self.estimator.assumes,
        )

    def __repr__(self) -> str:
        return f"<Influence on {len(self.whole)} announcements: {len(self.left_out)} left out>"


def _words(span: Span) -> Message:
    """A median with its limits."""
    return Message(
        "{median} ({low} to {high})",
        median=persons(span.median),
        low=persons(span.low),
        high=persons(span.high),
    )
