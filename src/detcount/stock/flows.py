"""Arrests of a window from lists, and exits by balance with the path of the stock."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri

from detcount._numerics.arrays import Floats, Ints, bincount
from detcount._numerics.patterns import unpack
from detcount._numerics.stock.held import PRIORS
from detcount._numerics.stock.paths import SCORES
from detcount._numerics.stock.spells import NEVER
from detcount.assumptions import Assumption
from detcount.contract import arguments
from detcount.contract.definition import Definition, require_comparable
from detcount.contract.specification import door, written_out
from detcount.data.captures import CaptureTable
from detcount.data.operates import Operates
from detcount.data.persons import PersonLists
from detcount.errors import NotEstimableError
from detcount.estimates import PRIVATE, AbundanceEstimate, Estimator, StockPath, UncertainCount
from detcount.estimates.count import OfCounts
from detcount.estimates.result import made_of, plain
from detcount.reading.days import number_of
from detcount.stock.inputs import quantiles_inside
from detcount.stock.series import SeriesDetail, chosen_estimator
from detcount.stock.snapshots import operating, table_of
from detcount.words import Message


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Flows(OfCounts):
    """Arrests and exits after the end of a day, up to the end of another.

    In every draw the stock in the end is the stock before, and those arrested, less those who left.

    Parameters
    ----------
    start, end : datetime.date
        The window: after the end of the first day, up to the end of the second.
    arrests, exits : UncertainCount
        Persons arrested, and persons who left for whatever reason, in the window.
    named_arrests, named_exits : int
        Persons of the lists who certainly were arrested, and who certainly left, in the window.
    estimate : AbundanceEstimate
        The estimate of the arrests of the window by itself.
    assumptions : tuple of Assumption
        Assumptions of the estimate.
    path_digest, people_digest : str
        SHA-256 of the data.
    seed : int
        Seed of the fit and of the draws.
    definition : Definition, optional
        Definition of who is counted.
    notes : tuple of str, optional
        Notes for a reader.

    See Also
    --------
    flows : Makes it.

    Examples
    --------
    >>> import detcount as dc
    >>> known = dc.simulate.detention_system(seed=1).people
    >>> taken = dc.stock.snapshots(known, ["2025-06-30", "2025-07-14"])
    >>> path = dc.stock.series(dc.abundance.LogLinear(), taken, n_draws=100)
    >>> flows = dc.stock.flows(None, known, path, "2025-07-01", "2025-07-14")
    >>> flows.named_arrests
    73
    """

    start: dt.date
    end: dt.date
    arrests: UncertainCount
    exits: UncertainCount
    named_arrests: int
    named_exits: int
    estimate: AbundanceEstimate
    assumptions: tuple[Assumption, ...]
    path_digest: str
    people_digest: str
    seed: int
    definition: Definition | None = None
    notes: tuple[str, ...] = ()

    @property
    def _quantities(self) -> dict[str, UncertainCount]:
        return {"arrests": self.arrests, "exits": self.exits}

    def _beside(self, name: str) -> dict[str, Any]:
        named = self.named_arrests if name == "arrests" else self.named_exits
        return {"quantity": name, "start": self.start, "end": self.end, "named": named}

    def record(self, level: float = 0.95) -> dict[str, Any]:
        """Give everything needed to make the numbers again, as plain values that JSON can hold."""
        rows = self.rows(level)
        known = {
            "private": PRIVATE,
            "method": f"flows({self.estimate.estimator!r})",
            "specification": written_out(self.estimate.estimator),
            "start": self.start,
            "end": self.end,
            "quantities": [{key: row[key] for key in row if key not in ("start", "end")} for row in rows],
            "definition": self.definition,
        }
        digests = {"path_sha256": self.path_digest, "people_sha256": self.people_digest}
        return plain(known) | made_of(self, digests)

    def headline(self) -> Message:
        """Give arrests and exits, in one line."""
        came, went = self.arrests.headline(), self.exits.headline()
        return Message(
            "{arrests} arrested and {exits} left, from {start} to {end}",
            arrests=came,
            exits=went,
            start=self.start,
            end=self.end,
        )

    def sentence(self) -> Message:
        """State how many of the arrested and of those who left the lists name."""
        came, went = self.named_arrests, self.named_exits
        return Message(
            "The lists name {arrests:,} people who certainly were arrested after {start} and up to {end}, "
            "and {exits:,} who certainly left then; the others are estimated. Whoever is named late counts "
            "on the day of the arrest.",
            arrests=came,
            exits=went,
            start=self.start,
            end=self.end,
        )

    @property
    def _method(self) -> str:
        """The specification that made the estimate of the arrests."""
        return repr(self.estimate.estimator)


@door
def flows(
    estimator: Estimator | None,
    people: PersonLists,
    path: StockPath,
    start: Any,
    end: Any,
    *,
    seed: int = 0,
) -> Flows:
    """Estimate the arrests of a window, and the exits by balance with the path of the stock.

    The estimands are the persons arrested after the end of the first day and up to the end of the second, and
    those who left in that time for whatever reason. A late entry on a list is no arrest of its day: it counts
    where the arrest was.

    Parameters
    ----------
    estimator : Estimator or None
        Any estimator of abundance; None takes `Calibrated`.
    people : PersonLists
        The lists that the path was made from.
    path : StockPath
        The stock of every day, from the first to the second day at least.
    start, end : date, str or numpy.datetime64
        The window.
    seed : int, optional
        Seed of the fit and of the draws.

    Returns
    -------
    Flows
        Arrests and exits, persons.

    Raises
    ------
    NotEstimableError
        If fewer than two lists name anybody arrested in the window, or the estimator declines.
    InputError
        If a day is outside the path, the second is not after the first, or lists and path are of different
        people by their definitions.

    Notes
    -----
    Those whose day of arrest, as the tables of `snapshots` take it, is in the window make a capture table,
    which the estimator turns into draws of the arrests A. As in the path, the share that does not belong is
    taken out of those on one list who are not known to have left. Lists that do not operate on all days of
    the window are left out. The least number of arrests counts only those on two lists or known to have left.
    Exits = S before + A - S in the end, draw by draw, so that what the lists miss of the arrested and of the
    held is missed together. Where exits would be fewer than those whom the lists name, A is raised until they
    are not.

    Whoever is held for days only is on fewer lists than the others, so that arrests are rather too few.

    Examples
    --------
    >>> from detcount import abundance, simulate, stock
    >>> system = simulate.detention_system(n_days=200, seed=2)
    >>> taken = stock.snapshots(system.people, ["2024-10-01", "2024-11-01", "2024-12-01"])
    >>> path = stock.series(abundance.LogLinear(), taken)
    >>> moved = stock.flows(abundance.LogLinear(), system.people, path, "2024-10-01", "2024-12-01")
    >>> moved.exits.median, system.truth.exits("2024-10-01", "2024-12-01")
    (251, 328)
    """
    chosen = chosen_estimator(estimator)
    require_comparable("flows", (people.definition, path.definition))
    path.change(start, end)  # refuses days that cannot be
    first, last = arguments.day("start", start), arguments.day("end", end)
    i, j = number_of(first), number_of(last)
    detail = path.detail if isinstance(path.detail, SeriesDetail) else None
    wrong, operates = ({}, None) if detail is None else (detail.lone_wrong, detail.operates)
    estimate = chosen.fit(_arrested(people, i, j, wrong, operates), seed=seed)
    spells = people.spells
    belongs = (
        (spells.left < NEVER) | (spells.code & (spells.code - np.uint64(1)) > 0) | (not any(wrong.values()))
    )
    least_arrests = int((belongs & (spells.entered_first > i) & (spells.entered_last <= j)).sum())
    least_exits = int(((spells.left_first > i) & (spells.left_last <= j)).sum())
    before, after = path.at(first).draws, path.at(last).draws
    arrests = _coupled(quantiles_inside(estimate), before + after, np.random.default_rng(seed))
    arrests = np.maximum(np.maximum(arrests, least_arrests), after - before + least_exits)
    exits = before + arrests - after
    raised = float((arrests == after - before + least_exits).mean())
    return Flows(
        start=first,
        end=last,
        arrests=_count(arrests, least_arrests, path),
        exits=_count(exits, least_exits, path),
        named_arrests=least_arrests,
        named_exits=least_exits,
        estimate=estimate,
        assumptions=tuple(dict.fromkeys((*path.assumptions, *chosen.assumes))),
        path_digest=path.digest,
        people_digest=people.digest,
        seed=seed,
        definition=people.definition,
        notes=_notes(path, estimate, raised),
    )


def _arrested(
    people: PersonLists, start: int, end: int, wrong: Mapping[str, float], operates: Operates | None
) -> CaptureTable:
    """Table of those arrested after a day and up to another, without those who do not belong.

    It is over the lists that could say something about each day.
    """
    spells = people.spells
    mine = (spells.entered > start) & (spells.entered <= end)
    codes, which = np.unique(spells.code[mine], return_inverse=True)
    histories = unpack(codes, people.n_lists)
    still = bincount(which[spells.left[mine] == NEVER], minlength=len(codes))
    shares = np.array([wrong.get(name, 0.0) for name in people.lists])
    lone = histories.sum(axis=1) == 1
    counts = bincount(which, minlength=len(codes)) - np.rint(lone * still * (histories @ shares))
    there = operating(operates, people.lists, np.arange(start + 1, end + 1))
    table, _ = table_of(codes, np.maximum(counts, 0), np.all(there, axis=1), people)
    if not isinstance(table, CaptureTable):
        raise NotEstimableError(
            "flows",
            Message("fewer than two lists name anybody arrested in the window"),
            Message("Take a longer window."),
        )
    return table


def _coupled(levels: Floats, stocks: Ints, rng: np.random.Generator) -> Ints:
    """Draws of a distribution, correlated with those of a stock by their ranks."""
    n = len(stocks)
    order = np.lexsort((rng.random(n), stocks))
    scores = np.empty(n)
    scores[order] = ndtri((np.arange(n) + 0.5) / n)
    rho = PRIORS.flow_correlation
    scores = rho * scores + math.sqrt(1 - rho**2) * rng.standard_normal(n)
    return np.rint(np.interp(scores, SCORES, levels)).astype(np.int64)


def _count(draws: Ints, least: int, path: StockPath) -> UncertainCount:
    """A count of at least some persons, which rests on what the path rests on."""
    return UncertainCount.from_draws(draws, bounds=(least, math.inf), identified_by=path.identified_by)


def _notes(path: StockPath, estimate: AbundanceEstimate, raised: float) -> tuple[str, ...]:
    """Notes for a reader of the flows."""
    notes: list[str] = [*path.notes, *estimate.notes]
    if not isinstance(path.detail, SeriesDetail):
        notes.append(Message("The path was not made from lists by series; the balance holds all the same."))
    if raised > 0.05:
        notes.append(
            Message(
                "In {share:.0%} of the draws the arrests were raised, as exits would have been fewer than "
                "those whom the lists name.",
                share=raised,
            )
        )
    notes.append(
        Message(
            "Whoever is held for some days only is on fewer lists than others, so that arrests, and exits "
            "with them, are rather too few."
        )
    )
    return tuple(dict.fromkeys(notes))
