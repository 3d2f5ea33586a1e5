"""Invented closed populations: who is on which list, under a stated mechanism, and how many there are."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, ClassVar, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

from detcount._numerics.arrays import Floats
from detcount.contract import arguments
from detcount.contract.specification import door, specification
from detcount.data.captures import CaptureTable
from detcount.errors import InputError
from detcount.words import Message

_MILD = Message("1 changes little")
_MOST_PERSONS = 10_000_000
Size = Annotated[int, partial(arguments.whole_number, most=_MOST_PERSONS)]


@dataclass(frozen=True)
class Tuning:
    """Quadrature of invented populations.

    Parameters
    ----------
    nodes : int, nodes
        Nodes of the mean of a logit-normal probability. Convention: error below a printed digit.
    """

    nodes: int = 201


TUNING = Tuning()


@runtime_checkable
class Mechanism(Protocol):
    """Mechanism by which a population comes onto lists. Every list keeps its share of the population.

    Examples
    --------
    >>> from detcount.simulate import Independent, Mechanism
    >>> isinstance(Independent(), Mechanism)
    True
    """

    def histories(self, size: Size, probabilities: Floats, random: np.random.Generator) -> NDArray[np.uint8]:
        """A row of 0 and 1 for each person, shape (size, n_lists)."""
        ...


@specification
class Independent:
    """Lists that know nothing of each other, and persons who are all alike.

    Examples
    --------
    >>> Independent()
    Independent()
    """

    def histories(self, size: Size, probabilities: Floats, random: np.random.Generator) -> NDArray[np.uint8]:
        """A row of 0 and 1 for each person, shape (size, n_lists)."""
        return _bernoulli(np.broadcast_to(probabilities, (size, np.size(probabilities))), random)


@specification
class LogitNormal:
    """Persons who differ in how easily they are listed, by a normal distribution of the logit.

    Parameters
    ----------
    sd : float, optional
        Standard deviation of the logit of persons' probabilities, the same for every list.

    Raises
    ------
    InputError
        If the standard deviation is not above zero.

    Examples
    --------
    >>> LogitNormal(sd=0.5)
    LogitNormal(sd=0.5)
    """

    sd: Annotated[float, partial(arguments.positive, remedy=_MILD)] = 1.0
    _where: ClassVar[str] = "LogitNormal: "

    def histories(self, size: Size, probabilities: Floats, random: np.random.Generator) -> NDArray[np.uint8]:
        """A row of 0 and 1 for each person, shape (size, n_lists)."""
        steps = ndtri((np.arange(TUNING.nodes) + 0.5) / TUNING.nodes)

        def mean(centres: Floats) -> Floats:
            return np.asarray(expit(centres[:, None] + self.sd * steps).mean(axis=1))

        centres = _solved(mean, probabilities)
        return _bernoulli(expit(centres + self.sd * random.standard_normal(size)[:, None]), random)


@specification
class TwoClasses:
    """Persons of two classes, one of which every list finds more easily.

    Parameters
    ----------
    share : float, optional
        Share of the population that is hard to find, between 0 and 1.
    odds_ratio : float, optional
        Odds of being on a list for the others, over those of the hard to find; above 0.

    Raises
    ------
    InputError
        If the share is not between 0 and 1, or the odds ratio not above zero.

    Examples
    --------
    >>> TwoClasses(share=0.7)
    TwoClasses(share=0.7)
    """

    share: float = 0.5
    odds_ratio: Annotated[float, partial(arguments.positive, remedy=_MILD)] = 10.0
    _where: ClassVar[str] = "TwoClasses: "

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise InputError(
                Message(
                    "TwoClasses: share: expected a number between 0 and 1, got {got}. 0.5 is one half",
                    got=repr(self.share),
                )
            )

    def histories(self, size: Size, probabilities: Floats, random: np.random.Generator) -> NDArray[np.uint8]:
        """A row of 0 and 1 for each person, shape (size, n_lists)."""
        step = math.log(self.odds_ratio)

        def mean(centres: Floats) -> Floats:
            return np.asarray(self.share * expit(centres) + (1 - self.share) * expit(centres + step))

        centres = _solved(mean, probabilities)
        easy = (random.random(size) >= self.share)[:, None]
        return _bernoulli(expit(centres + step * easy), random)


def _bernoulli(shares: Floats, random: np.random.Generator) -> NDArray[np.uint8]:
    """A 0 or 1 for each probability."""
    return np.asarray(random.random(shares.shape) < shares, dtype=np.uint8)


def _solved(mean: Callable[[Floats], Floats], wanted: Floats) -> Floats:
    """Centres whose mean is what is wanted, by bisection."""
    low, high = logit(wanted) - 60.0, logit(wanted) + 60.0
    for _ in range(80):
        middle = 0.5 * (low + high)
        below = mean(middle) < wanted
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray(0.5 * (low + high))


@dataclass(frozen=True)
class Population:
    """An invented population.

    Parameters
    ----------
    table : CaptureTable
        The persons that lists name, by capture history: what an estimator may see.
    truth : int
        Persons in the population.
    mechanism : Mechanism
        How they came onto the lists.
    probabilities : tuple of float
        Share of the population that each list names, on average.
    seed : int
        Seed it was drawn with.

    Examples
    --------
    >>> import detcount as dc
    >>> population = dc.simulate.population(500, [0.3, 0.2, 0.1], seed=1)
    >>> print(population.truth, population.table.n_lists)
    500 3
    """

    table: CaptureTable
    truth: int
    mechanism: Mechanism
    probabilities: tuple[float, ...]
    seed: int

    @property
    def n_unobserved(self) -> int:
        """Persons on no list."""
        return self.truth - self.table.n_observed


@door
def population(
    size: int,
    probabilities: Sequence[float],
    mechanism: Mechanism | None = None,
    *,
    seed: int = 0,
) -> Population:
    """Invent a closed population and who is on which list.

    Parameters
    ----------
    size : int
        Persons in it.
    probabilities : sequence of float
        Share of the population that each list names, between 0 and 1: two lists or more. Every mechanism
        keeps them.
    mechanism : Mechanism, optional
        `Independent` (the default), `LogitNormal`, `TwoClasses`, or one of your own.
    seed : int, optional
        Seed of the draw.

    Returns
    -------
    Population
        Table and truth.

    Raises
    ------
    InputError
        If an argument is out of its range, or nobody came onto a list.

    Examples
    --------
    >>> from detcount import simulate
    >>> invented = simulate.population(1000, [0.3, 0.2, 0.1], simulate.TwoClasses(), seed=1)
    >>> invented.truth, invented.table.n_observed
    (1000, 456)
    """
    size = arguments.whole_number(
        "size", size, least=1, most=_MOST_PERSONS, unit="of persons", remedy=Message("1000 will do")
    )
    shares = np.asarray(probabilities, dtype=np.float64)
    if shares.ndim != 1 or len(shares) < 2 or not ((shares > 0) & (shares < 1)).all():
        raise InputError(
            Message(
                "probabilities: expected two numbers or more between 0 and 1, got {got}. 0.3 is a list that "
                "names three in ten",
                got=repr(probabilities),
            )
        )
    chosen = Independent() if mechanism is None else mechanism
    listed = chosen.histories(size, shares, np.random.default_rng(seed))
    patterns, counts = np.unique(listed, axis=0, return_counts=True)
    seen = patterns.any(axis=1)
    if not seen.any():
        raise InputError(
            Message(
                "probabilities: nobody of {size:,} came onto a list, got {got}. Take larger ones",
                size=size,
                got=repr(probabilities),
            )
        )
    names = tuple(f"list {number}" for number in range(1, len(shares) + 1))
    return Population(
        table=CaptureTable(names, patterns[seen], counts[seen]),
        truth=size,
        mechanism=chosen,
        probabilities=tuple(shares.tolist()),
        seed=seed,
    )
