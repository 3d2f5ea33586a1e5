"""Invented rows of lists as records, with the truth: a small generator for tests of linkage alone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from detcount.linkage.records import MISSING_DAY, Records

KNOWN = """
b c ch d f g l m n p r s t v z br cr gr tr j h
a e i o u a e o ia ue
n s z r l
jose luis carlos juan maria ana jesus miguel francisco pedro rafael carmen rosa antonio manuel angel daniel \
yajaira jhon wilmer yuleisy keiber darwin ramon victor rosmary gabriel andres deivis belkis
gonzalez rodriguez perez hernandez garcia martinez lopez rivas suarez moreno zambrano marquez colmenares \
quintero villegas guerrero bolivar pacheco salazar contreras uzcategui chacon mejias sosa yanez urdaneta
"""
ONSETS, VOWELS, ENDS, GIVEN, SURNAMES = (line.split() for line in KNOWN.strip().splitlines())
RESPELT = (("z", "s"), ("s", "z"), ("b", "v"), ("v", "b"), ("j", "g"), ("y", "i"), ("ll", "y"), ("h", ""))


@dataclass(frozen=True)
class Rows:
    """Records, and the person of each."""

    records: Records
    person: np.ndarray

    def same(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Whether two records are one person."""
        return self.person[first] == self.person[second]

    def true_pairs(self) -> set[tuple[int, int]]:
        """Pairs of records of one person, all of them."""
        order = np.argsort(self.person, kind="stable")
        groups = np.split(order, np.flatnonzero(np.diff(self.person[order])) + 1)
        return {(int(a), int(b)) for g in groups for k, a in enumerate(g) for b in g[k + 1 :]}


def pool(rng: np.random.Generator, known: list[str], size: int) -> tuple[list[str], np.ndarray]:
    """A pool of words that begins with known ones, and their frequencies."""
    words = dict.fromkeys(known[:size])
    while len(words) < size:
        parts = [str(rng.choice(ONSETS)) + str(rng.choice(VOWELS)) for _ in range(rng.integers(2, 4))]
        words["".join(parts) + (str(rng.choice(ENDS)) if rng.random() < 0.6 else "")] = None
    weight = 1.0 / (np.arange(size) + 4.0) ** 0.9
    return list(words), weight / weight.sum()


def misspelt(rng: np.random.Generator, word: str) -> str:
    """A word with one error."""
    kind = rng.random()
    if kind < 0.35:
        changed = [word.replace(a, b, 1) for a, b in RESPELT if a in word and len(word) > 3]
        if changed:
            return str(rng.choice(changed))
    at = int(rng.integers(len(word)))
    letter = chr(97 + int(rng.integers(26)))
    if kind < 0.55:
        return word[:at] + letter + word[at + 1 :]
    if kind < 0.7:
        return word[:at] + letter + word[at:]
    if kind < 0.85 and len(word) > 2:
        return word[:at] + word[at + 1 :]
    at = min(at, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def rows(
    seed: int,
    population: int = 1000,
    sizes: tuple[int, ...] = (500, 450, 300),
    n_surnames: int = 300,
    n_given: int = 120,
    errors: float = 0.10,
    documents: tuple[float, ...] = (0.15, 0.40, 0.75),
    relatives: float = 0.03,
) -> Rows:
    """Make lists of invented people, in some order, as records."""
    rng = np.random.default_rng(seed)
    surnames, weight_s = pool(rng, SURNAMES, n_surnames)
    given, weight_g = pool(rng, GIVEN, n_given)
    people = []
    for k in range(population):
        family = people[-1][1] if k and rng.random() < relatives else None
        day = int(rng.choice(60, p=np.arange(60, 0, -1) / 1830)) + 19930
        people.append(
            (
                [str(w) for w in rng.choice(given, 2, p=weight_g)],
                family or [str(w) for w in rng.choice(surnames, 2, p=weight_s)],
                int(rng.integers(3_000_000, 32_000_000)),
                int(rng.normal(9000, 3500)),
                people[-1][4] if family else day,
                people[-1][5] if family else int(rng.integers(12)),
                int(rng.random() < 0.15),
            )
        )
    written = []
    for source, size in enumerate(sizes):
        chosen = rng.choice(population, min(size, population), replace=False)
        chosen = np.concatenate([chosen, chosen[rng.random(len(chosen)) < 0.04]])
        for who in chosen.tolist():
            names, family, document, born, arrested, place, sex = people[who]
            names = names[: 1 + (rng.random() > 0.45)]
            family = family[: 1 + (rng.random() > 0.30)]
            tokens = [(w, 0) for w in names] + [(w, 1) for w in family]
            tokens = [(misspelt(rng, w) if rng.random() < errors else w, r) for w, r in tokens]
            tokens = [
                (w[0] if r == 0 and k == 1 and rng.random() < 0.05 else w, r)
                for k, (w, r) in enumerate(tokens)
            ]
            digits = list(str(document))
            if rng.random() < 0.04:
                digits[int(rng.integers(1, len(digits)))] = str(rng.integers(10))
            number = -1 if rng.random() < documents[source % len(documents)] else int("".join(digits))
            birth = (MISSING_DAY, MISSING_DAY)
            if rng.random() < 0.6:
                birth = (born, born) if rng.random() < 0.95 else (born + 365, born + 365)
            elif rng.random() < 0.5:
                low = 19930 - 365 * int((19930 - born) // 365 + (rng.random() < 0.1) + 1)
                birth = (low, low + 364)
            arrest = (MISSING_DAY, MISSING_DAY)
            if rng.random() < 0.85:
                day = arrested + (int(rng.integers(1, 5)) if rng.random() < 0.12 else 0)
                arrest = (day, day)
            spot = -1 if rng.random() < 0.2 else (place if rng.random() < 0.95 else int(rng.integers(12)))
            written.append(
                (source, who, tokens, number, birth, arrest, spot, -1 if rng.random() < 0.2 else sex)
            )
    return as_records(written, len(sizes))


def as_records(written: list, n_lists: int) -> Rows:
    """Rows as arrays."""
    vocabulary = sorted({w for row in written for w, _ in row[2]})
    number = {w: k for k, w in enumerate(vocabulary)}
    token = [
        (n, number[w], place, 0.97 if role == 0 else 0.03)
        for n, row in enumerate(written)
        for place, (w, role) in enumerate(row[2])
    ]
    record, word, place, is_given = (np.array(column) for column in zip(*token, strict=True))
    source = np.array([row[0] for row in written])
    starts = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=n_lists))])
    records = Records(
        lists=tuple(f"list {k + 1}" for k in range(n_lists)),
        list_of=source,
        row=np.arange(len(written)) - starts[source] + 1,
        words=tuple(vocabulary),
        word_record=record,
        word=word,
        word_place=place,
        word_given=is_given,
        document=np.array([row[3] for row in written]),
        document_kind=np.array([int(row[3] >= 0) for row in written]),
        born=np.array([row[4] for row in written]),
        arrested=np.array([row[5] for row in written]),
        place=np.array([row[6] for row in written]),
        sex=np.array([row[7] for row in written]),
        referred=np.zeros(len(written), bool),
        linkable=np.ones(len(written), bool),
        key=np.array([hashlib.sha256(repr(row[2:]).encode()).digest() for row in written], dtype="S32"),
    )
    return Rows(records, np.array([row[1] for row in written]))
