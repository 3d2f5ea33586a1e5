"""Codes of many rows: what an engine compares, and what rows have to share to be compared at all.

An engine that compares many rows sees numbers without a meaning outside of the linkage: words are numbers of
sounds, documents are numbers in order of appearance, and days are counted from a secret day.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Ints, bincount, repeat
from detcount._numerics.linkage.candidates import masked_places, shared_numbers
from detcount._numerics.linkage.settings import TUNING
from detcount.linkage import sounds
from detcount.linkage.channel import TokenChannel
from detcount.linkage.records import MISSING_DAY, Records, stretches
from detcount.linkage.sounds import shipped_table

UNKNOWN = int(np.iinfo(np.int32).min)
"""No word, document, place or day."""

TABLES = shipped_table("many_rows.toml")
"""Blocking rules, comparisons of Splink, and settings of its engines."""
BLOCK = "block_"
"""With which the names of blocks begin."""
_FULL_NAME = "family_1 given_1"


@dataclass(frozen=True, eq=False, repr=False)
class Blocks:
    """Blocks of rows that are compared with each other.

    Parameters
    ----------
    keys : dict of str to ndarray of int64, shape (n,)
        Blocks of the rows by the name of each rule; -1 for rows that nobody shares a block with, or too
        many. Two rows that share a number of a rule are compared.
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
    count = bincount(records.word, minlength=n)
    of_true = np.zeros(len(channel.true), np.int64)
    np.add.at(of_true, own[own >= 0], count[own >= 0])
    whole = np.array([len(word) > 1 for word in records.words], np.bool_)
    reach = channel.matrix.tocsr()
    written = repeat(np.arange(n), np.diff(reach.indptr))
    meant = reach.indices.astype(np.int64)
    frequent = whole[written] & (of_true[meant] >= TUNING.misspelling_ratio * count[written])
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
    import pandas as pd

    n = len(records)
    columns = {name: np.full(n, UNKNOWN, np.int64) for name in ("given_1", "given_2", "family_1", "family_2")}
    rough = rough_words(records, channel)[records.word]
    given = records.word_given > 0.5
    for role, names in ((True, ("given_1", "given_2")), (False, ("family_1", "family_2"))):
        mine = np.flatnonzero(given == role)
        owner = records.word_record[mine]
        start = np.searchsorted(owner, owner)  # first word of the same row
        nth = np.arange(len(mine)) - start
        for place, name in enumerate(names):
            at = nth == place
            columns[name][owner[at]] = rough[mine[at]]
    known = np.flatnonzero(records.document >= 0)
    columns["document"] = np.full(n, UNKNOWN, np.int64)
    columns["document"][known] = pd.factorize(records.document[known])[0]  # in order of appearance
    for name, (position, key) in masked_places(records.document[known], TUNING.masked_digits).items():
        shared = shared_numbers(key, TUNING.block_rows)
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


def blocks_of(records: Records, columns: dict[str, Ints], *, most: int = TUNING.block_rows) -> Blocks:
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
    rules = TABLES["blocking"]
    free = [*rules["without_words"], *(name for name in columns if name.startswith("near_"))]

    def whole(rule: str) -> Ints:
        return _mixed([parts[part] for part in rule.split()], linkable)

    for rule in (*free, *rules["with_words"]):
        name, mixed = _named(rule), whole(rule)
        keys[name] = shared_numbers(mixed, most)
        pairs.append((name, name))
        reached |= keys[name] >= 0
        if rule == _FULL_NAME:
            large = (mixed != 0) & (keys[name] < 0) & (shared_numbers(mixed, len(mixed)) >= 0)
    for one, other in rules["crossed"]:
        number = shared_numbers(np.concatenate([whole(one), whole(other)]), most)
        names = (_named(f"{one} beside {other}"), _named(f"{other} beside {one}"))
        keys |= dict(zip(names, np.split(number, 2), strict=True))
        pairs.append(names)
    keys = {name: key for name, key in keys.items() if (key >= 0).any()}
    return Blocks(
        keys=keys,
        pairs=tuple(pair for pair in pairs if pair[0] in keys and pair[1] in keys),
        without_words=frozenset(map(_named, free)),
        n_left=int((large & ~reached).sum()),
    )


def _named(rule: str) -> str:
    """Name of the blocks of a rule, as a column of an engine can be called."""
    return f"{BLOCK}{rule.replace(' ', '_')}"


def _stretches(records: Records) -> dict[str, Ints]:
    """Days of birth, and stretches of days, as rules call them."""
    found = {}
    born, arrested = records.born, records.arrested
    exact = (born[:, 0] != MISSING_DAY) & (born[:, 0] == born[:, 1])
    found["birthday"] = np.where(exact, born[:, 0], UNKNOWN)
    for name, days, width, widest in (
        ("years", born, TUNING.window_years, TUNING.window_years),
        ("days", arrested, TUNING.window_days, TUNING.window_days),
        ("month", arrested, TUNING.window_month, 2 * TUNING.window_month),
    ):
        known, numbers = stretches(days, width, widest)
        for suffix, number in zip(("", "_2"), numbers, strict=True):
            found[name + suffix] = np.where(known, number, UNKNOWN)
    return found


def _mixed(columns: list[Ints], linkable: np.ndarray) -> Ints:
    """Mix some columns into one number; 0 where one of them is unknown."""
    known = linkable.copy()
    mixed = np.zeros(len(known), np.uint64)
    for values in columns:
        known &= values != UNKNOWN
        mixed = (mixed ^ (mixed >> np.uint64(29)) ^ values.astype(np.uint64)) * np.uint64(
            TUNING.hash_multiplier
        )
    mixed ^= mixed >> np.uint64(32)
    return np.where(known, (mixed >> np.uint64(1)).astype(np.int64) | 1, 0)
