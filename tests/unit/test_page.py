"""The page on one's own machine: who may ask, what is taken, what is kept, and that nothing else is."""

import asyncio
import base64
import datetime as dt
import hashlib
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from contextlib import suppress
from dataclasses import asdict
from functools import cache

import pandas as pd
import pytest

from cases import tables
from detcount import cli, simulate
from detcount.errors import InputError
from detcount.page import pages
from detcount.page.protocol import LIMITS, Limits, Question, Reading, packed, unpacked_head
from detcount.page.requests import HEADERS, Guard
from detcount.page.server import _MOST, _SECONDS
from detcount.page.sessions import Full, Sessions
from detcount.page.worker import Held, check_file, looked_at_folder
from detcount.words import languages
from page_sent import CSV, Client, multipart, served

TABLES = tables("page")

SMALL = Limits(file_bytes=200_000, unpacked_bytes=1 << 20, parts=50)
HIDDEN = "Perez-Quintana"  # stands in cells alone


async def nothing_here(scope, receive, send):
    """An application behind the guard."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["root_path"].encode()})


def asked(method="GET", path="/tok/", **headers):
    sent = []

    async def send(message):
        sent.append(message)

    given = {"host": "127.0.0.1:5000"} | {name.replace("_", "-"): value for name, value in headers.items()}
    pairs = [(name.encode(), value.encode()) for name, value in given.items() if value]
    scope = {"type": "http", "method": method, "path": path, "headers": pairs}
    asyncio.run(Guard(nothing_here, "tok", ("127.0.0.1:5000", "localhost:5000"))(scope, send, send))
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], found, sent[1]["body"]


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"), TABLES["only_this_machines_own_page_may_ask"]
)
def test_only_this_machines_own_page_may_ask(method, path, headers, status):
    found, told, body = asked(method, path, **headers)
    assert found == status
    assert set(HEADERS) <= {name.title() for name in told} | {"X-Content-Type-Options"}
    assert told["cache-control"] == "no-store"
    assert told["content-security-policy"].startswith("default-src 'none'")
    assert (body == b"/tok") is (status == 200)


def archive(parts, *, lie=None):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    content = stream.getvalue()
    if lie is not None:
        for part in zipfile.ZipFile(io.BytesIO(content)).infolist():
            content = content.replace(part.file_size.to_bytes(4, "little"), lie.to_bytes(4, "little"))
    return content


def workbook(sheets):
    from openpyxl import Workbook

    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


ROWS = [[int(cell) if cell.isdigit() else cell for cell in row.split(";")] for row in CSV.split()]
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (archive({"xl/workbook.xml": b"<a/>", "xl/vbaProject.bin": b"x"}), "They were not run"),
        (archive({"xl/macrosheets/sheet1.xml": b"x"}), "They were not run"),
        (archive({"Basic/Standard/Module1.xml": b"x"}), "They were not run"),
        (OLD + "_VBA_PROJECT".encode("utf-16-le") + bytes(64), "They were not run"),
        (archive({"xl/sheet.xml": bytes(3 << 20)}), "at most 1 MB when it is unpacked"),
        (archive({"xl/sheet.xml": bytes(3 << 20)}, lie=10), "at most 1 MB when it is unpacked"),
        (archive({f"{k}.xml": bytes(1 << 18) for k in range(5)}), "at most 1 MB when it is unpacked"),
        (archive({f"{k}.xml": b"" for k in range(60)}), "at most 50 parts, got 60"),
        (archive({"a.xml": b"a" * 500})[:-40], "cannot be read as a workbook"),
        (b"PK\x03\x04 and no more", "cannot be read as a workbook"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_files_with_macros_and_bombs_are_refused_in_words(content, words):
    with pytest.raises(InputError, match=re.escape(words)):
        check_file("lists.xlsx", content, SMALL)


def told(held, head, body=b""):
    heard = []

    def tell(head, body):
        line, _, rest = packed(head, body).partition(b"\n")
        again, length = unpacked_head(line)
        assert length == len(rest)
        heard.append((again, rest))

    held.do(json.loads(json.dumps(head)), body, tell)
    return heard


PLAIN = Reading()


def looked(name, content, reading=PLAIN, held=None):
    head = {"do": "look", "name": name, "reading": asdict(reading)}
    return told(held or Held(), head, content)[-1][0]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", f"prensa,ong\n1,0\n0,1,{HIDDEN}\n".encode()),
        ("a.csv", f'prensa,ong\n1,0\n0,"{HIDDEN}\n'.encode()),
        ("a.xlsx", b"PK\x03\x04" + HIDDEN.encode()),
        ("a.parquet", b"PAR1" + HIDDEN.encode()),
        ("a.csv", b"\x00\x01" + HIDDEN.encode()),
        ("a.pdf", b"%PDF-1.7 " + HIDDEN.encode()),
        ("a.csv", (",".join(f"c{k}" for k in range(3000)) + "\n").encode()),
    ],
)
def test_what_cannot_be_read_is_said_in_words_without_a_cell(name, content):
    found = looked(name, content)
    assert found["is"] == "fault"
    assert sorted(found["words"]) == sorted(languages())
    assert found["words"]["es"] != found["words"]["en"]
    assert HIDDEN not in json.dumps(found)


@cache
def answered(content, question, name="a.csv", lang="es"):
    asked = {"reading": asdict(PLAIN), "question": asdict(question)}
    head = {"do": "answer", "name": name, "lang": lang, **asked}
    return told(Held(), head, content)


QUICK = ("independence", "chao")


def test_an_answer_is_a_page_a_word_file_a_workbook_and_a_record():
    question = Question(lists=(0, 1, 2), count=3, families=QUICK, who="personas detenidas", claim="1 200")
    heard = answered(CSV.encode(), question)
    assert [head.get("stage", head.get("name", head["is"])) for head, _ in heard] == [
        *("reading", "reading", "fitting", "writing", "html", "docx", "xlsx", "json", "answered")
    ]
    files = {head["name"]: body for head, body in heard if head["is"] == "file"}
    page = files["html"].decode()
    assert '<html lang="es">' in page
    assert "personas detenidas" in page
    assert {"word/document.xml"} <= set(zipfile.ZipFile(io.BytesIO(files["docx"])).namelist())
    assert {"xl/workbook.xml"} <= set(zipfile.ZipFile(io.BytesIO(files["xlsx"])).namelist())
    record = json.loads(files["json"])
    assert record["made_by"] == "detcount"
    assert record["disclosure"] == "public"


def long_rows():
    lines, person = ["persona,lista"], 0
    for row in ROWS[1:]:
        for _ in range(int(str(row[3]))):
            person += 1
            lines += [f"{HIDDEN} {person},{ROWS[0][k]}" for k in range(3) if row[k]]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("content", "question"),
    [
        (long_rows(), Question(kind="rows", person=0, list=1, families=QUICK)),
        (workbook({"a": [["historia", "conteo"], *([f"{a}{b}{c}", n] for a, b, c, n in ROWS[1:])]}),
         Question(kind="histories", pattern=0, count=1, names="prensa, familias, ong", families=QUICK)),
    ],
    ids=["rows", "histories"],
)  # fmt: skip
def test_other_layouts_give_the_same_public_record(content, question):
    def record(content, question):
        heard = answered(content, question)
        assert heard[-1][0]["is"] == "answered", heard[-1]
        found = json.loads(next(body for head, body in heard if head.get("name") == "json"))
        found.pop("notes", None)
        return found

    body = content if isinstance(content, bytes) else content.encode()
    one = record(body, question)
    other = record(CSV.encode(), Question(lists=(0, 1, 2), count=3, families=QUICK))
    assert one["at_least"] == other["at_least"] == 190
    assert one["verdict"] == other["verdict"]
    assert HIDDEN not in json.dumps(one)


def test_the_answers_of_an_audit_are_recognised_and_say_what_the_list_is():
    file = (
        b"belongs,list,row,drawn_from,Nombre\n"
        + b"yes,familias,1,60,Ana\n" * 18
        + b"no,familias,2,60,Eva\n" * 2
    )
    assert looked("a.csv", file)["looked"]["question"]["kind"] == "audit"
    files = {head["name"]: body for head, body in answered(file, Question(kind="audit")) if "name" in head}
    page = re.sub(r"<wbr>|\s+", " ", files["html"].decode())
    assert "De los 60 registros de familias" in page
    assert "Ana" not in page
    assert json.loads(files["json"])["audits"][0]["wrong"] == 2


@pytest.mark.parametrize(
    ("asked", "high"), [({"scope": "same"}, 218), ({"scope": "same", "fresh": "no"}, None), ({}, None)]
)
def test_the_form_asks_who_is_counted_in_a_wave_and_how_fresh_the_list_is(asked, high):
    file = b"wave,day,list_size_before,released_identified,of_these_on_list\ndiciembre,2025-12-02,77,35,18\n"
    made = answered(file, Question(kind="waves", **asked))
    record = next(body for head, body in made if head.get("name") == "json")
    assert json.loads(record)["waves"][0]["high"] == high


@pytest.mark.parametrize(("asked", "words"), TABLES["questions_that_mean_nothing_are_refused_in_words"])
def test_questions_that_mean_nothing_are_refused_in_words(asked, words):
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in asked.items()}
    heard = answered(CSV.encode(), Question(**given))
    fault = heard[-1][0]
    assert fault["is"] == "fault"
    assert words in fault["words"]["en"]
    assert fault["words"]["es"] != fault["words"]["en"]
    assert "file" not in [head["is"] for head, _ in heard]


def test_what_nobody_foresaw_is_told_by_its_kind_alone(monkeypatch):
    def broken(*_):
        raise KeyError(HIDDEN)

    monkeypatch.setattr("detcount.page.worker.looked_at", broken)
    found = looked("a.csv", CSV.encode())
    assert "KeyError" in found["words"]["en"]
    assert HIDDEN not in json.dumps(found)
    monkeypatch.setattr("detcount.page.worker.looked_at", lambda _: (_ for _ in ()).throw(MemoryError()))
    assert "memory" in looked("a.csv", CSV.encode())["words"]["en"]


OPENED = {"name": "a<b>.csv", "key": "k", "stage": "fitting"}
VALUES = {
    "start.html": {"endings": ".csv"},
    "refused.html": {"words": "no"},
    "working.html": {"opened": OPENED, "still": True, "seconds": ""},
    "bar.html": {"opened": OPENED, "names": ["report.html", "report.docx", "report.xlsx", "record.json"]},
}


@pytest.mark.parametrize("name", VALUES)
def test_pages_are_said_in_every_language_and_open_no_markup(name):
    said = {
        lang: pages.rendered(name, lang, LIMITS, {"root": "/tok", "here": "/tok/", **VALUES[name]})
        for lang in languages()
    }
    assert said["en"] != said["es"]
    assert not any("<b>" in page or "<script" in page for page in said.values())


def test_a_page_without_a_server_takes_folders_and_promises_only_what_it_does():
    for lang, minutes in (("en", "30 minutes"), ("es", "30 minutos")):
        values = {"root": "", "here": "/", **VALUES["start.html"]}
        served, alone = (
            pages.rendered("start.html", lang, LIMITS, {**values, "in_browser": each})
            for each in (False, True)
        )
        assert (minutes in served, minutes in alone) == (True, False)
        assert "webkitdirectory" in served
        assert "webkitdirectory" in alone
        assert ("/licences" in served, "/licences" in alone) == (False, True)
    working = [
        pages.rendered(
            "working.html",
            "en",
            LIMITS,
            {**VALUES["working.html"], "root": "", "here": "/", "still": False, "in_browser": each},
        )
        for each in (False, True)
    ]
    assert ["looks again by itself" in page for page in working] == [True, False]


def test_the_policy_allows_the_style_of_the_page_and_no_other():
    page = pages.rendered("start.html", "en", LIMITS, {"root": "/tok", "here": "/tok/", "endings": ".csv"})
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = pages.policy(page)
    assert f"style-src 'sha256-{digest}';" in policy
    assert "unsafe" not in policy
    assert "script" not in policy
    assert "style=" not in page.replace("<style", "")


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_what_nobody_looks_at_is_forgotten_and_makes_room(monkeypatch):
    clock = Clock()
    sessions = Sessions(Limits(files=2, unseen=100, unseen_at_work=30, makes_room=10), clock)
    monkeypatch.setattr(Sessions, "look", lambda self, found, reading: None)

    async def run():
        first, second = sessions.open("a", b"1"), sessions.open("b", b"2")
        assert first.key != second.key
        with pytest.raises(Full):
            sessions.open("c", b"3")
        clock.now = 11
        assert sessions.find(second.key) is second
        third = sessions.open("c", b"3")
        assert sessions.find(first.key) is None
        assert "Send it again" in sessions.forgotten[first.key]
        third.at_work = second.at_work = True
        clock.now = 35
        sessions.find(third.key)
        clock.now = 50
        sessions.forget_unseen()
        assert list(sessions.opened) == [third.key]
        assert not second.at_work
        third.at_work = False
        clock.now = 35 + 101
        sessions.forget_unseen()
        assert not sessions.opened
        await sessions.close()

    asyncio.run(run())


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def until(what, most=20):
    end = time.monotonic() + most
    while not what():
        assert time.monotonic() < end, "it does not come to be so"
        time.sleep(0.05)


def on_disk(*folders):
    return [str(path) for folder in folders for path in folder.rglob("*")]


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """A folder that is the place of temporary files, and the one that we are in."""
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.chdir(place)
    return place


@pytest.mark.slow
def test_a_file_becomes_a_report_and_nothing_is_left_on_the_disk(nowhere):
    clock = Clock()
    with served(clock=clock) as one:
        other = Client(one.port, one.token, one.sessions)
        first = one.send("datos.csv", CSV.encode(), "es")
        assert first.headers["refresh"] == "1"
        assert "refresh" not in one.get(f"{first.path}&still=1").headers
        form = one.wait(first)
        assert "Marque las columnas que son listas" in form.text
        assert "7 filas, 4 columnas" in form.text
        key = form.path.split("?")[0]
        pairs = [("lists", "0"), ("lists", "1"), ("lists", "2"), ("count", "3"), ("kind", "columns")]
        pairs += [("offered", "x"), ("answer_lang", "es"), *(("families", name) for name in QUICK)]

        refused = one.wait(one.post(f"{key}/ask?lang=es", [("kind", "columns"), ("answer_lang", "es")]))
        assert 'role="alert"' in refused.text
        assert "hay 0. Márquelas" in refused.text

        found = one.sessions.opened[key.rpartition("/")[2]]
        one.post(f"{key}/ask?lang=es", pairs)
        before = found.process
        assert found.at_work
        os.kill(before.pid, signal.SIGSTOP)  # as one that is deep in its work hears nothing
        stopped = one.post(f"{key}/stop?lang=es")
        assert "l trabajo se detuvo y no hay respuesta. El archivo sigue aquí" in stopped.text
        assert "Marque las columnas" in stopped.text
        until(lambda: not alive(before.pid))

        report = one.wait(one.post(f"{key}/ask?lang=es", pairs))  # in a process of its own
        assert '<html lang="es">' in report.text
        assert 'class="bar"' in report.text
        assert "unsafe" not in report.headers["content-security-policy"]
        for name, begins in (("html", b"<!doctype"), ("docx", b"PK"), ("xlsx", b"PK")):
            file = one.get(f"{key}/report.{name}")
            assert file.body.startswith(begins)
            assert "attachment" in file.headers["content-disposition"]
            assert b'class="bar"' not in file.body
        assert one.get(f"{key}/record.json").body.startswith(b"{")
        assert one.get(f"{key}/passwd").status == 404

        # whoever does not know the address sees nothing of it
        assert other.get(f"/{other.token}/").text.count("datos.csv") == 0
        assert other.get(f"/{other.token}/AAAAAAAAAAAAAAAAAAAAAAAA").status == 404
        assert other.get(f"/{other.token}/AAAA/record.json").status == 404

        process = found.process
        assert process.pid != before.pid
        assert alive(process.pid)
        assert on_disk(nowhere) == []
        clock.now += LIMITS.unseen + 1
        until(lambda: not one.sessions.opened)
        until(lambda: not alive(process.pid))
        gone = one.get(f"{key}?lang=es")
        assert gone.status == 404
        assert "quedó olvidado porque ninguna página preguntó por él durante 30 minutos" in gone.text
    assert on_disk(nowhere) == []


WAVES = b"Publicado;Fuente;Rol;Desde;Hasta;Excarcelados\n3/1/2025;foro;verificado;1/1/2025;2/1/2025;98\n"
NAMES = [f"{given} {family} {other}" for given in ("Ana", "Luis", "Eva") for family in ("Gil", "Mora", "Paz")
         for other in ("Rojas", "Soto", "Vera", "Lara")]  # fmt: skip


def list_of(names):
    rows = [f"{name};{name};{k % 27 + 1:02d}/08/2024" for k, name in enumerate(names)]
    return "\n".join(["Nombre;Detenido;Fecha", *rows]).encode()


FOLDER = {
    "casos/uno.csv": list_of(NAMES[:26]),
    "casos/dos.csv": list_of(NAMES[10:]),
    "casos/excarcelados.csv": WAVES,
    "casos/carta.docx": b"no document",
    "casos/macros.xlsx": archive({"xl/workbook.xml": b"<a/>", "xl/vbaProject.bin": b"x"}),
    "casos/viejo/uno.csv": b"Nombre\nA\n",
    "casos/detcount.toml": b"[lists.uno]\nfile = 'uno.csv'\nmax_copies = 2\n",
}


@pytest.mark.slow
def test_a_folder_is_read_in_memory_and_its_questions_are_a_form(nowhere):
    with served() as one:
        form = one.wait(one.send_folder(FOLDER, "es"))
        assert "<h1>Qué son los archivos</h1>" in form.text
        legends = re.findall("<legend>(.*?)</legend>", form.text)
        assert legends.pop() == "Una muestra al azar entre las listas"
        assert legends == ["carta.docx", "dos.csv", "excarcelados.csv", "uno.csv"]
        assert "lista &#39;dos&#39;, 26 filas" in form.text
        assert "No se han ejecutado" in form.text
        assert not any(name.split()[2] in form.text for name in NAMES)
        key = form.path.split("?")[0]
        refused = one.wait(one.post(f"{key}/ask?lang=es", [("as_of", "ayer"), ("once3", "1")]))
        assert "ltimo día que se puede conocer" in refused.text.split('role="alert"')[1].split("</div>")[0]
        assert 'name="once3" value="1" checked' in refused.text
        asked = [("who", "personas detenidas"), ("full", "1"), ("kind1", "nothing"), ("kind3", "nothing")]
        report = one.wait(one.post(f"{key}/ask?lang=es", [*asked, ("answer_lang", "es")]))
        assert "personas detenidas" in report.text.split("<figure")[0]
        files = {row["file"]: row["kind"] for row in json.loads(one.get(f"{key}/record.json").body)["files"]}
        assert files == dict.fromkeys(legends) | {"excarcelados.csv": "releases"}
    assert on_disk(nowhere) == []


def test_what_is_said_of_a_folder_reaches_its_report(monkeypatch):
    seen = []

    def reported(given):
        seen.append(given)
        raise InputError(HIDDEN)

    monkeypatch.setattr("detcount.assessment.report", reported)
    files = {
        name.partition("/")[2]: content for name, content in FOLDER.items() if "csv" in name or "toml" in name
    }
    question = Question(
        take=(("excarcelados.csv", "nothing"),),
        columns=(("uno", "name", "Detenido"),),
        once=("uno",),
        as_of="2025-01-31",
    )
    head = {
        "do": "answer",
        "name": "casos",
        "parts": [(name, len(content)) for name, content in files.items()],
    }
    head |= {"reading": asdict(Reading(dayfirst=True)), "question": asdict(question), "lang": "en"}
    Held().do(head, b"".join(files.values()), lambda *_: None)
    settings = seen[0].settings
    assert (settings.names["uno"].max_copies, settings.names["uno"].columns) == (1, {"name": "Detenido"})
    assert settings.names["dos"].max_copies is None
    assert settings.take["excarcelados.csv"] == "nothing"
    assert settings.read == {"as_of": dt.date(2025, 1, 31), "dayfirst": True}


SAMPLED = {
    "people.csv": b"press,families,visit,count\n1,0,0,310\n0,1,0,190\n1,1,0,90\n1,0,1,31\n0,0,1,42\n",
    "prisons.csv": b"drawn_from,inmates,unlisted\n20,30,11\n20,25,8\n20,61,23\n",
    "detcount.toml": b'[read]\nfamilies = ["calibrated"]\n',
}


def said_of(question, lang="en"):
    """What a worker sends of a folder with a sample: messages, and files by name."""
    sent = {}
    head = {"do": "answer", "name": "casos", "parts": [(name, len(each)) for name, each in SAMPLED.items()]}
    head |= {"reading": asdict(Reading()), "question": asdict(question), "lang": lang}
    Held().do(
        head,
        b"".join(SAMPLED.values()),
        lambda says, body: sent.update({says.get("name", says["is"]): (says, body)}),
    )
    return sent


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_form_of_a_folder_asks_about_a_sample(lang):
    question = Question(sample="visit", chosen="lot", design="prisons.csv", inmates="900")
    values = {"opened": {"name": "x", "key": "y"}, "fault": "", "notices": [], "filled": False, "root": ""}
    filled = asdict(question) | {"columns": {}, "take": {}}
    values |= {
        "looked": looked_at_folder(SAMPLED),
        "question": filled,
        "reading": asdict(Reading()),
        "here": "",
    }
    form = pages.rendered("folder.html", lang, LIMITS, values)
    assert 'name="sample" value="visit"' in form
    assert '<option value="lot" selected>' in form


@pytest.mark.slow
def test_a_sample_said_in_the_form_reaches_the_report():
    found = said_of(Question(sample="visit", chosen="lot", design="prisons.csv", inmates="900"))
    assert json.loads(found["json"][1])["jobs"]["lists"]["anchor"] == "visit"
    by_hand = said_of(Question(sample="visit", chosen="hand", design="0.1"))
    assert "got some that somebody chose" in by_hand["fault"][0]["words"]["en"]
    words = said_of(Question(sample="visit", chosen="lot", design="0.1", inmates="many"))
    assert "Inmates of all these prisons: expected a whole number" in words["fault"][0]["words"]["en"]


def test_refusals_come_in_words_and_files_stay_in_memory(monkeypatch):
    def on_the_disk(*_, **__):
        raise AssertionError("a file went to the disk")

    monkeypatch.setattr(tempfile, "TemporaryFile", on_the_disk)
    monkeypatch.setattr(Sessions, "look", lambda self, found, reading: None)
    limits = Limits(file_bytes=2 << 20, files=2)
    with served(limits) as page:
        large = page.send("a.csv", bytes(6 << 20), "es")
        assert large.status == 413
        assert "demasiado grande: se admiten 2 MB" in large.text
        assert page.send("a.csv", bytes(2 << 20)).status == 200
        assert page.send("../../etc/a<b>.csv", b"x").status == 200
        assert [each.name for each in page.sessions.opened.values()] == ["a.csv", "a<b>.csv"]
        full = page.send("c.csv", b"x")
        assert full.status == 503
        assert "2 files are open" in full.text
        key = next(iter(page.sessions.opened))
        assert page.post(f"/tok/{key}/forget").status == 200
        assert key not in page.sessions.opened
        assert page.post("/tok/example").status == 200
        assert [each.name for each in page.sessions.opened.values()] == ["a<b>.csv", "kosovo.csv"]
        assert page.send("", b"").status == 422
        assert "o file was chosen" in page.send("", b"").text
        cut = page._ask(
            "POST", "/tok/file", multipart("a", b"x")[:-30],
            {**page._own(), "Content-Type": "multipart/form-data; boundary=other"},
        )  # fmt: skip
        assert cut.status == 400
        assert page.post("/tok/file").status == 422
        assert page.get("/tok/a/b/c/d?lang=es").status == 404
        assert page.get("/nothing").text.startswith("Nothing is here.")
        key = next(iter(page.sessions.opened))
        assert page.post(f"/tok/{key}/read", [("header_row", "0")]).status == 422
        assert page.get(f"/tok/{key}/ask").status == 404


def test_the_command_serves_until_it_is_interrupted(nowhere):
    environment = {**os.environ, "TMPDIR": str(nowhere)}
    command = [sys.executable, "-m", "detcount", "page", "--no-browser", "--lang", "es"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as started:
        address = started.stdout.readline().strip()
        found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/([\w-]{20,})/", address)
        assert found, address
        client = Client(int(found[1]), found[2], Sessions(LIMITS))
        page = client.get(f"/{client.token}/")
        assert '<html lang="es">' in page.text
        assert client.get("/").status == 404
        assert "server" not in page.headers
        started.send_signal(signal.SIGINT)
        assert started.wait(timeout=20) == 0
        said = started.stderr.read()
        assert "todo queda olvidado" in said
        assert client.token not in said
        assert started.stdout.read() == ""
    assert on_disk(nowhere) == []


def test_the_command_refuses_in_words(monkeypatch, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert cli.main(["page", "--port", str(port), "--no-browser"]) == 2
        assert f"--port: expected a port that is free, got {port}" in capsys.readouterr().err
    monkeypatch.setattr("detcount.cli.doors.find_spec", lambda name: None)
    assert cli.main(["page"]) == 2
    assert re.search("pip install .*'starlette>=[^ ]*' 'uvicorn", capsys.readouterr().err)


def test_silent_connections_make_room_and_end(monkeypatch):
    assert (_MOST, _SECONDS) == (64, 20.0)  # of which the tenth part shows the same sooner
    monkeypatch.setattr("detcount.page.server._MOST", 6)
    monkeypatch.setattr("detcount.page.server._SECONDS", 0.5)
    with served() as client:
        silent = [socket.create_connection(("127.0.0.1", client.port)) for _ in range(30)]
        try:
            for half in silent[:15]:
                with suppress(OSError):
                    half.sendall(b"GET / HTTP/1.1\r\nHost: ")
            start = time.monotonic()
            assert client.get("/tok/").status == 200
            assert time.monotonic() - start < 10
            until = time.monotonic() + 20
            left = silent
            while left and time.monotonic() < until:
                left = [each for each in left if not ended(each)]
            assert left == []
        finally:
            for each in silent:
                each.close()


def ended(connection):
    connection.settimeout(0.01)
    try:
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


@pytest.mark.slow
def test_figures_without_end_are_no_numbers():
    with served() as client:
        page = client.wait(client.send("lists.csv", CSV.encode()))
        for field, figures in (("claim", "9" * 5000), ("lists", "1" * 5000), ("header_row", "1" * 5000)):
            form = [("lists", "0"), ("lists", "1"), ("count", "3"), ("kind", "columns"), (field, figures)]
            form += [("offered", "x"), ("families", "chao")]
            for path in (f"{page.path.partition('?')[0]}/ask", f"{page.path.partition('?')[0]}/read"):
                found = client.post(path, form)
                assert found.status != 500
                assert "went wrong" not in client.wait(found).text


def test_names_on_lists_are_linked_in_memory_and_no_report_holds_one():
    invented = simulate.name_lists(24, seed=4).frames
    rows = pd.concat([frame.assign(Lista=name) for name, frame in invented.items() if name != "committee"])
    words = {word for name in rows.iloc[:, 0] for word in name.split() if len(word) > 5}
    position = list(rows.columns).index("Lista")
    question = Question(kind="names", list=position, families=QUICK)
    heard = answered(rows.to_csv(index=False).encode(), question)
    files = {head["name"]: body for head, body in heard if "name" in head}
    assert json.loads(files["json"])["jobs"].keys() == {"lists", "stock"}
    assert not any(word.encode() in body for word in words for name, body in files.items() if name != "docx")
    rows.iloc[4, position] = None
    asked = [Question(kind="names", list=at) for at in (position, 0)]
    blank, refused = (answered(rows.to_csv(index=False).encode(), each)[-1][0] for each in asked)
    assert "expected the name of a list, got a blank cell" in json.dumps(blank)
    assert blank["is"] == refused["is"] == "fault"
    assert not any(word in json.dumps([blank, refused]) for word in words)
