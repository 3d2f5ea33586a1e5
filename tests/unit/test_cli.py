"""The command: what goes where, in every layout and language, on which terminal, and which exit code."""

import argparse
import csv
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from cases import tables
from detcount import CaptureTable, assess, cite, datasets
from detcount.abundance import ChaoLowerBound
from detcount.cli import main
from detcount.cli.command import language_in
from detcount.cli.completion import SHELLS
from detcount.cli.parser import build, commands, declared
from detcount.cli.terminal import degraded, forgiving_streams
from detcount.privacy import keyed_digest
from detcount.reports.blocks import FigureSlot
from detcount.words import translation
from faults import FAULTS
from templates import in_words

TABLES = tables("cli_help")
SECRET = "Zutano Ñáñez"
LISTS = ["prensa", "familias"]
# asymmetric: no two lists or cells alike
TABLE = CaptureTable.from_counts({"10": 41, "01": 33, "11": 19}, lists=LISTS)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    TABLE.to_frame().to_csv("counts.csv", index=False)
    return tmp_path


def refused(words, capsys):
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("detcount: ")
    assert err.count("\n") == 1
    assert SECRET not in err
    assert "V-0" not in err
    return err


@pytest.mark.parametrize(("words", "message"), [*FAULTS["faults"], *FAULTS["wrong words"]])
def test_faults_are_one_line_and_exit_code_two(folder, capsys, words, message):
    (folder / "bad.csv").write_text(f"a,b,n\n1,0,2\n1,{SECRET},3\n", encoding="utf-8")
    assert message in refused(words, capsys)


def test_datasets_lists_every_table(capsys):
    assert main(["datasets"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("|")[1].strip() for line in lines[2:]] == list(datasets.names())
    assert len({line.count("|") for line in lines}) == 1
    assert main(["datasets", "kosovo"]) == 0
    sizes = ", ".join(f"{name} {size:,}" for name, size in datasets.load("kosovo").list_sizes.items())
    assert capsys.readouterr().out.splitlines()[1].endswith(f": {sizes}")
    assert main(["datasets", "cuba_releases_2025"]) == 0
    assert "Prisoners Defenders 4" in capsys.readouterr().out


SHORT = ["audit", "cite", "link", "plan", "reproduce", "start"]  # of so few lines that nothing is left out
ASKED = {
    "assess": ["counts.csv", "--lists", ",".join(LISTS), "--count", "count", "--families", "chao"],
    "audit": ["checked.csv"],
    "cite": [],
    "coverage": ["waves.csv"],
    "datasets": [],
    "link": ["one.csv", "two.csv", "--draws", "2"],
    "plan": ["--dataset", "kosovo", "--sample", "90"],
    "releases": ["--dataset", "cuba_releases_2025"],
    "report": ["folder", "--take", "counts.csv=lists", "--families", "chao"],
    "reproduce": ["record.json", "counts.csv", "--lists", ",".join(LISTS), "--count", "count"],
    "start": ["folder"],
    "stock": ["totals.csv"],
}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.slow) if name in ("link", "report", "stock") else name
        for name in ASKED
    ],
)
def test_a_command_prints_at_most_25_lines_on_a_screen(name, folder, capsys, monkeypatch):
    assert {"page", "completion", *ASKED} == {"completion", *commands(build())}, "a command has no case"
    (folder / "folder").mkdir()
    TABLE.to_frame().to_csv("folder/counts.csv", index=False)
    frames = tables("joint_report")["frames"]
    for file, kind in (("waves", "waves"), ("totals", "totals")):
        Path(f"{file}.csv").write_text(frames[kind], encoding="utf-8")
    Path("checked.csv").write_text("belongs\nyes\nno\nyes\n", encoding="utf-8")
    for k, file in enumerate(("one.csv", "two.csv")):
        people = [f"Ana {'Bcdfghjklm'[n % 10]}ora{'aeiou'[n // 10]},V-{12345678 + 97 * n}" for n in range(50)]
        Path(file).write_text("\n".join(["Nombre,Cédula", *people[10 * k : 40 + 10 * k]]), encoding="utf-8")
    record = dict(ChaoLowerBound().fit(TABLE).record())
    Path("record.json").write_text(json.dumps(record), encoding="utf-8")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert main([name, *ASKED[name]]) == 0
    lines = capsys.readouterr().out.rstrip("\n").split("\n")
    assert len(lines) <= 25
    assert lines[-1].startswith("The rest is written by ") == (name not in SHORT)


def test_module_and_script_run_the_command():
    script = Path(sys.executable).with_name("detcount" + (".exe" if os.name == "nt" else ""))
    for command in ([sys.executable, "-m", "detcount"], [str(script)]):
        done = subprocess.run([*command, "cite"], capture_output=True, text=True, check=True)
        assert done.stdout == cite() + "\n"


@pytest.mark.parametrize("encoding", [pytest.param("ascii", marks=pytest.mark.slow), "cp1252"])
def test_a_terminal_that_is_not_utf_8_gets_the_whole_answer(encoding):
    words = ["assess", "--dataset", "kosovo", "--lists", "HRW,EXH", "--lang", "es"]
    environment = dict(os.environ, PYTHONIOENCODING=encoding)
    done = subprocess.run(
        [sys.executable, "-m", "detcount", *words], capture_output=True, env=environment, check=True
    )
    text = done.stdout.decode(encoding)
    assert "Calibrado *" in text
    assert ("Cuántas" in text) == (encoding != "ascii")
    assert len(text.splitlines()) > 60
    assert done.stderr == b""


@pytest.mark.skipif(os.name == "nt", reason="locales of another kind")
def test_words_and_files_have_their_names_in_a_locale_of_ascii(folder):
    (folder / "ñ.csv").write_text("a,ñandú\n1,0\n0,1\n1,1\n", encoding="utf-8")
    words = ["assess", "ñ.csv", "--lists", "a,ñandú", "--who", "niños", "--html", "é.html"]
    environment = dict(os.environ, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    done = subprocess.run(
        [sys.executable, "-m", "detcount", *words], capture_output=True, env=environment, check=True
    )
    assert b"Who is counted: ninos" in done.stdout
    assert "Who is counted: niños" in (folder / "é.html").read_text(encoding="utf-8")
    assert done.stderr.startswith(b"detcount: report written to ")


@pytest.mark.skipif(os.name == "nt", reason="pipes of another kind")
def test_a_reader_that_stops_early_is_no_fault():
    command = f'"{sys.executable}" -m detcount datasets | true'
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_what_is_printed_is_chosen(tmp_path, capsys):
    path = tmp_path / "lists.csv"
    path.write_text("press,court,count\n1,0,40\n0,1,30\n1,1,3\n", encoding="utf-8")
    words = ["assess", str(path), "--lists", "press,court", "--count", "count"]
    assert main(words) == 0
    public = capsys.readouterr().out
    assert main([*words, "--disclosure", "full"]) == 0
    full = capsys.readouterr().out
    assert "| press + court | 3 |" in full
    assert "press + court" not in public


def test_one_key_file_is_made_once_and_is_its_owners_alone(tmp_path, capsys):
    path, secret = tmp_path / "lists.csv", tmp_path / "key.txt"
    path.write_text("press,court,count\n1,0,40\n0,1,30\n1,1,3\n", encoding="utf-8")
    words = ["assess", str(path), "--lists", "press,court", "--count", "count", "--key-file", str(secret)]
    assert main([*words, "--families", "none"]) == 2
    assert not secret.exists()  # what failed leaves no secret behind
    assert main(words) == 0
    assert secret.stat().st_mode & 0o777 == 0o600
    key = secret.read_text(encoding="utf-8").strip()
    table = CaptureTable.from_counts({"10": 40, "01": 30, "11": 3}, lists=["press", "court"])
    out, err = capsys.readouterr()
    assert keyed_digest(table, key) in out
    assert f"secret written to {secret}" in err
    for option in ("--key-file", "--digest-key-file"):  # the second is what it was called before
        assert main([*words[:-2], option, str(secret)]) == 0
        assert keyed_digest(table, key) in capsys.readouterr().out
    assert secret.read_text(encoding="utf-8").strip() == key
    secret.chmod(0o640)
    assert main(words) == 2
    assert "key.txt: expected a file that its owner alone can read" in capsys.readouterr().err
    secret.chmod(0o600)
    secret.write_text("secret", encoding="utf-8")
    assert main(words) == 2
    err = capsys.readouterr().err
    assert "key.txt: expected a secret that detcount wrote, got another file" in err
    secret.unlink()
    assert main(["reproduce", str(path), str(path), "--key-file", str(secret)]) == 2
    assert not secret.exists()


def test_what_is_at_fault_is_no_answer_where_standard_error_is_closed(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["cite", "nix"]) == 2
    assert main(["assess", "gone.csv", "--lists", "a,b"]) == 2
    assert capsys.readouterr().out == ""


FAMILIES = ["chapman", "independence"]
ANSWER = assess(TABLE, families=FAMILIES)
WORDS = ["assess", "counts.csv", "--lists", "prensa,familias", "--count", "count", "--families"]
WORDS += [",".join(FAMILIES)]
FULL = [*WORDS, "--disclosure", "full"]


def ran(words, capsys, code=0):
    assert main(words) == code
    return capsys.readouterr()


@pytest.mark.parametrize("disclosure", [None, "full"])
def test_json(disclosure, capsys):
    words = WORDS if disclosure is None else FULL
    out, err = ran([*words, "--json", "n.json", "--lang", "es"], capsys)
    assert out.startswith("# ")
    assert err == "detcount: cifras escritas en n.json\n"
    record = json.loads(Path("n.json").read_text(encoding="utf-8"))
    assert record.pop("made_by") == "detcount"
    expected = (ANSWER.public() if disclosure is None else ANSWER.full()).record()
    assert record == json.loads(json.dumps(expected))
    out, err = ran([*words, "--json", "-"], capsys)
    assert json.loads(out) == {"made_by": "detcount", **record}
    assert err == ""


def test_the_table_has_what_the_report_shows_and_no_more(capsys):
    out, _ = ran([*FULL, "--csv", "-"], capsys)
    rows = {row["family"]: row for row in csv.DictReader(io.StringIO(out))}
    assert list(rows) == [*ANSWER.estimates, *ANSWER.declined]
    for key, estimate in ANSWER.estimates.items():
        interval = estimate.interval(0.95)
        found = [float(rows[key][name]) for name in ("low", "point", "high", "level")]
        assert found == pytest.approx([interval.low, estimate.point, interval.high, 0.95])
    out, err = ran([*WORDS, "--csv", "n.csv"], capsys)
    assert err == "detcount: numbers written to n.csv\n"
    public = list(csv.DictReader(io.StringIO(Path("n.csv").read_text(encoding="utf-8"))))
    shown = ANSWER.public().families
    assert [row["family"] for row in public] == [row.key for row in shown]
    assert [float(row["low"]) for row in public] == [row.low for row in shown]
    assert public != list(rows.values())


def test_the_level_of_the_table(capsys):
    out, _ = ran([*FULL, "--csv", "-", "--level", "0.8"], capsys)
    row = next(csv.DictReader(io.StringIO(out)))
    interval = next(iter(ANSWER.estimates.values())).interval(0.8)
    assert [float(row[name]) for name in ("low", "high", "level")] == [interval.low, interval.high, 0.8]
    _, err = ran([*WORDS, "--csv", "-", "--level", "0.8"], capsys, 2)
    assert "--level: expected 0.95, which the public report has, got 0.8" in err


@pytest.mark.parametrize(
    ("kind", "begins"), [pytest.param("png", b"\x89PNG", marks=pytest.mark.slow), ("svg", b"<?xml")]
)
def test_figures(kind, begins, capsys):
    words = [*FULL, "--figures", "figuras", "--figures-as", kind]
    keys = [block.key for block in ANSWER.full().document().blocks if isinstance(block, FigureSlot)]
    _, err = ran(words, capsys)
    assert err == f"detcount: {len(keys)} figures written to figuras\n"
    assert len(keys) > 1
    files = sorted(Path("figuras").iterdir())
    assert [file.name for file in files] == sorted(f"{key}.{kind}" for key in keys)
    before = {file: file.read_bytes() for file in files}
    assert all(content.startswith(begins) for content in before.values())
    ran(words, capsys)  # ours are written over
    assert {file: file.read_bytes() for file in files} == before
    files[0].write_bytes(begins + b" a photograph")
    _, err = ran(words, capsys, 2)
    assert f"{files[0].name}: there is a file of this name that is no report of detcount" in err
    assert files[0].read_bytes() == begins + b" a photograph"
    ran([*words, "--force"], capsys)
    assert files[0].read_bytes() == before[files[0]]


def test_quiet(capsys):
    words = [*WORDS, "--quiet", "--html", "r.html", "--csv", "n.csv", "--json", "n.json", "--figures", "f"]
    assert ran(words, capsys) == ("", "")
    assert {"r.html", "n.csv", "n.json", "f"} <= {path.name for path in Path().iterdir()}
    out, err = ran([*WORDS, "--quiet", "--csv", "-"], capsys)
    assert out.startswith("family,")
    assert err == ""
    _, err = ran(["assess", "none.csv", "--lists", "a,b", "--quiet"], capsys, 2)
    assert "none.csv" in err


@pytest.mark.parametrize(("words", "message"), FAULTS["places"])
def test_places_are_checked_first(words, message, capsys, monkeypatch):
    Path("notes.txt").write_text("years of work", encoding="utf-8")
    before = Path("counts.csv").read_bytes()
    monkeypatch.setattr("detcount.cli.doors.table_of", lambda options: pytest.fail("read before"))
    out, err = ran([*WORDS, *words], capsys, 2)
    assert out == ""
    assert message in err
    assert Path("notes.txt").read_text(encoding="utf-8") == "years of work"
    assert Path("counts.csv").read_bytes() == before


@pytest.mark.parametrize(("words", "mode"), [(FULL, 0o600), (WORDS, 0o644)], ids=["full", "public"])
def test_files_with_small_counts_of_persons_are_their_owners_alone(words, mode, capsys):
    before = os.umask(0o022)
    try:
        names = [f"report.{ending}" for ending in ("html", "docx", "xlsx", "json", "tex")]
        outs = [word for name in names for word in ("--out", name)]
        ran([*words, "--quiet", "--csv", "numbers.csv", "--figures", "figures", *outs], capsys)
    finally:
        os.umask(before)
    written = [*map(Path, names), Path("numbers.csv"), *Path("figures").iterdir()]
    assert len(written) > len(names) + (words == FULL)  # of fewer than 100 people no public figure
    assert {path.stat().st_mode & 0o777 for path in written} == {mode}


@pytest.mark.slow
def test_out_writes_every_format_by_its_ending(folder, capsys):
    words = ["assess", "--dataset", "kosovo", "--families", "chapman,calibrated", "--lang", "es", "--quiet"]
    names = ["r.html", "r.docx", "r.xlsx", "r.tex", "r.md", "r.json"]
    outs = [word for name in names for word in ("--out", name)]
    assert main([*words, *outs]) == 0
    first = {name: (folder / name).read_bytes() for name in names}
    assert all(first.values())
    assert json.loads(first["r.json"])["made_by"] == "detcount"
    assert main([*words, *outs]) == 0  # its own files it writes over, with the same bytes
    assert {name: (folder / name).read_bytes() for name in names if name != "r.json"} == {
        name: content for name, content in first.items() if name != "r.json"
    }


QUICK = ["--families", ",".join(FAMILIES)]


def persons(yes=1, no=0):
    """A row a person, with marks of any kind."""
    frame = TABLE.to_frame()
    rows = frame.loc[frame.index.repeat(frame["count"]), LISTS].reset_index(drop=True)
    marked = rows.astype(object).replace({1: yes, 0: no})
    marked.insert(0, "cédula", [f"V-{row:05}" for row in range(len(marked))])
    return marked


def memberships():
    return persons().melt("cédula", var_name="fuente").query("value == 1").drop(columns="value")


def answered(words, capsys):
    assert main(["assess", *words, *QUICK]) == 0, capsys.readouterr().err
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_memberships(capsys):
    memberships().to_csv("m.csv", index=False)
    words = ["m.csv", "--person", "cédula", "--list", "fuente", "--disclosure", "full"]
    expected = assess(TABLE.keep(sorted(LISTS)), families=FAMILIES).full().to_markdown()
    asked = ANSWER.full().to_markdown()
    assert answered(words, capsys) == expected
    assert answered([*words, "--lists", "prensa,familias"], capsys) == asked
    assert expected != asked  # the order of the lists was asked for


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_patterns(suffix, capsys):
    frame = pd.DataFrame({"patrón": ["10", "01", "11"], "n": [41, 33, 19]})
    if suffix == "csv":
        frame.to_csv("p.csv", index=False)
    else:
        frame["patrón"] = frame["patrón"].astype(int)  # a workbook takes the zero in front
        frame.to_excel("p.xlsx", index=False)
    words = [f"p.{suffix}", "--pattern", "patrón", "--count", "n", "--lists", "prensa,familias"]
    assert answered(words, capsys) == ANSWER.to_markdown()


@pytest.mark.parametrize(("words", "message"), FAULTS["layouts"])
def test_options_of_different_layouts_are_refused(words, message, capsys):
    Path("m.csv").write_text("f,p\n", encoding="utf-8")
    assert message in refused(["assess", "m.csv", *words], capsys)


@pytest.mark.parametrize(("file", "message"), FAULTS["unreadable files"])
def test_a_file_that_no_option_makes_readable_is_said_before_its_lists_are_asked_for(file, message, capsys):
    Path("empty.csv").touch()
    Path("bytes.csv").write_bytes(b"\xff\x00\xfe\x81\x8d")
    Path("folder").mkdir()
    assert message in refused(["assess", file], capsys)


@pytest.mark.parametrize(("yes", "no", "words"), TABLES["marks"])
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_marks_are_read_where_they_are_asked_for(yes, no, words, suffix, capsys):
    frame = persons(yes, no or None)
    file = f"p.{suffix}"
    if suffix == "csv":
        frame.to_csv(file, index=False)
    else:
        frame.to_excel(file, index=False)
    base = ["assess", file, "--lists", "prensa,familias", "--person", "cédula"]
    assert "The whole command" in refused(base, capsys)
    assert main([*base, *words, *QUICK, "--json", "-", "--disclosure", "full"]) == 0
    asked = capsys.readouterr().out
    assert '"n_observed": 93' in asked


class Piped:
    """Standard input as another program fills it."""

    def __init__(self, content):
        self.buffer = io.BytesIO(content)


@pytest.mark.parametrize("write", ["to_csv", "to_excel", "to_parquet"])
def test_standard_input(write, capsys, monkeypatch):
    stream = io.BytesIO()
    getattr(persons(), write)(stream, index=False)
    monkeypatch.setattr(sys, "stdin", Piped(stream.getvalue()))
    words = ["-", "--lists", "prensa,familias", "--person", "cédula"]
    assert answered(words, capsys) == ANSWER.to_markdown()


@pytest.mark.parametrize("named", [True, False])
def test_the_first_error_spells_out_the_command_that_works(named, capsys):
    """An Excel of x and blanks, saved as CSV by a Spanish Windows: cp1252, semicolons, a title row."""
    table = persons("x", "")
    table.columns = pd.Index(["cédula", "prensa", "ñandú, y otros"])
    lines = table.to_csv(index=False, sep=";", lineterminator="\r\n")
    content = f"Listado de detenidos, año 2025;;\r\n;;\r\n{lines}"
    Path("detenidos de enero.csv").write_bytes(content.encode("cp1252"))
    words = ["assess", "detenidos de enero.csv", "--person", "cédula", "--lang", "es", *QUICK]
    if named:
        words += ["--lists", 'prensa,"ñandú, y otros"']
    assert main(words) == 2
    error = capsys.readouterr().err  # below what was guessed and left out
    command = shlex.split(error.split("el archivo: ")[1])
    assert command[0] == "detcount"
    assert command[1 : 1 + len(words)] == words
    added = command[1 + len(words) :]
    assert set(added) >= {"--yes", "x", "--blank-is-0"}
    assert main(command[1:]) == 0
    out, _ = capsys.readouterr()
    assert "Al menos 75 personas" in out.replace("\u00a0", " ")


def page(*words, capsys):
    with pytest.raises(SystemExit, match=r"^0$"):
        main(words)
    return capsys.readouterr().out


@pytest.mark.parametrize("words", TABLES["help_in_the_language_that_is_asked_for"])
def test_help_in_the_language_that_is_asked_for(words, capsys):
    text = page(*words, capsys=capsys)
    assert text.startswith("uso: detcount")
    assert "opciones:\n  -h, --help" in text
    assert "muestra esta ayuda y termina" in text


@pytest.mark.parametrize("command", commands(build()))
def test_help_in_english_is_the_words_of_the_parser(command, capsys):
    text = " ".join(page(command, "--help", capsys=capsys).split())
    for action in commands(build())[command]._actions:
        shown = action.help not in (None, argparse.SUPPRESS)
        assert not shown or " ".join(action.help.split()) in text


@pytest.mark.parametrize(("variables", "lang"), TABLES["the_language_of_the_computer"])
def test_the_language_of_the_computer(variables, lang, monkeypatch):
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language_in(["assess"]) == lang
    assert language_in(["assess", "--lang", "es"]) == "es"
    assert language_in(["assess", "--lang", "es", "--lang=en"]) == "en"
    assert language_in(["assess", "--lang", "xx"]) == "en"


def test_the_computer_gives_the_language_of_faults_and_not_of_answers(monkeypatch, capsys):
    monkeypatch.setenv("LANGUAGE", "es")
    assert main(["assess"]) == 2
    assert "se esperaba un archivo" in capsys.readouterr().err
    words = ["assess", "--dataset", "kosovo", "--families", "chapman"]
    assert main(words) == 0
    english = capsys.readouterr().out
    assert main(["--lang", "es", *words]) == 0
    spanish = capsys.readouterr().out
    assert main([*words, "--lang", "es"]) == 0
    assert spanish == capsys.readouterr().out != english
    assert main(["--lang", "es", *words, "--lang", "en"]) == 0
    assert english == capsys.readouterr().out


def test_no_command_is_the_help(capsys):
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("usage: detcount")
    assert main(["--lang", "es"]) == 0
    assert capsys.readouterr().out.startswith("uso: detcount")


def test_commands_to_copy_stay_whole(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "60")
    lines = page("assess", "--help", capsys=capsys).splitlines()
    assert lines[-1] == "detcount assess people.csv --lists prensa,familias,ong --lang es --html informe.html"
    assert not any(line.endswith("-") for line in lines)


def test_every_group_and_option_of_the_table_is_taken():
    table = declared()
    takers = [*table["commands"].values(), *table["groups"].values()]
    taken = {name for taker in takers for name in taker["takes"]}
    assert taken == {*table["options"], *(f"+{name}" for name in table["groups"])}


@pytest.mark.parametrize(("encoding", "expected"), TABLES["encodings"])
def test_what_an_encoding_has_stays_and_the_rest_is_degraded(monkeypatch, encoding, expected):
    written = {}
    for name in ("stdout", "stderr"):
        written[name] = io.BytesIO()
        monkeypatch.setattr(sys, name, io.TextIOWrapper(written[name], encoding=encoding, errors="strict"))
    text = "★ N\u20130 de 3800 a 64\u00a0000 \u2014 ≥ 2\u2026 \u201cÑandú\u201d 人 Comite\u0301"
    with forgiving_streams():
        for stream in (sys.stdout, sys.stderr):
            stream.write(text)
            stream.flush()
    assert {name: content.getvalue().decode(encoding) for name, content in written.items()} == {
        "stdout": expected,
        "stderr": expected,
    }
    assert sys.stdout.errors == "strict"


@pytest.mark.parametrize("lang", ["en", "es"])
def test_what_reports_say_is_never_a_question_mark_instead(lang):
    for template in sorted(in_words()):
        said = template if lang == "en" else translation(template, lang)
        assert said
        assert degraded(said).isascii()
        assert degraded(said).count("?") == said.count("?") + said.count("¿")


def test_streams_of_other_kinds_are_left_alone(monkeypatch):
    taken = io.StringIO()
    monkeypatch.setattr(sys, "stdout", taken)
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["datasets"]) == 0
    assert "kosovo" in taken.getvalue()


HELP_LIMIT = 14  # times the processor time of a Python that does nothing; 9 was measured, and 19 with numpy
BASH = shutil.which("bash")
COMPLETE = """
COMP_WORDS=({words})
COMP_CWORD=$(({n} - 1))
_detcount
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def script(shell, capsys):
    assert main(["completion", shell]) == 0
    return capsys.readouterr().out


def completed(words, folder, text):
    program = text + COMPLETE.format(words=" ".join(f"'{word}'" for word in words), n=len(words))
    done = subprocess.run(
        [str(BASH), "--norc", "-c", program], capture_output=True, text=True, check=True, cwd=folder
    )
    assert done.stderr == ""
    return sorted(done.stdout.split("\n")[:-1])


@pytest.mark.skipif(BASH is None, reason="needs bash")
def test_bash_completes(tmp_path, capsys):
    (tmp_path / "lista de enero.csv").touch()
    (tmp_path / "listo.csv").touch()
    text = script("bash", capsys)

    for words, expected in TABLES["completed"]:
        assert completed(["detcount", *words], tmp_path, text) == expected, words
    assert completed(["detcount", ""], tmp_path, text) == sorted(
        ["--help", "--version", *declared()["commands"]]
    )
    assert set(datasets.names()) <= set(completed(["detcount", "datasets", ""], tmp_path, text))


@pytest.mark.parametrize("shell", SHELLS)
def test_every_option_is_completed(shell, capsys):
    text = script(shell, capsys)
    for command in ("assess", "coverage", "releases", "cite"):
        with pytest.raises(SystemExit, match=r"^0$"):
            main([command, "--help"])
        options = set(re.findall(r"(?m)^  (--[\w-]+)", capsys.readouterr().out))
        assert options
        for option in options:
            assert (f"-l {option[2:]} " if shell == "fish" else option) in text


@pytest.mark.parametrize("shell", SHELLS)
def test_shells_take_the_script(shell, tmp_path, capsys):
    if shutil.which(shell) is None:
        pytest.skip(f"needs {shell}")
    (tmp_path / "script").write_text(script(shell, capsys), encoding="utf-8")
    checked = ["--no-execute"] if shell == "fish" else ["-n"]
    subprocess.run([shell, *checked, str(tmp_path / "script")], check=True)


def processor_time(*words):
    """The least of three runs: whoever shares the machine makes some of them slower."""
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed library is compiled once
    seconds = []
    for _ in range(3):
        child = subprocess.Popen([sys.executable, *words], stdout=subprocess.DEVNULL, env=environment)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        assert child.returncode == 0
        seconds.append(used.ru_utime + used.ru_stime)
    return min(seconds)


@pytest.mark.skipif(os.name == "nt", reason="no os.wait4")
def test_the_help_comes_at_once():
    assert processor_time("-m", "detcount", "--help") < HELP_LIMIT * processor_time("-c", "pass")
