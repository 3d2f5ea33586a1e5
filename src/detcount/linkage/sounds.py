"""Sounds of Spanish words, the spellings of each sound, and the names that a nickname stands for.

A word is cut into units. A unit is a sound and the letters that write it: *b* and *v*, *s*, *z* and *c*,
*ll*, *y* and *i*, *j*, *g* and *x*, *k*, *c* and *qu*, *w*, *gu* and *hu*, a vowel with or without a silent
*h*, a consonant once or twice; at the start of a word *j*, *jh* and *y* (Jhon, Yon). Two words sound alike
when their sounds are the same, one after the other. The tables are in ``spanish.toml``.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib import resources
from itertools import chain
from typing import Any

from detcount._numerics.linkage.settings import PRIORS


def shipped_table(file: str) -> dict[str, Any]:
    """Read a table that stands beside this module."""
    return tomllib.loads((resources.files("detcount.linkage") / file).read_text(encoding="utf-8"))


SPANISH = shipped_table("spanish.toml")
_SOUNDS = [(sound, re.compile(pattern)) for sound, pattern in SPANISH["sounds"]["patterns"]]
_FIRST_Y = "j y jh yh ll i | hi x"
_SOFTENING = frozenset("eiy")


_NAMES: dict[str, list[str]] = {short: names.split() for short, names in SPANISH["nicknames"].items()}
NICKNAMES = {
    name: tuple(short for short, names in _NAMES.items() if name in names)
    for name in sorted({*chain.from_iterable(_NAMES.values())})
}
"""Nicknames by given name; a nickname may belong to several names (*beto*)."""


def meanings(word: str) -> tuple[tuple[str, float], ...]:
    """Give the names that a word can stand for as a nickname.

    Parameters
    ----------
    word : str
        One word in small letters, without accents.

    Returns
    -------
    tuple of (str, float)
        Names and their shares, which add up to 1; empty where the word is no nickname.

    Examples
    --------
    >>> from detcount.linkage.sounds import meanings
    >>> meanings("chuy")
    (('jesus', 1.0),)
    """
    names = _NAMES.get(word, [])
    weights = [PRIORS.nickname_order**k for k in range(len(names))]
    return tuple((name, weight / sum(weights)) for name, weight in zip(names, weights, strict=True))


@lru_cache(maxsize=200_000)
def units(word: str) -> tuple[tuple[str, str], ...]:
    """Cut a word into its sounds and the letters that write each.

    Parameters
    ----------
    word : str
        Small letters without accents.

    Returns
    -------
    tuple of (str, str)
        Sound and letters. A letter of which nothing is known is its own sound.

    Examples
    --------
    >>> from detcount.linkage.sounds import units
    >>> units("quevedo")
    (('K', 'qu'), ('e', 'e'), ('B', 'v'), ('e', 'e'), ('D', 'd'), ('o', 'o'))
    """
    cut: list[tuple[str, str]] = []
    at = 0
    while at < len(word):
        for sound, pattern in _SOUNDS:
            found = pattern.match(word, at)
            if found and found.end() > at:
                cut.append((sound, found.group()))
                at = found.end()
                break
        else:
            cut.append((word[at], word[at]))
            at += 1
    return tuple(cut)


def key(word: str) -> str:
    """Give the sounds of a word, the same for words that sound alike.

    Examples
    --------
    >>> from detcount.linkage.sounds import key
    >>> key("gonzalez") == key("gonsales"), key("jhon") == key("yon"), key("perez") == key("peres")
    (True, True, True)
    """
    return "".join(sound for sound, _ in units(word))


@lru_cache(maxsize=200_000)
def alternatives(word: str) -> tuple[dict[str, float], ...]:
    """Weigh, for each unit of a word, the other letters that would write its sound there.

    Examples
    --------
    >>> from detcount.linkage.sounds import alternatives
    >>> [list(others) for others in alternatives("vez")]
    [['b', 'bb'], ['he', 'ee', 'eh'], ['s', 'ss', 'zz']]
    """
    cut = units(word)
    return tuple(
        {s: weight for s, weight in _spellings(sound, k, cut) if s != letters}
        for k, (sound, letters) in enumerate(cut)
    )


def _spellings(sound: str, at: int, cut: tuple[tuple[str, str], ...]) -> list[tuple[str, float]]:
    """Weigh the letters that write a sound at one place of a word."""
    following = cut[at + 1][1][:1] if at + 1 < len(cut) else ""
    if sound in "aeou":
        doubled = f"| {sound}{sound}" + ("" if following and following in "aeiouyh" else f" {sound}h")
        return _weighed(f"{sound} h{sound} {doubled}" if at == 0 else f"{sound} | h{sound}{doubled[1:]}")
    usual = SPANISH["spellings"].get(sound, "|")
    if sound == "Y" and at == 0 and following and following in "aeiouh":
        return _weighed(("g " if following in _SOFTENING else "") + _FIRST_Y)
    if sound == "Y" and following and following in "aeiou":
        return _weighed("ll " + usual)
    if sound == "M" and following and following in "bpv":
        return _weighed("n " + usual)
    if following in _SOFTENING:
        usual = SPANISH["spellings_before_e_i"].get(sound, usual)
    return _weighed(usual)


@lru_cache(maxsize=1000)
def _weighed(spellings: str) -> list[tuple[str, float]]:
    """Read the letters before and after the bar."""
    usual, _, rare = spellings.partition("|")
    return [*((s, 1.0) for s in usual.split()), *((s, PRIORS.rare_spelling) for s in rare.split())]
