"""The command ended from outside, or without room to write: the old file is whole, and nothing lies about."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import detcount

OLD = '{"made_by": "detcount", "old": 1}\n'
# the command, with what comes just before a whole file takes its name
RUN = """
import os, sys
from detcount.cli import main
whole = os.replace
def before(beside, path):
    {then}
    whole(beside, path)
os.replace = before
raise SystemExit(main(sys.argv[1:]))
"""
SIGNALS = ("SIGTERM", "SIGHUP")
WORDS = ["assess", "c.csv", "--lists", "a,b", "--count", "n", "--families", "chapman", "--json", "o.json"]


def heard():
    """Let the signals end a process that nohup has made deaf to them."""
    for name in SIGNALS:
        signal.signal(getattr(signal, name), signal.SIG_DFL)


def ended(folder, then):
    (folder / "c.csv").write_text("a,b,n\n1,0,41\n0,1,33\n1,1,19\n", encoding="utf-8")
    (folder / "o.json").write_text(OLD, encoding="utf-8")
    source = str(Path(detcount.__file__).parents[1])
    return subprocess.run(
        [sys.executable, "-c", RUN.format(then=then), *WORDS],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": source, "OMP_NUM_THREADS": "1"},
        preexec_fn=heard,
        capture_output=True,
        timeout=600,
        check=False,
    ).returncode


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
@pytest.mark.parametrize("name", [SIGNALS[0], pytest.param(SIGNALS[1], marks=pytest.mark.slow)])
def test_a_signal_leaves_the_old_file_and_no_other(name, tmp_path):
    code = ended(tmp_path, f"import signal; os.kill(os.getpid(), signal.{name})")
    assert code == -getattr(signal, name)
    assert (tmp_path / "o.json").read_text(encoding="utf-8") == OLD
    assert sorted(file.name for file in tmp_path.iterdir()) == ["c.csv", "o.json"]


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
def test_what_a_killed_command_leaves_nobody_else_can_read(tmp_path):
    assert ended(tmp_path, "import signal; os.kill(os.getpid(), signal.SIGKILL)") == -signal.SIGKILL
    assert (tmp_path / "o.json").read_text(encoding="utf-8") == OLD
    left = [file for file in tmp_path.iterdir() if file.name not in ("c.csv", "o.json")]
    assert [stat.S_IMODE(file.stat().st_mode) for file in left] == [0o600]
