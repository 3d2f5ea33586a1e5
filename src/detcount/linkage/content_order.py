"""An order of rows by what they say, so that the order in which they came changes nothing."""

from __future__ import annotations

import numpy as np

from detcount._numerics.arrays import Ints
from detcount.linkage.records import Records


def content_order(records: Records) -> Ints:
    """Order rows by their list's name, words, document, days and sex, then by how places are shared.

    Codes of places depend on the order of rows; they are compared by how frequent they are and by the first
    row, in this order, that names them.
    """
    n = len(records)
    spelled: list[list[tuple[int, str, float]]] = [[] for _ in range(n)]
    for row, word, place, given in zip(
        records.word_record.tolist(),
        records.word.tolist(),
        records.word_place.tolist(),
        records.word_given.tolist(),
        strict=True,
    ):
        spelled[row].append((place, records.words[word], round(given, 6)))
    keys = [
        (
            records.lists[records.list_of[row]],
            tuple(sorted(spelled[row])),
            int(records.document[row]),
            int(records.document_kind[row]),
            tuple(records.born[row].tolist()),
            tuple(records.arrested[row].tolist()),
            int(records.sex[row]),
            bool(records.referred[row]),
            bool(records.linkable[row]),
        )
        for row in range(n)
    ]
    frequency = np.bincount(records.place + 1, minlength=2)
    first_key: dict[int, tuple[object, ...]] = {}
    for row in sorted(range(n), key=lambda row: keys[row]):
        first_key.setdefault(int(records.place[row]), keys[row])
    places = sorted(first_key, key=lambda code: (code >= 0, int(frequency[code + 1]), first_key[code]))
    rank = {code: place for place, code in enumerate(places)}
    order = sorted(range(n), key=lambda row: (keys[row], rank[int(records.place[row])], records.key[row]))
    return np.array(order, dtype=np.int64)
