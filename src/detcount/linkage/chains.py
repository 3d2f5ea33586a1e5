"""One chain of draws of who is who: where it is, and one sweep."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.linkage.enumeration import draw_copies, draw_patterns, pattern_shapes
from detcount._numerics.linkage.gibbs import chaperone_step
from detcount._numerics.linkage.keys import Keys
from detcount.linkage.cluster_weights import ClusterWeights, Members, Parameters, Patterns, Rates
from detcount.linkage.groups import Groups
from detcount.linkage.people_likelihood import RATE_PRIORS, WORDS

COPIES_PRIOR = (1.0, 19.0)
PATTERN_RATE = 1e-3  # rate of the gamma prior of people by set of lists
_MOST_CLUSTERS = 1_000_000  # of large groups, kept from one sweep to the next
_AHEAD = 3_000  # rows of dear clusters that a chain may weigh before its sweeps must pay for them
_PAID = 15  # and that each sweep pays for
_STEPS = 3  # rounds of splits and merges in a sweep
_RELATIVES_PRIOR = (1.0, 50.0)  # gamma prior of the rate by pair of rows; its rate times the rows


@dataclass(frozen=True, eq=False)
class Start:
    """Where chains begin.

    Parameters
    ----------
    patterns : callable
        Number of people with each of some sets of lists, by a first look.
    rates : dict of str to (float, float)
        Rates of errors by field.
    scales : dict of str to float
        Length of the steps of log rates.
    relatives : float
        Rate of relatives among pairs of rows.
    unlinkable : ndarray of int64, shape (n_lists,)
        Rows of each list of which nothing is known: they tell nothing of how people are spread over lists.
    """

    patterns: Patterns
    rates: Rates
    scales: dict[str, float]
    relatives: float
    unlinkable: Ints


class Chain:
    """One chain: where it is, and one sweep."""

    def __init__(
        self,
        n: int,
        weights: ClusterWeights,
        groups: Groups,
        start: Start,
        n_rows: int,
        scored: tuple[Ints, Ints, Floats],
        random: np.random.Generator,
        number: int,
        n_known: int,
    ) -> None:
        self.weights, self.groups, self._source = weights, groups, random
        self.labels = np.arange(n)
        self.relatives = start.relatives
        self.n_people = n
        self._n_rows, self._scored = n_rows, scored
        self._n_known = n_known
        self._owed, self.n_moved = -_AHEAD, 0
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
        """Go on where this chain was: chains share the weights of clusters, at the rates of one of them."""
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

    def _parameters(self) -> Parameters:
        return Parameters(self._expected, self._copies, self.relatives)

    def _expected(self, sets: Ints) -> Floats:
        """Expected number of people with each set of lists; of sets that were never met, by the prior."""
        new = sets[len(self._patterns) :]
        if len(new):
            drawn = draw_patterns(np.zeros(len(new)), self._shapes(new), PATTERN_RATE, self._source)
            self._patterns = np.concatenate([self._patterns, drawn])
        return self._patterns

    def _shapes(self, sets: Ints) -> Floats:
        return pattern_shapes(sets, self._n_lists)

    def sweep(self, *, update_rates: bool, adapt: bool) -> Floats:
        """Draw the partition and then what it depends on; give the probabilities of listed partitions."""
        if len(self.weights) > self._n_known + _MOST_CLUSTERS:
            self.weights.forget(self._n_known)
        parameters = self._parameters()
        moving = len(self.groups.large) > 0 and self._owed <= 0
        listed = self.weights.log_weights(parameters, self.groups.identity)
        table = self.groups.table
        chance = table.probabilities(listed)
        chosen = table.chosen_clusters(table.draw(chance, self._source))
        sizes = self.groups.cluster_sizes
        offset = np.cumsum(sizes) - sizes
        lengths = sizes[chosen]
        run = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        units = self.groups.cluster_units[np.repeat(offset[chosen], lengths) + run]
        self.labels[units] = np.repeat(self.groups.cluster_units[offset[chosen]], lengths)
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
        return chance

    def _split_and_merge(self, parameters: Parameters) -> None:
        """Move rows of large groups."""

        def log_weight(keys: Keys, members: Members) -> Floats:
            return self.weights.log_weights(parameters, self.weights.numbers(keys, members))

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
        self._patterns = draw_patterns(
            counts - alone @ self._unlinkable, self._shapes(sets), PATTERN_RATE, self._source
        )
        rows = self.weights.counts(ids)
        people = (rows > 0).sum(axis=0) - self._unlinkable
        self._copies = draw_copies(people, rows.sum(axis=0) - self._unlinkable, *COPIES_PRIOR, self._source)

    def _draw_relatives(self) -> None:
        """Draw which pairs of people are relatives arrested together, and then how many pairs are."""
        one, two, shared = self._scored
        a, b = _RELATIVES_PRIOR
        apart = self.labels[one] != self.labels[two]
        odds = np.log(self.relatives) + shared[apart]
        found = (self._source.random(len(odds)) < 1.0 / (1.0 + np.exp(-np.clip(odds, -500, 500)))).sum()
        pairs = 0.5 * self._n_rows * (self._n_rows - 1)
        self.relatives = float(self._source.gamma(a + found) / (b * max(self._n_rows, 1) + pairs))
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
            gain += (self.weights.field(field, ids, new) - self.weights.field(field, ids)).sum()
        accepted = np.log(self._source.random()) < gain
        if accepted:
            self.weights.set_rates({field: new})
        if adapt:
            self._scales[field] *= 1.25 if accepted else 0.9


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
