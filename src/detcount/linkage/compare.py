"""Pairs of rows compared field by field, and the rates at which published linkages found errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.linkage.fields import (
    DayMass,
    arrest_ratios,
    birth_ratios,
    day_mass,
    document_levels,
    frequencies,
)
from detcount._numerics.linkage.fields_names import Names, WordRatios, compare_names, padded, word_ratios
from detcount._numerics.linkage.scores import WITH_MISSING, Alike, Defaults, Rates
from detcount.linkage.channel import TokenChannel
from detcount.linkage.records import MISSING_DAY, Records

_BORN_WIDTH, _ARREST_WIDTH = 1096, 7  # days over which the distribution of days is smoothed
STRENGTH = 50.0
CHANCE_STRENGTH = 1e5
MATCH_STRENGTH = 2.0
SHARE_MATCHED = 0.3  # of the shorter of two lists, before anything is learned
SHARE_DOUBLE = 0.03  # of a list


@dataclass(frozen=True, eq=False, repr=False)
class Comparer:
    """What is needed to compare any two rows.

    Parameters
    ----------
    records : Records
        The rows.
    names : Names
        Their words in columns.
    ratios : WordRatios
        Likelihood ratios of two written words.
    births, arrests : DayMass
        How days are distributed.
    places, sexes : ndarray of float64
        Frequency of each code.
    lacking : ndarray of bool, shape (n, 5)
        Which rows lack document, birth, arrest, place and sex.
    content : ndarray of int64, shape (n,)
        A number of what each row says, which does not depend on its place.
    """

    records: Records
    names: Names
    ratios: WordRatios
    births: DayMass
    arrests: DayMass
    places: Floats
    sexes: Floats
    lacking: np.ndarray
    content: Ints

    def compare(self, first: Ints, second: Ints) -> Alike:
        """Compare pairs of rows, field by field."""
        rows, lacking = self.records, self.lacking[first].astype(np.int64) + self.lacking[second]
        n_lists = len(rows.lists)
        born = np.ones((len(first), 5))
        known = lacking[:, 1] == 0
        born[known] = birth_ratios(rows.born[first[known]], rows.born[second[known]], self.births)
        arrested = np.ones((len(first), 3))
        known = lacking[:, 2] == 0
        arrested[known] = arrest_ratios(
            rows.arrested[first[known]], rows.arrested[second[known]], self.arrests
        )
        lists = np.sort(np.stack([rows.list_of[first], rows.list_of[second]]), axis=0)
        return Alike(
            document=document_levels(
                rows.document[first],
                rows.document[second],
                rows.document_kind[first],
                rows.document_kind[second],
            ),
            born=born,
            arrested=arrested,
            place=_codes_alike(rows.place[first], rows.place[second], self.places),
            sex=_codes_alike(rows.sex[first], rows.sex[second], self.sexes),
            names=compare_names(self.names, self.ratios, first, second),
            lacking=lacking,
            cell=lists[0] * n_lists + lists[1],
            lot=_lots(self.content[first], self.content[second]),
        )

    def n_pairs(self) -> Floats:
        """Count all pairs of rows by the two lists, 0 where the second comes first."""
        return _pair_counts(self.records.list_of, len(self.records.lists))

    def chance_missing(self) -> Floats:
        """Probability that none, one or both of two rows lack each field, by the two lists."""
        n_lists = len(self.records.lists)
        sizes = np.maximum(np.bincount(self.records.list_of, minlength=n_lists), 1)
        share = np.stack(
            [
                np.bincount(self.records.list_of, self.lacking[:, field], minlength=n_lists) / sizes
                for field in range(WITH_MISSING)
            ],
            axis=1,
        )
        a, b = share[:, None, :], share[None, :, :]
        levels = np.stack([(1 - a) * (1 - b), a * (1 - b) + (1 - a) * b, a * b], axis=-1)
        return levels.reshape(n_lists * n_lists, WITH_MISSING, 3)

    def both_documents(self) -> float:
        """Count the pairs of rows in which both have a document."""
        n = float((~self.lacking[:, 0]).sum())
        return n * (n - 1) / 2


def _codes_alike(one: Ints, other: Ints, frequency: Floats) -> Floats:
    """One over the frequency where two codes are equal, 0 where they differ, 1 where one is missing."""
    equal = np.where(one == other, 1.0 / frequency[np.maximum(one, 0)], 0.0)
    return np.asarray(np.where((one < 0) | (other < 0), 1.0, equal))


def _pair_counts(list_of: Ints, n_lists: int) -> Floats:
    """Pairs of rows by their two lists."""
    sizes = np.bincount(list_of, minlength=n_lists).astype(np.float64)
    table = np.triu(np.outer(sizes, sizes), 1) + np.diag(sizes * (sizes - 1) / 2)
    return np.asarray(table.reshape(-1))


def comparer(records: Records, channel: TokenChannel) -> Comparer:
    """Make ready to compare rows: words in columns, ratios of words, how days and codes are distributed.

    Parameters
    ----------
    records : Records
        The rows.
    channel : TokenChannel
        True words and how they get written.

    Returns
    -------
    Comparer
        What compares any two of the rows.
    """
    born = records.born[records.born[:, 0] != MISSING_DAY]
    arrested = records.arrested[records.arrested[:, 0] != MISSING_DAY]
    lacking = [records.document < 0]
    lacking += [days[:, 0] == MISSING_DAY for days in (records.born, records.arrested)]
    lacking += [records.place < 0, records.sex < 0]
    return Comparer(
        records=records,
        names=padded(records.word_record, records.word, records.word_place, records.word_given, len(records)),
        ratios=word_ratios(channel.matrix, channel.frequency, channel.written()),
        births=day_mass(born[:, 0], born[:, 1], _BORN_WIDTH),
        arrests=day_mass(arrested[:, 0], arrested[:, 1], _ARREST_WIDTH),
        places=frequencies(records.place),
        sexes=frequencies(records.sex),
        lacking=np.stack(lacking, axis=1),
        content=_content(records),
    )


_MIX = np.uint64(0x9E3779B97F4A7C15)


def _content(records: Records) -> Ints:
    """Number what each row says."""
    from zlib import crc32

    words = np.array([crc32(word.encode()) for word in records.words], np.uint64)
    mixed = np.zeros(len(records), np.uint64)
    np.add.at(mixed, records.word_record, words[records.word] * _MIX)
    for value in (records.document, records.born[:, 0], records.arrested[:, 0], records.list_of):
        mixed = (mixed ^ (mixed >> np.uint64(29)) ^ value.astype(np.uint64)) * _MIX
    return mixed.view(np.int64)


def _lots(one: Ints, other: Ints) -> Floats:
    """Give each pair a number in [0, 1), the same in either order."""
    mixed = (one.view(np.uint64) + other.view(np.uint64)) * _MIX
    mixed = (mixed ^ (mixed >> np.uint64(31))) * _MIX
    return np.asarray((mixed >> np.uint64(11)).astype(np.float64) / 2.0**53)


def defaults(records: Records) -> Defaults:
    """Prior means of the rates of errors and matches, and what they are worth.

    Parameters
    ----------
    records : Records
        The rows; only the sizes of their lists are used.

    Returns
    -------
    Defaults
        Rates of errors worth 50 pairs of one person; chance levels of documents and the rate of relatives
        worth 100,000 pairs of two people; rates of matches worth two matches for each two lists.

    Notes
    -----
    The means are of the size that linkages of civil registers with known truth report: one person's document
    differs in 5% of pairs, most of them by one digit; a birth date in 8%; a name by another word in 3%.
    """
    n_lists = len(records.lists)
    sizes = np.bincount(records.list_of, minlength=n_lists).astype(np.float64)
    least = np.minimum.outer(sizes, sizes) * SHARE_MATCHED
    np.fill_diagonal(least, sizes * SHARE_DOUBLE)
    pairs = np.maximum(_pair_counts(records.list_of, n_lists), 1.0)
    rates = Rates(
        document=np.array([0.95, 0.035, 0.015]),
        document_chance=np.array([2e-6, 1e-5, 1 - 1.2e-5]),
        born=np.array([0.87, 0.05, 0.02, 0.01, 0.05]),
        arrested=np.array([0.75, 0.15, 0.10]),
        place=0.80,
        sex=0.97,
        clash=np.array([0.03, 0.02]),
        crossed=0.05,
        missing=np.ones((WITH_MISSING, 3)),
        match=np.clip(least.reshape(-1) / pairs, 1e-9, 0.3),
        relatives=2e-5,
        n_matches=0.0,
        informed=np.zeros(WITH_MISSING + 1),
        rounds=0,
    )
    return Defaults(rates, STRENGTH, CHANCE_STRENGTH, MATCH_STRENGTH)
