"""Clusters that were ever weighed, each known by the sum of the keys of its units, and by what its rows say.

A sweep weighs the clusters that it asks for, once. What rows say in a field is weighed for all clusters in
which they say the same, and anew when the rates of the field change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.linkage.clusters import log_ratio
from detcount._numerics.linkage.decision import largest_tree
from detcount._numerics.linkage.keys import Keys, KeyTable, Once, Room
from detcount.linkage.field_values import CellValues, FieldValues, SaidSets, WordValues
from detcount.linkage.people_likelihood import WORDS, PeopleLikelihood

_NEVER = -1e6  # log weight of a cluster that is ruled out: finite, so that sums stay numbers
_CALL = 500  # clusters that are looked up in the time that a call takes besides
_TREES = (1, 2, 3, 5, 8, 12)  # sizes of trees, few, as each has a price
_RELATED = ("surnames", "arrested", "place")  # what relatives who are arrested together share

Patterns = Callable[[Ints], Floats]
Rates = dict[str, tuple[float, ...]]
"""By field: probability that a row writes another value than the true one, that it slips, and, of days of
arrest, that a person was arrested twice."""
Members = Callable[[Ints], tuple[Ints, Ints]]
"""Units of some of the clusters that are asked for, one cluster after the other, and how many each has."""


@dataclass(frozen=True, eq=False)
class Parameters:
    """What the weight of a cluster depends on besides its rows and the rates of fields.

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


class ClusterWeights:
    """Log weights of clusters of units; a unit is a row, or rows that are known to be one person.

    Parameters
    ----------
    likelihood : PeopleLikelihood
        What rows write.
    units : sequence of ndarray of int64
        Rows of each unit.
    list_of : ndarray of int64
        List of each row.
    n_lists : int
        Number of lists.
    referred : ndarray of bool
        Rows that one list took from another.
    apart : sequence of (int, int)
        Units that are known to be two people.
    most : ndarray of int64, shape (n_lists,)
        Rows that one person can have in each list.
    alike : tuple of ndarray of int64
        Pairs of units that may be one person. A cluster that they do not hold together is ruled out.
    """

    def __init__(
        self,
        likelihood: PeopleLikelihood,
        units: Sequence[Ints],
        list_of: Ints,
        n_lists: int,
        referred: np.ndarray,
        apart: Sequence[tuple[int, int]],
        most: Ints,
        alike: tuple[Ints, Ints],
    ) -> None:
        self._likelihood = likelihood
        self._unit_size = np.array([len(unit) for unit in units], dtype=np.int64)
        self._unit_start = np.cumsum(self._unit_size) - self._unit_size
        self._unit_rows = np.concatenate([*units, np.empty(0, dtype=np.int64)])
        self._owner = np.repeat(np.arange(len(units)), self._unit_size)
        self._list_of, self._most = list_of, most
        self._referred = referred
        self._copied = self._by_unit(referred.astype(np.int64)) > 0
        self._counts_of_unit = np.stack([self._by_unit(list_of == k) for k in range(n_lists)], axis=1)
        random = np.random.default_rng(len(units))
        self._start_sets(likelihood, random)
        self.keys = random.integers(1, 2**62, size=len(units), dtype=np.uint64)
        self._edge, edges = _keys_of_pairs(self.keys, np.stack(alike, axis=1))
        self._apart, _ = _keys_of_pairs(self.keys, np.array(apart, dtype=np.int64).reshape(-1, 2))
        self._known = KeyTable()
        self._tree_size, self._tree_row, self._lists = (Room(dtype=np.int32) for _ in range(3))
        self._allowed = Room(dtype=np.bool_)
        self._said = Room((len(self._sets_of_field),), np.int32)
        self._piece_of, self._piece_said = Room(dtype=np.int64), Room((len(self._sets_of_field),), np.int32)
        self._trees: dict[int, Room] = {}
        self._lists_key = random.integers(1, 2**62, size=n_lists, dtype=np.uint64)
        self._lists_known, self._counts = KeyTable(), Room((n_lists,), np.int64)
        self._set_of_lists = Room(dtype=np.int64)
        self._sets: dict[int, int] = {}  # place of each set of lists on which some cluster is
        self._at: Parameters | None = None
        self._version, self._once = 0, Once()
        self._weight, self._stamp = Room(), Room(dtype=np.int32)
        self._kin_of_edge = self._prior_of_lists = np.empty(0)
        self.work = 0  # rows of all large sets of names that were weighed
        self.asked = 0  # clusters that were looked up, and what calls cost besides
        self._edge_ids = self.lookup(edges.ravel(), np.full(len(edges), 2))

    def _by_unit(self, values: np.ndarray) -> Ints:
        """Sum of the values of its rows, by unit."""
        return np.bincount(self._owner, values[self._unit_rows], minlength=len(self._unit_size)).astype(
            np.int64
        )

    def _start_sets(self, likelihood: PeopleLikelihood, random: np.random.Generator) -> None:
        """Prepare what is said in each field, by unit."""
        last: list[tuple[Ints, Floats]] = []

        def words(role: int, members: Ints) -> Floats:
            if not last or last[0][0] is not members:
                last[:] = [(members, likelihood.names(members))]
            return last[0][1][:, role]

        self._values: dict[str, tuple[int, FieldValues]] = {}
        names = [
            WordValues(lambda members, role=role: words(role, members))  # type: ignore[misc]
            for role in range(len(WORDS))
        ]
        content = likelihood.contents()
        self._sets_of_field = [SaidSets(content, content >= 0, names, random)]
        self._values.update({field: (0, value) for field, value in zip(WORDS, names, strict=True)})
        rows = np.arange(len(content))
        for field in likelihood.fields:
            cells = CellValues(likelihood, field)
            self._values[field] = len(self._sets_of_field), cells
            self._sets_of_field.append(
                SaidSets(likelihood.contents(field), likelihood.written(field, rows), [cells], random)
            )
        self.fields = tuple(self._values)
        self._said_key = np.zeros((len(self._unit_size), len(self._sets_of_field)), dtype=np.uint64)
        for place, sets in enumerate(self._sets_of_field):
            np.add.at(self._said_key[:, place], self._owner, sets.row_key[self._unit_rows])
        self._n_written = np.stack([self._by_unit(sets.written) for sets in self._sets_of_field], axis=1)

    def __len__(self) -> int:
        return len(self._known)

    @property
    def rates(self) -> Rates:
        """Rates of errors by field."""
        return {field: value.rates for field, (_, value) in self._values.items() if value.rates}

    @property
    def sets(self) -> Ints:
        """Sets of lists on which some cluster is, by bits, in the order in which they were met."""
        return np.array([*self._sets], dtype=np.int64)

    def lookup(self, units: Ints, sizes: Ints) -> Ints:
        """Numbers of clusters, given their units one after the other; new ones are prepared."""
        start = np.cumsum(sizes) - sizes
        keys = np.add.reduceat(self.keys[units], start) if len(sizes) else np.empty(0, dtype=np.uint64)
        return self.numbers(keys, lambda which: (_taken(units, start[which], sizes[which]), sizes[which]))

    def numbers(self, keys: Keys, members: Members) -> Ints:
        """Numbers of clusters, given the sums of the keys of their units; new ones are prepared."""
        self.asked += _CALL + len(keys)
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
        """Whether decisions and the most rows by list let some units be one person."""
        counts = self._counts_of_unit[units].sum(axis=0)
        one, two = np.triu_indices(len(units), 1)
        apart = self._apart.find(self.keys[units[one]] + self.keys[units[two]])
        return bool((counts <= self._most).all() and (apart < 0).all())

    def forget(self, n: int) -> None:
        """Keep the first clusters alone; the others are prepared anew when they are met again."""
        self._known.keep(n)
        for room in (
            *(self._tree_size, self._tree_row, self._lists, self._allowed),
            *(self._said, self._weight, self._stamp),
        ):
            room.n = n
        for size, room in self._trees.items():
            rows = self._tree_row.values[self._tree_size.values == size]
            room.n = int(rows.max(initial=-1)) + 1
        self._piece_of.n = self._piece_said.n = int(np.searchsorted(self._piece_of.values, n))

    def _add(self, units: Ints, sizes: Ints) -> None:
        """Prepare clusters that are met for the first time."""
        n, first, start = len(sizes), self._allowed.n, np.cumsum(sizes) - sizes
        counts = np.zeros((n, self._counts_of_unit.shape[1]), dtype=np.int64)
        said_key = np.zeros((n, len(self._sets_of_field)), dtype=np.uint64)
        written, allowed = np.zeros(said_key.shape, dtype=np.int64), np.ones(n, dtype=np.bool_)
        copied, tree = np.zeros(n, dtype=np.bool_), np.full(n, -1)
        for size in np.unique(sizes).tolist():
            mine = np.flatnonzero(sizes == size)
            table = units[start[mine][:, None] + np.arange(size)]
            counts[mine] = self._counts_of_unit[table].sum(axis=1)
            said_key[mine] = self._said_key[table].sum(axis=1)
            written[mine] = self._n_written[table].sum(axis=1)
            copied[mine] = self._copied[table].any(axis=1)
            if size > 1:
                allowed[mine], tree[mine] = self._inside(table)
        allowed &= (counts <= self._most).all(axis=1)
        self._tree_size.add(np.array([_tree_size(size) for size in sizes.tolist()]))
        self._tree_row.add(tree)
        self._allowed.add(allowed)
        self._weight.add(np.zeros(n))
        self._stamp.add(np.full(n, -1))
        self._lists.add(self._of_lists(counts))

        def rows_of(clusters: Ints) -> tuple[Ints, Ints]:
            mine = _taken(units, start[clusters], sizes[clusters])
            rows = _taken(self._unit_rows, self._unit_start[mine], self._unit_size[mine])
            return rows, counts[clusters].sum(axis=1)

        copied &= allowed & (counts.sum(axis=1) > 1)
        whole = written * (allowed & ~copied)[:, None]
        said = np.zeros(written.shape, dtype=np.int64)
        for place, sets in enumerate(self._sets_of_field):
            said[:, place], work = sets.numbers(said_key[:, place], whole[:, place], rows_of)
            self.work += work
        self._said.add(said)
        for place in np.flatnonzero(copied).tolist():
            for piece in self._pieces(rows_of(np.array([place]))[0]):
                self._piece_of.add(np.array([first + place]))
                self._piece_said.add(self._said_by(piece)[None])

    def _inside(self, table: Ints) -> tuple[np.ndarray, Ints]:
        """Whether clusters of equal size are allowed, and where their pairs of units stand."""
        n, size = table.shape
        one, two = np.triu_indices(size, 1)
        key = self.keys[table]
        pairs = (key[:, one] + key[:, two]).ravel()
        edge = self._edge.find(pairs).reshape(n, -1)
        allowed = np.ones(n, dtype=np.bool_)
        if len(self._apart):
            allowed &= (self._apart.find(pairs).reshape(n, -1) < 0).all(axis=1)
        near = np.zeros((n, size, size), dtype=np.bool_)
        near[:, one, two] = near[:, two, one] = edge >= 0
        reached = np.zeros((n, size), dtype=np.bool_)
        reached[:, 0] = True
        for _ in range(size - 1):
            reached |= (near & reached[:, :, None]).any(axis=1)
        room = self._trees.setdefault(held := _tree_size(size), Room((held * (held - 1) // 2,), np.int32))
        row = room.n + np.arange(n)
        pairs = np.full((n, held, held), -1)
        pairs[:, one, two] = edge
        room.add(pairs[:, *np.triu_indices(held, 1)])
        return allowed & reached.all(axis=1), row

    def _of_lists(self, counts: Ints) -> Ints:
        """Number of each count of rows by list."""
        keys = counts.astype(np.uint64) @ self._lists_key
        found = self._lists_known.find(keys)
        if (found < 0).any():
            new, place = np.unique(keys[found < 0], return_index=True)
            here = counts[np.flatnonzero(found < 0)[place]]
            self._lists_known.add(new)
            self._counts.add(here)
            sets = ((here > 0) * (1 << np.arange(here.shape[1]))).sum(axis=1)
            places = [self._sets.setdefault(code, len(self._sets)) for code in sets.tolist()]
            self._set_of_lists.add(np.array(places, dtype=np.int64))
            found = self._lists_known.find(keys)
        return found

    def _said_by(self, rows: Ints) -> Ints:
        """Numbers of what some rows say together, by field."""
        one = np.array([len(rows)], dtype=np.int64)
        return np.array(
            [
                sets.numbers(
                    sets.row_key[rows].sum(keepdims=True),
                    sets.written[rows].sum(keepdims=True),
                    lambda _: (rows, one),
                )[0][0]
                for sets in self._sets_of_field
            ]
        )

    def _pieces(self, rows: Ints) -> list[Ints]:
        """Rows that nobody copied, and each copy with the row that it is most like."""
        own = rows[~self._referred[rows]]
        if not len(own):
            own = rows[:1]
        pieces = [np.sort(own)] if len(own) > 1 else []
        for row in rows[~np.isin(rows, own)].tolist():
            pairs = np.stack([np.full(len(own), row), np.sort(own)], axis=1)
            names = self._likelihood.names(pairs).sum(axis=1)
            like = names[:, names.shape[1] // 2]
            for field in self._likelihood.fields:
                both = np.flatnonzero(self._likelihood.written(field, pairs).all(axis=1))
                if len(both):
                    cells = self._likelihood.cells(field, pairs[both])
                    like[both] += log_ratio(cells, *self.rates.get(field, (0.03, 0.03)))
            pieces.append(np.sort(pairs[int(np.argmax(like))]))
        return pieces

    def set_rates(self, rates: Mapping[str, tuple[float, ...]]) -> None:
        """Take other rates."""
        for field, pair in rates.items():
            self._values[field][1].set_rates(pair)
        self._at = None

    def field(self, field: str, ids: Ints, rates: tuple[float, ...] | None = None) -> Floats:
        """Log ratios of one field, by cluster, at other rates if they are given."""
        place, value = self._values[field]

        def of(said: Ints) -> Floats:
            return value.of(said) if rates is None else value.tried(rates, said)

        found = of(self._said.values[ids, place])
        if self._piece_of.n:
            low, high = np.searchsorted(self._piece_of.values, [ids, ids + 1])
            pieces = _taken(np.arange(self._piece_of.n), low, high - low)
            owner = np.repeat(np.arange(len(ids)), high - low)
            found = found + np.bincount(owner, of(self._piece_said.values[pieces, place]), minlength=len(ids))
        return found

    def by_field(self, ids: Ints) -> Floats:
        """Log ratio of each field, by cluster."""
        return np.stack([self.field(field, ids) for field in self.fields], axis=1)

    def tells(self, field: str, ids: Ints) -> Floats:
        """Whether more than one row of a cluster writes a field, as 0 or 1."""
        if field in WORDS:
            return np.ones(len(ids))
        return np.asarray(self._said.values[ids, self._values[field][0]] > 0, dtype=np.float64)

    def related(self, ids: Ints) -> Floats:
        """Log ratio of what relatives arrested together share."""
        return np.asarray(sum(self.field(name, ids) for name in _RELATED if name in self._values))

    def evidence(self, relatives: float, ids: Ints) -> Floats:
        """Log likelihood of one person over that of several, some of whom may be relatives.

        Relatives share their surnames, and the day and the place of arrest.
        """
        kin = np.logaddexp(0.0, np.log(relatives) + self.related(self._edge_ids))
        return self._evidence(kin, ids)

    def _evidence(self, kin_of_edge: Floats, ids: Ints) -> Floats:
        value = sum(self.field(field, ids) for field in self.fields) - self._kin(kin_of_edge, ids)
        return np.where(self._allowed.values[ids], value, _NEVER)

    def _kin(self, kin_of_edge: Floats, ids: Ints) -> Floats:
        """How much likelier the units of clusters are as several people when some of them may be relatives.

        Each unit but one may be a relative of another, at the rate of relatives: the sum runs along the tree
        of pairs that are most alike in what relatives share.
        """
        kin = np.append(kin_of_edge, 0.0)  # the last for pairs that were not compared
        value = np.zeros(len(ids))
        sizes = self._tree_size.values[ids]
        for size in np.unique(sizes[sizes > 1]).tolist():
            mine = np.flatnonzero(sizes == size)
            inside = kin[self._trees[size].values[self._tree_row.values[ids[mine]]]]
            value[mine] = inside[:, 0] if size == 2 else largest_tree(inside, size)
        return value

    def prior(self, patterns: Patterns, copies: Floats, n: int) -> Floats:
        """Log prior weight of a cluster by the number of its rows in each list, from the n-th such set on."""
        counts = self._counts.values[n:]
        present = (counts > 0).astype(np.float64)
        value = np.log(patterns(self.sets))[self._set_of_lists.values[n:]] + gammaln(counts + 1.0).sum(axis=1)
        return np.asarray(value + present @ np.log1p(-copies) + (counts - present) @ np.log(copies))

    def log_weights(self, parameters: Parameters, ids: Ints) -> Floats:
        """Log weight of some clusters; each is weighed once as long as parameters and rates are the same."""
        if parameters is not self._at:
            self._at = parameters
            self._version += 1
            self._prior_of_lists = np.empty(0)
            self._kin_of_edge = np.logaddexp(0.0, np.log(parameters.relatives) + self.related(self._edge_ids))
        if (known := len(self._prior_of_lists)) < len(self._lists_known):
            prior = self.prior(parameters.patterns, parameters.copies, known)
            self._prior_of_lists = np.append(self._prior_of_lists, prior)
        stale = self._stamp.values[ids] != self._version
        if stale.any():
            new = self._once.of(ids[stale], len(self))
            prior = self._prior_of_lists[self._lists.values[new]]
            self._weight.values[new] = self._evidence(self._kin_of_edge, new) + prior
            self._stamp.values[new] = self._version
        return np.asarray(self._weight.values[ids])

    def set_of(self, ids: Ints) -> Ints:
        """Place of the lists of clusters among all sets of lists."""
        return np.asarray(self._set_of_lists.values[self._lists.values[ids]])

    def counts(self, ids: Ints) -> Ints:
        """Rows of clusters by list."""
        return np.asarray(self._counts.values[self._lists.values[ids]])


def _tree_size(size: int) -> int:
    """Size of the tree in which clusters of a size are weighed: pairs that are not there add 0 to it."""
    return next((most for most in _TREES if size <= most), size)


def _keys_of_pairs(keys: Keys, pairs: Ints) -> tuple[KeyTable, Ints]:
    """Pairs of units by the sum of their keys, and a pair for each."""
    table = KeyTable()
    sums, place = np.unique(keys[pairs].sum(axis=1, dtype=np.uint64), return_index=True)
    table.add(sums)
    return table, pairs[place]


def _taken(values: Ints, start: Ints, sizes: Ints) -> Ints:
    """Runs of an array, one after the other."""
    offset = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.asarray(values[np.repeat(start, sizes) + offset])
