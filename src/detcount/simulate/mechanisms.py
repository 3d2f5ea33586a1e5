"""How an invented population comes onto lists: independence, dependence, persons who differ."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, expit, logit, ndtri

from detcount import arguments
from detcount._numerics.arrays import Floats
from detcount.errors import InputError
from detcount.specification import specification
from detcount.words import Message

_MILD = Message("1 changes little")
_MOST_CELLS_LISTS = 15  # 2^15 histories whose probabilities are solved for
_MARGIN = 1e-13  # marginal probabilities are met to the last digits
_MOST_ROUNDS = 10_000
_NODES = 201  # for the mean of a logit-normal


@runtime_checkable
class Mechanism(Protocol):
    """How a population comes onto lists. Every list keeps the share of the population it names.

    Examples
    --------
    >>> from detcount.simulate import Independent, Mechanism
    >>> isinstance(Independent(), Mechanism)
    True
    """

    def histories(self, size: int, probabilities: Floats, random: np.random.Generator) -> NDArray[np.uint8]:
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

    def histories(self, size: int, probabilities: Floats, random: np.random.Generator) -> NDArray[np.uint8]:
        """A row of 0 and 1 for each person, shape (size, n_lists)."""
        return _bernoulli(np.broadcast_to(probabilities, (size, len(probabilities))), random)


@specification
class Dependent:
    """Pairs of lists of which one names persons of the other more often, or less.

    Parameters
    ----------
    odds_ratio : float, optional
        Odds ratio of the two lists of a pair in the whole population: above 1 they name the same persons,
        below 1 they avoid each other.
    pairs : tuple of tuple of int, optional
        Positions of the lists of each pair, from 0, no list in two; None pairs the first with the second,
        the third with the fourth and so on. Lists in no pair, and different pairs, are independent.

    Raises
    ------
    InputError
        If the odds ratio is not above zero, or the pairs are no pairs.

    Examples
    --------
    >>> Dependent(odds_ratio=0.3)
    Dependent(odds_ratio=0.3)
    """

    odds_ratio: float = 4.0
    pairs: tuple[tuple[int, int], ...] | None = None

    def __post_init__(self) -> None:
        arguments.positive("Dependent: odds_ratio", self.odds_ratio, remedy=_MILD)
        for pair in self.pairs or ():
            if len(pair) != 2 or pair[0] == pair[1] or min(pair) < 0:
                raise InputError(
                    Message(
                        "Dependent: pairs: expected two different positions from 0, got {got}. "
                        "(0, 1) is the first and the second list",
                        got=repr(pair),
                    )
                )
        named = [position for pair in self.pairs or () for position in pair]
        if len(set(named)) < len(named):
            raise InputError(
                Message(
                    "Dependent: pairs: expected no list twice, got {got}. Use Darroch", got=repr(self.pairs)
                )
            )

    def histories(self, size: int, probabilities: Floats, random: np.random.Generator) -> NDArray[np.uint8]:
        """A row of 0 and 1 for each person, shape (size, n_lists)."""
        n_lists = len(probabilities)
        pairs = self.pairs
        if pairs is None:
            pairs = tuple((first, first + 1) for first in range(0, n_lists - 1, 2))
        elif pairs and max(map(max, pairs)) >= n_lists:
            raise InputError(
                Message(
                    "Dependent: pairs: expected positions below {n_lists}, the number of lists, got {got}. "
                    "The first list has position 0",
                    n_lists=n_lists,
                    got=repr(pairs),
                )
            )
        chances = np.tile(probabilities, (size, 1))
        listed = _bernoulli(chances, random)
        for first, second in pairs:
            both = _both(probabilities[first], probabilities[second], self.odds_ratio)
            there = both / probabilities[first]
            absent = (probabilities[second] - both) / (1 - probabilities[first])
            chance = np.where(listed[:, first] == 1, there, absent)
            listed[:, second] = random.random(size) < chance
        return listed


@specification
class BetaHeterogeneity:
    """Persons who differ in how easily they are listed, by Beta distributions.

    For each list the persons' probabilities are Beta with the list's share as mean; who is easy for one
    list is as easy for every other.

    Parameters
    ----------
    concentration : float, optional
        Sum of the two parameters of the Beta: small means persons who differ much.

    Raises
    ------
    InputError
        If the concentration is not above zero.

    Examples
    --------
    >>> BetaHeterogeneity(concentration=2.0)
    BetaHeterogeneity(concentration=2.0)
    """

    concentration: float = 4.0

    def __post_init__(self) -> None:
        arguments.positive("BetaHeterogeneity: concentration", self.concentration, remedy=_MILD)

    def histories(self, size: int, probabilities: Floats, random: np.random.Generator) -> NDArray[np.uint8]:
        """A row of 0 and 1 for each person, shape (size, n_lists)."""
        easy = random.random(size)[:, None]
        share = probabilities[None, :]
        return _bernoulli(
            betaincinv(self.concentration * share, self.concentration * (1 - share), easy), random
        )


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

    sd: float = 1.0

    def __post_init__(self) -> None:
        arguments.positive("LogitNormal: sd", self.sd, remedy=_MILD)

    def histories(self, size: int, probabilities: Floats, random: np.random.Generator) -> NDArray[np.uint8]:
        """A row of 0 and 1 for each person, shape (size, n_lists)."""
        steps = ndtri((np.arange(_NODES) + 0.5) / _NODES)

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
    odds_ratio: float = 10.0

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise InputError(
                Message(
                    "TwoClasses: share: expected a number between 0 and 1, got {got}. 0.5 is one half",
                    got=repr(self.share),
                )
            )
        arguments.positive("TwoClasses: odds_ratio", self.odds_ratio, remedy=_MILD)

    def histories(self, size: int, probabilities: Floats, random: np.random.Generator) -> NDArray[np.uint8]:
        """A row of 0 and 1 for each person, shape (size, n_lists)."""
        step = math.log(self.odds_ratio)

        def mean(centres: Floats) -> Floats:
            return np.asarray(self.share * expit(centres) + (1 - self.share) * expit(centres + step))

        centres = _solved(mean, probabilities)
        easy = (random.random(size) >= self.share)[:, None]
        return _bernoulli(expit(centres + step * easy), random)


@specification
class Darroch:
    """Every two lists depend on each other alike: the log-linear model of Darroch and others (1993).

    The probability of a history is proportional to exp(sum of effects of its lists + interaction times the
    number of its pairs of lists). Above zero this is heterogeneity of persons; below zero every two lists
    avoid each other.

    Parameters
    ----------
    interaction : float, optional
        Logarithm of the odds ratio of two lists, given the others.

    Raises
    ------
    InputError
        If the interaction is not a finite number.

    Examples
    --------
    >>> Darroch(interaction=0.5)
    Darroch(interaction=0.5)
    """

    interaction: float = 1.0

    def __post_init__(self) -> None:
        if not math.isfinite(self.interaction):
            raise InputError(
                Message(
                    "Darroch: interaction: expected a finite number, got {got}. 0 is independence",
                    got=repr(self.interaction),
                )
            )

    def histories(self, size: int, probabilities: Floats, random: np.random.Generator) -> NDArray[np.uint8]:
        """A row of 0 and 1 for each person, shape (size, n_lists)."""
        n_lists = len(probabilities)
        if n_lists > _MOST_CELLS_LISTS:
            raise InputError(
                Message(
                    "Darroch: expected at most {most} lists, got {n_lists}. Use LogitNormal",
                    most=_MOST_CELLS_LISTS,
                    n_lists=n_lists,
                )
            )
        cells = (np.arange(2**n_lists)[:, None] >> np.arange(n_lists)[::-1] & 1).astype(np.uint8)
        times = cells.sum(axis=1, dtype=np.int64)
        exponent = self.interaction * times * (times - 1) / 2
        chance = np.exp(exponent - exponent.max())
        for _ in range(_MOST_ROUNDS):  # proportional fitting of the shares keeps every odds ratio
            chance /= chance.sum()
            if np.abs(chance @ cells - probabilities).max() < _MARGIN:
                break
            for position, wanted in enumerate(probabilities):
                on = cells[:, position] == 1
                named = chance[on].sum()
                chance[on] *= wanted / named
                chance[~on] *= (1 - wanted) / chance[~on].sum()
        return np.repeat(cells, random.multinomial(size, chance / chance.sum()), axis=0)


def _bernoulli(chances: Floats, random: np.random.Generator) -> NDArray[np.uint8]:
    """A 0 or 1 for each chance."""
    return np.asarray(random.random(chances.shape) < chances, dtype=np.uint8)


def _both(first: float, second: float, odds_ratio: float) -> float:
    """Share on both of two lists with given shares and odds ratio (Plackett 1965)."""
    if odds_ratio == 1:
        return first * second
    gain = odds_ratio - 1
    total = 1 + gain * (first + second)
    root = math.sqrt(total**2 - 4 * odds_ratio * gain * first * second)
    # the smaller root, written so that nothing is subtracted from its like
    return 2 * odds_ratio * first * second / (total + root)


def _solved(mean: Callable[[Floats], Floats], wanted: Floats) -> Floats:
    """Centres whose mean is what is wanted, by bisection."""
    low, high = logit(wanted) - 60.0, logit(wanted) + 60.0
    for _ in range(80):
        middle = 0.5 * (low + high)
        below = mean(middle) < wanted
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray(0.5 * (low + high))
