"""Signs that lists write names by different rules, so that one person stands as two and no rows are linked.

Romanised names have as many spellings as there are rules: the model of errors knows slips, not another rule.
Two signs need no language. Persons of a list who are linked to nobody are as often alike in day of arrest and
age with persons who are not on it as two persons of one list are, unless they are the same. And rows that are
linked, or bear one document, have a word of the name in common, unless names are written by other rules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Bools, Floats, Ints, bincount, pairs_within, repeat
from detcount._numerics.linkage.settings import TUNING
from detcount._numerics.linkage.words import Confusions
from detcount.linkage.records import MISSING_DAY, Records
from detcount.linkage.rewritten import forms_of
from detcount.words import Message


@dataclass(frozen=True)
class Signs:
    """Signs that a list writes names by another rule than the others.

    Parameters
    ----------
    z : float
        Excess of persons alike in day and age over its expectation, in standard errors.
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


def written_otherwise(
    records: Records, person: Ints, rewritten: Confusions | None = None
) -> tuple[Message, ...]:
    """Why persons seem to stand as two: the signs that speak, each of the list that shows it most."""
    found = signs(records, person, rewritten)
    reasons = []
    unequal = [each.unequal if each.pairs >= TUNING.other_pairs else 0.0 for each in found]
    if max(unequal) >= TUNING.other_unequal:
        reasons.append(
            Message(
                "names of list {name!r} seem to be written by another rule than those of the others, as many "
                "pairs of rows that are linked or bear one document share no word of the name",
                name=records.lists[int(np.argmax(unequal))],
            )
        )
    excess = [each.z for each in found]
    if max(excess) >= TUNING.other_z:
        reasons.append(
            Message(
                "persons seem to stand as two, as those on list {name!r} alone are alike in day of arrest "
                "and age with persons of the others far more often than two persons of one list are",
                name=records.lists[int(np.argmax(excess))],
            )
        )
    return tuple(reasons)


def by_documents(records: Records) -> bool:
    """Tell if nearly all rows of each list bear a document, so that names need not be compared."""
    rows = bincount(records.list_of)
    return bool((bincount(records.list_of, records.document >= 0) >= TUNING.other_documented * rows).all())


def signs(records: Records, person: Ints, rewritten: Confusions | None = None) -> list[Signs]:
    """The signs of each list against all others; a word that another list writes for it is alike."""
    pairs = of_one_person(records, person)
    unequal = unlike(records, pairs, forms_of(records, rewritten))
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
        for days, widest in zip(
            (records.arrested, records.born),
            (TUNING.other_arrest_known, TUNING.other_birth_known),
            strict=True,
        )
    ]
    rows = np.flatnonzero(exact[0] & exact[1] & records.linkable)
    who, first = np.unique(person[rows], return_index=True)
    some = np.unique(np.linspace(0, len(who) - 1, min(len(who), TUNING.other_most)).astype(np.int64))
    who, rows = who[some], rows[first[some]]
    order = np.argsort(records.arrested[rows, 0], kind="stable")
    day, born = records.arrested[rows[order], 0], records.born[rows[order]].mean(axis=1)
    on = np.zeros((int(person.max(initial=-1)) + 1, len(records.lists)), dtype=bool)
    on[person, records.list_of] = True
    on = on[who[order]]
    n_after = np.searchsorted(day, day + TUNING.other_arrest_days, side="right") - np.arange(len(day)) - 1
    one = repeat(np.arange(len(day)), n_after)
    two = np.arange(len(one)) - repeat(np.cumsum(n_after) - n_after, n_after) + one + 1
    alike = np.abs(born[one] - born[two]) <= TUNING.other_birth_days
    strangers = (on[one] & on[two]).any(axis=1)
    block = np.unique(day[one], return_inverse=True)[1]
    ages = np.sort(born)
    n_alike = np.searchsorted(ages, ages + TUNING.other_birth_days, side="right") - np.arange(len(ages)) - 1

    def tally(which: Bools) -> Floats:
        return bincount(block[which], minlength=int(block.max(initial=-1)) + 1).astype(np.float64)

    n, m = tally(strangers), tally(strangers & alike)
    usual = 2 * n_alike.sum() / max(len(ages) * (len(ages) - 1), 1)
    usual = (m.sum() + TUNING.other_prior * usual) / (n.sum() + TUNING.other_prior)
    usually = (m + TUNING.other_day_prior * usual) / (n + TUNING.other_day_prior)
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
    pairs = np.concatenate(
        [linked, pairs_within(records.document[documented], documented, TUNING.other_document_rows)]
    )
    pairs = np.unique(np.sort(pairs, axis=1), axis=0)
    whole = np.array([len(word) > 1 for word in records.words], dtype=bool)[records.word]
    named = np.isin(pairs, records.word_record[whole]).all(axis=1)
    pairs = pairs[named & (records.list_of[pairs[:, 0]] != records.list_of[pairs[:, 1]])]
    return np.asarray(pairs[:: len(pairs) // TUNING.other_most + 1])


def unlike(records: Records, pairs: Ints, forms: Callable[[str], set[str]]) -> Bools:
    """Pairs of which no word has a form in common."""
    of_row: dict[int, set[str]] = {row: set() for row in pairs.ravel().tolist()}
    for row, word in zip(records.word_record.tolist(), records.word.tolist(), strict=True):
        if row in of_row:
            of_row[row] |= forms(records.words[word])
    return np.array([of_row[one].isdisjoint(of_row[two]) for one, two in pairs.tolist()], dtype=bool)
