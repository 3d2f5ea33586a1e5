"""Words of one list as another list writes them, where lists write names by different rules.

No language is known. Two lists are taken at a time. In turns, rows are weighed as one person by their
documents, days and names, words of likely persons are laid beside each other, and letters are learned from
these words. What comes out is one more kind of error for the channel; who is who is decided by all fields.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from detcount._numerics.arrays import Bools, Floats, Ints, bincount, reduceat
from detcount._numerics.linkage.letters import Vocabulary
from detcount._numerics.linkage.settings import PRIORS, TUNING
from detcount._numerics.linkage.words import Confusions
from detcount.linkage.records import MISSING_DAY, Records


@dataclass(frozen=True, eq=False, repr=False)
class Side:
    """Names of one list.

    Parameters
    ----------
    rows : ndarray of int64, shape (n,)
        Rows that have a word of more than one letter.
    start : ndarray of int64, shape (n,)
        Where the words of each row begin.
    word : ndarray of int64, shape (m,)
        Words of the rows, one row after the other, as positions in `words`.
    words : ndarray of int64
        The distinct words, as positions in the words of the records.
    """

    rows: Ints
    start: Ints
    word: Ints
    words: Ints

    @property
    def share(self) -> Floats:
        """Share of each distinct word among all that are written."""
        return np.asarray(bincount(self.word, minlength=len(self.words)) / max(len(self.word), 1))

    def of(self, k: int) -> Ints:
        """Words of a row."""
        end = self.start[k + 1] if k + 1 < len(self.start) else len(self.word)
        return self.word[self.start[k] : end]


def seldom_alike(records: Records) -> bool:
    """Tell if two lists have a word in common far less often than two rows of one list have."""
    sides = _sides(records)
    counts = np.zeros((len(sides), len(records.words)))
    for side, count in zip(sides, counts, strict=True):
        np.add.at(count, side.words[side.word], 1.0)
    n = counts.sum(axis=1)
    within = (counts * (counts - 1.0)).sum(axis=1) / np.maximum(n * (n - 1.0), 1.0)
    for one, two in combinations(np.flatnonzero(n >= TUNING.rewritten_least).tolist(), 2):
        usual = np.sqrt(within[one] * within[two])
        if counts[one] @ counts[two] < TUNING.rewritten_words * usual * n[one] * n[two]:
            return True
    return False


def rewritten_words(records: Records) -> Confusions | None:
    """Find how lists write each other's words.

    Parameters
    ----------
    records : Records
        Rows of all lists.

    Returns
    -------
    Confusions or None
        Probability of each word given a word of another list, as positions in the words of the records; the
        kind is 0. None where no two lists have enough persons in common.

    Notes
    -----
    A word is cut into units of one or two letters. The probability of a unit and of what is written for it is
    learned by expectation maximisation, as in a memoryless transducer [1]_. Pairs of words are those of
    rows that are likely one person. The probability of a word is shared among the words of the other list;
    what is left is of words that it lacks.

    References
    ----------
    .. [1] Ristad, E. S. and Yianilos, P. N. (1998). Learning string-edit distance. IEEE Transactions on
       Pattern Analysis and Machine Intelligence, 20(5), 522-532. https://doi.org/10.1109/34.682181
    """
    sides = _sides(records)
    found: dict[tuple[int, int], float] = defaultdict(float)
    for one, two in combinations(sides, 2):
        if max(len(one.rows) * len(two.rows), len(one.words) * len(two.words)) > TUNING.rewritten_most:
            continue
        for written, true, probability in _of_two(records, one, two):
            found[written, true] = max(found[written, true], probability / (len(sides) - 1))
    if not found:
        return None
    written, true = np.array(list(found), dtype=np.int64).T
    return Confusions(written, true, np.zeros(len(found), dtype=np.int64), np.array([*found.values()]))


def forms_of(records: Records, rewritten: Confusions | None) -> Callable[[str], set[str]]:
    """Give what a word is alike to: itself, and the words that other lists write for it."""
    found: dict[str, set[str]] = defaultdict(set)
    if rewritten is not None:
        likely = rewritten.probability * (len(records.lists) - 1) >= TUNING.rewritten_form
        for written, true in zip(rewritten.written[likely], rewritten.true[likely], strict=True):
            found[records.words[written]].add(records.words[true])
    return lambda word: {word} | found.get(word, set())


def _sides(records: Records) -> list[Side]:
    """The names of each list that has any."""
    whole = np.array([len(word) > 1 for word in records.words], dtype=bool)[records.word]
    found = []
    for k in range(len(records.lists)):
        mine = (records.list_of[records.word_record] == k) & whole
        rows, start = np.unique(records.word_record[mine], return_index=True)
        words, word = np.unique(records.word[mine], return_inverse=True)
        if len(rows):
            found.append(Side(rows, start, word, words))
    return found


def _of_two(records: Records, one: Side, two: Side) -> list[tuple[int, int, float]]:
    """Written word, true word and probability, of both directions."""
    vocabulary = Vocabulary(*([records.words[k] for k in side.words.tolist()] for side in (one, two)))
    evidence = _evidence(records, one.rows, two.rows)
    shape = len(one.words), len(two.words)
    every = np.nonzero(np.ones(shape, dtype=bool))
    a, b = every
    start = letters = vocabulary.first()
    per_letter = None
    for turn in range(TUNING.rewritten_rounds + 1):
        last = turn == TUNING.rewritten_rounds
        score = np.full(shape, -np.inf)
        if last:
            a, b = every
        score[a, b] = vocabulary.log_probability(a, b, letters)
        if per_letter is None:  # as if half of the words were on both lists
            per_letter = float(np.median(score.max(axis=1) / vocabulary.n_one))
        likely = np.exp(score)
        there = likely / (likely.sum(axis=1) + np.exp(per_letter * vocabulary.n_one))[:, None]
        back = likely / (likely.sum(axis=0) + np.exp(per_letter * vocabulary.n_two))
        if last:
            break
        agree = PRIORS.rewritten_agree
        forward, backward = (
            np.log(agree * value / usual + 1.0 - agree)
            for value, usual in ((there, two.share), (back, one.share[:, None]))
        )
        names = 0.5 * (_names(forward, one, two) + _names(backward.T, two, one).T)
        probability = _one_person(evidence + names)
        if probability.sum() < TUNING.rewritten_persons:
            return []
        weight = _beside(probability, forward + backward, one, two)
        of_one, of_two = np.nonzero(weight)
        of_pairs = np.minimum(weight[of_one, of_two], TUNING.rewritten_weight)
        letters = vocabulary.learned(of_one, of_two, of_pairs, start, letters)
        each = vocabulary.log_probability(of_one, of_two, letters) / vocabulary.n_one[of_one]
        order = np.argsort(each, kind="stable")
        below = np.cumsum(of_pairs[order]) <= TUNING.rewritten_unseen * of_pairs.sum()
        per_letter = float(each[order[int(below.sum())]])
        if turn == 0:
            near = _near(score, evidence, one, two)
            near[of_one, of_two] = True
            a, b = np.nonzero(near)
    found = []
    for x, y in np.argwhere(np.maximum(there, back) > TUNING.rewritten_word).tolist():
        if one.words[x] != two.words[y]:
            found.append((int(two.words[y]), int(one.words[x]), float(there[x, y])))
            found.append((int(one.words[x]), int(two.words[y]), float(back[x, y])))
    return found


def _evidence(records: Records, one: Ints, two: Ints) -> Floats:
    """Log ratio of one person over two, of documents and days of each two rows."""
    documents = records.document[one][:, None], records.document[two]
    total = _log_ratio((documents[0] >= 0) & (documents[1] >= 0), documents[0] == documents[1])
    fields = ((records.born, TUNING.rewritten_born), (records.arrested, TUNING.rewritten_arrested))
    for days, widest in fields:
        known = days[:, 0] != MISSING_DAY
        gap = np.maximum(days[one, 0][:, None] - days[two, 1], days[two, 0] - days[one, 1][:, None])
        total += _log_ratio(known[one][:, None] & known[two], gap <= widest)
    return total


def _log_ratio(known: Bools, agree: Bools) -> Floats:
    """Log ratio of a field that agrees or does not, beside the share of all pairs that agree."""
    usual = ((known & agree).sum() + 0.5) / (known.sum() + 1.0)
    share = PRIORS.rewritten_agree
    ratio = np.where(agree, np.log(share / usual), np.log((1.0 - share) / (1.0 - usual)))
    return np.where(known, ratio, 0.0)


def _names(ratio: Floats, one: Side, two: Side) -> Floats:
    """Log ratio of words of rows of one list, each beside the word of a row of the other that fits best."""
    best = reduceat(np.maximum, ratio[:, two.word], two.start, axis=1)
    return reduceat(np.add, best[one.word], one.start)


def _one_person(ratio: Floats) -> Floats:
    """Probability of each two rows that they are one person, who has at most one row on either list."""
    largest = np.log(np.finfo(float).max) / 2
    odds = PRIORS.matched * np.exp(np.clip(ratio, -largest, largest)) / max(ratio.shape)
    return np.asarray(odds / (1.0 + odds.sum(axis=1)[:, None] + odds.sum(axis=0) - odds))


def _beside(probability: Floats, ratio: Floats, one: Side, two: Side) -> Floats:
    """Count how often two words of likely persons are each the best for the other."""
    weight = np.zeros(ratio.shape)
    for x, y in np.argwhere(probability > TUNING.rewritten_pair).tolist():
        a, b = one.of(x), two.of(y)
        cells = ratio[np.ix_(a, b)]
        best = cells.argmax(axis=1)
        mutual = cells.argmax(axis=0)[best] == np.arange(len(a))
        np.add.at(weight, (a[mutual], b[best[mutual]]), probability[x, y])
    return weight


def _near(score: Floats, evidence: Floats, one: Side, two: Side) -> Bools:
    """Words that may be one: the likeliest of each, and all of rows whose documents and days say so."""
    near = np.zeros(score.shape, dtype=bool)
    for axis in (0, 1):
        most = min(TUNING.rewritten_near, score.shape[axis])
        places = np.take(np.argsort(-score, axis=axis, kind="stable"), np.arange(most), axis=axis)
        np.put_along_axis(near, places, values=True, axis=axis)
    for x, y in np.argwhere(evidence > TUNING.rewritten_evidence).tolist():
        near[np.ix_(one.of(x), two.of(y))] = True
    return near
