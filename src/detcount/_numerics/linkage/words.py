"""Words of names: which are given names, which true ones stand behind them, and how alike those of rows are.

The frequencies and the rates of errors are learned together. A written word comes from true words within
reach of it, each by one kind of error. The true words behind one written word are weighed by the counts of
all *other* written words (collapsed variational Bayes of order zero), so that a word written once beside a
frequent one is taken for an error of it, and one that others write too is not. How often something wholly
different is written, words alone do not show: its rate is kept as it is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detcount._numerics.arrays import TINY, Floats, Ints, bincount, repeat
from detcount._numerics.linkage.settings import PRIORS, TUNING

GIVEN_FIRST, SURNAME_FIRST = 0, 1


@dataclass(frozen=True, eq=False)
class Layout:
    """Names with one number of words that were written in one way.

    Parameters
    ----------
    name : ndarray of int64, shape (m,)
        Number of each name.
    convention : ndarray of int64, shape (m,)
        Convention of order of each: one number for a list and a way of writing.
    words : ndarray of int64, shape (m, n)
        The words in order.
    flagged : ndarray of bool, shape (m, n)
        Words with a particle before them.
    n_given : int
        Number of given names that stand first, where columns or a comma state it; -1 elsewhere.
    n_surnames : int
        The same of surnames that stand first.
    """

    name: Ints
    convention: Ints
    words: Ints
    flagged: np.ndarray
    n_given: int = -1
    n_surnames: int = -1


def prior_of_splits(n: int) -> Floats:
    """Share of names of `n` words with 0 to `n` given names, where nothing else is known."""
    if n <= len(PRIORS.name_splits):
        return np.array(PRIORS.name_splits[n - 1])
    weights = np.exp(-(((np.arange(n + 1) - n / 2) / 0.8) ** 2))
    weights[[0, -1]] *= 0.01
    return np.asarray(weights / weights.sum())


def learn_splits(layouts: Sequence[Layout], first_guess: Floats, conventions: Floats) -> list[Floats]:
    """Learn by EM which words are given names and how each list orders them.

    `first_guess` has the log odds of each word before anything is read; `conventions`, of shape
    (n_conventions, 2), the prior counts of given names first and of surnames first.
    """
    if not layouts:
        return []
    start = 1.0 / (1.0 + np.exp(-first_guess))
    prior_given, prior_surname = PRIORS.word_role_strength * start, PRIORS.word_role_strength * (1.0 - start)
    ratio = first_guess.copy()
    order = conventions / conventions.sum(axis=1, keepdims=True)
    lengths = {n: prior_of_splits(n) for n in {layout.words.shape[1] for layout in layouts}}
    starts = dict(lengths)
    previous = -np.inf
    for _ in range(TUNING.split_rounds):
        given_counts, all_counts = np.zeros_like(ratio), np.zeros_like(ratio)
        order_counts = conventions.copy()
        length_counts = {n: PRIORS.name_split_strength * starts[n] for n in lengths}
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
        if abs(total - previous) <= TUNING.split_converged * (1.0 + abs(total)):
            break
        previous = total
    return [_given(_posterior(layout, ratio, order, lengths)[0]) for layout in layouts]


def _posterior(
    layout: Layout, ratio: Floats, order: Floats, lengths: dict[int, Floats]
) -> tuple[Floats, Floats]:
    """Probability of each split, of shape (m, 2, n + 1), and the log evidence of each name."""
    m, n = layout.words.shape
    odds = ratio[layout.words]
    score = np.full((m, 2, n + 1), -np.inf)
    sums = np.concatenate([np.zeros((m, 1)), np.cumsum(odds, axis=1)], axis=1)
    log_order = np.log(order[layout.convention])
    with np.errstate(divide="ignore"):
        log_length = np.log(lengths[n])
    labelled = max(layout.n_given, layout.n_surnames)  # as it is labelled, or the two parts exchanged
    for k in range(n + 1):
        given_first = sums[:, k] + log_order[:, GIVEN_FIRST]
        surname_first = sums[:, n] - sums[:, n - k] + log_order[:, SURNAME_FIRST]
        if labelled < 0:
            score[:, GIVEN_FIRST, k] = given_first + log_length[k]
            score[:, SURNAME_FIRST, k] = surname_first + log_length[k]
            if k > 0:
                score[:, GIVEN_FIRST, k] += PRIORS.particle_first * layout.flagged[:, 0]
                score[:, SURNAME_FIRST, k] += PRIORS.particle_first * layout.flagged[:, n - k]
        if k == labelled:
            score[:, GIVEN_FIRST, k] = given_first
        if k == n - labelled:
            score[:, SURNAME_FIRST, k] = surname_first
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


@dataclass(frozen=True, eq=False)
class Confusions:
    """Pairs of a true and a written word that one error turns into each other.

    Parameters
    ----------
    written, true, kind : ndarray of int64, shape (m,)
        Written word, true word, and the kind of error by which the one comes from the other.
    probability : ndarray of float64, shape (m,)
        Probability of the written word given the true one and the kind.
    """

    written: Ints
    true: Ints
    kind: Ints
    probability: Floats


@dataclass(frozen=True, eq=False)
class FittedChannel:
    """Fitted channel: frequencies of true words, rates of errors, and true words behind written ones.

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


def fit_channel(
    pairs: Confusions, counts: Floats, n_true: int, prior_rates: Floats, strength: float, prior_word: float
) -> FittedChannel:
    """Learn frequencies of true words and rates of errors from how often each word is written.

    Parameters
    ----------
    pairs : Confusions
        True words behind the written ones.
    counts : ndarray of float64, shape (n_roles, n_written)
        Frequency of each written word in each role.
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
    FittedChannel
        Frequencies, rates and explanations.
    """
    n_roles, n_written = counts.shape
    n_kinds = len(prior_rates)
    # Kinds that join the same two words count together.
    _, same = np.unique(pairs.written.astype(np.int64) * n_true + pairs.true, return_inverse=True)
    n_same = int(same.max(initial=-1)) + 1
    alone = np.minimum(counts, 1.0)[:, pairs.written]
    rates = prior_rates[:-1] / prior_rates[:-1].sum()
    prior = strength * rates
    shares = np.zeros((n_roles, len(same)))
    shares[:, pairs.kind == 0] = 1.0
    known = _tally(pairs.true, counts[:, pairs.written] * shares, n_true)
    for _ in range(TUNING.channel_rounds):
        before = rates, known
        likely = rates[pairs.kind] * pairs.probability
        for role in range(n_roles):
            own = bincount(same, shares[role], minlength=n_same)[same] * alone[role]
            share = likely * (np.maximum(known[role, pairs.true] - own, 0.0) + prior_word)
            whole = bincount(pairs.written, share, minlength=n_written)
            shares[role] = share / np.maximum(whole[pairs.written], TINY)
        weighed = counts[:, pairs.written] * shares
        known = _tally(pairs.true, weighed, n_true)
        rates = prior + bincount(pairs.kind, weighed.sum(axis=0), minlength=n_kinds - 1)
        rates /= rates.sum()
        moved = np.abs(known - before[1]).sum() / max(counts.sum(), 1.0)
        if max(moved, np.abs(rates - before[0]).max()) <= TUNING.channel_converged:
            break
    # One occurrence is left out: a word that is compared does not speak for its own frequency.
    frequency = np.maximum(known - 1.0, 0.0) + prior_word
    frequency /= np.maximum(known.sum(axis=1, keepdims=True) + prior_word * n_true, TINY)
    weight = (counts + TINY) / (counts + TINY).sum(axis=0)
    return FittedChannel(
        frequency,
        np.append(rates * (1.0 - prior_rates[-1]), prior_rates[-1]),
        np.einsum("rm,rm->m", weight[:, pairs.written], shares),
    )


def _tally(true: Ints, weighed: Floats, n_true: int) -> Floats:
    """Sum over the written words of each true word, by role."""
    return np.stack([bincount(true, row, minlength=n_true) for row in weighed])


@dataclass(frozen=True, eq=False)
class Spelling:
    """Spelling of the words of one of the two roles of a name.

    Parameters
    ----------
    keys : ndarray of int64, shape (m,)
        Written word times the number of true words plus the true word, in order.
    values : ndarray of float64, shape (m,)
        P(written | true).
    rest : ndarray of float64, shape (n_written,)
        P(written | another true word).
    frequency : ndarray of float64, shape (n_true,)
        Of true words.
    reach : ndarray of int64, shape (n_written, n_reach)
        The likeliest true words behind each written word; -1 where there are fewer.
    marginal : ndarray of float64, shape (n_written,)
        P(written).
    """

    keys: Ints
    values: Floats
    rest: Floats
    frequency: Floats
    reach: Ints
    marginal: Floats

    def given(self, written: Ints, true: Ints) -> Floats:
        """P(written | true) of arrays of equal shape; -1 is a true word that stands nowhere."""
        wanted = written.astype(np.int64, copy=False) * len(self.frequency) + true
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        found = (self.keys[at] == wanted) & (true >= 0) & (written >= 0)
        return np.where(found, self.values[at], self.rest[written])


def spelling(matrix: Any, rest: Floats, frequency: Floats, most: int = TUNING.true_words) -> Spelling:
    """Prepare P(written | true), a sparse matrix, for many clusters."""
    matrix = matrix.tocsr().copy()
    matrix.sort_indices()
    n_written, n_true = matrix.shape
    written = repeat(np.arange(n_written, dtype=np.int64), np.diff(matrix.indptr))
    true = matrix.indices.astype(np.int64)
    joint = matrix.data * frequency[true]
    reached = bincount(written, joint, minlength=n_written)
    known = bincount(written, frequency[true], minlength=n_written)
    marginal = np.maximum(reached + np.maximum(1.0 - known, 0.0) * rest, 1e-300)
    order = np.lexsort((true, -joint, written))
    rank = np.arange(len(order)) - matrix.indptr[written[order]]
    kept = (rank < most) & (joint[order] > TUNING.true_words_least * marginal[written[order]])
    reach = np.full((n_written, most), -1, dtype=np.int64)
    reach[written[order][kept], rank[kept]] = true[order][kept]
    return Spelling(
        written * n_true + true,
        np.asarray(matrix.data, dtype=np.float64),
        np.asarray(rest, dtype=np.float64),
        np.asarray(frequency, dtype=np.float64),
        reach,
        marginal,
    )


def word_log_ratio(words: Ints, spelled: Spelling, seconds: Sequence[float]) -> Floats:
    """Log of the words that rows of one person write, over the product of P(written), by cluster.

    A person has two true words in a role. A row writes the first, the second, or both; two words stand in
    order or the other way round. The sum runs over the true words within reach of any written one and one
    term for the rest, in both places.

    Parameters
    ----------
    words : ndarray of int64, shape (n_clusters, size, 2)
        Written words of the role; -1 where there is none.
    spelled : Spelling
        Spelling of the words.
    seconds : sequence of float
        Probabilities that a name of one word is the second of a person's two.

    Returns
    -------
    ndarray of float64, shape (n_clusters, n_seconds)
        Log ratios, for each of these probabilities.
    """
    answer = np.zeros((len(words), len(seconds)))
    telling = np.flatnonzero((words[:, :, 0] >= 0).any(axis=1))
    if not len(telling):
        return answer
    words = words[telling]
    true = np.where(words[:, :, :, None] >= 0, spelled.reach[words], -1).reshape(len(words), -1)
    true = -np.sort(-true, axis=1)
    true = _likeliest(
        true, TUNING.expensive_true_words if words.shape[1] > TUNING.expensive_rows else true.shape[1]
    )
    n_true = (true >= 0).sum(axis=1)
    order = np.argsort(n_true, kind="stable")
    start = 0
    while start < len(order):
        stop = min(len(order), start + 4096)
        width = int(n_true[order[stop - 1]]) + 1
        held = words.shape[1] if words.shape[1] > TUNING.expensive_rows else 1
        stop = max(start + 1, min(stop, start + TUNING.summed_numbers // (held * width * width)))
        width = int(n_true[order[stop - 1]]) + 1
        rows = order[start:stop]
        answer[telling[rows]] = _summed(words[rows], true[rows, : width - 1], spelled, seconds)
        start = stop
    return answer


def _likeliest(true: Ints, most: int) -> Ints:
    """Each true word of a cluster once, -1 after them; at most so many, those within reach of the most words.

    Parameters
    ----------
    true : ndarray of int64, shape (n_clusters, n)
        True words within reach of each written word, in falling order.
    """
    new = true != np.concatenate([np.full((len(true), 1), -2), true[:, :-1]], axis=1)
    kept = new & (true >= 0)
    many = np.flatnonzero(kept.sum(axis=1) > most)
    if len(many):
        run = new[many].cumsum(axis=1) + (new.shape[1] + 1) * np.arange(len(many))[:, None]
        times = bincount(run.ravel(), minlength=int(run.max()) + 1)[run]
        rank = np.argsort(np.argsort(np.where(kept[many], -times, 1), axis=1, kind="stable"), axis=1)
        kept[many] &= rank < most
    return np.asarray(-np.sort(-np.where(kept, true, -1), axis=1))


def _summed(words: Ints, true: Ints, spelled: Spelling, seconds: Sequence[float]) -> Floats:
    """The sum over pairs of true words for clusters that have few of them."""
    n, size, _ = words.shape
    prior = np.where(true >= 0, spelled.frequency[true], 0.0)
    prior = np.concatenate([prior, np.maximum(1.0 - prior.sum(axis=1, keepdims=True), 0.0)], axis=1)
    true = np.concatenate([true, np.full((n, 1), -1)], axis=1)
    over = _over(words, true, spelled)
    alone = words[:, :, 1] < 0
    some_alone = (alone & (words[:, :, 0] >= 0)).any()
    answer = np.empty((n, len(seconds)))
    if size > TUNING.expensive_rows:
        straight = over[:, :, 0, :, None] * over[:, :, 1, None, :]
        turned = np.swapaxes(straight, 2, 3)
    for number, second_alone in enumerate(seconds):
        if number and not some_alone:
            answer[:, number] = answer[:, 0]
            continue
        product = prior[:, :, None] * prior[:, None, :]
        if size > TUNING.expensive_rows:
            in_order = np.where(alone, 1.0 - second_alone, PRIORS.words_in_order)[:, :, None, None]
            of_rows = np.log(in_order * straight + (1.0 - in_order) * turned).sum(axis=1)
            top = of_rows.max(axis=(1, 2))
            product *= np.exp(of_rows - top[:, None, None])
            answer[:, number] = np.log(np.maximum(product.sum(axis=(1, 2)), 1e-300)) + top
            continue
        for row in range(size):
            # the probabilities that the first of what is written is the first of two
            ordered = np.where(alone[:, row], 1.0 - second_alone, PRIORS.words_in_order)[:, None, None]
            one, two = over[:, row, 0], over[:, row, 1]
            product *= ordered * (one[:, :, None] * two[:, None, :]) + (1.0 - ordered) * (
                two[:, :, None] * one[:, None, :]
            )
        answer[:, number] = np.log(np.maximum(product.sum(axis=(1, 2)), 1e-300))
    return answer


def _over(written: Ints, true: Ints, spelled: Spelling) -> Floats:
    """P(written | true) over P(written), by cluster, row, place and true word; 1 where nothing is written."""
    shape = (*written.shape, true.shape[1])
    ratio = spelled.given(
        np.broadcast_to(written[..., None], shape), np.broadcast_to(true[:, None, None, :], shape)
    )
    ratio = ratio / spelled.marginal[written][..., None]
    return np.where((written >= 0)[..., None], ratio, 1.0)
