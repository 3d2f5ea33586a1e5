"""Catalogues: the words of each language, by their English template, in gettext's files of texts."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from detcount.words.locale import Language

__all__ = ["catalogue", "is_neutral", "read_po", "translation"]

_LINE = re.compile(r'(?:(msgid|msgstr)\s+)?"((?:[^"\\]|\\.)*)"')
_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}


def translation(template: str, lang: Language) -> str | None:
    """Look up the words of a template in a language.

    Parameters
    ----------
    template : str
        The English words, with the names of values in braces.
    lang : {"en", "es"}
        The language.

    Returns
    -------
    str or None
        The template in that language; None where its catalogue has none.
    """
    if lang == "en" or is_neutral(template):
        return template
    return catalogue(lang).get(template)


@cache
def is_neutral(template: str) -> bool:
    """Whether a template has no words of its own, so that it is the same in every language."""
    return not any(re.search(r"[^\W\d_]", part[0]) for part in string.Formatter().parse(template))


@cache
def catalogue(lang: Language) -> Mapping[str, str]:
    """Read the catalogue of a language, once and only when somebody asks for it."""
    return read_po(files("detcount.words").joinpath("locales", f"{lang}.po").read_text(encoding="utf-8"))


def read_po(text: str) -> dict[str, str]:
    """Read a file of gettext without plural forms or contexts.

    Parameters
    ----------
    text : str
        Content of the file.

    Returns
    -------
    dict of str to str
        Translations by what they translate; those left empty are left out.
    """
    entries: list[dict[str, str]] = []
    key = ""
    for k, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            key = ""
            continue
        found = _LINE.fullmatch(line.strip())
        if found is None or not (found[1] or key) or (found[1] == "msgstr" and key != "msgid"):
            raise ValueError(f"line {k} of the catalogue: expected msgid or msgstr with a text, got neither")
        key = found[1] or key
        if found[1] == "msgid":
            entries.append({"msgid": "", "msgstr": ""})
        entries[-1][key] += re.sub(r"\\(.)", lambda escape: _ESCAPES[escape[1]], found[2])
    known: dict[str, str] = {}
    for entry in entries:
        if entry["msgid"] in known:
            raise ValueError(f"the catalogue has {entry['msgid']!r} twice")
        known[entry["msgid"]] = entry["msgstr"]
    return {english: words for english, words in known.items() if english and words}
