"""The table of if and then: how many were completed, if a monitor finds a stated share in the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from detcount.assessment.releases.content import SupposedRow
from detcount.errors import NotEstimableError
from detcount.published import PublishedReleases
from detcount.published.events import Event
from detcount.releases import AnnouncedBatches

SUPPOSED = tuple(AnnouncedBatches(found=share) for share in (0.5, 0.7, 0.9))
_YEAR = 365


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
        if open_ and (as_of - newest).days <= _YEAR:
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
