"""Documents that many people seem to share: an office wrote its own, or a sheet was filled downwards."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from detcount.linkage.splitting import Name
from detcount.reading.cells import NO_DOCUMENT

MANY = 5
"""Rows of one list with one document, from which it is looked at."""
_UNCONFIRMED = 20  # rows without a name, on which a document stands for nobody
_COMPARED = 40  # names; more say nothing new
_LEAST_AGREEING = 0.5  # share of pairs of names


def shared_by_strangers(documents: Sequence[tuple[int, int]], names: Sequence[Name]) -> list[int]:
    """Numbers of documents on many rows of a list, which names speak against or none speaks for."""
    rows: dict[int, list[Name]] = {}
    for (number, _), name in zip(documents, names, strict=True):
        if number != NO_DOCUMENT:
            rows.setdefault(number, []).append(name)
    return [number for number, of in rows.items() if len(of) >= MANY and _of_nobody(of)]


def _of_nobody(names: Sequence[Name]) -> bool:
    """Whether names speak against a document, or none speaks for it on very many rows."""
    named = [name for name in names if name.words]
    if len(named) < MANY:
        return len(names) - len(named) >= _UNCONFIRMED
    return _disagree(named)


def _disagree(names: Sequence[Name]) -> bool:
    """Whether most pairs of names are of different people."""
    words = sorted(sorted(set(name.words)) for name in names)  # the same whatever the order of the rows
    pairs = list(combinations(words[:: -(-len(words) // _COMPARED)], 2))
    agreeing = sum(_agree(one, other) for one, other in pairs)
    return agreeing < _LEAST_AGREEING * len(pairs)


def _agree(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two names share two words, or all that the shorter has; words may differ in their ending."""
    shared = sum(any(word[:4] == known[:4] for known in other) for word in one)
    return shared >= min(2, len(one), len(other))
