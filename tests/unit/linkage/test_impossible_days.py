"""What cannot be true beside the rest of a row is left out and named; the route to those held goes on."""

import itertools

import numpy as np

from detcount import linkage
from detcount.linkage.spells import persons_of

ROW = {
    "Nombre": "Ana Pérez Rojas",
    "Fecha de detención": "2024-08-10",
    "Fecha de registro": "2024-08-20",
    "Fecha de excarcelación": "2024-11-01",
    "Salida conocida el": "2024-11-20",
    "Situación": "excarcelada",
    "Última fe de vida": "2024-10-01",
}


def test_no_pair_of_cells_stops_the_persons():
    titles = list(ROW)[1:]
    rows = [ROW]
    for one, other in itertools.combinations(titles, 2):
        for day in ("2024-07-01", "2024-08-15", "2025-01-01"):
            changed = {one: day, other: "2024-09-15"}
            rows.append(
                ROW | {title: "detenida" if title == "Situación" else changed[title] for title in changed}
            )
    lists = linkage.read_lists({"press": {title: [row[title] for row in rows] for title in ROW}})
    n = len(rows)
    people = persons_of(
        lists.spells(),
        ("press", "families"),
        np.zeros(n, int),
        np.arange(n),
        np.ones(n, bool),
        definition=None,
    )
    assert people.n_persons == n
