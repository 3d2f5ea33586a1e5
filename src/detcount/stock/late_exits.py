"""Exits of which no list knows yet: how many of those on the lists have left, and tables without them."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount import arguments
from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.patterns import unpack
from detcount._numerics.stock.known import codes_at, covered
from detcount._numerics.stock.unlearned import (
    Unlearned,
    draw_unlearned,
    learning_draws,
    nothing_late,
    stretches_of,
    told_once,
)
from detcount.captures import CaptureTable
from detcount.estimates import UncertainCount
from detcount.persons import PersonLists
from detcount.persons.dates import as_day, number_of
from detcount.specification import specification
from detcount.stock.cells import table_of
from detcount.stock.operating import operating
from detcount.stock.tables import DAY, Snapshots

__all__ = ["LateExits", "Left", "those_who_left"]


@specification
class LateExits:
    """How exits of which no list knows yet are taken out of the tables of dates.

    Lists learn of exits late, and of some never, so that people who are free are still counted, the more of
    them the nearer the date is to the last day known. Nobody can say who they are, but how many is known: how
    late each list learns shows in the exits that it knows, what it never learns shows in the exits that
    another list knows, and how many leave shows in those of whom it is known.

    Parameters
    ----------
    never_learned : tuple of float, optional
        Beta prior of the share of exits of which a list never learns; (0.1, 3.9) expects one in forty, and
        counts for as much as four exits that another list knows.
    n_draws : int, optional
        Draws of how many have left.

    Raises
    ------
    InputError
        If a number is out of its range.

    Notes
    -----
    It is taken that a list learns of an exit independently of the others, that whoever is on one list leaves
    as often as whoever is on several, and that whoever a list names is held on the day on which it does.
    Where each exit is written down on one list only, whatever lists the person is on, the first to know
    counts for all of them together, and the share never learned has its prior alone.

    References
    ----------
    .. [1] Lawless, J. F. (1994). Adjustments for reporting delays and the prediction of occurred but not
       reported events. Canadian Journal of Statistics, 22, 15-31. https://doi.org/10.2307/3315826

    Examples
    --------
    >>> from detcount import stock
    >>> stock.LateExits(never_learned=(1.0, 19.0))
    LateExits(never_learned=(1.0, 19.0))
    """

    never_learned: tuple[float, float] = (0.1, 3.9)
    n_draws: int = 200

    def __post_init__(self) -> None:
        arguments.positive_pair("never_learned", self.never_learned)
        arguments.whole_number("n_draws", self.n_draws, least=1)


@dataclass(frozen=True, eq=False)
class Left:
    """Those on the lists who have left without any list knowing it.

    Parameters
    ----------
    tables : dict of datetime.date to CaptureTable
        The table of each date without them: less their mean, by capture history.
    first : int
        First day of `total`, days since 1970.
    total : ndarray of float64, shape (n_days, n_draws)
        Persons of all lists at the end of each day; as known on each day itself, of the dates alone.
    """

    tables: dict[dt.date, CaptureTable]
    first: int
    total: Floats

    def on(self, day: int) -> Floats:
        """Draws of those who have left by the end of a day: nobody before the first."""
        drawn: Floats = self._drawn(np.array([day], dtype=np.int64))[0]
        return drawn

    def count(self, day: int) -> UncertainCount:
        """Those who have left by the end of a day, persons."""
        return UncertainCount.from_draws(
            self.on(day).astype(np.int64), bounds=(0, math.inf), identified_by="data"
        )

    def mean(self, days: Ints) -> Floats:
        """Mean of those who have left by the end of each of some days."""
        means: Floats = self._drawn(days).mean(axis=1)
        return means

    def _drawn(self, days: Ints) -> Floats:
        """Draws of some days; a day before the first would count from the end of the array."""
        at = days - self.first
        return np.where((at >= 0)[:, None], self.total[np.maximum(at, 0)], 0.0)


def those_who_left(snapshots: Snapshots, late: LateExits, seed: int) -> Left | None:
    """Who left without any list knowing it, at the dates of snapshots; None where nothing tells it."""
    people = snapshots.people
    if people is None:
        return None
    days = np.array([number_of(date) for date in snapshots.dates], dtype=np.int64)
    there = operating(snapshots.operates, people.lists, days)
    if snapshots.as_of != DAY:
        found = _unlearned(people, late, seed)
        if found is None:
            return None
        tables = snapshots.tables | _tables(people, days, there, found)
        return Left({date: tables[date] for date in snapshots.tables}, found.first, found.total)
    kept: dict[dt.date, CaptureTable] = {}
    total = np.zeros((days[-1] - days[0] + 1, late.n_draws))
    for k, date in enumerate(snapshots.dates):
        if date not in snapshots.tables:
            continue
        known = people.as_of(date)
        found = _unlearned(known, late, seed)
        kept[date] = snapshots.tables[date]
        if found is None:
            continue
        kept[date] = _tables(known, days[k : k + 1], there[:, k : k + 1], found).get(
            date, snapshots.tables[date]
        )
        total[days[k] - days[0]] = found.total[-1]
    return Left(kept, int(days[0]), total)


def _unlearned(people: PersonLists, late: LateExits, seed: int) -> Unlearned | None:
    """Draws of those who are taken to be held and have left; None where no exit is known."""
    spells, rng = people.spells, np.random.default_rng([seed, people.latest])
    if nothing_late(spells, people.left_known):
        return None
    stretches = stretches_of(spells, people.on, people.listed)
    if told_once(spells, people.left_known):
        on, n_lists = np.zeros_like(people.on), 1
        knows = np.ones((len(stretches.codes), 1))
    else:
        on, n_lists = people.on, people.n_lists
        knows = unpack(stretches.codes, n_lists).astype(np.float64)
    learned = learning_draws(
        spells, on, people.left_known, n_lists, people.latest, late.never_learned, late.n_draws, rng
    )
    return draw_unlearned(stretches, learned, knows, people.latest, rng)


def _tables(
    people: PersonLists, days: Ints, there: NDArray[np.bool_], left: Unlearned
) -> dict[dt.date, CaptureTable]:
    """Tables of dates less those who left, on average, by capture history."""
    codes, counts = codes_at(covered(people.spells), days)
    position = np.searchsorted(codes, left.codes)
    gone = np.zeros(counts.shape)
    inside = days >= left.first
    gone[position[:, None], np.flatnonzero(inside)] = left.mean[days[inside] - left.first].T
    still = np.maximum(counts - gone, 0.0)
    found = {}
    for k, number in enumerate(days.tolist()):
        table, _ = table_of(codes, still[:, k], there[:, k], people)
        if isinstance(table, CaptureTable):
            found[as_day(number)] = table
    return found
