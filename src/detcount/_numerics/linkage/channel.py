"""Words that are true and words that are written: how often each is true, and how often each error is made.

The frequencies and the rates of errors are learned together. A written word is explained by true words within
reach of it, each by one kind of error. What explains one written word is weighed by the counts of all *other*
written words (collapsed variational Bayes of order zero), so that a word written once beside a frequent one
is taken for an error of it, and one that others write too is not. How often something wholly different is
written, words alone do not show: its rate is kept as it is given.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import TINY, Floats, Ints

_ROUNDS = 200
_TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False)
class Reach:
    """Which true words lead to which written ones.

    Parameters
    ----------
    written, true, kind : ndarray of int64, shape (m,)
        Written word, true word, and the kind of error by which the one comes from the other.
    chance : ndarray of float64, shape (m,)
        Probability of the written word given the true one and the kind.
    """

    written: Ints
    true: Ints
    kind: Ints
    chance: Floats


@dataclass(frozen=True, eq=False)
class Learned:
    """What the written words say of the true ones.

    Parameters
    ----------
    frequency : ndarray of float64, shape (n_roles, n_true)
        Probability of each true word in each role, one occurrence of it left out.
    rates : ndarray of float64, shape (n_kinds,)
        Probability of each kind of error; the last is the rest.
    given : ndarray of float64, shape (m,)
        Probability of a true word and a kind, given the written word, over both roles.
    """

    frequency: Floats
    rates: Floats
    given: Floats


def explain(
    reach: Reach, counts: Floats, n_true: int, prior_rates: Floats, strength: float, prior_word: float
) -> Learned:
    """Learn frequencies of true words and rates of errors from how often each word is written.

    Parameters
    ----------
    reach : Reach
        Which true words lead to which written ones.
    counts : ndarray of float64, shape (n_roles, n_written)
        How often each word is written in each role.
    n_true : int
        Number of true words.
    prior_rates : ndarray of float64, shape (n_kinds,)
        Prior mean of the rates of errors, the rest last.
    strength : float
        Number of words that the prior of the rates is worth.
    prior_word : float
        Prior count of every true word in each role.

    Returns
    -------
    Learned
        Frequencies, rates and explanations.
    """
    n_roles, n_written = counts.shape
    n_kinds = len(prior_rates)
    # Kinds that join the same two words count together.
    _, same = np.unique(reach.written * n_true + reach.true, return_inverse=True)
    n_same = int(same.max(initial=-1)) + 1
    alone = np.minimum(counts, 1.0)[:, reach.written]
    rates = prior_rates[:-1] / prior_rates[:-1].sum()
    prior = strength * rates
    shares = np.zeros((n_roles, len(same)))
    shares[:, reach.kind == 0] = 1.0
    known = _tally(reach.true, counts[:, reach.written] * shares, n_true)
    for _ in range(_ROUNDS):
        before = rates, known
        likely = rates[reach.kind] * reach.chance
        for role in range(n_roles):
            own = np.bincount(same, shares[role], minlength=n_same)[same] * alone[role]
            share = likely * (np.maximum(known[role, reach.true] - own, 0.0) + prior_word)
            whole = np.bincount(reach.written, share, minlength=n_written)
            shares[role] = share / np.maximum(whole[reach.written], TINY)
        weighed = counts[:, reach.written] * shares
        known = _tally(reach.true, weighed, n_true)
        rates = prior + np.bincount(reach.kind, weighed.sum(axis=0), minlength=n_kinds - 1)
        rates /= rates.sum()
        moved = np.abs(known - before[1]).sum() / max(counts.sum(), 1.0)
        if max(moved, np.abs(rates - before[0]).max()) <= _TOLERANCE:
            break
    # One occurrence is left out: a word that is compared does not speak for its own frequency.
    frequency = np.maximum(known - 1.0, 0.0) + prior_word
    frequency /= np.maximum(known.sum(axis=1, keepdims=True) + prior_word * n_true, TINY)
    weight = (counts + TINY) / (counts + TINY).sum(axis=0)
    return Learned(
        frequency,
        np.append(rates * (1.0 - prior_rates[-1]), prior_rates[-1]),
        np.einsum("rm,rm->m", weight[:, reach.written], shares),
    )


def _tally(true: Ints, weighed: Floats, n_true: int) -> Floats:
    """Sum what explains written words over the true ones, role by role."""
    return np.stack([np.bincount(true, row, minlength=n_true) for row in weighed])
