"""The words of written names, which of them are given names, and documents that strangers seem to share.

What is a given name is learned from all lists together.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations

import numpy as np

from detcount._numerics.arrays import Floats, Ints, repeat
from detcount._numerics.linkage.settings import PRIORS, TUNING
from detcount._numerics.linkage.words import Layout, learn_splits
from detcount.contract.arguments import plain
from detcount.linkage.sounds import SPANISH, meanings
from detcount.reading.cells import NO_DOCUMENT
from detcount.reading.text import DEVOTIONS, GIVEN, GLUED, SURNAMES, UNREADABLE, clean


@dataclass(frozen=True, slots=True, repr=False)
class Name:
    """The words of one name in their order, and what is known of its parts.

    Parameters
    ----------
    words : tuple of str
        The words in small letters without accents; a lost letter is a question mark.
    flagged : tuple of bool
        True where a particle stood before the word.
    n_given : int, optional
        Given names that stand first, where columns state it; -1 elsewhere.
    n_surnames : int, optional
        Surnames that stand first, where a comma states it; -1 elsewhere.
    """

    words: tuple[str, ...]
    flagged: tuple[bool, ...]
    n_given: int = -1
    n_surnames: int = -1


@dataclass(frozen=True, eq=False, repr=False)
class SplitNames:
    """Words of names as numbers, with the probability of each that it is a given name.

    Parameters
    ----------
    words : tuple of str
        The distinct words.
    word_record, word, word_place : ndarray of int64, shape (m,)
        Each written word: the number of its name, its position in `words`, its place in the name.
    word_given : ndarray of float64, shape (m,)
        Probability that it is a given name.
    """

    words: tuple[str, ...]
    word_record: Ints
    word: Ints
    word_place: Ints
    word_given: Floats


def split_names(
    names: Sequence[Name], list_of: Sequence[int], stated_surname_first: Mapping[int, bool] | None = None
) -> SplitNames:
    """Split all names; `list_of` has the list of each, `stated_surname_first` the order by header."""
    stated = stated_surname_first or {}
    found = _without_unreadable_letters(names)
    keys: dict[tuple[str, bool], int] = {}
    groups: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for number, name in enumerate(found):
        if name.words:
            groups[len(name.words), name.n_given, name.n_surnames].append(number)
            for key in zip(name.words, name.flagged, strict=True):
                keys.setdefault(key, len(keys))
    conventions: dict[tuple[int, int], int] = {}
    layouts = []
    parts = [(name.words, name.flagged) for name in found]
    for (n, n_given, n_surnames), members in sorted(groups.items()):
        way = 1 if n_given >= 0 else 2 if n_surnames >= 0 else 0
        layouts.append(
            Layout(
                np.array(members),
                np.array([conventions.setdefault((list_of[k], way), len(conventions)) for k in members]),
                np.array([[*map(keys.get, zip(*parts[k], strict=True))] for k in members]).reshape(-1, n),
                np.array([parts[k][1] for k in members]).reshape(-1, n),
                n_given,
                n_surnames,
            )
        )
    free = {where: PRIORS.order_stated[:: 1 if first else -1] for where, first in stated.items()}
    priors = [
        (free.get(where, PRIORS.order_free), PRIORS.order_labelled, PRIORS.order_labelled[::-1])[way]
        for where, way in conventions
    ]
    counts = np.array(priors).reshape(-1, 2)
    learned = learn_splits(layouts, np.array([first_guess(word, flag) for word, flag in keys]), counts)
    columns = [np.empty((4, 0))]
    for layout, share in zip(layouts, learned, strict=True):
        m, n = layout.words.shape
        places = np.tile(np.arange(n), m)
        columns.append(np.stack([repeat(layout.name, n), layout.words.ravel(), places, share.ravel()]))
    written = np.concatenate(columns, axis=1)
    written = written[:, np.lexsort((written[2], written[0]))]
    name, key, place = written[:3].astype(np.int64)
    plain = sorted({word for word, _ in keys})
    position = {word: number for number, word in enumerate(plain)}
    word_of_key = np.array([position[word] for word, _ in keys], dtype=np.int64)
    return SplitNames(
        words=tuple(plain),
        word_record=name,
        word=word_of_key[key],
        word_place=place,
        word_given=np.clip(written[3], PRIORS.word_role_bound, 1.0 - PRIORS.word_role_bound),
    )


def first_guess(word: str, flagged: bool) -> float:
    """Log odds that a word is a given name, before anything is read."""
    if len(word) == 1:
        return 0.5 if flagged else 0.0  # "del C." is del Carmen more often than a surname
    if flagged:
        return PRIORS.devotion_word if word in DEVOTIONS else -PRIORS.ending_odds
    given, surname = word in GIVEN or bool(meanings(word)), word in SURNAMES
    if given and surname:
        return 0.0
    if given or surname:
        return PRIORS.known_word if given else -PRIORS.known_word
    return _by_ending(word)


def _by_ending(word: str) -> float:
    """Log odds by the last three letters, and the last two where those are rare."""
    three, two = _endings()
    odds = two.get(word[-2:], 0.0)
    return float(np.clip(three.get(word[-3:], odds), -PRIORS.ending_odds, PRIORS.ending_odds))


@cache
def _endings() -> tuple[dict[str, float], dict[str, float]]:
    """Log odds of endings among the known words."""
    tables = []
    for length in (3, 2):
        given = Counter(word[-length:] for word in GIVEN)
        surname = Counter(word[-length:] for word in SURNAMES)
        tables.append(
            {
                ending: float(np.log((given[ending] + 1.0) / (surname[ending] + 1.0)))
                for ending in given.keys() | surname.keys()
                if given[ending] + surname[ending] >= (3 if length == 3 else 1)
            }
        )
    return tables[0], tables[1]


def _without_unreadable_letters(names: Sequence[Name]) -> Sequence[Name]:
    """Names whose unreadable letters are taken from a word that fits and stands elsewhere, or left out."""
    unreadable = {word for name in names for word in name.words if UNKNOWN_LETTER in word}
    if not unreadable:
        return names
    counts = Counter(word for name in names for word in name.words if UNKNOWN_LETTER not in word)
    known = sorted(set(counts) | GIVEN | SURNAMES)

    def found(word: str) -> str:
        # a letter of UTF-8 may have been lost as two
        pattern = re.compile(re.sub(r"\?+", lambda run: f"[aeioun]{{1,{len(run[0])}}}", word))
        fitting = [other for other in known if other[0] == word[0] or word[0] == UNKNOWN_LETTER]
        fitting = [other for other in fitting if pattern.fullmatch(other)]
        return max(fitting, key=lambda other: counts[other]) if fitting else word.replace(UNKNOWN_LETTER, "")

    table = {word: found(word) for word in sorted(unreadable)}
    return [
        name
        if unreadable.isdisjoint(name.words)
        else replace(name, words=tuple(table.get(word, word) for word in name.words))
        for name in names
    ]


UNKNOWN_LETTER = "?"

_ASIDE = re.compile(r"\"[^\"]*\"|“[^”]*”|«[^»]*»|\([^)]*\)|\[[^\]]*\]|'[^']{2,}'(?=\s|$)|‘[^’]{2,}’")
_ALIAS = re.compile(r"[\s,;]*(?:\b(?:alias|apodad[oa]|a\.?k\.?a\.?|a/k/a)\b|\(a\)).*$", re.IGNORECASE)
_INSIDE = "\u02bc"  # an apostrophe that is a letter
_APOSTROPHE = re.compile(r"(?<=\w)['’`´](?=\w)")
_WORD = re.compile(
    rf"{UNREADABLE}+[^\W\d_](?:[^\W\d_]|[?{UNREADABLE}]+(?=[^\W\d_]))*{UNREADABLE}*|"
    rf"[^\W\d_](?:[^\W\d_]|[?{UNREADABLE}]+(?=[^\W\d_]))*{UNREADABLE}*"
)
_NOBODY = re.compile(
    r"(?:n\W?n|s\W?n|x+|nd|sd|n\W?[acd]|null|none|nan|unknown|anonim[oa]|anonymous|unnamed|reservad[oa]|"
    r"(?:menor|adolescente|mujer|hombre|persona|ciudadan[oa])?\s*(?:desconocid[oa]s?|(?:no|sin|por) "
    r"identifica\w*|"
    r"unidentified)|(?:sin|no)\b.*(?:nombre|dato|informacion|name)\w*.*|por (?:verificar|confirmar)|no name)"
)
_WORDS = SPANISH["words of names"]
_TITLES, _ENDINGS, _PARTICLES, _ONLY_BEFORE_WORDS = (
    frozenset(_WORDS[kind].split()) for kind in ("titles", "endings", "particles", "only before words")
)
_SAINTS = {short: saint for saint, shorts in _WORDS["saints"].items() for short in shorts.split()}
_ABBREVIATIONS = {
    short: word for word, shorts in SPANISH["abbreviations"].items() for short in shorts.split()
}


NO_NAME = Name((), ())


def tokens_of(text: str) -> Name:
    """Words of a name as somebody wrote it; none where nobody is named."""
    text = _ASIDE.sub(" ", _ALIAS.sub("", clean(text)))
    if not text or names_nobody(text):
        return NO_NAME
    words: list[str] = []
    flagged: list[bool] = []
    comma = -1
    parts = [
        part for part in _APOSTROPHE.sub(_INSIDE, text).replace(";", ",").split(",") if part.strip(" .-")
    ]
    for number, part in enumerate(parts):
        if number == 1:
            comma = len(words)
        _read(part, number == 0, words, flagged)
    if comma in (0, len(words)):
        comma = -1
    return Name(tuple(words), tuple(flagged), n_surnames=comma)


def names_nobody(text: str) -> bool:
    """Tell if a text states that the name is unknown."""
    return _NOBODY.fullmatch(plain(text).strip(" .,-*/?")) is not None


def _read(part: str, begins: bool, words: list[str], flagged: list[bool]) -> None:
    """Add the words of a part of a name."""
    found = _WORD.findall(part)
    letters = [plain(word.replace(UNREADABLE, UNKNOWN_LETTER)).replace(_INSIDE, "") for word in found]
    while begins and len(letters) > 1 and letters[0] in _TITLES:
        del letters[0], found[0]
    while len(letters) > 1 and letters[-1] in _ENDINGS:
        del letters[-1], found[-1]
    before = False
    for position, (word, written) in enumerate(zip(letters, found, strict=True)):
        last = position == len(letters) - 1
        initial = word in _ONLY_BEFORE_WORDS and _is_initial(part, written)
        if word in _PARTICLES and not last and not initial:
            before = True
            continue
        if word in _SAINTS and not last and len(letters[position + 1]) > 1:
            letters[position + 1] = _SAINTS[word] + letters[position + 1]
            found[position + 1] = f"{written} {found[position + 1]}"
            continue
        if word in _PARTICLES and last and len(word) > 1 and (words or before):
            continue
        # D'Elia is no Delia
        flagged.append(before or _INSIDE in written[1:2] or word in GLUED)
        word = GLUED.get(word, word)
        words.append(_ABBREVIATIONS.get(word, word))
        before = False


def _is_initial(part: str, written: str) -> bool:
    """Tell if a letter stands for a name, as it has a full stop."""
    return re.search(rf"\b{re.escape(written)}\.", part) is not None


def shared_by_strangers(documents: Sequence[tuple[int, int]], names: Sequence[Name]) -> list[int]:
    """Numbers of documents on many rows of a list, which names speak against or none speaks for."""
    rows: dict[int, list[Name]] = {}
    for (number, _), name in zip(documents, names, strict=True):
        if number != NO_DOCUMENT:
            rows.setdefault(number, []).append(name)
    return [number for number, of in rows.items() if len(of) >= TUNING.strangers_rows and _of_nobody(of)]


def _of_nobody(names: Sequence[Name]) -> bool:
    """Tell if names contradict a document, or none supports it on very many rows."""
    named = [name for name in names if name.words]
    if len(named) < TUNING.strangers_rows:
        return len(names) - len(named) >= TUNING.strangers_unnamed
    return _disagree(named)


def _disagree(names: Sequence[Name]) -> bool:
    """Tell if most pairs of names are of different people."""
    words = sorted(sorted(set(name.words)) for name in names)  # the same whatever the order of the rows
    pairs = list(combinations(words[:: -(-len(words) // TUNING.strangers_compared)], 2))
    agreeing = sum(_agree(one, other) for one, other in pairs)
    return agreeing < TUNING.strangers_agreeing * len(pairs)


def _agree(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell if two names share two words, or all of the shorter one; words may differ in their ending."""
    shared = sum(any(word[:4] == known[:4] for known in other) for word in one)
    return shared >= min(2, len(one), len(other))
