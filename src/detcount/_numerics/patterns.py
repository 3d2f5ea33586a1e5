"""Capture histories as codes, and the hierarchical models over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Bools, Floats, Ints, bincount, repeat
from detcount.errors import InputError
from detcount.words import Message


@dataclass(frozen=True)
class Tuning:
    """Sizes of arrays in tabulation.

    Parameters
    ----------
    chunk : int, rows
        Rows tabulated at a time. Computational (`test_numbers`).
    dense_groups : int, counters
        Counters of groups by codes that stay in cache. Computational (`test_numbers`).
    doubles : int, doubles
        Doubles in an array of tables over all codes. Computational (`test_numbers`).
    dense_lists : int, lists
        Lists up to which every code has its own counter. Computational (`test_numbers`).
    digits : int, lists
        Lists that one character can number. Convention: decimal digits.
    """

    chunk: int = 1 << 17
    dense_groups: int = 1 << 16
    doubles: int = 1 << 22
    dense_lists: int = 20
    digits: int = 9


TUNING = Tuning()


_WIDTHS = (np.uint8, np.uint16, np.uint32, np.uint64)


def pack(histories: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Turn rows of 0 and 1, shape (n, K), into codes, shape (n,)."""
    codes = np.zeros(len(histories), dtype=np.uint64)
    for bit in range(histories.shape[1]):
        codes |= histories[:, bit].astype(np.uint64) << np.uint64(bit)
    return codes


def unpack(codes: NDArray[np.uint64], n_lists: int) -> NDArray[np.uint8]:
    """Turn codes, shape (n,), into rows of 0 and 1, shape (n, n_lists)."""
    bits = np.arange(n_lists, dtype=np.uint64)
    return ((codes[:, None] >> bits) & np.uint64(1)).astype(np.uint8)


def pack_columns(columns: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Turn columns of 0 and 1, of any boolean, integer or floating type, into codes of the least width."""
    width = next(kind for kind in _WIDTHS if len(columns) <= np.iinfo(kind).bits)
    codes = columns[0].astype(width)
    shifted = np.empty_like(codes)
    for bit, column in enumerate(columns[1:], start=1):
        marks = column.view(np.uint8) if column.dtype == np.bool_ else column
        if marks.dtype != codes.dtype:
            marks = marks.astype(width)
        np.left_shift(marks, width(bit), out=shifted)
        np.bitwise_or(codes, shifted, out=codes)
    return codes


def tabulate(parts: Iterable[NDArray[Any]], n_lists: int) -> tuple[NDArray[np.uint64], Ints]:
    """Count the rows with each code; codes come sorted, each once, with counts above zero.

    Each part is the codes of some rows, of at most `CHUNK` rows to stay small.
    """
    if n_lists <= TUNING.dense_lists:
        totals = np.zeros(1 << n_lists, dtype=np.int64)
        for codes in parts:
            totals += bincount(codes, minlength=len(totals))
        present = np.flatnonzero(totals)
        return present.astype(np.uint64), totals[present]
    seen = [np.unique(codes, return_counts=True) for codes in parts]
    values, inverse = np.unique(np.concatenate([values for values, _ in seen]), return_inverse=True)
    sums = np.zeros(len(values), dtype=np.int64)
    np.add.at(sums, inverse, np.concatenate([counts for _, counts in seen]))
    return values.astype(np.uint64), sums


def tabulate_groups(
    groups: Ints, codes: NDArray[Any], n_groups: int, n_lists: int
) -> tuple[Ints, NDArray[np.uint64], Ints]:
    """Count the rows with each group and code: group, code and count, sorted, counts above zero."""
    if n_groups << n_lists <= TUNING.dense_groups:
        totals = np.zeros(n_groups << n_lists, dtype=np.int64)
        for start in range(0, len(codes), TUNING.chunk):
            key = groups[start : start + TUNING.chunk] << n_lists
            totals += bincount(key | codes[start : start + TUNING.chunk], minlength=len(totals))
        present = np.flatnonzero(totals)
        return present >> n_lists, (present & ((1 << n_lists) - 1)).astype(np.uint64), totals[present]
    order = np.lexsort((codes, groups))
    groups, codes = groups[order], codes[order]
    first = np.flatnonzero(np.append(True, (groups[1:] != groups[:-1]) | (codes[1:] != codes[:-1])))
    return groups[first], codes[first].astype(np.uint64), np.diff(np.append(first, len(codes)))


def superset_sums(values: Floats) -> Floats:
    """Sum over all supersets of each code; the last axis has 2**K entries."""
    sums = values.copy()
    n_codes = sums.shape[-1]
    step = 1
    while step < n_codes:
        view = sums.reshape(*sums.shape[:-1], n_codes // (2 * step), 2, step)
        view[..., 0, :] += view[..., 1, :]
        step *= 2
    return sums


def dense_tables(codes: Ints, counts: Ints, n_codes: int, most: int) -> Iterator[tuple[slice, Floats]]:
    """Tables over all codes, some at a time; row r of `counts` has the persons with each of `codes`."""
    step = max(1, min(most, TUNING.doubles // n_codes))
    for first in range(0, len(counts), step):
        part = slice(first, first + step)
        tables = np.zeros((len(counts[part]), n_codes))
        tables[:, codes] = counts[part]
        yield part, tables


# Hierarchical models of K lists, as boolean rows over the 2**K terms.
#
# A term is a set of lists, written as the bit code that a cell of the table would have. A model holds
# with every term all its subsets; term 0 is the intercept.


def number_of_lists(n_codes: int) -> int:
    """K of 2**K codes."""
    n_lists = n_codes.bit_length() - 1
    if n_codes != 1 << n_lists:
        raise ValueError(f"expected a power of two, got {n_codes} codes")
    return n_lists


def sizes(n_lists: int) -> Ints:
    """Lists in each of the 2**K codes."""
    return np.bitwise_count(np.arange(1 << n_lists, dtype=np.uint64)).astype(np.int64)


def all_hierarchical(n_lists: int, max_order: int | None = None) -> Bools:
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


def from_generators(codes: Iterable[int], n_lists: int) -> Bools:
    """Smallest hierarchical model with the intercept, every main effect and the terms given."""
    terms = np.arange(1 << n_lists)
    model = sizes(n_lists) <= 1
    for code in codes:
        model |= terms & ~int(code) == 0
    return model


def generators(model: Bools) -> list[int]:
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
    return ("" if n_lists <= TUNING.digits else ".").join(numbers)


def formula(model: Bools) -> str:
    """Write the generators of a model with the lists numbered from 1, such as "[123,14,34]"."""
    return _formula(model.tobytes())


@lru_cache(maxsize=4096)
def _formula(kept: bytes) -> str:
    n_lists = number_of_lists(len(kept))
    return "[" + ",".join(term_label(code, n_lists) for code in _generators(kept) if code) + "]"


def parse_formula(text: str, n_lists: int | None = None) -> list[int]:
    """Read the terms of a bracket formula as codes.

    Every digit is the number of a list. If the formula has a dot, or there are more than nine lists, dots
    separate the numbers.
    """
    body = text.strip()
    if not (body.startswith("[") and body.endswith("]")):
        raise InputError(Message("formula: expected brackets as in '[12,23]', got {got}", got=repr(text)))
    dotted = "." in body or (n_lists is not None and n_lists > TUNING.digits)
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


def neighbours(model: Bools, max_order: int | None = None) -> Bools:
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
    found = repeat(model[None, :], len(changes), axis=0)
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
