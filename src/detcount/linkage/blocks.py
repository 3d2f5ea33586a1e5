"""Codes of many rows: what an engine compares, and what rows have to share to be compared at all.

An engine that compares many rows sees numbers without a meaning outside of the linkage: words are numbers of
sounds, documents are numbers in order of appearance, and days are counted from a secret day.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Ints
from detcount._numerics.linkage.candidates import masked_places, shared_numbers
from detcount.linkage import sounds
from detcount.linkage.channel import TokenChannel
from detcount.linkage.records import MISSING_DAY, Records

UNKNOWN = -(10**9)
"""No word, document, place or day."""
_MOST = 200  # rows of a block
_MOST_DIGITS = 10
_ANCHOR = 8  # times that a word has to be as frequent as one that is read as a misspelling of it
_YEARS, _WEEK, _MONTH, _DAYS = 732, 8, 31, 4

_WHO = (
    ("family_1", "family_2", "given_1"),
    ("family_1", "given_1", "given_2"),
    ("family_1", "family_2", "given_2"),
    ("family_2", "given_1", "given_2"),
    ("family_1", "given_1"),
    *(
        ("family_1", "given_1", more)
        for more in ("years", "years_2", "days", "days_2", "month", "month_2", "place")
    ),
    *((word, "birthday") for word in ("family_1", "given_1", "family_2")),
    *(
        (*two, more)
        for two in (
            ("family_1", "family_2"),
            ("family_2", "given_1"),
            ("family_1", "given_2"),
            ("given_1", "given_2"),
        )
        for more in ("days", "days_2", "place", "years", "years_2")
    ),
    *(
        (word, *more)
        for word in ("family_1", "given_1")
        for more in (
            ("days", "place"),
            ("days", "place", "years"),
            ("days_2", "place", "years"),
            ("days", "place", "years_2"),
        )
    ),
)
_WITHOUT_WORDS = (("document",), ("birthday", "days"), ("birthday", "days_2"))
_CROSSED = (
    # words of one row in the places of others of the other row
    (("family_1", "given_1", "years"), ("family_2", "given_1", "years")),
    (("family_1", "given_1", "place"), ("family_2", "given_1", "place")),
    (("family_1", "given_1"), ("given_1", "family_1")),
)


@dataclass(frozen=True, eq=False, repr=False)
class Blocks:
    """What rows have to share to be compared.

    Parameters
    ----------
    keys : dict of str to ndarray of int64, shape (n,)
        Blocks of the rows by each rule; -1 for rows that nobody shares a block with, or too many. Two rows
        that share a number of a rule are compared.
    pairs : tuple of (str, str)
        Rules: the key of one row, and the key of the other that has to be equal.
    without_words : frozenset of str
        Keys that use no name.
    n_left : int
        Rows that share a block with so many others that they are not compared by it, and share no smaller
        one.
    """

    keys: dict[str, Ints]
    pairs: tuple[tuple[str, str], ...]
    without_words: frozenset[str]
    n_left: int

    def by_rule(self, first: Ints, second: Ints) -> tuple[np.ndarray, np.ndarray]:
        """Say of pairs of rows whether rules without words, and rules with words, bring them together."""
        found = np.zeros((2, len(first)), np.bool_)
        for one, other in self.pairs:
            a, b = self.keys[one], self.keys[other]
            found[int(one not in self.without_words)] |= (a[first] == b[second]) & (a[first] >= 0)
            if one != other:
                found[1] |= (b[first] == a[second]) & (b[first] >= 0)
        return found[0], found[1]


def rough_words(records: Records, channel: TokenChannel) -> Ints:
    """Number the words so that misspellings of a frequent word have its number, and words that sound alike.

    Parameters
    ----------
    records : Records
        Rows of all lists.
    channel : TokenChannel
        True words within reach of the written ones.

    Returns
    -------
    ndarray of int64, shape (n_words,)
        Number of the sounds of each written word, or of the word that is eight times as frequent and could
        have been meant; unknown for initials.
    """
    n = len(records.words)
    number = {word: k for k, word in enumerate(channel.true)}
    own = np.array([number.get(word, -1) for word in records.words], np.int64)
    count = np.bincount(records.word, minlength=n)
    of_true = np.zeros(len(channel.true), np.int64)
    np.add.at(of_true, own[own >= 0], count[own >= 0])
    whole = np.array([len(word) > 1 for word in records.words], np.bool_)
    reach = channel.matrix.tocsr()
    written = np.repeat(np.arange(n), np.diff(reach.indptr))
    meant = reach.indices.astype(np.int64)
    frequent = whole[written] & (of_true[meant] >= _ANCHOR * count[written])
    written, meant = written[frequent], meant[frequent]
    order = np.lexsort((meant, of_true[meant], written))
    own[written[order]] = meant[order]  # the last one stays: the most frequent
    heard = [sounds.key(channel.true[k]) if k >= 0 and w else "" for k, w in zip(own, whole, strict=True)]
    place = {sound: k for k, sound in enumerate(sorted(set(heard)))}
    return np.array([place[sound] if sound else UNKNOWN for sound in heard], np.int64)


def columns_of(records: Records, channel: TokenChannel) -> dict[str, Ints]:
    """Columns that are compared, all of them numbers.

    Two given names and two surnames, each the number of a word as it sounds; the number of the document, and
    numbers that documents share but for one digit or two neighbours; first days of birth and of arrest, and
    how many more are possible.
    """
    n = len(records)
    columns = {name: np.full(n, UNKNOWN, np.int64) for name in ("given_1", "given_2", "family_1", "family_2")}
    rough = rough_words(records, channel)[records.word]
    given = records.word_given > 0.5
    order = np.lexsort((records.word_place, records.word_record))
    for role, names in ((True, ("given_1", "given_2")), (False, ("family_1", "family_2"))):
        mine = order[given[order] == role]
        owner = records.word_record[mine]
        start = np.searchsorted(owner, owner)  # first word of the same row
        nth = np.arange(len(mine)) - start
        for place, name in enumerate(names):
            at = nth == place
            columns[name][owner[at]] = rough[mine[at]]
    columns["document"] = _numbers(records.document)
    known = np.flatnonzero(records.document >= 0)
    for name, (position, key) in masked_places(records.document[known], _MOST_DIGITS).items():
        shared = shared_numbers(key, _MOST)
        if (shared >= 0).any():
            columns[name] = np.full(n, UNKNOWN, np.int64)
            columns[name][known[position]] = np.where(shared >= 0, shared, UNKNOWN)
    for name, values in (("place", records.place), ("sex", records.sex)):
        columns[name] = np.where(values >= 0, values, UNKNOWN)
    for name, days in (("born", records.born), ("arrested", records.arrested)):
        known_days = days[:, 0] != MISSING_DAY
        columns[name] = np.where(known_days, days[:, 0] + secrets.randbelow(10**6), UNKNOWN)
        columns[f"{name}_width"] = np.where(known_days, days[:, 1] - days[:, 0], 0)
    return columns


def _numbers(values: Ints) -> Ints:
    """Number what is known in order of appearance."""
    found = np.full(len(values), UNKNOWN, np.int64)
    known = np.flatnonzero(values >= 0)
    _, first, inverse = np.unique(values[known], return_index=True, return_inverse=True)
    found[known] = np.argsort(np.argsort(first))[inverse]
    return found


def blocks_of(records: Records, columns: dict[str, Ints], *, most: int = _MOST) -> Blocks:
    """Give the blocks of rows that are compared.

    Parameters
    ----------
    records : Records
        Rows of all lists.
    columns : dict of str to ndarray of int64
        The columns that `columns_of` gives.
    most : int, optional
        Rows of the largest block that is compared.

    Returns
    -------
    Blocks
        Keys by rule.

    Notes
    -----
    Rows are compared where they share the document, but for one digit or two neighbours swapped; the days of
    birth and arrest; three words; two words and a stretch of days or the place; a word and the day of birth;
    or a word, the days of arrest, the place and the years of birth. Words count as equal where they sound
    alike, or one is a misspelling of the other.
    """
    parts = {**columns, **_stretches(records)}
    linkable = records.linkable
    keys: dict[str, Ints] = {}
    pairs: list[tuple[str, str]] = []
    large = np.zeros(len(linkable), np.bool_)
    reached = np.zeros(len(linkable), np.bool_)
    rules = [*_WITHOUT_WORDS, *((name,) for name in columns if name.startswith("near_")), *_WHO]
    free = frozenset(" ".join(rule) for rule in rules[: len(rules) - len(_WHO)])
    for rule in rules:
        name = " ".join(rule)
        whole = _mixed([parts[part] for part in rule], linkable)
        keys[name] = shared_numbers(whole, most)
        pairs.append((name, name))
        reached |= keys[name] >= 0
        if rule == ("family_1", "given_1"):
            large = (whole != 0) & (keys[name] < 0) & (shared_numbers(whole, len(whole)) >= 0)
    for one, other in _CROSSED:
        both = [_mixed([parts[part] for part in rule], linkable) for rule in (one, other)]
        number = shared_numbers(np.concatenate(both), most)
        names = [f"{' '.join(rule)} beside {' '.join(other)}" for rule in (one, other)]
        keys |= dict(zip(names, np.split(number, 2), strict=True))
        pairs.append((names[0], names[1]))
    keys = {name: key for name, key in keys.items() if (key >= 0).any()}
    kept = tuple(pair for pair in pairs if pair[0] in keys and pair[1] in keys)
    return Blocks(keys=keys, pairs=kept, without_words=free, n_left=int((large & ~reached).sum()))


def _stretches(records: Records) -> dict[str, Ints]:
    """Number stretches of days, each in two ways, so that days near each other share one."""
    found = {}
    born, arrested = records.born, records.arrested
    exact = (born[:, 0] != MISSING_DAY) & (born[:, 0] == born[:, 1])
    found["birthday"] = np.where(exact, born[:, 0], UNKNOWN)
    for name, days, width, widest in (
        ("years", born, _YEARS, _YEARS),
        ("days", arrested, _DAYS, _DAYS),
        ("month", arrested, _MONTH, 2 * _MONTH),
    ):
        known = (days[:, 0] != MISSING_DAY) & (days[:, 1] - days[:, 0] <= widest)
        middle = np.where(known, days[:, 0] // 2 + days[:, 1] // 2, 0)
        for suffix, shift in (("", 0), ("_2", width // 2)):
            found[name + suffix] = np.where(known, (middle + shift) // width, UNKNOWN)
    return found


_MIX = np.uint64(0x9E3779B97F4A7C15)


def _mixed(columns: list[Ints], linkable: np.ndarray) -> Ints:
    """Mix some columns into one number; 0 where one of them is unknown."""
    known = linkable.copy()
    mixed = np.zeros(len(known), np.uint64)
    for values in columns:
        known &= values != UNKNOWN
        mixed = (mixed ^ (mixed >> np.uint64(29)) ^ values.astype(np.uint64)) * _MIX
    mixed ^= mixed >> np.uint64(32)
    return np.where(known, (mixed >> np.uint64(1)).astype(np.int64) | 1, 0)
