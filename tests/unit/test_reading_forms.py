"""Public forms of lists, invented, are read as published, and say the same in every language."""

import io
import json
import re
import tomllib
import unicodedata
from importlib import resources

import jsonschema
import pytest

import documents
from detcount.linkage import read_lists
from detcount.reading.days import as_written, ends_of_stay

HELD = {
    "name": ["Ana Gil Mora", "Luis Paz Rey", "Eva Sol Ruiz", "Max Lara Pino"],
    "arrested": ["2024-08-24", "2024-08-25", "2024-09-03", "2024-09-04"],
    "left": [None, "2025-01-17", "2025-02-01", "2025-03-02"],
    "status": ["inside", "released", "dead", "released"],
}
MONITORS = {
    "en": {
        "Name": HELD["name"],
        "Detained since": ["24 August 2024", "25 August 2024", "3 September 2024", "4 September 2024"],
        "Released on": ["", "17 January 2025", "", "2 March 2025"],
        "Died on": ["", "", "1 February 2025", ""],
        "Status": ["active", "former", "died", "former"],
    },
    "pt": {
        "Nome do preso": HELD["name"],
        "Preso desde": ["24 de agosto de 2024", "25/08/2024", "3 de setembro de 2024", "04/09/2024"],
        "Data de soltura": ["", "17 de janeiro de 2025", "", "2 de março de 2025"],
        "Falecido em": ["", "", "1 de fevereiro de 2025", ""],
        "Situação": ["preso", "solto", "falecido", "libertado"],
    },
    "fr": {
        "Nom et prénom": HELD["name"],
        "Arrêté(e) le": ["24 août 2024", "25 août 2024", "3 septembre 2024", "4 sept. 2024"],
        "Libéré(e) le": ["", "17 janvier 2025", "", "2 mars 2025"],
        "Décédé(e) le": ["", "", "1er février 2025", ""],
        "Situation": ["détenue", "ancien détenu", "décédée", "libéré"],
    },
    "ru": {
        "ФИО": HELD["name"],
        "Дата задержания": ["24 августа 2024 г.", "25 августа 2024", "3 сентября 2024 года", "04.09.2024"],
        "Дата освобождения": ["", "17 января 2025", "", "2 марта 2025"],
        "Дата смерти": ["", "", "1 февраля 2025", ""],
        "Статус": ["под стражей", "бывший политзаключённый", "умерла", "вышел на свободу"],
    },
    "ar": {
        "اسم المعتقل": HELD["name"],
        "تاريخ الاعتقال": ["24 آب 2024", "٢٥ آب ٢٠٢٤", "3 أيلول 2024", "4 سبتمبر 2024"],
        "تاريخ الإفراج": ["", "17 كانون الثاني 2025", "", "2 آذار/مارس 2025"],
        "تاريخ الوفاة": ["", "", "1 شباط 2025", ""],
        "الحالة": ["معتقل", "أسير محرر", "متوفية", "أُفرج عنه"],
    },
}


def parsed(given):
    read = read_lists({"x": given})
    one = read.parsed["x"]
    return {
        "name": [" ".join(name.words) for name in one.names],
        "arrested": [*map(as_written, one.arrested)],
        "left": [*map(as_written, one.left)],
        "status": one.status,
    }, one


WANTED = HELD | {"name": [*map(str.lower, HELD["name"])]}


@pytest.mark.parametrize("language", MONITORS)
def test_monitors_of_five_languages_say_the_same(language):
    found, one = parsed(MONITORS[language])
    assert found == WANTED
    assert one.problems == []


def test_a_form_of_json_is_read_under_its_own_names():
    form = [
        {
            "name": name,
            "status": status,
            "birthday": "1990-02-01",
            "arrested": day,
            "release_date": out,
            "died": None,
        }
        for name, status, day, out in zip(
            HELD["name"], ["active", "former", "died", "former"], HELD["arrested"], HELD["left"], strict=True
        )
    ]
    form[2] |= {"release_date": None, "died": "2025-02-01"}
    found, one = parsed(io.BytesIO(json.dumps(form).encode()))
    assert found == WANTED
    assert {as_written(day) for day in one.born} == {"1990-02-01"}


@pytest.mark.parametrize("form", ["[{} - {}]", "{}~{}", "{} al {}"])
def test_a_span_of_days_is_the_arrest_and_the_exit(form):
    stays = [
        form.format(one, end or "").strip() for one, end in zip(HELD["arrested"], HELD["left"], strict=True)
    ]
    rows = [["Nombre", "Fechas de detención"], *map(list, zip(HELD["name"], stays, strict=True))]
    found, one = parsed(io.BytesIO(documents.page(rows)))
    assert found["arrested"] == HELD["arrested"]
    assert found["left"] == HELD["left"]
    assert one.problems == []


def test_a_span_with_several_stays_is_no_stay_and_is_named():
    spans = ["[2024-08-24 - 2024-09-01] | [2025-01-02 - 2025-02-01]", *["[2024-08-24 - ]"] * 3]
    _, one = parsed({"Nombre": HELD["name"], "Detention period": spans})
    assert [(problem.row, problem.column) for problem in one.problems] == [(1, "Detention period")]
    assert one.left == [None] * 4


def test_an_end_that_is_today_is_no_exit_and_an_exit_of_its_own_stands():
    assert ends_of_stay("desde el 24/08/2024 hasta la fecha") == ("24/08/2024", "")
    assert ends_of_stay("[ - 2024-09-30]") == ("", "2024-09-30")
    own = {
        "Nombre": HELD["name"][:1],
        "Detention period": ["2024-08-24 - 2024-09-01"],
        "Released on": ["2024-09-02"],
    }
    assert parsed(own)[0]["left"] == ["2024-09-02"]


def test_a_death_after_the_release_is_no_second_exit():
    own = {
        "Name": HELD["name"][:1],
        "Arrested": ["2024-08-24"],
        "Released on": ["2024-09-02"],
        "Died": ["2024-12-02"],
    }
    found, _ = parsed(own)
    assert (found["left"], found["status"]) == (["2024-09-02"], [None])


PARTS = ("parts", "roles", "kinds", "persons", "flows")
SCHEMA = {
    "type": "object",
    "properties": {
        "columns": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pattern": {"type": "string", "format": "regex", "minLength": 3},
                    "roles": {
                        "type": "object",
                        "propertyNames": {"minLength": 2},
                        "additionalProperties": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
                    },
                },
                "required": ["pattern", "roles"],
                "additionalProperties": False,
            },
        },
        **{
            part: {"type": "object", "additionalProperties": {"type": "string", "minLength": 2}}
            for part in PARTS
        },
    },
    "required": ["columns", *PARTS],
}


def data_of(name):
    return tomllib.loads((resources.files("detcount.reading") / f"{name}.toml").read_text("utf-8"))


def test_names_of_columns_are_data_of_one_form():
    headers = data_of("headers")
    jsonschema.validate(headers, SCHEMA)
    known = {each for item in headers["columns"] for each in item["roles"]}
    assert known == {*headers["roles"]}
    parts = set(re.findall(r"<(\w+)>", str(headers)))
    assert parts == {*headers["parts"]}
    names = data_of("names")
    of_days = ("no day", "day unknown", "weekday", "before", "after", "between", "about", "on", "to a day")
    patterns = {part: names["patterns"][part] for part in of_days}
    for written in (headers, names["months"], names["statuses"], names["sexes"], patterns):
        # what is read is compared without accents
        assert not any(map(unicodedata.combining, unicodedata.normalize("NFKD", str(written))))
