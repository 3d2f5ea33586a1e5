"""Clusters that were ever weighed, with what each field says of them, so that none is weighed twice.

It is one store, in which a cluster is looked up, weighed and forgotten; `_numerics` computes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.linkage.clusters import Cells, joined, log_ratio
from detcount._numerics.linkage.trees import largest_tree
from detcount.linkage.people_likelihood import WORDS, PeopleLikelihood, between_rates
from detcount.linkage.swappable import swappable

_NEVER = -1e6  # log weight of a cluster that is ruled out: finite, so that sums stay numbers
_MANY = 6  # rows of a cluster above which it is dear to weigh
_RELATED = ("surnames", "arrested", "place")  # what relatives who are arrested together share

Patterns = Callable[[Ints], Floats]
Rates = dict[str, tuple[float, ...]]
"""By field: probability that a row writes another value than the true one, that it slips, and, of days of
arrest, that a person was arrested twice."""


@dataclass(frozen=True, eq=False)
class Parameters:
    """What the weight of a cluster depends on besides its rows.

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


@dataclass(frozen=True, eq=False)
class _Batch:
    """Clusters of equal size in one field that more than one of their rows writes."""

    target: Ints
    members: Ints
    cells: Cells

    def only(self, chosen: Ints) -> _Batch:
        """Some of the clusters."""
        return _Batch(self.target[chosen], self.members[chosen], self.cells.only(chosen))


def _joined(batches: Sequence[_Batch]) -> _Batch:
    """Clusters of several batches."""
    if len(batches) == 1:
        return batches[0]
    return _Batch(
        np.concatenate([batch.target for batch in batches]),
        np.concatenate([batch.members for batch in batches]),
        joined([batch.cells for batch in batches]),
    )


class _Room:
    """Rows of an array with room for more, so that none is copied each time that some are added."""

    def __init__(self, width: tuple[int, ...] = (), dtype: type = np.float64) -> None:
        self._held: np.ndarray = np.zeros((64, *width), dtype=dtype)
        self.n = 0

    @property
    def values(self) -> np.ndarray:
        """What is held."""
        return self._held[: self.n]

    def add(self, rows: np.ndarray) -> None:
        """Add rows at the end."""
        n = self.n + len(rows)
        if n > len(self._held):
            more = np.zeros((max(n, 2 * len(self._held)), *self._held.shape[1:]), dtype=self._held.dtype)
            more[: self.n] = self.values
            self._held = more
        self._held[self.n : n] = rows
        self.n = n


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
    alike : tuple of ndarray of int64, optional
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
        alike: tuple[Ints, Ints] | None = None,
    ) -> None:
        self._likelihood = likelihood
        self._unit_size = np.array([len(unit) for unit in units], dtype=np.int64)
        self._unit_start = np.cumsum(self._unit_size) - self._unit_size
        self._unit_rows = np.concatenate([*units, np.empty(0, dtype=np.int64)])
        self._list_of, self._n_lists = list_of, n_lists
        self._referred = referred
        self._apart: dict[int, set[int]] = {}
        for one, two in apart:
            self._apart.setdefault(one, set()).add(two)
            self._apart.setdefault(two, set()).add(one)
        self._most = most
        self._alike: dict[int, set[int]] | None = None
        if alike is not None:
            self._alike = {unit: set() for unit in range(len(units))}
            for one, two in zip(alike[0].tolist(), alike[1].tolist(), strict=True):
                self._alike[one].add(two)
                self._alike[two].add(one)
        key = np.random.default_rng(len(units)).integers(1, 2**63, size=len(units), dtype=np.uint64)
        if self._alike is not None:
            content = list(zip(likelihood.content(), list_of.tolist(), referred.tolist(), strict=True))
            key = key[swappable(content, units, self._apart, self._alike)]
        self._key = key  # the sum of the keys of its units names a cluster, or those of equal weight
        self._known: dict[int, int] = {}
        n_rates = len(between_rates((0.01, 0.01)))
        self._words = {name: _Room((n_rates,)) for name in WORDS}
        self._batches: dict[str, dict[tuple[int, ...], list[_Batch]]] = {}
        self._n_units, self._tree_row, self._pattern = (_Room(dtype=np.int64) for _ in range(3))
        self._allowed, self._orders = _Room(dtype=np.bool_), _Room()
        self._trees: dict[int, _Room] = {}
        self._counts = _Room((n_lists,), np.int64)
        self._sets: dict[int, int] = {}  # place of each set of lists on which some cluster is
        self.fields = (*WORDS, *likelihood.fields)
        self._column = {name: place for place, name in enumerate(self.fields)}
        self._by_field = _Room((len(self.fields),))
        self._single = {name: self._single_cells(name) for name in likelihood.fields}
        self._alone: dict[str, Floats] = {}
        self.rates: Rates = {}
        self.work = 0  # rows of all dear clusters that were weighed
        self.asked = 0  # clusters that were looked up

    def __len__(self) -> int:
        return self._n_units.n

    @property
    def by_field(self) -> Floats:
        """Log ratio of each field, by cluster."""
        return self._by_field.values

    @property
    def sets(self) -> Ints:
        """Sets of lists on which some cluster is, by bits, in the order in which they were met."""
        return np.array([*self._sets], dtype=np.int64)

    def _single_cells(self, field: str) -> tuple[Ints, Cells]:
        rows = np.flatnonzero(self._likelihood.written(field, np.arange(len(self._list_of))))
        return rows, self._likelihood.cells(field, rows[:, None])

    def lookup(self, units: Ints, sizes: Ints) -> Ints:
        """Numbers of clusters, given their units one after the other; new ones are weighed."""
        self.asked += len(sizes)
        start = np.cumsum(sizes) - sizes
        keys = np.add.reduceat(self._key[units], start).tolist()
        found = [self._known.get(key, -1) for key in keys]
        numbers = np.array(found, dtype=np.int64)
        missing = np.flatnonzero(numbers < 0)
        if len(missing):
            fresh: dict[int, int] = {}
            for place in missing.tolist():
                fresh.setdefault(keys[place], place)
            places = np.array(sorted(fresh.values()), dtype=np.int64)
            first = len(self)
            for offset, place in enumerate(places.tolist()):
                self._known[keys[place]] = first + offset
            self._add(units, start[places], sizes[places])
            numbers[missing] = [self._known[keys[place]] for place in missing.tolist()]
        return numbers

    def allows(self, units: Ints) -> bool:
        """Whether decisions and the most rows by list let some units be one person."""
        inside = set(units.tolist())
        if any(not self._apart.get(unit, set()).isdisjoint(inside) for unit in inside):
            return False
        rows = _taken(self._unit_rows, self._unit_start[units], self._unit_size[units])
        counts = np.bincount(self._list_of[rows], minlength=self._n_lists)
        return bool((counts <= self._most).all())

    def forget(self, n: int) -> None:
        """Keep the first clusters alone; the others are weighed anew when they are met again."""
        self._known = {key: number for key, number in self._known.items() if number < n}
        for room in (
            *(self._n_units, self._tree_row, self._pattern, self._allowed, self._orders, self._counts),
            *(self._by_field, *self._words.values()),
        ):
            room.n = n
        for size, room in self._trees.items():
            rows = self._tree_row.values[self._n_units.values == size]
            room.n = int(rows.max(initial=-1)) + 1
        for field in self._batches:
            kept = [batch.only(np.flatnonzero(batch.target < n)) for batch in self._joined(field)]
            self._batches[field] = {batch.cells.hit.shape[1:]: [batch] for batch in kept if len(batch.target)}

    def _add(self, units: Ints, start: Ints, sizes: Ints) -> None:
        """Weigh clusters for the first time."""
        first = len(self)
        members = _taken(units, start, sizes)
        unit_start = np.cumsum(sizes) - sizes
        rows = _taken(self._unit_rows, self._unit_start[members], self._unit_size[members])
        owner = np.repeat(np.arange(len(sizes)), sizes)
        row_owner = np.repeat(owner, self._unit_size[members])
        n_rows = np.bincount(row_owner, minlength=len(sizes))
        self.work += int(n_rows[n_rows > _MANY].sum())
        counts = np.zeros((len(sizes), self._n_lists), dtype=np.int64)
        np.add.at(counts, (row_owner, self._list_of[rows]), 1)
        allowed = np.asarray((counts <= self._most).all(axis=1))
        for place in range(len(sizes)) if self._apart or self._alike else ():
            mine = members[unit_start[place] : unit_start[place] + sizes[place]].tolist()
            if any(not self._apart.get(unit, set()).isdisjoint(mine) for unit in mine) or (
                self._alike is not None and not _holds_together(mine, self._alike)
            ):
                allowed[place] = False
        self._n_units.add(sizes)
        self._tree_row.add(self._add_trees(members, unit_start, sizes))
        self._counts.add(counts)
        self._allowed.add(allowed)
        sets = ((counts > 0) * (1 << np.arange(self._n_lists))).sum(axis=1)
        self._pattern.add(
            np.array([self._sets.setdefault(code, len(self._sets)) for code in sets.tolist()], dtype=np.int64)
        )
        self._orders.add(gammaln(counts + 1.0).sum(axis=1))
        for room in (self._by_field, *self._words.values()):
            room.add(np.zeros((len(sizes), room.values.shape[1])))
        row_start = np.cumsum(n_rows) - n_rows
        copied = np.zeros(len(sizes), dtype=bool)
        if self._referred.any():
            copied = np.bincount(row_owner, self._referred[rows], minlength=len(sizes)) > 0
            pieces = [
                (first + place, piece)
                for place in np.flatnonzero(copied & allowed & (n_rows > 1)).tolist()
                for piece in self._pieces(rows[row_start[place] : row_start[place] + n_rows[place]])
            ]
            for size in sorted({len(piece) for _, piece in pieces}):
                same = [(target, piece) for target, piece in pieces if len(piece) == size]
                self._weigh(np.array([target for target, _ in same]), np.array([piece for _, piece in same]))
        for size in np.unique(n_rows[allowed & ~copied]).tolist():
            if size > 1:
                chosen = np.flatnonzero(allowed & ~copied & (n_rows == size))
                table = rows[row_start[chosen][:, None] + np.arange(size)]
                self._weigh(first + chosen, np.sort(table, axis=1))

    def _pieces(self, rows: Ints) -> list[Ints]:
        """Rows that nobody copied, and each copy with the row that it is most like."""
        own = rows[~self._referred[rows]]
        if not len(own):
            own = rows[:1]
        copies = [row for row in rows.tolist() if row not in set(own.tolist())]
        pieces = [np.sort(own)] if len(own) > 1 else []
        for row in copies:
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

    def _weigh(self, target: Ints, members: Ints) -> None:
        """Weigh clusters of equal size."""
        names = self._likelihood.names(members)
        for role, name in enumerate(WORDS):
            table = self._words[name].values
            np.add.at(table, target, names[:, role])
            if name in self.rates:
                here = table[target] @ between_rates(self.rates[name])
                self.by_field[target, self._column[name]] = here
        for field in self._likelihood.fields:
            telling = np.flatnonzero(self._likelihood.written(field, members).sum(axis=1) > 1)
            if len(telling):
                mine = members[telling]
                batch = _Batch(target[telling], mine, self._likelihood.cells(field, mine))
                same = self._batches.setdefault(field, {}).setdefault(batch.cells.hit.shape[1:], [])
                same.append(batch)
                if field in self.rates:
                    values = self.by_field[:, self._column[field]]
                    self._add_field(values, field, self.rates[field], [batch])

    def _joined(self, field: str) -> list[_Batch]:
        """All clusters of a field, those of equal size together."""
        batches = self._batches.get(field, {})
        for shape, parts in batches.items():
            batches[shape] = [_joined(parts)]
        return [parts[0] for parts in batches.values()]

    def _add_field(
        self, values: Floats, field: str, rates: tuple[float, ...], batches: Sequence[_Batch]
    ) -> None:
        """Add the log ratio of a field to the clusters of some batches."""
        alone = np.zeros(len(self._list_of))
        rows, single = self._single[field]
        alone[rows] = log_ratio(single, *rates)
        for batch in batches:
            value = log_ratio(batch.cells, *rates) - alone[batch.members].sum(axis=1)
            np.add.at(values, batch.target, value)

    def field_values(self, field: str, rates: tuple[float, ...], ids: Ints | None = None) -> Floats:
        """Log ratio of a field at other rates, by cluster."""
        if field in WORDS:
            table = self._words[field].values if ids is None else self._words[field].values[ids]
            return np.asarray(table @ between_rates(rates))
        values = np.zeros(len(self))
        batches = self._joined(field)
        if ids is not None:
            wanted = np.zeros(len(self), dtype=bool)
            wanted[ids] = True
            batches = [batch.only(np.flatnonzero(wanted[batch.target])) for batch in batches]
        self._add_field(values, field, rates, batches)
        return values if ids is None else values[ids]

    def tells(self, field: str, ids: Ints) -> Floats:
        """Whether more than one row of a cluster writes a field, as 0 or 1."""
        if field in WORDS:
            return np.ones(len(ids))
        told = np.zeros(len(self))
        for batch in self._joined(field):
            told[batch.target] = 1.0
        return told[ids]

    def take(self, field: str, rates: tuple[float, ...], values: Floats) -> None:
        """Take other rates of a field, with its log ratios there."""
        self.rates[field] = rates
        self.by_field[:, self._column[field]] = values

    def set_rates(self, rates: Mapping[str, tuple[float, ...]]) -> None:
        """Take other rates."""
        for field, pair in rates.items():
            self.take(field, pair, self.field_values(field, pair))

    def column(self, field: str) -> Floats:
        """Log ratios of one field."""
        return np.asarray(self.by_field[:, self._column[field]])

    def _add_trees(self, members: Ints, start: Ints, sizes: Ints) -> Ints:
        """Keep the pairs inside clusters of three units and more; where those of each cluster stand."""
        row = np.full(len(sizes), -1)
        for size in np.unique(sizes[sizes > 2]).tolist():
            mine = np.flatnonzero(sizes == size)
            units = self._key[members[start[mine][:, None] + np.arange(size)]]
            one, two = np.triu_indices(size, 1)
            keys = (units[:, one] + units[:, two]).ravel().tolist()
            pairs = np.array([self._known.get(key, -1) for key in keys], dtype=np.int64)
            room = self._trees.setdefault(size, _Room((len(one),), np.int64))
            row[mine] = room.n + np.arange(len(mine))
            room.add(pairs.reshape(len(mine), -1))
        return row

    def related(self, ids: Ints) -> Floats:
        """Log ratio of what relatives arrested together share."""
        columns = [self._column[name] for name in _RELATED if name in self._column]
        return np.asarray(sum(self.by_field[ids, column] for column in columns))

    def _kin(self, ids: Ints, relatives: float) -> Floats:
        """How much likelier the units of clusters are as several people when some of them may be relatives.

        Each unit but one may be a relative of another, at the rate `relatives`: the sum runs along the tree
        of pairs that are most alike in what relatives share.
        """
        rate = np.log(relatives)
        value = np.zeros(len(ids))
        sizes = self._n_units.values[ids]
        pairs = np.flatnonzero(sizes == 2)
        value[pairs] = np.logaddexp(0.0, rate + self.related(ids[pairs]))
        for size in np.unique(sizes[sizes > 2]).tolist():
            mine = np.flatnonzero(sizes == size)
            inside = self._trees[size].values[self._tree_row.values[ids[mine]]]
            known = np.where(inside >= 0, np.logaddexp(0.0, rate + self.related(inside)), 0.0)
            value[mine] = largest_tree(known, size)
        return value

    def evidence(self, relatives: float, ids: Ints | None = None) -> Floats:
        """Log likelihood of one person over that of several, some of whom may be relatives.

        Relatives share their surnames, and the day and the place of arrest.
        """
        rows = np.arange(len(self)) if ids is None else ids
        value = self.by_field[rows].sum(axis=1) - self._kin(rows, relatives)
        return np.where(self._allowed.values[rows], value, _NEVER)

    def prior(self, patterns: Patterns, copies: Floats, ids: Ints | None = None) -> Floats:
        """Log prior weight of each cluster, or of some."""
        chosen = slice(None) if ids is None else ids
        counts = self._counts.values[chosen]
        present = (counts > 0).astype(np.float64)
        value = np.log(patterns(self.sets))[self._pattern.values[chosen]] + self._orders.values[chosen]
        return np.asarray(value + present @ np.log1p(-copies) + (counts - present) @ np.log(copies))

    def log_weights(self, parameters: Parameters, ids: Ints | None = None) -> Floats:
        """Log weight of each cluster, or of some."""
        prior = self.prior(parameters.patterns, parameters.copies, ids)
        return self.evidence(parameters.relatives, ids) + prior

    @property
    def pattern(self) -> Ints:
        """Place of the lists of each cluster among all sets of lists."""
        return self._pattern.values

    @property
    def counts(self) -> Ints:
        """Rows of each cluster by list."""
        return self._counts.values


def _holds_together(units: list[int], alike: Mapping[int, set[int]]) -> bool:
    """Whether each unit is reached from the first by pairs that may be one person."""
    left = set(units[1:])
    reached = [units[0]]
    while reached and left:
        found = alike[reached.pop()] & left
        left -= found
        reached.extend(found)
    return not left


def _taken(values: Ints, start: Ints, sizes: Ints) -> Ints:
    """Runs of an array, one after the other."""
    offset = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.asarray(values[np.repeat(start, sizes) + offset])
