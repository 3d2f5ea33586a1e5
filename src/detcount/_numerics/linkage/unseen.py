"""How many true pairs no rule brings together: capture-recapture between two kinds of rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats

_ALIKE = 5.0  # pairs that the common rate of misses is worth in each class
_LEAST_ABLE = 0.01
_TINY = 1e-9


@dataclass(frozen=True, eq=False)
class FoundPairs:
    """Expected numbers of true pairs that rules bring together, by the two lists and by class.

    Parameters
    ----------
    both, free, worded : ndarray of float64, shape (n_cells, n_classes)
        Pairs on which both kinds of rules could speak: brought together by both kinds, by rules without words
        alone, and by rules with words alone.
    names : ndarray of float64, shape (2, n_cells, n_classes)
        Pairs on which only rules with words could speak: brought together by them, and in any way.
    documents : ndarray of float64, shape (2, n_cells, n_classes)
        The same for pairs on which only rules without words could speak.
    neither : ndarray of float64, shape (n_cells,)
        Pairs on which no kind could speak, brought together in some other way.
    unable : ndarray of float64, shape (n_cells,)
        Probability that no kind could speak on two rows of these lists.
    together : float
        Pairs that a row without anything takes with it: as many as it has partners.
    apart : ndarray of float64, shape (n_cells,), optional
        Part of `unable` in which one row has a name alone and the other a document alone.
    """

    both: Floats
    free: Floats
    worded: Floats
    names: Floats
    documents: Floats
    neither: Floats
    unable: Floats
    together: float = 1.0
    apart: Floats | None = None


@dataclass(frozen=True, eq=False)
class Unseen:
    """Draws of what no rule brings together.

    Parameters
    ----------
    share : ndarray of float64, shape (n_draws,)
        Share of all true pairs.
    pairs : ndarray of float64, shape (n_draws, n_cells)
        Expected number of these pairs by their two lists, without those of rows that have nothing.
    """

    share: Floats
    pairs: Floats


def unseen_draws(found: FoundPairs, rng: np.random.Generator, n_draws: int) -> Unseen:
    """Draw how many true pairs no rule brings together.

    Parameters
    ----------
    found : FoundPairs
        What the rules have brought together.
    rng : numpy.random.Generator
        Source of random numbers.
    n_draws : int
        Number of draws.

    Returns
    -------
    Unseen
        Draws of the share and of the numbers, with Beta(1/2, 1/2) priors for what each kind of rules misses.

    Notes
    -----
    Within a class the two kinds are taken to miss independently of each other. Rules with words miss at a
    rate of each class of two lists, which is near the common one where a class tells little. Where no kind
    could speak, true pairs are taken to be as frequent as elsewhere in these two lists.
    """
    both, free, worded = found.both.sum(), found.free.sum(), found.worded.sum()
    miss_free = rng.beta(0.5 + worded, 0.5 + both, n_draws)[:, None, None]
    common = rng.beta(0.5 + free, 0.5 + both, n_draws)[:, None, None]
    tells = found.free + found.both
    others = 1.0 - tells / max(free + both, _TINY)  # share of what is known that other classes tell
    miss = rng.beta(
        _ALIKE * others * common + 0.5 * (1.0 - others) + found.free + _TINY,
        _ALIKE * others * (1.0 - common) + 0.5 * (1.0 - others) + found.both + _TINY,
    )
    seen_words = np.maximum(1.0 - miss, _TINY)
    seen_free = np.maximum(1.0 - miss_free, _TINY)
    whole = (found.both + found.free + found.worded) / (1.0 - (1.0 - seen_words) * (1.0 - seen_free))
    whole = whole + np.maximum(found.names[0] / seen_words, found.names[1])
    whole = whole + np.maximum(found.documents[0] / seen_free, found.documents[1])
    by_cell = whole.sum(axis=2)
    able = np.maximum(1.0 - found.unable, _LEAST_ABLE)
    expected = by_cell * found.unable / (able * found.together)
    silent = np.maximum(found.together * rng.poisson(expected), found.neither)
    total = by_cell.sum(axis=1) + silent.sum(axis=1)
    kept = found.both + found.free + found.worded + found.names[1] + found.documents[1]
    pairs = np.maximum(by_cell - kept.sum(axis=1), 0.0)
    share = (pairs.sum(axis=1) + (silent - found.neither).sum(axis=1)) / np.maximum(total, _TINY)
    if found.apart is not None:
        pairs = pairs + np.maximum(by_cell * found.apart / able - found.neither, 0.0)
    return Unseen(np.where(total > 0, np.clip(share, 0.0, 1.0), 0.0), pairs)
