"""The command line: what goes where, and which exit code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from detcount import CaptureTable, cite, datasets
from detcount.assessment import assess
from detcount.cli import main
from detcount.privacy import keyed_digest, new_digest_key
from faults import FAULTS

SECRET = "Zutano Ñáñez"
LISTS = ["prensa", "familias"]
# asymmetric: no two lists or cells alike
TABLE = CaptureTable.from_counts({"10": 41, "01": 33, "11": 19}, lists=LISTS)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_refusing_a_number_is_an_answer(folder, capsys):
    apart = CaptureTable.from_counts({"10": 81, "01": 73}, lists=LISTS)
    assert assess(apart).verdict in {"floor only", "refuse"}
    apart.to_frame().to_csv(folder / "apart.csv", index=False)
    assert main(["assess", "apart.csv", "--lists", "prensa,familias", "--count", "count"]) == 0
    assert "At least 150 people" in capsys.readouterr().out


def test_list_name_with_a_comma_or_a_line_break(folder, capsys):
    names = ["prensa, radio", "fami\nlias"]
    CaptureTable(tuple(names), TABLE.histories, TABLE.counts).to_frame().to_csv("counts.csv", index=False)
    assert main(["assess", "counts.csv", "--lists", '"prensa, radio","fami\nlias"', "--count", "count"]) == 0
    assert "prensa, radio" in capsys.readouterr().out


@pytest.mark.parametrize(("words", "message"), FAULTS["faults"])
def test_faults_are_one_line_and_exit_code_two(folder, capsys, words, message):
    (folder / "bad.csv").write_text(f"a,b,n\n1,0,2\n1,{SECRET},3\n", encoding="utf-8")
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert err.startswith("detcount: ")
    assert err.count("\n") == 1
    assert SECRET not in err


@pytest.mark.parametrize(("words", "message"), FAULTS["wrong words"])
def test_wrong_words_are_one_line_and_exit_code_two(words, message, capsys):
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("detcount: ")
    assert message in err
    assert err.count("\n") == 1


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


def test_counts_that_no_option_names_are_refused(folder, capsys):
    TABLE.to_frame().rename(columns={"count": "personas"}).to_csv(folder / "counts.csv", index=False)
    words = ["assess", "counts.csv", "--lists", ",".join(LISTS)]
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "column 'personas' holds whole numbers" in err
    assert "count='personas'; on the command line, --count" in err
    assert main([*words, "--dataset", "kosovo", "--person", "x"]) == 2
    assert "expected no file beside it" in capsys.readouterr().err


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
    key = new_digest_key()
    secret = tmp_path / "key.txt"
    secret.write_text(key + "\n", encoding="utf-8")
    assert main([*words, "--digest-key-file", str(secret)]) == 0
    table = CaptureTable.from_counts({"10": 40, "01": 30, "11": 3}, lists=["press", "court"])
    assert keyed_digest(table, key) in capsys.readouterr().out
    secret.write_text("secret", encoding="utf-8")
    assert main([*words, "--digest-key-file", str(secret)]) == 2
    assert "digest_key: expected at least 32 characters, got 6" in capsys.readouterr().err


def test_what_is_at_fault_is_no_answer_where_standard_error_is_closed(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["cite", "nix"]) == 2
    assert main(["assess", "gone.csv", "--lists", "a,b"]) == 2
    assert capsys.readouterr().out == ""
