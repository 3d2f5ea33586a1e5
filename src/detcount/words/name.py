"""Name: a text that stays as it is for whoever compares it, and that readers know by other words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

from detcount.words.message import Said, said


class Name(str):
    """A name in data that ships with the library, or that the library gives: itself, with words for readers.

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
    >>> name == "drop", name.say("es")
    (True, 'Déjela fuera.')
    """

    __slots__ = ("_words",)
    _words: str | Said

    def __new__(cls, text: str, words: str | Said) -> Self:
        """Keep the words beside the text."""
        name = super().__new__(cls, text)
        name._words = words
        return name

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
        return said(self._words, lang)

    def __reduce__(self) -> tuple[Callable[..., Name], tuple[str, str | Said]]:
        return type(self), (str(self), self._words)
