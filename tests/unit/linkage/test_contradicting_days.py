"""Cells of a row that contradict each other: the row stays, one cell is named, persons with days follow."""

import itertools

import numpy as np
import pytest

from detcount import linkage
from detcount.linkage.spells import persons_of

ROWS = {
    "Nombre": ["Ana Pérez Rojas", "Luis Mora Gil"],
    "Fecha de detención": ["2024-08-10", "2024-08-11"],
    "Fecha de excarcelación": ["2024-11-02", ""],
    "Situación": ["excarcelada", "detenido"],
    "Fecha de registro": ["2024-08-12", "2024-08-13"],
    "Excarcelación confirmada": ["2024-11-05", ""],
}


@pytest.mark.parametrize(
    ("column", "row", "day", "named", "expected"),
    [
        ("Fecha de detención", 1, "2024-08-20", "", "a day up to the day of listing"),
        ("Fecha de excarcelación", 1, "2024-08-01", "", "a day on or after the arrest"),
        ("Situación", 1, "detenida", "", "a status that agrees with the exit"),
        ("Excarcelación confirmada", 1, "2024-11-01", "", "a day on or after the exit"),
        ("Fecha de registro", 1, "2024-12-01", "Excarcelación confirmada", "a day on or after the listing"),
        ("Excarcelación confirmada", 2, "2024-11-05", "", "nothing, where no exit is known"),
    ],
)
def test_a_cell_that_another_contradicts_is_left_out(column, row, day, named, expected):
    frame = {name: list(cells) for name, cells in ROWS.items()}
    frame[column][row - 1] = day
    lists = linkage.read_lists({"foro": frame, "prensa": ROWS})
    (problem,) = lists.problems.to_dict("records")
    assert (problem["row"], problem["column"], problem["expected"]) == (row, named or column, expected)
    people = linkage.link(lists, n_draws=50).people()
    assert people.n_persons == 2
    assert set(people.left_last[people.person == people.person[0]] < 1_000_000) == {True}


WHOLE = {
    "Nombre": "Ana Pérez Rojas",
    "Fecha de detención": "2024-08-10",
    "Fecha de registro": "2024-08-20",
    "Fecha de excarcelación": "2024-11-01",
    "Salida conocida el": "2024-11-20",
    "Situación": "excarcelada",
    "Última fe de vida": "2024-10-01",
}


def test_no_pair_of_cells_stops_the_persons():
    titles = list(WHOLE)[1:]
    rows = [WHOLE]
    for one, other in itertools.combinations(titles, 2):
        for day in ("2024-07-01", "2024-08-15", "2025-01-01"):
            changed = {one: day, other: "2024-09-15"}
            rows.append(WHOLE | changed | ({"Situación": "detenida"} if "Situación" in changed else {}))
    lists = linkage.read_lists({"press": {title: [row[title] for row in rows] for title in WHOLE}})
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
