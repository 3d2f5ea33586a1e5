"""Words of a document in a language, without what files of offices and of LaTeX cannot hold."""

from __future__ import annotations

import re

from detcount.words import said

__all__ = ["plain"]

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def plain(words: str, lang: str) -> str:
    """Say words, a blank in the place of each control character.

    Parameters
    ----------
    words : str
        The words.
    lang : str
        Code of the language.

    Returns
    -------
    str
        The words in the language.
    """
    return _CONTROL.sub(" ", said(words, lang))
