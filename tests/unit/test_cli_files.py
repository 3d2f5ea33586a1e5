"""The command and the files that people have: every layout, every mark, and what the first error tells."""

import io
import shlex
import sys
from pathlib import Path

import pandas as pd
import pytest

from detcount import CaptureTable, assess
from detcount.cli import main
from faults import FAULTS

LISTS = ["prensa", "familias"]
# asymmetric: no two lists or cells alike
TABLE = CaptureTable.from_counts({"10": 41, "01": 33, "11": 19}, lists=LISTS)
FAMILIES = ["chapman", "independence"]
QUICK = ["--families", ",".join(FAMILIES)]
ANSWER = assess(TABLE, families=FAMILIES)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def persons(yes=1, no=0):
    """A row a person, with marks of any kind."""
    frame = TABLE.to_frame()
    rows = frame.loc[frame.index.repeat(frame["count"]), LISTS].reset_index(drop=True)
    marked = rows.astype(object).replace({1: yes, 0: no})
    marked.insert(0, "cédula", [f"V-{row:05}" for row in range(len(marked))])
    return marked


def memberships():
    """A row for each person on each list."""
    return persons().melt("cédula", var_name="fuente").query("value == 1").drop(columns="value")


def answered(words, capsys):
    assert main(["assess", *words, *QUICK]) == 0, capsys.readouterr().err
    out, err = capsys.readouterr()
    assert err == ""
    return out


def refused(words, capsys):
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "V-0" not in err
    return err


def test_memberships(capsys):
    memberships().to_csv("m.csv", index=False)
    words = ["m.csv", "--person", "cédula", "--list", "fuente"]
    expected = assess(TABLE.keep(sorted(LISTS)), families=FAMILIES).to_markdown()
    assert answered(words, capsys) == expected
    assert answered([*words, "--lists", "prensa,familias"], capsys) == ANSWER.to_markdown()
    assert expected != ANSWER.to_markdown()  # the order of the lists was asked for


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


@pytest.mark.parametrize(
    ("yes", "no", "words"),
    [
        ("x", None, ["--yes", "x", "--blank-is-0"]),
        ("Sí", "no", ["--yes", "x,sí,1", "--no", "no"]),
        ("VERDADERO", "FALSO", ["--yes", "verdadero", "--no", "falso"]),
        (1, None, ["--blank-is-0"]),
    ],
)
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_marks_are_read_where_they_are_asked_for(yes, no, words, suffix, capsys):
    frame = persons(yes, no)
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


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet"])
def test_standard_input(suffix, capsys, monkeypatch):
    write = {
        "csv": lambda stream: persons().to_csv(stream, index=False),
        "xlsx": lambda stream: persons().to_excel(stream, index=False),
        "parquet": lambda stream: persons().to_parquet(stream, index=False),
    }
    stream = io.BytesIO()
    write[suffix](stream)
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
