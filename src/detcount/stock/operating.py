"""When each list could name people: a list that did not exist yet is absent, and no column of zeros."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount import arguments
from detcount._numerics.arrays import Ints
from detcount._numerics.stock.spells import LONG_AGO, NEVER
from detcount.errors import InputError
from detcount.frames import column_name
from detcount.persons.dates import number_of
from detcount.words import Message


def operating(operates: Any, lists: Sequence[str], days: Ints) -> NDArray[np.bool_]:
    """Whether each list operates on each day, shape (n_lists, n_days); all do where nothing is said."""
    there = np.ones((len(lists), len(days)), dtype=bool)
    if operates is None:
        return there
    if not isinstance(operates, Mapping):
        raise TypeError(
            Message(
                "operates: expected a mapping of lists to two days, got {kind}", kind=type(operates).__name__
            )
        )
    for name, span in operates.items():
        if name not in lists:
            raise InputError(
                Message(
                    "operates: no list {name}: the lists are {lists!r:,}", name=column_name(name), lists=lists
                )
            )
        first, last = _span(name, span)
        there[lists.index(name)] = (days >= first) & (days <= last)
    return there


def _span(name: str, span: Any) -> tuple[int, int]:
    """First and last day of a list."""
    where = Message("operates, list {name!r}", name=name)
    if isinstance(span, str) or not isinstance(span, Iterable):
        raise TypeError(
            Message(
                "{where}: expected the first and the last day, None where there is none, got {kind}",
                where=where,
                kind=type(span).__name__,
            )
        )
    ends = tuple(span)
    if len(ends) != 2:
        raise InputError(
            Message(
                "{where}: expected two days, the first and the last, None where there is none, got {n}",
                where=where,
                n=len(ends),
            )
        )
    first = LONG_AGO if ends[0] is None else number_of(arguments.day(where, ends[0]))
    last = NEVER if ends[1] is None else number_of(arguments.day(where, ends[1]))
    if last < first:
        raise InputError(Message("{where}: the last day is before the first. Swap the two", where=where))
    return first, last
