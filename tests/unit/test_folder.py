"""From a folder of lists to one report: what is seen, asked, linked, kept and made again."""

import datetime as dt
import itertools
import json
import os
import re
import shutil
import stat
import tomllib
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import docx
import numpy as np
import pandas as pd
import pytest

import detcount as dc
from cases import tables
from detcount import linkage
from detcount.abundance import PartialLists
from detcount.assessment import assess
from detcount.assessment.abundance.linked import OverDraws
from detcount.assessment.abundance.opening import limits_of_lists
from detcount.assessment.joint.assessing import _where_they_operate
from detcount.assessment.joint.facts import EverHeld
from detcount.assessment.joint.names import UNSTATED
from detcount.assessment.joint.remarks import remarks_of
from detcount.assessment.joint.settings import SETTINGS, Settings, settings_of
from detcount.assessment.joint.sources import KEPT, gathered
from detcount.assessment.joint.starting import Started, started
from detcount.cli import main
from detcount.cli.start import settings_text
from detcount.errors import InputError
from detcount.linkage.list_notes import one_list
from detcount.reports.render.markdown import markdown
from detcount.strata import composition
from detcount.strata.cache import Cache
from folders import KINDS, words_before_folds, write_folder

TABLES = tables("folder")

SMALL = {"n_days": 120, "size": 0.5}


@pytest.mark.parametrize("kind", KINDS)
def test_a_look_sees_what_each_file_is_and_shows_no_name(kind, tmp_path, capsys):
    truth = write_folder(tmp_path, kind, **SMALL)
    assert main(["start", str(tmp_path), "--lang", "es"]) == 0
    shown = capsys.readouterr().out
    written = (tmp_path / SETTINGS).read_text(encoding="utf-8")
    found = settings_of(tmp_path)
    assert {*found.take.values(), *found.names} == {*TABLES["seen"][kind]}
    assert "#: LEEME.docx: no se usó" in written
    assert stat.S_IMODE((tmp_path / SETTINGS).stat().st_mode) == 0o600
    assert not [name for name in truth.names if name in shown + written]
    assert kind in ("workbooks", "no days") or "no se usan: 'N°'" in shown


NAMES = ("Ana Gil", "Luis Mora", "Eva Paz", "Jose Rojas")


@pytest.mark.parametrize(
    ("header", "row", "roles"), TABLES["columns_are_known_in_the_languages_of_those_who_send_them"]
)
def test_columns_are_known_in_the_languages_of_those_who_send_them(header, row, roles, tmp_path):
    separator = next(sign for sign in "\t;," if sign in header)
    lines = [header, *(f"{name}{separator}{row}" for name in NAMES)]
    (tmp_path / "lista.csv").write_bytes("\r\n".join(lines).encode("cp1252"))
    each = linkage.read_lists({"lista": tmp_path / "lista.csv"}).parsed["lista"]
    assert [role for _, role, _ in each.mapping if role] == roles.split()
    assert not each.problems
    assert "status" not in roles or {*each.status} == {"released"}


GIVEN = ["Ana", "Luis", "Eva", "José", "Rosa", "Hugo"]
FAMILY = ["Gil", "Mora", "Paz", "Rojas", "Silva", "Tovar", "Vera", "Leal"]
PEOPLE = [f"{a} {b} {c}" for a, b, c in zip(GIVEN * 4, FAMILY * 3, FAMILY[3:] * 5, strict=False)]


def rows_of(head, row, people):
    """A file of invented people, a row each; a number stands for that of the person."""
    lines = [
        row.format(name=name, n=12345600 + PEOPLE.index(name), day=f"{k % 27 + 1:02d}")
        for k, name in enumerate(people)
    ]
    return "\n".join([*([head] if head else []), *lines])


OTHERS = TABLES["folders_of_other_people"]


@pytest.mark.parametrize("kind", OTHERS)
def test_folders_of_other_people_are_read_or_it_is_said_why_not(kind, tmp_path):
    for file, given in OTHERS[kind].items():
        people = PEOPLE[given["third"] :: 3] if "third" in given else PEOPLE
        text = given.get("text", "{rows}")
        if "row" in given:
            text = text.replace("{rows}", rows_of(given.get("head"), given["row"], people))
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text, encoding=given.get("encoding", "utf-8"))
    seems = started(tmp_path).seems
    for file, given in OTHERS[kind].items():
        words = next(str(words) for name, words in seems.items() if name in (file, Path(file).stem))
        assert given["seen"] in words
        assert not [name for name in PEOPLE if name.upper() in words.upper()]


@pytest.mark.parametrize(
    ("file", "text", "seen"), TABLES["tables_are_read_as_they_are_or_it_is_said_why_not"]
)
def test_tables_are_read_as_they_are_or_it_is_said_why_not(file, text, seen, tmp_path):
    (tmp_path / file).write_text(text, encoding="utf-8")
    (words,) = started(tmp_path).seems.values()
    assert seen in str(words)


@pytest.mark.slow
def test_a_messy_folder_becomes_a_spanish_report_and_nobody_edits_a_file(tmp_path, capsys):
    marks = [("x", "x", ""), ("x", "", "x"), ("", "x", "x"), ("x", "", ""), ("", "x", ""), ("", "", "x")] * 21
    titles, names = ["Base de datos", *[""] * 4], ["N°", "Prensa", "Foro", "Familias", "Sexo"]
    rows = [titles, [""] * 5, names]
    rows += [[k, *each, "FM"[k % 2]] for k, each in enumerate(marks, 1)]
    pd.DataFrame(rows).to_excel(tmp_path / "consolidado.xlsx", header=False, index=False)
    (tmp_path / "anuncios.txt").write_text(
        "Publicado el\tquién\tpapel\tdesde el\thasta el\tpersonas\n"
        "2 de enero de 2025\tFiscalía\tanunció\t31 dic 2024\t2 de enero de 2025\t146\n"
        "5 de enero de 2025\tForo\tverificó\t31 dic 2024\t2 de enero de 2025\t98\n"
    )
    answers = "Lista;Pertenece\n" + "Prensa;sí\n" * 29 + "Prensa;no\n"
    (tmp_path / "auditoría.csv").write_text(f"Revisión al azar\n\n{answers}", encoding="cp1252")
    letter = docx.Document()
    letter.add_paragraph("Estimados: adjuntamos la base.")
    letter.save(str(tmp_path / "carta.docx"))
    page = tmp_path / "informe.html"
    assert main(["start", str(tmp_path), "--lang", "es"]) == 0
    assert '= "..."' not in (tmp_path / SETTINGS).read_text(encoding="utf-8").partition("[files]")[2]
    words = ["report", str(tmp_path), "--lang", "es", "--families", "chapman,calibrated", "--out", str(page)]
    assert main(words) == 0
    assert "no se usó" not in capsys.readouterr().err.replace("carta.docx: no se usó: no contiene", "")
    text = re.sub("<[^>]+>", " ", page.read_text(encoding="utf-8"))
    assert "personas en total, en las listas o fuera de ellas" in text
    assert "están entre ellas, se cumplieron de 98 a 146" in text


def test_of_a_long_file_the_beginning_is_looked_at_and_that_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("detcount.assessment.joint.starting._LOOKED_AT", 1 << 20)
    rows = "".join(f"Ana Paz,V-{k},2024-01-05,{'x' * 2000}\n" for k in range(10_000_000, 10_000_600))
    (tmp_path / "foro.csv").write_text(f"Nombre,Cédula,Detención,Notas\n{rows}\n", encoding="utf-8")
    (words,) = started(tmp_path).seems.values()
    assert "the first 1 MB were looked at" in words
    assert "600 rows" not in words


def test_files_of_one_kind_are_read_together_and_lists_of_one_name_apart(tmp_path):
    counts = pd.DataFrame(
        {"date": ["2025-01-01", "2025-02-01", "2025-03-01"], "source": "ONG", "role": "verified"}
    )
    counts = counts.assign(count=[120, 130, 140])
    counts.head(2).to_csv(tmp_path / "totales 2024.csv", index=False)
    counts.tail(2).to_csv(tmp_path / "totales 2025.csv", index=False)
    for folder in ("foro", "comite", "viejo"):
        (tmp_path / folder).mkdir()
        frame = pd.DataFrame({"Nombre": [*NAMES], "Detención": "2025-01-01"})
        with pd.ExcelWriter(tmp_path / folder / "lista.xlsx") as book:
            frame.to_excel(book, sheet_name="Hoja1", index=False)
            pd.DataFrame({"Campo": ["x"]}).to_excel(book, sheet_name="Leyenda", index=False)
    seen = started(tmp_path)
    assert {name: each.file for name, each in seen.settings.names.items()} == {
        "comite lista Hoja1": "comite/lista.xlsx",
        "foro lista Hoja1": "foro/lista.xlsx",
    }
    assert "of old files" in str(seen.seems["viejo"])
    for folder in ("foro", "comite"):
        shutil.rmtree(tmp_path / folder)
    assert gathered(tmp_path, Settings()).data["stock"].count.tolist() == [120, 130, 140]


def test_parts_of_a_list_are_one_list_and_two_lists_of_a_monitor_are_not(tmp_path):
    write_folder(tmp_path, "copied", **SMALL)
    foro = pd.read_csv(tmp_path / "foro.csv", dtype=str)
    parts = linkage.read_lists({"a parte 1": foro[::2], "a parte 2": foro[1::2]}).parsed
    assert one_list(parts) == {"a parte 2": "a parte 1"}
    assert not one_list({name.replace("parte ", "list"): each for name, each in parts.items()})


def test_answers_stay_and_nothing_is_written_over(tmp_path, capsys):
    write_folder(tmp_path, "plain", **SMALL)
    main(["start", str(tmp_path)])
    place = tmp_path / SETTINGS
    text = place.read_text(encoding="utf-8").replace('# who = "..."', 'who = "people held"')
    place.write_text(text.replace("# max_copies = 1", "max_copies = 1", 1), encoding="utf-8")
    before = place.read_text(encoding="utf-8")
    main(["start", str(tmp_path)])
    assert place.read_text(encoding="utf-8") == before
    assert "stays as it is" in capsys.readouterr().out
    (tmp_path / "otra.csv").write_text("Nombre,Edad\nAna Gil,30\nEva Paz,31\n", encoding="utf-8")
    main(["start", str(tmp_path), "--force"])
    found = settings_of(tmp_path)
    assert found.definition.who == "people held"
    assert [each.max_copies for each in found.names.values()] == [1, None, None, None]
    assert [*found.names] == ["familias", "foro", "prensa", "otra"]


def test_a_person_is_asked_what_the_files_do_not_say(tmp_path):
    write_folder(tmp_path, "plain", **SMALL)
    answers = {"familias: Which of": "foro, nobody", "familias: How many rows": "1"}
    answers |= {"prensa: Of those on": "100", "prensa: How many of those": "4"}
    answers |= {"Who is counted": 'people held "for" politics'}

    def ask(question):
        return next((answer for begin, answer in answers.items() if str(question).startswith(begin)), "\n")

    found = started(tmp_path, ask).settings
    (tmp_path / SETTINGS).write_text(settings_text(Started(settings=found, seems={}), "en"), encoding="utf-8")
    assert settings_of(tmp_path) == found
    assert found.definition.who == 'people held "for" politics'
    assert found.names["familias"].forwarded_from == ("foro",)
    assert (found.names["prensa"].checked, found.names["prensa"].wrong) == (100, 4)
    assert found.names["foro"].max_copies is None


def test_a_column_that_is_called_like_a_setting_sets_nothing(tmp_path):
    frame = "Nombre,\"Fecha de detención\nwho = 'x'\"\n"
    frame += "Ana Gil,2024-08-01\nEva Paz,2024-08-02\nLuz Mar,2024-08-03\n"
    (tmp_path / "a.csv").write_text(frame, encoding="utf-8")
    found = started(tmp_path)
    assert tomllib.loads(settings_text(found, "es"))["counted"] == {}


@pytest.mark.parametrize(("text", "says"), TABLES["settings_that_cannot_be_meant_are_refused"])
def test_settings_that_cannot_be_meant_are_refused(text, says, tmp_path):
    (tmp_path / "foro.csv").write_text("Nombre,Edad\nAna Gil,30\nEva Paz,31\n", encoding="utf-8")
    (tmp_path / SETTINGS).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=says):
        gathered(tmp_path, Settings())


@cache
def folder():
    """A folder of lists without days, with settings, in which one method runs."""
    place = Path(mkdtemp())
    write_folder(place, "no days", **SMALL)
    text = settings_text(started(place), "en")
    (place / SETTINGS).write_text(
        text.replace("[read]\n", '[read]\nfamilies = ["averaged"]\n'), encoding="utf-8"
    )
    return place


@cache
def made():
    return dc.report(folder())


@cache
def names():
    known = write_folder(Path(mkdtemp()), "no days", **SMALL).names
    return [name.upper() for name in known - {"Fuentes"} if len(name) > 5]  # which are sources, too


@pytest.mark.slow
def test_names_become_a_number_over_drawn_links_in_one_record():
    assert list(made().jobs) == ["lists", "releases"]
    assert made().lists.linkage.lists == ("comité", "foro penal", "gobierno")
    assert made().full().record()["jobs"]["lists"]["linkage"]["tables"] == 50
    assert [row.kind for row in made().files] == [None, "names", "releases", "names", "names", None]


def linked_without(monkeypatch):
    """Persons by sex of each draw, nobody taken away."""
    monkeypatch.setattr("detcount.assessment.joint.names.without_wrong", lambda _, drawn, *__: drawn)
    return gathered(folder(), Settings()).data["who"]["sex"]


@pytest.mark.slow
def test_persons_by_sex_are_the_persons_of_the_table(monkeypatch):
    drawn = gathered(folder(), Settings()).data["who"]["sex"]
    by_sex = drawn[0]
    assert len({sum(table.n_observed for table in each.values()) for each in drawn}) > 1  # links are in doubt
    assert [str(name) for name in by_sex] == ["men", "women", "people of whom no list says it"]
    assert sum(table.n_observed for table in by_sex.values()) == made().lists.table.n_observed
    assert by_sex["men"].n_observed > by_sex["women"].n_observed > 9  # a quarter are women
    who = composition(drawn, seed=0)
    full = replace(made(), who={"sex": who})
    rows = {row["question"]: row for row in full.full().rows() if row["job"] == "who"}
    assert [*rows] == ["How many of these are men", "How many of these are women"]
    women = rows["How many of these are women"]
    assert women["floor"] <= min(by_sex["women"].n_observed, women["low"] + 1)
    # entries that do not belong are taken out of draws, of persons on one list alone, as out of the number
    named = linked_without(monkeypatch)
    for name, table in by_sex.items():
        before, after = (np.mean([each[name].n_observed for each in some[1:]]) for some in (named, drawn))
        assert 0.8 * before < after < before or table.n_observed < 20
    assert all(
        each[name].overlap(*pair) == other[name].overlap(*pair)
        for each, other in zip(named, drawn, strict=True)
        for name in by_sex
        for pair in itertools.combinations(by_sex[name].lists, 2)
    )
    assert women["high"] > who.limits()["women"][1]  # whose sex no list says may be women
    assert women["high"] == pytest.approx(np.quantile(who.draws[:, 1:].sum(axis=1), 0.975), rel=0.01)
    twice = replace(full, who={"sex": who, "place": who}).full().to_markdown()
    assert [part.count("| men |") for part in twice.split("## Who is missing")] == [0, 2]
    assert [part.count("How many of these are men") for part in twice.split("## Who is missing")] == [0, 2]
    assert [*made().who] == ["sex", "place"]
    assert full.full().record()["who"] == {"sex": who.record()}
    assert not [row for row in full.rows() if row["job"] == "who"]
    assert "who" not in full.record()


@pytest.mark.slow
def test_a_group_of_few_stands_in_the_full_report_and_in_no_other():
    lists = ["press", "court", "families"]
    many = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    few = dc.CaptureTable.from_counts({"100": 2, "001": 1}, lists=lists)
    found = {"men": dc.CaptureTable.from_counts(many, lists=lists), UNSTATED: few}
    page = replace(made(), who={"sex": composition(found, seed=0)})
    assert "| people of whom no list says it |" in page.full().to_markdown()
    assert "of whom no list says it" not in page.to_markdown()


@pytest.mark.slow
def test_groups_by_age_and_place_have_everybody_once_and_none_is_small(tmp_path):
    ages = [17, 17, 16, *[20, 29] * 8, *[30, 44] * 7, *[61] * 9]  # few minors, nobody of 45 to 59, few old
    states = ["Zulia"] * 16 + ["Lara"] * 12 + ["Apure"] * 5 + [""] * 9
    parts = np.random.default_rng(1).choice(
        ["ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "ta", "vi"], (42, 3, 3)
    )
    people = [" ".join("".join(word) for word in words) for words in parts.tolist()]
    for number, name in enumerate(("press", "court")):
        rows = [
            f"{people[k]},{4_000_000 + k * 573_259},2025-08-{(k + 3 * number) % 28 + 1:02d},"
            f"{ages[k]},{states[k] if number or k % 2 else ''}"
            for k in range(42)
            if k % 7 != number
        ]
        text = "\n".join(["Name,National ID,Date of arrest,Age,State", *rows])
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    found = gathered(tmp_path, Settings()).data
    who = {
        kind: {str(name): each.n_observed for name, each in tables[0].items()}
        for kind, tables in found["who"].items()
    }
    assert who["age"] == {"people of 18 to 29 years": 16, "people of 30 to 44 years": 14, "all others": 12}
    assert who["place"] == {
        "people of Lara": 11,
        "people of Zulia": 15,
        "people of whom no list says it": 16,
    }
    assert "sex" not in who
    assert {sum(groups.values()) for groups in who.values()} == {found["lists"].n_persons}


def test_files_of_waves_are_read_together_and_what_they_say_otherwise_stands_first(tmp_path):
    head = "wave,day,source,list_size_before,released,released_identified,of_these_on_list,released_counts"
    waves = {
        "oleadas enero.csv": "enero,2025-01-10,,80,40,30,18,same",
        "oleadas febrero.csv": "febrero,2025-02-10,,70,50,35,20,same",
    }
    for name, row in waves.items():
        (tmp_path / name).write_text(f"{head}\n{row}\n", encoding="utf-8")
    found = gathered(tmp_path, Settings())
    assert [(wave.wave, wave.source) for wave in found.data["waves"].waves] == [
        ("enero", ""),
        ("febrero", ""),
    ]
    assert not found.between
    (tmp_path / "zona.csv").write_text(f"{head}\nJanuary,2025-01-10,,90,44,32,20,same\n", encoding="utf-8")
    found = gathered(tmp_path, Settings())
    sources = [wave.source for wave in found.data["waves"].waves]
    assert sources == ["oleadas", "zona", "oleadas"]
    said = "Of the wave enero oleadas and zona say 40 and 44 released, of whom 18 and 20 listed."
    assert found.between == (said,)
    for name, listed in (("a.csv", 18), ("b.csv", 19)):
        text = f"{head}\nmarzo,2025-03-10,ONG,80,40,30,{listed},same\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
    made = dc.report(tmp_path)
    assert made.waves.usable
    first = made.to_markdown().split("## ")[0]
    assert "Numbers of this report contradict each other in 2 ways" in first
    assert "the wave marzo ONG say 40 and 40 released, of whom 18 and 19 listed" in first
    assert "40 and 44 released" in first


def test_shares_of_wrong_entries_and_where_lists_operate_reach_the_jobs(tmp_path, monkeypatch):
    write_folder(tmp_path, "copied", **SMALL)
    (tmp_path / SETTINGS).write_text(
        "[read]\noperates = 'operan.csv'\n[lists.foro]\nfile = 'foro.csv'\nwrong = 0.04\n"
        "[lists.alianza]\nfile = 'alianza.csv'\nforwarded_from = ['foro']\nwrong = 0\n"
        "[lists.familias]\nfile = 'familias.csv'\n",
        encoding="utf-8",
    )
    operates = "list,place,from,to\nalianza,,2024-09-01,\nfamilias,Lara,,\n"
    (tmp_path / "operan.csv").write_text(operates, encoding="utf-8")
    asked = {}

    def noted(name):
        def called(*args, **how):
            asked[name] = how
            raise KeyboardInterrupt if name == "assess_stock" else dc.NotEstimableError("x", "y", "z")

        return called

    made = assess(dc.datasets.load("korea"), families=["averaged"])
    monkeypatch.setattr(
        "detcount.assessment.joint.assessing.assess", lambda *_, **how: asked.update(how) or made
    )
    monkeypatch.setattr("detcount.assessment.joint.assessing.assess_stock", noted("assess_stock"))
    with pytest.raises(KeyboardInterrupt):
        dc.report(tmp_path)
    rows = {name: len(pd.read_csv(tmp_path / f"{name}.csv")) for name in ("foro", "alianza")}
    assert asked["wrong"] == {"alianza + foro": pytest.approx(0.04 * rows["foro"] / sum(rows.values()))}
    assert asked["assess_stock"]["wrong"] == asked["wrong"]
    assert asked["assess_stock"]["operates"].rows == (("alianza + foro", None, "2024-09-01", None),)


def test_each_list_is_counted_in_the_places_where_it_operates():
    lists = ["press", "court", "families"]
    north = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    south = {"100": 30, "010": 41, "110": 13}
    unsaid = {"100": 5, "001": 4, "101": 3, "110": 2}
    tables = {
        "people of North": dc.CaptureTable.from_counts(north, lists=lists),
        "people of South": dc.CaptureTable.from_counts(south, lists=lists),
        UNSTATED: dc.CaptureTable.from_counts(unsaid, lists=lists),
    }
    operates = dc.Operates(
        (("families", "NORTH", None, None), ("press", "south", None, None), ("press", "North", None, None))
    )
    found = _where_they_operate([tables, tables], operates, 0)
    said = dc.Operates(
        tuple(
            (name, place, None, None)
            for name, places in (("families", [0, 2]), ("press", [0, 1, 2]))
            for place in [[*tables][k] for k in places]
        )
    )
    assert found.point == pytest.approx(PartialLists(operates=said).fit(tables).point, rel=1e-9)
    plain = [{str(name): table for name, table in tables.items()}] * 2
    assert dc.reproduce(found.record(), plain).agrees
    there = dc.Operates((("court", "North", None, None),))  # it names people in the south
    assert "names" in _where_they_operate([tables, tables], there, 0)
    assert "two lists at least have to name places" in _where_they_operate([], there, 0)


@pytest.mark.slow
def test_what_was_computed_is_kept_and_holds_no_name():
    made()
    kept = folder() / KEPT
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    before = {file: file.stat().st_mtime_ns for file in kept.iterdir()}
    assert len(before) == 4  # links, the number, men and women, places
    assert dc.report(folder()).full().record() == made().full().record()
    assert {file: file.stat().st_mtime_ns for file in kept.iterdir()} == before
    (kept / "of_another_day.answer").write_bytes(b"")
    dc.report(folder())
    assert {*kept.iterdir()} == {*before}
    for file in kept.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        with zipfile.ZipFile(file) as archive:
            assert not [name for name in archive.namelist() if name != "answer.json" and name[-4:] != ".npy"]
            text = archive.read("answer.json").decode().upper()
        assert not [name for name in names() if name in text]


def test_an_answer_that_is_damaged_or_of_another_class_is_computed_again(tmp_path):
    cache = Cache(tmp_path / "kept")
    table = dc.datasets.load("korea")
    assert cache.kept(("x",), lambda: table, {}) is table
    (file,) = (tmp_path / "kept").iterdir()
    assert cache.kept(("x",), lambda: None, {}) == table
    whole = file.read_bytes()
    with zipfile.ZipFile(file, "w") as archive:
        answer = ["object", "detcount.cli.parser", "Parser", {}]
        archive.writestr("answer.json", json.dumps({"key": file.stem, "answer": answer}))
    assert cache.kept(("x",), lambda: "again", {}) == "again"
    file.write_bytes(whole[:-50])
    assert cache.kept(("x",), lambda: "anew", {}) == "anew"


def test_who_is_counted_is_no_part_of_what_is_kept(tmp_path):
    cache = Cache(tmp_path)
    table = dc.CaptureTable.from_counts({"10": 4, "01": 6, "11": 9}, lists=["press", "court"])
    for who in (None, dc.Definition(unit="person", who="x")):
        found = cache.kept(("x",), lambda: (table,), {"definition": who})[0]
        assert (found, found.definition) == (table, who)


@pytest.mark.slow
def test_an_answer_to_who_is_counted_computes_nothing_again(tmp_path):
    made()
    place = shutil.copytree(folder(), tmp_path / "folder")
    text = (place / SETTINGS).read_text(encoding="utf-8")
    (place / SETTINGS).write_text(text.replace('# who = "..."', 'who = "people held"'), encoding="utf-8")
    before = {file: file.stat().st_mtime_ns for file in (place / KEPT).iterdir()}
    found = dc.report(place)
    assert {file: file.stat().st_mtime_ns for file in (place / KEPT).iterdir()} == before
    assert found.definition.who == "people held"
    assert "people held; each person once" in found.to_markdown()
    shutil.rmtree(place / KEPT)
    assert dc.report(place).full().record() == found.full().record()


@pytest.mark.slow
def test_the_record_is_made_again_from_the_folder(tmp_path, capsys):
    record = tmp_path / "record.json"
    record.write_text(json.dumps(made().full().record()), encoding="utf-8")
    assert main(["reproduce", str(record), str(folder())]) == 0
    assert "values are the same, to the last bit" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_page_of_a_folder_is_short_before_its_folds_and_names_nobody(lang):
    page = made().to_html(lang=lang)
    assert not [name for name in names() if name in page.upper()]
    assert "foro penal.csv" not in page
    assert words_before_folds(page) < 1200
    assert page.count("<details") == page.count("</details") > 3


def test_a_public_page_without_the_calibrated_number_takes_wrong_entries_out_as_well():
    table = dc.datasets.load("korea")
    fitted = dc.abundance.ChaoLowerBound().fit(table)
    fewer = OverDraws(({1: -2}, {1: -3}), 0).of_companion()
    assert fewer(table, {"chao": fitted}, {})[0]["chao"].n_observed == table.n_observed - 3
    beside = {"chao": fitted, "calibrated": fitted}
    assert fewer(table, beside, {})[0]["chao"] is fitted  # which the page does not read then


@cache
def shipped():
    """A report of tables that ship, which is as one of a folder and links nobody."""
    lists, releases = map(dc.datasets.load, ("korea", "venezuela_releases"))
    return dc.report({"lists": lists, "releases": releases}, families=["averaged"])


def printable():
    """The report as if its number could be printed."""
    full = shipped().full()
    (family, *_) = full.lists.families
    lists = replace(full.lists, verdict="estimate", families=(replace(family, recommended=True),))
    return replace(full, lists=lists)


@pytest.mark.slow
def test_a_list_that_another_forwards_to_is_one_witness_with_it_and_so_are_versions_and_copies(tmp_path):
    write_folder(tmp_path, "copied", **SMALL)
    foro = pd.read_csv(tmp_path / "foro.csv", dtype=str)
    foro.head(60).to_csv(tmp_path / "foro de octubre.csv", index=False)
    other_names = {"Fecha de excarcelación": "Liberado el", "Fecha de detención": "Detenido el"}
    foro.iloc[::-1].rename(columns=other_names).to_excel(tmp_path / "recibida.xlsx", index=False)
    (tmp_path / SETTINGS).write_text(
        "[lists.alianza]\nfile = 'alianza.csv'\nforwarded_from = ['foro']\n"
        "[lists.foro]\nfile = 'foro.csv'\n[lists.familias]\nfile = 'familias.csv'\n"
        "[lists.recibida]\nfile = 'recibida.xlsx'\nmax_copies = 3\n",
        encoding="utf-8",
    )
    found = gathered(tmp_path, Settings())
    links = found.data["lists"]
    assert links.lists == ("alianza + foro", "familias")
    assert links.n_rows == sum(
        len(pd.read_csv(tmp_path / f"{name}.csv")) for name in ("alianza", "familias", "foro")
    )
    assert sum("the two are one list" in str(note) for note in links.notes) == 2
    assert found.data["people"][0].lists == links.lists
    (tmp_path / SETTINGS).unlink()
    apart = gathered(tmp_path, Settings()).data["lists"]
    assert apart.n_persons == links.n_persons
    with_both = apart.table().merge(["alianza", "foro"], into="both").counts
    assert sorted(with_both) == sorted(links.table().counts)


@pytest.mark.parametrize(("high", "low", "again", "says"), TABLES["ever_held"])
def test_ever_held_is_held_at_the_start_and_arrested_since(high, low, again, says):
    report = replace(printable(), ever=EverHeld(dt.date(2024, 8, 1), low, high, again))
    assert 10 < limits_of_lists(report.lists)[0] < limits_of_lists(report.lists)[1] < 9000
    found = [each.words for each in remarks_of(report) if each.contradicts]
    assert len(found) == bool(says)
    assert not says or says in found[0]


def test_most_held_on_a_day_and_verified_releases_are_set_against_the_lists():
    report = printable()
    start, end = dt.date(2024, 7, 1), dt.date(2025, 6, 1)
    limits = limits_of_lists(report.lists)
    ever = EverHeld(start, 0.0, 1e9, True, (start, limits[1] * 2), (end, 3.0))
    found = [each.words for each in remarks_of(replace(report, ever=ever)) if each.contradicts]
    assert "people were held at the end of 1 July 2024, and the lists allow" in found[0]
    assert len(found) == 1  # nobody said that the lists and the releases are of the same people
    who = dc.Definition(unit="person", who="held")
    same = replace(
        report,
        lists=replace(report.lists, definition=who),
        releases=replace(report.releases, reports=replace(report.releases.reports, definition=who)),
    )
    found = [
        each.words for each in remarks_of(replace(same, ever=replace(ever, most=None))) if each.contradicts
    ]
    assert len(found) == 1
    assert "verified" in found[0]
    assert "By the lists at most 3 left from 1 July 2024 to 1 June 2025" in found[0]
    fits = replace(ever, most=(start, limits[1]), left=(end, 1e6))
    assert not [each for each in remarks_of(replace(same, ever=fits)) if each.contradicts]


def test_a_contradiction_stands_in_the_first_lines():
    found = shipped()
    assert "contradict" not in found.to_markdown()
    report = replace(printable(), ever=EverHeld(dt.date(2024, 8, 1), 10.0, 20.0, again=False))
    page = markdown(report.document(), "en")
    assert "Two numbers of this report contradict each other" in page.split("## ")[0]


@pytest.mark.slow
def test_a_checked_sample_of_a_list_takes_as_many_out_of_the_links(tmp_path):
    for name, frame in dc.simulate.name_lists(90, seed=5).frames.items():
        frame.to_csv(tmp_path / f"{name.replace('committee', 'comite 2')}.csv", index=False)
    (tmp_path / SETTINGS).write_text("[lists.committee]\nfile = 'comite 2.csv'\n")
    before = gathered(tmp_path, Settings()).data["lists"]
    rows = before.list_of.tolist().count(before.lists.index("committee"))
    wrong = {"belongs": ["yes"] * 17 + ["no"] * 3, "list": ["comite 2"] * 20}
    pd.DataFrame(wrong | {"drawn_from": [rows] * 20}).to_csv(tmp_path / "committee-sample.csv", index=False)
    read = gathered(tmp_path, Settings()).data
    after = read["lists"]
    assert after.audited == ("committee",)
    alone = [counts[frozenset({"committee"})] for counts in map(_by_lists, (before.table(), after.table()))]
    assert alone[0] - alone[1] == pytest.approx(rows * 3.5 / 21, abs=1)
    assert {k: n for k, n in _by_lists(after.table()).items() if len(k) > 1} == {
        k: n for k, n in _by_lists(before.table()).items() if len(k) > 1
    }
    found = dc.report({"lists": after, "audit": read["audit"]}, families=["chao"])
    assert "left out of the numbers above" in str(found.full().sentence())
    assert "audit" not in set(found.to_frame()["job"])  # no second floor beside that of the lists


def test_a_sample_says_what_it_was_drawn_from_and_of_which_list(tmp_path):
    for name, frame in dc.simulate.name_lists(24, seed=5).frames.items():
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    answers = pd.DataFrame({"Nombre": "Ana Gil", "belongs": ["yes"] * 9 + ["no"], "list": "committee"})
    answers.to_csv(tmp_path / "a.csv", index=False)
    answers.assign(list="comite", drawn_from=30).to_csv(tmp_path / "b.csv", index=False)
    read = gathered(tmp_path, Settings())
    (first, second), audit = (row for row in read.rows if row.kind == "audit"), read.data["audit"]
    assert [(each.lists, each.drawn_from) for each in audit.checked] == [
        (("committee",), None),
        (("comite",), 30),
    ]
    assert read.data["lists"].audited == ("committee",)
    assert "is read as drawn from the whole list" in first.why
    assert "'comite' is none of the lists here" in second.why
    assert "write 'committee', 'foro_penal' or 'government' in its column list" in second.why


def _by_lists(table):
    histories, counts = table.histories.tolist(), table.counts.tolist()
    return {
        frozenset(itertools.compress(table.lists, history)): n
        for history, n in zip(histories, counts, strict=True)
    }


@pytest.mark.slow
def test_a_checked_sample_of_a_list_that_is_one_with_another_is_not_taken_for_theirs(tmp_path):
    frames = dc.simulate.name_lists(90, seed=5).frames
    for name, frame in frames.items():
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    (tmp_path / SETTINGS).write_text(
        "[lists.committee]\nfile = 'committee.csv'\n"
        "[lists.government]\nfile = 'government.csv'\nforwarded_from = ['committee']\n"
    )
    answers = {"belongs": ["yes"] * 17 + ["no"] * 3, "drawn_from": [len(frames["committee"])] * 20}
    pd.DataFrame(answers | {"list": "committee"}).to_csv(tmp_path / "committee-sample.csv", index=False)
    read = gathered(tmp_path, Settings()).data
    assert "committee + government" in read["lists"].lists
    assert (read["lists"].audited, read["lists"].table().n_lists) == ((), 2)
    found = dc.report({"lists": read["lists"], "audit": read["audit"]}, families=["chapman"])
    assert "left out of the numbers above" not in str(found.full().sentence())


def write_small(place):
    """A folder with a file of each kind, of few people, and what was computed of it."""
    for name, frame in dc.simulate.name_lists(24, seed=5).frames.items():
        frame.to_csv(place / f"{name}.csv", index=False)
    for name, text in tables("joint_report")["frames"].items():
        (place / f"{name}.csv").write_text(text.lstrip(), encoding="utf-8")
    answers = {"belongs": ["yes"] * 17 + ["no"] * 3, "list": ["committee"] * 20}
    pd.DataFrame(answers).to_csv(place / "audit.csv", index=False)
    (place / SETTINGS).write_text("")
    return place


@cache
def small():
    place = write_small(Path(mkdtemp()))
    gathered(place, Settings())
    return place


def digests(place):
    """What a folder is read as, and its rows by name."""
    found = gathered(place, Settings())
    parts = {kind: data if isinstance(data, tuple) else (data,) for kind, data in found.data.items()}
    read = {kind: [getattr(part, "digest", repr(part)) for part in of] for kind, of in parts.items()}
    return {kind: of for kind, of in read.items() if kind != "who"}, {row.name: row for row in found.rows}


@cache
def without(name):
    place = Path(shutil.copytree(small(), Path(mkdtemp()) / "folder"))
    (place / name).unlink()
    return digests(place)[0]


def unreadable(file):
    file.unlink()
    file.symlink_to(file.name)


def only_its_head(file):
    file.write_text(file.read_text().split("\n")[0] + "\n")


RUINED = {
    "empty": lambda file: file.write_bytes(b""),
    "random": lambda file: file.write_bytes(np.random.default_rng(3).bytes(3000)),
    "zeros": lambda file: file.write_bytes(b"\0" * 500),
    "no workbook": lambda file: file.write_bytes(b"PK\x03\x04" + b"x" * 400),
    "a page": lambda file: file.write_text("<html><body>no</body></html>"),
    "only its head": only_its_head,
    "a folder": lambda file: (file.unlink(), file.mkdir()),
    "a link to nothing": lambda file: (file.unlink(), file.symlink_to("nothing.csv")),
    "a link to itself": unreadable,
    "a pipe": lambda file: (file.unlink(), os.mkfifo(file)),
}
FILES = ("totals", "releases", "arrests", "waves", "audit")


def with_cell(column, text, file):
    frame = pd.read_csv(file, dtype=str, keep_default_na=False)
    frame.loc[1, column] = text
    frame.to_csv(file, index=False)


def _faults():
    heads = {name: text.split()[0].split(",") for name, text in tables("joint_report")["frames"].items()}
    yield from (("totals", how) for how in RUINED)  # one reader opens them all
    yield from zip(FILES[1:], ("a folder", "zeros", "a pipe", "only its head"), strict=True)
    for name in FILES:
        known = heads.get(name, ["belongs"])
        first, *more = (tuple(each) for each in TABLES["cells_that_cannot_be_read"] if each[0] in known)
        yield name, first
        yield from (pytest.param(name, each, marks=pytest.mark.slow) for each in more)
    yield "committee", "only its head"


def ruin(file, how):
    RUINED[how](file) if isinstance(how, str) else with_cell(*how, file)


@pytest.mark.parametrize(("name", "how"), [*_faults()])
def test_a_file_that_is_not_understood_leaves_the_others_as_they_are(name, how, tmp_path):
    place = Path(shutil.copytree(small(), tmp_path / "folder"))
    ruin(place / f"{name}.csv", how)
    read, rows = digests(place)
    row = rows[f"{name}.csv"]
    if how == ("date", "1901-01-01"):  # which the job refuses, and not who reads the file
        assert row.kind == "stock"
        return
    assert read == without(f"{name}.csv")
    assert row.kind is None
    assert bool(row.seems) == (how != "a folder" and (name, how) != ("audit", "only its head"))
    seen = started(place)
    assert (f"{name}.csv" in seen.unclear) == bool(row.seems)


def test_a_list_that_forbids_the_links_is_left_aside(tmp_path):
    place = Path(shutil.copytree(small(), tmp_path / "folder"))
    names = [f"محمد علي الحسن,{1234500 + k * 37}" for k in range(24)]
    (place / "قائمة.csv").write_text("\n".join(["الاسم الكامل,الرقم الوطني", *names]), encoding="utf-8")
    read, rows = digests(place)
    assert read == digests(small())[0]
    assert (rows["قائمة.csv"].kind, rows["قائمة.csv"].seems) == (None, "names")
    assert "Arabic letters" in rows["قائمة.csv"].why


def test_a_file_that_may_not_be_read_is_left_aside(tmp_path, monkeypatch):
    place = Path(shutil.copytree(small(), tmp_path / "folder"))
    opened = Path.open

    def refused(self, *args, **how):
        if self.name == "totals.csv":
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *args, **how)

    monkeypatch.setattr(Path, "open", refused)
    read, rows = digests(place)
    assert read == without("totals.csv")
    assert str(rows["totals.csv"].why) == "Permission denied"


def test_what_was_left_aside_stands_first_in_every_form_and_names_nobody(tmp_path, capsys):
    secret = "Zoraida Quintanilla"
    for name in ("totals", "releases"):
        shutil.copy(small() / f"{name}.csv", tmp_path)
    with_cell("count", secret, tmp_path / "releases.csv")
    (tmp_path / f"{secret}.csv").write_text(f"{secret},x\nuno,dos\n", encoding="utf-8")
    made = dc.report(tmp_path)
    alone = dc.report({"stock": pd.read_csv(tmp_path / "totals.csv")})
    assert made.stock.record() == alone.stock.record()
    named = made.full().to_markdown().split("## ")[0]
    assert f"- {secret}.csv: its columns are neither" in named
    assert "- releases.csv: releases.csv, taken for 'releases': count, data row 2" in named
    assert "deja 2 archivos" not in made.to_markdown()
    public = made.to_markdown(lang="es")
    first = public.split("## ")[0]
    assert "Este informe deja de lado 2 archivos que pueden tener datos:" in first
    assert "1 archivo parece tener excarcelaciones anunciadas y verificadas" in first
    assert secret not in public + json.dumps(made.record()) + made.to_frame().to_csv()
    assert "2 files left aside." in made.to_markdown().split("This report")[0]
    assert [row["verdict"] for row in made.rows()] == ["left aside", "left aside", "register only"]
    assert len(made.record()["left_aside"]) == 2
    out = [str(tmp_path / f"informe.{ending}") for ending in ("md", "html", "tex", "json")]
    words = [word for each in out for word in ("--out", each)]
    capsys.readouterr()
    main(["report", str(tmp_path), *words, "--csv", str(tmp_path / "n.csv")])
    printed = capsys.readouterr().out
    for text in (printed, *(Path(each).read_text(encoding="utf-8") for each in (*out, tmp_path / "n.csv"))):
        assert "1 file seems to hold announced and verified releases" in " ".join(text.split())
        assert secret not in text
    assert len(printed.split("\n")) < 30
    assert "The rest stands in informe.md, informe.html and informe.tex." in printed


@pytest.mark.parametrize("aside", ["stock", "people"])
def test_a_job_that_refuses_a_file_is_done_without_it(aside, tmp_path):
    place = Path(shutil.copytree(small(), tmp_path / "folder"))
    with_cell("date", "1901-01-01", place / "totals.csv")
    names = ("committee", "foro_penal", "government") if aside == "people" else ()
    for name in (*names, "audit", "waves", "arrests"):
        (place / f"{name}.csv").unlink()
    made = dc.report(place, families=["chao"])
    assert ("lists" in made.jobs, "releases" in made.jobs) == (aside == "stock", True)
    (row,) = (row for row in made.files if row.name == "totals.csv")
    assert (row.kind, row.seems) == (None, "stock")
    assert "counts of at most 30 years" in row.why


def test_what_leaves_nothing_is_refused_with_each_file_and_its_reason(tmp_path):
    for name in ("totals", "releases", "arrests"):
        shutil.copy(small() / f"{name}.csv", tmp_path)
    ruin(tmp_path / "totals.csv", "empty")
    ruin(tmp_path / "releases.csv", ("count", "x"))
    with pytest.raises(InputError) as caught:
        dc.report(tmp_path)
    seen = ("totals.csv: it cannot be read", "releases.csv: releases.csv, taken", "arrests.csv: it holds")
    for part in seen:
        assert part in str(caught.value)


def test_two_tables_of_persons_leave_the_other_jobs(tmp_path):
    shutil.copy(small() / "releases.csv", tmp_path)
    for name in ("una", "otra"):
        (tmp_path / f"{name}.csv").write_text("a,b,count\n1,0,5\n0,1,6\n1,1,7\n")
    read, rows = digests(tmp_path)
    assert [*read] == ["releases"]
    assert {row.seems for name, row in rows.items() if name != "releases.csv"} == {"lists"}
    assert "expected one file of 'lists', got two" in rows["una.csv"].why


@pytest.mark.parametrize(("file", "key"), [("operan.csv", "operates"), ("revision.csv", "decisions")])
def test_a_file_that_the_settings_name_is_left_aside_too(file, key, tmp_path):
    place = Path(shutil.copytree(small(), tmp_path / "folder"))
    (place / SETTINGS).write_text(f"[read]\n{key} = {file!r}\n")
    (place / file).write_text("list,from\nnadie,2024-01-01\n")
    read, rows = digests(place)
    assert read == digests(small())[0]
    assert rows[file].seems


def test_a_sample_is_no_list_of_names(tmp_path):
    shutil.copy(small() / "committee.csv", tmp_path / "muestra.csv")
    assert started(tmp_path).unclear == ("muestra.csv",)
    assert "call that column 'belongs'" in str(started(tmp_path).seems["muestra.csv"])
    (tmp_path / SETTINGS).write_text("[files]\n'muestra.csv' = 'names'\n")
    assert [*started(tmp_path).settings.names] == ["muestra"]
    frame = pd.read_csv(tmp_path / "muestra.csv").assign(belongs="")
    frame.to_csv(tmp_path / "lista.csv", index=False)
    assert "nothing is answered yet" in str(started(tmp_path).seems["lista.csv"])


def test_settings_that_an_editor_wrote_otherwise_say_the_line_and_the_coding(tmp_path):
    for coding, says in (("latin-1", "line 2: expected UTF-8, got Latin-1"), ("utf-16", "got UTF-16")):
        (tmp_path / SETTINGS).write_bytes("[counted]\nwho = 'Núñez'\n".encode(coding))
        with pytest.raises(InputError, match=says):
            settings_of(tmp_path)
    (tmp_path / SETTINGS).write_text("x = " + "[" * 50_000)
    with pytest.raises(InputError, match="line 1: expected TOML"):
        settings_of(tmp_path)


def test_comments_stay_where_somebody_wrote_them(tmp_path):
    shutil.copy(small() / "waves.csv", tmp_path)
    shutil.copy(small() / "committee.csv", tmp_path)
    (tmp_path / "notas.csv").write_text("a,b\nuno,dos\n")
    main(["start", str(tmp_path), "--lang", "es"])
    place = tmp_path / SETTINGS
    text = place.read_text(encoding="utf-8")
    assert '# "notas.csv" = "..."' in text
    assert '# released_counts = "same"' in text
    text = text.replace("[counted]", "# arriba\n[counted] # detrás").replace('"committee"', "'committee'")
    text = text.replace('# who = "..."', 'who = "presos # uno"  # lo dijo #2\n# período')
    place.write_text(text.replace("file =", "# de Ana\nfile =") + "# al final\n", encoding="utf-8")
    for _ in range(2):
        main(["start", str(tmp_path), "--force", "--lang", "en"])
    text = place.read_text(encoding="utf-8")
    assert "# arriba\n# detrás\n[counted]\n" in text
    assert '# lo dijo #2\nwho = "presos # uno"\n' in text
    assert "# período\n# period = [" in text
    assert '# de Ana\nfile = "committee.csv"\n' in text
    assert text.endswith("# al final\n")
    assert all(text.count(each) == 1 for each in ("# arriba", "# detrás", "#2", "# de Ana", "# al final"))
    (tmp_path / "waves.csv").unlink()
    assert "is not in the folder" in str(started(tmp_path).seems["waves.csv"])


def test_a_name_that_is_no_text_is_written_by_its_bytes(tmp_path, capsys):
    rows = "Nombre,Edad\nAna Gil,30\nEva Paz,31\nLuz Mar,32\n"
    (tmp_path / os.fsdecode(b"lista_\xf1.csv")).write_text(rows)
    assert main(["start", str(tmp_path)]) == 0
    assert settings_of(tmp_path).names["lista_\\xf1"].file == "lista_\\xf1.csv"
    assert "no such" not in capsys.readouterr().out
    with pytest.raises(InputError, match="it is one list of names alone"):
        gathered(tmp_path, Settings())


def test_what_the_settings_say_of_waves_holds_where_the_file_is_silent(tmp_path):
    frame = pd.read_csv(small() / "waves.csv").drop(columns="released_counts")
    frame.to_csv(tmp_path / "waves.csv", index=False)
    scopes = {}
    for stated in ("", "released_counts = 'same'\nlist_is_fresh = 'yes'"):
        (tmp_path / SETTINGS).write_text(f"[read]\n{stated}\n")
        waves = gathered(tmp_path, Settings()).data["waves"].waves
        scopes[stated] = {(wave.scope, wave.fresh) for wave in waves}
    assert [len(each) for each in scopes.values()] == [1, 1]
    assert {scope for scope, _ in scopes[""]} == {""}
    assert {scope for scope, _ in scopes[stated]} == {"same"}


def test_a_look_writes_the_kind_of_a_list_of_released_people(tmp_path):
    campaign = dc.simulate.released_lists(60, seed=4)
    for name, frame in campaign.frames.items():
        frame.to_csv(tmp_path / f"{name.replace('lista_oficial', 'excarcelados')}.csv", index=False)
    kinds = {name: each.released for name, each in started(tmp_path).settings.names.items()}
    assert kinds == {"foro": None, "families": None, "excarcelados": "announced", "verificados": "verified"}
