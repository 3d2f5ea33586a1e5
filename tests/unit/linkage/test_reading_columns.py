"""Columns are found by names and contents, in two languages; doubts are refused, and settled by who knows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detcount.errors import InputError, error_text
from detcount.linkage import link, read_lists
from detcount.reading.headers import roles_of, surname_first

NAMES = ["Ana Pérez", "Luis Mora", "Eva Gil", "Juan Ruiz"]


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Nombre completo", "name"), ("NOMBRES Y APELLIDOS", "name"), ("Apellidos, Nombres", "name"),
        ("Full name", "name"), ("Nombre del detenido", "name"), ("Detainee", "name"), ("nombre", "name"),
        ("Primer nombre", "given"), ("2do. nombre", "given"), ("First name", "given"),
        ("Middle Name", "given"), ("firstName", "given"), ("Apellidos", "surname"),
        ("Primer Apellido", "surname"), ("last_name", "surname"), ("Apellido Materno", "surname"),
        ("Family name", "surname"), ("C.I.", "document"), ("Cédula", "document"),
        ("N° de Cédula de Identidad", "document"), ("Passport", "document"), ("National ID", "document"),
        ("documento", "document"), ("RIF", "document"), ("Tipo de documento", "document_type"),
        ("Nacionalidad", "document_type"), ("Fecha de nacimiento", "born"), ("F. Nac.", "born"),
        ("DOB", "born"), ("Date of Birth", "born"), ("Edad", "age"), ("Age", "age"), ("Sexo", "sex"),
        ("Género", "sex"), ("Fecha de detención", "arrested"), ("Arrest date", "arrested"),
        ("fecha_arresto", "arrested"), ("Detenido el", "arrested"), ("Lugar de detención", "place"),
        ("Municipio", "place"), ("State", "place"), ("Centro de reclusión", "place"),
        ("Referido por", "referred_by"), ("Forwarded by", "referred_by"), ("Estatus", "status"),
        ("Situación actual", "status"), ("Fecha de excarcelación", "left"), ("Release date", "left"),
        ("Fecha de liberación", "left"), ("Fecha de registro", "listed_on"), ("Reported on", "listed_on"),
        ("Fecha de verificación de la excarcelación", "left_known_on"),
        ("nombre1", "given"), ("apellido2", "surname"), ("fecha_det", "arrested"), ("year_of_birth", "born"),
        ("F/N", "born"), ("anio_nacimiento", "born"), ("FechaNac", "born"), ("released", "left"),
    ],
)  # fmt: skip
def test_headers_in_two_languages(header, role):
    assert roles_of(header)[0][0] == role


@pytest.mark.parametrize(
    "header",
    [
        *(
            "Nombre de la madre",
            "Abogado defensor",
            "Teléfono",
            "Nombre del tribunal",
            "Fecha de la audiencia",
        ),
        *("Lugar de nacimiento", "Observaciones", "Name of lawyer", "Alias", "Delito", "", "xyz"),
    ],
)
def test_headers_of_other_things_are_left_alone(header):
    assert roles_of(header) == ()


def test_the_order_of_a_name_may_stand_in_the_header():
    assert surname_first("Apellidos y nombres") is True
    assert surname_first("Nombres y Apellidos") is False
    assert surname_first("Last name, first name") is True
    assert surname_first("Nombre completo") is None
    lists = read_lists({"x": {"APELLIDOS Y NOMBRES": ["MARTIN SANTIAGO"], "CI": ["1234567"]}})
    assert lists.records().word_given[0] < 0.5 < lists.records().word_given[1]


def roles(lists):
    return dict(zip(lists.mapping["column"], lists.mapping["role"], strict=True))


def test_parts_of_names_are_put_in_their_order_whatever_that_of_the_columns():
    rows = {
        "Segundo apellido": ["ROJAS"],
        "Segundo nombre": ["MARIA"],
        "Primer apellido": ["PEREZ"],
        "Primer nombre": ["ANA"],
    }
    records = read_lists({"x": rows}).records()
    written = [records.words[k] for k in records.word[np.argsort(records.word_place)]]
    assert written == ["ana", "maria", "perez", "rojas"]
    other = read_lists({"x": dict(reversed(rows.items()))}).records(key="of the tests")
    assert (other.key == read_lists({"x": rows}).records(key="of the tests").key).all()


def test_a_name_beside_surnames_holds_given_names():
    rows = {"Nombre": ["Ana", "Luis"], "Apellido": ["Pérez", "Mora"]}
    assert roles(read_lists({"x": rows})) == {"Nombre": "given", "Apellido": "surname"}
    rows = {"Nombre completo": NAMES, "Nombres": ["Ana", "Luis", "Eva", "Juan"],
            "Apellidos": ["Pérez", "Mora", "Gil", "Ruiz"]}  # fmt: skip
    found = roles(read_lists({"x": rows}))
    assert found == {"Nombre completo": "", "Nombres": "given", "Apellidos": "surname"}


def test_contents_speak_against_a_header_and_for_a_column_without_one():
    rows = {"Cédula": ["sí", "presentó", "consignada", "sí"], "Nombre": NAMES}
    assert roles(read_lists({"x": rows})) == {"Cédula": "", "Nombre": "name"}
    rows = {
        "a": NAMES,
        "b": ["V-12.345.678", "9876543", "11222333", "E-81.222.333"],
        "c": ["3/2/1971", "1/12/1990", "4/5/1988", "24/8/1966"],
        "d": ["24/08/2024", "25/08/2024", "", "2024-08"],
        "e": ["M", "F", "M", "F"],
        "f": ["uno", "dos", "tres", "cuatro"],
    }
    found = read_lists({"x": rows}, {"x": {}}).mapping["role"].tolist()
    assert sorted(found) == sorted(["name", "document", "born", "arrested", "sex", ""])


def test_an_estado_is_a_place_or_a_status_by_its_cells():
    for header in ("Estado", "Estado de la detención"):
        rows = {"Nombre": NAMES, header: ["Lara", "Zulia", "Miranda", ""]}
        assert roles(read_lists({"x": rows}))[header] == "place"
        rows = {"Nombre": NAMES, header: ["detenido", "liberada", "detenida", ""]}
        assert roles(read_lists({"x": rows}))[header] == "status"


def test_a_source_forwards_rows_only_where_somebody_says_so():
    rows = {"Nombre": NAMES, "Fuente": ["prensa"] * 4}
    assert roles(read_lists({"x": rows}))["Fuente"] == ""
    assert not read_lists({"x": rows}).records().referred.any()
    assert read_lists({"x": rows}, {"referred_by": "Fuente"}).records().referred.all()


TWO = {
    "Nombre": NAMES,
    "Fecha detención": ["24/08/2024", "25/08/2024", "26/08/2024", ""],
    "Fecha arresto": ["23/08/2024", "25/08/2024", "27/08/2024", ""],
}


def test_two_candidates_are_refused_and_settled():
    with pytest.raises(InputError, match=r"one column for 'arrested', got two that fit") as caught:
        read_lists({"x": TWO})
    ask = caught.value.ask_for["columns"]
    assert ask == {"x": {"arrested": "Fecha detención"}}
    assert "se esperaba una columna" in error_text(caught.value, "es")
    assert roles(read_lists({"x": TWO}, ask)) == {
        "Nombre": "name", "Fecha detención": "arrested", "Fecha arresto": "",
    }  # fmt: skip
    assert roles(read_lists({"x": TWO}, {"arrested": "fecha arresto"}))["Fecha arresto"] == "arrested"
    assert "arrested" not in roles(read_lists({"x": TWO}, {"x": {"arrested": None}})).values()


def test_a_passport_fills_in_for_a_document():
    rows = {
        "Nombre": NAMES,
        "Cédula": ["12345678", "", "", ""],
        "Pasaporte": ["AB123456", "P-7654321", "", ""],
    }
    records = read_lists({"x": rows}).records()
    assert records.document.tolist() == [12345678, 7654321, -1, -1]
    assert records.document_kind.tolist() == [0, 3, 0, 0]


def test_a_column_of_its_own_tells_the_kind_of_document():
    rows = {
        "Nombre": NAMES,
        "Nacionalidad": ["V", "E", "", "V"],
        "CI": ["12345678", "81222333", "1112223", ""],
    }
    assert read_lists({"x": rows}).records().document_kind.tolist() == [1, 2, 0, 0]


@pytest.mark.parametrize(
    ("columns", "match"),
    [
        ({"x": {"nombre": "Nombre"}}, r"list 'x': expected roles among 'name', 'given'.*got 'nombre'"),
        ({"x": {"name": "Nombres"}}, r"list 'x': the table has no column 'Nombres'; it has 'Nombre'"),
        ({"y": {"name": "Nombre"}}, r"expected names of lists among 'x', got 'y'"),
        ({"x": {"name": ["Nombre", "Fecha arresto"]}}, r"expected one column for 'name', got 2"),
        ({"x": {"name": "Nombre", "born": "Nombre"}}, r"column 'Nombre' is named for two things"),
    ],
)
def test_columns_that_cannot_be_are_refused(columns, match):
    with pytest.raises(InputError, match=match):
        read_lists({"x": TWO}, columns)


def test_what_is_no_mapping_is_refused():
    with pytest.raises(TypeError, match="columns: expected a mapping, got list"):
        read_lists({"x": TWO}, ["Nombre"])
    with pytest.raises(TypeError, match="lists: expected a mapping"):
        read_lists([TWO])
    with pytest.raises(InputError, match="at least one list"):
        read_lists({})
    with pytest.raises(InputError, match="names of lists in text, got int"):
        read_lists({1: TWO})
    with pytest.raises(InputError, match=r"list 'x': expected a column of names or of documents"):
        read_lists({"x": {"lugar": ["Lara"], "edad": ["30"]}})


# What the rows say together.


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
    with pytest.raises(InputError, match="key: expected at least 8 bytes, got 3"):
        read_lists({"x": rows}).records(key="abc")
    with pytest.raises(TypeError, match="key: expected bytes or text, got int"):
        read_lists({"x": rows}).records(key=5)


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
