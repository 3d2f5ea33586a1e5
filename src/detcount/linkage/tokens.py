"""The words of a written name: titles, aliases and particles taken off, and where a comma stood."""

from __future__ import annotations

import re
from dataclasses import dataclass

from detcount.arguments import plain
from detcount.reading.letters import GLUED, LOST, clean, words_of

PLAIN, WITH_DE, WITH_PARTICLE = range(3)
UNKNOWN_LETTER = "?"

_ASIDE = re.compile(r"\"[^\"]*\"|“[^”]*”|«[^»]*»|\([^)]*\)|\[[^\]]*\]|'[^']{2,}'(?=\s|$)|‘[^’]{2,}’")
_ALIAS = re.compile(r"[\s,;]*(?:\b(?:alias|apodad[oa]|a\.?k\.?a\.?|a/k/a)\b|\(a\)).*$", re.IGNORECASE)
_INSIDE = "\u02bc"  # an apostrophe that is a letter
_APOSTROPHE = re.compile(r"(?<=\w)['’`´](?=\w)")
_WORD = re.compile(
    rf"{LOST}+[^\W\d_](?:[^\W\d_]|[?{LOST}]+(?=[^\W\d_]))*{LOST}*|"
    rf"[^\W\d_](?:[^\W\d_]|[?{LOST}]+(?=[^\W\d_]))*{LOST}*"
)
_NOBODY = re.compile(
    r"(?:n\W?n|s\W?n|x+|nd|sd|n\W?[acd]|null|none|nan|unknown|anonim[oa]|anonymous|unnamed|reservad[oa]|"
    r"(?:menor|adolescente|mujer|hombre|persona|ciudadan[oa])?\s*(?:desconocid[oa]s?|(?:no|sin|por) "
    r"identifica\w*|"
    r"unidentified)|(?:sin|no)\b.*(?:nombre|dato|informacion|name)\w*.*|por (?:verificar|confirmar)|no name)"
)
# "coronel", "mayor" and "cabo" are surnames too, and stay
_TITLES = words_of(
    """
    sr sra srta sres dr dra lic licdo licda ing abg abog prof profa arq econ don dona mr mrs ms miss ciudadano
    ciudadana cdno cdna tte cnel tcnel cap capt gral sgto teniente sargento almirante comisario pbro monsenor
    bachiller br tsu cmdte
    """
)
_ENDINGS = frozenset(("jr", "hijo", "ii", "iii", "sr"))
_PARTICLES = words_of(
    """
    de del la las los lo da do dos das di du van von der den y viuda vda viu d
    """
)
_ONLY_BEFORE_WORDS = frozenset(("d", "y", "e"))
_SAINTS = frozenset(("san", "santa", "santo", "sn", "sta", "sto"))
_ABBREVIATIONS = {
    "ma": "maria", "mª": "maria", "fco": "francisco", "fca": "francisca", "gpe": "guadalupe", "jph": "joseph",
    "alej": "alejandro", "ant": "antonio", "glez": "gonzalez", "gzlez": "gonzalez", "glz": "gonzalez",
    "gzz": "gonzalez", "hdez": "hernandez", "hdz": "hernandez", "hrdez": "hernandez", "fdez": "fernandez",
    "fdz": "fernandez", "mtnez": "martinez", "mtz": "martinez", "mtez": "martinez", "rdguez": "rodriguez",
    "rdz": "rodriguez", "rguez": "rodriguez", "rodz": "rodriguez", "dguez": "dominguez",
    "snchez": "sanchez", "schez": "sanchez", "pza": "perez", "gtrez": "gutierrez", "gtz": "gutierrez",
    "jmnez": "jimenez", "jmz": "jimenez", "rmrez": "ramirez", "rmz": "ramirez", "vsqz": "vasquez",
    "vzq": "vazquez", "mdez": "mendez", "mza": "mendoza",
}  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Tokens:
    """The words of one written name.

    Parameters
    ----------
    words : tuple of str
        Small letters without accents; a lost letter is a question mark.
    kinds : tuple of int
        What stood before each word: nothing, "de" alone, or another particle.
    comma : int
        Number of words before the comma; -1 where there is none.
    shown : tuple of str
        The words as written, each with its particles.
    """

    words: tuple[str, ...]
    kinds: tuple[int, ...]
    comma: int = -1
    shown: tuple[str, ...] = ()


_NONE = Tokens((), ())


def tokens_of(text: str) -> Tokens:
    """Words of a name as somebody wrote it; none where nobody is named."""
    text = _ASIDE.sub(" ", _ALIAS.sub("", clean(text)))
    if not text or names_nobody(text):
        return _NONE
    words: list[str] = []
    kinds: list[int] = []
    shown: list[str] = []
    comma = -1
    parts = [
        part for part in _APOSTROPHE.sub(_INSIDE, text).replace(";", ",").split(",") if part.strip(" .-")
    ]
    for number, part in enumerate(parts):
        if number == 1:
            comma = len(words)
        _read(part, number == 0, words, kinds, shown)
    if comma in (0, len(words)):
        comma = -1
    return Tokens(tuple(words), tuple(kinds), comma, tuple(shown))


def names_nobody(text: str) -> bool:
    """Whether a text says that nobody knows the name."""
    return _NOBODY.fullmatch(plain(text).strip(" .,-*/?")) is not None


def _read(part: str, begins: bool, words: list[str], kinds: list[int], shown: list[str]) -> None:
    """Add the words of a part of a name."""
    found = _WORD.findall(part)
    letters = [plain(word.replace(LOST, UNKNOWN_LETTER)).replace(_INSIDE, "") for word in found]
    while begins and len(letters) > 1 and letters[0] in _TITLES:
        del letters[0], found[0]
    while len(letters) > 1 and letters[-1] in _ENDINGS:
        del letters[-1], found[-1]
    before: list[str] = []
    for position, (word, written) in enumerate(zip(letters, found, strict=True)):
        last = position == len(letters) - 1
        if (
            word in _PARTICLES
            and not last
            and not (word in _ONLY_BEFORE_WORDS and _is_initial(part, written))
        ):
            before.append(written)
            continue
        if word in _SAINTS and not last and len(letters[position + 1]) > 1:
            letters[position + 1] = {"sn": "san", "sta": "santa", "sto": "santo"}.get(word, word) + letters[
                position + 1
            ]
            found[position + 1] = f"{written} {found[position + 1]}"
            continue
        if word in _PARTICLES and last and len(word) > 1 and (words or before):
            continue
        kind = PLAIN if not before else WITH_DE if [plain(p) for p in before][-1] == "de" else WITH_PARTICLE
        if _INSIDE in written[1:2]:  # D'Elia is no Delia
            kind = WITH_PARTICLE
        if word in GLUED:
            word, kind = GLUED[word], WITH_PARTICLE
        words.append(_ABBREVIATIONS.get(word, word))
        kinds.append(kind)
        shown.append(" ".join([*before, written]).replace(_INSIDE, "'"))
        before = []


def _is_initial(part: str, written: str) -> bool:
    """Whether a letter stands for a name, as it has a full stop."""
    return re.search(rf"\b{re.escape(written)}\.", part) is not None
