"""Tables of invented persons: from counts by history, from marks of each person, from known dependence."""

import math
from dataclasses import dataclass, field

import numpy as np

from detcount import CaptureTable


def histories_of(n_lists):
    """Every history, that of nobody first; list k is bit k of its place."""
    return (np.arange(1 << n_lists)[:, None] >> np.arange(n_lists) & 1).astype(np.uint8)


def of_counts(counts, lists=None):
    """Persons by history in the order of `histories_of`; those on no list are left aside."""
    counts = np.asarray(counts, dtype=np.int64)
    n_lists = int(math.log2(len(counts)))
    seen = counts[1:] > 0
    names = tuple(f"list {k}" for k in range(n_lists)) if lists is None else tuple(lists)
    return CaptureTable(names, histories_of(n_lists)[1:][seen], counts[1:][seen])


def of_marks(marks, lists=None):
    """A row a person, and whether each list names them; those on no list are left aside."""
    marks = np.asarray(marks)[np.asarray(marks).any(axis=1)]
    names = [f"list {k}" for k in range(marks.shape[1])] if lists is None else list(lists)
    return CaptureTable.from_frame(dict(zip(names, marks.T.astype(int), strict=True)), lists=names)


@dataclass(frozen=True)
class Design:
    """Persons, logarithms of the odds of each list, and of odds ratios of sets of lists by bits."""

    name: str
    truth: int
    log_odds: tuple[float, ...]
    log_odds_ratios: dict[int, float] = field(default_factory=dict)

    def tables(self, n_tables, seed):
        """Tables of such a population, drawn anew each time."""
        histories = histories_of(len(self.log_odds))
        logs = histories @ np.array(self.log_odds)
        for code, value in self.log_odds_ratios.items():
            logs = logs + value * (np.arange(len(logs)) & code == code)
        shares = np.exp(logs) / np.exp(logs).sum()
        return map(of_counts, np.random.default_rng(seed).multinomial(self.truth, shares, size=n_tables))
