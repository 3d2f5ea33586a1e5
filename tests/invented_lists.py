"""Invented lists of detained people as arrays, with the truth: what tests of partitions link."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from detcount.linkage.records import MISSING_DAY, Records

CONSONANTS, VOWELS = "bcdfglmnprstvz", "aeiou"
SHARES = ((0.5, 0.45, 0.3), (0.15, 0.40, 0.75))  # on each list; documents missing there


@dataclass(frozen=True)
class World:
    """Rows of all lists, and the person that each is."""

    records: Records
    person: np.ndarray


def pool(n: int, random: np.random.Generator, syllables: int) -> list[str]:
    """Invented words, all different."""
    words: dict[str, None] = {}
    while len(words) < n:
        k = syllables + int(random.random() < 0.5)
        words[
            "".join(str(random.choice([*CONSONANTS])) + str(random.choice([*VOWELS])) for _ in range(k))
        ] = None
    return [*words]


def weights(n: int, power: float) -> np.ndarray:
    """Zipf's law."""
    share = 1.0 / np.arange(2, n + 2) ** power
    return share / share.sum()


def misspelt(word: str, random: np.random.Generator) -> str:
    """A word with one letter replaced, lost, doubled or swapped with the next."""
    at = int(random.integers(len(word)))
    kind = int(random.integers(4))
    if kind == 0:
        return word[:at] + str(random.choice([*(CONSONANTS + VOWELS)])) + word[at + 1 :]
    if kind == 1 and len(word) > 3:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[: at + 1] + word[at:]
    at = min(at, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def invent(
    population: int = 1000,
    seed: int = 0,
    *,
    n_surnames: int = 300,
    n_given: int = 150,
    misspelling: float = 0.1,
    copies: float = 0.04,
    relatives: float = 0.03,
    wrong: float = 0.03,
    lists: tuple[str, ...] = ("government", "foro", "committee"),
    share: tuple[float, ...] = SHARES[0],
    no_document: tuple[float, ...] = SHARES[1],
    dependence: float = 0.8,
) -> World:
    """Lists of people who were arrested on days of unrest, with what such lists get wrong."""
    random = np.random.default_rng(seed)
    given, surnames = pool(n_given, random, 2), pool(n_surnames, random, 3)
    p_given, p_surname = weights(n_given, 0.8), weights(n_surnames, 0.7)
    unrest = np.sort(random.choice(200, 12, replace=False)) + 19900
    places = weights(24, 0.9)
    people = [
        {
            "given": [given[k] for k in random.choice(n_given, 2, p=p_given)],
            "surnames": [surnames[k] for k in random.choice(n_surnames, 2, p=p_surname)],
            "document": int(random.integers(3_000_000, 33_000_000)),
            "born": int(19900 - 365 * (18 + random.gamma(2.2, 7.0)) - random.integers(365)),
            "arrested": int(random.choice([*unrest, *random.integers(19900, 20100, 5)])),
            "place": int(random.choice(24, p=places)),
            "sex": int(random.random() < 0.85),
        }
        for _ in range(population)
    ]
    for k in range(1, population):
        if random.random() < relatives:
            other = people[k - 1]
            people[k].update(
                surnames=list(other["surnames"]), arrested=other["arrested"], place=other["place"]
            )
    known = random.normal(size=population)
    rows: list[tuple] = []
    for number, (name, chance, none) in enumerate(zip(lists, share, no_document, strict=True)):
        on = random.random(population) < 1 / (
            1 + np.exp(-(np.log(chance / (1 - chance)) * 1.15 + dependence * known))
        )
        for k in np.flatnonzero(on):
            rows.extend(
                (number, int(k), *written(people[k], none, misspelling, wrong, random, name))
                for _ in range(1 + int(random.random() < copies))
            )
    order = random.permutation(len(rows))
    rows = [rows[k] for k in order]
    return World(as_records(lists, rows), np.array([row[1] for row in rows]))


def written(person, none, misspelling, wrong, random, name):
    """What a list writes of a person."""
    words = []
    for word, p, missing in (
        *((w, 1.0, m) for w, m in zip(person["given"], (0.0, 0.45), strict=True)),
        *((w, 0.0, m) for w, m in zip(person["surnames"], (0.0, 0.30), strict=True)),
    ):
        if random.random() >= missing:
            words.append((misspelt(word, random) if random.random() < misspelling else word, p))
    document = -1 if random.random() < none else person["document"]
    if document >= 0 and random.random() < wrong:
        document += int(random.choice([-1, 1])) * 10 ** int(random.integers(6))
    born = (MISSING_DAY, MISSING_DAY)
    if name == "government":
        day = person["born"] + (int(random.integers(-2000, 2000)) if random.random() < wrong else 0)
        born = (day, day)
    elif random.random() < 0.6:
        age = (19900 - person["born"]) // 365 + (
            int(random.choice([-1, 1])) if random.random() < 2 * wrong else 0
        )
        born = (19900 - 365 * (age + 1) + 1, 19900 - 365 * age)
    arrested = (MISSING_DAY, MISSING_DAY)
    if random.random() < 0.8:
        day = person["arrested"] + (int(random.geometric(0.2)) if random.random() < 3 * wrong else 0)
        arrested = (day, day)
    place = int(random.integers(24)) if random.random() < 2 * wrong else person["place"]
    sex = person["sex"] if random.random() > 0.005 else 1 - person["sex"]
    return words, document, born, arrested, (place if random.random() < 0.9 else -1), sex


def as_records(lists, rows) -> Records:
    """Rows as arrays."""
    vocabulary = sorted({word for row in rows for word, _ in row[2]})
    number = {word: k for k, word in enumerate(vocabulary)}
    flat = [(k, number[w], place, p) for k, row in enumerate(rows) for place, (w, p) in enumerate(row[2])]
    position = itertools.count(1)
    return Records(
        lists=tuple(lists),
        list_of=np.array([row[0] for row in rows]),
        row=np.array([next(position) for _ in rows]),
        words=tuple(vocabulary),
        word_record=np.array([f[0] for f in flat], dtype=np.int64),
        word=np.array([f[1] for f in flat], dtype=np.int64),
        word_place=np.array([f[2] for f in flat], dtype=np.int64),
        word_given=np.array([f[3] for f in flat], dtype=np.float64),
        document=np.array([row[3] for row in rows]),
        document_kind=np.array([int(row[3] >= 0) for row in rows]),
        born=np.array([row[4] for row in rows]).reshape(-1, 2),
        arrested=np.array([row[5] for row in rows]).reshape(-1, 2),
        place=np.array([row[6] for row in rows]),
        sex=np.array([row[7] for row in rows]),
        referred=np.zeros(len(rows), dtype=bool),
        linkable=np.ones(len(rows), dtype=bool),
        key=np.array([str(k).encode() for k in range(len(rows))]),
    )


def close_pairs(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Pairs that share a document or two canonical letters-in-order of words: a plain rule for candidates."""
    records = world.records
    blocks: dict[object, list[int]] = {}
    for k, document in enumerate(records.document.tolist()):
        if document >= 0:
            blocks.setdefault(document, []).append(k)
    named: dict[int, list[str]] = {}
    for k, w in zip(records.word_record.tolist(), records.word.tolist(), strict=True):
        named.setdefault(k, []).append(records.words[w])
    for k, words in named.items():
        for one, two in itertools.combinations(sorted(words), 2):
            blocks.setdefault((one, two), []).append(k)
            blocks.setdefault((one[:3], two[:3], "start"), []).append(k)
            blocks.setdefault((one[-3:], two[-3:], "end"), []).append(k)
    pairs = {pair for rows in blocks.values() for pair in itertools.combinations(sorted(set(rows)), 2)}
    first, second = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2).T
    return first, second


def pair_scores(labels: np.ndarray, person: np.ndarray) -> tuple[float, float, float]:
    """Precision, recall and F1 of pairs."""

    def pairs(keys: np.ndarray) -> float:
        counts = np.unique(keys, return_counts=True)[1].astype(float)
        return float((counts * (counts - 1) / 2).sum())

    both = pairs(labels.astype(np.int64) * (person.max() + 1) + person)
    precision, recall = both / max(pairs(labels), 1), both / max(pairs(person), 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-12)
