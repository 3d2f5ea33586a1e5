"""Completion of the words of the command, run by the shells themselves, and how soon the help comes."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from detcount import datasets
from detcount.cli import main
from detcount.cli.completion import SHELLS
from detcount.cli.parser import declared

HELP_LIMIT = 0.3  # seconds of CPU; 0.06 was measured
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

    def after(*words):
        return completed(["detcount", *words], tmp_path, text)

    assert after("as") == ["assess"]
    assert after("") == sorted(["--help", "--version", *declared()["commands"]])
    assert after("assess", "--li") == ["--list", "--lists"]
    assert after("assess", "--disclosure", "") == ["full", "public"]
    assert after("assess", "--html", "lis") == ["lista de enero.csv", "listo.csv"]
    assert after("assess", "lis") == ["lista de enero.csv", "listo.csv"]
    assert after("assess", "--who", "") == [""]
    assert after("coverage", "--odds-ratio", "") == [""]
    assert after("releases", "--sto") == ["--stock"]
    assert after("cite", "--style", "b") == ["bibtex"]
    assert after("datasets", "koso") == ["kosovo"]
    assert after("assess", "--dataset", "koso") == ["kosovo"]
    assert after("assess", "--lang", "es-") == ["es-MX", "es-VE"]
    assert set(datasets.names()) <= set(after("datasets", ""))
    assert after("completion", "") == ["--help", "-h", "bash", "fish", "zsh"]


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


@pytest.mark.skipif(os.name == "nt", reason="no os.wait4")
def test_the_help_comes_at_once():
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed library is compiled once
    seconds = []
    for _ in range(3):
        child = subprocess.Popen(
            [sys.executable, "-m", "detcount", "--help"], stdout=subprocess.DEVNULL, env=environment
        )
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        assert child.returncode == 0
        seconds.append(used.ru_utime + used.ru_stime)
    assert min(seconds) < HELP_LIMIT
