"""Whether lists write names by different rules, so that one person stands as two and nothing links the rows.

Romanised names have as many spellings as there are rules: the model of errors knows slips, not another rule.
Two signs need no language. Persons of a list who are linked to nobody are as often alike in day of arrest and
age with persons who are not on it as two persons of one list are, unless they are the same. And rows that are
linked, or bear one document, have a word of the name in common, unless names are written by other rules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Bools, Floats, Ints, pairs_within
from detcount.linkage.records import MISSING_DAY, Records
from detcount.words import Message, Messages

message = Messages("detcount.linkage")

_NEAR, _YEAR = 1, 366  # days between arrests, and between births, that are alike
_KNOWN = 3, 366  # days within which an arrest and a birth are known
_PRIOR, _OF_DAY = 10, 2  # pairs that chance of all persons, and of all days, count for
_MOST = 4_000  # persons of whom all pairs are formed, and pairs of rows that are read
_MOST_OF_ONE = 6  # rows with one document, above which it is nobody's
_DOCUMENTED = 0.98  # share of the rows of a list
_FEWEST_PAIRS, _UNEQUAL, _MOST_Z = 3, 0.4, 4.0  # at which signs speak; benchmarks/results/other_rules.md


@dataclass(frozen=True)
class Signs:
    """What speaks for a list whose names are written by another rule than those of the others.

    Parameters
    ----------
    z : float
        Excess of persons alike in day and age over chance, in standard errors.
    excess : float
        The same as a share of those linked to nobody.
    pairs : int
        Pairs of a row of the list and another that are linked, or bear one document.
    unequal : float
        Share of them that have no word of the name in common.
    """

    z: float
    excess: float
    pairs: int
    unequal: float


def written_otherwise(records: Records, person: Ints) -> tuple[Message, ...]:
    """Why persons seem to stand as two: the signs that speak, each of the list that shows it most."""
    found = signs(records, person)
    reasons = []
    unequal = [each.unequal if each.pairs >= _FEWEST_PAIRS else 0.0 for each in found]
    if max(unequal) >= _UNEQUAL:
        reasons.append(message("names share no word", name=records.lists[int(np.argmax(unequal))]))
    excess = [each.z for each in found]
    if max(excess) >= _MOST_Z:
        reasons.append(message("strangers alike", name=records.lists[int(np.argmax(excess))]))
    return tuple(reasons)


def by_documents(records: Records) -> bool:
    """Whether nearly all rows of each list bear a document, so that names need not be compared."""
    rows = np.bincount(records.list_of)
    return bool((np.bincount(records.list_of, records.document >= 0) >= _DOCUMENTED * rows).all())


def signs(records: Records, person: Ints) -> list[Signs]:
    """The signs of each list against all others."""
    pairs = of_one_person(records, person)
    unequal = unlike(records, pairs, lambda word: {word})
    found = []
    for k, (z, excess) in enumerate(_excesses(records, person)):
        mine = (records.list_of[pairs] == k).any(axis=1)
        found.append(Signs(z, excess, int(mine.sum()), float(unequal[mine].sum() / max(mine.sum(), 1))))
    return found


def _excesses(records: Records, person: Ints) -> list[tuple[float, float]]:
    """Excess of pairs alike in day and age of those linked to nobody, by list.

    Chance is what two persons of one list show, who are different: of the same day, as far as it has such
    pairs, else of all days. Many of one age on one day are so for both, and add at most one to the sum.
    """
    exact = [
        (days[:, 0] != MISSING_DAY) & (days[:, 1] - days[:, 0] <= widest)
        for days, widest in zip((records.arrested, records.born), _KNOWN, strict=True)
    ]
    rows = np.flatnonzero(exact[0] & exact[1] & records.linkable)
    who, first = np.unique(person[rows], return_index=True)
    some = np.unique(np.linspace(0, len(who) - 1, min(len(who), _MOST)).astype(np.int64))
    who, rows = who[some], rows[first[some]]
    order = np.argsort(records.arrested[rows, 0], kind="stable")
    day, born = records.arrested[rows[order], 0], records.born[rows[order]].mean(axis=1)
    on = np.zeros((int(person.max(initial=-1)) + 1, len(records.lists)), dtype=bool)
    on[person, records.list_of] = True
    on = on[who[order]]
    n_after = np.searchsorted(day, day + _NEAR, side="right") - np.arange(len(day)) - 1
    one = np.repeat(np.arange(len(day)), n_after)
    two = np.arange(len(one)) - np.repeat(np.cumsum(n_after) - n_after, n_after) + one + 1
    alike = np.abs(born[one] - born[two]) <= _YEAR
    strangers = (on[one] & on[two]).any(axis=1)
    block = np.unique(day[one], return_inverse=True)[1]
    ages = np.sort(born)
    n_alike = np.searchsorted(ages, ages + _YEAR, side="right") - np.arange(len(ages)) - 1

    def tally(which: Bools) -> Floats:
        return np.bincount(block[which], minlength=int(block.max(initial=-1)) + 1).astype(np.float64)

    n, m = tally(strangers), tally(strangers & alike)
    usual = 2 * n_alike.sum() / max(len(ages) * (len(ages) - 1), 1)
    usual = (m.sum() + _PRIOR * usual) / (n.sum() + _PRIOR)
    usually = (m + _OF_DAY * usual) / (n + _OF_DAY)
    found = []
    for k in range(on.shape[1]):
        alone, others = on[:, k] & (on.sum(axis=1) == 1), ~on[:, k]
        cross = (alone[one] & others[two]) | (others[one] & alone[two])
        expected = tally(cross) * usually
        excess = float(((tally(cross & alike) - expected) / (1 + expected)).sum())
        error = float(np.sqrt(1 + (expected / (1 + expected)).sum()))
        found.append((excess / error, excess / max(int(min(alone.sum(), others.sum())), 1)))
    return found


def of_one_person(records: Records, person: Ints) -> Ints:
    """Pairs of rows of two lists that are linked, or bear one document."""
    order = np.lexsort((records.list_of, person))
    linked = np.stack([order[:-1], order[1:]], axis=1)
    linked = linked[person[linked[:, 0]] == person[linked[:, 1]]]
    documented = np.flatnonzero(records.document >= 0)
    pairs = np.concatenate([linked, pairs_within(records.document[documented], documented, _MOST_OF_ONE)])
    pairs = np.unique(np.sort(pairs, axis=1), axis=0)
    whole = np.array([len(word) > 1 for word in records.words], dtype=bool)[records.word]
    named = np.isin(pairs, records.word_record[whole]).all(axis=1)
    pairs = pairs[named & (records.list_of[pairs[:, 0]] != records.list_of[pairs[:, 1]])]
    return np.asarray(pairs[:: len(pairs) // _MOST + 1])


def unlike(records: Records, pairs: Ints, forms: Callable[[str], set[str]]) -> Bools:
    """Pairs of which no word has a form in common."""
    of_row: dict[int, set[str]] = {row: set() for row in pairs.ravel().tolist()}
    for row, word in zip(records.word_record.tolist(), records.word.tolist(), strict=True):
        if row in of_row:
            of_row[row] |= forms(records.words[word])
    return np.array([of_row[one].isdisjoint(of_row[two]) for one, two in pairs.tolist()], dtype=bool)
