"""Overlaps of lists, counted: pairs, and the mean share of a list that is on another."""

from __future__ import annotations

import itertools

from detcount._numerics.copies import pair_overlaps
from detcount.captures import CaptureTable

__all__ = ["sample_coverage", "shared_by_pair"]


def sample_coverage(table: CaptureTable) -> float:
    """Mean over the lists of the share of their persons who are on another list; empty lists have none."""
    sizes, alone = table.list_sizes, table.exclusives
    shares = [1 - alone[name] / sizes[name] for name in table.lists if sizes[name]]
    return sum(shares) / len(shares)


def shared_by_pair(table: CaptureTable) -> dict[tuple[str, ...], int]:
    """Persons on both lists of each pair."""
    both = pair_overlaps(table.histories, table.counts)
    return {
        (table.lists[i], table.lists[j]): int(both[i, j])
        for i, j in itertools.combinations(range(table.n_lists), 2)
    }
