"""Units of rows that are one person, and groups of units that may be.

All partitions of small groups are listed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from detcount._numerics.arrays import Ints, bincount, repeat
from detcount._numerics.linkage.agreement import connected
from detcount._numerics.linkage.partitions import PartitionTable, extensions, partition_table
from detcount._numerics.linkage.settings import TUNING
from detcount.errors import InputError
from detcount.linkage.cluster_weights import ClusterWeights, Parameters, Problem
from detcount.linkage.records import Records
from detcount.words import Message

Pairs = Sequence[tuple[int, int]] | Ints
"""Pairs of rows of which something is decided."""


def prepared(
    records: Records,
    together: Pairs = (),
    apart: Pairs = (),
    max_copies: Mapping[str, int] | None = None,
) -> Problem:
    """Join rows that are decided to be one person."""
    most = np.array([(max_copies or {}).get(name, np.iinfo(np.int64).max) for name in records.lists])
    unit = connected(len(records), *_pairs(together).T)
    units = _by_unit(unit)
    for rows in units:
        counts = bincount(records.list_of[rows], minlength=len(most))
        if len(rows) > 1 and (counts > most).any():
            which = int(np.argmax(counts > most))
            raise InputError(
                Message(
                    "list {name!r}: decisions give one person {n} rows ({rows}), max_copies allows {most}. "
                    "Take back a decision or allow more.",
                    name=records.lists[which],
                    n=int(counts[which]),
                    rows=sorted(records.row[rows][records.list_of[rows] == which].tolist()),
                    most=int(most[which]),
                )
            )
    return Problem(
        records.list_of,
        len(most),
        records.referred,
        records.linkable,
        units,
        unit,
        unit_pairs(unit[_pairs(apart)].T, len(units)).T,
        most,
    )


def refuse_contradictions(records: Records, together: Pairs, apart: Pairs) -> None:
    """Refuse two rows that are one person by some decisions, and two by another."""
    labels = connected(len(records), *_pairs(together).T)
    for one, two in _pairs(apart):
        if labels[one] == labels[two]:
            raise InputError(
                Message(
                    "decisions: list {one!r}, row {row_one}, and list {two!r}, row {row_two}, are one person "
                    "by some decisions and two by another. Change one of them",
                    one=records.lists[records.list_of[one]],
                    row_one=int(records.row[one]),
                    two=records.lists[records.list_of[two]],
                    row_two=int(records.row[two]),
                )
            )


def joined(problem: Problem, found: Sequence[Ints]) -> Problem:
    """The same rows, with each of some sets of units as one unit."""
    stands_for = np.arange(len(problem.units))
    for units in found:
        stands_for[units] = units[0]
    _, number = np.unique(stands_for, return_inverse=True)
    unit = number.reshape(-1)[problem.unit]
    apart = unit_pairs(number.reshape(-1)[problem.apart].T, len(problem.units)).T
    return replace(problem, units=_by_unit(unit), unit=unit, apart=apart)


def _pairs(pairs: Pairs) -> Ints:
    """Pairs as an array, shape (n, 2)."""
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def unit_pairs(ends: Ints, n: int) -> Ints:
    """Pairs of different units of n, each once, the smaller first; shape (2, n_pairs)."""
    low, high = np.sort(ends.astype(np.int64), axis=0)
    keys = np.unique((low * n + high)[low != high])
    return np.stack([keys // n, keys % n])


def _by_unit(unit: Ints) -> list[Ints]:
    """Rows of each unit."""
    return np.split(np.argsort(unit, kind="stable"), np.cumsum(bincount(unit))[:-1]) if len(unit) else []


@dataclass(frozen=True, eq=False)
class Groups:
    """Groups of units that may be one person with each other, and no others.

    Parameters
    ----------
    table : PartitionTable
        All partitions of the small groups, single units included.
    cluster_units, cluster_sizes : ndarray of int64
        Units of each cluster of the table, one cluster after the other, and how many.
    identity : ndarray of int64
        Number of each of these clusters among those weighed.
    large_first, large_second : ndarray of int64
        Pairs that are left in large groups.
    large : ndarray of int64
        Units of large groups.
    """

    table: PartitionTable
    cluster_units: Ints
    cluster_sizes: Ints
    identity: Ints
    large_first: Ints
    large_second: Ints
    large: Ints

    @cached_property
    def cluster_start(self) -> Ints:
        """Where the units of each cluster begin."""
        return np.asarray(np.cumsum(self.cluster_sizes) - self.cluster_sizes)

    def large_groups(self) -> Ints:
        """Number of the group of each unit of large groups, from 0."""
        one, two = (np.searchsorted(self.large, pairs) for pairs in (self.large_first, self.large_second))
        return connected(len(self.large), one, two)


def small_groups(
    n: int, first: Ints, second: Ints, weights: ClusterWeights, parameters: Parameters
) -> Groups:
    """Find the groups, and list the clusters and partitions of the small ones.

    A cluster that is less likely than the best way to divide it by a factor of a million is left out.
    """
    group = connected(n, first, second)
    size = bincount(group)
    listed = size[group] <= TUNING.listed_rows
    levels = _viable(n, first, second, listed, weights, parameters)
    none = np.empty(0, dtype=np.int64)
    owner = np.concatenate([none, *(group[level[:, 0]] for level, _ in levels)])
    crowded = bincount(owner, minlength=len(size)) > TUNING.listed_clusters
    if crowded.any():
        listed &= ~crowded[group]
        levels = [(level[listed[level[:, 0]]], ids[listed[level[:, 0]]]) for level, ids in levels]
        levels = [(level, ids) for level, ids in levels if len(ids)]
        owner = np.concatenate([none, *(group[level[:, 0]] for level, _ in levels)])
    starts = np.cumsum(size) - size
    place = np.empty(n, dtype=np.int64)
    place[np.argsort(group, kind="stable")] = np.arange(n) - repeat(starts, size)
    masks = np.concatenate([none, *((1 << place[level]).sum(axis=1) for level, _ in levels)])
    units = np.concatenate([none, *(level.ravel() for level, _ in levels)])
    sizes = np.concatenate([none, *(np.full(len(level), level.shape[1]) for level, _ in levels)])
    identity = np.concatenate([none, *(ids for _, ids in levels)])
    order = np.lexsort((masks, owner))
    edges = np.flatnonzero(np.diff(owner[order], prepend=-1, append=-2))
    runs = [order[low:high] for low, high in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)]
    table, many = partition_table(
        [(masks[mine].tolist(), int(size[owner[mine[0]]])) for mine in runs], runs, TUNING.listed_partitions
    )
    for number in many.tolist():
        listed[group == owner[runs[number][0]]] = False
    left = ~listed[first]
    return Groups(table, units, sizes, identity, first[left], second[left], np.flatnonzero(~listed))


def _viable(
    n: int,
    first: Ints,
    second: Ints,
    listed: np.ndarray,
    weights: ClusterWeights,
    parameters: Parameters,
) -> list[tuple[Ints, Ints]]:
    """Clusters of the small groups, by size: their units and their numbers among those weighed."""
    mine = listed[first]
    one = np.concatenate([first[mine], second[mine]])
    two = np.concatenate([second[mine], first[mine]])
    order = np.lexsort((two, one))
    neighbour = two[order]
    start = np.searchsorted(one[order], np.arange(n + 1))
    level = np.flatnonzero(listed)[:, None]
    key = np.random.default_rng(n).integers(1, 2**63, size=n, dtype=np.uint64)
    levels: list[tuple[Ints, Ints]] = []
    single = np.zeros(n)
    known_keys, known_best = np.empty(0, dtype=np.uint64), np.empty(0)
    for size in range(1, TUNING.listed_rows + 1):
        if not len(level):
            break
        ids = weights.lookup(level.ravel(), np.full(len(level), size))
        weight = weights.log_weights(parameters, ids)
        keys = key[level].sum(axis=1)
        best = weight.copy()
        if size == 1:
            single[level[:, 0]] = weight
            viable = np.ones(len(level), dtype=bool)
        else:
            for column in range(size):
                without = keys - key[level[:, column]]
                at = np.minimum(np.searchsorted(known_keys, without), len(known_keys) - 1)
                rest = np.where(known_keys[at] == without, known_best[at], -np.inf)
                best = np.maximum(best, rest + single[level[:, column]])
            best = np.maximum(best, single[level].sum(axis=1))
            viable = weight > best - TUNING.cluster_negligible
        sort = np.argsort(keys)
        known_keys, known_best = keys[sort], best[sort]
        if viable.any():
            levels.append((level[viable], ids[viable]))
        if size == TUNING.listed_rows:
            break
        grow = level if size == 1 else level[viable]
        level = extensions(grow, start, neighbour)
    return levels
