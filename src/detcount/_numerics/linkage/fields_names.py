"""How alike two names are: words are paired with words, each pair weighed by what both could mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detcount._numerics.arrays import TINY, Floats, Ints

_NEGLIGIBLE = 1e-3  # probability of a true word, given the written one, below which it is left out
_LEAST = 0.05  # ratio of two words below which they are different words
_CHUNK = 40_000  # pairs at once
MOST_WORDS = 6


@dataclass(frozen=True, eq=False)
class WordRatios:
    """Likelihood ratios of two written words, one true word against two, by role.

    Parameters
    ----------
    code : ndarray of int64, shape (m,)
        Pairs of words as one number, in order; all others have the ratio 0.
    ratio : ndarray of float64, shape (2, m)
        Ratios among given names and among surnames.
    n_words : int
        Number of written words.
    """

    code: Ints
    ratio: Floats
    n_words: int

    def look_up(self, one: Ints, other: Ints) -> Floats:
        """Ratios of pairs of words, in both roles; 0 where a word is -1 or the two are never one word."""
        asked = one * self.n_words + other
        at = np.minimum(np.searchsorted(self.code, asked), max(len(self.code) - 1, 0))
        if not len(self.code):
            return np.zeros((2, *asked.shape))
        found = (self.code[at] == asked) & (one >= 0) & (other >= 0)
        return np.asarray(np.where(found, self.ratio[:, at], 0.0))


def word_ratios(matrix: Any, frequency: Floats, written: Floats) -> WordRatios:
    """Sum over true words what two written words would mean if both were written for the same one.

    Parameters
    ----------
    matrix : scipy.sparse.csr_matrix, shape (n_written, n_true)
        Probability of each written word given each true one within reach.
    frequency : ndarray of float64, shape (2, n_true)
        Probability of each true word in each role.
    written : ndarray of float64, shape (2, n_written)
        Probability of each written word in each role.

    Returns
    -------
    WordRatios
        Sum over true words t of f(t) P(v | t) P(w | t), over P(v) P(w), for each role.
    """
    from scipy.sparse import csr_matrix

    matrix = matrix.tocsr()
    of = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    meant = frequency[:, matrix.indices] * matrix.data / np.maximum(written[:, of], TINY)
    keep = (meant > _NEGLIGIBLE).any(axis=0)
    ratios, codes = [], np.zeros(0, np.int64)
    n = matrix.shape[0]
    for role in range(2):
        scaled = matrix.data * np.sqrt(frequency[role, matrix.indices]) / np.maximum(written[role, of], TINY)
        half = csr_matrix((scaled[keep], (of[keep], matrix.indices[keep])), shape=matrix.shape)
        product = (half @ half.T).tocoo()
        code = product.row.astype(np.int64) * n + product.col
        order = np.argsort(code)
        codes = code[order]
        ratios.append(product.data[order])
    return WordRatios(codes, np.stack(ratios), n)


@dataclass(frozen=True, eq=False)
class Names:
    """The words of each row, in columns.

    Parameters
    ----------
    word : ndarray of int64, shape (n, w)
        Words of the name; -1 where there are fewer.
    given : ndarray of float64, shape (n, w)
        Probability that each is a given name.
    rank : ndarray of int64, shape (n, w)
        Its place among the row's given names, or among its surnames, whichever it more likely is.
    """

    word: Ints
    given: Floats
    rank: Ints


def padded(record: Ints, word: Ints, place: Ints, given: Floats, n_records: int) -> Names:
    """Put the words of each record into columns; words beyond the sixth are left out.

    Parameters
    ----------
    record, word, place : ndarray of int64, shape (m,)
        Record, number and place of each word.
    given : ndarray of float64, shape (m,)
        Probability that it is a given name.
    n_records : int
        Number of records.

    Returns
    -------
    Names
        The words in columns.
    """
    order = np.lexsort([place, record])
    record, word, given = record[order], word[order], given[order]
    starts = np.searchsorted(record, np.arange(n_records))
    column = np.arange(len(record)) - starts[record]
    keep = column < MOST_WORDS
    width = int(column[keep].max(initial=0)) + 1
    words = np.full((n_records, width), -1, np.int64)
    chance = np.full((n_records, width), 0.5)
    words[record[keep], column[keep]] = word[keep]
    chance[record[keep], column[keep]] = given[keep]
    first = (chance >= 0.5) & (words >= 0)
    last = (chance < 0.5) & (words >= 0)
    rank = np.where(first, np.cumsum(first, axis=1), np.cumsum(last, axis=1)) - 1
    return Names(words, chance, rank)


@dataclass(frozen=True, eq=False)
class NamesAlike:
    """What speaks for and against one name, pair by pair.

    Parameters
    ----------
    given, surname : ndarray of float64, shape (p,)
        Log likelihood ratio of the words that were paired as given names, and as surnames.
    paired : ndarray of float64, shape (p, 2)
        Number of words paired in each role.
    clash : ndarray of float64, shape (p, 2)
        Number of words in each role that both rows have left, so that they differ.
    crossed : ndarray of bool, shape (p, 2)
        Whether words were paired across their places in each role.
    """

    given: Floats
    surname: Floats
    paired: Floats
    clash: Floats
    crossed: np.ndarray


def compare_names(names: Names, ratios: WordRatios, first: Ints, second: Ints) -> NamesAlike:
    """Pair the words of two rows, the likeliest pair first.

    Parameters
    ----------
    names : Names
        The words of each row.
    ratios : WordRatios
        Likelihood ratios of two words.
    first, second : ndarray of int64, shape (p,)
        The rows.

    Returns
    -------
    NamesAlike
        Ratios of the words paired, and what is left.
    """
    starts = range(0, max(len(first), 1), _CHUNK)
    parts = [_compare(names, ratios, first[k : k + _CHUNK], second[k : k + _CHUNK]) for k in starts]
    return NamesAlike(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _compare(names: Names, ratios: WordRatios, first: Ints, second: Ints) -> tuple[np.ndarray, ...]:
    """Pair the words of a part of the pairs."""
    p, width = len(first), names.word.shape[1]
    one, other = names.word[first], names.word[second]
    given, other_given = names.given[first], names.given[second]
    table = ratios.look_up(one[:, :, None], other[:, None, :])
    both = given[:, :, None] * other_given[:, None, :]
    neither = (1 - given[:, :, None]) * (1 - other_given[:, None, :])
    as_given = both / np.maximum(both + neither, TINY)
    # Of two roles the words could have, the ratio that is closer to nothing counts most: a word that is rare
    # in a role only because it has the other one must not look telling.
    mixed = 1.0 / (as_given / np.maximum(table[0], TINY) + (1 - as_given) / np.maximum(table[1], TINY))
    fit = np.maximum(1.0 - np.abs(given[:, :, None] - other_given[:, None, :]), 0.02)
    score = np.where(table.max(axis=0) > 0, mixed * fit, 0.0).reshape(p, width * width)
    free, other_free = one >= 0, other >= 0
    sums, paired = np.zeros((p, 2)), np.zeros((p, 2))
    crossed = np.zeros((p, 2), bool)
    rank, other_rank = names.rank[first], names.rank[second]
    row = np.arange(p)
    for _ in range(width):
        # In a tie words of the same place go together.
        best = score.argmax(axis=1)
        value = score[row, best]
        if not (value > _LEAST).any():
            break
        i, j = best // width, best % width
        good = value > _LEAST
        share = as_given[row, i, j]
        log = np.where(good, np.log(np.maximum(value, TINY)), 0.0)
        for role, part in enumerate((share, 1 - share)):
            sums[:, role] += log * part
            paired[:, role] += good * part
            crossed[:, role] |= good & (part > 0.5) & (rank[row, i] != other_rank[row, j])
        free[row[good], i[good]] = False
        other_free[row[good], j[good]] = False
        cube = score.reshape(p, width, width)
        cube[row[good], i[good], :] = 0.0
        cube[row[good], :, j[good]] = 0.0
    clash = np.stack(
        [
            np.minimum((free * a).sum(axis=1), (other_free * b).sum(axis=1))
            for a, b in ((given, other_given), (1 - given, 1 - other_given))
        ],
        axis=1,
    )
    return sums[:, 0], sums[:, 1], paired, clash, crossed
