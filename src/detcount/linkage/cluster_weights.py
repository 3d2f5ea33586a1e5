"""Every cluster that was weighed, identified by the sum of the keys of its units, and by what its rows say.

What rows say in a field is prepared once for all clusters in which they say the same, at a few rates of
errors; at others it is interpolated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from detcount._numerics.arrays import Floats, Ints, bincount, reduceat, repeat, runs
from detcount._numerics.linkage.partitions import Keys, KeyTable, Room, largest_tree, pairs_of
from detcount._numerics.linkage.settings import TUNING
from detcount.linkage.people_likelihood import EXPECTED_RATES, WORDS, PeopleLikelihood, between_rates

RELATED = ("surnames", "arrested", "place")
"""Fields that relatives who are arrested together share."""
NOTHING = 0
"""Number of a set of which fewer than two rows say something."""

Patterns = Callable[[Ints], Floats]
Rates = dict[str, tuple[float, ...]]
"""By field: probability that a row writes another value than the true one, that it slips, and, of days of
arrest, that a person was arrested twice."""
Members = Callable[[Ints], tuple[Ints, Ints]]
"""Units of some of the clusters that are asked for, one cluster after the other, and how many each has."""


@dataclass(frozen=True, eq=False)
class Problem:
    """Rows, and what is decided of them.

    Parameters
    ----------
    list_of : ndarray of int64, shape (n,)
        List of each row.
    n_lists : int
        Number of lists.
    referred, linkable : ndarray of bool, shape (n,)
        Rows that another list forwarded; rows with a name or a document.
    units : list of ndarray of int64
        Rows that are decided to be one person; most units are one row.
    unit : ndarray of int64, shape (n,)
        Unit of each row.
    apart : ndarray of int64, shape (n_apart, 2)
        Units that are decided to be two people.
    most : ndarray of int64, shape (n_lists,)
        Rows that one person can have in each list.
    """

    list_of: Ints
    n_lists: int
    referred: np.ndarray
    linkable: np.ndarray
    units: list[Ints]
    unit: Ints
    apart: Ints
    most: Ints


@dataclass(frozen=True, eq=False)
class Parameters:
    """Parameters of the weight of a cluster, besides its rows and the rates of fields.

    Parameters
    ----------
    patterns : callable
        Expected number of people with each of some sets of lists, which are given by bits.
    copies : ndarray of float64, shape (n_lists,)
        Probability that a person stands once more in a list.
    relatives : float
        Probability that two rows are relatives arrested together.
    """

    patterns: Patterns
    copies: Floats
    relatives: float


class StatedSets:
    """Sets of what rows say in one field, or in both of words; rows that say the same are one to it.

    Parameters
    ----------
    likelihood : PeopleLikelihood
        Fields of all rows.
    fields : tuple of str
        The field, or those of words.
    random : numpy.random.Generator
        Source of keys.
    """

    def __init__(
        self, likelihood: PeopleLikelihood, fields: tuple[str, ...], random: np.random.Generator
    ) -> None:
        self._likelihood, self.fields = likelihood, fields
        content = likelihood.contents() if fields == WORDS else likelihood.of[fields[0]].contents()
        self.written = content >= 0
        if fields != WORDS:
            self.written = likelihood.of[fields[0]].written(np.arange(len(content)))
        stated = np.flatnonzero(content >= 0)
        _, first, number = np.unique(content[stated], return_index=True, return_inverse=True)
        self._like = np.full(len(content), -1)  # first row that says the same
        self._like[stated] = stated[first][number]
        self.row_key = np.zeros(len(content), dtype=np.uint64)
        self.row_key[stated] = random.integers(1, 2**63, size=len(first), dtype=np.uint64)[number]
        self._keys = KeyTable()
        self._keys.add(np.array([2**63 + 1], dtype=np.uint64))  # nothing
        self.set_rates(EXPECTED_RATES)
        self.values = Room(self.mixed.shape, np.float32)
        self.values.add(np.zeros((1, *self.values.values.shape[1:])))

    def numbers(
        self, keys: Keys, n_written: Ints, rows_of: Callable[[Ints], tuple[Ints, Ints]]
    ) -> tuple[Ints, int]:
        """Numbers of sets by their keys, and how many rows the large new ones have.

        Parameters
        ----------
        keys : ndarray of uint64
            Sums of the keys of rows.
        n_written : ndarray of int64
            Rows of each set that say something. Fewer than two say nothing of being one person.
        rows_of : callable
            Rows of some of the sets, one set after the other, and how many each has.
        """
        found = np.where(n_written > 1, self._keys.find(keys), NOTHING)
        new, place = np.unique(keys[found < 0], return_index=True)
        if not len(new):
            return found, 0
        rows, sizes = rows_of(np.flatnonzero(found < 0)[place])
        owner = repeat(np.arange(len(sizes)), sizes)
        owner, members = owner[self._like[rows] >= 0], self._like[rows[self._like[rows] >= 0]]
        members = members[np.lexsort((members, owner))]
        sizes = bincount(owner, minlength=len(new))
        offset = np.cumsum(sizes) - sizes
        values = np.zeros((len(new), *self.values.values.shape[1:]))
        for size in np.unique(sizes).tolist():
            mine = np.flatnonzero(sizes == size)
            step = 1 + TUNING.prepared_numbers // (5 * size**2 * values.shape[2])
            for some in (mine[low : low + step] for low in range(0, len(mine), step)):
                table = members[offset[some][:, None] + np.arange(size)]
                if self.fields == WORDS:
                    values[some] = self._likelihood.names(table)
                else:
                    values[some, 0] = self._likelihood.columns(self.fields[0], table)
        self._keys.add(new)
        self.values.add(values)
        found[found < 0] = self._keys.find(keys[found < 0])
        return found, int(sizes[sizes > TUNING.expensive_rows].sum())

    def set_rates(self, rates: Mapping[str, tuple[float, ...]]) -> None:
        """Take other rates."""
        self.mixed = self.at(rates)
        self._ratios = np.empty(0)

    def at(self, rates: Mapping[str, tuple[float, ...]]) -> np.ndarray:
        """Weigh each column of the values at some rates."""
        return np.stack([between_rates(field, rates[field]) for field in self.fields]).astype(np.float32)

    def weighed(self, numbers: Ints, mixed: np.ndarray) -> Floats:
        """Log ratios of all fields."""
        values = self.values.values
        return np.asarray(values.reshape(len(values), -1)[numbers] @ mixed.ravel(), dtype=np.float64)

    def of(self, numbers: Ints) -> Floats:
        """Log ratios of all fields at the rates that were taken; that of each set is computed once."""
        room = self.values.n - len(self._ratios)
        self._ratios = np.append(self._ratios, np.full(room, np.nan)) if room else self._ratios
        found = self._ratios[numbers]
        new = np.unique(numbers[np.isnan(found)])
        if not len(new):
            return found
        self._ratios[new] = self.weighed(new, self.mixed)
        return self._ratios[numbers]

    def together(self, pieces: list[Ints]) -> int:
        """Number of the set of some rows, of which each piece is weighed by itself."""
        one = [
            self.numbers(
                self.row_key[rows].sum(keepdims=True),
                self.written[rows].sum(keepdims=True),
                lambda _, rows=rows: (rows, np.array([len(rows)])),  # type: ignore[misc]
            )[0][0]
            for rows in pieces
        ]
        keys = np.array([hash(tuple(sorted(one))) & (2**63 - 1)], dtype=np.uint64)
        if self._keys.find(keys)[0] < 0:
            self._keys.add(keys)
            self.values.add(self.values.values[one].sum(axis=0, keepdims=True))
        return int(self._keys.find(keys)[0])


class ClusterWeights:
    """Log weights of clusters of units; a unit is a row, or rows that are known to be one person.

    Parameters
    ----------
    likelihood : PeopleLikelihood
        Fields of all rows.
    problem : Problem
        Rows, units, and what is decided of them.
    one, two : ndarray of int64
        Pairs of units that may be one person. A cluster that they do not hold together is ruled out.
    """

    def __init__(self, likelihood: PeopleLikelihood, problem: Problem, one: Ints, two: Ints) -> None:
        self._likelihood, self._problem = likelihood, problem
        self._unit_size = np.array([len(unit) for unit in problem.units], dtype=np.int64)
        self._unit_start = np.cumsum(self._unit_size) - self._unit_size
        self._unit_rows = np.concatenate([*problem.units, np.empty(0, dtype=np.int64)])
        self._copied = self._by_unit(problem.referred) > 0
        lists = np.arange(problem.n_lists)
        self._counts_of_unit = np.stack([self._by_unit(problem.list_of == k) for k in lists], axis=1)
        random = np.random.default_rng(len(problem.units))
        self._sets = [
            StatedSets(likelihood, fields, random) for fields in (WORDS, *((one,) for one in likelihood.of))
        ]
        self.fields = tuple(field for sets in self._sets for field in sets.fields)
        self._place = {
            field: (k, j) for k, sets in enumerate(self._sets) for j, field in enumerate(sets.fields)
        }
        self._stated_key = np.stack([self._by_unit(sets.row_key) for sets in self._sets], axis=1)
        self._n_written = np.stack([self._by_unit(sets.written) for sets in self._sets], axis=1)
        self.keys = random.integers(1, 2**62, size=len(problem.units), dtype=np.uint64)
        self._edge, edges = _keys_of_pairs(self.keys, np.stack([one, two], axis=1))
        self._apart, _ = _keys_of_pairs(self.keys, problem.apart)
        self._known = KeyTable()
        self._size, self._lists, self._inner = (Room(dtype=np.int32) for _ in range(3))
        self._allowed, self._first_inner = Room(dtype=np.bool_), Room(dtype=np.int64)
        self._stated = Room((len(self._sets),), np.int32)
        self._lists_key = random.integers(1, 2**62, size=problem.n_lists, dtype=np.uint64)
        self._lists_known, self._counts = KeyTable(), Room((problem.n_lists,), np.int64)
        self._set_of_lists = Room(dtype=np.int64)
        self._list_sets: dict[int, int] = {}  # place of each set of lists on which some cluster is
        self.rates: Rates = {}
        self._at: Parameters | None = None
        self._kin_of_edge = self._prior = np.empty(0)
        self.n_kept = 0  # clusters that are never forgotten
        self.work = 0  # rows of all large sets of names that were weighed
        self.asked = 0  # clusters that were looked up, and what calls cost besides
        self._edge_ids = self.lookup(edges.ravel(), np.full(len(edges), 2))
        self._on_edges: dict[str, Floats] = {}  # log ratios of what relatives share, until rates change

    def _by_unit(self, values: np.ndarray) -> np.ndarray:
        """Sum of the values of its rows, by unit."""
        sums = np.zeros(len(self._unit_size), dtype=values.dtype if values.dtype == np.uint64 else np.int64)
        np.add.at(sums, repeat(np.arange(len(sums)), self._unit_size), values[self._unit_rows])
        return sums

    def __len__(self) -> int:
        return len(self._known)

    @property
    def sets(self) -> Ints:
        """Sets of lists on which some cluster is, by bits, in the order in which they were met."""
        return np.array([*self._list_sets], dtype=np.int64)

    def lookup(self, units: Ints, sizes: Ints) -> Ints:
        """Numbers of clusters, given their units one after the other; new ones are prepared."""
        start = np.cumsum(sizes) - sizes
        keys = reduceat(np.add, self.keys[units], start) if len(sizes) else np.empty(0, dtype=np.uint64)
        return self.numbers(keys, lambda which: (_taken(units, start[which], sizes[which]), sizes[which]))

    def numbers(self, keys: Keys, members: Members) -> Ints:
        """Numbers of clusters, given the sums of the keys of their units; new ones are prepared."""
        self.asked += TUNING.call_cost + len(keys)
        found = self._known.find(keys)
        missing = np.flatnonzero(found < 0)
        if len(missing):
            _, place = np.unique(keys[missing], return_index=True)
            place = missing[np.sort(place)]  # as they are met
            self._known.add(keys[place])
            self._add(*members(place))
            found[missing] = self._known.find(keys[missing])
        return found

    def allows(self, units: Ints) -> bool:
        """Tell if decisions and the most rows by list let some units be one person."""
        counts = self._counts_of_unit[units].sum(axis=0)
        one, two = np.triu_indices(len(units), 1)
        apart = self._apart.find(self.keys[units[one]] + self.keys[units[two]])
        return bool((counts <= self._problem.most).all() and (apart < 0).all())

    def forget(self) -> None:
        """Keep the first clusters alone; the others are prepared anew when they are met again."""
        n = self.n_kept
        self._known.keep(n)
        if n < self._first_inner.n:
            self._inner.n = int(self._first_inner.values[n])
        for room in (self._size, self._lists, self._allowed, self._first_inner, self._stated):
            room.n = n

    def _add(self, units: Ints, sizes: Ints) -> None:
        """Prepare clusters that are met for the first time."""
        start = np.cumsum(sizes) - sizes
        counts, stated_key, written, copied = (
            reduceat(np.add, values[units], start, axis=0)
            for values in (
                self._counts_of_unit,
                self._stated_key,
                self._n_written,
                self._copied.astype(np.int64),
            )
        )
        allowed = np.asarray((counts <= self._problem.most).all(axis=1))
        n_inner = sizes * (sizes - 1) // 2
        first_inner = np.cumsum(n_inner) - n_inner
        inner = np.empty(int(n_inner.sum()), dtype=np.int64)
        for size in np.unique(sizes[sizes > 1]).tolist():
            mine = np.flatnonzero(sizes == size)
            held, pairs = self._inside(units[start[mine][:, None] + np.arange(size)])
            allowed[mine] &= held
            inner[first_inner[mine][:, None] + np.arange(pairs.shape[1])] = pairs
        self._first_inner.add(self._inner.n + first_inner)
        self._inner.add(inner)
        self._size.add(sizes)
        self._allowed.add(allowed)
        self._lists.add(self._of_lists(counts))

        def rows_of(clusters: Ints) -> tuple[Ints, Ints]:
            mine = _taken(units, start[clusters], sizes[clusters])
            rows = _taken(self._unit_rows, self._unit_start[mine], self._unit_size[mine])
            return rows, counts[clusters].sum(axis=1)

        in_pieces = allowed & (copied > 0) & (counts.sum(axis=1) > 1)
        written *= (allowed & ~in_pieces)[:, None]
        stated = np.zeros(written.shape, dtype=np.int64)
        for place, sets in enumerate(self._sets):
            stated[:, place], work = sets.numbers(stated_key[:, place], written[:, place], rows_of)
            self.work += work
        for cluster in np.flatnonzero(in_pieces).tolist():
            pieces = self._pieces(rows_of(np.array([cluster]))[0])
            stated[cluster] = [sets.together(pieces) for sets in self._sets]
        self._stated.add(stated)

    def _inside(self, table: Ints) -> tuple[np.ndarray, Ints]:
        """Check clusters of equal size: which are allowed, and the numbers of their pairs of units."""
        n, size = table.shape
        two, one = pairs_of(size)
        pairs = self.keys[table[:, one]] + self.keys[table[:, two]]
        edge = self._edge.find(pairs.ravel()).reshape(pairs.shape)
        near = np.zeros((n, size, size), dtype=np.bool_)
        near[:, one, two] = near[:, two, one] = edge >= 0
        reached = np.arange(size) == np.zeros((n, 1))
        for _ in range(size - 1):
            reached |= (near & reached[:, :, None]).any(axis=1)
        apart = self._apart.find(pairs.ravel()).reshape(pairs.shape) >= 0
        return reached.all(axis=1) & ~apart.any(axis=1), edge

    def _of_lists(self, counts: Ints) -> Ints:
        """Number of each count of rows by list."""
        keys = counts.astype(np.uint64) @ self._lists_key
        found = self._lists_known.find(keys)
        if (found < 0).any():
            new, place = np.unique(keys[found < 0], return_index=True)
            here = counts[np.flatnonzero(found < 0)[place]]
            self._lists_known.add(new)
            self._counts.add(here)
            sets = ((here > 0) * (1 << np.arange(here.shape[1]))).sum(axis=1).tolist()
            places = [self._list_sets.setdefault(code, len(self._list_sets)) for code in sets]
            self._set_of_lists.add(np.array(places, dtype=np.int64))
            found = self._lists_known.find(keys)
        return found

    def _pieces(self, rows: Ints) -> list[Ints]:
        """Rows that nobody copied, and each copy with the row that it is most like."""
        own = rows[~self._problem.referred[rows]]
        if not len(own):
            own = rows[:1]
        pieces = [np.sort(own)] if len(own) > 1 else []
        for row in rows[~np.isin(rows, own)].tolist():
            pairs = np.stack([np.full(len(own), row), np.sort(own)], axis=1)
            like = sum(self._of_pairs(sets, pairs) for sets in self._sets)
            pieces.append(np.sort(pairs[int(np.argmax(like))]))
        return pieces

    def _of_pairs(self, sets: StatedSets, pairs: Ints) -> Floats:
        """Log ratios of pairs of rows at common rates."""

        def rows_of(which: Ints) -> tuple[Ints, Ints]:
            return pairs[which].ravel(), np.full(len(which), 2)

        stated, _ = sets.numbers(sets.row_key[pairs].sum(axis=1), sets.written[pairs].sum(axis=1), rows_of)
        return sets.weighed(stated, sets.at(EXPECTED_RATES))

    def set_rates(self, rates: Mapping[str, tuple[float, ...]]) -> None:
        """Take other rates."""
        self.rates = {**self.rates, **rates}
        for sets in self._sets:
            if not rates.keys().isdisjoint(sets.fields) and self.rates.keys() >= {*sets.fields}:
                sets.set_rates(self.rates)
        self._on_edges = {name: each for name, each in self._on_edges.items() if name not in rates}
        self._at = None

    def field(self, field: str, ids: Ints, rates: tuple[float, ...] | None = None) -> Floats:
        """Log ratios of one field, by cluster, at other rates if they are given."""
        place, part = self._place[field]
        sets = self._sets[place]
        mixed = sets.mixed[part] if rates is None else between_rates(field, rates).astype(np.float32)
        stated = self._stated.values[ids, place]
        value, some = np.zeros(len(ids)), np.flatnonzero(stated != NOTHING)
        value[some] = sets.values.values[stated[some], part] @ mixed
        return value

    def by_field(self, ids: Ints) -> Floats:
        """Log ratio of each field, by cluster."""
        return np.stack([self.field(field, ids) for field in self.fields], axis=1)

    def is_compared(self, field: str, ids: Ints) -> Floats:
        """Mark clusters in which more than one row writes a field, by 1."""
        if field in WORDS:
            return np.ones(len(ids))
        return np.asarray(self._stated.values[ids, self._place[field][0]] != NOTHING, dtype=np.float64)

    def related(self, ids: Ints) -> Floats:
        """Log ratio of what relatives arrested together share."""
        return np.asarray(sum(self.field(name, ids) for name in RELATED if name in self.fields))

    def evidence(self, relatives: float, ids: Ints) -> Floats:
        """Log likelihood of one person over that of several, some of whom may be relatives.

        Relatives share their surnames, and the day and the place of arrest.
        """
        self._at = None
        self._relate(relatives)
        return self._evidence(ids)

    def _relate(self, relatives: float) -> None:
        """Weigh at a rate of relatives the pairs that were compared."""
        names = [name for name in RELATED if name in self.fields]
        for name in names:
            if name not in self._on_edges:
                self._on_edges[name] = self.field(name, self._edge_ids)
        related = sum(self._on_edges[name] for name in names)
        self._kin_of_edge = np.asarray(np.logaddexp(0.0, np.log(relatives) + related))

    def _evidence(self, ids: Ints) -> Floats:
        value, stated = -self._kin(ids), self._stated.values[ids]
        for place, sets in enumerate(self._sets):
            value += sets.of(stated[:, place])
        return np.where(self._allowed.values[ids], value, TUNING.ruled_out)

    def _kin(self, ids: Ints) -> Floats:
        """Log ratio of the units of clusters as several persons, some of them relatives, over unrelated ones.

        Each unit but one may be a relative of another, at the rate of relatives: the sum runs along the tree
        of pairs that are most alike in what relatives share.
        """
        kin = np.append(self._kin_of_edge, 0.0)  # the last for pairs that were not compared
        value = np.zeros(len(ids))
        sizes, first = self._size.values[ids], self._first_inner.values[ids]
        for size in range(2, int(sizes.max(initial=0)) + 1):
            mine = np.flatnonzero(sizes == size)
            if len(mine):
                inner = self._inner.values[first[mine][:, None] + np.arange(size * (size - 1) // 2)]
                value[mine] = largest_tree(kin[inner], size)
        return value

    def prior(self, patterns: Patterns, copies: Floats) -> Floats:
        """Log prior weight of a cluster by the number of its rows in each list, for all that were met."""
        counts = self._counts.values
        present = (counts > 0).astype(np.float64)
        value = np.log(patterns(self.sets))[self._set_of_lists.values] + gammaln(counts + 1.0).sum(axis=1)
        return np.asarray(value + present @ np.log1p(-copies) + (counts - present) @ np.log(copies))

    def log_weights(self, parameters: Parameters, ids: Ints) -> Floats:
        """Log weight of some clusters."""
        if parameters is not self._at or len(self._prior) < self._counts.n:
            self._relate(parameters.relatives)
            self._prior = self.prior(parameters.patterns, parameters.copies)
            self._at = parameters
        return np.asarray(self._evidence(ids) + self._prior[self._lists.values[ids]])

    def set_of(self, ids: Ints) -> Ints:
        """Place of the lists of clusters among all sets of lists."""
        return np.asarray(self._set_of_lists.values[self._lists.values[ids]])

    def counts(self, ids: Ints) -> Ints:
        """Rows of clusters by list."""
        return np.asarray(self._counts.values[self._lists.values[ids]])


def _keys_of_pairs(keys: Keys, pairs: Ints) -> tuple[KeyTable, Ints]:
    """Pairs of units by the sum of their keys, and a pair for each."""
    table = KeyTable()
    sums, place = np.unique(keys[pairs].sum(axis=1, dtype=np.uint64), return_index=True)
    table.add(sums)
    return table, pairs[place]


def _taken(values: Ints, start: Ints, sizes: Ints) -> Ints:
    """Runs of an array, one after the other."""
    return np.asarray(values[runs(start, sizes)])
