"""Hierarchical models of K lists, as boolean rows over the 2**K terms.

A term is a set of lists, written as the bit code that a cell of the table would have. A model holds
with every term all its subsets; term 0 is the intercept.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from detcount.errors import InputError
from detcount.words import Message

_DIGITS = 9  # lists that one character can number


def number_of_lists(n_codes: int) -> int:
    """K of 2**K codes."""
    n_lists = n_codes.bit_length() - 1
    if n_codes != 1 << n_lists:
        raise ValueError(f"expected a power of two, got {n_codes} codes")
    return n_lists


def sizes(n_lists: int) -> NDArray[np.int64]:
    """Lists in each of the 2**K codes."""
    return np.bitwise_count(np.arange(1 << n_lists, dtype=np.uint64)).astype(np.int64)


def all_hierarchical(n_lists: int, max_order: int | None = None) -> NDArray[np.bool_]:
    """Every hierarchical model with all main effects and no term above an order (default K - 1)."""
    order = n_lists - 1 if max_order is None else max_order
    size = sizes(n_lists)
    models = np.zeros((1, 1 << n_lists), dtype=np.bool_)
    models[0, size <= 1] = True
    terms = np.flatnonzero((size >= 2) & (size <= order))
    for term in terms[np.argsort(size[terms], kind="stable")]:
        below = [int(term) & ~(1 << k) for k in range(n_lists) if term >> k & 1]
        larger = models[models[:, below].all(axis=1)]
        larger[:, term] = True
        models = np.concatenate([models, larger])
    return models


def from_generators(codes: Iterable[int], n_lists: int) -> NDArray[np.bool_]:
    """Smallest hierarchical model with the intercept, every main effect and the terms given."""
    terms = np.arange(1 << n_lists)
    model = sizes(n_lists) <= 1
    for code in codes:
        model |= terms & ~int(code) == 0
    return model


def generators(model: NDArray[np.bool_]) -> list[int]:
    """Terms that no other term of the model contains, ordered as `formula` prints them."""
    return list(_generators(model.tobytes()))


@lru_cache(maxsize=4096)  # table after table is compared by the same models
def _generators(kept: bytes) -> tuple[int, ...]:
    model = np.frombuffer(kept, dtype=np.bool_)
    n_lists = number_of_lists(len(model))
    terms = np.arange(len(model))
    maximal = model.copy()
    for k in range(n_lists):
        bit = 1 << k
        without = terms[terms & bit == 0]
        maximal[without] &= ~model[without | bit]
    found = [int(code) for code in np.flatnonzero(maximal)]
    return tuple(sorted(found, key=lambda code: (-code.bit_count(), _positions(code))))


def term_label(code: int, n_lists: int) -> str:
    """Numbers of the lists of a term, from 1: "134"; with more than nine lists "1.3.12"."""
    numbers = [str(position) for position in _positions(code)]
    return ("" if n_lists <= _DIGITS else ".").join(numbers)


def formula(model: NDArray[np.bool_]) -> str:
    """Write the generators of a model with the lists numbered from 1, such as "[123,14,34]"."""
    return _formula(model.tobytes())


@lru_cache(maxsize=4096)
def _formula(kept: bytes) -> str:
    n_lists = number_of_lists(len(kept))
    return "[" + ",".join(term_label(code, n_lists) for code in _generators(kept) if code) + "]"


def parse_formula(text: str, n_lists: int | None = None) -> list[int]:
    """Read the terms of a bracket formula as codes.

    Every digit numbers a list, unless a dot stands somewhere in the formula or there are more than
    nine lists: then dots part the numbers.
    """
    body = text.strip()
    if not (body.startswith("[") and body.endswith("]")):
        raise InputError(Message("formula: expected brackets as in '[12,23]', got {got}", got=repr(text)))
    dotted = "." in body or (n_lists is not None and n_lists > _DIGITS)
    codes = []
    for part in body[1:-1].replace(" ", "").split(","):
        numbers = part.split(".") if dotted else list(part)
        if not numbers or not all(_is_number(number) for number in numbers):
            raise InputError(
                Message(
                    "formula: expected numbers of lists from 1, as in '[12,23]' or '[1.10,2.3]', got {got}",
                    got=repr(text),
                )
            )
        if len(set(numbers)) < len(numbers):
            raise InputError(
                Message(
                    "formula: a term names list {number} twice, in {formula}",
                    number=_repeated(numbers),
                    formula=repr(text),
                )
            )
        positions = [int(number) for number in numbers]
        if n_lists is not None and max(positions) > n_lists:
            raise InputError(
                Message(
                    "formula: {formula} names list {number}, but there are {lists} lists",
                    formula=repr(text),
                    number=max(positions),
                    lists=n_lists,
                )
            )
        codes.append(sum(1 << (position - 1) for position in positions))
    return codes


def neighbours(model: NDArray[np.bool_], max_order: int | None = None) -> NDArray[np.bool_]:
    """Models that differ by one term of two lists or more, both hierarchical; shape (n, 2**K)."""
    n_lists = number_of_lists(len(model))
    order = n_lists - 1 if max_order is None else max_order
    terms = np.arange(len(model))
    size = sizes(n_lists)
    maximal = model.copy()
    addable = ~model & (size <= order)
    for k in range(n_lists):
        bit = 1 << k
        without = terms[terms & bit == 0]
        maximal[without] &= ~model[without | bit]
        addable[without | bit] &= model[without]
    changes = np.flatnonzero((maximal | addable) & (size >= 2))
    found = np.repeat(model[None, :], len(changes), axis=0)
    found[np.arange(len(changes)), changes] ^= True
    return found


def _positions(code: int) -> list[int]:
    """Numbers of the lists of a term, from 1."""
    return [k + 1 for k in range(code.bit_length()) if code >> k & 1]


def _repeated(numbers: list[str]) -> str:
    """First number that stands twice."""
    return next(number for place, number in enumerate(numbers) if number in numbers[:place])


def _is_number(text: str) -> bool:
    """Whole number above zero in plain digits."""
    return text.isascii() and text.isdigit() and int(text) > 0
