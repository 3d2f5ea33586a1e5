"""Groups of rows on which chains of draws do not agree, and bounds where rows nearly say the same."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.linkage.merges import merged_from
from detcount.linkage.cluster_weights import ClusterWeights
from detcount.linkage.groups import Groups
from detcount.linkage.partitions import Sampled, dear

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
