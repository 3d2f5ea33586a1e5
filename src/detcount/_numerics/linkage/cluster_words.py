"""Words that rows of one person write, summed over the true words and over which of two each one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detcount._numerics.arrays import Floats, Ints

IN_ORDER = 0.98  # two words stand in their usual order
_BLOCK = 2_000_000  # numbers held at once
_MANY = 6  # rows of a cluster above which true words that explain the fewest rows are left to the rest
_MOST_TRUE = 12  # true words in the sum of such a cluster
_PRUNED = 1e-4  # share of a written word below which a true word is left to the rest


@dataclass(frozen=True, eq=False)
class Spelling:
    """How words are written, in one of the two roles of words in a name.

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
        The true words that explain each written word best; -1 where there are fewer.
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
        wanted = written * len(self.frequency) + true
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        found = (self.keys[at] == wanted) & (true >= 0) & (written >= 0)
        return np.where(found, self.values[at], self.rest[written])


def spelling(matrix: Any, rest: Floats, frequency: Floats, most: int = 6) -> Spelling:
    """Prepare P(written | true), a sparse matrix, for many clusters."""
    matrix = matrix.tocsr().copy()
    matrix.sort_indices()
    n_written, n_true = matrix.shape
    written = np.repeat(np.arange(n_written, dtype=np.int64), np.diff(matrix.indptr))
    true = matrix.indices.astype(np.int64)
    joint = matrix.data * frequency[true]
    reached = np.bincount(written, joint, minlength=n_written)
    known = np.bincount(written, frequency[true], minlength=n_written)
    marginal = np.maximum(reached + np.maximum(1.0 - known, 0.0) * rest, 1e-300)
    order = np.lexsort((true, -joint, written))
    rank = np.arange(len(order)) - matrix.indptr[written[order]]
    kept = (rank < most) & (joint[order] > _PRUNED * marginal[written[order]])
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
        How words are written.
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
    true = _likeliest(true, _MOST_TRUE if words.shape[1] > _MANY else true.shape[1])
    n_true = (true >= 0).sum(axis=1)
    order = np.argsort(n_true, kind="stable")
    start = 0
    while start < len(order):
        stop = start
        stop = min(len(order), start + 4096)
        width = int(n_true[order[stop - 1]]) + 1
        held = words.shape[1] if words.shape[1] > _MANY else 1
        stop = max(start + 1, min(stop, start + _BLOCK // (held * width * width)))
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
        times = np.bincount(run.ravel(), minlength=int(run.max()) + 1)[run]
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
    if size > _MANY:
        straight = over[:, :, 0, :, None] * over[:, :, 1, None, :]
        turned = np.swapaxes(straight, 2, 3)
    for number, second_alone in enumerate(seconds):
        if number and not some_alone:
            answer[:, number] = answer[:, 0]
            continue
        product = prior[:, :, None] * prior[:, None, :]
        if size > _MANY:
            in_order = np.where(alone, 1.0 - second_alone, IN_ORDER)[:, :, None, None]
            of_rows = np.log(in_order * straight + (1.0 - in_order) * turned).sum(axis=1)
            top = of_rows.max(axis=(1, 2))
            product *= np.exp(of_rows - top[:, None, None])
            answer[:, number] = np.log(np.maximum(product.sum(axis=(1, 2)), 1e-300)) + top
            continue
        for row in range(size):
            # the probabilities that the first of what is written is the first of two
            ordered = np.where(alone[:, row], 1.0 - second_alone, IN_ORDER)[:, None, None]
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
