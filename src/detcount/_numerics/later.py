"""Values that are made when somebody looks at them: what nobody looks at is neither made, held nor sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Value = TypeVar("Value")
_NONE = object()


class Later(Generic[Value]):
    """A value that a function gives of its arguments, the same whenever it is asked.

    Parameters
    ----------
    function : callable
        Gives the value; of a module, so that a pickle can name it.
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
        return Later, (self.function, *self.arguments)


class LateField(Generic[Value]):
    """A field of a dataclass that may be given as `Later`: it is made at the first look, and kept.

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
        if isinstance(value, Later):
            value = instance.__dict__[self._name] = value()
        return value

    def __set__(self, instance: object, value: Value | Later[Value]) -> None:
        instance.__dict__[self._name] = value
