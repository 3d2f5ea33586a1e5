"""The token channel: which words people meant, how often, and how what they meant gets written."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

import numpy as np

from detcount._numerics.arrays import Bools, Floats, ReadOnly, bincount, repeat
from detcount._numerics.linkage.settings import PRIORS, TUNING
from detcount._numerics.linkage.words import Confusions, fit_channel
from detcount.linkage import sounds
from detcount.linkage.records import Records
from detcount.linkage.sounds import NICKNAMES
from detcount.linkage.word_errors import Pairs, errors_of_pairs, known_pairs

GIVEN, SURNAME = 0, 1

KINDS = tuple(kind for kind, _ in PRIORS.word_errors)
IDENTITY, EDIT, TRANSPOSITION, SPELLING, INITIAL, NICKNAME, REST = range(len(KINDS))


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class TokenChannel(ReadOnly):
    """Words that are true, how often each is, and the probability of what is written given what is true.

    It holds what people wrote, and shows nothing of itself.

    Parameters
    ----------
    true : tuple of str
        The true words: those written with more than one letter, and given names of which a familiar form is
        written; in alphabetical order.
    frequency : ndarray of float64, shape (2, n_true)
        Probability of each true word among given names and among surnames, one occurrence of it left out: a
        word that is compared does not speak for its own frequency, or rare misspellings would pass for names.
        A row sums to 1 less the share of words met once.
    matrix : scipy.sparse.csr_matrix, shape (n_written, n_true)
        Probability of each written word given each true one within reach of it.
    rest : ndarray of float64, shape (n_written,)
        Probability of each written word given any true word that is not within its reach: another word was
        written. It is part of the entries of `matrix` too, so that the sum over true words is exact.
    given : scipy.sparse.csr_matrix, shape (n_written, n_true)
        Probability of each true word given the written one; a row lacks the share of the rest.
    rates : dict of str to float
        Probability of each kind of error when a word is written.
    known : bool
        True if rates rest on pairs of rows of one person, and not on the words alone.
    """

    true: tuple[str, ...]
    frequency: Floats
    matrix: Any
    rest: Floats
    given: Any
    rates: dict[str, float]
    known: bool = True


def learn_channel(
    records: Records,
    pairs: Pairs | None = None,
    rewritten: Confusions | None = None,
    again: Bools | None = None,
) -> TokenChannel:
    """Learn the true words behind the written ones, their frequencies and the rates of errors.

    A word is written as it is, or with one error of a kind: one letter more, less or another (`edit`), two
    neighbours swapped (`transposition`), the same sounds in other letters (`spelling`), its first letter
    alone (`initial`), a familiar form (`nickname`); or something else is written (`rest`). Within a kind all
    ways are equally likely.

    Parameters
    ----------
    records : Records
        Rows of all lists.
    pairs : tuple of ndarray, optional
        Pairs of rows and the probability of each that it is one person; without them rows with the same
        document.
    rewritten : Confusions, optional
        Words as other lists write them, where lists write names by different rules: one more kind of error.
    again : ndarray of bool, optional
        Rows whose words do not count, as another row wrote them before.

    Returns
    -------
    TokenChannel
        Frequencies by role, rates of errors and the probabilities of written words.

    Notes
    -----
    Rates have a Dirichlet prior with the means `Priors.word_errors`, worth 200 words; frequencies one with
    a count of 0.002 for each true word and role. Both are learned together, leaving out the word that is
    explained.
    Where these pairs of rows have 200 words or more, rates are learned from them, because a misspelling that
    several people write passes for a word of its own.

    References
    ----------
    Asuncion, Welling, Smyth & Teh 2009, UAI 27-34, for learning that leaves one word out.
    """
    from scipy.sparse import csr_matrix

    words = records.words
    n_written = len(words)
    count = bincount(records.word, minlength=n_written).astype(np.float64)
    counts = np.stack(
        [
            bincount(records.word, records.word_given, minlength=n_written),
            bincount(records.word, 1.0 - records.word_given, minlength=n_written),
        ]
    ).astype(np.float64)
    if again is not None:
        new = bincount(records.word[~again[records.word_record]], minlength=n_written)
        counts *= np.maximum(new, 1) / np.maximum(count, 1)
    used = [word for word, n in zip(words, count, strict=True) if n]
    formal = {name for name, short in NICKNAMES.items() if not set(short).isdisjoint(used)}
    true = tuple(sorted(formal.union(word for word in words if len(word) > 1)))
    if not true:
        true = tuple(sorted(words)) or ("",)
    confusions = _confusions(words, true)
    kinds, means = KINDS, np.array([mean for _, mean in PRIORS.word_errors])
    if rewritten is not None:
        confusions = _with_rewritten(confusions, rewritten, words, true)
        kinds = (*KINDS[:REST], "rewritten", KINDS[REST])
        means = np.insert(means, REST, PRIORS.rewritten * means[IDENTITY])
        means[IDENTITY] -= means[REST]
    learned = fit_channel(confusions, counts, len(true), means, PRIORS.word_error_strength, PRIORS.word_count)
    prior = PRIORS.word_error_strength * means[:-1]
    frequency = counts.sum(axis=1) @ learned.frequency / max(counts.sum(), 1.0)
    of_one = known_pairs(records) if pairs is None else pairs
    seen = errors_of_pairs(records, of_one, confusions, frequency, learned.rates[:-1], prior)
    if seen.sum() >= PRIORS.word_error_strength:
        means = np.append((prior + seen) / (prior + seen).sum() * (1.0 - means[-1]), means[-1])
        learned = fit_channel(confusions, counts, len(true), means, TUNING.channel_fixed, PRIORS.word_count)
    shape = (n_written, len(true))
    at = (confusions.written, confusions.true)
    matrix = csr_matrix((learned.rates[confusions.kind] * confusions.probability, at), shape=shape)
    matrix.sum_duplicates()
    # What is written in place of another word is drawn from all that is written.
    share = (counts.sum(axis=1) + 1.0) / (counts.sum() + 2.0)
    background = np.asarray(matrix @ (share @ learned.frequency))
    orphan = 0.5 / (count.sum() + 1.0)  # of an initial that begins no word
    background = np.where(background > 0, background, orphan)
    # words of tiny lists are all met once: most of what people write is elsewhere
    rest = learned.rates[-1] * background / max(background.sum(), PRIORS.words_covered)
    matrix.data += rest[repeat(np.arange(n_written), np.diff(matrix.indptr))]
    given = csr_matrix((learned.given, at), shape=shape)
    given.sum_duplicates()
    return TokenChannel(
        true=true,
        frequency=learned.frequency,
        matrix=matrix,
        rest=rest,
        given=given,
        rates={kind: float(rate) for kind, rate in zip(kinds, learned.rates, strict=True)},
        known=bool(seen.sum() >= PRIORS.word_error_strength),
    )


def _confusions(words: tuple[str, ...], true: tuple[str, ...]) -> Confusions:
    """Find the true words within reach of each written word, with the kind of error and its probability."""
    number = {word: k for k, word in enumerate(true)}
    pieces = [
        *((w, number[word], IDENTITY, 1.0) for w, word in enumerate(words) if word in number),
        *_edited(words, true),
        *_respelt(words, true),
        *_initials(words, true),
        *_familiar(words, number),
    ]
    table = np.array(pieces, dtype=np.float64).reshape(-1, 4)
    written, meant, kind = table[:, :3].astype(np.int64).T
    return Confusions(written, meant, kind, table[:, 3])


def _with_rewritten(
    found: Confusions, rewritten: Confusions, words: tuple[str, ...], true: tuple[str, ...]
) -> Confusions:
    """Errors of each kind, and words as other lists write them, in the place of the rest."""
    number = {word: k for k, word in enumerate(true)}
    meant = np.array([number[words[k]] for k in rewritten.true.tolist()], dtype=np.int64)
    return Confusions(
        np.append(found.written, rewritten.written),
        np.append(found.true, meant),
        np.append(found.kind, np.full(len(meant), REST)),
        np.append(found.probability, rewritten.probability),
    )


Found = Iterator[tuple[int, int, int, float]]


def shortened(word: str) -> set[str]:
    """List what is left of a word when one letter is left out, and the word."""
    return {word, *(word[:k] + word[k + 1 :] for k in range(len(word)))}


def edit_probability(written: str, true: str) -> float:
    """Probability of a written word when one letter was added, lost or replaced; each of the three a third.

    Examples
    --------
    >>> from detcount.linkage.channel import edit_probability
    >>> edit_probability("peez", "perez") == 1 / 3 / 5, edit_probability("perrez", "perez") == 2 / 3 / 6 / 26
    (True, True)
    """
    gap = len(written) - len(true)
    if gap == 0:
        differ = sum(a != b for a, b in zip(written, true, strict=True))
        return 1 / 3 / len(true) / (len(ascii_lowercase) - 1) if differ == 1 else 0.0
    longer, shorter = (written, true) if gap > 0 else (true, written)
    if abs(gap) != 1:
        return 0.0
    ways = sum(longer[:k] + longer[k + 1 :] == shorter for k in range(len(longer)))
    return ways / 3 / len(longer) / (len(ascii_lowercase) if gap > 0 else 1)


def swap_probability(written: str, true: str) -> float:
    """Probability of a written word when two neighbouring letters that differ were swapped.

    Examples
    --------
    >>> from detcount.linkage.channel import swap_probability
    >>> swap_probability("praez", "parez"), swap_probability("luis", "luis")
    (0.25, 0.0)
    """
    if len(written) != len(true) or written == true:
        return 0.0
    places = [k for k in range(len(true) - 1) if true[k] != true[k + 1]]
    for k in places:
        if written == true[:k] + true[k + 1] + true[k] + true[k + 2 :]:
            return 1 / len(places)
    return 0.0


def spelling_probability(written: str, true: str) -> float:
    """Probability of a written word when its sounds were kept and the letters of one or more were not.

    One sound is spelt otherwise, and each time one more with probability 0.3; which ones, and how, has the
    weights of `sounds.alternatives`.

    Examples
    --------
    >>> from detcount.linkage.channel import spelling_probability
    >>> round(spelling_probability("gonsalez", "gonzalez"), 5), spelling_probability("gomez", "gonzalez")
    (0.10938, 0.0)
    """
    meant, seen = sounds.units(true), sounds.units(written)
    if [sound for sound, _ in meant] != [sound for sound, _ in seen]:
        return 0.0
    others = sounds.alternatives(true)
    changed = [(k, seen[k][1]) for k in range(len(meant)) if seen[k] != meant[k]]
    probability = math.prod(others[k].get(letters, 0.0) for k, letters in changed)
    if not changed or not probability:
        return 0.0
    # Sums of products of the weights of 0, 1, 2, ... units, by which the probability is divided.
    products = [1.0]
    for weight in (sum(ways.values()) for ways in others):
        products = [a + weight * b for a, b in zip([*products, 0.0], [0.0, *products], strict=True)]
    places = sum(bool(ways) for ways in others)
    n = len(changed)
    return (
        probability
        / products[n]
        * PRIORS.respelt_again ** (n - 1)
        * (1 - PRIORS.respelt_again)
        / (1 - PRIORS.respelt_again**places)
    )


def _edited(words: tuple[str, ...], true: tuple[str, ...]) -> Found:
    """Words that one edit or one transposition takes to each other."""
    holders: dict[str, list[int]] = defaultdict(list)
    for t, word in enumerate(true):
        for part in shortened(word):
            holders[part].append(t)
    for w, word in enumerate(words):
        if len(word) < 2:
            continue
        for t in sorted({t for part in shortened(word) for t in holders.get(part, ())}):
            if true[t] == word:
                continue
            for kind, probability in (
                (EDIT, edit_probability(word, true[t])),
                (TRANSPOSITION, swap_probability(word, true[t])),
            ):
                if probability > 0:
                    yield w, t, kind, probability


def _respelt(words: tuple[str, ...], true: tuple[str, ...]) -> Found:
    """Words that sound alike."""
    alike: dict[str, list[int]] = defaultdict(list)
    for t, word in enumerate(true):
        alike[sounds.key(word)].append(t)
    for w, word in enumerate(words):
        if len(word) < 2:
            continue
        for t in alike.get(sounds.key(word), ()):
            probability = spelling_probability(word, true[t])
            if probability > 0:
                yield w, t, SPELLING, probability


def _initials(words: tuple[str, ...], true: tuple[str, ...]) -> Found:
    """First letters that stand for a word."""
    for w, word in enumerate(words):
        if len(word) == 1:
            for t, other in enumerate(true):
                if len(other) > 1 and other[0] == word:
                    yield w, t, INITIAL, 1.0


def _familiar(words: tuple[str, ...], number: dict[str, int]) -> Found:
    """Familiar forms of given names."""
    place = {word: w for w, word in enumerate(words)}
    for name, short in NICKNAMES.items():
        if name in number:
            for form in short:
                if form in place:
                    yield place[form], number[name], NICKNAME, 1 / len(short)
