"""Invented systems of detention: lists with days, published totals, and the truth day by day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detcount.contract import arguments
from detcount.contract.specification import door
from detcount.data.persons import PersonLists
from detcount.data.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.errors import InputError
from detcount.simulate.detention.happening import (
    Known,
    announced,
    bulletins,
    happen,
    listing,
    listing_exits,
    rows_of_lists,
    running_totals,
)
from detcount.simulate.detention.parts import Burst, DetaineeList, ReleaseWave, StockTruth, Surge
from detcount.words import Message


@dataclass(frozen=True)
class Priors:
    """Exits of invented detention.

    Parameters
    ----------
    dead : float, probability
        Probability that an exit is a death. Convention: invented.
    house_arrest : float, probability
        Probability that an exit is house arrest. Convention: invented.
    """

    dead: float = 0.01
    house_arrest: float = 0.05


PRIORS = Priors()


_HAPPENING, _WHO, _LISTS, _EXITS, _ROWS, _PUBLISHED = range(6)  # streams of random numbers


@dataclass(frozen=True, eq=False, repr=False)
class DetentionSystem:
    """An invented system of detention: what lists know, what is published, and the truth.

    Parameters
    ----------
    people : PersonLists
        Who is on which list, as known on the last day.
    stock : PublishedStock
        Weekly totals of the register of the first list, persons; with what came and went since the last.
    arrests : PublishedArrests
        Its running total of persons entered.
    releases : PublishedReleases or None
        What an authority announced of each wave of releases, persons; None without waves.
    truth : StockTruth
        What happened.
    seed : int
        Seed it was made with.

    Examples
    --------
    >>> import detcount as dc
    >>> system = dc.simulate.detention_system(seed=1)
    >>> print(system.people.headline())
    1,838 persons on 3 lists (monitor, families, press), 2,961 entries, known until 20 December 2025
    """

    people: PersonLists
    stock: PublishedStock
    arrests: PublishedArrests
    releases: PublishedReleases | None
    truth: StockTruth
    seed: int

    def __repr__(self) -> str:
        return f"<DetentionSystem: {self.people.headline()}; {self.truth!r}>"


@door
def detention_system(
    *,
    n_days: int = 510,
    first_day: Any = "2024-07-29",
    daily: float = 2.0,
    bursts: tuple[Burst, ...] = (Burst(day=0, arrests=1200, days=30), Burst(day=330, arrests=200)),
    brief: float = 0.3,
    stay: float = 400.0,
    waves: tuple[ReleaseWave, ...] = (
        ReleaseWave(day=110, share=0.12),
        ReleaseWave(day=145, share=0.15),
        ReleaseWave(day=218, share=0.15, days=5),
    ),
    lists: tuple[DetaineeList, ...] = (
        DetaineeList(name="monitor", share=0.6, delay=15.0),
        DetaineeList(name="families", share=0.45, delay=30.0),
        DetaineeList(name="press", share=0.3, delay=10.0, exit_delay=45.0),
    ),
    dependence: float = 0.2,
    never_found: float = 0.05,
    surge: Surge | None = None,
    missing_bulletins: float = 0.1,
    stale: float = 0.1,
    inflation: float = 0.3,
    seed: int = 0,
) -> DetentionSystem:
    """Invent a system of detention, lists of those held, and what is published of them.

    People are arrested day by day and in bursts, are held for a time, and are let out one by one or in waves.
    Lists find some of them after a delay, and learn of exits late or never. Everything is known in the truth.

    Parameters
    ----------
    n_days : int, optional
        Days that are known. The lists are as known on the last.
    first_day : date, str or numpy.datetime64, optional
        Day 0. People arrested in the two years before it may be held still.
    daily : float, optional
        Arrests a day, on average, besides bursts.
    bursts : tuple of Burst, optional
        Many arrests in few days; ``()`` for none.
    brief : float, optional
        Share of the arrested who are held for some days only, 12 on average.
    stay : float, optional
        Mean days for which the others are held, were there no waves; exponential.
    waves : tuple of ReleaseWave, optional
        Many releases in few days; ``()`` for none.
    lists : tuple of DetaineeList, optional
        The lists, two or more. The first is the register whose totals are published.
    dependence : float, optional
        Correlation, in [0, 1), of what decides whether lists find a person: above 0, those whom one list
        never finds are more often those whom another never finds.
    never_found : float, optional
        Share of the arrested whom no list can find.
    surge : Surge, optional
        A list that suddenly enters many who had been held for long.
    missing_bulletins : float, optional
        Probability that a weekly bulletin is missing.
    stale : float, optional
        Probability that the running total of a bulletin is that of the one before.
    inflation : float, optional
        By how much announced releases exceed those that happened: 0.3 is three tenths more.
    seed : int, optional
        Seed. The same seed gives the same arrests and exits whatever the lists are.

    Returns
    -------
    DetentionSystem
        Lists, published totals and truth.

    Raises
    ------
    InputError
        If an argument is out of its range, a list is not there, or nobody comes onto a list.

    Examples
    --------
    >>> from detcount import simulate
    >>> system = simulate.detention_system(n_days=120, seed=2)
    >>> system.truth
    <StockTruth: 120 days from 2024-07-29, 493 persons held on the first, 988 on the last>
    """
    n_days = arguments.whole_number("n_days", n_days, least=14, unit="of days")
    start = arguments.day("first_day", first_day)
    arguments.number("daily", daily, least=0)
    arguments.positive("stay", stay)
    arguments.number("inflation", inflation, least=0)
    arguments.share("brief", brief)
    arguments.share("never_found", never_found)
    arguments.share("stale", stale)
    arguments.share("missing_bulletins", missing_bulletins)
    if not 0 <= dependence < 1:
        raise InputError(
            Message("dependence: expected a number from 0 to below 1, got {got}", got=repr(dependence))
        )
    names = arguments.different_names("lists", [each.name for each in lists])
    if len(names) < 2:
        raise InputError(Message("lists: expected two lists or more, got {n}", n=len(names)))
    asked = [each.forwards[0] for each in lists if each.forwards is not None]
    for name in asked if surge is None else [*asked, surge.name]:
        arguments.one_of("lists", name, names)

    def stream(number: int) -> np.random.Generator:
        return np.random.default_rng([seed, number])

    entered, left = happen(daily, bursts, brief, stay, waves, n_days, stream(_HAPPENING))
    rng = stream(_WHO)
    findable = rng.random(len(entered)) >= never_found
    status = np.searchsorted(
        [1 - PRIORS.dead - PRIORS.house_arrest, 1 - PRIORS.house_arrest], rng.random(len(entered))
    )
    listed = listing(entered, left, findable, lists, dependence, surge, stream(_LISTS))
    known = Known(listed, listing_exits(left, listed, lists, stream(_EXITS)))
    rows = rows_of_lists(entered, left, status, known, lists, n_days, start, stream(_ROWS))
    if len(set(rows["list"])) < 2:
        raise InputError(
            Message("lists: fewer than two of them name anybody. Take larger shares, or more arrests")
        )
    columns: dict[str, Any] = {name: name for name in rows}
    people = PersonLists.from_frame(rows, **columns, lists=names, allow_future=True)
    rng = stream(_PUBLISHED)
    listed, departed = known.listed[:, 0], known.exit_known[:, 0]
    stock = bulletins(names[0], listed, departed, n_days, start, missing_bulletins, rng)
    return DetentionSystem(
        people=people,
        stock=stock,
        arrests=running_totals(stock, listed, start, stale, rng),
        releases=announced(left, waves, n_days, start, inflation),
        truth=StockTruth(start, n_days, entered, left, findable),
        seed=seed,
    )
