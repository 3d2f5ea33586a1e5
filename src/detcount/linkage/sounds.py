"""How a Spanish word sounds in Venezuela, and in how many ways its sounds are written.

A word is cut into units. A unit is a sound and the letters that write it: *b* and *v*, *s*, *z* and *c*,
*ll*, *y* and *i*, *j*, *g* and *x*, *k*, *c* and *qu*, *w*, *gu* and *hu*, a vowel with or without a silent
*h*, a consonant once or twice; at the start of a word *j*, *jh* and *y* (Jhon, Yon). Two words sound alike
when their sounds are the same, one after the other.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Sound, pattern of the letters that write it; the first that fits is taken. Every vowel is a sound of its
# own.
_UNITS = tuple(
    (sound, re.compile(pattern))
    for sound, pattern in (
        ("Y", r"^(?:jh|ll|[jy]h?(?=[aeiou])|y(?=[^aeiou])|g(?=[ei])|x(?=[aeiou])|h?i(?=[aeou]))"),
        ("C", r"ch|sh"),
        ("S", r"sc(?=[ei])|ss|zz|[sz]|c(?=[ei])"),
        ("K", r"qu(?=[ei])|ck|cc(?![ei])|[ckq]"),
        ("B", r"bb|[bv]"),
        ("W", r"gu(?=[aeio])|hu(?=[aeio])|w"),
        ("J", r"jh|g(?=[ei])|[jx]"),
        ("G", r"gg|gh|g"),
        ("Y", r"ll(?=[aeiou])|h?ii|h?yy?|h?i"),
        ("F", r"ff|ph|f"),
        ("M", r"mm|[mn](?=[bp])|m"),
        ("N", r"nn|n"),
        ("L", r"ll|l"),
        ("R", r"rr|rh|r"),
        ("T", r"tt|th|t"),
        ("D", r"dd|dh|d"),
        ("P", r"pp|p"),
        ("a", r"h?aa?(?:h(?![aeiouy]))?"),
        ("e", r"h?ee?(?:h(?![aeiouy]))?"),
        ("o", r"h?oo?(?:h(?![aeiouy]))?"),
        ("u", r"h?uu?(?:h(?![aeiouy]))?"),
    )
)
# Letters that write a sound; those after the bar are a tenth as likely.
_SPELLINGS = {
    "C": "ch sh |",
    "S": "s z | ss zz",
    "K": "k c | q ck cc",
    "B": "b v | bb",
    "W": "w gu hu |",
    "J": "j x | jh",
    "G": "g gh | gg",
    "Y": "i y | hi hy ii",
    "F": "f ph | ff",
    "M": "m mm |",
    "N": "n nn |",
    "L": "l ll |",
    "R": "r rr | rh",
    "T": "t th tt |",
    "D": "d dd | dh",
    "P": "p pp |",
}
_BEFORE_E_I = {"S": "s z c | ss sc zz", "K": "k qu | ck q", "J": "j g x | jh"}
_FIRST_Y = "j y jh yh ll i | hi x"
_RARE = 0.1
_FRONT = frozenset("eiy")


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
        for sound, pattern in _UNITS:
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
    if sound == "Y" and at == 0 and following and following in "aeiouh":
        return _weighed(("g " if following in _FRONT else "") + _FIRST_Y)
    if sound == "Y" and following and following in "aeiou":
        return _weighed("ll " + _SPELLINGS["Y"])
    if sound == "M" and following and following in "bpv":
        return _weighed("n " + _SPELLINGS["M"])
    if following in _FRONT and sound in _BEFORE_E_I:
        return _weighed(_BEFORE_E_I[sound])
    return _weighed(_SPELLINGS.get(sound, "|"))


@lru_cache(maxsize=1000)
def _weighed(spellings: str) -> list[tuple[str, float]]:
    """Read the letters before and after the bar."""
    usual, _, rare = spellings.partition("|")
    return [*((s, 1.0) for s in usual.split()), *((s, _RARE) for s in rare.split())]
