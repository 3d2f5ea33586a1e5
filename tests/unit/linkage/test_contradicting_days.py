"""Cells of a row that contradict each other: the row stays, one cell is named, persons with days follow."""

import itertools

import numpy as np
import pytest

from cases import tables
from detcount import linkage
from detcount.linkage.spells import persons_of

TABLES = tables("contradicting_days")

ROWS = TABLES["rows"]


@pytest.mark.parametrize(
    ("column", "row", "day", "named", "expected"),
    TABLES["a_cell_that_another_contradicts_is_left_out"],
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


WHOLE = TABLES["whole"]


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
