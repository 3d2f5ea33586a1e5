"""Persons of whom an audit found that some do not belong: who they are, and which rows are taken away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Ints
from detcount._numerics.linkage.agreement import codes_of


@dataclass(frozen=True)
class Audited:
    """Persons of one kind of whom a random sample was checked.

    Parameters
    ----------
    lists : tuple of str
        They stand on these lists and on no other.
    left : bool, optional
        Whether their exit is known; None for both.
    alpha, beta : float
        Beta posterior of the share that does not belong.
    """

    lists: tuple[str, ...]
    left: bool | None
    alpha: float
    beta: float

    @property
    def share(self) -> float:
        """Expected share that does not belong."""
        return self.alpha / (self.alpha + self.beta)

    def meets(self, lists: tuple[str, ...], left: bool | None) -> bool:
        """Whether some of its persons are of another kind too."""
        return set(lists) == set(self.lists) and (None in (left, self.left) or left == self.left)


def persons_like(
    kind: Audited,
    names: tuple[str, ...],
    labels: Ints,
    list_of: Ints,
    counts: NDArray[np.bool_],
    known_left: NDArray[np.bool_] | None,
) -> Ints:
    """Give the persons of a partition who are of a kind, as labels."""
    codes = codes_of(labels, list_of, counts)
    mine = codes == sum(1 << names.index(name) for name in kind.lists)
    if kind.left is not None and known_left is not None:
        left = np.zeros(len(codes), dtype=bool)
        left[labels[counts & known_left]] = True
        mine &= left == kind.left
    return np.flatnonzero(mine)


def belonging(
    kinds: Iterable[Audited],
    names: tuple[str, ...],
    labels: Ints,
    list_of: Ints,
    counts: NDArray[np.bool_],
    known_left: NDArray[np.bool_] | None,
    rng: np.random.Generator,
    *,
    drawn: bool,
) -> tuple[NDArray[np.bool_], int]:
    """Take persons who do not belong away at random: a drawn number of each kind, or the expected one.

    Returns
    -------
    ndarray of bool, int
        Rows that still count, and persons taken away.
    """
    gone = []
    for kind in kinds:
        persons = persons_like(kind, names, labels, list_of, counts, known_left)
        if drawn:
            number = int(rng.binomial(len(persons), rng.beta(kind.alpha, kind.beta)))
        else:
            number = len(persons) - round(len(persons) * (1 - kind.share))
        gone.append(rng.choice(persons, number, replace=False))
    taken = np.concatenate(gone) if gone else np.empty(0, dtype=np.int64)
    return counts & ~np.isin(labels, taken), len(taken)
