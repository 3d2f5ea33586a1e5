"""Draws of partitions of rows into persons: exact in small groups, by splits and merges in large ones.

A sweep draws the partition, and then each parameter given the partition. Symbols are those of docs/model.md,
chapter Linkage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy.special import expit, ndtri

from detcount._numerics.arrays import Floats, Ints, bincount, pairs_within, repeat, runs
from detcount._numerics.linkage.partitions import (
    Keys,
    chaperone_step,
    draw_copies,
    draw_patterns,
    pattern_shapes,
)
from detcount._numerics.linkage.settings import PRIORS, TUNING
from detcount._numerics.monte_carlo import split_r_hat
from detcount.linkage.cluster_weights import ClusterWeights, Members, Parameters, Patterns
from detcount.linkage.groups import Groups


@dataclass(frozen=True, eq=False)
class Model:
    """Fixed parts of the posterior of partitions.

    Parameters
    ----------
    weights : ClusterWeights
        Log weights of clusters.
    groups : Groups
        Groups of units that may be one person.
    expected : callable
        First guess of the expected number of persons with each of some sets of lists.
    relatives : float
        First guess of the probability that two rows are relatives arrested together.
    unlinkable : ndarray of int64, shape (n_lists,)
        Rows of each list without a name and a document: no evidence of how people are spread over lists.
    n_rows : int
        All other rows.
    kin : tuple of ndarray, shape (n_kin,)
        First and second unit of the pairs that may be relatives, and the log ratio s of what relatives share.
    """

    weights: ClusterWeights
    groups: Groups
    expected: Patterns
    relatives: float
    unlinkable: Ints
    n_rows: int
    kin: tuple[Ints, Ints, Floats]


@dataclass(eq=False)
class State:
    """State of a chain.

    Parameters
    ----------
    labels : ndarray of int64, shape (n_units,)
        Partition Z: one unit of the cluster of each unit, the same for all of a cluster.
    expected : ndarray of float64, shape (n_sets,)
        Expected number of persons lambda_w with each set of lists, in the order of `ClusterWeights.sets`.
    copies : ndarray of float64, shape (n_lists,)
        Probability q_l that a person stands once more in a list.
    relatives : float
        Probability rho that two rows are relatives arrested together.
    n_persons : int
        Clusters of the partition.
    work : int
        Rows of expensive clusters weighed, less those that sweeps have paid for.
    offset : float
        Offset delta of the log odds of one person more.
    n_sweeps, n_moved : int
        Sweeps done, and those in which rows of large groups moved.
    """

    labels: Ints
    expected: Floats
    copies: Floats
    relatives: float
    n_persons: int
    work: int
    offset: float = 0.0
    n_sweeps: int = 0
    n_moved: int = 0


def first_state(model: Model, random: np.random.Generator, *, merged: bool) -> State:
    """Start a chain: all units apart, or likely pairs of large groups together."""
    sets, n_lists = model.weights.sets, len(model.unlinkable)
    none = np.zeros(n_lists)
    state = State(
        labels=np.arange(len(model.weights.keys)),
        expected=model.expected(sets) * np.exp(0.5 * random.standard_normal(len(sets))),
        copies=draw_copies(none, none, *PRIORS.copies, random),
        relatives=model.relatives,
        n_persons=len(model.weights.keys),
        work=-TUNING.expensive_budget,
    )
    if merged and len(model.groups.large):
        _merge_pairs(model, state, random)
    return state


def _merge_pairs(model: Model, state: State, random: np.random.Generator) -> None:
    """Join pairs of large groups that are more likely one person, the likeliest first."""
    one, two, large = model.groups.large_first, model.groups.large_second, model.groups.large
    parameters = _parameters(model, state, random)
    weights = model.weights
    ids = weights.lookup(np.stack([one, two], axis=1).ravel(), np.full(len(one), 2))
    alone = weights.lookup(large, np.ones(len(large), dtype=np.int64))
    single = np.zeros(len(state.labels))
    both, single[large] = (weights.log_weights(parameters, which) for which in (ids, alone))
    gain = both - single[one] - single[two]
    taken: set[int] = set()
    for place in np.argsort(-gain, kind="stable").tolist():
        i, j = int(one[place]), int(two[place])
        if gain[place] <= 0:
            break
        if not {i, j} & taken:
            taken |= {i, j}
            state.labels[j] = state.labels[i]


def _parameters(model: Model, state: State, random: np.random.Generator) -> Parameters:
    """Parameters of the weights of clusters in a state."""
    return Parameters(partial(_expected, model, state, random), state.copies, state.relatives)


def _expected(model: Model, state: State, random: np.random.Generator, sets: Ints) -> Floats:
    """Expected number of persons with each set of lists; a set that is met for the first time is drawn."""
    new = sets[len(state.expected) :]
    if len(new):
        shapes = pattern_shapes(new, len(model.unlinkable))
        drawn = draw_patterns(np.zeros(len(new)), shapes, PRIORS.pattern_rate, random)
        state.expected = np.concatenate([state.expected, drawn])
    return state.expected


def sweep(model: Model, state: State, random: np.random.Generator) -> Floats:
    """Draw the partition and then each parameter; give the probabilities of listed partitions."""
    if len(model.weights) > model.weights.n_kept + TUNING.clusters_kept:
        model.weights.forget()
    parameters = _parameters(model, state, random)
    state.n_sweeps += 1
    state.offset = PRIORS.offset * offset_at(state.n_sweeps)
    probability, clusters = draw_listed(model, state, parameters, random)
    if len(model.groups.large):
        move_large(model, state, parameters, random)
        clusters = np.concatenate([clusters, _large_clusters(model, state)])
    state.n_persons = len(clusters)
    draw_expected(model, state, clusters, random)
    draw_relatives(model, state, random)
    return probability


def offset_at(sweep: int) -> float:
    """Quantile of the standard normal distribution that a sweep has as its offset.

    Quantiles are the middles of equal parts of the distribution. They go up and down one by one, so that a
    chain is near equilibrium at each, and all chains have the same.
    """
    parts = TUNING.offset_parts
    place = sweep % (2 * parts)
    return float(ndtri((min(place, 2 * parts - 1 - place) + 0.5) / parts))


def draw_listed(
    model: Model, state: State, parameters: Parameters, random: np.random.Generator
) -> tuple[Floats, Ints]:
    """Draw one partition of each small group from all of them.

    Returns
    -------
    probability : ndarray of float64, shape (n_partitions,)
        Probability of each partition in its group.
    clusters : ndarray of int64
        Numbers of the drawn clusters.
    """
    groups, table = model.groups, model.groups.table
    weight = model.weights.log_weights(parameters, groups.identity) + state.offset
    probability = table.probabilities(weight)
    chosen = table.chosen_clusters(table.draw(probability, random))
    start, sizes = groups.cluster_start[chosen], groups.cluster_sizes[chosen]
    units = groups.cluster_units
    state.labels[units[runs(start, sizes)]] = repeat(units[start], sizes)
    return probability, groups.identity[chosen]


def move_large(model: Model, state: State, parameters: Parameters, random: np.random.Generator) -> None:
    """Split and merge clusters of large groups, unless earlier sweeps have spent the work budget."""

    def log_weight(keys: Keys, members: Members) -> Floats:
        return model.weights.log_weights(parameters, model.weights.numbers(keys, members)) + state.offset

    before = model.weights.work
    if state.work <= 0:
        for _ in range(TUNING.steps):
            state.labels = chaperone_step(
                state.labels,
                model.groups.large_first,
                model.groups.large_second,
                model.weights.keys,
                log_weight,
                random,
            )
        state.n_moved += 1
    state.work += model.weights.work - before - TUNING.expensive_paid


def _large_clusters(model: Model, state: State) -> Ints:
    """Numbers of the clusters of large groups."""
    large = model.groups.large
    order = large[np.argsort(state.labels[large], kind="stable")]
    sizes = np.diff(np.flatnonzero(np.diff(state.labels[order], prepend=-1, append=-2)))
    return model.weights.lookup(order, sizes)


def draw_expected(model: Model, state: State, clusters: Ints, random: np.random.Generator) -> None:
    """Draw lambda from its gamma distribution, and q from its beta distribution, given the clusters."""
    weights, unlinkable = model.weights, model.unlinkable.astype(np.float64)
    sets = weights.sets
    counts = bincount(weights.set_of(clusters), minlength=len(sets)).astype(np.float64)
    alone = sets[:, None] == 1 << np.arange(len(unlinkable))
    shapes = pattern_shapes(sets, len(unlinkable))
    state.expected = draw_patterns(counts - alone @ unlinkable, shapes, PRIORS.pattern_rate, random)
    rows = weights.counts(clusters)
    people = (rows > 0).sum(axis=0) - unlinkable
    state.copies = draw_copies(people, rows.sum(axis=0) - unlinkable, *PRIORS.copies, random)


def draw_relatives(model: Model, state: State, random: np.random.Generator) -> None:
    """Draw which pairs of persons are relatives arrested together, and rho from its gamma distribution."""
    one, two, shared = model.kin
    a, b = PRIORS.relatives
    apart = state.labels[one] != state.labels[two]
    odds = np.log(state.relatives) + shared[apart]
    found = (random.random(len(odds)) < expit(odds)).sum()
    pairs = 0.5 * model.n_rows * (model.n_rows - 1)
    drawn = float(random.gamma(a + found) / (b * max(model.n_rows, 1) + pairs))
    state.relatives = max(drawn, TUNING.least_relatives)


@dataclass(frozen=True, eq=False)
class Sampled:
    """Draws of all chains.

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
    relatives : float
        Mean rate of relatives.
    moved : float
        Share of the sweeps in which rows of large groups moved; where many rows are nearly equal, moves take
        long and some sweeps have none.
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
    relatives: float
    moved: float
    large_group: Ints
    large_people: np.ndarray

    @property
    def disagreeing(self) -> np.ndarray:
        """Large groups on whose number of persons the chains disagree."""
        groups = range(self.large_people.shape[2])
        return np.array(
            [disagree(self.large_people[:, :, k], TUNING.chains_differ_share) for k in groups], dtype=bool
        )


def disagree(people: np.ndarray, share: float = 0.0) -> bool:
    """Tell if chains disagree on the number of persons, by more than is tolerated."""
    means = people.mean(axis=1)
    if np.ptp(means) <= max(TUNING.chains_differ, share * means.mean()):
        return False
    return split_r_hat(people.astype(np.float64)) > TUNING.r_hat


def sample_partitions(model: Model, *, n_draws: int, random: np.random.Generator) -> Sampled:
    """Draw partitions and parameters by several chains.

    Chains go on, twice as long each time and without earlier draws, until they agree on the number of
    persons, of all and of each large group, or until they have taken too long.

    Parameters
    ----------
    model : Model
        Fixed parts of the posterior.
    n_draws : int
        Draws that are kept, over all chains.
    random : numpy.random.Generator
        Source of randomness.
    """
    weights, groups = model.weights, model.groups
    weights.n_kept = len(weights)
    chains = [first_state(model, random, merged=number % 2 > 0) for number in range(TUNING.chains)]
    for chain in chains:
        for _ in range(TUNING.warm_up_listed if len(groups.large) == 0 else TUNING.warm_up):
            sweep(model, chain, random)
    keep = -(-n_draws // TUNING.chains)
    n_sweeps = max(keep, TUNING.fewest_sweeps)
    while True:
        sampled = _drawn(model, chains, keep, n_sweeps, random)
        if not _can_go_on(sampled, groups) or weights.asked > TUNING.most_lookups:
            break
        if n_sweeps > TUNING.most_sweeps:
            break
        n_sweeps *= 2
    return replace(sampled, labels=sampled.labels[:n_draws])


def _drawn(
    model: Model, chains: Sequence[State], keep: int, n_sweeps: int, random: np.random.Generator
) -> Sampled:
    """Draws of some sweeps of each chain."""
    groups, n, n_chains = model.groups, len(chains[0].labels), len(chains)
    kept = np.floor(np.arange(keep) * n_sweeps / keep).astype(np.int64) + n_sweeps // keep - 1
    kept_places = {int(number): place for place, number in enumerate(kept)}
    labels = np.empty((keep * n_chains, n), dtype=np.int32)
    people = np.empty((n_chains, n_sweeps))
    large_group = groups.large_groups()
    n_large = int(large_group.max(initial=-1)) + 1
    large_people = np.zeros((n_chains, n_sweeps, n_large), dtype=np.int32)
    group_of = np.zeros(n, dtype=np.int64)
    group_of[groups.large] = large_group
    partition = np.zeros(len(groups.table.start))
    relatives = 0.0
    pairs = PairCounts(n)
    for number, chain in enumerate(chains):
        chain.n_moved = 0
        for at in range(n_sweeps):
            partition += sweep(model, chain, random)
            people[number, at] = chain.n_persons
            mine = np.unique(chain.labels[groups.large])
            large_people[number, at] = bincount(group_of[mine], minlength=n_large)
            pairs.add(chain.labels, groups.large)
            relatives += chain.relatives
            if at in kept_places:
                labels[number * keep + kept_places[at]] = chain.labels
    done = n_chains * n_sweeps
    large_pairs, large_count = pairs.result()
    return Sampled(
        labels,
        people,
        partition / done,
        large_pairs,
        large_count / done,
        relatives / done,
        sum(chain.n_moved for chain in chains) / done if len(groups.large) else 1.0,
        large_group,
        large_people,
    )


def _can_go_on(sampled: Sampled, groups: Groups) -> bool:
    """Tell if the chains disagree and more sweeps might help."""
    if sampled.moved < TUNING.seldom_moved:
        return False
    apart = np.flatnonzero(sampled.disagreeing)
    if not len(apart):
        return disagree(sampled.people) and sampled.moved >= TUNING.all_moved
    mine = (groups.large[sampled.large_group == number] for number in apart.tolist())
    return any(not expensive(sampled, units) for units in mine)


def expensive(sampled: Sampled, units: Ints) -> bool:
    """Tell if a cluster of a group is so large that moves were skipped."""
    if sampled.moved >= TUNING.all_moved:
        return False
    mine, rows = np.sort(sampled.labels[:, units], axis=1), TUNING.expensive_rows
    return bool(mine.shape[1] > rows and (mine[:, rows:] == mine[:, :-rows]).any())


class PairCounts:
    """Counts of the pairs of units of large groups that are one person."""

    def __init__(self, n: int) -> None:
        self._n, self._held = n, 0
        self._keys = [np.empty(0, dtype=np.int64)]
        self._counts = [np.empty(0, dtype=np.int64)]

    def add(self, labels: Ints, units: Ints) -> None:
        """Count the pairs of one partition."""
        one, two = pairs_within(labels[units], units, len(units)).T
        self._keys.append(one * self._n + two)
        self._counts.append(np.ones(len(one), dtype=np.int64))
        self._held += len(one)
        if self._held > 2_000_000:
            self._merge()

    def _merge(self) -> None:
        keys, where = np.unique(np.concatenate(self._keys), return_inverse=True)
        counts = bincount(where, np.concatenate(self._counts), minlength=len(keys)).astype(np.int64)
        self._keys, self._counts, self._held = [keys], [counts], len(keys)

    def result(self) -> tuple[Ints, Ints]:
        """The pairs and their counts."""
        self._merge()
        return np.stack([self._keys[0] // self._n, self._keys[0] % self._n], axis=1), self._counts[0]
