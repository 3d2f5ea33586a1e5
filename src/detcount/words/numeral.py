"""Number: a number with the format it is written in, by the rules of whatever language it is said in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

from detcount.words.locale import number


class Number(str):
    """A number that is its English text, and is written by other rules in other languages.

    Parameters
    ----------
    value : number
        The number; infinity is written as its sign.
    spec : str, optional
        How it is written, as a format of Python: ``",.0f"``, ``".0%"``.

    Examples
    --------
    >>> from detcount.words import Number
    >>> share = Number(0.125, ".1%")
    >>> print(share, share.say("es-MX"))
    12.5% 12.5%
    """

    __slots__ = ("_spec", "_value")
    _spec: str
    _value: float

    def __new__(cls, value: float, spec: str = ",.0f") -> Self:
        """Write the English text."""
        made = super().__new__(cls, number(value, spec, "en"))
        made._value, made._spec = value, spec
        return made

    @property
    def value(self) -> float:
        """The number itself."""
        return self._value

    def say(self, lang: str) -> str:
        """Give the number as one language writes it.

        Parameters
        ----------
        lang : str
            Code of the language, one of `languages`.

        Returns
        -------
        str
            The number.
        """
        return number(self._value, self._spec, lang)

    def __reduce__(self) -> tuple[Callable[..., Number], tuple[float, str]]:
        return type(self), (self._value, self._spec)
