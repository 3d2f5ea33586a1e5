"""Overlaps of lists, counted: pairs, and the mean share of a list that is on another."""

from __future__ import annotations

import itertools

import numpy as np

from detcount._numerics.copies import pair_overlaps
from detcount._numerics.sample_coverage import chao_tsay_coverage
from detcount.captures import CaptureTable


def sample_coverage(table: CaptureTable) -> float:
    """Mean over the lists of the share of their persons who are on another list; empty lists have none."""
    sizes, alone = (np.array(list(counts.values())) for counts in (table.list_sizes, table.exclusives))
    return float(chao_tsay_coverage(sizes[sizes > 0], alone[sizes > 0]))


def shared_by_pair(table: CaptureTable) -> dict[tuple[str, ...], int]:
    """Persons on both lists of each pair."""
    both = pair_overlaps(table.histories, table.counts)
    return {
        (table.lists[i], table.lists[j]): int(both[i, j])
        for i, j in itertools.combinations(range(table.n_lists), 2)
    }
