"""Catalogues: the words of each language, by their English template, in gettext's files of texts."""

from __future__ import annotations

import os
import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from detcount.words.locale import FOLDERS, folder_of, locale_of

_LINE = re.compile(r'(?:(msgid|msgid_plural|msgstr(?:\[\d+\])?)\s+)?"((?:[^"\\]|\\.)*)"')
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
_RULE = re.compile(r"^Plural-Forms:.*?\bplural\s*=\s*([^;\n]+)", re.MULTILINE)


@dataclass(frozen=True)
class Catalogue:
    """The words of one language.

    Parameters
    ----------
    forms : dict of str to tuple of str
        The translation of each English template; all plural forms of one that counts something.
    form_of : callable
        Position of the form for a number of things.
    """

    forms: Mapping[str, tuple[str, ...]]
    form_of: Callable[[int], int]


def translation(template: str, lang: str, count: float | None = None) -> str | None:
    """Look up the words of a template in a language.

    Parameters
    ----------
    template : str
        The English words, with the names of values in braces; of what is counted those for one.
    lang : str
        Code of the language, not English.
    count : number, optional
        How many things it speaks of, where the catalogue has plural forms.

    Returns
    -------
    str or None
        The template in that language; None where its catalogue has none.

    Examples
    --------
    >>> from detcount.words import translation
    >>> translation("persons", "es")
    'personas'
    """
    if is_neutral(template):
        return template
    known = catalogue(lang)
    forms = known.forms.get(template)
    if forms is None:
        return None
    return forms[known.form_of(round(abs(count)))] if count is not None and len(forms) > 1 else forms[0]


@cache
def is_neutral(template: str) -> bool:
    """Check whether a template has no words of its own, so that it is the same in every language."""
    return not any(re.search(r"[^\W\d_]", part[0]) for part in string.Formatter().parse(template))


def catalogue(lang: str) -> Catalogue:
    """Give the catalogue of a language: its own words over those of its parents."""
    return _catalogue(lang, os.environ.get(FOLDERS, ""))


@cache
def _catalogue(lang: str, others: str) -> Catalogue:
    """The catalogue, read once and only when somebody asks for it."""
    forms: dict[str, tuple[str, ...]] = {}
    sign = locale_of(lang).percent
    for code in reversed(locale_of(lang).lineage):
        file = folder_of(code).joinpath("messages.po")
        if file.is_file():
            forms |= read_po(file.read_text(encoding="utf-8"))
    header = forms.pop("", ("",))[0]
    # a percentage that is part of the words has the sign of the region, as those that are values
    forms = {key: tuple(form.replace("\u00a0%", sign) for form in many) for key, many in forms.items()}
    return Catalogue(forms, _plural_rule(header))


def _plural_rule(header: str) -> Callable[[int], int]:
    """Which form a number takes, by the rule that the catalogue states in gettext's notation."""
    from gettext import c2py

    rule = _RULE.search(header)
    form_of: Callable[[int], int] = c2py(rule[1].strip() if rule else "n != 1")
    return form_of


def read_po(text: str) -> dict[str, tuple[str, ...]]:
    """Read a file of gettext without contexts.

    Parameters
    ----------
    text : str
        Content of the file.

    Returns
    -------
    dict of str to tuple of str
        Translations by what they translate, one for each plural form; its header by the empty text. Those
        left empty, or in part, or marked as fuzzy, are left out.
    """
    entries: list[dict[str, str]] = []
    key, doubtful = "", False
    for k, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            key, doubtful = "", doubtful or (line.startswith("#,") and "fuzzy" in line)
            continue
        found = _LINE.fullmatch(line.strip())
        if found is None or not (found[1] or key) or (found[1] not in (None, "msgid") and not entries):
            raise ValueError(f"line {k} of the catalogue: expected msgid or msgstr with a text, got neither")
        key = found[1] or key
        if found[1] == "msgid":
            entries.append({"fuzzy": "yes"} if doubtful else {})
            doubtful = False
        elif found[1] in entries[-1]:
            raise ValueError(f"line {k} of the catalogue: {found[1]} stands twice")
        words = re.sub(r"\\(.)", lambda escape: _ESCAPES[escape[1]], found[2])
        entries[-1][key] = entries[-1].get(key, "") + words
    known: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        if entry["msgid"] in known:
            raise ValueError(f"the catalogue has {entry['msgid']!r} twice")
        forms = tuple(words for name, words in entry.items() if name.startswith("msgstr"))
        known[entry["msgid"]] = () if "fuzzy" in entry and entry["msgid"] else forms
    return {english: forms for english, forms in known.items() if forms and all(forms)}
