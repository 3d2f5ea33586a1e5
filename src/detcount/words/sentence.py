"""Words that begin with a capital, or are a whole sentence, in whatever language they are said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

from detcount.words.message import Said, said


class Capitalised(str):
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

    __slots__ = ("_words",)
    _words: str | Said

    def __new__(cls, words: str | Said) -> Self:
        """Write the English text."""
        made = super().__new__(cls, cls._shaped(said(words, "en")))
        made._words = words
        return made

    @staticmethod
    def _shaped(text: str) -> str:
        """The words in their shape."""
        return text[:1].upper() + text[1:]

    def say(self, lang: str) -> str:
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
        return self._shaped(said(self._words, lang))

    def __reduce__(self) -> tuple[Callable[..., Capitalised], tuple[str | Said]]:
        return type(self), (self._words,)


class Sentence(Capitalised):
    """Words as a sentence: a capital letter first and a full stop last, in every language.

    Parameters
    ----------
    words : str
        The words, a `Message` where they have a language.

    Examples
    --------
    >>> from detcount.words import Message, Sentence
    >>> print(Sentence(Message("list {name!r} names nobody", name="press")).say("es"))
    La lista 'press' no incluye a nadie.
    """

    __slots__ = ()

    @staticmethod
    def _shaped(text: str) -> str:
        """The words as a sentence."""
        text = text[:1].upper() + text[1:]
        return text if text.endswith((".", "!", "?")) else f"{text}."
