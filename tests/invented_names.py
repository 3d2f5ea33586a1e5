"""Rows of lists of names as arrays, invented or by hand, with the truth: what tests of linkage link."""

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from detcount import linkage, simulate
from detcount.linkage.records import Records


@dataclass(frozen=True)
class World:
    """Rows of all lists, and the person that each is."""

    records: Records
    person: np.ndarray

    def true_pairs(self) -> set[tuple[int, int]]:
        order = np.argsort(self.person, kind="stable")
        groups = np.split(order, np.flatnonzero(np.diff(self.person[order])) + 1)
        return {pair for group in groups for pair in itertools.combinations(group.tolist(), 2)}


def invent(population: int = 1000, seed: int = 0, **options: Any) -> World:
    """Invented lists of names as they are read; mistakes and what lists lack are those of `simulate`."""
    mistakes = {name: options.pop(name) for name in ("words", "places") if name in options}
    made = simulate.name_lists(population, mistakes=simulate.Mistakes(**mistakes), seed=seed, **options)
    records = linkage.read_lists(made.frames).records("a key of the tests")
    truth = made.truth
    names = np.array(truth.lists)[truth.list_of].tolist()
    person = dict(zip(zip(names, truth.row.tolist(), strict=True), truth.person.tolist(), strict=True))
    rows = zip([records.lists[k] for k in records.list_of.tolist()], records.row.tolist(), strict=True)
    return World(records, np.array([person[row] for row in rows]))


def as_records(lists: tuple[str, ...], rows: list[Any]) -> Records:
    """Rows by hand as arrays: list, person, words with how likely each is a given name, document and more."""
    vocabulary = sorted({word for row in rows for word, _ in row[2]})
    number = {word: k for k, word in enumerate(vocabulary)}
    flat = [(k, number[w], place, p) for k, row in enumerate(rows) for place, (w, p) in enumerate(row[2])]
    record, word, place, given = (np.array(column) for column in zip(*flat, strict=True))
    list_of, _, _, document, born, arrested, places, sex = (
        np.array(column) if k != 2 else None for k, column in enumerate(zip(*rows, strict=True))
    )
    return Records(
        lists=lists,
        list_of=list_of,
        row=np.arange(1, len(rows) + 1),
        words=tuple(vocabulary),
        word_record=record,
        word=word,
        word_place=place,
        word_given=given.astype(np.float64),
        document=document,
        document_kind=(document >= 0).astype(np.int64),
        born=born,
        arrested=arrested,
        place=places,
        sex=sex,
        referred=np.zeros(len(rows), dtype=bool),
        linkable=np.ones(len(rows), dtype=bool),
        key=np.array([str(k).encode() for k in range(len(rows))]),
    )


def close_pairs(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Pairs that share a document, or two words, their beginnings or ends: a plain rule for candidates."""
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
            for key in ((one, two), (one[:3], two[:3], "start"), (one[-3:], two[-3:], "end")):
                blocks.setdefault(key, []).append(k)
    pairs = {pair for rows in blocks.values() for pair in itertools.combinations(sorted(set(rows)), 2)}
    first, second = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2).T
    return first, second
