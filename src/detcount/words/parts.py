"""Texts that differ by language: names in data, numbers, words with a capital, sentences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from detcount.words.locale import number
from detcount.words.message import Translatable, translated


class _Made(str):
    """A text that can be pickled and copied, by making it again from its parts."""

    __slots__ = ("_of",)
    _of: tuple[Any, ...]

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return type(self), self._of


class Name(_Made):
    """A name in data that ships with the library, or that the library gives; readers see other words.

    It is a `str` and equal to its text, so that it is looked up as it is written in the data. Names that
    somebody else gave are plain strings, and are printed as they are in every language.

    Parameters
    ----------
    text : str
        The name.
    words : str
        What readers know it by, a `Message` where that has a language.

    Examples
    --------
    >>> from detcount.words import Message, Name
    >>> name = Name("drop", Message("Leave it out."))
    >>> name == "drop", name.translated("es")
    (True, 'Déjela fuera.')
    """

    __slots__ = ()

    def __new__(cls, text: str, words: str | Translatable) -> Name:
        """Keep the words beside the text."""
        name = super().__new__(cls, text)
        name._of = (text, words)
        return name

    def translated(self, lang: str) -> str:
        """Give the words in one language.

        Parameters
        ----------
        lang : str
            Code of the language, one of `languages`.

        Returns
        -------
        str
            The words.
        """
        return translated(self._of[1], lang)


class Number(_Made):
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
    >>> print(share, share.translated("es-MX"))
    12.5% 12.5%
    """

    __slots__ = ()

    def __new__(cls, value: float, spec: str = ",.0f") -> Number:
        """Write the English text."""
        made = super().__new__(cls, number(value, spec, "en"))
        made._of = (value, spec)
        return made

    @property
    def value(self) -> float:
        """The number itself."""
        return float(self._of[0])

    def translated(self, lang: str) -> str:
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
        value, spec = self._of
        return number(value, spec, lang)


class Capitalised(_Made):
    """Words that begin with a capital letter in every language.

    Parameters
    ----------
    words : str
        The words, a `Message` where they have a language.

    Examples
    --------
    >>> from detcount.words import Capitalised, Message
    >>> print(Capitalised(Message("leave it out")))
    Leave it out
    """

    __slots__ = ()

    def __new__(cls, words: str | Translatable) -> Capitalised:
        """Write the English text."""
        made = super().__new__(cls, cls._shaped(translated(words, "en")))
        made._of = (words,)
        return made

    @staticmethod
    def _shaped(text: str) -> str:
        """The words in their shape."""
        return text[:1].upper() + text[1:]

    def translated(self, lang: str) -> str:
        """Give the words in one language.

        Parameters
        ----------
        lang : str
            Code of the language, one of `languages`.

        Returns
        -------
        str
            The words.
        """
        return self._shaped(translated(self._of[0], lang))


class Sentence(Capitalised):
    """Words as a sentence: a capital letter first and a full stop last, in every language.

    Parameters
    ----------
    words : str
        The words, a `Message` where they have a language.

    Examples
    --------
    >>> from detcount.words import Message, Sentence
    >>> print(Sentence(Message("list {name!r} names nobody", name="press")).translated("es"))
    La lista 'press' no incluye a nadie.
    """

    __slots__ = ()

    @staticmethod
    def _shaped(text: str) -> str:
        """The words as a sentence."""
        text = text[:1].upper() + text[1:]
        return text if text.endswith((".", "!", "?")) else f"{text}."
