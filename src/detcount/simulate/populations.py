"""Invented closed populations: who is on which list, under a stated mechanism, and how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detcount import arguments
from detcount.captures import CaptureTable
from detcount.errors import InputError
from detcount.simulate.mechanisms import Independent, Mechanism
from detcount.words import Message

_MOST_PERSONS = 10_000_000


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
        `Independent` (the default), `Dependent`, `BetaHeterogeneity`, `LogitNormal`, `TwoClasses` or
        `Darroch`.
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
    seed = arguments.seed(seed)
    size = arguments.whole_number(
        "size", size, least=1, most=_MOST_PERSONS, unit="of persons", remedy=Message("1000 will do")
    )
    shares = np.asarray(probabilities, dtype=np.float64)
    if shares.ndim != 1 or len(shares) < 2 or not ((shares > 0) & (shares < 1)).all():
        raise InputError(
            Message(
                "probabilities: expected two numbers or more between 0 and 1, got {got}. "
                "0.3 is a list that names three in ten",
                got=repr(probabilities),
            )
        )
    chosen = Independent() if mechanism is None else mechanism
    if isinstance(chosen, type) or not isinstance(chosen, Mechanism):
        raise TypeError(Message("mechanism: expected one such as Independent(), got {got}", got=repr(chosen)))
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
