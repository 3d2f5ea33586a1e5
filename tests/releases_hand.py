"""Gaps and series made by hand, with no two parts or days alike."""

import datetime as dt
from typing import ClassVar

import numpy as np

from detcount.assumptions import Assumption
from detcount.contract.citation import Reference
from detcount.contract.specification import specification
from detcount.datasets.tables import known_name
from detcount.estimates import GapEstimate, IdentifiedBySource, UncertainCount

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
