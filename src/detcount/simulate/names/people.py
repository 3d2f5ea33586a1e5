"""Invented people: names by their frequencies, documents, births, and where and when they were arrested."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Ints


@dataclass(frozen=True)
class Priors:
    """Invented people.

    Parameters
    ----------
    foreign : float, share
        People with the document of a foreigner. Convention: invented.
    second_given : float, share
        People with two given names. Convention: invented.
    women : float, share
        Women. Convention: invented.
    protest_days : int, days
        Length of the wave of arrests. Convention: invented.
    in_the_wave : float, share
        People arrested in the wave. Convention: invented.
    other_days : int, days
        Days over which the others were arrested. Convention: invented.
    siblings : float, share
        Relatives arrested together who are siblings; the others are parent and child. Convention: invented.
    later : tuple of int, days
        Range of the time from one arrest of a person to the next. Convention: invented.
    narrow : int, surnames
        Surnames of the narrow pool. Convention: invented.
    wide : float, ranks
        Shift of the Zipf-Mandelbrot law of the wide pool: the larger, the flatter. Convention: invented.
    flat : float, ranks
        The same of the narrow pool. Convention: invented.
    """

    foreign: float = 0.02
    second_given: float = 0.9
    women: float = 0.25
    protest_days: int = 30
    in_the_wave: float = 0.6
    other_days: int = 510
    siblings: float = 0.8
    later: tuple[int, int] = (20, 400)
    narrow: int = 51
    wide: float = 8.0
    flat: float = 12.0


PRIORS = Priors()
_SHIFT = {"wide": PRIORS.wide, "narrow": PRIORS.flat}


_YEAR = 365.25


@dataclass(frozen=True, eq=False, repr=False)
class People:
    """Everybody in an invented population; rows of arrays are persons."""

    given: tuple[tuple[str, str], ...]
    family: tuple[tuple[str, str], ...]
    woman: NDArray[np.bool_]
    foreign: NDArray[np.bool_]
    document: Ints
    born: Ints
    arrested: Ints
    place: Ints
    relative_of: Ints  # -1 for nobody

    def __len__(self) -> int:
        return len(self.woman)


def invent_people(size: int, pool: str, relatives: float, first_day: int, rng: np.random.Generator) -> People:
    """Invent a population; `first_day` is the first day of arrests, counted since 1970."""
    woman = rng.random(size) < PRIORS.women
    known, shares = surnames(pool)
    family = np.array(known, dtype=object)[rng.choice(len(known), (size, 2), p=shares)]
    given = np.empty((size, 2), dtype=object)
    for who in (False, True):
        names, frequency = given_names(who)
        mine = np.flatnonzero(woman == who)
        given[mine] = np.array(names, dtype=object)[rng.choice(len(names), (len(mine), 2), p=frequency)]
    single = (rng.random(size) >= PRIORS.second_given) | (given[:, 0] == given[:, 1])
    given[single, 1] = ""
    age = 16 + rng.gamma(2.2, 8.0, size)
    wave = rng.random(size) < PRIORS.in_the_wave
    days = np.where(
        wave, rng.integers(0, PRIORS.protest_days, size), rng.integers(0, PRIORS.other_days, size)
    )
    arrested = first_day + days
    place = rng.choice(len(words()["places"]), size, p=_place_shares())
    relative_of = np.full(size, -1)
    chosen = rng.permutation(size)[: 2 * round(relatives * size / 2)]
    for one, other in zip(chosen[::2].tolist(), chosen[1::2].tolist(), strict=True):
        relative_of[other] = one
        arrested[other], place[other] = arrested[one], place[one]
        family[other, 0] = family[one, 0]
        if rng.random() < PRIORS.siblings:
            family[other, 1] = family[one, 1]
        else:
            age[other] = age[one] + 18 + rng.integers(0, 20)
        if given[other, 0] == given[one, 0]:  # siblings do not share their first name
            given[other, 0], given[other, 1] = given[other, 1] or "Jesús", given[other, 0]
            if given[other, 0] == given[one, 0]:
                given[other, 0] = "Coromoto" if woman[other] else "Asdrúbal"
    born = arrested - np.floor(age * _YEAR).astype(np.int64) - rng.integers(0, 365, size)
    foreign = rng.random(size) < PRIORS.foreign
    return People(
        given=tuple(map(tuple, given.tolist())),
        family=tuple(map(tuple, family.tolist())),
        woman=woman,
        foreign=foreign,
        document=_documents(born, foreign, rng),
        born=born,
        arrested=arrested,
        place=place,
        relative_of=relative_of,
    )


def arrested_again(people: People, share: float, rng: np.random.Generator) -> tuple[People, Ints]:
    """Everybody once for each arrest, a share of them arrested twice; and the person of each arrest."""
    again = np.flatnonzero(rng.random(len(people)) < share)
    who = np.concatenate([np.arange(len(people)), again])
    days = people.arrested[who]
    days[len(people) :] += rng.integers(*PRIORS.later, len(again))
    columns: dict[str, Any] = {
        name: getattr(people, name)[who] for name in ("woman", "foreign", "document", "born", "place")
    }
    columns |= {name: tuple(getattr(people, name)[k] for k in who.tolist()) for name in ("given", "family")}
    relative_of = np.concatenate([people.relative_of, np.full(len(again), -1)])
    return replace(people, **columns, arrested=days, relative_of=relative_of), who


def _place_shares() -> NDArray[np.float64]:
    """Shares of the arrests by state."""
    weights = 1.0 / (np.arange(len(words()["places"])) + 3.0)
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _documents(born: Ints, foreign: NDArray[np.bool_], rng: np.random.Generator) -> Ints:
    """Different numbers that grow with the year of birth, as those of citizens do."""
    year = 1970 + born / _YEAR
    number = 9_000_000 + (year - 1968) * 550_000 + rng.normal(0, 900_000, len(born))
    number = np.maximum(number, 1_000_000 + rng.integers(0, 900_000, len(born))).astype(np.int64)
    number[foreign] = 80_000_000 + rng.integers(0, 4_000_000, foreign.sum())
    while True:
        _, first = np.unique(number, return_index=True)
        again = np.setdiff1d(np.arange(len(number)), first)
        if not len(again):
            return np.asarray(number, dtype=np.int64)
        number[again] += rng.integers(1, 50_000, len(again))


@cache
def words() -> dict[str, Any]:
    """Names of people and of places, the most frequent first, and what lists make of them.

    Written for this library from common knowledge; no register of persons stands behind them.
    """
    text = (resources.files("detcount.simulate.names") / "words.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _shares(n: int, shift: float) -> NDArray[np.float64]:
    """Frequencies that fall with the rank."""
    weights = 1.0 / (np.arange(n) + shift)
    return np.asarray(weights / weights.sum(), dtype=np.float64)


@cache
def surnames(pool: str) -> tuple[list[str], NDArray[np.float64]]:
    """Surnames of a pool and their frequencies."""
    known = words()["surnames"]
    chosen = known[: PRIORS.narrow] if pool == "narrow" else known
    return chosen, _shares(len(chosen), _SHIFT[pool])


@cache
def given_names(woman: bool) -> tuple[list[str], NDArray[np.float64]]:
    """Given names and their frequencies."""
    known = words()["women" if woman else "men"]
    return known, _shares(len(known), _SHIFT["wide"])
