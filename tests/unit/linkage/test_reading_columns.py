"""Columns are found by names and contents, in six languages; doubts are refused, and settled by who knows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import tables
from detcount.linkage import link, read_lists
from detcount.reading.headers import roles_of, surname_first

TABLES = tables("reading_columns")

NAMES = ["Ana Pérez", "Luis Mora", "Eva Gil", "Juan Ruiz"]


@pytest.mark.parametrize(("header", "role"), TABLES["headers_in_nine_languages"])
def test_headers_in_nine_languages(header, role):
    assert roles_of(header)[0][0] == role


@pytest.mark.parametrize("header", TABLES["headers_of_other_things"])
def test_headers_of_other_things_are_left_alone(header):
    assert roles_of(header) == ()


def test_the_order_of_a_name_may_stand_in_the_header():
    assert surname_first("Apellidos y nombres") is True
    assert surname_first("Nombres y Apellidos") is False
    assert surname_first("Last name, first name") is True
    assert surname_first("Nombre completo") is None
    lists = read_lists({"x": {"APELLIDOS Y NOMBRES": ["MARTIN SANTIAGO"], "CI": ["1234567"]}})
    assert lists.records().word_given[0] < 0.5 < lists.records().word_given[1]


def records_of(rows, **others):
    return read_lists({"x": rows, **others}).records(key="of the tests")


@given(st.permutations(range(4)), st.permutations(["Nombre", "CI", "Lugar"]))
def test_digests_survive_every_change_of_order(order, columns):
    rows = {
        "Nombre": [*NAMES[:3], NAMES[0]],
        "CI": ["1112223", "", "3334445", "1112223"],
        "Lugar": ["Lara"] * 4,
    }
    other = {"Nombre": ["Ana Pérez"], "CI": ["111222"], "Lugar": ["Lara"]}
    one = records_of(rows, y=other)
    moved = {name: [rows[name][k] for k in order] for name in columns}
    two = read_lists({"y": other, "x": moved}).records(key="of the tests")
    assert len(set(one.key)) == 5  # two equal rows of a list are numbered, and a list is another
    assert set(one.key) == set(two.key)
    assert one.key[1] == two.key[order.index(1)]
    assert one.key[2] == two.key[order.index(2)]


def test_digests_depend_on_who_the_row_is_and_on_the_key_alone():
    rows = {"Nombre": NAMES[:2], "CI": ["1112223", ""], "Estatus": ["detenido", "detenido"]}
    one = records_of(rows)
    assert (records_of({**rows, "Estatus": ["liberado", ""]}).key == one.key).all()
    assert (records_of({**rows, "CI": ["V-1.112.223", ""]}).key != one.key).tolist() == [True, False]
    assert (records_of({**rows, "Nombre": ["ANA  PEREZ", "luis mora"]}).key == one.key).all()
    assert set(read_lists({"x": rows}).records(key="another key").key).isdisjoint(one.key)
    assert set(read_lists({"x": rows}).records().key).isdisjoint(read_lists({"x": rows}).records().key)
    assert (read_lists({"x": rows}).records(key=b"of the tests").key == one.key).all()


def test_the_day_of_the_last_confirmation_is_read_and_reaches_the_persons():
    rows = {
        "Nombre": ["Ana Pérez Rojas", "Luis Mora Díaz"],
        "Fecha de detención": ["03/08/2024", "25/08/2024"],
        "Fecha de salida": ["", "30/08/2024"],
        "Última confirmación": ["20/09/2024", "02/09/2024"],
    }
    lists = read_lists({"press": rows, "families": {**rows, "Última confirmación": ["", ""]}})
    assert lists.spells()["last_confirmed"] == [None, None, "2024-09-20", None]
    (problem,) = lists.problems.to_dict("records")
    assert (problem["row"], problem["column"]) == (2, "Última confirmación")
    assert problem["expected"] == "a day up to the exit"
    people = link(lists, key="of the tests").people()
    assert people.confirmed.max() - people.listed.min() == 48  # from 3 August to 20 September
    for header in ("Fe de vida", "last_seen", "Visto por última vez", "Confirmado hasta"):
        assert roles_of(header)[0][0] == "last_confirmed"
