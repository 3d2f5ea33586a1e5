"""The language of help and faults: the one that is asked for, or that of the computer."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import pairwise

from detcount.words import languages

_ENGLISH = "en"
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")  # in gettext's order: the first that is set


def language_in(words: Sequence[str]) -> str:
    """The language that the words of a command ask for, or else that of the computer.

    Parameters
    ----------
    words : sequence of str
        The words after ``detcount``.

    Returns
    -------
    str
        Code of a language that there is; English where another is asked for.
    """
    asked = [*_asked(words)]
    if asked:
        return asked[-1] if asked[-1] in languages() else _ENGLISH
    return _of_computer()


def _asked(words: Sequence[str]) -> Iterator[str]:
    """The languages that are named as an option."""
    for word, following in pairwise([*words, ""]):
        if word == "--lang":
            yield following
        elif word.startswith("--lang="):
            yield word.removeprefix("--lang=")


def _of_computer() -> str:
    """The language that the environment names, as in es_VE.UTF-8, or that of which it is a region."""
    known = languages()
    named = next((os.environ[name] for name in _VARIABLES if os.environ.get(name)), "")
    for each in named.split(":"):
        code = each.split(".")[0].split("@")[0].replace("_", "-")
        for candidate in (code, code.split("-")[0]):
            if candidate in known:
                return candidate
    return _ENGLISH
