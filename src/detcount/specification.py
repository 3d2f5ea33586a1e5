"""Specifications: what each says of itself, and frozen dataclasses whose ``repr`` is the methods sentence."""

from __future__ import annotations

import math
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Any, ClassVar, Protocol, TypeVar, dataclass_transform

from detcount.assumptions import Assumption
from detcount.citation import Reference

T = TypeVar("T")


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
    """
    made = dataclass(frozen=True, repr=False)(cls)
    made.__repr__ = _repr  # type: ignore[method-assign]
    return made


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
