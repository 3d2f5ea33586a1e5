"""Bad and odd inputs that people have, each through the command: an answer, or a refusal and its remedy.

The cases stand in `cases/*.toml`, the files that no text can hold in `makers.py`. A case says::

    [[case]]
    name = "a day to come"                   # what is odd
    command = ["stock", "rows.csv", "--person", "id", "--list", "source", "--entered", "arrest"]
    files = { "rows.csv" = "id,source,arrest\n..." }   # texts, by the name of the file
    make = { "far.xlsx" = "far_cell" }       # or how a maker of `makers.py` makes one
    answer = "refused"                       # or "answered", or "different" of a record
    says = ["which has not come"]            # what has to stand in what is printed
    never_says = ["Quintilipo"]              # what must not; no name of `NAMES` ever may
    writes = ["o.csv"]                       # files that it leaves; no other may be there, none changed
    replaces = ["o.csv"]                     # files that were there and may be other ones
    holds_names = ["review.xlsx"]            # files with names, which nobody else may read: mode 600
    clean = ["o.html"]                       # files of text without control characters
    not_in = { "o.csv" = [",=1"] }           # what must not stand in a file
    stdin = "a,b\n1,0\n"                     # what is piped in
    apart = true                             # in a process of its own, with 120 s of processor and 1 GB
    slow = true                              # with the simulations

Of every case it holds besides: nothing that was there is changed, nothing else is left behind, no control
character reaches the terminal, and no traceback.
"""

import io
import os
import re
import resource
import signal
import stat
import subprocess
import sys
import time
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

import detcount
from detcount.cli import main
from inputs import makers

FOLDER = Path(__file__).parent / "cases"
NAMES = ("zorbaxena", "quintilipo", "velquiroz", "wextrubal", "xaraguat", "87654321")
CODES = {"answered": 0, "different": 1, "refused": 2}
KEYS = {
    *("name", "command", "files", "make", "answer", "says", "never_says", "writes", "replaces"),
    *("holds_names", "clean", "not_in", "stdin", "apart", "slow"),
}
SECONDS, BYTES = 120, 1 << 30  # of processor time; what waits for nothing is ended after 600 s
ROOM = 6 << 30  # addresses, not memory: what is beyond is stopped before it takes the computer
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def cases():
    found = []
    for file in sorted(FOLDER.glob("*.toml")):
        for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]:
            assert set(case) <= KEYS, (case["name"], set(case) - KEYS)
            marks = [pytest.mark.slow] if case.get("slow") else []
            found.append(pytest.param(case, id=f"{file.stem}: {case['name']}", marks=marks))
    return found


def run_here(words, case, capsys, monkeypatch):
    if "stdin" in case:
        piped = io.TextIOWrapper(io.BytesIO(case["stdin"].encode()))
        monkeypatch.setattr(sys, "stdin", piped)
    try:
        code = main(words)
    except SystemExit as left:
        code = int(left.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def limited():
    """Hold the process that begins to its limits."""
    resource.setrlimit(resource.RLIMIT_AS, (ROOM, ROOM))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def run_apart(words, case, folder):
    """In a process of its own; its time and memory are held to the limits."""
    out, err = folder.parent / "stdout", folder.parent / "stderr"
    paths = [str(Path(detcount.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), "OMP_NUM_THREADS": "1"}
    with out.open("wb") as to_out, err.open("wb") as to_err:
        begun = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "detcount", *words],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE if "stdin" in case else subprocess.DEVNULL,
            stdout=to_out,
            stderr=to_err,
            preexec_fn=limited,
        )
        if process.stdin is not None:
            process.stdin.write(case["stdin"].encode())
            process.stdin.close()
        ended, status, used = 0, 0, None
        while not ended and time.monotonic() - begun < 5 * SECONDS:
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
            time.sleep(0.02)
        if not ended:
            process.kill()
            _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert ended, f"no end after {5 * SECONDS} s"
    assert -process.returncode != signal.SIGXCPU, f"no end after {SECONDS} s of processor time"
    assert used.ru_maxrss << 10 <= BYTES, f"{used.ru_maxrss >> 10} MB"
    return process.returncode, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")


def held(folder):
    """Every regular file of a folder with its bytes; of what is none of these, that it is there."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if stat.S_ISREG(path.lstat().st_mode) else None
        for path in sorted(folder.rglob("*"))
        if not path.is_dir() or path.is_symlink()
    }


@pytest.mark.parametrize("case", cases())
def test_bad_and_odd_inputs(case, tmp_path, capsys, monkeypatch):
    folder = tmp_path / "here"
    folder.mkdir()
    for name, content in case.get("files", {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode())
        (folder / name).chmod(0o600)  # as a secret has to be
    for name, maker in case.get("make", {}).items():
        getattr(makers, maker)(folder / name)
    before = held(folder)
    monkeypatch.chdir(folder)
    words = [word.replace("{folder}", str(folder)) for word in case["command"]]
    if case.get("apart"):
        code, out, err = run_apart(words, case, folder)
    else:
        code, out, err = run_here(words, case, capsys, monkeypatch)
    told = f"{out}\n{err}"
    assert "Traceback" not in told
    assert code == CODES[case["answer"]], told
    if case["answer"] == "refused":
        assert "detcount: " in err
    assert not CONTROLS.search(told), repr(told)
    said = " ".join(told.split())
    for words_said in case.get("says", ()):
        assert words_said in said, said
    for never in (*NAMES, *case.get("never_says", ())):
        assert never.casefold() not in told.casefold(), never
    after = held(folder)
    for name in case.get("clean", ()):
        assert not CONTROLS.search((folder / name).read_text(encoding="utf-8")), name
    for name, absent in case.get("not_in", {}).items():
        assert not [text for text in absent if text in (folder / name).read_text(encoding="utf-8")]
    new = set(after) - set(before)
    written = case.get("writes", ())
    assert not [name for name in new if not any(fnmatch(name, each) for each in written)]
    assert not [each for each in written if not any(fnmatch(name, each) for name in after)]
    kept = set(before) - set(case.get("replaces", ()))
    assert {name for name in kept if after.get(name) != before[name]} == set()
    for name in new | set(case.get("replaces", ())):
        if name in case.get("holds_names", ()):
            assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
        else:
            assert not any(n.encode() in (after[name] or b"").lower() for n in NAMES), name
