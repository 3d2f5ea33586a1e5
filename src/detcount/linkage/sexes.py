"""The sex of a row by its given name: two namesakes agree in it without being one person."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount.linkage.channel import TokenChannel
from detcount.linkage.records import Records

_UNTOLD = 1.0  # rows that the sex in all rows is worth beside those with the same given name
_WRONG = (1.0, 80.0)  # beta prior of a wrong sex
_LEAST = 0.002  # probability of a sex, whatever the given name


def sex_by_given_name(records: Records, channel: TokenChannel, one: Ints, two: Ints) -> tuple[Floats, Floats]:
    """Probability of each sex by the first given name of each row, and given an error.

    It is the share among all other rows with the name, less what errors put there: how often a sex is wrong
    is half of how often two rows of the same people differ.

    Parameters
    ----------
    records : Records
        Rows of all lists.
    channel : TokenChannel
        True words behind the written ones.
    one, two : ndarray of int64
        Pairs of rows of the same people.

    Returns
    -------
    chance : ndarray of float64, shape (n, n_codes)
        Of each sex by the given name.
    error : ndarray of float64, shape (n_codes,)
        Of each sex given an error.
    """
    written = records.sex >= 0
    n_codes = int(records.sex.max()) + 1
    counts = np.bincount(records.sex[written], minlength=n_codes) + 0.5
    name = _first_given_name(records, channel)
    table = np.zeros((len(channel.true) + 1, n_codes))  # the last is no name
    np.add.at(table, (name[written], records.sex[written]), 1.0)
    others = table[name]
    others[np.flatnonzero(written), records.sex[written]] -= 1.0
    others[name < 0] = 0.0
    share = (others + _UNTOLD * counts / counts.sum()) / (others.sum(axis=1) + _UNTOLD)[:, None]
    both = written[one] & written[two]
    differ = (records.sex[one] != records.sex[two]) & both
    wrong = 0.5 * (2.0 * _WRONG[0] + differ.sum()) / (sum(_WRONG) + both.sum())
    chance = np.maximum(share - wrong, _LEAST)
    return chance / chance.sum(axis=1, keepdims=True), np.full(n_codes, 1.0 / n_codes)


def _first_given_name(records: Records, channel: TokenChannel) -> Ints:
    """The likeliest true word behind the first given name of each row; -1 for none."""
    given = channel.given
    meant = np.full(given.shape[0], -1)
    for word, (low, high) in enumerate(pairwise(given.indptr.tolist())):
        if high > low:
            meant[word] = given.indices[low:high][np.argmax(given.data[low:high])]
    order = np.lexsort((records.word_place, records.word_record))
    order = order[(records.word_given[order] > 0.5) & (meant[records.word[order]] >= 0)]
    holders, first = np.unique(records.word_record[order], return_index=True)
    name = np.full(len(records), -1)
    name[holders] = meant[records.word[order[first]]]
    return name
