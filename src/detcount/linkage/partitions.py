"""Draws of who is who: exact in small groups of rows, by splits and merges in large ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.monte_carlo import split_r_hat
from detcount.linkage.chains import Chain, Start
from detcount.linkage.cluster_weights import ClusterWeights
from detcount.linkage.groups import Groups

MOST_R_HAT = 1.1
ALWAYS = 0.999  # share of the steps that is all of them
_APART = 0.5  # persons by which the means of chains differ, below which nobody is harmed
_SHARE = 0.005  # and this share of the persons of a group
_FEWEST = 60  # sweeps of a chain
_MOST_ASKED = 8_000_000  # clusters that are looked up before chains that do not agree are given up
_MOST_SWEEPS = 4_000
_OFTEN = 0.5  # share of the sweeps that move rows of large groups, below which longer chains do not help
_RARELY, _LESS_RARELY = 12, 4  # most sweeps between draws of rates; where most rows move by splits
_SIZE = 6  # units of a person from which moves are dear, and sweeps are left out


@dataclass(frozen=True, eq=False)
class Sampled:
    """What was drawn.

    Parameters
    ----------
    labels : ndarray of int32, shape (n_draws, n_units)
        First unit of the cluster of each unit.
    people : ndarray of float64, shape (n_chains, n_sweeps)
        Number of clusters, sweep by sweep.
    partition : ndarray of float64, shape (n_partitions,)
        Mean probability of each partition of the small groups in its group.
    large_pairs : ndarray of int64, shape (m, 2)
        Pairs of units of large groups that were one person in some sweep.
    large_share : ndarray of float64, shape (m,)
        Share of sweeps.
    rates : dict of str to ndarray of float64, shape (n_draws, 2)
        Rates of errors.
    relatives : ndarray of float64, shape (n_draws,)
        Rate of relatives.
    moved : float
        Share of the sweeps in which rows of large groups moved: those of many nearly equal rows are dear.
    large_group : ndarray of int64, shape (n_large,)
        Large group of each unit of `Groups.large`.
    large_people : ndarray of int32, shape (n_chains, n_sweeps, n_large_groups)
        Number of clusters of each large group, sweep by sweep.
    """

    labels: np.ndarray
    people: Floats
    partition: Floats
    large_pairs: Ints
    large_share: Floats
    rates: dict[str, Floats]
    relatives: Floats
    moved: float
    large_group: Ints
    large_people: np.ndarray

    @property
    def unlike(self) -> np.ndarray:
        """Large groups on the persons of which chains do not agree."""
        means = self.large_people.mean(axis=1)
        apart = np.ptp(means, axis=0) > np.maximum(_APART, _SHARE * means.mean(axis=0))
        for number in np.flatnonzero(apart).tolist():
            apart[number] = split_r_hat(self.large_people[:, :, number].astype(np.float64)) > MOST_R_HAT
        return np.asarray(apart)


def sample_partitions(
    n: int,
    weights: ClusterWeights,
    groups: Groups,
    start: Start,
    *,
    n_rows: int,
    scored: tuple[Ints, Ints, Floats],
    n_draws: int,
    n_chains: int,
    random: np.random.Generator,
) -> Sampled:
    """Draw partitions, expected numbers of people by lists, and rates of errors in turn.

    Chains go on, twice as long each time and without what was drawn before, until they agree on the number
    of people, of all and of each large group, or until they have become too dear.

    Parameters
    ----------
    n : int
        Number of units.
    weights : ClusterWeights
        What clusters weigh.
    groups : Groups
        Which units may be one person.
    start : Start
        Where chains begin.
    n_rows : int
        Number of rows.
    scored : tuple of ndarray
        Pairs of units that were compared, and the log ratio of what relatives share.
    n_draws, n_chains : int
        Draws that are kept, over all chains, and chains.
    random : numpy.random.Generator
        Source of randomness.
    """
    n_known = len(weights)
    chains = [
        Chain(n, weights, groups, start, n_rows, scored, random, number, n_known)
        for number in range(n_chains)
    ]
    for chain in chains:
        chain.take_turn()
        for _ in range(25 if len(groups.large) == 0 else 40):
            chain.sweep(update_rates=True, adapt=True)
    keep = -(-n_draws // n_chains)
    n_sweeps = max(keep, _FEWEST)
    while True:
        sampled = _drawn(chains, groups, keep, n_sweeps, n_known)
        if not _can_go_on(sampled, groups) or weights.asked > _MOST_ASKED or n_sweeps > _MOST_SWEEPS:
            break
        n_sweeps *= 2
    first = slice(0, n_draws)
    return replace(
        sampled,
        labels=sampled.labels[first],
        rates={field: values[first] for field, values in sampled.rates.items()},
        relatives=sampled.relatives[first],
    )


def _drawn(chains: Sequence[Chain], groups: Groups, keep: int, n_sweeps: int, n_known: int) -> Sampled:
    """Draws of some sweeps of each chain."""
    n, n_chains = len(chains[0].labels), len(chains)
    every = int(np.clip(n_known // 400, 1, _RARELY if len(groups.large) < 0.5 * n else _LESS_RARELY))
    kept = np.floor(np.arange(keep) * n_sweeps / keep).astype(np.int64) + n_sweeps // keep - 1
    kept_places = {int(sweep): place for place, sweep in enumerate(kept)}
    labels = np.empty((keep * n_chains, n), dtype=np.int32)
    people = np.empty((n_chains, n_sweeps))
    large_group = groups.large_groups()
    n_large = int(large_group.max(initial=-1)) + 1
    large_people = np.zeros((n_chains, n_sweeps, n_large), dtype=np.int32)
    group_of = np.zeros(n, dtype=np.int64)
    group_of[groups.large] = large_group
    partition = np.zeros(len(groups.table.start))
    rates = {field: np.empty((keep * n_chains, len(pair))) for field, pair in chains[0].rates.items()}
    relatives = np.empty(keep * n_chains)
    pairs = _PairCounts(n)
    for number, chain in enumerate(chains):
        chain.take_turn()
        for sweep in range(n_sweeps):
            partition += chain.sweep(update_rates=sweep % every == 0, adapt=False)
            people[number, sweep] = chain.n_people
            mine = np.unique(chain.labels[groups.large])
            large_people[number, sweep] = np.bincount(group_of[mine], minlength=n_large)
            pairs.add(chain.labels, groups.large)
            if sweep in kept_places:
                at = number * keep + kept_places[sweep]
                labels[at] = chain.labels
                relatives[at] = chain.relatives
                for field in rates:
                    rates[field][at] = chain.rates[field]
    done = n_chains * n_sweeps
    large_pairs, large_count = pairs.result()
    return Sampled(
        labels,
        people,
        partition / done,
        large_pairs,
        large_count / done,
        rates,
        relatives,
        sum(chain.n_moved for chain in chains) / done if len(groups.large) else 1.0,
        large_group,
        large_people,
    )


def _can_go_on(sampled: Sampled, groups: Groups) -> bool:
    """Whether chains do not agree, and longer ones could."""
    if sampled.moved < _OFTEN:
        return False
    unlike = np.flatnonzero(sampled.unlike)
    if not len(unlike):
        return split_r_hat(sampled.people) > MOST_R_HAT and sampled.moved >= ALWAYS
    return any(not dear(sampled, groups.large[sampled.large_group == number]) for number in unlike.tolist())


def dear(sampled: Sampled, units: Ints) -> bool:
    """Whether many units of a group are one person, and sweeps had to leave them as they were."""
    if sampled.moved >= ALWAYS:
        return False
    mine = np.sort(sampled.labels[:, units], axis=1)
    return bool(mine.shape[1] > _SIZE and (mine[:, _SIZE:] == mine[:, :-_SIZE]).any())


class _PairCounts:
    """How often pairs of units of large groups are one person."""

    def __init__(self, n: int) -> None:
        self._n = n
        self._keys: list[Ints] = []
        self._counts: list[Ints] = []
        self._held = 0

    def add(self, labels: Ints, units: Ints) -> None:
        """Count the pairs of one partition."""
        if not len(units):
            return
        mine = labels[units]
        order = np.argsort(mine, kind="stable")
        rows, mine = units[order], mine[order]
        for step in range(1, len(rows)):
            same = mine[step:] == mine[:-step]
            if not same.any():
                break
            one, two = rows[:-step][same], rows[step:][same]
            self._keys.append(np.minimum(one, two) * self._n + np.maximum(one, two))
            self._counts.append(np.ones(len(one), dtype=np.int64))
            self._held += len(one)
        if self._held > 2_000_000:
            self._merge()

    def _merge(self) -> None:
        keys, where = np.unique(np.concatenate(self._keys), return_inverse=True)
        counts = np.bincount(where, np.concatenate(self._counts), minlength=len(keys)).astype(np.int64)
        self._keys, self._counts, self._held = [keys], [counts], len(keys)

    def result(self) -> tuple[Ints, Ints]:
        """The pairs and their counts."""
        if not self._keys:
            return np.empty((0, 2), dtype=np.int64), np.empty(0, dtype=np.int64)
        self._merge()
        return np.stack([self._keys[0] // self._n, self._keys[0] % self._n], axis=1), self._counts[0]
