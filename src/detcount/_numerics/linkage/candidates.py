"""Pairs of rows that share something, from blocks of bounded size, and how many true pairs no rule finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import (
    Floats,
    Ints,
    block_sizes,
    by_block,
    crossed,
    distinct,
    pairs_within,
    repeat,
    runs,
    twos,
)
from detcount._numerics.linkage.settings import PRIORS, TUNING


def pairs_sharing(item: Ints, record: Ints, values: Sequence[tuple[Ints, np.ndarray]], most: int) -> Ints:
    """List the pairs of records that share an item and a value, where at most `most` share both.

    Parameters
    ----------
    item, record : ndarray of int64, shape (m,)
        Item and record of each entry.
    values : sequence of (ndarray of int64, ndarray of bool), shape (n,)
        Values of all records, and where they are known.
    most : int
        Entries with one item and value that are compared.
    """
    pairs = []
    for value, known in values:
        keep = known[record]
        both = crossed(item[keep], value[record[keep]])
        pairs.append(pairs_within(both, record[keep], most))
    return np.concatenate(pairs)


def bounded_pairs(
    record: Ints, block: Ints, finer: Sequence[Ints], items: tuple[Ints, Ints], most: int
) -> tuple[Ints, Ints]:
    """List the pairs of records that share a block; in large blocks those that share something more.

    Parameters
    ----------
    record, block : ndarray of int64, shape (m,)
        Record and block of each entry.
    finer : sequence of ndarray of int64, shape (n,)
        Values one of which records of a large block have to share; -1 where unknown.
    items : tuple of ndarray of int64, shape (k,)
        Records in order, and items of them, of which they may share one as well.
    most : int
        Entries of the largest block that is compared.

    Returns
    -------
    pairs : ndarray of int64, shape (p, 2)
        Pairs, some of them several times.
    left : ndarray of int64
        Blocks with an entry that shares each further value with too many others to be compared.
    """
    pairs = [pairs_within(block, record, most)]
    large = block_sizes(block) > most
    record, block = record[large], block[large]
    holder, item = items
    start = np.searchsorted(holder, np.arange(int(record.max(initial=-1)) + 2))
    n_each = np.diff(start)[record]
    more = [(np.arange(len(record)), value[record]) for value in finer]
    more.append((repeat(np.arange(len(record)), n_each), item[runs(start[record], n_each)]))
    compared = np.zeros(len(record), np.bool_)
    for entry, value in more:
        known = entry[value >= 0]
        fine = crossed(block[known], value[value >= 0])
        pairs.append(pairs_within(fine, record[known], most))
        compared[known[block_sizes(fine) <= most]] = True
    return np.concatenate(pairs), np.unique(block[~compared])


def two_of_each(record: Ints, item: Ints) -> tuple[Ints, Ints]:
    """List the pairs of different items of each record.

    Parameters
    ----------
    record : ndarray of int64, shape (m,)
        Record of each item, in order.
    item : ndarray of int64, shape (m,)
        The items.

    Returns
    -------
    record, code : ndarray of int64
        The record of each pair of items, and the pair as one number.
    """
    order, sizes = by_block(record)
    one, two = twos(sizes)
    a, b = item[order][one], item[order][two]
    holder = record[order][one]
    differ = a != b
    code = np.minimum(a, b, dtype=np.int64) * (int(item.max(initial=0)) + 1) + np.maximum(a, b)
    codes, number = np.unique(code[differ], return_inverse=True)
    both = distinct(holder[differ].astype(np.int64) * max(len(codes), 1) + number)
    return both // max(len(codes), 1), codes[both % max(len(codes), 1)]


def masked(number: Ints) -> tuple[Ints, Ints]:
    """Make keys that two numbers share if they are equal, or differ by one digit or two neighbours swapped.

    Parameters
    ----------
    number : ndarray of int64, shape (n,)
        Numbers, not negative.

    Returns
    -------
    position, key : ndarray of int64
        Place of the number in `number`, and the key.
    """
    n_digits = len(str(int(number.max(initial=0))))
    found = [(np.arange(len(number)), number * 64)]
    for kind, (position, key) in enumerate(masked_places(number, n_digits).values(), 1):
        found.append((position, key * 64 + kind))
    for power in (10**k for k in range(n_digits)):
        # One digit lost: the shorter number is a key of the longer one.
        position = np.flatnonzero(number >= power)
        longer = number[position]
        found.append((position, (longer // (10 * power) * power + longer % power) * 64))
    places, keys = zip(*found, strict=True)
    return np.concatenate(places), np.concatenate(keys)


def masked_places(number: Ints, most: int) -> dict[str, tuple[Ints, Ints]]:
    """Make keys place by place: the number without one digit, or without two neighbours but for their sum.

    Parameters
    ----------
    number : ndarray of int64, shape (n,)
        Numbers, not negative.
    most : int
        Places, from the last digit, that are masked.

    Returns
    -------
    dict of str to (ndarray of int64, ndarray of int64)
        For each place the positions in `number`, and the keys; equal keys are numbers that are equal, or
        differ there alone.
    """
    found = {}
    for k in range(most):
        power = 10**k
        inside = np.flatnonzero(number >= power)
        digit = number[inside] // power % 10
        found[f"near_{k}"] = (inside, number[inside] - digit * power + 1)
        inside = np.flatnonzero(number >= 10 * power)
        lower, upper = number[inside] // power % 10, number[inside] // (10 * power) % 10
        pair = np.minimum(lower, upper) * 10 + np.maximum(lower, upper)
        found[f"near_{k}s"] = (inside, number[inside] + (pair - lower - upper * 10) * power + 1)
    return found


def shared_numbers(block: Ints, most: int) -> Ints:
    """Number the blocks of two and more entries, and of `most` at most.

    Parameters
    ----------
    block : ndarray of int64, shape (m,)
        Block of each entry; 0 for none.
    most : int
        Entries of the largest block that is kept.

    Returns
    -------
    ndarray of int64, shape (m,)
        New numbers without gaps; -1 for entries without a block that is kept.
    """
    order, sizes = by_block(block)
    ordered = repeat(sizes, sizes)
    kept = (ordered > 1) & (ordered <= most) & (block[order] != 0)
    number = repeat(np.arange(len(sizes)), sizes)
    found = np.full(len(block), -1, np.int64)
    found[order[kept]] = np.unique(number[kept], return_inverse=True)[1]
    return found


@dataclass(frozen=True, eq=False)
class FoundPairs:
    """Expected numbers of true pairs that rules bring together, by the two lists and by class.

    Parameters
    ----------
    both, free, worded : ndarray of float64, shape (n_cells, n_classes)
        Pairs on which both kinds of rules could speak: brought together by both kinds, by rules without words
        alone, and by rules with words alone.
    names : ndarray of float64, shape (2, n_cells, n_classes)
        Pairs on which only rules with words could speak: brought together by them, and in any way.
    documents : ndarray of float64, shape (2, n_cells, n_classes)
        The same for pairs on which only rules without words could speak.
    neither : ndarray of float64, shape (n_cells,)
        Pairs on which no kind could speak, brought together in some other way.
    unable : ndarray of float64, shape (n_cells,)
        Probability that no kind could speak on two rows of these lists.
    together : float
        Pairs that are lost with a row of which nothing is known: one for each of its partners.
    apart : ndarray of float64, shape (n_cells,)
        Part of `unable` in which one row has a name alone and the other a document alone.
    """

    both: Floats
    free: Floats
    worded: Floats
    names: Floats
    documents: Floats
    neither: Floats
    unable: Floats
    together: float = 1.0
    apart: Floats | float = 0.0


@dataclass(frozen=True, eq=False)
class Unseen:
    """Draws of what no rule brings together.

    Parameters
    ----------
    share : ndarray of float64, shape (n_draws,)
        Share of all true pairs.
    pairs : ndarray of float64, shape (n_draws, n_cells)
        Expected number of these pairs by their two lists, without those of rows that have nothing.
    """

    share: Floats
    pairs: Floats


def unseen_draws(found: FoundPairs, rng: np.random.Generator, n_draws: int) -> Unseen:
    """Draw how many true pairs no rule brings together.

    Parameters
    ----------
    found : FoundPairs
        Pairs that the rules have brought together.
    rng : numpy.random.Generator
        Source of random numbers.
    n_draws : int
        Number of draws.

    Returns
    -------
    Unseen
        Draws of the share and of the numbers, with Beta(1/20, 1/2) priors for what each kind of rules
        misses: where no miss was seen, next to nothing is missed, and no number rests on the prior.

    Notes
    -----
    Within a class the two kinds are taken to miss independently of each other. Rules with words miss at a
    rate of each class of two lists, which is near the common one where a class has few pairs. Where no kind
    could speak, true pairs are taken to be as frequent as elsewhere in these two lists.
    """
    missed, seen = PRIORS.missed_by_rules
    both, free, worded = found.both.sum(), found.free.sum(), found.worded.sum()
    miss_free = rng.beta(missed + worded, seen + both, n_draws)[:, None, None]
    common = rng.beta(missed + free, seen + both, n_draws)[:, None, None]
    informative = found.free + found.both
    others = 1.0 - informative / max(
        free + both, TUNING.least_rate
    )  # share of what is known that other classes show
    miss = rng.beta(
        PRIORS.miss_strength * others * common + missed * (1.0 - others) + found.free + TUNING.least_rate,
        PRIORS.miss_strength * others * (1.0 - common)
        + seen * (1.0 - others)
        + found.both
        + TUNING.least_rate,
    )
    seen_words = np.maximum(1.0 - miss, TUNING.least_rate)
    seen_free = np.maximum(1.0 - miss_free, TUNING.least_rate)
    whole = (found.both + found.free + found.worded) / (1.0 - (1.0 - seen_words) * (1.0 - seen_free))
    whole = whole + np.maximum(found.names[0] / seen_words, found.names[1])
    whole = whole + np.maximum(found.documents[0] / seen_free, found.documents[1])
    by_cell = whole.sum(axis=2)
    able = np.maximum(1.0 - found.unable, TUNING.least_comparable)
    expected = by_cell * found.unable / (able * found.together)
    silent = np.maximum(found.together * rng.poisson(expected), found.neither)
    total = by_cell.sum(axis=1) + silent.sum(axis=1)
    kept = found.both + found.free + found.worded + found.names[1] + found.documents[1]
    pairs = np.maximum(by_cell - kept.sum(axis=1), 0.0)
    share = (pairs.sum(axis=1) + (silent - found.neither).sum(axis=1)) / np.maximum(total, TUNING.least_rate)
    pairs = pairs + np.maximum(by_cell * found.apart / able - found.neither, 0.0)
    return Unseen(np.where(total > 0, np.clip(share, 0.0, 1.0), 0.0), pairs)
