"""Letters of one rule of writing beside those of another: learned from words that stand for each other.

A word is cut into units of one or two letters, and each unit is written as none to three letters. Which units
there are, and how each is written, is learned by expectation maximisation from pairs of words that may be one
word. The sum over all ways to cut two words is that of a memoryless transducer.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from detcount._numerics.arrays import Floats, Ints, bincount
from detcount._numerics.linkage.settings import PRIORS, TUNING

_OF_NO_SOUND = frozenset(
    {"short", "soft", "hard", "sign", "final", "farsi", "dotless"}
)  # in names of letters
_SOUNDS = {
    letter: sound
    for sound, letters in {
        "b": "bpfvwŭ",
        "d": "dtđ",
        "s": "szcxjšžčçşșś",
        "g": "gkqğ",
        "m": "mnñ",
        "l": "lrł",
    }.items()
    for letter in letters
}


@lru_cache(maxsize=10_000)
def sounds_of(letters: str) -> str:
    """Consonants of some letters of any script, those that sound alike as one, without vowels, h and y."""
    found: list[str] = []
    for letter in letters:
        name = letter
        if not letter.isascii() and letter not in _SOUNDS:
            _, _, called = unicodedata.name(letter, "").lower().partition(" letter ")
            name = next((word for word in called.split() if word not in _OF_NO_SOUND), "")
            name = name[1:] if len(name) == 2 and name[0] == "e" else name  # er, es, el of Cyrillic
        sound = _SOUNDS.get(name[:1], "")
        if sound and found[-1:] != [sound]:
            found.append(sound)
    return "".join(found)


@dataclass(frozen=True, eq=False, repr=False)
class Letters:
    """Units of one rule, and letters that stand for them by another.

    Parameters
    ----------
    units, written : dict of str to int
        Units of the one rule, and what stands for them by the other.
    probability : ndarray of float64, shape (n_units + 1, n_written + 1)
        Of both together; it sums to one. The last row and column are of what stands nowhere.
    """

    units: dict[str, int]
    written: dict[str, int]
    probability: Floats


class Vocabulary:
    """Words of two lists, as the units that stand at each place of them."""

    def __init__(self, one: Sequence[str], two: Sequence[str]) -> None:
        self.units, self.written = _parts(one, (1, 2)), _parts(two, (0, 1, 2, 3))
        self.n_one, self.n_two = (np.array([len(word) for word in words]) for words in (one, two))
        self.one = {size: _places(one, size, self.units) for size in (1, 2)}
        self.two = {size: _places(two, size, self.written) for size in (0, 1, 2, 3)}

    def first(self) -> Letters:
        """Letters before anything is learned: units are alike where they are the same or sound alike."""
        table = np.zeros((len(self.units) + 1, len(self.written) + 1))
        of_written = {v: sounds_of(v) for v in self.written}
        for u, row in self.units.items():
            sound = sounds_of(u)
            for v, column in self.written.items():
                other = 1.0 if sound == of_written[v] else PRIORS.unit_unlike
                alike = PRIORS.unit_same if u == v else other
                table[row, column] = alike * PRIORS.unit_letter ** (len(u) + len(v))
        return Letters(self.units, self.written, table / table.sum())

    def learned(self, a: Ints, b: Ints, weight: Floats, start: Letters, now: Letters) -> Letters:
        """Learn letters from pairs of words, each as far as it is one word.

        Parameters
        ----------
        a, b : ndarray of int64
            Words of the pairs.
        weight : ndarray of float64
            Probability of each pair.
        start : Letters
            What is expected beforehand, which is worth `Priors.unit_strength` units.
        now : Letters
            Where the search begins.
        """
        table = now.probability
        for _ in range(TUNING.letter_rounds):
            counts = PRIORS.unit_strength * start.probability
            for rows, m, n in self._batches(a, b):
                ids = self._ids(a[rows], b[rows], m, n, table.shape[1])
                values = [table.ravel()[cells] for cells in ids]
                ahead = _sums(values, m, n)
                behind = _sums([value[:, ::-1, ::-1] for value in values], m, n)[:, ::-1, ::-1]
                share = weight[rows] / np.maximum(ahead[:, -1, -1], 1e-300)
                flat = np.zeros(table.size)
                for (du, dv), cells, value in zip(TUNING.letter_units, ids, values, strict=True):
                    _, i, j = cells.shape
                    both = ahead[:, :i, :j] * behind[:, du : du + i, dv : dv + j]
                    both *= value * share[:, None, None]
                    flat += bincount(cells.ravel(), both.ravel(), minlength=table.size)
                counts = counts + flat.reshape(counts.shape)
            table = counts / counts.sum()
        return Letters(self.units, self.written, table)

    def log_probability(self, a: Ints, b: Ints, letters: Letters) -> Floats:
        """Log probability of each second word given the first, summed over all ways to cut them."""
        answer = np.full(len(a), -np.inf)
        table = letters.probability
        alone = self._alone(table.sum(axis=1))
        with np.errstate(divide="ignore"):
            for rows, m, n in self._batches(a, b):
                values = [table.ravel()[c] for c in self._ids(a[rows], b[rows], m, n, table.shape[1])]
                answer[rows] = np.log(_sums(values, m, n)[:, -1, -1]) - np.log(alone[a[rows]])
        return answer

    def _alone(self, marginal: Floats) -> Floats:
        """Probability of each first word, whatever is written for it."""
        sums = np.zeros((len(self.n_one), int(self.n_one.max(initial=0)) + 1))
        sums[:, 0] = 1.0
        for i in range(1, sums.shape[1]):
            for size in (1, 2):
                if i >= size:
                    sums[:, i] += sums[:, i - size] * marginal[self.one[size][:, i - size]]
        return np.asarray(sums[np.arange(len(sums)), self.n_one])

    def _batches(self, a: Ints, b: Ints) -> list[tuple[Ints, int, int]]:
        """Places of pairs whose words have the same numbers of letters, and these numbers."""
        both = self.n_one[a] * 1000 + self.n_two[b]
        order = np.argsort(both, kind="stable")
        found = []
        for group in np.split(order, np.flatnonzero(np.diff(both[order])) + 1):
            for low in range(0, len(group), TUNING.letter_pairs):
                rows = group[low : low + TUNING.letter_pairs]
                found.append((rows, int(self.n_one[a[rows[0]]]), int(self.n_two[b[rows[0]]])))
        return found

    def _ids(self, a: Ints, b: Ints, m: int, n: int, width: int) -> list[Ints]:
        """Place in the table of each unit of each pair of words of m and n letters."""
        return [
            self.one[du][a, : m - du + 1][:, :, None] * width
            + self.two[dv][b, : max(n - dv + 1, 0)][:, None, :]
            for du, dv in TUNING.letter_units
        ]


def _parts(words: Sequence[str], sizes: Sequence[int]) -> dict[str, int]:
    """Strings of some lengths that stand in words, in order."""
    found = {word[k : k + n] for word in words for n in sizes for k in range(len(word) - n + 1)}
    return {part: k for k, part in enumerate(sorted(found))}


def _places(words: Sequence[str], size: int, parts: dict[str, int]) -> Ints:
    """Number of the part of some length at each place of each word; behind its end a number of no part."""
    longest = max(map(len, words), default=0)
    places = np.full((len(words), longest + 1), len(parts), dtype=np.int64)
    for k, word in enumerate(words):
        for at in range(len(word) - size + 1):
            places[k, at] = parts[word[at : at + size]]
    return places


def _sums(values: list[Floats], m: int, n: int) -> Floats:
    """Probability of the first letters of both words, summed over all ways to cut them."""
    sums = np.zeros((len(values[0]), m + 1, n + 1))
    sums[:, 0, 0] = 1.0
    for i in range(1, m + 1):
        for (du, dv), value in zip(TUNING.letter_units, values, strict=True):
            if i >= du and n >= dv:
                sums[:, i, dv:] += sums[:, i - du, : n - dv + 1] * value[:, i - du, :]
    return sums
