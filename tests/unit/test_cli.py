"""The command line: what goes where, and which exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from detcount import CaptureTable, cite, datasets
from detcount.assessment import assess
from detcount.cli import main

SECRET = "Zutano Ñáñez"
LISTS = ["prensa", "familias", "ong"]
# asymmetric: no two lists or cells alike
TABLE = CaptureTable.from_counts(
    {"100": 41, "010": 33, "001": 25, "110": 19, "101": 14, "011": 11, "111": 7}, lists=LISTS
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def counts_file(folder: Path) -> str:
    TABLE.to_frame().to_csv(folder / "counts.csv", index=False)
    return "counts.csv"


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match=r"^0$"):
        main(["--version"])
    assert capsys.readouterr().out == f"detcount {metadata.version('detcount')}\n"


def test_assess_prints_markdown_and_nothing_else(
    counts_file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["assess", counts_file, "--lists", "prensa, familias,ong", "--count", "count"]) == 0
    out, err = capsys.readouterr()
    assert out == assess(TABLE).to_markdown()
    assert err == ""


def test_a_row_a_person_is_the_same_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frame = TABLE.to_frame()
    persons = frame.loc[frame.index.repeat(frame["count"]), LISTS]
    persons.insert(0, "nombre", SECRET)
    persons.to_excel(folder / "people.xlsx", index=False)
    assert main(["assess", "people.xlsx", "--lists", "prensa,familias,ong"]) == 0
    out, err = capsys.readouterr()
    assert out == assess(TABLE).to_markdown()
    assert SECRET not in out + err


def test_language_seed_and_report(counts_file: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--count", "count", "--lang", "es", "--seed", "3", "--html", "informe.html"]
    assert main(["assess", counts_file, "--lists", "prensa,familias,ong", *words]) == 0
    out, err = capsys.readouterr()
    expected = assess(TABLE, seed=3)
    assert out == expected.to_markdown(lang="es")
    assert out != expected.to_markdown(lang="en")
    assert err == "detcount: report written to informe.html\n"
    page = (folder / "informe.html").read_text(encoding="utf-8")
    assert 'lang="es"' in page


def test_dataset_and_some_of_its_lists(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", "--dataset", "kosovo", "--lists", "HRW,EXH"]) == 0
    out = capsys.readouterr().out
    assert out == assess(datasets.load("kosovo").keep(["HRW", "EXH"])).to_markdown()


def test_refusing_a_number_is_an_answer(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    apart = CaptureTable.from_counts({"100": 41, "010": 33, "001": 25}, lists=LISTS)
    assert assess(apart).verdict in {"floor only", "refuse"}
    apart.to_frame().to_csv(folder / "apart.csv", index=False)
    assert main(["assess", "apart.csv", "--lists", "prensa,familias,ong", "--count", "count"]) == 0
    assert "99" in capsys.readouterr().out


def test_list_name_with_a_comma(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ["prensa, radio", "familias", "ong"]
    CaptureTable(tuple(names), TABLE.histories, TABLE.counts).to_frame().to_csv("counts.csv", index=False)
    assert main(["assess", "counts.csv", "--lists", '"prensa, radio",familias,ong', "--count", "count"]) == 0
    assert "prensa, radio" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["assess"], "expected a file or --dataset, got neither"),
        (["assess", "absent.csv", "--lists", "a,b"], "No such file or directory"),
        (["assess", "absent.csv"], "expected --lists"),
        (["assess", "absent.doc", "--lists", "a,b"], "expected a file ending in .csv"),
        (["assess", "bad.csv", "--lists", "a,b"], "list 'b', data row 2 (line 3): expected 0 or 1, got text"),
        (["assess", "bad.csv", "--lists", "a,bb"], "list 'bb': the frame has no such column"),
        (["assess", "bad.csv", "--lists", "a"], "lists: expected 2 to 60, got 1"),
        (["assess", "bad.csv", "--lists", "a,b", "--html", "no/such/folder.html"], "does not exist"),
        (["assess", "--dataset", "kosov"], "Did you mean 'kosovo'?"),
        (["assess", "bad.csv", "--dataset", "kosovo"], "expected no file beside it"),
        (["assess", "--count", "n", "--dataset", "kosovo"], "expected no count beside it"),
        (["assess", "--dataset", "kosovo", "--lists", "EXH,OCSE"], "no list 'OCSE'"),
        (["assess", "--dataset", "venezuela_stock"], "got 'venezuela_stock', which holds published counts"),
        (["datasets", "nope"], "no data set 'nope'"),
    ],
)
def test_faults_are_one_line_and_exit_code_two(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    (folder / "bad.csv").write_text(f"a,b,n\n1,0,2\n1,{SECRET},3\n", encoding="utf-8")
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert err.startswith("detcount: ")
    assert err.count("\n") == 1
    assert SECRET not in err


@pytest.mark.parametrize("words", [[], ["assess", "--lang", "fr"], ["nothing"], ["assess", "--seed", "x"]])
def test_wrong_words_are_exit_code_two(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match=r"^2$"):
        main(words)
    assert "usage: detcount" in capsys.readouterr().err


def test_datasets_lists_every_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["datasets"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("|")[1].strip() for line in lines[2:]] == list(datasets.names())
    assert len({line.count("|") for line in lines}) == 1


def test_datasets_describes_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["datasets", "neworl"]) == 0
    out = capsys.readouterr().out
    record = datasets.describe("neworl")
    assert "185 persons on 8 lists: A 31," in out
    for part in (record.what, record.source, record.found_in, *record.caveats):
        assert part in out


def test_datasets_describes_published_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["datasets", "venezuela_stock"]) == 0
    out = capsys.readouterr().out
    assert "51 published counts by 6 sources: Foro Penal 36, " in out
    for caveat in datasets.describe("venezuela_stock").caveats:
        assert f"Mind: {caveat}" in out


@pytest.mark.parametrize("style", ["text", "bibtex", "cff"])
def test_cite(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cite", "--style", style]) == 0
    assert capsys.readouterr().out == cite(style) + "\n"  # type: ignore[arg-type]


def test_interruption_has_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(name: str) -> CaptureTable:
        raise KeyboardInterrupt

    monkeypatch.setattr(datasets, "load", interrupted)
    assert main(["assess", "--dataset", "kosovo"]) == 130
    assert capsys.readouterr() == ("", "")


def test_module_and_script_run_the_command() -> None:
    script = Path(sys.executable).with_name("detcount" + (".exe" if os.name == "nt" else ""))
    for command in ([sys.executable, "-m", "detcount"], [str(script)]):
        done = subprocess.run([*command, "cite"], capture_output=True, text=True, check=True)
        assert done.stdout == cite() + "\n"


@pytest.mark.skipif(os.name == "nt", reason="pipes of another kind")
def test_a_reader_that_stops_early_is_no_fault() -> None:
    command = f'"{sys.executable}" -m detcount datasets | true'
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stderr == ""
