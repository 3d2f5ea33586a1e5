"""Arrays: places, runs, pairs within groups, rounding to 20 bits, and values computed when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar, overload

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from detcount.errors import InputTypeError
from detcount.words import Message

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
ShortInts = NDArray[np.int32]
_TYPES = {"Floats": np.float64, "Ints": np.int64, "Bools": np.bool_, "ShortInts": np.int32}

TINY = 1e-300  # the least number that a logarithm is taken of
LARGEST = 1 << 62  # the largest count: whole numbers of 64 bits, and no population comes near


def frozen(values: ArrayLike, dtype: DTypeLike | None = None) -> NDArray[Any]:
    """Make a read-only copy, row by row in memory."""
    copy = np.array(values, dtype=dtype, order="C")
    copy.flags.writeable = False
    return copy


class ReadOnly:
    """A frozen dataclass whose arrays are read-only once it is made, copied or unpickled; `notes` a tuple.

    What is given for a field declared as `Floats`, `Ints`, `Bools` or `ShortInts` becomes such an array.
    """

    def __post_init__(self) -> None:
        self._freeze()
        if "notes" in vars(self):
            notes = vars(self)["notes"]
            if isinstance(notes, str) or not isinstance(notes, Iterable):
                raise self._unlike(
                    "notes", Message("a sequence of {inside:or}", inside=[Message("text")]), notes
                )
            object.__setattr__(self, "notes", tuple(notes))

    def _unlike(self, name: str, wanted: Message, value: Any) -> InputTypeError:
        """The error that a field is of another kind."""
        where, got = f"{type(self).__name__}: {name}", type(value).__name__
        return InputTypeError(
            Message("{name}: expected {wanted}, got {got}", name=where, wanted=wanted, got=got)
        )

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._freeze()

    def _freeze(self) -> None:
        """Make the arrays read-only."""
        declared: Any = fields(self)  # type: ignore[arg-type]
        for field in declared:
            name, value = field.name, vars(self)[field.name]
            kind = _TYPES.get(field.type.removesuffix(" | None"))
            if isinstance(value, np.ndarray) or (kind and not (value is None and "None" in field.type)):
                try:
                    object.__setattr__(self, name, frozen(value, kind))
                except (OverflowError, TypeError, ValueError):
                    raise self._unlike(name, Message("an array of numbers"), value) from None


# Places in an array are as wide as a pointer: 32 bits in a browser, 64 elsewhere. numpy refuses wider ones in
# these three, which therefore stand for its own (tests/test_architecture.py). Counts have 64 bits everywhere.


def bincount(places: ArrayLike, weights: ArrayLike | None = None, minlength: int = 0) -> NDArray[Any]:
    """Count places, or add up their weights."""
    counts = np.bincount(_as_places(places), weights, minlength)
    return counts if counts.dtype.kind == "f" else counts.astype(np.int64, copy=False)


def repeat(values: ArrayLike, times: ArrayLike, axis: int | None = None) -> NDArray[Any]:
    """Repeat values, each as many times as is said."""
    return np.repeat(values, _as_places(times), axis)


def reduceat(function: np.ufunc, values: NDArray[Any], starts: ArrayLike, axis: int = 0) -> NDArray[Any]:
    """Reduce runs of an array, by where each begins."""
    return np.asarray(function.reduceat(values, _as_places(starts), axis))


def _as_places(numbers: ArrayLike) -> NDArray[np.intp]:
    """Whole numbers as numpy indexes with them."""
    found = np.asarray(numbers)
    return found.astype(np.intp, casting="same_kind" if found.size else "unsafe", copy=False)


def runs(start: Ints, sizes: Ints) -> Ints:
    """Places of runs of an array, one run after the other, by where each begins and how long it is."""
    shift = repeat(start - (np.cumsum(sizes) - sizes), sizes)
    return np.asarray(np.arange(int(sizes.sum()), dtype=np.int64) + shift)


def by_block(block: Ints) -> tuple[Ints, Ints]:
    """Order entries by block; give the order, and the size of each block."""
    order = np.argsort(block, kind="stable")
    ordered = block[order]
    ends = np.append(np.flatnonzero(ordered[1:] != ordered[:-1]) + 1, len(block))
    return order, np.diff(ends, prepend=0) if len(block) else ends[:0]


def twos(sizes: Ints) -> tuple[Ints, Ints]:
    """Positions of both entries of every pair within a block, for blocks that follow each other."""
    later = repeat(np.cumsum(sizes), sizes) - np.arange(int(sizes.sum())) - 1
    first = repeat(np.arange(len(later), dtype=np.int64), later)
    return first, runs(np.arange(len(later)) + 1, later)


def distinct(codes: Ints) -> Ints:
    """Sort numbers, and keep each once; of millions it is quicker than the hashing of `numpy.unique`."""
    ordered = np.sort(codes)
    return np.asarray(ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]])


def crossed(one: Ints, other: Ints) -> Ints:
    """Number the combinations of two columns of numbers; numbers may be left out."""
    _, a = np.unique(one, return_inverse=True)
    _, b = np.unique(other, return_inverse=True)
    return np.asarray(a.astype(np.int64) * (b.max(initial=0) + 1) + b)


def block_sizes(block: Ints) -> Ints:
    """Size of the block of each entry."""
    order, sizes = by_block(block)
    size = np.empty(len(block), np.int64)
    size[order] = repeat(sizes, sizes)
    return size


def pairs_within(block: Ints, record: Ints, most: int) -> Ints:
    """List the pairs of records that share a block of at most `most` entries.

    Parameters
    ----------
    block, record : ndarray of int64, shape (m,)
        Block and record of each entry.
    most : int
        Size of the largest block that is compared.

    Returns
    -------
    ndarray of int64, shape (p, 2)
        First and second record of each pair, first < second, without repetition and in order.
    """
    keep = block_sizes(block) <= most
    order, sizes = by_block(block[keep])
    held = record[keep][order]
    one, two = twos(sizes)
    a, b = held[one], held[two]
    low, high = np.minimum(a, b, dtype=np.int64), np.maximum(a, b)
    n = int(record.max(initial=0)) + 1
    code = distinct((low * n + high)[low != high])
    return np.stack([code // n, code % n], axis=1)


# Numbers without their last bits, so that chains go the same way on every processor.
#
# Exponentials, logarithms and products of matrices end in other last bits on other processors. A
# chain whose place goes into the next draw makes another chain of them within some hundred steps.
# Where a place is rounded to a lattice far coarser than these bits, and far finer than anything that
# the posterior knows, it is the same place everywhere, but for about one value in a thousand million.


@dataclass(frozen=True)
class Tuning:
    """Rounding that makes chains equal on every processor.

    Parameters
    ----------
    lattice : float, points a unit
        Lattice of rounded logarithms. Convention: far above rounding, far below what a posterior knows.
    bits : int, bits
        Bits of the fraction that rounding keeps. Convention: as fine as the lattice.
    """

    lattice: float = 2.0**20
    bits: int = 20


TUNING = Tuning()


_DROPPED = np.int64(52 - TUNING.bits)
_HALF = np.int64(1) << (_DROPPED - 1)


def on_lattice(values: Floats) -> Floats:
    """Logarithms rounded to the nearest 2 to the power of -20."""
    return np.asarray(np.rint(values * TUNING.lattice) / TUNING.lattice)


def rounded_bits(values: NDArray[np.float64] | float) -> Floats:
    """Positive numbers rounded to 20 bits of their fraction; infinity and zero stay."""
    bits = np.array(values, dtype=np.float64).view(np.int64)
    bits += _HALF
    bits >>= _DROPPED
    bits <<= _DROPPED
    return bits.view(np.float64)


Value = TypeVar("Value")
_NONE = object()


class LazyValue(Generic[Value]):
    """The value of a function at some arguments, computed when it is first needed.

    Parameters
    ----------
    function : callable
        Gives the value. It has to be defined in a module, so that a pickle can name it.
    *arguments : object
        What it is given.
    """

    __slots__ = ("arguments", "function")

    def __init__(self, function: Callable[..., Value], *arguments: Any) -> None:
        self.function = function
        self.arguments = arguments

    def __call__(self) -> Value:
        return self.function(*self.arguments)

    def __reduce__(self) -> tuple[Any, ...]:
        return LazyValue, (self.function, *self.arguments)


class LazyField(Generic[Value]):
    """A field of a dataclass that may be a `LazyValue`, which is computed when first read, and then stored.

    Parameters
    ----------
    default : object, optional
        Value of the field where none is given; without it one has to be.
    """

    def __init__(self, default: Any = _NONE) -> None:
        self._default = default

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Any: ...

    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...

    def __get__(self, instance: object | None, owner: type) -> Any:
        if instance is None:
            if self._default is _NONE:
                raise AttributeError(self._name)
            return self._default
        value = instance.__dict__[self._name]
        if isinstance(value, LazyValue):
            value = instance.__dict__[self._name] = value()
        return value

    def __set__(self, instance: object, value: Value | LazyValue[Value]) -> None:
        instance.__dict__[self._name] = value
