"""Draws of who is who: exact in small groups of rows, by splits and merges in large ones.

A chain draws a partition and then what it depends on; chains go on until they agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, ndtri

from detcount._numerics.arrays import Floats, Ints, pairs_within, runs
from detcount._numerics.linkage.partitions import (
    Keys,
    chaperone_step,
    draw_copies,
    draw_patterns,
    pattern_shapes,
)
from detcount._numerics.monte_carlo import split_r_hat
from detcount.linkage.cluster_weights import ClusterWeights, Members, Parameters, Patterns, Rates
from detcount.linkage.groups import Groups
from detcount.linkage.people_likelihood import RATE_PRIORS, WORDS

COPIES_PRIOR = (1.0, 19.0)
PATTERN_RATE = 1e-3  # rate of the gamma prior of people by set of lists
_MOST_CLUSTERS = 1_000_000  # of large groups, kept from one sweep to the next
_AHEAD = 3_000  # rows of dear clusters that a chain may weigh before its sweeps must pay for them
_PAID = 15  # and that each sweep pays for
_STEPS = 2  # rounds of splits and merges in a sweep
_LEAN = 1.0  # standard deviation of the log odds by which all that rows say may lean to one side
_WAVE = 30.74  # sweeps in which the lean goes up and down: the same in all chains, and of no whole number
_TAIL = 0.02  # of the normal distribution, which the wave leaves out at either end
_RELATIVES_PRIOR = (1.0, 50.0)  # gamma prior of the rate by pair of rows; its rate times the rows


@dataclass(frozen=True, eq=False)
class Start:
    """Where chains begin.

    Parameters
    ----------
    patterns : callable
        Expected number of people with each of some sets of lists, before anything is drawn.
    rates : dict of str to (float, float)
        Rates of errors by field.
    scales : dict of str to float
        Length of the steps of log rates.
    relatives : float
        Rate of relatives among pairs of rows.
    unlinkable : ndarray of int64, shape (n_lists,)
        Rows of each list without a name and a document: they say nothing of how people are spread over lists.
    n_rows : int
        All other rows.
    scored : tuple of ndarray
        Pairs of units that were compared, and the log ratio of what relatives share.
    """

    patterns: Patterns
    rates: Rates
    scales: dict[str, float]
    relatives: float
    unlinkable: Ints
    n_rows: int
    scored: tuple[Ints, Ints, Floats]


class Chain:
    """One chain: where it is, and one sweep."""

    def __init__(
        self, weights: ClusterWeights, groups: Groups, start: Start, random: np.random.Generator, number: int
    ) -> None:
        self.weights, self.groups, self._start, self._source = weights, groups, start, random
        self.n_people = len(weights.keys)
        self.labels = np.arange(self.n_people)
        self.relatives = start.relatives
        self._owed, self.n_moved = -_AHEAD, 0
        self._turn, self._lean = 0, 0.0
        n_lists = self._n_lists = len(start.unlinkable)
        sets = weights.sets
        self._patterns = start.patterns(sets) * np.exp(0.5 * random.standard_normal(len(sets)))
        self._copies = draw_copies(np.zeros(n_lists), np.zeros(n_lists), *COPIES_PRIOR, random)
        self._scales = dict(start.scales)
        self._unlinkable = start.unlinkable.astype(np.float64)
        weights.set_rates(
            {
                field: _moved(pair, 0.3 * random.standard_normal(len(pair)), RATE_PRIORS[field])
                for field, pair in start.rates.items()
            }
        )
        if number % 2 and len(groups.large):
            self._merge_alike()
        self.rates = dict(weights.rates)

    def take_turn(self) -> None:
        """Take the rates of this chain again: the weights that chains share have the rates of one of them."""
        self.weights.set_rates(self.rates)
        self.n_moved = 0

    def _merge_alike(self) -> None:
        """Begin with rows together that are more likely together, pair by pair."""
        one, two = self.groups.large_first, self.groups.large_second
        parameters = self._parameters()
        ids = self.weights.lookup(np.stack([one, two], axis=1).ravel(), np.full(len(one), 2))
        alone = self.weights.lookup(self.groups.large, np.ones(len(self.groups.large), dtype=np.int64))
        both, one_by_one = (self.weights.log_weights(parameters, which) for which in (ids, alone))
        single = np.zeros(len(self.labels))
        single[self.groups.large] = one_by_one
        gain = both - single[one] - single[two]
        taken: set[int] = set()
        for place in np.argsort(-gain, kind="stable").tolist():
            i, j = int(one[place]), int(two[place])
            if gain[place] <= 0:
                break
            if not {i, j} & taken:
                taken |= {i, j}
                self.labels[j] = self.labels[i]

    def _log_weights(self, parameters: Parameters, ids: Ints) -> Floats:
        """Log weights of clusters, with what this sweep adds to all of them."""
        return self.weights.log_weights(parameters, ids) + self._lean

    def _parameters(self) -> Parameters:
        return Parameters(self._expected, self._copies, self.relatives)

    def _expected(self, sets: Ints) -> Floats:
        """Expected number of people with each set of lists; of sets that were never met, by the prior."""
        new = sets[len(self._patterns) :]
        if len(new):
            shapes = pattern_shapes(new, self._n_lists)
            drawn = draw_patterns(np.zeros(len(new)), shapes, PATTERN_RATE, self._source)
            self._patterns = np.concatenate([self._patterns, drawn])
        return self._patterns

    def sweep(self, *, update_rates: bool, adapt: bool) -> Floats:
        """Draw the partition and then what it depends on; give the probabilities of listed partitions."""
        if len(self.weights) > self.weights.n_kept + _MOST_CLUSTERS:
            self.weights.forget()
        parameters = self._parameters()
        self._turn += 1
        self._lean = _LEAN * lean(self._turn)
        moving = len(self.groups.large) > 0 and self._owed <= 0
        listed = self._log_weights(parameters, self.groups.identity)
        table = self.groups.table
        probability = table.probabilities(listed)
        chosen = table.chosen_clusters(table.draw(probability, self._source))
        start, sizes = self.groups.cluster_start[chosen], self.groups.cluster_sizes[chosen]
        units = self.groups.cluster_units
        self.labels[units[runs(start, sizes)]] = np.repeat(units[start], sizes)
        ids = self.groups.identity[chosen]
        if len(self.groups.large):
            before = self.weights.work
            if moving:
                self._split_and_merge(parameters)
                self.n_moved += 1
            ids = np.concatenate([ids, self._large_clusters()])
            self._owed += self.weights.work - before - _PAID
        self.n_people = len(ids)
        self._draw_prior(ids)
        self._draw_relatives()
        for field in self._scales:
            if update_rates or field in WORDS:
                self._draw_rates(ids, field, adapt=adapt)
        self.rates = dict(self.weights.rates)
        return probability

    def _split_and_merge(self, parameters: Parameters) -> None:
        """Move rows of large groups."""

        def log_weight(keys: Keys, members: Members) -> Floats:
            return self._log_weights(parameters, self.weights.numbers(keys, members))

        for _ in range(_STEPS):
            self.labels = chaperone_step(
                self.labels,
                self.groups.large_first,
                self.groups.large_second,
                self.weights.keys,
                log_weight,
                self._source,
            )

    def _large_clusters(self) -> Ints:
        """Clusters of the rows of large groups."""
        large = self.groups.large
        order = large[np.argsort(self.labels[large], kind="stable")]
        sizes = np.diff(np.flatnonzero(np.diff(self.labels[order], prepend=-1, append=-2)))
        return self.weights.lookup(order, sizes)

    def _draw_prior(self, ids: Ints) -> None:
        sets = self.weights.sets
        counts = np.bincount(self.weights.set_of(ids), minlength=len(sets)).astype(np.float64)
        alone = sets[:, None] == 1 << np.arange(len(self._unlinkable))
        people, shapes = counts - alone @ self._unlinkable, pattern_shapes(sets, self._n_lists)
        self._patterns = draw_patterns(people, shapes, PATTERN_RATE, self._source)
        rows = self.weights.counts(ids)
        people = (rows > 0).sum(axis=0) - self._unlinkable
        self._copies = draw_copies(people, rows.sum(axis=0) - self._unlinkable, *COPIES_PRIOR, self._source)

    def _draw_relatives(self) -> None:
        """Draw which pairs of people are relatives arrested together, and then how many pairs are."""
        one, two, shared = self._start.scored
        a, b = _RELATIVES_PRIOR
        apart = self.labels[one] != self.labels[two]
        odds = np.log(self.relatives) + shared[apart]
        found = (self._source.random(len(odds)) < expit(odds)).sum()
        n_rows = self._start.n_rows
        pairs = 0.5 * n_rows * (n_rows - 1)
        self.relatives = float(self._source.gamma(a + found) / (b * max(n_rows, 1) + pairs))
        self.relatives = max(self.relatives, 1e-12)

    def _draw_rates(self, ids: Ints, field: str, *, adapt: bool) -> None:
        """One step of the rates of a field, by Metropolis on the logarithms of odds."""
        shape = RATE_PRIORS[field]
        old = self.weights.rates[field]
        step = self._scales[field] * self._source.standard_normal(len(old))
        new = _moved(old, step, shape)
        gain = _log_prior(new, shape) - _log_prior(old, shape)
        if gain > -np.inf:
            # given who is who, relatives add nothing that depends on how often rows err
            gain += self.weights.change(field, ids, new)
        accepted = np.log(self._source.random()) < gain
        if accepted:
            self.weights.set_rates({field: new})
        if adapt:
            self._scales[field] *= 1.25 if accepted else 0.9


def lean(turn: int) -> float:
    """What a sweep adds to all log weights: normal over many sweeps, nearly the same in the next one."""
    up = abs(2.0 * ((turn / _WAVE) % 1.0) - 1.0)
    return float(ndtri(_TAIL + (1.0 - 2.0 * _TAIL) * up))


def _moved(rates: tuple[float, ...], step: Floats, shape: tuple[float, ...]) -> tuple[float, ...]:
    """Rates after a step of their log odds against writing the true value; those without a prior stay 0."""
    odds = np.array(rates) / (1.0 - sum(rates)) * np.exp(step) * (np.array(shape[:-1]) > 0)
    return tuple((odds / (1.0 + odds.sum())).tolist())


def _log_prior(rates: tuple[float, ...], shape: tuple[float, ...]) -> float:
    """Dirichlet density of rates, as one of their log odds."""
    parts, shapes = np.array([*rates, 1.0 - sum(rates)]), np.array(shape)
    some = shapes > 0
    if parts[some].min() <= 0.0:  # by rounding, after a long step
        return -np.inf
    return float(shapes[some] @ np.log(parts[some]))


MOST_R_HAT = 1.1
_N_CHAINS = 4
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
    def unlike(self) -> np.ndarray:
        """Large groups on the persons of which chains do not agree."""
        groups = range(self.large_people.shape[2])
        return np.array([disagree(self.large_people[:, :, k], _SHARE) for k in groups], dtype=bool)


def disagree(people: np.ndarray, share: float = 0.0) -> bool:
    """Whether chains do not agree on the number of people, and differ by so many that it matters.

    Where hardly anything is in doubt, chains whose means differ by a tenth of a person would go on for long.
    """
    means = people.mean(axis=1)
    if np.ptp(means) <= max(_APART, share * means.mean()):
        return False
    return split_r_hat(people.astype(np.float64)) > MOST_R_HAT


def sample_partitions(
    weights: ClusterWeights,
    groups: Groups,
    start: Start,
    *,
    n_draws: int,
    random: np.random.Generator,
) -> Sampled:
    """Draw partitions, expected numbers of people by lists, and rates of errors in turn.

    Chains go on, twice as long each time and without what was drawn before, until they agree on the number
    of people, of all and of each large group, or until they have taken too long.

    Parameters
    ----------
    weights : ClusterWeights
        What clusters weigh.
    groups : Groups
        Which units may be one person.
    start : Start
        Where chains begin.
    n_draws : int
        Draws that are kept, over all chains.
    random : numpy.random.Generator
        Source of randomness.
    """
    weights.n_kept = len(weights)
    chains = [Chain(weights, groups, start, random, number) for number in range(_N_CHAINS)]
    for chain in chains:
        chain.take_turn()
        for _ in range(25 if len(groups.large) == 0 else 40):
            chain.sweep(update_rates=True, adapt=True)
    keep = -(-n_draws // _N_CHAINS)
    n_sweeps = max(keep, _FEWEST)
    while True:
        sampled = _drawn(chains, groups, keep, n_sweeps)
        if not _can_go_on(sampled, groups) or weights.asked > _MOST_ASKED or n_sweeps > _MOST_SWEEPS:
            break
        n_sweeps *= 2
    return replace(sampled, labels=sampled.labels[:n_draws])


def _drawn(chains: Sequence[Chain], groups: Groups, keep: int, n_sweeps: int) -> Sampled:
    """Draws of some sweeps of each chain."""
    n, n_chains = len(chains[0].labels), len(chains)
    rarely = _RARELY if len(groups.large) < 0.5 * n else _LESS_RARELY
    every = int(np.clip(chains[0].weights.n_kept // 400, 1, rarely))
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
    relatives = 0.0
    pairs = PairCounts(n)
    for number, chain in enumerate(chains):
        chain.take_turn()
        for sweep in range(n_sweeps):
            partition += chain.sweep(update_rates=sweep % every == 0, adapt=False)
            people[number, sweep] = chain.n_people
            mine = np.unique(chain.labels[groups.large])
            large_people[number, sweep] = np.bincount(group_of[mine], minlength=n_large)
            pairs.add(chain.labels, groups.large)
            relatives += chain.relatives
            if sweep in kept_places:
                labels[number * keep + kept_places[sweep]] = chain.labels
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
    """Whether chains do not agree, and longer ones could."""
    if sampled.moved < _OFTEN:
        return False
    unlike = np.flatnonzero(sampled.unlike)
    if not len(unlike):
        return disagree(sampled.people) and sampled.moved >= ALWAYS
    return any(not dear(sampled, groups.large[sampled.large_group == number]) for number in unlike.tolist())


def dear(sampled: Sampled, units: Ints) -> bool:
    """Whether many units of a group are one person, and sweeps had to leave them as they were."""
    if sampled.moved >= ALWAYS:
        return False
    mine = np.sort(sampled.labels[:, units], axis=1)
    return bool(mine.shape[1] > _SIZE and (mine[:, _SIZE:] == mine[:, :-_SIZE]).any())


class PairCounts:
    """How often pairs of units of large groups are one person."""

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
        counts = np.bincount(where, np.concatenate(self._counts), minlength=len(keys)).astype(np.int64)
        self._keys, self._counts, self._held = [keys], [counts], len(keys)

    def result(self) -> tuple[Ints, Ints]:
        """The pairs and their counts."""
        self._merge()
        return np.stack([self._keys[0] // self._n, self._keys[0] % self._n], axis=1), self._counts[0]
