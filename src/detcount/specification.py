"""Specifications: what each says of itself, and frozen dataclasses whose ``repr`` is the methods sentence."""

from __future__ import annotations

import ast
import inspect
import math
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import partial
from types import NoneType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Literal,
    Protocol,
    TypeVar,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from detcount import arguments
from detcount.assumptions import Assumption
from detcount.citation import Reference

T = TypeVar("T")
Check = Callable[[str, Any], Any]
AS_TYPED = "as typed"
"""Checks that a value is one of those that the type of its field names: words, or classes."""


class Specification(Protocol):
    """What every estimator says of itself, whatever data it takes.

    Examples
    --------
    >>> import detcount as dc
    >>> from detcount.specification import Specification
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
    return cls


def _typed(kind: Any) -> Check:
    """The check that a value is one of those that a type names."""
    if get_origin(kind) is Literal:
        return partial(arguments.one_of, known=get_args(kind))
    return partial(arguments.instance_of, kinds=get_args(kind) or (kind,))


def is_specification(value: Any) -> bool:
    """Whether a value is a class of specifications: one that a ``repr`` may name.

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
    >>> from detcount.specification import is_specification
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
    >>> from detcount.specification import written_out
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
