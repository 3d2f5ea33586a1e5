"""All partitions of few rows into clusters, and the prior of a partition by the lists of each person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import comb

from detcount._numerics.arrays import Floats, Ints


def extensions(members: Ints, start: Ints, neighbour: Ints) -> Ints:
    """Every cluster that is one of these with a neighbour of a member, each once.

    Parameters
    ----------
    members : ndarray of int64, shape (n_clusters, size)
        Rows of each cluster, in order.
    start, neighbour : ndarray of int64
        Neighbours of row i: ``neighbour[start[i]:start[i + 1]]``.
    """
    size = members.shape[1]
    grown = []
    for place in range(size):
        degree = start[members[:, place] + 1] - start[members[:, place]]
        which = np.repeat(np.arange(len(members)), degree)
        offset = np.arange(len(which)) - np.repeat(np.cumsum(degree) - degree, degree)
        added = neighbour[np.repeat(start[members[:, place]], degree) + offset]
        fresh = (members[which] != added[:, None]).all(axis=1)
        grown.append(np.concatenate([members[which[fresh]], added[fresh, None]], axis=1))
    found = np.concatenate(grown) if grown else np.empty((0, size + 1), dtype=np.int64)
    found.sort(axis=1)
    return np.unique(found, axis=0)


def partitions(masks: Sequence[int], n_rows: int, most: int | None = None) -> list[tuple[int, ...]] | None:
    """Every partition of rows into clusters, as positions in the masks of clusters by bits.

    None where there are more than `most`.
    """
    by_first: list[list[tuple[int, int]]] = [[] for _ in range(n_rows)]
    for position, mask in enumerate(masks):
        by_first[(mask & -mask).bit_length() - 1].append((mask, position))
    found: list[tuple[int, ...]] = []
    chosen: list[int] = []
    full = (1 << n_rows) - 1

    def extend(covered: int) -> bool:
        if covered == full:
            found.append(tuple(chosen))
            return most is None or len(found) <= most
        free = ~covered & full
        first = (free & -free).bit_length() - 1
        for mask, position in by_first[first]:
            if not mask & covered:
                chosen.append(position)
                few = extend(covered | mask)
                chosen.pop()
                if not few:
                    return False
        return True

    return found if extend(0) else None


@dataclass(frozen=True, eq=False)
class PartitionTable:
    """All partitions of many groups of rows, each a run of clusters.

    Parameters
    ----------
    cluster : ndarray of int64, shape (m,)
        Clusters of the partitions, one partition after the other.
    start : ndarray of int64, shape (n_partitions,)
        Where each partition begins in `cluster`.
    group_start : ndarray of int64, shape (n_groups,)
        First partition of each group.
    """

    cluster: Ints
    start: Ints
    group_start: Ints

    @property
    def group(self) -> Ints:
        """Group of each partition."""
        lengths = np.diff(np.append(self.group_start, len(self.start)))
        return np.repeat(np.arange(len(self.group_start)), lengths)

    def totals(self, values: Floats) -> Floats:
        """Sum of the values of its clusters, by partition."""
        if not len(self.start):
            return np.empty(0)
        return np.asarray(np.add.reduceat(values[self.cluster], self.start))

    def probabilities(self, weights: Floats) -> Floats:
        """Probability of each partition in its group, given log weights of clusters."""
        totals = self.totals(weights)
        if not len(totals):
            return totals
        group = self.group
        share = np.exp(totals - np.maximum.reduceat(totals, self.group_start)[group])
        return np.asarray(share / np.add.reduceat(share, self.group_start)[group])

    def chosen_clusters(self, chosen: Ints) -> Ints:
        """The clusters of one partition by group."""
        stop = np.append(self.start, len(self.cluster))
        lengths = stop[chosen + 1] - self.start[chosen]
        offset = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return np.asarray(self.cluster[np.repeat(self.start[chosen], lengths) + offset])

    def draw(self, probability: Floats, random: np.random.Generator) -> Ints:
        """Draw one partition by group."""
        if not len(self.group_start):
            return np.empty(0, dtype=np.int64)
        running = np.cumsum(probability)
        before = np.append(0.0, running)[self.group_start]
        last = np.append(self.group_start[1:], len(self.start)) - 1
        wanted = before + random.random(len(self.group_start)) * (running[last] - before)
        found = np.searchsorted(running, wanted, side="right")
        return np.asarray(np.clip(found, self.group_start, last))

    def best(self, values: Floats) -> Ints:
        """The partition with the greatest value by group, the first of equal ones."""
        if not len(self.group_start):
            return np.empty(0, dtype=np.int64)
        top = np.maximum.reduceat(values, self.group_start)
        reached = values >= top[self.group] - 1e-9
        places = np.where(reached, np.arange(len(values)), len(values))
        return np.asarray(np.minimum.reduceat(places, self.group_start))


def partition_table(
    groups: Sequence[tuple[Sequence[int], int]], identity: Sequence[Ints], most: int | None = None
) -> tuple[PartitionTable, Ints]:
    """List all partitions of groups of rows.

    Parameters
    ----------
    groups : sequence of (sequence of int, int)
        By group: its possible clusters as bits of its rows, and its number of rows.
    identity : sequence of ndarray of int64
        By group: number of each of these clusters.
    most : int, optional
        Partitions of a group that is listed.

    Returns
    -------
    table : PartitionTable
        Partitions of the groups that have no more.
    crowded : ndarray of int64
        The other groups.
    """
    known: dict[tuple[tuple[int, ...], int], tuple[Ints, Ints] | None] = {}
    cluster, length, sizes, crowded = [], [], [], []
    for number, ((masks, n_rows), names) in enumerate(zip(groups, identity, strict=True)):
        key = (tuple(masks), n_rows)
        if key not in known:
            found = partitions(masks, n_rows, most)
            known[key] = None
            if found is not None:
                known[key] = (
                    np.array([position for one in found for position in one], dtype=np.int64),
                    np.array([len(one) for one in found], dtype=np.int64),
                )
        listed = known[key]
        if listed is None:
            crowded.append(number)
            continue
        cluster.append(names[listed[0]])
        length.append(listed[1])
        sizes.append(len(listed[1]))
    none = np.empty(0, dtype=np.int64)
    lengths = np.concatenate([none, *length])
    n_partitions = np.array(sizes, dtype=np.int64)
    table = PartitionTable(
        np.concatenate([none, *cluster]), np.cumsum(lengths) - lengths, np.cumsum(n_partitions) - n_partitions
    )
    return table, np.array(crowded, dtype=np.int64)


def pattern_shapes(sets: Ints, n_lists: int, shape: float = 1.0) -> Floats:
    """Shape of the gamma prior of the number of people with each of some sets of lists, by bits; 0 for none.

    All sets of equal size weigh together at most as much as the single lists, so that many lists do not
    bring many invented people.
    """
    sizes = ((sets[:, None] >> np.arange(n_lists)) & 1).sum(axis=1)
    return np.asarray(np.where(sizes > 0, shape * np.minimum(1.0, n_lists / comb(n_lists, sizes)), 0.0))


def draw_patterns(counts: Floats, shapes: Floats, rate: float, random: np.random.Generator) -> Floats:
    """Draw the expected number of people with each set of lists, given how many there are."""
    drawn = random.standard_gamma(np.maximum(shapes + counts, 1e-300)) / (1.0 + rate)
    return np.asarray(np.maximum(drawn, 1e-12))


def draw_copies(people: Floats, rows: Floats, a: float, b: float, random: np.random.Generator) -> Floats:
    """Draw, by list, the probability that a person stands there once more."""
    return np.asarray(random.beta(a + rows - people, b + people))
