"""Many rows of one person: those that are together beyond doubt are joined before anything is drawn.

A person who stands forty times in a list, spelt in many ways, has 2**40 sets of rows that could be weighed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount.linkage.cluster_weights import ClusterWeights, Parameters
from detcount.linkage.decided import Problem
from detcount.linkage.groups import LARGEST
from detcount.linkage.partitions import ALWAYS
from detcount.words import Message

_LEAST = 6  # rows of a core
_MOST = 3000  # rows of a group that is searched
_BEYOND_DOUBT = 14.0  # log ratio by which a core is likelier than without a row, or in two parts
_AGAINST = -2.0  # log ratio of a field that speaks against a pair
_ALIKE = 2.0  # log ratio of all fields from which a pair is alike


def cores(n: int, first: Ints, second: Ints, weights: ClusterWeights, parameters: Parameters) -> list[Ints]:
    """Units of large groups that are one person beyond doubt.

    Every two of them are alike with no field against it, and the core is likelier than its parts by a factor
    of a million, whichever of its units is left out, and when it is divided around the two least alike, all
    ways to leave out one or to divide it so taken together.

    Parameters
    ----------
    n : int
        Number of units.
    first, second : ndarray of int64
        Pairs of units that may be one person.
    weights : ClusterWeights
        What clusters weigh.
    parameters : Parameters
        What weights depend on.

    Returns
    -------
    list of ndarray of int64
        Units of each core, in order.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    graph = csr_matrix((np.ones(len(first)), (first, second)), shape=(n, n))
    _, group = connected_components(graph, directed=False)
    size = np.bincount(group)
    found: list[Ints] = []
    for number in np.flatnonzero((size > LARGEST) & (size <= _MOST)).tolist():
        units = np.flatnonzero(group == number)
        mine = group[first] == number
        found.extend(_of_group(units, first[mine], second[mine], weights, parameters))
    return found


def _of_group(
    units: Ints, first: Ints, second: Ints, weights: ClusterWeights, parameters: Parameters
) -> list[Ints]:
    """Cores of one group."""
    ids = weights.lookup(np.stack([first, second], axis=1).ravel(), np.full(len(first), 2))
    fields = weights.by_field(ids)
    gain = fields.sum(axis=1)
    agree = (gain > _ALIKE) & (fields > _AGAINST).all(axis=1)
    one, two = np.searchsorted(units, first), np.searchsorted(units, second)
    alike = np.zeros((len(units), len(units)))
    for a, b in ((one, two), (two, one)):
        alike[a[agree], b[agree]] = gain[agree]
    left = np.ones(len(units), dtype=bool)
    found: list[Ints] = []
    while True:
        degree = np.where(left, (alike[:, left] > 0).sum(axis=1), -1)
        seed = int(np.argmax(degree))
        if degree[seed] < _LEAST - 1:
            return found
        core = _grown(alike, seed, left)
        left[core if len(core) >= _LEAST else [seed]] = False
        core = _checked(core, alike, units, weights, parameters)
        if len(core) >= _LEAST:
            found.append(units[core])


def _grown(alike: Floats, seed: int, left: np.ndarray) -> Ints:
    """Units that are all alike, one after the other, the one most like those before it first."""
    core = [seed]
    free = left & (alike[seed] > 0)
    total = alike[seed].copy()
    while free.any():
        best = int(np.argmax(np.where(free, total, -np.inf)))
        core.append(best)
        free &= alike[best] > 0
        total += alike[best]
    return np.sort(np.array(core, dtype=np.int64))


def _checked(core: Ints, alike: Floats, units: Ints, weights: ClusterWeights, parameters: Parameters) -> Ints:
    """The core without units that are not beyond doubt, or nothing."""
    while len(core) >= _LEAST:
        n = len(core)
        without = np.array([np.delete(core, k) for k in range(n)])
        whole = _weigh([core], units, weights, parameters)[0]
        rest = _weigh(without, units, weights, parameters)
        alone = _weigh(core[:, None], units, weights, parameters)
        sure = whole - rest - alone - np.log(n) > _BEYOND_DOUBT
        if not sure.all():
            core = core[sure]
            continue
        inside = alike[np.ix_(core, core)] + np.diag(np.full(n, np.inf))
        a, b = divmod(int(np.argmin(inside)), n)
        side = np.where(np.isinf(inside[:, a]), True, inside[:, a] >= inside[:, b])
        side[a], side[b] = True, False
        parts = _weigh([core[side], core[~side]], units, weights, parameters)
        ways = math.log(math.comb(n, int(side.sum())))
        return core if whole - parts.sum() - ways > _BEYOND_DOUBT else core[:0]
    return core[:0]


def _weigh(
    clusters: Sequence[Ints] | np.ndarray, units: Ints, weights: ClusterWeights, parameters: Parameters
) -> Floats:
    sizes = np.array([len(cluster) for cluster in clusters], dtype=np.int64)
    ids = weights.lookup(units[np.concatenate(list(clusters))], sizes)
    return weights.log_weights(parameters, ids)


def with_cores(problem: Problem, found: Sequence[Ints]) -> Problem:
    """The same rows, with each core as one unit."""
    stands_for = np.arange(len(problem.units))
    for core in found:
        stands_for[core] = core[0]
    _, number = np.unique(stands_for, return_inverse=True)
    number = number.reshape(-1)
    unit = number[problem.unit]
    by_unit = np.argsort(unit, kind="stable")
    apart = {tuple(sorted((int(number[one]), int(number[two])))) for one, two in problem.apart}
    return replace(
        problem,
        units=np.split(by_unit, np.cumsum(np.bincount(unit))[:-1]),
        unit=unit,
        apart=[(one, two) for one, two in sorted(apart)],
    )


def approximated(found: Sequence[Ints], n_large: int, moved: float) -> tuple[str, ...]:
    """Say what was done with many rows that resemble each other, and have no bounds."""
    notes = []
    if found:
        notes.append(
            Message.counted(
                "{rows:,} rows that nearly say the same were taken for 1 person before all draws, "
                "as any of them apart is less likely by a factor of a million. Are they double entries?",
                "{rows:,} rows that nearly say the same were taken for {n:,} persons before all draws, "
                "as any of them apart is less likely by a factor of a million. Are they double entries?",
                n=len(found),
                rows=sum(len(core) for core in found),
            )
        )
    if n_large and moved < ALWAYS:
        notes.append(
            Message(
                "very many rows resemble each other: who is who among {rows:,} rows was drawn anew in "
                "{share:.0%} of the steps only, and is less certain than stated. Take out double entries, "
                "or decide them in a review",
                rows=n_large,
                share=moved,
            )
        )
    return tuple(notes)
