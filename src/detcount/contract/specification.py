"""Specifications: what each says of itself, and frozen dataclasses whose ``repr`` is the methods sentence.

It is one thing: the types that are declared, of fields and of what a public function is given, are the check.
"""

from __future__ import annotations

import ast
import builtins
import datetime as dt
import inspect
import math
from collections import abc
from collections.abc import Callable, Iterable
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import partial, wraps
from itertools import chain, cycle
from os import PathLike
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Literal,
    Protocol,
    TypeVar,
    Union,
    cast,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

import numpy as np

from detcount.assumptions import Assumption
from detcount.contract import arguments
from detcount.contract.citation import Reference
from detcount.contract.other_names import named_here, refuse_other_names, with_our_names
from detcount.errors import InputTypeError
from detcount.words import Message

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
Check = Callable[[str, Any], Any]
AS_TYPED = "as typed"
"""Checks that a value is one of those that the type of its field names: words, or classes."""


class Specification(Protocol):
    """Description that every estimator gives of itself, whatever data it takes.

    Examples
    --------
    >>> import detcount as dc
    >>> from detcount.contract.specification import Specification
    >>> spec: Specification = dc.abundance.Chapman()
    >>> print(len(spec.references))
    3
    """

    assumes: ClassVar[tuple[Assumption, ...]]
    references: ClassVar[tuple[Reference, ...]]


@dataclass_transform(frozen_default=True)
def specification(cls: type[T]) -> type[T]:
    """Make a frozen dataclass whose ``repr`` names the options that differ from their defaults.

    ``eval(repr(spec), vars(detcount.abundance)) == spec`` holds for every estimator.

    A field declared as ``n: Annotated[int, partial(whole_number, least=1)]`` is checked when an object is
    made, and holds what the check gives; None is not checked where the type allows it. What depends on
    several fields is checked after that, in ``__post_init__``. `_where` stands before the names in errors.
    """
    made = dataclass(frozen=True, repr=False)(_checking(cls))
    made.__repr__ = _repr  # type: ignore[method-assign]
    made.__init__ = with_our_names(made.__init__)  # type: ignore[method-assign]
    return made


@dataclass_transform(frozen_default=True)
def checked(*, kw_only: bool = False) -> Callable[[type[T]], type[T]]:
    """Make a frozen dataclass that is no specification, with fields checked as those of one are."""
    return lambda cls: dataclass(frozen=True, kw_only=kw_only)(_checking(cls))


def _checking(cls: type[T]) -> type[T]:
    """A class that checks each field that it declares as ``Annotated``, and whose types are plain again."""
    declared = inspect.get_annotations(cls)
    hints = get_type_hints(cls, include_extras=True) if declared else {}
    checks: list[tuple[str, bool, Check]] = []
    for name, text in declared.items():
        if get_origin(hints[name]) is not ClassVar and get_origin(hints[name]) is not Annotated:
            checks.append((name, False, partial(of_kind, hints[name])))
        if get_origin(hints[name]) is Annotated:
            kind, check = get_args(hints[name])
            checks.append((name, NoneType in get_args(kind), _typed(kind) if check is AS_TYPED else check))
            if isinstance(text, str) and text.startswith("Annotated["):
                written: Any = ast.parse(text, mode="eval").body
                declared[name] = ast.unparse(written.slice.elts[0])
            else:
                declared[name] = inspect.formatannotation(kind)
    after = getattr(cls, "__post_init__", None)
    where = getattr(cls, "_where", "")

    def checked_fields(self: Any) -> None:
        for name, optional, check in checks:
            given = getattr(self, name)
            if given is not None or not optional:
                object.__setattr__(self, name, check(f"{where}{name}", given))
        if after is not None:
            after(self)

    if checks:
        cls.__annotations__ = declared
        cls.__post_init__ = checked_fields  # type: ignore[attr-defined]
    return doors(cls)


def _typed(kind: Any) -> Check:
    """The check that a value is one of those that a type names."""
    if get_origin(kind) is Literal:
        return partial(arguments.one_of, known=get_args(kind))
    return partial(arguments.instance_of, kinds=get_args(kind) or (kind,))


def door(function: F) -> F:
    """Check what a public function or method is given by the types that it declares, before it begins.

    The classes are those of the annotations, also inside sequences and mappings; what is `Annotated` is
    checked and held as fields are. What is only imported for type checkers is not checked.

    Parameters
    ----------
    function : callable
        What users call.

    Returns
    -------
    callable
        The same, which refuses another kind of thing with `InputTypeError`.

    Examples
    --------
    >>> from detcount import errors
    >>> from detcount.contract.specification import door
    >>> @door
    ... def shared(name: str, days: int | None = None) -> str:
    ...     return name
    >>> try:
    ...     shared("press", days="two")
    ... except errors.InputTypeError as error:
    ...     print(error)
    days: expected a whole number or None, got str
    """
    code, kinds = function.__code__, dict[str, Any]()
    order = code.co_varnames[: code.co_argcount]
    others = code.co_varnames[code.co_argcount + code.co_kwonlyargcount :][:1]  # the name of *names

    @wraps(function)
    def asked(*args: Any, **given: Any) -> Any:
        if given:
            refuse_other_names(function, given)
        if not kinds:
            known = _Known(vars(builtins) | function.__globals__)
            kinds.update({name: known.kind(each) for name, each in function.__annotations__.items()})
            kinds.update({name: Annotated[kinds[name], _ALIKE[name]] for name in _ALIKE.keys() & kinds})
            several = [name for name in _CHECKED_WITHIN & kinds.keys() if str in get_args(kinds[name])]
            kinds.update({name: _TEXTS for name in several if _read(kinds[name])[0] in _MANY})
            arrays = [name for name, kind in kinds.items() if _read(kind)[0] is np.ndarray]
            kinds.update({name: Annotated[kinds[name], _numbers_of(kinds[name])] for name in arrays})
        names = zip(chain(order, cycle(others)), args, strict=False)
        values = [_taken(name, kinds.get(name, Any), value) for name, value in names]
        named = {name: _taken(name, kinds.get(name, Any), value) for name, value in given.items()}
        return function(*values, *args[len(values) :], **named)

    return cast("F", asked)


_ALIKE: dict[str, Check] = {
    "lang": lambda _, value: arguments.language(value),
    "level": lambda _, value: arguments.level(value),
    "n_jobs": lambda _, value: arguments.workers(value),
    "seed": lambda _, value: arguments.seed(value),
}
"""What is the same question at every door."""
_CHECKED_WITHIN = {"lists", "yes", "no"}  # a text may hold several of them: their own checks say so


def _numbers_of(kind: Any) -> Check:
    """The check of an array, by the numbers that it declares."""
    numbers = _read(_read(kind)[1][-1])[1]
    return partial(arguments.numbers, kind=numbers[0] if isinstance(numbers[0], type) else None)


def doors(cls: type[T]) -> type[T]:
    """Make doors of the public methods of a class; an unknown name is told ours."""
    if not hasattr(cls, "__getattr__"):
        cls.__getattr__ = named_here  # type: ignore[attr-defined]
    for name, held in list(vars(cls).items()):
        within = isinstance(held, (classmethod, staticmethod))
        method = held.__func__ if within else held
        if name[0] != "_" and inspect.isfunction(method) and not hasattr(method, "__wrapped__"):
            setattr(cls, name, type(held)(door(method)) if within else door(method))
    return cls


class _Known(dict[str, Any]):
    """Names of a module; one that it imports for type checkers alone stands for anything."""

    def __missing__(self, name: str) -> Any:
        return Any

    def kind(self, declared: Any) -> Any:
        """Read an annotation; anything where that cannot be found."""
        try:
            return eval(declared, {}, self) if isinstance(declared, str) else declared
        except (AttributeError, TypeError):  # of what is imported for type checkers alone
            return Any


def _taken(name: str, kind: Any, value: Any) -> Any:
    """Take the value at a door, or what its check gives; another kind of thing is refused."""
    if get_origin(kind) is Annotated:
        plain, check = get_args(kind)
        return value if value is None and _fits(plain, None) else check(name, value)
    return of_kind(kind, name, value)


def of_kind(kind: Any, name: str, value: Any) -> Any:
    """Give a value of a kind that is declared; another is refused, or what of another kind stands in it."""
    base, parts = _read(kind)
    ways = parts if base in _ANY_OF else (kind,)
    if _fits(kind, value):
        holders = {_read(way)[0] for way in ways} & {*_MANY}
        if holders == {tuple} and isinstance(value, (list, np.ndarray)):
            return tuple(value)
        return list(value) if holders and isinstance(value, np.ndarray) else value
    for position, (part, one) in enumerate((each for way in ways for each in _inside(way, value)), start=1):
        of_kind(part, Message("{name}, position {position}", name=name, position=position), one)
    mixed = "_not_each_other"  # what a class says to who mistakes another of its kind for it
    ours = [one for way in ways if (one := _read(way)[0]).__module__.startswith("detcount")]
    makers = [f"{one.__name__}.{each}" for one in ours for each in dir(one) if each.startswith("from_")]
    makers = [each for each in makers if each.endswith("from_frame")] or makers
    how: str = Message("Use {makers:or}", makers=makers) if makers else ""
    for base, parts in map(_read, ways):
        if parts and base in _MANY and value is not None and _fits(parts[-1], value):
            how = Message("Put it in a list")
        elif _is_mapping(base) and parts[-1] is not Any and _fits(parts[-1], value):
            how = Message("Give each a name: {code}", code="{'north': ..., 'south': ...}")
    if hasattr(value, "fit") and any(hasattr(one, "cite") for one in ours):
        how = Message("Fit it first: {code}", code="estimator.fit(table)")
    how = next((getattr(value, mixed) for one in ours if hasattr(one, mixed) and hasattr(value, mixed)), how)
    known = [_in_words(way) for way in ways if not hasattr(_read(way)[0], "_made_within")]
    wanted = Message("{known:or}", known=known)
    raise InputTypeError(arguments.refusal(name, wanted, arguments.kind_of(value), how))


_PLAIN = (int, float, bool, str)  # functions say more of these in a mapping: the name, and what to write
_ANY_OF = (Union, UnionType)
_TEXTS = str | abc.Iterable[Any]
_MANY = (list, tuple, set, frozenset, abc.Sequence, abc.Iterable, abc.Collection, abc.Set)


def _read(kind: Any) -> tuple[Any, tuple[Any, ...]]:
    """The class of a kind, and what it says of what stands in it."""
    if isinstance(kind, TypeVar):
        return _read(kind.__bound__ or Any)
    if get_origin(kind) is Annotated:
        return _read(get_args(kind)[0])
    return get_origin(kind) or kind, tuple(part for part in get_args(kind) if part is not Ellipsis)


def _inside(kind: Any, value: Any) -> Iterable[tuple[Any, Any]]:
    """List the content of a sequence or mapping, as far as it can be looked at without being used up."""
    base, parts = _read(kind)
    if base in _MANY and isinstance(value, (list, tuple, np.ndarray)) and parts[:1] not in ((), (Any,)):
        return zip(cycle(parts), value, strict=False)
    if _is_mapping(base) and isinstance(value, abc.Mapping) and parts and _read(parts[1])[0] not in _PLAIN:
        return [(parts[1], one) for one in value.values()]
    return ()


def _is_mapping(base: Any) -> bool:
    return isinstance(base, type) and issubclass(base, abc.Mapping)


def _fits(kind: Any, value: Any) -> bool:
    """Check whether something is of a kind that is declared; content is left to checks."""
    base, parts = _read(kind)
    if base in _ANY_OF:
        return any(_fits(part, value) for part in parts)
    if base is Literal:
        return isinstance(value, tuple(map(type, parts)))
    if base in (int, float):
        return arguments.is_number(value)
    if base is bool:
        return type(value).__name__ in ("bool", "bool_")
    if base in (None, NoneType):
        return value is None
    if base in _MANY:
        one = isinstance(value, (str, bytes, abc.Mapping)) or hasattr(value, "columns")
        one = one or getattr(value, "ndim", 1) == 0
        return isinstance(value, abc.Iterable) and not one and _all_fit(kind, value)
    if base is np.ndarray:
        return value is not None  # its numbers are read by a check
    if not isinstance(base, type) or base in (Any, object) or base.__module__ in ("typing", "numpy"):
        return True
    if getattr(base, "_is_protocol", False):
        asked = [(name, callable(vars(base)[name])) for name in _methods(base)]
        return not isinstance(value, type) and all(
            hasattr(value, name) and callable(getattr(value, name)) >= called for name, called in asked
        )
    return isinstance(value, base) and _all_fit(kind, value)


def _all_fit(kind: Any, value: Any) -> bool:
    return all(_fits(part, one) for part, one in _inside(kind, value))


def _methods(protocol: type[Any]) -> list[str]:
    """List the methods of a protocol."""
    asked = [(name, held) for name, held in vars(protocol).items() if name[0] != "_"]
    return [name for name, held in asked if callable(held)] or [name for name, _ in asked]


_WORDS: dict[Any, str] = {
    int: Message("a whole number"),
    float: Message("a number"),
    bool: Message("True or False"),
    str: Message("text"),
    NoneType: "None",
    dt.date: Message("a day"),
    PathLike: Message("a path"),
}


def _in_words(kind: Any) -> str:
    """A kind of thing in words."""
    base, parts = _read(kind)
    if base is Literal:
        return Message("{known!r:or}", known=parts)
    if base in _ANY_OF:
        return Message("{known:or}", known=[_in_words(part) for part in parts])
    if base in _MANY:
        inside = [_in_words(part) for part in parts if part is not Any]
        return Message("a sequence of {inside:or}", inside=inside) if inside else Message("a sequence")
    if _is_mapping(base):
        inside = [_in_words(part) for part in parts[1:] if part is not Any]
        return Message("a mapping to {inside:or}", inside=inside) if inside else Message("a mapping")
    if getattr(base, "_is_protocol", False):
        if (asked := _methods(base)) == ["fit"]:
            return Message("an estimator such as {code}", code="Chapman()")
        return Message("one with {asked:and}", asked=asked)
    return _WORDS.get(base) or str(getattr(base, "__name__", base))


def is_specification(value: Any) -> bool:
    """Check whether a value is a class of specifications: one that a ``repr`` may name.

    Parameters
    ----------
    value : object
        Any value.

    Returns
    -------
    bool
        Whether it is one.

    Examples
    --------
    >>> from detcount import abundance, calibration
    >>> from detcount.contract.specification import is_specification
    >>> is_specification(abundance.Chapman), is_specification(calibration.training_cases)
    (True, False)
    """
    return isinstance(value, type) and value.__dict__.get("__repr__") is _repr


def written_out(value: Any) -> dict[str, Any]:
    """Give a specification as plain values that JSON can hold, with every option by name, defaults too.

    Parameters
    ----------
    value : object
        A specification.

    Returns
    -------
    dict
        Its class as ``name`` and its ``options`` by name; a specification among them is written out too.
        What is neither a specification nor a plain value, as training cases, is its class alone.

    Examples
    --------
    >>> from detcount import abundance
    >>> from detcount.contract.specification import written_out
    >>> written_out(abundance.ChaoLowerBound())
    {'name': 'ChaoLowerBound', 'options': {'bias_corrected': True}}
    """
    known = fields(value) if is_dataclass(value) else ()  # an estimator of a user may be anything
    options = {field.name: _plain_value(getattr(value, field.name)) for field in known if field.init}
    return {"name": type(value).__name__, "options": options}


def _plain_value(value: Any) -> Any:
    """A value of an option that JSON can hold."""
    if type(value).__module__ == "numpy" and hasattr(value, "item"):
        value = value.item()
    if isinstance(value, (tuple, list)):
        return [_plain_value(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if is_dataclass(value) and getattr(type(value), "__repr__", None) is _repr:
        return written_out(value)
    return {"name": type(value).__name__}


def _repr(self: Any) -> str:
    """``Name(option=value)``, defaults left out."""
    shown = []
    for field in fields(self):
        value = getattr(self, field.name)
        default = field.default_factory() if field.default_factory is not MISSING else field.default
        if field.init and (default is MISSING or value != default):
            shown.append(f"{field.name}={_plain(value)}")
    return f"{type(self).__name__}({', '.join(shown)})"


def _plain(value: Any) -> str:
    """``repr`` that Python can evaluate without numpy: scalars as numbers, infinity by its name."""
    if type(value).__module__ == "numpy" and hasattr(value, "item"):
        value = value.item()
    if isinstance(value, tuple):
        return f"({', '.join(map(_plain, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, float) and not math.isfinite(value):
        return f"float('{value}')"
    return repr(value)
