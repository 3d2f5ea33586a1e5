"""Many rows that nearly say the same: sure ones are joined before anything is drawn, others have bounds.

A person who stands forty times in a list, spelt in many ways, has 2**40 sets of rows that could be weighed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.linkage.agreement import connected
from detcount._numerics.linkage.partitions import merged_from
from detcount.linkage.cluster_weights import ClusterWeights, Parameters
from detcount.linkage.groups import LARGEST, Groups
from detcount.linkage.partitions import ALWAYS, Sampled, dear
from detcount.words.by_key import Messages

message = Messages("detcount.linkage")

_MOST = 500  # persons of a group that are put together one after the other
_LEAST = -3.0  # mean log ratio of two persons that may be one: what is on the whole hardly against it
_UNLIKE = -5.0  # log ratio of two units that were not compared, or are unlikely to be one person
_ENDS = 0.06  # of the draws, at each bound


@dataclass(frozen=True)
class Bounds:
    """What is known of rows that nearly say the same, and could not be drawn.

    Parameters
    ----------
    rows : int
        Rows of these groups.
    low, high : int
        Fewest and most persons that they may be.
    """

    rows: int
    low: int
    high: int


def settled(
    sampled: Sampled, weights: ClusterWeights, groups: Groups, unit_size: Ints, random: np.random.Generator
) -> tuple[Sampled, Bounds | None, Floats, int]:
    """Give bounds to the groups whose rows nearly say the same and could not be drawn; leave all others.

    The bounds run from the draw with the most persons, put together two by two as long as what two persons
    write is on average not against it, to that draw itself. Draws are spread evenly over the numbers between.

    Parameters
    ----------
    sampled : Sampled
        What was drawn.
    weights : ClusterWeights
        What clusters weigh.
    groups : Groups
        Which units may be one person.
    unit_size : ndarray of int64, shape (n_units,)
        Rows of each unit.
    random : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    sampled : Sampled
        The draws with these groups spread over their bounds, and the pairs of units in them.
    bounds : Bounds or None
        Rows, and persons together; None where chains agree.
    people : ndarray of float64, shape (n_chains, n_sweeps)
        Persons of all other groups, sweep by sweep.
    unlike : int
        Rows of groups without bounds on which chains do not agree.
    """
    people = sampled.people.copy()
    labels = sampled.labels.copy()
    rows, low, high, unlike = 0, 0, 0, 0
    apart = sampled.unlike
    touched = np.zeros(labels.shape[1], dtype=bool)
    for number in range(sampled.large_people.shape[2]):
        counts = sampled.large_people[:, :, number].astype(np.float64)
        units = groups.large[sampled.large_group == number]
        path = _path(sampled.labels[:, units], units, groups, weights) if dear(sampled, units) else None
        if path is None:
            unlike += int(unit_size[units].sum()) if apart[number] else 0
            continue
        n_draws = len(labels)
        even = (random.permutation(n_draws) + random.random(n_draws)) / n_draws
        place = np.clip((1.0 + 2.0 * _ENDS) * even - _ENDS, 0.0, 1.0 - 1e-9)
        labels[:, units] = units[path][np.floor(place * len(path)).astype(np.int64)]
        people -= counts
        touched[units] = True
        rows += int(unit_size[units].sum())
        persons = [len(np.unique(step)) for step in (path[0], path[-1])]
        low, high = low + min(persons), high + max(persons)
    if not rows:
        return sampled, None, people, unlike
    return _with_pairs(replace(sampled, labels=labels), touched), Bounds(rows, low, high), people, unlike


def _path(drawn: np.ndarray, units: Ints, groups: Groups, weights: ClusterWeights) -> Ints | None:
    """Partitions of a group from the draw with the most persons to the one with the fewest."""
    n = len(units)
    persons = np.array([len(np.unique(mine)) for mine in drawn])
    finest = drawn[int(np.argmax(persons))]
    if persons.max() > _MOST:
        return None
    inside = np.isin(groups.large_first, units)
    one, two = groups.large_first[inside], groups.large_second[inside]
    ids = weights.lookup(np.stack([one, two], axis=1).ravel(), np.full(len(one), 2))
    gain = np.full((n, n), _UNLIKE)
    a, b = np.searchsorted(units, one), np.searchsorted(units, two)
    gain[a, b] = gain[b, a] = weights.by_field(ids).sum(axis=1)  # the coarsest: as if nobody were related

    def allowed(members: Ints) -> bool:
        return weights.allows(units[members])

    _, start = np.unique(finest, return_inverse=True)
    start = start.reshape(-1)
    return merged_from(start, gain, allowed, int(persons.min()), _LEAST)


def _with_pairs(sampled: Sampled, touched: np.ndarray) -> Sampled:
    """Pairs of units in these groups by the share of the draws in which they are one person."""
    others = ~touched[sampled.large_pairs[:, 0]]
    units = np.flatnonzero(touched)
    n = len(touched)
    keys = []
    for labels in sampled.labels[:, units]:
        order = np.argsort(labels, kind="stable")
        names, mine = units[order], labels[order]
        for step in range(1, len(names)):
            same = mine[step:] == mine[:-step]
            if not same.any():
                break
            a, b = names[:-step][same], names[step:][same]
            keys.append(np.minimum(a, b) * n + np.maximum(a, b))
    known, count = np.unique(np.concatenate([np.empty(0, dtype=np.int64), *keys]), return_counts=True)
    return replace(
        sampled,
        large_pairs=np.concatenate([sampled.large_pairs[others], np.stack([known // n, known % n], axis=1)]),
        large_share=np.concatenate([sampled.large_share[others], count / len(sampled.labels)]),
    )


_LEAST_CORE = 6  # rows of a core
_MOST_SEARCHED = 3000  # rows of a group that is searched
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
    group = connected(n, first, second)
    size = np.bincount(group)
    found: list[Ints] = []
    for number in np.flatnonzero((size > LARGEST) & (size <= _MOST_SEARCHED)).tolist():
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
        if degree[seed] < _LEAST_CORE - 1:
            return found
        core = _grown(alike, seed, left)
        left[core if len(core) >= _LEAST_CORE else [seed]] = False
        core = _checked(core, alike, units, weights, parameters)
        if len(core) >= _LEAST_CORE:
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
    while len(core) >= _LEAST_CORE:
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


def approximated(found: Sequence[Ints], n_large: int, moved: float) -> tuple[str, ...]:
    """Say what was done with many rows that resemble each other, and have no bounds."""
    notes = []
    if found:
        notes.append(
            message("rows taken for one person", n=len(found), rows=sum(len(core) for core in found))
        )
    if n_large and moved < ALWAYS:
        notes.append(message("rows seldom drawn anew", rows=n_large, share=moved))
    return tuple(notes)
