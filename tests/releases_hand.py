"""Gaps and series made by hand, with no two parts or days alike."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

import numpy as np

from detcount import PublishedReleases
from detcount.assumptions import Assumption
from detcount.citation import Reference
from detcount.datasets.tables import known_name
from detcount.estimates import GapEstimate, IdentifiedBySource, UncertainCount
from detcount.specification import specification

EXACT = 1e9  # draws that are the distribution itself have no Monte Carlo error


@specification
class ByHand:
    """No estimator at all."""

    assumes: ClassVar[tuple[Assumption, ...]] = (Assumption.NO_OVERCOVERAGE,)
    references: ClassVar[tuple[Reference, ...]] = ()


def gap(
    announced: int,
    verified: int,
    *,
    label: str = "event 2026-01-12",
    start: dt.date | None = None,
    end: dt.date | None = dt.date(2026, 1, 12),
    as_of: dt.date = dt.date(2026, 1, 13),
    at_least: bool = False,
    pending: int | None = None,
    unverifiable: int | None = None,
    by: tuple[IdentifiedBySource, IdentifiedBySource, IdentifiedBySource] = ("data", "prior", "prior"),
    announced_by: str = "Ministry of Penitentiary Service",
) -> GapEstimate:
    """A gap whose parts are around the numbers given, a fourth and a sixth of the rest where none is."""
    rest = max(announced - verified, 0)
    middle = rest // 4 if pending is None else pending
    never = rest // 6 if unverifiable is None else unverifiable
    step = np.array([-1, 0, 0, 1, 2, -2, 0, 1]) if rest > 12 else np.zeros(8, dtype=int)
    later = middle + step
    unseen = never - step[::-1] if rest > 12 else np.full(8, never)
    parts = {
        "pending": later,
        "unverifiable": unseen,
        "unsubstantiated": rest - later - unseen,
    }
    counts = {
        name: UncertainCount.only_bounded(0, rest)
        if how == "bounds"
        else UncertainCount.from_draws(draws, bounds=(0, rest), identified_by=how, effective_size=EXACT)
        for (name, draws), how in zip(parts.items(), by, strict=True)
    }
    bounds = (verified, max(announced, verified))

    def total(draws: np.ndarray, how: IdentifiedBySource) -> UncertainCount:
        if how == "bounds":
            return UncertainCount.only_bounded(*bounds)
        return UncertainCount.from_draws(
            verified + draws, bounds=bounds, identified_by=how, effective_size=EXACT
        )

    return GapEstimate(
        label=known_name(label),
        start=start,
        end=end,
        as_of=as_of,
        announced=announced,
        announced_by=known_name(announced_by),
        at_least=at_least,
        verified=verified,
        verified_by="Foro Penal",
        eventually_verified=total(later, by[0]),
        carried_out=total(later + unseen, by[1]),
        estimator=ByHand(),
        digest="0" * 64,
        **counts,
    )


def series() -> PublishedReleases:
    """Invented counts with all that real ones have: moving windows, a fall, "at least", passed-on figures."""
    rows = [
        ("2026-03-01", "Ministry", "announced", "2026-03-01", "2026-03-01", 90, False, "event 2026-03-01"),
        ("2026-03-01", "Monitor", "verified", "2026-03-01", "2026-03-01", 31, True, "event 2026-03-01"),
        ("2026-03-02", "Monitor", "verified", "2026-03-01", "2026-03-02", 52, False, "event 2026-03-01"),
        ("2026-03-04", "Monitor", "verified", "2026-03-01", "2026-03-04", 64, False, "event 2026-03-01"),
        ("2026-03-05", "Families", "reported", "2026-03-01", "2026-03-01", 71, False, "event 2026-03-01"),
        ("2026-03-07", "Monitor", "verified", "2026-03-01", "2026-03-04", 61, False, "event 2026-03-01"),
        ("2026-03-09", "Committee", "verified", "2026-03-01", "2026-03-01", 58, False, "event 2026-03-01"),
        ("2026-03-10", "Attorney", "announced", "2026-03-01", "2026-03-01", 93, False, "event 2026-03-01"),
        ("2026-03-12", "Ministry", "announced", "2026-03-12", "2026-03-12", 47, False, "event 2026-03-12"),
        ("2026-03-12", "Monitor", "verified", "2026-03-08", "2026-03-12", 12, False, "since 2026-03-08"),
        ("2026-03-13", "Monitor", "verified", "2026-03-08", "2026-03-13", 21, False, "since 2026-03-08"),
        ("2026-03-13", "Monitor", "verified", "2026-03-12", "2026-03-13", 19, False, "event 2026-03-12"),
        ("2026-03-15", "Monitor", "verified", "2026-03-08", "2026-03-15", 33, False, "since 2026-03-08"),
        ("2026-03-17", "Monitor", "verified", "2026-03-08", "2026-03-17", 36, False, "since 2026-03-08"),
        ("2026-03-18", "President", "announced", "2026-02-20", "2026-03-18", 210, False, "since 2026-02-20"),
        ("2026-03-19", "Minister", "announced", None, "2026-03-19", 300, True, "since before 2026-03"),
    ]
    names = ("published", "source", "role", "start", "end", "count", "at_least", "event")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    columns["event"] = [known_name(event) for event in columns["event"]]  # as a series that ships has them
    columns["measure"] = [
        "measures lifted" if row[1] == "Attorney" else "release from prison" for row in rows
    ]
    return PublishedReleases.from_frame(columns)
