"""Where given names end and surnames begin: likely splits, and words learned from all names at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints

GIVEN_FIRST, SURNAME_FIRST = 0, 1
_NEVER = -1e9
_PARTICLE_BEGINS = -4.0  # log factor of given names that begin with a particle
_STRENGTH = 2.0  # observations that the first guess of a word counts for
_STRENGTH_OF_LENGTHS = 20.0
_MOST_ROUNDS = 30
_CLOSE = 1e-4


@dataclass(frozen=True, eq=False)
class Layout:
    """Names with one number of words that were written in one way.

    Parameters
    ----------
    name : ndarray of int64, shape (m,)
        Number of each name.
    convention : ndarray of int64, shape (m,)
        Which convention of order each follows: one number a list and a way of writing.
    words : ndarray of int64, shape (m, n)
        The words in order.
    flagged : ndarray of bool, shape (m, n)
        Words with a particle before them.
    n_given : int
        Number of given names where columns or a comma say it, and they stand first; -1 where nothing says it.
    n_surnames : int
        The same of surnames that stand first.
    """

    name: Ints
    convention: Ints
    words: Ints
    flagged: np.ndarray
    n_given: int = -1
    n_surnames: int = -1


@dataclass(frozen=True, eq=False)
class Splits:
    """What was learned.

    Parameters
    ----------
    given : list of ndarray, shape (m, n)
        For each layout, the probability of each word that it is a given name.
    best : list of ndarray of int64, shape (m, 2)
        Order and number of given names of the likeliest split.
    probability : list of ndarray, shape (m,)
        Its probability.
    first : ndarray, shape (n_conventions,)
        Probability that given names stand first, by convention.
    ratio : ndarray, shape (n_words,)
        Log odds of each word that it is a given name.
    """

    given: list[Floats]
    best: list[Ints]
    probability: list[Floats]
    first: Floats
    ratio: Floats


def prior_of_splits(n: int) -> Floats:
    """Share of names of `n` words with 0 to `n` given names, where nothing else is known."""
    table: dict[int, Sequence[float]] = {
        1: (0.5, 0.5),
        2: (0.02, 0.96, 0.02),
        3: (0.005, 0.56, 0.425, 0.01),
        4: (0.002, 0.05, 0.90, 0.045, 0.003),
        5: (0.001, 0.03, 0.55, 0.40, 0.018, 0.001),
    }
    if n in table:
        return np.array(table[n])
    weights = np.exp(-(((np.arange(n + 1) - n / 2) / 0.8) ** 2))
    weights[[0, -1]] *= 0.01
    return np.asarray(weights / weights.sum())


def learn_splits(
    layouts: Sequence[Layout],
    first_guess: Floats,
    conventions: Floats,
    *,
    most_rounds: int = _MOST_ROUNDS,
) -> Splits:
    """Learn by EM which words are given names and how each list orders them.

    `first_guess` has the log odds of each word before anything is read; `conventions`, of shape
    (n_conventions, 2), the prior counts of given names first and of surnames first.
    """
    if not layouts:
        return Splits([], [], [], np.zeros(0), first_guess)
    start = 1.0 / (1.0 + np.exp(-first_guess))
    prior_given, prior_surname = _STRENGTH * start, _STRENGTH * (1.0 - start)
    ratio = first_guess.copy()
    order = conventions / conventions.sum(axis=1, keepdims=True)
    lengths = {n: prior_of_splits(n) for n in {layout.words.shape[1] for layout in layouts}}
    starts = dict(lengths)
    previous = -np.inf
    for _ in range(most_rounds):
        given_counts, all_counts = np.zeros_like(ratio), np.zeros_like(ratio)
        order_counts = conventions.copy()
        length_counts = {n: _STRENGTH_OF_LENGTHS * starts[n] for n in lengths}
        total = 0.0
        for layout in layouts:
            posterior, evidence = _posterior(layout, ratio, order, lengths)
            given = _given(posterior)
            np.add.at(given_counts, layout.words.ravel(), given.ravel())
            np.add.at(all_counts, layout.words.ravel(), 1.0)
            if layout.words.shape[1] > 1:
                for which in (GIVEN_FIRST, SURNAME_FIRST):
                    np.add.at(order_counts[:, which], layout.convention, posterior[:, which].sum(axis=1))
                if layout.n_given < 0 and layout.n_surnames < 0:
                    length_counts[layout.words.shape[1]] += posterior.sum(axis=(0, 1))
            total += float(evidence.sum())
        surname_counts = all_counts - given_counts
        scale = np.log(
            (given_counts.sum() + prior_given.sum()) / (surname_counts.sum() + prior_surname.sum())
        )
        ratio = np.log(given_counts + prior_given) - np.log(surname_counts + prior_surname) - scale
        order = order_counts / order_counts.sum(axis=1, keepdims=True)
        lengths = {n: counts / counts.sum() for n, counts in length_counts.items()}
        if abs(total - previous) <= _CLOSE * (1.0 + abs(total)):
            break
        previous = total
    given_of: list[Floats] = []
    best: list[Ints] = []
    probability: list[Floats] = []
    for layout in layouts:
        posterior, _ = _posterior(layout, ratio, order, lengths)
        given_of.append(_given(posterior))
        # two orders of one split of the words into the same parts are one where a name has one word
        flat = posterior.reshape(len(posterior), -1)
        where = flat.argmax(axis=1)
        best.append(np.stack(np.divmod(where, posterior.shape[2]), axis=1).astype(np.int64))
        probability.append(flat.max(axis=1) if len(flat) else np.zeros(0))
    return Splits(given_of, best, probability, order[:, GIVEN_FIRST], ratio)


def _posterior(
    layout: Layout, ratio: Floats, order: Floats, lengths: dict[int, Floats]
) -> tuple[Floats, Floats]:
    """Probability of each split, of shape (m, 2, n + 1), and the log evidence of each name."""
    m, n = layout.words.shape
    odds = ratio[layout.words]
    score = np.full((m, 2, n + 1), _NEVER)
    sums = np.concatenate([np.zeros((m, 1)), np.cumsum(odds, axis=1)], axis=1)
    log_order = np.log(order[layout.convention])
    with np.errstate(divide="ignore"):
        log_length = np.log(lengths[n])
    labelled = layout.n_given >= 0 or layout.n_surnames >= 0
    for k in range(n + 1):
        if labelled:  # as it is labelled, or the two parts exchanged
            first_part = max(layout.n_given, layout.n_surnames)
            if k == first_part:
                score[:, GIVEN_FIRST, k] = sums[:, k] + log_order[:, GIVEN_FIRST]
            if k == n - first_part:
                score[:, SURNAME_FIRST, k] = sums[:, n] - sums[:, n - k] + log_order[:, SURNAME_FIRST]
            continue
        score[:, GIVEN_FIRST, k] = sums[:, k] + log_order[:, 0] + log_length[k]
        score[:, SURNAME_FIRST, k] = sums[:, n] - sums[:, n - k] + log_order[:, 1] + log_length[k]
        if k > 0:
            score[:, GIVEN_FIRST, k] += _PARTICLE_BEGINS * layout.flagged[:, 0]
        if 0 < k <= n:
            score[:, SURNAME_FIRST, k] += _PARTICLE_BEGINS * layout.flagged[:, n - k]
    highest = score.max(axis=(1, 2), keepdims=True)
    weights = np.exp(score - highest)
    total = weights.sum(axis=(1, 2), keepdims=True)
    evidence = (highest + np.log(total)).ravel()
    return weights / total, evidence


def _given(posterior: Floats) -> Floats:
    """Probability of each word that it is a given name, of shape (m, n)."""
    m, _, size = posterior.shape
    n = size - 1
    given = np.zeros((m, n))
    for k in range(1, n + 1):
        given[:, :k] += posterior[:, GIVEN_FIRST, k, None]
        given[:, n - k :] += posterior[:, SURNAME_FIRST, k, None]
    return given
