"""Errors seen in rows with the same document: of words, of days, and of the sex by the given name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from detcount._numerics.arrays import Floats, Ints, bincount, crossed, pairs_within
from detcount._numerics.linkage.fields import slip_errors, slip_shares
from detcount._numerics.linkage.settings import PRIORS, TUNING
from detcount._numerics.linkage.words import Confusions
from detcount.linkage.records import MISSING_DAY, Records
from detcount.reading.cells import PASSPORT

Pairs = tuple[Ints, Ints, Floats]
"""Rows of pairs, and the probability of each pair that it is one person."""


def errors_of_pairs(
    records: Records, pairs: Pairs, reached: Confusions, frequency: Floats, rates: Floats, prior: Floats
) -> Floats:
    """Count the kinds of error in words of rows of one person.

    Words alone show too few errors: a misspelling that several people write passes for a word of its own. Two
    rows of one person show them all, if some true word lies behind both words.

    Parameters
    ----------
    records : Records
        Rows of all lists.
    pairs : tuple of ndarray
        Pairs of rows that are likely one person.
    reached : Confusions
        True words and kinds of errors behind each written word.
    frequency : ndarray of float64, shape (n_true,)
        Probability of each true word.
    rates : ndarray of float64, shape (n_kinds,)
        First guess of the rates, without that of the rest; the first kind is no error.
    prior : ndarray of float64, shape (n_kinds,)
        Prior counts.

    Returns
    -------
    ndarray of float64, shape (n_kinds,)
        Expected number of words written in each way, the prior not among them.
    """
    exact, explained = _word_pairs(records, pairs, reached)
    pair, one, two, true = explained[:, :4].astype(np.int64).T
    weight, sure = explained[:, 4:].T
    n_pairs = int(pair.max(initial=-1)) + 1
    for _ in range(TUNING.error_rounds):
        probability = weight * frequency[true] * rates[one] * rates[two]
        whole = bincount(pair, probability, minlength=n_pairs)
        share = sure * probability / np.maximum(whole[pair], 1e-300)
        counts = bincount(one, share, len(rates)) + bincount(two, share, len(rates))
        counts[0] += 2.0 * exact
        rates = (prior + counts) / (prior + counts).sum()
    return np.asarray(counts, dtype=np.float64)


def _word_pairs(records: Records, likely: Pairs, reached: Confusions) -> tuple[float, Floats]:
    """Count the words that two rows write alike, and list the true words behind those that differ.

    A row for each true word behind a pair of words: the number of the pair, the kinds of error of the
    two, the true word, the probability of both given the kinds, and that of the pair of rows.
    """
    behind: dict[int, list[tuple[int, int, float]]] = {}
    columns = (reached.written, reached.true, reached.kind, reached.probability)
    for word, true, kind, probability in zip(*(column.tolist() for column in columns), strict=True):
        behind.setdefault(word, []).append((true, kind, probability))
    exact, found = 0.0, 0
    rows: list[tuple[float, ...]] = []
    written = records.by_row(records.word)

    def spelt(row: int) -> tuple[str, ...]:
        return tuple(records.words[word] for word in written[row])

    # in an order that does not depend on that of the rows, so that sums have the same last bits
    pairs = sorted(
        (records.document[a], *sorted((spelt(a), spelt(b))), sure, *sorted((a, b), key=spelt))
        for a, b, sure in zip(*(values.tolist() for values in likely), strict=True)
    )
    for *_, sure, a, b in pairs:
        here, left = written[a], list(written[b])
        others = []
        for word in here:
            if word in left:
                left.remove(word)
                exact += sure
            else:
                others.append(word)
        for word in others:
            explained = {true: (kind, probability) for true, kind, probability in behind.get(word, ())}
            for place, other in enumerate(left):
                both = [
                    (found, explained[true][0], kind, true, explained[true][1] * probability, sure)
                    for true, kind, probability in behind.get(other, ())
                    if true in explained
                ]
                if both:
                    del left[place]
                    rows += both
                    found += 1
                    break
    return exact, np.array(rows, dtype=np.float64).reshape(-1, 6)


_SLIPS = {"born": PRIORS.birth_slips, "arrested": PRIORS.arrest_slips}


def known_pairs(records: Records) -> Pairs:
    """Pairs of rows with the same document, of many documents some."""
    one, two = same_document(records)
    documents = np.unique(records.document[one])
    if len(documents) > TUNING.error_documents:
        documents = documents[np.linspace(0, len(documents) - 1, TUNING.error_documents).astype(np.int64)]
        kept = np.isin(records.document[one], documents)
        one, two = one[kept], two[kept]
    return one, two, np.ones(len(one))


def same_document(records: Records, shared: np.ndarray | None = None) -> tuple[Ints, Ints]:
    """Pairs of rows that write the same document, by document; of more than four rows, none.

    Parameters
    ----------
    records : Records
        Rows of all lists.
    shared : ndarray of bool, optional
        Rows with a document that somebody else has too, which are left out.
    """
    known = records.document >= 0 if shared is None else (records.document >= 0) & ~shared
    rows = np.flatnonzero(known)
    passport = records.document_kind == PASSPORT
    document = crossed(records.document[rows], passport[rows])
    one, two = pairs_within(document, rows, TUNING.document_rows).T
    order = np.lexsort((two, one, passport[one], records.document[one]))
    return one[order], two[order]


def slips_of(field: str, days: Ints, one: Ints, two: Ints) -> Callable[[Ints, Ints], Floats]:
    """Learn the slips of days of a field from pairs of rows of the same people.

    Parameters
    ----------
    field : {"born", "arrested"}
        The field.
    days : ndarray of int64, shape (n, 2)
        First and last possible day of each row.
    one, two : ndarray of int64
        Pairs of rows.

    Returns
    -------
    callable
        Probability of written days given a slip from true ones.
    """
    exact = (days[:, 0] == days[:, 1]) & (days[:, 0] != MISSING_DAY)
    differ = exact[one] & exact[two] & (days[one, 0] != days[two, 0])
    shares = slip_shares(days[one[differ], 0], days[two[differ], 0], np.array(_SLIPS[field]))
    return partial(slip_errors, shares)


def sex_by_given_name(records: Records, given: Any, one: Ints, two: Ints) -> tuple[Floats, Floats]:
    """Probability of each sex by the first given name of each row, and given an error.

    It is the share among all other rows with the name, less what errors put there: how often a sex is wrong
    is half of how often two rows of the same people differ.

    Parameters
    ----------
    records : Records
        Rows of all lists.
    given : scipy.sparse.csr_matrix, shape (n_written, n_true)
        Probability of each true word given the written one.
    one, two : ndarray of int64
        Pairs of rows of the same people.

    Returns
    -------
    probability : ndarray of float64, shape (n, n_codes)
        Of each sex by the given name.
    error : ndarray of float64, shape (n_codes,)
        Of each sex given an error.
    """
    written = records.sex >= 0
    n_codes = int(records.sex.max()) + 1
    counts = bincount(records.sex[written], minlength=n_codes) + 0.5
    name = _first_given_name(records, given)
    table = np.zeros((given.shape[1] + 1, n_codes))  # the last is no name
    np.add.at(table, (name[written], records.sex[written]), 1.0)
    others = table[name]
    others[np.flatnonzero(written), records.sex[written]] -= 1.0
    others[name < 0] = 0.0
    share = (others + PRIORS.sex_rows * counts / counts.sum()) / (others.sum(axis=1) + PRIORS.sex_rows)[
        :, None
    ]
    both = written[one] & written[two]
    differ = (records.sex[one] != records.sex[two]) & both
    wrong = 0.5 * (2.0 * PRIORS.sex_wrong[0] + differ.sum()) / (sum(PRIORS.sex_wrong) + both.sum())
    probability = np.maximum(share - wrong, PRIORS.sex_least)
    return probability / probability.sum(axis=1, keepdims=True), np.full(n_codes, 1.0 / n_codes)


def _first_given_name(records: Records, given: Any) -> Ints:
    """The likeliest true word behind the first given name of each row; -1 for none."""
    meant = np.where(np.diff(given.indptr) > 0, np.asarray(given.argmax(axis=1)).ravel(), -1)
    order = np.flatnonzero((records.word_given > 0.5) & (meant[records.word] >= 0))
    holders, first = np.unique(records.word_record[order], return_index=True)
    name = np.full(len(records), -1)
    name[holders] = meant[records.word[order[first]]]
    return name
