"""Cells of a row that contradict each other: the row stays, one cell is named, persons with days follow."""

from __future__ import annotations

import pytest

from detcount import linkage

ROWS = {
    "Nombre": ["Ana Pérez Rojas", "Luis Mora Gil"],
    "Fecha de detención": ["2024-08-10", "2024-08-11"],
    "Fecha de excarcelación": ["2024-11-02", ""],
    "Situación": ["excarcelada", "detenido"],
    "Fecha de registro": ["2024-08-12", "2024-08-13"],
    "Excarcelación confirmada": ["2024-11-05", ""],
}


@pytest.mark.parametrize(
    ("column", "row", "cell", "named", "expected"),
    [
        ("Fecha de detención", 1, "2024-08-20", "Fecha de detención", "a day up to the day of listing"),
        ("Fecha de excarcelación", 1, "2024-08-01", "Fecha de excarcelación", "a day on or after the arrest"),
        ("Situación", 1, "detenida", "Situación", "a status that agrees with the exit"),
        (
            "Excarcelación confirmada",
            1,
            "2024-11-01",
            "Excarcelación confirmada",
            "a day on or after the exit",
        ),
        ("Fecha de registro", 1, "2024-12-01", "Excarcelación confirmada", "a day on or after the listing"),
        (
            "Excarcelación confirmada",
            2,
            "2024-11-05",
            "Excarcelación confirmada",
            "nothing, where no exit is known",
        ),
    ],
)
def test_a_cell_that_another_contradicts_is_left_out(column, row, cell, named, expected) -> None:
    frame = {name: list(cells) for name, cells in ROWS.items()}
    frame[column][row - 1] = cell
    lists = linkage.read_lists({"foro": frame, "prensa": ROWS})
    (problem,) = lists.problems.to_dict("records")
    assert (problem["row"], problem["column"], problem["expected"]) == (row, named, expected)
    people = linkage.link(lists, n_draws=50).people()
    assert people.n_persons == 2
    assert set(people.left_last[people.person == people.person[0]] < 1_000_000) == {True}
