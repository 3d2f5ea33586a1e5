"""Linked rows as spells in detention, and kinds of persons of whom an audit found that some do not belong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Ints
from detcount._numerics.linkage.fields import swapped_days
from detcount._numerics.linkage.settings import PRIORS
from detcount._numerics.stock.spells import NEVER, starts_of_spells
from detcount.contract.definition import Definition
from detcount.data.persons import PersonLists
from detcount.data.persons.dates import INSIDE, UNKNOWN
from detcount.errors import InputError
from detcount.words import Message

_OF_SPELLS = ("person", "entered_first", "entered_last", "left_first", "left_last", "listed")
_COLUMNS = ("entered", "left", "status", "listed_on", "left_known_on", "last_confirmed")


@dataclass(frozen=True)
class Audited:
    """Persons of one kind of whom a random sample was checked.

    Parameters
    ----------
    lists : tuple of str
        They stand on these lists and on no other.
    left : bool, optional
        True if their exit is known, False if not; None for both.
    alpha, beta : float
        Beta posterior of the share that does not belong.
    """

    lists: tuple[str, ...]
    left: bool | None
    alpha: float
    beta: float

    @property
    def share(self) -> float:
        """Expected share that does not belong."""
        return self.alpha / (self.alpha + self.beta)

    def meets(self, lists: tuple[str, ...], left: bool | None) -> bool:
        """Tell if some of its persons are of another kind too."""
        return set(lists) == set(self.lists) and (None in (left, self.left) or left == self.left)


def persons_of(
    spells: Mapping[str, Sequence[Any]] | None,
    lists: tuple[str, ...],
    list_of: Ints,
    person: Ints,
    counts: NDArray[np.bool_],
    *,
    definition: Definition | None,
) -> PersonLists:
    """Give the entries of persons on lists; rows without any day are left out and noted."""
    given = spells or {}
    days = [given.get(name, ()) for name in ("entered", "listed_on")]
    dated = np.array([any(both) for both in zip_longest(*days)], dtype=bool)
    if not dated.any():
        raise InputError(
            Message(
                "people: no row has a day of the arrest or of the listing. Name the column of days in "
                "read_lists(columns=...), or use table() and tables(), which need none"
            )
        )
    kept = np.flatnonzero(dated & counts)
    columns = {name: [given[name][k] or None for k in kept.tolist()] for name in _COLUMNS if name in given}
    written: dict[str, Any] = {
        name: name for name, values in columns.items() if name != "entered" and any(values)
    }
    # every row is a person of its own at first, so that rows of one person can be united
    read = PersonLists.from_frame(
        columns | {"record": list(map(str, kept)), "list": [lists[k] for k in list_of[kept].tolist()]},
        person="record",
        list="list",
        lists=lists,
        definition=definition,
        entered="entered",
        allow_future=True,
        **written,
    )
    united, n_united = _united(replace(read, person=person[kept], row=kept))
    notes = list(read.notes)
    n_undated = int((counts & ~dated).sum())
    if n_undated:
        notes.append(
            Message.counted(
                "1 row without any day is left out", "{n:,} rows without any day are left out", n=n_undated
            )
        )
    if n_united:
        notes.append(
            Message.counted(
                "1 row repeats a person on its list and was united with the other",
                "{n:,} rows repeat a person on their list and were united with others",
                n=n_united,
            )
        )
    return replace(united, notes=tuple(notes))


def _united(people: PersonLists) -> tuple[PersonLists, int]:
    """One entry for each spell of a person on a list; two spells stay apart where one ended before."""
    arrays = {
        name: getattr(people, name).copy()
        for name in (
            *("person", "on", "entered_first", "entered_last", "left_first", "left_last"),
            *("status", "listed", "left_known", "row", "confirmed"),
        )
    }
    _end_before_the_next(arrays)
    n_given = len(people.row)
    while True:  # rows that are united may join spells that were apart
        _agree(arrays)
        order, begins = starts_of_spells(*(arrays[name] for name in _OF_SPELLS))
        key = np.cumsum(begins) * people.n_lists + arrays["on"][order]
        order = order[np.argsort(key, kind="stable")]
        same = np.diff(np.sort(key), prepend=-1) == 0
        if not same.any():
            break
        head = order[np.maximum.accumulate(np.where(same, 0, np.arange(len(order))))]
        for k in np.flatnonzero(same).tolist():
            _join(arrays, head[k], order[k])
        arrays = {name: values[np.sort(order[~same])] for name, values in arrays.items()}
    back = np.argsort(arrays["row"], kind="stable")
    arrays = {name: values[back] for name, values in arrays.items()}
    return replace(people, **arrays), n_given - len(back)


def _end_before_the_next(arrays: dict[str, Ints]) -> None:
    """Let out before a later arrest whoever is not known to have left: nobody is arrested while held."""
    first, last = arrays["entered_first"], arrays["entered_last"]
    order = np.lexsort((last, first, arrays["person"]))
    begins = [0]
    latest = last[order[:1]].tolist()
    for k in range(1, len(order)):
        row, before = order[k], order[k - 1]
        another = (
            first[row] - latest[-1] > PRIORS.another_arrest and first[row] != swapped_days(last[[before]])[0]
        )
        if arrays["person"][row] != arrays["person"][before] or another:
            begins.append(k)
            latest.append(int(last[row]))
        latest[-1] = max(latest[-1], int(last[row]))
    ends = [*begins[1:], len(order)]
    for begin, end in zip(begins, ends, strict=True):
        if end == len(order) or arrays["person"][order[end]] != arrays["person"][order[begin]]:
            continue
        day = int(first[order[end]])
        for row in order[begin:end].tolist():
            if arrays["left_last"][row] >= NEVER:
                arrays["left_first"][row], arrays["left_last"][row] = last[row], day
                arrays["left_known"][row] = last[order[end]]
                if arrays["status"][row] == INSIDE:
                    arrays["status"][row] = UNKNOWN


def _join(arrays: dict[str, Ints], head: int, k: int) -> None:
    """Merge row k into the entry at `head`: days that both allow, or else those of both."""
    out_head, out_k = arrays["left_last"][head] < NEVER, arrays["left_last"][k] < NEVER
    _narrow(arrays["entered_first"], arrays["entered_last"], head, k)
    if out_head and out_k:
        _narrow(arrays["left_first"], arrays["left_last"], head, k)
        arrays["left_known"][head] = min(arrays["left_known"][head], arrays["left_known"][k])
    elif out_k:
        for name in ("left_first", "left_last", "left_known", "status"):
            arrays[name][head] = arrays[name][k]
    arrays["listed"][head] = min(arrays["listed"][head], arrays["listed"][k])
    arrays["confirmed"][head] = max(arrays["confirmed"][head], arrays["confirmed"][k])
    arrays["left_last"][head] = max(arrays["left_last"][head], arrays["entered_first"][head])


def _agree(arrays: dict[str, Ints]) -> None:
    """Let nobody be listed before the arrest, nor an exit be known before it or before the listing."""
    first, out = arrays["entered_first"], arrays["left_last"] < NEVER
    arrays["listed"] = np.maximum(arrays["listed"], first)
    arrays["entered_last"] = np.maximum(np.minimum(arrays["entered_last"], arrays["listed"]), first)
    begins = np.where(out, np.maximum(arrays["left_first"], first), NEVER)
    known = np.maximum(np.maximum(arrays["left_known"], begins), arrays["listed"])
    arrays["left_known"] = np.where(out, known, arrays["left_known"])
    ends = np.maximum(np.minimum(arrays["left_last"], known), begins)
    arrays["left_last"] = np.where(out, ends, arrays["left_last"])
    seen = np.minimum(arrays["confirmed"], arrays["left_last"])
    arrays["confirmed"] = np.maximum(seen, arrays["listed"])


def _narrow(first: Ints, last: Ints, head: int, k: int) -> None:
    """Days that both spans allow; where there is none, all from the first to the last."""
    low, high = max(first[head], first[k]), min(last[head], last[k])
    if low > high:
        low, high = min(first[head], first[k]), max(last[head], last[k])
    first[head], last[head] = low, high
