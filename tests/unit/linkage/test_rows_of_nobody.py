"""Rows that are no persons are left out and said by their line; persons known by a word alone stay."""

import io
import random

import pytest

from detcount import linkage
from detcount.io import read_frame

HEAD = "Nombres,Apellidos,Cédula,Fecha"
PEOPLE = """\
Ana,Pérez,V-12345678,2025-01-03
Zulia,Total,V-11222333,2025-02-04
Eva,Mujica,,2025-02-05
Miranda,Lara,,
Nota,Fuente,V-8765432,
Rosa,Del Valle Nota,V-7654321,2025-02-07
Libertad,Centeno,V-10111222,2025-02-08
Omar,Bolívar,V-10111223,2025-02-09
Página,Prisión,V-10111224,2025-02-10
Yusbelkis,Otros,V-10111225,2025-02-11""".splitlines()
NOBODY = """\
,FALCÓN,,|ZULIA,,,|Estado Miranda,,,|MIRANDA:,,,|LARA (12),,,|MUJERES,,,|Hombres,,,|Женщины,,,|المجموع,39,,
TOTAL DETENIDOS:,3,,|Total de detenidos,3,,|Sub-total Zulia,,3,|Total,,,|TOTAL,,39,|Total: 39,,,|3/4,,,
Elaborado por: Rosa Tovar,,,|Elaborado por:,Rosa Tovar,,|Prepared by Rosa Tovar,,,|Actualizado al 3 enero,,,
Fuente,Comité,,|Fuente: Foro,,,|* Los casos con asterisco no están,,,|(*) según las familias de allí,,,
Ej.: Juan,Ej.: Pérez,V-00000000,2024-01-01|Ejemplo,Pedro,V-1234567,2024-01-01|e.g. Ana,,,|Lista de enero,,,
Y otros,,,|y otros 5 detenidos,,,|3 personas más,,,|and 12 others,,,|Página 2 de 4,,,
"""
NOBODY = [
    *NOBODY.strip().replace("\n", "|").split("|"),
    "Leyenda:,,,\nPL: privado de libertad,,,\nE,excarcelado,,",
    "Nota:,,,\nver el acta de la audiencia,,,",
    f"Page 3,,,\n{HEAD}",
    HEAD,
]
BELOW = "Estado,Cantidad,,\nZulia,2,,\nLara,1,,"


def read(rows, head=HEAD):
    return linkage.read_lists({"a": io.BytesIO("\n".join([head, *rows, ""]).encode())})


def people_of(lists):
    each = lists.parsed["a"]
    return [(name.words, document) for name, document in zip(each.names, each.document, strict=True)]


@pytest.mark.parametrize("row", [*NOBODY, BELOW])
def test_a_row_that_is_nobody_is_left_out_and_said_by_its_line(row):
    lists = read([*PEOPLE, row])
    assert people_of(lists) == people_of(read(PEOPLE))
    notes = [each for each in lists.notes if "left out" in each]
    assert row == HEAD or any(f"{len(PEOPLE) + 2}" in each for each in notes)
    assert all(each.translated("es") != each for each in notes)
    assert notes


@pytest.mark.parametrize("seed", range(40))
def test_such_rows_anywhere_leave_exactly_the_persons(seed):
    chance = random.Random(seed)
    rows = chance.sample(PEOPLE, len(PEOPLE)) + [f"Wuil{k},Rey{k},V-2000{k:04},2025-03-03" for k in range(20)]
    clean = people_of(read(rows))
    for row in chance.sample(NOBODY, 6):
        rows.insert(chance.randrange(len(rows) + 1), row)
    assert people_of(read([*rows, *[BELOW][: seed % 2]])) == clean


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        (HEAD, ["Zulia,,,", "Mujica,,,", "Wuil,,,", "Total,,,", "Ana,,,", "Lara,,,"]),
        ("Nombre", ["Zulia", "Mujica", "Total", "Miranda", "Fuente", "Ana"]),
        ("Apellidos,Nombres", ["Total,Ana", "Fuente,Wuil", "Zulia,Rosa", "Nota,Nieves", "Lara,Zulia"]),
        (HEAD, [*PEOPLE, *PEOPLE, "Miranda,,,"]),
        (HEAD, [*PEOPLE, "* juan rojas gil,,,", "(menor) Ana Paz,,,"]),
        (HEAD, [*PEOPLE, *PEOPLE, "Zulia,,,", "Wuil,,,"]),
        (HEAD, [*PEOPLE, "Cojedes,,,", "Apure,,,", "Wuil,,,", "Rey,,,"]),
        ("Nombre,Lugar,Fecha", ["Wuil,Zulia,2025-01-01", ",Zulia,", "Rey,Lara,", "Yus,Zulia,", "Bo,Lara,"]),
    ],
)  # fmt: skip
def test_persons_known_by_a_word_alone_are_lost_nowhere(head, rows):
    assert read(rows, head).n_rows == len(rows)


def test_what_cannot_be_decided_is_a_person_and_named():
    lists = read([*PEOPLE, "Wuil,,,", *PEOPLE, "MIRANDA,,,"])
    assert lists.n_rows == 2 * len(PEOPLE) + 2
    assert read([*PEOPLE, "COJEDES,,,", ",Trujillo,,", "LARA,,,"]).n_rows == len(PEOPLE) + 1
    (note,) = [each for each in lists.notes if "one filled cell" in each]
    assert f"lines {len(PEOPLE) + 2} and {2 * len(PEOPLE) + 3}" in note


def test_a_frame_leaves_out_the_same_rows(recwarn):
    rows = ["id,fuente,arresto", *(f"p{k},prensa,2025-01-0{k}" for k in range(1, 8))]
    text = "\n".join([*rows[:4], "ZULIA,,", *rows[4:], "3 personas más,,", ""])
    frame = read_frame(io.BytesIO(text.encode()))
    assert frame["id"].tolist() == [f"p{k}" for k in range(1, 8)]
    assert "lines 5 and 10" in str(recwarn.pop().message)
