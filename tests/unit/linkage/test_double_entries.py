"""Rows that a list repeats to the last cell, many lists, and more draws than anybody needs."""

import numpy as np
import pytest

from detcount import linkage
from detcount.errors import InputError

OTHERS = [
    ("Luis Mora Gil", "V-9.111.222", "2024-08-01"),
    ("Rosa Salas Parra", "V-10.111.333", "2024-08-02"),
    ("Omar Gil Mora", "V-11.999.222", "2024-08-05"),
]
ANA = ("Ana Pérez Rojas", "V-12.345.678", "2024-08-03")


def table(rows, *heads):
    return {head: [row[k] for row in rows] for k, head in enumerate(heads)}


def full(rows):
    return table(rows, "Nombre", "Cédula", "Fecha de detención")


@pytest.mark.parametrize("n", [150, pytest.param(1000, marks=pytest.mark.slow)])
def test_a_row_many_times_in_a_list_is_one_person(n):
    lists = linkage.read_lists({"a": full([ANA] * n), "b": full([*OTHERS, ANA])})
    linked = linkage.link(lists, n_draws=50)
    assert linked.headline() == f"{n + 4:,} rows on 2 lists are 4 persons (4 to 4, 95%); 0 doubtful pairs"
    assert (
        f"{n - 1:,} rows repeat another of their list in every cell, and are taken for the same person"
        in linked.notes
    )
    assert (linked.person[:n] == linked.person[-1]).all()
    assert linked.n_rows == len(linked.digests) == n + 4
    assert linked.table().counts.sum() == 4
    assert linked.quality.precision.point == 1.0


def test_two_rows_of_a_common_name_alone_may_be_namesakes_and_hundreds_are_not():
    for n, joined in ((2, False), (150, True)):
        rows = [("Ana Pérez",)] * n
        others = [(name,) for name, *_ in OTHERS]
        lists = {"a": table(rows, "Nombre"), "b": table([*others, rows[0]], "Nombre")}
        linked = linkage.link(linkage.read_lists(lists), n_draws=50)
        assert any("in every cell" in note for note in linked.notes) == joined


def test_rows_decided_to_be_namesakes_and_lists_without_duplicates_are_not_joined():
    key = "a key that is long enough"
    lists = linkage.read_lists({"a": full([ANA, ANA, *OTHERS]), "b": full([*OTHERS])})
    digests = [digest.decode() for digest in lists.records(key).key[:2]]
    decided = linkage.Decisions((digests[0],), (digests[1],), (False,), linkage.files.key_check(key))
    linked = linkage.link(lists, n_draws=50, key=key, decisions=decided)
    assert (linked.draws[:, 0] != linked.draws[:, 1]).all()
    stated = linkage.link(lists, n_draws=50, max_copies={"a": 1})
    assert (stated.draws[:, 0] != stated.draws[:, 1]).all()
    assert np.unique(linkage.link(lists, n_draws=50).draws[:, :2]).tolist() == [0]


@pytest.mark.slow
def test_twenty_lists_are_linked_and_more_than_sixty_refused():
    four = full([*OTHERS, ANA])
    linked = linkage.link(linkage.read_lists({f"l{k}": four for k in range(20)}), n_draws=50)
    assert linked.headline() == "80 rows on 20 lists are 4 persons (4 to 4, 95%); 0 doubtful pairs"
    with pytest.raises(
        InputError, match=r"^lists: expected at most 60, got 65. Put lists of one source into one file$"
    ):
        linkage.read_lists({f"l{k}": four for k in range(65)})
