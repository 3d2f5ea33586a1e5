"""What rows of clusters say in each field: equal sets of what is said are weighed once at the same rates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.linkage.clusters import Cells, log_ratio
from detcount._numerics.linkage.keys import Keys, KeyTable, Once, Room
from detcount.linkage.people_likelihood import MANY, PeopleLikelihood, between_rates

_FEW = 5_000  # sets that are all weighed anew when the rates change, as each call has a price too
NOTHING = 0
"""Number of a set of which fewer than two rows say something."""


class SaidSets:
    """Sets of what rows say in a field; rows that say the same are one to it.

    Parameters
    ----------
    content : ndarray of int64, shape (n,)
        Number of what each row says; -1 for rows that change nothing.
    written : ndarray of bool, shape (n,)
        Rows that say something. Fewer than two of them say nothing of being one person.
    values : sequence of FieldValues
        What is weighed of these sets.
    random : numpy.random.Generator
        Source of keys.
    """

    def __init__(
        self,
        content: Ints,
        written: np.ndarray,
        values: Sequence[FieldValues],
        random: np.random.Generator,
    ) -> None:
        self.content, self.written, self.values = content, written, values
        said = np.flatnonzero(content >= 0)
        _, first, number = np.unique(content[said], return_index=True, return_inverse=True)
        self._like = np.zeros(len(content), dtype=np.int64)  # first row that says the same
        self._like[said] = said[first][number]
        self.row_key = np.zeros(len(content), dtype=np.uint64)
        self.row_key[said] = random.integers(1, 2**63, size=len(first), dtype=np.uint64)[number]
        self._table = KeyTable()
        self._table.add(np.array([2**63 + 1], dtype=np.uint64))  # nothing

    def numbers(
        self, keys: Keys, n_written: Ints, rows_of: Callable[[Ints], tuple[Ints, Ints]]
    ) -> tuple[Ints, int]:
        """Numbers of sets by their keys, and how many rows the large new ones have.

        Parameters
        ----------
        keys : ndarray of uint64
            Sums of the keys of rows.
        n_written : ndarray of int64
            Rows of each set that say something.
        rows_of : callable
            Rows of some of the sets, one set after the other, and how many each has.
        """
        telling = np.flatnonzero(n_written > 1)
        found = np.full(len(keys), NOTHING, dtype=np.int64)
        if not len(telling):
            return found, 0
        asked = keys[telling]
        number = self._table.find(asked)
        work = 0
        if (number < 0).any():
            new, place = np.unique(asked[number < 0], return_index=True)
            rows, sizes = rows_of(telling[np.flatnonzero(number < 0)[place]])
            owner = np.repeat(np.arange(len(sizes)), sizes)
            counts = self.content[rows] >= 0
            owner, members = owner[counts], self._like[rows[counts]]
            members = members[np.lexsort((members, owner))]
            sizes = np.bincount(owner, minlength=len(sizes))
            work = int(sizes[sizes > MANY].sum())
            start = len(self._table)
            self._table.add(new)
            offset = np.cumsum(sizes) - sizes
            for value in self.values:
                value.make_room(len(new))
            for size in np.unique(sizes).tolist():
                mine = np.flatnonzero(sizes == size)
                table = members[offset[mine][:, None] + np.arange(size)]
                for value in self.values:
                    value.add(start + mine, table)
            number = self._table.find(asked)
        found[telling] = number
        return found, work


class FieldValues:
    """Log ratios of a field by set, kept until the rates change."""

    def __init__(self) -> None:
        self.rates: tuple[float, ...] = ()
        self._version = 0
        self._value, self._stamp = Room(), Room(dtype=np.int32)
        self._tried: tuple[tuple[float, ...], Floats] | None = None
        self._once = Once()
        self.make_room(1)

    def make_room(self, n: int) -> None:
        """Make room for more sets."""
        self._value.add(np.zeros(n))
        self._stamp.add(np.full(n, -1))
        self._stamp.values[NOTHING] = np.iinfo(np.int32).max

    def add(self, numbers: Ints, members: Ints) -> None:
        """Prepare sets of equal size."""
        raise NotImplementedError

    def at(self, rates: tuple[float, ...], numbers: Ints) -> Floats:
        """Log ratios of sets at other rates."""
        raise NotImplementedError

    def set_rates(self, rates: tuple[float, ...]) -> None:
        """Take other rates."""
        if rates != self.rates:
            self.rates = rates
            self._version += 1
            if self._tried is not None and self._tried[0] == rates and len(self._tried[1]) == self._value.n:
                self._value.values[:] = self._tried[1]
                self._stamp.values[1:] = self._version

    def tried(self, rates: tuple[float, ...], numbers: Ints) -> Floats:
        """Log ratios of sets at rates that may be taken next."""
        n = self._value.n
        if n <= _FEW:
            self._tried = rates, np.append(0.0, self.at(rates, np.arange(1, n)))
            return np.asarray(self._tried[1][numbers])
        sets, which = np.unique(numbers, return_inverse=True)
        return np.asarray(np.where(sets > 0, self.at(rates, sets), 0.0)[which])

    def of(self, numbers: Ints) -> Floats:
        """Log ratios of sets."""
        if not self.rates:
            return np.zeros(len(numbers))
        stale = self._stamp.values[numbers] < self._version
        if stale.any():
            n = self._value.n
            asked = np.arange(1, n) if n <= _FEW else self._once.of(numbers[stale], n)
            asked = np.sort(asked[self._stamp.values[asked] < self._version])
            self._value.values[asked] = self.at(self.rates, asked)
            self._stamp.values[asked] = self._version
        return np.asarray(self._value.values[numbers])


class WordValues(FieldValues):
    """Log ratios of one role of words, weighed at some rates and interpolated between them."""

    def __init__(self, names: Callable[[Ints], Floats]) -> None:
        self._names = names
        self._table = Room((len(between_rates((0.01, 0.01))),), np.float32)
        super().__init__()

    def make_room(self, n: int) -> None:
        """Make room for more sets."""
        super().make_room(n)
        self._table.add(np.zeros((n, self._table.values.shape[1])))

    def add(self, numbers: Ints, members: Ints) -> None:
        """Prepare sets of equal size."""
        self._table.values[numbers] = self._names(members)

    def at(self, rates: tuple[float, ...], numbers: Ints) -> Floats:
        """Log ratios of sets at other rates."""
        return np.asarray(self._table.values[numbers] @ between_rates(rates))


class CellValues(FieldValues):
    """Log ratios of a field in which a row hits, slips or misses.

    Parameters
    ----------
    likelihood : PeopleLikelihood
        What rows write.
    field : str
        The field.
    """

    def __init__(self, likelihood: PeopleLikelihood, field: str) -> None:
        self._likelihood, self._field = likelihood, field
        n = len(likelihood.split_start) - 1
        self._rows = np.flatnonzero(likelihood.written(field, np.arange(n)))
        self._single = likelihood.cells(field, self._rows[:, None])
        self._alone = np.zeros(n)
        self._rooms: list[_CellRoom] = []
        self._places: dict[tuple[int, ...], int] = {}
        self._where = Room((2,), np.int64)  # room, and place there
        super().__init__()

    def make_room(self, n: int) -> None:
        """Make room for more sets."""
        super().make_room(n)
        self._where.add(np.full((n, 2), -1))

    def add(self, numbers: Ints, members: Ints) -> None:
        """Prepare sets of equal size."""
        cells = self._likelihood.cells(self._field, members)
        place = self._places.setdefault(cells.hit.shape[1:], len(self._rooms))
        if place == len(self._rooms):
            self._rooms.append(_CellRoom(cells))
        room = self._rooms[place]
        self._where.values[numbers] = np.stack(
            [np.full(len(numbers), place), room.n + np.arange(len(numbers))], axis=1
        )
        room.add(cells, members)

    def at(self, rates: tuple[float, ...], numbers: Ints) -> Floats:
        """Log ratios of sets at other rates."""
        self._alone[self._rows] = log_ratio(self._single, *rates)
        values = np.zeros(len(numbers))
        place, row = self._where.values[numbers].T
        for which in np.unique(place[place >= 0]).tolist():
            mine = np.flatnonzero(place == which)
            cells, members = self._rooms[which].only(row[mine])
            values[mine] = log_ratio(cells, *rates) - self._alone[members].sum(axis=1)
        return values


class _CellRoom:
    """Cells of sets of equal shape."""

    _PARTS = ("hit", "near", "mass", "absent", "loose", "far")

    def __init__(self, like: Cells) -> None:
        self._members = Room((like.hit.shape[2],), np.int32)
        parts = {name: getattr(like, name) for name in self._PARTS}
        self._parts = {
            name: None if part is None else Room(part.shape[1:], part.dtype.type)
            for name, part in parts.items()
        }

    @property
    def n(self) -> int:
        """Number of sets."""
        return self._members.n

    def add(self, cells: Cells, members: Ints) -> None:
        """Add sets at the end."""
        self._members.add(members)
        for name, room in self._parts.items():
            if room is not None:
                room.add(getattr(cells, name))

    def only(self, rows: Ints) -> tuple[Cells, Ints]:
        """Some of the sets, in order, and the rows that stand for what their rows say."""
        chosen = slice(None) if len(rows) == self.n else rows
        held: dict[str, Any] = {
            name: None if room is None else room.values[chosen] for name, room in self._parts.items()
        }
        return Cells(**held), self._members.values[chosen]
